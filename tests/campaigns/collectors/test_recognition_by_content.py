"""Tables known by what they look like: patterns of labels, contents of cells, the row above."""

import pytest

from campaigns.collectors import Format, Layout, Probe, ProbedSheet
from campaigns.collectors._recognition import recognise
from campaigns.errors import NoNearFormat, UnknownFormat

COUNT = r"\d+"


def probe(**sheets):
    """A workbook: the rows of each sheet as lines of cells separated by ``|``."""
    probed = tuple(
        ProbedSheet(name, index, tuple(tuple(line.split("|")) for line in lines.split("\n")))
        for index, (name, lines) in enumerate(sheets.items())
    )
    return Probe("a.xlsx", "a.xlsx", "xlsx", probed, 1)


def known(*layouts, **more):
    return [Format("demo", "linkedin", "Demo export", layouts, lambda payload: (), **more)]


def unknown(looked, formats):
    with pytest.raises((UnknownFormat, NoNearFormat)):
        recognise(looked, formats)


TWO_TABLES = Layout(
    "posts",
    {"en": {"URL": "url", "Likes": "likes", "URL #2": "other_url", "Views": "views"}},
    required=frozenset({"url", "likes", "other_url", "views"}),
    positions=("url", "likes", "", "other_url", "views"),
    contents={"url": "https://.*", "likes": COUNT, "other_url": "https://.*", "views": COUNT},
)


@pytest.mark.parametrize("labels", ["URL|Likes||URL|Views", "A|B||A|C"])
def test_two_tables_side_by_side(labels):
    """The second one is longer; between them is an empty column."""
    looked = probe(Top=f"a note||||\n{labels}\nhttps://x/1|5||https://x/2|9\n|||https://x/3|8")
    found = recognise(looked, known(TWO_TABLES)).found["posts"]
    assert found.header_row == 1
    assert found.columns == {"url": 0, "likes": 1, "other_url": 3, "views": 4}
    assert found.by_position == labels.startswith("A")


def test_one_of_the_two_tables_may_be_empty():
    looked = probe(Top="A|B||A|C\n|||https://x/2|9")
    assert recognise(looked, known(TWO_TABLES)).found["posts"].by_position
    unknown(probe(Top="A|B||A|C"), known(TWO_TABLES))


def test_cells_that_look_otherwise_are_another_table():
    unknown(probe(Top="A|B||A|C\nhttps://x/1|five||https://x/2|9"), known(TWO_TABLES))
    unknown(probe(Top="URL|Likes||URL|Views\none|5||two|9"), known(TWO_TABLES))


def test_a_broken_cell_does_not_hide_known_labels():
    looked = probe(Top="URL|Likes||URL|Views\nhttps://x/1|5||https://x/2|9\nhttps://x/1|n/a||-|-")
    assert recognise(looked, known(TWO_TABLES)).found["posts"].language == "en"


def test_a_label_that_holds_a_value():
    layout = Layout(
        "spend",
        {"en": {"Campaign": "name"}},
        required=frozenset({"name", "spend"}),
        patterns={r"spend \([a-z]{3}\)": "spend"},
    )
    found = recognise(probe(Ads="Campaign|Spend (EUR)\nA|5"), known(layout)).found["spend"]
    assert found.columns == {"name": 0, "spend": 1}
    unknown(probe(Ads="Campaign|Spend in all\nA|5"), known(layout))


def test_a_period_instead_of_a_label():
    layout = Layout(
        "totals",
        {},
        required=frozenset({"measure", "value"}),
        positions=("measure", "value"),
        patterns={r"\d+/\d+/\d+ - \d+/\d+/\d+": "value"},
        contents={"value": COUNT},
    )
    looked = probe(Totals="Wynik|1/6/2026 - 7/6/2026\nIle|5\nKomu|4")
    assert recognise(looked, known(layout)).found["totals"].columns == {"measure": 0, "value": 1}
    unknown(probe(Totals="Wynik|Ile\nIle|5\nKomu|4"), known(layout))


PAGES = Layout(
    "pages",
    {"en": {"Page": "page", "Followers": "followers"}},
    required=frozenset({"page", "followers"}),
    positions=("page", "followers"),
    contents={"followers": COUNT},
    above=r"\d+/\d+/\d+",
)


def test_the_row_above_is_asked_where_labels_are_not_known():
    assert recognise(probe(P="1/2/2026|1/3/2026\nStrona|Ile\nA|5"), known(PAGES))
    unknown(probe(P="Strona|Ile\nA|5"), known(PAGES))
    unknown(probe(P="A note|\nStrona|Ile\nA|5"), known(PAGES))
    assert recognise(probe(P="Page|Followers\nA|5"), known(PAGES))


def test_one_table_by_position_proves_little_where_a_format_has_several():
    days = Layout(
        "days",
        {"en": {"Date": "day", "New": "new"}},
        required=frozenset({"day", "new"}),
        positions=("day", "new"),
        contents={"new": COUNT},
    )
    groups = Layout(
        "groups",
        {"en": {"Group": "value", "People": "people"}},
        required=frozenset({"value", "people"}),
        positions=("value", "people"),
        contents={"people": COUNT},
        optional=True,
    )
    formats = known(days, groups, least=2)
    unknown(probe(A="Dzień|Ile\n2026-06-01|5"), formats)
    both = recognise(probe(A="Dzień|Ile\n2026-06-01|5", B="Kto|Ile\nWszyscy|5"), formats)
    assert set(both.found) == {"days", "groups"}
    assert recognise(probe(A="Date|New\n2026-06-01|5"), formats).language == "en"


def test_sheets_that_are_left_unread_are_named():
    layout = Layout("pages", {"en": {"Page": "page", "Likes": "likes"}}, frozenset({"page"}))
    looked = probe(Pages="Page|Likes\na|5", Other="Week|Views\n1|5", Note="for you", Empty="")
    [note] = recognise(looked, known(layout)).notes
    assert str(note) == "the sheets 'Other' were not read"
    assert recognise(looked, known(layout, is_statement=True)).notes == ()


def test_rows_above_labels_that_stand_in_the_middle_are_told():
    layout = Layout("days", {"en": {"Day": "day", "Likes": "likes", "Views": "views"}},
                    frozenset({"day", "likes", "views"}))  # fmt: skip
    looked = probe(
        Days="report|of us\n?|Likes|Views\n2025-01-01|5|6\nDay|Likes|Views\n2025-01-02|7|8"
    )
    [note] = recognise(looked, known(layout)).notes
    assert str(note) == "2 rows above the labels in 'Days' were not read"


def test_a_row_in_the_middle_is_no_header_of_unknown_labels():
    layout = Layout("groups", {}, frozenset({"group", "people"}), positions=("group", "people"),
                    contents={"people": COUNT})  # fmt: skip
    looked = probe(Groups="A|B\nx|one\ny|two\nz|three\nnobody|knows\nw|5")
    unknown(looked, known(layout))
