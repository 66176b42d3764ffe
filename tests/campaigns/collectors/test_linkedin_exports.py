"""LinkedIn's exports through the whole import: made-up files with the quirks of real ones."""

import csv
import datetime as dt
import itertools
from pathlib import Path

import openpyxl
import pytest
import xlwt

from campaigns.collectors.linkedin_ads_export.preamble import read_preamble
from campaigns.collectors.linkedin_page_export import _DAY_LABELS, _POST_LABELS
from campaigns.imports import Options, import_paths
from campaigns.store import Store

EN_DAYS, EN_POSTS = (_DAY_LABELS["en"].split("|"), _POST_LABELS["en"].split("|"))
LINK = "https://www.linkedin.com/feed/update/urn:li:activity:"
NOTE = "Aggregated engagement metrics for your page"

# two days; of the second the reposts were withdrawn
DAYS = [
    ["08/29/2024", 100, 40, 140, 70, 10, 4, 14, 5, 2, 7, 1, 0, 1, 2, 0, 2, 0.18, 0.15, 0.17],
    ["08/30/2024", 90, 0, 90, 60, 9, 0, 9, 3, 0, 3, 0, 0, 0, -1, 0, -1, 0.12, 0, 0.12],
]
CAMPAIGN = ("Boost_demo", "08/30/2024", "09/06/2024")
NOTHING = ("", "", "")


def post(
    link, kind, campaign, figures, *, day="08/29/2024", video=("", ""), text="Demo\xa0text\n\nmore"
):
    """A row of "All posts"; figures: impressions, clicks, likes, comments, shares, follows."""
    shown, clicks, likes, comments, shares, follows = figures
    return [
        text, link, kind, campaign[0], "Jan de Vries", day, *campaign[1:], "All followers", shown,
        *video, clicks, clicks / shown if shown else 0, likes, comments, shares, follows, 0.05, "",
    ]  # fmt: skip


POSTS = [
    post(LINK + "7234000000000000001", "Organic", NOTHING, (464, 21, 14, 1, 3, "")),
    post(LINK + "7234000000000000002", "Organic", NOTHING, (2000, 80, 100, 3, 9, "")),
    post(LINK + "7234000000000000002", "Sponsored", CAMPAIGN, (41000, 900, 120, 2, 6, 5)),
    post(LINK + "7234000000000000002", "Total", NOTHING, (43000, 980, 220, 5, 15, 5)),
    post(
        "https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7234000000000000003",
        "Organic", NOTHING, (50, 2, 1, 0, 0, ""), video=(30, 4),
    ),
]  # fmt: skip


def workbook(path, sheets):
    """Write {name of the sheet: rows} as `.xls` or `.xlsx`, by the suffix of the path."""
    if path.suffix == ".xls":
        book = xlwt.Workbook()
        for name, rows in sheets.items():
            sheet = book.add_sheet(name)
            for (at, row), style in zip(
                enumerate(rows), itertools.repeat(xlwt.Style.default_style)
            ):
                for column, value in enumerate(row):
                    sheet.write(at, column, value, style)
        book.save(str(path))
    else:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.save(path)
    return path


def page(
    path,
    days=DAYS,
    posts=POSTS,
    day_labels=EN_DAYS,
    post_labels=EN_POSTS,
    names=("Metrics", "All posts"),
):
    return workbook(
        path, {names[0]: [[NOTE], day_labels, *days], names[1]: [[NOTE], post_labels, *posts]}
    )


@pytest.fixture
def bring(tmp_path):
    """Import files into one store; gives the reports and a way to ask the store."""

    def bring(*paths, **options):
        reports = import_paths(tmp_path / "store", paths, Options(**options))
        for report in reports:
            assert report.error is None, str(report.error)
        return [report.as_json() for report in reports]

    bring.ask = lambda sql: Store.open(tmp_path / "store").read(lambda s: s.rows(sql))
    bring.folder = tmp_path
    return bring


def figures(bring, table="post_metrics"):
    return {
        row["delivery"]: row["impressions"]
        for row in bring.ask(
            f"SELECT delivery, sum(impressions)::INT impressions FROM {table} GROUP BY 1"
        )
    }


