"""Before posting: how many posts or days it takes, and what can be seen with fewer.

The spread of the own posts decides, within accounts: what differs between accounts is no noise of a
test that runs in each of them. For ads it is how the daily ratio of two ads of one account moves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from audiences import power
from audiences.experiments.experiment import Experiment
from campaigns.reports import kept
from campaigns.store import Snapshot

TRIED = (5, 10, 20, 40, 80)
"""Numbers of posts per variant of which the smallest visible effect is given."""

TRIED_DAYS = (7, 14, 28, 56)
"""The same, of days."""

FEWEST = 10
"""Fewer own posts, or days of ads, do not tell how they differ."""


@dataclass(frozen=True)
class Needs:
    """What a test of a metric takes: posts per variant, by the spread of ``posts`` own ones.

    ``spread`` is the standard deviation of the log of the metric; ``needed`` the posts per variant
    for the effect, null when there are too few own posts to say; ``visible`` the smallest effect
    (a fraction) that each number of posts finds. All with a chance of 80 %. With the unit ad-day
    ``posts`` and ``needed`` are days of ads, and ``spread`` that of the difference of two ads.
    """

    metric: str
    posts: int
    spread: float | None
    effect: float
    needed: int | None
    visible: tuple[tuple[int, float], ...]
    unit: str = "post"

    def as_dict(self) -> dict[str, Any]:
        """The needs as JSON has them."""
        named = "posts" if self.unit == "post" else "days"
        return {
            "metric": self.metric,
            "unit": self.unit,
            named: self.posts,
            "spread": self.spread,
            "effect": self.effect,
            "power": power.POWER,
            f"{named}_needed": self.needed,
            "visible": [{named: many, "effect": effect} for many, effect in self.visible],
        }


def needs(
    snapshot: Snapshot, metric: str, effect: float, variants: int = 2, account: str | None = None
) -> Needs:
    """The needs of a test by posts; with several treatments each is judged more strictly."""
    above, below = Experiment("", metric, ()).figures
    sql = _sql(above, below, kept.posts(snapshot))
    accounts = snapshot.rows(sql, {"account": account})
    number, degrees = (sum(row["many"] - less for row in accounts) for less in (0, 1))
    if number < FEWEST or not degrees:
        return Needs(metric, number, None, effect, None, ())
    spread = math.sqrt(sum(row["scatter"] for row in accounts) / degrees)
    alpha = 0.05 / max(variants - 1, 1)
    needed = float(power.posts_needed(effect, spread, alpha))
    visible = power.visible_effect(np.array(TRIED), spread, alpha)
    return Needs(
        metric,
        number,
        spread,
        effect,
        int(needed) if np.isfinite(needed) else None,
        tuple((many, float(one)) for many, one in zip(TRIED, visible, strict=True)),
    )


def needs_days(
    snapshot: Snapshot, metric: str, effect: float, variants: int = 2, account: str | None = None
) -> Needs:
    """The needs of a test by days of ads, from days on which an account showed several ads."""
    above, below = Experiment("", metric, ()).figures
    rows = snapshot.rows(_ads_sql(above, below), {"account": account})
    ads, days = [row["ad"] for row in rows], [row["day"] for row in rows]
    spread = _difference([row["log"] for row in rows], ads, days)
    number = len(set(days))
    if number < FEWEST or spread is None:
        return Needs(metric, number, None, effect, None, (), "ad-day")
    alpha = 0.05 / max(variants - 1, 1)
    found = float(power.days_needed(effect, spread, alpha))
    visible = power.visible_effect_of_days(np.array(TRIED_DAYS), spread, alpha)
    return Needs(
        metric,
        number,
        spread,
        effect,
        int(found) if np.isfinite(found) else None,
        tuple((many, float(one)) for many, one in zip(TRIED_DAYS, visible, strict=True)),
        "ad-day",
    )


def _difference(logs: Sequence[float], ads: Sequence[int], days: Sequence[int]) -> float | None:
    """The spread of the daily difference of two ads: what is left without the ad and the day.

    >>> found = _difference([0, 1, 2, 4, 1, 1], [7, 8] * 3, [1, 1, 2, 2, 3, 3])
    >>> round(found, 3)  # the differences are 1, 2 and 0
    1.0
    """
    codes = [np.unique(names, return_inverse=True)[1] for names in (ads, days) if len(names)]
    if not codes:
        return None
    left = np.array(logs, float)
    for _step in range(50):
        for code in codes:
            left -= (np.bincount(code, left) / np.bincount(code))[code]
    degrees = len(left) - sum(int(code.max()) + 1 for code in codes) + 1
    spread = float(np.sqrt(2 * np.square(left).sum() / degrees)) if degrees > 0 else 0.0
    return spread if spread > 0 else None


def _ads_sql(above: tuple[str, ...], below: tuple[str, ...]) -> str:
    """The logs of ads by day, at the level that has most, where an account showed two or more.

    Numbers stand for ``ad`` and ``day`` within their accounts.
    """
    up, down = " + ".join(above), " + ".join(below)
    return f"""WITH days AS (
        SELECT platform, ad_account_id, level, ad_id, first_day, ({up})::DOUBLE AS above,
            ({down})::DOUBLE AS below
        FROM ad_periods WHERE first_day = last_day AND above > 0 AND below > 0
        AND ($account::VARCHAR IS NULL OR ad_account_id = lower($account))),
    best AS (SELECT level FROM days GROUP BY level ORDER BY count(*) DESC, level LIMIT 1),
    several AS (FROM days JOIN best USING (level)
        QUALIFY count(*) OVER (PARTITION BY platform, ad_account_id, first_day) > 1)
    SELECT dense_rank() OVER (ORDER BY platform, ad_account_id, ad_id) AS ad,
        dense_rank() OVER (ORDER BY platform, ad_account_id, first_day) AS day,
        ln(above) - ln(below) AS log FROM several ORDER BY ad, day"""


def _sql(above: tuple[str, ...], below: tuple[str, ...], own: kept.Posts) -> str:
    """How the logs of own posts, no replies, spread in each account, by their newest figures."""

    def figure(columns: tuple[str, ...]) -> str:
        return f"({' + '.join(kept.total(column, own.figures) for column in columns)})::DOUBLE"

    return f"""SELECT count(*) AS many, var_pop(ln(above) - ln(below)) * count(*) AS scatter
    FROM (SELECT platform, account_id, {figure(above)} AS above,
            {figure(below) if below else "1.0"} AS below
        FROM {own.name} LEFT JOIN accounts USING (platform, account_id)
        WHERE NOT is_reply AND coalesce(role, 'own') = 'own'
        AND ($account::VARCHAR IS NULL OR account_id = lower($account)))
    WHERE above > 0 AND below > 0 GROUP BY platform, account_id"""
