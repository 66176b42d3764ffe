"""Benchmarks: own spreads, published figures, competitors, and what leaves in the files."""

import csv
import dataclasses
import datetime as dt
import hashlib
import importlib.util
import io
import json
import math
import os
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest

from campaigns import benchmarks, definitions
from campaigns.benchmarks import Request, benchmark, collected, export, shipped, tables
from campaigns.benchmarks.comparisons import BESIDE, COMPARED, REFUSED
from campaigns.benchmarks.own import METRIC_NAMES
from campaigns.benchmarks.references import STATISTICS, base_of
from campaigns.errors import BadDefinition, CannotWrite, MixedCurrencies
from campaigns.imports import Options, import_paths
from campaigns.metrics import METRICS
from campaigns.reports import Question, report
from campaigns.schema import DELIVERIES
from campaigns.store import Store

MOMENT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
TODAY = dt.date(2025, 7, 1)
SECRET = "Kom zondag naar de dijk, zegt de wijkagent"
COLLEAGUE, HANDLE = "Aaltje Vermeulen-de Wit", "aaltjevdw"
HOSTILE = "=HYPERLINK(\"http://example.org\")"  # fmt: skip


def post(post_id, *, platform="x", account="gemeente", on="2025-01-15", about=None, **by):
    """The rows of a post and of its figures per delivery."""
    return {
        "posts": [{"platform": platform, "post_id": str(post_id), "account_id": account,
                   "published_on": dt.date.fromisoformat(on), "text": SECRET,
                   "url": "https://example.org/secret-address", **(about or {})}],
        "post_metrics": [{"platform": platform, "post_id": str(post_id), "delivery": delivery,
                          **figures} for delivery, figures in by.items()],
    }  # fmt: skip


def account(account_id, role, platform="x", **more):
    return {"accounts": [{"platform": platform, "account_id": account_id, "role": role, **more}]}


def page(account_id, followers, *, first="2025-01-01", last="2025-03-31", **more):
    return {"account_periods": [{"platform": "linkedin", "account_id": account_id,
                                 "first_day": dt.date.fromisoformat(first),
                                 "last_day": dt.date.fromisoformat(last),
                                 "followers": followers, **more}]}  # fmt: skip


def made(path, *parts):
    """A store with these rows."""
    store = Store.create(path)
    rows = {}
    for part in parts:
        for table, lines in part.items():
            rows.setdefault(table, []).extend({"collected_at": MOMENT, **line} for line in lines)
    if rows:
        store.state(rows, "test")
    return store


