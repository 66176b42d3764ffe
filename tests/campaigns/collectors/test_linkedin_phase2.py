"""LinkedIn's exports of persons, audiences and competitors through the whole import."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest

from campaigns.collectors import _sheets as sheets
from campaigns.collectors import formats
from campaigns.errors import NoNearFormat, UnknownFormat
from campaigns.imports import Options, import_paths
from campaigns.store import Store

DATA = Path(__file__).parents[2] / "data"
CREATOR = DATA / "linkedin_creator_export"
ENGLISH = CREATOR / "LinkedIn_Contents(2024-07-30 - 2024-08-05).xlsx"
ITALIAN = CREATOR / "AggregateAnalytics_Demo Persona_2026-06-01_2026-06-07.xlsx"
AUDIENCE = DATA / "linkedin_page_audience_export"
FOLLOWERS = AUDIENCE / "demo-agency_followers_1725000000000.xlsx"
VISITORS = AUDIENCE / "demo-agency_visitors_1725000000000.xlsx"
COMPETITORS = (
    DATA / "linkedin_page_competitors_export/Demo Agency_competitor_analytics_1725000000000.xlsx"
)
ARCHIVE = DATA / "linkedin_archive"
ME = {"accounts": ((None, "demo-persona"),), "role": "own"}


def rows_of(path):
    """{sheet: rows} of a workbook, to be changed and written again."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.values] for sheet in book}


def workbook(path, tables):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def foreign(tables, header_rows=None):
    """The same tables with names and labels that nobody knows; values stay as they are."""
    renamed = {}
    for number, (name, rows) in enumerate(tables.items()):
        at = (header_rows or {}).get(name, 0)
        labels = [
            f"etykieta {column}" if label and not label[0].isdigit() else label
            for column, label in enumerate(rows[at])
        ]
        renamed[f"Arkusz {number}"] = [*rows[:at], labels, *rows[at + 1 :]]
    return renamed


@pytest.fixture
def bring(tmp_path):
    """Import files into one store; gives the reports and a way to ask the store."""

    def bring(*paths, **options):
        reports = import_paths(tmp_path / "store", paths, Options(**options))
        for report in reports:
            assert report.error is None, str(report.error)
        return [report.as_json() for report in reports]

    def ask(sql):
        rows = Store.open(tmp_path / "store").read(lambda snapshot: snapshot.rows(sql))
        return [tuple(row.values()) for row in rows]

    bring.ask, bring.folder = ask, tmp_path
    return bring


def refused(folder, path, **options):
    [report] = import_paths(folder / "store", [path], Options(**options))
    assert report.status == "failed"
    return str(report.error)


# --- personal analytics ------------------------------------------------------------------------

PERIODS = "SELECT impressions, reach, followers, new_followers, engagements FROM account_periods"
POSTS = (
    "SELECT right(post_id, 2), published_on, impressions, engagements, m.delivery "
    "FROM posts JOIN post_metrics m USING (post_id) ORDER BY post_id"
)
SHARES = "SELECT dimension, value, share, people FROM audience_shares ORDER BY 1, 2"


def test_english_with_numbers(bring):
    [report] = bring(ENGLISH, **ME)
    assert report["format"] == "linkedin_creator"
    assert report["language"] == "en"
    assert report["period"] == ["2024-07-30", "2024-08-05"]
    assert report["skipped"] == [{"reason": "without a date", "rows": 1}]
    assert report["tables"] == {
        "account_periods": 1,
        "account_days": 7,
        "posts": 4,
        "post_metrics": 4,
        "audience_shares": 4,
    }
    assert bring.ask(PERIODS) == [(1234, 567, 782, None, None)]
    days = bring.ask(
        "SELECT day, impressions, engagements, follows FROM account_days "
        "WHERE delivery = 'total' ORDER BY day"
    )
    assert days[:2] == [(dt.date(2024, 7, 30), 500, 12, 3), (dt.date(2024, 7, 31), 300, -1, 0)]
    assert len(days) == 7
    assert sum(day[1] for day in days) == 1234
    assert bring.ask("SELECT DISTINCT account_id, role FROM accounts") == [("demo-persona", "own")]


