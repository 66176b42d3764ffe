"""Files of rows: any encoding, dialect and damage becomes rows of text or a clear error."""

import csv
import datetime as dt
import io
import os
import time
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaigns.collectors import Format, Layout, formats
from campaigns.collectors import _workbooks as workbooks
from campaigns.collectors._sheets import probe, read, recognise
from campaigns.errors import (
    BadMapping,
    NoNearFormat,
    TooLarge,
    UnknownFormat,
    UnreadableFile,
    UserError,
)

POSTS = Layout(
    "posts",
    {
        "en": {"Post id": "post_id", "Date": "day", "Post text": "text", "Likes": "likes"},
        "nl": {"Bericht-id": "post_id", "Datum": "day", "Tekst": "text", "Vind-ik-leuks": "likes"},
    },
    required=frozenset({"post_id", "day", "likes"}),
)
DAYS = Layout(
    "days",
    {"en": {"Date": "day", "Views": "views", "Views #2": "views_again", "Clicks": "clicks"}},
    required=frozenset({"day", "views"}),
    positions=("day", "views", "views_again", "clicks"),
    sheets=frozenset({"Daily"}),
)


def nothing(payload):
    return []


FORMATS = (
    Format("posts", "x", "posts export", (POSTS,), nothing),
    Format("days", "x", "days export", (DAYS,), nothing),
)
TABLE = 'Post id,Date,Post text,Likes\n1,2024-01-31,hello,10\n2,2024-02-01,"a, b\nc",1.938\n'
ROWS = [(1, "1", "2024-01-31", "hello", "10"), (2, "2", "2024-02-01", "a, b\nc", "1.938")]


@pytest.fixture(scope="module")
def engine():
    return duckdb.connect(config={"autoinstall_known_extensions": False})


