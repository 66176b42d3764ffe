"""Lists that people write, through the whole import."""

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from campaigns.imports import Options, import_paths
from campaigns.store import Store

DATA = Path(__file__).parents[2] / "data" / "lists"


@pytest.fixture
def bring(tmp_path):
    """Write rows as a list and import it; gives the report and a way to ask the store."""

    def bring(rows, name="list.csv", error=None, **options):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        if path.suffix == ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=";").writerows(rows)
        else:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            book.save(path)
        [report] = import_paths(tmp_path / "store", [path], Options(**options))
        assert str(report.error or "") == (error or "")
        return report.as_json()

    bring.ask = lambda sql: Store.open(tmp_path / "store").read(lambda s: s.rows(sql))
    bring.folder = tmp_path
    return bring


def reasons(report):
    return {skip["reason"]: skip["rows"] for skip in report["skipped"]}


# --- costs -------------------------------------------------------------------------------------


def test_a_dutch_list_of_costs(tmp_path):
    [report] = import_paths(tmp_path / "store", [DATA / "kosten.csv"])
    assert (report.status, report.format, report.language) == ("imported", "list_costs", "nl")
    assert reasons(report.as_json()) == {"the total of the list": 1}
    assert not any("euro" in str(note) for note in report.notes), "the header says the currency"
    rows = Store.open(tmp_path / "store").read(
        lambda s: s.rows("SELECT * FROM costs ORDER BY amount NULLS LAST")
    )
    poster, strategy, editing = rows
    assert poster["shares"] == "Griepprik=1"
    assert (float(poster["amount"]), poster["currency"], poster["vat"]) == (1250.0, "EUR", "excl")
    assert (poster["kind"], poster["source"]) == ("production", "kosten")
    assert (poster["first_day"], poster["last_day"]) == (
        dt.date(2026, 10, 1),
        dt.date(2026, 10, 31),
    )
    assert strategy["shares"] == "Griepprik=0.6;Veilig thuis=0.4"
    assert (strategy["kind"], float(strategy["amount"])) == ("agency", 2000.5)
    assert (editing["kind"], editing["platform"], editing["amount"]) == ("hours", "linkedin", None)
    assert (float(editing["hours"]), float(editing["rate"])) == (12.5, 85.0)
    assert editing["last_day"] == dt.date(2026, 10, 5)


HEADER = ["Campaign", "Description", "Amount", "Currency", "Date"]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("Zomer", "Zomer=1"),
        ("Zomer 2026", "Zomer 2026=1"),
        ("Zomer, veilig op weg", "Zomer, veilig op weg=1"),
        ("A:60%; B:40%", "A=0.6;B=0.4"),
        ("A=0.6;B=0.4", "A=0.6;B=0.4"),
        ("A 60%, B 40%", "A=0.6;B=0.4"),
        ("A (60 %) | B (40 %)", "A=0.6;B=0.4"),
        ("A: 0,25; B: 0,75", "A=0.25;B=0.75"),
        ("Zomer 2026: 50; Winter 2026: 50", "Zomer 2026=0.5;Winter 2026=0.5"),
        ("A: 33,3%; B: 33,3%; C: 33,3%", "A=0.333333;B=0.333333;C=0.333333"),
        ("A: 100%", "A=1.0"),
        ("", None),
    ],
)
def test_shares_as_people_write_them(bring, text, shares):
    bring([HEADER, [text, "x", "10", "EUR", "2026-05-01"]])
    assert bring.ask("SELECT shares FROM costs") == [{"shares": shares}]


@pytest.mark.parametrize(
    "text", ["A: 60%; B: 30%", "A; B", "A: 60%", "A 2026; B 2026", "A: 60%; B"]
)
def test_parts_that_do_not_sum_to_one_are_refused(bring, text):
    rows = [HEADER, [text, "x", "10", "EUR", "2026-05-01"], ["C", "y", "5", "EUR", "2026-05-01"]]
    assert reasons(bring(rows)) == {"the parts of the campaigns do not sum to 100%": 1}
    assert bring.ask("SELECT shares FROM costs") == [{"shares": "C=1"}]


