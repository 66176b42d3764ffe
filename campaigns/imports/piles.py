"""Files of one shape: they mean the same by the same SQL, so they are staged by the same queries.

Planning a query takes longer than reading a usual export. A large file is a pile of its own.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from campaigns.collectors import Parsed
from campaigns.collectors import _sheets as sheets
from campaigns.errors import Message
from campaigns.imports.facts import FileFacts, account_in_name, handle, stated_in_name
from campaigns.schema import UNKNOWN
from campaigns.store import literal

if TYPE_CHECKING:
    from campaigns.store import Engine

_numbers = itertools.count(1)

_WINDOW = re.compile(r"'(?:[^']|'')*'|\bover\s*\(\s*(partition\s+by\s)?", re.IGNORECASE)


@dataclass(frozen=True)
class Contents:
    """What was in one table of one file; ``keeps`` are the temporary files it is read from."""

    rows: int
    rejects: tuple[tuple[Message, int], ...] = ()
    notes: tuple[Message, ...] = ()
    keeps: object = field(default=None, repr=False)


@dataclass(frozen=True)
class Sheet:
    """A table of all files of a pile: a relation with a text per field.

    Of several files each row has the ``file_number``, and what differs between them:
    ``file_account``, ``file_stated_first`` and ``file_stated_last``.
    """

    parsed: Parsed
    relation: str
    labels: Mapping[str, str]
    typed: bool
    contents: Mapping[int, Contents]

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(one.rows for one in self.contents.values())


@dataclass(frozen=True)
class Pile:
    """Files of one shape by their numbers, and their tables in the engine."""

    files: Mapping[int, FileFacts]
    sheets: Sequence[Sheet]
    close: Callable[[], None] = lambda: None
    """Give back what the sheets are read from, once that is done."""

    @property
    def is_one(self) -> bool:
        """Whether there is one file, so that nothing tells its rows from those of others."""
        return len(self.files) == 1

    @property
    def column(self) -> str:
        """SQL for the number of the file of a row."""
        return str(min(self.files)) if self.is_one else "file_number"

    def only(self, numbers: Iterable[int]) -> Pile:
        """Some of the files."""
        chosen = {number: self.files[number] for number in numbers}
        if len(chosen) == len(self.files):
            return self
        where = f"WHERE file_number IN ({', '.join(map(str, chosen))})"
        sheets = [
            dataclasses.replace(
                sheet,
                relation=f"(SELECT * FROM {sheet.relation} {where})",
                contents={number: sheet.contents[number] for number in chosen},
            )
            for sheet in self.sheets
        ]
        return Pile(chosen, sheets)

    def sql(self, expression: str) -> str:
        """An expression of a collector, whose windows see the rows of one file only."""
        return expression if self.is_one else _by_file(expression)


def _by_file(expression: str) -> str:
    """SQL whose windows are of one file.

    >>> _by_file("max(a) over ()")
    'max(a) over (partition by file_number )'
    >>> _by_file("sum(a) over (partition by b order by c)")
    'sum(a) over (partition by file_number, b order by c)'
    >>> _by_file("'over ()'")
    "'over ()'"
    """

    def replaced(match: re.Match[str]) -> str:
        if match[0].startswith("'"):
            return match[0]
        return f"over (partition by file_number{', ' if match[1] else ' '}"

    return _WINDOW.sub(replaced, expression)


def large(engine: Engine, facts: FileFacts, scratch: Path | None) -> Pile:
    """A file of any size as a pile: the engine reads it where it is."""
    read = sheets.read(facts.probe, facts.recognition, engine, scratch)
    number = next(_numbers)
    found = []
    for parsed in facts.parsed:
        source = read[parsed.sheet]
        contents = {number: Contents(source.rows, source.rejects, source.notes, source)}
        found.append(Sheet(parsed, source.relation, source.labels, source.typed, contents))
    return Pile({number: _slim(facts)}, found)


class Piles:
    """Small files, each put on the pile of its shape until they are staged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._piles: dict[Hashable, _Growing] = {}

    def add(self, facts: FileFacts, tables: Mapping[str, sheets.Table]) -> tuple[int, FileFacts]:
        """Put a file on its pile; returns its number, and its facts as they are kept."""
        shape = _shape(facts, tables)
        pile = self._piles.get(shape)
        if pile is None:
            pile = self._piles[shape] = _Growing(self._folder, facts, tables)
        number = next(_numbers)
        return number, pile.add(number, facts, tables)

    def take(self, engine: Engine) -> Iterator[Pile]:
        """The piles, which begin anew."""
        piles, self._piles = self._piles, {}
        for pile in piles.values():
            yield pile.finish(engine)

    def close(self) -> None:
        """Remove what is left of files that were not staged."""
        for pile in self._piles.values():
            for stack in pile.stacks.values():
                stack.close()


