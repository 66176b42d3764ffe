"""Real archives, exports and ad tables, if they are here: the store holds what json and csv count.

The files are not part of the repository. ``BEREIK_REAL_EXPORTS`` names their folder.
"""

import csv
import html
import json
import os
import re
import zipfile
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from campaigns.imports import Options, import_paths
from campaigns.store import Store

ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("BEREIK_REAL_EXPORTS", ROOT / ".." / "shared" / "realdata"))
ARCHIVES = sorted({path.parent for path in (REAL / "x-archive").rglob("tweets.js")})
META = sorted((REAL / "meta-business-suite").glob("*.csv"))
ADS = REAL / "ads-api-seeds-fivetran"

pytestmark = pytest.mark.skipif(
    not (ARCHIVES and META and ADS.exists()), reason=f"no real exports in {REAL}"
)


def nameless(link):
    """An address without the handle in it: in the store that is a pseudonym."""
    return re.sub(
        r"(//(?:\w+\.)?(?:twitter|x|instagram|linkedin)\.com/(?:in/)?)[^/?#]+", r"\1_", link
    )


def read(folder, *paths):
    reports = import_paths(
        folder / "store", paths, Options(accounts=[("x-archive/*", "demo")], role="own")
    )
    store = Store.open(folder / "store")

    def ask(sql):
        return store.read(lambda snapshot: snapshot.rows(sql))

    return reports, ask


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_LANGUAGE", "en")
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        yield read(tmp_path_factory.mktemp("real"), *ARCHIVES, *META, ADS)


# --- archives --------------------------------------------------------------------------------


def payload(path):
    return json.loads(path.read_text("utf-8").partition("=")[2])


def tweets():
    return [item["tweet"] for folder in ARCHIVES for item in payload(folder / "tweets.js")]


def notes():
    return [item["noteTweet"] for folder in ARCHIVES for item in payload(folder / "note-tweet.js")]


def test_every_post_of_an_archive_is_there(real):
    reports, ask = real
    found = [report for report in reports if report.path in ARCHIVES]
    assert {report.status for report in found} == {"imported"}
    assert sum(report.tables["posts"] for report in found) == len(tweets())
    rows = {row["post_id"]: row for row in ask("SELECT * FROM posts WHERE platform = 'x'")}
    assert set(rows) == {tweet["id_str"] for tweet in tweets()}
    for tweet in tweets():
        row = rows[tweet["id_str"]]
        moment = datetime.strptime(tweet["created_at"], "%a %b %d %H:%M:%S %z %Y")
        assert row["published_at"] == moment.astimezone(UTC)
        assert row["published_on"] == moment.astimezone(ZoneInfo("Europe/Amsterdam")).date()
        assert row["is_reply"] is ("in_reply_to_user_id_str" in tweet)
        assert row["is_repost"] is tweet["full_text"].startswith("RT @")
        links = [url["expanded_url"] for url in tweet["entities"]["urls"]]
        assert {nameless(link) for link in links} <= {
            nameless(link) for link in (row["links"] or "").split()
        }
        media = {each["type"] for each in tweet.get("extended_entities", {}).get("media", [])}
        assert row["media_type"] in (media or {"text"})


def test_figures_of_an_archive(real):
    _reports, ask = real
    [row] = ask(
        "SELECT count(*) AS n, sum(likes) AS likes, sum(shares) AS shares, "
        "count(impressions) AS impressions FROM post_metrics WHERE platform = 'x'"
    )
    likes = sum(int(tweet["favorite_count"]) for tweet in tweets())
    shares = sum(int(tweet["retweet_count"]) for tweet in tweets())
    assert [int(value) for value in row.values()] == [len(tweets()), likes, shares, 0]


def test_every_long_post_has_its_whole_text(real):
    _reports, ask = real

    def words(text):
        """The words without handles (others' are pseudonyms) and addresses."""
        return re.findall(r"\w+", re.sub(r"@\S+|https?://\S+", " ", html.unescape(text)))

    stored = [
        words(row["text"] or "") for row in ask("SELECT text FROM posts WHERE platform = 'x'")
    ]
    assert all(words(note["core"]["text"]) in stored for note in notes())
    shortened = ask("SELECT count(*) AS n FROM posts WHERE contains(text, '://t.co/')")
    assert shortened[0]["n"] == 0


def test_the_same_archive_as_a_zip_is_the_same(real, tmp_path):
    _reports, ask = real
    path = tmp_path / "x-archive" / "archive.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in ARCHIVES[0].iterdir():
            archive.write(file, f"data/{file.name}")
    [report], ask_zip = read(tmp_path, path)
    assert report.path == path
    sql = "SELECT * EXCLUDE (import_id) FROM posts WHERE platform = 'x' ORDER BY post_id"
    assert ask_zip(sql) == ask(sql)


# --- Meta ------------------------------------------------------------------------------------