def test_a_column_for_each_campaign(bring):
    header = [
        "Campagne 1",
        "Aandeel 1",
        "Campagne 2",
        "Aandeel 2",
        "Omschrijving",
        "Bedrag",
        "Datum",
    ]
    bring([header, ["A", "60%", "B", "40%", "x", "10", "2026-05-01"],
           ["A", "", "", "", "y", "20", "2026-05-01"]])  # fmt: skip
    assert bring.ask("SELECT shares FROM costs ORDER BY amount") == [
        {"shares": "A=0.6;B=0.4"}, {"shares": "A=1"}]  # fmt: skip


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2026-05", "2026-05-01", "2026-05-31"),
        ("mei 2026", "2026-05-01", "2026-05-31"),
        ("May 2026", "2026-05-01", "2026-05-31"),
        ("mrt-26", "2026-03-01", "2026-03-31"),
        ("02-2028", "2028-02-01", "2028-02-29"),
        ("12/2026", "2026-12-01", "2026-12-31"),
        ("Q1 2026", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("kwartaal 2 2026", "2026-04-01", "2026-06-30"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_month_or_quarter_is_the_period_covered(bring, month, first, last):
    bring([["Campagne", "Kosten", "Maand"], ["A", "€ 10", month]])
    [row] = bring.ask("SELECT first_day, last_day FROM costs")
    assert (str(row["first_day"]), str(row["last_day"])) == (first, last)


def test_month_and_year_in_two_columns(bring):
    bring([["Campagne", "Kosten", "Maand", "Jaar"], ["A", "€ 10", "mei", "2026"]])
    assert bring.ask("SELECT last_day FROM costs") == [{"last_day": dt.date(2026, 5, 31)}]


@pytest.mark.parametrize("kind", ["cost", "placement"])
def test_the_period_of_a_list_begins_with_its_first_day(bring, kind):
    about = {"cost": ["Campagne", "Zomer"], "placement": ["Titel", "De Stem"]}[kind]
    more = {"cost": [["Soort"], ["productie"]], "placement": [["Oplage"], ["80000"]]}[kind]
    head = [about[0], "Bedrag", "Van", "Tot", *more[0]]
    report = bring([head, [about[1], "10", "2026-01-01", "2026-03-31", *more[1]],
                    [about[1], "20", "2026-02-01", "2026-02-28", *more[1]]])  # fmt: skip
    assert report["period"] == ["2026-01-01", "2026-03-31"]


def test_a_period_that_cannot_be_read_is_skipped_not_guessed(bring):
    rows = [
        ["Campagne", "Kosten", "Maand"],
        ["A", "€ 10", "mei t/m juni 2026"],
        ["A", "€ 5", "mei 2026"],
    ]
    assert reasons(bring(rows)) == {"without a date": 1}


@pytest.mark.parametrize(
    ("header", "row", "currency", "is_noted"),
    [
        (["Amount"], ["10"], "EUR", True),
        (["Amount"], ["$ 10"], "USD", True),
        (["Amount"], ["€ 10,50"], "EUR", True),
        (["Amount (USD)"], ["10"], "USD", False),
        (["Bedrag in euro"], ["10"], "EUR", False),
        (["Amount", "Currency"], ["10", "gbp"], "GBP", True),
        (["Amount", "Currency"], ["10", ""], "EUR", True),
        (["Amount", "Valuta"], ["10", "CHF"], "CHF", True),
    ],
)
def test_the_currency_is_read_or_assumed_with_a_note(bring, header, row, currency, is_noted):
    report = bring([["Campaign", "Date", *header], ["A", "2026-05-01", *row]])
    assert bring.ask("SELECT currency FROM costs") == [{"currency": currency}]
    assert any("euro is assumed" in note for note in report["notes"]) == is_noted


def test_a_spreadsheet_with_real_dates_and_numbers(bring):
    report = bring(
        [
            ["Costs of 2026"],
            [],
            ["Campaign", "Kind", "Amount (EUR)", "From", "To", "Month"],
            ["A", "Media", 1234.5, dt.date(2026, 5, 1), dt.date(2026, 5, 9), None],
            ["B", "Design", 10, None, None, dt.date(2026, 6, 1)],
        ],
        "costs.xlsx",
    )
    assert report["period"] == ["2026-05-01", "2026-06-30"]
    rows = bring.ask(
        "SELECT amount::DOUBLE a, kind, first_day, last_day FROM costs ORDER BY 1 DESC"
    )
    assert [tuple(row.values()) for row in rows] == [
        (1234.5, "media", dt.date(2026, 5, 1), dt.date(2026, 5, 9)),
        (10.0, "production", dt.date(2026, 6, 1), dt.date(2026, 6, 30)),
    ]


def test_a_corrected_amount_replaces_and_a_new_month_adds(bring):
    may = [
        ["A", "Posters", "100", "EUR", "2026-05-01"],
        ["A", "Posters", "100", "EUR", "2026-05-01"],
    ]
    bring([HEADER, *may], "costs.csv")
    assert bring.ask("SELECT count(*) n, sum(amount)::INT s FROM costs") == [{"n": 2, "s": 200}]
    may[0][2] = "150"
    june = ["A", "Posters", "30", "EUR", "2026-06-01"]
    bring([HEADER, *may, june], "costs (1).csv")
    assert bring.ask("SELECT count(*) n, sum(amount)::INT s FROM costs") == [{"n": 3, "s": 280}]
    bring([HEADER, june], "other.csv")
    assert bring.ask("SELECT count(*) n, sum(amount)::INT s FROM costs") == [{"n": 4, "s": 310}]


def test_a_new_column_and_corrected_parts_do_not_make_another_line(bring):
    bring([HEADER, ["A: 60%; B: 40%", "x", "100", "EUR", "2026-05-01"]], "costs.csv")
    bring([["Platform", *HEADER, "Invoice"],
           ["", "A: 50%; B: 50%", "x", "100", "EUR", "2026-05-01", ""]], "costs.csv")  # fmt: skip
    assert bring.ask("SELECT shares FROM costs") == [{"shares": "A=0.5;B=0.5"}]


def test_numbers_of_placements_are_those_of_their_list(bring):
    header = ["Nr", "Titel", "Oplage", "Datum"]
    bring([header, ["1", "De Demo", "100", "2025-05-01"]], "print 2025.csv")
    bring([header, ["1", "De Demo", "100", "2026-05-01"]], "print 2026.csv")
    bring([header, ["1", "De Demo", "110", "2026-05-01"]], "print 2026 (1).csv")
    rows = bring.ask("SELECT circulation FROM media_placements ORDER BY first_day")
    assert [row["circulation"] for row in rows] == [100, 110]


def test_a_line_with_its_own_number_may_change_wholly(bring):
    header = ["ID", *HEADER]
    bring([header, ["1", "A", "x", "100", "EUR", "2026-05-01"]], "costs.csv")
    bring([header, ["1", "B", "y", "70", "EUR", "2026-06-01"]], "costs - kopie.csv")
    assert bring.ask("SELECT shares, amount::INT a FROM costs") == [{"shares": "B=1", "a": 70}]


def test_what_is_missing_is_said(bring):
    rows = [
        ["Campaign", "Amount", "Hours", "Rate", "From", "To"],
        ["A", "", "5", "", "2026-05-01", ""],
        ["A", "", "5", "80", "2026-05-01", ""],
        ["A", "5", "", "", "", ""],
        ["A", "5", "", "", "2026-05-02", "2026-05-01"],
        ["A", "five", "", "", "2026-05-02", ""],
    ]
    report = bring(rows)
    assert reasons(report) == {
        "without an amount, or hours and their rate": 2,
        "without a date": 1,
        "ends before it begins": 1,
    }
    assert report["tables"] == {"costs": 1}


def test_costs_and_hours_on_sheets_of_their_own(bring):
    book = openpyxl.Workbook()
    book.active.append(["Campagne", "Bedrag (EUR)", "Datum"])
    book.active.append(["A", 100, dt.date(2026, 5, 1)])
    hours = book.create_sheet("Uren")
    hours.append(["Campagne", "Uren", "Uurtarief (EUR)", "Datum"])
    hours.append(["A", 3, 80, dt.date(2026, 5, 1)])
    path = bring.folder / "kosten.xlsx"
    book.save(path)
    [report] = import_paths(bring.folder / "store", [path])
    assert report.tables == {"costs": 2}
    rows = bring.ask("SELECT amount::INT a, hours::INT h, rate::INT r FROM costs ORDER BY a")
    assert [tuple(row.values()) for row in rows] == [(100, None, None), (None, 3, 80)]


@pytest.mark.parametrize("name", ["Totaalplan", "Total recall", "Totale bereik"])
def test_a_campaign_whose_name_begins_like_a_total(bring, name):
    bring([HEADER, [name, "x", "10", "EUR", "2026-05-01"]])
    assert bring.ask("SELECT shares FROM costs") == [{"shares": f"{name}=1"}]


def test_own_labels_are_named_with_map(bring):
    rows = [["Actie", "Inkoop", "Wanneer"], ["A", "12,50", "2026-05-01"]]
    mapping = ((None, "Actie", "campaign"), (None, "Inkoop", "amount"), (None, "Wanneer", "day"))
    assert bring(rows, mappings=mapping)["format"] == "list_costs"
    assert bring.ask("SELECT amount::DOUBLE a FROM costs") == [{"a": 12.5}]


# --- media, outcomes ---------------------------------------------------------------------------


def test_media_placements(bring):
    report = bring(
        [
            ["Campagne", "Medium", "Titel", "Datum", "Plaatsingen", "Oplage", "Leesbereik",
             "Bron leesbereik", "Kosten incl. btw (EUR)"],
            ["Griepprik", "Dagblad", "De Demo", "3-10-2026", "2", "41.000", "98.500", "NPM", "4.500,00"],
            ["Griepprik", "Radio", "Demo FM", "13-10-2026", "20", "", "", "", ""],
        ]
    )  # fmt: skip
    assert report["format"] == "list_placements"
    paper, radio = bring.ask("SELECT * FROM media_placements ORDER BY first_day")
    assert (paper["medium"], paper["title"], paper["insertions"]) == ("print", "De Demo", 2)
    assert (paper["circulation"], paper["readership"]) == (41000, 98500)
    assert (float(paper["amount"]), paper["currency"], paper["vat"]) == (4500.0, "EUR", "incl")
    assert (radio["medium"], radio["circulation"], radio["amount"]) == ("radio", None, None)
    assert radio["currency"] is None


def test_outcomes(bring):
    report = bring(
        [
            ["Datum", "Campagne", "Uitkomst", "Waarde", "Eenheid", "Gemeten door"],
            ["31-10-2026", "Griepprik", "aanmeldingen", "1.250", "stuks", "registratie"],
            ["31-10-2026", "Griepprik", "herkenning", "45%", "", "DPC"],
            ["31-10-2026", "Griepprik", "waardering", "7,4", "cijfer", "DPC"],
            ["31-10-2026", "Griepprik", "bezoeken", "", "", ""],
        ]
    )
    assert report["format"] == "list_outcomes"
    assert reasons(report) == {"without a value": 1}
    rows = bring.ask("SELECT outcome, value FROM outcomes ORDER BY value")
    assert [tuple(row.values()) for row in rows] == [
        ("herkenning", 0.45), ("waardering", 7.4), ("aanmeldingen", 1250.0)]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.250", "12"], [1250, 12]),
        (["1,250", "12"], [1250, 12]),
        (["1.250", "7,4"], [1250, 7.4]),
        (["1,250.5", "7.4"], [1250.5, 7.4]),
        (["0.125", "0.5"], [0.125, 0.5]),
        (["45%", "1.250"], [0.45, 1250]),
    ],
)
def test_figures_with_thousands(bring, texts, values):
    rows = [["2026-05-01", f"{at}", text] for at, text in enumerate(texts)]
    bring([["Date", "Outcome", "Value"], *rows])
    assert [
        row["value"] for row in bring.ask("SELECT value FROM outcomes ORDER BY outcome")
    ] == values


