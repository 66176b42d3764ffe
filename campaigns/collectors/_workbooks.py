"""Spreadsheets (XLSX, XLSB, XLS): rows of text with markers, within limits of size.

A spreadsheet is a compressed archive whose cells say themselves where they stand: a small file
can claim terabytes. Its parts are measured before a cell of it is believed.
"""

from __future__ import annotations

import atexit
import contextlib
import csv
import json
import lzma
import re
import select
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from campaigns.collectors import _unpacking
from campaigns.errors import N_, Message, TooLarge, UnreadableFile

MAX_UNPACKED = 1 << 30
"""Bytes that all parts of a spreadsheet may unpack to."""

MAX_RATIO = 200
"""How much a part may grow when unpacked, once it is larger than `RATIO_FROM`."""

RATIO_FROM = 50 << 20

MAX_CELLS = 30_000_000
"""Cells that a sheet may span, from its first to its last: reading takes 30 bytes for each."""

MAX_SECONDS = 300
"""How long a spreadsheet may take to unpack."""

MAX_ANSWERS = 500
"""Spreadsheets after which the process that unpacks them is replaced, and its memory freed."""

_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^<>]{0,200}?\s)??r\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']"
    rb"(?:[^<>]*[^/<>])?>"
)

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,  # names that are not text
)


_ERROR = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]{0,200}?\s)??t\s*=\s*[\"']e[\"']")


@dataclass(frozen=True)
class Parts:
    """The parts of an archive by name, and how many cells of its sheets show an error."""

    names: frozenset[str]
    errors: int = 0


def check_zip(path: Path) -> Parts:
    """The parts of an archive, after their sizes were found to be within limits.

    Raises TooLarge, or UnreadableFile when the archive is broken or encrypted.
    """
    errors = 0
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(path, parts)
            if any(part.flag_bits & 1 for part in parts):
                raise _protected(path)
            if any(part.filename.startswith("xl/") for part in parts):
                for part in parts:
                    with archive.open(part) as stream:
                        errors += _check_part(path, part.filename, stream)
            return Parts(frozenset(part.filename for part in parts), errors)
    except _DAMAGE as error:
        raise _damaged(path) from error


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    bombs = [
        part
        for part in parts
        if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)
    ]
    if total > MAX_UNPACKED or bombs:
        raise TooLarge(
            path=path.name,
            what=Message(N_("it unpacks to {size}"), {"size": megabytes(total)}),
            limit=megabytes(MAX_UNPACKED if total > MAX_UNPACKED else RATIO_FROM),
        )


def _check_part(path: Path, name: str, stream: IO[bytes]) -> int:
    """Unpack a part once, so that its size is true, and measure what its cells span.

    Returns how many of them show an error (``#REF!``): the library reads those as empty.
    """
    is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    rest = b""
    columns: set[bytes] = set()
    last_row = errors = 0
    while block := stream.read(1 << 20):
        if is_sheet:
            block = rest + block
            for match in _CELL.finditer(block):
                columns.add(match[1])
                last_row = max(last_row, int(match[2]))
            errors += sum(1 for match in _ERROR.finditer(block) if match.end() > len(rest))
            rest = block[-200:]
    width = max((_column(letters) for letters in columns), default=0)
    check_cells(path, last_row * width)
    return errors


def check_cells(path: Path, cells: int) -> None:
    """Raise TooLarge when a sheet spans more cells than can be read."""
    if cells > MAX_CELLS:
        raise TooLarge(
            path=path.name,
            what=Message(N_("a sheet spans {cells} cells"), {"cells": f"{cells:_}"}),
            limit=f"{MAX_CELLS:_}",
        )


