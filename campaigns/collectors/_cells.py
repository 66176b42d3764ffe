"""Cells to values: for each cell of a collector the SQL that reads it as its kind.

The engine is asked only for evidence, in one pass over a sheet: the decimal mark of each column
of fractions or money, and the order of day and month, which holds for the whole file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from campaigns.collectors import Cell, Kind, Parsed
from campaigns.collectors import _dates as dates
from campaigns.collectors import _numbers as numbers
from campaigns.collectors._dates import Order
from campaigns.collectors._numbers import literal
from campaigns.errors import Message

TYPES: Mapping[Kind, str] = {
    "text": "VARCHAR",
    "count": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(18,6)",
    "day": "DATE",
    "moment": "TIMESTAMPTZ",
}
"""The engine's type of each kind of cell."""

_TAIL = literal(r" 00:00:00$|\.0$")

_SPACES = literal(" \t\r\n\u00a0\ufeff\u202f\u200b")


_PLAIN = r"^(?:\x1fn)?(-?[0-9]{1,15})(?:\.0)?$"
"""Whole numbers that no locale writes otherwise, as text or as a spreadsheet holds them."""


class Answer(Protocol):
    """What an engine answers."""

    def fetchone(self) -> tuple[object, ...] | None:
        """The first row."""


class Engine(Protocol):
    """A connection to the engine, as far as cells need it."""

    def execute(self, query: str, parameters: object = None) -> Answer:
        """Run a query."""


class Sheet(Protocol):
    """A sheet in the engine: `campaigns.collectors._sheets.Source`."""

    @property
    def relation(self) -> str:
        """The name of its view."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The fields it has, with their labels in the file."""

    @property
    def typed(self) -> bool:
        """Whether cells may be marked numbers and dates."""


@dataclass(frozen=True)
class ResolvedCell:
    """SQL over the columns of a sheet: ``sql`` gives the value, null when there is none.

    ``unreadable`` is true for a row whose cell is not empty and could not be read. ``withheld``
    is true where the platform gives only a bound (``< 1%``); the value is null there too.
    ``raw`` is the column as it was read. ``quick`` gives the value of the plainest cells and null
    for all others: planning ``sql`` for forty columns takes longer than reading a usual export.
    """

    sql: str
    unreadable: str
    withheld: str
    kind: Kind
    raw: str = "NULL"
    quick: str = ""

    def odd(self, value: str) -> str:
        """SQL that is true wherever ``unreadable`` or ``withheld`` is, and seldom elsewhere.

        ``value`` names a column that holds ``sql`` already, so that nothing is read twice: the
        dear questions need asking only when this was ever true.
        """
        if self.kind == "text" or self.raw == "NULL":
            return "false"
        return f"({value} IS NULL AND {self.raw} IS NOT NULL AND {self.raw} NOT IN ('', '-'))"


@dataclass(frozen=True)
class Resolved:
    """All cells of a sheet, by name, and what the user should know of how they were read."""

    cells: Mapping[str, ResolvedCell]
    notes: tuple[Message, ...] = ()
    order: Order | None = None


def resolve_all(
    sheets: Sequence[tuple[Parsed, Sheet]],
    connection: Engine,
    *,
    path: str,
    date_order: Order | None = None,
    format_order: Order | None = None,
    stated: tuple[dt.date, dt.date] | None = None,
    language: str | None = None,
) -> list[Resolved]:
    """The SQL of all cells of all sheets of a file, which has one order of day and month.

    ``date_order`` is the user's option, ``format_order`` what the format fixes, ``stated`` the
    period that the file states. Raises AmbiguousDates or MixedDates.
    """
    asked = [
        _ask(
            parsed,
            source,
            connection,
            stated if format_order is None else None,
            with_dates=date_order is None,
            with_days=format_order is None,
        )
        for parsed, source in sheets
    ]
    order, note = dates.decide(
        [each for _, found in asked for each in found],
        path=path,
        option=date_order,
        of_format=format_order,
        stated=stated is not None,
        language=language,
    )
    every_mark = [each for found, _ in asked for each in found.values()]
    resolved = []
    for (parsed, source), (marks, _) in zip(sheets, asked, strict=True):
        cells = {
            name: _resolve(
                cell,
                source,
                numbers.mark_of(cell.kind, marks.get(name, numbers.Evidence()), every_mark),
                order,
            )
            for name, cell in parsed.cells.items()
        }
        resolved.append(Resolved(cells, (note,) if note else (), order))
    return resolved


# --- evidence --------------------------------------------------------------------------------


def _ask(
    parsed: Parsed,
    source: Sheet,
    connection: Engine,
    stated: tuple[dt.date, dt.date] | None,
    *,
    with_dates: bool,
    with_days: bool,
) -> tuple[dict[str, numbers.Evidence], list[dates.Evidence]]:
    """What the sheet shows of decimal marks and dates, asked in one pass; nothing if not needed.

    The stated period, and that one day follows the other, hold for the day of a row only: a post
    can be older than the period of its figures.
    """
    known = {name: cell for name, cell in parsed.cells.items() if cell.field in source.labels}
    amounts = [name for name, cell in known.items() if cell.kind in {"number", "money"}]
    days = [
        name
        for name, cell in known.items()
        if with_dates and cell.kind in {"day", "moment"} and not cell.formats
    ]
    wanted: list[str] = []
    for name in amounts:
        wanted += numbers.evidence(_unmarked(known[name], source))
    for name in days:
        held = _held(Cell(known[name].field, "day")) if source.typed else None
        x, is_day = _unmarked(known[name], source), name == parsed.period
        within = stated if is_day else None
        wanted += dates.evidence(x, within, held, are_days=is_day and with_days)
    if not wanted:
        return {}, []
    row = connection.execute(f"SELECT {', '.join(wanted)} FROM {source.relation}").fetchone() or ()
    values = iter(row)
    marks = {name: numbers.Evidence(*_counts(values, 4)) for name in amounts}
    found = []
    for name in days:
        one, two, three = (None if each is None else str(each) for each in islice(values, 3))
        label = source.labels[known[name].field]
        found.append(dates.Evidence(label, one, two, three, *_counts(values, 7)))
    return marks, found


