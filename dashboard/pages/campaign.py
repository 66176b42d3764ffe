"""One campaign: what it reached and cost, its course, its posts, and how they came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions import Campaign
from campaigns.errors import N_
from campaigns.reports import Report, wording
from campaigns.reports.campaign_summary import (
    BY_MEDIA,
    goal_metrics,
    spans,
)
from campaigns.reports.campaign_summary import FIGURES as SUMMARISED
from campaigns.reports.verdicts import is_whole
from campaigns.translations import _, say
from dashboard import figures, formats
from dashboard.page import Content, Page, address
from dashboard.pages._campaign_posts import origins_card, posts_card
from dashboard.pages._campaigns import (
    CAMPAIGN,
    EDIT,
    MEDIA_ORDER,
    SUMMARY,
    asked,
    days_of,
    every,
    first_day,
    label,
    media_table,
    mixed_note,
    said,
    time_unit,
)
from dashboard.pages._goals import goal_card, results_card
from dashboard.parts import (
    Column,
    Key,
    Line,
    Table,
    button_link,
    card,
    chart,
    empty,
    keys,
    link,
    note,
    remarks,
    table,
)
from dashboard.view import Period, View

if TYPE_CHECKING:
    from dashboard.answers import Answers


def campaign_of(view: View) -> Campaign:
    """The campaign of the address. Raises `UnknownCampaign`."""
    name = view.values["campaign"]
    return view.answers.ask(lambda snapshot: definitions.find(snapshot, name), name)


def naming(view: View) -> str:
    """The campaign's name, as the heading of its page."""
    return campaign_of(view).name


def content(view: View) -> Content:
    """All that is known of the campaign in the period."""
    campaign = campaign_of(view)
    name = campaign.campaign_id
    wanted = tuple(dict.fromkeys((*SUMMARISED, *goal_metrics(campaign))))
    answer, mixed = asked(view, "campaign", metrics=wanted, campaign=name, compare=view.compare)
    row = answer.rows[0] if answer.rows else {}
    days = view.answers.ask(spans)[name]
    if not _has_any(row):
        return [_ways(view, name), _nothing(view, days), results_card(view, name),
                origins_card(view, name)]  # fmt: skip
    drawn, course = _course(view, name, days)
    return [
        _ways(view, name),
        mixed_note(mixed),
        _outside(view, days),
        html.Div(keys(_keys(answer, row)), className="thirds"),
        html.Div([drawn, goal_card(campaign, row, days)], className="columns wide-left")
        if drawn
        else goal_card(campaign, row, days),
        _apart(view, name),
        results_card(view, name),
        posts_card(view, name, row),
        origins_card(view, name),
        remarks([say(one) for report in (answer, course) for one in report.notes]),
    ]


def _ways(view: View, name: str) -> Component:
    """Where one goes from here."""
    summary = view.href(address(SUMMARY, campaign=name))
    return html.Div(
        [
            button_link(_("One-page summary"), summary, "file-text"),
            link(_("All campaigns"), view.href("/campaigns")),
        ],
        className="actions no-print",
    )


def _apart(view: View, name: str) -> Component | None:
    """Organic, paid and print under each other."""
    found, _mixed = asked(view, "media", metrics=BY_MEDIA, campaign=name)
    if not found.rows:
        return None
    caption = _("Organic, paid, print and other media")
    told = _("These stand beside each other and are never added up: a contact in print is no "
             "impression, and nobody knows who saw both.")  # fmt: skip
    return card(
        table(view, media_table("media", caption, found.rows)),
        html.P(told, className="quiet"),
    )


def _has_any(row: Mapping[str, Any]) -> bool:
    """Whether anything of the campaign lies in the period; a goal and a budget always do."""
    figures = ("impressions", "reach_lower", "reach_upper", "engagements", "cost", "outcome")
    return bool(row.get("posts")) or any(row.get(name) is not None for name in figures)


def _nothing(view: View, days: tuple[dt.date | None, dt.date | None]) -> Component:
    if view.period.first is None and view.period.last is None:
        edit = address(EDIT, campaign=view.values["campaign"])
        return empty(
            _("Nothing is known of this campaign yet"),
            _("No post, ad or cost belongs to it. Its rules may not fit, or its exports may not "
              "have been imported."), button_link(_("Change this campaign"), edit, "pencil"),
        )  # fmt: skip
    return empty(
        _("Nothing of this campaign in this period"),
        _("This campaign runs {days}.", days=days_of(*days)) if any(days)
        else _("Choose another period, or look at everything that is known."),
        button_link(_("Show the whole campaign"), view.href(from_="all", to=None, compare=None)),
    )  # fmt: skip


