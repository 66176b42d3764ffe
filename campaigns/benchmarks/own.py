"""How the own posts spread: the quartiles of each metric by platform and month.

The values come from the same parts and formulas as a report by post, so a post has the value that
``bereik report --by post`` shows. Replies are left out: published figures are of posts, and an
account that answers citizens would be compared by its answers. Posts of ambassadors, partners and
competitors are left out too: they are not own posts, and a month of one colleague's posts would be
that colleague's figure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.metrics import METRICS, Metric, formula
from campaigns.reports import Question
from campaigns.reports.statement import kept_parts, merged
from campaigns.schema import DELIVERIES
from campaigns.store import Snapshot

METRIC_NAMES = (
    "impressions", "reach", "engagements", "public_engagements", "likes", "comments", "shares",
    "clicks", "video_views", "er_impressions", "er_reach", "er_followers", "er_public",
    "amplification_rate", "ctr",
)  # fmt: skip
"""The metrics of a post that can be compared with other posts."""

MINIMUM_POSTS = 10
"""Fewer posts have no quartiles worth the name: only their number is given."""

POSTS_AT_ONCE = 200_000
"""A report by post keeps much of every post: more of them are asked in several times."""


@dataclass(frozen=True)
class Spread:
    """How a metric spreads over the own posts of a platform and delivery.

    ``month`` is None for the whole period. ``posts`` had the value, ``partial`` of them lack the
    organic or the paid part of it. ``total`` is the value of all those posts together as a report
    gives it: sum by sum for a ratio; null for people. Quartiles are null under `MINIMUM_POSTS`.
    """

    platform: str
    month: str | None
    delivery: str
    metric: str
    posts: int
    partial: int
    p25: float | None
    median: float | None
    p75: float | None
    mean: float | None
    total: float | None


@dataclass(frozen=True)
class Period:
    """The days of publication that are looked at, inclusive; None is everything."""

    first: dt.date | None = None
    last: dt.date | None = None


class OwnPosts:
    """The own posts of a snapshot, with the value of every metric; made once, asked often."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self.snapshot = snapshot
        parts = stretches(_days(snapshot, period), period, POSTS_AT_ONCE)
        self._parts = {delivery: _make(snapshot, parts, delivery) for delivery in _there(snapshot)}

    def spreads(self, by_month: bool) -> list[Spread]:
        """The quartiles by platform, and month if asked; only where some post had the value."""
        found = [
            spread
            for delivery, parts in self._parts.items()
            for row in self.snapshot.rows(_spread_sql(delivery, parts, by_month))
            for spread in _spreads(row, delivery)
        ]
        return sorted(
            found,
            key=lambda one: (
                one.platform,
                one.month or "",
                METRIC_NAMES.index(one.metric),
                DELIVERIES.index(one.delivery),
            ),
        )

    def share_below(self, platform: str, delivery: str, metric: str, value: float) -> float | None:
        """Which part of the own posts stays below a value; posts that equal it count half."""
        if delivery not in self._parts:
            return None
        below: float | None = self.snapshot.value(
            f"SELECT avg(CASE WHEN v < $value THEN 1.0 WHEN v = $value THEN 0.5 ELSE 0.0 END) "
            f"FROM (SELECT value_{metric}::DOUBLE AS v FROM {_table(delivery)} "
            f"WHERE platform = $platform) WHERE v IS NOT NULL",
            {"platform": platform, "value": value},
        )
        return below


def _there(snapshot: Snapshot) -> tuple[str, ...]:
    """The deliveries in which posts have figures; a total can be made of the other two."""
    rows = snapshot.rows("SELECT DISTINCT delivery FROM post_metrics_log")
    there = {row["delivery"] for row in rows}
    return tuple(name for name in DELIVERIES if name in there or (there and name == "total"))


def _table(delivery: str) -> str:
    return f"own_posts_{delivery}"


def _metrics() -> list[Metric]:
    return [METRICS[name] for name in METRIC_NAMES]


def _make(snapshot: Snapshot, stretches: Sequence[Period], delivery: str) -> list[str]:
    """Make the table of own posts in one delivery; returns the names of its parts."""
    kept: list[str] = []
    for number, stretch in enumerate(stretches):
        sql, kept = _select(snapshot, stretch, delivery)
        target = _table(delivery)
        snapshot.execute(
            f"INSERT INTO {target} {sql}"
            if number
            else f"CREATE OR REPLACE TEMP TABLE {target} AS {sql}"
        )
    return kept


