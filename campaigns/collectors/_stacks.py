"""Small files: the tables of each are read at once, and those of one shape are stacked.

Planning a query takes longer than reading a usual export, so a query is asked of many files.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from campaigns.collectors import Found, Probe, Recognition, Record
from campaigns.collectors import _delimited as delimited
from campaigns.collectors._csv_reader import column, quoted, reader
from campaigns.collectors._probing import SMALL, Unpacked, Whole
from campaigns.errors import N_, Message, UnreadableFile

_numbers = itertools.count(1)

Row = tuple[int, tuple[str, ...]]
"""The number of a row (1 for the first below the header) and the cells of its fields."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a file in memory; ``cells`` are in the order of the names of its fields.

    ``labels`` maps each field to its label in the file, ``typed`` says that cells may be marked
    numbers and dates of a spreadsheet, ``rejects`` counts the rows that could not be parsed.
    """

    labels: Mapping[str, str]
    typed: bool
    cells: Sequence[Row]
    rejects: tuple[tuple[Message, int], ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows can be used."""
        return len(self.cells)


def tables(probe: Probe, recognition: Recognition) -> dict[str, Table] | None:
    """The tables of a small file by the names of their layouts; null when it is a large one.

    They have the rows that `campaigns.collectors._sheets.read` gives, with the same faults.
    """
    opened, found = probe.opened, recognition.found
    try:
        if recognition.format.read is not None:
            is_typed = isinstance(opened, Unpacked)
            if probe.size > SMALL or (isinstance(opened, Unpacked) and not opened.is_small):
                return None
            read = recognition.format.read(probe, recognition)
            notes = opened.notes if isinstance(opened, Unpacked) else ()
            return {
                name: replace(_table(rows, found[name], typed=is_typed), notes=notes)
                for name, rows in read.items()
            }
        if isinstance(opened, Whole):
            return {name: _of_text(opened, one) for name, one in found.items()}
        if isinstance(opened, Unpacked) and opened.is_small:
            return {name: _of_sheet(opened, one) for name, one in found.items()}
    except OSError as error:
        raise UnreadableFile(path=probe.name, reason=error.strerror or str(error)) from error
    return None


def _of_text(whole: Whole, found: Found) -> Table:
    above = whole.records[: found.header_row + 1]
    table = _table(whole.records[len(above) :], found, typed=False)
    broken = whole.broken
    if broken:
        broken -= sum(cell.count("\ufffd") for record in above for cell in record.cells)
    if broken <= 0:
        return table
    note = Message(
        N_("{count} characters were damaged in the file and are shown as \ufffd"),
        {"count": broken},
    )
    return replace(table, notes=(note,))


def _table(records: Iterable[Record], found: Found, *, typed: bool) -> Table:
    width = width_of(found)
    rows: list[tuple[str, ...]] = []
    rejects = delimited.clean(records, width, rows.append)
    numbered = ((int(number), cells) for number, *cells in rows)
    return Table(labels_of(found), typed, _fields(numbered, found), tuple(rejects))


def _of_sheet(opened: Unpacked, found: Found) -> Table:
    above = found.header_row
    there = (
        (int(number) - above, cells)
        for number, *cells in opened.sheets[found.sheet.index].rows()
        if int(number) > above
    )
    return Table(labels_of(found), True, _fields(there, found), notes=opened.notes)


def _fields(rows: Iterable[tuple[int, list[str]]], found: Found) -> list[Row]:
    """The cells of the fields of each row, without rows that repeat the header."""
    header = found.sheet.head[found.header_row]
    first = sorted(found.columns.values())[:3]
    place = [found.columns[name] for name in sorted(found.columns)]
    pick = itemgetter(*place) if len(place) > 1 else lambda cells: (cells[place[0]],)
    return [
        (number, pick(cells))
        for number, cells in rows
        if any(not header[at] or cells[at] != header[at] for at in first)
    ]


def labels_of(found: Found) -> dict[str, str]:
    """The label in the file of each field."""
    header = found.sheet.head[found.header_row]
    return {name: header[at].strip() or name for name, at in found.columns.items()}


def width_of(found: Found) -> int:
    """The columns of a table: up to the last that has a label or is a field."""
    header = found.sheet.head[found.header_row]
    labelled = max((at for at, cell in enumerate(header) if cell.strip()), default=0)
    return max(labelled, *found.columns.values()) + 1


# --- stacked ---------------------------------------------------------------------------------


class Engine(Protocol):
    """A connection to the engine, as far as it is needed here."""

    def execute(self, query: str, /) -> object:
        """Run a query."""


class Stack:
    """The rows of tables of one shape on top of each other, in a file that the engine reads."""

    def __init__(self, folder: Path, like: Table) -> None:
        self.labels, self.typed, self.rows = like.labels, like.typed, 0
        self._path = folder / f"stack_{next(_numbers)}.csv"
        self._file = self._path.open("w", encoding="utf-8", errors="replace", newline="")
        self._file.write("-\n")
        self._writer = csv.writer(self._file, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def add(self, number: int, table: Table) -> None:
        """Put the table of a file on top; ``number`` is what the file is called in the stack."""
        self._writer.writerows(_marked(number, table.cells))
        self.rows += table.rows

    def view(self, engine: Engine) -> str:
        """The name of a view of all rows: ``file_number``, ``row_number``, a text per field."""
        self._file.close()
        names = sorted(self.labels)
        columns = "".join(f", {column(at + 2)} AS {quoted(name)}" for at, name in enumerate(names))
        view = self._path.stem
        engine.execute(
            f"CREATE TEMP VIEW {view} AS SELECT CAST({column(0)} AS INTEGER) AS file_number, "
            f"CAST({column(1)} AS BIGINT) AS row_number{columns} "
            f"FROM {reader(self._path, ',', len(names) + 2)}"
        )
        return view

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _marked(number: int, cells: Iterable[Row]) -> Iterator[tuple[int | str, ...]]:
    return ((number, at, *values) for at, values in cells)
