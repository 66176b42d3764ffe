"""The engine: a private DuckDB that fetches nothing, and SQL for the types of the schema."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from campaigns.schema import Column, Table, type_of

SQL_TYPES: dict[type_of, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(18,6)",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "day": "DATE",
    "moment": "TIMESTAMPTZ",
}
"""The engine's type for each type of the schema."""


Engine = duckdb.DuckDBPyConnection
"""A connection to an engine, for those who may not name it."""
EngineError = duckdb.Error
"""What an engine raises."""

_GONE = re.compile(r"No files found|No such file|[Cc]annot open file")


def is_gone(error: Exception) -> bool:
    """Whether an error of the engine says that a file vanished while it was wanted.

    >>> is_gone(OSError("No such file or directory"))
    True
    """
    return _GONE.search(str(error)) is not None


def connect(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A new private engine: in memory, in UTC, spilling to ``spill``, never on the network.

    Memory is bounded by ``BEREIK_MEMORY`` (default 1GB): what does not fit goes to ``spill``.

    >>> connect().execute("select 6 * 7").fetchone()
    (42,)
    """
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": os.environ.get("BEREIK_MEMORY", "1GB"),
            "temp_directory": "" if spill is None else str(spill),
            "preserve_insertion_order": "false",
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # standard output is for answers
    return connection


def literal(text: str) -> str:
    """A text as an SQL literal.

    >>> literal("d'r")
    "'d''r'"
    """
    return "'" + text.replace("'", "''") + "'"


def file_list(files: Iterable[Path]) -> str:
    """Files as an SQL list for ``read_parquet``; their names are never read as patterns.

    >>> file_list([Path("a[1].parquet")])
    "['a[[]1].parquet']"
    """
    return "[" + ", ".join(literal(_unglobbed(file.as_posix())) for file in files) + "]"


AS_WRITTEN = "union_by_name = true, hive_partitioning = false"
"""How our files are read: a folder named ``platform=x`` above them says nothing of their rows."""


def _unglobbed(path: str) -> str:
    return "".join(f"[{char}]" if char in "[*?" else char for char in path)


def typed_nulls(columns: Iterable[Column]) -> str:
    """A select without rows that gives every column its type.

    >>> typed_nulls([Column("day", "day", "")])
    'SELECT NULL::DATE AS day WHERE false'
    """
    nulls = ", ".join(f"NULL::{SQL_TYPES[column.type]} AS {column.name}" for column in columns)
    return f"SELECT {nulls} WHERE false"


def newest(table: Table, source: str) -> str:
    """SQL for the newest state of each key of a table: see ``Table.newest``.

    ``source`` has the columns of the table and ``import_rank``, the place of the import among
    all imports by their hash. Of values that are true for the same moment, the larger counter
    counts, else the one of the higher rank: the order of importing never matters.
    """
    keys = ", ".join(table.key)
    if table.newest == "row":
        rows = (
            f"SELECT * EXCLUDE (import_rank) FROM {source} QUALIFY row_number() OVER "
            f"(PARTITION BY {keys} ORDER BY collected_at DESC, import_rank DESC) = 1"
        )
        return f"FROM ({rows}) WHERE is_removed IS NOT true" if table.hides_removed else rows
    values = ", ".join(_newest_value(c) for c in table if c.name not in table.key)
    return f"SELECT {keys}, {values} FROM {source} GROUP BY {keys}"


def _newest_value(column: Column) -> str:
    # One HUGEINT orders by moment first and breaks ties in its low bits: comparing it costs a
    # third of comparing a struct of the two.
    name = column.name
    if column.name == "collected_at":
        return "max(collected_at) AS collected_at"
    if column.is_counter:
        scaled = name if column.type == "integer" else f"({name} * 1000000)::BIGINT"
        tie = f"epoch_us(collected_at)::HUGEINT * 9223372036854775807 + {scaled}"
    else:
        tie = "epoch_us(collected_at)::HUGEINT * 4294967296 + import_rank"
    return f"arg_max({name}, {tie}) AS {name}"
