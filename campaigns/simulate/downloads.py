"""What the agency downloaded and when, and what each download knew.

Downloads overlap, and a later one corrects the latest days of an earlier one. The agency
downloaded by quarter at first and by month in the last quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from campaigns.simulate.advertising import AD_MEASURES
from campaigns.simulate.agency import ACCOUNTS, Account
from campaigns.simulate.posts import MEASURES, random

Kind = Literal["x_legacy", "x_content_a", "x_content_b", "x_overview", "linkedin_page",
               "linkedin_ads"]  # fmt: skip
_SELDOM = ("x_overview", "linkedin_page")
_OVERLAP = timedelta(days=12)
_HALF_LIVES = {"x": 0.8, "linkedin": 4.0}


@dataclass(frozen=True)
class Download:
    """One export file: its kind, account, days and the moment for which its figures hold."""

    number: int
    kind: Kind
    platform: str
    account_id: str
    first_day: date
    last_day: date
    collected_at: datetime
    quirk: Literal["", "excel", "dutch", "again"] = ""


def grown(platform: str, age_in_days: pd.Series[float]) -> pd.Series[float]:
    """The part of its final figures that a post has at an age.

    >>> [round(part, 2) for part in grown("x", pd.Series([0.0, 1.0, 30.0]))]
    [0.0, 0.68, 1.0]
    """
    age = age_in_days.clip(lower=0) / _HALF_LIVES[platform]
    return pd.Series(1 - np.exp(-(age**0.6)), index=age.index)


def schedule(first: date, last: date) -> list[Download]:
    """All downloads of the period, oldest first; some kinds only every second time."""
    segments = list(_segments(first, last))
    found: list[Download] = []
    for index, (start, end) in enumerate(segments):
        for account in ACCOUNTS:
            for kind, quirk in _kinds(account, index, start, first, last):
                since = start
                if kind in _SELDOM:
                    if index % 2 == 0 and index + 1 < len(segments):
                        continue
                    since = segments[max(index - 1, 0)][0]
                found.append(
                    Download(len(found), kind, account.platform, account.account_id,
                             max(first, since - _OVERLAP), end, collected(kind, end), quirk)
                )  # fmt: skip
    twice = [one for one in found if one.kind == "x_overview"][-1]
    return [*found, replace(twice, number=len(found), quirk="again")]


def _segments(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Quarters, then three single months; only months when the period is short."""
    months = [day.date() for day in pd.date_range(first, last, freq="MS")]
    starts = months[:-3:3] + months[-3:] if len(months) > 6 else months
    for index, start in enumerate(starts):
        after = starts[index + 1] if index + 1 < len(starts) else last + timedelta(days=1)
        yield start, after - timedelta(days=1)


_MISSED = ("agww_werkt", 3)
"""The account and quarter of which nobody downloaded anything: a gap."""


def _kinds(
    account: Account, index: int, start: date, first: date, last: date
) -> Iterator[tuple[Kind, Literal["", "excel", "dutch", "again"]]]:
    if (account.account_id, index) == _MISSED:
        return
    if account.platform == "linkedin":
        is_dutch = account.account_id == "waterweide-wegen" and index == 1
        yield "linkedin_page", "dutch" if is_dutch else ""
        if account.ad_account:
            yield "linkedin_ads", ""
        return
    gone = (start - first) / (last - first)
    if gone < 0.24:
        is_damaged = account.account_id == "ag_waterweide" and index == 0
        yield "x_legacy", "excel" if is_damaged else ""
    else:
        yield "x_content_a" if gone < 0.61 else "x_content_b", ""
    yield "x_overview", ""


def collected(kind: Kind, end: date) -> datetime:
    """X files hold until the end of their last day; LinkedIn states the moment of download."""
    if kind.startswith("x_"):
        return datetime.combine(end, time(23, 59, 59), UTC)
    return datetime.combine(end + timedelta(days=1), time(7, 14, 5), UTC)