def test_the_two_tables_of_top_posts_are_joined_by_post(bring):
    bring(ENGLISH, **ME)
    assert bring.ask(POSTS) == [
        ("01", dt.date(2024, 7, 30), 400, 12, "total"),
        ("02", dt.date(2024, 6, 14), 700, 9, "total"),
        ("03", dt.date(2023, 5, 2), None, 1, "total"),  # listed without date and figure, too
        ("04", dt.date(2024, 1, 1), 30, None, "total"),
    ]


def test_groups_of_followers_are_shares_and_a_bound_is_not_reported(bring):
    [report] = bring(ENGLISH, **ME)
    assert bring.ask(SHARES) == [
        ("company", "Demo Agency", None, None),
        ("company size", "501-1000 employees", 0.0625, None),
        ("job title", "Policy Advisor", 0.25, None),
        ("place", "Utrecht Area", 0.125, None),
    ]
    assert any("give only a bound" in note for note in report["notes"])
    assert bring.ask("SELECT DISTINCT first_day, last_day FROM audience_shares") == [
        (dt.date(2024, 7, 30), dt.date(2024, 8, 5))
    ]


def test_italian_with_texts_and_days_first(bring):
    """All days can be read both ways; the period in the file's name decides."""
    [report] = bring(ITALIAN, **ME)
    assert report["period"] == ["2026-06-01", "2026-06-07"]
    assert report["skipped"] == []
    assert bring.ask(PERIODS) == [(1234, 567, 2571, None, None)]
    assert bring.ask(POSTS) == [
        ("01", dt.date(2026, 6, 1), 400, 12, "total"),
        ("02", dt.date(2026, 5, 14), 700, None, "total"),
    ]
    assert bring.ask("SELECT post_id FROM posts ORDER BY 1") == [
        ("urn:li:share:7330000000000000001",),
        ("urn:li:ugcPost:7330000000000000002",),
    ]
    assert bring.ask(SHARES) == [
        ("company", "Demo S.p.A.", None, None),
        ("company size", "501-1.000 dipendenti", 0.07, None),
        ("job title", "Responsabile", 0.33, None),
        ("place", "Milano e dintorni", 0.12, None),
    ]
    assert bring.ask("SELECT DISTINCT collected_at FROM account_days") == [
        (dt.datetime(2026, 6, 7, 23, 59, 59, tzinfo=dt.UTC),)
    ]


@pytest.fixture
def polish():
    """The Italian file in a language that nobody knows, with the sixth sheet of 2026."""
    tables = rows_of(ITALIAN)
    viewers = [row[:] for row in tables["DATI DEMOGRAFICI"]]
    tables["DATI DEMOGRAFICI DEI CONTENUTI"] = [viewers[0], ["Miejsce", "Kraków", "mniej niż 1%"],
                                                ["Miejsce", "Gdańsk", "21 %"]]  # fmt: skip
    return foreign(tables, {"POST PRINCIPALI": 2, "FOLLOWER": 2})


def test_a_language_that_nobody_knows_is_read_by_position(bring, polish):
    path = workbook(bring.folder / "export.xlsx", polish)
    [report] = bring(path, **ME)
    positions = [note for note in report["notes"] if "by position" in note]
    assert len(positions) == 6
    assert report["language"] is None
    assert report["period"] == ["2026-06-01", "2026-06-07"], "only then the days are consecutive"
    assert bring.ask(PERIODS) == [(1234, 567, 2571, None, None)]
    assert [row[2:4] for row in bring.ask(POSTS)] == [(400, 12), (700, None)]
    assert bring.ask("SELECT sum(impressions)::INT, sum(follows)::INT FROM account_days") == [
        (1234, 28)
    ]
    assert not any("could not be read" in note for note in report["notes"])
    viewers = [row for row in bring.ask(SHARES) if row[0].startswith("viewer")]
    assert viewers == [
        ("viewer miejsce", "Gdańsk", 0.21, None),
        ("viewer miejsce", "Kraków", None, None),
    ]


