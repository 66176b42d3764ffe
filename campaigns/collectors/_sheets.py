"""Files of rows to text in the engine: CSV in any encoding and dialect, XLSX, XLSB and XLS.

`probe` looks at the beginning, `recognise` finds the format, `read` makes one view for each of
its tables. What is broken is counted with a reason; nothing is lost silently.
"""

from __future__ import annotations

import contextlib
import csv
import glob
import io
import itertools
import mmap
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

import duckdb

from campaigns.collectors import Found, Probe, ProbedSheet, Recognition, normal
from campaigns.collectors import _delimited as delimited
from campaigns.collectors._delimited import HEAD_ROWS, Dialect
from campaigns.collectors._recognition import recognise
from campaigns.collectors._workbooks import Workbook, check_zip, marked, plain
from campaigns.errors import N_, Message, UnreadableFile

__all__ = ["Source", "probe", "read", "recognise"]

KINDS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3", "sqlite"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
)
"""Files of other kinds, by their first bytes."""

_NO_TEXT = re.compile("[\\x00-\\x08\\x0e-\\x1f\ufffd]")

_names = itertools.count(1)


class _Folder:
    """A temporary folder that goes when nothing refers to it any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="bereik-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


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
    folder: _Folder | None = field(default=None, repr=False)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that were found: the columns of the relation."""
        return frozenset(self.labels)


# --- probe -----------------------------------------------------------------------------------


