"""The command ``texts``: what it reads of the store, on the screen and as JSON."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main

DAY = dt.date(2025, 3, 1)
AT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


def post(number, account, text, **more):
    return {"platform": "x", "post_id": str(number), "account_id": account, "text": text,
            "published_on": DAY, "collected_at": AT, **more}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("texts") / "store"
    own = [
        post(n, "gemeente", f"Wij bouwen een brug over de rivier met Fatima. Nummer {'ab' * n}!")
        for n in range(1, 7)
    ]
    others = [
        post(20, "jan", "Ik zeg dat dit een geheim is"),
        post(21, "buur", "Dit is een stil geheim van een ander"),
        post(22, "onbekend", "Dit is ook een geheim van ons"),
        post(23, "noor", "Dit is een reactie en dus een geheim", is_reply=True),
        post(24, "gemeente", "Dit is een geheim van een ander", is_repost=True),
        post(25, "noor", "Ik ben er trots op dat dit mag", is_reply=False),
    ]
    account = {"platform": "x", "collected_at": AT}
    agreed = {"opted_in_on": DAY, "role": "ambassador"}
    Store.create(path).state({
        "posts": own + others,
        "accounts": [
            {**account, "account_id": "gemeente", "role": "own"},
            {**account, "account_id": "buur", "role": "peer"},
            {**account, "account_id": "jan", "person": "Fatima Yilmaz", **agreed},
            {**account, "account_id": "noor", "is_name_permitted": True, **agreed},
        ],
        "search_terms": [
            {"source": "site", "term": "brug dicht", "first_day": DAY, "last_day": DAY,
             "searches": 30, "collected_at": AT},
        ],
    }, "test")  # fmt: skip
    return path


@pytest.fixture
def run(folder, monkeypatch):
    def call(*args, language="en"):
        monkeypatch.setenv("BEREIK_LANGUAGE", language)
        return CliRunner().invoke(main, ["--store", str(folder), "texts", "report", *args])

    return call


def test_what_may_be_read_and_nothing_else(run):
    result = run("--by", "account", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {one["group"]: one["texts"] for one in found["groups"]} == {"gemeente": 6, "noor": 1}
    assert found["left_out"] == 4  # a repost is not even counted
    assert found["whole"]["languages"] == {"nl": 7, "en": 0, "unknown": 0}
    assert "geheim" not in result.stdout
    assert "fatima" not in result.stdout.lower()
    assert [(one["word"], one["searches"], one["texts"]) for one in found["searched"]] == [
        ("brug", 30, 6), ("dicht", 30, 0),
    ]  # fmt: skip


def test_on_the_screen(run):
    result = run()
    assert result.exit_code == 0, result.output
    assert "calls to act" in result.stdout
    assert "Dutch: too few texts to look for topics." in result.stdout
    assert "Posts that may not be read: 4." in result.stderr
    dutch = run(language="nl")
    assert "Nederlands: te weinig teksten om onderwerpen te zoeken." in dutch.stdout


def test_an_empty_store_has_no_texts(tmp_path, monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "en")
    Store.create(tmp_path / "store")
    result = CliRunner().invoke(main, ["--store", str(tmp_path / "store"), "texts", "report"])
    assert result.exit_code == 0, result.output
    assert "There are no texts to read yet." in result.stderr