def test_a_ranking_without_posts(bring):
    """An account with few posts: nothing in the first table."""
    tables = rows_of(ITALIAN)
    for row in tables["POST PRINCIPALI"][3:]:
        row[:3] = [None] * 3
    bring(workbook(bring.folder / ITALIAN.name, tables), **ME)
    assert [row[2:4] for row in bring.ask(POSTS)] == [(400, None), (700, None)]


def test_without_days_the_period_is_that_of_the_name_or_nothing(bring):
    """Two dates in a label are no period: which of the numbers is the month?"""
    tables = rows_of(ENGLISH)
    del tables["ENGAGEMENT"], tables["FOLLOWERS"]
    [renamed] = bring(workbook(bring.folder / "export.xlsx", tables), **ME)
    assert renamed["tables"] == {"posts": 4, "post_metrics": 4}
    assert {"reason": "the file does not say of which period they are", "rows": 2} in renamed[
        "skipped"
    ]
    [named] = bring(workbook(bring.folder / ENGLISH.name, tables), **ME)
    assert named["period"] == ["2024-07-30", "2024-08-05"]
    assert bring.ask("SELECT last_day, impressions FROM account_periods") == [
        (dt.date(2024, 8, 5), 1234)
    ]


@pytest.mark.parametrize(("order", "first"), [("dmy", "2026-06-01"), ("mdy", "2026-01-06")])
def test_dates_that_the_file_leaves_open_are_asked_about(bring, order, first):
    tables = rows_of(ITALIAN)
    tables["INTERESSE"] = tables["INTERESSE"][:3]
    tables["FOLLOWER"] = tables["FOLLOWER"][:5]
    del tables["POST PRINCIPALI"]
    path = workbook(bring.folder / "a.xlsx", foreign(tables, {"FOLLOWER": 2}))
    assert "--date-order dmy or --date-order mdy" in refused(bring.folder, path, **ME)
    [report] = bring(path, date_orders=((None, order),), **ME)
    assert report["period"][0] == first


@pytest.mark.parametrize(
    "lines",
    [
        ["Dzień;Wyświetlenia;Reakcje", "01.06.2026;5;1", "02.06.2026;6;2"],
        ["Dzień;A;B;C;D", "01.06.2026;5;1;1;1", "02.06.2026;6;2;1;1"],
        ["Opis;Wartość", "Ile;5", "Komu;6"],
    ],
)
def test_any_table_of_that_many_columns_is_not_taken_for_it(bring, lines):
    path = bring.folder / "statistics.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises((UnknownFormat, NoNearFormat)):
        sheets.recognise(sheets.probe(path), formats())


def test_exports_of_persons_are_marked_as_such():
    personal = {each.name for each in formats() if each.is_personal}
    assert {"linkedin_creator", "linkedin_archive"} <= personal
    assert not {"linkedin_page_followers", "linkedin_page_content"} & personal


# --- one personal post -------------------------------------------------------------------------

POST = DATA / "linkedin_post_export/PostAnalytics_DemoPersona_7400000000000000001.xlsx"
POST_FIGURES = (
    "SELECT post_id, impressions, reach, likes, comments, shares, saves, follows, engagements "
    "FROM post_metrics"
)


def test_one_post(bring):
    [report] = bring(POST, **ME)
    assert report["format"] == "linkedin_post"
    assert report["tables"] == {"posts": 1, "post_metrics": 1}
    assert report["notes"] == ["the sheets 'TOP DEMOGRAPHICS' were not read"]
    post = "urn:li:share:7400000000000000001"
    assert bring.ask(POST_FIGURES) == [(post, 12345, 8000, 180, 40, 12, 11, 4, None)]
    [(account, day)] = bring.ask("SELECT account_id, published_on FROM posts")
    assert (account, day) == ("demo-persona", dt.date(2026, 2, 25))


