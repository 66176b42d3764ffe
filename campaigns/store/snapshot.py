"""A consistent view of the store at one moment, asked in SQL."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import duckdb

from campaigns.schema import FORMAT_VERSION, TABLES
from campaigns.store.delta import PARQUET, DeltaFolder, Version
from campaigns.store.engine import AS_WRITTEN, connect, file_list, is_gone, literal, newest
from campaigns.store.spill import Spill

if TYPE_CHECKING:
    import pyarrow

T = TypeVar("T")

CACHE_FILES = 64
"""How many results are kept ready; the least recently used go first."""

_NAMES = re.compile(r"\b(" + "|".join(sorted(TABLES, key=len, reverse=True)) + r")(?:_log)?\b")


class Vanished(Exception):
    """Files or imports that this snapshot was made of are gone: ask a newer one."""


class Snapshot:
    """The store as it was at one moment.

    Every table of the schema can be named in SQL in two ways: ``posts`` has one row per key with
    the newest known values, ``posts_log`` has every row ever imported (the history). Only rows of
    committed imports are seen. A snapshot is used by one thread and closed by its maker. Questions
    that share it follow each other, and make their temporary tables anew.
    """

    def __init__(self, path: Path, timezone: str) -> None:
        self.path = path
        self.timezone = timezone
        self._spill = Spill(path)
        self._engine = connect(self._spill.folder)
        self._made: set[str] = set()
        self._known: dict[Hashable, Any] = {}
        self._versions: dict[tuple[str, ...], str] = {}
        self._imports = self._folder("imports").version()
        self._destroyed = self._folder("destructions").number()
        try:
            self._do(
                "CREATE TEMP TABLE visible AS SELECT import_id, "
                "(row_number() OVER (ORDER BY import_id))::BIGINT AS import_rank "
                f"FROM ({self._committed_sql(self._imports)})"
            )
        except BaseException:
            self.close()
            raise
        self._committed = self._read_committed(self._imports)

    @property
    def version(self) -> str:
        """Changes whenever the visible data changes, and only then: a key for anything computed.

        An import taken back and repeated is another one: other rows of it may have been chosen.
        """
        columns = [table.names for table in TABLES.values()]
        text = repr((FORMAT_VERSION, self.timezone, columns, sorted(self._committed)))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def rows(
        self, sql: str, parameters: Mapping[str, object] | None = None
    ) -> list[dict[str, Any]]:
        """The answer as dictionaries, for small answers."""
        cursor = self._run(sql, parameters)
        names = [column[0] for column in cursor.description or ()]
        try:
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            raise _event(error) from error

    def value(self, sql: str, parameters: Mapping[str, object] | None = None) -> Any:
        """The first value of the first row; None when there is none."""
        try:
            row = self._run(sql, parameters).fetchone()
        except duckdb.Error as error:
            raise _event(error) from error
        return None if row is None else row[0]

    def arrow(self, sql: str, parameters: Mapping[str, object] | None = None) -> pyarrow.Table:
        """The answer as an Arrow table; ``.to_pandas()`` makes a frame of it."""
        try:
            answer: pyarrow.Table = self._run(sql, parameters).to_arrow_table()
        except duckdb.Error as error:
            raise _event(error) from error
        return answer

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run SQL for its effect inside this snapshot: temp tables and views."""
        self._run(sql, parameters)

    def cached(
        self,
        name: str,
        sql: str,
        prepare: Callable[[], None] | None = None,
        of: Sequence[str] = (),
        parameters: Mapping[str, object] | None = None,
    ) -> str:
        """The result of a query, computed once per version of the data; returns a view's name.

        With ``of``, once per version of these tables: then the query uses no others.

        The query may use tables of the schema and what it makes itself, nothing temporary, unless
        ``prepare`` makes that: it is called only when the result is not kept yet. Then the text
        of the query must name all that the temporary tables depend on beside the data.
        """
        version = self._version_of(tuple(of)) if of else self.version
        given = repr(sorted(parameters.items())) if parameters else ""
        key = hashlib.sha256(f"{version}\n{sql}{given}".encode()).hexdigest()[:32]
        folder = self.path / "cache"
        file = folder / f"{name}-{key}.parquet"
        if file.exists():
            with contextlib.suppress(OSError):
                os.utime(file)
        else:
            if prepare is not None:
                prepare()
            self._keep(file, sql, parameters)
        view = f"cached_{name}_{key[:8]}"
        rows = f"FROM read_parquet({file_list([file])}, {AS_WRITTEN})"
        self._run(f"CREATE OR REPLACE TEMP VIEW {view} AS {rows}")
        return view

    def picked(self, name: str, column: str, values: Sequence[str]) -> str:
        """The rows of a table of which a column of its key has one of these values; a view's name.

        They are picked before their newest state is found: of a few among many that is far less.
        """
        self._make(name)
        wanted = "SELECT unnest($values::VARCHAR[]) AS value"
        self._do(f"CREATE OR REPLACE TEMP TABLE wanted_{name} AS {wanted}", {"values": [*values]})
        source = f"(FROM {name}_ranked WHERE {column} IN (SELECT value FROM wanted_{name}))"
        view = f"picked_{name}"
        self._do(f"CREATE OR REPLACE TEMP VIEW {view} AS {newest(TABLES[name], source)}")
        return view

    def once(self, name: Hashable, find: Callable[[], T]) -> T:
        """What was found under this name, found at most once; who gets it must not change it."""
        if name not in self._known:
            self._known[name] = find()
        return cast(T, self._known[name])

    def close(self) -> None:
        """Give back memory and spilled files."""
        self._engine.close()
        self._spill.close()

    # --- inside

    def _version_of(self, tables: tuple[str, ...]) -> str:
        """Changes whenever the visible data of some tables change: as imports that have rows there.

        What destroys data changes it too, whichever tables it touches.
        """
        if tables not in self._versions:
            ids = set[str]().union(*(self._imports_with(name) for name in tables))
            there = sorted(pair for pair in self._committed if pair[0] in ids)
            columns = [TABLES[name].names for name in tables]
            text = repr((FORMAT_VERSION, self.timezone, columns, there, self._destroyed))
            self._versions[tables] = hashlib.sha256(text.encode()).hexdigest()[:32]
        return self._versions[tables]

    def _imports_with(self, table: str) -> frozenset[str]:
        """The imports that have rows in a table."""

        def find() -> frozenset[str]:
            view = self.cached("imports", f"SELECT DISTINCT import_id FROM {table}_log")
            return frozenset(row["import_id"] for row in self.rows(f"FROM {view}"))

        return self.once(("imports", table), find)

    def _run(self, sql: str, parameters: Mapping[str, object] | None = None) -> Any:
        for name in dict.fromkeys(_NAMES.findall(sql)):
            self._make(name)
        return self._do(sql, parameters)

    def _do(self, sql: str, parameters: Mapping[str, object] | None = None) -> Any:
        try:
            return (
                self._engine.execute(sql, parameters) if parameters else self._engine.execute(sql)
            )
        except duckdb.Error as error:
            raise _event(error) from error

    def _keep(self, file: Path, sql: str, parameters: Mapping[str, object] | None) -> None:
        file.parent.mkdir(exist_ok=True)
        draft = file.with_name(f"{uuid.uuid4().hex}.draft")
        try:
            self._run(f"COPY ({sql}) TO {literal(draft.as_posix())} ({PARQUET})", parameters)
            draft.replace(file)
        except FileNotFoundError:
            raise Vanished from None  # with all kept results, because data were destroyed
        except OSError:
            if not file.exists():  # on Windows a reader of the same result holds it
                raise
        finally:
            draft.unlink(missing_ok=True)
        if self._folder("destructions").number() != self._destroyed:
            file.unlink(missing_ok=True)  # it may hold what was destroyed meanwhile
            raise Vanished
        _prune(file.parent)

    def _folder(self, name: str) -> DeltaFolder:
        return DeltaFolder(self.path / "tables" / name, TABLES[name])

    def _make(self, name: str) -> None:
        """Make the views of a table when it is first named; small questions open few tables."""
        if name in self._made:
            return
        self._made.add(name)
        if name == "imports":
            self._make_imports()
            return
        folder = self._folder(name)
        rows = folder.select(folder.version())
        self._check()
        names = ", ".join(TABLES[name].names)
        self._do(
            f"CREATE TEMP VIEW {name}_ranked AS SELECT {names}, import_rank "
            f"FROM ({rows}) JOIN visible USING (import_id)"
        )
        self._do(f"CREATE TEMP VIEW {name}_log AS SELECT {names} FROM {name}_ranked")
        # what people state is little, and every question needs it: looked up once, planned as one
        kind = "TABLE" if TABLES[name].newest == "row" else "VIEW"
        self._do(f"CREATE TEMP {kind} {name} AS {newest(TABLES[name], f'{name}_ranked')}")

    def _make_imports(self) -> None:
        rows = self._folder("imports").select(self._imports)
        self._do(f"CREATE TEMP VIEW imports_log AS {rows}")
        self._do(f"CREATE TEMP VIEW imports AS {newest_import('imports_log')}")

    def _check(self) -> None:
        """A table opened now must still hold every import that this snapshot counts as committed.

        The imports were listed before the table was opened, so all their rows are in it, unless
        one was undone in between. One that was repeated since counts as undone: the tables opened
        before and after would hold different rows of it.
        """
        now = self._folder("imports").version()
        if now != self._imports and not self._committed <= self._read_committed(now):
            raise Vanished

    def _committed_sql(self, version: Version | None) -> str:
        rows = self._folder("imports").select(version)
        return (
            "SELECT import_id, epoch_us(recorded_at) AS recorded "
            f"FROM ({newest_import(f'({rows})')}) WHERE state = 'committed'"
        )

    def _read_committed(self, version: Version | None) -> frozenset[tuple[str, int]]:
        """The committed imports, and when each was committed."""
        return frozenset(self._do(self._committed_sql(version)).fetchall())


def newest_import(source: str) -> str:
    """SQL for the present state of each import: the step that was recorded last."""
    return (
        f"SELECT * FROM {source} QUALIFY row_number() OVER "
        "(PARTITION BY import_id ORDER BY recorded_at DESC, state) = 1"
    )


def _event(error: duckdb.Error) -> Exception:
    return Vanished(str(error)) if is_gone(error) else error


def _prune(folder: Path) -> None:
    with contextlib.suppress(OSError):
        kept = sorted(folder.glob("*.parquet"), key=lambda file: -file.stat().st_mtime)
        old = time.time() - 3600
        stale = [draft for draft in folder.glob("*.draft") if draft.stat().st_mtime < old]
        for file in [*kept[CACHE_FILES:], *stale]:
            file.unlink(missing_ok=True)
