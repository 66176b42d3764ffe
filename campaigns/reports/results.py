"""What a campaign brought beside delivery: applications, visits, recognition … as entered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from campaigns import definitions
from campaigns.reports.spending import IS_SCORE
from campaigns.store import Snapshot


@dataclass(frozen=True)
class Result:
    """One kind of result of a campaign.

    ``value`` is the sum of all lines of something counted, and the newest of a score or part
    (recognition, a grade), which is never added. ``unit`` and ``measured_by`` are as entered.
    """

    outcome: str
    unit: str | None
    measured_by: str | None
    is_score: bool
    value: float
    lines: int
    first_day: dt.date
    last_day: dt.date


def results(snapshot: Snapshot, campaign_id: str) -> list[Result]:
    """All kinds of results of a campaign: what is counted first, then scores, by name."""
    definitions.prepare(snapshot)
    rows = snapshot.rows(
        "SELECT min(outcome) AS outcome, unit, measured_by, is_score, CASE WHEN is_score "
        "THEN arg_max(value, (day, source, row_id)) ELSE sum(value) END AS value, "
        "count(*) AS lines, min(day) AS first_day, max(day) AS last_day FROM "
        f"(SELECT o.*, coalesce({IS_SCORE}, false) AS is_score FROM outcomes o "
        "JOIN outcome_campaigns c USING (source, row_id) "
        "WHERE c.campaign_id = $campaign AND o.value IS NOT NULL) "
        "GROUP BY lower(outcome), unit, measured_by, is_score ORDER BY is_score, outcome",
        {"campaign": campaign_id},
    )
    return [Result(**row) for row in rows]