def test_a_count_beside_no_label_that_can_be_read_is_told(bring):
    """Of four more rows: two labels nobody can read, one that is left out, one without a count."""
    tables = rows_of(POST)
    tables["PERFORMANCE"] += [
        ["\u200b", 7],
        ["\x94", "1,234"],
        ["Sends on LinkedIn", 7],
        ["x", "y"],
    ]
    [report] = bring(workbook(bring.folder / "post.xlsx", tables), **ME)
    assert report["skipped"] == [{"reason": "a figure that is not known here", "rows": 2}]
    assert report["tables"] == {"posts": 1, "post_metrics": 1}


def test_one_post_in_another_order_with_less_and_numbers(bring):
    """Its day and figures as values of the spreadsheet; groups of viewers on the same sheet."""
    tables = {
        "PERFORMANCE": [
            ["Impressions", 9],
            ["Reactions", None],
            ["Post Date", "2/25/2026"],
            [
                "Post URL",
                "https://www.linkedin.com/posts/demo-x_words-activity-7400000000000000002-A",
            ],
            ["Comments", 0],
            ["Category", "Value", "%"],
            ["Location", "Waterstad", 0.5],
        ]
    }
    bring(workbook(bring.folder / "post.xlsx", tables), **ME)
    post = "urn:li:activity:7400000000000000002"
    assert bring.ask(POST_FIGURES) == [(post, 9, None, None, 0, None, None, None, None)]
    assert bring.ask("SELECT published_on FROM posts") == [(dt.date(2026, 2, 25),)]


def test_one_post_without_a_link_or_of_nobody_known_is_refused(bring):
    rows = [["Post URL", "-"], ["Post Date", "Feb 25, 2026"], ["Impressions", 9]]
    file = workbook(bring.folder / "post.xlsx", {"PERFORMANCE": rows})
    assert "without a link to a post" in refused(bring.folder, file, **ME)
    assert "--account" in refused(bring.folder, POST)


# --- followers and visitors of a page ----------------------------------------------------------

GROUPS = "SELECT dimension, value, people, views FROM audience_shares ORDER BY dimension, value"


def follows(bring):
    found = bring.ask(
        "SELECT delivery, list(follows ORDER BY day) FROM account_days GROUP BY 1 ORDER BY 1"
    )
    return dict(found)


def test_followers(bring):
    [report] = bring(FOLLOWERS)
    assert report["account"] == "demo-agency"
    assert report["tables"] == {"account_days": 9, "audience_shares": 11}
    assert follows(bring) == {"organic": [3, 2, -1], "paid": [0, 5, 0], "total": [3, 8, -1]}
    assert any("are the new ones of that day" in note for note in report["notes"])
    assert bring.ask("SELECT count(followers) FROM account_days") == [(0,)]
    groups = bring.ask(GROUPS)
    assert groups[:3] == [
        ("company size", "1", 4, None),
        ("company size", "2-10", 13, None),
        ("company size", "51-200", 33, None),
    ]
    assert {row[0] for row in groups} == {
        "place", "function", "seniority", "industry", "company size",
    }  # fmt: skip
    assert bring.ask("SELECT DISTINCT first_day, last_day FROM audience_shares") == [
        (dt.date(2024, 8, 28), dt.date(2024, 8, 30))
    ]
    assert bring.ask("SELECT DISTINCT collected_at FROM audience_shares") == [
        (dt.datetime(2024, 8, 30, 6, 40, tzinfo=dt.UTC),)
    ]