def _select(snapshot: Snapshot, stretch: Period, delivery: str) -> tuple[str, list[str]]:
    """The own posts of a stretch of days with the value of every metric, as SQL, and its parts."""
    question = Question(
        by=("post",),
        metrics=("replies", *METRIC_NAMES),
        first=stretch.first,
        last=stretch.last,
        delivery=delivery,
    )
    question.check()
    view, parts = kept_parts(snapshot, question)
    # An account that was taken out keeps its role: a colleague's never becomes an own one.
    kept = [name for name in parts if name in _needed(parts) or name == "published_on"]
    values = ", ".join(f"({formula(metric)}) AS value_{metric.name}" for metric in _metrics())
    merging = ", ".join(
        f"{merged(name)} AS {name}" for name in dict.fromkeys([*kept, "of_account", "replies"])
    )
    sql = (
        f"SELECT p.*, strftime(published_on::DATE, '%Y-%m') AS month, {values} FROM ("
        f"SELECT platform, post, {merging} FROM {view} WHERE has_row GROUP BY platform, post) p "
        "LEFT JOIN accounts a ON a.platform = p.platform AND a.account_id = p.of_account "
        "WHERE coalesce(role, 'own') = 'own' AND coalesce(replies, 0) = 0"
    )
    return sql, kept


def stretches(days: Iterable[tuple[dt.date, int]], period: Period, limit: int) -> list[Period]:
    """The period in stretches of days with about so many posts each; most need only one.

    >>> days = [(dt.date(2025, 1, day), 40) for day in (1, 2, 3)]
    >>> [(one.first, one.last) for one in stretches(days, Period(), 90)]
    [(None, datetime.date(2025, 1, 2)), (datetime.date(2025, 1, 3), None)]
    """
    found: list[Period] = []
    first, count, before = period.first, 0, None
    for day, posts in days:
        if before is not None and count + posts > limit:
            found.append(Period(first, before))
            first, count = before + dt.timedelta(days=1), 0
        count, before = count + posts, day
    return [*found, Period(first, period.last)]


def _days(snapshot: Snapshot, period: Period) -> list[tuple[dt.date, int]]:
    rows = snapshot.rows(
        "SELECT published_on, count(*) AS posts FROM posts WHERE published_on IS NOT NULL "
        "AND ($first::DATE IS NULL OR published_on >= $first) "
        "AND ($last::DATE IS NULL OR published_on <= $last) GROUP BY ALL ORDER BY ALL",
        {"first": period.first, "last": period.last},
    )
    return [(row["published_on"], int(row["posts"])) for row in rows]


def _needed(parts: Sequence[str]) -> set[str]:
    """The parts that the formulas name, and those that say what is partial."""
    words = {word for metric in _metrics() for word in re.findall(r"\w+", formula(metric))}
    partial = {f"{metric.name}_partial" for metric in _metrics()}
    return (words | partial) & set(parts)


def _spread_sql(delivery: str, parts: Sequence[str], by_month: bool) -> str:
    keys = "platform, month" if by_month else "platform"
    pieces = [f"{merged(name)} AS {name}" for name in parts if name != "published_on"]
    for metric in _metrics():
        value = f"value_{metric.name}"
        partial = f"{metric.name}_partial"
        is_partial = f"{partial} > 0 AND {value} IS NOT NULL" if partial in parts else "false"
        pieces += [
            f"count({value}) AS n_{metric.name}",
            f"quantile_cont({value}::DOUBLE, [0.25, 0.5, 0.75]) AS q_{metric.name}",
            f"avg({value}::DOUBLE) AS m_{metric.name}",
            f"count(*) FILTER ({is_partial}) AS b_{metric.name}",
        ]
    totals = ", ".join(f"({formula(metric)}) AS t_{metric.name}" for metric in _metrics())
    picked = ", ".join(
        f"{letter}_{metric.name}" for metric in _metrics() for letter in ("n", "q", "m", "b")
    )
    return (
        f"SELECT {keys}, {picked}, {totals} FROM (SELECT {keys}, {', '.join(pieces)} "
        f"FROM {_table(delivery)} GROUP BY {keys})"
    )


def _spreads(row: Mapping[str, Any], delivery: str) -> Iterable[Spread]:
    for name in METRIC_NAMES:
        posts = int(row[f"n_{name}"])
        if not posts:
            continue
        enough = posts >= MINIMUM_POSTS
        p25, median, p75 = row[f"q_{name}"] if enough else (None, None, None)
        total, mean = row[f"t_{name}"], row[f"m_{name}"] if enough else None
        yield Spread(
            row["platform"], row.get("month"), delivery, name, posts, int(row[f"b_{name}"]),
            p25, median, p75, mean, None if total is None else float(total),
        )  # fmt: skip
