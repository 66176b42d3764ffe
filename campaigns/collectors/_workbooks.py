"""Spreadsheets (XLSX, XLSB, XLS): rows of text with markers, within limits of size.

A spreadsheet is a compressed archive whose cells say themselves where they stand: a small file
can claim terabytes. Its parts are measured before a cell of it is believed.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from campaigns.collectors._delimited import CONTROLS
from campaigns.errors import N_, Message, TooLarge, UnreadableFile

MAX_UNPACKED = 1 << 30
"""Bytes that all parts of a spreadsheet may unpack to."""

MAX_RATIO = 200
"""How much a part may grow when unpacked, once it is larger than `RATIO_FROM`."""

RATIO_FROM = 50 << 20

MAX_CELLS = 30_000_000
"""Cells that a sheet may span, from its first to its last: reading takes 30 bytes for each."""

MARK = "\x1f"
"""Before cells that the spreadsheet holds as a number (``n``) or a date (``d``)."""

Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta

_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,4})(\d{1,9})"(?:[^>]*[^/>])?>')


def check_zip(path: Path) -> frozenset[str]:
    """The names of the parts of an archive, after their sizes were found to be within limits.

    Raises TooLarge, or UnreadableFile when the archive is broken or encrypted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(path, parts)
            if any(part.flag_bits & 1 for part in parts):
                raise UnreadableFile(path=path.name, reason=Message(N_("it has a password")))
            if any(part.filename.startswith("xl/") for part in parts):
                for part in parts:
                    with archive.open(part) as stream:
                        _check_part(path, part.filename, stream)
            return frozenset(part.filename for part in parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableFile(
            path=path.name, reason=Message(N_("the spreadsheet is damaged or cut off"))
        ) from error


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


def _check_part(path: Path, name: str, stream: IO[bytes]) -> None:
    """Unpack a part once, so that its size is true, and measure what its cells span."""
    is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    rest = b""
    columns: set[bytes] = set()
    last_row = 0
    while block := stream.read(1 << 20):
        if is_sheet:
            block = rest + block
            for match in _CELL.finditer(block):
                columns.add(match[1])
                last_row = max(last_row, int(match[2]))
            rest = block[-200:]
    width = max((_column(letters) for letters in columns), default=0)
    check_cells(path, last_row * width)


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
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def megabytes(size: int) -> str:
    """A size for people.

    >>> megabytes(1 << 30)
    '1024 MiB'
    """
    return f"{size / (1 << 20):.0f} MiB"


class Workbook:
    """An open spreadsheet. Its errors are UnreadableFile; programming errors stay what they are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._book = CalamineWorkbook.from_path(path)
        except PasswordError as error:
            raise UnreadableFile(path=path.name, reason=Message(N_("it has a password"))) from error
        except (CalamineError, OSError) as error:
            raise _damaged(path) from error
        self.names = [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]

    def rows(self, name: str) -> Iterator[tuple[Cell, ...]]:
        """The rows of a sheet from its first, empty ones at the end left out."""
        try:
            sheet = self._book.get_sheet_by_name(name)
            check_cells(self.path, (sheet.total_height or 0) * (sheet.total_width or 0))
            rows = sheet.to_python(skip_empty_area=False)
        except (CalamineError, OSError) as error:
            raise _damaged(self.path) from error
        while rows and not any(cell != "" for cell in rows[-1]):
            rows.pop()
        yield from (tuple(row) for row in rows)


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        path=path.name, reason=Message(N_("the spreadsheet is damaged or cut off"))
    )


def marked(cell: Cell) -> str:
    """A cell as text for the engine: numbers and dates marked, so that no locale touches them.

    >>> marked(1938.0), marked(dt.date(2024, 8, 5)), marked("1.938")
    ('\\x1fn1938.0', '\\x1fd2024-08-05 00:00:00', '1.938')
    """
    if isinstance(cell, str):
        return cell.translate(CONTROLS)
    if isinstance(cell, bool):
        return f"{MARK}n{int(cell)}"
    if isinstance(cell, int | float):
        return f"{MARK}n{cell!r}"
    if isinstance(cell, dt.datetime):
        return f"{MARK}d{cell.replace(microsecond=0, tzinfo=None).isoformat(' ')}"
    if isinstance(cell, dt.date):
        return f"{MARK}d{cell.isoformat()} 00:00:00"
    return str(cell)


def plain(cell: Cell) -> str:
    """A cell as a person reads it, for headers and for the rows above them.

    >>> plain(782.0), plain(dt.datetime(2024, 8, 5))
    ('782', '2024-08-05')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    return str(cell).translate(CONTROLS)
