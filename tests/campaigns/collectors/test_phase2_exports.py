"""X's archive, videos and ads, Meta's posts, ad tables, search terms: made-up files to rows.

Expected values are worked by hand.
"""

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from campaigns.imports import Options, import_paths
from campaigns.store import Store

DATA = Path(__file__).parents[2] / "data"
ARCHIVE = DATA / "x_archive"
NO_IMPRESSIONS = "An archive has likes and reposts, but no impressions."


def imported(folder, *paths, **options):
    """Reports by file name, and a function that asks the store."""
    reports = import_paths(folder / "store", paths, Options(role="own", **options))
    by_name = {report.path.name: report.as_json() for report in reports}

    def ask(sql, **parameters):
        store = Store.open(folder / "store")
        return store.read(lambda snapshot: snapshot.rows(sql, parameters))

    return by_name, ask


@pytest.fixture
def bring(tmp_path):
    """Import files into a store of this test."""
    return lambda *paths, **options: imported(tmp_path, *paths, **options)


def changed(source, target, *replacements):
    """A copy of a text file with some texts replaced."""
    text = source.read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    target.write_text(text, "utf-8")
    return target


# --- X's archive -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_LANGUAGE", "en")
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        folder = tmp_path_factory.mktemp("archive")
        yield imported(folder, ARCHIVE / "dijkwacht", accounts=[(None, "Dijkwacht")])


def test_an_archive_has_posts_and_likes(archive):
    reports, ask = archive
    report = reports["dijkwacht"]
    assert report["status"] == "imported"
    assert report["format"] == "x_archive"
    assert report["account"] == "dijkwacht"
    assert report["period"] == ["2024-06-01", "2025-03-12"]
    assert report["tables"] == {"posts": 7, "post_metrics": 7}
    assert NO_IMPRESSIONS in report["notes"]
    assert any("3 other files" in note for note in report["notes"])
    assert not any("cut off" in note for note in report["notes"])
    figures = ask("SELECT post_id, delivery, likes, shares, impressions FROM post_metrics")
    found = {row["post_id"][-3:]: [*row.values()][1:] for row in figures}
    assert found == {
        "001": ["total", 3, 0, None],
        "017": ["total", 12, 3, None],
        "018": ["total", 40, 7, None],
        "019": ["total", 1, 0, None],
        "020": ["total", 0, 0, None],
        "021": ["total", 5, 1, None],
        "022": ["total", 2, 0, None],
    }


def test_texts_are_plain_and_links_are_whole(archive):
    _reports, ask = archive
    rows = {row["post_id"][-3:]: row for row in ask("SELECT * FROM posts")}
    winter = "https://www.waterstad.example/winter?utm_campaign=winter25"
    assert rows["017"]["text"] == (
        f"Is jouw dijk klaar voor de winter? Lees het & doe mee: {winter} #waterveilig"
    )
    assert rows["017"]["links"] == winter
    assert rows["018"]["text"] == "Onze kering <3"
    assert rows["018"]["media_type"] == "video"
    assert rows["022"]["media_type"] == "photo"
    assert rows["017"]["media_type"] == "text"
    assert rows["001"]["language"] is None
    assert rows["017"]["language"] == "nl"
    assert rows["017"]["url"] == "https://x.com/dijkwacht/status/1900000000000000017"


def test_a_long_post_gets_its_whole_text(archive):
    _reports, ask = archive
    [row] = ask("SELECT text, links FROM posts WHERE post_id = '1900000000000000021'")
    assert row["text"] == (
        "Een lang verhaal over de dijk, dat begint met een steen en daarna nog een steen en dan "
        "klei. Lees verder: https://www.waterstad.example/dijk #dijk"
    )
    assert row["links"] == "https://www.waterstad.example/dijk"
    [other] = ask("SELECT text FROM posts WHERE post_id = '1900000000000000022'")
    assert other["text"] == "Een ander bericht in dezelfde seconde"