def probe(path: Path) -> Probe:
    """What a file is, by its content, with the first rows of its sheets.

    A file of another kind (JSON, PDF, a zip of something else) has no sheets. Raises
    UnreadableFile (missing, empty, cut off, encrypted, binary) or TooLarge.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            sample = file.read(delimited.SAMPLE_BYTES)
    except OSError as error:
        raise UnreadableFile(path=path.name, reason=error.strerror or str(error)) from error
    if not sample.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFile(path=path.name, reason=Message(N_("it is empty")))
    if sample.startswith(b"PK"):
        parts = check_zip(path)
        if not any(part.startswith("xl/workbook") for part in parts):
            return Probe(str(path), path.name, "zip", (), size)
        return _probe_workbook(path, size, "xlsx")
    if sample.startswith(b"\xd0\xcf\x11\xe0"):
        return _probe_workbook(path, size, "xls")
    for magic, kind in KINDS:
        if sample.startswith(magic):
            return Probe(str(path), path.name, kind, (), size)
    return _probe_text(path, size, sample)


def _probe_workbook(path: Path, size: int, container: str) -> Probe:
    book = Workbook(path)
    sheets = tuple(
        ProbedSheet(
            name,
            index,
            tuple(
                tuple(plain(cell) for cell in row)
                for row in itertools.islice(book.rows(name), HEAD_ROWS)
            ),
        )
        for index, name in enumerate(book.names)
    )
    return Probe(str(path), path.name, container, sheets, size)


def _probe_text(path: Path, size: int, sample: bytes) -> Probe:
    encoding, _ = delimited.encoding_of(sample, whole=size <= len(sample))
    text = sample.decode(encoding, errors="ignore" if size > len(sample) else "replace")
    text = text.removeprefix("\ufeff")
    if len(_NO_TEXT.findall(text)) > len(text) * 0.05:
        reason = Message(N_("it is neither text nor a spreadsheet"))
        raise UnreadableFile(path=path.name, reason=reason)
    kind = _kind_of_text(text.lstrip())
    if kind != "csv":
        return Probe(str(path), path.name, kind, (), size, encoding)
    dialect = delimited.dialect_of(text)
    head = tuple(
        record.cells
        for record in itertools.islice(
            delimited.records(io.StringIO(text, newline=""), dialect), HEAD_ROWS
        )
    )
    sheet = ProbedSheet(path.stem, 0, head)
    return Probe(
        str(path), path.name, "csv", (sheet,), size, encoding, dialect.delimiter, dialect.escape
    )


def _kind_of_text(text: str) -> str:
    if text.startswith(("{", "[")):
        return "json"
    if text.startswith(("window.", "Grailbird.")):
        return "js"
    if text[:200].casefold().startswith(("<!doctype html", "<html", "<table")):
        return "html"
    return "xml" if text.startswith("<?xml") else "csv"


# --- read ------------------------------------------------------------------------------------


def read(
    probe: Probe, recognition: Recognition, connection: duckdb.DuckDBPyConnection
) -> dict[str, Source]:
    """One temporary view for each table found, by the name of its layout.

    A clean UTF-8 CSV is read in place by the engine whenever the view is asked. Text in another
    encoding or below a preamble is first copied as UTF-8. Text with broken rows, which the
    engine refuses as a whole, and spreadsheets are rewritten row by row. Copies are removed
    with their Source.
    """
    path = Path(probe.path)
    try:
        if probe.container == "csv":
            return {
                name: _Text(path, probe, found, connection).read()
                for name, found in recognition.found.items()
            }
        book = Workbook(path)
        return {
            name: _read_sheet(book, found, connection) for name, found in recognition.found.items()
        }
    except OSError as error:
        raise UnreadableFile(path=probe.name, reason=error.strerror or str(error)) from error


def _read_sheet(book: Workbook, found: Found, connection: duckdb.DuckDBPyConnection) -> Source:
    rows = itertools.islice(book.rows(found.sheet.name), found.header_row + 1, None)
    filled = (
        delimited.Record(tuple(marked(cell) for cell in row))
        for row in rows
        if any(cell != "" for cell in row)
    )
    return _rewritten(filled, found, connection, typed=True)


@dataclass(frozen=True)
class _Text:
    """A CSV that is about to be read: in place, else from a copy, else row by row."""

    path: Path
    probe: Probe
    found: Found
    connection: duckdb.DuckDBPyConnection

    def read(self) -> Source:
        """The Source, from the fastest way that reads the text without a fault."""
        encoding = self.probe.encoding
        header = self.found.sheet.head[self.found.header_row]
        is_utf8 = encoding in {"utf-8", "utf-8-sig"}
        is_below = self.found.header_row > 0 or any(set("\r\n") & set(cell) for cell in header)
        is_clean = is_utf8 and not _has_controls(self.path)
        if is_clean and not is_below:
            source = self._in_engine(self.path, skip=1)
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

    def _in_engine(self, path: Path, *, skip: int) -> Source | None:
        """The text as the engine reads it; null when it finds a fault in any row."""
        if self.probe.escape != '"':
            return None
        with contextlib.suppress(duckdb.Error, UnicodeError):
            return self._view(path, skip=skip)
        return None

    def _view(self, path: Path, *, skip: int) -> Source:
        found = self.found
        header = found.sheet.head[found.header_row]
        reader = _reader(path, self.probe.delimiter, _width(found), skip=skip)
        repeated = " AND ".join(
            f"{_column(at)} IS NOT DISTINCT FROM {_literal(header[at])}"
            for at in sorted(found.columns.values())[:3]
        )
        counts = ", ".join(f"count({_column(at)})" for at in found.columns.values())
        counted = self.connection.execute(
            f"SELECT count(*), count_if({repeated}), {counts} FROM {reader}"
        ).fetchone()
        rows, headers = counted[:2] if counted else (0, 0)
        columns = ", ".join(
            f"{_column(at)} AS {_quoted(name)}" for name, at in found.columns.items()
        )
        relation = f"sheet_{next(_names)}"
        self.connection.execute(
            f"CREATE TEMP VIEW {relation} AS SELECT row_number, {columns} FROM "
            f"(SELECT row_number() OVER () AS row_number, * FROM {reader}) "
            f"WHERE NOT ({repeated})"
        )
        return _source(relation, found, typed=False, rows=rows - (headers or 0))

    def _from_copy(self, encoding: str) -> Source:
        folder = _Folder()
        path = folder.path / "rows.csv"
        with delimited.open_text(self.path, encoding) as file, _new(path) as target:
            broken = delimited.copy_below(file, self._dialect, self.found.header_row + 1, target)
        source = None if broken is None else self._in_engine(path, skip=0)
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
            return _rewritten(below, self.found, self.connection, typed=False)


def _has_controls(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return text.find(b"\x1f") >= 0 or text.find(b"\0") >= 0


def _rewritten(
    found_records: Iterable[delimited.Record],
    found: Found,
    connection: duckdb.DuckDBPyConnection,
    *,
    typed: bool,
) -> Source:
    folder = _Folder()
    path = folder.path / "rows.csv"
    width = _width(found)
    header = tuple(normal(cell) for cell in found.sheet.head[found.header_row][:width])
    with _new(path) as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        good, rejects = delimited.clean(
            _without_header(found_records, header), width, writer.writerow
        )
    reader = _reader(path, ",", width + 1, skip=0)
    relation = f"sheet_{next(_names)}"
    columns = ", ".join(
        f"{_column(at + 1)} AS {_quoted(name)}" for name, at in found.columns.items()
    )
    connection.execute(
        f"CREATE TEMP VIEW {relation} AS "
        f"SELECT CAST({_column(0)} AS BIGINT) AS row_number, {columns} FROM {reader}"
    )
    return _source(relation, found, typed=typed, rows=good, rejects=tuple(rejects), folder=folder)


def _new(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="replace", newline="")


def _without_header(
    rows: Iterable[delimited.Record], header: tuple[str, ...]
) -> Iterator[delimited.Record]:
    for record in rows:
        if tuple(normal(cell) for cell in record.cells[: len(header)]) != header:
            yield record


def _source(
    relation: str,
    found: Found,
    *,
    typed: bool,
    rows: int,
    rejects: tuple[tuple[Message, int], ...] = (),
    folder: _Folder | None = None,
) -> Source:
    header = found.sheet.head[found.header_row]
    labels = {name: header[at].strip() or name for name, at in found.columns.items()}
    preamble = found.sheet.head[: found.header_row]
    return Source(relation, labels, preamble, typed, rows, rejects, folder=folder)


def _width(found: Found) -> int:
    """The columns of a table: up to the last that has a label or is a field."""
    header = found.sheet.head[found.header_row]
    labelled = max((at for at, cell in enumerate(header) if cell.strip()), default=0)
    return max(labelled, *found.columns.values()) + 1


def _reader(path: Path, delimiter: str, width: int, *, skip: int) -> str:
    """The engine's CSV reader with everything said: it guesses nothing and downloads nothing.

    Its ``parallel = false`` is not used: without a word it drops a last row whose quote is open.
    """
    columns = ", ".join(f"'{_column(at)}': 'VARCHAR'" for at in range(width))
    return (
        f"read_csv({_literal(glob.escape(str(path)))}, auto_detect = false, header = false, "
        f"skip = {skip}, compression = 'none', hive_partitioning = false, "
        f"delim = {_literal(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"max_line_size = {delimited.MAX_RECORD}, "
        f"columns = {{{columns}}})"
    )


def _column(at: int) -> str:
    return f"c{at}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