def twelve_posts():
    """Impressions 100 … 1200 and always 10 engagements: rates 10/100 … 10/1200."""
    return [
        post(n, total={"impressions": 100 * n, "engagements": 10, "likes": 6, "comments": 3,
                       "shares": 1, "clicks": n})
        for n in range(1, 13)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    return made(tmp_path_factory.mktemp("twelve") / "store", *twelve_posts())


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """A store with all that an export can carry, people included."""
    store = made(
        tmp_path_factory.mktemp("rich") / "store",
        *twelve_posts(),
        *(post(100 + n, platform="linkedin", account="de-gemeente", on=f"2025-0{n}-10",
               organic={"impressions": 2000 + n, "engagements": 70, "clicks": 30})
          for n in range(1, 4)),
        *(post(200 + n, account=HANDLE, total={"impressions": 5, "engagements": 5})
          for n in range(20)),
        account(HANDLE, "ambassador", name=COLLEAGUE, person=COLLEAGUE, team="dijken",
                opted_in_on=dt.date(2024, 1, 1)),
        {"ad_periods": [{"platform": "linkedin", "ad_account_id": "ads", "level": "ad",
                         "ad_id": "1", "ad_name": SECRET, "text": SECRET, "spend": 50,
                         "currency": "EUR", "impressions": 2500, "clicks": 10,
                         "first_day": dt.date(2025, 1, 1), "last_day": dt.date(2025, 1, 1)}],
         "costs": [{"source": "list", "row_id": "1", "amount": "12.34", "currency": "EUR",
                    "shares": "dijk", "kind": "production", "description": COLLEAGUE,
                    "first_day": dt.date(2025, 1, 1), "last_day": dt.date(2025, 1, 31)}]},
        account("rivaal", "peer", "linkedin", name=HOSTILE),
        *(account(f"peer-{n}", "peer", "linkedin", name=f"Peer {n}") for n in range(5)),
        account("de-gemeente", "own", "linkedin"),
        page("rivaal", 900, new_followers=100, engagements=300, posts_published=10),
        *(page(f"peer-{n}", 100 * n + 100, engagements=10 * n, posts_published=2)
          for n in range(5)),
        page("de-gemeente", 350, new_followers=50, engagements=40, posts_published=4),
    )  # fmt: skip
    definitions.add(
        store,
        definitions.Campaign("Dijk", rules=(definitions.Rule("words", "dijk"),), currency="EUR"),
    )
    definitions.add(store, definitions.Campaign(HOSTILE, campaign_id="boos"))
    return store


@pytest.fixture(scope="module")
def package(rich, tmp_path_factory):
    """The benchmark of the rich store and the folder it was written to, in every format."""
    folder = tmp_path_factory.mktemp("package")
    answer = benchmark(rich, Request(made_on=TODAY))
    export(answer, folder, benchmarks.files.ALL_FORMATS)
    return answer, folder


def rows(answer, table, **fixed):
    return [
        row
        for row in answer.table(table).rows
        if all(row[name] == value for name, value in fixed.items())
    ]


def one(answer, table, **fixed):
    (row,) = rows(answer, table, **fixed)
    return row


# --- the figures that others published


def test_the_shipped_list_is_complete_and_consistent():
    known = {reference.id: reference for reference in shipped()}
    assert len(known) == 73
    for reference in known.values():
        assert reference.source
        assert reference.base
        assert reference.entered_on == dt.date(2026, 11, 21)
        assert reference.statistic in STATISTICS
        assert reference.unit != "fraction" or 0 <= reference.value <= 1
        assert (reference.unit == "amount") == bool(reference.currency)


@pytest.mark.parametrize(
    ("name", "value", "base", "grade"),
    [
        ("rivaliq-x-2022", 0.00035, "public_engagements / followers_at_posting", "B"),
        ("rivaliq-x-2023", 0.00029, "public_engagements / followers_at_posting", "B"),
        ("buffer-x-2024", 0.0231, "engagements / impressions", "B"),
        ("buffer-linkedin-2024", 0.065, "engagements / impressions", "B"),
        ("hootsuite-linkedin-government-2025", 0.027, "as Hootsuite defines it, per post", "B"),
        ("frankwatching-linkedin-views-2019", 2970, "impressions", "B"),
        ("rijk-channels-tiktok-2025", 0, "organisations that use the channel", "B"),
        ("frankwatching-followers-zwolle-2024", 0.222, "followers / inhabitants", "A"),
        ("zenabm-linkedin-image-cpm-mean-2026", 72.94, "spend / impressions × 1000", "B"),
        ("lvb-facebook-cpm-2020", 4.15, "spend / impressions × 1000", "A"),
        ("solomon-newspaper-cpm-2022", 46.82, "price per 1,000 of the audience", "B"),
    ],
)
def test_shipped_figures_are_as_they_were_published(name, value, base, grade):
    reference = {one.id: one for one in shipped()}[name]
    assert (reference.value, reference.base, reference.grade) == (value, base, grade)


HEADER = "id,platform,metric,base,per,value,unit,last_year,source,grade"
OWN = "ours,x,er_impressions,engagements / impressions,post,0.02,fraction,2025,our sector,A"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_of_ones_own_adds_and_replaces(tmp_path):
    file = write(tmp_path / "own.csv", f"{HEADER}\n{OWN}\n{OWN.replace('ours', 'buffer-x-2024')}\n")
    found = {one.id: one for one in collected([file])}
    assert len(found) == 74
    assert (found["ours"].value, found["ours"].file) == (0.02, "own.csv")
    assert (found["buffer-x-2024"].value, found["buffer-x-2024"].source) == (0.02, "our sector")


def test_a_list_from_a_dutch_spreadsheet_is_read(tmp_path):
    text = f"\ufeff{HEADER}\n{OWN}\n".replace(",", ";").replace("0.02", "0,02")
    file = tmp_path / "own.csv"
    file.write_text(text, encoding="utf-8", newline="\r\n")
    assert {one.id: one.value for one in collected([file])}["ours"] == 0.02


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER.replace("base,", ""), "lacks the columns base"),
        (f"{HEADER}\n{OWN.replace('0.02', '2%')}", "own.csv:2: value: '2%' is no number"),
        (f"{HEADER}\n{OWN.replace('0.02', 'nan')}", "'nan' is no number"),
        (f"{HEADER}\n{OWN[:-1]}D", "grade: 'D' is none of: A, B, C"),
        (f"{HEADER}\n{OWN.replace('2025', 'now')}", "last_year: 'now' is no year"),
        (f"{HEADER}\n{OWN.replace('our sector', '')}", "source: '' must be filled"),
        (f"{HEADER}\n{OWN}\n{OWN}", "own.csv:3: The id 'ours' occurs twice."),
        ("", "lacks the columns"),
        ("\0\0", "own.csv"),
    ],
    ids=str,
)
def test_a_wrong_list_says_where(tmp_path, text, said):
    with pytest.raises(BadDefinition) as error:
        collected([write(tmp_path / "own.csv", text)])
    assert said in str(error.value)