def _column(letters: bytes) -> int:
    """The number of a column by its letters.

    >>> _column(b"AB")
    28
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def megabytes(size: int) -> str:
    """A size for people.

    >>> megabytes(1 << 30)
    '1024 MiB'
    """
    return f"{size / (1 << 20):.0f} MiB"


@dataclass(frozen=True)
class Sheet:
    """A sheet that was unpacked: the number of each row (from 0) and its cells.

    They are in a CSV, those of a small spreadsheet in ``whole``.
    """

    name: str
    path: Path
    width: int
    whole: Sequence[list[str]] | None = None

    def rows(self) -> Iterator[list[str]]:
        """The number of each row and its cells, without the empty rows."""
        if self.whole is not None:
            yield from self.whole
            return
        with self.path.open(encoding="utf-8", newline="") as file:
            file.readline()
            yield from csv.reader(file)

    def head(self, rows: int) -> Iterator[tuple[str, ...]]:
        """The first rows in plain text, with the empty ones."""
        expected = 0
        for number, *cells in self.rows():
            for _ in range(min(int(number), rows) - expected):
                yield ("",) * self.width
            if int(number) >= rows:
                return
            yield tuple(plain(cell) for cell in cells)
            expected = int(number) + 1


class _Worker:
    """A process that unpacks one spreadsheet after another, and may die of one.

    Starting Python takes longer than reading most exports, so it is kept for the next; it ends
    with this process, however that ends, because its input does.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        self._lock = threading.Lock()

    def ask(self, request: Sequence[str | int]) -> _unpacking.Answer | None:
        """The answer to a request; None when the process died or took too long."""
        with self._lock:
            process = self._process = self._process or self._start()
            try:
                assert process.stdin is not None  # noqa: S101 - both are pipes
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
                line = _answer_of(process)
            except OSError:
                line = b""
            self._answered += 1
            is_whole = line.endswith(b"\n")
            if not is_whole or self._answered >= MAX_ANSWERS:
                self._stop(process)
            return json.loads(line) if is_whole else None

    def _start(self) -> subprocess.Popen[bytes]:
        self._answered = 0
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", _unpacking.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self._stop, process)
        return process

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.communicate()
        self._process = None
        atexit.unregister(self._stop)


def _answer_of(process: subprocess.Popen[bytes]) -> bytes:
    """The next line of a process, which is killed when it takes too long."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    with contextlib.suppress(OSError, ValueError):  # where only sockets can be waited for
        if select.select([process.stdout], [], [], 0.5)[0]:  # no thread for most: it is soon there
            return process.stdout.readline()
    overdue = threading.Timer(MAX_SECONDS, process.kill)
    overdue.start()
    try:
        return process.stdout.readline()
    finally:
        overdue.cancel()


_worker = _Worker()


def unpack(path: Path, folder: Path) -> list[Sheet]:
    """Unpack the sheets of a spreadsheet in a process that may die of it.

    Those of a large one go into the folder, which need not exist. Raises UnreadableFile
    (damaged, encrypted) or TooLarge.
    """
    # The process that unpacks stays where this one was when it was started.
    request = (str(path.absolute()), str(folder.absolute()), MAX_CELLS)
    status, sheets = _worker.ask(request) or (_unpacking.DAMAGED, [])
    if status == _unpacking.PASSWORD:
        raise _protected(path)
    if status == _unpacking.TOO_LARGE:
        check_cells(path, MAX_CELLS + 1)
    if status != 0:
        raise _damaged(path)
    return [
        Sheet(name, folder / f"{at}.csv", width, rows)
        for at, (name, width, rows) in enumerate(sheets)
    ]


def check_compound(path: Path, sample: bytes) -> None:
    """Raise UnreadableFile for a spreadsheet that Excel encrypted: an XLSX inside another file."""
    if "EncryptedPackage".encode("utf-16-le") in sample:
        raise _protected(path)


def _protected(path: Path) -> UnreadableFile:
    return UnreadableFile(path=path.name, reason=Message(N_("it has a password")))


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        path=path.name, reason=Message(N_("the spreadsheet is damaged or cut off"))
    )


def plain(cell: str) -> str:
    """A cell as a person reads it, for headers and for the rows above them.

    >>> plain("\x1fn782.0"), plain("\x1fd2024-08-05 00:00:00"), plain("text")
    ('782', '2024-08-05', 'text')
    """
    if not cell.startswith(_unpacking.MARK):
        return cell
    return cell[2:].removesuffix(" 00:00:00" if cell[1] == "d" else ".0")
