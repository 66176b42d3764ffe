"""Posts and what they bring: when each was published, its text, and its figures in the end.

Figures are log-normal around the account's usual, with effects of weekday, picture, campaign and
variant; each kind of interaction is a binomial draw out of the impressions.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from campaigns.simulate import texts
from campaigns.simulate.agency import ACCOUNTS, CAMPAIGNS, EXPERIMENTS, THEME, Account, Campaign

ZONE = ZoneInfo("Europe/Amsterdam")
_X_EPOCH = 1_288_834_974_657  # milliseconds at which the ids of X begin to count
_WEEKDAYS = np.array([1.05, 1.1, 1.1, 1.05, 0.95, 0.7, 0.75])  # Monday first
_MEDIA = {"text": 0.85, "image": 1.1, "video": 1.25}

RATES: dict[str, dict[str, float]] = {
    "x": {
        "likes": 0.011, "comments": 0.0016, "shares": 0.0028, "clicks": 0.007, "follows": 0.0002,
        "saves": 0.0007, "share_actions": 0.0012, "profile_clicks": 0.002, "detail_expands": 0.015,
        "hashtag_clicks": 0.0005, "permalink_clicks": 0.0003,
    },
    "linkedin": {
        "likes": 0.019, "comments": 0.0018, "shares": 0.0026, "clicks": 0.028, "follows": 0.0005,
    },
}  # fmt: skip
"""Interactions per impression, by platform."""

MEASURES = ("impressions", "engagements", *RATES["x"], "video_views", "media_views",
            "media_engagements")  # fmt: skip
"""The figures of a post, of all platforms; null where a platform has none."""


def random(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for a part of the simulation: other parts do not disturb it.

    >>> bool(random(1, "posts").integers(9) == random(1, "posts").integers(9))
    True
    """
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, each as a dictionary: for writing files, where speed is no matter."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


@dataclass(frozen=True)
class Draft:
    """A post before it has figures."""

    at: datetime
    text: str
    media: str
    campaign: Campaign | None = None
    is_reply: bool = False
    has_link: bool = True
    experiment_id: str | None = None
    variant: str | None = None
    pull: float = 1.0


def posts(seed: int, first_day: date, last_day: date) -> pd.DataFrame:
    """All own posts of the period with their figures in the end (one row a post).

    ``campaign_id`` is what the post is about; whether a rule can see that is another matter.
    """
    frames = [_account_posts(account, seed, first_day, last_day) for account in ACCOUNTS]
    return pd.concat(frames, ignore_index=True)


def _account_posts(account: Account, seed: int, first: date, last: date) -> pd.DataFrame:
    rng = random(seed, "posts", account.platform, account.account_id)
    drafts = [
        draft
        for number in range(first.toordinal(), last.toordinal() + 1)
        for draft in _day(account, date.fromordinal(number), rng)
    ]
    drafts += _experiments(account, first, last, rng)
    return as_posts(account, drafts, rng)


def as_posts(account: Account, drafts: list[Draft], rng: np.random.Generator) -> pd.DataFrame:
    """Drafts of an account as posts with their figures in the end."""
    drafts = sorted(drafts, key=lambda draft: (draft.at, draft.text))
    frame = pd.DataFrame(
        {
            "platform": account.platform,
            "post_id": [_post_id(account.platform, draft.at, rng) for draft in drafts],
            "account_id": account.account_id,
            "published_at": pd.to_datetime([draft.at for draft in drafts], utc=True),
            "published_on": [draft.at.astimezone(ZONE).date() for draft in drafts],
            "text": [draft.text for draft in drafts],
            "media": [draft.media for draft in drafts],
            "campaign_id": [draft.campaign and draft.campaign.campaign_id for draft in drafts],
            "is_reply": [draft.is_reply for draft in drafts],
            "experiment_id": [draft.experiment_id for draft in drafts],
            "variant": [draft.variant for draft in drafts],
        }
    )
    return frame.join(_figures(account, drafts, rng))


def _day(account: Account, day: date, rng: np.random.Generator) -> Iterator[Draft]:
    quiet = 0.35 if day.weekday() >= 5 else 1.25
    for _ in range(int(rng.poisson(account.rate / 7 * quiet))):
        yield _organic_or_campaign(account, day, rng)
    for _ in range(int(rng.poisson(account.rate / 7 * account.replies * quiet))):
        yield Draft(moment(day, rng), texts.answer(rng), "text", is_reply=True, has_link=False)


def _organic_or_campaign(account: Account, day: date, rng: np.random.Generator) -> Draft:
    media = str(rng.choice(["text", "image", "video"], p=[0.3, 0.55, 0.15]))
    for campaign in running(account, day):
        if rng.random() < campaign.share:
            text = campaign_text(account, campaign, day, rng)
            return Draft(moment(day, rng), text, media, campaign, pull=campaign.pull)
    topic = account.topics[int(rng.integers(len(account.topics)))]
    text = " ".join(texts.sentences(topic, rng))
    has_link = bool(rng.random() < 0.6)
    if has_link:
        text += " " + _short(account, rng)
    if rng.random() < 0.3:
        text += "\n\n#Waterweide"
    tag, theme, month, days = THEME
    if topic == theme and day.month == month and day.day in days:
        text += f" #{tag}"
    return Draft(moment(day, rng), text, media, has_link=has_link)


