"""`bereik import`: options, exit codes and reports; what is read is tested with the core."""

import json

import pytest
from click.testing import CliRunner, Result

from scripts import main

HEADER = (
    "Post id,Date,Post text,Link,Impressions,Likes,Engagements,Bookmarks,Share,New follows,"
    "Replies,Reposts,Profile visits,Detail expands,Url clicks,Hashtag clicks,Permalink clicks"
)
POST = (
    "1891234567890123456,Mon Feb 17 2025,Goed nieuws,"
    "https://x.com/voorbeeld/status/1891234567890123456,1200,4,9,0,0,0,1,2,1,1,0,0,0"
)
GHOST = ",,,https://x.com/voorbeeld/status/undefined,0,0,0,0,0,0,0,0,0,0,0,0,0"


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("BEREIK_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def content(tmp_path):
    file = tmp_path / "exports" / "content.csv"
    file.parent.mkdir()
    file.write_text(f"{HEADER}\n{POST}\n{GHOST}\n", "utf-8")
    return file


def bereik(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="bereik")


def test_json_has_the_promised_fields(content):
    result = bereik("import", content, "--json")
    assert result.exit_code == 0, result.stderr
    [report] = json.loads(result.stdout)["files"]
    promised = {"path", "format", "language", "status", "import_id", "period", "tables", "skipped",
                "notes", "error"}  # fmt: skip
    assert promised <= set(report)
    assert report["path"] == str(content)
    assert report["status"] == "imported"
    assert report["language"] == "en"
    assert report["period"] == ["2025-02-17", "2025-02-17"]
    assert report["tables"]["posts"] == 1
    assert [skipped["rows"] for skipped in report["skipped"]] == [1]
    assert report["error"] is None


def test_the_second_time_nothing_changes(content):
    bereik("import", content)
    result = bereik("import", content, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["files"][0]["status"] == "unchanged"


def test_one_file_that_fails_stops_no_other(content, tmp_path):
    letter = tmp_path / "letter.csv"
    letter.write_text("Dear colleague,\nit rains\n", "utf-8")
    result = bereik("import", letter, content, tmp_path / "absent.csv", "--json")
    assert result.exit_code == 1
    reports = json.loads(result.stdout)["files"]
    assert [report["status"] for report in reports] == ["failed", "imported", "failed"]
    assert "no known format" in reports[0]["error"]
    assert "absent.csv" in reports[2]["error"]


def test_the_report_for_people(content):
    result = bereik("import", content, content.parent)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"{content}: imported"
    assert "English" in lines[1]
    assert "account voorbeeld" in lines[1]
    assert "2025-02-17" in lines[1]
    assert "posts 1" in lines[2]
    assert lines[3].startswith("  skipped 1: ")


def test_several_files_end_in_a_sum(content, tmp_path):
    letter = tmp_path / "letter.csv"
    letter.write_text("Dear colleague,\nit rains\n", "utf-8")
    result = bereik("import", letter, content)
    assert result.stdout.splitlines()[-1] == "imported: 1; not imported: 1"


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    result = bereik("import", tmp_path / "empty")
    assert result.exit_code == 0
    assert "There is no file to import" in result.stderr
    assert not (tmp_path / "store").exists()


def test_the_account_of_a_pattern(content):
    other = content.with_name("other.csv")
    other.write_text(content.read_text("utf-8").replace("voorbeeld", "i"), "utf-8")
    given = ["--account", "other*=anders", "--account", "iedereen"]
    result = bereik("import", content.parent, *given, "--json")
    accounts = {report["path"]: report["account"] for report in json.loads(result.stdout)["files"]}
    assert accounts == {str(content): "iedereen", str(other): "anders"}


@pytest.mark.parametrize(
    "wrong",
    [
        ["--account", "*.csv="],
        ["--date-order", "ymd"],
        ["--date-order", "*.csv=ymd"],
        ["--map", "Bedrag"],
        ["--role", "boss"],
        [],
    ],
)
def test_wrong_usage_exits_2(content, wrong):
    paths = [content] if wrong else []
    result = bereik("import", *paths, *wrong)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_imports_lists_it_with_its_period_and_rows(content):
    bereik("import", content)
    result = bereik("imports")
    assert result.exit_code == 0
    [_header, line] = result.stdout.splitlines()
    assert "2025-02-17" in line
    assert "posts:1" in line
    assert "content.csv" in line
    [kept] = json.loads(bereik("imports", "--json").stdout)["imports"]
    assert kept["skipped"][0]["rows"] == 1
    assert isinstance(kept["skipped"][0]["reason"], str)


def test_undo_takes_an_import_back_and_importing_brings_it_again(content):
    [report] = json.loads(bereik("import", content, "--json").stdout)["files"]
    assert bereik("undo", report["import_id"][:10]).exit_code == 0
    [again] = json.loads(bereik("import", content, "--json").stdout)["files"]
    assert again["status"] == "imported"
    assert again["import_id"] == report["import_id"]


def test_posts_are_assigned_before_the_next_report_asks(content, store):
    assert bereik("import", content).exit_code == 0
    assert bereik("campaigns", "add", "Nieuws", "--words", "nieuws").exit_code == 0
    for kept in (store / "cache").glob("*"):
        kept.unlink()
    content.write_text(f"{HEADER}\n{POST.replace('1200', '1300')}\n", "utf-8")
    assert bereik("import", content).exit_code == 0
    assert [*(store / "cache").glob("post_campaigns-*")]
