"""The store: a folder that many processes read and write at once.

Rows are only ever appended. A row counts when the import that brought it is committed, and the
commit of an import is its last write: what a killed process left behind is never seen, and is
removed when the import is repeated. See COUNTING in the documentation of the counting rules.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb
from filelock import FileLock, Timeout

from campaigns.errors import (
    BrokenStore,
    NewerStore,
    NoStore,
    NotAStore,
    OddStorePath,
    PermanentImport,
    StoreBusy,
    UnknownImport,
)
from campaigns.schema import FORMAT_VERSION, TABLES
from campaigns.store.delta import DeltaFolder, Version
from campaigns.store.engine import SQL_TYPES, connect, is_gone, literal, typed_nulls
from campaigns.store.snapshot import Snapshot, Vanished, newest_import
from campaigns.store.spill import Spill, clear
from campaigns.store.whole import write_whole

T = TypeVar("T")

MANIFEST = "bereik.json"
DEFAULT_TIMEZONE = "Europe/Amsterdam"
GRACE = dt.timedelta(days=1)
"""How long files that no longer count are kept for those who still read them."""
SMALL_FILES = 64
"""A table of more files than this is compacted after a write."""
_STRIPES = 64
_ODD = re.compile(r"%[0-9A-Fa-f]{2}" if os.name == "nt" else r"%[0-9A-Fa-f]{2}|\\")
_PATIENCE = 30.0  # seconds for which a question is asked again while others compact
_OURS = {MANIFEST, "tables", "cache", "locks", "tmp", "raw", "runs"}


DESTRUCTION = "destruction"
"""The format of the record of a destruction: it cannot be undone."""

Change = tuple[str, Callable[[str], str]]
"""Which rows of a table change (a condition), and SQL that makes the new rows of all rows."""
Finish = Callable[[Mapping[str, Sequence[str]]], Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class ImportRecord:
    """What is kept of an import: see the table ``imports``."""

    import_id: str
    values: Mapping[str, object] = field(default_factory=dict)


class Store:
    """One store in one folder. Open it with `Store.open`, make it with `Store.create`."""

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self._manifest = dict(manifest)

    # --- opening

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Store:
        """The store in ``path``; never makes one.

        Raises `NoStore` where there is nothing, `NotAStore` where there is something else,
        `BrokenStore` where it cannot be read, `NewerStore` where this version is too old for it.
        """
        folder = Path(path)
        file = folder / MANIFEST
        try:
            manifest = json.loads(file.read_text("utf-8"))
            found = int(manifest["format"])
            ZoneInfo(manifest["timezone"])
        except (FileNotFoundError, NotADirectoryError):
            if _is_foreign(folder):
                raise NotAStore(path=folder) from None
            raise NoStore(path=folder) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BrokenStore(path=folder, reason=error) from error
        if found > FORMAT_VERSION:
            raise NewerStore(path=folder, found=found, known=FORMAT_VERSION)
        return cls(folder, manifest)

    @classmethod
    def create(cls, path: str | os.PathLike[str], timezone: str = DEFAULT_TIMEZONE) -> Store:
        """The store in ``path``, made when there is none. Raises as `open` does, but `NoStore`."""
        folder = Path(path)
        with contextlib.suppress(NoStore):
            return cls.open(folder)
        ZoneInfo(timezone)
        if odd := _ODD.search(str(folder.absolute())):
            raise OddStorePath(path=folder, part=odd[0])
        (folder / "locks").mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "locks" / "store.lock"):
            with contextlib.suppress(NoStore):
                return cls.open(folder)
            manifest = {
                "format": FORMAT_VERSION,
                "store_id": uuid.uuid4().hex,
                "timezone": timezone,
            }
            store = cls(folder, manifest)
            store._write_manifest()
            return store

    @property
    def timezone(self) -> str:
        """The time zone in which days begin and end."""
        return str(self._manifest["timezone"])

    @property
    def store_id(self) -> str:
        """The name of this store among all stores; copies have it too."""
        return str(self._manifest["store_id"])

    @property
    def key_fingerprint(self) -> str | None:
        """The fingerprint of the key of the pseudonyms; None while there are none."""
        fingerprint = self._manifest.get("key_fingerprint")
        return None if fingerprint is None else str(fingerprint)

    def bind_key(self, fingerprint: str, *, replaces: bool = False) -> str:
        """Tie the store to a key, once; returns the fingerprint that it is tied to.

        ``replaces`` ties it to another one: what the old key hashed is recognised no more.
        """
        with FileLock(self.path / "locks" / "store.lock"):
            self._manifest = json.loads((self.path / MANIFEST).read_text("utf-8"))
            if replaces or "key_fingerprint" not in self._manifest:
                self._manifest["key_fingerprint"] = fingerprint
                self._write_manifest()
        return str(self._manifest["key_fingerprint"])

    # --- reading

    def read(self, question: Callable[[Snapshot], T]) -> T:
        """Ask a question of one consistent snapshot.

        It is asked again, of a newer snapshot, when files vanish under it; so it must be
        repeatable.
        """
        for attempt in _patiently():
            try:
                with self._snapshot() as snapshot:
                    return question(snapshot)
            except Vanished:
                time.sleep(min(0.2, 0.01 * attempt))
        raise StoreBusy(path=self.path, tries=attempt)

    def sitting(self) -> Sitting:
        """This store for several questions that one thread asks of the same snapshot."""
        return Sitting(self.path, self._manifest)

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        with contextlib.closing(Snapshot(self.path, self.timezone)) as snapshot:
            yield snapshot

    @contextlib.contextmanager
    def workspace(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """An engine for preparing rows; it spills into the store and leaves nothing behind."""
        with contextlib.closing(Spill(self.path)) as spill:
            connection = connect(spill.folder)
            try:
                yield connection
            finally:
                connection.close()

    # --- writing

    def records(self) -> dict[str, dict[str, Any]]:
        """The newest record of every import, by its id; see the table ``imports``."""
        with self.workspace() as connection:
            return self._records(connection)

    def _records(
        self, connection: duckdb.DuckDBPyConnection, import_ids: Sequence[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        folder = self._folder("imports")
        where = "true" if import_ids is None else "list_contains($ids, import_id)"
        for attempt in _patiently():
            rows = f"SELECT * FROM ({folder.select(folder.version())}) WHERE {where}"
            try:
                cursor = connection.execute(
                    newest_import(f"({rows})"),
                    {} if import_ids is None else {"ids": list(import_ids)},
                )
                names = [column[0] for column in cursor.description or ()]
                found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                return {str(row["import_id"]): row for row in found}
            except duckdb.IOException as error:
                if not is_gone(error):
                    raise BrokenStore(path=self.path, reason=error) from error
                time.sleep(min(0.2, 0.01 * attempt))  # compacted and tidied meanwhile
        raise StoreBusy(path=self.path, tries=attempt)

    def append(
        self,
        connection: duckdb.DuckDBPyConnection,
        records: Sequence[ImportRecord],
        queries: Mapping[str, Sequence[str]],
        finish: Finish | None = None,
    ) -> frozenset[str]:
        """Commit whole imports at once; returns the ids of those that another process had done.

        ``queries`` gives for each table SQL whose columns are named as in the schema, among them
        ``import_id``; columns not given are null. Rows of imports that were committed before
        are not written again. Interrupted anywhere, nothing of it is seen and it can be repeated.
        ``finish`` makes the queries final at a moment when nobody can destroy data (`destroy`).
        """
        ids = [record.import_id for record in records]
        with self._locked(ids):
            known = self._records(connection, ids)
            done = {i for i, row in known.items() if row["state"] == "committed"}
            new = [record for record in records if record.import_id not in done]
            if not new:
                return frozenset(done)
            final = finish(queries) if finish else queries  # before anything of it is written
            leftover = [i for i, row in known.items() if row["state"] in {"started", "undoing"}]
            self._remove_rows(connection, leftover)
            self._record(connection, new, "started", known)
            for name, parts in final.items():
                self._folder(name).append(connection, _union(name, parts, done))
            self._record(connection, new, "committed", known)
        self._compact_many_small_files(["imports", *queries])
        return frozenset(done)

    def state(self, rows: Mapping[str, Sequence[Mapping[str, object]]], command: str) -> str:
        """Record what the operator states: rows for tables, as one undoable import; its id.

        A later statement about the same key replaces an earlier one.
        """
        now = dt.datetime.now(dt.UTC)
        import_id = hashlib.sha256(f"{command}\n{uuid.uuid4().hex}".encode()).hexdigest()[:32]
        counts = {name: len(given) for name, given in rows.items() if given}
        record = ImportRecord(
            import_id, {"file": command, "format": "statement", "rows": json.dumps(counts)}
        )
        with self.workspace() as connection:
            queries: dict[str, list[str]] = {}
            for name, given in rows.items():
                if given:
                    stamped = (
                        {"collected_at": now, **row, "import_id": import_id} for row in given
                    )
                    queries[name] = [_stage(connection, name, stamped)]
            self.append(connection, [record], queries)
        return import_id

    def undo(self, import_id: str) -> dict[str, Any]:
        """Take an import back, rows and all; what it had superseded is seen again.

        Returns its record. Raises `UnknownImport`. Undoing twice changes nothing.
        """
        with self._locked([import_id]), self.workspace() as connection:
            known = self._records(connection, [import_id])
            if import_id not in known:
                raise UnknownImport(import_id=import_id)
            row = known[import_id]
            if row["format"] == DESTRUCTION:
                raise PermanentImport(import_id=import_id[:8], file=row["file"])
            if row["state"] != "undone":
                record = ImportRecord(import_id, row)
                self._record(connection, [record], "undoing", known)
                self._remove_rows(connection, [import_id])
                self._record(connection, [record], "undone", known)
            return row

    def number_of(self, table: str) -> int:
        """The number of a table's newest version; -1 when nothing was ever written to it."""
        return self._folder(table).number()

    def destroy(
        self,
        statements: Mapping[str, Sequence[Mapping[str, object]]],
        log: Mapping[str, object],
        plan: Callable[[duckdb.DuckDBPyConnection, Mapping[str, str]], Mapping[str, Change]],
        command: str,
    ) -> tuple[dict[str, int], int]:
        """Change or remove rows in the data files themselves, for good.

        ``statements`` are written first, so that imports honour them whatever happens next.
        ``plan`` gets SQL for all rows of each table, of every import, and says what changes.
        Old data files, kept results and what was spilled are deleted at once; readers that meet
        a vanished file start again. Undo does not bring anything back. ``log`` is the row of
        `destructions`. Returns the rows changed per table, and how many old files are still
        there because another program holds them. Interrupted, it must be repeated.
        """
        with self._alone(), self.workspace() as connection:
            self._state_alone(connection, {**statements, "destructions": [log]}, command)
            rows = {}
            for name in TABLES:
                folder = self._folder(name)
                rows[name] = folder.select(folder.version())
            counts = {
                name: count
                for name, change in plan(connection, rows).items()
                if (count := self._change_rows(connection, name, rows[name], change))
            }
            done = {**log, "rows": json.dumps(counts)}
            self._state_alone(connection, {"destructions": [done]}, command)
        return counts, self.purge()

    def purge(self) -> int:
        """Delete everything that no version counts any more; returns how many files are held."""
        zero = dt.timedelta(0)
        held = 0
        with self._alone():
            for name in TABLES:
                folder = self._folder(name)
                folder.tidy(zero, zero)
                held += len(folder.unused())
            for file in (self.path / "cache").glob("*"):
                with contextlib.suppress(OSError):
                    file.unlink()
            held += len(list((self.path / "cache").glob("*")))
            clear(self.path)
        return held

    def compact(self, grace: dt.timedelta = GRACE) -> dict[str, tuple[int, int]]:
        """Merge small files and delete what nobody needs; returns files before and after.

        No row is lost: history and undo work as before. Readers of an older version have
        ``grace`` to finish; after that they start again on the newest.
        """
        result: dict[str, tuple[int, int]] = {}
        with FileLock(self.path / "locks" / "compact.lock"):
            for name in TABLES:
                folder = self._folder(name)
                before = folder.version()
                if before is not None:
                    self._compact_table(name)
                    folder.tidy(grace)
                    after = folder.version()
                    result[name] = (len(before.files), len(after.files) if after else 0)
            clear(self.path)
        return result

    # --- inside

    def _change_rows(
        self, connection: duckdb.DuckDBPyConnection, name: str, rows: str, change: Change
    ) -> int:
        where, _query = change
        [(count,)] = connection.execute(f"SELECT count(*) FROM ({rows}) WHERE {where}").fetchall()
        if count:
            self._rewrite(connection, name, change)
        return int(count)

    def _state_alone(
        self,
        connection: duckdb.DuckDBPyConnection,
        rows: Mapping[str, Sequence[Mapping[str, object]]],
        command: str,
    ) -> None:
        """Write statements that can never be taken back, while nobody else writes."""
        import_id = uuid.uuid4().hex
        now = dt.datetime.now(dt.UTC)
        record = ImportRecord(import_id, {"file": command, "format": DESTRUCTION})
        known: dict[str, dict[str, Any]] = {}
        self._record(connection, [record], "started", known)
        for name, given in rows.items():
            stamped = [{"collected_at": now, **row, "import_id": import_id} for row in given]
            self._folder(name).append(
                connection, _union(name, [_stage(connection, name, stamped)], ())
            )
        self._record(connection, [record], "committed", known)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else writes, takes back or compacts; always in this order."""
        folder = self.path / "locks"
        folder.mkdir(exist_ok=True)
        with contextlib.ExitStack() as stack:
            stack.enter_context(FileLock(folder / "compact.lock"))
            for number in range(_STRIPES):
                stack.enter_context(FileLock(folder / f"import-{number:02}.lock"))
            yield

    def _write_manifest(self) -> None:
        write_whole(self.path / MANIFEST, json.dumps(self._manifest, indent=2) + "\n")

    def _folder(self, name: str) -> DeltaFolder:
        return DeltaFolder(self.path / "tables" / name, TABLES[name])

    @contextlib.contextmanager
    def _locked(self, import_ids: Iterable[str]) -> Iterator[None]:
        """One process at a time per import. The system frees the lock of a killed process."""
        numbers = {int(hashlib.sha256(i.encode()).hexdigest(), 16) % _STRIPES for i in import_ids}
        folder = self.path / "locks"
        folder.mkdir(exist_ok=True)
        with contextlib.ExitStack() as stack:
            for number in sorted(numbers):  # always in this order, so that nobody waits in a ring
                stack.enter_context(FileLock(folder / f"import-{number:02}.lock"))
            yield

    def _record(
        self,
        connection: duckdb.DuckDBPyConnection,
        records: Sequence[ImportRecord],
        state: str,
        known: dict[str, dict[str, Any]],
    ) -> None:
        rows = []
        for record in records:
            before = known.get(record.import_id, {}).get("recorded_at")
            now = dt.datetime.now(dt.UTC)
            if before is not None and now <= before:  # a clock that was set back
                now = before + dt.timedelta(microseconds=1)
            row = {
                **record.values,
                "import_id": record.import_id,
                "state": state,
                "recorded_at": now,
                "collected_at": now,
            }
            known[record.import_id] = row
            rows.append(row)
        self._folder("imports").append(connection, _stage(connection, "imports", rows))

    def _remove_rows(
        self, connection: duckdb.DuckDBPyConnection, import_ids: Sequence[str]
    ) -> None:
        if not import_ids:
            return
        where = f"import_id IN ({', '.join(literal(i) for i in import_ids)})"
        for name in TABLES:
            if name != "imports":
                self._rewrite(connection, name, (where, _without(where)))

    def _rewrite(self, connection: duckdb.DuckDBPyConnection, name: str, change: Change) -> None:
        where, query = change
        folder = self._folder(name)
        folder.rewrite(
            connection,
            lambda version: folder.files_where(connection, version, where),
            query,
        )

    def _compact_many_small_files(self, names: Iterable[str]) -> None:
        for name in dict.fromkeys(names):
            version = self._folder(name).version()
            if version is not None and len(version.files) > SMALL_FILES:
                with (
                    contextlib.suppress(Timeout, StoreBusy),
                    FileLock(self.path / "locks" / "compact.lock", timeout=0),
                ):
                    self._compact_table(name)

    def _compact_table(self, name: str) -> None:
        folder = self._folder(name)
        with self.workspace() as connection:
            folder.rewrite(
                connection,
                _small,
                (lambda rows: newest_import(rows)) if name == "imports" else _all,
            )


class Sitting(Store):
    """A store that answers all questions from the snapshot of the first, until it is closed.

    Opening tables takes longer than most questions. What is written meanwhile is not seen.
    """

    _open: Snapshot | None = None
    _is_asking = False

    def close(self) -> None:
        """Give the snapshot back; a next question would take a new one."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        if self._is_asking:  # a question inside a question: their temporary tables must not meet
            with super()._snapshot() as snapshot:
                yield snapshot
            return
        self._is_asking = True
        try:
            self._open = self._open or Snapshot(self.path, self.timezone)
            yield self._open
        except Vanished:
            self.close()
            raise
        finally:
            self._is_asking = False