def test_figures_of_meta(real):
    reports, ask = real
    rows = []
    for path in META:
        with path.open(newline="", encoding="utf-8-sig") as file:
            labels, *cells = list(csv.reader(file))
        # the first of two columns of one label
        rows += [dict(reversed(list(zip(labels, row, strict=True)))) for row in cells]
    assert sum(r.tables["posts"] for r in reports if r.path in META) == len(rows)
    columns = {
        "impressions": "Views", "reach": "Reach", "engagements": "Reactions, comments and shares",
        "likes": "Reactions", "comments": "Comments", "shares": "Shares", "clicks": "Total clicks",
        "video_views": "3-second video views",
    }  # fmt: skip
    for name, label in columns.items():
        known = [int(row[label]) for row in rows if row[label] != ""]
        [found] = ask(
            f"SELECT count({name}) AS n, sum({name}) AS total FROM post_metrics "
            "WHERE platform IN ('facebook', 'instagram') AND delivery = 'total'"
        )
        assert [found["n"], int(found["total"])] == [len(known), sum(known)], name
    texts = {row["text"] for row in ask("SELECT text FROM posts WHERE platform = 'facebook'")}
    assert all("@" in row["Title"] or row["Title"].strip() in texts for row in rows)


# --- ad tables -------------------------------------------------------------------------------

# file, platform, level, columns of the unit and the day, factor and column of the amount, clicks
LEVELS = [
    ("linkedin_ad_analytics_by_creative", "linkedin", "ad", "creative_id", "day", 1, "cost_in_local_currency", "clicks"),
    ("linkedin_ad_analytics_by_campaign", "linkedin", "campaign", "campaign_id", "day", 1, "cost_in_local_currency", "clicks"),
    ("twitter_promoted_tweet_report", "x", "ad", "promoted_tweet_id", "date", 1_000_000, "billed_charge_local_micro", "url_clicks"),
    ("twitter_line_item_report", "x", "group", "line_item_id", "date", 1_000_000, "billed_charge_local_micro", "url_clicks"),
    ("twitter_campaign_report", "x", "campaign", "campaign_id", "date", 1_000_000, "billed_charge_local_micro", "url_clicks"),
    ("facebook_ads_basic_ad", "facebook", "ad", "ad_id", "date", 1, "spend", "inline_link_clicks"),
    ("google_ads_ad_stats", "google", "ad", "ad_id", "date", 1_000_000, "cost_micros", "clicks"),
    ("google_ads_ad_group_stats", "google", "group", "id", "date", 1_000_000, "cost_micros", "clicks"),
    ("google_ads_campaign_stats", "google", "campaign", "id", "date", 1_000_000, "cost_micros", "clicks"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "platform", "level", "unit", "day", "factor", "amount", "clicks"), LEVELS
)
def test_ads_are_those_of_the_table(real, name, platform, level, unit, day, factor, amount, clicks):
    _reports, ask = real
    with (ADS / f"{name}_data.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expected = defaultdict(lambda: [None, None, None])
    for row in rows:
        whole = expected[row[unit], row[day][:10]]
        for at, text in enumerate((row["impressions"], row[clicks], row[amount])):
            if text != "":
                whole[at] = (whole[at] or 0) + Decimal(text)
    found = ask(
        "SELECT ad_id, first_day, last_day, impressions, clicks, spend FROM ad_periods "
        f"WHERE platform = '{platform}' AND level = '{level}'"
    )
    assert all(row["first_day"] == row["last_day"] for row in found)
    stored = {
        (row["ad_id"], row["first_day"].isoformat()): [
            row["impressions"],
            row["clicks"],
            row["spend"],
        ]
        for row in found
    }
    assert stored == {
        key: [seen, clicked, None if paid is None else paid / factor]
        for key, (seen, clicked, paid) in expected.items()
    }


def test_every_table_is_read_or_left_alone_with_a_reason(real):
    reports, _ask = real
    tables = {report.path.name: report for report in reports if report.path.parent == ADS}
    assert set(tables) == {path.name for path in ADS.iterdir()}
    imported = {name for name, report in tables.items() if report.status == "imported"}
    stats = {f"{name}_data.csv" for name, *_rest in LEVELS}
    assert imported == stats | {"google_ads_search_term_keyword_stats_data.csv"}
    for name, report in tables.items():
        if name not in imported:
            assert report.status == "ignored", name
            assert report.notes, name
            assert name.startswith("LICENSE") or report.format.startswith("ad_table_"), name


def test_search_terms_of_ads_are_those_of_the_table(real):
    _reports, ask = real
    with (ADS / "google_ads_search_term_keyword_stats_data.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    [found] = ask("SELECT sum(clicks) AS clicks, sum(impressions) AS seen FROM search_terms")
    assert int(found["clicks"]) == sum(int(row["clicks"]) for row in rows)
    assert int(found["seen"]) == sum(int(row["impressions"]) for row in rows)


# --- all that is there -----------------------------------------------------------------------


def test_order_and_repetition_change_nothing(real, tmp_path):
    _reports, ask = real
    read(tmp_path, ADS, *META, *ARCHIVES)
    again, ask_again = read(tmp_path, *ARCHIVES, ADS)
    assert {report.status for report in again} == {"unchanged", "ignored"}
    for table in ("posts", "post_metrics", "ad_periods", "search_terms"):
        sql = f"SELECT * EXCLUDE (import_id) FROM {table} ORDER BY ALL"
        assert ask_again(sql) == ask(sql), table
