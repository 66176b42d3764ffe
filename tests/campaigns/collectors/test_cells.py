"""Numbers, days and moments, read out of texts as people and platforms write them."""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns.collectors import Cell, Parsed
from campaigns.collectors._cells import resolve_all
from campaigns.errors import AmbiguousDates, ConvertedDates, MixedDates
from tests.fuzz import hostile


@dataclass
class Sheet:
    relation: str
    labels: dict[str, str]
    typed: bool = False
    fields: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def engine():
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def sheet(engine, name="sheet", typed=False, **columns):
    """A sheet with these columns of text."""
    length = max(len(values) for values in columns.values())
    listed = ", ".join(f"unnest($c{i}::VARCHAR[]) AS {c}" for i, c in enumerate(columns))
    values = {f"c{i}": [*v, *[None] * (length - len(v))] for i, v in enumerate(columns.values())}
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {listed}", values)
    return Sheet(name, {c: c.title() for c in columns}, typed)


def resolved(engine, parsed, source, **options):
    """The cells of a sheet that is alone in its file."""
    return resolve_all([(parsed, source)], engine, path="a.csv", **options)[0].cells


def values_of(engine, texts, cell, typed=False, **options):
    """The values of a column read as a kind; moments as text in UTC."""
    source = sheet(engine, x=texts, typed=typed)
    parsed = Parsed("sheet", {"x": cell}, [], period="x")
    sql = resolved(engine, parsed, source, **options)["x"].sql
    if cell.kind == "moment":
        sql = f"strftime({sql}, '%Y-%m-%d %H:%M:%S')"
    return [row[0] for row in engine.execute(f"SELECT {sql} FROM sheet").fetchall()]


def read_one(engine, text, cell, typed=False, **options):
    return values_of(engine, [text], cell, typed, **options)[0]


def unreadable(engine, texts, cell, **options):
    source = sheet(engine, x=texts)
    parsed = Parsed("sheet", {"x": cell}, [], period="x")
    found = resolved(engine, parsed, source, **options)["x"]
    rows = engine.execute(f"SELECT x FROM sheet WHERE {found.unreadable}").fetchall()
    return [row[0] for row in rows]


# --- counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1938", 1938), ("1938.0", 1938), ("1,938", 1938), ("1.938", 1938), ("1 938", 1938),
        ("1\u00a0938", 1938), ("1\u202f938", 1938), ("1'938", 1938), ("1’938", 1938),
        ("1.000", 1000), ("1,000", 1000), ("12.000", 12000), ("1.000.000", 1_000_000),
        ("1,000,000", 1_000_000), ("1.000,00", 1000), ("1,000.00", 1000), ("1,938.0", 1938),
        ("12,34,567", 1234567), ("1234.000", 1234), ("0.000", 0), ("0,0", 0), ("0", 0),
        ("5.59E2", 559), ("1E3", 1000), ("-2", -2), ("−2", -2), ("-1.938", -1938), ("+3", 3),
        (" 7 ", 7), ("１２", 12), ("٣", 3), ("999999999999999", 999999999999999),
    ],
)  # fmt: skip
def test_counts(engine, text, count):
    assert read_one(engine, text, Cell("x", "count")) == count


@pytest.mark.parametrize("text", ["", "-", "–", "--", "n/a", "N.v.t.", "< 5", "<1", None])
def test_counts_that_were_not_reported_are_null_and_no_fault(engine, text):
    assert read_one(engine, text, Cell("x", "count")) is None
    assert unreadable(engine, [text], Cell("x", "count")) == []


@pytest.mark.parametrize(
    "text", ["1.5", "0,5", "0.938", "1.2K", "3,4 mln", "12%", "abc", "1,93", "1938.5", "12.34.567",
             "inf", "nan1", "1e30", "99999999999999999999", "1,938.000.1"],
)  # fmt: skip
def test_what_is_no_count_is_null_and_told(engine, text):
    assert read_one(engine, text, Cell("x", "count")) is None
    assert unreadable(engine, [text], Cell("x", "count")) == [text]


GROUPS = [
    ("", ""),
    (",", "."),
    (".", ","),
    (" ", ","),
    ("\u00a0", "."),
    ("\u202f", ","),
    ("'", "."),
]


@settings(max_examples=25, deadline=None)
@given(
    numbers=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20),
    locale=st.sampled_from(GROUPS),
    zeros=st.booleans(),
)
def test_counts_of_any_locale_come_back(engine, numbers, locale, zeros):
    group, mark = locale
    texts = [f"{n:,}".replace(",", group) + (f"{mark}0" if zeros and mark else "") for n in numbers]
    assert values_of(engine, texts, Cell("x", "count")) == numbers