class _Growing:
    """A pile that files are put on."""

    def __init__(self, folder: Path, facts: FileFacts, tables: Mapping[str, sheets.Table]) -> None:
        self.parsed = facts.parsed
        self.files: dict[int, FileFacts] = {}
        self.stacks = {name: sheets.Stack(folder, tables[name]) for name in _read(facts)}
        self.contents: dict[str, dict[int, Contents]] = {name: {} for name in self.stacks}

    def add(self, number: int, facts: FileFacts, tables: Mapping[str, sheets.Table]) -> FileFacts:
        own = tuple(
            dataclasses.replace(
                known, notes=one.notes, stated=one.stated, from_names=one.from_names
            )
            for known, one in zip(self.parsed, facts.parsed, strict=True)
        )
        self.files[number] = dataclasses.replace(_slim(facts), parsed=own)
        for name, stack in self.stacks.items():
            table = tables[name]
            stack.add(number, table)
            self.contents[name][number] = Contents(table.rows, table.rejects, table.notes)
        return self.files[number]

    def finish(self, engine: Engine) -> Pile:
        facts = f"facts_{min(self.files)}"
        engine.execute(
            f"CREATE TEMP TABLE {facts} (file_number INTEGER, file_account VARCHAR, "
            "file_stated_first DATE, file_stated_last DATE)"
        )
        rows = [_constants(number, one) for number, one in self.files.items()]
        engine.execute(
            f"INSERT INTO {facts} SELECT "
            "unnest($1::INTEGER[]), unnest($2::VARCHAR[]), unnest($3::DATE[]), unnest($4::DATE[])",
            [list(column) for column in zip(*rows, strict=True)],
        )
        views = {}
        for name, stack in self.stacks.items():
            view = stack.view(engine)
            views[name] = f"{view}_of_files"
            engine.execute(
                f"CREATE TEMP VIEW {views[name]} AS "
                f"SELECT * FROM {view} JOIN {facts} USING (file_number)"
            )
        found = [
            Sheet(
                parsed,
                views[parsed.sheet],
                self.stacks[parsed.sheet].labels,
                self.stacks[parsed.sheet].typed,
                self.contents[parsed.sheet],
            )
            for parsed in self.parsed
        ]

        def close() -> None:
            for stack in self.stacks.values():
                stack.close()
            for view in views.values():
                engine.execute(f"DROP VIEW {view}")
            engine.execute(f"DROP TABLE {facts}")

        return Pile(self.files, found, close)


def _constants(number: int, facts: FileFacts) -> tuple[object, ...]:
    return (number, account_of(facts), *(stated_in_name(facts.path.name) or (None, None)))


def account_of(facts: FileFacts) -> str:
    """Whose a file is as the user says, else as its name does."""
    if facts.options.account is not None:
        return handle(facts.options.account)
    return account_in_name(facts) or UNKNOWN


def account_sql(pile: Pile, parsed: Parsed) -> str:
    """SQL for the account of a row: as the user says, else the content, else the file's name."""
    first = next(iter(pile.files.values()))
    named = literal(account_of(first)) if pile.is_one else "file_account"
    is_given = first.options.account is not None and not first.recognition.format.holds_others
    is_said = is_given or parsed.account == "null"
    return named if is_said else f"coalesce({parsed.account}, {named})"


def _read(facts: FileFacts) -> Sequence[str]:
    return list(dict.fromkeys(parsed.sheet for parsed in facts.parsed))


def _shape(facts: FileFacts, tables: Mapping[str, sheets.Table]) -> Hashable:
    """What files have in common that mean the same by the same SQL."""
    return (
        facts.recognition.format.name,
        facts.options.account is None,
        facts.options.date_order,
        facts.options.role,
        *(
            repr(dataclasses.replace(parsed, notes=(), stated=None, from_names=""))
            for parsed in facts.parsed
        ),
        *(
            (name, tables[name].typed, *sorted(tables[name].labels.items()))
            for name in _read(facts)
        ),
    )


def _slim(facts: FileFacts) -> FileFacts:
    """The facts without the beginning of the file, which is read by now."""
    recognition = dataclasses.replace(facts.recognition, found={})
    return dataclasses.replace(
        facts,
        probe=dataclasses.replace(facts.probe, sheets=(), opened=None),
        recognition=recognition,
        payload=dataclasses.replace(facts.payload, recognition=recognition, preamble={}),
    )
