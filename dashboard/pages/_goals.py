"""What a campaign was to bring, what it brought, and what is left of its money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from campaigns.definitions import Campaign
from campaigns.reports import wording
from campaigns.reports.campaign_summary import Progress, progress
from campaigns.reports.results import Result, results
from campaigns.translations import _
from dashboard import formats
from dashboard.attributes import aria
from dashboard.icons import icon
from dashboard.page import address
from dashboard.pages._campaigns import EDIT, days_of, label, said
from dashboard.parts import Column, Line, Table, card, link, note, table
from dashboard.view import View


def goal_card(
    campaign: Campaign, row: Mapping[str, Any], days: tuple[dt.date | None, dt.date | None]
) -> Component:
    """What the campaign is for, what it should bring, and what is left of its money."""
    edit = address(EDIT, campaign=campaign.campaign_id)
    return card(
        html.H2(_("Goal and budget")),
        html.P(campaign.description) if campaign.description else None,
        html.P(_("Runs {days}.", days=days_of(*days))),
        *_goal_parts(progress(campaign, row)),
        *_budget_parts(row),
        html.P(link(_("Change this campaign"), edit), className="no-print"),
    )


def goal_name(goal: Progress) -> str:
    """What a goal counts: a metric by its label, a result as it was entered."""
    return label(goal.name) if goal.is_metric else goal.name


def goal_text(goal: Progress) -> str:
    """How far a goal has come, in a sentence."""
    name = goal_name(goal)
    if goal.value is None:
        told = _("Goal: {name}. No result known.", name=name)
    elif goal.share is None or goal.target is None:
        told = _("Goal: {name}. So far {value}.", name=name, value=wording.number(goal.value))
    else:
        told = _("{value} of {target} {name}: {share} of the goal.",
                 value=wording.number(goal.value), target=wording.number(goal.target), name=name,
                 share=wording.percentage(goal.share, 0))  # fmt: skip
    by = _("To be reached by {day}.", day=formats.day(goal.on)) if goal.on else ""
    return f"{told} {by}".strip()


def _goal_parts(goal: Progress | None) -> list[Component | None]:
    if goal is None:
        return [html.P(_("No goal was stated."), className="quiet")]
    bar = None
    if goal.share is not None:
        bar = html.Progress(value=str(min(max(goal.share, 0), 1)), max="1",
                            **aria(label=_("Part of the goal")))  # fmt: skip
    return [html.P(goal_text(goal)), bar]


def _budget_parts(row: Mapping[str, Any]) -> list[Component | None]:
    if row.get("budget") is None:
        return [html.P(_("No budget was stated."), className="quiet")]
    if row.get("cost") is None:
        return [html.P(_("Budget {budget}; no costs known.", budget=said("budget", row)))]
    left = row.get("budget_left")
    is_over = left is not None and left < 0
    told = (
        _("Spent {cost} of a budget of {budget}: {over} over it.", cost=said("cost", row),
          budget=said("budget", row), over=wording.figure("budget", -left, row.get("currency")))
        if is_over and left is not None
        else _("Spent {cost} of a budget of {budget}: {left} left.", cost=said("cost", row),
               budget=said("budget", row), left=said("budget_left", row))
    )  # fmt: skip
    bar = html.Progress(value=str(min(row["cost"], row["budget"])), max=str(row["budget"] or 1),
                        **aria(label=_("Part of the budget")))  # fmt: skip
    return [
        html.P([icon("triangle-alert") if is_over else None, " " if is_over else "", told]),
        bar,
    ]


# --- results


def result_table(found: Sequence[Result], name: str = "results") -> Table:
    """The results of a campaign, each with who measured it."""
    columns = (
        Column("outcome", _("result")),
        Column("value", _("value"), True),
        Column("measured_by", _("measured by")),
        Column("last_day", _("until")),
    )
    lines = [
        Line(
            {"outcome": one.outcome, "value": one.value, "measured_by": one.measured_by,
             "last_day": one.last_day},
            {"value": result_value(one), "last_day": formats.day(one.last_day),
             "measured_by": one.measured_by or _("not stated")},
        )
        for one in found
    ]  # fmt: skip
    return Table(name, _("Results"), columns, lines)


def result_value(one: Result) -> str:
    """A result with its unit; a part of one as a percentage."""
    unit = (one.unit or "").casefold()
    if unit in {"fraction", "share"} and 0 <= one.value <= 1:
        return wording.percentage(one.value, 0)
    if unit in {"%", "percent", "procent"}:
        return wording.percentage(one.value / 100, 0)
    return f"{wording.number(one.value)} {one.unit or ''}".strip()


def results_card(view: View, name: str) -> Component | None:
    """What the campaign brought beside delivery; where nobody entered it, how to."""
    found = view.answers.ask(lambda snapshot: results(snapshot, name), name)
    if not found:
        told = _("No results are known of this campaign: applications, visits, recognition. "
                 "With them it is known what each cost.")  # fmt: skip
        return note(html.P(told), html.P(link(_("Add results"), "/data/outcomes")))
    whole = _("Of the whole campaign. Scores such as recognition are the newest ones and are "
              "never added.")  # fmt: skip
    return card(table(view, result_table(found)), html.P(whole, className="quiet"))