def test_a_list_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "own.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadDefinition):
        collected([tmp_path / "own.csv"])
    with pytest.raises(BadDefinition):
        collected([tmp_path / "absent.csv"])


# --- the own posts


def test_quartiles_are_those_of_the_posts(twelve):
    answer = benchmark(twelve, Request())
    row = one(answer, tables.OWN_MONTHS, metric="impressions")
    assert (row["platform"], row["month"], row["delivery"]) == ("x", "2025-01", "total")
    # 12 values 100 … 1200: linear interpolation at ranks 2.75, 5.5 and 8.25
    assert (row["posts"], row["p25"], row["median"], row["p75"]) == (12, 375, 650, 925)
    assert row["total"] == 7800
    rate = one(answer, tables.OWN_PLATFORMS, metric="er_impressions")
    assert rate["median"] == pytest.approx((10 / 600 + 10 / 700) / 2)
    assert rate["total"] == pytest.approx(120 / 7800)  # not the mean of the rates


def test_many_posts_are_asked_in_stretches_of_days(tmp_path, monkeypatch):
    store = made(
        tmp_path / "store",
        *(post(n, on=f"2025-{1 + n // 20:02}-{1 + n % 20:02}",
               total={"impressions": 100 * n, "engagements": n}) for n in range(40)),
    )  # fmt: skip
    whole = benchmark(store, Request(dt.date(2025, 1, 3))).spreads
    monkeypatch.setattr(benchmarks.own, "POSTS_AT_ONCE", 7)
    assert benchmark(store, Request(dt.date(2025, 1, 3))).spreads == whole
    assert {spread.posts for spread in whole if spread.month is None} == {38}


def test_under_ten_posts_only_their_number_is_given(tmp_path):
    answer = benchmark(made(tmp_path / "store", *twelve_posts()[:9]), Request())
    row = one(answer, tables.OWN_MONTHS, metric="impressions")
    assert (row["posts"], row["p25"], row["median"], row["p75"]) == (9, None, None, None)


def test_quartiles_are_of_own_posts_that_are_no_replies(tmp_path):
    store = made(
        tmp_path / "store",
        *twelve_posts(),
        post(50, total={"impressions": 10**6}, about={"is_reply": True}),
        post(51, total={"impressions": 10**6}, about={"is_repost": True}),
        post(52, total={"impressions": 10**6}, account="collega"),
        post(53, total={"impressions": 10**6}, account="oud-collega"),
        post(54, total={"impressions": 10**6}, account="partner"),
        post(55, total={"impressions": 10**6}, account="rivaal"),
        account("collega", "ambassador", opted_in_on=dt.date(2024, 1, 1), is_name_permitted=True),
        account("oud-collega", "ambassador", opted_in_on=dt.date(2024, 1, 1), is_removed=True),
        account("partner", "partner"),
        account("rivaal", "peer"),
    )
    row = one(benchmark(store, Request()), tables.OWN_PLATFORMS, metric="impressions")
    assert (row["posts"], row["total"]) == (12, 7800)


