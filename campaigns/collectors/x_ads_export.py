"""X Ads Manager: what campaigns, ad groups or ads delivered and cost (`.csv`, `.xlsx`).

A row per unit and day, or per unit for the whole period. Which columns there are depends on the
objective and on what was chosen; the smallest unit that the file names is that of its rows.
Days are those of the ad account's time zone. The currency stands in a column, or behind the
label (``Spend (EUR)``), or nowhere.

Earlier exports (``ID``, ``Campaign``, ``Time``) list campaigns. X's ``Clicks`` are clicks on
anything; where there are link clicks those count, as on posts.

Sources: X's help pages on the export; no exported file was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaigns.collectors import Cell, Format, Kind, Layout, Parsed, Payload, Rows, Skip, normal
from campaigns.collectors._numbers import literal
from campaigns.errors import N_, Message
from campaigns.schema import UNKNOWN

_LABELS = {
    "Time period": "time",
    "Time": "time",
    "Account ID": "ad_account_id",
    "Account name": "ad_account_name",
    "Ad account ID": "ad_account_id",
    "Ad account name": "ad_account_name",
    "ID": "campaign_id",
    "Campaign ID": "campaign_id",
    "Campaign": "campaign_name",
    "Campaign name": "campaign_name",
    "Campaign status": "campaign_status",
    "Objective": "objective",
    "Campaign objective": "objective",
    "Ad group ID": "group_id",
    "Ad group": "group_name",
    "Ad group name": "group_name",
    "Ad group status": "group_status",
    "Ad ID": "ad_id",
    "Ad": "ad_name",
    "Ad name": "ad_name",
    "Ad status": "ad_status",
    "Ad text": "text",
    "Post ID": "post_id",
    "Tweet ID": "post_id",
    "Post text": "text",
    "Tweet text": "text",
    "Headline": "headline",
    "Currency": "currency",
    "Spend": "spend",
    "Amount spent": "spend",
    "Impressions": "impressions",
    "Reach": "reach",
    "Total audience reach": "reach",
    "Clicks": "all_clicks",
    "Link clicks": "link_clicks",
    "URL clicks": "link_clicks",
    "Engagements": "engagements",
    "Post engagements": "engagements",
    "Tweet engagements": "engagements",
    "Likes": "likes",
    "Favorites": "likes",
    "Replies": "comments",
    "Reposts": "shares",
    "Retweets": "shares",
    "Follows": "follows",
    "Media views": "media_views",
    "Media engagements": "media_engagements",
    "Video views": "video_views",
    "Video completions": "video_completions",
    "App installs": "app_installs",
    "App opens": "app_opens",
    "Leads": "leads",
    "Conversions": "conversions",
    "Results": "results",
}

_ADS = Layout(
    "ads",
    {"en": _LABELS},
    required=frozenset({"time", "impressions", "spend"}),
    patterns={r"(?:amount )?spen[dt][ ,]*\(?(?:[a-z]{3}|\W)\)?": "spend"},
)

_COUNTS = (
    *("impressions", "reach", "engagements", "likes", "comments", "shares", "follows"),
    *("media_views", "media_engagements", "video_views", "video_completions", "app_installs"),
    *("app_opens", "leads", "results"),
)
_TEXTS = (
    *("ad_account_id", "ad_account_name", "campaign_id", "campaign_name", "campaign_status"),
    *("objective", "group_id", "group_name", "group_status", "ad_id", "ad_name", "ad_status"),
    *("headline", "text", "currency", "time"),
)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys((*_COUNTS, "all_clicks", "link_clicks"), "count"),
    "conversions": "number",
    "spend": "money",
}
# From the smallest to the largest: the level, and the fields that name a unit of it.
_UNITS = (
    ("ad", ("ad_id", "ad_name", "post_id"), "ad_status"),
    ("group", ("group_id", "group_name"), "group_status"),
    ("campaign", ("campaign_id", "campaign_name"), "campaign_status"),
)

# "2025-03-01", "Mar 1, 2025 - Mar 31, 2025", "2025-03-01 00:00 to 2025-03-31 23:59"
_BETWEEN = r"\s+(?:-|–|—|to|until|t/m|tot)\s+"
_FIRST = rf"(?i)^(.+?)(?:{_BETWEEN}.+)?$"
_LAST = rf"(?i)^(?:.+{_BETWEEN})?(.+)$"

_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}


def parse(payload: Payload) -> Iterator[Parsed]:
    """One row of `ad_periods` from each row."""
    fields = payload.fields["ads"]
    level, unit, status = _unit(fields)
    post = Cell("post_id", "text", pattern=r"(\d{5,})\D*$")  # the id, or the address of the post
    given = [literal(payload.account.strip())] if payload.account else []
    columns = {
        "ad_account_id": _first(fields, "ad_account_id", "ad_account_name", *given, f"'{UNKNOWN}'"),
        "level": literal(level),
        "ad_id": unit,
        "first_day": "first_day",
        "last_day": "last_day",
        "ad_account_name": _first(fields, "ad_account_name"),
        "campaign_name": _first(fields, "campaign_name"),
        "campaign_key": _first(fields, "campaign_id"),
        "group_name": _first(fields, "group_name"),
        "ad_name": _first(fields, "ad_name"),
        "post_id": _first(fields, "post_id"),
        **{name: name for name in ("headline", "text", "objective") if name in fields},
        "status": _first(fields, status),
        **{name: name for name in (*_COUNTS, "conversions", "spend") if name in fields},
        "currency": _currency(payload),
    }
    if clicks := next((name for name in ("link_clicks", "all_clicks") if name in fields), None):
        columns["clicks"] = clicks
    yield Parsed(
        sheet="ads",
        cells={
            **{name: Cell(name, kind) for name, kind in _KINDS.items() if name in fields},
            **({"post_id": post} if "post_id" in fields else {}),
            "first_day": Cell("time", "day", pattern=_FIRST),
            "last_day": Cell("time", "day", pattern=_LAST),
        },
        rows=[Rows("ad_periods", columns)],
        skip=[
            Skip(
                Message(N_("the total of the report")),
                f"first_day is null and (regexp_matches(time, '(?i)^\\W*tota') or {unit} is null "
                f"or regexp_matches({unit}, '(?i)^\\W*tota'))",
            ),
            Skip(Message(N_("without a date")), "first_day is null or last_day is null"),
            Skip(Message(N_("names no campaign, ad group or ad")), f"{unit} is null"),
        ],
        period="last_day",
        since="first_day",
        notes=_notes(columns),
    )


def _unit(fields: frozenset[str]) -> tuple[str, str, str]:
    """The level of the rows, and SQL for the id and the status of the unit.

    A file can name the post without the ad, so a post is a unit only where nothing else is.
    """
    for level, names, status in _UNITS:
        known = [name for name in names if name in fields]
        if known and (known != ["post_id"] or not fields & {"group_name", "campaign_name"}):
            return level, f"coalesce({', '.join(known)})", status
    return "campaign", "null::varchar", "campaign_status"


def _first(fields: frozenset[str], *names: str) -> str:
    """The first value that is there, of fields of the file and of literals."""
    known = [name for name in names if name in fields or name.startswith("'")]
    return f"coalesce({', '.join(known)})" if known else "null::varchar"


def _currency(payload: Payload) -> str:
    """The currency of the row, else the one behind the label of the amount."""
    found = payload.recognition.found["ads"]
    label = found.sheet.head[found.header_row][found.columns["spend"]]
    sign = next((code for sign, code in _SIGNS.items() if sign in label), None)
    code = re.search(r"(?i)spen[dt]\W+([a-z]{3})\b", normal(label))
    stated = code[1].upper() if code else sign
    known = ["upper(currency)"] if "currency" in payload.fields["ads"] else []
    known += [literal(stated)] if stated else []
    return f"coalesce({', '.join(known)})" if known else "null::varchar"


def _notes(columns: dict[str, str]) -> list[Message]:
    notes = [Message(N_("The days are those of the ad account; they are not moved."))]
    if columns.get("clicks") == "all_clicks":
        notes.append(Message(N_("The clicks are clicks on anything in the ad, not only on links.")))
    if columns["currency"].startswith("null"):
        notes.append(Message(N_("The file does not say in which currency its amounts are.")))
    return notes


FORMATS = (
    Format(
        name="x_ads",
        platform="x",
        title=N_("X Ads Manager export"),
        layouts=(_ADS,),
        parse=parse,
        menu="ads.x.com > Campaigns > Export",
    ),
)