def test_days_without_any_figure_are_counted(bring):
    tables = rows_of(FOLLOWERS)
    first = next(iter(tables))
    tables[first][2][1:] = ["", "?", *[""] * (len(tables[first][2]) - 3)]
    [report] = bring(workbook(bring.folder / "demo-agency_followers_1.xlsx", tables))
    assert {"reason": "without a figure", "rows": 1} in report["skipped"]


def dutch(tables):
    names = [
        "Nieuwe volgers", "Locatie", "Functie", "Senioriteitsniveau", "Branche", "Bedrijfsgrootte",
    ]  # fmt: skip
    renamed = {}
    for name, rows in zip(names, tables.values(), strict=True):
        label = "Datum" if name == names[0] else name
        last = "Totaal aantal volgers"
        renamed[name] = [[label, *(f"kop {at}" for at in rows[0][1:-1]), last], *rows[1:]]
    return renamed


@pytest.mark.parametrize("translate", [dutch, foreign])
def test_followers_in_other_languages(bring, translate):
    path = workbook(bring.folder / FOLLOWERS.name, translate(rows_of(FOLLOWERS)))
    [report] = bring(path)
    assert any("by position" in note for note in report["notes"])
    assert report["language"] == ("nl" if translate is dutch else None)
    assert follows(bring) == {"organic": [3, 2, -1], "paid": [0, 5, 0], "total": [3, 8, -1]}
    assert len(bring.ask(GROUPS)) == 11


def test_followers_before_they_could_be_invited(bring):
    tables = rows_of(FOLLOWERS)
    tables["New followers"] = [row[:3] + row[4:] for row in tables["New followers"]]
    bring(workbook(bring.folder / FOLLOWERS.name, foreign(tables)))
    assert follows(bring)["total"] == [3, 8, -1]
    assert follows(bring)["organic"] == [3, 2, -1]


@pytest.mark.parametrize("translate", [dict, foreign])
def test_visitors(bring, translate):
    path = workbook(bring.folder / VISITORS.name, translate(rows_of(VISITORS)))
    [report] = bring(path)
    assert report["account"] == "demo-agency"
    days = bring.ask(
        "SELECT delivery, page_views, unique_visitors, impressions FROM account_days ORDER BY day"
    )
    assert days == [("total", 7, 3, None), ("total", 6, 3, None)]
    groups = bring.ask(GROUPS)
    assert len(groups) == 11
    assert ("visitor industry", "Public Safety", None, 65) in groups, "views are not people"


def test_followers_and_visitors_of_a_day_stand_side_by_side(bring):
    bring(FOLLOWERS, VISITORS)
    assert bring.ask(
        "SELECT follows, page_views FROM account_days WHERE day = DATE '2024-08-29' "
        "AND delivery = 'total'"
    ) == [(8, 6)]


# --- competitors -------------------------------------------------------------------------------

PAGES = (
    "SELECT p.account_id, a.role, p.followers, p.new_followers, p.engagements, p.posts_published "
    "FROM account_periods p JOIN accounts a USING (account_id) ORDER BY 1"
)
EXPECTED = [
    ("demo-agency", "own", 153, -2, 89, 14),
    ("other-agency", "peer", 38154, 7048, 7789, 155),
    ("waterschap-een-w1", "peer", 1927, 741, 1863, 60),
]


def test_competitors_are_peers_and_the_own_page_is_not(bring):
    [report] = bring(COMPETITORS)
    assert report["period"] == ["2024-02-09", "2024-08-10"]
    assert bring.ask(PAGES) == EXPECTED
    names = bring.ask("SELECT name FROM accounts WHERE role = 'peer' ORDER BY 1")
    assert names == [("Other Agency",), ("Waterschap Één (W1)",)]


def test_the_own_page_is_the_one_of_the_other_exports(bring):
    bring(FOLLOWERS, COMPETITORS)
    assert bring.ask("SELECT count(*) FROM accounts WHERE role = 'own'") == [(1,)]