def write(folder, content, name="file.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sources_of(path, engine, formats=FORMATS, **options):
    looked = probe(path)
    return read(looked, recognise(looked, formats, **options), engine)


def rows_of(source, engine, fields=("post_id", "day", "text", "likes")):
    listed = ", ".join(f'"{name}"' for name in fields)
    sql = f"SELECT row_number, {listed} FROM {source.relation} ORDER BY row_number"
    return engine.execute(sql).fetchall()


def read_posts(folder, content, engine, **options):
    source = sources_of(write(folder, content), engine, **options)["posts"]
    rows = rows_of(source, engine)
    assert source.rows == len(rows)
    return rows, {str(why): many for why, many in source.rejects}


# --- encodings and dialects --------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_every_encoding_reads_the_same(tmp_path, engine, encoding):
    content = TABLE.replace("hello", "café – Zoë").encode(encoding)
    rows, rejects = read_posts(tmp_path, content, engine)
    assert rows == [(1, "1", "2024-01-31", "café – Zoë", "10"), ROWS[1]]
    assert rejects == {}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("line_end", "quoting"),
    [("\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL), ("\r", csv.QUOTE_ALL)],
)  # fmt: skip
def test_every_dialect_reads_the_same(tmp_path, engine, delimiter, line_end, quoting):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows(csv.reader(io.StringIO(TABLE, newline="")))
    rows, rejects = read_posts(tmp_path, text.getvalue(), engine)
    assert (rows, rejects) == (ROWS, {})


def test_a_preamble_and_blank_lines_and_no_final_newline(tmp_path, engine):
    content = 'sep=,\nReport of\n\n"two\nlines",x\n\n' + TABLE.rstrip("\n")
    source = sources_of(write(tmp_path, content), engine)["posts"]
    assert rows_of(source, engine) == ROWS
    assert ("two\nlines", "x") in source.preamble


def test_a_letter_beyond_ascii_late_in_a_large_file(tmp_path, engine):
    content = (
        TABLE.encode() + b"3,2024-02-02,x,1\n" * 80_000 + "4,2024-02-02,é,1\n".encode("cp1252")
    )
    source = sources_of(write(tmp_path, content), engine)["posts"]
    last = engine.execute(f"SELECT text FROM {source.relation} WHERE post_id = '4'").fetchall()
    assert (source.rows, last, source.notes) == (80_003, [("é",)], ())


def test_damaged_utf8_is_read_and_told(tmp_path, engine):
    content = TABLE.replace("hello", "café ñandú").encode() + b"3,2024-02-02,\xe2\x82,1\n"
    source = sources_of(write(tmp_path, content), engine)["posts"]
    assert rows_of(source, engine)[2] == (3, "3", "2024-02-02", "\ufffd", "1")
    assert "1 characters were damaged" in str(source.notes[0])


def test_control_characters_that_could_be_taken_for_marks_are_left_out(tmp_path, engine):
    rows, _ = read_posts(tmp_path, TABLE.replace("hello", "\x1fn5\0x"), engine)
    assert rows[0][3] == "n5x"


def test_backslashes_as_escapes(tmp_path, engine):
    content = 'Post id,Date,Post text,Likes\n1,2024-01-31,"he said \\"hi\\", ok",3\n'
    rows, _ = read_posts(tmp_path, content, engine)
    assert rows == [(1, "1", "2024-01-31", 'he said "hi", ok', "3")]


@pytest.mark.parametrize("name", ["a[1].csv", "q?.csv", "x*.csv", "it's.csv", "data.gz", "noname"])
def test_the_name_of_a_file_means_nothing(tmp_path, engine, name):
    (tmp_path / "a1.csv").write_text(TABLE.replace("hello", "wrong file"))
    folder = tmp_path / "year=2024"
    folder.mkdir()
    (folder / "a1.csv").write_text(TABLE.replace("hello", "wrong file"))
    source = sources_of(write(folder, TABLE, name), engine)["posts"]
    assert rows_of(source, engine) == ROWS


# --- broken rows -------------------------------------------------------------------------------

HEADER = "Post id,Date,Post text,Likes\n"


@pytest.mark.parametrize(
    ("body", "ids", "rejects"),
    [
        ("1,d,t\n2,d,t,3\n", ["2"], {"the row has fewer cells than the header": 1}),
        ("1,d,t,4,5\n2,d,t,3\n", ["2"], {"the row has more cells than the header": 1}),
        ("1,d,t,4,,,\n2,d,t,3,\n", ["1", "2"], {}),
        ("\n1,d,t,4\n\n  \n2,d,t,3\n\n", ["1", "2"], {}),
        (HEADER + "1,d,t,4\n" + HEADER + "2,d,t,3\n", ["1", "2"], {}),
        (
            '1,d,"x" y,4\n2,d,t,3\n',
            ["2"],
            {"the quotes in the row are not closed, or closed too early": 1},
        ),
        (
            '1,d,"stray,4\n2,d,t,3\n3,d,t,3\n',
            ["2", "3"],
            {"the quotes in the row are not closed, or closed too early": 1},
        ),
        (
            '1,d,t,4\n2,d,"cut\noff\nhere',
            ["1"],
            {"the file ends within this row: it was cut off": 1},
        ),
        ('1,d,5" disk,4\n', ["1"], {}),
        ('1,d,"\r",4\n2,d,t,3\n', ["1", "2"], {}),
        ("1,d,t,4\r\n2,d,t,3\n3,d,t,4\r\n", ["1", "2", "3"], {}),
    ],
)
def test_broken_rows_are_left_out_with_a_reason(tmp_path, engine, body, ids, rejects):
    rows, found = read_posts(tmp_path, HEADER + body, engine)
    assert [row[1] for row in rows] == ids
    assert found == rejects


def test_a_huge_cell_is_one_row_less(tmp_path, engine):
    huge = "x" * 3_000_000
    rows, rejects = read_posts(tmp_path, TABLE + f"3,d,{huge},1\n4,d,t,1\n", engine)
    assert [row[1] for row in rows] == ["1", "2", "4"]
    assert sum(rejects.values()) >= 1


def test_long_quoted_tables_inside_cells_stay_cells(tmp_path, engine):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Post id", "Date", "Post text", "Likes"])
    inside = "\n".join('7,"d",t,8' for _ in range(4000))
    writer.writerows([str(i), "d", inside, "1"] for i in range(400))
    rows, rejects = read_posts(tmp_path, text.getvalue(), engine)
    assert (len(rows), rejects) == (400, {})
    assert {row[3] for row in rows} == {inside}


# --- what is no table --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \r\n", "it is empty"),
        (bytes(range(256)) * 20, "neither text nor a spreadsheet"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", "damaged or cut off"),
    ],
)
def test_unreadable_files_say_why(tmp_path, content, reason):
    with pytest.raises(UnreadableFile, match=reason):
        probe(write(tmp_path, content))


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UnreadableFile):
            probe(path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", "pdf"),
        (b'{"data": []}', "json"),
        (b"window.YTD.tweets.part0 = [", "js"),
        (b"<html><table>", "html"),
        (b"\x89PNG\r\n\x1a\n", "png"),
    ],
)
def test_files_of_other_kinds_have_no_sheets(tmp_path, content, kind):
    looked = probe(write(tmp_path, content))
    assert (looked.container, looked.sheets) == (kind, ())
    with pytest.raises(NoNearFormat, match=kind):
        recognise(looked, FORMATS)


