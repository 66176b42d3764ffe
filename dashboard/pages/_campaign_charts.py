"""Charts of campaigns: cost against what it brought, and what a thousand impressions cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from campaigns.reports.verdicts import middle
from campaigns.translations import _
from dashboard import figures
from dashboard.attributes import data
from dashboard.controls import Control
from dashboard.pages._campaigns import BOUNDS, campaign_link, label, said
from dashboard.parts import Column, Line, Table, chart
from dashboard.shell import field
from dashboard.view import View

NAMED = 12
"""Up to so many points say their own name."""

BARS = 20
"""No more bars than these; the table beside them has all."""


def pictures(
    view: View, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> Component | None:
    """Cost against what it brought, and what a thousand impressions cost."""
    ranked = sorted((row for row in rows if row["cpm"] is not None), key=lambda row: row["cpm"])
    if not ranked:
        return None
    axis = "reach" if view.get("against") == "reach" else "impressions"
    drawn = [_scatter(view, rows, names, axis), _ranking(view, ranked, names)]
    return html.Div([_axis(axis), html.Div(drawn, className="columns")], className="stack")


def _scatter(
    view: View, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], axis: str
) -> Component:
    """Cost online against impressions, or against the least reach where that is measured."""
    column = "reach_lower" if axis == "reach" else "impressions"
    known = [row for row in rows if row.get(column) is not None]
    costs, brought = ([float(row[one]) for row in known] for one in ("online_cost", column))
    words = [_words(row, names) for row in known]
    centre = (middle(costs) or 0.0, middle(brought) or 0.0)
    of_reach = axis == "reach"
    currency = next((row["currency"] for row in known if row.get("currency")), "")
    upwards = label(column)
    figure = figures.quadrants(
        {_("campaigns"): list(zip(costs, brought, words, strict=True))},
        centre,
        _corners(of_reach),
        (
            f"{label('online_cost')} ({currency})",
            _("{measure} (by powers of ten)", measure=upwards) if of_reach else upwards,
        ),
        names=[names[row["campaign"]] for row in known] if len(known) <= NAMED else (),
        highest=[float(row["reach_upper"] or row[column]) for row in known] if of_reach else (),
    )
    title = _("Cost against reach") if of_reach else _("Cost against impressions")
    about = _about_scatter(known, centre, column, names, len(rows) - len(known))
    rows_of = _rows(view, known, names, ("online_cost", axis))
    return chart(view, "cost-and-reach", title, about, figure,
                 Table("cost-and-reach", title, *rows_of))  # fmt: skip


def _corners(of_reach: bool) -> tuple[str, str, str, str]:
    """What lies in each quarter, from the upper left by rows."""
    if of_reach:
        return (_("low cost, large reach"), _("high cost, large reach"),
                _("low cost, small reach"), _("high cost, small reach"))  # fmt: skip
    return (_("low cost, shown often"), _("high cost, shown often"),
            _("low cost, shown less"), _("high cost, shown less"))  # fmt: skip


def _rows(
    view: View, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], shown: Sequence[str]
) -> tuple[list[Column], list[Line]]:
    """Campaigns with some figures, as a table beside a chart."""
    columns = [Column("campaign", _("campaign"))]
    columns += [Column(one, label(one), True, BOUNDS.get(one, (one,))[0]) for one in shown]
    lines = [
        Line(
            {"campaign": names[row["campaign"]],
             **{one: row[BOUNDS.get(one, (one,))[0]] for one in shown}},
            {"campaign": campaign_link(view, row["campaign"], names),
             **{one: said(one, row) for one in shown}},
        )
        for row in rows
    ]  # fmt: skip
    return columns, lines


def _axis(axis: str) -> Component:
    choices = [{"value": "", "label": label("impressions")},
               {"value": "reach", "label": label("reach_lower")}]  # fmt: skip
    control = Control(id="against", kind="select", value="" if axis == "impressions" else axis,
                      choices=choices, **data(query="against"))  # fmt: skip
    return html.Div(field(_("Set costs against"), control), className="filters no-print")


def _words(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return _(
        "{campaign}: {cost}; shown {impressions} times; people: {reach}",
        campaign=names[row["campaign"]],
        cost=said("online_cost", row),
        impressions=said("impressions", row),
        reach=said("reach", row),
    )


def _about_scatter(
    rows: Sequence[Mapping[str, Any]], centre: tuple[float, float], column: str,
    names: Mapping[str, str], unmeasured: int,
) -> str:  # fmt: skip
    if column == "impressions":
        best = [row for row in rows if row["online_cost"] < centre[0] and row[column] > centre[1]]
        among = ", ".join(names[row["campaign"]] for row in best)
        told = (
            _("Shown more often than the median campaign for less money: {names}.", names=among)
            if best
            else _("No campaign was shown more often than the median for less money.")
        )
        return told + " " + _("Impressions say how often it was shown, not to how many people.")
    told = _("Each line goes from the people reached at least to those reached at most: reach is "
             "measured per post or ad and cannot be added up.")  # fmt: skip
    if unmeasured:
        told += " " + _("Of {n} campaigns reach is not measured.", n=unmeasured)
    return told


def _ranking(view: View, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Component:
    """What a thousand impressions cost, the cheapest first."""
    first, last = rows[0], rows[-1]
    told = _("“{campaign}” cost least: {cost}.", campaign=names[first["campaign"]],
             cost=said("cpm", first))  # fmt: skip
    if len(rows) > 1:
        told += " " + _("“{campaign}” cost most: {cost}.", campaign=names[last["campaign"]],
                        cost=said("cpm", last))  # fmt: skip
    title = label("cpm")
    title = title[:1].upper() + title[1:]
    drawn = figures.ranked(
        [names[row["campaign"]] for row in rows[:BARS]],
        [row["cpm"] for row in rows[:BARS]],
        [said("cpm", row) for row in rows[:BARS]],
    )
    table_of = Table("cpm", title, *_rows(view, rows, names, ("cpm",)))
    return chart(view, "cpm", title, told, drawn, table_of)