def test_what_is_partial_is_counted(tmp_path):
    store = made(
        tmp_path / "store",
        *(post(n, platform="linkedin", account="p", organic={"impressions": 10})
          for n in range(9)),
        post(9, platform="linkedin", account="p", paid={"impressions": 90}),
    )  # fmt: skip
    found = rows(benchmark(store, Request()), tables.OWN_PLATFORMS, metric="impressions")
    assert {row["delivery"]: (row["posts"], row["partial"]) for row in found} == {
        "organic": (9, 0),
        "paid": (1, 0),
        "total": (10, 1),
    }


def test_the_period_is_that_of_publication(tmp_path):
    store = made(
        tmp_path / "store",
        post(1, on="2025-01-31", total={"impressions": 1}),
        post(2, on="2025-02-01", total={"impressions": 2}),
    )
    answer = benchmark(store, Request(dt.date(2025, 2, 1), dt.date(2025, 2, 28)))
    assert [row["month"] for row in rows(answer, tables.OWN_MONTHS, metric="impressions")] == [
        "2025-02"
    ]
    assert (
        one(answer, tables.PLATFORM_METRICS, metric="impressions", delivery="total")["value"] == 2
    )


# --- published figures beside the own ones


def compared(tmp_path, lines, store, **request):
    """What becomes of figures of one's own list, by id."""
    file = write(tmp_path / "own.csv", "\n".join(lines))
    answer = benchmark(store, Request(references=(file,), **request))
    return {one.reference.id: one for one in answer.comparisons}


def test_a_percentile_is_the_part_of_the_posts_below(twelve, tmp_path):
    lines = [
        f"{HEADER},delivery,statistic",
        "low,x,impressions,impressions,post,50,times,2025,s,A,total,median",
        "tie,x,impressions,impressions,post,300,times,2025,s,A,total,median",
        "high,x,impressions,impressions,post,5000,times,2025,s,A,total,mean",
    ]
    found = compared(tmp_path, lines, twelve)
    assert [found[name].status for name in ("low", "tie", "high")] == [COMPARED] * 3
    # 100 and 200 are below, 300 equals it and counts half
    assert [found[name].own_percentile for name in ("low", "tie", "high")] == [
        0,
        pytest.approx(2.5 / 12),
        1,
    ]
    assert found["tie"].own_value == 650  # a median beside a median
    assert found["high"].own_value == 650  # the mean of 100 … 1200 is 650 too
    assert found["tie"].reason is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,x,er_impressions,engagements / followers,post,0.02,fraction,2025,s,A", "another base"),
        ("a,x,er_impressions,engagements / impressions,post,2,percent,2025,s,A", "another unit"),
        ("a,x,er_impressions,engagements / impressions,,0.02,fraction,2025,s,A", "not stated of"),
        ("a,x,virality,shares / views,post,0.02,fraction,2025,s,A", "does not compute virality"),
        ("a,linkedin,ctr,clicks / impressions,post,0.02,fraction,2025,s,A", "nothing own"),
        ("a,x,er_reach,engagements / reach,post,0.02,fraction,2025,s,A", "nothing own"),
    ],
)
def test_bases_are_never_mixed(twelve, tmp_path, line, said):
    refused = compared(tmp_path, [HEADER, line], twelve)["a"]
    assert refused.status == REFUSED
    assert said in str(refused.reason)
    assert (refused.own_value, refused.own_percentile) == (None, None)


def test_too_few_posts_have_no_percentile(tmp_path):
    found = compared(tmp_path, [HEADER, OWN], made(tmp_path / "store", *twelve_posts()[:9]))["ours"]
    assert (found.status, found.own_percentile) == (REFUSED, None)
    assert "only 9 own posts" in str(found.reason)