# --- accounts and ambassadors ------------------------------------------------------------------


def test_accounts_by_link_or_handle(bring):
    bring(
        [
            ["Platform", "Account", "Naam", "Rol", "Sector", "Advertentieaccounts"],
            ["X (Twitter)", "@RijksDemo", "Rijksdemo", "eigen", "overheid", ""],
            ["LinkedIn", "https://www.linkedin.com/company/rijks-demo/posts/?x=1", "Rijksdemo", "", "", "Demo Agency"],
            ["twitter", "https://x.com/PeerDemo", "", "vergelijkbaar", "", ""],
        ]
    )  # fmt: skip
    rows = bring.ask(
        "SELECT platform, account_id, role, ad_accounts FROM accounts ORDER BY account_id"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("x", "peerdemo", "peer", None),
        ("linkedin", "rijks-demo", "own", "Demo Agency"),
        ("x", "rijksdemo", "own", None),
    ]


def test_nothing_is_kept_of_an_ambassador_who_has_not_opted_in(bring):
    report = bring(
        [
            ["Platform", "Account", "Ambassadeur", "Team", "Toestemming op", "Naam tonen", "Uurtarief (€)"],
            ["LinkedIn", "anna-demo", "Anna Voorbeeld", "Beleid", "1-9-2026", "ja", "85"],
            ["LinkedIn", "bert-demo", "Bert Nietgevraagd", "Beleid", "", "nee", ""],
        ]
    )  # fmt: skip
    assert reasons(report) == {"an ambassador who has not opted in: nothing of it is kept": 1}
    [row] = bring.ask("SELECT * FROM accounts")
    assert (row["account_id"], row["role"], row["person"]) == (
        "anna-demo",
        "ambassador",
        "Anna Voorbeeld",
    )
    assert (row["opted_in_on"], row["is_name_permitted"]) == (dt.date(2026, 9, 1), True)
    assert (float(row["hourly_rate"]), row["currency"]) == (85.0, "EUR")
    for file in (bring.folder / "store").rglob("*"):
        assert not file.is_file() or b"Nietgevraagd" not in file.read_bytes(), file


