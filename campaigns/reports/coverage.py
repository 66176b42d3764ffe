"""From when to when there are data, per account."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from campaigns.store import Snapshot


@dataclass(frozen=True)
class Covered:
    """The first and last day of which an account has any data; what lies between may have gaps."""

    platform: str
    account_id: str | None
    first: dt.date
    last: dt.date


_DAYS = """
    SELECT platform, account_id, min(published_on) AS first, max(published_on) AS last
    FROM posts_log GROUP BY ALL
    UNION ALL
    SELECT platform, account_id, min(day), max(day) FROM account_days_log GROUP BY ALL
    UNION ALL
    SELECT platform, ad_account_id, min(first_day), max(last_day) FROM ad_periods_log GROUP BY ALL
"""


def coverage(snapshot: Snapshot) -> list[Covered]:
    """What is covered, by platform and account."""
    rows = snapshot.rows(
        "SELECT platform, account_id, min(first)::DATE AS first, max(last)::DATE AS last "
        f"FROM ({_DAYS}) WHERE first IS NOT NULL GROUP BY ALL ORDER BY platform, account_id"
    )
    return [Covered(**row) for row in rows]