def _outside(view: View, days: tuple[dt.date | None, dt.date | None]) -> Component | None:
    """That the period shows only a part of the campaign."""
    if is_whole(days, view.period.first, view.period.last, view.last_covered):
        return None
    return note(
        html.P(
            _("This campaign runs {days}; the period shows a part of it.", days=days_of(*days))
            + " "
        ),
        html.P(
            link(_("Show the whole campaign"), view.href(from_="all", to=None, compare=None)),
            className="no-print",
        ),
    )


# --- key figures


def _keys(answer: Report, row: Mapping[str, Any]) -> list[Key]:
    other = answer.compared
    against = (
        _("against {period}", period=formats.period(Period(other.first, other.last)))
        if other is not None
        else ""
    )
    directions = {"impressions": True, "er_impressions": True, "cpm": False,
                  "cost_per_outcome": False}  # fmt: skip
    found = []
    for name in ("impressions", "reach", "er_impressions", "cost", "cpm", "cost_per_outcome"):
        metric = "reach_lower" if name == "reach" else name
        if metric not in {one.name for one in answer.metrics}:
            continue
        moved = None if name == "reach" else row.get(f"{metric}_change")
        found.append(
            Key(
                metric,
                said(name, row),
                moved,
                directions.get(name),
                against=against,
                remark=_remark(name, row),
                label=label(name),
            )
        )
    return found


def _remark(name: str, row: Mapping[str, Any]) -> str:
    if name == "reach" and row.get("reach_lower") is not None:
        return _("people; measured per post or ad, so only bounds are known")
    if name == "impressions" and row.get("posts") is not None:
        return _("of {n} posts and their ads", n=said("posts", row))
    if name == "cost" and row.get("spend") is not None:
        return _("of which {spend} media spend", spend=said("spend", row))
    return ""


# --- course


def _course(
    view: View, name: str, days: tuple[dt.date | None, dt.date | None]
) -> tuple[Component | None, Report]:
    """Impressions by week or month, organic and paid on each other."""
    first = max(filter(None, (days[0], view.period.first)), default=None)
    last = min(filter(None, (days[1], view.period.last)), default=None)
    unit = time_unit(first, last)
    answer, _mixed = asked(view, unit, "media", metrics=("impressions",), campaign=name)
    known = {
        (first_day(row[unit]), row["media"]): row["impressions"]
        for row in answer.rows
        if row[unit] is not None and row["impressions"] is not None
    }
    if not known:
        return None, answer
    starts = every([day for day, _media in known], unit)
    media = [one for one in MEDIA_ORDER if any(kind == one for _day, kind in known)]
    series = {
        wording.name("media", one): [known.get((day, one)) for day in starts] for one in media
    }
    words = {"week": _("Impressions by week"), "month": _("Impressions by month")}
    table_of = Table(
        "course",
        words[unit],
        (
            Column("start", _("week of") if unit == "week" else _("month")),
            *(Column(one, wording.name("media", one), True) for one in media),
        ),
        [_start(day, unit, media, known) for day in starts],
    )
    return (
        chart(view, "course", words[unit], _peak(starts, unit, known),
              figures.stacked(starts, series), table_of),
        answer,
    )  # fmt: skip


def _start(
    day: dt.date, unit: str, media: Sequence[str], known: Mapping[tuple[dt.date, str], int]
) -> Line:
    values = {one: known.get((day, one)) for one in media}
    shown = {one: "–" if value is None else wording.number(value) for one, value in values.items()}
    named = formats.day(day) if unit == "week" else formats.month(day)
    return Line({"start": day, **values}, {"start": named, **shown})


def _peak(starts: Sequence[dt.date], unit: str, known: Mapping[tuple[dt.date, str], int]) -> str:
    """Which week or month brought most, and how posts and ads are dated."""
    sums = {day: sum(n for (one, _m), n in known.items() if one == day) for day in starts}
    best = max(sums, key=lambda day: sums[day])
    told = (
        _("Most in the week of {day}: {n} impressions.", day=formats.day(best),
          n=wording.number(sums[best]))
        if unit == "week"
        else _("Most in {month}: {n} impressions.", month=formats.month(best),
               n=wording.number(sums[best]))
    )  # fmt: skip
    return told + " " + _("Posts stand at the day they were published, with all they have brought "
                          "since; ads at the days they ran.")  # fmt: skip


def examples(answers: Answers) -> Sequence[str]:
    """The pages of the campaigns of a store."""
    return [
        address(CAMPAIGN, campaign=one.campaign_id) for one in answers.ask(definitions.campaigns)
    ]


PAGES = (
    Page(
        CAMPAIGN,
        N_("Campaign"),
        N_("What did this campaign reach, and what did it cost?"),
        content,
        examples=examples,
        naming=naming,
    ),
)