# --- the page's content ------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".xls", ".xlsx"])
def test_a_boosted_post_counts_once(bring, suffix):
    [report] = bring(page(bring.folder / f"demo-agency_content_1725000000000{suffix}"))
    assert report["tables"] == {"account_days": 6, "posts": 3, "post_metrics": 5}
    assert report["language"] == "en"
    assert report["account"] == "demo-agency"
    assert report["period"] == ["2024-08-29", "2024-08-30"]
    assert figures(bring) == {"organic": 464 + 2000 + 50, "paid": 41000, "total": 43000}
    assert figures(bring, "account_days") == {"organic": 190, "paid": 40, "total": 230}


def test_what_is_known_of_a_post(bring):
    bring(page(bring.folder / "demo_content_1725000000000.xlsx"))
    rows = bring.ask(
        "SELECT post_id, ad_campaign, author, text, published_on FROM posts ORDER BY 1"
    )
    assert [row["post_id"] for row in rows] == [
        "urn:li:activity:7234000000000000001",
        "urn:li:activity:7234000000000000002",
        "urn:li:ugcPost:7234000000000000003",
    ]
    assert [row["ad_campaign"] for row in rows] == [None, "Boost_demo", None]
    assert {row["text"] for row in rows} == {"Demo text\n\nmore"}
    assert {row["published_on"] for row in rows} == {dt.date(2024, 8, 29)}
    assert all(row["author"].startswith("@~") for row in rows), "a person's name was kept"
    [moment] = bring.ask("SELECT DISTINCT collected_at FROM posts")
    assert moment["collected_at"] == dt.datetime(2024, 8, 30, 6, 40, tzinfo=dt.UTC)


def test_engagements_are_the_known_parts_and_empty_is_unknown(bring):
    bring(page(bring.folder / "demo_content_1725000000000.xlsx"))
    rows = bring.ask(
        "SELECT delivery, engagements, follows, video_views, offsite_video_views "
        "FROM post_metrics ORDER BY post_id, delivery"
    )
    assert [row["engagements"] for row in rows] == [39, 192, 1033, 1225, 3]
    assert [row["follows"] for row in rows] == [None, None, 5, 5, None]
    assert [row["video_views"] for row in rows] == [None, None, None, None, 30]
    assert rows[-1]["offsite_video_views"] == 4


def test_days_keep_withdrawals_and_measured_reach(bring):
    bring(page(bring.folder / "demo_content_1725000000000.xlsx"))
    rows = bring.ask(
        "SELECT delivery, day, reach, shares, engagements FROM account_days ORDER BY delivery, day"
    )
    assert [row["reach"] for row in rows] == [70, 60, None, None, None, None]
    assert [row["shares"] for row in rows] == [2, -1, 0, 0, 2, -1]
    assert [row["engagements"] for row in rows] == [18, 11, 6, 0, 24, 11]


@pytest.mark.parametrize(
    ("language", "names", "kinds"),
    [
        ("es", ("Indicadores", "Todas las publicaciones"), ("Orgánica", "Patrocinada", "Total")),
        ("pt", ("Métricas", "Todas as publicações"), ("Orgânico", "Patrocinado", "Total")),
        ("nl", ("Statistieken", "Alle bijdragen"), ("Spontaan", "Gesponsord", "Totaal")),
        ("nl", ("Statistieken", "Alle bijdragen"), ("Organisch", "Betaald", "Totaal")),
    ],
)
def test_other_languages_give_the_same_figures(bring, language, names, kinds):
    translated = dict(zip(("Organic", "Sponsored", "Total"), kinds, strict=True))
    posts = [[*row[:2], translated[row[2]], *row[3:]] for row in POSTS]
    labels = [label.removesuffix(" #2") for label in _POST_LABELS[language].split("|")]
    [report] = bring(
        page(
            bring.folder / "demo_content_1725000000000.xls",
            posts=posts,
            day_labels=_DAY_LABELS[language].split("|"),
            post_labels=labels,
            names=names,
        )
    )
    assert report["language"] == language
    assert report["tables"] == {"account_days": 6, "posts": 3, "post_metrics": 5}
    assert figures(bring) == {"organic": 2514, "paid": 41000, "total": 43000}
    assert figures(bring, "account_days") == {"organic": 190, "paid": 40, "total": 230}
    [views] = bring.ask("SELECT sum(video_views)::INT n FROM post_metrics")
    assert views["n"] == 30


