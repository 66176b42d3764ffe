"""Glossary: what does each number mean, and where does it come from?"""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from campaigns import schema
from campaigns.errors import N_
from campaigns.metrics import METRICS, Metric
from campaigns.reports.exports import heading
from campaigns.translations import _, language
from dashboard.attributes import aria
from dashboard.controls import Control
from dashboard.page import Content, Page
from dashboard.parts import Column, Line, Table, card, empty, link, table
from dashboard.shell import field
from dashboard.view import View

_UNITS = {
    "times": N_("times"),
    "times per person": N_("times per person"),
    "people": N_("people"),
    "posts": N_("posts"),
    "fraction": N_("a share of one"),
    "amount": N_("an amount"),
}


def content(view: View) -> Content:
    """All metrics; and the columns of all tables, for who works with the data themselves."""
    asked = view.get("q").strip().casefold()
    found = [metric for metric in METRICS.values() if asked in _text(metric).casefold()]
    search = html.Div(
        field(
            _("Search"),
            Control(id="glossary-q", value=view.get("q"), is_late=True, kind="search",
                    **{"data-query": "q"}),
        ),
        className="filters",
        role="search",
    )  # fmt: skip
    if not found:
        nothing = empty(
            _("Nothing is called so"),
            _("No metric has “{text}” in its name or meaning.", text=view.get("q")),
            link(_("Show all"), view.href(q=None)),
        )
        return [search, nothing]
    return [search, card(table(view, _metrics(found), sort="label", size=len(METRICS))), _tables()]


def _text(metric: Metric) -> str:
    return " ".join((metric.name, _(metric.label), _(metric.meaning)))


def _metrics(found: Sequence[Metric]) -> Table:
    return Table(
        "metrics",
        _("Metrics"),
        (
            Column("label", _("name")),
            Column("meaning", _("what it is"), is_sortable=False),
            Column("formula", _("how it is computed"), is_sortable=False),
            Column("unit", _("unit")),
            Column("source", _("source")),
            Column("name", _("name in files and commands")),
        ),
        [_line(metric) for metric in found],
    )


def _line(metric: Metric) -> Line:
    return Line(
        {
            "label": heading(metric.name),
            "meaning": _(metric.meaning),
            "formula": _formula(metric),
            "unit": _unit(metric),
            "source": _(metric.source),
            "name": metric.name,
        },
        {"name": html.Code(metric.name)},
    )


def _formula(metric: Metric) -> str:
    if metric.kind == "ratio":
        parts = f"{heading(metric.numerator)} / {heading(metric.denominator)}"
        if metric.factor != 1:
            parts = f"{metric.factor} × {parts}"
        if metric.is_paired:
            return _("{formula}, over the rows that know both", formula=parts)
        return parts
    if metric.kind == "derived":
        return _("as said beside it")
    return _("never added up") if metric.unit == "people" else _("added up; the unknown left out")


def _unit(metric: Metric) -> str:
    return _(_UNITS.get(metric.unit, metric.unit))


def _tables() -> html.Section:
    """The tables of the store. Their columns are English, as in files that programs read."""
    return card(
        html.H2(_("Tables and columns of the store")),
        html.P(_("For who works with the files themselves. These are in English."),
               className="quiet"),
        *(_table(one) for one in schema.TABLES.values()),
    )  # fmt: skip


def _table(one: schema.Table) -> html.Details:
    rows = [
        html.Tr(
            [
                html.Th(html.Code(column.name), scope="row"),
                html.Td(column.meaning),
                html.Td(column.unit or column.type),
            ]
        )
        for column in one
    ]
    head = html.Tr([html.Th(text, scope="col") for text in ("column", "meaning", "unit or type")])
    return html.Details(
        [
            html.Summary([html.Code(one.name), f": {one.meaning}"]),
            html.Div(
                html.Table([html.Thead(head), html.Tbody(rows)]),
                className="scroll",
                tabIndex=0,
                role="region",
                **aria(label=one.name),
            ),
        ],
        lang="en" if language() != "en" else None,
        className="columns-of",
    )


PAGES = (
    Page(
        "/glossary",
        N_("Glossary"),
        N_("What does each number mean, and where does it come from?"),
        content,
        section="manage",
        icon="book-open",
        order=90,
        filters=(),
        needs_data=False,
    ),
)
