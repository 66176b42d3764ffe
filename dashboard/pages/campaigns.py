"""Campaigns: which campaign reaches most people for least money?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from campaigns.errors import N_
from campaigns.reports import wording
from campaigns.reports.campaign_summary import spans
from campaigns.reports.verdicts import (
    LIMITS,
    RULE,
    WORDS,
    Standard,
    standard,
    verdict,
)
from campaigns.translations import _, say
from dashboard.attributes import aria, data
from dashboard.controls import Control
from dashboard.page import Content, Page
from dashboard.pages import _comparison as comparison
from dashboard.pages._campaign_charts import pictures
from dashboard.pages._campaigns import (
    asked,
    campaign_link,
    campaigns,
    days_of,
    first_day,
    held_whole,
    label,
    mixed_note,
    said,
    time_unit,
)
from dashboard.parts import (
    Column,
    Line,
    Table,
    badge,
    button_link,
    card,
    change,
    empty,
    link,
    note,
    remarks,
    sparkline,
    table,
)
from dashboard.view import View

FIGURES = (
    "impressions", "reach_lower", "reach_upper", "engagements", "er_impressions", "spend",
    "online_cost", "cost", "cpm",
)  # fmt: skip
KINDS = {"cheap": "good", "expensive": "bad"}


def content(view: View) -> Content:
    """What each campaign reached and cost in the period, beside the others."""
    names = {one.campaign_id: one.name for one in campaigns(view)}
    if not names:
        return [_no_campaigns()]
    answer, mixed = asked(view, "campaign", metrics=FIGURES, compare=view.compare)
    there = [row for row in answer.rows if _is_there(row)]
    rows = [row for row in there if row["campaign"] in names]
    whole = held_whole(view, rows)
    judged = [row for row in rows if row["campaign"] in whole]
    own = standard(judged) if mixed is None else Standard(None, 0)
    priced = [row for row in judged if row.get("online_cost") is not None and row["impressions"]]
    chosen = comparison.chosen(view, names)
    return [
        mixed_note(mixed),
        comparison.side_by_side(view, chosen, names),
        _nothing_here(view, rows),
        _elsewhere(view, names, rows, whole),
        pictures(view, priced, names),
        _all(view, _table(view, there, names, own, chosen, whole), _median(own, rows)),
        _without_costs(view, rows, names) if mixed is None else None,
        remarks([say(one) for one in answer.notes]),
    ]


def _is_there(row: Mapping[str, Any]) -> bool:
    """Whether a campaign has anything in this period, and not only in the one compared with."""
    return bool(row["posts"]) or any(row.get(name) is not None for name in FIGURES)


def _no_campaigns() -> Component:
    return empty(
        _("There are no campaigns yet"),
        _("Here they will stand beside each other: how often each was shown and what that cost. "
          "Say which posts belong together; hashtags that are often used are suggested."),
        button_link(_("Define a campaign"), "/data/campaigns", "plus"),
    )  # fmt: skip


def _nothing_here(view: View, rows: Sequence[Mapping[str, Any]]) -> Component | None:
    if rows:
        return None
    return empty(
        _("No campaign has anything in this period"),
        _("Choose another period, or look at everything that is known."),
        button_link(_("Show all data"), view.href(from_="all", to=None, compare=None)),
    )


# --- the table


def _all(view: View, rows: Table, median: Component | None) -> Component | None:
    """All campaigns with the rule by which they are judged."""
    if not rows.rows:
        return None
    limits = {name: wording.number(value) for name, value in LIMITS.items()}
    return card(
        table(view, rows, sort="cpm"),
        html.P(_(RULE, **limits), className="quiet"),
        median,
        html.P(comparison.HOW(), className="quiet no-print"),
    )


def _table(
    view: View, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], own: Standard,
    chosen: Sequence[str], whole: set[str],
) -> Table:  # fmt: skip
    courses = _courses(view)
    columns = (
        Column("campaign", _("campaign")),
        Column("posts", label("posts"), True, "posts"),
        Column("impressions", label("impressions"), True, "impressions"),
        Column("reach", label("reach"), True, "reach_lower"),
        Column("er_impressions", label("er_impressions"), True, "er_impressions"),
        Column("cost", label("cost"), True, "cost"),
        Column("cpm", label("cpm"), True, "cpm"),
        Column("course", _("course"), is_sortable=False),
        Column("verdict", _("verdict")),
    )
    lines = [_line(view, row, names, own, chosen, whole, courses) for row in rows]
    return Table("campaigns", _("All campaigns"), columns, lines)


def _line(
    view: View, row: Mapping[str, Any], names: Mapping[str, str], own: Standard,
    chosen: Sequence[str], whole: set[str], courses: Mapping[str | None, Sequence[float | None]],
) -> Line:  # fmt: skip
    campaign = row["campaign"]
    is_own = campaign in names
    name = names.get(campaign, wording.name("campaign", campaign))
    judged = None
    if is_own and "cpm" in row:
        judged = verdict(row, own, is_part=campaign not in whole)
    plain = {
        "campaign": name,
        "reach": row.get("reach_lower"),
        "verdict": _(WORDS[judged]) if judged else None,
        **{one: row.get(one) for one in ("posts", "impressions", "er_impressions", "cost", "cpm")},
    }
    texts: dict[str, Any] = {
        one: said(one, row) for one in ("posts", "impressions", "reach", "er_impressions", "cost")
    }
    texts["campaign"] = (
        html.Div([_box(campaign, name, chosen), campaign_link(view, campaign, names)],
                 className="pick") if is_own else name
    )  # fmt: skip
    texts["impressions"] = _moved(said("impressions", row), row.get("impressions_change"), True)
    texts["cpm"] = _moved(said("cpm", row), row.get("cpm_change"), False)
    texts["course"] = sparkline(
        courses.get(campaign, ()), _("impressions of {campaign} over time", campaign=name)
    )
    texts["verdict"] = badge(_(WORDS[judged]), KINDS.get(judged, "plain")) if judged else "–"
    return Line(plain, texts, is_last=not is_own)


def _box(campaign: str, name: str, chosen: Sequence[str]) -> Control:
    """The box that puts a campaign beside others; four at most."""
    is_chosen = campaign in chosen
    return Control(
        id=f"pick-{campaign}", kind="checkbox", name=campaign, value=is_chosen,
        disabled=len(chosen) >= comparison.MOST and not is_chosen, className="no-print",
        **data(pick="with"), **aria(label=_("Compare {campaign}", campaign=name)),
    )  # fmt: skip


def _moved(value: str, moved: float | None, is_good_up: bool) -> list[Any]:
    return [value, html.Div(change(moved, is_good_up)) if moved is not None else None]


def _courses(view: View) -> dict[str | None, list[float | None]]:
    """Impressions of each campaign by week or month, from its first to its last."""
    unit = time_unit(view.period.first, view.period.last)
    answer, _mixed = asked(view, "campaign", unit, metrics=("impressions",))
    found: dict[str | None, dict[Any, float | None]] = {}
    for row in answer.rows:
        if row[unit] is not None:
            found.setdefault(row["campaign"], {})[first_day(row[unit])] = row["impressions"]
    every = sorted({day for known in found.values() for day in known})
    return {
        name: [known.get(day) for day in every if min(known) <= day <= max(known)]
        for name, known in found.items()
    }


def _median(own: Standard, rows: Sequence[Mapping[str, Any]]) -> Component | None:
    if own.median is None:
        return None
    currency = next((row["currency"] for row in rows if row.get("currency")), None)
    return html.P(
        _("The median of {n} campaigns is {cost} per 1,000 impressions.", n=own.campaigns,
          cost=wording.figure("cpm", own.median, currency)),
        className="quiet",
    )  # fmt: skip


# --- what is not in the pictures


def _without_costs(
    view: View, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> Component | None:
    """Campaigns that may have been free or not: nobody said."""
    unpriced = [row for row in rows if row.get("cost") is None]
    if not unpriced:
        return None
    listed = [
        html.Li([
            campaign_link(view, row["campaign"], names), ": ",
            _("shown {n} times", n=said("impressions", row))
            if row["impressions"] is not None else said("impressions", row),
        ])
        for row in unpriced
    ]  # fmt: skip
    return card(
        html.H2(_("No costs known")),
        html.P(_("Of these campaigns nobody entered what they cost. They may have been free or "
                 "not, so they are not compared on money.")),
        html.Ul(listed),
        html.P(link(_("Add costs"), "/data/costs")),
    )  # fmt: skip


def _elsewhere(
    view: View, names: Mapping[str, str], rows: Sequence[Mapping[str, Any]], whole: set[str]
) -> Component | None:
    """Campaigns that the period does not hold, or holds a part of, so that nobody misses them."""
    here = [row["campaign"] for row in rows]
    missing = [name for name in names if name not in here]
    partly = [name for name in here if name not in whole]
    if not rows or not (missing or partly):
        return None
    days = view.answers.ask(spans)

    def listed(found: Sequence[str]) -> str:
        return "; ".join(f"{names[one]} ({days_of(*days[one])})" for one in found)

    return note(
        html.P(
            _("Only partly in this period, so not in the charts and not judged: {names}.",
              names=listed(partly))
        ) if partly else None,
        html.P(_("Nothing in this period: {names}.", names=listed(missing))) if missing else None,
        html.P(link(_("Show all data"), view.href(from_="all", to=None, compare=None))),
    )  # fmt: skip


PAGES = (
    Page(
        "/campaigns",
        N_("Campaigns"),
        N_("Which campaign reaches most people for least money?"),
        content,
        icon="megaphone",
        order=2,
    ),
)
