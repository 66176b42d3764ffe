"""Turns one spreadsheet into CSV files of marked text: a program, run in a process of its own.

The library that reads spreadsheets can end its process on a damaged file, and what a file
claims to hold may not fit in memory. Neither may happen to a process that has an import open or
serves pages, so `campaigns.collectors._workbooks` runs this file as a program:

    python _unpacking.py

It reads a request from each line, ``["SPREADSHEET", "FOLDER", MAX_CELLS]``, and answers a line
``[STATUS, [[NAME, WIDTH, ROWS], …]]``. A row is its number and its cells; empty ones are left out.
The rows of a large spreadsheet are null there: they are written to ``0.csv``, ``1.csv`` … in the
folder, which is made for them. It ends with its input, and imports nothing of ours, for it must
start fast.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

PASSWORD, DAMAGED, TOO_LARGE = 3, 4, 5

MAX_MEMORY = 6 << 30
"""Bytes of address space, where the system can limit it."""

OLD_MEMORY = 1 << 30
"""As `MAX_MEMORY`, for `.xls`: nobody measured what its cells span before they are read."""

_OLD = b"\xd0\xcf\x11\xe0"

MARK = "\x1f"
"""Before cells that the spreadsheet holds as a number (``n``) or a date (``d``)."""

CONTROLS = {0: None, 31: None}

FEW_CELLS = 100_000
FEW_LETTERS = 1 << 20
"""Up to this a spreadsheet is small: its rows are in the answer."""

Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta


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


Row = list[str]
Answer = tuple[int, list[tuple[str, int, list[Row] | None]]]


def unpack(path: Path, folder: Path, max_cells: int) -> Answer:
    """The sheets of a spreadsheet with a status: 0, or what was wrong."""
    try:
        book = CalamineWorkbook.from_path(path)
        sheets: list[tuple[str, int, CalamineSheet]] = []
        span = 0
        for each in book.sheets_metadata:
            if each.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(each.name)
            last_row, last_column = sheet.end or (-1, -1)
            width = last_column + 1
            if width * (last_row + 1) > max_cells:
                return TOO_LARGE, []
            span += width * (last_row + 1)
            sheets.append((each.name, width, sheet))
        rows = _all([sheet for *_, sheet in sheets]) if span <= FEW_CELLS else None
        if rows is None:
            folder.mkdir(mode=0o700, exist_ok=True)
            for number, (_name, _width, sheet) in enumerate(sheets):
                _write(sheet, folder / f"{number}.csv")
        return 0, [
            (name, width, None if rows is None else rows[number])
            for number, (name, width, _sheet) in enumerate(sheets)
        ]
    except PasswordError:
        return PASSWORD, []
    except (CalamineError, OSError, MemoryError):
        return DAMAGED, []


def _all(sheets: list[CalamineSheet]) -> list[list[Row]] | None:
    """The rows of all sheets; null when they are not as small as their number of cells."""
    letters = 0
    found: list[list[Row]] = []
    for sheet in sheets:
        found.append([])
        for row in _rows(sheet):
            letters += sum(map(len, row))
            if letters > FEW_LETTERS:
                return None
            found[-1].append(row)
    return found


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    before = [""] * (sheet.start[1] if sheet.start else 0)  # rows begin at 0, columns do not
    for number, row in enumerate(sheet.iter_rows()):
        cells = [marked(cell) for cell in row]
        if any(cells):
            yield [str(number), *before, *cells]


def _write(sheet: CalamineSheet, path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.write("-\n")  # the engine skips a first line
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows(_rows(sheet))


def _limit_memory(path: Path) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        with path.open("rb") as file:
            limit = OLD_MEMORY if file.read(4) == _OLD else MAX_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, MAX_MEMORY))


def main() -> None:
    """Answer requests until there are no more."""
    for request in sys.stdin.buffer:
        path, folder, max_cells = json.loads(request)
        _limit_memory(Path(path))
        answer = unpack(Path(path), Path(folder), max_cells)
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
