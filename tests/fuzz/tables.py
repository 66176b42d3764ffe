"""Samples that are tables: their rows as text, and rows written as files again."""

from __future__ import annotations

import csv
import functools
import io
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import python_calamine
import xlsxwriter
import xlwt

from campaigns.collectors import Recognition, formats
from campaigns.collectors import _sheets as sheets
from campaigns.errors import UserError
from tests.fuzz.samples import Sample

Changed = Sequence[tuple[str, Sequence[Sequence[str]]]]
"""Sheets by name, and their rows."""


@dataclass(frozen=True)
class Table:
    """A sample that is read: its sheets as rows of text, and where their tables begin.

    ``headers`` has the row of the header of each sheet by its number; it is empty where the
    format finds its rows itself, so that nobody else can say how many there are.
    """

    sheets: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    headers: dict[int, int]
    delimiter: str
    escape: str
    kind: str


@functools.cache
def table_of(sample: Sample) -> Table | None:
    """The rows of a sample; null where it is no table, or its rows are not all alike."""
    if sample.kind not in {"text", "workbook", "xls"}:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder, sample.path)
        path.write_bytes(sample.content)
        try:
            probe = sheets.probe(path)
            found = sheets.recognise(probe, formats(), {})
        except UserError:
            return None
    if sample.kind == "text" and probe.container != "csv":
        return None
    headers = {} if found.format.read is not None else _headers(found)
    if probe.container == "xls":
        old = python_calamine.load_workbook(io.BytesIO(sample.content))
        sheets_of = ((name, old.get_sheet_by_name(name).to_python()) for name in old.sheet_names)
        read = tuple(
            (name, tuple(tuple(map(_shown, row)) for row in rows)) for name, rows in sheets_of
        )
        return Table(read, headers, ",", '"', "xls")
    if probe.container != "csv":
        book = openpyxl.load_workbook(io.BytesIO(sample.content), read_only=True)
        read = tuple(
            (sheet.title, tuple(tuple("" if c is None else str(c) for c in row)
                                for row in sheet.iter_rows(values_only=True)))
            for sheet in book.worksheets
        )  # fmt: skip
        return Table(read, headers, ",", '"', "workbook")
    text = sample.content.decode(probe.encoding).removeprefix("\ufeff")
    escape = {"escapechar": "\\"} if probe.escape == "\\" else {}
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=probe.delimiter, **escape)
    rows = tuple(tuple(row) for row in lines if any(row))
    if headers:
        width = len(rows[headers[0]])
        if len(headers) != 1 or any(len(row) != width for row in rows[headers[0] :]):
            return None
    return Table(((probe.name, rows),), headers, probe.delimiter, probe.escape, "text")


def _shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _headers(found: Recognition) -> dict[int, int]:
    return {each.sheet.index: each.header_row for each in found.found.values()}


# --- written again ---------------------------------------------------------------------------


def is_seen(cell: str) -> bool:
    """Whether a cell has a letter that anybody sees."""
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in cell)


def _is_formula(cell: str) -> bool:
    return cell.startswith("=") and len(cell) < 200


def as_text(rows: Sequence[Sequence[str]], table: Table, luck: random.Random) -> bytes:
    """A CSV in the dialect of a table."""
    target = io.StringIO(newline="")
    escape = {"doublequote": False, "escapechar": "\\"} if table.escape == "\\" else {}
    csv.writer(
        target,
        delimiter=table.delimiter,
        lineterminator=luck.choice(["\n", "\r\n"]),
        quoting=csv.QUOTE_ALL,
        **escape,
    ).writerows(rows)
    return target.getvalue().encode("utf-8", "surrogatepass")


def as_old_book(changed: Changed) -> bytes:
    """A workbook as Excel wrote it until 2003, whose cells are all text."""
    packed, book = io.BytesIO(), xlwt.Workbook()
    for name, rows in changed:
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write(at, column, cell[:32_000])
    book.save(packed)
    return packed.getvalue()


def as_book(changed: Changed, luck: random.Random) -> bytes:
    """A workbook: text where it is written as text, numbers as numbers half of the time."""
    packed = io.BytesIO()
    options = {"strings_to_formulas": True, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(packed, {**options, "in_memory": True}) as book:
        is_typed = luck.random() < 0.5
        for name, rows in changed:
            sheet = book.add_worksheet("".join(c for c in name if c not in "[]:*?/\\")[:31])
            for at, row in enumerate(rows):
                has_more = any(is_seen(cell) and not _is_formula(cell) for cell in row)
                for column, cell in enumerate(row):
                    if is_typed and cell.isascii() and cell.isdigit() and len(cell) < 15:
                        sheet.write_number(at, column, int(cell))
                    elif _is_formula(cell):
                        result = luck.choice([0, "", "#REF!", 7])
                        if not has_more:  # nothing but errors and empty results is no row
                            result = 7 if result in ("", "#REF!") else result
                        sheet.write_formula(at, column, cell, value=result)
                    elif cell:
                        sheet.write_string(at, column, cell[:32_000])
    return packed.getvalue()
