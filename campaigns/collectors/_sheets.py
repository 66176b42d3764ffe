"""Files of rows to text in the engine: CSV in any encoding and dialect, XLSX, XLSB and XLS.

`probe` looks at the beginning, `recognise` finds the format, `read` makes one view for each of
its tables. What is broken is counted with a reason; nothing is lost silently.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import mmap
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
    folder: Path | None = field(default=None, repr=False)

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
    if text.count("\0") + text.count("\ufffd") > len(text) * 0.1:
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

    A clean UTF-8 CSV is read in place by the engine whenever the view is asked; anything else
    is first rewritten to a temporary file, row by row, and removed with its Source.
    """
    if probe.container == "csv":
        return {
            name: _read_text(probe, found, connection) for name, found in recognition.found.items()
        }
    book = Workbook(Path(probe.path))
    return {name: _read_sheet(book, found, connection) for name, found in recognition.found.items()}


def _read_sheet(book: Workbook, found: Found, connection: duckdb.DuckDBPyConnection) -> Source:
    rows = itertools.islice(book.rows(found.sheet.name), found.header_row + 1, None)
    filled = (
        delimited.Record(tuple(marked(cell) for cell in row))
        for row in rows
        if any(c != "" for c in row)
    )
    return _rewritten(filled, found, connection, typed=True)


def _read_text(probe: Probe, found: Found, connection: duckdb.DuckDBPyConnection) -> Source:
    path = Path(probe.path)
    header = found.sheet.head[found.header_row]
    is_plain = (
        probe.encoding in {"utf-8", "utf-8-sig"}
        and probe.escape == '"'
        and found.header_row == 0
        and not any("\n" in cell or "\r" in cell for cell in header)
        and not _has_controls(path)
    )
    if is_plain:
        for parallel in (True, False):
            with contextlib.suppress(duckdb.Error):
                return _in_place(path, probe, found, connection, parallel=parallel)
    dialect = Dialect(probe.delimiter, probe.escape)
    with delimited.open_text(path, probe.encoding) as file:
        below = delimited.records(file, dialect)
        for _ in range(found.header_row + 1):
            next(below, None)
        return _rewritten(below, found, connection, typed=False)


def _has_controls(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return text.find(b"\x1f") >= 0 or text.find(b"\0") >= 0


def _in_place(
    path: Path, probe: Probe, found: Found, connection: duckdb.DuckDBPyConnection, *, parallel: bool
) -> Source:
    width = _width(found)
    reader = _reader(path, probe.delimiter, width, skip=1, parallel=parallel)
    relation = f"sheet_{next(_names)}"
    columns = ", ".join(f"{_column(at)} AS {_quoted(name)}" for name, at in found.columns.items())
    header = found.sheet.head[found.header_row]
    repeats = " AND ".join(
        f"{_column(at)} IS NOT DISTINCT FROM {_literal(header[at])}"
        for at in sorted(found.columns.values())[:3]
    )
    connection.execute(
        f"CREATE TEMP VIEW {relation} AS SELECT row_number, {columns} FROM "
        f"(SELECT row_number() OVER () AS row_number, * FROM {reader}) WHERE NOT ({repeats})"
    )
    counts = ", ".join(f"count({_column(at)})" for at in found.columns.values())
    counted = connection.execute(
        f"SELECT count(*), count_if({repeats}), {counts} FROM {reader}"
    ).fetchone()
    rows, repeated = counted[:2] if counted else (0, 0)
    return _source(relation, found, typed=False, rows=rows - repeated)


def _rewritten(
    found_records: Iterable[delimited.Record],
    found: Found,
    connection: duckdb.DuckDBPyConnection,
    *,
    typed: bool,
) -> Source:
    folder = Path(tempfile.mkdtemp(prefix="bereik-"))
    path = folder / "rows.csv"
    width = _width(found)
    header = tuple(normal(cell) for cell in found.sheet.head[found.header_row][:width])
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        good, rejects = delimited.clean(
            _without_header(found_records, header), width, writer.writerow
        )
    reader = _reader(path, ",", width + 1, skip=0, parallel=True)
    relation = f"sheet_{next(_names)}"
    columns = ", ".join(
        f"{_column(at + 1)} AS {_quoted(name)}" for name, at in found.columns.items()
    )
    connection.execute(
        f"CREATE TEMP VIEW {relation} AS "
        f"SELECT CAST({_column(0)} AS BIGINT) AS row_number, {columns} FROM {reader}"
    )
    source = _source(relation, found, typed=typed, rows=good, rejects=tuple(rejects), folder=folder)
    weakref.finalize(source, shutil.rmtree, folder, ignore_errors=True)
    return source


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
    folder: Path | None = None,
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


def _reader(path: Path, delimiter: str, width: int, *, skip: int, parallel: bool) -> str:
    """The engine's CSV reader with everything said: it guesses nothing and downloads nothing."""
    columns = ", ".join(f"'{_column(at)}': 'VARCHAR'" for at in range(width))
    return (
        f"read_csv({_literal(str(path))}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {_literal(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"max_line_size = {delimited.MAX_RECORD}, parallel = {str(parallel).lower()}, "
        f"columns = {{{columns}}})"
    )


def _column(at: int) -> str:
    return f"c{at}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
