"""Writing statements: one process at a time, and only what is new."""

from __future__ import annotations

import datetime as dt

from filelock import FileLock

from campaigns.store import Store

Rows = dict[str, list[dict[str, object]]]
"""Rows to state, by table."""


def lock(store: Store) -> FileLock:
    """The lock under which statements are read, changed and written."""
    folder = store.path / "locks"
    folder.mkdir(exist_ok=True)
    return FileLock(folder / "definitions.lock")


def state(store: Store, rows: Rows, command: str) -> None:
    """Write statements, later than all before: a clock that was set back changes no order."""
    given = {table: stated for table, stated in rows.items() if stated}
    if not given:
        return
    logs = " UNION ALL ".join(f"SELECT collected_at FROM {table}_log" for table in given)
    last = store.read(lambda snapshot: snapshot.value(f"SELECT max(collected_at) FROM ({logs})"))
    now = dt.datetime.now(dt.UTC)
    if last is not None and now <= last:
        now = last + dt.timedelta(microseconds=1)
    stamped = {
        table: [{**row, "collected_at": now} for row in stated] for table, stated in given.items()
    }
    store.state(stamped, command)