def test_another_zip_is_no_spreadsheet(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.txt", "x")
    assert probe(path).container == "zip"


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (workbooks.RATIO_FROM + 1))
    with pytest.raises(TooLarge, match="unpacks to"):
        probe(path)


def test_a_sheet_that_claims_to_be_endless_is_refused(tmp_path):
    path = tmp_path / "wide.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["XFD1048576"] = "y"
    book.save(path)
    with pytest.raises(TooLarge, match=r"spans 17_179_869_184 cells"):
        probe(path)


def test_the_unpacked_size_is_measured_not_believed(tmp_path):
    path = tmp_path / "liar.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 100_000)
    content = bytearray(path.read_bytes())
    for at in (22, content.index(b"PK\x01\x02") + 24):  # the stated size, in both directories
        content[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="damaged"):
        probe(path)


# --- spreadsheets ------------------------------------------------------------------------------

CELLS = [
    ["Post id", "Date", "Post text", "Likes"],
    ["1", dt.date(2024, 1, 31), "hello", 1938],
    ["2", "2/1/2024", "a\nb", 0.5],
    [None, None, None, None],
    ["3", None, True, -2],
    [None, None, None, None],
]


def write_xlsx(path, cells, sheet="Sheet", above=()):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [*above, *cells]:
        book.active.append(row)
    book.save(path)
    return path


def write_xls(path, cells):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet")
    as_date = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            if cell is not None:
                sheet.write(y, x, cell, *([as_date] if isinstance(cell, dt.date) else []))
    book.save(str(path))
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_spreadsheets_mark_numbers_and_dates(tmp_path, engine, kind):
    make = write_xlsx if kind == "xlsx" else write_xls
    path = make(tmp_path / "file.dat", CELLS)
    looked = probe(path)
    source = sources_of(path, engine)["posts"]
    assert (looked.container, source.typed, source.rejects) == (kind, True, ())
    found = [tuple(cell.removesuffix(".0") if isinstance(cell, str) else cell for cell in row)
             for row in rows_of(source, engine)]  # fmt: skip
    assert found == [
        (1, "1", "\x1fd2024-01-31 00:00:00", "hello", "\x1fn1938"),
        (2, "2", "2/1/2024", "a\nb", "\x1fn0.5"),
        (4, "3", None, "\x1fn1", "\x1fn-2"),
    ]


def test_rows_above_the_header_are_the_preamble_in_plain_text(tmp_path, engine):
    above = [["Total followers on 8/5/2024:", 782], [], [dt.date(2024, 8, 5)]]
    source = sources_of(write_xlsx(tmp_path / "a.xlsx", CELLS, above=above), engine)["posts"]
    assert [row[1] for row in rows_of(source, engine)] == ["1", "2", "3"]
    assert [row[:2] for row in source.preamble] == [
        ("Total followers on 8/5/2024:", "782"), ("", ""), ("2024-08-05", ""),
    ]  # fmt: skip


