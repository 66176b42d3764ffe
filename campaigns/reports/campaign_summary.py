"""One campaign on one page, beside the one before it: what a meeting is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns import definitions
from campaigns.definitions import Campaign
from campaigns.errors import Message, MixedCurrencies
from campaigns.metrics import METRICS
from campaigns.reports.history import hidden_accounts
from campaigns.reports.question import Question
from campaigns.reports.report import Report, answer
from campaigns.reports.results import Result, results
from campaigns.reports.rows import Row
from campaigns.store import Snapshot

FIGURES = (
    "impressions", "reach_lower", "reach_upper", "engagements", "er_impressions", "clicks",
    "spend", "online_cost", "cost", "cpm", "outcome", "cost_per_outcome", "budget", "budget_left",
    "contacts", "readers_lower", "readers_upper",
)  # fmt: skip
BY_MEDIA = (
    "impressions", "reach_lower", "reach_upper", "engagements", "contacts", "readers_lower",
    "readers_upper", "spend", "cost", "cpm", "cost_per_contact",
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """A campaign over its whole time, and the campaign that it is held against (null: none).

    ``row`` and ``before`` are rows of a report by campaign with `FIGURES`, ``media`` of one by
    media with `BY_MEDIA`. ``changes`` are relative, of figures that both know. ``others`` are the
    campaigns to choose from, newest first. ``first`` and ``last`` are the campaign's days: as
    stated, else of its posts; null where neither is known.
    """

    campaign: Campaign
    against: Campaign | None
    others: tuple[Campaign, ...]
    first: dt.date | None
    last: dt.date | None
    row: Row
    before: Row | None
    media: tuple[Row, ...]
    results: tuple[Result, ...]
    changes: Mapping[str, float | None]
    notes: tuple[Message, ...]
    mixed: MixedCurrencies | None = None


@dataclass(frozen=True)
class Progress:
    """How far a campaign's goal has come: ``share`` is the part of ``target``, null without one.

    ``name`` is a metric (``is_metric``) or a result as it was entered; ``value`` is null while
    nothing is known of it.
    """

    name: str
    is_metric: bool
    value: float | None
    target: float | None
    share: float | None
    on: dt.date | None


def progress(campaign: Campaign, row: Mapping[str, Any]) -> Progress | None:
    """The goal of a campaign beside a row of a report by campaign; null without a goal.

    >>> zomer = Campaign("Zomer", goal_metric="visits", goal_target=200.0)
    >>> progress(zomer, {"outcome": 50.0}).share
    0.25
    """
    name = campaign.goal_metric
    if name is None:
        return None
    is_metric = _is_metric(name)
    value = row.get(name if is_metric else "outcome")
    target = campaign.goal_target
    share = value / target if value is not None and target else None
    return Progress(name, is_metric, value, target, share, campaign.goal_on)


def goal_metrics(campaign: Campaign) -> tuple[str, ...]:
    """The metric that is a campaign's goal, where it is one."""
    name = campaign.goal_metric
    return (name,) if name is not None and _is_metric(name) else ()


def summary(snapshot: Snapshot, name: str, against: str | None = None) -> Summary:
    """The summary of a campaign, by id or name, against another or else the one before it.

    Raises `UnknownCampaign`. Amounts that cannot be added are left out, and ``mixed`` says why.
    """
    campaign = definitions.find(snapshot, name)
    days = spans(snapshot)
    others = _others(definitions.campaigns(snapshot), campaign, days)
    held = definitions.find(snapshot, against) if against else previous(campaign, others, days)
    if held is not None and held.campaign_id == campaign.campaign_id:
        held = None
    found, mixed = _answer(snapshot, campaign, ("campaign",), FIGURES)
    row = found.rows[0] if found.rows else {}
    before = None
    if held is not None:
        other, also_mixed = _answer(snapshot, held, ("campaign",), FIGURES)
        before, mixed = (other.rows[0] if other.rows else {}), mixed or also_mixed
    differ = changes(row, before)
    if held is not None and not _is_same_goal(campaign, held):
        differ |= {"outcome": None, "cost_per_outcome": None}
    media, _mixed = _answer(snapshot, campaign, ("media",), BY_MEDIA)
    first, last = days.get(campaign.campaign_id, (None, None))
    return Summary(
        campaign, held, tuple(others), first, last, row, before, tuple(media.rows),
        tuple(results(snapshot, campaign.campaign_id)), differ, found.notes, mixed,
    )  # fmt: skip