WHOLE = re.compile(
    r"[-+]?(?:\d+(?:[.,]0{1,2}|[.,]0{4,})?|(?:\d{4,}|0+)[.,]0+"
    r"|[1-9]\d{0,2}(?:,\d{3})+(?:\.0+)?|[1-9]\d{0,2}(?:\.\d{3})+(?:,0+)?)"
)


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789.,-+", max_size=12))
@example("1.000")
@example("1,938.0")
@example("1234.000")
def test_a_count_is_read_only_where_a_second_reading_agrees(engine, text):
    """The second: whole by its form, groups of three stripped, else no count."""
    expected = None
    if WHOLE.fullmatch(text):
        is_grouped = re.fullmatch(r"[-+]?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*([.,]0+)?", text)
        if is_grouped:
            mark = is_grouped[1]
            other = "," if mark == "." else "."
            expected = int(text.partition(other)[0].replace(mark, ""))
        else:
            expected = int(re.split("[.,]", text)[0])
    found = read_one(engine, text, Cell("x", "count"))
    is_indian = re.fullmatch(r"[-+]?[1-9]\d?(,\d{2})+,\d{3}(\.0+)?", text)
    if not is_indian and not re.search(r"^[-+]?\.|\.$", text):  # ``5.`` may be 5
        assert found == expected


# --- numbers and money -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["0.0156", "5.59E-4"], [0.0156, 5.59e-4]),
        (["59.86%", "100%"], [0.5986, 1.0]),
        (["59,86%", "0,5 %"], [0.5986, 0.005]),
        (["1.234,5", "1.234"], [1234.5, 1234.0]),
        (["1,234.5", "1,234"], [1234.5, 1234.0]),
        (["0,125", "1.000"], [0.125, 1000.0]),
        (["1.234"], [1.234]),
        (["< 1%", "12%"], [None, 0.12]),
        (["", "-", "3"], [None, None, 3.0]),
    ],
)
def test_numbers(engine, texts, numbers):
    assert values_of(engine, texts, Cell("x", "number")) == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("texts", "amounts"),
    [
        (["€ 1.234,56", "€ 12"], ["1234.56", "12"]),
        (["$1,234.56", "$1,234"], ["1234.56", "1234"]),
        (["1.234"], ["1234"]),
        (["1,234"], ["1234"]),
        (["1.234", "0.5"], ["1.234", "0.5"]),
        (["EUR 12,50", "12,50 EUR", "12,50€", "US$ 3,00"], ["12.5", "12.5", "12.5", "3"]),
        (["12,-", "1.250,-"], ["12", "1250"]),
        (["-€ 5,25", "€ -5,25", "(5,25)"], ["-5.25", "-5.25", "-5.25"]),
        (["1 234,50", "1'234,50"], ["1234.5", "1234.5"]),
        (["", "-"], [None, None]),
        (["0.123456789"], ["0.123457"]),
    ],
)  # fmt: skip
def test_money(engine, texts, amounts):
    expected = [None if amount is None else Decimal(amount) for amount in amounts]
    assert values_of(engine, texts, Cell("x", "money")) == expected


def test_the_decimal_mark_of_one_column_helps_the_next(engine):
    source = sheet(engine, a=["1.234"], b=["0.5"])
    parsed = Parsed("sheet", {"a": Cell("a", "money"), "b": Cell("b", "money")}, [])
    cells = resolved(engine, parsed, source)
    assert engine.execute(f"SELECT {cells['a'].sql} FROM sheet").fetchone() == (Decimal("1.234"),)


@pytest.mark.parametrize("text", ["abc", "1.2K", "1,23,4", "12.34.56"])
def test_amounts_that_cannot_be_read_are_told(engine, text):
    assert unreadable(engine, [text], Cell("x", "money")) == [text]


@settings(max_examples=25, deadline=None)
@given(
    cents=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20),
    locale=st.sampled_from(GROUPS[1:]),
)
def test_amounts_of_any_locale_come_back(engine, cents, locale):
    group, mark = locale
    amounts = [Decimal(cent) / 100 for cent in cents]
    texts = [f"{a:,.2f}".translate({ord(","): group, ord("."): mark}) for a in amounts]
    assert values_of(engine, texts, Cell("x", "money")) == amounts


@pytest.mark.parametrize("text", ["1000000000000000", "-9223372036854775808", "1e18", "9" * 400])
def test_figures_that_no_sum_could_bear_are_told(engine, text):
    assert read_one(engine, text, Cell("x", "count")) is None
    assert unreadable(engine, [text], Cell("x", "count")) == [text]


