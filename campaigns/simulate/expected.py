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

from campaigns.simulate.agency import CAMPAIGNS, PLACEMENTS
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
        """Totals of the published accounting by ``platform``, ``account_id`` or ``campaign``.

        Columns: posts, replies; the figures, organic and paid together; ``organic_`` and
        ``paid_impressions``; spend and cost. The index has a row ``""`` for what belongs to no
        campaign, platform or account. A figure that nothing in the group reports is null.
        """
        posts = self.posts.assign(**{column: self.posts[column].fillna("")})
        is_linkedin = posts.platform == "linkedin"
        parts: dict[str, Any] = {"posts": posts.groupby(column).size()}
        parts["replies"] = posts.groupby(column).is_reply.sum()
        for figure in FIGURES:
            organic, paid, total = (posts[f"{figure}_{d}"] for d in ("organic", "paid", "total"))
            both = total.fillna(organic + paid).fillna(organic)
            # The ads export covers every day of the pages that advertise: paid is known from it.
            parts[figure] = _sum(organic.where(is_linkedin, both), posts[column])
        parts["organic_impressions"] = _sum(posts.impressions_organic, posts[column])
        promoted = posts.impressions_paid.mask(is_linkedin)
        parts["paid_impressions"] = _sum(promoted, posts[column])
        found = pd.DataFrame(parts)
        ads = self.ads.assign(**{column: self.ads[column].fillna("")})
        by_ads = ads.groupby(column)[["spend", *FIGURES]].sum()
        found = found.reindex(found.index.union(by_ads.index))
        for figure in FIGURES:
            found[figure] = found[figure].add(by_ads[figure], fill_value=0)
        paid_ads = by_ads.impressions
        found["paid_impressions"] = found.paid_impressions.add(paid_ads, fill_value=0)
        found["spend"] = by_ads.spend.round(2)
        if column in self.costs:
            costs = self.costs.assign(**{column: self.costs[column].fillna("")})
            amounts = costs.groupby(column).amount.sum()
            found = found.reindex(found.index.union(amounts.index))
            found["cost"] = found.spend.add(amounts, fill_value=0)
        return found


def _sum(values: pd.Series[float], group: pd.Series[str]) -> pd.Series[float]:
    return values.groupby(group).sum(min_count=1)


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
    return (
        rows.groupby(key, sort=False, dropna=False)[
            [name for name in log if name in counters or name not in key]
        ]
        .last()
        .reset_index()
    )


def _posts(organisation: Organisation, figures: pd.DataFrame) -> pd.DataFrame:
    wide = figures.pivot(index="post_id", columns="delivery", values=list(FIGURES))
    wide.columns = pd.Index(["_".join(map(str, name)) for name in wide.columns.to_flat_index()])
    columns = ["platform", "post_id", "account_id", "published_on", "is_reply"]
    known = organisation.posts[organisation.posts.post_id.isin(wide.index)]
    boosts = organisation.ads.dropna(subset="post_id").groupby("post_id").campaign_name.first()
    boosted = set(figures.post_id[figures.delivery == "paid"]) & set(boosts.index)
    by_hand = organisation.by_hand.set_index("post_id").campaign_id.to_dict()
    given = [
        by_hand.get(post["post_id"]) or campaign_of(post["text"], post["published_on"],
                    boosts[post["post_id"]] if post["post_id"] in boosted else "")
        for post in records(known)
    ]  # fmt: skip
    return known[columns].assign(campaign=pd.Series(given, known.index)).join(wide, on="post_id")


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
    """Ads with the campaign of their name, if they ran on a day of that campaign."""
    given: dict[str, str | None] = {}
    for key, frame in ads.groupby("ad_id"):
        name, first, last = frame.campaign_name.iloc[0], frame.day.min(), frame.day.max()
        given[str(key)] = next(
            (
                one.campaign_id
                for one in CAMPAIGNS
                if name.startswith(one.ad_names) and first <= one.last_day and last >= one.first_day
            ),
            None,
        )
    return ads.assign(campaign=ads.ad_id.map(given))


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
        is_known = organisation.first_day <= placement.first_day
        if is_known and placement.last_day <= organisation.last_day:
            rows.append(
                {"campaign": placement.campaign_id, "platform": placement.medium,
                 "kind": "placement", "amount": placement.amount}
            )  # fmt: skip
    return pd.DataFrame(rows)
