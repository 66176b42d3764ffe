"""From recognised files to rows for tables: everything happens in the engine.

The cells of each sheet are computed once, into a temporary table; what the tables get are
queries over it. Nothing is committed here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from campaigns.collectors import _cells as cells
from campaigns.errors import N_, Message, NothingToImport, UnreadableFile, UserError
from campaigns.imports.cell_tables import cell_table
from campaigns.imports.facts import FileFacts, needs_period, stated_in_name
from campaigns.imports.piles import Pile
from campaigns.imports.staged import Staged
from campaigns.imports.table_rows import count_once, stage_rows
from campaigns.store import EngineError

if TYPE_CHECKING:
    from campaigns.store import Engine

Answer = Staged | UserError
"""A file that was staged, or why it cannot be used as a whole."""


def stage(engine: Engine, pile: Pile) -> dict[int, Answer]:
    """Say for each file of a pile what each table gets of it.

    A file on which the engine fails fails alone.
    """
    try:
        return _stage(engine, pile)
    except EngineError as error:
        if pile.is_one:
            [(number, facts)] = pile.files.items()
            return {number: broken(facts.path, error)}
    return {number: stage(engine, pile.only([number]))[number] for number in pile.files}


def broken(path: Path, error: Exception) -> UnreadableFile:
    """What a hostile file can still provoke in the engine, as a user is told it."""
    if os.environ.get("BEREIK_DEBUG"):
        raise error
    return UnreadableFile(path=path, reason=str(error).partition("\n")[0])


def _stage(engine: Engine, pile: Pile) -> dict[int, Answer]:
    one = next(iter(pile.files.values()))
    readings = cells.readings(
        [(sheet.parsed, sheet) for sheet in pile.sheets],
        engine,
        {number: _dates(facts) for number, facts in pile.files.items()},
        format_order=one.recognition.format.date_order,
    )
    answers: dict[int, Answer] = {}
    alike: dict[cells.Reading, dict[int, Sequence[Message]]] = {}
    for number, answer in readings.items():
        if isinstance(answer, UserError):
            answers[number] = answer
        else:
            reading, notes = answer
            alike.setdefault(reading, {})[number] = notes
    for reading, notes_of in alike.items():
        answers |= _stage_alike(engine, pile.only(notes_of), reading, notes_of)
    return answers


def _dates(facts: FileFacts) -> cells.FileDates:
    return cells.FileDates(
        path=facts.path.name,
        option=facts.options.date_order,
        stated=stated_in_name(facts.path.name),
        language=facts.recognition.language,
    )


def _stage_alike(
    engine: Engine,
    pile: Pile,
    reading: cells.Reading,
    notes: Mapping[int, Sequence[Message]],
) -> dict[int, Answer]:
    """Stage files whose cells are read in the same way."""
    staged = {
        number: Staged(
            notes=list(facts.recognition.notes),
            sources=[sheet.contents[number] for sheet in pile.sheets],
        )
        for number, facts in pile.files.items()
    }
    tables = []
    for at, sheet in enumerate(pile.sheets):
        resolved = reading.cells(at, sheet.parsed, sheet, named=True)
        tables.append(cell_table(engine, pile, at, resolved, staged, notes))
    answers: dict[int, Answer] = {}
    for number, one in staged.items():
        one.notes = list(dict.fromkeys(one.notes))
        if one.rows == 0:
            answers[number] = _nothing(pile.files[number], one)
        else:
            _settle_period(pile.files[number], one)
    usable = {number: one for number, one in staged.items() if number not in answers}
    if not usable:
        return answers
    for at, sheet in enumerate(pile.sheets):
        for rows in sheet.parsed.rows:
            stage_rows(engine, pile, at, rows, tables[at], staged)
    count_once(engine, pile, usable)
    for number, one in usable.items():
        has_nothing = not one.tables and one.period is None
        answers[number] = _nothing(pile.files[number], one) if has_nothing else one
    return answers


def _nothing(facts: FileFacts, staged: Staged) -> NothingToImport:
    reasons = [why for why, _rows in staged.skipped] or [Message(N_("it has no rows"))]
    return NothingToImport(
        path=facts.path,
        format=Message(facts.recognition.format.title),
        reasons=_joined(reasons),
    )


def _joined(messages: Sequence[Message]) -> Message:
    fields = {f"reason_{at}": message for at, message in enumerate(messages[:5])}
    return Message("; ".join("{" + name + "}" for name in fields), fields)


def _settle_period(facts: FileFacts, staged: Staged) -> None:
    """The period of a file is that of its days and what it states; else what its name states."""
    days = [day for day in (staged.first, staged.last) if day is not None]
    for parsed in facts.parsed:
        days += parsed.stated or ()
    if not days and any(needs_period(rows) for parsed in facts.parsed for rows in parsed.rows):
        days += stated_in_name(facts.path.name) or ()
    staged.first, staged.last = min(days, default=None), max(days, default=None)
