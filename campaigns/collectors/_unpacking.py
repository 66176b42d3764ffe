"""Turns one spreadsheet into CSV files of marked text: a program, run in a process of its own.

The library that reads spreadsheets can end its process on a damaged file, and what a file
claims to hold may not fit in memory. Neither may happen to a process that has an import open or
serves pages, so `campaigns.collectors._workbooks` runs this file as a program:

    python _unpacking.py

It reads a request from each line, ``["SPREADSHEET", "FOLDER", MAX_CELLS]``, and answers a line
with a status. It writes ``0.csv``, ``1.csv`` … (the number of the row, then its cells; empty rows
left out) and ``sheets.json`` with their names and widths. It ends with its input, and imports
nothing of ours, for it must start fast.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import sys
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

MARK = "\x1f"
"""Before cells that the spreadsheet holds as a number (``n``) or a date (``d``)."""

CONTROLS = {0: None, 31: None}

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


def unpack(path: Path, folder: Path, max_cells: int) -> int:
    """Write the sheets of a spreadsheet; returns the status: 0, or what was wrong."""
    sheets: list[tuple[str, int]] = []
    try:
        book = CalamineWorkbook.from_path(path)
        for each in book.sheets_metadata:
            if each.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(each.name)
            last_row, last_column = sheet.end or (-1, -1)
            width = last_column + 1
            if width * (last_row + 1) > max_cells:
                return TOO_LARGE
            _write(sheet, folder / f"{len(sheets)}.csv")
            sheets.append((each.name, width))
    except PasswordError:
        return PASSWORD
    except (CalamineError, OSError, MemoryError):
        return DAMAGED
    (folder / "sheets.json").write_text(json.dumps(sheets), encoding="utf-8")
    return 0


def _write(sheet: CalamineSheet, path: Path) -> None:
    before = [""] * (sheet.start[1] if sheet.start else 0)  # rows begin at 0, columns do not
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.write("-\n")  # the engine skips a first line
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for number, row in enumerate(sheet.iter_rows()):
            cells = [marked(cell) for cell in row]
            if any(cells):
                writer.writerow([str(number), *before, *cells])


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def main() -> None:
    """Answer requests until there are no more."""
    _limit_memory()
    for request in sys.stdin.buffer:
        path, folder, max_cells = json.loads(request)
        print(unpack(Path(path), Path(folder), max_cells), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
