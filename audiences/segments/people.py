"""How much of an audience a target group is, beside its share of the population.

What is known are counts of followers (or shares of viewers) per account and group, one dimension at
a time. People are counted by fives, and values of fewer than five only as a rest of all such values
together: whatever groups, accounts and days are added and subtracted, no small number is left, and
not whether one person came or went. Several accounts of a platform are pooled as ratios of sums;
people follow several of them, so the interval counts no more different people than the largest
account has. Two dimensions together (function and seniority) are not published: then only bounds
are known (Fréchet).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audiences.aggregates import counts
from audiences.methods.rates import wilson
from audiences.segments.segment import DIMENSIONS, Segment
from campaigns.definitions.campaign import same_name
from campaigns.store import Snapshot

FEWEST = 5
"""Groups of fewer people, or that leave fewer of an audience, are not shown."""

STEP = 5
"""People are counted by fives."""

MATTERS = 0.1
"""How far from the population's share a group is before it is over- or under-reached."""

ALPHA = 0.05


@dataclass(frozen=True)
class MakeUp:
    """An account's audience in one dimension, and the share of each group in it.

    ``base`` is how many people that is about: all of whom the dimension is known, else all
    followers; null where neither is known. ``basis`` is followers, or viewers of its posts.
    ``small`` are the groups of fewer than `FEWEST`: together with those of whom nothing is told
    they are a rest of the base, unless that is small too.
    """

    platform: str
    account_id: str
    kind: str
    basis: str
    day: dt.date
    base: int | None
    groups: Mapping[str, float]
    small: frozenset[str] = frozenset()

    def part(self, wanted: Sequence[str]) -> float | None:
        """The share of the groups that are wanted together; None where it lists none of them."""
        patterns = [_pattern(one) for one in wanted]
        found = [
            name
            for name in (*self.groups, *self.small)
            if any(p.fullmatch(same_name(name)) for p in patterns)
        ]
        return min(sum(self.groups.get(name, 0.0) for name in found), 1.0) if found else None


@dataclass(frozen=True)
class People:
    """A group's place in the audience of a platform.

    ``share`` is null where only its bounds are known. ``people`` counts followings, not different
    people. All but ``basis``, ``day`` and ``accounts`` is null where ``is_suppressed``.
    ``by_account`` has the share within each account that tells.
    """

    basis: str
    day: dt.date
    accounts: int
    people: int | None = None
    base: int | None = None
    share: float | None = None
    lower: float | None = None
    upper: float | None = None
    is_suppressed: bool = False
    by_account: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """A share by the share of the population, 1 is alike; ``verdict`` is of the interval.

    ``over`` and ``under`` when all of it lies more than `MATTERS` away, ``alike`` when none of it
    does, else ``unclear``; null without an interval.
    """

    value: float | None
    lower: float | None
    upper: float | None
    verdict: str | None


def index(found: People, population: float | None) -> Index:
    """The index of a group against its share of the population.

    >>> one = index(People("followers", dt.date(2025, 1, 1), 1, 80, 1000, .08, .065, .098), .04)
    >>> one.value, one.verdict
    (2.0, 'over')
    """
    if population is None or found.is_suppressed:
        return Index(None, None, None, None)
    value, lower, upper = (
        None if one is None else one / population for one in (found.share, found.lower, found.upper)
    )
    verdict = None
    if lower is not None and upper is not None:
        verdict = "unclear"
        if lower > 1 + MATTERS:
            verdict = "over"
        elif upper < 1 - MATTERS:
            verdict = "under"
        elif lower >= 1 - MATTERS and upper <= 1 + MATTERS:
            verdict = "alike"
    return Index(value, lower, upper, verdict)


# --- what is known


def make_ups(snapshot: Snapshot, last: dt.date | None, roles: Iterable[str]) -> list[MakeUp]:
    """The newest make-up of each account of these roles, not after a day; viewers before followers.

    Visitors are left out: they are counted in page views.
    """
    rows = snapshot.rows(
        """SELECT s.platform, s.account_id, dimension, value, last_day, people, share
        FROM audience_shares s JOIN accounts a ON a.platform = s.platform
            AND a.account_id = s.account_id AND a.is_removed IS NOT true
        WHERE list_contains($roles, a.role) AND dimension NOT LIKE 'visitor %'
            AND ($last::DATE IS NULL OR s.last_day <= $last)
            AND (people IS NOT NULL OR share IS NOT NULL)
        QUALIFY dense_rank() OVER (PARTITION BY s.platform, s.account_id, dimension
            ORDER BY s.last_day DESC, s.first_day DESC) = 1
        ORDER BY ALL""",
        {"last": last, "roles": list(roles)},
    )
    followers = _followers(snapshot, last)
    kinds = {dimension: kind for kind, dimension in DIMENSIONS.items()}
    found: dict[tuple[str, str, str], MakeUp] = {}
    for key, group in _grouped(rows).items():
        platform, account, dimension = key
        kind = kinds.get(dimension.removeprefix("viewer "))
        if kind is None:
            continue
        basis = "viewers" if dimension.startswith("viewer ") else "followers"
        known = found.get((platform, account, kind))
        if known is None or basis == "viewers":
            of_all = followers.get((platform, account))
            found[platform, account, kind] = _make_up(key, kind, basis, group, of_all)
    return list(found.values())