def test_a_truncated_spreadsheet(tmp_path):
    content = write_xlsx(tmp_path / "a.xlsx", CELLS).read_bytes()
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        probe(write(tmp_path, content[: len(content) // 2], "b.xlsx"))


# --- recognition -------------------------------------------------------------------------------


def recognise_text(folder, content, formats=FORMATS, **options):
    return recognise(probe(write(folder, content)), formats, **options)


def test_labels_in_another_language_case_and_order(tmp_path):
    found = recognise_text(tmp_path, "\ufefftekst;DATUM; Vind-ik-leuks ;Bericht-id;x\na;b;c;d;e\n")
    assert (found.format.name, found.language) == ("posts", "nl")
    assert found.found["posts"].columns == {"text": 0, "day": 1, "likes": 2, "post_id": 3}
    assert found.found["posts"].unknown_labels == ("x",)


def test_mixed_languages_are_tolerated(tmp_path):
    found = recognise_text(tmp_path, "Post id,Datum,Likes\n1,2,3\n")
    assert found.found["posts"].columns == {"post_id": 0, "day": 1, "likes": 2}


def test_of_equal_labels_the_first_wins_unless_the_layout_knows_the_second(tmp_path):
    found = recognise_text(tmp_path, "Date,Views,Views,Date\n1,2,3,4\n").found["days"]
    assert found.columns == {"day": 0, "views": 1, "views_again": 2}


def test_unknown_labels_are_read_by_position_with_a_note(tmp_path):
    found = recognise_text(
        tmp_path, "Päivä,Näytöt,Uudestaan,Klikit\n1/2/2024,5,6,7\n3/4/2024,,6,7\n"
    )
    assert found.found["days"].columns == {"day": 0, "views": 1, "views_again": 2, "clicks": 3}
    assert found.found["days"].by_position
    assert "by position" in str(found.notes[0])


@pytest.mark.parametrize(
    "content",
    [
        "Päivä,Näytöt,Uudestaan\n1/2/2024,5,6\n",
        "Päivä,Näytöt,Uudestaan,Klikit\nmoi,5,6,7\n",
        "5,6,7,8\n1/2/2024,5,6,7\n",
    ],
)
def test_position_is_no_guess(tmp_path, content):
    with pytest.raises(NoNearFormat):
        recognise_text(tmp_path, content)


def test_a_mapping_names_a_column(tmp_path, engine):
    content = TABLE.replace("Likes", "Hearts")
    with pytest.raises(UnknownFormat, match=r"posts export.*'Likes'.*'Hearts'"):
        recognise_text(tmp_path, content)
    rows, _ = read_posts(tmp_path, content, engine, mapping={"hearts": "likes"})
    assert rows == ROWS


@pytest.mark.parametrize("mapping", [{"Nope": "likes"}, {"Likes": "nope"}])
def test_a_mapping_that_names_nothing(tmp_path, mapping):
    with pytest.raises(BadMapping, match=r"(?i)no column .nope."):
        recognise_text(tmp_path, TABLE, mapping=mapping)


def test_the_nearest_format_names_what_is_missing_in_its_language(tmp_path):
    with pytest.raises(UnknownFormat) as caught:
        recognise_text(tmp_path, "Bericht-id,Datum,Tekst\n1,2,3\n")
    assert caught.value.nearest == "posts export"
    assert caught.value.missing == "'Vind-ik-leuks'"


def test_two_tables_in_two_sheets(tmp_path, engine):
    book = openpyxl.Workbook()
    book.active.title = "Daily"
    for row in (["Date", "Views"], ["1/2/2024", 3]):
        book.active.append(row)
    other = book.create_sheet("Posts")
    for row in CELLS:
        other.append(row)
    book.save(tmp_path / "a.xlsx")
    both = Format("both", "x", "both", (DAYS, POSTS), nothing)
    found = sources_of(tmp_path / "a.xlsx", engine, (*FORMATS, both))
    assert set(found) == {"days", "posts"}
    assert rows_of(found["days"], engine, ("day", "views")) == [(1, "1/2/2024", "\x1fn3.0")]


# --- anything ----------------------------------------------------------------------------------

PIECES = [
    b"Post id,Date,Post text,Likes", b"\n", b"\r\n", b"\r", b",", b";", b"\t", b'"', b'""', b"1",
    b"2024-01-31", b"\0", b"\x1f", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\xc3\xa9", b"\\", b"PK",
    b"Post id,Date,Post text,Likes\n1,2,3,4\n",
]  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join),
        st.lists(st.sampled_from(PIECES), max_size=40).map(
            lambda some: PIECES[-1] + b"".join(some)
        ),
    )
)
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b"\xff\xfe")
def test_any_bytes_are_rows_or_a_clear_error(tmp_path_factory, engine, content):
    path = write(tmp_path_factory.mktemp("any"), content)
    try:
        source = sources_of(path, engine)["posts"]
    except UserError:
        return
    assert len(rows_of(source, engine, sorted(source.fields))) == source.rows


TEXT = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t")


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(*[st.text(TEXT, max_size=20)] * 4),
        max_size=12,
    ),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)  # fmt: skip