def running(account: Account, day: date) -> Iterator[Campaign]:
    """The campaigns in which the account takes part on a day."""
    for campaign in CAMPAIGNS:
        takes_part = campaign.campaign_id in account.campaigns
        if takes_part and campaign.first_day <= day <= campaign.last_day:
            yield campaign


def campaign_text(
    account: Account,
    campaign: Campaign,
    day: date,
    rng: np.random.Generator,
    message: str | None = None,
) -> str:
    """The text of a campaign's post. Some forget the hashtag: no rule can judge those on X."""
    opening, middle = texts.sentences(campaign.topic, rng)
    link = _short(account, rng)
    if account.platform == "linkedin" and rng.random() < 0.5:
        source = f"utm_source=linkedin&utm_medium=social&utm_campaign={campaign.utm}"
        link = f"{campaign.link}?{source}"
    text = f"{opening} {message or middle}\n\n{link}"
    if rng.random() > 0.07 or message:
        text += f"\n#{campaign.hashtag}"
    others = [other for other in running(account, day) if other.hashtag != campaign.hashtag]
    if others and rng.random() < 0.06:
        text += f" #{others[0].hashtag}"
    return text


def _experiments(
    account: Account, first: date, last: date, rng: np.random.Generator
) -> Iterator[Draft]:
    """Pairs of posts on the same days, in turn a first and b first."""
    campaigns = {campaign.campaign_id: campaign for campaign in CAMPAIGNS}
    for test in EXPERIMENTS:
        campaign = campaigns[test.campaign_id]
        days = (campaign.last_day - campaign.first_day).days
        for pair in range(test.pairs if test.account_id == account.account_id else 0):
            day = campaign.first_day + timedelta(days=3 + pair * (days - 6) // test.pairs)
            if not first <= day <= last:
                continue
            for variant, hour in zip("ab", (9, 16) if pair % 2 else (16, 9), strict=True):
                said = getattr(test, variant) if test.kind == "message" else None
                text = campaign_text(account, campaign, day, rng, message=said)
                at = datetime.combine(day, time(hour, 30), ZONE).astimezone(UTC)
                pull = campaign.pull * (test.effect if variant == "b" else 1)
                yield Draft(
                    at, text, "image", campaign, experiment_id=test.experiment_id,
                    variant=variant, pull=pull,
                )  # fmt: skip


def _short(account: Account, rng: np.random.Generator) -> str:
    if account.platform == "x":
        return texts.short_link("t.co", rng)
    return texts.short_link("lnkd.in", rng, 8)


def moment(day: date, rng: np.random.Generator) -> datetime:
    """A time of that day between 7 and 22 o'clock: the same day in UTC and in Amsterdam."""
    minute = int(np.clip(rng.normal(13.5, 3.2), 7, 21.9) * 60)
    return datetime.combine(day, time(minute // 60, minute % 60), ZONE).astimezone(UTC)


def _post_id(platform: str, at: datetime, rng: np.random.Generator) -> str:
    """An id as the platforms make them: milliseconds in the upper bits."""
    low = int(rng.integers(1 << 22))
    since = int(at.timestamp() * 1000)
    if platform == "x":
        return str(((since - _X_EPOCH) << 22) | low)
    return f"urn:li:activity:{(since << 22) | low}"


def _figures(account: Account, drafts: list[Draft], rng: np.random.Generator) -> pd.DataFrame:
    size = len(drafts)
    weekday = _WEEKDAYS[[draft.at.weekday() for draft in drafts]]
    media = np.array([_MEDIA[draft.media] for draft in drafts])
    lift = np.array([draft.campaign.lift if draft.campaign else 1.0 for draft in drafts])
    reply = np.array([0.06 if draft.is_reply else 1.0 for draft in drafts])
    median = account.followers * account.view_share * weekday * media * lift * reply
    impressions = np.rint(median * rng.lognormal(0, 0.7, size)).astype(np.int64) + 3
    links = np.array([draft.pull * draft.has_link for draft in drafts])
    frame = pd.DataFrame({"impressions": impressions})
    appeal = rng.lognormal(0, 0.35, size)
    for measure, rate in RATES[account.platform].items():
        chance = rate * (links * rng.lognormal(0, 0.2, size) if measure == "clicks" else appeal)
        frame[measure] = rng.binomial(impressions, np.clip(chance, 0, 0.5))
    video = np.array([draft.media == "video" for draft in drafts])
    picture = np.array([draft.media != "text" for draft in drafts])
    frame["video_views"] = np.where(video, impressions * 35 // 100, 0)
    frame["media_views"] = np.where(picture, impressions * 3 // 10, 0)
    frame["media_engagements"] = np.where(picture, impressions // 90, 0)
    if account.platform == "linkedin":
        return frame.drop(columns=["media_views", "media_engagements"])
    return frame