def test_a_delivery_that_is_not_stated_is_said(twelve, tmp_path):
    found = compared(tmp_path, [HEADER, OWN], twelve)["ours"]
    assert found.status == COMPARED
    assert "organic and paid together" in str(found.reason)


ADS = {"ad_periods": [{"platform": "linkedin", "ad_account_id": "ads", "level": "ad", "ad_id": "1",
                       "spend": 40, "currency": "EUR", "impressions": 8000, "clicks": 16,
                       "first_day": dt.date(2025, 1, 1), "last_day": dt.date(2025, 1, 1)}]}  # fmt: skip
PAID = f"{HEADER},delivery,currency"


def test_a_figure_of_ads_stands_beside_the_own_total(tmp_path):
    lines = [
        PAID,
        "cpm,linkedin,paid_cpm,spend / impressions × 1000,ad,60,amount,2025,s,A,paid,EUR",
        "ctr,linkedin,ctr,clicks / impressions,ad,0.004,fraction,2025,s,A,paid,",
        "usd,linkedin,paid_cpm,spend / impressions × 1000,ad,60,amount,2025,s,A,paid,USD",
        "cpc,linkedin,cpc,spend / clicks,ad,3,amount,2025,s,A,paid,EUR",
    ]
    found = compared(tmp_path, lines, made(tmp_path / "store", ADS))
    assert (found["cpm"].status, found["cpm"].own_value) == (BESIDE, 5)
    assert (found["ctr"].status, found["ctr"].own_value) == (BESIDE, 0.002)
    assert found["cpm"].own_percentile is None
    assert (found["usd"].status, found["cpc"].status) == (REFUSED, REFUSED)
    assert "USD" in str(found["usd"].reason)
    assert "cost / clicks" in str(found["cpc"].reason)


def test_a_stated_rate_makes_amounts_comparable(tmp_path):
    lines = [PAID, "usd,linkedin,paid_cpm,spend / impressions × 1000,ad,6,amount,2025,s,A,paid,USD"]
    found = compared(
        tmp_path, lines, made(tmp_path / "store", ADS), currency="USD", rates={"EUR": 1.2}
    )["usd"]
    assert (found.status, found.own_value) == (BESIDE, pytest.approx(6))


def test_amounts_in_several_currencies_are_not_added(tmp_path):
    other = {"ad_periods": [{**ADS["ad_periods"][0], "ad_id": "2", "currency": "USD"}]}
    with pytest.raises(MixedCurrencies):
        benchmark(made(tmp_path / "store", ADS, other), Request())


# --- competitors


def test_the_own_page_has_a_place_among_five_competitors(package):
    answer, _folder = package
    place = one(answer, tables.PEER_PLACES, measure="followers")
    assert (place["account"], place["value"], place["peers"]) == ("de-gemeente", 350, 6)
    # competitors 100, 200, 300, 400, 500, 900: three are below 350
    assert (place["p25"], place["median"], place["p75"]) == (225, 350, 475)
    assert place["percentile"] == 0.5
    per_post = one(answer, tables.PEER_PLACES, measure="engagements_per_post")
    assert (per_post["value"], per_post["peers"]) == (10, 6)
    growth = one(answer, tables.PEER_PLACES, measure="follower_growth_rate")
    assert growth["value"] == pytest.approx(50 / 300)
    assert (growth["peers"], growth["percentile"]) == (1, None)
    assert "only 1 competitors" in growth["reason"]


def test_competitors_of_another_period_are_not_mixed(tmp_path):
    store = made(
        tmp_path / "store",
        account("p", "peer", "linkedin"),
        account("weg", "peer", "linkedin", is_removed=True),
        account("wij", "own", "linkedin"),
        page("p", 10),
        page("weg", 10),
        page("wij", 20, first="2024-01-01", last="2024-12-31"),
    )
    answer = benchmark(store, Request())
    assert [row["account"] for row in rows(answer, tables.PEERS)] == ["p"]
    assert rows(answer, tables.PEER_PLACES) == []


# --- the numbers are those of the reports


