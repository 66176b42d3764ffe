"""The plan before posting: how many posts or days a test takes."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from audiences.experiments.experiment import metrics_for
from audiences.experiments.planning import FEWEST, Needs, needs, needs_days
from audiences.experiments.results import label
from audiences.verdicts import percent
from campaigns.errors import N_, Message
from campaigns.reports import wording
from campaigns.store import Snapshot
from campaigns.translations import _, say
from dashboard.attributes import data
from dashboard.controls import Control
from dashboard.entries import read
from dashboard.page import Content
from dashboard.pages import _variants as words
from dashboard.parts import Column, Line, Table, button_link, card, empty, link, note, table
from dashboard.shell import field
from dashboard.view import View

PLANNED = "er_impressions"
EFFECT = 0.2


def content(view: View) -> Content:
    """How many posts or days a test takes, and what fewer can show."""
    back = html.Div([link(_("All tests"), view.href(words.VARIANTS))], className="actions no-print")
    asked = _asked(view)
    parts: list[Component | None] = [back, _asking(view, asked)]
    if asked.wrong is not None:
        return [*parts, html.Div(note(html.P(say(asked.wrong)), kind="bad"), role="alert")]
    by = needs if asked.unit == "post" else needs_days

    def ask(snapshot: Snapshot) -> Needs:
        return by(snapshot, asked.metric, asked.effect, asked.variants, asked.account)

    return [*parts, *_needs(view, view.answers.ask(ask, asked))]


@dataclass(frozen=True)
class _Asked:
    """What the plan is asked, and what is wrong with it."""

    unit: str
    metric: str
    effect: float
    variants: int
    account: str | None
    wrong: Message | None


def _asked(view: View) -> _Asked:
    unit = "ad-day" if view.get("unit") == "ad-day" else "post"
    metric, many = view.get("metric", PLANNED), view.get("variants", "2")
    effect = read("percentage", view.get("effect"))
    wrong = effect if isinstance(effect, Message) else None
    share = effect if isinstance(effect, float) else EFFECT
    if not 0 < share < 10:
        wrong = Message(N_("A difference lies between 0% and 1000%."))
    return _Asked(
        unit,
        metric if metric in metrics_for(unit) else PLANNED,
        share,
        int(many) if many in {"2", "3", "4", "5", "6"} else 2,
        view.get("account") or None,
        wrong,
    )


def _asking(view: View, asked: _Asked) -> Component:
    names = {name: say(label(name)) for name in metrics_for(asked.unit)}
    metrics = [{"value": one, "label": f"{t[:1].upper()}{t[1:]}"} for one, t in names.items()]
    units = [{"value": one, "label": _(words.UNITS[one])} for one in ("post", "ad-day")]
    numbers = [{"value": str(n), "label": str(n)} for n in range(2, 7)]
    effect = view.get("effect") or f"{asked.effect * 100:g}%"
    return html.Div(
        [
            field(_("What is given to a variant"),
                  Control(id="plan-unit", kind="select", value=asked.unit, choices=units,
                          **data(query="unit"))),
            field(_("What decides"), Control(id="plan-metric", kind="select", value=asked.metric,
                                             choices=metrics, **data(query="metric"))),
            field(_("Difference to find"), Control(id="plan-effect", value=effect, is_late=True,
                                                   **data(query="effect"))),
            field(_("Number of variants"), Control(id="plan-variants", kind="select",
                                                   value=str(asked.variants), choices=numbers,
                                                   **data(query="variants"))),
            field(_("Only account"), Control(id="plan-account", value=asked.account or "",
                                             is_late=True, **data(query="account"))),
        ],
        className="filters",
        role="search",
    )  # fmt: skip


_FEW = {
    "post": N_("There are {n} own posts with this metric; it takes {least} to say how posts "
               "differ."),
    "ad-day": N_("There are {n} days on which several ads ran with this metric; it takes {least} "
                 "to say how days differ."),
}  # fmt: skip
_TAKES = {
    "post": N_("To find a difference of {effect} with a chance of 80% it takes {n} posts of each "
               "variant (judging by {posts} own posts)."),
    "ad-day": N_("To find a difference of {effect} with a chance of 80% it takes {n} days of ads "
                 "(judging by {posts} days on which several ads ran)."),
}  # fmt: skip
_WHY = {
    "post": N_("Posts differ from each other far more than chance in their impressions, so their "
               "number decides, not how often they were shown. Begin no test that can find "
               "nothing."),
    "ad-day": N_("Days differ more than chance gives, so their number decides, not the budget. "
                 "Begin no test that can find nothing."),
}  # fmt: skip


def _needs(view: View, found: Needs) -> list[Component]:
    if found.needed is None:
        return [
            empty(
                _("Too little is known to plan with"),
                _(_FEW[found.unit], n=found.posts, least=FEWEST),
                button_link(_("Add files"), "/data", "upload"),
            )
        ]
    answer = _(_TAKES[found.unit], effect=say(percent(found.effect)),
               n=wording.number(found.needed, 0), posts=wording.number(found.posts, 0))  # fmt: skip
    lines = [
        Line({"units": many, "effect": effect}, {"effect": say(percent(effect))})
        for many, effect in found.visible
    ]
    first = _("posts of each variant") if found.unit == "post" else _("days")
    columns = (
        Column("units", first, is_sortable=False),
        Column("effect", _("smallest difference that is found"), True, is_sortable=False),
    )
    title = _("What fewer or more can show")
    return [
        card(html.P(answer, className="verdict"), html.P(_(_WHY[found.unit]), className="quiet")),
        card(table(view, Table("visible", title, columns, lines))),
    ]
