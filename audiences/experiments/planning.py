"""Before posting: how many posts it takes, and what can be seen with fewer.

The spread of the account's own posts decides, within accounts: what differs between accounts is no
noise of a test that runs in each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from audiences import power
from audiences.experiments.experiment import Experiment
from audiences.methods import posts
from campaigns.store import Snapshot

TRIED = (5, 10, 20, 40, 80)
"""Numbers of posts per variant of which the smallest visible effect is given."""

FEWEST = 10
"""Fewer own posts do not tell how posts differ."""


@dataclass(frozen=True)
class Needs:
    """What a test of a metric takes: posts per variant, by the spread of ``posts`` own ones.

    ``spread`` is the standard deviation of the log of the metric; ``needed`` the posts per variant
    for the effect, null when there are too few own posts to say; ``visible`` the smallest effect
    (a fraction) that each number of posts finds. All with a chance of 80 %.
    """

    metric: str
    posts: int
    spread: float | None
    effect: float
    needed: int | None
    visible: tuple[tuple[int, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """The needs as JSON has them."""
        return {
            "metric": self.metric,
            "unit": "post",
            "posts": self.posts,
            "spread": self.spread,
            "effect": self.effect,
            "power": power.POWER,
            "posts_needed": self.needed,
            "visible": [{"posts": many, "effect": effect} for many, effect in self.visible],
        }


def needs(
    snapshot: Snapshot, metric: str, effect: float, variants: int = 2, account: str | None = None
) -> Needs:
    """The needs of a test by posts; with several treatments each is judged more strictly."""
    above, below = Experiment("", metric, ()).figures
    rows = snapshot.rows(_sql(above, below), {"account": account})
    logs = posts.log_rates([row["above"] for row in rows], [row["below"] for row in rows])
    known = ~np.isnan(logs)
    names = [f"{row['platform']}:{row['account_id']}" for row in rows]
    groups = np.unique(names, return_inverse=True)[1] if names else np.zeros(0, np.intp)
    number = int(known.sum())
    if number < FEWEST:
        return Needs(metric, number, None, effect, None, ())
    spread = power.spread_of(logs[known], groups[known])
    alpha = 0.05 / max(variants - 1, 1)
    found = float(power.posts_needed(effect, spread, alpha))
    visible = power.visible_effect(np.array(TRIED), spread, alpha)
    return Needs(
        metric,
        number,
        spread,
        effect,
        int(found) if np.isfinite(found) else None,
        tuple((many, float(one)) for many, one in zip(TRIED, visible, strict=True)),
    )


def _sql(above: tuple[str, ...], below: tuple[str, ...]) -> str:
    """Own posts, no replies, with their newest figures: the total, else both parts together."""

    def figure(columns: tuple[str, ...]) -> str:
        parts = [
            f"coalesce(max({column}) FILTER (delivery = 'total'), "
            f"sum({column}) FILTER (delivery <> 'total'), 0)"
            for column in columns
        ]
        return f"({' + '.join(parts)})::DOUBLE"

    return f"""SELECT platform, account_id, {figure(above)} AS above,
        {figure(below) if below else "1.0"} AS below
    FROM posts JOIN post_metrics USING (platform, post_id)
    LEFT JOIN accounts USING (platform, account_id)
    WHERE is_repost IS NOT true AND is_reply IS NOT true AND coalesce(role, 'own') = 'own'
    AND ($account::VARCHAR IS NULL OR account_id = lower($account))
    GROUP BY platform, post_id, account_id"""