def changes(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, float | None]:
    """How much each figure differs from before; null where one is unknown or nothing was before.

    Amounts in different currencies do not compare.

    >>> changes({"clicks": 30, "cost": 5.0}, {"clicks": 20, "cost": None})["clicks"]
    0.5
    """
    found: dict[str, float | None] = {}
    for name in ("posts", *FIGURES):
        now, then = row.get(name), (before or {}).get(name)
        is_other = name in METRICS and METRICS[name].is_money and (
            row.get("currency") != (before or {}).get("currency")
        )  # fmt: skip
        is_known = now is not None and then not in (None, 0) and not is_other
        found[name] = (now - then) / abs(then) if is_known else None  # type: ignore[operator, arg-type]
    return found


def _is_same_goal(one: Campaign, other: Campaign) -> bool:
    """Whether the results of two campaigns are of the same kind: visits are no applications."""
    goals = [(campaign.goal_metric or "").casefold() for campaign in (one, other)]
    return goals[0] != "" and goals[0] == goals[1]


def forgiving(
    ask: Callable[[Question], Report], question: Question
) -> tuple[Report, MixedCurrencies | None]:
    """A report; where its amounts cannot be added, without amounts, and why."""
    try:
        return ask(question), None
    except MixedCurrencies as error:
        kept = tuple(m.name for m in question.asked if not m.is_money)
        return ask(replace(question, metrics=kept)), error


def spans(snapshot: Snapshot) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    """The first and last day of every campaign: as stated, else of its posts that are shown."""
    assigned = definitions.assigned(snapshot)
    kept = snapshot.cached(
        "posted",
        "SELECT campaign_id, platform, account_id, min(published_on) AS first, "
        f"max(published_on) AS last FROM {assigned} JOIN posts USING (platform, post_id) "
        "WHERE campaign_id IS NOT NULL GROUP BY ALL",
        of=definitions.ASSIGNED_BY,
    )
    rows = snapshot.rows(
        f"SELECT campaign_id, min(first) AS first, max(last) AS last FROM {kept} "
        "WHERE NOT list_contains($hidden, platform || '/' || account_id) GROUP BY campaign_id",
        {"hidden": hidden_accounts(snapshot)},
    )
    posted = {row["campaign_id"]: (row["first"], row["last"]) for row in rows}
    return {
        one.campaign_id: (
            one.first_day or posted.get(one.campaign_id, (None, None))[0],
            one.last_day or posted.get(one.campaign_id, (None, None))[1],
        )
        for one in definitions.campaigns(snapshot)
    }


def previous(
    campaign: Campaign,
    others: Sequence[Campaign],
    days: Mapping[str, tuple[dt.date | None, dt.date | None]],
) -> Campaign | None:
    """The campaign that began last before this one; null when none did.

    ``others`` are in order, those that began last first.
    """
    first, _last = days.get(campaign.campaign_id, (None, None))
    for one in others:
        began = days[one.campaign_id][0]
        if first is not None and began is not None and began < first:
            return one
    return None


def _others(
    known: Sequence[Campaign],
    campaign: Campaign,
    days: Mapping[str, tuple[dt.date | None, dt.date | None]],
) -> list[Campaign]:
    found = [one for one in known if one.campaign_id != campaign.campaign_id]
    return sorted(found, key=lambda one: days[one.campaign_id][0] or dt.date.min, reverse=True)


def _answer(
    snapshot: Snapshot, campaign: Campaign, by: tuple[str, ...], metrics: tuple[str, ...]
) -> tuple[Report, MixedCurrencies | None]:
    goal = goal_metrics(campaign) if by == ("campaign",) else ()
    question = Question(by=by, metrics=(*metrics, *goal), campaign=campaign.campaign_id)
    return forgiving(lambda one: answer(snapshot, one), question)


def _is_metric(name: str) -> bool:
    """Whether a goal is a metric that a report by campaign can give."""
    metric = METRICS.get(name)
    return metric is not None and (not metric.by or "campaign" in metric.by)
