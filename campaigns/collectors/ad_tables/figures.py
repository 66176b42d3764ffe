"""What the cells of a table of ads mean: a row for each unit and day, or each search term."""

from __future__ import annotations

from collections.abc import Iterator

from campaigns.collectors import Cell, Kind, Parsed, Payload, Rows, Skip
from campaigns.collectors._numbers import literal
from campaigns.collectors.ad_tables.tables import Table
from campaigns.errors import N_, Message
from campaigns.schema import UNKNOWN

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


def parse(table: Table, payload: Payload) -> Iterator[Parsed]:
    """A row of `ad_periods` for each unit and day, or of `search_terms` for each term and day."""
    fields = payload.fields["rows"]
    account = "ad_account_id" if "ad_account_id" in fields else "null"
    given = literal(payload.account.strip() if payload.account else UNKNOWN)
    account = f"coalesce({account}, {given})"
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


def _periods(table: Table, fields: frozenset[str], account: str, splits: list[str]) -> Rows:
    """A row for each unit and day: the sum where a day is split."""
    over = f" over (partition by {account}, unit, day)"

    def whole(name: str, type_: str) -> str:
        # more than the table can hold is no figure
        return f"try_cast(sum({name}){over} as {type_})" if splits else name

    def same(name: str) -> str:
        return f"max({name}){over}" if splits else name

    columns = {
        "ad_account_id": account,
        "level": literal(table.level),
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
        columns["spend"] = f"try_cast({millionths} * 0.000001::decimal(7, 6) as decimal(18, 6))"
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
        parts = " ".join(
            f"when {literal(part)} then {literal(whole)}" for part, whole in _PARTS.items()
        )
        why = Message(N_("part of another placement, whose row has its figures too"))
        key = "partition by unit, day"
        yield Skip(
            why,
            f"list_contains(list(placement) over ({key}), case placement {parts} end)",
        )


def _notes(table: Table, fields: frozenset[str], splits: list[str]) -> list[Message]:
    notes = [Message(N_("The days are those of the ad account; they are not moved."))]
    if splits:
        notes.append(
            Message(N_("The rows of a day for placements, networks and devices are added."))
        )
    if table.level and "currency" not in fields:
        notes.append(Message(N_("The file does not say in which currency its amounts are.")))
    return notes