@pytest.mark.parametrize("text", ["1e999", "-1e999", "9" * 400, "1e15", "1e999%"])
def test_fractions_without_end_are_told(engine, text):
    assert read_one(engine, text, Cell("x", "number")) is None
    assert unreadable(engine, [text], Cell("x", "number")) == [text]


def test_the_largest_figures_that_are_read(engine):
    texts = ["999,999,999,999,999", "-999999999999999"]
    assert values_of(engine, texts, Cell("x", "count")) == [10**15 - 1, 1 - 10**15]


# --- spreadsheets ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("\x1fn1938.0", "count", 1938),
        ("\x1fn1.5", "count", None),
        ("\x1fn1e+15", "count", None),
        ("\x1fnnan", "number", None),
        ("\x1fninf", "number", None),
        ("\x1fn0.125", "number", 0.125),
        ("\x1fn1.234", "money", Decimal("1.234")),
        ("\x1fd2024-08-05 00:00:00", "day", dt.date(2024, 8, 5)),
        ("\x1fd2024-08-05 13:30:00", "moment", "2024-08-05 13:30:00"),
        ("\x1fn1938.0", "text", "1938"),
        ("\x1fn1.47689e+18", "text", "1.47689E+18"),
        ("\x1fd2024-08-05 00:00:00", "text", "2024-08-05"),
        ("795", "count", 795),
        (" plain ", "text", "plain"),
    ],
)
def test_cells_that_spreadsheets_hold_as_values(engine, text, kind, value):
    assert read_one(engine, text, Cell("x", kind), typed=True) == value


def test_odd_covers_what_is_unreadable_or_withheld(engine):
    texts = ["1", "-", "", None, "abc", "< 1%", "n/a"]
    source = sheet(engine, x=texts)
    cell = resolved(engine, Parsed("s", {"x": Cell("x", "count")}, []), source)["x"]
    rows = engine.execute(
        f"SELECT x, {cell.odd('v', 'x')}, {cell.unreadable}, {cell.withheld} "
        f"FROM (SELECT *, {cell.sql} AS v FROM sheet)"
    ).fetchall()
    assert [x for x, odd, _, _ in rows if odd] == ["abc", "< 1%", "n/a"]
    assert None not in [odd for _, odd, _, _ in rows]
    assert [x for x, _, unread, _ in rows if unread] == ["abc"]
    assert [x for x, _, _, withheld in rows if withheld] == ["< 1%"]


DATES = [text for texts in hostile.DATES.values() for text in texts]
PLAIN = ["2025-03-04", "4/3/2026", " 4/3/2026", "1938", "1938.0", "12.5", "Mon Feb 17 2025"]
HELD = ["\x1fn5", "\x1fn5.0", "\x1fn5.5", "\x1fd2025-03-04 00:00:00"]


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("order", ["dmy", "mdy"])
@pytest.mark.parametrize(
    "cell",
    [
        *[Cell("x", kind) for kind in ("count", "number", "money", "day", "moment")],
        Cell("x", "day", ("%a %b %d %Y",)),
        Cell("x", "moment", ("%Y-%m-%d %H:%M %z", "%Y-%m-%d %H:%M:%S")),
    ],
)
def test_the_plainest_reading_gives_less_but_never_another_value(engine, cell, order, typed):
    """Where it gives a value, that is the value; plain cells have one."""
    texts = [*PLAIN, *DATES, *hostile.NUMBERS, *hostile.TEXTS, "", None, *(HELD if typed else [])]
    parsed = Parsed("s", {"x": cell}, [], period="x")
    found = resolved(engine, parsed, sheet(engine, x=texts, typed=typed), date_order=order)["x"]
    quick = found.quick or found.sql
    rows = engine.execute(f"SELECT x, {quick} AS q, {found.sql} AS v FROM sheet").fetchall()
    assert [(x, q, v) for x, q, v in rows if q is not None and q != v] == []
    assert any(q is not None for _, q, _ in rows)


# --- text ------------------------------------------------------------------------------------


def test_text_is_trimmed_and_empty_is_null(engine):
    texts = ["\u00a0 a b\n", "  ", "", "-"]
    assert values_of(engine, texts, Cell("x", "text")) == ["a b", None, None, "-"]


def test_a_pattern_takes_its_group(engine):
    cell = Cell("x", "text", pattern=r"status/(\d+)")
    texts = ["https://x.com/a/status/12345", "https://x.com/a/status/undefined"]
    assert values_of(engine, texts, cell) == ["12345", None]


