"""Stating target groups: add, change, list, find, remove; undoable like an import."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from audiences.segments.segment import Condition, Segment, checked, is_named
from campaigns.definitions.campaign import same_name
from campaigns.definitions.stating import Rows, lock, state
from campaigns.definitions.versions import check_version
from campaigns.errors import N_, BadDefinition, Message, UnknownName
from campaigns.store import Snapshot, Store

_PLAIN = ("segment_id", "name", "population_share", "population_source", "description")


def add(store: Store, segment: Segment) -> Segment:
    """Add a target group. Raises `BadDefinition` when it cannot be right or its name is taken."""
    new = checked(segment)
    with lock(store):
        _check_name(store.read(segments), new)
        state(store, _rows(new), f"segments add {new.name}")
    return new


def change(store: Store, segment: Segment, carried: str | None = None) -> Segment:
    """Put a group in the place of the one with its id, all of it.

    ``carried`` is the version of what was looked at. Raises `BadDefinition`, `UnknownName` and
    `ChangedMeanwhile`.
    """
    new = checked(segment)
    with lock(store):
        known = store.read(segments)
        old = next((one for one in known if one.segment_id == new.segment_id), None)
        check_version(old, carried)
        if old is None:
            raise _unknown(known, segment.segment_id)
        if old != new:
            _check_name([one for one in known if one is not old], new)
            rows = _rows(new)
            rows["segment_conditions"] += _conditions(old, len(new.conditions))
            state(store, rows, f"segments change {new.name}")
    return new


def remove(store: Store, name: str, carried: str | None = None) -> Segment:
    """Take a target group out. Raises `UnknownName`, `ChangedMeanwhile`."""
    with lock(store):
        old = store.read(lambda snapshot: find(snapshot, name))
        check_version(old, carried)
        rows = _rows(old)
        rows["segments"] = [{**row, "is_removed": True} for row in rows["segments"]]
        rows["segment_conditions"] = _conditions(old, 0)
        state(store, rows, f"segments remove {old.name}")
    return old


def segments(snapshot: Snapshot) -> list[Segment]:
    """All target groups with their conditions, by name."""
    conditions: dict[str, list[Condition]] = {}
    for row in snapshot.rows(
        "SELECT * FROM segment_conditions WHERE is_removed IS NOT true ORDER BY position"
    ):
        conditions.setdefault(row["segment_id"], []).append(Condition(row["kind"], row["value"]))
    return [
        Segment(
            conditions=tuple(conditions.get(row["segment_id"], ())),
            **{name: row[name] for name in _PLAIN},
        )
        for row in snapshot.rows(
            "SELECT * FROM segments WHERE is_removed IS NOT true ORDER BY lower(name), segment_id"
        )
    ]


def find(snapshot: Snapshot, name: str) -> Segment:
    """The target group of this name or id. Raises `UnknownName`, which names the nearest."""
    known = segments(snapshot)
    for one in known:
        if is_named(one, name):
            return one
    raise _unknown(known, name)


def _unknown(known: Sequence[Segment], name: str) -> UnknownName:
    names = [one.name for one in known]
    near = difflib.get_close_matches(name, names, 5, 0.4) or names[:10]
    return UnknownName(kind=Message(N_("target group")), name=name, known=", ".join(near) or "-")


def _check_name(known: Sequence[Segment], new: Segment) -> None:
    for old in known:
        if old.segment_id == new.segment_id or same_name(old.name) == same_name(new.name):
            raise BadDefinition(
                where=Message(N_("target group '{name}'"), {"name": new.name}),
                reason=Message(N_("there is a target group of that name")),
            )


def _rows(segment: Segment) -> Rows:
    plain: dict[str, object] = {name: getattr(segment, name) for name in _PLAIN}
    return {
        "segments": [plain],
        "segment_conditions": [
            {"segment_id": segment.segment_id, "position": place, "kind": one.kind,
             "value": one.value}
            for place, one in enumerate(segment.conditions, 1)
        ],
    }  # fmt: skip


def _conditions(segment: Segment, kept: int) -> list[dict[str, object]]:
    """The rows that take its conditions after the first ``kept`` out."""
    stated = _rows(segment)["segment_conditions"]
    return [{**row, "is_removed": True} for row in stated[kept:]]