def _grouped(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["platform"], row["account_id"], row["dimension"]].append(row)
    return found


def _make_up(
    key: tuple[str, str, str], kind: str, basis: str, rows: list[dict[str, Any]], of_all: int | None
) -> MakeUp:
    counted = {row["value"]: row["people"] for row in rows if row["people"] is not None}
    day = rows[0]["last_day"]
    whole = sum(counted.values())
    if not whole:
        shares = {row["value"]: row["share"] for row in rows if row["share"] is not None}
        if of_all is None:
            return MakeUp(key[0], key[1], kind, basis, day, None, shares)
        counted, whole = {name: share * of_all for name, share in shares.items()}, of_all
    told = {name: _by_fives(many) for name, many in counted.items() if _tells(many)}
    rest = whole - sum(counted[name] for name in told)
    base = sum(told.values()) + (_by_fives(rest) if _tells(rest) else 0)
    return MakeUp(
        key[0], key[1], kind, basis, day, base or None,
        {name: many / base for name, many in told.items()}, frozenset(counted.keys() - told.keys()),
    )  # fmt: skip


def _tells(many: float) -> bool:
    return round(many) >= FEWEST


def _by_fives(many: float) -> int:
    return STEP * round(many / STEP)


def _followers(snapshot: Snapshot, last: dt.date | None) -> dict[tuple[str, str], int]:
    rows = snapshot.rows(
        """SELECT platform, account_id, arg_max(followers, day) AS followers FROM (
            SELECT platform, account_id, day, followers FROM account_days UNION ALL
            SELECT platform, account_id, last_day, followers FROM account_periods)
        WHERE followers IS NOT NULL AND ($last::DATE IS NULL OR day <= $last) GROUP BY ALL""",
        {"last": last},
    )
    return {(row["platform"], row["account_id"]): row["followers"] for row in rows}


def _pattern(value: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, same_name(value).split("*"))))


# --- one group


def people(known: Sequence[MakeUp], segment: Segment) -> dict[str, People]:
    """The group's place in the audience of each platform where it is known; small ones suppressed.

    Empty for a group without a condition on people.
    """
    kinds = [kind for kind in DIMENSIONS if segment.values(kind)]
    if not kinds:
        return {}
    platforms = segment.values("platform")
    accounts = segment.values("account")
    found: dict[str, dict[str, list[MakeUp]]] = defaultdict(lambda: defaultdict(list))
    for one in known:
        is_asked = (not platforms or one.platform in platforms) and (
            not accounts or one.account_id in accounts
        )
        if is_asked and one.kind in kinds and one.part(segment.values(one.kind)) is not None:
            found[one.platform][one.kind].append(one)
    return {
        platform: _joined([_pooled(segment, by_kind[kind], len(kinds)) for kind in kinds])
        for platform, by_kind in found.items()
        if all(kind in by_kind for kind in kinds)
    }


def _pooled(segment: Segment, made: list[MakeUp], tests: int) -> People:
    """One dimension over the accounts of a platform: a ratio of sums."""
    sized = [one for one in made if one.base]
    used = sized if sized else made[:1] if len(made) == 1 else []
    parts = {one.account_id: one.part(segment.values(one.kind)) or 0.0 for one in used}
    day = max(one.day for one in made)
    basis = "viewers" if all(one.basis == "viewers" for one in made) else "followers"
    base = sum(one.base or 0 for one in used)
    if not base:  # how many people that is, nobody can tell: it may be few
        return People(basis, day, len(used), is_suppressed=True)
    many = sum(parts[one.account_id] * (one.base or 0) for one in used)
    if not _tells(many) or not _tells(base - many):
        return People(basis, day, len(used), is_suppressed=True)
    different = max(one.base or 0 for one in used)
    bounds = wilson(counts(different, different * many / base), ALPHA / tests)
    return People(
        basis, day, len(used), round(many), base, many / base,
        float(bounds.lower), float(bounds.upper),
        by_account=parts,
    )  # fmt: skip


def _joined(parts: list[People]) -> People:
    """Several dimensions together: no more than the least of them, no less than must overlap."""
    if len(parts) == 1:
        return parts[0]
    day, accounts = max(one.day for one in parts), min(one.accounts for one in parts)
    basis = parts[0].basis
    if any(one.is_suppressed for one in parts):
        return People(basis, day, accounts, is_suppressed=True)
    lower = max(0.0, sum(one.lower or 0.0 for one in parts) - (len(parts) - 1))
    upper = min(one.upper if one.upper is not None else 1.0 for one in parts)
    return People(basis, day, accounts, lower=lower, upper=upper)
