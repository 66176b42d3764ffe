"""How else the arms of an experiment differ: when, where and for whom they ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from audiences import verdicts
from audiences.experiments.experiment import Experiment, Variant
from audiences.experiments.units import Units
from audiences.methods import posts
from audiences.verdicts import Verdict
from campaigns.errors import N_, Message

_DIFFERENT = 0.25
"""Shares of arms that differ more than this are named."""

_FEWEST_WITHIN = 2
"""Posts of both variants without which a platform cannot be compared."""


def apart(units: Units, experiment: Experiment) -> Verdict | None:
    """Arms that ran at other times, or went out from other accounts, prove nothing."""
    control, *others = experiment.variants
    first = _rows_of(units, control)
    for other in others:
        rows = _rows_of(units, other)
        if _latest(first) < _earliest(rows) or _latest(rows) < _earliest(first):
            return verdicts.different_periods(_period(control, first), _period(other, rows))
        if not _accounts(first) & _accounts(rows):
            return verdicts.different_audiences(
                _named(control, sorted(_accounts(first))), _named(other, sorted(_accounts(rows)))
            )
    return None


def _rows_of(units: Units, variant: Variant) -> list[dict[str, Any]]:
    return [row for row in units.rows if row["variant"] == variant.name]


def _earliest(rows: list[dict[str, Any]]) -> Any:
    return min(row["day"] for row in rows)


def _latest(rows: list[dict[str, Any]]) -> Any:
    return max(row["day"] for row in rows)


def _accounts(rows: list[dict[str, Any]]) -> set[str]:
    return {f"{row['platform']}:{row['account']}" for row in rows}


def _period(variant: Variant, rows: list[dict[str, Any]]) -> str:
    return f"{variant.name}: {_earliest(rows)} – {_latest(rows)}"


def _named(variant: Variant, names: Iterable[str]) -> str:
    return f"{variant.name}: {', '.join(names)}"


@dataclass(frozen=True)
class Difference:
    """How far two arms are apart in something else than the variant.

    ``size`` is the share of the units of one that would have to change places to be like the
    other: 0 the same, 1 nothing in common; null where it is not known or units are too few.
    """

    trait: str
    control: str
    treatment: str
    size: float | None

    @property
    def is_large(self) -> bool:
        """Whether it is named beside the verdict."""
        return self.size is not None and self.size > _DIFFERENT


TRAITS = {
    "platform": N_("platform"),
    "account": N_("account"),
    "weekday": N_("weekday"),
    "hour": N_("hour of the day"),
    "has_paid": N_("share that was advertised"),
}
"""In what arms are compared, beside what is tested."""


def differences(units: Units, experiment: Experiment) -> list[Difference]:
    """In what else each treatment differs from the control."""
    control, *others = experiment.variants
    first = _rows_of(units, control)
    return [
        Difference(trait, control.name, other.name, _distance(first, _rows_of(units, other), trait))
        for trait in TRAITS
        for other in others
    ]


def named(found: Iterable[Difference]) -> Iterator[Message]:
    """The large differences in words."""
    for one in found:
        if one.is_large and one.size is not None:
            yield Message(
                N_("{control} and {treatment} differ in {what}: {size} of their posts or days "
                   "would have to change places."),
                {"control": one.control, "treatment": one.treatment,
                 "what": Message(TRAITS[one.trait]), "size": verdicts.percent(one.size)},
            )  # fmt: skip


def _distance(one: list[dict[str, Any]], other: list[dict[str, Any]], column: str) -> float | None:
    """How far two shares of values are apart: 0 the same, 1 nothing in common."""
    left, right = (
        Counter(row[column] for row in rows if row.get(column) is not None) for rows in (one, other)
    )
    if not left or not right:
        return None
    keys = left.keys() | right.keys()
    a, b = left.total(), right.total()
    if column in {"weekday", "hour"} and min(a, b) < posts.FEWEST * len(keys) / 2:
        return None  # too few to fill a week or a day: they would always seem to differ
    return sum(abs(left[key] / a - right[key] / b) for key in keys) / 2


# --- platforms -------------------------------------------------------------------------------


def no_common_platform(units: Units, experiment: Experiment) -> Verdict | None:
    """Platforms have other rates: variants that share none, or costs of several, prove nothing."""
    control, *others = experiment.variants
    first = _counted(units, control, "platform")
    for other in others:
        rows = _counted(units, other, "platform")
        if not first.keys() & rows.keys():
            return verdicts.different_audiences(
                _named(control, sorted(first)), _named(other, sorted(rows))
            )
    platforms = {row["platform"] for row in units.rows}
    if experiment.plan.is_cost and len(platforms) > 1:
        return verdicts.several_platforms(", ".join(sorted(platforms)))
    return None


def within_platforms(units: Units, experiment: Experiment) -> Iterator[Message]:
    """That platforms are compared apart, and how many posts have nothing to be compared with."""
    platforms = {row["platform"] for row in units.rows}
    if len(platforms) < 2 or experiment.plan.is_cost:
        return
    yield Message(
        N_("Variants are compared within each platform ({platforms}): rates there are not alike."),
        {"platforms": ", ".join(sorted(platforms))},
    )
    if experiment.unit != "post":
        return
    left = sum(_alone(units, experiment, platform) for platform in platforms)
    if left:
        yield Message(
            N_("{n} posts are left out: on their platform there are fewer than two of theirs or of "
               "the variant to compare with."),
            {"n": left},
        )  # fmt: skip


def _alone(units: Units, experiment: Experiment, platform: str) -> int:
    """Posts of a platform that cannot be compared there."""
    control, *others = (_counted(units, one, "platform")[platform] for one in experiment.variants)
    usable = [one >= _FEWEST_WITHIN and control >= _FEWEST_WITHIN for one in others]
    left = sum(one for one, is_used in zip(others, usable, strict=True) if not is_used)
    return left + (0 if any(usable) else control)


def _counted(units: Units, variant: Variant, column: str) -> Counter[str]:
    return Counter(row[column] for row in _rows_of(units, variant))
