"""The facts and the answers of the local server against the official description, where it is."""

import json
import os
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from tests.x_api.answers import Api, Reader
from tests.x_api.facts import PATHS, distil, endpoints, facts
from tests.x_api.render import PRIVATE
from tests.x_api.world import BEGIN, world

REAL = Path(
    os.environ.get("BEREIK_REAL_EXPORTS")
    or Path(__file__).resolve().parents[2] / "../shared/realdata"
)
DESCRIPTION = REAL / "x-api-v2/openapi/openapi.json"
LATER = BEGIN + timedelta(days=20)


@pytest.fixture(scope="module")
def description():
    if not DESCRIPTION.exists():
        pytest.skip("the official description of the X API is not here")
    return json.loads(DESCRIPTION.read_text())


def test_the_facts_are_those_of_the_description(description):
    assert distil(description) == facts()


def strict(schema):
    """The description's schema as JSON Schema: null where it says so, and no name it lacks."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(part) for name, part in schema.items() if name != "discriminator"}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made["additionalProperties"] = False
    is_nullable = made.pop("nullable", False) is True
    return {"oneOf": [made, {"type": "null"}]} if is_nullable else made


@pytest.fixture(scope="module")
def valid(description):
    components = {"schemas": strict(description["components"]["schemas"])}

    def check(body, name):
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        jsonschema.Draft7Validator(schema).validate(body)

    return check


def questions(of):
    """Requests of every call, with everything that may be asked for."""
    own = of.by_name["gemeente_dam"]
    ids = ",".join(post.id for post in of.posts[:60])
    reposted = next(one.id for one in of.posts if of.reposts[one.id])
    times = {"start_time": "2026-03-02T00:00:00Z", "end_time": "2026-03-20T00:00:00Z"}
    values = {
        "/2/tweets": {"ids": f"{ids},12345"},
        "/2/tweets/analytics": {"ids": ids, **times, "granularity": "daily"},
        "/2/tweets/search/recent": {"query": "gemeente OR #SamenGroen OR @gemeente_dam"},
        "/2/tweets/{id}": {"id": of.posts[0].id},
        "/2/tweets/{id}/retweeted_by": {"id": reposted, "max_results": "1"},
        "/2/users": {"ids": ",".join(of.accounts)},
        "/2/users/by": {"usernames": ",".join([*of.by_name, "nobody"])},
        "/2/users/by/username/{username}": {"username": "anna_werkt"},
        "/2/users/me": {},
        "/2/users/{id}": {"id": own.id},
        "/2/users/{id}/mentions": {"id": own.id},
        "/2/users/{id}/tweets": {"id": own.id, "max_results": "20"},
    }
    for path in PATHS:
        every = {
            name: [",".join(fact["enum"])]
            for name, fact in endpoints()[path][2].items()
            if name in ("expansions", "post.fields", "user.fields", "media.fields")
        }
        if "expansions" in every:
            names = facts()["parameters"]
            kind = facts()["endpoints"][path]["parameters"]["expansions"]
            every["expansions"] = [",".join(names[kind]["enum"])]
        yield path, values[path], every


@pytest.mark.parametrize("way", ["BearerToken", "UserToken"])
def test_every_answer_is_one_of_the_description(valid, way):
    of = world(seed=3)
    api = Api(of, dialect="post")
    reader = Reader((way,), of.by_name["gemeente_dam"] if way == "UserToken" else None)
    answered = set()
    for path, values, every in questions(of):
        if way not in facts()["endpoints"][path]["auth"]:
            continue
        if private := every.get("post.fields"):
            kept = [name for name in private[0].split(",") if name not in PRIVATE]
            without = every | {"post.fields": [",".join(kept)]}
        else:
            without = every
        for asked in ({}, every, without):
            filled = path.format(**values) if "{" in path else path
            given = {name: [value] for name, value in values.items() if f"{{{name}}}" not in path}
            status, body = api.answer(filled, given | asked, reader, LATER)
            assert status == 200, body
            valid(body, facts()["endpoints"][path]["answer"])
            answered.update(body)
    assert answered >= {"data", "includes", "meta", "errors"}


def test_a_refusal_is_a_problem_of_the_description(valid):
    api = Api(world(seed=3), dialect="post")
    status, body = api.answer("/2/tweets", {}, Reader(("BearerToken",)), LATER)
    assert status == 400
    with pytest.raises(jsonschema.ValidationError, match="not valid"):
        valid(body, "Problem")  # the description leaves out the list that says which parameter
    body.pop("errors")
    valid(body, "Problem")
