"""``bereik accounts``: what is stated of accounts, and what is refused."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main


@pytest.fixture
def run(tmp_path):
    def command(*args, code=0):
        path = str(tmp_path / "store")
        result = CliRunner().invoke(main, ["--store", path, "accounts", *args])
        assert result.exit_code == code, result.output
        return result

    return command


def listed(run, *args):
    return json.loads(run("list", "--json", *args).stdout)["accounts"]


def test_what_is_not_given_stays_as_it_was(run):
    run("add", "x", "@Gemeente", "--name", "Gemeente X", "--ad-account", "1", "--ad-account", "2")
    run("add", "x", "gemeente", "--sector", "municipality")
    (row,) = listed(run)
    assert row == {
        "platform": "x", "account_id": "gemeente", "name": "Gemeente X", "role": "own",
        "sector": "municipality", "ad_accounts": "1;2", "team": None, "person": None, "opted_in_on": None,
        "withdrawn_on": None, "is_name_permitted": None,
    }  # fmt: skip
    assert "Gemeente X" in run("list").stdout


def test_an_ambassador_is_registered_with_consent_only(run):
    refused = run("add", "x", "collega", "--role", "ambassador", code=1)
    assert "the day of agreeing: --opted-in" in refused.stderr
    run("add", "x", "collega", "--role", "ambassador", "--team", "pers", "--opted-in", "2025-06-01")
    run("add", "x", "collega", "--name-not-permitted")
    (row,) = listed(run, "--role", "ambassador")
    assert (row["opted_in_on"], row["withdrawn_on"]) == ("2025-06-01", None)
    assert row["is_name_permitted"] is False
    assert listed(run, "--role", "peer") == []


def test_a_withdrawal_destroys_at_once_and_keeps_the_colleague_out(run, tmp_path):
    run("add", "x", "collega", "--role", "ambassador", "--opted-in", "2025-06-01")
    store = Store.open(tmp_path / "store")
    post = {"platform": "x", "post_id": "1", "account_id": "collega",
            "published_on": dt.date(2025, 6, 2)}  # fmt: skip
    store.state({"posts": [post]}, "a post")
    run("add", "x", "collega", "--withdrawn", "2025-07-01", code=1)  # nobody said yes
    assert len(listed(run)) == 1
    done = run("add", "x", "collega", "--withdrawn", "2025-07-01", "--yes")
    assert "Taken out: " in done.stderr
    assert listed(run) == []
    assert store.read(lambda s: s.rows("SELECT * FROM posts_log")) == []
    run("add", "x", "collega", "--role", "ambassador", "--opted-in", "2025-06-01", code=1)


def test_a_withdrawal_before_the_day_of_agreeing_anew_destroys_nothing(run):
    run("add", "x", "collega", "--role", "ambassador", "--opted-in", "2025-06-01")
    run("add", "x", "collega", "--withdrawn", "2024-07-01", "--yes")
    assert [row["withdrawn_on"] for row in listed(run)] == ["2024-07-01"]


def test_an_account_is_taken_out_and_comes_back(run):
    run("add", "linkedin", "pagina", "--role", "partner")
    run("remove", "linkedin", "Pagina")
    assert listed(run) == []
    assert (
        "There is no account 'linkedin:pagina'"
        in run("remove", "linkedin", "pagina", code=1).stderr
    )
    run("add", "linkedin", "pagina")
    assert [row["account_id"] for row in listed(run)] == ["pagina"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["add", "myspace", "a"], 2),
        (["add", "x", "a", "--role", "boss"], 2),
        (["add", "x", "a", "--ad-account", "1;2"], 2),
        (["add", "x", " @ "], 1),
        (["add", "x", "a\x07"], 1),
    ],
)
def test_a_mistake_ends_without_a_traceback(run, args, code):
    result = run(*args, code=code)
    assert "Traceback" not in result.output
    assert "did not foresee" not in result.output
