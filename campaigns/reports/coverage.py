"""From when to when there are data, per account, and which days between lack them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from campaigns.store import Snapshot

Kind = Literal["days", "posts", "ads"]

QUIET = 7
"""Days between two exports of posts that are taken for days without a post, not for a gap."""


@dataclass(frozen=True)
class Covered:
    """The first and last day of which an account has any data; what lies between may have gaps."""

    platform: str
    account_id: str | None
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Series:
    """The days that one kind of figures of an account covers.

    ``days`` are figures of the account by day, ``posts`` posts and their figures, ``ads`` what an
    account that pays for ads delivered. ``months`` has for each month (its first day) the days
    covered, ``gaps`` the days without data, each a first and last day, up to ``until``: the last
    day of which the platform has any data. ``is_colleague`` marks the account of an ambassador
    whose name may not be shown.
    """

    platform: str
    account_id: str
    kind: Kind
    first: dt.date
    last: dt.date
    until: dt.date
    months: Mapping[dt.date, int]
    gaps: Sequence[tuple[dt.date, dt.date]]
    is_colleague: bool = False

    @property
    def days_behind(self) -> int:
        """How many days this series ends before the platform's newest data."""
        return (self.until - self.last).days

    def expected(self, month: dt.date) -> int:
        """How many days of a month should be covered: those from the first to the newest.

        >>> day = dt.date.fromisoformat
        >>> series = Series("x", "demo", "days", day("2025-01-30"), day("2025-02-02"),
        ...                 day("2025-02-03"), {}, ())
        >>> [series.expected(day(month)) for month in ("2024-12-01", "2025-01-01", "2025-02-01")]
        [0, 2, 3]
        """
        end = min(_next_month(month) - dt.timedelta(days=1), self.until)
        return max((end - max(month, self.first)).days + 1, 0)


_DAYS = """
    SELECT platform, account_id, min(published_on) AS first, max(published_on) AS last
    FROM posts_log GROUP BY ALL
    UNION ALL
    SELECT platform, account_id, min(day), max(day) FROM account_days_log GROUP BY ALL
    UNION ALL
    SELECT platform, ad_account_id, min(first_day), max(last_day) FROM ad_periods_log GROUP BY ALL
"""

# An export of posts is silent about days without a post: it covers the period of its file.
_SPANS = """
    SELECT 'days' AS kind, platform, account_id, day AS first, day AS last
    FROM (SELECT DISTINCT platform, account_id, day FROM account_days_log)
    UNION ALL
    SELECT 'posts', platform, account_id, least(posts_first, coalesce(i.first_day, posts_first)),
           greatest(posts_last, coalesce(i.last_day, posts_last))
    FROM (SELECT platform, account_id, import_id, min(published_on) AS posts_first,
                 max(published_on) AS posts_last FROM posts_log GROUP BY ALL)
    LEFT JOIN (SELECT import_id, first_day, last_day FROM imports) i USING (import_id)
    UNION ALL
    SELECT 'ads', platform, ad_account_id, first_day, last_day
    FROM (SELECT DISTINCT platform, ad_account_id, first_day, last_day FROM ad_periods_log)
"""

# Spans that touch or overlap become one: a span begins anew where no earlier one reaches it.
# The last posts of one export and the first of the next may lie some quiet days apart.
_MERGED = f"""
    SELECT kind, platform, account_id, min(first)::DATE AS first, max(last)::DATE AS last
    FROM (
        SELECT *, sum(is_new) OVER (PARTITION BY kind, platform, account_id ORDER BY first, last
                                    ROWS UNBOUNDED PRECEDING) AS span
        FROM (
            SELECT *, (first > coalesce(max(last) OVER (
                PARTITION BY kind, platform, account_id ORDER BY first, last
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), first - 99) + CASE kind WHEN 'posts' THEN {QUIET} ELSE 0 END + 1)::INTEGER AS is_new
            FROM ({_SPANS}) WHERE first IS NOT NULL AND last >= first
        )
    )
    GROUP BY kind, platform, account_id, span
    ORDER BY platform, account_id, kind, first
"""

_COLLEAGUES = (
    "SELECT platform, account_id FROM accounts "
    "WHERE role = 'ambassador' AND is_name_permitted IS NOT true"
)


def coverage(snapshot: Snapshot) -> list[Covered]:
    """What is covered, by platform and account."""
    rows = snapshot.rows(
        "SELECT platform, account_id, min(first)::DATE AS first, max(last)::DATE AS last "
        f"FROM ({_DAYS}) WHERE first IS NOT NULL GROUP BY ALL ORDER BY platform, account_id"
    )
    return [Covered(**row) for row in rows]


def calendar(snapshot: Snapshot) -> list[Series]:
    """Which days are covered, for each account and kind of figures that it has."""
    hidden = {(row["platform"], row["account_id"]) for row in snapshot.rows(_COLLEAGUES)}
    spans: dict[tuple[str, str, Kind], list[tuple[dt.date, dt.date]]] = {}
    until: dict[str, dt.date] = {}
    for row in snapshot.rows(_MERGED):
        platform, last = row["platform"], row["last"]
        key = (platform, row["account_id"], row["kind"])
        spans.setdefault(key, []).append((row["first"], last))
        until[platform] = max(until.get(platform, last), last)
    return [
        _series(key, found, until[key[0]], is_colleague=key[:2] in hidden)
        for key, found in spans.items()
    ]


def _series(
    key: tuple[str, str, Kind],
    spans: Sequence[tuple[dt.date, dt.date]],
    until: dt.date,
    *,
    is_colleague: bool,
) -> Series:
    first, last = spans[-1]
    if key[2] == "posts" and (until - last).days <= QUIET:
        last = until
    spans = [*spans[:-1], (first, last)]
    gaps, months = _between(spans, until), _by_month(spans)
    return Series(*key, spans[0][0], last, until, months, gaps, is_colleague)


def _by_month(spans: Sequence[tuple[dt.date, dt.date]]) -> dict[dt.date, int]:
    """The days covered in each month, by its first day.

    >>> day = dt.date.fromisoformat
    >>> list(_by_month([(day("2025-01-31"), day("2025-02-02"))]).values())
    [1, 2]
    """
    months: dict[dt.date, int] = {}
    for first, last in spans:
        month = first.replace(day=1)
        while month <= last:
            end = min(_next_month(month) - dt.timedelta(days=1), last)
            months[month] = months.get(month, 0) + (end - max(month, first)).days + 1
            month = _next_month(month)
    return months


def _between(
    spans: Sequence[tuple[dt.date, dt.date]], until: dt.date
) -> list[tuple[dt.date, dt.date]]:
    """The days between spans, and those after the last."""
    day = dt.timedelta(days=1)
    starts = [*(first for first, _last in spans[1:]), until + day]
    return [
        (last + day, start - day)
        for (_first, last), start in zip(spans, starts, strict=True)
        if start > last + day
    ]


def _next_month(month: dt.date) -> dt.date:
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)
