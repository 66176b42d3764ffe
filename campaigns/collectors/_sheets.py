"""Files of rows to text in the engine: CSV in any encoding and dialect, XLSX, XLSB and XLS.

`probe` looks at the beginning, `recognise` finds the format, `read` makes one view for each of
its tables; `tables` reads a small file at once, to be staged with others (`Stack`). What is
broken is counted with a reason; nothing is lost silently.
"""

from __future__ import annotations

import contextlib
import csv
import itertools
import mmap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

import duckdb

from campaigns.collectors import Found, Probe, Recognition, Record
from campaigns.collectors import _delimited as delimited
from campaigns.collectors._csv_reader import column, quoted, reader
from campaigns.collectors._delimited import Dialect
from campaigns.collectors._numbers import literal
from campaigns.collectors._probing import Folder, Unpacked, probe, rows
from campaigns.collectors._recognition import recognise
from campaigns.collectors._stacks import Stack, Table, labels_of, tables, width_of
from campaigns.errors import N_, Message, UnreadableFile

__all__ = ["Source", "Stack", "Table", "probe", "read", "recognise", "rows", "tables"]

_names = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Source:
    """A table of a file in the engine: `relation` has `row_number` and a text column per field.

    ``row_number`` is 1 for the first row below the header and costs a little: select it only
    when it is used. ``labels`` maps each field to its label in the file. ``typed`` says that
    cells may be marked numbers and dates of a spreadsheet. ``rows`` counts the rows of the
    relation, ``rejects`` those that could not be parsed. The relation lives as long as this.
    """

    relation: str
    labels: Mapping[str, str]
    preamble: tuple[tuple[str, ...], ...]
    typed: bool
    rows: int
    rejects: tuple[tuple[Message, int], ...] = ()
    notes: tuple[Message, ...] = ()
    folder: Folder | None = field(default=None, repr=False)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that were found: the columns of the relation."""
        return frozenset(self.labels)


# --- read ------------------------------------------------------------------------------------


def read(
    probe: Probe,
    recognition: Recognition,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path | None = None,
) -> dict[str, Source]:
    """One temporary view for each table found, by the name of its layout.

    A clean UTF-8 CSV is read in place by the engine whenever the view is asked. Text in another
    encoding or below a preamble is first copied as UTF-8. Text with broken rows, which the
    engine refuses as a whole, and spreadsheets are rewritten row by row. Copies are removed
    with their Source. A format that reads itself is asked for its rows.
    """
    path = Path(probe.path)
    try:
        if recognition.format.read is not None:
            tables = recognition.format.read(probe, recognition)
            is_typed = isinstance(probe.opened, Unpacked)
            return {
                name: replace(
                    _rewritten(rows, recognition.found[name], connection, scratch), typed=is_typed
                )
                for name, rows in tables.items()
            }
        if probe.container == "csv":
            return {
                name: _Text(path, probe, found, connection, scratch).read()
                for name, found in recognition.found.items()
            }
        opened = probe.opened
        if not isinstance(opened, Unpacked):
            raise TypeError(f"{probe.name} was not probed here")
        return {
            name: _read_sheet(opened, found, connection)
            for name, found in recognition.found.items()
        }
    except OSError as error:
        raise UnreadableFile(path=probe.name, reason=error.strerror or str(error)) from error


def _read_sheet(opened: Unpacked, found: Found, connection: duckdb.DuckDBPyConnection) -> Source:
    """A view of an unpacked sheet, from the row below its header."""
    sheet = opened.sheets[found.sheet.index]
    if sheet.whole is not None and not sheet.path.exists():
        opened.folder.made()
        with _new(sheet.path) as file:
            file.write("-\n")
            csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(sheet.whole)
    there = reader(sheet.path, ",", sheet.width + 1)
    number = f"(CAST({column(0)} AS BIGINT) - {found.header_row})"
    places = {name: at + 1 for name, at in found.columns.items()}
    source = _view(
        there, number, f"{number} > 0", _is_header(found, shift=1), places, found, connection
    )
    return replace(source, typed=True, notes=opened.notes, folder=opened.folder)


def _is_header(found: Found, *, shift: int) -> str:
    """SQL that is true for a row which repeats the header."""
    header = found.sheet.head[found.header_row]
    return " AND ".join(
        f"{column(at + shift)} IS NOT DISTINCT FROM {literal(header[at])}"
        for at in sorted(found.columns.values())[:3]
    )


def _view(
    there: str,
    number: str,
    where: str,
    is_header: str,
    places: Mapping[str, int],
    found: Found,
    connection: duckdb.DuckDBPyConnection,
) -> Source:
    """A view of the rows of a reader, after all of them were read once without a fault."""
    counts = ", ".join(f"count({column(at)})" for at in places.values())
    counted = connection.execute(
        f"SELECT count(*) FILTER ({where} AND NOT ({is_header})), {counts} FROM {there}"
    ).fetchone()
    columns = ", ".join(f"{column(at)} AS {quoted(name)}" for name, at in places.items())
    relation = f"sheet_{next(_names)}"
    connection.execute(
        f"CREATE TEMP VIEW {relation} AS SELECT row_number, {columns} "
        f"FROM (SELECT {number} AS row_number, * FROM {there}) "
        f"WHERE {where} AND NOT ({is_header})"
    )
    return _source(relation, found, rows=counted[0] if counted else 0)


@dataclass(frozen=True)
class _Text:
    """A CSV that is about to be read: in place, else from a copy, else row by row."""

    path: Path
    probe: Probe
    found: Found
    connection: duckdb.DuckDBPyConnection
    scratch: Path | None

    def read(self) -> Source:
        """The Source, from the fastest way that reads the text without a fault."""
        encoding = self.probe.encoding
        header = self.found.sheet.head[self.found.header_row]
        is_utf8 = encoding in {"utf-8", "utf-8-sig"}
        is_below = self.found.header_row > 0 or any(set("\r\n") & set(cell) for cell in header)
        is_clean = is_utf8 and not _has_controls(self.path)
        if is_clean and not is_below:
            source = self._in_engine(self.path)
            if source:
                return source
        broken = 0
        if is_utf8:
            encoding, broken = delimited.encoding_of_file(self.path)
        if is_clean and not is_below and encoding == "utf-8" and not broken:
            return self._exactly(encoding)
        return self._from_copy(encoding)

    @property
    def _dialect(self) -> Dialect:
        return Dialect(self.probe.delimiter, self.probe.escape)

    def _in_engine(self, path: Path) -> Source | None:
        """The text as the engine reads it; null when it finds a fault in any row."""
        if self.probe.escape != '"':
            return None
        there = reader(path, self.probe.delimiter, width_of(self.found))
        is_header = _is_header(self.found, shift=0)
        with contextlib.suppress(duckdb.Error, UnicodeError):
            return _view(
                there,
                "row_number() OVER ()",
                "true",
                is_header,
                self.found.columns,
                self.found,
                self.connection,
            )
        return None

    def _from_copy(self, encoding: str) -> Source:
        folder = Folder(self.scratch)
        path = folder.made() / "rows.csv"
        with delimited.open_text(self.path, encoding) as file, _new(path) as target:
            broken = delimited.copy_below(file, self._dialect, self.found.header_row + 1, target)
        source = None if broken is None else self._in_engine(path)
        source = replace(source, folder=folder) if source else self._exactly(encoding)
        note = Message(
            N_("{count} characters were damaged in the file and are shown as \ufffd"),
            {"count": broken},
        )
        return replace(source, notes=(note,)) if broken else source

    def _exactly(self, encoding: str) -> Source:
        """The text row by row; broken rows are counted and left out."""
        with delimited.open_text(self.path, encoding) as file:
            rows = delimited.records(file, self._dialect)
            below = itertools.islice(rows, self.found.header_row + 1, None)
            return _rewritten(below, self.found, self.connection, self.scratch)


def _has_controls(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return text.find(b"\x1f") >= 0 or text.find(b"\0") >= 0


def _rewritten(
    rows: Iterable[Record],
    found: Found,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path | None,
) -> Source:
    """A view of the usable rows, written to a file with their numbers."""
    folder = Folder(scratch)
    path = folder.made() / "rows.csv"
    width = width_of(found)
    with _new(path) as file:
        file.write("-\n")
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        rejects = delimited.clean(rows, width, writer.writerow)
    places = {name: at + 1 for name, at in found.columns.items()}
    there = reader(path, ",", width + 1)
    number = f"CAST({column(0)} AS BIGINT)"
    source = _view(there, number, "true", _is_header(found, shift=1), places, found, connection)
    return replace(source, rejects=tuple(rejects), folder=folder)


def _new(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="replace", newline="")


def _source(relation: str, found: Found, *, rows: int) -> Source:
    preamble = found.sheet.head[: found.header_row]
    return Source(relation, labels_of(found), preamble, False, rows)