def _patiently() -> Iterator[int]:
    """Numbers of attempts, until patience ends; always at least one."""
    end = time.monotonic() + _PATIENCE
    attempt = 0
    while attempt == 0 or time.monotonic() < end:
        attempt += 1
        yield attempt


def _is_foreign(folder: Path) -> bool:
    """Whether a folder holds anything that is not of a store; a file in its place counts too.

    Drafts of the manifest are of one that another process is making at this moment.
    """
    if not folder.is_dir():
        return folder.exists()
    names = (entry.name for entry in folder.iterdir())
    return any(name not in _OURS and not name.startswith(f"{MANIFEST}.") for name in names)


def _small(version: Version) -> list[Path]:
    small = [file for file in version.files if _size(file) < 64 << 20]
    return small if len(small) > 1 else []


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0  # vanished: the rewrite will see that the version is an old one


def _without(where: str) -> Callable[[str], str]:
    return lambda rows: f"SELECT * FROM {rows} WHERE ({where}) IS NOT TRUE"


def _all(rows: str) -> str:
    return f"SELECT * FROM {rows}"


def _union(name: str, queries: Sequence[str], done: Iterable[str]) -> str:
    """All rows for one table, in its types; without those of imports that are done already."""
    parts = [typed_nulls(TABLES[name]), *(f"({query})" for query in queries)]
    rows = " UNION ALL BY NAME ".join(parts)
    listed = ", ".join(literal(import_id) for import_id in done)
    where = f" WHERE import_id NOT IN ({listed})" if listed else ""
    columns = ", ".join(f"{c.name}::{SQL_TYPES[c.type]} AS {c.name}" for c in TABLES[name])
    return f"SELECT {columns} FROM ({rows}){where}"