def test_moments_replies_and_reposts_of_an_archive(archive):
    _reports, ask = archive
    rows = {row["post_id"][-3:]: row for row in ask("SELECT * FROM posts")}
    assert rows["018"]["published_at"] == dt.datetime(2025, 3, 10, 23, 30, tzinfo=dt.UTC)
    assert rows["018"]["published_on"] == dt.date(2025, 3, 11)  # in Amsterdam
    assert [name for name in sorted(rows) if rows[name]["is_reply"]] == ["019"]
    assert [name for name in sorted(rows) if rows[name]["is_repost"]] == ["020"]
    assert rows["017"]["collected_at"] == dt.datetime(
        2025, 3, 15, 11, 33, 22, 222000, tzinfo=dt.UTC
    )
    assert "buurvrouw_jans" not in rows["019"]["text"]
    assert not any("geheim" in (row["text"] or "") for row in rows.values())


def test_the_older_archive(bring):
    reports, ask = bring(ARCHIVE / "grailbird", accounts=[(None, "dijkwacht")])
    report = reports["grailbird"]
    assert report["status"] == "imported"
    assert report["tables"] == {"posts": 4, "post_metrics": 1}
    assert not any("cut off" in note for note in report["notes"])
    rows = {row["post_id"]: row for row in ask("SELECT * FROM posts")}
    assert set(rows) == {
        "23456789012", "270000000000000123", "270000000000000456", "270000000000000789",
    }  # fmt: skip
    first = rows["23456789012"]
    assert first["published_at"] is None  # the archive writes 00:00:00 for every time then
    assert first["published_on"] == dt.date(2010, 9, 5)
    assert rows["270000000000000123"]["text"] == "Nieuws http://waterstad.example/"
    assert rows["270000000000000789"]["published_on"] == dt.date(2012, 11, 21)
    assert rows["270000000000000789"]["media_type"] == "photo"
    assert rows["270000000000000456"]["is_repost"] is True
    [figures] = ask("SELECT post_id, likes, shares FROM post_metrics")
    assert [*figures.values()] == ["270000000000000789", 4, 2]  # others' counts are not ours


def test_an_archive_of_another_account_than_said_is_told(bring):
    reports, ask = bring(ARCHIVE / "dijkwacht", accounts=[(None, "@Anders")])
    assert any("it is of dijkwacht" in note for note in reports["dijkwacht"]["notes"])
    assert {row["account_id"] for row in ask("SELECT account_id FROM posts")} == {"anders"}


def test_one_file_of_an_archive_under_any_name(bring, tmp_path):
    renamed = tmp_path / "mijn posts (1).js"
    shutil.copy(ARCHIVE / "tweet.js", renamed)
    reports, ask = bring(renamed, accounts=[(None, "dijkwacht")])
    report = reports[renamed.name]
    assert report["tables"] == {"posts": 1, "post_metrics": 1}
    assert any("cut off" in note for note in report["notes"])
    [row] = ask("SELECT account_id, post_id, url FROM posts")
    assert row["account_id"] == "dijkwacht"
    assert row["url"] == "https://x.com/dijkwacht/status/1700000000000000001"


def test_a_broken_archive_keeps_what_is_whole(bring, tmp_path):
    source = ARCHIVE / "dijkwacht" / "data" / "tweets.js"
    broken = changed(
        source, tmp_path / "tweets.js", ('"id_str": "1900000000000000018"', '"id_str" = 8')
    )
    text = broken.read_text("utf-8")
    broken.write_text(text[: text.rindex("favorited")], "utf-8")
    reports, ask = bring(broken, accounts=[(None, "dijkwacht")])
    report = reports["tweets.js"]
    assert report["status"] == "imported"
    assert {row["post_id"][-3:] for row in ask("SELECT post_id FROM posts")} == {
        "017", "019", "020", "021",
    }  # fmt: skip
    assert sorted((skip["rows"], skip["reason"]) for skip in report["skipped"]) == [
        (1, "the file ends within this row: it was cut off"),
        (1, "the post is not valid JSON"),
    ]