def test_the_account_that_is_given_is_the_own_page(bring):
    bring(COMPETITORS, accounts=((None, "Demo_Handle"),))
    assert [row[:2] for row in bring.ask(PAGES)] == [
        ("demo_handle", "own"),
        ("other-agency", "peer"),
        ("waterschap-een-w1", "peer"),
    ]


def test_a_page_that_is_registered_keeps_its_role(bring):
    bring(FOLLOWERS, accounts=((None, "other-agency"),))
    bring(COMPETITORS)
    assert dict(row[:2] for row in bring.ask(PAGES))["other-agency"] == "own"


def test_competitors_in_another_language(bring):
    tables = foreign(rows_of(COMPETITORS), {"COMPETITORS": 1})
    [report] = bring(workbook(bring.folder / COMPETITORS.name, tables))
    assert any("by position" in note for note in report["notes"])
    assert bring.ask(PAGES) == EXPECTED


def test_a_period_with_the_day_first(bring):
    tables = rows_of(COMPETITORS)
    path = bring.folder / COMPETITORS.name
    [report] = bring(workbook(path, tables), date_orders=((None, "dmy"),))
    assert report["period"] == ["2024-09-02", "2024-10-08"]


def test_competitors_without_a_period_are_refused(bring):
    tables = {"COMPETITORS": rows_of(COMPETITORS)["COMPETITORS"][1:]}
    path = workbook(bring.folder / COMPETITORS.name, tables)
    assert "does not say of which period" in refused(bring.folder, path)


# --- data archive ------------------------------------------------------------------------------


def test_shares(bring):
    [report] = bring(ARCHIVE / "Shares.csv", **ME)
    assert report["format"] == "linkedin_archive"
    assert report["skipped"] == [{"reason": "without a link to a post", "rows": 1}]
    assert any("taken as UTC" in note for note in report["notes"])
    posts = bring.ask(
        "SELECT post_id, published_at, text, links, audience, is_reply FROM posts ORDER BY 2"
    )
    assert posts[0] == (
        "urn:li:share:7340000000000000001",
        dt.datetime(2026, 5, 1, 8, 30, tzinfo=dt.UTC),
        'First line\n\nSecond line, with "a quote"\nand #worksafely',
        "https://example.org/campaign",
        "MEMBER_NETWORK",
        False,
    )
    assert [post[0] for post in posts[1:]] == [
        "urn:li:ugcPost:7340000000000000002",
        "urn:li:groupPost:12345-7340000000000000003",
    ]
    assert posts[2][2] == 'A text whose breaks\nare as they were: "one"\n"two"'


def test_a_link_with_a_broken_code_spoils_no_other(bring):
    text = (ARCHIVE / "Shares.csv").read_text("utf-8")
    assert "urn%3Ali" in text
    file = bring.folder / "Shares.csv"
    file.write_text(text.replace("urn%3Ali", "urn%99%3Ali", 1), "utf-8")
    [whole] = bring(ARCHIVE / "Shares.csv", **ME)
    [report] = bring(file, **ME)
    assert report["tables"]["posts"] == whole["tables"]["posts"] - 1


def test_the_day_of_a_share_is_that_of_the_store(bring):
    bring(ARCHIVE / "Shares.csv", **ME)
    assert bring.ask("SELECT published_on FROM posts WHERE post_id LIKE '%ugcPost%'") == [
        (dt.date(2026, 5, 3),)  # 23:30 UTC is past midnight in Amsterdam
    ]


def test_comments(bring):
    [report] = bring(ARCHIVE / "Comments.csv", **ME)
    assert report["tables"] == {"posts": 4}
    posts = bring.ask("SELECT post_id, text, is_reply, url FROM posts ORDER BY published_at")
    answered = "urn:li:activity:7350000000000000001"
    assert [post[0] for post in posts] == [
        f"{answered}#1777626000",
        f"{answered}#1777626300",
        "urn:li:comment:(activity:7350000000000000002,7350000000000000009)",
        "urn:li:share:7350000000000000003#1777708800",
    ]
    assert posts[1][1] == 'They call it "safe", we say\nit is, "really"'
    assert all(post[2] for post in posts)
    assert posts[3][3] == "https://www.linkedin.com/feed/update/urn:li:share:7350000000000000003"


