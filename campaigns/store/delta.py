"""One table on disk: a folder of Parquet files and a Delta log of which of them count.

DuckDB writes the files, the log makes them visible in one atomic commit. Only counts and the
range of import ids are kept as statistics: a name can never survive in the log.
"""

from __future__ import annotations

import contextlib
import functools
import json
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from deltalake import DeltaTable, Field, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.schema import PrimitiveType
from deltalake.transaction import AddAction, RemoveAction

from campaigns.errors import BrokenStore, CannotWrite, StoreBusy
from campaigns.schema import Column, Table, type_of
from campaigns.store.engine import AS_WRITTEN, file_list, is_gone, literal, typed_nulls

_DELTA_TYPES: dict[type_of, str] = {
    "text": "string",
    "integer": "long",
    "decimal": "decimal(18,6)",
    "number": "double",
    "boolean": "boolean",
    "day": "date",
    "moment": "timestamp",
}
TRIES = 40
"""How often a commit is tried against others; with the waits below about half a minute."""

LITTER_AGE = timedelta(days=1)
"""How old a file must be that no version knows before it is taken for litter."""

_ENTRY = re.compile(r"[0-9]{20}\.(json|checkpoint\.parquet)$")

PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"


@dataclass(frozen=True)
class Version:
    """The files that one version of a table consists of."""

    number: int
    files: tuple[Path, ...]


class _Commit(NamedTuple):
    """An entry of a log; a store made anew in the same folder has others."""

    number: int
    inode: int
    written: int


