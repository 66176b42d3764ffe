"""Groups that the data show by themselves: of posts, accounts, partners; of persons when allowed.

Groups are told apart by what was done and how it was received, from a fixed list of figures
(`FEATURES`): no trait of a person can enter. Of persons (colleagues who take part) only when it is
switched on, without a name or handle leaving the store, and never in groups below 50.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from audiences.estimates import Array
from audiences.segments.stability import Grouping, Tried, grouping
from campaigns import privacy
from campaigns.errors import N_, BadDefinition, Message
from campaigns.reports import kept
from campaigns.store import Snapshot

OF = ("posts", "accounts", "partners", "persons")
"""Of what groups can be sought."""

LEAST = {"posts": 50, "accounts": 10, "partners": 10, "persons": 50}
"""The smallest group that is published; also at least 2% of all."""

FEATURES = {
    "impressions": N_("impressions"),
    "likes": N_("likes per impression"),
    "comments": N_("comments per impression"),
    "shares": N_("shares per impression"),
    "clicks": N_("clicks per impression"),
    "posts": N_("posts per week"),
}
"""The figures by which groups are told apart, each as a logarithm."""

_RATES = ("likes", "comments", "shares", "clicks")
_ROLES = {"posts": "own", "accounts": "own", "partners": "partner", "persons": "ambassador"}


@dataclass(frozen=True)
class Trait:
    """The middle of a figure in a group, with a 95% interval, and its middle in all rows."""

    feature: str
    median: float
    ci_lower: float
    ci_upper: float
    of_all: float


@dataclass(frozen=True)
class FoundGroup:
    """A group: how many rows, how stable it is (Jaccard), on which platforms, and its figures."""

    size: int
    stability: float
    platforms: dict[str, int]
    traits: tuple[Trait, ...]


@dataclass(frozen=True)
class Found:
    """Groups that hold, largest first; empty where none do. ``rows`` could be compared.

    ``features`` are the figures used, ``tried`` what was tried; ``reason`` says why there are none.
    """

    of: str
    rows: int
    features: tuple[str, ...]
    groups: tuple[FoundGroup, ...]
    tried: tuple[Tried, ...]
    reason: Message | None = None

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON has it."""
        return asdict(self) | {"reason": self.reason}


def found(snapshot: Snapshot, of: str = "posts", *, is_allowed: bool = False) -> Found:
    """The groups in the store's posts, accounts, partners or persons.

    Raises `BadDefinition` for persons without ``is_allowed``: it takes a decision that it is.
    """
    if of == "persons" and not is_allowed:
        raise BadDefinition(
            where=Message(N_("groups of persons")),
            reason=Message(N_(
                "they are sought only when that is switched on, after it was agreed with those "
                "whom it is about; the groups name nobody and have at least 50 people"
            )),
        )  # fmt: skip
    rows = snapshot.rows(_sql(snapshot, of), {"role": _ROLES[of]})
    features = _known(rows, of)
    used = [
        row for row in rows if all(row[name] is not None for name in ("impressions", *features))
    ]
    least = max(LEAST[of], round(0.02 * len(used)))
    if len(used) < 2 * least or len(features) < 2:
        reason = Message(
            N_("There are {n} with the same figures; it takes {least}."),
            {"n": len(used), "least": 2 * least},
        )
        return Found(of, len(used), features, (), (), reason)
    values = _values(used, features)
    return _answer(of, used, features, values, grouping(_scaled(used, values, features), least))


def _answer(
    of: str, used: list[dict[str, Any]], features: tuple[str, ...], values: Array, made: Grouping
) -> Found:
    if not len(made.labels):
        reason = Message(N_("No stable groups were found."))
        return Found(of, len(used), features, (), made.tried, reason)
    groups = []
    for place, stability in enumerate(made.stabilities):
        inside = made.labels == place
        platforms: dict[str, int] = {}
        for row, is_in in zip(used, inside, strict=True):
            if is_in:
                platforms[row["platform"]] = platforms.get(row["platform"], 0) + 1
        if of == "persons":  # which platform a few of them use may tell who they are
            platforms = {}
        traits = tuple(_trait(name, values[:, n], inside) for n, name in enumerate(features))
        if of == "persons":
            traits = tuple(_blurred(one) for one in traits)
        groups.append(FoundGroup(int(inside.sum()), stability, platforms, traits))
    return Found(of, len(used), features, tuple(groups), made.tried)


