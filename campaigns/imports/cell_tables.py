"""The cells of a table of files, read once into a temporary table; what was skipped is counted."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from campaigns.collectors import Parsed
from campaigns.collectors._cells import ResolvedCell
from campaigns.errors import N_, Message
from campaigns.imports.facts import FILE_DAYS
from campaigns.imports.piles import Pile, Sheet
from campaigns.imports.staged import Staged
from campaigns.schema import TABLES

if TYPE_CHECKING:
    from campaigns.store import Engine

SMALL_SHEET = 20_000
"""Rows up to which the plainest reading of cells is tried first; it is quick to plan."""

_numbers = itertools.count(1)

Cells = Mapping[str, ResolvedCell]


def cell_table(
    engine: Engine,
    pile: Pile,
    at: int,
    cells: Cells,
    staged: Mapping[int, Staged],
    notes: Mapping[int, Sequence[Message]],
) -> str:
    """A temporary table with the cells of a sheet, and ``skip``: which reason, if any.

    What the reports of the files say of it is added to ``staged``, after the ``notes`` of how
    the cells were read.
    """
    sheet = pile.sheets[at]
    reasons = _reasons(sheet)
    relation = f"cells_{next(_numbers)}"
    is_quick = sheet.rows / len(pile.files) <= SMALL_SHEET
    query = _cells(pile, sheet, cells, reasons, quick=cells.keys() if is_quick else ())
    engine.execute(f"CREATE TEMP TABLE {relation} AS {query}")
    if is_quick:
        _read_anew(engine, pile, at, cells, reasons, relation)
    for one in staged.values():
        one.relations.append(relation)
    odd = _count(engine, pile, sheet.parsed, relation, [why for why, _where in reasons], staged)
    for number, one in staged.items():
        contents = sheet.contents[number]
        one.skipped += contents.rejects
        own = pile.files[number].parsed[at].notes
        one.notes += [*own, *contents.notes, *notes[number]]
    if odd:
        _note_odd_cells(engine, pile.only(odd), at, cells, odd, staged)
    return relation


def _read_anew(
    engine: Engine,
    pile: Pile,
    at: int,
    cells: Cells,
    reasons: Sequence[tuple[Message, str]],
    relation: str,
) -> None:
    """Read the files thoroughly that have a cell which the plainest reading does not know.

    Only the columns of such cells are: planning all of a wide table takes longer than reading it.
    """
    found = engine.execute(
        f"SELECT {pile.column}, bit_or(odd) FROM {relation} WHERE odd > 0 GROUP BY ALL "
        "HAVING count(*) > 0"
    ).fetchall()
    odd = [number for number, _columns in found]
    if not odd:
        return
    known = _read(cells)
    quick = cells.keys() - {name for _number, columns in found for name in _of_bits(known, columns)}
    few = pile.only(odd)
    there = few.sheets[at]
    if few is pile:
        query = _cells(pile, there, cells, reasons, quick=quick)
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS {query}")
        return
    listed = ", ".join(map(str, odd))
    query = _cells(few, there, cells, reasons, quick=quick, many=True)
    engine.execute(f"DELETE FROM {relation} WHERE file_number IN ({listed})")
    engine.execute(f"INSERT INTO {relation} BY NAME {query}")


def _cells(
    pile: Pile,
    sheet: Sheet,
    cells: Cells,
    reasons: Sequence[tuple[Message, str]],
    *,
    quick: Collection[str],
    many: bool = False,
) -> str:
    """SQL for the cells: ``odd`` has a bit for each that may not have been read, see `_read`.

    ``quick`` are those that are read in the plainest way. ``many`` says that the rows of a file
    are told from those of others though it is alone here.
    """
    parsed = sheet.parsed
    thorough = [n for n, cell in cells.items() if n not in quick or not cell.quick]
    inner = [
        f"{cell.sql if name in thorough else cell.quick} AS {name}" for name, cell in cells.items()
    ]
    # Whether a value is missing though its cell is not empty is asked of the value by name:
    # naming its expression twice would double the time it takes to plan this query.
    read = _read(cells)
    inner += [f"{cells[name].raw} AS raw_{name}" for name in read]
    odd = [
        f"{cells[name].odd(name, f'raw_{name}')}::BIGINT * {1 << bit}"
        for bit, name in enumerate(read)
    ]
    outer = f"* EXCLUDE ({', '.join(f'raw_{name}' for name in read)})" if read else "*"
    if many or not pile.is_one:
        inner += ["file_number", "file_account"]
    if _uses(parsed, "row_number"):
        inner.append("row_number")
    cases = " ".join(f"WHEN {where} THEN {at}" for at, (_why, where) in enumerate(reasons))
    skip = f"CASE {pile.sql(cases)} END" if cases else "NULL::INTEGER"
    return (
        f"SELECT {outer}, {' + '.join(odd) or '0'} AS odd, {skip} AS skip "
        f"FROM (SELECT {', '.join(inner)} FROM {_with_texts(sheet, cells, thorough)})"
    )


def _with_texts(sheet: Sheet, cells: Cells, names: Iterable[str]) -> str:
    """SQL for the rows of a sheet, with the texts by name that some of its cells read."""
    found = [f"{cells[n].text} AS {cells[n].text_name}" for n in names if cells[n].text]
    return f"(SELECT {', '.join(['*', *found])} FROM {sheet.relation})" if found else sheet.relation


def _read(cells: Cells) -> list[str]:
    """The cells that can be there and yet not be read: the bits of ``odd``, in their order."""
    return [name for name, cell in cells.items() if cell.unreadable != "false"]


def _of_bits(names: Sequence[str], bits: int) -> list[str]:
    """The names whose bits are set.

    >>> _of_bits(["likes", "shares", "clicks"], 0b101)
    ['likes', 'clicks']
    """
    return [name for at, name in enumerate(names) if bits >> at & 1]


def _uses(parsed: Parsed, name: str) -> bool:
    texts = [parsed.account, parsed.period, *(skip.where for skip in parsed.skip)]
    for rows in parsed.rows:
        texts += [rows.where, *rows.columns.values()]
    return any(re.search(rf"\b{name}\b(?!\()", text) for text in texts)


def _reasons(sheet: Sheet) -> list[tuple[Message, str]]:
    """Why a row cannot be used: what the collector says, then what a table cannot do without."""
    parsed = sheet.parsed
    reasons = [(skip.reason, f"({skip.where})") for skip in parsed.skip]
    for rows in parsed.rows:
        table = TABLES[rows.table]
        for column in table:
            expression = rows.columns.get(column.name)
            if expression in FILE_DAYS:
                continue
            if column.required and expression is not None and not expression.startswith("'"):
                field_name = parsed.cells[expression].field if expression in parsed.cells else None
                label = sheet.labels.get(field_name or "", column.name)
                why = Message(N_("nothing usable in '{column}'"), {"column": label})
                where = f"(({rows.where}) AND ({expression}) IS NULL)"
                if why not in [known for known, _where in reasons]:
                    reasons.append((why, where))
                else:
                    at = [known for known, _where in reasons].index(why)
                    reasons[at] = (why, f"({reasons[at][1]} OR {where})")
    return reasons


def _count(
    engine: Engine,
    pile: Pile,
    parsed: Parsed,
    relation: str,
    reasons: Sequence[Message],
    staged: Mapping[int, Staged],
) -> dict[int, int]:
    """Count rows, skipped rows and days; returns the bits of odd cells in usable rows by file."""
    day, since = f"({parsed.period})::DATE", f"({parsed.since or parsed.period})::DATE"
    number = "" if pile.is_one else "file_number, "
    counted = engine.execute(
        f"SELECT {pile.column}, skip, count(*), bit_or(odd), min(since), max(day) "
        # columns first, because a period may look at other rows of the sheet
        f"FROM (SELECT {number}skip, odd, {pile.sql(since)} AS since, {pile.sql(day)} AS day "
        f"FROM {relation}) GROUP BY {number}skip ORDER BY skip"
    ).fetchall()
    with_odd: dict[int, int] = {}
    for file, skip, rows, odd, first, last in counted:
        one = staged[file]
        if skip is not None:
            one.skipped.append((reasons[skip], rows))
            continue
        if odd:
            with_odd[file] = odd
        one.rows += rows
        one.first = min((d for d in (one.first, first) if d is not None), default=None)
        one.last = max((d for d in (one.last, last) if d is not None), default=None)
    return with_odd


def _note_odd_cells(
    engine: Engine,
    pile: Pile,
    at: int,
    cells: Cells,
    odd: Mapping[int, int],
    staged: Mapping[int, Staged],
) -> None:
    """Which cells could not be read, or give only a bound: they are not reported, never 0.

    ``odd`` has for each file the bits of its columns that have such cells.
    """
    sheet = pile.sheets[at]
    own = {number: _of_bits(_read(cells), bits) for number, bits in odd.items()}
    names = [name for name in cells if any(name in of_file for of_file in own.values())]
    columns, wanted = [], []
    for place, name in enumerate(names):
        cell = cells[name]
        raw = '"' + sheet.parsed.cells[name].field + '"'
        columns += [f"{raw} AS x{place}, {cell.unreadable} AS is_lost{place}"]
        columns += [f"{cell.withheld} AS is_withheld{place}"]
        wanted += [f"count_if(is_lost{place})", f"min(x{place}) FILTER (is_lost{place})"]
        wanted += [f"count_if(is_withheld{place})"]
    number, by = ("", "") if pile.is_one else ("file_number, ", " GROUP BY file_number")
    rows = engine.execute(
        f"SELECT {pile.column}, {', '.join(wanted)} "
        f"FROM (SELECT {number}{', '.join(columns)} FROM {_with_texts(sheet, cells, names)}){by}"
    ).fetchall()
    for number, *row in rows:
        for place, name in enumerate(names):
            if name in own[number]:
                label = sheet.labels[sheet.parsed.cells[name].field]
                staged[number].notes += _of_column(label, *row[3 * place : 3 * place + 3])


def _of_column(label: str, unreadable: int, example: object, withheld: int) -> list[Message]:
    notes = []
    if unreadable:
        text = N_(
            "{rows} cells in '{column}' could not be read (such as '{example}'): they "
            "count as not reported"
        )
        shown = str(example).lstrip("\x1f")[:40]
        notes.append(Message(text, {"rows": unreadable, "column": label, "example": shown}))
    if withheld:
        text = N_(
            "{rows} cells in '{column}' give only a bound (such as < 1%): they count as "
            "not reported"
        )
        notes.append(Message(text, {"rows": withheld, "column": label}))
    return notes
