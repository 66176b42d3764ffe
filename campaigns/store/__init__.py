"""The store: Delta Lake tables in a folder, read and written by DuckDB.

The only place for storage and engines: nothing outside names either, except the sheet reader,
which reads files with the same engine.
"""

from campaigns.store.alone import alone
from campaigns.store.engine import Engine, EngineError, connect, literal, typed_nulls
from campaigns.store.scratch import scratch
from campaigns.store.snapshot import Snapshot
from campaigns.store.store import DEFAULT_TIMEZONE, MANIFEST, Change, ImportRecord, Sitting, Store
from campaigns.store.whole import write_whole

__all__ = [
    "DEFAULT_TIMEZONE",
    "MANIFEST",
    "Change",
    "Engine",
    "EngineError",
    "ImportRecord",
    "Sitting",
    "Snapshot",
    "Store",
    "alone",
    "connect",
    "literal",
    "scratch",
    "typed_nulls",
    "write_whole",
]