def _trait(name: str, column: Array, inside: Any) -> Trait:
    """The median with the order statistics that bound it (binomial)."""
    own = np.sort(column[inside])
    width = 1.96 * np.sqrt(len(own)) / 2
    low = max(int(np.floor(len(own) / 2 - width)), 0)
    high = min(int(np.ceil(len(own) / 2 + width)), len(own) - 1)
    return Trait(
        name, float(np.median(own)), float(own[low]), float(own[high]), float(np.median(column))
    )


def _blurred(one: Trait) -> Trait:
    """Two digits of each figure: a middle is somebody's own."""
    return Trait(
        one.feature,
        *(float(f"{x:.2g}") for x in (one.median, one.ci_lower, one.ci_upper, one.of_all)),
    )


# --- the figures


def _known(rows: Sequence[dict[str, Any]], of: str) -> tuple[str, ...]:
    """The figures that nine of ten rows have, and that differ at all."""
    names = [*_RATES] if of == "posts" else [*_RATES, "posts"]
    found = ["impressions"]
    for name in names:
        there = [row[name] for row in rows if row[name] is not None]
        if len(there) >= 0.9 * len(rows) and len(set(there)) > 1:
            found.append(name)
    return tuple(found)


def _values(rows: Sequence[dict[str, Any]], features: Sequence[str]) -> Array:
    """The figures as they are told: counts, and rates per impression."""
    columns = []
    for name in features:
        column = np.array([max(float(row[name]), 0.0) for row in rows])
        if name in _RATES:
            column /= np.maximum(np.array([float(row["impressions"]) for row in rows]), 1.0)
        columns.append(column)
    return np.column_stack(columns)


def _scaled(rows: Sequence[dict[str, Any]], values: Array, features: Sequence[str]) -> Array:
    """Logarithms, within their platform: a group is not just the platform it is on.

    Half an event is added to the counts of each row, so that few impressions without a comment are
    no group of their own; outliers are drawn in to 3 deviations.
    """
    made = np.log(values + 1.0)
    for n, name in enumerate(features):
        if name in _RATES:
            made[:, n] = np.log((values[:, n] * values[:, 0] + 0.5) / (values[:, 0] + 1.0))
    platforms = np.array([row["platform"] for row in rows])
    for name in np.unique(platforms):
        here = platforms == name
        spread = made[here].std(0)
        made[here] = (made[here] - made[here].mean(0)) / np.where(spread > 0, spread, 1.0)
    return np.clip(made, -3.0, 3.0)


def _sql(snapshot: Snapshot, of: str) -> str:
    known = kept.posts(snapshot)
    figures = ", ".join(
        f"{kept.total(name, known.figures)}::DOUBLE AS {name}" for name in ("impressions", *_RATES)
    )
    rows = f"""SELECT p.platform, p.account_id, published_on, {figures} FROM {known.name} p
        JOIN accounts a ON a.platform = p.platform AND a.account_id = p.account_id
            AND a.is_removed IS NOT true AND a.role = $role
            AND ($role <> 'ambassador' OR {privacy.TAKES_PART})
        WHERE is_reply IS NOT true"""
    if of == "posts":
        return f"SELECT * EXCLUDE (account_id), 1 AS posts FROM ({rows}) ORDER BY ALL"
    sums = ", ".join(f"sum({name}) AS {name}" for name in ("impressions", *_RATES))
    return f"""SELECT platform, {sums}, count(*) * 7.0
            / (max(published_on) - min(published_on) + 7) AS posts
        FROM ({rows}) GROUP BY platform, account_id ORDER BY ALL"""