def test_unknown_labels_are_read_by_position_and_the_report_says_so(bring):
    kinds = {"Organic": "Organisch", "Sponsored": "Gesponsert", "Total": "Gesamt"}
    [report] = bring(
        page(
            bring.folder / "demo_content_1725000000000.xls",
            posts=[[*row[:2], kinds[row[2]], *row[3:]] for row in POSTS],
            day_labels=[f"Spalte {at}" for at in range(20)],
            post_labels=[f"Feld {at}" for at in range(20)],
            names=("Kennzahlen", "Alle Beiträge"),
        )
    )
    assert any("by position" in note for note in report["notes"])
    assert figures(bring) == {"organic": 2514, "paid": 41000, "total": 43000}
    assert figures(bring, "account_days") == {"organic": 190, "paid": 40, "total": 230}


def test_columns_in_another_order_and_older_labels(bring):
    order = [3, 0, 19, *range(4, 19), 2, 1]
    posts = [[row[at] for at in order] for row in POSTS]
    labels = [EN_POSTS[at] for at in order]
    days = [label.replace("Reposts", "Shares") for label in EN_DAYS]
    bring(
        page(bring.folder / "demo_content_1.xlsx", posts=posts, post_labels=labels, day_labels=days)
    )
    assert figures(bring) == {"organic": 2514, "paid": 41000, "total": 43000}
    [row] = bring.ask("SELECT sum(shares)::INT n FROM account_days WHERE delivery = 'total'")
    assert row["n"] == 1


@pytest.mark.parametrize(
    ("days", "is_noted"),
    [
        (["08/09/2024", "08/29/2024"], False),  # as LinkedIn writes them
        ([dt.datetime(2024, 8, 9), dt.datetime(2024, 8, 29)], False),  # noqa: DTZ001
        (["09-08-2024", "29-08-2024"], True),  # only one reading is possible: day first
        (["2024-08-09", "2024-08-29"], False),
    ],
)
def test_dates_as_they_are_after_somebody_saved_the_file(bring, days, is_noted):
    rows = [[day, *row[1:]] for day, row in zip(days, DAYS, strict=True)]
    path = workbook(bring.folder / "demo_content_1.xlsx", {"Metrics": [EN_DAYS, *rows]})
    [report] = bring(path)
    found = bring.ask("SELECT DISTINCT day FROM account_days ORDER BY 1")
    assert [row["day"] for row in found] == [dt.date(2024, 8, 9), dt.date(2024, 8, 29)]
    assert is_noted == any("read as" in note for note in report["notes"])


def test_one_sheet_saved_as_csv(bring):
    path = bring.folder / "posts.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([EN_POSTS, *POSTS])
    [report] = bring(path, accounts=((None, "Demo-Agency"),))
    assert report["tables"] == {"posts": 3, "post_metrics": 5}
    assert bring.ask("SELECT DISTINCT account_id FROM posts") == [{"account_id": "demo-agency"}]


def test_a_kind_of_row_that_nobody_knows(bring):
    """Once: never boosted, so organic. Among three: it cannot be told, and is not guessed."""
    kinds = iter(["オーガニック", "種類1", "Sponsored", "種類2", ""])
    posts = [[*row[:2], next(kinds), *row[3:]] for row in POSTS]
    [report] = bring(page(bring.folder / "demo_content_1.xlsx", posts=posts))
    assert report["skipped"] == [{"reason": "neither organic, sponsored nor total", "rows": 2}]
    assert figures(bring) == {"organic": 514, "paid": 41000}


def test_rows_that_cannot_be_used_are_counted(bring):
    posts = [
        *POSTS,
        ["Notes below the table"],
        post("https://lnkd.in/abc", "Organic", NOTHING, (1,) * 6),
    ]
    [report] = bring(page(bring.folder / "demo_content_1.xlsx", posts=posts))
    assert report["skipped"] == [
        {"reason": "without a date", "rows": 1},
        {"reason": "without a link to a post", "rows": 1},
    ]