def _stage(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, object]]
) -> str:
    """Put a few rows in the engine; returns SQL for them. `ValueError` for unknown columns."""
    table = TABLES[name]
    stage = f"stage_{name}_{uuid.uuid4().hex[:12]}"
    connection.execute(f"CREATE TEMP TABLE {stage} AS {typed_nulls(table)}")
    whole = list(rows)
    for row in whole:
        unknown = set(row) - set(table.names)
        missing = [c.name for c in table if c.required and row.get(c.name) is None]
        if unknown or missing:
            raise ValueError(f"row of {name!r}: unknown columns {unknown}, missing {missing}")
    listed = ", ".join(
        f"unnest(${at}::{SQL_TYPES[c.type]}[]) AS {c.name}" for at, c in enumerate(table, start=1)
    )
    # one query for all rows, a list for each column: a record of a file is such a row too
    columns = [[_bound(row.get(c.name), c.type) for row in whole] for c in table]
    connection.execute(f"INSERT INTO {stage} BY NAME SELECT {listed}", columns)
    return f"SELECT * FROM {stage}"


def _bound(value: object, type_: str) -> object:
    """A value as a parameter: in a list numbers of several types would become one type."""
    if value is None or isinstance(value, str):
        return value
    return str(value) if type_ in {"decimal", "text"} else value
