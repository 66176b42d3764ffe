"""What reports over the files must say, computed from the truth in pandas: a second opinion.

Nothing here uses the engine, the collectors or the reports; it follows the rules of counting in
its own way, so that tests can compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from campaigns.simulate.agency import ACCOUNTS, CAMPAIGNS, PLACEMENTS
from campaigns.simulate.posts import records

if TYPE_CHECKING:
    from campaigns.simulate.truth import Organisation

FIGURES = ("impressions", "likes", "comments", "shares", "clicks")
"""The figures that every source here reports."""


@dataclass(frozen=True)
class Expected:
    """Independent totals.

    ``posts``: one row per post in the files, with the campaign that its rules give it
    (``campaign``, None for none) and its newest known figures as ``impressions_organic``,
    ``…_paid`` and ``…_total`` (null where no file says it). ``ads``: one row per ad and day,
    newest figures. ``costs``: one row per cost line and campaign that bears it (``amount``,
    without spend). ``days``: newest account days.
    """

    posts: pd.DataFrame
    ads: pd.DataFrame
    costs: pd.DataFrame
    days: pd.DataFrame

    def by(self, column: str) -> pd.DataFrame:
        """Totals of the published accounting by ``platform``, ``account`` or ``campaign``.

        Columns: posts, replies, the figures (total: organic and paid), organic_impressions,
        paid_impressions, spend and cost; null where nothing is known. The index is None for
        posts and costs of no campaign.
        """
        raise NotImplementedError


def expected(organisation: Organisation) -> Expected:
    """The totals that follow from what the organisation's downloads knew."""
    figures = newest(organisation.post_figures, ["post_id", "delivery"])
    ads = newest(organisation.ad_figures, ["ad_account_name", "ad_id", "day"])
    days = newest(organisation.day_figures, ["platform", "account_id", "day", "delivery"])
    return Expected(_posts(organisation, figures), _ads(ads), _costs(organisation), days)


def newest(log: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The newest known value of each column, by key; of equal moments the larger figure.

    >>> log = pd.DataFrame({"id": [1, 1], "n": [5.0, None], "collected_at": [1, 2]})
    >>> newest(log, ["id"]).n.tolist()
    [5.0]
    """
    counters = list(log.select_dtypes("number").columns.difference(key))
    order = ["collected_at", *([name] if (name := "impressions") in log else []), *key]
    rows = log.sort_values(order, kind="stable")
    return rows.groupby(key, sort=False, dropna=False)[
        [name for name in log if name in counters or name not in key]
    ].last().reset_index()


def _posts(organisation: Organisation, figures: pd.DataFrame) -> pd.DataFrame:
    wide = figures.pivot(index="post_id", columns="delivery", values=list(FIGURES))
    wide.columns = pd.Index([f"{figure}_{delivery}" for figure, delivery in wide.columns])
    columns = ["platform", "post_id", "account_id", "published_on", "is_reply"]
    known = organisation.posts[organisation.posts.post_id.isin(wide.index)]
    boosts = organisation.ads.dropna(subset="post_id").groupby("post_id").campaign_name.first()
    boosted = set(figures.post_id[figures.delivery == "paid"]) & set(boosts.index)
    given = [
        campaign_of(post["text"], post["published_on"],
                    boosts[post["post_id"]] if post["post_id"] in boosted else "")
        for post in records(known)
    ]  # fmt: skip
    return known[columns].assign(campaign=given).join(wide, on="post_id")


def campaign_of(text: str, day: date, ad_campaign: str = "") -> str | None:
    """The campaign to which the rules in ``campaigns.toml`` give a post: the first that matches.

    >>> campaign_of("Lekker zwemmen! #zwemveilig", date(2025, 6, 1))
    'zwemveilig-2025'
    >>> campaign_of("Lekker zwemmen! #zwemveilig", date(2025, 2, 1)) is None
    True
    """
    tags = {tag.casefold() for tag in re.findall(r"#(\w+)", text)}
    for campaign in CAMPAIGNS:
        marks = (
            campaign.hashtag.casefold() in tags,
            f"utm_campaign={campaign.utm}" in text,
            ad_campaign.startswith(campaign.ad_names),
        )
        if campaign.first_day <= day <= campaign.last_day and any(marks):
            return campaign.campaign_id
    return None


def _ads(ads: pd.DataFrame) -> pd.DataFrame:
    return ads.rename(columns={"campaign_id": "campaign"})


def _costs(organisation: Organisation) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for line in records(organisation.costs):
        amount = line["hours"] * line["rate"] if line["kind"] == "hours" else line["amount"]
        for part in line["shares"].split(";"):
            name, _, share = part.partition("=")
            rows.append(
                {"campaign": name or None, "platform": line["platform"], "kind": line["kind"],
                 "amount": amount * float(share or 1)}
            )  # fmt: skip
    for placement in PLACEMENTS:
        if organisation.first_day <= placement.first_day:
            if placement.last_day <= organisation.last_day:
                rows.append(
                    {"campaign": placement.campaign_id, "platform": placement.medium,
                     "kind": "placement", "amount": placement.amount}
                )  # fmt: skip
    return pd.DataFrame(rows)