def test_campaigns_are_as_reported(rich, package):
    answer, _folder = package
    asked = tuple(dict.fromkeys(row["metric"] for row in rows(answer, tables.CAMPAIGN_METRICS)))
    told = report(rich, Question(by=("campaign",), metrics=asked))
    expected = {
        (row["campaign"], name): row[name] for row in told.rows for name in asked
    }  # fmt: skip
    found = {
        (row["campaign"], row["metric"]): row["value"]
        for row in rows(answer, tables.CAMPAIGN_METRICS)
    }
    assert found == expected
    assert found["dijk", "impressions"] > 0
    assert found["dijk", "cost"] == 12.34


def test_posts_add_up_to_the_report_by_platform_and_month(twelve):
    answer = benchmark(twelve, Request())
    (told,) = report(twelve, Question(by=("platform", "month"), metrics=METRIC_NAMES)).rows
    for row in rows(answer, tables.OWN_MONTHS):
        assert row["total"] == told[row["metric"]]


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_an_export_reads_back_as_the_report(rich, package, form):
    _answer, folder = package
    file = folder / f"benchmark_campaign_metrics.{form}"
    frame = {
        "csv": lambda: pd.read_csv(file),
        "json": lambda: pd.read_json(file, precise_float=True),
        "parquet": lambda: pd.read_parquet(file),
    }[form]()
    told = report(rich, Question(by=("campaign",), metrics=tuple(frame["metric"].unique())))
    for row in told.rows:
        is_of = frame["campaign"].isna() if row["campaign"] is None else (
            frame["campaign"] == row["campaign"])  # fmt: skip
        values = dict(zip(frame[is_of]["metric"], frame[is_of]["value"], strict=True))
        for name, value in values.items():
            known = row[name]
            assert math.isnan(value) if known is None else value == known


def test_a_dutch_csv_opens_in_a_dutch_spreadsheet(rich, tmp_path):
    answer = benchmark(rich, Request(made_on=TODAY))
    export(answer, tmp_path, ["csv"], "nl")
    content = (tmp_path / "benchmark_own_platforms.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfplatform;metric;")
    assert content.count(b"\n") == content.count(b"\r\n") > 1
    frame = pd.read_csv(tmp_path / "benchmark_own_platforms.csv", sep=";", decimal=",")
    expected = [row["total"] for row in rows(answer, tables.OWN_PLATFORMS)]
    assert list(frame["total"]) == expected
    assert b"." not in b"".join(line.rpartition(b";")[2] for line in content.splitlines()[1:])


def test_json_and_parquet_keep_null_apart_from_zero(package):
    answer, folder = package
    table = pyarrow.parquet.read_table(folder / "benchmark_comparisons.parquet")
    found = json.loads((folder / "benchmark_comparisons.json").read_text("utf-8"))
    expected = [row["own_posts"] for row in rows(answer, tables.COMPARISONS)]
    assert table["own_posts"].to_pylist() == expected
    assert [row["own_posts"] for row in found] == expected
    assert None in expected
    assert str(table.schema.field("own_posts").type) == "int64"


# --- what leaves


def texts(folder: Path) -> str:
    """Everything that stands in the files of a folder, unpacked."""
    found = []
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        found.append(content)
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                found += [parts.read(name) for name in parts.namelist()]
        if path.suffix == ".parquet":
            found.append(repr(pyarrow.parquet.read_table(path).to_pylist()).encode())
    return b"\n".join(found).decode("utf-8", "replace").casefold()


def test_no_text_of_a_post_and_no_person_leaves(package):
    _answer, folder = package
    everything = texts(folder)
    for secret in (SECRET, "wijkagent", COLLEAGUE, "aaltje", "vermeulen", HANDLE, "secret-address"):
        assert secret.casefold() not in everything
    assert "dijk" in everything  # the campaign does leave


def test_nothing_in_the_files_runs(package):
    _answer, folder = package
    book = openpyxl.load_workbook(folder / "benchmark.xlsx")
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert any(cell.value == f"'{HOSTILE}" for cell in cells)
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.reader(file):
                assert not any(cell.startswith(("=", "@", "+", "\t")) for cell in line)


