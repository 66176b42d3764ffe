"""Which message or image works better: all tests, one of them, the plan, and what was learnt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from audiences import experiments
from audiences.experiments import Result
from audiences.lessons import Lesson, is_learnt, label, said
from campaigns.errors import N_, NoStore
from campaigns.reports import wording
from campaigns.translations import _, say
from dashboard.page import Content, Page
from dashboard.pages import _variant_form as form
from dashboard.pages import _variant_plan as plan
from dashboard.pages import _variant_result as result
from dashboard.pages import _variants as words
from dashboard.parts import (
    Column,
    Line,
    Table,
    badge,
    button_link,
    card,
    empty,
    link,
    note,
    table,
)
from dashboard.view import View

if TYPE_CHECKING:
    from dashboard.answers import Answers

CARDS = 12
"""So many tests are shown with their whole verdict; the others stand in the table."""

ORDER = ("wins", "no_difference", "too_early", "not_fair")


def content(view: View) -> Content:
    """All tests, their verdicts first."""
    found = view.answers.ask(experiments.results)
    ways = html.Div(
        [
            button_link(_("Add a test"), words.NEW, "plus"),
            link(_("Plan a test"), view.href(words.PLAN)),
            link(_("What was learnt"), view.href(words.LEARNT)),
        ],
        className="actions no-print",
    )
    if not found:
        why = _("A test says which posts or ads carry which message or image, and what decides. "
                "Plan it before posting: then its verdict is worth something.")  # fmt: skip
        return [
            empty(_("No tests yet"), why, button_link(_("Add a test"), words.NEW, "plus")),
            card(html.P(link(_("How many posts does a test take?"), view.href(words.PLAN)))),
        ]
    found = sorted(found, key=lambda one: ORDER.index(one.verdict.kind))
    cards = html.Div([_card(view, one) for one in found[:CARDS]], className="columns variants")
    every = _table(view, _("All tests"), found)
    return [ways, html.P(_summary(found), className="conclusion"), cards, every]


def _summary(found: Sequence[Result]) -> str:
    counts = Counter[str](one.verdict.kind for one in found)
    parts = [f"{_(words.VERDICTS[kind][0])}: {counts[kind]}" for kind in ORDER if counts[kind]]
    return _("{n} tests ({verdicts}).", n=len(found), verdicts=", ".join(parts))


def _card(view: View, one: Result) -> Component:
    test = one.experiment
    about = [words.metric(test), _(words.UNITS[test.unit])]
    return card(
        words.mark(one),
        html.P(say(one.verdict.message), className="verdict"),
        html.H2(link(test.name, view.href(words.href(test.experiment_id)))),
        html.P(" · ".join(about), className="quiet"),
    )


def _table(view: View, title: str, found: Sequence[Result]) -> Component:
    lines = [
        Line(
            {
                "test": one.experiment.name,
                "verdict": _(words.VERDICTS[one.verdict.kind][0]),
                "said": say(one.verdict.message),
                "metric": words.metric(one.experiment),
                "units": (one.answer or {}).get("units"),
            },
            {
                "test": link(one.experiment.name,
                             view.href(words.href(one.experiment.experiment_id))),
                "verdict": words.mark(one),
                "units": wording.number((one.answer or {}).get("units") or 0, 0),
            },
        )
        for one in found
    ]  # fmt: skip
    columns = (
        Column("test", _("test")),
        Column("verdict", _("verdict")),
        Column("said", _("what it says"), is_sortable=False),
        Column("metric", _("what decides")),
        Column("units", _("units"), True),
    )
    return card(table(view, Table("tests", title, columns, lines)))


# --- what was learnt


def learnt(view: View) -> Content:
    """What all tests teach together: what is sure, what is not, and what nobody knows yet."""
    found = view.answers.ask(experiments.learn)
    every = view.answers.ask(experiments.results)
    decided = [one for one in every if one.verdict.kind in {"wins", "no_difference"}]
    back = html.Div([link(_("All tests"), view.href(words.VARIANTS))], className="actions no-print")
    if not found.tests:
        why = _("Here comes which kinds of messages do better over all your tests. It takes tests "
                "by posts and by lot whose variants all have data.")  # fmt: skip
        way = button_link(_("Add a test"), words.NEW, "plus")
        return [back, empty(_("Nothing was learnt yet"), why, way)]
    sure = [one for one in found.lessons if is_learnt(one)]
    intro = _("From {n} tests by posts and by lot. A lesson holds on average over such tests; in a "
              "next one it may be otherwise.", n=found.tests)  # fmt: skip
    if found.others:
        intro += " " + _("{n} tests could not be used.", n=found.others)
    first = (
        card(html.H2(_("What is sure")), html.Ul([html.Li(say(said(one))) for one in sure]))
        if sure
        else note(_("Nothing is sure yet. Learning takes tests: at least {least} that have "
                    "variants with something and without.", least=_least()))
    )  # fmt: skip
    return [
        back,
        html.P(intro, className="conclusion"),
        first,
        _lessons(view, found.lessons),
        _table(view, _("What single tests decided"), decided) if decided else None,
        note(_("It is learnt from what was tried, not proven: variants with a question, say, may "
               "have something else in common. The tests themselves are the proof.")),
    ]  # fmt: skip


def _least() -> int:
    from audiences.lessons import FEWEST as LEAST

    return LEAST


def _lessons(view: View, found: Sequence[Lesson]) -> Component:
    columns = (
        Column("feature", _("what a message has")),
        Column("said", _("what is known"), is_sortable=False),
        Column("tests", _("tests"), True),
        Column("ratio", _("difference"), True),
        Column("lower", _("at least"), True),
        Column("upper", _("at most"), True),
    )
    lines = []
    for one in found:
        gaps = {
            name: None if value is None else value - 1
            for name, value in (("ratio", one.ratio), ("lower", one.lower), ("upper", one.upper))
        }
        kind, word = ("good", _("sure")) if is_learnt(one) else ("plain", _("not sure"))
        values = {"feature": say(label(one.feature)), "said": say(said(one)),
                  "tests": one.tests, **gaps}  # fmt: skip
        made: dict[str, Any] = {name: words.signed(gap) for name, gap in gaps.items()}
        lines.append(Line(values, {**made, "said": [badge(word, kind), " ", say(said(one))]}))
    return card(table(view, Table("lessons", _("The library"), columns, lines)))


# --- the pages


def _examples(answers: Answers) -> Sequence[str]:
    try:
        known = answers.ask(experiments.experiments)
    except NoStore:
        return ()
    return [words.href(one.experiment_id) for one in known]


def _edits(answers: Answers) -> Sequence[str]:
    return [f"{one}/edit" for one in _examples(answers)]


_FORM: dict[str, Any] = {"filters": (), "needs_data": False}
PAGES = (
    Page(words.VARIANTS, N_("Variants"), N_("Which message or image works better?"), content,
         icon="columns-2", order=3, filters=()),
    Page(words.LEARNT, N_("What was learnt"),
         N_("Which kinds of messages do better, over all tests?"), learnt, order=100, filters=()),
    Page(words.PLAN, N_("Plan a test"), N_("How many posts does a test take?"), plan.content,
         order=100, filters=()),
    Page(words.NEW, N_("New test"),
         N_("Which posts or ads carry which variant, and what decides?"), form.page,
         callbacks=form.register, order=100, **_FORM),
    Page(words.ONE, N_("Test"), N_("What did this test show?"), result.content, order=101,
         filters=(), examples=_examples, naming=result.naming),
    Page(words.EDIT, N_("Change a test"),
         N_("Which posts or ads carry which variant, and what decides?"), form.page, order=101,
         examples=_edits, **_FORM),
)  # fmt: skip
