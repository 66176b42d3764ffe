"""LinkedIn's followers exports: who follows the agency's pages, and the target groups it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from campaigns.simulate.agency import ACCOUNTS, Account
from campaigns.simulate.downloads import collected
from campaigns.simulate.linkedin_files import workbook
from campaigns.simulate.posts import random

if TYPE_CHECKING:
    from campaigns.simulate.truth import Organisation


@dataclass(frozen=True)
class TargetGroup:
    """A target group as the agency would state it: conditions as (kind, value), invented shares."""

    name: str
    conditions: tuple[tuple[str, str], ...]
    population_share: float | None = None
    population_source: str | None = None


_SOURCE = "verzonnen cijfer bij dit voorbeeld, 2025"

TARGET_GROUPS = (
    TargetGroup("Technici", (("function", "Engineering"),), 0.055, _SOURCE),
    TargetGroup(
        "Zorg en onderwijs",
        (("function", "Education"), ("function", "Healthcare Services")),
        0.21,
        _SOURCE,
    ),
    TargetGroup("Noorden", (("region", "Groningen*"), ("region", "Friesland*")), 0.07, _SOURCE),
    TargetGroup("Kunst en vormgeving", (("function", "Arts and Design"),), 0.02, _SOURCE),
    TargetGroup("Werkzoekenden", (("hashtag", "WerkenAanWater"), ("hashtag", "OpenDagWaterweide"))),
)
"""One that is over-reached, one under-reached, one in proportion, one too small to be shown, and
one that is known by what is posted for it."""

_SHEETS: dict[str, dict[str, float]] = {
    "Location": {
        "Utrecht Area, Netherlands": 24, "Amsterdam Area, Netherlands": 19,
        "Rotterdam Area, Netherlands": 17, "Arnhem Area, Netherlands": 11,
        "Eindhoven Area, Netherlands": 9, "Zwolle Area, Netherlands": 8,
        "Groningen Area, Netherlands": 4.6, "Friesland, Netherlands": 2.4,
        "Antwerp Area, Belgium": 3, "Brussels Region, Belgium": 2,
    },
    "Job function": {
        "Engineering": 19, "Operations": 13, "Program and Project Management": 11,
        "Business Development": 9, "Information Technology": 9, "Media and Communication": 8,
        "Administrative": 7, "Research": 6, "Education": 5, "Human Resources": 5,
        "Healthcare Services": 3, "Legal": 3, "Finance": 2,
    },
    "Seniority": {"Senior": 38, "Entry": 31, "Manager": 12, "Director": 8, "Training": 5,
                  "Owner": 3, "CXO": 2, "VP": 1},
    "Industry": {"Government Administration": 31, "Civil Engineering": 22, "Construction": 14,
                 "Environmental Services": 12, "Higher Education": 9, "IT Services": 8,
                 "Utilities": 4},
    "Company size": {"10001+": 22, "1001-5000": 21, "5001-10000": 15, "201-500": 13,
                     "51-200": 11, "11-50": 9, "2-10": 6, "1": 3},
}  # fmt: skip
"""Parts of the followers by sheet and group, in percents."""

_FEW = {"Arts and Design": 3}
"""A group of three people, who follow the smallest page."""

_DAYS = 28


def exports(organisation: Organisation) -> Iterator[tuple[str, bytes]]:
    """The followers export of each LinkedIn page, downloaded half-way and at the end."""
    first, last = organisation.first_day, organisation.last_day
    middle = first + (last - first) / 2
    for number, day in enumerate((middle, last)):
        for account in ACCOUNTS:
            if account.platform == "linkedin":
                yield _export(organisation.seed, account, day, number)


def _export(seed: int, account: Account, day: date, number: int) -> tuple[str, bytes]:
    made_at = collected("linkedin_page", day)
    rng = random(seed, "followers", account.account_id, str(number))
    header = ["Date", "Sponsored followers", "Organic followers", "Auto-invited followers",
              "Total followers"]  # fmt: skip
    new = rng.poisson(account.followers / 3_000, _DAYS)
    lines: list[list[str | float]] = [
        [f"{day - timedelta(days=_DAYS - 1 - n):%m/%d/%Y}", 0.0, float(one), 0.0, float(one)]
        for n, one in enumerate(new)
    ]
    sheets: list[tuple[str, list[list[str | float]]]] = [("New followers", [[*header], *lines])]
    followers = account.followers * (0.9, 1.0)[number]
    for name, parts in _SHEETS.items():
        people = np.rint(np.array([*parts.values()]) / 100 * followers * rng.normal(1, 0.03))
        rows: list[list[str | float]] = [
            [group, float(many)] for group, many in zip(parts, people, strict=True)
        ]
        if name == "Job function" and account == _SMALLEST:
            rows += [[group, float(many)] for group, many in _FEW.items()]
        sheets.append((name, [[name, "Total followers"], *rows]))
    stamp = int(made_at.timestamp() * 1000)
    return f"linkedin/followers/{account.account_id}_followers_{stamp}.xlsx", workbook(
        sheets, made_at
    )


_SMALLEST = min(
    (one for one in ACCOUNTS if one.platform == "linkedin"), key=lambda one: one.followers
)
