"""What the pages about tests share: where they are, their words, and values as people read them."""

from __future__ import annotations

from typing import Any

from dash import html

from audiences.experiments import Experiment, Result
from audiences.experiments.results import label
from audiences.verdicts import percent
from campaigns.definitions import Rule
from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.reports import wording
from campaigns.translations import _, say
from dashboard.page import address
from dashboard.pages import _campaigns as of_campaigns
from dashboard.parts import badge

VARIANTS = "/variants"
ONE = "/variants/<experiment>"
NEW = "/variants/new"
PLAN = "/variants/plan"
LEARNT = "/variants/learnt"
EDIT = "/variants/<experiment>/edit"

VERDICTS = {
    "wins": (N_("a winner"), "good"),
    "no_difference": (N_("no difference that matters"), "plain"),
    "too_early": (N_("too early"), "warn"),
    "not_fair": (N_("no fair test"), "bad"),
}
"""A word for each verdict, and how it is marked."""

UNITS = {
    "post": N_("post"),
    "ad-day": N_("day of ads"),
    "impression": N_("impression, by lots of the platform"),
}
METHODS = {
    "fixed": N_("one look at the end"),
    "sequential": N_("a look every day"),
    "obf": N_("every day until a planned last one"),
}
RULES = {
    **of_campaigns.RULES,
    "campaign": N_("the posts of campaign {value}"),
    "ad": N_("the ads called {value}"),
}


def href(experiment_id: str, path: str = ONE) -> str:
    """The address of a test. An id that is a page's own name is written in capitals: ids have none.

    >>> href("vraag"), href("new")
    ('/variants/vraag', '/variants/NEW')
    """
    taken = {page.rpartition("/")[2] for page in (NEW, PLAN, LEARNT)}
    name = experiment_id.upper() if experiment_id in taken else experiment_id
    return address(path, experiment=name)


def mark(one: Result) -> html.Span:
    """The verdict in a word."""
    word, kind = VERDICTS[one.verdict.kind]
    return badge(_(word), kind)


def metric(one: Experiment) -> str:
    """What decides, in words."""
    return say(label(one.metric))


def rate(one: Experiment, value: float | None) -> str:
    """A value of the metric that decides."""
    if value is None:
        return _("not known")
    known = METRICS.get(one.metric)
    return wording.figure(one.metric, value * (known.factor if known else 1))


def signed(value: float | None) -> str:
    """A relative difference."""
    return _("not known") if value is None else say(percent(value, signed=True))


def between(row: dict[str, Any]) -> str:
    """A relative difference with its bounds."""
    return _("{effect} (between {lower} and {upper})", effect=signed(row["rel_effect_size"]),
             lower=signed(row["rel_ci_lower"]), upper=signed(row["rel_ci_upper"]))  # fmt: skip


def rule(one: Rule) -> str:
    """What carries a variant, in words."""
    return _(RULES[one.kind], value=one.value)
