"""What an import changed: how many of its rows were new, newer or known already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from campaigns.schema import TABLES, Table
from campaigns.store import Snapshot
from campaigns.store.engine import newest


@dataclass(frozen=True)
class Effect:
    """Rows of one table of one import, counted by their key.

    ``new``: nothing was known before; ``updated``: something newer is known now; ``unchanged``:
    the newest known is what it was.
    """

    new: int
    updated: int
    unchanged: int


def effects(snapshot: Snapshot, import_ids: Iterable[str]) -> dict[str, dict[str, Effect]]:
    """What each import changed when it was committed, per table of which it brought rows.

    Imports that were undone are left out.
    """
    wanted = sorted(set(import_ids))
    snapshot.execute(
        "CREATE OR REPLACE TEMP TABLE steps AS SELECT import_id, "
        "row_number() OVER (ORDER BY recorded_at, import_id) AS step, "
        "row_number() OVER (ORDER BY import_id) AS import_rank "
        "FROM imports WHERE state = 'committed'"
    )
    rows = snapshot.rows(
        "SELECT import_id, step, rows FROM imports JOIN steps USING (import_id) "
        "WHERE list_contains($ids, import_id) ORDER BY step",
        {"ids": wanted},
    )
    found: dict[str, dict[str, Effect]] = {row["import_id"]: {} for row in rows}
    steps: dict[str, dict[str, int]] = {}
    for row in rows:
        for name in json.loads(row["rows"] or "{}"):
            steps.setdefault(name, {})[row["import_id"]] = row["step"]
    for name, of_table in steps.items():
        if name in TABLES:
            for import_id, effect in _of_table(snapshot, TABLES[name], of_table):
                found[import_id][name] = effect
    return found


def _of_table(
    snapshot: Snapshot, table: Table, steps: Mapping[str, int]
) -> Iterator[tuple[str, Effect]]:
    keys = ", ".join(table.key)
    snapshot.execute(
        f"CREATE OR REPLACE TEMP TABLE touched AS SELECT * FROM {table.name}_log "
        f"JOIN steps USING (import_id) SEMI JOIN (SELECT DISTINCT {keys} FROM {table.name}_log "
        f"WHERE list_contains($ids, import_id)) USING ({keys})",
        {"ids": list(steps)},
    )
    sql = _counts(_filled(snapshot, table))
    for import_id, step in steps.items():
        [row] = snapshot.rows(sql, {"id": import_id, "step": step})
        yield import_id, Effect(**row)


def _filled(snapshot: Snapshot, table: Table) -> Table:
    """The table without the columns that are empty in all rows: most of its figures are."""
    counts = ", ".join(f"count({column.name}) AS {column.name}" for column in table)
    [row] = snapshot.rows(f"SELECT {counts} FROM touched")
    kept = {*table.key, "import_id", "collected_at", "is_removed"}
    columns = [column for column in table if column.name in kept or row[column.name]]
    return replace(table, columns=tuple(columns))


def _counts(table: Table) -> str:
    """SQL that compares the newest of each key just before and just after an import."""
    keys = ", ".join(table.key)
    values = [c.name for c in table if c.name not in {*table.key, "import_id", "collected_at"}]
    names = ", ".join([*table.names, "import_rank"])
    kept = f"{{{', '.join(f'{name}: {name}' for name in values)}}}" if values else "true"

    def at(moment: str) -> str:
        rows = (
            f"(SELECT {names} FROM touched SEMI JOIN "
            f"(SELECT {keys} FROM touched WHERE import_id = $id) USING ({keys}) "
            f"WHERE step {moment} $step)"
        )
        return f"SELECT {keys}, {kept} AS kept FROM ({newest(table, rows)})"

    return (
        "SELECT count_if(b.kept IS NULL) AS new, "
        "count_if(b.kept IS NOT NULL AND b.kept IS DISTINCT FROM a.kept) AS updated, "
        "count_if(b.kept IS NOT NULL AND b.kept IS NOT DISTINCT FROM a.kept) AS unchanged "
        f"FROM ({at('<=')}) a LEFT JOIN ({at('<')}) b USING ({keys})"
    )
