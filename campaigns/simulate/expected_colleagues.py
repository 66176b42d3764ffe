"""What the ambassadors' report must say, computed from the truth in pandas: a second opinion.

As `campaigns.simulate.expected`, it follows the rules of counting in its own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from campaigns.simulate.colleagues import taking_part
from campaigns.simulate.expected import campaign_of
from campaigns.simulate.posts import records

if TYPE_CHECKING:
    from campaigns.simulate.truth import Organisation

OTHERS = "(other ambassadors)"
_ENOUGH = 5


def kept(organisation: Organisation) -> pd.DataFrame:
    """The posts of colleagues that may be kept, with ``campaign`` and the ``row`` that shows them.

    On X the text shows the campaign, on LinkedIn the link that the agency has of the post.
    """
    shared = organisation.shared
    campaign = [
        campaign_of(post["text"], post["published_on"])
        if post["platform"] == "x"
        else (post["campaign_id"] if post["is_reported"] else None)
        for post in records(shared)
    ]
    frame = shared.assign(campaign=pd.Series(campaign, shared.index, dtype=object))
    return _shown(frame[frame.campaign.notna()], rows(organisation))


def rows(organisation: Organisation) -> pd.DataFrame:
    """Everybody who takes part with the ``row`` of the report: the own name, a team, or others."""
    people = taking_part(organisation.ambassadors).copy()
    people["row"] = people.person.where(people.is_name_permitted)
    for _platform, unnamed in people[people.row.isna()].groupby("platform"):
        sizes = unnamed.groupby("team").size().to_dict()
        apart = {str(team): int(size) for team, size in sizes.items() if size >= _ENOUGH}
        rest = len(unnamed) - sum(apart.values())
        while apart and 0 < rest < _ENOUGH:
            smallest = min((size, team) for team, size in apart.items())[1]
            rest += apart.pop(smallest)
        others = OTHERS if rest else None
        people.loc[unnamed.index, "row"] = unnamed.team.where(
            unnamed.team.isin(list(apart)), others
        )
    return people


def _shown(frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The posts that count in a row over all time: with four other people in the campaign, or in
    the row at all."""
    known = frame.merge(people[["platform", "account_id", "person", "row", "is_name_permitted"]])
    key = ["platform", "row"]
    in_campaign = known.groupby([*key, "campaign"]).person.transform("nunique") >= _ENOUGH
    left = known[~in_campaign & ~known.is_name_permitted]
    in_row = left.groupby(key).person.transform("nunique") >= _ENOUGH
    counts = known.is_name_permitted | in_campaign
    counts.loc[in_row[in_row].index] = True
    return known.assign(row=known.row.where(counts))


def by_row(organisation: Organisation) -> pd.DataFrame:
    """Posts, impressions, engagements and cost by row of the report over all time."""
    posts = kept(organisation)
    found = posts.groupby("row").agg(
        posts=("post_id", "size"), impressions=("impressions", "sum"),
        engagements=("engagements", "sum"),
    )  # fmt: skip
    costs = organisation.costs.dropna(subset=["ambassador"])
    amounts = (costs.hours * costs.rate).groupby(costs.ambassador).sum()
    return found.assign(cost=amounts.reindex(found.index))
