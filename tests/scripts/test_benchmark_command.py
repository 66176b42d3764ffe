"""The command ``benchmark``: its files, its screen, exit codes."""

import csv
import datetime as dt
import json

import openpyxl
import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main

MOMENT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve posts with impressions 100 … 1200 and 10 engagements each."""
    path = tmp_path_factory.mktemp("benchmark") / "store"
    numbers = range(1, 13)
    Store.create(path).state(
        {
            "posts": [
                {"platform": "x", "post_id": str(n), "account_id": "gemeente",
                 "published_on": dt.date(2025, 1, n), "text": "geheim", "collected_at": MOMENT}
                for n in numbers
            ],
            "post_metrics": [
                {"platform": "x", "post_id": str(n), "delivery": "total", "engagements": 10,
                 "impressions": 100 * n, "collected_at": MOMENT}
                for n in numbers
            ],
        },
        "test",
    )  # fmt: skip
    return path


@pytest.fixture
def run(folder):
    def call(*args):
        return CliRunner().invoke(main, ["--store", str(folder), "benchmark", *map(str, args)])

    return call


def test_export_writes_a_workbook_and_a_data_package(run, tmp_path):
    out = tmp_path / "new" / "benchmark"
    result = run("export", "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "14 files are in" in result.stderr
    names = {path.name for path in out.iterdir()}
    assert {"benchmark.xlsx", "datapackage.json", "benchmark_own_months.csv"} <= names
    created = json.loads((out / "datapackage.json").read_text("utf-8"))["created"]
    assert created.endswith("T00:00:00Z")


def test_the_day_the_period_and_the_dialect_are_given(run, tmp_path):
    result = run("export", "--out", tmp_path, "--format", "csv", "--dialect", "nl",
                 "--made-on", "2025-07-01", "--from", "2025-01-03", "--to", "2025-01-12")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "benchmark.xlsx").exists()
    described = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert described["created"] == "2025-07-01T00:00:00Z"
    text = (tmp_path / "benchmark_own_platforms.csv").read_text(encoding="utf-8-sig")
    (impressions,) = [
        row for row in csv.DictReader(text.splitlines(), delimiter=";")
        if row["metric"] == "impressions"
    ]  # fmt: skip
    # 300 … 1200 are ten values: quartiles at ranks 2.25, 4.5 and 6.75
    assert (impressions["p25"], impressions["median"], impressions["p75"]) == (
        "525,0", "750,0", "975,0",
    )  # fmt: skip


def test_everything_is_in_dutch_for_a_dutch_reader(run, tmp_path, monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "nl")
    assert run("export", "--out", tmp_path, "--format", "xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "benchmark.xlsx")
    assert book.sheetnames[0] == "Samenvatting"
    assert book.worksheets[0]["A1"].value == "Benchmark van campagnes"
    shown = run("show")
    assert "1,548%" in shown.stdout
    assert "2,31%" in shown.stdout


def test_show_compares_and_says_how_many_it_cannot(run):
    result = run("show")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("platform")
    (line,) = [line for line in lines if "Buffer" in line]
    # 2.31 % of 10 engagements lies between 10/400 = 2.5 % and 10/500 = 2 %: eight posts are below
    assert "67%" in line
    assert "cannot be compared" in result.stderr
    everything = run("show", "--all").stdout
    assert len(everything.splitlines()) == 74
    assert "does not compute" in everything


def test_a_list_of_ones_own_is_used(run, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text(
        "id,platform,metric,base,per,value,unit,last_year,source,grade\n"
        "a,x,impressions,impressions,post,400,times,2025,our sector,C\n",
        encoding="utf-8",
    )
    result = run("show", "--reference", file)
    (line,) = [line for line in result.stdout.splitlines() if "our sector" in line]
    assert "29%" in line  # three posts below 400, one equal: 3.5 of 12
    file.write_text("id,platform\na,x\n", encoding="utf-8")
    wrong = run("show", "--reference", file)
    assert wrong.exit_code == 1
    assert "own.csv: lacks the columns" in wrong.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["export"],
        ["export", "--out", "x", "--format", "pdf"],
        ["export", "--out", "x", "--dialect", "fr"],
        ["export", "--out", "x", "--made-on", "today"],
        ["show", "--reference", "no-such-file.csv"],
        ["show", "--rate", "USD"],
    ],
    ids=str,
)
def test_wrong_usage_is_2(run, args):
    result = run(*args)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_the_users_problem_is_1(run, tmp_path):
    assert run("show", "--from", "2025-02-01", "--to", "2025-01-01").exit_code == 1
    (tmp_path / "datapackage.json").write_text("{}", encoding="utf-8")
    result = run("export", "--out", tmp_path)
    assert result.exit_code == 1
    assert "another data package" in result.stderr


def test_no_store_is_made_and_no_folder_either(tmp_path):
    store, out = tmp_path / "nowhere", tmp_path / "out"
    result = CliRunner().invoke(
        main, ["--store", str(store), "benchmark", "export", "--out", str(out)]
    )
    assert result.exit_code == 1
    assert not store.exists()
    assert not out.exists()
