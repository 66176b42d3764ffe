"""Two to four campaigns side by side, organic and paid apart, print beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from campaigns.reports import wording
from campaigns.reports.campaign_summary import spans
from campaigns.reports.verdicts import is_whole
from campaigns.translations import _
from dashboard.pages._campaigns import (
    BOUNDS,
    MEDIA_ORDER,
    asked,
    campaign_link,
    days_of,
    label,
    mixed_note,
    said,
)
from dashboard.parts import Column, Line, Part, Table, card, link, note, table
from dashboard.view import View

MOST = 4
FIGURES = (
    "impressions", "reach_lower", "reach_upper", "engagements", "er_impressions", "ctr", "spend",
    "online_cost", "cost", "cpm", "outcome", "cost_per_outcome", "budget", "budget_left",
    "contacts", "readers_lower", "readers_upper", "cost_per_contact",
)  # fmt: skip
LINES = (
    "posts", "impressions", "reach", "engagements", "er_impressions", "ctr", "spend",
    "online_cost", "cpm", "outcome", "cost_per_outcome", "contacts", "readers",
    "cost_per_contact", "cost", "budget", "budget_left",
)  # fmt: skip
"""What is compared, in this order; below impressions stand organic and paid."""


def HOW() -> str:  # noqa: N802 - a sentence that is spoken when it is shown
    """How campaigns are chosen."""
    return _("Tick two to four campaigns to see them side by side.")


def chosen(view: View, names: Mapping[str, str]) -> list[str]:
    """The campaigns that the address puts side by side, as far as they exist."""
    asked_for = dict.fromkeys(one for one in view.get("with").split(",") if one in names)
    return list(asked_for)[:MOST]


def side_by_side(
    view: View, campaigns: Sequence[str], names: Mapping[str, str]
) -> Component | None:
    """The chosen campaigns as columns of one table."""
    if not campaigns:
        return None
    none = link(_("Stop comparing"), view.href(with_=None))
    if len(campaigns) == 1:
        return note(
            html.P(_("“{campaign}” is chosen. Tick one more to compare them.",
                     campaign=names[campaigns[0]])),
            html.P(none),
        )  # fmt: skip
    answer, mixed = asked(view, "campaign", metrics=FIGURES)
    rows = {row["campaign"]: row for row in answer.rows}
    apart, _mixed = asked(view, "campaign", "media", metrics=("impressions", "engagements"))
    media = {(row["campaign"], row["media"]): row for row in apart.rows}
    columns = [Column("measure", _("measure"), is_sortable=False)]
    columns += [
        Column(f"of-{one}", names[one], is_number=True, is_sortable=False) for one in campaigns
    ]
    lines: list[Line] = []
    for name in LINES:
        lines.append(_line(name, label(name), campaigns, rows))
        if name == "impressions":
            lines += _apart(campaigns, media)
    return card(
        html.H2(_("Side by side")),
        html.P(
            [
                part
                for one in campaigns
                for part in (campaign_link(view, one, names), "  ·  ")
            ][:-1],
            className="quiet",
        ),
        mixed_note(mixed),
        _partly(view, campaigns, names),
        table(view, Table("side-by-side", _("Campaigns side by side"), columns, lines),
              is_quiet=True),
        html.P(_("Print and other media stand beside what was online and are never added to it: a "
                 "contact is no impression."), className="quiet"),
        html.P(none, className="no-print"),
    )  # fmt: skip


def _partly(view: View, campaigns: Sequence[str], names: Mapping[str, str]) -> Component | None:
    """Which of them the period holds a part of, so that they do not compare as they stand."""
    days = view.answers.ask(spans)
    first, last = view.period.first, view.period.last
    partly = [one for one in campaigns if not is_whole(days[one], first, last, view.last_covered)]
    if not partly:
        return None
    listed = "; ".join(f"{names[one]} ({days_of(*days[one])})" for one in partly)
    return note(
        html.P(_("Only partly in this period: {names}. Costs that cover days outside it are left "
                 "out.", names=listed)),
        html.P(link(_("Show all data"), view.href(from_="all", to=None, compare=None))),
        kind="warn",
    )  # fmt: skip


def _line(
    name: str, text: str, campaigns: Sequence[str], rows: Mapping[Any, Mapping[str, Any]]
) -> Line:
    column = BOUNDS.get(name, (name,))[0]
    values: dict[str, Any] = {"measure": text}
    shown: dict[str, Part] = {}
    for one in campaigns:
        row = rows.get(one, {})
        values[f"of-{one}"] = row.get(column)
        shown[f"of-{one}"] = said(name, row)
    return Line(values, shown)


def _apart(
    campaigns: Sequence[str], media: Mapping[tuple[str, str | None], Mapping[str, Any]]
) -> list[Line]:
    """Impressions of each campaign by organic, paid, and what is not told apart."""
    lines = []
    for kind in MEDIA_ORDER:
        rows = {one: media[one, kind] for one in campaigns if (one, kind) in media}
        if rows:
            text = _("{measure}: {media}", measure=label("impressions"),
                     media=wording.name("media", kind))  # fmt: skip
            line = _line("impressions", text, campaigns, rows)
            missing = {f"of-{one}": "–" for one in campaigns if one not in rows}
            lines.append(Line(line.values, {**line.parts(), **missing}))
    return lines