def post_figures(
    download: Download, posts: pd.DataFrame, promoted: pd.DataFrame, ads: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """What a download of posts knew: one row per post and delivery."""
    own = posts[
        (posts.account_id == download.account_id)
        & (posts.published_on >= download.first_day)
        & (posts.published_on <= download.last_day)
    ]
    if download.platform == "linkedin":
        known = _linkedin_figures(download, own, ads)
    else:
        known = _x_figures(download, own, promoted)
    known = _with_blanks(download, known, seed)
    return known.assign(download=download.number, collected_at=download.collected_at)


def _now(download: Download, own: pd.DataFrame, finals: pd.DataFrame) -> pd.DataFrame:
    """Final figures as far as they had come when downloaded, with the platform's total."""
    age = (pd.Timestamp(download.collected_at) - own.published_at).dt.total_seconds() / 86_400
    part = grown(download.platform, age)
    columns = [name for name in MEASURES if name in finals and name != "engagements"]
    values = {name: np.floor(finals[name].to_numpy() * part.to_numpy()) for name in columns}
    return pd.DataFrame({"post_id": own.post_id.to_numpy(), **values})


def _x_figures(download: Download, own: pd.DataFrame, promoted: pd.DataFrame) -> pd.DataFrame:
    organic = _now(download, own, own)
    about = own[own.post_id.isin(promoted.post_id)]
    paid = _now(download, about, about[["post_id"]].merge(promoted, on="post_id", how="left"))
    if download.kind == "x_legacy":
        hidden = ["saves", "share_actions", "video_views"]
        organic, paid = organic.drop(columns=hidden), paid.drop(columns=[*hidden[:2]])
        both = [(organic, "organic"), (paid, "paid")]
    else:
        total = pd.concat([organic, paid]).groupby("post_id", sort=False).sum().reset_index()
        total = total.drop(columns=["media_views", "media_engagements", "video_views"])
        both = [(total, "total")]
    frames = []
    for frame, delivery in both:
        parts = [name for name in MEASURES if name in frame and name not in _NOT_ENGAGEMENTS]
        frame["engagements"] = frame[parts].sum(axis=1)
        frames.append(frame.assign(delivery=delivery))
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


_NOT_ENGAGEMENTS = {"impressions", "engagements", "media_views", "video_views"}


def _linkedin_figures(download: Download, own: pd.DataFrame, ads: pd.DataFrame) -> pd.DataFrame:
    organic = _now(download, own, own)
    video = own.media.to_numpy() == "video"
    organic["video_views"] = organic.video_views.where(video)
    until = download.last_day
    boosts = ads[ads.post_id.isin(own.post_id) & (ads.day <= until + timedelta(days=1))]
    columns = ["impressions", "clicks", "likes", "comments", "shares", "follows"]
    delivered = boosts[columns].where(boosts.day <= until, 0)
    paid = delivered.groupby(boosts.post_id).sum().reset_index()
    frames = [organic.assign(delivery="organic"), paid.assign(delivery="paid")]
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


def _with_blanks(download: Download, known: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Some cells are empty: not reported, which is not zero."""
    rng = random(seed, "blanks", str(download.number))
    boosted = known.post_id[known.delivery == "paid"]
    may = ~known.post_id.isin(boosted)
    shares = {"linkedin_page": {"follows": 0.8, "clicks": 0.01},
              "x_content_a": {"profile_clicks": 0.02},
              "x_content_b": {"hashtag_clicks": 0.02, "clicks": 0.004}}  # fmt: skip
    for measure, share in shares.get(download.kind, {}).items():
        known[measure] = known[measure].mask(may & (rng.random(len(known)) < share))
    return known


def day_figures(download: Download, days: pd.DataFrame) -> pd.DataFrame:
    """What a download knew of an account's days: the last two were not finished."""
    own = days[
        (days.account_id == download.account_id)
        & (days.day >= download.first_day)
        & (days.day <= download.last_day)
    ]
    return _unfinished(download, own, _DAY_MEASURES)


def ad_figures(download: Download, ads: pd.DataFrame) -> pd.DataFrame:
    """What a download knew of an account's ads; the platform still corrects the last days."""
    own = ads[
        (ads.account_id == download.account_id)
        & (ads.day >= download.first_day)
        & (ads.day <= download.last_day)
    ]
    return _unfinished(download, own, AD_MEASURES)


_DAY_MEASURES = (*MEASURES, "reach", "unfollows")
_FINISHED = {0: 0.6, 1: 0.95}


def _unfinished(download: Download, own: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    days_old = own.day.map(lambda day: (download.last_day - day).days)
    part = days_old.map(_FINISHED).fillna(1.0)
    if download.quirk == "again":  # downloaded a second time, later on that day
        part = part.clip(lower=0.8)
    known = own.copy()
    for measure in (name for name in measures if name in own):
        lowered = known[measure] * part
        lowered = lowered.round(2) if measure == "spend" else np.floor(lowered)
        known[measure] = known[measure].where((part == 1) | (known[measure] <= 0), lowered)
    return known.assign(download=download.number, collected_at=download.collected_at)