def test_a_public_link_has_the_id_too(bring):
    link = "https://www.linkedin.com/posts/demo_campaign-activity-7234000000000000009-Ab1c?utm_source=x"
    bring(
        page(bring.folder / "demo_content_1.xlsx", posts=[post(link, "Organic", NOTHING, (9,) * 6)])
    )
    assert bring.ask("SELECT post_id FROM posts") == [
        {"post_id": "urn:li:activity:7234000000000000009"}
    ]


def test_a_later_export_replaces_and_the_same_one_changes_nothing(bring):
    first = page(bring.folder / "demo_content_1725000000000.xlsx")
    bring(first)
    assert [report["status"] for report in bring(first)] == ["unchanged"]
    later = [[*row[:9], row[9] + 1000, *row[10:]] for row in POSTS]
    bring(page(bring.folder / "demo_content_1726000000000.xls", posts=later))
    assert figures(bring) == {"organic": 5514, "paid": 42000, "total": 44000}
    assert figures(bring, "account_days") == {"organic": 190, "paid": 40, "total": 230}


# --- Campaign Manager --------------------------------------------------------------------------

AD_LABELS = [
    "Start Date (in UTC)", "Account Name", "Currency", "Campaign Group Name", "Campaign Name",
    "Campaign ID", "Campaign Type", "Campaign Objective", "Campaign Status", "Creative Name",
    "Ad ID", "Ad Introduction Text", "Ad Headline", "Total Spent", "Impressions", "Clicks",
    "Click Through Rate", "Clicks to Landing Page", "Total Social Actions", "Reactions", "Comments",
    "Shares", "Follows", "Total Engagements", "Leads (Work Email)", "Video Views", "Conversions",
    "Reach",
]  # fmt: skip


def ad(day, ad_id, spent, shown, *, name="Ad one", clicks="1,040"):
    return [
        day, "Demo Agency", "EUR", "Autumn", "Work safely", "201", "Sponsored", "Website visits",
        "Active", name, ad_id, "Text\nof two lines", "Head", spent, shown, clicks, "0.84%", "900",
        "12", "9", "1", "1", "1", "1,052", "3", "-", "2", "30,000",
    ]  # fmt: skip


def preamble(first, last, title="Ad Performance Report (in UTC)"):
    return [
        [title], [f"Report Start: {first}, 12:00 AM"], [f"Report End: {last}, 11:59 PM"],
        ["Date Generated: October 3, 2026, 7:02 PM"], [],
    ]  # fmt: skip


