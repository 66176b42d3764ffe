"""The command ``report``: options, formats, exit codes, what goes where."""

import datetime as dt
import json

import openpyxl
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main

MOMENT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "store"
    texts = ["=cmd|' /C calc'!A0", "@somebody says hello", "-1"]
    Store.create(path).state(
        {
            "posts": [
                {"platform": "x", "post_id": str(number), "account_id": "gemeente",
                 "published_on": dt.date(2025, 1, number), "text": text, "collected_at": MOMENT}
                for number, text in enumerate(texts, start=1)
            ],
            "post_metrics": [
                {"platform": "x", "post_id": str(number), "delivery": "total",
                 "impressions": 1234 * number, "engagements": 10, "collected_at": MOMENT}
                for number in (1, 2)
            ],
            "costs": [
                {"source": "list", "row_id": str(number), "amount": 10, "currency": currency,
                 "platform": platform, "kind": "production", "first_day": dt.date(2025, 1, 1),
                 "last_day": dt.date(2025, 1, 1), "collected_at": MOMENT}
                for number, (currency, platform) in enumerate(
                    [("EUR", "x"), ("USD", "linkedin")]
                )
            ],
        },
        "test",
    )  # fmt: skip
    return path


@pytest.fixture
def run(folder):
    def call(*args):
        return CliRunner().invoke(main, ["--store", str(folder), "report", *args])

    return call


RATES = ("--currency", "EUR", "--rate", "USD=0.5")


def test_standard_output_carries_the_json_alone(run):
    result = run("--by", "platform", "--metric", "impressions", "--format", "json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert data["by"] == ["platform"]
    rows = {row["platform"]: row for row in data["rows"]}
    assert (rows["x"]["posts"], rows["x"]["impressions"]) == (3, 3702)
    assert "Store:" in result.stderr


def test_the_table_says_what_is_not_known(run):
    result = run("--by", "platform", "--metric", "impressions,reach_lower,reach_upper,cost", *RATES)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    (x,) = [line for line in lines if line.startswith("X ")]
    assert "3,702" in x
    assert "not measured" in x
    assert "€10.00" in x
    (linkedin,) = [line for line in lines if line.startswith("LinkedIn")]
    assert "€5.00" in linkedin


def test_numbers_and_words_are_the_users(run, monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "nl")
    shown = run("--metric", "impressions,cost", *RATES).stdout
    assert "3.702" in shown
    assert "15,00" in shown


def test_csv_is_for_machines_and_harmless(run):
    result = run("--by", "post", "--metric", "impressions", "--format", "csv")
    lines = result.stdout.splitlines()
    assert lines[0].split(",")[:3] == ["post", "platform", "post_id"]
    assert "'=cmd" in result.stdout
    assert ",'@somebody" in result.stdout
    assert lines[-1].endswith(",1,")


def test_xlsx_runs_no_formula(run, tmp_path):
    file = tmp_path / "posts.xlsx"
    result = run("--by", "post", "--metric", "impressions", "--format", "xlsx", "--output", file)
    assert result.exit_code == 0
    assert result.stdout == ""
    sheet, definitions = openpyxl.load_workbook(file).worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    values = {cell.value for cell in cells}
    assert {"'=cmd|' /C calc'!A0", "'@somebody says hello", "'-1", 1234} <= values
    assert definitions["A2"].value == "impressions"


def test_parquet_keeps_types_and_nulls(run, tmp_path):
    file = tmp_path / "posts.parquet"
    assert run("--by", "post", "--format", "parquet", "--output", file).exit_code == 0
    table = pyarrow.parquet.read_table(file)
    assert str(table.schema.field("impressions").type) == "int64"
    assert str(table.schema.field("published_on").type) == "date32[day]"
    assert table["impressions"].null_count == 1
    assert table["reach"].null_count == 3
    assert b"bereik" in table.schema.metadata


def test_output_goes_to_a_file(run, tmp_path):
    file = tmp_path / "report.csv"
    result = run("--by", "month", "--metric", "impressions", "--format", "csv", "--output", file)
    assert result.stdout == ""
    assert file.read_bytes() == b"month,posts,impressions\n2025-01,3,3702\n"


def test_a_rate_makes_one_currency(run):
    result = run("--metric", "cost", "--format", "json", *RATES)
    (row,) = json.loads(result.stdout)["rows"]
    assert (row["cost"], row["currency"]) == (15, "EUR")


def test_platforms_are_given_with_commas_or_one_by_one(run):
    said = [
        run("--by", "platform", "--metric", "cost", "--format", "csv", *RATES, *given).stdout
        for given in (("--platform", "X, linkedin"), ("--platform", "linkedin", "--platform", "x"))
    ]
    assert said[0] == said[1]
    assert {line.split(",")[0] for line in said[0].splitlines()[1:]} == {"x", "linkedin"}


def test_a_rate_may_be_written_with_a_comma(run):
    result = run("--metric", "cost", "--format", "json", "--currency", "EUR", "--rate", "USD=0,5")
    (row,) = json.loads(result.stdout)["rows"]
    assert (row["cost"], row["currency"]) == (15, "EUR")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--metric", "cost"], "--rate USD=0.92"),
        (["--by", "campaign", "--accounting", "activity"], "published"),
        (["--by", "post", "--metric", "cost"], "Possible: campaign"),
        (["--campaign", "nothing"], "nothing"),
        (["--platform", "hyves"], "linkedin"),
        (["--platform", "x,hyves"], "linkedin"),
        (["--compare", "year"], "period"),
        (["--from", "2025-02-01", "--to", "2025-01-01"], "2025-02-01"),
    ],
    ids=str,
)
def test_the_users_problem_is_1(run, args, said):
    result = run(*args)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


@pytest.mark.parametrize(
    "args",
    [
        ["--by", "colour"],
        ["--by", "day,week,month"],
        ["--by", "day,day"],
        ["--metric", "success"],
        ["--from", "yesterday"],
        ["--rate", "USD"],
        ["--rate", "USD=-1"],
        ["--rate", "USD=1.000,5"],
        ["--rate", "USD=1,000,5"],
        ["--currency", "euros"],
        ["--format", "xlsx"],
        ["--format", "parquet"],
        ["--delivery", "free"],
    ],
    ids=str,
)
def test_wrong_usage_is_2(run, args):
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_reading_makes_no_store(tmp_path):
    path = tmp_path / "nowhere"
    result = CliRunner().invoke(main, ["--store", str(path), "report"])
    assert result.exit_code == 1
    assert not path.exists()


def test_an_unwritable_file_is_no_traceback(run, tmp_path):
    for form in ("csv", "xlsx", "parquet"):
        result = run("--metric", "impressions", "--format", form,
                     "--output", str(tmp_path / "missing" / "file"))  # fmt: skip
        assert result.exit_code == 1
        assert "Traceback" not in result.output
