"""Files that wait for their commit: many at once, for a commit costs more than a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from campaigns import privacy
from campaigns.imports.people import Account, People
from campaigns.imports.reports import FileReport
from campaigns.imports.staged import Staged, stamped, stamped_together
from campaigns.imports.staging import broken
from campaigns.imports.table_rows import private
from campaigns.schema import TABLES
from campaigns.store import EngineError, ImportRecord, Store, literal, typed_nulls

if TYPE_CHECKING:
    from campaigns.store import Engine

BIG_FILE = 50_000
"""Files of more rows go to disk without being gathered first."""

_BORN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # any statement about an account is newer


@dataclass
class Waiting:
    """A staged file that waits for its commit: ``moment`` is when its figures were true.

    ``accounts`` are new with it, each with its role and name.
    """

    number: int
    report: FileReport
    record: ImportRecord
    staged: Staged
    moment: dt.datetime
    accounts: Mapping[Account, tuple[str, str]]


@dataclass
class Commits:
    """The commits of one run."""

    engine: Engine
    store: Store
    people: People
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows wait."""
        return sum(one.staged.rows for one in self.waiting)

    def flush(self) -> None:
        """Commit what waits; a file counts as imported only from here on.

        A file that the engine cannot write fails alone.
        """
        waiting, self.waiting = self.waiting, []
        self._commit(waiting)
        for relation in {name: None for one in waiting for name in one.staged.relations}:
            self.engine.execute(f"DROP TABLE IF EXISTS {relation}")

    def _commit(self, waiting: Sequence[Waiting]) -> None:
        if not waiting:
            return
        try:
            queries = self._queries(waiting)
            records = [one.record for one in waiting]
            done = self.store.append(self.engine, records, queries, self._finished)
        except EngineError as error:
            if len(waiting) == 1:
                report = waiting[0].report
                report.status, report.tables = "failed", {}
                report.error = broken(report.path, error)
                return
            middle = len(waiting) // 2
            self._commit(waiting[:middle])
            self._commit(waiting[middle:])
            return
        for one in waiting:
            is_done = one.record.import_id in done
            one.report.status = "unchanged" if is_done else "imported"
            if is_done:
                one.report.tables = {}

    def _finished(self, queries: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        """What is written, once nobody can be erased any more until it is."""
        self.people.check_stones()
        return queries

    def _queries(self, waiting: Sequence[Waiting]) -> dict[str, list[str]]:
        """For each table what is to be written, without other people's identifiers."""
        large: dict[str, list[str]] = {}
        small: dict[str, dict[str, None]] = {}
        shared: dict[tuple[str, str], list[int]] = {}
        for one in waiting:
            for table, parts in one.staged.parts.items():
                for part in parts:
                    if part.file is not None:
                        shared.setdefault((table, part.sql), []).append(part.file)
                        continue
                    alone = stamped(part, one.record.import_id, one.moment)
                    if one.staged.rows > BIG_FILE:
                        whole = f"{typed_nulls(TABLES[table])} UNION ALL BY NAME ({alone})"
                        large.setdefault(table, []).append(whole)
                    else:
                        small.setdefault(table, {})[alone] = None
        for (table, sql), files in shared.items():
            small.setdefault(table, {})[stamped_together(sql, "stamps", files)] = None
        new = [account for one in waiting for account in _new_accounts(one)]
        if new:
            small.setdefault("accounts", {})[_accounts(new)] = None
        self._stamp(waiting)
        queries = {table: self._gathered(table, parts) for table, parts in small.items()}
        for table, whole_files in large.items():
            queries.setdefault(table, []).extend(whole_files)
        registered = [account for _platform, account in self.people.roles]
        privacy.register(self.engine, registered)
        return {table: [private(table, part) for part in parts] for table, parts in queries.items()}

    def _stamp(self, waiting: Sequence[Waiting]) -> None:
        """Tell the engine of which import each file is, and when its figures were true."""
        self.engine.execute(
            "CREATE OR REPLACE TEMP TABLE stamps AS SELECT unnest($1::INTEGER[]) AS file_number, "
            "unnest($2::VARCHAR[]) AS import_id, unnest($3::TIMESTAMPTZ[]) AS moment",
            [
                [one.number for one in waiting],
                [one.record.import_id for one in waiting],
                [one.moment for one in waiting],
            ],
        )

    def _gathered(self, table: str, queries: Iterable[str]) -> list[str]:
        """The rows of small files together: masking them at once is planned once."""
        name = f"gathered_{table}"
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {typed_nulls(TABLES[table])}")
        for query in queries:
            self.engine.execute(f"INSERT INTO {name} BY NAME {query}")
        return [f"FROM {name}"]


_New = tuple[str, ...]


def _new_accounts(one: Waiting) -> Iterable[_New]:
    for (platform, account), (role, name) in one.accounts.items():
        yield platform, account, name, role, one.record.import_id


def _accounts(new: Iterable[_New]) -> str:
    """SQL for accounts that files bring with them."""
    listed = ", ".join(f"({', '.join(map(literal, values))})" for values in new)
    return (
        f"SELECT *, TIMESTAMPTZ {literal(_BORN.isoformat())} AS collected_at FROM "
        f"(VALUES {listed}) AS new(platform, account_id, name, role, import_id)"
    )