def test_the_first_sheet_sums_up(package):
    _answer, folder = package
    book = openpyxl.load_workbook(folder / "benchmark.xlsx")
    assert book.sheetnames[:4] == ["Summary", "Campaigns", "Compared", "Trend"]
    summary = book.worksheets[0]
    values = [cell.value for line in summary.iter_rows() for cell in line if cell.value is not None]
    assert values[0] == "Benchmark of campaigns"
    assert "Made on 2025-07-01." in values
    assert {"Dijk", 12.34} <= set(values)
    assert len(summary._charts) == 1
    assert summary.column_dimensions["A"].width > 30
    styles = {cell.number_format for line in summary.iter_rows() for cell in line}
    assert {"#,##0", "0.00%", "#,##0.00"} <= styles


def test_the_same_data_gives_the_same_bytes(rich, package, tmp_path):
    _answer, folder = package
    again = export(benchmark(rich, Request(made_on=TODAY)), tmp_path, benchmarks.files.ALL_FORMATS)
    assert len(again) == 1 + 3 * len(tables.TABLES) + 1
    for path in again:
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


@pytest.mark.parametrize("code", ["nl", "en"])
def test_an_empty_store_has_a_benchmark_too(tmp_path, monkeypatch, code):
    monkeypatch.setenv("BEREIK_LANGUAGE", code)
    answer = benchmark(made(tmp_path / "store"), Request(made_on=TODAY))
    assert {one.status for one in answer.comparisons} == {REFUSED}
    export(answer, tmp_path / "out", benchmarks.files.ALL_FORMATS)
    assert len(openpyxl.load_workbook(tmp_path / "out" / "benchmark.xlsx").sheetnames) == 13


# --- the data package


def resources(folder):
    return json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]


def test_the_description_is_true(package):
    _answer, folder = package
    described = {resource["path"] for resource in resources(folder)}
    assert described == {path.name for path in folder.iterdir()} - {"datapackage.json"}
    for resource in resources(folder):
        content = (folder / resource["path"]).read_bytes()
        if "bytes" in resource:
            assert resource["bytes"] == len(content)
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_every_column_is_described_and_in_the_dictionary(package):
    answer, folder = package
    listed = {(row["table"], row["column"]) for row in rows(answer, tables.DICTIONARY)}
    for resource in resources(folder):
        if resource["format"] != "csv":
            continue
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert header == fields
        assert all(field["description"] for field in resource["schema"]["fields"])
        name = resource["name"].removesuffix("_csv")
        assert {(name, field) for field in fields} <= listed


def test_keys_are_unique_and_references_are_found(package):
    answer, _folder = package
    for filled in answer.tables:
        if filled.table.key:
            keys = [tuple(row[name] for name in filled.table.key) for row in filled.rows]
            assert len(set(keys)) == len(keys), filled.table.name
        for column, other, there in filled.table.links:
            (target,) = [one for one in answer.tables if one.table.name == other]
            known = {row[there] for row in target.rows}
            assert {row[column] for row in filled.rows} - {None} <= known


@pytest.mark.parametrize(("forms", "dialect"), [
    (("xlsx", "csv"), "standard"), (("csv",), "nl"), (("xlsx", "json", "parquet"), "standard"),
], ids=str)  # fmt: skip
def test_frictionless_accepts_it(package, tmp_path, forms, dialect):
    if importlib.util.find_spec("frictionless") is None:
        pytest.skip("the reference implementation is not installed: make install")
    answer, _folder = package
    export(answer, tmp_path, forms, dialect)
    result = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=tmp_path, capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    found = json.loads(result.stdout)
    assert found["valid"]
    assert found["stats"]["tasks"] == len(resources(tmp_path))


# --- the folder


