"""LinkedIn Campaign Manager, performance reports: what ads delivered and cost (`.csv`).

Source: Campaign Manager > Reports or Advertise > Export, per campaign group, campaign, ad set or
ad; broken down by day or month, or for the whole period. The file is UTF-16 with tabs (UTF-8
when somebody saved it again). A few lines above the header name the report, its period and when
it was made. Days are days of UTC; amounts are in the currency of the row.

LinkedIn renamed its levels: what was campaign group, campaign and ad is now campaign, ad set and
ad. Rows are stored under the names that the file itself uses; levels are never added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from campaigns.collectors import Cell, Format, Kind, Layout, Parsed, Payload, Rows, Skip
from campaigns.collectors.linkedin_ads_export.labels import LABELS
from campaigns.collectors.linkedin_ads_export.preamble import Report, dates, read_preamble
from campaigns.errors import N_, Message
from campaigns.schema import UNKNOWN

_TEXTS = (
    *("ad_account_id", "ad_account_name", "currency", "objective", "headline", "text"),
    *("group_id", "group_name", "group_status"),
    *("campaign_id", "campaign_name", "campaign_status"),
    *("ad_set_id", "ad_set_name", "ad_set_status", "ad_id", "ad_name", "ad_status"),
)
_FIGURES = (
    *("impressions", "reach", "engagements", "likes", "comments", "shares", "clicks"),
    *("video_views", "follows", "landing_page_clicks", "page_clicks", "other_clicks"),
    *("social_actions", "viral_impressions", "viral_clicks", "video_completions"),
    *("lead_form_opens", "conversions", "spend"),
)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(("day", "campaign_first_day", "campaign_last_day"), "day"),
    **dict.fromkeys(_FIGURES, "count"),
    **dict.fromkeys(("leads", "leads_work_email"), "count"),
    "conversions": "number",
    "spend": "money",
}

# From the smallest to the largest: the fields that name it, its id and name, and its level.
_UNITS = (
    ("ad", "ad_id", "ad_name", "ad_status"),
    ("group", "ad_set_id", "ad_set_name", "ad_set_status"),
    ("campaign", "campaign_id", "campaign_name", "campaign_status"),
    ("group", "group_id", "group_name", "group_status"),
)


def parse(payload: Payload) -> Iterator[Parsed]:
    """What the rows of a report mean: one row of `ad_periods` from each."""
    fields = payload.fields["ads"]
    report = read_preamble(payload.preamble.get("ads", ()), payload.recognition.language)
    cells = {name: Cell(name, kind) for name, kind in _KINDS.items() if name in fields}
    if "day" in fields:
        cells["day_text"] = Cell("day", "text")
    unit = _unit(fields)
    first_day, last_day = _period(payload, report)
    columns = {
        "ad_account_id": _account(payload),
        "level": f"'{unit.level}'",
        "ad_id": unit.id,
        "first_day": first_day,
        "last_day": last_day,
        **_names(fields),
        "status": unit.status,
        **{name: name for name in _FIGURES if name in fields},
        **_leads(fields),
        "currency": _currency(fields, payload.preamble.get("ads", ())),
    }
    if report.made_at is not None:
        columns["collected_at"] = f"timestamptz '{report.made_at:%Y-%m-%d %H:%M:%S}+00'"
    yield Parsed(
        sheet="ads",
        cells=cells,
        rows=[Rows("ad_periods", columns)],
        skip=[
            Skip(Message(N_("the total of the report")), _is_total(cells, unit)),
            Skip(Message(N_("names no ad, ad set, campaign or group")), f"{unit.id} is null"),
            Skip(Message(N_("without a date")), f"{first_day} is null"),
        ],
        period=last_day,
        since=first_day,
        notes=_notes(report),
    )


@dataclass(frozen=True)
class _Unit:
    """What a row is about: the level, and SQL for its id and status."""

    level: str
    id: str
    status: str


def _unit(fields: frozenset[str]) -> _Unit:
    """The smallest unit that the report names."""
    for level, key, name, status in _UNITS:
        named = [field for field in (key, name) if field in fields]
        if named:
            return _Unit(level, f"coalesce({', '.join(named)})", _given(fields, status))
    return _Unit("campaign", "null::varchar", "null::varchar")


def _given(fields: frozenset[str], *names: str) -> str:
    known = [name for name in names if name in fields]
    return f"coalesce({', '.join(known)})" if known else "null::varchar"


def _names(fields: frozenset[str]) -> dict[str, str]:
    """The names of the unit and of those it belongs to, as the file calls them."""
    return {
        "ad_account_name": _given(fields, "ad_account_name"),
        "group_name": _given(fields, "ad_set_name", "group_name"),
        "campaign_name": _given(fields, "campaign_name"),
        "campaign_key": _given(fields, "campaign_id"),
        "ad_name": _given(fields, "ad_name"),
        "headline": _given(fields, "headline"),
        "text": f"replace({_given(fields, 'text')}, chr(160), ' ')",
        "objective": _given(fields, "objective"),
    }


def _account(payload: Payload) -> str:
    """The id of the ad account, else its name, else the number in the name of the file."""
    number = re.search(r"account_(\d+)", payload.file_name)
    name = f"'{number[1]}'" if number else f"'{UNKNOWN}'"
    return f"coalesce({_given(payload.fields['ads'], 'ad_account_id', 'ad_account_name')}, {name})"


def _leads(fields: frozenset[str]) -> dict[str, str]:
    known = [name for name in ("leads", "leads_work_email") if name in fields]
    return {"leads": f"coalesce({', '.join(known)})"} if known else {}


def _currency(fields: frozenset[str], preamble: Sequence[Sequence[str]]) -> str:
    """The currency of the row, else the one that a line above the header states."""
    above = re.search(r"(?:Currency|Valuta)\W+([A-Z]{3})\b", " ".join(map(" ".join, preamble)))
    known = ["upper(currency)"] if "currency" in fields else []
    known += [f"'{above[1]}'"] if above else []
    return f"coalesce({', '.join(known)})" if known else "null"


def _is_total(cells: Mapping[str, Cell], unit: _Unit) -> str:
    """The last row: "Total" where the date or the name of the unit should stand."""
    word = "regexp_full_match(lower({0}), '(total|totaal|totales|gesamt|totale)\\s*([:(].*)?')"
    if "day_text" in cells:
        return f"coalesce({word.format('day_text')}, day is null and {word.format(unit.id)}, false)"
    return f"coalesce({word.format(unit.id)}, false)"


def _period(payload: Payload, report: Report) -> tuple[str, str]:
    """SQL for the first and last day of a row.

    A report by day has the day in each row. A report of the whole period has its first day in
    all of them, a report by month the first day of the month: the period above the header tells
    them apart from days.
    """
    fields = payload.fields["ads"]
    if "day" not in fields:
        if report.period is not None:
            first, last = report.period
            return f"date '{first}'", f"date '{last}'"
        first_day = "campaign_first_day" if "campaign_first_day" in fields else "null::date"
        last_day = "campaign_last_day" if "campaign_last_day" in fields else "null::date"
        return first_day, f"coalesce({last_day}, {first_day})"
    if report.period is None or report.period[0] == report.period[1]:
        return "day", "day"
    first, last = report.period
    if _is_surely_by_day(payload, first):
        return "day", "day"
    whole = f"min(day) over () = date '{first}' and max(day) over () = date '{first}'"
    months = (
        f"bool_and(day = date '{first}' or dayofmonth(day) = 1) over () "
        f"and max(day) over () > date '{first}'"
    )
    return "day", (
        f"case when {whole} then date '{last}' "
        f"when {months} then least(last_day(day), date '{last}') else day end"
    )


def _is_surely_by_day(payload: Payload, first: date) -> bool:
    """Whether the rows at hand show a day inside a month, however day and month are read.

    Most reports show it in their first rows, and then the whole file need not be asked.
    """
    found = payload.recognition.found["ads"]
    at = found.columns["day"]
    for row in found.sheet.head[found.header_row + 1 :]:
        text = row[at] if at < len(row) else ""
        days = [day for language in ("en", "nl") for day in dates(text, language)]
        if days and all(day != first and day.day != 1 for day in days):
            return True
    return False


def _notes(report: Report) -> list[Message]:
    notes = [Message(N_("The days are those of UTC; they are not moved to your time zone."))]
    if report.period is not None:
        first, last = report.period
        notes.append(
            Message(N_("The report covers {first} to {last}."), {"first": first, "last": last})
        )
    return notes


def _format(name: str, *languages: str, date_order: Literal["mdy"] | None) -> Format:
    labels = {language: LABELS[language] for language in languages}
    return Format(
        name=name,
        platform="linkedin",
        title=N_("LinkedIn Campaign Manager performance report"),
        layouts=(Layout("ads", labels, required=frozenset({"impressions", "spend"})),),
        parse=parse,
        menu="LinkedIn Campaign Manager > Reports > Export",
        date_order=date_order,
    )


# The same report: in English it has the month first, in other languages the day.
FORMATS = (
    _format("linkedin_ads", "en", date_order="mdy"),
    _format("linkedin_ads_translated", "nl", "es", "fr", "pt", date_order=None),
)
