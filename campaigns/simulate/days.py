"""An account's days as the platform reports them: what happened on a day, to posts of any age.

Days and posts are two accountings: neither adds up to the other.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from campaigns.simulate.agency import ACCOUNTS, Account
from campaigns.simulate.downloads import grown
from campaigns.simulate.posts import MEASURES, random

_LAGS = 45


def account_days(
    seed: int,
    posts: pd.DataFrame,
    promoted: pd.DataFrame,
    ads: pd.DataFrame,
    first: date,
    last: date,
) -> pd.DataFrame:
    """One row per account, day and delivery: X total; LinkedIn organic and paid."""
    days = [day.date() for day in pd.date_range(first, last)]
    frames = []
    for account in ACCOUNTS:
        rng = random(seed, "days", account.platform, account.account_id)
        own = posts[posts.account_id == account.account_id]
        frame = _earned(account, own, days, rng)
        if account.platform == "linkedin":
            frames.append(_linkedin(frame, rng).assign(delivery="organic"))
            frames.append(_paid(account, ads, days))
        else:
            bought = promoted.merge(own[["post_id", "published_on"]], on="post_id")
            frames.append(_x(account, frame, _earned(account, bought, days, rng), own, rng))
    return pd.concat(frames, ignore_index=True)


def _earned(
    account: Account, own: pd.DataFrame, days: list[date], rng: np.random.Generator
) -> pd.DataFrame:
    """Final figures of posts spread over the days after publication, with some noise."""
    lags = pd.Series(np.arange(_LAGS + 1, dtype=float))
    kernel = np.diff(grown(account.platform, lags))
    columns = [name for name in MEASURES if name in own and name != "engagements"]
    by_day = own.groupby("published_on")[columns].sum().reindex(days, fill_value=0)
    noise = rng.lognormal(0, 0.08, len(days))
    spread = {
        name: np.rint(np.convolve(by_day[name], kernel)[: len(days)] * noise) for name in columns
    }
    return pd.DataFrame(
        {"platform": account.platform, "account_id": account.account_id, "day": days, **spread}
    )


def _x(
    account: Account,
    frame: pd.DataFrame,
    bought: pd.DataFrame,
    own: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    for name in bought.columns.drop(["platform", "account_id", "day"]):
        frame[name] = frame[name] + bought[name]
    frame = frame.drop(columns="media_engagements")
    parts = [name for name in frame if name in MEASURES and name not in _VIEWS]
    published = own.groupby("published_on").size().reindex(frame.day, fill_value=0)
    return frame.assign(
        engagements=frame[parts].sum(axis=1),
        follows=frame.follows + rng.poisson(account.followers / 9000, len(frame)),
        unfollows=rng.poisson(account.followers / 14_000, len(frame)),
        posts_published=published.to_numpy(),
        delivery="total",
    )


_VIEWS = {"impressions", "video_views", "media_views"}


def _linkedin(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Organic days; a withdrawn reaction, comment or repost can make a count negative."""
    columns = ["platform", "account_id", "day", "impressions", "clicks", "likes", "comments",
               "shares"]  # fmt: skip
    frame = frame[columns].copy()
    frame["reach"] = np.floor(frame.impressions * rng.uniform(0.5, 0.75, len(frame)))
    for name in ("likes", "comments", "shares"):
        withdrawn = rng.random(len(frame)) < 0.02
        frame[name] = frame[name].mask(withdrawn, -rng.integers(1, 3, len(frame)))
    return frame


def _paid(account: Account, ads: pd.DataFrame, days: list[date]) -> pd.DataFrame:
    """Days of the page's ads and boosts; zero where nothing ran."""
    columns = ["impressions", "clicks", "likes", "comments", "shares"]
    own = ads[ads.account_id == account.account_id]
    by_day = own.groupby("day")[columns].sum().reindex(days, fill_value=0).astype(float)
    return (
        by_day.rename_axis("day")
        .reset_index()
        .assign(platform=account.platform, account_id=account.account_id, delivery="paid")
    )
