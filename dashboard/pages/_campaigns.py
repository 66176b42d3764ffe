"""What the pages about campaigns share: names, values in words, reports that forgive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.errors import N_, MixedCurrencies
from campaigns.reports import Report, wording
from campaigns.reports.campaign_summary import forgiving, spans
from campaigns.reports.exports import heading
from campaigns.reports.verdicts import is_whole
from campaigns.translations import _, say
from dashboard import formats
from dashboard.page import address
from dashboard.parts import Column, Line, Part, Table, link, note
from dashboard.view import Period, View

CAMPAIGN = "/campaigns/<campaign>"
SUMMARY = "/campaigns/<campaign>/summary"
POST = "/posts/<platform>/<post_id>"
EDIT = "/data/campaigns/<campaign>/edit"

RULES = {
    "hashtag": N_("hashtag #{value}"),
    "link": N_("a link to {value}"),
    "utm_campaign": N_("utm_campaign {value} in a link"),
    "words": N_("the words {value}"),
    "post": N_("the post {value}"),
    "account": N_("all posts of {value}"),
    "ad_campaign": N_("the ad campaign {value}"),
}
"""What each kind of rule looks for."""

MEDIA_ORDER = ("organic", "paid", "total")
BOUNDS = {"reach": ("reach_lower", "reach_upper"), "readers": ("readers_lower", "readers_upper")}


def campaigns(view: View) -> list[Campaign]:
    """The campaigns that are defined."""
    return view.answers.ask(definitions.campaigns)


def asked(
    view: View, *by: str, metrics: Sequence[str], **more: object
) -> tuple[Report, MixedCurrencies | None]:
    """A report of this view; where amounts cannot be added, without them, and why."""
    return forgiving(view.answers.report, view.question(*by, metrics=metrics, **more))


def mixed_note(error: MixedCurrencies | None) -> html.Div | None:
    """Why no amounts are shown."""
    if error is None:
        return None
    return note(_("Amounts are not shown here."), " ", say(error), kind="warn")


def said(name: str, row: Mapping[str, Any]) -> str:
    """A value of a row in words; ``reach`` and ``readers`` stand for both their bounds.

    Results of several kinds are not added: they are told one by one.

    >>> from campaigns.translations import speaking
    >>> with speaking("en"):
    ...     said("reach", {"reach_lower": 10, "reach_upper": 20}), said("cost", {})
    ('10 to 20', 'no costs known')
    >>> row = {"outcomes": {"visits": {"cost_per_outcome": 1.8}}, "currency": "EUR"}
    >>> said("cost_per_outcome", row)
    'visits: €1.80'
    """
    if name in BOUNDS:
        lower, upper = BOUNDS[name]
        return wording.between(row.get(lower), row.get(upper))
    if row.get(name) is None:
        return wording.by_kind(name, row) or wording.unknown(name) or _("not measured")
    return wording.figure(name, row[name], row.get("currency"))


def label(name: str) -> str:
    """The heading of a metric; that of both bounds together for reach and readers."""
    return heading(name)


def campaign_link(view: View, campaign_id: str | None, names: Mapping[str, str]) -> Part:
    """The name of a campaign, leading to its page."""
    if campaign_id is None:
        return wording.name("campaign", None)
    return link(
        names.get(campaign_id, campaign_id), view.href(address(CAMPAIGN, campaign=campaign_id))
    )


def held_whole(view: View, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The campaigns of a report that lie in the period with all that is known of them."""
    days = view.answers.ask(spans)
    first, last = view.period.first, view.period.last
    return {
        row["campaign"]
        for row in rows
        if row["campaign"] in days
        and is_whole(days[row["campaign"]], first, last, view.last_covered)
    }


def rule_text(rule: Rule) -> str:
    """What a rule looks for, in words."""
    return _(RULES[rule.kind], value=rule.value)


def days_of(first: dt.date | None, last: dt.date | None) -> str:
    """A campaign's days in words."""
    if first is None and last is None:
        return _("no days stated")
    return formats.period(Period(first, last))