HOSTILE = [
    {"tweet": {"id_str": "1", "created_at": "Mon Mar 10 08:30:00 +0000 2025", "full_text": None}},
    {"tweet": {"id_str": ["2"], "created_at": 7, "entities": "x", "extended_entities": [1]}},
    {"tweet": None},
    {"noteTweet": {}},
    {"tweet": {"id_str": "3", "created_at": "Mon Mar 10 08:30:00 +0000 2025", "full_text": "\ud83d \x1fn1",
               "favorite_count": "veel", "entities": {"urls": [None, {"url": {}, "expanded_url": "x"}]}}},
]  # fmt: skip


def test_anything_can_stand_in_an_archive(bring, tmp_path):
    file = tmp_path / "tweets.js"
    body = json.dumps([*HOSTILE, 5, "x"])
    file.write_text(f"window.YTD.tweets.part0 = {body}", "utf-8")
    reports, ask = bring(file, accounts=[(None, "a")])
    report = reports["tweets.js"]
    assert report["status"] == "imported"
    assert {row["post_id"] for row in ask("SELECT post_id FROM posts")} == {"1", "3"}
    assert sum(skip["rows"] for skip in report["skipped"]) == 5
    file.write_text("window.YTD.tweets.part0 = " + "[" * 100_000, "utf-8")
    assert bring(file)[0]["tweets.js"]["status"] == "failed"
    file.write_text("window.YTD.tweets.part0 = [ ]", "utf-8")
    assert "without a usable row" in bring(file)[0]["tweets.js"]["error"]