def test_other_files_stay_and_drafts_go(package, tmp_path):
    answer, _folder = package
    write(tmp_path / "campaigns.csv", "mine")
    export(answer, tmp_path, ["csv"])
    export(answer, tmp_path, ["csv"])
    assert (tmp_path / "campaigns.csv").read_text("utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_another_data_package_is_not_overwritten(package, tmp_path):
    answer, _folder = package
    write(tmp_path / "datapackage.json", '{"name": "somebody-elses"}')
    with pytest.raises(CannotWrite):
        export(answer, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["datapackage.json"]


def test_all_files_or_none(package, tmp_path, monkeypatch):
    """A workbook that is open on Windows cannot be replaced: then nothing is."""
    answer, _folder = package
    export(answer, tmp_path, ["csv"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    replace = Path.replace

    def refusing(self, target):
        is_new = self.parent.name.startswith(".bereik-")
        if is_new and Path(target) == tmp_path / "benchmark_notes.csv":
            raise PermissionError(13, "it is open")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    later = dataclasses.replace(answer, request=Request())
    with pytest.raises(CannotWrite, match="it is open"):
        export(later, tmp_path, ["csv", "xlsx"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_in_the_way_is_no_traceback(package, tmp_path):
    answer, _folder = package
    (tmp_path / "benchmark_notes.csv").mkdir()
    with pytest.raises(CannotWrite):
        export(answer, tmp_path, ["csv"])
    assert [path.name for path in tmp_path.iterdir()] == ["benchmark_notes.csv"]
    write(tmp_path / "file", "")
    with pytest.raises(CannotWrite):
        export(answer, tmp_path / "file", ["csv"])


def test_bases_tell_all_metrics_apart_that_are_ratios():
    bases = [base_of(metric) for metric in METRICS.values() if metric.kind == "ratio"]
    assert len(set(bases)) == len(bases)
    assert set(METRIC_NAMES) <= set(METRICS)
    assert DELIVERIES == ("organic", "paid", "total")


def test_colleagues_are_not_found_by_subtracting(tmp_path):
    """What is known of the own posts, taken off the platform, must not leave a colleague."""
    colleagues = [f"collega-{n}" for n in range(4)]
    store = made(
        tmp_path / "store",
        *twelve_posts(),
        *(post(50 + n, total={"impressions": 777, "engagements": 5}, account=name)
          for n, name in enumerate(colleagues)),
        *(account(name, "ambassador", opted_in_on=dt.date(2024, 1, 1)) for name in colleagues),
    )  # fmt: skip
    answer = benchmark(store, Request())
    for name in ("impressions", "engagements"):
        whole = one(answer, tables.PLATFORM_METRICS, metric=name, delivery="total")["value"]
        assert one(answer, tables.OWN_PLATFORMS, metric=name)["total"] == whole


@pytest.mark.parametrize("dialect", ["standard", "nl"])
def test_the_exported_list_of_figures_is_a_list_of_ones_own(package, tmp_path, dialect):
    answer, _folder = package
    export(answer, tmp_path, ["csv"], dialect)
    file = tmp_path / "benchmark_reference_figures.csv"
    again = [dataclasses.replace(one, file="bereik") for one in collected([file])]
    assert again == list(shipped())


def test_the_real_competitors_are_counted_as_they_stand_in_the_file(tmp_path):
    """Read by another library than the one that imports."""
    place = Path(__file__).parents[2] / os.environ.get("BEREIK_REAL_EXPORTS", "../shared/realdata")
    files = sorted(place.glob("linkedin-page/**/*competitor_analytics*.xlsx"))
    if not files:
        pytest.skip("no real exports; name their folder in BEREIK_REAL_EXPORTS")
    [done] = import_paths(tmp_path / "store", files[:1], Options())
    assert done.status == "imported"
    with warnings.catch_warnings(action="ignore"):  # the platform's file lacks a default style
        sheet = openpyxl.load_workbook(files[0]).worksheets[0]
    _period, head, *lines = sheet.iter_rows(values_only=True)
    pages = [dict(zip(head, line, strict=True)) for line in lines if line[0]]
    answer = benchmark(Store.open(tmp_path / "store"), Request())
    found = {row["name"]: row for row in rows(answer, tables.PEERS)}
    assert len(found) == len(pages)
    for column, name in (
        ("Total Followers", "followers"), ("New Followers", "new_followers"),
        ("Total post engagements", "engagements"), ("Total posts", "posts_published"),
    ):  # fmt: skip
        assert sum(row[name] for row in found.values()) == sum(int(page[column]) for page in pages)
    own = one(answer, tables.PEER_PLACES, measure="followers")
    assert own["peers"] == len(pages) - 1