def test_quotes_that_are_escaped_far_below(bring):
    """The first rows look the same in both dialects."""
    link = "https://www.linkedin.com/feed/update/urn:li:activity:735000000000000"
    text = io.StringIO()
    text.write("Date,Link,Message\n")
    for number in range(100):
        message = 'in \\"quotes\\", really' if number > 90 else "plain, with a comma"
        text.write(f'2026-05-01 09:{number % 60:02}:00,{link}{number:04},"{message}"\n')
    path = bring.folder / "Comments.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    [report] = bring(path, **ME)
    assert report["skipped"] == []
    assert bring.ask("SELECT count(*) FROM posts WHERE text = 'in \"quotes\", really'") == [(9,)]


def test_a_list_of_messages_that_are_no_comments_is_not_taken_for_them(bring):
    path = bring.folder / "Messages.csv"
    path.write_text("Date,Link,Message\n2026-05-01,https://example.org/1,Hello\n", encoding="utf-8")
    with pytest.raises((UnknownFormat, NoNearFormat)):
        sheets.recognise(sheets.probe(path), formats())


def test_cells_that_show_an_error_are_told(bring):
    """Two of the figures of a day, and both cells of a total: the library reads them as empty."""
    tables = rows_of(ENGLISH)
    tables["ENGAGEMENT"][1][1:] = ["#REF!", "#DIV/0!"]
    tables["DISCOVERY"].append(["#REF!", "#N/A"])
    [report] = bring(workbook(bring.folder / ENGLISH.name, tables), **ME)
    said = "4 cells show an error (such as #REF!): they count as not reported"
    assert report["notes"].count(said) == 1


# --- labels that cannot be read ----------------------------------------------------------------

NO_GROUP, NO_NAME = "without a group", "without the name of a page"


@pytest.mark.parametrize(
    ("path", "sheet", "row", "reason"),
    [
        (ENGLISH, "DISCOVERY", 1, "a figure that is not known here"),
        (ENGLISH, "ENGAGEMENT", 1, "without a date"),
        (ENGLISH, "TOP POSTS", 3, "without a link to a post"),
        (ENGLISH, "FOLLOWERS", 3, "without a date"),
        (ENGLISH, "DEMOGRAPHICS", 1, NO_GROUP),
        (FOLLOWERS, "New followers", 1, "without a date"),
        (FOLLOWERS, "Location", 1, "nothing usable in 'Location'"),
        (FOLLOWERS, "Company size", 1, "nothing usable in 'Company size'"),
        (VISITORS, "Visitor metrics", 1, "without a date"),
        (VISITORS, "Seniority", 1, "nothing usable in 'Seniority'"),
        (COMPETITORS, "COMPETITORS", 2, NO_NAME),
    ],
)
def test_a_row_whose_label_nobody_can_read_is_told(bring, path, sheet, row, reason):
    """One label more that says nothing is one row more that is skipped, for its reason."""
    tables = rows_of(path)
    tables[sheet][row][0] = " \u200b\u00a0"
    damaged = bring.folder / "damaged" / path.name
    damaged.parent.mkdir()
    before, after = (
        [one["reason"] for one in report["skipped"] for _ in range(one["rows"])]
        for report in bring(path, workbook(damaged, tables), **ME)
    )
    assert sorted(after) == sorted([*before, reason])


def test_a_day_without_its_new_followers_is_told(bring):
    tables = rows_of(ENGLISH)
    tables["FOLLOWERS"][3][1] = None
    [report] = bring(workbook(bring.folder / ENGLISH.name, tables), **ME)
    assert {"reason": "without a figure", "rows": 1} in report["skipped"]
