"""Competitors: what LinkedIn's export says of their pages, beside the own page.

The figures of one export hold for one period and are counted alike for all its pages, so they are
only compared within it. Engagements are LinkedIn's own count of them and not those of a report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.benchmarks.own import Period
from campaigns.errors import N_, Message
from campaigns.store import Snapshot

MINIMUM_PEERS = 5
"""With fewer competitors there is no place among them."""

MEASURES = (
    "followers",
    "new_followers",
    "engagements",
    "posts_published",
    "engagements_per_post",
    "follower_growth_rate",
)

_SQL = """
WITH registered AS (
    SELECT platform, account_id, name, role, is_removed FROM accounts
), figures AS (
    SELECT p.platform, p.first_day, p.last_day, p.account_id, coalesce(a.name, p.account_id) AS
    name, coalesce(a.role, 'own') AS role, p.followers, p.new_followers, p.engagements,
    p.posts_published,
    p.engagements / nullif(p.posts_published, 0) AS engagements_per_post,
    p.new_followers / nullif(p.followers - p.new_followers, 0) AS follower_growth_rate
    FROM account_periods p LEFT JOIN registered a USING (platform, account_id)
    WHERE coalesce(a.role, 'own') IN ('own', 'peer') AND a.is_removed IS NOT TRUE
)
SELECT * FROM figures f WHERE EXISTS (
    SELECT true FROM figures p WHERE p.role = 'peer' AND p.platform = f.platform
    AND p.first_day = f.first_day AND p.last_day = f.last_day)
    AND ($first::DATE IS NULL OR last_day >= $first) AND ($last::DATE IS NULL OR first_day <= $last)
ORDER BY platform, first_day, last_day, role DESC, account_id
"""


@dataclass(frozen=True)
class Place:
    """An own page among its competitors in one period, by one measure.

    ``percentile`` is the part of the competitors that stays below it, those equal counting half;
    null with a reason where there are too few.
    """

    platform: str
    first_day: dt.date
    last_day: dt.date
    account: str
    measure: str
    value: float
    peers: int
    p25: float | None = None
    median: float | None = None
    p75: float | None = None
    percentile: float | None = None
    reason: Message | None = None


def peer_rows(snapshot: Snapshot, period: Period) -> list[dict[str, Any]]:
    """The figures of competitors and of the own pages in the same periods; maybe none."""
    return snapshot.rows(_SQL, {"first": period.first, "last": period.last})


def places(rows: Sequence[Mapping[str, Any]]) -> Iterator[Place]:
    """The place of each own page among its competitors.

    >>> day = dt.date(2025, 1, 1)
    >>> row = {"platform": "linkedin", "first_day": day, "last_day": day}
    >>> peers = [{**row, "account_id": str(n), "role": "peer", "followers": n} for n in range(5)]
    >>> own = {**row, "account_id": "me", "role": "own", "followers": 3}
    >>> [(place.measure, place.median, place.percentile) for place in places([own, *peers])]
    [('followers', 2.0, 0.7)]
    """
    for own in rows:
        if own["role"] != "own":
            continue
        period = [own[name] for name in ("platform", "first_day", "last_day")]
        beside = [
            row
            for row in rows
            if row["role"] == "peer"
            and [row[name] for name in ("platform", "first_day", "last_day")] == period
        ]
        for measure in MEASURES:
            if own.get(measure) is None:
                continue
            values = [float(row[measure]) for row in beside if row.get(measure) is not None]
            yield _place(own, measure, values)


def _place(own: Mapping[str, Any], measure: str, values: Sequence[float]) -> Place:
    import numpy as np

    value = float(own[measure])
    start = (own["platform"], own["first_day"], own["last_day"], own["account_id"], measure, value)
    if len(values) < MINIMUM_PEERS:
        reason = Message(
            N_("only {n} competitors have this figure; it takes {least}"),
            {"n": len(values), "least": MINIMUM_PEERS},
        )
        return Place(*start, len(values), reason=reason)
    p25, median, p75 = (float(one) for one in np.quantile(values, [0.25, 0.5, 0.75]))
    below = sum(one < value for one in values) + sum(one == value for one in values) / 2
    return Place(*start, len(values), p25, median, p75, below / len(values))
