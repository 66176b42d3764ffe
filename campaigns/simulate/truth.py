"""The simulated organisation: its truth as frames, and what each of its downloads knew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from campaigns.simulate import advertising, colleagues, days, downloads, people, posts
from campaigns.simulate.agency import ACCOUNTS, EXPERIMENTS, LAST_DAY
from campaigns.simulate.downloads import Download
from campaigns.simulate.expected import Expected, campaign_of, expected


@dataclass(frozen=True)
class Organisation:
    """A public agency that does not exist: what is true of it, and what its exports say.

    ``posts`` (one row a post, figures in the end), ``promoted`` (promotion on X, likewise),
    ``ads`` (one row per ad and day) and ``days`` (account, day, delivery) are the truth;
    ``post_figures``, ``day_figures`` and ``ad_figures`` are what each download knew of it
    (columns ``download`` and ``collected_at``), from which the files are written. ``shared`` are
    the posts in the files of colleagues, also those that may not be kept. ``variants``
    says which post carries which variant of an experiment, and ``experiments`` its true effect.
    """

    seed: int
    first_day: date
    last_day: date
    accounts: pd.DataFrame
    ambassadors: pd.DataFrame
    shared: pd.DataFrame
    posts: pd.DataFrame
    promoted: pd.DataFrame
    ads: pd.DataFrame
    days: pd.DataFrame
    costs: pd.DataFrame
    outcomes: pd.DataFrame
    downloads: tuple[Download, ...]
    post_figures: pd.DataFrame
    day_figures: pd.DataFrame
    ad_figures: pd.DataFrame

    def expected(self) -> Expected:
        """What reports over the files must say: independent totals."""
        return expected(self)

    @property
    def by_hand(self) -> pd.DataFrame:
        """Posts that show no rule what they are about and that somebody assigned by hand.

        Every second one of those that forgot hashtag and link; the others stay without campaign.
        """
        columns = ["platform", "post_id", "campaign_id"]
        about = self.posts[self.posts.campaign_id.notna()]
        hidden = [
            campaign_of(text, day) is None
            for text, day in zip(about.text, about.published_on, strict=True)
        ]
        return about.loc[hidden, columns].iloc[::2].reset_index(drop=True)

    @property
    def experiments(self) -> pd.DataFrame:
        """The tests that ran, each with the true factor on clicks of variant b."""
        return pd.DataFrame([vars(test) for test in EXPERIMENTS])

    @property
    def variants(self) -> pd.DataFrame:
        """Which post carries which variant: experiment_id, variant, platform, post_id."""
        columns = ["experiment_id", "variant", "platform", "post_id"]
        return self.posts.loc[self.posts.experiment_id.notna(), columns].reset_index(drop=True)


def organisation(seed: int = 1, *, months: int = 24) -> Organisation:
    """A believable public agency over the ``months`` that end on 30 June 2026.

    The same seed and months give the same organisation. Tests use few months: every kind of
    file occurs from three months on.

    >>> small = organisation(seed=1, months=3)
    >>> small.first_day, small.posts.account_id.nunique()
    (datetime.date(2026, 4, 1), 6)
    """
    if not 3 <= months <= 120:
        raise ValueError(f"months must be between 3 and 120, not {months!r}")
    ahead = pd.Timestamp(LAST_DAY) + pd.Timedelta(days=1) - pd.DateOffset(months=months)
    first, last = ahead.date(), LAST_DAY
    plan = downloads.schedule(first, last)
    told = posts.posts(seed, first, last)
    apart = max(download.last_day for download in plan if download.kind == "x_legacy")
    bought = advertising.promoted(seed, told, apart)
    asked = people.ambassadors(seed, last)
    ads = advertising.ad_days(seed, told, first, last)
    by_day = days.account_days(seed, told, bought, ads, first, last)
    of_posts = [
        downloads.post_figures(download, told, bought, ads, seed)
        for download in plan
        if download.kind not in ("x_overview", "linkedin_ads")
    ]
    of_days = [
        downloads.day_figures(download, by_day)
        for download in plan
        if download.kind in ("x_overview", "linkedin_page")
    ]
    of_ads = [
        downloads.ad_figures(download, ads) for download in plan if download.kind == "linkedin_ads"
    ]
    return Organisation(
        seed=seed,
        first_day=first,
        last_day=last,
        accounts=pd.DataFrame([vars(account) for account in ACCOUNTS]),
        ambassadors=asked,
        shared=colleagues.posts(seed, asked, first, last),
        posts=told,
        promoted=bought,
        ads=ads,
        days=by_day,
        costs=people.costs(seed, first, last),
        outcomes=people.outcomes(seed, first, last),
        downloads=tuple(plan),
        post_figures=pd.concat(of_posts, ignore_index=True),
        day_figures=pd.concat(of_days, ignore_index=True),
        ad_figures=pd.concat([frame for frame in of_ads if len(frame)], ignore_index=True),
    )
