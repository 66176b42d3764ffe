"""What a page shows, as a file."""

import csv
import io

import openpyxl
import pytest

from dashboard.app import COOKIE, create
from dashboard.downloads import as_csv, as_xlsx
from dashboard.parts import Column, Line, Table


@pytest.fixture
def hostile() -> Table:
    columns = (Column("text", "=text"), Column("n", "n", is_number=True))
    rows = [Line({"text": '=HYPERLINK("x")', "n": 1.5}), Line({"text": "@a;b", "n": None})]
    return Table("t", "t", columns, rows)


def test_a_dutch_excel_opens_the_csv_and_runs_no_formula(hostile, monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "nl")
    data = as_csv(hostile)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines(keepends=True)[1].endswith("\r\n")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1:] == [['\'=HYPERLINK("x")', "1,5"], ["'@a;b", ""]]


def test_programs_get_points_and_commas(hostile):
    assert as_csv(hostile).splitlines()[1].endswith(b",1.5")


def test_the_workbook_has_numbers_as_numbers_and_texts_as_texts(hostile):
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(hostile))).active
    assert [cell.data_type for cell in sheet[2]] == ["s", "n"]
    assert sheet["A2"].value == '\'=HYPERLINK("x")'
    assert sheet["B2"].value == 1.5
    assert sheet["B3"].value is None


def client(agency, code="en"):
    one = create(agency).server.test_client()
    one.set_cookie(COOKIE, code, domain="localhost")
    return one


def test_a_download_holds_what_the_page_shows(agency):
    answer = client(agency).get("/download/csv/metrics?path=/glossary&search=q%3Dspend")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=metrics.csv"
    assert "spend" in {row["name in files and commands"] for row in rows}
    assert len(rows) < 20


@pytest.mark.parametrize(
    "address",
    [
        "/download/exe/metrics?path=/glossary",
        "/download/csv/nothing?path=/glossary",
        "/download/csv/metrics?path=/nowhere",
    ],
)
def test_there_is_nothing_else_to_download(agency, address):
    assert client(agency).get(address).status_code == 404


def test_a_download_that_cannot_be_made_says_why(agency):
    answer = client(agency).get("/download/csv/campaigns?path=/&search=from%3Dtomorrow")
    assert answer.status_code == 409
    assert "tomorrow" in answer.text
    assert answer.mimetype == "text/plain"


def test_a_download_speaks_the_readers_language(agency):
    one = client(agency, "nl")
    assert one.get("/download/csv/metrics?path=/glossary").text.startswith("\ufeffnaam;")