def test_a_cell_whose_field_is_not_in_the_file_is_null(engine):
    source = sheet(engine, x=["1"])
    parsed = Parsed("sheet", {"y": Cell("y", "count")}, [])
    sql = resolved(engine, parsed, source)["y"].sql
    assert engine.execute(f"SELECT {sql} FROM sheet").fetchone() == (None,)


# --- days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-03", dt.date(2024, 5, 3)), ("2024/5/3", dt.date(2024, 5, 3)),
        ("20240503", dt.date(2024, 5, 3)), ("2024-05-03T10:00:00", dt.date(2024, 5, 3)),
        ("3 mei 2024", dt.date(2024, 5, 3)), ("12 jan. 2025", dt.date(2025, 1, 12)),
        ("May 3, 2024", dt.date(2024, 5, 3)), ("Tue, Feb 18, 2025", dt.date(2025, 2, 18)),
        ("zondag 3 maart 2024", dt.date(2024, 3, 3)), ("1 mrt 2024", dt.date(2024, 3, 1)),
        ("Mon Feb 17 2025", dt.date(2025, 2, 17)), ("31 oktober 2024", dt.date(2024, 10, 31)),
        ("30 februari 2024", None), ("2024-02-30", None), ("gisteren", None),
    ],
)  # fmt: skip
def test_days_in_any_writing(engine, text, day):
    assert read_one(engine, text, Cell("x", "day")) == day
    assert unreadable(engine, [text], Cell("x", "day")) == ([] if day else [text])


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("Mon Feb 17 2025", "%a %b %d %Y", dt.date(2025, 2, 17)),
        ("Sun, Nov 9, 2025", "%a, %b %d, %Y", dt.date(2025, 11, 9)),
        ("02/12/2024", "%m/%d/%Y", dt.date(2024, 2, 12)),
    ],
)
def test_days_in_a_stated_format(engine, text, form, day):
    assert read_one(engine, text, Cell("x", "day", (form,))) == day


def test_a_value_above_twelve_decides_for_the_whole_file(engine):
    one = sheet(engine, "one", x=["01/02/2024"])
    other = sheet(engine, "other", x=["31/01/2024"])
    parsed = Parsed("sheet", {"x": Cell("x", "day")}, [])
    first, second = resolve_all([(parsed, one), (parsed, other)], engine, path="a.xlsx")
    assert first.order == second.order == "dmy"
    assert "31/01/2024" in str(first.notes[0])
    found = engine.execute(f"SELECT {first.cells['x'].sql} FROM one").fetchone()
    assert found == (dt.date(2024, 2, 1),)


def test_dates_that_can_be_both_are_asked_about(engine):
    with pytest.raises(AmbiguousDates, match=r"'X' \(such as 01/02/2024\).*--date-order"):
        values_of(engine, ["01/02/2024", "03/03/2024"], Cell("x", "day"))


def test_dates_that_mean_the_same_both_ways_are_no_question(engine):
    assert read_one(engine, "03-03-2024", Cell("x", "day")) == dt.date(2024, 3, 3)


def test_dates_that_contradict_each_other_are_refused(engine):
    with pytest.raises(MixedDates, match=r"31/01/2024.*01/31/2024"):
        values_of(engine, ["31/01/2024", "01/31/2024"], Cell("x", "day"))


@pytest.mark.parametrize(
    ("options", "day"),
    [
        ({"date_order": "dmy"}, dt.date(2024, 2, 1)),
        ({"date_order": "mdy"}, dt.date(2024, 1, 2)),
        ({"format_order": "mdy"}, dt.date(2024, 1, 2)),
        ({"date_order": "dmy", "format_order": "mdy"}, dt.date(2024, 2, 1)),
        ({"language": "nl"}, dt.date(2024, 2, 1)),
        ({"stated": (dt.date(2024, 1, 1), dt.date(2024, 1, 31))}, dt.date(2024, 1, 2)),
        ({"stated": (dt.date(2024, 2, 1), dt.date(2024, 2, 9))}, dt.date(2024, 2, 1)),
    ],
)
def test_what_decides_the_order(engine, options, day):
    assert read_one(engine, "01/02/2024", Cell("x", "day"), **options) == day


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["1/6/2026", "2/6/2026", "3/6/2026"], dt.date(2026, 6, 1)),
        (["3/6/2026", "3/4/2026", "3/5/2026"], dt.date(2026, 3, 6)),
    ],
)
def test_days_that_follow_one_another_show_the_order(engine, texts, first):
    assert values_of(engine, texts, Cell("x", "day"))[0] == first


