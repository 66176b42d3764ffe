"""A report as a file: CSV for machines, XLSX for people, Parquet for analysts, JSON for all.

Texts that a spreadsheet would run as a formula get an apostrophe in front, in CSV and XLSX.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.reports.report import Report
from campaigns.translations import _, say

if TYPE_CHECKING:
    import pyarrow

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADINGS = {
    "campaign": N_("campaign"),
    "account": N_("account"),
    "account_id": N_("account id"),
    "ambassador": N_("ambassador"),
    "platform": N_("platform"),
    "post": N_("post"),
    "post_id": N_("post id"),
    "published_on": N_("published on"),
    "url": N_("address"),
    "text": N_("text"),
    "day": N_("day"),
    "week": N_("week"),
    "month": N_("month"),
    "media": N_("media"),
    "currency": N_("currency"),
    "posts": N_("posts"),
    "kind": N_("kind"),
    "net_new_followers": N_("followers won minus lost"),
    "followers_at_start": N_("followers at the start"),
    "followers_at_posting": N_("followers at the time of posting"),
    "placement_cost": N_("cost of placements"),
}
"""The headings of columns that are no metrics, and what parts of metrics are called."""

BESIDE = {
    "people": N_("people who take part"),
    "active_least": N_("active, at least"),
    "active_share_least": N_("active share, at least"),
    "incremental_reach_lower": N_("reach beside the own accounts, at least"),
    "incremental_reach_upper": N_("reach beside the own accounts, at most"),
    "share_of_reach_lower": N_("share of reach, at least"),
    "share_of_reach_upper": N_("share of reach, at most"),
    "replacement_lower": N_("replacement value, at least"),
    "replacement_upper": N_("replacement value, at most"),
}
"""The headings of what the ambassadors' report shows beside metrics."""


def heading(column: str) -> str:
    """The heading of a column of a report, in the user's language.

    >>> heading("impressions_previous")
    'impressions (before)'
    """
    for suffix, text in (
        ("_previous", N_("{label} (before)")),
        ("_change", N_("{label} (change)")),
    ):
        name = column.removesuffix(suffix)
        if name != column and (name in METRICS or name in HEADINGS):
            return _(text, label=heading(name))
    if column in HEADINGS or column in BESIDE:
        return _(HEADINGS.get(column) or BESIDE[column])
    return _(METRICS[column].label) if column in METRICS else column


def harmless(value: object) -> object:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers.

    >>> harmless("=1+1"), harmless(-1)
    ("'=1+1", -1)
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def as_csv(report: Report) -> str:
    """The rows with the names of the columns above: commas, points, ISO days, null is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(report.columns)
    for row in report.rows:
        writer.writerow([harmless(row.get(name)) for name in report.columns])
    return text.getvalue()


def as_json(report: Report) -> str:
    """The whole report; see `Report.as_json`."""
    return json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n"


def write_xlsx(report: Report, path: Path) -> None:
    """The rows on one sheet, the definitions and the notes on another."""
    import xlsxwriter  # slow to load

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "count": book.add_format({"num_format": "#,##0"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "fraction": book.add_format({"num_format": "0.00%"}),
        }
        _write_rows(report, book.add_worksheet(_("Report")), styles)
        _write_notes(report, book.add_worksheet(_("Definitions")), styles)


def _write_rows(report: Report, sheet: Any, styles: dict[str, Any]) -> None:
    for place, column in enumerate(report.columns):
        sheet.write_string(0, place, heading(column), styles["head"])
        style = styles[_style(column)]
        for line, row in enumerate(report.rows, start=1):
            value = row.get(column)
            if isinstance(value, dt.date):
                sheet.write_datetime(line, place, value, styles["day"])
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value, style)
            elif value is not None:
                sheet.write_string(line, place, str(harmless(value)))
    sheet.freeze_panes(1, len(report.question.by))
    sheet.set_column(0, max(len(report.columns) - 1, 0), 16)


def _style(column: str) -> str:
    if column.endswith("_change"):
        return "fraction"
    metric = METRICS.get(column.removesuffix("_previous"))
    if metric is None:
        kinds = {"active_share": "fraction", "share_of": "fraction", "replacement": "amount"}
        return next((kind for name, kind in kinds.items() if column.startswith(name)), "count")
    return "amount" if metric.is_money else "fraction" if metric.unit == "fraction" else "count"


def _write_notes(report: Report, sheet: Any, styles: dict[str, Any]) -> None:
    about = report.as_json()["metrics"]
    names = ["label", "meaning", "unit", "base", "delivery", "accounting", "source"]
    for place, name in enumerate(["name", *names]):
        sheet.write_string(0, place, name, styles["head"])
    for line, (metric, values) in enumerate(about.items(), start=1):
        for place, value in enumerate([metric, *(values[name] for name in names)]):
            sheet.write_string(line, place, str(harmless(value or "")))
    for line, note in enumerate(report.notes, start=len(about) + 2):
        sheet.write_string(line, 0, str(harmless(say(note))))
    sheet.set_column(0, len(names), 24)


def as_arrow(report: Report) -> pyarrow.Table:
    """The rows as an Arrow table of fixed types; definitions and notes are in its metadata."""
    import pyarrow

    types: dict[str, Any] = {
        name: pyarrow.date32() if name in {"day", "published_on"} else pyarrow.string()
        for name in HEADINGS
    }
    columns = {}
    for name in report.columns:
        kind: Any = types.get(name) if name != "posts" else pyarrow.int64()
        values = [row.get(name) for row in report.rows]
        if kind is None:
            has_fractions = any(isinstance(value, float) for value in values)
            is_count = name in METRICS and METRICS[name].unit in {"times", "people", "posts"}
            whole = is_count and not has_fractions
            kind = pyarrow.int64() if whole else pyarrow.float64()
        columns[name] = pyarrow.array(values, kind)
    about = {"bereik": json.dumps({**report.as_json(), "rows": None})}
    return pyarrow.table(columns).replace_schema_metadata(about)


def write_parquet(report: Report, path: Path) -> None:
    """The rows as Parquet: see `as_arrow`."""
    import pyarrow.parquet

    pyarrow.parquet.write_table(as_arrow(report), path)
