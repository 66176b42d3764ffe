"""X's exports, from made-up files to the rows in the store; expected values are worked by hand."""

import csv
import datetime as dt
import random
from pathlib import Path

import pytest
from openpyxl import Workbook

from campaigns.imports import Options, import_paths
from campaigns.store import Store

DATA = Path(__file__).parents[2] / "data"
POSTS = DATA / "x_posts_export"
OVERVIEW = DATA / "x_overview_export"
JANUARY = POSTS / "tweet_activity_metrics_Waterstad_Demo_20190101_20190201_en.csv"

GHOST = "X added a row without a post (its link ends in 'undefined')"
NO_ID = "the id of the post is missing or rounded by a spreadsheet program, and no link has it"


def imported(folder, *paths, **options):
    """Reports by file name, and a function that asks the store."""
    reports = import_paths(folder / "store", paths, Options(**options))
    by_name = {report.path.name: report.as_json() for report in reports}

    def ask(sql, **parameters):
        store = Store.open(folder / "store")
        return store.read(lambda snapshot: snapshot.rows(sql, parameters))

    return by_name, ask


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """All made-up files in one store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_LANGUAGE", "en")
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        yield imported(tmp_path_factory.mktemp("x"), POSTS, OVERVIEW)


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def written(path, rows, **dialect):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, **{"lineterminator": "\n", **dialect}).writerows(rows)
    return path


def changed(rows, **columns):
    """The rows with a function applied to the cells of some columns (``_`` for a space)."""
    at = {rows[0].index(name.replace("_", " ")): change for name, change in columns.items()}
    return [
        rows[0],
        *([at[i](cell) if i in at else cell for i, cell in enumerate(row)] for row in rows[1:]),
    ]


def without(rows, *names):
    keep = [i for i, label in enumerate(rows[0]) if label not in names]
    return [[row[i] for i in keep] for row in rows]


# --- which file is what ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "format_", "language", "account", "period", "tables"),
    [
        (JANUARY.name, "x_posts_legacy", "en", "waterstad_demo",
         ["2019-01-02", "2019-02-01"], {"posts": 5, "post_metrics": 6}),
        ("tweet_activity_metrics_mizu_demo_20191101_20191201_ja.csv", "x_posts_legacy", "ja",
         "mizu_demo", ["2019-11-28", "2019-11-29"], {"posts": 2, "post_metrics": 2}),
        ("tweet_activity_metrics_agua_demo_20220312_20220409_pt.csv", "x_posts_legacy", "pt",
         "agua_demo", ["2022-03-20", "2022-03-20"], {"posts": 1, "post_metrics": 1}),
        ("tweet_activity_metrics_2014.csv", "x_posts_legacy", "en", "waterstad_demo",
         ["2014-09-18", "2014-09-18"], {"posts": 1, "post_metrics": 1}),
        ("daily_tweet_activity_metrics_Waterstad_Demo_20190101_20190104_en.csv", "x_days_legacy",
         "en", "waterstad_demo", ["2019-01-01", "2019-01-03"], {"account_days": 4}),
        ("daily_tweet_activity_metrics_mizu_demo_20191101_20191103_ja.csv", "x_days_legacy", "ja",
         "mizu_demo", ["2019-11-01", "2019-11-02"], {"account_days": 2}),
        ("account_analytics_content_2024-11-21_2025-02-19.csv", "x_content", "en",
         "waterstad_demo", ["2024-12-31", "2025-02-17"], {"posts": 3, "post_metrics": 3}),
        ("account_analytics_content_2025-11-02_2025-11-09.csv", "x_content", "en",
         "waterstad_demo", ["2025-11-05", "2025-11-09"], {"posts": 2, "post_metrics": 2}),
        ("account_analytics_content_2025-11-10_2025-11-30.csv", "x_content", "ja", "mizu_demo",
         ["2025-11-17", "2025-11-17"], {"posts": 1, "post_metrics": 1}),
        ("account_analytics_content_2025-12-01_2025-12-31.csv", "x_content", "pt", "agua_demo",
         ["2025-12-16", "2025-12-16"], {"posts": 1, "post_metrics": 1}),
        ("account_overview_analytics.csv", "x_overview", "en", "unknown",
         ["2025-02-12", "2025-02-18"], {"account_days": 4}),
        ("account_overview_analytics_ja.csv", "x_overview", "ja", "unknown",
         ["2025-11-01", "2025-11-01"], {"account_days": 1}),
    ],
)  # fmt: skip
def test_is_recognised_by_content(demo, name, format_, language, account, period, tables):
    report = demo[0][name]
    found = [report[key] for key in ("status", "format", "language", "account", "period", "tables")]
    assert found == ["imported", format_, language, account, period, tables]


def test_no_made_up_file_is_left(demo):
    reports, _ask = demo
    assert {report["status"] for report in reports.values()} == {"imported"}
    skipped = {name: r["skipped"] for name, r in reports.items() if r["skipped"]}
    content = "account_analytics_content_2024-11-21_2025-02-19.csv"
    assert skipped == {content: [{"reason": GHOST, "rows": 2}]}


def test_another_platforms_posts_are_not_taken_for_content(tmp_path):
    file = written(
        tmp_path / "meta.csv",
        [
            ["Post ID", "Page name", "Title", "Publish time", "Permalink", "Date", "Impressions"],
            [
                "61300",
                "Demo",
                "Hello",
                "03/15/2025 03:06",
                "https://www.facebook.com/1",
                "Lifetime",
                "5",
            ],
        ],
    )
    reports, _ask = imported(tmp_path, file)
    assert not (reports["meta.csv"]["format"] or "").startswith("x_")


# --- posts -----------------------------------------------------------------------------------


def test_posts_have_their_moment_text_and_address(demo):
    _reports, ask = demo
    rows = ask(
        "SELECT post_id, published_on, published_at, text, url, is_reply, is_repost "
        "FROM posts WHERE published_on BETWEEN '2019-01-01' AND '2019-02-28' ORDER BY post_id"
    )
    address = "https://twitter.com/Waterstad_Demo/status/"
    assert [row["url"] for row in rows] == [address + row["post_id"] for row in rows]
    first, reply, repost, promoted, last = rows
    assert first["post_id"] == "1080000000000000017"
    assert first["text"] == (
        "Winter in de stad & op het water ❄️\n\nLees meer: https://t.co/aaaaaaaaaa\n#waterveilig"
    )
    assert first["published_at"] == dt.datetime(2019, 1, 31, 23, 32, tzinfo=dt.UTC)
    assert first["published_on"] == dt.date(2019, 2, 1)  # in Amsterdam
    assert reply["text"].endswith("Dank voor uw vraag, we kijken ernaar <3")
    assert repost["text"].endswith(': "Ga niet het ijs op"')
    assert last["text"] == "Het is 's nachts glad &lt; pas op"  # somebody's own &lt;
    assert [(row["is_reply"], row["is_repost"]) for row in rows] == [
        (False, False),
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
    assert promoted["published_on"] == dt.date(2019, 1, 22)


def test_plain_figures_are_organic_and_promoted_ones_paid(demo):
    _reports, ask = demo
    rows = ask(
        "SELECT post_id, delivery, impressions, engagements, likes, comments, shares, clicks, "
        "profile_clicks, hashtag_clicks, detail_expands, follows, media_views, saves, reach "
        "FROM post_metrics WHERE post_id LIKE '108%' ORDER BY post_id, delivery"
    )
    found = {(row.pop("post_id")[:6], row.pop("delivery")): list(row.values()) for row in rows}
    assert found == {
        ("108000", "organic"): [1938, 30, 9, 1, 5, 8, 3, 0, 4, 2, 12, None, None],
        ("108111", "organic"): [250, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None, None],
        ("108222", "organic"): [3578, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, None, None],
        ("108333", "organic"): [1000, 50, 20, 2, 4, 15, 1, 3, 5, 0, 0, None, None],
        ("108333", "paid"): [8000, 120, 40, 1, 2, 60, 6, 1, 10, 5, 900, None, None],
        ("108444", "organic"): [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None, None],
    }


def test_labels_of_2014_mean_the_same(demo):
    _reports, ask = demo
    [row] = ask("SELECT * FROM post_metrics WHERE post_id = '512345678901234567'")
    names = ("delivery", "likes", "video_views", "media_engagements", "media_views")
    assert [row[name] for name in names] == ["organic", 6, 25, 3, None]


@pytest.mark.parametrize(
    ("post_id", "account", "text", "expected"),
    [
        # impressions, engagements, likes, comments, shares, clicks, profile, hashtag, detail
        ("1200000000000000123", "mizu_demo", "水の安全 #水", [700, 21, 7, 1, 3, 6, 2, 1, 1]),
        ("1500000000000000789", "agua_demo", "Água segura", [90, 9, 3, 2, 1, 2, 1, 0, 0]),
    ],
)
def test_other_languages_give_the_same_figures(demo, post_id, account, text, expected):
    _reports, ask = demo
    [row] = ask(
        "SELECT account_id, text, impressions, engagements, likes, comments, shares, clicks, "
        "profile_clicks, hashtag_clicks, detail_expands FROM posts JOIN post_metrics "
        "USING (platform, post_id) WHERE post_id = $post_id",
        post_id=post_id,
    )
    assert list(row.values()) == [account, text, *expected]


def test_content_figures_are_totals_and_the_share_button_is_not_a_repost(demo):
    _reports, ask = demo
    rows = ask(
        "SELECT post_id, delivery, impressions, likes, engagements, saves, share_actions, follows, "
        "comments, shares, profile_clicks, detail_expands, clicks, hashtag_clicks, "
        "permalink_clicks FROM post_metrics WHERE delivery = 'total' ORDER BY post_id"
    )
    found = {row.pop("post_id"): list(row.values())[1:] for row in rows}
    assert found == {
        "1890000000000000011": [70, 3, 12, 1, 2, 1, 1, 4, 2, 0, 5, 0, 0],
        "1891111111111111122": [50, 4, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
        "1892222222222222233": [174, 13, 32, 0, 0, 2, 9, 1, 2, 7, 0, 0, 0],
        "1987000000000000321": [1234, 40, 99, 5, 6, 3, 7, 8, 20, 11, 25, 1, 2],
        "1987000000000000654": [56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "1990000000000000777": [500, 10, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0],
        "2000000000000000888": [640, 9, 31, 3, 1, 0, 2, 4, 5, 7, 6, 0, 0],
    }


def test_content_knows_the_day_and_not_the_time(demo):
    _reports, ask = demo
    rows = ask(
        "SELECT post_id, published_on, published_at, is_reply, url FROM posts "
        "WHERE post_id IN ('1891111111111111122', '2000000000000000888') ORDER BY post_id"
    )
    assert [list(row.values())[1:] for row in rows] == [
        [dt.date(2025, 2, 1), None, True,
         "https://x.com/Waterstad_Demo/status/1891111111111111122"],
        [dt.date(2025, 12, 16), None, True, "https://x.com/agua_demo/status/2000000000000000888"],
    ]  # fmt: skip


# --- days ------------------------------------------------------------------------------------


def test_days_are_organic_and_paid_where_promoted(demo):
    _reports, ask = demo
    rows = ask(
        "SELECT day, delivery, posts_published, impressions, engagements, clicks, follows, "
        "followers FROM account_days WHERE account_id = 'waterstad_demo' ORDER BY day, delivery"
    )
    assert [list(row.values()) for row in rows] == [
        [dt.date(2019, 1, 1), "organic", 0, 120, 3, 0, 0, None],
        [dt.date(2019, 1, 2), "organic", 1, 480, 12, 3, 1, None],
        [dt.date(2019, 1, 3), "organic", 3, 900, 45, 8, 0, None],
        [dt.date(2019, 1, 3), "paid", None, 5000, 70, 40, 2, None],
    ]


def test_overviews_that_overlap_give_the_union_of_their_days(demo):
    _reports, ask = demo
    rows = ask(
        "SELECT day, impressions, likes, posts_published, unfollows FROM account_days "
        "WHERE account_id = 'unknown' AND day < '2025-11-01' ORDER BY day"
    )
    assert [list(row.values()) for row in rows] == [
        [dt.date(2025, 2, 12), 688, 22, 2, 1],
        [dt.date(2025, 2, 16), 98, 3, 0, 0],
        [dt.date(2025, 2, 17), 426, 18, 2, 0],
        [dt.date(2025, 2, 18), 75, 2, 1, 0],  # unfinished in the older file: 62
        [dt.date(2025, 2, 19), 10, 1, 0, 0],
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-11-01", [300, 5, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),  # Japanese
        ("2025-11-02", [718, 7, 17, 2, 1, 23, 3, 1, 6, 66, 9, 0, 0]),  # Portuguese
    ],
)
def test_every_column_of_the_overview_has_its_place(demo, day, expected):
    _reports, ask = demo
    [row] = ask(
        "SELECT delivery, impressions, likes, engagements, saves, share_actions, follows, "
        "unfollows, comments, shares, profile_clicks, posts_published, video_views, media_views "
        f"FROM account_days WHERE account_id = 'unknown' AND day = '{day}'"
    )
    assert list(row.values()) == ["total", *expected]


def test_the_newest_overview_wins_in_any_order(tmp_path):
    older, newer = (OVERVIEW / f"account_overview_analytics{n}.csv" for n in ("", " (1)"))
    _reports, ask = imported(tmp_path, newer, older, accounts=((None, "@Waterstad_Demo"),))
    [row] = ask("SELECT impressions, account_id FROM account_days WHERE day = '2025-02-18'")
    assert row == {"impressions": 75, "account_id": "waterstad_demo"}


# --- what people do to files -----------------------------------------------------------------


def figures(ask):
    return ask(
        "SELECT p.post_id, account_id, published_at, delivery, impressions, clicks "
        "FROM posts p JOIN post_metrics USING (platform, post_id) ORDER BY p.post_id, delivery"
    )


def scientific(digits):
    return f"{float(digits):.5E}"


EXCEL = {
    "english": (
        {"Tweet_id": scientific},
        {"lineterminator": "\r\n"},
    ),
    "dates day first": (
        {
            "Tweet_id": scientific,
            "time": lambda t: f"{t[8:10]}-{t[5:7]}-{t[:4]} {t[11:16]}",
        },
        {"lineterminator": "\r\n"},
    ),
    "dates month first": (
        {
            "Tweet_id": lambda digits: digits[:15] + "0" * (len(digits) - 15),
            "time": lambda t: f"{int(t[5:7])}/{int(t[8:10])}/{t[:4]} {t[11:16]}",
        },
        {"lineterminator": "\r\n"},
    ),
    "dutch": (
        {
            "Tweet_id": lambda digits: scientific(digits).replace(".", ","),
            "impressions": lambda n: n.removesuffix(".0"),
            "engagement_rate": lambda n: n.replace(".", ","),
        },
        {"lineterminator": "\r\n", "delimiter": ";"},
    ),
}


@pytest.mark.parametrize("damage", EXCEL)
def test_a_file_saved_again_by_excel_gives_the_same_posts(tmp_path, demo, damage):
    columns, dialect = EXCEL[damage]
    file = written(tmp_path / "saved.csv", changed(rows_of(JANUARY), **columns), **dialect)
    reports, ask = imported(tmp_path, file)
    assert reports["saved.csv"]["tables"] == {"posts": 5, "post_metrics": 6}
    assert reports["saved.csv"]["skipped"] == []
    _reports, ask_demo = demo
    expected = [row for row in figures(ask_demo) if row["post_id"].startswith("108")]
    assert figures(ask) == expected


def test_dates_that_can_be_read_both_ways_are_asked_for(tmp_path):
    rows = [row for row in rows_of(JANUARY) if row[0].startswith(("Tweet", "1084"))]
    day_first = changed(rows, time=lambda t: f"{t[8:10]}-{t[5:7]}-{t[:4]} {t[11:16]}")
    file = written(tmp_path / "open.csv", day_first)
    reports, _ask = imported(tmp_path, file)
    assert "--date-order" in reports["open.csv"]["error"]
    _reports, ask = imported(tmp_path, file, date_orders=((None, "dmy"),))
    assert ask("SELECT published_on FROM posts") == [{"published_on": dt.date(2019, 1, 2)}]


def test_ids_come_from_the_column_when_there_is_no_link(tmp_path):
    rows = without(rows_of(JANUARY), "Tweet permalink")
    clean = written(tmp_path / JANUARY.name, rows)
    reports, ask = imported(tmp_path, clean)
    assert reports[clean.name]["account"] == "waterstad_demo"  # from the name of the file
    assert ask("SELECT min(post_id) AS first FROM posts") == [{"first": "1080000000000000017"}]
    assert ask("SELECT DISTINCT url FROM posts") == [{"url": None}]


def test_a_rounded_id_without_a_link_is_skipped_with_the_reason(tmp_path):
    rows = without(rows_of(JANUARY), "Tweet permalink")
    rows[1][0], rows[2][0], rows[3][0] = "1.08E+18", "1081111111111110000", ""
    file = written(tmp_path / "rounded.csv", rows)
    reports, ask = imported(tmp_path, file)
    assert reports["rounded.csv"]["skipped"] == [{"reason": NO_ID, "rows": 3}]
    assert [row["n"] for row in ask("SELECT count(*) AS n FROM posts")] == [2]


LINKS = [
    ("https://twitter.com/Waterstad_Demo/status/{}", "waterstad_demo"),
    ("http://mobile.twitter.com/Waterstad_Demo/statuses/{}?s=20", "waterstad_demo"),
    ("https://x.com/i/web/status/{}", None),
    ("x.com/Waterstad_Demo/status/{}/photo/1", "waterstad_demo"),
    ("https://www.x.com/waterstad_demo/status/{}?t=abc&s=19#m", "waterstad_demo"),
]


@pytest.mark.parametrize("others", [True, False])
def test_ids_and_accounts_are_read_from_any_link(tmp_path, others):
    """A link without an account takes that of the other rows, if these have one."""
    rows = rows_of(JANUARY)
    links = [link for link, _account in LINKS] if others else [LINKS[2][0]] * 5
    ids = [row[0] for row in rows[1:]]
    for row, link, post_id in zip(rows[1:], links, ids, strict=True):
        row[0], row[1] = "1.08E+18", link.format(post_id)
    file = written(tmp_path / "links.csv", rows)
    _reports, ask = imported(tmp_path, file)
    found = ask("SELECT post_id, account_id, url FROM posts ORDER BY post_id")
    assert [row["post_id"] for row in found] == sorted(ids)
    assert {row["account_id"] for row in found} == {"waterstad_demo" if others else "unknown"}
    assert not any("?" in row["url"] or "#" in row["url"] for row in found)


def test_columns_may_be_moved_left_out_or_added(tmp_path, demo):
    rows = without(
        rows_of(JANUARY), "engagement rate", "media views", "app opens", "promoted likes"
    )
    order = list(range(len(rows[0])))
    random.Random(3).shuffle(order)
    moved = [[*(row[i] for i in order), "x"] for row in rows]
    moved[0][-1] = "sentiment"
    reports, ask = imported(tmp_path, written(tmp_path / "moved.csv", moved))
    assert reports["moved.csv"]["tables"] == {"posts": 5, "post_metrics": 6}
    _reports, ask_demo = demo
    expected = [row for row in figures(ask_demo) if row["post_id"].startswith("108")]
    assert figures(ask) == expected
    unknown = ask("SELECT count(media_views) AS n FROM post_metrics WHERE delivery = 'organic'")
    assert unknown == [{"n": 0}]  # not reported is not zero


def test_without_promoted_columns_nothing_is_paid(tmp_path):
    rows = rows_of(JANUARY)
    rows = without(rows, *(label for label in rows[0] if label.startswith("promoted")))
    _reports, ask = imported(tmp_path, written(tmp_path / "plain.csv", rows))
    assert ask("SELECT delivery, count(*) AS n FROM post_metrics GROUP BY 1") == [
        {"delivery": "organic", "n": 5}
    ]


def test_content_in_a_workbook_with_ids_as_numbers(tmp_path):
    """What a spreadsheet program makes of the content export: numbers, dates, rounded ids."""
    rows = rows_of(POSTS / "account_analytics_content_2025-11-02_2025-11-09.csv")
    book = Workbook()
    book.active.append(rows[0])
    for row, day in zip(rows[1:], (dt.date(2025, 11, 9), dt.date(2025, 11, 5)), strict=True):
        book.active.append([float(row[0][:15] + "0000"), day, *row[2:4], *map(int, row[4:])])
    book.save(tmp_path / "content.xlsx")
    _reports, ask = imported(tmp_path, tmp_path / "content.xlsx")
    rows = ask(
        "SELECT post_id, published_on, impressions, share_actions FROM posts "
        "JOIN post_metrics USING (platform, post_id) ORDER BY post_id"
    )
    assert [list(row.values()) for row in rows] == [
        ["1987000000000000321", dt.date(2025, 11, 9), 1234, 6],
        ["1987000000000000654", dt.date(2025, 11, 5), 56, 0],
    ]


def test_a_row_without_a_usable_day_is_skipped_with_the_label(tmp_path):
    rows = rows_of(JANUARY)
    rows[1][3] = "yesterday"
    reports, ask = imported(tmp_path, written(tmp_path / "days.csv", rows))
    reason = "nothing usable in 'time'"
    assert reports["days.csv"]["skipped"] == [{"reason": reason, "rows": 1}]
    assert ask("SELECT count(*) AS n FROM post_metrics") == [{"n": 5}]


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        (JANUARY.name, {"posts": 5, "post_metrics": 6}),
        ("daily_tweet_activity_metrics_Waterstad_Demo_20190101_20190104_en.csv", {"account_days": 4}),
        ("account_analytics_content_2025-11-02_2025-11-09.csv", {"posts": 2, "post_metrics": 2}),
    ],
)  # fmt: skip
def test_an_unknown_language_is_read_by_position(tmp_path, name, tables):
    rows = rows_of(POSTS / name)
    rows[0] = [
        f"kolom {'abcdefghijklmnopqrstuvwxyz'[i % 26] * (i // 26 + 1)}" for i in range(len(rows[0]))
    ]
    reports, _ask = imported(tmp_path, written(tmp_path / name, rows))
    assert reports[name]["tables"] == tables
    assert "read by position" in " ".join(reports[name]["notes"])


def test_reading_by_position_asks_for_links_to_x(tmp_path):
    rows = rows_of(POSTS / "account_analytics_content_2025-11-02_2025-11-09.csv")
    rows[0] = [f"kolom {'abcdefghijklmnopqrstuvwxyz'[i]}" for i in range(len(rows[0]))]
    for row in rows[1:]:
        row[3] = "https://www.facebook.com/demo/posts/123"
    reports, _ask = imported(tmp_path, written(tmp_path / "other.csv", rows))
    assert reports["other.csv"]["status"] == "failed"
