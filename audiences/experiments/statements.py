"""Stating experiments: add, list, find, remove; undoable like an import."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Sequence

from audiences.experiments.experiment import AGE, Experiment, Variant, checked
from campaigns.definitions import Rule
from campaigns.definitions.campaign import same_name
from campaigns.definitions.stating import Rows, lock, state
from campaigns.errors import N_, BadDefinition, Message, UnknownName
from campaigns.store import Snapshot, Store

_PLAIN = ("experiment_id", "name", "metric", "unit", "method", "is_by_lot", "matters", "first_day",
          "last_day", "age", "delivery", "description")  # fmt: skip
_KEYS = {
    "variants": ("experiment_id", "variant"),
    "variant_members": ("experiment_id", "variant", "position"),
}
"""What tells the rows of an experiment apart."""


def add(store: Store, experiment: Experiment) -> Experiment:
    """Add an experiment. Raises `BadDefinition` when it cannot be right or its name is taken."""
    new = checked(experiment)
    with lock(store):
        for old in store.read(experiments):
            if old.experiment_id == new.experiment_id or same_name(old.name) == same_name(new.name):
                raise _taken(new)
        state(store, _rows(new), f"experiment add {new.name}")
    return new


def replace(store: Store, name: str, change: Callable[[Experiment], Experiment]) -> Experiment:
    """Change one experiment; its id stays.

    Raises `UnknownName`, `BadDefinition`, and whatever ``change`` raises of the one that stands.
    """
    with lock(store):
        known = store.read(experiments)
        old = store.read(lambda snapshot: find(snapshot, name))
        new = checked(dataclasses.replace(change(old), experiment_id=old.experiment_id))
        others = [one for one in known if one.experiment_id != old.experiment_id]
        if any(same_name(one.name) == same_name(new.name) for one in others):
            raise _taken(new)
        now = _rows(new)
        for table, key in _KEYS.items():
            kept = {tuple(row[part] for part in key) for row in now[table]}
            now[table] += [
                {**row, "is_removed": True}
                for row in _rows(old)[table]
                if tuple(row[part] for part in key) not in kept
            ]
        state(store, now, f"experiment edit {new.name}")
    return store.read(lambda snapshot: find(snapshot, new.experiment_id))


def _taken(new: Experiment) -> BadDefinition:
    return BadDefinition(
        where=Message(N_("experiment '{name}'"), {"name": new.name}),
        reason=Message(N_("there is an experiment of that name")),
    )


def remove(store: Store, name: str) -> Experiment:
    """Take an experiment out; what carried it stays. Raises `UnknownName`."""
    with lock(store):
        old = store.read(lambda snapshot: find(snapshot, name))
        rows: Rows = {
            table: [{**row, "is_removed": True} for row in given]
            for table, given in _rows(old).items()
        }
        state(store, rows, f"experiment remove {old.name}")
    return old


def experiments(snapshot: Snapshot) -> list[Experiment]:
    """All experiments with their variants, by name."""
    rules: dict[tuple[str, str], list[Rule]] = {}
    for row in snapshot.rows(
        "SELECT * FROM variant_members WHERE is_removed IS NOT true ORDER BY position"
    ):
        found = rules.setdefault((row["experiment_id"], row["variant"]), [])
        found.append(Rule(row["kind"], row["value"], position=row["position"]))
    variants: dict[str, list[Variant]] = {}
    for row in snapshot.rows(
        "SELECT * FROM variants WHERE is_removed IS NOT true ORDER BY position, variant"
    ):
        key = row["experiment_id"], row["variant"]
        variants.setdefault(key[0], []).append(
            Variant(key[1], tuple(rules.get(key, ())), row["message"], row["image"], row["weight"])
        )
    return [
        Experiment(
            variants=tuple(variants.get(row["experiment_id"], ())),
            **{
                name: row[name]
                for name in _PLAIN
                if row[name] is not None or name in {"first_day", "last_day", "description"}
            },
        )
        for row in snapshot.rows(
            "SELECT * FROM experiments WHERE is_removed IS NOT true ORDER BY name, experiment_id"
        )
    ]


def find(snapshot: Snapshot, name: str) -> Experiment:
    """The experiment of this name or id. Raises `UnknownName`, which names the nearest."""
    known = experiments(snapshot)
    for one in known:
        if same_name(name) in {same_name(one.name), one.experiment_id}:
            return one
    names = [one.name for one in known]
    near: Sequence[str] = difflib.get_close_matches(name, names, 5, 0.4) or names[:10]
    raise UnknownName(kind=Message(N_("experiment")), name=name, known=", ".join(near) or "-")


def _rows(experiment: Experiment) -> Rows:
    key = {"experiment_id": experiment.experiment_id}
    plain: dict[str, object] = {name: getattr(experiment, name) for name in _PLAIN}
    return {
        "experiments": [{"age": AGE, **plain}],
        "variants": [
            {**key, "variant": one.name, "position": place, "message": one.message,
             "image": one.image, "weight": one.weight}
            for place, one in enumerate(experiment.variants, 1)
        ],
        "variant_members": [
            {**key, "variant": one.name, "position": place, "kind": rule.kind, "value": rule.value}
            for one in experiment.variants
            for place, rule in enumerate(one.rules, 1)
        ],
    }  # fmt: skip
