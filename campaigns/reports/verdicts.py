"""Whether a campaign was cheap: its cost per 1,000 impressions beside that of the own campaigns.

The rule is one for all pages: cheap is at most four fifths of the own median, expensive at least
five quarters of it, and average lies between. A campaign that was hardly shown is not judged, and
where fewer than three campaigns can be judged nobody is, because a median of two is no standard.
Neither is a campaign of which the period holds a part: a cost that covers days outside it counts in
no part of it.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from campaigns.errors import N_

Verdict = Literal["cheap", "average", "expensive", "few", "part", "no_costs"]

CHEAP, EXPENSIVE = 0.8, 1.25
FEWEST_CAMPAIGNS = 3
FEWEST_IMPRESSIONS = 1000

WORDS: dict[Verdict, str] = {
    "cheap": N_("cheap"),
    "average": N_("average"),
    "expensive": N_("expensive"),
    "few": N_("too few to judge"),
    "part": N_("partly in this period"),
    "no_costs": N_("no costs known"),
}

RULE = N_(
    "Cheap is at most {low}% of the median of your own campaigns in this period, expensive at "
    "least {high}%. Below {impressions} impressions, or with fewer than {campaigns} campaigns, "
    "nothing is judged; neither is a campaign that lies partly outside the period, because its "
    "costs may be left out."
)
"""The rule as a sentence, with `LIMITS` in words."""

LIMITS = {
    "low": CHEAP * 100,
    "high": EXPENSIVE * 100,
    "impressions": FEWEST_IMPRESSIONS,
    "campaigns": FEWEST_CAMPAIGNS,
}


@dataclass(frozen=True)
class Standard:
    """The median cost per 1,000 impressions of the own campaigns, and of how many.

    ``median`` is null when there are too few.
    """

    median: float | None
    campaigns: int


def standard(rows: Iterable[Mapping[str, Any]]) -> Standard:
    """The standard of the rows of a report by campaign; what belongs to none is left out.

    >>> row = {"campaign": "a", "impressions": 5000, "cpm": 10.0}
    >>> standard([row, {**row, "cpm": 30.0}, {**row, "cpm": 12.0}, {**row, "campaign": None}])
    Standard(median=12.0, campaigns=3)
    """
    known = [float(row["cpm"]) for row in rows if row["campaign"] is not None and _is_enough(row)]
    enough = len(known) >= FEWEST_CAMPAIGNS
    return Standard(statistics.median(known) if enough else None, len(known))


def is_whole(
    days: tuple[dt.date | None, dt.date | None],
    first: dt.date | None,
    last: dt.date | None,
    covered: dt.date | None,
) -> bool:
    """Whether a period holds all that is known of a campaign: null is open, ``covered`` the last
    day of data.

    >>> may, june = dt.date(2025, 5, 1), dt.date(2025, 6, 30)
    >>> is_whole((may, june), may, None, None), is_whole((may, june), june, None, None)
    (True, False)
    >>> is_whole((may, june), may, dt.date(2025, 6, 15), dt.date(2025, 6, 15))
    True
    """
    began, ended = days
    if first is not None and (began is None or began < first):
        return False
    if last is None or (covered is not None and last >= covered):
        return True
    return ended is not None and ended <= last


def verdict(row: Mapping[str, Any], against: Standard, *, is_part: bool = False) -> Verdict:
    """What is said of a row of a report by campaign; ``is_part``: the period holds a part of it.

    >>> own = Standard(10.0, 3)
    >>> [verdict({"impressions": 5000, "cpm": cpm}, own) for cpm in (8.0, 8.01, 12.5, None)]
    ['cheap', 'average', 'expensive', 'no_costs']
    >>> verdict({"impressions": 999, "cpm": 3.0}, own)
    'few'
    """
    if row["cpm"] is None:
        return "few" if row.get("cost") is not None else "no_costs"
    if is_part:
        return "part"
    if against.median is None or not _is_enough(row):
        return "few"
    if row["cpm"] <= CHEAP * against.median:
        return "cheap"
    return "expensive" if row["cpm"] >= EXPENSIVE * against.median else "average"


def middle(values: Iterable[float]) -> float | None:
    """The median; null of nothing.

    >>> middle([3, 1, 2]), middle([])
    (2.0, None)
    """
    known = [float(value) for value in values]
    return statistics.median(known) if known else None


def _is_enough(row: Mapping[str, Any]) -> bool:
    return row["cpm"] is not None and (row["impressions"] or 0) >= FEWEST_IMPRESSIONS