def test_a_large_archive_is_read_in_pieces(bring, tmp_path):
    [post] = json.loads((ARCHIVE / "tweet.js").read_text("utf-8").partition("=")[2])
    file = tmp_path / "tweets.js"
    with file.open("w", encoding="utf-8") as text:
        text.write("window.YTD.tweets.part0 = [\n")
        for number in range(3000):
            post["tweet"]["id_str"] = str(10**18 + number)
            post["tweet"]["full_text"] = f"é€😀 {number} " + "x" * number
            text.write(("," if number else "") + json.dumps(post, ensure_ascii=False))
        text.write("]")
    assert file.stat().st_size > 4 << 20
    _reports, ask = bring(file, accounts=[(None, "a")])
    [row] = ask("SELECT count(*) AS n, sum(length(text)) AS letters FROM posts")
    # "é€😀 ", the digits of the number, " ", the x's; nothing follows the space of the first
    digits = 10 + 2 * 90 + 3 * 900 + 4 * 2000
    assert [row["n"], int(row["letters"])] == [3000, 3000 * 5 - 1 + digits + 2999 * 3000 // 2]


def test_files_named_as_months_need_not_be_an_archive(bring, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "2012_11.js").write_text("alert('hello')\n", "utf-8")
    reports, _ask = bring(tmp_path / "in")
    assert [report["status"] for report in reports.values()] == ["ignored"]


# --- X's video overview ----------------------------------------------------------------------

VIDEO = DATA / "x_video_export" / "video_overview_analytics.csv"


def test_video_overview_is_two_tables(bring):
    reports, ask = bring(VIDEO, accounts=[(None, "dijkwacht")])
    report = reports[VIDEO.name]
    assert report["format"] == "x_video"
    assert report["language"] == "en"
    assert report["period"] == ["2025-02-16", "2025-02-18"]
    assert report["tables"] == {"account_days": 3, "posts": 1, "post_metrics": 1}
    assert report["skipped"] == [{"reason": "X does not say which post shows the video", "rows": 1}]
    days = ask("SELECT day, delivery, video_views, impressions FROM account_days ORDER BY day")
    assert [[*row.values()] for row in days] == [
        [dt.date(2025, 2, 16), "total", 1340, None],
        [dt.date(2025, 2, 17), "total", 0, None],
        [dt.date(2025, 2, 18), "total", 12, None],
    ]
    [video] = ask("SELECT post_id, video_views FROM post_metrics")
    assert [*video.values()] == ["1891000000000000001", 1352]


def test_a_day_without_figures_does_not_end_the_days_of_a_video_overview(bring, tmp_path):
    file = changed(VIDEO, tmp_path / "video.csv", (",0,0,0.00,0,0\n", ",,,,,\n"))
    reports, ask = bring(file, accounts=[(None, "dijkwacht")])
    assert reports["video.csv"]["tables"] == {"account_days": 3, "posts": 1, "post_metrics": 1}
    days = ask("SELECT day, video_views FROM account_days ORDER BY day")
    assert [row["video_views"] for row in days] == [1340, None, 12]


def test_videos_below_lost_labels_are_counted(bring, tmp_path):
    labels = next(line for line in VIDEO.read_text("utf-8").splitlines() if "Video ID" in line)
    file = changed(VIDEO, tmp_path / "video.csv", (f"{labels}\n", ""))
    reports, _ask = bring(file, accounts=[(None, "dijkwacht")])
    assert reports["video.csv"]["tables"] == {"account_days": 3}
    why = "the row has more cells than the header"
    assert reports["video.csv"]["skipped"] == [{"reason": why, "rows": 2}]


def test_video_overview_with_many_days_other_labels_and_no_videos(bring, tmp_path):
    start = dt.date(2024, 1, 1)
    lines = ["Visão geral,,,,", "Data,Visualizações,Tempo (ms),Conclusão,Tempo médio (ms)"]
    for number in range(365):
        day = start + dt.timedelta(days=number)
        lines.append(f'"{day:%a, %b} {day.day}, {day.year}",{number},1,0.1,1')
    upper = tmp_path / "video_a.csv"
    upper.write_text("\n".join(lines), "utf-8")
    lower = ["," * 9, "Vídeos" + "," * 9, *VIDEO.read_text("utf-8").splitlines()[-3:]]
    both = tmp_path / "video_b.csv"
    both.write_text("\n".join([*lines, *lower]), "utf-8")
    reports, ask = bring(upper, both, accounts=[(None, "a")])
    assert reports["video_a.csv"]["tables"] == {"account_days": 365}
    assert reports["video_b.csv"]["tables"] == {"account_days": 365, "posts": 1, "post_metrics": 1}
    [row] = ask("SELECT sum(video_views) AS n FROM account_days")
    assert int(row["n"]) == 365 * 364 // 2


# --- X Ads Manager ---------------------------------------------------------------------------

BY_DAY = DATA / "x_ads_export" / "x-ads-ads-by-day.csv"
BY_PERIOD = DATA / "x_ads_export" / "x-ads-campaigns-period.csv"


def test_ads_by_day(bring):
    reports, ask = bring(BY_DAY)
    report = reports[BY_DAY.name]
    assert report["format"] == "x_ads"
    assert report["tables"] == {"ad_periods": 4}
    assert report["skipped"] == [{"reason": "the total of the report", "rows": 1}]
    rows = ask("SELECT * FROM ad_periods ORDER BY first_day, ad_id")
    assert {row["level"] for row in rows} == {"ad"}
    names = (
        "ad_id",
        "post_id",
        "first_day",
        "last_day",
        "impressions",
        "clicks",
        "spend",
        "currency",
    )
    assert [[row[name] for name in names] for row in rows] == [
        ["a1", "1900000000000000017", dt.date(2025, 3, 10), dt.date(2025, 3, 10), 12000, 80, Decimal("45.5"), "EUR"],
        ["a2", "1900000000000000018", dt.date(2025, 3, 10), dt.date(2025, 3, 10), 900, 9, Decimal("3.2"), "EUR"],
        ["a1", "1900000000000000017", dt.date(2025, 3, 11), dt.date(2025, 3, 11), 8500, 61, Decimal("31.75"), "EUR"],
        ["a3", None, dt.date(2025, 3, 11), dt.date(2025, 3, 11), 0, 0, Decimal(0), "EUR"],
    ]  # fmt: skip
    assert [row["video_views"] for row in rows] == [None, 400, None, None]
    assert [row["results"] for row in rows] == [80, 9, 61, 0]
    assert {(row["campaign_name"], row["group_name"], row["campaign_key"]) for row in rows} == {
        ("Winter 2025", "Nederland", "c1")
    }


def test_campaigns_of_a_whole_period_in_european_numbers(bring):
    reports, ask = bring(BY_PERIOD, accounts=[(None, "gemeente")])
    report = reports[BY_PERIOD.name]
    assert report["period"] == ["2025-03-01", "2025-03-31"]
    assert any("clicks on anything" in note for note in report["notes"])
    rows = ask("SELECT * FROM ad_periods ORDER BY ad_id DESC")
    names = (
        "ad_account_id",
        "level",
        "ad_id",
        "first_day",
        "last_day",
        "clicks",
        "spend",
        "currency",
    )
    first, last = dt.date(2025, 3, 1), dt.date(2025, 3, 31)
    assert [[row[name] for name in names] for row in rows] == [
        ["gemeente", "campaign", "Zomer", first, last, 1, Decimal("0.99"), "EUR"],
        ["gemeente", "campaign", "Winter 2025", first, last, 172, Decimal("1234.5"), "EUR"],
    ]


def test_an_amount_without_currency_says_so(bring, tmp_path):
    file = changed(BY_DAY, tmp_path / "a.csv", ("Spend (EUR)", "Spend"))
    reports, ask = bring(file)
    assert any("which currency" in note for note in reports["a.csv"]["notes"])
    assert {row["currency"] for row in ask("SELECT currency FROM ad_periods")} == {None}


# --- Meta ------------------------------------------------------------------------------------

META = DATA / "meta_posts_export"
FACEBOOK = META / "Feb-01-2025_Mar-15-2025_1001.csv"
INSTAGRAM = META / "instagram_Feb-01-2025_Mar-31-2025_1002.csv"


def test_posts_of_facebook(bring):
    reports, ask = bring(FACEBOOK)
    report = reports[FACEBOOK.name]
    assert report["format"] == "meta_posts"
    assert report["account"] == "waterstad demo"
    assert report["period"] == ["2025-02-01", "2025-03-15"]
    assert report["tables"] == {"posts": 3, "post_metrics": 6}
    assert any("time zone" in note for note in report["notes"])
    first, film, shared = ask("SELECT * FROM posts ORDER BY post_id")
    assert {row["platform"] for row in (first, film, shared)} == {"facebook"}
    assert first["text"] == "De dijk is open.\n\nKom kijken, zaterdag! #waterveilig"
    assert first["published_at"] == dt.datetime(2025, 3, 15, 2, 6, tzinfo=dt.UTC)  # Amsterdam
    assert film["text"] == "Film over de kering"
    assert film["published_on"] == dt.date(2025, 2, 1)
    assert [row["is_repost"] for row in (first, film, shared)] == [False, False, True]


def test_figures_of_facebook_blank_is_not_zero(bring):
    _reports, ask = bring(FACEBOOK)
    rows = ask(
        "SELECT post_id, delivery, impressions, reach, engagements, likes, comments, shares, "
        "clicks, video_views FROM post_metrics ORDER BY post_id, delivery"
    )
    found = {(row.pop("post_id")[-1], row.pop("delivery")): list(row.values()) for row in rows}
    assert found == {
        ("1", "total"): [1200, 900, 45, 30, 5, 10, 22, None],
        ("1", "organic"): [None, 700, None, None, None, None, None, 0],
        ("1", "paid"): [None, 250, None, None, None, None, None, 0],
        ("2", "total"): [5000, 4100, 120, 100, 8, 12, 60, 2300],
        ("2", "organic"): [None, 4100, None, None, None, None, None, 2300],
        ("2", "paid"): [None, 0, None, None, None, None, None, 0],
    }
    collected = ask("SELECT DISTINCT collected_at FROM post_metrics")
    assert [row["collected_at"] for row in collected] == [
        dt.datetime(2025, 3, 15, 23, 59, 59, tzinfo=dt.UTC)
    ]


def test_posts_of_facebook_in_dutch_and_french(bring):
    """The id and the link are known by their cells where no list of labels has them."""
    dutch = META / "berichten_Mar-01-2025_Mar-31-2025_1003.csv"
    french = META / "publications_Mar-01-2025_Mar-31-2025_1004.csv"
    reports, ask = bring(dutch, french)
    assert {report["format"] for report in reports.values()} == {"meta_posts_translated"}
    assert [reports[path.name]["language"] for path in (dutch, french)] == ["nl", "fr"]
    rows = ask(
        "SELECT post_id, delivery, impressions, reach, engagements, likes, comments, shares, "
        "clicks, video_views FROM post_metrics ORDER BY post_id, delivery"
    )
    found = {(row.pop("post_id")[-2:], row.pop("delivery")): list(row.values()) for row in rows}
    assert found == {
        ("01", "total"): [None, 1234, 57, 40, 10, 7, 99, None],
        ("01", "organic"): [None, 1000, None, None, None, None, None, None],
        ("01", "paid"): [None, 300, None, None, None, None, None, None],
        ("02", "total"): [None, 45, 3, 2, 1, 0, 4, 12],
        ("02", "organic"): [None, 45, None, None, None, None, None, None],
        ("11", "total"): [2000, 1500, 12, 9, 2, 1, 30, None],
        ("11", "organic"): [1200, None, None, None, None, None, None, None],
        ("11", "paid"): [800, None, None, None, None, None, None, None],
    }
    posts = ask("SELECT account_id, published_on, is_repost, collected_at FROM posts ORDER BY 2")
    assert [row["account_id"] for row in posts] == ["unknown", "unknown", "ville demo"]
    assert [row["published_on"].day for row in posts] == [20, 21, 22]
    assert [row["is_repost"] for row in posts] == [False, True, False]
    assert {row["collected_at"].date() for row in posts} == {dt.date(2025, 3, 31)}


def test_posts_by_day_are_left_out_in_any_language(bring, tmp_path):
    file = changed(
        META / "publications_Mar-01-2025_Mar-31-2025_1004.csv",
        tmp_path / "publications.csv",
        ("Lifetime", "03/22/2025"),
    )
    reports, _ask = bring(file)
    assert "Lifetime" in reports["publications.csv"]["error"]


def test_posts_of_instagram(bring):
    reports, ask = bring(INSTAGRAM)
    report = reports[INSTAGRAM.name]
    assert report["account"] == "waterstad.demo"
    assert report["skipped"] == [
        {"reason": "a day of a post: export 'Lifetime' figures instead", "rows": 1}
    ]
    rows = ask(
        "SELECT platform, impressions, reach, likes, comments, shares, saves, follows "
        "FROM post_metrics ORDER BY post_id"
    )
    assert [[*row.values()] for row in rows] == [
        ["instagram", 12400, 9100, 610, 57, 88, 230, 41],
        ["instagram", 160, 45, 5, 2, None, 4, 1],
    ]
    [account] = ask("SELECT platform, account_id FROM accounts")
    assert [*account.values()] == ["instagram", "waterstad.demo"]


# --- ad tables -------------------------------------------------------------------------------

TABLES = DATA / "ad_tables"


def periods(ask, *names):
    rows = ask(f"SELECT {', '.join(names)} FROM ad_periods ORDER BY first_day, level, ad_id")
    return [[*row.values()] for row in rows]


def test_millionths_and_placements_of_x(bring):
    reports, ask = bring(TABLES / "twitter_promoted_tweet_report.csv")
    [report] = reports.values()
    assert report["format"] == "x_ad_table_ads"
    assert [skip["rows"] for skip in report["skipped"]] == [1]  # TAP_FULL: in PUBLISHER_NETWORK
    found = periods(ask, "platform", "level", "ad_id", "ad_account_id", "first_day", "spend",
                    "impressions", "clicks", "engagements", "video_views", "currency")  # fmt: skip
    # 12.345678 + 1.000001; 3000 + 700; 33 + 3; 50 + 5; 120 + unknown
    assert found == [
        ["x", "ad", "22ydem", "18ce54demo", dt.date(2025, 3, 1), Decimal("13.345679"), 3700, 36, 55, 120, None],
        ["x", "ad", "22ydem", "18ce54demo", dt.date(2025, 3, 2), None, None, None, None, None, None],
    ]  # fmt: skip


def test_millionths_devices_and_fractions_of_google(bring):
    _reports, ask = bring(TABLES / "google_ad_stats.csv")
    found = periods(ask, "platform", "level", "ad_id", "campaign_key", "spend", "impressions",
                    "clicks", "conversions", "video_views")  # fmt: skip
    assert found == [
        ["google", "ad", "514810001", "993", Decimal("3.750001"), 160, 15, pytest.approx(1.916667), None]
    ]  # fmt: skip


def test_units_of_linkedin_and_empty_is_unknown(bring):
    reports, ask = bring(
        TABLES / "linkedin_ad_analytics_by_creative.csv",
        TABLES / "linkedin_ad_analytics_by_campaign.csv",
        TABLES / "linkedin_ad_analytics_by_campaign_group.csv",
    )
    assert {report["status"] for report in reports.values()} == {"imported"}
    found = periods(ask, "level", "ad_id", "group_name", "spend", "currency", "reach", "leads")
    assert found == [
        ["ad", "112590001", None, Decimal("25.5"), None, 800, 0],
        ["campaign", "174940001", None, Decimal("60.25"), None, 1500, None],
        ["group", "602750001", "Voorjaar", Decimal("60.25"), "EUR", None, None],
        ["ad", "112590001", None, Decimal(0), None, None, None],
    ]


def test_ads_of_facebook(bring):
    _reports, ask = bring(TABLES / "facebook_basic_ad.csv", TABLES / "facebook_basic_ad_set.csv")
    found = periods(ask, "level", "ad_account_id", "spend", "impressions", "clicks", "reach")
    assert found == [
        ["ad", "1700250001", Decimal("76.53"), 4233, 10, 3100],
        ["group", "1700250001", Decimal("76.53"), 4233, 10, 3100],
        ["ad", "1700250001", Decimal("55.26"), 2575, 6, 2000],
    ]


@pytest.mark.parametrize(
    ("name", "format_", "why"),
    [
        ("facebook_ad_actions.csv", "ad_table_actions", "conversions by kind"),
        ("facebook_demographics_country.csv", "ad_table_shares", "repeats"),
        ("google_account_stats.csv", "ad_table_account", "adds up"),
        ("twitter_campaign_history.csv", "ad_table_states", "names and settings"),
        ("twitter_tweet_url.csv", "ad_table_links", "links"),
    ],
)
def test_tables_without_figures_of_ads_are_left_alone(bring, tmp_path, name, format_, why):
    reports, _ask = bring(TABLES / name)
    report = reports[name]
    assert [report["status"], report["format"], report["tables"]] == ["ignored", format_, {}]
    assert why in report["notes"][0]
    assert not (tmp_path / "store").exists()


def test_figures_of_other_things_are_no_ad_table(bring, tmp_path):
    file = tmp_path / "countries.csv"
    file.write_text("Country,Clicks,Impressions,CTR,Position\nNederland,3,40,7.5%,12\n", "utf-8")
    reports, _ask = bring(file)
    assert reports["countries.csv"]["status"] == "failed"


# --- search terms ----------------------------------------------------------------------------

SEARCH = DATA / "search_terms"


def terms(ask):
    rows = ask(
        "SELECT source, term, first_day, last_day, searches, impressions, clicks, position "
        "FROM search_terms ORDER BY first_day, term"
    )
    return [[*row.values()] for row in rows]


def test_queries_of_a_period_that_the_name_states(bring):
    [path] = SEARCH.glob("waterstad*.csv")
    reports, ask = bring(path)
    [report] = reports.values()
    assert report["language"] == "nl"
    assert report["period"] == ["2025-01-01", "2025-03-31"]
    first, last = dt.date(2025, 1, 1), dt.date(2025, 3, 31)
    assert terms(ask) == [
        ["waterstad.example", "dijk, wandelen", first, last, None, 40, 3, 12.1],
        ["waterstad.example", "hoogwater vandaag", first, last, None, 1234, 120, 5.5],
    ]


def test_queries_by_page_and_country_are_added(bring):
    reports, ask = bring(SEARCH / "api_2025-03.csv", accounts=[(None, "waterstad")])
    [report] = reports.values()
    assert report["skipped"] == [{"reason": "without a date", "rows": 1}]
    one, two = dt.date(2025, 3, 1), dt.date(2025, 3, 2)
    # place (2 × 10 + 6 × 30) / 40
    assert terms(ask) == [
        ["waterstad", "hoogwater", one, one, None, 40, 4, 5.0],
        ["waterstad", "hoogwater", two, two, None, 5, 0, 9.5],
    ]


def test_searches_of_a_site_without_who_is_in_them(bring):
    reports, ask = bring(SEARCH / "zoeken-op-de-site.csv")
    [report] = reports.values()
    assert report["format"] == "site_search"
    assert [row[1:5] for row in terms(ask)] == [
        ["vergunning steiger", dt.date(2025, 3, 1), dt.date(2025, 3, 1), 14],
        ["vergunning steiger", dt.date(2025, 3, 2), dt.date(2025, 3, 2), 9],
        ["bel [e-mail]", dt.date(2025, 3, 13), dt.date(2025, 3, 13), 1],
    ]


def test_without_days_the_period_is_unknown_until_the_name_says_it(bring, tmp_path):
    file = tmp_path / "Queries.csv"
    file.write_text("Top queries,Clicks,Impressions,CTR,Position\na,1,2,50%,1\n", "utf-8")
    reports, ask = bring(file)
    assert any("of which days" in note for note in reports["Queries.csv"]["notes"])
    assert terms(ask)[0][2:4] == [None, None]
    named = file.rename(tmp_path / "Queries_2025-01-01_2025-01-31.csv")
    reports, ask = bring(named)
    assert reports[named.name]["status"] == "imported"
    assert [row[2] for row in terms(ask)] == [dt.date(2025, 1, 1), None]


def test_search_terms_of_ads(bring):
    _reports, ask = bring(TABLES / "google_search_term_stats.csv")
    day = dt.date(2025, 3, 1)
    assert terms(ask) == [["google ads 2121450001", "dijk wandelen", day, day, None, 50, 5, None]]


# --- all -------------------------------------------------------------------------------------


def test_all_again_changes_nothing(bring):
    folders = ("x_archive", "x_video_export", "x_ads_export", "meta_posts_export", "ad_tables",
               "search_terms")  # fmt: skip
    paths = [DATA / name for name in folders]
    reports, _ask = bring(*paths, accounts=[(None, "dijkwacht")])
    assert {report["status"] for report in reports.values()} == {"imported", "ignored"}
    again, _ask = bring(*reversed(paths), accounts=[(None, "dijkwacht")])
    assert {report["status"] for report in again.values()} == {"unchanged", "ignored"}
