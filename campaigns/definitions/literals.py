"""Small lists as SQL: a query that is kept ready must say all that it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from campaigns.store import literal


def values(columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as SQL, with literals: what is kept ready must not depend on parameters.

    >>> values({"a": "BIGINT", "b": "VARCHAR"}, [(1, "d'r"), (2, None)])
    "SELECT a::BIGINT AS a, b::VARCHAR AS b FROM (VALUES (1, 'd''r'), (2, NULL)) AS given(a, b)"
    """
    if not rows:
        return (
            "SELECT " + ", ".join(f"NULL::{t} AS {n}" for n, t in columns.items()) + " WHERE false"
        )
    cast = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
    listed = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
    return f"SELECT {cast} FROM (VALUES {listed}) AS given({', '.join(columns)})"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    return literal(str(value))
