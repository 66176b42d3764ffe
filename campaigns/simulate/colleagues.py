"""What ambassadors share: posts about the campaigns of their team, and posts of their own.

Only what says or shows a campaign may be kept: LinkedIn's personal export has no texts, so there
the agency has the links of what was shared, but for a few that nobody reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from campaigns.simulate import texts
from campaigns.simulate.agency import CAMPAIGNS, TEAMS, Account, Team
from campaigns.simulate.posts import RATES, Draft, as_posts, campaign_text, moment, random, records

FOLDER = "colleagues"
"""Where the files of colleagues lie: in a folder each, named after their account."""

_SHARES = 2.1
_OWN_POSTS = 3
_UNREPORTED = 0.12
_OWN_TEXTS = ("Lekker gefietst vandaag.", "Op zoek naar een goed boek, tips?",
              "Trots op onze jongste: zwemdiploma gehaald!", "Wat een avondlucht boven {place}.",
              "Files, files, files.", "Weekend in {place} met de familie.")  # fmt: skip


def taking_part(ambassadors: pd.DataFrame) -> pd.DataFrame:
    """Those who agreed and did not withdraw: only they hand in files."""
    return ambassadors[ambassadors.opted_in_on.notna() & ambassadors.withdrawn_on.isna()]


def posts(seed: int, ambassadors: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """All posts in the files of colleagues, in the shape of `campaigns.simulate.posts.posts`.

    ``is_reported`` says whether the agency has the link of a post about a campaign.
    """
    teams = {team.name: team for team in TEAMS}
    frames = [
        _posts_of(person, teams[person["team"]], random(seed, "colleague", person["account_id"]),
                  max(first, person["opted_in_on"]), last)
        for person in records(taking_part(ambassadors))
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _posts_of(
    person: dict[str, Any], team: Team, rng: np.random.Generator, first: date, last: date
) -> pd.DataFrame:
    account = Account(
        team.platform, person["account_id"], person["person"], int(rng.integers(250, 2400)), 1.0,
        0.35, 0.0, (), team.campaigns,
    )  # fmt: skip
    drafts = list(_shared(account, rng, first, last))
    days = (last - first).days
    for _ in range(_OWN_POSTS):
        day = first + timedelta(days=int(rng.integers(days + 1)))
        text = texts.filled(_OWN_TEXTS[int(rng.integers(len(_OWN_TEXTS)))], rng)
        drafts.append(Draft(moment(day, rng), text, "text", has_link=False))
    frame = as_posts(account, drafts, rng)
    parts = [name for name in RATES[team.platform] if name in frame]
    is_about = frame.campaign_id.notna()
    return frame.assign(
        engagements=frame[parts].sum(axis=1),
        is_reported=is_about & (rng.random(len(frame)) >= _UNREPORTED),
    )


def _shared(account: Account, rng: np.random.Generator, first: date, last: date) -> Iterator[Draft]:
    """A few posts about each campaign of the team, on working days; some share nothing."""
    for campaign in CAMPAIGNS:
        if campaign.campaign_id not in account.campaigns:
            continue
        days = _working_days(max(first, campaign.first_day), min(last, campaign.last_day))
        for _ in range(int(rng.poisson(_SHARES)) if days else 0):
            day = days[int(rng.integers(len(days)))]
            text = campaign_text(account, campaign, day, rng)
            media = str(rng.choice(["text", "image", "video"], p=[0.2, 0.5, 0.3]))
            yield Draft(moment(day, rng), text, media, campaign, pull=campaign.pull)


def _working_days(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]