def test_any_text_comes_back(tmp_path_factory, engine, rows, delimiter, encoding):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["Post id", "Date", "Post text", "Likes"])
    writer.writerows(rows)
    path = write(tmp_path_factory.mktemp("text"), text.getvalue().encode(encoding))
    source = sources_of(path, engine)["posts"]
    found = [row[1:] for row in rows_of(source, engine)]
    assert found == [tuple(cell or None for cell in row) for row in rows]


# --- real files --------------------------------------------------------------------------------

REAL = Path(os.environ.get("BEREIK_REAL_EXPORTS", Path(__file__).parents[4] / "shared/realdata"))


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real exports in {REAL}")
def test_real_text_has_the_rows_that_a_plain_parser_counts(engine):
    paths = sorted(REAL.glob("x-analytics-*/**/*.csv"))
    layout = Layout("any", {"en": {"impressions": "impressions"}}, frozenset({"impressions"}))
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        if "impressions" in [label.casefold() for label in lines[0]]:
            source = sources_of(path, engine, [Format("a", "x", "a", (layout,), nothing)])["any"]
            assert (source.rows, source.rejects) == (len(lines) - 1, ()), path.name


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real exports in {REAL}")
def test_real_spreadsheets_have_the_cells_that_another_library_reads(engine):
    for path in sorted(REAL.glob("linkedin-page/**/*.xlsx")):
        looked = probe(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        assert [sheet.name for sheet in looked.sheets] == book.sheetnames
        for sheet in looked.sheets:
            rows = [row for row in book[sheet.name].iter_rows(values_only=True) if any(row)]
            first = {cell for row in rows[:30] for cell in row if isinstance(cell, str)}
            assert first <= {cell for row in sheet.head for cell in row}, (path.name, sheet.name)
        book.close()


@pytest.mark.parametrize(
    "cell",
    [
        b"<c r='BAA100000'><v>1</v></c>",
        b'<c t="n" r="BAA100000"><v>1</v></c>',
        b'<c r="baa100000"><v>1</v></c>',
    ],
)
def test_a_far_cell_is_measured_however_it_is_written(tmp_path, cell):
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.save(tmp_path / "small.xlsx")
    row = b"<row r='100000'>" + cell + b"</row></sheetData>"
    with (
        zipfile.ZipFile(tmp_path / "small.xlsx") as small,
        zipfile.ZipFile(tmp_path / "far.xlsx", "w") as far,
    ):
        for name in small.namelist():
            far.writestr(name, small.read(name).replace(b"</sheetData>", row))
    with pytest.raises(TooLarge, match=r"spans 137_900_000 cells"):
        probe(tmp_path / "far.xlsx")


def test_a_workbook_is_found_after_the_folder_was_changed(tmp_path, monkeypatch):
    for name, text in (("one", "first"), ("two", "second")):
        (tmp_path / name).mkdir()
        book = openpyxl.Workbook()
        book.active.append([text])
        book.save(tmp_path / name / "a.xlsx")
    for name, text in (("one", "first"), ("two", "second")):
        monkeypatch.chdir(tmp_path / name)
        assert probe(Path("a.xlsx")).sheets[0].head == ((text,),)


def test_half_a_million_columns_and_endless_spaces_take_no_time(tmp_path):
    file = tmp_path / "wide.csv"
    row = ",".join(["x"] * 250_000)
    file.write_text(f"1{' ' * 100_000}x,{row}\n{row},2\n")
    started = time.monotonic()
    with pytest.raises(UserError):
        recognise(probe(file), formats(), {})
    assert time.monotonic() - started < 20


def test_an_old_spreadsheet_with_a_far_cell_takes_no_more_memory_than_it_may(tmp_path):
    """Row 65,535 and column 2,500 span 164 million cells: some 4 GB before anybody can count."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Daily")
    sheet.write(0, 0, "Date")
    sheet.write(65535, 200, 7.5)
    book.save(tmp_path / "far.xls")
    raw = (tmp_path / "far.xls").read_bytes()
    place = b"\xff\xff" + (200).to_bytes(2, "little")
    assert raw.count(place) == 1
    (tmp_path / "far.xls").write_bytes(
        raw.replace(place, b"\xff\xff" + (2500).to_bytes(2, "little"))
    )
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        probe(tmp_path / "far.xls")