def report_file(path, rows, encoding="utf-16", delimiter="\t"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


SEPTEMBER = preamble("September 1, 2026", "September 30, 2026")


def test_a_report_by_day(bring):
    rows = [
        *SEPTEMBER,
        AD_LABELS,
        ad("9/1/2026", "301", "1,234.50", "10,000"),
        ad("9/2/2026", "301", "100.25", "2,000"),
        ad("9/2/2026", "302", "0.00", "0", name="Ad two"),
        ["Total", *[""] * 12, "1,334.75", "12,000", *[""] * 13],
    ]
    [report] = bring(
        report_file(bring.folder / "account_5001_creative_performance_report.csv", rows)
    )
    assert report["tables"] == {"ad_periods": 3}
    assert report["skipped"] == [{"reason": "the total of the report", "rows": 1}]
    assert report["period"] == ["2026-09-01", "2026-09-02"]
    found = bring.ask("SELECT * FROM ad_periods ORDER BY first_day, ad_id")
    one = found[0]
    assert (one["level"], one["ad_id"], one["ad_name"]) == ("ad", "301", "Ad one")
    assert (one["campaign_name"], one["campaign_key"]) == ("Work safely", "201")
    assert (one["group_name"], one["ad_account_id"]) == ("Autumn", "Demo Agency")
    assert (one["first_day"], one["last_day"]) == (dt.date(2026, 9, 1), dt.date(2026, 9, 1))
    assert one["collected_at"] == dt.datetime(2026, 10, 3, 19, 2, tzinfo=dt.UTC)
    assert (one["impressions"], one["clicks"], one["engagements"]) == (10000, 1040, 1052)
    assert (one["likes"], one["social_actions"], one["leads"]) == (9, 12, 3)
    assert one["reach"] == 30000
    assert one["video_views"] is None, "a dash is not a zero"
    assert one["text"] == "Text\nof two lines"
    [total] = bring.ask("SELECT sum(spend)::DOUBLE spend, min(currency) c FROM ad_periods")
    assert total == {"spend": 1334.75, "c": "EUR"}


def test_a_report_of_the_whole_period_is_not_booked_on_its_first_day(bring):
    rows = [*SEPTEMBER, AD_LABELS, *[ad("9/1/2026", key, "5.00", "10") for key in ("301", "302")]]
    bring(report_file(bring.folder / "creative_1.csv", rows))
    found = bring.ask("SELECT DISTINCT first_day, last_day FROM ad_periods")
    assert found == [{"first_day": dt.date(2026, 9, 1), "last_day": dt.date(2026, 9, 30)}]


def test_a_report_by_month(bring):
    rows = [
        *preamble("July 15, 2026", "September 10, 2026"),
        AD_LABELS,
        *[ad(day, "301", "5.00", "10") for day in ("7/15/2026", "8/1/2026", "9/1/2026")],
    ]
    bring(report_file(bring.folder / "creative_1.csv", rows))
    found = bring.ask("SELECT first_day, last_day FROM ad_periods ORDER BY 1")
    assert [(row["first_day"], row["last_day"]) for row in found] == [
        (dt.date(2026, 7, 15), dt.date(2026, 7, 31)),
        (dt.date(2026, 8, 1), dt.date(2026, 8, 31)),
        (dt.date(2026, 9, 1), dt.date(2026, 9, 10)),
    ]


def test_a_report_in_dutch(bring):
    labels = [
        "Begindatum (in UTC)", "Accountnaam", "Valuta", "Campagne-ID", "Campagnenaam",
        "Status campagne", "Advertentieset-ID", "Naam van advertentieset",
        "Doelstelling van advertentieset", "Advertentienaam", "Advertentie-ID",
        "Advertentiestatus", "Kop van advertentie", "Totaal besteed", "Weergaven", "Klikken",
        "Doorklikfrequentie (CTR)", "Aantal interacties", "Conversies",
        "Gemiddelde kijktijd (in seconden)",
    ]  # fmt: skip
    row = [
        "Demo B.V.",
        "EUR",
        "901",
        "Veilig werken",
        "Actief",
        "802",
        "Bezoeken",
        "Websitebezoeken",
    ]
    rows = [
        ["Rapport met advertentieprestaties (in UTC)"],
        ["Begindatum van rapport: 5 september 2026 00:00"],
        ["Einddatum van rapport: 6 september 2026 23:59"],
        ["Datum aangemaakt: 7 september 2026 07:06"],
        [],
        labels,
        ["5-9-2026", *row, "A", "301", "Actief", "K", "1.209,36", "1.293", "1", "0,341%", "4", "0", "6.25"],
        ["6-9-2026", *row, "A", "301", "Actief", "K", "1,11", "47", "0", "0%", "0", "0", "13.30"],
    ]  # fmt: skip
    [report] = bring(report_file(bring.folder / "campaign_802.csv", rows))
    assert report["language"] == "nl"
    found = bring.ask("SELECT * FROM ad_periods ORDER BY first_day")
    assert [row["first_day"] for row in found] == [dt.date(2026, 9, 5), dt.date(2026, 9, 6)]
    assert [float(row["spend"]) for row in found] == [1209.36, 1.11]
    assert [row["impressions"] for row in found] == [1293, 47]
    assert {(row["campaign_name"], row["group_name"]) for row in found} == {
        ("Veilig werken", "Bezoeken")
    }
    assert found[0]["collected_at"] == dt.datetime(2026, 9, 7, 7, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("labels", "values", "level", "key"),
    [
        (["Campaign Group Name"], ["Autumn"], "group", "Autumn"),
        (
            ["Campaign Group Name", "Campaign Name", "Campaign ID"],
            ["A", "B", "201"],
            "campaign",
            "201",
        ),
        (
            ["Campaign Name", "Campaign ID", "Ad Set Name", "Ad Set ID"],
            ["A", "1", "B", "22"],
            "group",
            "22",
        ),
        (["Campaign Name", "Creative Name"], ["A", "Picture"], "ad", "Picture"),
    ],
)
def test_the_level_is_the_smallest_unit_named(bring, labels, values, level, key):
    rows = [
        ["Start Date (in UTC)", "Account Name", "Currency", *labels, "Total Spent", "Impressions"],
        ["09/05/2026", "Demo", "EUR", *values, "10.50", "1000"],
    ]
    bring(report_file(bring.folder / "report.csv", rows, "utf-8", ","))
    [row] = bring.ask("SELECT level, ad_id, first_day FROM ad_periods")
    assert row == {"level": level, "ad_id": key, "first_day": dt.date(2026, 9, 5)}


def test_a_report_without_days_takes_its_period_from_above_or_from_the_campaign(bring):
    labels = ["Account Name", "Campaign Name", "Campaign Start Date", "Campaign End Date",
              "Total Spent", "Impressions"]  # fmt: skip
    row = ["Demo", "A", "8/20/2026", "9/9/2026", "10.50", "1000"]
    above = [["Report Start: 09/01/2026", "Report End: 09/30/2026"], ["Currency: EUR"], []]
    bring(report_file(bring.folder / "a.csv", [*above, labels, row], "utf-8", ","))
    bring(report_file(bring.folder / "b.csv", [labels, ["Demo", "B", *row[2:]]], "utf-8", ","))
    found = bring.ask("SELECT first_day, last_day, currency FROM ad_periods ORDER BY campaign_name")
    assert [tuple(row.values()) for row in found] == [
        (dt.date(2026, 9, 1), dt.date(2026, 9, 30), "EUR"),
        (dt.date(2026, 8, 20), dt.date(2026, 9, 9), None),
    ]


def test_the_date_order_option_wins(bring):
    rows = [AD_LABELS, ad("5/9/2026", "301", "1.00", "10")]
    path = report_file(bring.folder / "a.csv", rows)
    bring(path, date_orders=((None, "dmy"),))
    assert bring.ask("SELECT first_day FROM ad_periods") == [{"first_day": dt.date(2026, 9, 5)}]


@pytest.mark.parametrize(
    ("lines", "language", "period", "made_at"),
    [
        ([], "en", None, None),
        (["Reporte", "Inicio: 1 de mayo de 2026", "Fin: 31 de mayo de 2026", "Generado: 2 de junio de 2026 10:00"],
         "es", ("2026-05-01", "2026-05-31"), "2026-06-02 10:00:00"),
        (["Report Start: 05/01/2026, Report End: 05/31/2026"], "en", ("2026-05-01", "2026-05-31"), None),
        (["Date Range: 2026-05-01 - 2026-05-31"], "en", ("2026-05-01", "2026-05-31"), None),
        (["Début : 01/05/2026", "Fin : 31/05/2026", "01/06/2026 12:30"], "fr",
         ("2026-05-01", "2026-05-31"), "2026-06-01 12:30:00"),
    ],
)  # fmt: skip
def test_the_lines_above_the_header(lines, language, period, made_at):
    report = read_preamble([[line] for line in lines], language)
    assert (report.period and tuple(str(day) for day in report.period)) == period
    assert (report.made_at and str(report.made_at)) == made_at


def test_fixture_files_in_both_encodings(bring):
    """The files kept in tests/data: as LinkedIn gives them, UTF-16 and UTF-8."""
    folder = Path(__file__).parents[2] / "data" / "linkedin_ads_export"
    reports = bring(*sorted(folder.glob("account_5001_*.csv")))
    assert [report["status"] for report in reports] == ["imported", "imported"]
    [row] = bring.ask(
        "SELECT count(*) n, sum(spend)::DOUBLE spend FROM ad_periods WHERE level = 'ad'"
    )
    assert row == {"n": 3, "spend": 61.5}
