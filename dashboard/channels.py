"""Where the figures come from: for each channel the way to its exports, click by click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.collectors import Format, formats
from campaigns.errors import N_


@dataclass(frozen=True)
class Way:
    """How to get the files of some formats: what is clicked, in order."""

    formats: tuple[str, ...]
    steps: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True)
class Channel:
    """Where somebody looks for figures. ``platforms`` are those of its further formats."""

    name: str
    title: str
    ways: tuple[Way, ...]
    platforms: tuple[str, ...] = ()


_PERSONAL = N_(
    "This is a person's own account. Of a colleague, only posts of campaigns and day totals are "
    "kept, and only after the colleague agreed to take part. Messages and contacts are never read."
)

CHANNELS = (
    Channel(
        "x",
        "X",
        (
            Way(
                ("x_content", "x_overview", "x_video"),
                (
                    N_("Sign in on x.com with the account itself. Analytics needs X Premium."),
                    N_("Choose Premium in the menu, then Analytics."),
                    N_("Open Content, set the period at the top right, and choose Download."),
                    N_("Do the same under Overview: it has the figures by day."),
                ),
            ),
            Way(
                ("x_ads",),
                (
                    N_("Open ads.x.com and choose the advertising account."),
                    N_("Choose Campaigns, set the period, and show figures by day."),
                    N_("Choose Export."),
                ),
            ),
            Way(
                ("x_archive",),
                (
                    N_("Open Settings on x.com, then Your account."),
                    N_("Choose Download an archive of your data. It is ready after a day."),
                    N_("Drop the ZIP file here as it is: no need to unpack it."),
                ),
                _PERSONAL,
            ),
        ),
        ("x",),
    ),
    Channel(
        "linkedin",
        N_("LinkedIn page"),
        (
            Way(
                (
                    "linkedin_page_content",
                    "linkedin_page_followers",
                    "linkedin_page_visitors",
                    "linkedin_page_competitors",
                ),
                (
                    N_("Open your page on linkedin.com as an administrator."),
                    N_("Choose Analytics, then Content."),
                    N_("Choose Export, set the period, and choose Export again."),
                    N_("Do the same under Followers, Visitors and Competitors."),
                ),
            ),
        ),
    ),
    Channel(
        "linkedin_ads",
        N_("LinkedIn advertising"),
        (
            Way(
                ("linkedin_ads", "linkedin_ads_translated"),
                (
                    N_("Open Campaign Manager on linkedin.com and choose the account."),
                    N_("Choose Ads, set the period, and choose Export."),
                    N_("Choose the report on performance, by day, and choose Export again."),
                ),
            ),
        ),
        ("linkedin",),
    ),
    Channel(
        "linkedin_person",
        N_("LinkedIn, personal account"),
        (
            Way(
                ("linkedin_creator", "linkedin_post"),
                (
                    N_("Open your own profile on linkedin.com, and choose Analytics."),
                    N_("Choose Content, set the period, and choose Export."),
                ),
                _PERSONAL,
            ),
            Way(
                ("linkedin_archive",),
                (
                    N_("Open Settings & Privacy on linkedin.com, then Data privacy."),
                    N_("Choose Get a copy of your data, and ask for the posts."),
                    N_("Drop the ZIP file here as it is: no need to unpack it."),
                ),
                _PERSONAL,
            ),
        ),
    ),
    Channel(
        "meta",
        N_("Facebook and Instagram"),
        (
            Way(
                ("meta_posts", "meta_posts_translated"),
                (
                    N_("Open business.facebook.com and choose Insights, then Content."),
                    N_("Choose Export data, then Posts, and Lifetime as the period of figures."),
                    N_("Choose Generate, and download the CSV file."),
                ),
            ),
        ),
        ("facebook", "instagram"),
    ),
    Channel(
        "search",
        N_("Search"),
        (
            Way(
                ("search_console",),
                (
                    N_("Open search.google.com/search-console and choose your site."),
                    N_("Choose Performance, set the period, and choose Export at the top right."),
                ),
            ),
        ),
        ("web", "google"),
    ),
    Channel(
        "lists",
        N_("Own lists"),
        (
            Way(
                ("list_costs", "list_placements", "list_outcomes", "list_accounts"),
                (
                    N_("Make a list in Excel, one line for each cost, placement or result."),
                    N_("Give the columns plain names; their order does not matter."),
                    N_("A newer version of the same list replaces the older one, line by line."),
                ),
            ),
        ),
    ),
)


def channel(name: str) -> Channel:
    """The channel of this name, else the first.

    >>> channel("lists").name, channel("nowhere").name
    ('lists', 'x')
    """
    return next((one for one in CHANNELS if one.name == name), CHANNELS[0])


def channel_of(platform: str) -> Channel | None:
    """The channel on which the exports of a platform are explained.

    >>> channel_of("facebook").name, channel_of("radio")
    ('meta', None)
    """
    known = {one.name: one.platform for one in formats()}
    for one in CHANNELS:
        if any(known.get(name) == platform for way in one.ways for name in way.formats):
            return one
    return None


def further(one: Channel) -> Sequence[Format]:
    """Formats of a channel that are known besides those that are explained on any channel."""
    told = {name for other in CHANNELS for way in other.ways for name in way.formats}
    return [
        known
        for known in formats()
        if known.name not in told
        and (known.is_statement if one.name == "lists" else known.platform in one.platforms)
    ]
