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
from campaigns.errors import Message, UserError

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

    def fetchall(self) -> list[tuple[object, ...]]:
        """All rows."""


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
    for all others: planning ``sql`` for forty columns takes longer than reading a usual export. It
    is empty where there is no quicker way.

    Where ``text`` is not empty, ``sql``, ``unreadable`` and ``withheld`` read a column that is
    called ``text_name``, which whoever asks has to give: it is ``text``, over the columns of the
    sheet. They name it a dozen times, and it is long.
    """

    sql: str
    unreadable: str
    withheld: str
    kind: Kind
    raw: str = "NULL"
    quick: str = ""
    text: str = ""
    text_name: str = ""

    def odd(self, value: str, raw: str) -> str:
        """SQL that is true wherever ``unreadable`` or ``withheld`` is, and seldom elsewhere.

        ``value`` and ``raw`` name columns that hold ``sql`` and ``raw`` already, so that nothing
        is read twice: the dear questions need asking only when this was ever true.
        """
        if self.unreadable == "false":
            return "false"
        return f"({value} IS NULL AND {raw} IS NOT NULL AND {raw} NOT IN ('', '-'))"


@dataclass(frozen=True)
class Resolved:
    """All cells of a sheet, by name, and what the user should know of how they were read."""

    cells: Mapping[str, ResolvedCell]
    notes: tuple[Message, ...] = ()
    order: Order | None = None


@dataclass(frozen=True)
class FileDates:
    """What is known of the dates in a file before its rows are: see `resolve_all`."""

    path: str
    option: Order | None = None
    stated: tuple[dt.date, dt.date] | None = None
    language: str | None = None


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are read: the decimal marks in each of its sheets, and the order.

    Files with the same reading can be read by the same SQL.
    """

    marks: tuple[tuple[tuple[str, numbers.Mark], ...], ...]
    order: Order | None

    def cells(
        self, sheet: int, parsed: Parsed, source: Sheet, *, named: bool = False
    ) -> dict[str, ResolvedCell]:
        """The SQL of all cells of one sheet, which is given by its place in the file.

        ``named``: long texts are read by name, see `ResolvedCell`.
        """
        marks = dict(self.marks[sheet])
        return {
            name: _resolve(
                cell, source, marks[name], self.order, f"text_of_{name}" if named else ""
            )
            for name, cell in parsed.cells.items()
        }


Answered = tuple[Reading, tuple[Message, ...]] | UserError
"""How a file is read, with notes, or why it cannot be."""


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
    about = FileDates(path, date_order, stated, language)
    [answer] = readings(sheets, connection, {0: about}, format_order=format_order).values()
    if isinstance(answer, UserError):
        raise answer
    reading, notes = answer
    return [
        Resolved(reading.cells(at, parsed, source), notes, reading.order)
        for at, (parsed, source) in enumerate(sheets)
    ]


def readings(
    sheets: Sequence[tuple[Parsed, Sheet]],
    connection: Engine,
    files: Mapping[int, FileDates],
    *,
    format_order: Order | None,
) -> dict[int, Answered]:
    """How each of some files of one shape is read.

    Several files are told apart by ``file_number`` in the sheets, where ``file_stated_first`` and
    ``file_stated_last`` are what each states; they have the same option for the order of dates.
    """
    asked = [
        _ask(parsed, source, connection, files, with_days=format_order is None)
        for parsed, source in sheets
    ]
    answers: dict[int, Answered] = {}
    for number, about in files.items():
        shown = [each.get(number, ({}, [])) for each in asked]
        try:
            order, note = dates.decide(
                [each for _, found in shown for each in found],
                path=about.path,
                option=about.option,
                of_format=format_order,
                stated=about.stated is not None,
                language=about.language,
            )
        except UserError as error:
            answers[number] = error
            continue
        marks = _marks(sheets, [found for found, _ in shown])
        answers[number] = (Reading(marks, order), (note,) if note else ())
    return answers


def _marks(
    sheets: Sequence[tuple[Parsed, Sheet]], shown: Sequence[Mapping[str, numbers.Evidence]]
) -> tuple[tuple[tuple[str, numbers.Mark], ...], ...]:
    """The decimal mark of each cell of each sheet of a file."""
    every = [each for found in shown for each in found.values()]
    return tuple(
        tuple(
            (name, numbers.mark_of(cell.kind, found.get(name, numbers.Evidence()), every))
            for name, cell in parsed.cells.items()
        )
        for (parsed, _), found in zip(sheets, shown, strict=True)
    )


# --- evidence --------------------------------------------------------------------------------

_Shown = tuple[dict[str, numbers.Evidence], list[dates.Evidence]]
"""What a sheet shows of decimal marks, by cell, and of the dates in its columns."""


