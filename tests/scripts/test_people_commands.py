"""The commands about people: `ambassadors`, `erase` and `privacy`."""

import json

import pytest
from click.testing import CliRunner

from scripts import main


@pytest.fixture
def run(tmp_path):
    def command(*args, code=0):
        result = CliRunner().invoke(main, ["--store", str(tmp_path / "store"), *args])
        assert result.exit_code == code, result.output
        return result

    return command


def listed(run):
    return json.loads(run("ambassadors", "list", "--json").stdout)["ambassadors"]


@pytest.fixture
def taking_part(run):
    run("ambassadors", "add", "x", "@Sanne_DV", "--opted-in", "2025-06-01",
        "--person", "Sanne de Vries", "--team", "pers")  # fmt: skip
    run("ambassadors", "opt-in", "linkedin", "piet-pieters", "--day", "2025-06-02")
    return run


def test_colleagues_are_registered_with_the_day_of_agreeing(taking_part):
    run = taking_part
    assert [(row["account_id"], row["team"], row["opted_in_on"]) for row in listed(run)] == [
        ("piet-pieters", None, "2025-06-02"), ("sanne_dv", "pers", "2025-06-01")]  # fmt: skip
    run("ambassadors", "add", "x", "iemand", code=2)
    assert "Sanne de Vries" in run("ambassadors", "list").stdout


def test_a_list_is_read_without_those_who_did_not_agree(run, tmp_path):
    file = tmp_path / "ambassadors.csv"
    file.write_text("platform,account,person,opted in on\nx,a,A,2025-06-01\nx,b,B,\n", "utf-8")
    run("ambassadors", "import", str(file))
    assert [row["account_id"] for row in listed(run)] == ["a"]


def test_naming_needs_a_permission_that_can_be_taken_back(taking_part):
    run = taking_part
    run("ambassadors", "permit", "Sanne de Vries")
    assert [row["is_name_permitted"] for row in listed(run)] == [None, True]
    run("ambassadors", "permit", "sanne_dv", "--no")
    assert [row["is_name_permitted"] for row in listed(run)] == [None, False]
    run("ambassadors", "permit", "niemand", code=1)


def test_withdrawing_takes_a_colleague_out(taking_part):
    run = taking_part
    run("ambassadors", "withdraw", "sanne_dv", code=1)  # nobody said yes
    assert len(listed(run)) == 2
    run("ambassadors", "withdraw", "sanne_dv", "--yes")
    assert [row["account_id"] for row in listed(run)] == ["piet-pieters"]
    assert "--again" in run("ambassadors", "opt-in", "x", "sanne_dv", code=1).stderr
    assert "--again" in run("accounts", "add", "x", "sanne_dv", code=1).stderr
    run("ambassadors", "opt-in", "x", "sanne_dv", "--again")
    assert len(listed(run)) == 2


def test_erasing_asks_and_then_destroys(taking_part):
    run = taking_part
    asked = run("erase", "Sanne de Vries", code=1)
    assert "sanne_dv (x)" in asked.stderr
    done = json.loads(run("erase", "Sanne de Vries", "--yes", "--json").stdout)
    assert done["rows"]["accounts"] == 1
    assert done["held"] == 0
    assert json.loads(run("privacy", "access", "Sanne de Vries").stdout)["held"] == {}


def test_the_record_of_processing_is_a_text_and_data(taking_part):
    run = taking_part
    text = run("privacy", "report").stdout
    assert text.startswith("# Record of processing")
    assert "| 90 days |" in text
    held = json.loads(run("privacy", "report", "--json").stdout)["held"]
    assert {one["kind"]: one["records"] for one in held}["ambassadors"] == 2


def test_retention_is_shown_and_applied(taking_part):
    run = taking_part
    shown = json.loads(run("privacy", "retention", "--json", "--keep", "authors=7").stdout)
    assert shown["is_applied"] is False
    assert shown["kinds"]["authors"] == {"days": 7, "rows": {}}
    assert "destroyed" in run("privacy", "retention", "--apply").stderr
    run("privacy", "retention", "--keep", "authors=many", code=2)
    run("privacy", "retention", "--keep", "nothing=1", code=2)


def test_the_key_is_told_but_never_shown(taking_part, monkeypatch):
    run = taking_part
    assert "no key yet" in run("privacy", "key").stderr
    run("erase", "sanne_dv", "--yes")
    told = run("privacy", "key")
    assert told.stdout == "BEREIK_KEY\n"
    assert "of no use elsewhere" not in told.output
    monkeypatch.setenv("BEREIK_KEY", "another key for tests, of no use elsewhere")
    run("privacy", "key", code=1)
    run("privacy", "key", "--replace", "--yes")
    run("privacy", "key")


def test_reading_makes_no_store(run, tmp_path):
    for args in (["privacy", "report"], ["privacy", "access", "a"], ["erase", "a", "--yes"],
                 ["ambassadors", "list"]):  # fmt: skip
        run(*args, code=1)
    assert not (tmp_path / "store").exists()
