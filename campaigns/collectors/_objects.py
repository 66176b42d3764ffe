"""Parts of JSON that is somebody's file, as archives and recorded answers are.

Anything can stand anywhere in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def object_of(holder: object, name: str) -> Json:
    """The object of this name; an empty one where there is none."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def objects_of(holder: Json, name: str) -> list[Json]:
    """The objects in the list of this name; none where there is no list."""
    value = holder.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def text_of(holder: Json, name: str) -> str:
    """The text or whole number of this name as text; empty for anything else."""
    value = holder.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