def _ask(
    parsed: Parsed,
    source: Sheet,
    connection: Engine,
    files: Mapping[int, FileDates],
    *,
    with_days: bool,
) -> dict[int, _Shown]:
    """What the sheet shows, by file, asked in one pass; nothing if it is not needed.

    The stated period, and that one day follows the other, hold for the day of a row only: a post
    can be older than the period of its figures.
    """
    known = {name: cell for name, cell in parsed.cells.items() if cell.field in source.labels}
    amounts = [name for name, cell in known.items() if cell.kind in {"number", "money"}]
    with_dates = all(about.option is None for about in files.values())
    days = [
        name
        for name, cell in known.items()
        if with_dates and cell.kind in {"day", "moment"} and not cell.formats
    ]
    if not amounts and not days:
        return {}
    texts = [f"{_unmarked(known[name], source)} AS x{at}" for at, name in enumerate(amounts + days)]
    wanted = [each for at in range(len(amounts)) for each in numbers.evidence(f"x{at}")]
    columns: list[str] = []
    for at, name in enumerate(days, start=len(amounts)):
        held = _held(Cell(known[name].field, "day")) if source.typed else None
        is_day = with_days and name == parsed.period
        asked = dates.question(f"x{at}", _stated(files) if is_day else None, held, are_days=is_day)
        columns += asked.columns
        wanted += asked.aggregates
    number, by = ("file_number", " GROUP BY ALL") if len(files) > 1 else (str(min(files)), "")
    # each text is computed once, and what is computed of it too: naming either takes time
    rows = connection.execute(
        f"SELECT {number}, {', '.join(wanted)} FROM (SELECT {', '.join(['*', *columns])} "
        f"FROM (SELECT *, {', '.join(texts)} FROM {source.relation})){by}"
    ).fetchall()
    labels = [source.labels[known[name].field] for name in days]
    return {int(str(file)): _shown(iter(values), amounts, labels) for file, *values in rows}


def _stated(files: Mapping[int, FileDates]) -> tuple[str, str] | None:
    """SQL for the first and last day that a file states; null when none does."""
    stated = [about.stated for about in files.values() if about.stated is not None]
    if not stated:
        return None
    if len(files) > 1:
        return "file_stated_first", "file_stated_last"
    first, last = (f"DATE {literal(each.isoformat())}" for each in stated[0])
    return first, last


def _shown(values: Iterator[object], amounts: Sequence[str], labels: Sequence[str]) -> _Shown:
    marks = {name: numbers.Evidence(*_counts(values, 4)) for name in amounts}
    found = []
    for label in labels:
        one, two, three = (None if each is None else str(each) for each in islice(values, 3))
        found.append(dates.Evidence(label, one, two, three, *_counts(values, 7)))
    return marks, found


def _counts(values: Iterator[object], many: int) -> list[int]:
    return [int(str(value or 0)) for value in islice(values, many)]


# --- expressions -----------------------------------------------------------------------------


def _resolve(
    cell: Cell, source: Sheet, mark: numbers.Mark, order: Order | None, text_name: str = ""
) -> ResolvedCell:
    if cell.field not in source.labels:
        nothing = f"CAST(NULL AS {TYPES[cell.kind]})"
        return ResolvedCell(nothing, "false", "false", cell.kind, quick=nothing)
    column = _quoted(cell.field)
    text = _text(cell, source)
    if cell.kind == "text":
        return ResolvedCell(text, "false", "false", cell.kind, column, text)
    long = _unmarked(cell, source)
    is_named = bool(text_name) and long != column
    x = text_name if is_named else long
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
    quick = "" if cell.pattern else _quick(cell, source, mark, order)
    named = (long, text_name) if is_named else ()
    withheld = f"coalesce({nothing}, false)"
    return ResolvedCell(value, unreadable, withheld, cell.kind, column, quick, *named)


def _quick(cell: Cell, source: Sheet, mark: numbers.Mark, order: Order | None) -> str:
    """SQL for the plainest values: what it gives is right, but it gives few; empty if none is."""
    column = _quoted(cell.field)
    match cell.kind:
        case "count":
            return f"try_cast(regexp_extract({column}, {literal(_PLAIN)}, 1) AS BIGINT)"
        case "day":
            value = dates.plain_day(column, cell.formats, order)
        case "moment" if cell.formats:
            value = dates.plain_moment(column, cell.formats, cell.zone)
        case "number":
            value = numbers.plain_number(column, mark)
        case "money":
            value = numbers.as_it_stands(column, mark, TYPES["money"])
        case _:
            return ""
    if source.typed:
        value = f"CASE WHEN starts_with({column}, chr(31)) THEN {_held(cell)} ELSE {value} END"
    return _bounded(cell.kind, value)


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
