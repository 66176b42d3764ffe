"""Whether a campaign was cheap: its cost per 1,000 impressions beside that of the own campaigns.

The rule is one for all pages: cheap is at most four fifths of the own median, expensive at least
five quarters of it, and average lies between. A campaign that was hardly shown is not judged, and
where fewer than three campaigns can be judged nobody is, because a median of two is no standard.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from campaigns.errors import N_, Message

Verdict = Literal["cheap", "average", "expensive", "few", "no_costs"]

CHEAP, EXPENSIVE = 0.8, 1.25
FEWEST_CAMPAIGNS = 3
FEWEST_IMPRESSIONS = 1000

WORDS: dict[Verdict, str] = {
    "cheap": N_("cheap"),
    "average": N_("average"),
    "expensive": N_("expensive"),
    "few": N_("too few to judge"),
    "no_costs": N_("no costs known"),
}

RULE = Message(
    N_("Cheap is at most {low} % of the median of your own campaigns in this period, expensive at "
       "least {high} %. Below {impressions} impressions, or with fewer than {campaigns} campaigns, "
       "nothing is judged."),
    {"low": round(CHEAP * 100), "high": round(EXPENSIVE * 100), "impressions": FEWEST_IMPRESSIONS,
     "campaigns": FEWEST_CAMPAIGNS},
)  # fmt: skip
"""The rule as a sentence."""


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


def verdict(row: Mapping[str, Any], against: Standard) -> Verdict:
    """What is said of a row of a report by campaign.

    >>> own = Standard(10.0, 3)
    >>> [verdict({"impressions": 5000, "cpm": cpm}, own) for cpm in (8.0, 8.01, 12.5, None)]
    ['cheap', 'average', 'expensive', 'no_costs']
    >>> verdict({"impressions": 999, "cpm": 3.0}, own)
    'few'
    """
    if row["cpm"] is None:
        return "few" if row.get("cost") is not None else "no_costs"
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