def test_a_role_of_ambassador_in_a_list_of_accounts_needs_consent_too(bring):
    rows = [["Platform", "Account", "Role"], ["x", "@anna", "ambassador"], ["x", "@demo", "own"]]
    bring(rows)
    assert bring.ask("SELECT account_id FROM accounts") == [{"account_id": "demo"}]


# --- campaigns and rules -----------------------------------------------------------------------


def test_campaigns_and_their_rules(bring):
    bring(
        [
            ["Campagne", "Begindatum", "Einddatum", "Budget (EUR)", "Doel", "Streefwaarde", "Doeldatum"],
            ["Griepprik", "1-10-2026", "30-11-2026", "25.000", "aanmeldingen", "5.000", "30-11-2026"],
        ],
        "campagnes.csv",
    )  # fmt: skip
    bring(
        [
            ["Campagne", "Regel", "Waarde", "Platform"],
            ["Griepprik", "hashtag", "#griepprik", ""],
            ["Griepprik", "woorden", "prik halen", "LinkedIn"],
            ["Griepprik", "advertentiecampagne", "Griep 2026", ""],
            ["Griepprik", "gevoel", "ja", ""],
        ],
        "regels.csv",
    )
    [campaign] = bring.ask("SELECT * FROM campaigns")
    assert (campaign["campaign_id"], campaign["name"]) == ("griepprik", "Griepprik")
    assert (float(campaign["budget"]), campaign["goal_target"]) == (25000.0, 5000.0)
    assert campaign["goal_on"] == dt.date(2026, 11, 30)
    rules = bring.ask(
        "SELECT position, kind, value, platform FROM campaign_rules ORDER BY position"
    )
    assert [tuple(row.values()) for row in rules] == [
        (1, "hashtag", "#griepprik", None),
        (2, "words", "prik halen", "linkedin"),
        (3, "ad_campaign", "Griep 2026", None),
    ]


