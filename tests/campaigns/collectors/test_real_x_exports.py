"""Real exports of X, if they are here: the store holds what Python's csv module counts.

The files are not part of the repository. ``BEREIK_REAL_EXPORTS`` names their folder.
"""

import csv
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from campaigns.imports import import_paths
from campaigns.store import Store

ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("BEREIK_REAL_EXPORTS", ROOT / ".." / "shared" / "realdata"))
EARLIER = sorted((REAL / "x-analytics-legacy").glob("*/*tweet_activity_metrics_*.csv"))
CONTENT = sorted((REAL / "x-analytics-new").glob("*/account_analytics_content_*.csv"))
OVERVIEW = sorted((REAL / "x-analytics-new").glob("*/account_overview_analytics*.csv"))

pytestmark = pytest.mark.skipif(
    not (EARLIER and CONTENT and OVERVIEW), reason=f"no real exports of X in {REAL}"
)

EARLIER_COLUMNS = {
    "impressions": "impressions",
    "engagements": "engagements",
    "likes": "likes",
    "comments": "replies",
    "shares": "retweets",
    "clicks": "url clicks",
    "profile_clicks": "user profile clicks",
    "detail_expands": "detail expands",
    "hashtag_clicks": "hashtag clicks",
    "permalink_clicks": "permalink clicks",
    "follows": "follows",
    "media_views": "media views",
    "media_engagements": "media engagements",
}
CONTENT_COLUMNS = {
    "impressions": "impressions",
    "engagements": "engagements",
    "likes": "likes",
    "comments": "replies",
    "shares": "reposts",
    "clicks": "url clicks",
    "saves": "bookmarks",
    "share_actions": "shares",
    "follows": "new follows",
    "profile_clicks": "profile visits",
    "detail_expands": "detail expands",
}
OVERVIEW_COLUMNS = {
    "impressions": "impressions",
    "engagements": "engagements",
    "likes": "likes",
    "comments": "replies",
    "shares": "reposts",
    "saves": "bookmarks",
    "share_actions": "shares",
    "follows": "new follows",
    "unfollows": "unfollows",
    "profile_clicks": "profile visits",
    "posts_published": "create post",
    "video_views": "video views",
    "media_views": "media views",
}


RENAMED = {"share": "shares", "link": "post link"}  # early in 2025: later in 2025


def rows_of(path):
    """The rows of a file by label in lower case, as Python's csv module reads them."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        first, *rows = csv.reader(file)
    labels = [RENAMED.get(label.lower(), label.lower()) for label in first]
    return [dict(zip(labels, row, strict=True)) for row in rows]


def all_rows(paths):
    return [row for path in paths for row in rows_of(path)]


def posts_in(rows):
    """The rows that are posts: content exports have rows without an id."""
    return [row for row in rows if (row.get("tweet id") or row.get("post id"))]


def sums(rows, columns):
    return {name: int(sum(float(row[label]) for row in rows)) for name, label in columns.items()}


def read(folder, paths):
    reports = import_paths(folder / "store", paths)
    store = Store.open(folder / "store")

    def ask(sql):
        return store.read(lambda snapshot: snapshot.rows(sql))

    return reports, ask


def totals(ask, table, delivery, columns):
    listed = ", ".join(f"sum({name})::BIGINT AS {name}" for name in columns)
    [row] = ask(f"SELECT {listed} FROM {table} WHERE delivery = '{delivery}'")
    return row


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_LANGUAGE", "en")
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        yield read(tmp_path_factory.mktemp("real"), [*EARLIER, *CONTENT, *OVERVIEW])


def test_every_file_is_imported_with_all_its_posts(real):
    reports, _ask = real
    assert {report.status for report in reports} == {"imported"}
    for report in reports:
        if report.path in OVERVIEW:
            continue
        rows = rows_of(report.path)
        posts = posts_in(rows)
        distinct = len({row.get("tweet id") or row["post id"] for row in posts})
        assert report.tables["posts"] == distinct, report.path.name
        assert sum(n for _why, n in report.skipped) == len(rows) - len(posts), report.path.name


def test_posts_are_those_of_the_files(real):
    _reports, ask = real
    expected = {row["tweet id"] for row in all_rows(EARLIER)}
    expected |= {row["post id"] for row in posts_in(all_rows(CONTENT))}
    found = ask("SELECT post_id, account_id, text FROM posts")
    assert {row["post_id"] for row in found} == expected
    by_account = Counter(row["account_id"] for row in found)
    links = {row["tweet id"]: row["tweet permalink"] for row in all_rows(EARLIER)}
    links |= {row["post id"]: row["post link"] for row in posts_in(all_rows(CONTENT))}
    assert by_account == Counter(link.split("/")[3].lower() for link in links.values())
    assert not any("&amp;" in (row["text"] or "") for row in found)


def test_moments_and_replies_are_those_of_the_files(real):
    _reports, ask = real
    rows = {row["tweet id"]: row for row in all_rows(EARLIER)}
    found = ask(
        "SELECT post_id, published_at, published_on, is_reply FROM posts "
        "WHERE published_at IS NOT NULL"
    )
    assert len(found) == len(rows)
    for row in found:
        source = rows[row["post_id"]]
        moment = datetime.strptime(source["time"], "%Y-%m-%d %H:%M %z")
        assert row["published_at"] == moment.astimezone(UTC)
        assert row["published_on"] == moment.astimezone(ZoneInfo("Europe/Amsterdam")).date()
        assert row["is_reply"] is source["tweet text"].startswith("@")


def test_figures_add_up_to_those_of_the_files(real):
    _reports, ask = real
    assert totals(ask, "post_metrics", "organic", EARLIER_COLUMNS) == sums(
        all_rows(EARLIER), EARLIER_COLUMNS
    )
    assert totals(ask, "post_metrics", "total", CONTENT_COLUMNS) == sums(
        posts_in(all_rows(CONTENT)), CONTENT_COLUMNS
    )
    is_promoted = any(row["promoted impressions"] != "-" for row in all_rows(EARLIER))
    paid = ask("SELECT count(*) AS n FROM post_metrics WHERE delivery = 'paid'")
    assert (paid[0]["n"] > 0) is is_promoted


def test_days_add_up_to_those_of_the_files(real):
    _reports, ask = real
    by_day = {row["date"]: row for path in OVERVIEW for row in rows_of(path)}
    assert totals(ask, "account_days", "total", OVERVIEW_COLUMNS) == sums(
        by_day.values(), OVERVIEW_COLUMNS
    )
    days = [row["day"] for row in ask("SELECT day FROM account_days ORDER BY day")]
    expected = sorted(datetime.strptime(day, "%a, %b %d, %Y").date() for day in by_day)  # noqa: DTZ007
    assert days == expected


def everything(ask):
    """All that the files say, without which import brought it."""
    return [
        ask(f"SELECT * EXCLUDE (import_id) FROM {table} ORDER BY ALL")
        for table in ("posts", "post_metrics", "account_days")
    ]


def test_order_and_repetition_change_nothing(real, tmp_path):
    _reports, ask = real
    backwards = [*OVERVIEW, *CONTENT, *reversed(EARLIER)]
    read(tmp_path, backwards)
    again, ask_again = read(tmp_path, backwards[::3])
    assert {report.status for report in again} == {"unchanged"}
    assert everything(ask_again) == everything(ask)
