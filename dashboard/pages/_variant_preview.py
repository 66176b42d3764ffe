"""Beside the form of a test: what its variants find now, and posts to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from audiences.experiments import Experiment
from audiences.experiments.planning import Needs, needs
from audiences.experiments.units import Units, gather
from audiences.verdicts import percent
from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.errors import NoStore
from campaigns.metrics import METRICS
from campaigns.reports import wording
from campaigns.store import Snapshot
from campaigns.translations import _, say
from dashboard import formats
from dashboard.answers import answers
from dashboard.attributes import aria

FOUND = 8
"""How many posts are shown to choose from."""


def preview(one: Experiment | None) -> list[Component]:
    """How many posts or days each variant has, and how many it takes."""
    if one is None:
        return [html.P(_("Say what decides and what carries each variant: what they find appears "
                         "here."), className="quiet")]  # fmt: skip
    try:
        units, wanted = answers().ask(lambda snapshot: _asked(snapshot, one), "preview", one)
    except NoStore:
        return [html.P(_("There are no data yet"))]
    counts = Counter(row["variant"] for row in units.rows)
    lines = [
        html.Li(_("{variant}: {n} that count", variant=v.name,
                  n=wording.number(counts[v.name], 0)))
        for v in one.variants
    ]  # fmt: skip
    said = [html.Ul(lines), *(html.P(text, className="quiet") for text in _left(units, one))]
    if wanted is not None and wanted.needed is not None:
        said.append(html.P(_(
            "To see a difference of {effect} it takes {n} posts of each variant, judging by "
            "{posts} own posts.", effect=say(percent(wanted.effect)),
            n=wording.number(wanted.needed, 0), posts=wording.number(wanted.posts, 0),
        )))  # fmt: skip
    return [html.Div(said, role="status")]


def _asked(snapshot: Snapshot, one: Experiment) -> tuple[Units, Needs | None]:
    units = gather(snapshot, one)
    if one.unit != "post" or one.metric not in METRICS:
        return units, None
    return units, needs(snapshot, one.metric, one.matters, len(one.variants))


def _left(units: Units, one: Experiment) -> Iterator[str]:
    if units.too_young:
        yield _("{n} posts are left out: their figures at an age of {age} days are not known.",
                n=units.too_young, age=one.age)  # fmt: skip
    if units.unknown:
        yield _("{n} rows are left out: they lack the figures.", n=units.unknown)


def chosen(text: str, variants: Sequence[str]) -> list[Component]:
    """Posts with these words, each with a button per variant that gives it to that variant."""
    if not any(one.isalnum() for one in text):
        return []

    def ask(snapshot: Snapshot) -> tuple[int, list[dict[str, Any]]]:
        rule = definitions.checked(Campaign("find", rules=(Rule("words", text[:200]),)))
        return definitions.preview(snapshot, rule.rules, rule, FOUND)

    try:
        count, rows = answers().ask(ask, "choose", text[:200])
    except NoStore:
        return [html.P(_("There are no data yet"))]
    if not count:
        return [html.P(_("No post has these words."), role="status")]
    found = _("1 post matches.") if count == 1 else _(
        "{n} posts match.", n=wording.number(count, 0))  # fmt: skip
    return [html.P(found, role="status"),
            html.Ul([_post(row, variants) for row in rows], className="posts")]  # fmt: skip


def _post(row: Mapping[str, Any], variants: Sequence[str]) -> html.Li:
    text = " ".join((row["text"] or "").split())
    day = formats.day(row["published_on"]) if row["published_on"] else ""
    about = " · ".join(part for part in (wording.name("platform", row["platform"]), day) if part)
    buttons = [
        html.Button(
            _("to {variant}", variant=name),
            id={"form": "experiment", "post": row["post_id"], "variant": number},
            type="button",
            className="button",
            **aria(label=_("Give this post of {day} to {variant}", day=day, variant=name)),
        )
        for number, name in enumerate(variants, 1)
    ]
    return html.Li(
        [
            html.P(text if len(text) <= 160 else text[:159] + "…"),
            html.P(about, className="quiet"),
            html.Span(buttons, className="movers"),
        ]
    )