def test_a_list_without_platforms_is_of_no_platform_and_registers_no_account(bring):
    bring([[*HEADER, "Account"], ["A", "x", "10", "EUR", "2026-05-01", "@Demo"]], "costs.csv")
    bring([["Campaign", "Rule", "Value", "Account"], ["A", "hashtag", "#a", "@Demo"]], "rules.csv")
    expected = [{"platform": None, "account_id": "demo"}]
    assert bring.ask("SELECT platform, account_id FROM costs") == expected
    assert bring.ask("SELECT platform, account_id FROM campaign_rules") == expected
    assert bring.ask("SELECT * FROM accounts") == []


def test_a_list_of_something_else_is_not_taken_for_one_of_these(bring):
    rows = [["Naam", "Telefoon"], ["Anna", "06"]]
    path = bring.folder / "other.csv"
    path.write_text("\n".join(";".join(row) for row in rows))
    [report] = import_paths(bring.folder / "store", [path])
    assert report.status == "failed"


def test_hours_of_a_team_of_ambassadors(bring):
    """Without the column a line keeps its key, so that adding the column doubles no line."""
    head = ["Campagne", "Soort", "Uren", "Uurtarief (EUR)", "Maand"]
    bring([head, ["Zomer", "uren", "4", "60", "juni 2026"]], name="uren.csv")
    rows = [[*head, "Team"], ["Zomer", "uren", "4", "60", "juni 2026", ""],
            ["Zomer", "uren", "3", "60", "juni 2026", "Sluizen"]]  # fmt: skip
    assert bring(rows, name="uren.csv")["skipped"] == []
    found = bring.ask("SELECT ambassador, hours::DOUBLE AS hours FROM costs ORDER BY hours")
    assert [tuple(row.values()) for row in found] == [("Sluizen", 3.0), (None, 4.0)]
