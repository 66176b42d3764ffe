"""What the official description of the X API says of the calls used here: ``facts.json``.

Only facts are kept: names of parameters, allowed values, bounds, patterns, ways to sign in. Made
anew from the description, which is not part of this repository::

    python -m tests.x_api.facts path/to/openapi.json

The API answers to two generations of names: the description's (``post.fields``, ``note_post``) and
the one before it (``tweet.fields``, ``note_tweet``), which tweepy sends. `OLDER` maps one to the
other; what the older generation had besides stands in `ONCE`.
"""

import json
import re
import sys
from datetime import datetime
from functools import cache
from pathlib import Path

FACTS = Path(__file__).with_name("facts.json")
PATHS = (
    "/2/tweets",
    "/2/tweets/analytics",
    "/2/tweets/search/recent",
    "/2/tweets/{id}",
    "/2/tweets/{id}/retweeted_by",
    "/2/users",
    "/2/users/by",
    "/2/users/by/username/{username}",
    "/2/users/me",
    "/2/users/{id}",
    "/2/users/{id}/mentions",
    "/2/users/{id}/tweets",
)
KEPT = ("type", "format", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength")
KEPT_OF_LISTS = ("minItems", "maxItems", "uniqueItems")

OLDER = {
    "post.fields": "tweet.fields",
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "pinned_post_id": "pinned_tweet_id",
    "most_recent_post_id": "most_recent_tweet_id",
    "repost_count": "retweet_count",
    "post_count": "tweet_count",
    "posts": "tweets",
}
ONCE = {
    "tweet.fields": (
        "author_id",
        "in_reply_to_user_id",
        "referenced_tweets",
        "edit_history_tweet_ids",
    ),
    "expansions": (
        "referenced_tweets.id",
        "referenced_tweets.id.author_id",
        "edit_history_tweet_ids",
        "pinned_tweet_id",
        "most_recent_tweet_id",
    ),
    "user.fields": ("pinned_tweet_id", "most_recent_tweet_id"),
}


def distil(description):
    """The facts of `PATHS` in a description."""

    def followed(schema):
        while "$ref" in schema:
            part = description
            for step in schema["$ref"].removeprefix("#/").split("/"):
                part = part[step]
            schema = part
        return schema

    def parameter(one):
        schema = followed(one["schema"])
        fact = {"in": one["in"], "required": one.get("required", False)}
        if schema["type"] == "array":
            fact |= {"list": True} | {key: schema[key] for key in KEPT_OF_LISTS if key in schema}
            schema = followed(schema["items"])
        return fact | {key: schema[key] for key in KEPT if key in schema}

    endpoints = {}
    shared = {}
    for path in PATHS:
        call = description["paths"][path]["get"]
        parameters = {}
        for one in call["parameters"]:
            found = followed(one)
            if "$ref" in one:
                name = one["$ref"].rsplit("/", 1)[1]
                shared[name] = parameter(found)
                parameters[found["name"]] = name
            else:
                parameters[found["name"]] = parameter(found)
        schema = call["responses"]["200"]["content"]["application/json"]["schema"]
        endpoints[path] = {
            "auth": [name for way in call["security"] for name in way],
            "answer": schema["$ref"].rsplit("/", 1)[1],
            "parameters": parameters,
        }
    return {
        "version": description["info"]["version"],
        "parameters": shared,
        "endpoints": endpoints,
    }


@cache
def facts():
    """The facts as they are kept."""
    return json.loads(FACTS.read_text())


@cache
def endpoints():
    """For each path its pattern, ways to sign in and parameters, of both generations."""
    kept = facts()
    found = {}
    for path, call in kept["endpoints"].items():
        parameters = {
            name: kept["parameters"][fact] if isinstance(fact, str) else fact
            for name, fact in call["parameters"].items()
        }
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        found[path] = (pattern, call["auth"], _both(parameters))
    return found


def _both(parameters):
    every = {}
    for name, fact in parameters.items():
        if name.endswith(".fields") or name == "expansions":
            older = OLDER.get(name, name)
            values = {OLDER.get(value, value) for value in fact["enum"]} | {*ONCE.get(older, ())}
            if older == name:
                values |= set(fact["enum"])
            every[older] = fact | {"enum": sorted(values)}
        every.setdefault(name, fact)
    return every


def of(path):
    """The template of a path, the values in it and the facts; None where there is no such call."""
    exact = [template for template in PATHS if "{" not in template]
    for template in (*exact, *(one for one in PATHS if "{" in one)):
        pattern, auth, parameters = endpoints()[template]
        if match := pattern.fullmatch(path):
            return template, match.groupdict(), auth, parameters
    return None


def problems(given, parameters):
    """What is wrong with the parameters of a request, as the API says it: name, values, sentence."""
    for name, values in given.items():
        if name not in parameters:
            known = ",".join(sorted(parameters))
            yield name, values, f"The query parameter [{name}] is not one of [{known}]"
            continue
        fact = parameters[name]
        if len(values) > 1:
            yield name, values, f"The `{name}` query parameter can not be given more than once"
        parts = values[0].split(",") if fact.get("list") else values
        if fact.get("list") and not fact.get("minItems", 0) <= len(parts) <= fact.get(
            "maxItems", len(parts)
        ):
            size = f"The number of values in the `{name}` query parameter list [{len(parts)}]"
            yield name, values, f"{size} is not between {fact['minItems']} and {fact['maxItems']}"
        if fact.get("uniqueItems") and len({*parts}) < len(parts):
            yield name, values, f"The `{name}` query parameter has a value more than once"
        for part in parts:
            if reason := _wrong(part, fact):
                yield name, [part], f"The `{name}` query parameter value [{part}] {reason}"
    for name, fact in parameters.items():
        if fact["required"] and name not in given:
            yield name, [], f"The `{name}` query parameter can not be empty"


def _wrong(value, fact):
    if "enum" in fact and value not in fact["enum"]:
        return f"is not one of [{','.join(fact['enum'])}]"
    if "pattern" in fact and not re.search(fact["pattern"], value):
        return f"does not match {fact['pattern']}"
    if fact.get("type") == "integer":
        low, high = fact["minimum"], fact["maximum"]
        if not value.isdecimal() or not low <= int(value) <= high:
            return f"is not between {low} and {high}"
    if fact.get("format") == "date-time":
        try:
            if datetime.fromisoformat(value).tzinfo is None:
                raise ValueError
        except ValueError:
            return "is not a valid date-time: yyyy-MM-dd'T'HH:mm:ssZ"
    if not fact.get("minLength", 0) <= len(value) <= fact.get("maxLength", len(value)):
        return f"has a length outside {fact.get('minLength', 0)} and {fact.get('maxLength')}"
    return None


if __name__ == "__main__":
    text = json.dumps(distil(json.loads(Path(sys.argv[1]).read_text())), separators=(",", ":"))
    FACTS.write_text(
        text.replace('"/2/', '\n"/2/').replace('Parameter":{', 'Parameter":\n{') + "\n"
    )
