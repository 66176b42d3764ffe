"""Real LinkedIn page exports, when they are at hand: the import against an independent count.

The files are read here with openpyxl and calamine, cell by cell; nothing of the product is used.
"""

import collections
import datetime as dt
import os
import re
import urllib.parse
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from campaigns.imports import Options, import_paths
from campaigns.store import Store

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("BEREIK_REAL_EXPORTS", ROOT / ".." / "shared" / "realdata")).resolve()
FILES = [
    path
    for path in sorted((FOLDER / "linkedin-page").rglob("*.xls*"))
    if "follower" not in path.name and "visitor" not in path.name and "competitor" not in path.name
]

pytestmark = pytest.mark.skipif(not FILES, reason=f"no real exports in {FOLDER}")


def sheet(path, name):
    """The rows below the header as dictionaries; a cell without a value is null."""
    if path.suffix == ".xlsx":
        rows = [list(row) for row in openpyxl.load_workbook(path)[name].iter_rows(values_only=True)]
    else:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    at = next(at for at, row in enumerate(rows) if "Impressions" in row or "Date" in row)
    labels = rows[at]
    return [
        {
            label: None if value in ("", None) else value
            for label, value in zip(labels, row, strict=False)
        }
        for row in rows[at + 1 :]
        if any(value not in ("", None) for value in row)
    ]


def total(rows, label):
    known = [row[label] for row in rows if row[label] is not None]
    return int(sum(known)) if known else None


def urn(link):
    return re.search(r"urn:li:\w+:\d+", urllib.parse.unquote(link))[0]


def day(text):
    return dt.datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007


@pytest.fixture(params=FILES, ids=lambda path: path.name[:24] + path.suffix)
def imported(request, tmp_path):
    [report] = import_paths(tmp_path, [request.param], Options(accounts=((None, "demo"),)))
    assert report.error is None
    assert not report.skipped
    store = Store.open(tmp_path)
    return request.param, report, lambda sql: store.read(lambda snapshot: snapshot.rows(sql))


def test_rows_and_period(imported):
    path, report, _ask = imported
    days, posts = sheet(path, "Metrics"), sheet(path, "All posts")
    assert report.tables == {
        "account_days": 3 * len(days),
        "posts": len({urn(row["Post link"]) for row in posts}),
        "post_metrics": len(posts),
    }
    dates = [day(row["Date"]) for row in days] + [day(row["Created date"]) for row in posts]
    assert report.period == (min(dates), max(dates))


@pytest.mark.parametrize(
    ("kind", "delivery"), [("Organic", "organic"), ("Sponsored", "paid"), ("Total", "total")]
)
def test_sums_of_posts(imported, kind, delivery):
    path, _report, ask = imported
    rows = [row for row in sheet(path, "All posts") if row["Post type"] == kind]
    [found] = ask(
        "SELECT count(*) n, sum(impressions)::BIGINT impressions, sum(clicks)::BIGINT clicks, "
        "sum(likes)::BIGINT likes, sum(comments)::BIGINT comments, sum(shares)::BIGINT shares, "
        "sum(follows)::BIGINT follows, sum(video_views)::BIGINT video_views, "
        f"sum(engagements)::BIGINT engagements FROM post_metrics WHERE delivery = '{delivery}'"
    )
    parts = [total(rows, label) for label in ("Clicks", "Likes", "Comments", "Reposts", "Follows")]
    views = next(label for label in sheet(path, "All posts")[0] if label.startswith("Views"))
    assert found == {
        "n": len(rows),
        "impressions": total(rows, "Impressions"),
        "clicks": parts[0],
        "likes": parts[1],
        "comments": parts[2],
        "shares": parts[3],
        "follows": parts[4],
        "video_views": total(rows, views),
        "engagements": sum(part or 0 for part in parts) if rows else None,
    }


@pytest.mark.parametrize(
    ("kind", "delivery"), [("organic", "organic"), ("sponsored", "paid"), ("total", "total")]
)
def test_sums_of_days(imported, kind, delivery):
    path, _report, ask = imported
    rows = sheet(path, "Metrics")
    names = {
        "impressions": "Impressions",
        "clicks": "Clicks",
        "likes": "Reactions",
        "comments": "Comments",
        "shares": "Reposts",
    }
    columns = ", ".join(f"sum({name})::BIGINT {name}, min({name}) least_{name}" for name in names)
    [found] = ask(f"SELECT {columns} FROM account_days WHERE delivery = '{delivery}'")
    for name, label in names.items():
        assert found[name] == total(rows, f"{label} ({kind})")
        assert found[f"least_{name}"] == min(row[f"{label} ({kind})"] for row in rows)
    [reach] = ask(f"SELECT sum(reach)::BIGINT n FROM account_days WHERE delivery = '{delivery}'")
    expected = total(rows, "Unique impressions (organic)") if kind == "organic" else None
    assert reach["n"] == expected


def test_a_boosted_post_is_one_post_whose_parts_make_its_total(imported):
    path, _report, ask = imported
    rows = collections.defaultdict(dict)
    for row in sheet(path, "All posts"):
        rows[urn(row["Post link"])][row["Post type"]] = row
    boosted = {key: kinds for key, kinds in rows.items() if len(kinds) > 1}
    found = collections.defaultdict(dict)
    for row in ask("SELECT post_id, delivery, impressions FROM post_metrics"):
        found[row["post_id"]][row["delivery"]] = row["impressions"]
    for key, kinds in boosted.items():
        assert found[key]["organic"] + found[key]["paid"] == found[key]["total"]
        assert found[key]["total"] == kinds["Total"]["Impressions"]
    assert {key for key, each in found.items() if len(each) > 1} == set(boosted)
    campaigns = {row["post_id"] for row in ask("SELECT post_id FROM posts WHERE ad_campaign <> ''")}
    assert campaigns == set(boosted)


def test_names_of_people_are_not_kept(imported):
    path, _report, ask = imported
    names = {row["Posted by"] for row in sheet(path, "All posts")}
    authors = {row["author"] for row in ask("SELECT DISTINCT author FROM posts")}
    assert not authors & names
    assert len(authors) == len(names)


def test_the_same_export_as_xls_and_xlsx_counts_once(tmp_path):
    """In either order, and again: the same totals."""
    pairs = [path for path in FILES if path.with_suffix(".xlsx") in FILES and path.suffix == ".xls"]
    if not pairs:
        pytest.skip("no export in both forms")
    seen = []
    for at, order in enumerate((1, -1)):
        files = [pairs[0], pairs[0].with_suffix(".xlsx")][::order]
        import_paths(tmp_path / f"{at}", [*files, *files])
        seen.append(
            Store.open(tmp_path / f"{at}").read(
                lambda snapshot: snapshot.rows(
                    "SELECT count(*) n, sum(impressions)::BIGINT shown FROM post_metrics"
                )
            )
        )
    posts = sheet(pairs[0], "All posts")
    assert seen == [[{"n": len(posts), "shown": total(posts, "Impressions")}]] * 2
