"""Tables of ads as a warehouse holds them: what the APIs of the platforms said, day by day.

One row per ad, ad group or campaign and day, with the names of the API: ``cost_micros`` (Google)
and ``billed_charge_local_micro`` (X) are millionths, the others units of the currency. An empty
cell is null. A day may be split into rows by placement, network or device; these are added.
LinkedIn's campaign is stored as campaign, its creative as ad; X's line item as group.

A warehouse has other tables too: figures split by country or keyword, of the whole account,
conversions by kind, earlier states of names. They repeat what the tables by unit say, or belong
to no table here: they are recognised and left alone.

Source: tables of connectors that many warehouses use; their descriptions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from campaigns.collectors import (
    Cell,
    Format,
    Found,
    Kind,
    Layout,
    Parsed,
    Payload,
    Probe,
    Recognition,
    Rows,
    Skip,
    normal,
)
from campaigns.errors import N_, Message


@dataclass(frozen=True)
class _Table:
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


_DAY = {"date": "day", "day": "day", "date_day": "day"}
_NAMES = {
    "account_name": "ad_account_name",
    "campaign_name": "campaign_name",
    "currency": "currency",
    "currency_code": "currency",
}

_LINKEDIN = {
    **_DAY,
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
    **_DAY,
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
    **_DAY,
    **_NAMES,
    "account_id": "ad_account_id",
    "impressions": "impressions",
    "reach": "reach",
    "inline_link_clicks": "clicks",
    "spend": "spend",
    "conversions": "conversions",
}
_GOOGLE = {
    **_DAY,
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
) -> _Table:
    platform = name.partition("_")[0]
    return _Table(name, platform, title, level, labels | unit, frozenset(needs.split()), splits)


_LINKEDIN_TITLE = N_("LinkedIn ads, table by day")
_X_TITLE = N_("X ads, table by day")
_FACEBOOK_TITLE = N_("Facebook ads, table by day")
_GOOGLE_TITLE = N_("Google ads, table by day")
_KEYS = {"campaign_id": "campaign_key", "campaign_name": "campaign_name"}

_TABLES = (
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


# --- tables that hold nothing for a table here -----------------------------------------------


@dataclass(frozen=True)
class _Other:
    """Tables that are left alone: with all of ``needs``, and at least one of each of ``marks``."""

    name: str
    title: str
    why: Message
    needs: frozenset[str]
    marks: tuple[frozenset[str], ...] = ()

    def is_it(self, labels: set[str]) -> bool:
        """Whether a table with these labels is one of them."""
        return self.needs <= labels and all(mark & labels for mark in self.marks)


_SPLIT_BY = frozenset(
    {"segment", "country", "region", "age", "gender", "member_country", "member_region"}
    | {"location_name", "ad_group_criterion_criterion_id"}
)
_OF_ADS = frozenset(
    {"account_id", "customer_id", "campaign_id", "ad_group_id", "adset_id", "line_item_id", "ad_id"}
    | {"tweet_id"}
)
_CHANGED = frozenset(
    {"_fivetran_synced", "updated_at", "updated_time", "last_modified_time", "last_modified_at"}
)
_BY_DAY = (
    _Other(
        "ad_table_actions",
        N_("ads, table of conversions by kind"),
        Message(N_("conversions by kind are not kept; the table by ad has the delivery")),
        frozenset({"action_type", "value"}),
    ),
    _Other(
        "ad_table_shares",
        N_("ads, table split by audience, place or keyword"),
        Message(N_("it repeats, split by audience, place or keyword, what the table by ad says")),
        frozenset({"impressions"}),
        (_SPLIT_BY, _OF_ADS),
    ),
    _Other(
        "ad_table_account",
        N_("ads, table of whole accounts"),
        Message(N_("it adds up what the tables by campaign and ad say")),
        frozenset({"impressions"}),
        (
            frozenset({"account_id", "customer_id"}),
            frozenset({"placement", "ad_network_type", "_fivetran_synced"}),
        ),
    ),
)
_WITHOUT_DAY = (
    _Other(
        "ad_table_states",
        N_("ads, table of names and settings"),
        Message(N_("names and settings of ads, without figures; the tables by day have these")),
        frozenset({"id"}),
        (_CHANGED, _OF_ADS | {"name", "value", "currency", "currency_code"}),
    ),
    _Other(
        "ad_table_links",
        N_("ads, table of links in posts"),
        Message(N_("the links of advertised posts, without figures")),
        frozenset({"tweet_id", "expanded_url"}),
    ),
)


# --- recognise -------------------------------------------------------------------------------


def _kind_of(labels: Collection[str]) -> _Table | _Other | None:
    """The kind of table with these labels."""
    known = set(labels)
    has_day = bool(known & {*_DAY, "month"})
    if has_day and not known & _SPLIT_BY:
        for table in _TABLES:
            if table.needs <= known:
                return table
    return next(
        (other for other in (_BY_DAY if has_day else _WITHOUT_DAY) if other.is_it(known)), None
    )


def _recognise(name: str, probe: Probe) -> Recognition | None:
    """The table of this name, by the labels in the first row of the first sheet."""
    if not probe.sheets or not probe.sheets[0].head:
        return None
    sheet = probe.sheets[0]
    labels = [normal(cell) for cell in sheet.head[0]]
    kind = _kind_of(labels)
    if kind is None or kind.name != name:
        return None
    format_ = next(known for known in FORMATS if known.name == name)
    layout = format_.layouts[0]
    fields = layout.labels["en"]
    columns: dict[str, int] = {}
    for at, label in enumerate(labels):
        if label in fields:
            columns.setdefault(fields[label], at)
    found = Found(layout, sheet, 0, columns, language=None)
    return Recognition(format_, {layout.name: found}, None, score=20.0 + len(columns))


# --- what the cells mean ---------------------------------------------------------------------

_TEXTS = (
    *("unit", "term", "ad_account_id", "ad_account_name", "campaign_name", "campaign_key"),
    *("group_name", "ad_name", "post_id", "currency", "placement", "device", "network", "keyword"),
)
_NAMED = (
    *("ad_account_name", "campaign_name", "campaign_key", "group_name", "ad_name", "post_id"),
)
_FIGURES = (
    *("impressions", "reach", "clicks", "likes", "comments", "shares", "follows", "engagements"),
    *("landing_page_clicks", "page_clicks", "video_views", "video_completions", "media_views"),
    *("media_engagements", "viral_impressions", "viral_clicks", "leads", "lead_form_opens"),
)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys((*_FIGURES, "spend_micros"), "count"),
    "conversions": "number",
    "spend": "money",
    "day": "day",
}
_PARTS = {
    "TWITTER_TIMELINE": "ALL_ON_TWITTER",
    "TWITTER_SEARCH": "ALL_ON_TWITTER",
    "TWITTER_PROFILE": "ALL_ON_TWITTER",
    "TAP_FULL": "PUBLISHER_NETWORK",
    "TAP_FULL_LANDSCAPE": "PUBLISHER_NETWORK",
    "TAP_BANNER": "PUBLISHER_NETWORK",
    "TAP_NATIVE": "PUBLISHER_NETWORK",
    "TAP_MRECT": "PUBLISHER_NETWORK",
}
"""Placements of X that are part of another, which has their figures too."""


def _parse(table: _Table, payload: Payload) -> Iterator[Parsed]:
    fields = payload.fields["rows"]
    account = "ad_account_id" if "ad_account_id" in fields else "null"
    given = payload.account.strip().replace("'", "''") if payload.account else "unknown"
    account = f"coalesce({account}, '{given}')"
    unit = "unit" if table.level else "term"
    splits = [name for name in table.splits if name in fields]
    yield Parsed(
        sheet="rows",
        cells={name: Cell(name, _KINDS[name]) for name in sorted(fields)},
        rows=[_periods(table, fields, account, splits) if table.level else _terms(account)],
        skip=[
            Skip(Message(N_("without a date")), "day is null"),
            Skip(Message(N_("without the id of what it is about")), f"{unit} is null"),
            *_skips(fields),
        ],
        period="day",
        notes=_notes(table, fields, splits),
    )


def _periods(table: _Table, fields: frozenset[str], account: str, splits: list[str]) -> Rows:
    """A row for each unit and day: the sum where a day is split."""
    over = f" over (partition by {account}, unit, day)"

    def whole(name: str, type_: str) -> str:
        return f"cast(sum({name}){over} as {type_})" if splits else name

    def same(name: str) -> str:
        return f"max({name}){over}" if splits else name

    columns = {
        "ad_account_id": account,
        "level": f"'{table.level}'",
        "ad_id": "unit",
        "first_day": "day",
        "last_day": "day",
        **{name: same(name) for name in _NAMED if name in fields},
        **{name: whole(name, "bigint") for name in _FIGURES if name in fields},
        "currency": f"upper({same('currency')})" if "currency" in fields else "null::varchar",
    }
    if "conversions" in fields:
        columns["conversions"] = whole("conversions", "double")
    if "spend" in fields:
        columns["spend"] = whole("spend", "decimal(18, 6)")
    if "spend_micros" in fields:
        millionths = whole("spend_micros", "bigint")
        columns["spend"] = f"cast({millionths} * 0.000001::decimal(7, 6) as decimal(18, 6))"
    if "campaign_key" not in fields and table.level == "campaign":
        columns["campaign_key"] = "unit"
    return Rows("ad_periods", columns)


def _terms(account: str) -> Rows:
    """A row for each search term and day, ad groups together."""
    over = f" over (partition by {account}, term, day)"
    return Rows(
        "search_terms",
        {
            "source": f"'google ads ' || {account}",
            "term": "lower(term)",
            "first_day": "day",
            "last_day": "day",
            "impressions": f"cast(sum(impressions){over.replace('term', 'lower(term)')} as bigint)",
            "clicks": f"cast(sum(clicks){over.replace('term', 'lower(term)')} as bigint)",
        },
    )


def _skips(fields: frozenset[str]) -> Iterator[Skip]:
    if "placement" in fields:
        parts = " ".join(f"when '{part}' then '{whole}'" for part, whole in _PARTS.items())
        why = Message(N_("part of another placement, whose row has its figures too"))
        key = "partition by unit, day"
        yield Skip(
            why,
            f"list_contains(list(placement) over ({key}), case placement {parts} end)",
        )


def _notes(table: _Table, fields: frozenset[str], splits: list[str]) -> list[Message]:
    notes = [Message(N_("The days are those of the ad account; they are not moved."))]
    if splits:
        notes.append(
            Message(N_("The rows of a day for placements, networks and devices are added."))
        )
    if table.level and "currency" not in fields:
        notes.append(Message(N_("The file does not say in which currency its amounts are.")))
    return notes


def _nothing(_payload: Payload) -> Iterator[Parsed]:
    return iter(())


FORMATS = (
    *(
        Format(
            name=table.name,
            platform=table.platform,
            title=table.title,
            layouts=(Layout("rows", {"en": table.labels}, frozenset({"day"})),),
            parse=partial(_parse, table),
            recognise=partial(_recognise, table.name),
        )
        for table in _TABLES
    ),
    *(
        Format(
            name=other.name,
            platform="other",
            title=other.title,
            layouts=(Layout("rows", {"en": {label: label for label in other.needs}}, other.needs),),
            parse=_nothing,
            recognise=partial(_recognise, other.name),
            nothing=other.why,
        )
        for other in (*_BY_DAY, *_WITHOUT_DAY)
    ),
)
