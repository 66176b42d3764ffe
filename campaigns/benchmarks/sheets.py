"""Writing one sheet of a workbook from top to bottom: titles, rows of values, a chart."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from typing import Any

from campaigns.metrics import METRICS
from campaigns.reports.exports import harmless

_LONGEST = 32_000  # a cell holds no more than 32,767 characters
_PAGE_COLUMNS = 18  # more on one page could not be read
_COLOURS = ("#1B5E8C", "#C8553D", "#5B8C5A", "#8C6BB1", "#B8860B", "#4D4D4D")
_HEAD = {"bold": True, "text_wrap": True, "font_color": "#FFFFFF", "bg_color": _COLOURS[0]}


class Styles:
    """The formats of the cells of one workbook, by name."""

    def __init__(self, book: Any) -> None:
        looks: dict[str, dict[str, object]] = {
            "": {"text_wrap": True, "align": "left", "indent": 1},
            "title": {"bold": True, "font_size": 18, "font_color": _COLOURS[0]},
            "subtitle": {"bold": True, "font_size": 13, "font_color": _COLOURS[0]},
            "line": {"font_color": "#4D4D4D"},
            "head": {**_HEAD, "align": "center"},
            "first head": {**_HEAD, "align": "left", "indent": 1},
            "count": {"num_format": "#,##0"},
            "year": {"num_format": "0"},
            "number": {"num_format": "#,##0.##"},
            "amount": {"num_format": "#,##0.00"},
            "fraction": {"num_format": "0.00%"},
            "share": {"num_format": "0%"},
            "day": {"num_format": "yyyy-mm-dd", "align": "left"},
        }
        self.by_name = {
            name: book.add_format({"valign": "top", **look}) for name, look in looks.items()
        }


def style_of(metric: str) -> str:
    """The format of a metric's values.

    >>> style_of("er_impressions"), style_of("cpm"), style_of("posts")
    ('fraction', 'amount', 'count')
    """
    if metric == "follower_growth_rate":
        return "fraction"
    about = METRICS.get(metric)
    if about is None:
        return "number"
    if about.is_money:
        return "amount"
    if about.unit == "fraction":
        return "fraction"
    return "number" if about.kind != "measure" else "count"


class Sheet:
    """A sheet that is written from top to bottom; values only, never a formula."""

    def __init__(self, book: Any, name: str, styles: Styles) -> None:
        self.book = book
        self.name = name[:31]
        self.sheet = book.add_worksheet(self.name)
        self._styles = styles.by_name
        self.next = 0
        self._columns = 0
        self._widths: list[int] = []
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.hide_gridlines(2)

    def title(self, text: str) -> None:
        """What the sheet is about."""
        self.sheet.set_row(self.next, 28)
        self._line(text, "title")

    def subtitle(self, text: str) -> None:
        """What the next part is about."""
        self.sheet.set_row(self.next, 21)
        self._line(text, "subtitle")

    def line(self, text: str) -> None:
        """A remark over the whole width."""
        self._line(text, "line")

    def skip(self) -> None:
        """An empty row."""
        self.next += 1

    def head(self, names: Sequence[str]) -> int:
        """The heads of columns; returns the number of the row below them."""
        lines = max((self._lines(place, name) for place, name in enumerate(names)), default=1)
        self.sheet.set_row(self.next, 15 * lines + 3)
        for place, name in enumerate(names):
            style = self._styles["head" if place else "first head"]
            self.sheet.write_string(self.next, place, name, style)
        self._columns = len(names)
        self.next += 1
        return self.next

    def row(self, cells: Sequence[tuple[object, str]]) -> None:
        """Values with the names of their formats; null stays an empty cell."""
        for place, (value, style) in enumerate(cells):
            self._write(place, value, style)
        lines = max((self._lines(place, value) for place, (value, _style) in enumerate(cells)))
        if lines > 1:
            self.sheet.set_row(self.next, 15 * min(lines, 20))
        self.next += 1

    def _lines(self, place: int, value: object) -> int:
        """How many lines a text takes in its column: not every program finds out by itself."""
        if not isinstance(value, str) or place >= len(self._widths):
            return 1
        return sum(len(textwrap.wrap(part, self._widths[place])) or 1 for part in value.split("\n"))

    def _line(self, text: str, style: str) -> None:
        self.sheet.write_string(self.next, 0, str(harmless(text)), self._styles[style])
        self.next += 1

    def _write(self, place: int, value: object, style: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self.sheet.write_boolean(self.next, place, value, self._styles[style])
        elif isinstance(value, int | float):
            self.sheet.write_number(self.next, place, value, self._styles[style])
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(self.next, place, value, self._styles["day"])
        else:
            text = str(harmless(str(value)))[:_LONGEST]
            self.sheet.write_string(self.next, place, text, self._styles[""])

    def as_table(self, fixed: int) -> None:
        """Let the heads in the first row stay in sight, and be chosen from."""
        self.sheet.freeze_panes(1, fixed)
        self.sheet.repeat_rows(0)
        if self._columns:
            self.sheet.autofilter(0, 0, max(self.next - 1, 0), self._columns - 1)

    def widths(self, widths: Sequence[int]) -> None:
        """The widths of the columns, in characters; to be said before the rows are written."""
        self._widths = [max(width - 2, 1) for width in widths]
        if len(widths) <= _PAGE_COLUMNS:
            self.sheet.fit_to_pages(1, 0)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)

    def chart(
        self,
        kind: str,
        title: str,
        area: tuple[int, int, int],
        columns: Sequence[int],
        form: str,
        place: tuple[int, int],
    ) -> None:
        """A chart of columns of rows just written; ``area`` is first row, names' column, rows.

        ``place`` is the row and column of its corner; what is written below it is covered.
        """
        first, names, rows = area
        last = first + rows - 1
        chart = self.book.add_chart({"type": kind})
        for number, column in enumerate(columns):
            colour = _COLOURS[number % len(_COLOURS)]
            chart.add_series({
                "name": [self.name, first - 1, column],
                "categories": [self.name, first, names, last, names],
                "values": [self.name, first, column, last, column],
                "fill": {"color": colour}, "line": {"color": colour, "width": 2},
            })  # fmt: skip
        chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
        value_axis, names_axis = chart.set_y_axis, chart.set_x_axis
        if kind == "bar":  # its values run to the right, and its first name stands above
            value_axis, names_axis = chart.set_x_axis, chart.set_y_axis
        gridlines = {"visible": True, "line": {"color": "#D9D9D9"}}
        value_axis({"num_format": form, "major_gridlines": gridlines})
        names_axis({"reverse": kind == "bar"})
        if len(columns) == 1:
            chart.set_legend({"none": True})
        else:
            chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 620, "height": max(260, 24 * rows + 90) if kind == "bar" else 340})
        self.sheet.insert_chart(*place, chart)
