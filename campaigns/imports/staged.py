"""One file, ready to be committed: its queries and what its report says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.errors import Message
from campaigns.imports.piles import Contents
from campaigns.store import literal


@dataclass(frozen=True)
class Part:
    """SQL for rows of a table: of one file, or (with its number) of several, told apart.

    Those of several have a column ``file_number``.
    """

    sql: str
    file: int | None = None

    @property
    def alone(self) -> str:
        """SQL for the rows of the file."""
        if self.file is None:
            return self.sql
        return f"SELECT * EXCLUDE (file_number) FROM ({self.sql}) WHERE file_number = {self.file}"

    @property
    def states_moment(self) -> bool:
        """Whether the rows themselves say when their figures were true."""
        return re.search(r" AS collected_at\b", self.sql) is not None


@dataclass
class Staged:
    """One file, ready to be committed: its queries and what its report says.

    ``described`` has the role and name of accounts where the file says them.
    """

    parts: dict[str, list[Part]] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    skipped: list[tuple[Message, int]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    accounts: set[tuple[str, str]] = field(default_factory=set)
    described: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    first: dt.date | None = None
    last: dt.date | None = None
    rows: int = 0
    sources: list[Contents] = field(default_factory=list)  # they keep temporary files alive
    relations: list[str] = field(default_factory=list)

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """First and last day in the file."""
        return None if self.first is None or self.last is None else (self.first, self.last)

    @property
    def queries(self) -> dict[str, list[str]]:
        """For each table SQL for the rows of this file."""
        return {table: [part.alone for part in parts] for table, parts in self.parts.items()}


def finished(staged: Staged, import_id: str, moment: dt.datetime) -> Mapping[str, Sequence[str]]:
    """The queries with the import and the moment that every row carries."""
    return {
        table: [stamped(part, import_id, moment) for part in parts]
        for table, parts in staged.parts.items()
    }


def stamped(part: Part, import_id: str, moment: dt.datetime) -> str:
    """SQL for rows of one file with the import and the moment that every row carries."""
    when = f"TIMESTAMPTZ {literal(moment.isoformat())}"
    moment_sql = f"coalesce(collected_at, {when})" if part.states_moment else when
    rest = "* EXCLUDE (collected_at)" if part.states_moment else "*"
    return (
        f"SELECT {rest}, {literal(import_id)} AS import_id, {moment_sql} AS collected_at "
        f"FROM ({part.alone})"
    )


def stamped_together(sql: str, stamps: str, files: Iterable[int]) -> str:
    """`stamped` for several files: ``stamps`` has their numbers, imports and moments.

    Rows of other files are left out: of some that were staged with them another part is kept.
    """
    listed = ", ".join(map(str, files))
    states_moment = Part(sql).states_moment
    moment = "coalesce(f.collected_at, s.moment)" if states_moment else "s.moment"
    out = "file_number, collected_at" if states_moment else "file_number"
    return (
        f"SELECT f.* EXCLUDE ({out}), s.import_id, {moment} AS collected_at "
        f"FROM ({sql}) f JOIN {stamps} s ON f.file_number = s.file_number "
        f"WHERE f.file_number IN ({listed})"
    )
