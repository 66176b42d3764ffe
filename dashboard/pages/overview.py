"""Overview: what did it bring, and what do we do now?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from dash import html

from campaigns import definitions
from campaigns.errors import N_
from campaigns.reports import Report, other_period, wording
from campaigns.reports.advice import METRICS, Advice, advice
from campaigns.reports.exports import heading
from campaigns.translations import _, say
from dashboard import figures, formats
from dashboard.icons import icon
from dashboard.page import Content, Page, address
from dashboard.pages._campaigns import (
    CAMPAIGN,
    POST,
    campaign_link,
    campaigns,
    first_day,
    held_whole,
)
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
    remarks,
    table,
)
from dashboard.view import Period, View

KEYS = {"reach_lower": True, "impressions": True, "er_impressions": True, "cpm": False}
"""The key figures, and whether more of it is better."""

_PER = {
    "week": N_("{metric} per week"),
    "month": N_("{metric} per month"),
}
_MARKS = {
    "attention": ("triangle-alert", "bad", N_("Attention")),
    "good": ("trophy", "good", N_("Good")),
    "tip": ("lightbulb", "warn", N_("Tip")),
}
_RANKED = 8
_POSTS = 5
_WEEKS_UNTIL = 120


def content(view: View) -> Content:
    """Key figures and their course, what to do, campaigns and posts."""
    if not view.covered:
        return [
            empty(
                _("There are no data yet"),
                _("Here stands what your channels brought, once there are files of them."),
                button_link(_("Add files"), "/data", "upload"),
            )
        ]
    unit = _unit(view.period)
    asked = (*KEYS, "reach_upper")
    whole = view.answers.report(view.question(metrics=asked, compare=view.compare))
    course = view.answers.report(view.question(unit, metrics=asked))
    by_campaign = view.answers.report(view.question("campaign", metrics=METRICS))
    chosen = view.get("key") if view.get("key") in KEYS else "impressions"
    main = html.Div(
        [_course(view, course, unit, chosen), _to_do(view, by_campaign)],
        className="columns wide-left",
    )
    return [
        keys([_key(view, name, whole, course, chosen) for name in KEYS]),
        main,
        _campaigns(view, by_campaign),
        _posts(view),
        remarks([say(note) for note in (*whole.notes, *by_campaign.notes)]),
    ]


def _unit(period: Period) -> str:
    """Weeks for a few months, months for more."""
    if period.first is None or period.last is None:
        return "month"
    return "week" if (period.last - period.first).days <= _WEEKS_UNTIL else "month"


# --- key figures


def _label(name: str) -> str:
    return _("Reach") if name == "reach_lower" else heading(name)


def _shown(name: str, row: dict[str, Any]) -> str:
    if name == "reach_lower":
        return wording.between(row.get("reach_lower"), row.get("reach_upper"))
    value = row.get(name)
    if value is None:
        return wording.unknown(name)
    if name == "impressions":
        return formats.short(value)
    return wording.figure(name, value, row.get("currency"))


def _key(view: View, name: str, whole: Report, course: Report, chosen: str) -> Key:
    row = whole.rows[0] if whole.rows else {}
    return Key(
        name,
        _shown(name, row),
        # A bound that moves says nothing of the reach between the bounds.
        None if name == "reach_lower" else row.get(f"{name}_change"),
        KEYS[name],
        _against(view),
        [one.get(name) for one in course.rows],
        _("people, of posts and ads whose reach was measured") if name == "reach_lower" else "",
        view.href(key=name),
        name == chosen,
        _label(name),
    )


def _against(view: View) -> str:
    if view.compare is None:
        return ""
    other = other_period(view.question(compare=view.compare))
    return _("against {period}", period=formats.period(Period(other.first, other.last)))


# --- over time


def _course(view: View, course: Report, unit: str, name: str) -> html.Section:
    days = [first_day(row[unit]) for row in course.rows]
    when = formats.month if unit == "month" else formats.day
    values = [row.get(name) for row in course.rows]
    said = [f"{when(day)}: {_shown(name, row)}" for day, row in zip(days, course.rows, strict=True)]
    rows = Table(
        "course",
        _(_PER[unit], metric=_label(name)),
        (
            Column(unit, heading(unit)),
            Column(name, _label(name), is_number=True, metric=name),
            *(
                [Column("reach_upper", heading("reach_upper"), is_number=True)]
                if name == "reach_lower"
                else []
            ),
        ),
        [
            Line(
                {unit: day, name: row.get(name), "reach_upper": row.get("reach_upper")},
                {
                    unit: when(day),
                    name: _plain(name, row),
                    "reach_upper": _plain("reach_upper", row),
                },
            )
            for day, row in zip(days, course.rows, strict=True)
        ],
    )
    series = {_label(name): values}
    if name == "reach_lower":
        series = {
            heading(bound): [row.get(bound) for row in course.rows]
            for bound in ("reach_lower", "reach_upper")
        }
    form = ".1%" if name == "er_impressions" else ",.2f" if name == "cpm" else ",d"
    figure = figures.over_time(days, series, said, tickformat=form)
    return chart(view, "course", rows.caption, _conclusion(unit, name, days, course), figure, rows)


def _plain(name: str, row: dict[str, Any]) -> str:
    value = row.get(name)
    if value is None:
        return wording.unknown(name)
    return wording.figure(name, value, row.get("currency"))


def _conclusion(unit: str, name: str, days: Sequence[dt.date], course: Report) -> str:
    """Where it was highest, as a sentence."""
    known = [(row[name], day, row) for day, row in zip(days, course.rows, strict=True)
             if row.get(name) is not None]  # fmt: skip
    if not known:
        return _("Nothing is known of it in this period.")
    _value, day, row = max(known, key=lambda one: one[0])
    values = {
        "metric": _label(name),
        "when": formats.month(day) if unit == "month" else formats.day(day),
        "value": _plain(name, row) if name != "reach_lower" else _shown(name, row),
    }
    if unit == "month":
        return _("{metric}: highest in {when}, {value}.", **values)
    return _("{metric}: highest in the week of {when}, {value}.", **values)


# --- what to do


def _to_do(view: View, by_campaign: Report) -> html.Section:
    names, compared = _names(view), held_whole(view, by_campaign.rows)
    rows = [
        {**row, "name": names.get(row["campaign"], row["campaign"])}
        for row in by_campaign.rows
        if row["campaign"] in compared
    ]
    found = advice(rows, view.answers.ask(definitions.count_unjudged))
    if not found:
        return card(
            html.H2(_("What to do now")),
            html.P(_("Nothing stands out in this period."), className="quiet"),
        )
    return card(html.H2(_("What to do now")), html.Ul([_item(view, one) for one in found],
                                                      className="todo"))  # fmt: skip


def _item(view: View, one: Advice) -> html.Li:
    name, kind, word = _MARKS[one.kind]
    if one.campaign is not None:
        href = view.href(address(CAMPAIGN, campaign=one.campaign))
        forward = link(_("Look at the campaign"), href)
    else:
        forward = link(_("Judge them"), view.href("/data/unjudged"))
    return html.Li(
        [
            html.Span(
                [icon(name), html.Span(f"{_(word)}: ", className="hidden")],
                className=f"mark {kind}",
            ),
            html.Div([html.H3(say(one.title)), html.P(say(one.text)), forward]),
        ]
    )


def _names(view: View) -> dict[str, str]:
    """The names of the campaigns by their ids."""
    return {one.campaign_id: one.name for one in campaigns(view)}


# --- campaigns and posts


def _campaigns(view: View, by_campaign: Report) -> html.Section:
    names = _names(view)
    known = [row for row in by_campaign.rows if row["campaign"] and row["impressions"]]
    if not known:
        return empty(
            _("Campaigns"),
            _("No post of this period belongs to a campaign yet."),
            button_link(_("Define a campaign"), "/data/campaigns", "plus"),
        )
    rows = Table(
        "campaigns",
        _("Campaigns by impressions"),
        (
            Column("campaign", heading("campaign")),
            Column("posts", heading("posts"), is_number=True),
            Column("impressions", heading("impressions"), is_number=True, metric="impressions"),
            Column("cost", heading("cost"), is_number=True, metric="cost"),
            Column("cpm", heading("cpm"), is_number=True, metric="cpm"),
        ),
        [
            Line(
                {name: row.get(name) for name in ("campaign", "posts", "impressions", "cost",
                                                  "cpm")},
                {
                    "campaign": campaign_link(view, row["campaign"], names),
                    **{n: _plain(n, row) for n in ("impressions", "cost", "cpm")},
                },
            )
            for row in known
        ],
    )  # fmt: skip
    top = known[:_RANKED]
    first = top[0]
    return chart(
        view,
        "campaigns",
        rows.caption,
        _(
            "“{campaign}” was shown most: {n} times. That says nothing of how many people saw it.",
            campaign=names.get(first["campaign"], first["campaign"]),
            n=wording.number(first["impressions"]),
        ),
        figures.ranked(
            [names.get(row["campaign"], str(row["campaign"])) for row in top],
            [row["impressions"] for row in top],
            [wording.number(row["impressions"]) for row in top],
        ),
        rows,
    )


def _posts(view: View) -> html.Section | None:
    metrics = ("impressions", "engagements", "er_impressions")
    answer = view.answers.report(view.question("post", metrics=metrics, limit=_POSTS))
    if not answer.rows:
        return None
    rows = Table(
        "posts",
        _("The posts that were shown most"),
        (
            Column("text", heading("text")),
            Column("published_on", heading("published_on")),
            Column("platform", heading("platform")),
            *(Column(name, heading(name), is_number=True, metric=name) for name in metrics),
        ),
        [
            Line(
                {n: row.get(n) for n in ("text", "published_on", "platform", *metrics)},
                {
                    "text": _post(view, row),
                    "published_on": formats.day(row["published_on"])
                    if row["published_on"]
                    else _("not known"),
                    "platform": wording.name("platform", row["platform"]),
                    **{name: _plain(name, row) for name in metrics},
                },
            )
            for row in answer.rows
        ],
    )
    return card(table(view, rows))


def _post(view: View, row: dict[str, Any]) -> Any:
    text = figures.shortened(row["text"] or _("(no text)"), 90)
    href = address(POST, platform=row["platform"], post_id=row["post_id"])
    return link(text, view.href(href))


PAGES = (
    Page(
        "/",
        N_("Overview"),
        N_("What did it bring, and what do we do now?"),
        content,
        icon="layout-dashboard",
        order=1,
    ),
)
