"""Real LinkedIn exports of audiences, competitors and a person, when they are at hand.

Counts and sums are computed here with openpyxl, cell by cell; nothing of the product is used.
"""

import datetime as dt
import os
import re
from pathlib import Path

import openpyxl
import pytest

from campaigns.imports import Options, import_paths
from campaigns.store import Store

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("BEREIK_REAL_EXPORTS", ROOT / ".." / "shared" / "realdata")).resolve()

FOLLOWERS = sorted((FOLDER / "linkedin-page").rglob("*_followers_*.xls*"))
VISITORS = sorted((FOLDER / "linkedin-page").rglob("*_visitors_*.xls*"))
COMPETITORS = sorted((FOLDER / "linkedin-page").rglob("*_competitor_analytics_*.xls*"))
CREATORS = sorted((FOLDER / "linkedin-creator").rglob("*.xlsx"))

pytestmark = [
    pytest.mark.skipif(not FOLLOWERS + CREATORS, reason=f"no real exports in {FOLDER}"),
    pytest.mark.filterwarnings("ignore:Workbook contains no default style"),
]

GROUPS = {
    "Location": "place",
    "Job function": "function",
    "Seniority": "seniority",
    "Industry": "industry",
    "Company size": "company size",
}


def cells(path, name):
    """The rows of a sheet, those without any value left out."""
    rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [row for row in rows if any(value is not None for value in row)]


def bring(tmp_path, path, **options):
    """Import one file; gives its report and a way to ask the store."""
    [report] = import_paths(tmp_path, [path], Options(role="own", **options))
    assert report.error is None, str(report.error)
    store = Store.open(tmp_path)

    def ask(sql):
        rows = store.read(lambda snapshot: snapshot.rows(sql))
        return [tuple(row.values()) for row in rows]

    return report, ask


def day(text):
    return dt.datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007


def urn(link):
    return re.search(r"urn:li:\w+:\d+", link)[0]


@pytest.mark.parametrize("path", FOLLOWERS, ids=lambda path: path.name[:24])
def test_followers(tmp_path, path):
    report, ask = bring(tmp_path, path)
    header, *days = cells(path, "New followers")
    assert not report.skipped
    assert report.period == (day(days[0][0]), day(days[-1][0]))
    found = dict(ask("SELECT delivery, sum(follows)::INT FROM account_days GROUP BY 1"))
    sums = {label: sum(row[at] for row in days) for at, label in enumerate(header) if at}
    assert found == {
        "paid": sums["Sponsored followers"],
        "organic": sums["Organic followers"],
        "total": sums["Total followers"],
    }
    assert sums["Total followers"] == sum(sums.values()) - sums["Total followers"]
    for sheet, dimension in GROUPS.items():
        expected = {str(value): people for value, people in cells(path, sheet)[1:]}
        rows = ask(f"SELECT value, people FROM audience_shares WHERE dimension = '{dimension}'")
        assert dict(rows) == expected


@pytest.mark.parametrize("path", VISITORS, ids=lambda path: path.name[:24])
def test_visitors(tmp_path, path):
    report, ask = bring(tmp_path, path)
    header, *days = cells(path, "Visitor metrics")
    assert not report.skipped
    views = header.index("Total page views (total)")
    visitors = header.index("Total unique visitors (total)")
    assert ask(
        "SELECT count(*), sum(page_views)::INT, max(unique_visitors), min(delivery) "
        "FROM account_days"
    ) == [(len(days), sum(row[views] for row in days), max(row[visitors] for row in days), "total")]
    for sheet, dimension in GROUPS.items():
        expected = {str(value): seen for value, seen in cells(path, sheet)[1:]}
        rows = ask(
            f"SELECT value, views FROM audience_shares WHERE dimension = 'visitor {dimension}'"
        )
        assert dict(rows) == expected


@pytest.mark.parametrize("path", COMPETITORS, ids=lambda path: path.name[:24])
def test_competitors(tmp_path, path):
    report, ask = bring(tmp_path, path)
    (first, last, *_), _labels, *pages = cells(path, "COMPETITORS")
    assert report.period == (day(first), day(last))
    own = path.name.split("_competitor_analytics_")[0]
    found = ask(
        "SELECT a.name, a.role, p.followers, p.new_followers, p.engagements, p.posts_published "
        "FROM account_periods p JOIN accounts a USING (account_id)"
    )
    assert {row[2:] for row in found} == {tuple(map(int, row[1:])) for row in pages}
    assert {row[0] for row in found if row[1] == "peer"} == {row[0] for row in pages} - {own}
    assert len([row for row in found if row[1] == "own"]) == 1


@pytest.mark.parametrize("path", CREATORS, ids=lambda path: path.name[:24])
def test_personal_analytics(tmp_path, path):
    report, ask = bring(tmp_path, path, accounts=((None, "demo"),))
    (_, _period), (_, impressions), (_, reach) = cells(path, "DISCOVERY")
    days = cells(path, "ENGAGEMENT")[1:]
    (_, followers, *_), _labels, *won = cells(path, "FOLLOWERS")
    assert report.period == (min(day(row[0]) for row in days), max(day(row[0]) for row in days))
    assert ask("SELECT impressions, reach, followers FROM account_periods") == [
        (impressions, reach, followers)
    ]
    assert ask(
        "SELECT count(*), sum(impressions)::INT, sum(engagements)::INT, sum(follows)::INT "
        "FROM account_days"
    ) == [
        (
            len(days),
            sum(row[1] for row in days),
            sum(row[2] for row in days),
            sum(row[1] for row in won),
        )
    ]
    assert sum(row[1] for row in days) == impressions


@pytest.mark.parametrize("path", CREATORS, ids=lambda path: path.name[:24])
def test_top_posts(tmp_path, path):
    """Both tables of the sheet, joined here by hand."""
    report, ask = bring(tmp_path, path, accounts=((None, "demo"),))
    posts, without_date = {}, 0
    for row in cells(path, "TOP POSTS")[2:]:
        for (link, published, figure), name in ((row[0:3], "engagements"), (row[4:7], "shown")):
            if link and published:
                post = posts.setdefault(urn(link), {"day": day(published)})
                post[name] = figure
            elif link:
                without_date += 1
    assert [(str(why), rows) for why, rows in report.skipped] == [("without a date", without_date)]
    found = ask(
        "SELECT post_id, published_on, engagements, impressions FROM posts "
        "LEFT JOIN post_metrics USING (platform, post_id)"
    )
    assert sorted(found) == sorted(
        (key, post["day"], post.get("engagements"), post.get("shown"))
        for key, post in posts.items()
    )


@pytest.mark.parametrize("path", CREATORS, ids=lambda path: path.name[:24])
def test_groups_of_followers(tmp_path, path):
    _report, ask = bring(tmp_path, path, accounts=((None, "demo"),))
    rows = cells(path, "DEMOGRAPHICS")[1:]
    expected = {(value, share if isinstance(share, float) else None) for _, value, share in rows}
    assert set(ask("SELECT value, share FROM audience_shares")) == expected
    assert ask("SELECT count(*), count(DISTINCT dimension) FROM audience_shares") == [
        (len(rows), len({dimension for dimension, _, _ in rows}))
    ]
