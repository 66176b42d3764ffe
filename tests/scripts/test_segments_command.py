"""The command ``segments``: groups are named, reported and taken out; what is hostile stays text."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main

LAST = dt.date(2025, 3, 31)
AT = dt.datetime(2025, 4, 1, tzinfo=dt.UTC)
HOSTILE = "=1+1 <script>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("segments") / "store"
    about = {"platform": "linkedin", "account_id": "pagina", "collected_at": AT}
    made_up = {**about, "dimension": "function", "first_day": LAST, "last_day": LAST}
    Store.create(path).state({
        "accounts": [{**about, "role": "own"}],
        "audience_shares": [
            {**made_up, "value": name, "people": many}
            for name, many in (("Engineering", 300), ("Arts", 3), ("Sales", 2), ("Legal", 695))
        ],
        "account_days": [{**about, "day": LAST, "delivery": "total", "impressions": 1000}],
    }, "test")  # fmt: skip
    return path


@pytest.fixture
def bereik(folder, monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "en")

    def run(*args, code=0):
        given = ["--store", str(folder), "segments", *args]
        result = CliRunner().invoke(main, given, prog_name="bereik")
        assert result.exit_code == code, result.output
        return result

    return run


def test_a_group_lives_from_add_to_remove(bereik):
    assert "no target groups yet" in bereik("list").stderr
    bereik("add", "Techniek", "--where", "function:Engineering", "--share", "20%",
           "--source", "CBS 2024")  # fmt: skip
    bereik("add", "Kunst", "--where", "function:Arts", "--description", HOSTILE)
    listed = json.loads(bereik("list", "--json").stdout)["segments"]
    assert [(one["name"], one["population_share"]) for one in listed] == [
        ("Kunst", None), ("Techniek", 0.2),
    ]  # fmt: skip

    shown = bereik("report")
    assert "over-reached" in shown.stdout
    assert "too few" in shown.stdout
    assert "an estimate" in shown.stderr
    made = json.loads(bereik("report", "Techniek", "--json").stdout)
    [one] = made["groups"]
    [cell] = one["channels"]
    assert (cell["people"], cell["share"], cell["impressions"]) == (300, 0.3, 300)
    assert cell["index"] == pytest.approx(1.5)

    bereik("add", "Kok", "--where", "function:Chef")
    assert "Nothing is known of: Kok." in bereik("report").stdout
    bereik("remove", "Kok")
    assert "Techniek" in bereik("remove", "techniek").stderr
    assert "Techniek" not in bereik("list").stdout
    bereik("remove", "Kunst")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("add", "A", "--where", "colour:red"), 2, "KIND:VALUE"),
        (("add", "A", "--where", "function"), 2, "KIND:VALUE"),
        (("add", "A"), 2, "--where"),
        (("add", "A", "--where", "function:x", "--share", "lots"), 2, "no share"),
        (("add", "A", "--where", "function:x", "--share", "5%"), 1, "source"),
        (("remove", "Nobody"), 1, "no target group"),
        (("report", "Nobody"), 1, "no target group"),
        (("find", "--of", "persons"), 1, "switched on"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(bereik, args, code, said):
    assert said in bereik(*args, code=code).stderr


def test_looking_for_groups_says_when_there_is_too_little(bereik):
    assert "it takes 100" in bereik("find").stdout
    answer = json.loads(bereik("find", "--of", "partners", "--json").stdout)
    assert answer["groups"] == []
    assert answer["reason"]


def test_dutch_is_spoken(bereik, monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "nl")
    assert "doelgroepen" in bereik("list").stderr.lower()