def first_day(name: str) -> dt.date:
    """The first day of a week or month as reports name them.

    >>> first_day("2025-W01"), first_day("2025-03")
    (datetime.date(2024, 12, 30), datetime.date(2025, 3, 1))
    """
    year, _dash, rest = name.partition("-")
    if rest.startswith("W"):
        return dt.date.fromisocalendar(int(year), int(rest[1:]), 1)
    return dt.date(int(year), int(rest), 1)


def time_unit(first: dt.date | None, last: dt.date | None) -> str:
    """Weeks for what takes less than a year and a bit, else months."""
    is_short = first is not None and last is not None and (last - first).days <= 400
    return "week" if is_short else "month"


def every(days: Sequence[dt.date], unit: str) -> list[dt.date]:
    """All weeks or months from the first to the last, those without anything too.

    >>> len(every([dt.date(2025, 1, 1), dt.date(2025, 4, 1)], "month"))
    4
    """
    if not days:
        return []
    found, last = [min(days)], max(days)
    while found[-1] < last:
        step = found[-1] + dt.timedelta(days=7 if unit == "week" else 32)
        found.append(step if unit == "week" else step.replace(day=1))
    return found


def media_order(row: Mapping[str, Any]) -> tuple[int, str]:
    """Organic, paid and their undivided total first, then print and other media, then no medium."""
    media = row["media"]
    if media is None:
        return len(MEDIA_ORDER) + 1, ""
    place = MEDIA_ORDER.index(media) if media in MEDIA_ORDER else len(MEDIA_ORDER)
    return place, str(media)


def media_table(
    name: str, caption: str, rows: Sequence[Mapping[str, Any]], *, is_brief: bool = False
) -> Table:
    """Organic, paid and print under each other; what a medium cannot have stays a dash."""
    social = ("impressions", "reach") if is_brief else ("impressions", "reach", "engagements")
    shown = [
        metric
        for metric in (*social, "contacts", "readers", "cost")
        if any(row.get(_column(metric)) is not None for row in rows)
    ]
    columns = [Column("media", _("medium"), is_sortable=False)]
    columns += [
        Column(metric, label(metric), True, _column(metric), is_sortable=False) for metric in shown
    ]
    if any(_per_thousand(row)[0] is not None for row in rows):
        columns.append(Column("per_thousand", _("cost per 1,000"), True, is_sortable=False))
    lines = [_media_line(row, shown) for row in sorted(rows, key=media_order)]
    return Table(name, caption, columns, lines)


def _column(metric: str) -> str:
    """The column of a row that a figure stands in: of two bounds the lower."""
    return BOUNDS.get(metric, (metric,))[0]


def _media_line(row: Mapping[str, Any], shown: Sequence[str]) -> Line:
    media = row["media"]
    words = wording.name("media", media) if media is not None else _("costs of no single medium")
    values: dict[str, Any] = {"media": words}
    texts: dict[str, Part] = {}
    for metric in shown:
        values[metric] = row.get(_column(metric))
        is_told = values[metric] is not None or _could_have(metric, media)
        texts[metric] = said(metric, row) if is_told else "–"
    values["per_thousand"], texts["per_thousand"] = _per_thousand(row)
    return Line(values, texts)


def _per_thousand(row: Mapping[str, Any]) -> tuple[float | None, str]:
    """What a thousand impressions or contacts of a medium cost, and of which of both."""
    if row.get("cpm") is not None:
        return row["cpm"], _("{cost} (impressions)", cost=said("cpm", row))
    if row.get("cost_per_contact") is not None:
        return row["cost_per_contact"], _("{cost} (contacts)", cost=said("cost_per_contact", row))
    return None, "–"


def _could_have(metric: str, media: str | None) -> bool:
    """Whether a medium could have a figure, so that its absence is worth a word."""
    if media is None or metric == "cost":
        return metric == "cost" and media not in {"organic", "total"}
    is_social = media in MEDIA_ORDER
    return is_social if metric in {"impressions", "reach", "engagements"} else not is_social
