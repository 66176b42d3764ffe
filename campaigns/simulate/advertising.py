"""Paid delivery: ads on LinkedIn by day, boosted posts, and promoted posts on X."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from campaigns.simulate.agency import ACCOUNTS, FLIGHTS, Account
from campaigns.simulate.posts import RATES, random, records

AD_MEASURES = ("spend", "impressions", "reach", "clicks", "landing_page_clicks", "page_clicks",
               "likes", "comments", "shares", "follows", "other_clicks", "leads")  # fmt: skip
"""The figures of an ad's day; ``spend`` in euros, the others counts."""

_CPM = 32.0
_BOOST_DAYS = 9


def ad_days(seed: int, posts: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Ads by day: one row per ad and day with delivery. ``post_id`` is set on boosts only."""
    frames = [*_flights(seed, first, last), *_boosts(seed, posts, last)]
    if not frames:
        return pd.DataFrame(columns=["account_id", "post_id", "day", *AD_MEASURES])
    return pd.concat(frames, ignore_index=True)


def _flights(seed: int, first: date, last: date) -> list[pd.DataFrame]:
    frames = []
    accounts = {account.account_id: account for account in ACCOUNTS}
    for number, flight in enumerate(FLIGHTS):
        days = [day for day in flight.days() if first <= day <= last]
        for order, headline in enumerate(flight.headlines):
            names = {
                "group_name": flight.group,
                "campaign_name": flight.name,
                "campaign_key": str(410_220_000 + number * 37),
                "ad_id": str(730_110_000 + number * 100 + order),
                "ad_name": f"{flight.group} {chr(65 + order)}",
                "headline": headline,
                "objective": flight.objective,
                "campaign_id": flight.campaign_id,
                "post_id": None,
            }
            rng = random(seed, "ads", flight.name, headline)
            budget = flight.daily_budget / len(flight.headlines)
            frames.append(_delivery(accounts[flight.account_id], names, days, budget, rng))
    return [frame for frame in frames if len(frame)]


def _boosts(seed: int, posts: pd.DataFrame, last: date) -> list[pd.DataFrame]:
    """Every fourth campaign post of a page that advertises, and now and then another post."""
    frames = []
    for account in ACCOUNTS:
        if not account.ad_account:
            continue
        own = posts[(posts.account_id == account.account_id) & posts.experiment_id.isna()]
        about = own[own.campaign_id.notna()].iloc[::4]
        chosen = pd.concat([about, own[own.campaign_id.isna()].iloc[5::60]])
        for post in records(chosen):
            digits = post["post_id"][-9:]
            is_about = isinstance(post["campaign_id"], str)
            what = post["campaign_id"] if is_about else "los bericht"
            ad = {
                "group_name": "Boosts",
                "campaign_name": f"Boost | {what} | {post['published_on']}",
                "campaign_key": f"5{digits}",
                "ad_id": f"8{digits}",
                "ad_name": f"Boost {digits}",
                "headline": "",
                "objective": "Engagement",
                "campaign_id": post["campaign_id"] if is_about else None,
                "post_id": post["post_id"],
            }
            start = post["published_on"] + timedelta(days=1)
            days = [start + timedelta(days=n) for n in range(_BOOST_DAYS)]
            rng = random(seed, "boost", post["post_id"])
            days = [day for day in days if day <= last]
            frames.append(_delivery(account, ad, days, float(rng.uniform(12, 45)), rng))
    return [frame for frame in frames if len(frame)]


def _delivery(
    account: Account,
    names: dict[str, str | None],
    days: Sequence[date],
    budget: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    size = len(days)
    spend = np.round(budget * rng.lognormal(0, 0.15, size), 2)
    cpm = _CPM * rng.lognormal(0, 0.2) * rng.lognormal(0, 0.1, size)
    shown = np.maximum(np.rint(spend / cpm * 1000), 1).astype(np.int64)
    landing = rng.binomial(shown, 0.0038)
    page = rng.binomial(shown, 0.0004)
    other = rng.binomial(shown, 0.0003)
    parts = {
        "likes": rng.binomial(shown, 0.0021),
        "comments": rng.binomial(shown, 0.0002),
        "shares": rng.binomial(shown, 0.0002),
        "follows": rng.binomial(shown, 0.0003),
    }
    is_hiring = names["objective"] == "Job applicants"
    return pd.DataFrame(
        {
            "platform": account.platform,
            "account_id": account.account_id,
            "ad_account_id": account.ad_account,
            "ad_account_name": account.ad_account_name,
            **names,
            "day": days,
            "spend": spend,
            "impressions": shown,
            "reach": (shown / rng.uniform(1.1, 1.5, size)).astype(np.int64),
            "clicks": landing + page + other,
            "landing_page_clicks": landing,
            "page_clicks": page,
            "other_clicks": other,
            **parts,
            "leads": rng.binomial(landing, 0.06) if is_hiring else 0,
        }
    )


def promoted(seed: int, posts: pd.DataFrame, last_day: date) -> pd.DataFrame:
    """What promotion on X brought in the end: some posts of the first storm season.

    X shows it apart only in the older export, so only posts until ``last_day`` are promoted.
    """
    about = posts[
        (posts.platform == "x")
        & ~posts.is_reply
        & posts.campaign_id.notna()
        & (posts.published_on <= last_day)
    ].iloc[::9]
    rng = random(seed, "promoted")
    shown = (about.impressions * rng.uniform(0.8, 3.5, len(about))).astype("int64")
    frame = pd.DataFrame({"post_id": about.post_id, "impressions": shown})
    for measure, rate in RATES["x"].items():
        frame[measure] = rng.binomial(shown, rate * 0.6)
    frame["media_views"] = shown // 5
    frame["media_engagements"] = shown // 150
    return frame.reset_index(drop=True)
