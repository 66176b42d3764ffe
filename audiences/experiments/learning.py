"""What the experiments of the store teach together: which kinds of messages and images do better.

Experiments by posts whose variants were drawn by lot count, whatever their metric: what is compared
is the ratio of variants with a feature to those without, within an experiment and a platform. A
variant has a feature when its message has it; one without a stated message, when most of its posts
have. What is known of the images of posts counts likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from audiences import images
from audiences.estimates import Flags
from audiences.experiments.experiment import Experiment, Variant
from audiences.experiments.statements import experiments
from audiences.experiments.units import Units, gather
from audiences.lessons import TEXT_FEATURES, Lesson, lessons
from audiences.trials import table
from campaigns.store import Snapshot


@dataclass(frozen=True)
class Learnt:
    """What ``tests`` experiments teach; ``others`` are not by posts and by lot, or lack data."""

    tests: int
    others: int
    lessons: tuple[Lesson, ...]


def learn(snapshot: Snapshot) -> Learnt:
    """What all experiments of the store teach together."""
    known = experiments(snapshot)
    usable: list[tuple[Experiment, Units]] = []
    for one in known:
        if one.unit == "post" and one.is_by_lot:
            units = gather(snapshot, one)
            if {row["variant"] for row in units.rows} == {each.name for each in one.variants}:
                usable.append((one, units))
    if not usable:
        return Learnt(0, len(known), ())
    rows = [(one, row) for one, units in usable for row in _ordered(one, units)]
    made = table(
        [one.experiment_id for one, _row in rows],
        [row["variant"] for _one, row in rows],
        [row["above"] for _one, row in rows],
        [row["below"] for _one, row in rows],
        stratum=[row["platform"] for _one, row in rows],
    )
    found = {name: np.zeros(made.shape, np.bool_) for name in TEXT_FEATURES}
    for place, (one, units) in enumerate(usable):
        for column, variant in enumerate(one.variants):
            for name in TEXT_FEATURES:
                found[name][place, column] = has_feature(name, variant, units.rows)
    found |= _pictures(snapshot, usable, made.shape)
    return Learnt(len(usable), len(known) - len(usable), tuple(lessons(made, found, "post")))


def _pictures(
    snapshot: Snapshot, usable: Sequence[tuple[Experiment, Units]], shape: tuple[int, int]
) -> dict[str, Flags]:
    """Which variants have which traits and tags of images, where all of a test are known."""
    of_posts = images.post_traits(snapshot)
    found: dict[str, Flags] = {}
    for place, (one, units) in enumerate(usable) if of_posts else ():
        each = [images.variant_traits(of_posts, _posts(units, variant)) for variant in one.variants]
        for name in set.intersection(*(set(traits) for traits in each)):
            feature = f"image:{images.LABELS[name]}" if name in images.LABELS else name
            flags = found.setdefault(feature, np.zeros(shape, np.bool_))
            flags[place, : len(each)] = [traits[name] for traits in each]
    return found


def _posts(units: Units, variant: Variant) -> list[tuple[str, str]]:
    """The posts of a variant: platform and id."""
    return [
        (row["platform"], row["post_id"]) for row in units.rows if row["variant"] == variant.name
    ]


def has_feature(feature: str, variant: Variant, rows: Sequence[dict[str, Any]]) -> bool:
    """Whether a variant has a feature: its message, else most of its posts."""
    texts = [row["text"] for row in rows if row["variant"] == variant.name and row.get("text")]
    if variant.message:
        texts = [variant.message]
    return sum(TEXT_FEATURES[feature](text) for text in texts) * 2 > len(texts)


def _ordered(one: Experiment, units: Units) -> list[dict[str, Any]]:
    place = {each.name: number for number, each in enumerate(one.variants)}
    return sorted(units.rows, key=lambda row: place[row["variant"]])
