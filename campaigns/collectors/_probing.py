"""What a file is, by its content: its kind, its encoding, and the first rows of its sheets."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import tempfile
import uuid
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from campaigns.collectors import Probe, ProbedSheet, Record
from campaigns.collectors import _delimited as delimited
from campaigns.collectors._delimited import HEAD_ROWS, Dialect
from campaigns.collectors._workbooks import Sheet, check_compound, check_zip, unpack
from campaigns.errors import N_, Message, UnreadableFile

SMALL = 1 << 20
"""Bytes of text up to which a file is kept in memory: it is read once, and with others."""

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


class Folder:
    """A private folder in ``scratch`` that goes when nothing refers to it any more.

    It is there once it is asked for: most files are small and need none.
    """

    def __init__(self, scratch: Path | None) -> None:
        if scratch is None:
            scratch = Path(tempfile.mkdtemp(prefix="bereik-"))
            weakref.finalize(self, shutil.rmtree, scratch, ignore_errors=True)
        self.path = scratch / uuid.uuid4().hex
        weakref.finalize(self, _remove, self.path)

    def made(self) -> Path:
        """The folder, which is there now."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        return self.path


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Unpacked:
    """The sheets of a spreadsheet, unpacked when it was probed; large ones into the folder.

    ``errors`` counts the cells that show an error, where the kind of file says so.
    """

    folder: Folder
    sheets: tuple[Sheet, ...]
    errors: int = 0

    @property
    def notes(self) -> tuple[Message, ...]:
        """What of its cells nobody can read."""
        if not self.errors:
            return ()
        text = N_("{count} cells show an error (such as #REF!): they count as not reported")
        return (Message(text, {"count": self.errors}),)

    @property
    def is_small(self) -> bool:
        """Whether its rows are in memory."""
        return all(sheet.whole is not None for sheet in self.sheets)


@dataclass(frozen=True)
class Whole:
    """The records of a small text, and how many of its characters meant nothing."""

    records: Sequence[Record]
    broken: int


def probe(path: Path, scratch: Path | None = None) -> Probe:
    """What a file is, by its content, with the first rows of its sheets.

    A file of another kind (JSON, PDF, a zip of something else) has no sheets. ``scratch`` is
    where it may be unpacked; what is unpacked is the file's, so without it a private folder is
    made where the system keeps such. Raises UnreadableFile (missing, empty, cut off, encrypted,
    binary) or TooLarge.
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
        if not any(name.startswith("xl/workbook") for name in parts.names):
            return Probe(str(path), path.name, "zip", (), size)
        return _probe_workbook(path, size, "xlsx", scratch, parts.errors)
    if sample.startswith(b"\xd0\xcf\x11\xe0"):
        check_compound(path, sample)
        return _probe_workbook(path, size, "xls", scratch)
    for magic, kind in KINDS:
        if sample.startswith(magic):
            return Probe(str(path), path.name, kind, (), size)
    return _probe_text(path, size, sample)


def _probe_workbook(
    path: Path, size: int, container: str, scratch: Path | None, errors: int = 0
) -> Probe:
    folder = Folder(scratch)
    unpacked = tuple(unpack(path, folder.path))
    sheets = tuple(
        ProbedSheet(sheet.name, index, tuple(sheet.head(HEAD_ROWS)))
        for index, sheet in enumerate(unpacked)
    )
    opened = Unpacked(folder, unpacked, errors)
    return Probe(str(path), path.name, container, sheets, size, opened=opened)


def _probe_text(path: Path, size: int, sample: bytes) -> Probe:
    encoding, is_damaged = delimited.encoding_of(sample, whole=size <= len(sample))
    text = sample.decode(encoding, errors="ignore" if size > len(sample) else "replace")
    text = text.removeprefix("\ufeff")
    if len(_NO_TEXT.findall(text)) > len(text) * 0.05:
        reason = Message(N_("it is neither text nor a spreadsheet"))
        raise UnreadableFile(path=path.name, reason=reason)
    kind = _kind_of_text(text.lstrip())
    if kind != "csv":
        return Probe(str(path), path.name, kind, (), size, encoding)
    dialect = delimited.dialect_of(text)
    is_whole = size == len(sample) <= SMALL
    records = (
        list(delimited.records_of(text, dialect))
        if is_whole
        else delimited.records(io.StringIO(text, newline=""), dialect)
    )
    head = tuple(record.cells for record in itertools.islice(records, HEAD_ROWS))
    sheet = ProbedSheet(path.stem, 0, head)
    marks = (dialect.delimiter, dialect.escape)
    whole = Whole(list(records), text.count("\ufffd") if is_damaged else 0) if is_whole else None
    return Probe(str(path), path.name, "csv", (sheet,), size, encoding, *marks, opened=whole)


def _kind_of_text(text: str) -> str:
    if text.startswith(("{", "[")):
        return "json"
    if text.startswith(("window.", "Grailbird.")):
        return "js"
    if text[:200].casefold().startswith(("<!doctype html", "<html", "<table")):
        return "html"
    return "xml" if text.startswith("<?xml") else "csv"


def rows(probe: Probe, sheet: int = 0) -> Iterator[Record]:
    """All rows of a sheet one by one, from the first, without the empty ones.

    For formats that read themselves; cells of a spreadsheet have their markers.
    """
    if isinstance(probe.opened, Unpacked):
        for _number, *cells in probe.opened.sheets[sheet].rows():
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