def _counts(values: Iterator[object], many: int) -> list[int]:
    return [int(str(value or 0)) for value in islice(values, many)]


# --- expressions -----------------------------------------------------------------------------


def _resolve(cell: Cell, source: Sheet, mark: numbers.Mark, order: Order | None) -> ResolvedCell:
    if cell.field not in source.labels:
        nothing = f"CAST(NULL AS {TYPES[cell.kind]})"
        return ResolvedCell(nothing, "false", "false", cell.kind, quick=nothing)
    column = _quoted(cell.field)
    text = _text(cell, source)
    if cell.kind == "text":
        return ResolvedCell(text, "false", "false", cell.kind, column, text)
    x = _unmarked(cell, source)
    if cell.kind in {"day", "moment"}:
        value = _time(cell, x, order)
        nothing = "false"
    else:
        value = _amount(cell.kind, x, mark)
        nothing = f"regexp_full_match(trim({x}), {literal(numbers.WITHHELD)})"
    if source.typed:
        held = _held(cell)
        value = f"CASE WHEN starts_with({column}, chr(31)) THEN {held} ELSE {value} END"
    value = _bounded(cell.kind, value)
    empty = literal(numbers.NOTHING)
    unreadable = (
        f"({text} IS NOT NULL AND {text} <> '-' AND ({value}) IS NULL "
        f"AND NOT regexp_full_match({text}, {empty}) AND NOT coalesce({nothing}, false))"
    )
    quick = value
    if cell.kind == "count" and not cell.pattern:
        quick = f"try_cast(regexp_extract({column}, {literal(_PLAIN)}, 1) AS BIGINT)"
    return ResolvedCell(value, unreadable, f"coalesce({nothing}, false)", cell.kind, column, quick)


def _bounded(kind: Kind, value: str) -> str:
    """SQL for a value below 10^15: a larger one is no figure, and no sum could bear it."""
    if kind == "count":
        return f"CAST(try_cast({value} AS DECIMAL(15,0)) AS BIGINT)"
    return f"CASE WHEN abs({value}) < 1e15 THEN {value} END" if kind == "number" else value


def _amount(kind: Kind, x: str, mark: numbers.Mark) -> str:
    if kind == "count":
        return numbers.count(x)
    return numbers.number(x, mark) if kind == "number" else numbers.money(x, mark)


def _time(cell: Cell, x: str, order: Order | None) -> str:
    if cell.kind == "day":
        return dates.day(x, cell.formats, order)
    return dates.moment(x, cell.formats, order, cell.zone)


def _held(cell: Cell) -> str:
    """SQL for what a spreadsheet holds as a number or date: no locale, no order."""
    column = _quoted(cell.field)
    held = f"substr({column}, 3)"
    is_date = f"starts_with({column}, chr(31) || 'd')"
    if cell.kind == "day":
        return f"CASE WHEN {is_date} THEN try_cast(substr({column}, 3, 10) AS DATE) END"
    if cell.kind == "moment":
        zone = literal(cell.zone)
        return f"CASE WHEN {is_date} THEN timezone({zone}, try_cast({held} AS TIMESTAMP)) END"
    value = f"try_cast({held} AS DOUBLE)"
    if cell.kind == "count":
        value = f"CASE WHEN {value} = floor({value}) THEN try_cast({value} AS BIGINT) END"
    return f"try_cast(CASE WHEN NOT {is_date} THEN {value} END AS {TYPES[cell.kind]})"


def _unmarked(cell: Cell, source: Sheet) -> str:
    """SQL for the text that needs reading; null for what the spreadsheet holds as a value."""
    column = _quoted(cell.field)
    if source.typed:
        column = f"(CASE WHEN starts_with({column}, chr(31)) THEN NULL ELSE {column} END)"
    if cell.pattern:
        return f"nullif(regexp_extract({_trimmed(column)}, {literal(cell.pattern)}, 1), '')"
    return f"({_trimmed(column)})" if source.typed or cell.kind in {"day", "moment"} else column


def _text(cell: Cell, source: Sheet) -> str:
    """SQL for a cell as trimmed text; null when it is empty."""
    column = _quoted(cell.field)
    text = f"nullif({_trimmed(column)}, '')"
    if source.typed:
        held = f"upper(regexp_replace(substr({column}, 3), {_TAIL}, ''))"
        text = f"CASE WHEN starts_with({column}, chr(31)) THEN {held} ELSE {text} END"
    if cell.pattern and cell.kind == "text":
        return f"nullif(regexp_extract({text}, {literal(cell.pattern)}, 1), '')"
    return text


def _trimmed(column: str) -> str:
    """SQL for a text without spaces around it; looks before it trims, which costs much more."""
    return (
        f"CASE WHEN contains({_SPACES}, {column}[1]) OR contains({_SPACES}, {column}[-1]) "
        f"THEN trim({column}, {_SPACES}) ELSE {column} END"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
