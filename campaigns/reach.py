"""Net reach with bounds: people are never added, so a group has a least and a most.

A *unit* is what a platform measures reach of: a post, an ad in a period, an account's day. The
people reached by several units together are at least the largest reach measured of one of them,
and at most all of them added, as if nobody saw two; of a unit without measured reach at most its
impressions, because nobody is reached without one. A stated universe caps the upper bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """At least ``lower`` and at most ``upper`` people; null is not known."""

    lower: int | None
    upper: int | None


def bounds(units: Sequence[tuple[int | None, int | None]], universe: int | None = None) -> Bounds:
    """The bounds of the net reach of units, each given as (reach, impressions).

    Raises `ValueError` when more people were measured than the universe has.

    >>> bounds([(800, 1000), (None, 300)])
    Bounds(lower=800, upper=1100)
    >>> bounds([(800, 1000), (None, 300)], universe=900)
    Bounds(lower=800, upper=900)
    >>> bounds([(800, 1000), (None, None)])
    Bounds(lower=800, upper=None)
    """
    measured = [reach for reach, _ in units if reach is not None]
    most = [impressions if reach is None else reach for reach, impressions in units]
    known = [value for value in most if value is not None]
    upper = sum(known) if units and len(known) == len(units) else None
    caps = [value for value in (upper, universe if units else None) if value is not None]
    lower = max(measured, default=None)
    if lower is not None and universe is not None and lower > universe:
        raise ValueError(f"a reach of {lower} is not within the universe {universe}")
    return Bounds(lower, min(caps, default=None))


def random_duplication(reaches: Sequence[int], universe: int) -> float:
    """The net reach if every unit reached people by chance, independently: Sainsbury's formula.

    U · (1 − Π(1 − rᵢ/U)). Raises `ValueError` when a reach is larger than the universe.

    >>> round(random_duplication([800, 500], 2000))
    1100
    """
    if any(not 0 <= reach <= universe for reach in reaches):
        raise ValueError(f"a reach in {reaches!r} is not between 0 and the universe {universe}")
    return universe * (1 - math.prod(1 - reach / universe for reach in reaches))


def parts() -> dict[str, str]:
    """The parts of a group's reach that `campaigns.metrics` makes bounds of: SQL aggregates.

    Over rows with the columns ``is_unit`` (it counts here), ``exact`` (its measured reach),
    ``low`` (the largest reach measured of it or of a part of it) and ``most`` (its upper bound);
    the last three are null where ``is_unit`` is false. ``reach_open`` counts the units without
    upper bound; ``reach_missed`` is the logarithm of the part of the universe that none reached.
    """
    return {
        "units": "count(*) FILTER (is_unit)",
        "reach_units": "count(exact)",
        "reach_exact": "max(exact)",
        "reach_low": "max(low)",
        "reach_sum": "sum(exact)::BIGINT",
        "reach_high": "sum(most)::BIGINT",
        "reach_open": "count(*) FILTER (is_unit AND most IS NULL)",
        "reach_missed": (
            "sum(CASE WHEN exact < $universe THEN ln(1 - exact / $universe::DOUBLE) "
            "WHEN exact >= $universe THEN '-Infinity'::DOUBLE END)"
        ),
    }
