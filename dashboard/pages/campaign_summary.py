"""One campaign on one sheet of paper, for a meeting: what it reached, cost and brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.reports import wording
from campaigns.reports.campaign_summary import Summary, progress, summary
from campaigns.translations import _, say
from dashboard import formats
from dashboard.attributes import data
from dashboard.controls import Control
from dashboard.page import Content, Page, address
from dashboard.pages._campaigns import (
    CAMPAIGN,
    SUMMARY,
    days_of,
    label,
    media_table,
    mixed_note,
    said,
)
from dashboard.pages._goals import goal_text, result_table
from dashboard.pages.campaign import naming
from dashboard.parts import Column, Key, Line, Table, change, empty, keys, link, table
from dashboard.shell import field
from dashboard.view import View

if TYPE_CHECKING:
    from dashboard.answers import Answers

ABOUT = 0.01
"""A smaller relative difference is none to speak of."""

NOBODY = "-"
"""What the address says when the campaign is held against no other."""

COMPARED = ("posts", "impressions", "reach", "engagements", "er_impressions", "cost", "cpm",
            "outcome", "cost_per_outcome", "contacts")  # fmt: skip
DIRECTIONS = {"impressions": True, "engagements": True, "er_impressions": True, "outcome": True,
              "cpm": False, "cost_per_outcome": False}  # fmt: skip


def content(view: View) -> Content:
    """The sheet, and beside it (not on paper) what it is held against."""
    name, against = view.values["campaign"], view.get("against")
    found = view.answers.ask(lambda snapshot: summary(snapshot, name, against or None)
                             if against != NOBODY else summary(snapshot, name, name),
                             name, against)  # fmt: skip
    above = html.Div([_choice(found, against), _back(view, found)], className="actions no-print")
    if not found.row:
        nothing = empty(
            _("Nothing is known of this campaign yet"),
            _("No post, ad or cost belongs to it. Its rules may not fit, or its exports may not "
              "have been imported."), link(_("To the campaign"), _page(view, found)),
        )  # fmt: skip
        return [above, nothing]
    return [
        above,
        mixed_note(found.mixed),
        html.Div(
            [
                html.P(_period(view, found), className="quiet"),
                html.Div([html.P(text) for text in _sentences(found)], className="lead"),
                _keys(found),
                html.Div([_beside(view, found), _media(view, found)], className="stack"),
                _results(view, found),
                _uncertain(found, _is_running(view, found)),
            ],
            className="card sheet",
        ),
    ]


def _page(view: View, found: Summary) -> str:
    return view.href(address(CAMPAIGN, campaign=found.campaign.campaign_id))


def _back(view: View, found: Summary) -> Component:
    return link(_("To the campaign"), _page(view, found))


def _choice(found: Summary, asked: str) -> Component:
    """Which campaign it is held against."""
    held = found.against.campaign_id if found.against else NOBODY
    choices = [{"value": NOBODY, "label": _("no other campaign")}]
    choices += [{"value": one.campaign_id, "label": one.name} for one in found.others]
    control = Control(id="summary-against", kind="select", value=asked or held, choices=choices,
                      **data(query="against"))  # fmt: skip
    return field(_("Held against"), control)


def _period(view: View, found: Summary) -> str:
    last = view.last_covered
    told = _("Campaign summary. Runs {days}.", days=days_of(found.first, found.last))
    if last is None:
        return told
    return told + " " + _("Made of data until {day}.", day=formats.day(last))


# --- in sentences


def _sentences(found: Summary) -> list[str]:
    """What a meeting is told first, a sentence each."""
    return [one for one in (_reached(found), _cost(found), _brought(found), _differs(found)) if one]


def _reached(found: Summary) -> str:
    row = found.row
    if row.get("impressions") is None:
        return _("How often it was shown was not measured.")
    seen = {"posts": said("posts", row), "n": said("impressions", row)}
    if (row.get("posts") or 0) > 1:
        told = _("Its {posts} posts and ads were shown {n} times.", **seen)
    else:
        told = _("It was shown {n} times.", **seen)
    lower, upper = row.get("reach_lower"), row.get("reach_upper")
    if lower is None:
        reached = _("How many people that were is not measured.")
    elif upper is None:
        reached = _("That reached at least {lower} people.", lower=wording.number(lower))
    elif lower == upper:
        reached = _("That reached {lower} people.", lower=wording.number(lower))
    else:
        reached = _("That reached between {lower} and {upper} people.",
                    lower=wording.number(lower), upper=wording.number(upper))  # fmt: skip
    return f"{told} {reached}"


def _cost(found: Summary) -> str:
    row = found.row
    if found.mixed is not None:
        return ""
    if row.get("cost") is None:
        return _("No costs are known of it.")
    told = [_("It cost {cost}.", cost=said("cost", row))]
    if row.get("spend"):
        told.append(_("Of that {spend} was media spend.", spend=said("spend", row)))
    if row.get("cpm") is not None:
        told.append(_("Without print that is {cpm} per 1,000 impressions.", cpm=said("cpm", row)))
    if row.get("budget") is not None:
        text = (
            N_("That is more than the budget of {budget}.")
            if row["cost"] > row["budget"]
            else N_("That is within the budget of {budget}.")
        )
        told.append(_(text, budget=said("budget", row)))
    return " ".join(told)


def _brought(found: Summary) -> str:
    goal = progress(found.campaign, found.row)
    told = goal_text(goal) if goal else _("No goal was stated.")
    if found.row.get("cost_per_outcome") is not None:
        told += " " + _("Each result cost {cost}.", cost=said("cost_per_outcome", found.row))
    return told


def _differs(found: Summary) -> str:
    """How it did beside the other campaign, in the figures that tell most."""
    if found.against is None:
        return ""
    told = []
    for name in ("impressions", "er_impressions", "cpm", "cost_per_outcome"):
        moved = found.changes.get(name)
        if moved is not None:
            values = {"metric": label(name), "change": wording.percentage(abs(moved), 0)}
            if abs(moved) < ABOUT:
                told.append(_("{metric} about the same", **values))
                continue
            told.append(
                _("{metric} {change} higher", **values) if moved > 0
                else _("{metric} {change} lower", **values)
            )  # fmt: skip
    if not told:
        return _("Nothing of it can be compared with “{campaign}”.", campaign=found.against.name)
    return _("Beside “{campaign}”: {differences}.", campaign=found.against.name,
             differences="; ".join(told))  # fmt: skip


# --- in figures


def _keys(found: Summary) -> Component:
    """The four figures that a meeting asks for."""
    return keys(
        [
            Key("reach_lower" if name == "reach" else name, said(name, found.row),
                label=label(name))
            for name in ("impressions", "reach", "cost", "cost_per_outcome")
            if found.mixed is None or not _is_money(name)
        ]
    )  # fmt: skip


def _beside(view: View, found: Summary) -> Component:
    """The figures of both campaigns."""
    columns = [Column("measure", _("figure"), is_sortable=False),
               Column("now", found.campaign.name, True, is_sortable=False)]  # fmt: skip
    if found.against is not None:
        columns += [
            Column("before", found.against.name, True, is_sortable=False),
            Column("change", _("change"), True, is_sortable=False),
        ]
    names = [one for one in COMPARED if found.mixed is None or not _is_money(one)]
    lines = [_line(found, one) for one in names if _is_known(found, one)]
    caption = _("What it reached and cost")
    return table(view, Table("summary", caption, columns, lines))


def _is_money(name: str) -> bool:
    return name in METRICS and METRICS[name].is_money


def _is_known(found: Summary, name: str) -> bool:
    """Whether a figure is worth a line: what must be said unknown, and what either knows."""
    needed = {"impressions", "reach", "cost", "outcome"}
    return name in needed or any(row and row.get(name) is not None
                                 for row in (found.row, found.before))  # fmt: skip


def _line(found: Summary, name: str) -> Line:
    column = "reach_lower" if name == "reach" else name
    before = found.before or {}
    moved = None if name == "reach" else found.changes.get(column)
    values = {"measure": label(name), "now": found.row.get(column), "before": before.get(column),
              "change": moved}  # fmt: skip
    shown: dict[str, Any] = {"now": said(name, found.row), "before": said(name, before)}
    shown["change"] = change(moved, DIRECTIONS.get(name)) if moved is not None else "–"
    return Line(values, shown)


def _media(view: View, found: Summary) -> Component | None:
    if not found.media:
        return None
    caption = _("Organic, paid, print and other media")
    return table(view, media_table("media", caption, found.media, is_brief=True))


def _results(view: View, found: Summary) -> Component | None:
    return table(view, result_table(found.results)) if found.results else None


_BOUNDS = N_(
    "Reach is measured per post or ad. At least as many people were reached as by the largest of "
    "them; at most as if nobody saw two. The truth lies between, and where is not known."
)
_UNMEASURED = N_(
    "The platforms do not report how many people saw these posts. Impressions count how often "
    "something was shown; one person may be many of them."
)
_CONTACTS = N_(
    "Contacts in print are insertions times readers as the publisher states them: a chance to "
    "see, not impressions."
)
_DIFFERENT = N_(
    "Campaigns differ in season, goal and audience: a difference between two is no proof that "
    "one was made better."
)


_RUNNING = N_(
    "The campaign was still running on the last day of data: its figures will grow, and those of "
    "a campaign that has ended will not."
)


def _is_running(view: View, found: Summary) -> bool:
    """Whether the campaign goes on after the last day of data."""
    return None not in (found.last, view.last_covered) and found.last > view.last_covered  # type: ignore[operator]


def _uncertain(found: Summary, is_running: bool) -> Component:
    """What is not certain, in words."""
    row = found.row
    lower = row.get("reach_lower")
    told = [
        _(_RUNNING) if is_running else "",
        _(_UNMEASURED) if lower is None else "",
        _(_BOUNDS) if lower is not None and lower != row.get("reach_upper") else "",
        _(_CONTACTS) if row.get("contacts") is not None else "",
        _(_DIFFERENT) if found.against is not None else "",
        *(say(one) for one in found.notes),
    ]
    return html.Div(
        [html.H2(_("How certain this is")), html.Ul([html.Li(one) for one in told if one])],
        className="quiet",
    )


def examples(answers: Answers) -> Sequence[str]:
    """The summaries of the campaigns of a store."""
    return [
        address(SUMMARY, campaign=one.campaign_id) for one in answers.ask(definitions.campaigns)
    ]


PAGES = (
    Page(
        SUMMARY,
        N_("Campaign summary"),
        N_("What did this campaign bring, on one page?"),
        content,
        filters=(),
        examples=examples,
        naming=naming,
    ),
)
