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

from campaigns.collectors import Found, Probe, ProbedSheet, Recognition, Record
from campaigns.collectors import _delimited as delimited
from campaigns.collectors._delimited import HEAD_ROWS, Dialect
from campaigns.collectors._numbers import literal
from campaigns.collectors._recognition import recognise
from campaigns.collectors._workbooks import Sheet, check_compound, check_zip, unpack
from campaigns.errors import N_, Message, UnreadableFile

__all__ = ["Source", "probe", "read", "recognise", "rows"]

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


@dataclass(frozen=True)
class _Unpacked:
    """The sheets of a spreadsheet, unpacked into a folder when it was probed."""

    folder: _Folder
    sheets: tuple[Sheet, ...]


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
        check_compound(path, sample)
        return _probe_workbook(path, size, "xls")
    for magic, kind in KINDS:
        if sample.startswith(magic):
            return Probe(str(path), path.name, kind, (), size)
    return _probe_text(path, size, sample)


def _probe_workbook(path: Path, size: int, container: str) -> Probe:
    folder = _Folder()
    unpacked = unpack(path, folder.path)
    sheets = tuple(
        ProbedSheet(sheet.name, index, tuple(sheet.head(HEAD_ROWS)))
        for index, sheet in enumerate(unpacked)
    )
    opened = _Unpacked(folder, tuple(unpacked))
    return Probe(str(path), path.name, container, sheets, size, opened=opened)


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
    with their Source. A format that reads itself is asked for its rows.
    """
    path = Path(probe.path)
    try:
        if recognition.format.read is not None:
            tables = recognition.format.read(probe, recognition)
            is_typed = isinstance(probe.opened, _Unpacked)
            return {
                name: replace(_rewritten(rows, recognition.found[name], connection), typed=is_typed)
                for name, rows in tables.items()
            }
        if probe.container == "csv":
            return {
                name: _Text(path, probe, found, connection).read()
                for name, found in recognition.found.items()
            }
        opened = probe.opened
        if not isinstance(opened, _Unpacked):
            raise TypeError(f"{probe.name} was not probed here")
        return {
            name: _read_sheet(opened, found, connection)
            for name, found in recognition.found.items()
        }
    except OSError as error:
        raise UnreadableFile(path=probe.name, reason=error.strerror or str(error)) from error


def rows(probe: Probe, sheet: int = 0) -> Iterator[Record]:
    """All rows of a sheet one by one, from the first, without the empty ones.

    For formats that read themselves; cells of a spreadsheet have their markers.
    """
    if isinstance(probe.opened, _Unpacked):
        with probe.opened.sheets[sheet].path.open(encoding="utf-8", newline="") as file:
            file.readline()
            for _number, *cells in csv.reader(file):
                yield Record(tuple(cells))
        return
    encoding = probe.encoding
    if encoding in {"utf-8", "utf-8-sig"}:
        encoding, _broken = delimited.encoding_of_file(Path(probe.path))
    with delimited.open_text(Path(probe.path), encoding) as file:
        dialect = Dialect(probe.delimiter, probe.escape)
        for at, record in enumerate(delimited.records(file, dialect)):
            if at == 0 and record.cells:
                first = record.cells[0].removeprefix("\ufeff")
                record = replace(record, cells=(first, *record.cells[1:]))
            yield record


def _read_sheet(opened: _Unpacked, found: Found, connection: duckdb.DuckDBPyConnection) -> Source:
    """A view of an unpacked sheet, from the row below its header."""
    sheet = opened.sheets[found.sheet.index]
    reader = _reader(sheet.path, ",", sheet.width + 1)
    number = f"(CAST({_column(0)} AS BIGINT) - {found.header_row})"
    places = {name: at + 1 for name, at in found.columns.items()}
    source = _view(
        reader, number, f"{number} > 0", _is_header(found, shift=1), places, found, connection
    )
    return replace(source, typed=True, folder=opened.folder)


def _is_header(found: Found, *, shift: int) -> str:
    """SQL that is true for a row which repeats the header."""
    header = found.sheet.head[found.header_row]
    return " AND ".join(
        f"{_column(at + shift)} IS NOT DISTINCT FROM {literal(header[at])}"
        for at in sorted(found.columns.values())[:3]
    )


def _view(
    reader: str,
    number: str,
    where: str,
    is_header: str,
    places: Mapping[str, int],
    found: Found,
    connection: duckdb.DuckDBPyConnection,
) -> Source:
    """A view of the rows of a reader, after all of them were read once without a fault."""
    counts = ", ".join(f"count({_column(at)})" for at in places.values())
    counted = connection.execute(
        f"SELECT count(*) FILTER ({where} AND NOT ({is_header})), {counts} FROM {reader}"
    ).fetchone()
    columns = ", ".join(f"{_column(at)} AS {_quoted(name)}" for name, at in places.items())
    relation = f"sheet_{next(_names)}"
    connection.execute(
        f"CREATE TEMP VIEW {relation} AS SELECT row_number, {columns} "
        f"FROM (SELECT {number} AS row_number, * FROM {reader}) "
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
        reader = _reader(path, self.probe.delimiter, _width(self.found))
        is_header = _is_header(self.found, shift=0)
        with contextlib.suppress(duckdb.Error, UnicodeError):
            return _view(
                reader,
                "row_number() OVER ()",
                "true",
                is_header,
                self.found.columns,
                self.found,
                self.connection,
            )
        return None

    def _from_copy(self, encoding: str) -> Source:
        folder = _Folder()
        path = folder.path / "rows.csv"
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
            return _rewritten(below, self.found, self.connection)


def _has_controls(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return text.find(b"\x1f") >= 0 or text.find(b"\0") >= 0


def _rewritten(
    rows: Iterable[Record], found: Found, connection: duckdb.DuckDBPyConnection
) -> Source:
    """A view of the usable rows, written to a file with their numbers."""
    folder = _Folder()
    path = folder.path / "rows.csv"
    width = _width(found)
    with _new(path) as file:
        file.write("-\n")
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        rejects = delimited.clean(rows, width, writer.writerow)
    places = {name: at + 1 for name, at in found.columns.items()}
    reader = _reader(path, ",", width + 1)
    number = f"CAST({_column(0)} AS BIGINT)"
    source = _view(reader, number, "true", _is_header(found, shift=1), places, found, connection)
    return replace(source, rejects=tuple(rejects), folder=folder)


def _new(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="replace", newline="")


def _source(relation: str, found: Found, *, rows: int) -> Source:
    header = found.sheet.head[found.header_row]
    labels = {name: header[at].strip() or name for name, at in found.columns.items()}
    return Source(relation, labels, found.sheet.head[: found.header_row], False, rows)


def _width(found: Found) -> int:
    """The columns of a table: up to the last that has a label or is a field."""
    header = found.sheet.head[found.header_row]
    labelled = max((at for at, cell in enumerate(header) if cell.strip()), default=0)
    return max(labelled, *found.columns.values()) + 1


def _reader(path: Path, delimiter: str, width: int) -> str:
    """The engine's CSV reader below a first line: it guesses no types and downloads nothing.

    Three traps of it are avoided. ``new_line`` is not given: it loses rows without a word. The
    first line is skipped and never a row, for the ends of lines are guessed by it. And
    ``parallel = false`` is not used: it drops a last row whose quote is open, without a word.
    """
    columns = ", ".join(f"'{_column(at)}': 'VARCHAR'" for at in range(width))
    return (
        f"read_csv({literal(glob.escape(str(path)))}, auto_detect = false, header = false, "
        f"skip = 1, compression = 'none', hive_partitioning = false, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"max_line_size = {delimited.MAX_RECORD}, "
        f"columns = {{{columns}}})"
    )


def _column(at: int) -> str:
    return f"c{at}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
