"""What a page shows, as a file: every table of every page, for Excel or for programs.

A download asks the page again for the same address and takes the table out of it, so a file can
hold nothing but what the page shows.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import flask

from campaigns.benchmarks.package import DIALECTS
from campaigns.errors import UserError
from campaigns.reports.exports import harmless
from campaigns.translations import language, say
from dashboard.page import find
from dashboard.parts import Table, collecting

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def register(server: flask.Flask) -> None:
    """Offer the downloads."""
    server.add_url_rule("/download/<form>/<name>", "download", _download)


def _download(form: str, name: str) -> flask.Response:
    from dashboard.app import view_of

    if form not in _TYPES:
        flask.abort(404)
    path = flask.request.args.get("path", "/")
    found = find(path)
    if found is None:
        flask.abort(404)
    page, values = found
    search = flask.request.args.get("search", "")
    try:
        with collecting() as tables:
            page.content(view_of(page, path, search, values))
    except UserError as error:
        return flask.Response(f"{say(error)}\n", 409, mimetype="text/plain")
    if name not in tables:
        flask.abort(404)
    table = tables[name]
    data = as_csv(table) if form == "csv" else as_xlsx(table)
    response = flask.Response(data, content_type=_TYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    return response


def as_csv(table: Table) -> bytes:
    """A table as CSV: in Dutch so that a Dutch Excel opens it by a double click."""
    dialect = DIALECTS["nl" if language() == "nl" else "standard"]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator=dialect.newline)
    writer.writerow([column.label for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(row.values.get(c.name), dialect.decimal) for c in table.columns])
    return text.getvalue().encode("utf-8-sig" if dialect.has_mark else "utf-8")


def _cell(value: object, decimal: str) -> object:
    if isinstance(value, float):
        return repr(value).replace(".", decimal)
    return value.isoformat() if isinstance(value, dt.date) else harmless(value)


def as_xlsx(table: Table) -> bytes:
    """A table as a workbook: numbers as numbers, texts never as formulas."""
    import xlsxwriter

    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.label, head)
            for line, row in enumerate(table.rows, start=1):
                _write(sheet, line, place, row.values.get(column.name), day)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(table.columns) - 1, 0), 18)
    return file.getvalue()


def _write(sheet: Any, line: int, place: int, value: object, day: Any) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(line, place, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif value is not None:
        sheet.write_string(line, place, str(harmless(value)))
