"""What the agency writes down itself: ambassadors, costs and results."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from campaigns.simulate.agency import (
    CAMPAIGNS,
    FIRST_NAMES,
    LAST_NAMES,
    TEAMS,
    UNWILLING,
    Campaign,
    Team,
)
from campaigns.simulate.posts import random


def ambassadors(seed: int, last: date) -> pd.DataFrame:
    """Colleagues who were asked to share: most agreed, one withdrew, a few may be named.

    Columns: platform, account_id, person, team, opted_in_on, withdrawn_on, is_name_permitted.
    """
    rng = random(seed, "ambassadors")
    names = [f"{first} {family}" for first in FIRST_NAMES for family in LAST_NAMES]
    people = iter(names[index] for index in rng.permutation(len(names)))
    return pd.DataFrame(
        [
            _ambassador(team, number, next(people), last, rng)
            for team in TEAMS
            for number in range(team.size)
        ]
    )


def _ambassador(
    team: Team, number: int, person: str, last: date, rng: np.random.Generator
) -> dict[str, object]:
    has_agreed = number != UNWILLING
    opted_in_on = last - timedelta(days=int(rng.integers(290, 330)))
    plain = unicodedata.normalize("NFKD", person.lower()).encode("ascii", "ignore").decode()
    handle = plain.replace(" ", "-") + "-vb"
    if team.platform == "x":  # at most 15 letters, digits and underscores
        handle = f"{plain.split()[0]}_{rng.integers(100, 1000)}_vb"
    return {
        "platform": team.platform,
        "account_id": handle,
        "person": person,
        "team": team.name,
        "opted_in_on": opted_in_on if has_agreed else None,
        "withdrawn_on": last - timedelta(days=60) if number in team.withdrawn else None,
        "is_name_permitted": number in team.named,
    }


def costs(seed: int, first: date, last: date) -> pd.DataFrame:
    """One row per cost line: campaign parts, kind, amount or hours and rate, covered period.

    ``shares`` is ``campaign=part`` separated by ``;``, empty for costs of no campaign. Amounts
    are euros without VAT; ``ambassador`` is the team or colleague whose hours they are. Spend on
    ads is not among them: that comes from the ads export.
    """
    rows: list[dict[str, object]] = []
    colleagues = ambassadors(seed, last)
    for campaign in _of(first, last):
        if campaign.has_costs:
            rng = random(seed, "costs", campaign.campaign_id)
            rows += _campaign_costs(campaign, first, last, rng)
            rows += _hours(campaign, colleagues, first, last)
    rows += _running_costs(first, last)
    frame = pd.DataFrame(rows)
    frame.insert(0, "row_id", [f"K{number:03d}" for number in range(1, len(frame) + 1)])
    return frame


def _of(first: date, last: date) -> Iterator[Campaign]:
    """The campaigns of which at least a week lies in the period."""
    for campaign in CAMPAIGNS:
        if campaign.first_day <= last - timedelta(days=7) and campaign.last_day >= first:
            yield campaign


def _line(
    shares: str, kind: str, description: str, first: date, last: date, **values: object
) -> dict[str, object]:
    empty = dict.fromkeys(("platform", "amount", "hours", "rate", "ambassador"))
    return {
        "shares": shares, "kind": kind, "description": description,
        **empty, **values, "first_day": first, "last_day": last,
    }  # fmt: skip


def _campaign_costs(
    campaign: Campaign, first: date, last: date, rng: np.random.Generator
) -> Iterator[dict[str, object]]:
    start, end = max(first, campaign.first_day), min(last, campaign.last_day)
    name = campaign.campaign_id
    production = round(campaign.budget * float(rng.uniform(0.08, 0.16)), 2)
    yield _line(name, "production", "Filmpjes en beeld", start, end, amount=production)
    agency = round(campaign.budget * float(rng.uniform(0.05, 0.12)), 2)
    yield _line(name, "agency", "Bureau: concept en teksten", start, end, amount=agency)
    hours = float(rng.integers(40, 160))
    yield _line(name, "hours", "Eigen redactie", start, end, hours=hours, rate=78.5)
    if campaign.campaign_id == "stormklaar-2024":
        yield _line(name, "media", "Promotie op X (factuur)", start, end, amount=2350.0,
                    platform="x")  # fmt: skip


def _hours(
    campaign: Campaign, colleagues: pd.DataFrame, first: date, last: date
) -> Iterator[dict[str, object]]:
    """Hours that teams spent on sharing, and those of the colleagues who may be named."""
    start, end = max(first, campaign.first_day), min(last, campaign.last_day)
    named = colleagues[colleagues.is_name_permitted]
    for team in TEAMS:
        if campaign.campaign_id not in team.campaigns or team.hours is None:
            continue
        bearers = [(team.name, team.hours)]
        bearers += [(str(person), 2.5) for person in named.person[named.team == team.name]]
        for bearer, hours in bearers:
            yield _line(campaign.campaign_id, "hours", "Delen door collega's", start, end,
                        hours=hours, rate=64.0, ambassador=bearer)  # fmt: skip


def _running_costs(first: date, last: date) -> Iterator[dict[str, object]]:
    names = [campaign.campaign_id for campaign in _of(first, last) if campaign.has_costs]
    if len(names) > 1:
        shares = f"{names[0]}=0.6;{names[1]}=0.4"
        yield _line(shares, "production", "Fotograaf, gedeeld", first, last, amount=1800.0)
    for start in pd.date_range(first, last, freq="QS"):
        day = start.date()
        end = min(last, (start + pd.DateOffset(months=3)).date() - timedelta(days=1))
        yield _line("", "tools", "Licentie planningsprogramma", day, end, amount=435.0)


def outcomes(seed: int, first: date, last: date) -> pd.DataFrame:
    """Results by day and campaign: visits, and what the campaign is for; a survey at the end."""
    rows: list[dict[str, object]] = []
    for campaign in _of(first, last):
        rng = random(seed, "outcomes", campaign.campaign_id)
        start, end = max(first, campaign.first_day), min(last, campaign.last_day)
        days = [day.date() for day in pd.date_range(start, end)]
        usual = campaign.goal_target / max((campaign.last_day - campaign.first_day).days, 1)
        for kind in dict.fromkeys(("bezoeken", campaign.goal_metric)):
            if kind == "impressions":
                continue
            mean = usual * 0.95 if kind == campaign.goal_metric else 90.0
            source = "webstatistiek" if kind == "bezoeken" else "eigen telling"
            for day, value in zip(days, rng.poisson(mean, len(days)), strict=True):
                rows.append(_result(campaign, day, kind, float(value), "", source))
        if campaign.last_day <= last:
            share = round(float(rng.uniform(0.25, 0.6)), 2)
            grade = round(float(rng.uniform(6.2, 7.8)), 1)
            source = "effectmeting, n = 412"
            rows.append(_result(campaign, end, "herkenning", round(100 * share), "%", source))
            rows.append(_result(campaign, end, "waardering", grade, "cijfer", source))
    frame = pd.DataFrame(rows)
    frame.insert(0, "row_id", [f"R{number:04d}" for number in range(1, len(frame) + 1)])
    return frame


def _result(
    campaign: Campaign, day: date, outcome: str, value: float, unit: str, source: str
) -> dict[str, object]:
    return {
        "campaign": campaign.campaign_id,
        "day": day,
        "outcome": outcome,
        "value": value,
        "unit": unit,
        "measured_by": source,
    }