def test_posts_older_than_the_period_do_not_disprove_it(engine):
    """The days of the figures lie in the stated period; those of the posts need not."""
    days = sheet(engine, "days", x=["1/6/2026", "2/6/2026"])
    posts = sheet(engine, "posts", x=["4/5/2025"])
    cells = {"x": Cell("x", "day")}
    both = [(Parsed("days", cells, [], period="x"), days), (Parsed("posts", cells, []), posts)]
    stated = (dt.date(2026, 6, 1), dt.date(2026, 6, 2))
    _, found = resolve_all(both, engine, path="a.xlsx", stated=stated)
    assert found.order == "dmy"


def test_a_file_that_shows_another_order_than_its_format_is_believed(engine):
    assert read_one(engine, "31-12-2024", Cell("x", "day"), format_order="mdy") == dt.date(
        2024, 12, 31
    )


HELD = [f"\x1fd2025-{month:02}-02 00:00:00" for month in range(1, 5)]


def test_dates_that_a_spreadsheet_program_has_turned_around_are_refused(engine):
    """02/01/2025 became the 2nd of January in Excel; 02/14/2025 stayed the text it was."""
    with pytest.raises(ConvertedDates, match=r"02/14/2025.*as it was downloaded"):
        values_of(engine, [*HELD, "02/14/2025"], Cell("x", "day"), typed=True)


def test_dates_and_texts_in_one_column(engine):
    texts = [*HELD, "\x1fd2025-01-31 00:00:00", "14/2/2025"]
    days = values_of(engine, texts, Cell("x", "day"), typed=True)
    assert days[-2:] == [dt.date(2025, 1, 31), dt.date(2025, 2, 14)]


def test_two_digits_of_a_year(engine):
    assert read_one(engine, "31/12/24", Cell("x", "day")) == dt.date(2024, 12, 31)


@settings(max_examples=25, deadline=None)
@given(
    days=st.lists(st.dates(dt.date(2006, 1, 1), dt.date(2030, 12, 31)), min_size=1, max_size=20),
    order=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%m.%d.%Y"]),
)
def test_days_come_back_once_one_of_them_shows_the_order(engine, days, order):
    days = [*days, dt.date(2024, 1, 31)]
    texts = [day.strftime(order) for day in days]
    assert values_of(engine, texts, Cell("x", "day")) == days


# --- moments ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cell", "moment"),
    [
        ("2016-12-23 18:50 +0000", Cell("x", "moment", ("%Y-%m-%d %H:%M %z",)), "2016-12-23 18:50:00"),
        ("2016-12-23 18:50 +0200", Cell("x", "moment", ("%Y-%m-%d %H:%M %z",)), "2016-12-23 16:50:00"),
        ("2024-07-01 12:00:00", Cell("x", "moment", zone="Europe/Amsterdam"), "2024-07-01 10:00:00"),
        ("2024-07-01T12:00:00Z", Cell("x", "moment"), "2024-07-01 12:00:00"),
        ("2024-07-01T12:00:00+02:00", Cell("x", "moment"), "2024-07-01 10:00:00"),
        ("03/15/2025 03:06", Cell("x", "moment"), "2025-03-15 03:06:00"),
        ("15-3-2025 3:06 PM", Cell("x", "moment"), "2025-03-15 15:06:00"),
        ("15-3-2025", Cell("x", "moment"), "2025-03-15 00:00:00"),
        ("3 mei 2024 14:30", Cell("x", "moment"), "2024-05-03 14:30:00"),
        ("Sat Nov 09 12:14:18 +0000 2024", Cell("x", "moment", ("%a %b %d %H:%M:%S %z %Y",)), "2024-11-09 12:14:18"),
        ("soon", Cell("x", "moment"), None),
    ],
)  # fmt: skip
def test_moments(engine, text, cell, moment):
    assert read_one(engine, text, cell) == moment


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("0000-01-01", Cell("x", "day")),
        ("1899-12-31", Cell("x", "day")),
        ("Sat Nov 09 12:14:18 +0000 99999", Cell("x", "moment", ("%a %b %d %H:%M:%S %z %Y",))),
        ("Sat Nov 09 12:14:18 +0000 0001", Cell("x", "moment", ("%a %b %d %H:%M:%S %z %Y",))),
        ("290309-12-22", Cell("x", "day")),
        ("infinity", Cell("x", "day")),
    ],
)
def test_dates_that_no_other_program_knows_are_told(engine, text, cell):
    assert read_one(engine, text, cell) is None
    assert unreadable(engine, [text], cell) == [text]


def test_a_last_day_without_end_is_read(engine):
    assert read_one(engine, "9999-12-31", Cell("x", "day")) == dt.date(9999, 12, 31)