class DeltaFolder:
    """One table of the schema in one folder. It exists from its first commit on."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.folder = folder
        self.table = table

    # --- reading

    def version(self) -> Version | None:
        """The newest version, or None when nothing was ever written.

        A version never changes, so its log is read once.
        """
        commit = self._newest()
        return None if commit is None else _read(self.folder, commit)

    def number(self) -> int:
        """The number of the newest version; -1 when nothing was ever written."""
        commit = self._newest()
        return -1 if commit is None else commit.number

    def select(self, version: Version | None) -> str:
        """SQL for all rows of a version, with every column of the schema, in its type."""
        empty = typed_nulls(self.table)
        if version is None or not version.files:
            return empty
        names = ", ".join(self.table.names)
        files = file_list(version.files)
        return (
            f"SELECT {names} FROM (FROM read_parquet({files}, {AS_WRITTEN}) "
            f"UNION ALL BY NAME {empty})"
        )

    # --- writing

    def append(self, connection: duckdb.DuckDBPyConnection, query: str) -> int:
        """Add the rows of a query in one commit; returns how many. No rows, no commit."""
        add = self._write_file(connection, query)
        if add is None:
            return 0
        self._ensure()
        self._retry(lambda delta: self._commit(delta, [add]))
        return int(json.loads(add.stats)["numRecords"])

    def rewrite(
        self,
        connection: duckdb.DuckDBPyConnection,
        choose: Callable[[Version], Sequence[Path]],
        query: Callable[[str], str],
    ) -> list[Path]:
        """Replace chosen files by the rows that ``query`` makes of them, in one commit.

        Returns the files that no longer count; they stay on disk for readers of older versions.
        Who replaced one of them meanwhile makes this begin again. That is only noticed of removals
        that say that they change data, so all do, also those of a compaction.
        """

        def attempt(delta: DeltaTable) -> list[Path]:
            version = _version_of(self.folder, delta)
            old = list(choose(version))
            if not old:
                return []
            rows = self.select(Version(version.number, tuple(old)))
            add = self._write_file(connection, query(f"({rows})"))
            now = int(time.time() * 1000)
            removals = [RemoveAction(file.name, True, now) for file in old]
            try:
                self._commit(delta, [*([add] if add else []), *removals])
            except CommitFailedError:
                if add:
                    (self.folder / add.path).unlink(missing_ok=True)
                raise
            return old

        return self._retry(attempt) if self._open() is not None else []

    def tidy(self, grace: timedelta, litter_age: timedelta = LITTER_AGE) -> None:
        """Delete files that no version newer than ``grace`` needs, and shorten the log.

        A file that is in no version may be one that another process is about to commit: it is
        only taken for litter after ``litter_age``.
        """
        if self._open() is None:
            return
        hours = int(grace.total_seconds() // 3600)
        # deleting is a commit of its own, which another one can come before
        delta = self._retry(lambda newest: _vacuumed(newest, hours))
        delta.create_checkpoint()
        delta.cleanup_metadata()
        used = set(_version_of(self.folder, delta).files)
        old = time.time() - max(grace, litter_age).total_seconds()
        for file in self.folder.glob("part-*.parquet"):
            with contextlib.suppress(OSError):  # on Windows a reader may still hold it
                if file not in used and (not litter_age or file.stat().st_mtime < old):
                    file.unlink()

    def unused(self) -> list[Path]:
        """The data files that are on disk and count no more."""
        version = self.version()
        used = set(version.files) if version else set()
        return [file for file in self.folder.glob("part-*.parquet") if file not in used]

    def files_where(
        self, connection: duckdb.DuckDBPyConnection, version: Version, condition: str
    ) -> list[Path]:
        """The files of a version with a row for which a condition holds."""
        if not version.files:
            return []
        found = connection.execute(
            f"SELECT DISTINCT filename FROM (FROM read_parquet({file_list(version.files)}, "
            f"filename = true, {AS_WRITTEN}) UNION ALL BY NAME {typed_nulls(self.table)}) "
            f"WHERE {condition}"
        ).fetchall()
        names = {str(name).replace("\\", "/").rpartition("/")[2] for (name,) in found}
        return [file for file in version.files if file.name in names]

    # --- inside

    def _newest(self) -> _Commit | None:
        """The newest entry of the log; a commit appears there whole or not at all."""
        log = self.folder / "_delta_log"
        try:
            names = [entry.name for entry in log.iterdir() if _ENTRY.match(entry.name)]
            if not names:
                return None  # another process is making it at this moment
            name = max(names)
            stat = (log / name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise BrokenStore(path=self.folder, reason=error) from error
        return _Commit(int(name[:20]), stat.st_ino, stat.st_mtime_ns)

    def _open(self) -> DeltaTable | None:
        return _opened(self.folder)

    def _ensure(self) -> None:
        """Make the table, or add the columns that the schema has won since it was made."""
        if self._open() is None:
            self._create()

        def widen(delta: DeltaTable) -> None:
            known = {field.name for field in delta.schema().fields}
            missing = [_field(c) for c in self.table if c.name not in known]
            if missing:
                delta.alter.add_columns(missing)

        self._retry(widen)

    def _create(self) -> None:
        try:
            DeltaTable.create(
                str(self.folder),
                Schema([_field(c) for c in self.table]),
                mode="ignore",
                configuration={"delta.dataSkippingNumIndexedCols": "0"},
            )
        except (DeltaError, OSError) as error:
            if self._open() is None:  # not just another process that made it first
                raise CannotWrite(path=self.folder, reason=error) from error

    def _write_file(self, connection: duckdb.DuckDBPyConnection, query: str) -> AddAction | None:
        name = f"part-{uuid.uuid4().hex}.parquet"
        file = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            [(rows,)] = connection.execute(
                f"COPY ({query}) TO {literal(str(file))} ({PARQUET})"
            ).fetchall()
        except (duckdb.IOException, OSError) as error:
            file.unlink(missing_ok=True)
            if is_gone(error):
                raise
            raise CannotWrite(path=self.folder, reason=error) from error
        if not rows:
            file.unlink(missing_ok=True)
            return None
        stat = file.stat()
        return AddAction(
            name,
            stat.st_size,
            {},
            int(stat.st_mtime * 1000),
            True,
            json.dumps({"numRecords": rows}),
        )

    def _commit(self, delta: DeltaTable, actions: list[AddAction | RemoveAction]) -> None:
        delta.create_write_transaction(actions, mode="append", schema=delta.schema())

    def _retry(self, attempt: Callable[[DeltaTable], Any]) -> Any:
        for wait in _waits():
            delta = self._open()
            if delta is not None:
                try:
                    return attempt(delta)
                except CommitFailedError:
                    pass
                except duckdb.IOException as error:
                    if not is_gone(error):  # else: compacted and tidied since it was opened
                        raise
            time.sleep(wait)
        raise StoreBusy(path=self.folder, tries=TRIES)


@functools.lru_cache(maxsize=256)
def _read(folder: Path, _commit: _Commit) -> Version | None:
    """The version of a commit, or a newer one that came meanwhile."""
    delta = _opened(folder)
    return None if delta is None else _version_of(folder, delta)


def _opened(folder: Path) -> DeltaTable | None:
    if not (folder / "_delta_log").is_dir():
        return None
    try:
        return DeltaTable(str(folder))
    except TableNotFoundError:
        return None  # another process is making it at this moment
    except (DeltaError, OSError, ValueError) as error:
        raise BrokenStore(path=folder, reason=error) from error


def _version_of(folder: Path, delta: DeltaTable) -> Version:
    names = (uri.replace("\\", "/").rpartition("/")[2] for uri in delta.file_uris())
    return Version(delta.version(), tuple(folder / name for name in sorted(names)))


def _vacuumed(delta: DeltaTable, hours: int) -> DeltaTable:
    delta.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False)
    return delta


def _field(column: Column) -> Field:
    return Field(column.name, PrimitiveType(_DELTA_TYPES[column.type]))


def _waits() -> Iterator[float]:
    for attempt in range(TRIES):
        yield random.uniform(0, min(1.0, 0.01 * 2**attempt))  # noqa: S311 - jitter, no secret
