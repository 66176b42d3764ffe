"""The tables of ads that are read: the labels of each, and what its rows are about."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.errors import N_


@dataclass(frozen=True)
class Table:
    """One kind of table. ``labels`` maps its labels to fields; ``needs`` must all be there.

    ``splits`` are columns whose values divide the figures of a unit and day; ``level`` is empty
    for search terms.
    """

    name: str
    platform: str
    title: str
    level: str
    labels: dict[str, str]
    needs: frozenset[str]
    splits: tuple[str, ...] = ()


DAY = {"date": "day", "day": "day", "date_day": "day"}
_NAMES = {
    "account_name": "ad_account_name",
    "campaign_name": "campaign_name",
    "currency": "currency",
    "currency_code": "currency",
}

_LINKEDIN = {
    **DAY,
    **_NAMES,
    "account_id": "ad_account_id",
    "impressions": "impressions",
    "approximate_unique_impressions": "reach",
    "clicks": "clicks",
    "likes": "likes",
    "reactions": "likes",
    "comments": "comments",
    "shares": "shares",
    "follows": "follows",
    "total_engagements": "engagements",
    "landing_page_clicks": "landing_page_clicks",
    "company_page_clicks": "page_clicks",
    "video_views": "video_views",
    "video_completions": "video_completions",
    "viral_impressions": "viral_impressions",
    "viral_clicks": "viral_clicks",
    "one_click_leads": "leads",
    "one_click_lead_form_opens": "lead_form_opens",
    "external_website_conversions": "conversions",
    "cost_in_local_currency": "spend",
}
_X = {
    **DAY,
    **_NAMES,
    "account_id": "ad_account_id",
    "impressions": "impressions",
    "engagements": "engagements",
    "likes": "likes",
    "replies": "comments",
    "retweets": "shares",
    "follows": "follows",
    "url_clicks": "clicks",
    "media_views": "media_views",
    "media_engagements": "media_engagements",
    "video_total_views": "video_views",
    "video_views_100": "video_completions",
    "billed_charge_local_micro": "spend_micros",
    "placement": "placement",
}
_FACEBOOK = {
    **DAY,
    **_NAMES,
    "account_id": "ad_account_id",
    "impressions": "impressions",
    "reach": "reach",
    "inline_link_clicks": "clicks",
    "spend": "spend",
    "conversions": "conversions",
}
_GOOGLE = {
    **DAY,
    **_NAMES,
    "customer_id": "ad_account_id",
    "impressions": "impressions",
    "clicks": "clicks",
    "conversions": "conversions",
    "video_views": "video_views",
    "cost_micros": "spend_micros",
    "device": "device",
    "ad_network_type": "network",
    "keyword_ad_group_criterion": "keyword",
}
_GOOGLE_SPLITS = ("device", "network", "keyword")


def _table(
    name: str,
    title: str,
    level: str,
    labels: dict[str, str],
    needs: str,
    *,
    unit: dict[str, str],
    splits: tuple[str, ...] = (),
) -> Table:
    platform = name.partition("_")[0]
    return Table(name, platform, title, level, labels | unit, frozenset(needs.split()), splits)


_LINKEDIN_TITLE = N_("LinkedIn ads, table by day")
_X_TITLE = N_("X ads, table by day")
_FACEBOOK_TITLE = N_("Facebook ads, table by day")
_GOOGLE_TITLE = N_("Google ads, table by day")
_KEYS = {"campaign_id": "campaign_key", "campaign_name": "campaign_name"}

TABLES = (
    _table(
        "linkedin_ad_table_ads", _LINKEDIN_TITLE, "ad", _LINKEDIN,
        "creative_id impressions cost_in_local_currency",
        unit={"creative_id": "unit", **_KEYS},
    ),
    _table(
        "linkedin_ad_table_campaigns", _LINKEDIN_TITLE, "campaign", _LINKEDIN,
        "campaign_id impressions cost_in_local_currency",
        unit={"campaign_id": "unit"},
    ),
    _table(
        "linkedin_ad_table_groups", _LINKEDIN_TITLE, "group", _LINKEDIN,
        "campaign_group_id impressions cost_in_local_currency",
        unit={"campaign_group_id": "unit", "campaign_group_name": "group_name"},
    ),
    _table(
        "x_ad_table_ads", _X_TITLE, "ad", _X,
        "promoted_tweet_id impressions billed_charge_local_micro",
        unit={"promoted_tweet_id": "unit", "tweet_id": "post_id", **_KEYS}, splits=("placement",),
    ),
    _table(
        "x_ad_table_groups", _X_TITLE, "group", _X,
        "line_item_id impressions billed_charge_local_micro",
        unit={"line_item_id": "unit", "line_item_name": "group_name", **_KEYS},
        splits=("placement",),
    ),
    _table(
        "x_ad_table_campaigns", _X_TITLE, "campaign", _X,
        "campaign_id impressions billed_charge_local_micro",
        unit={"campaign_id": "unit"}, splits=("placement",),
    ),
    _table(
        "facebook_ad_table_ads", _FACEBOOK_TITLE, "ad", _FACEBOOK,
        "ad_id impressions spend account_id",
        unit={"ad_id": "unit", "ad_name": "ad_name", "adset_name": "group_name", **_KEYS},
    ),
    _table(
        "facebook_ad_table_groups", _FACEBOOK_TITLE, "group", _FACEBOOK,
        "adset_id impressions spend account_id",
        unit={"adset_id": "unit", "adset_name": "group_name", **_KEYS},
    ),
    _table(
        "google_ad_table_ads", _GOOGLE_TITLE, "ad", _GOOGLE,
        "ad_id impressions cost_micros customer_id",
        unit={"ad_id": "unit", **_KEYS}, splits=_GOOGLE_SPLITS,
    ),
    _table(
        "google_ad_table_groups", _GOOGLE_TITLE, "group", _GOOGLE,
        "id base_ad_group impressions cost_micros customer_id",
        unit={"id": "unit", "ad_group_name": "group_name", **_KEYS}, splits=_GOOGLE_SPLITS,
    ),
    _table(
        "google_ad_table_campaigns", _GOOGLE_TITLE, "campaign", _GOOGLE,
        "id base_campaign impressions cost_micros customer_id",
        unit={"id": "unit"}, splits=_GOOGLE_SPLITS,
    ),
    _table(
        "google_search_term_table", N_("Google ads, table of search terms"), "", _GOOGLE,
        "search_term impressions clicks customer_id",
        unit={"search_term": "term"},
    ),
)  # fmt: skip
"""From the smallest unit to the largest: a table of ads names their campaigns too."""
