"""How a verdict was computed, in words that say what was done and why."""

from __future__ import annotations

from collections.abc import Iterator

from dash import html

from audiences.experiments import Experiment, Result
from audiences.methods import posts
from audiences.planned_end import MINIMUM_DAYS as OBF_DAYS
from audiences.sequential import MINIMUM_DAYS
from audiences.verdicts import percent
from campaigns.errors import N_, Message
from campaigns.reports import wording
from campaigns.translations import _, say
from dashboard.pages import _variants as words

_BY = {
    "post": N_(
        "A post is one observation: the platform did not draw lots for every showing, so a "
        "thousand impressions of one post tell no more than that post."
    ),
    "cost": N_(
        "A day of ads is one observation. What was paid and what it bought are compared within "
        "the same day, because prices move from day to day."
    ),
    "ad-day": N_(
        "A day of ads is one observation. Variants are compared within the same day and platform; "
        "as far as days differ more than chance gives, the margin is wider."
    ),
    "impression": N_(
        "Every impression is one observation, because the platform drew lots for each. Whether it "
        "did is checked: variants must have been shown in the shares that they were promised."
    ),
}
_HOW = {
    "post": N_(
        "Posts are compared by the logarithm of their {metric} at an age of {age} days (Welch's "
        "test); where a post has none, by the ratio of sums, with the variants drawn anew ten "
        "thousand times (a permutation test). Fewer than {least} posts give no verdict."
    ),
    "cost": N_("Tested is the logarithm of the ratio of both prices, in pairs of days (a t-test)."),
    "ad-day": N_(
        "Tested is the ratio of odds over all days together (Cochran, Mantel and Haenszel), with "
        "the dispersion that was found."
    ),
    "impression": N_(
        "Tested is the difference of two shares (a z-test) and their ratio (Katz); all variants "
        "together first."
    ),
}
_LOOKS = {
    "fixed": N_(
        "It is judged once. Who looks every day and stops at the first difference finds winners "
        "that are none."
    ),
    "sequential": N_(
        "It may be looked at every day (a sequential test, mSPRT): the margins allow for that. No "
        "verdict is given before day {first}."
    ),
    "obf": N_(
        "It may be looked at every day until the planned last one (O'Brien and Fleming). No "
        "verdict is given before day {first}; a difference that is not there is found in up to 8% "
        "of tests."
    ),
}


def computed(one: Result) -> html.Details:
    """The method of a test, and what its numbers mean."""
    return html.Details(
        [
            html.Summary(_("How was this computed?")),
            html.Ul([html.Li(say(line)) for line in _lines(one)]),
        ],
        className="card remarks",
        id="computed",
    )


def _lines(one: Result) -> Iterator[Message]:
    test = one.experiment
    kind = "cost" if test.plan.is_cost else test.unit
    values = {"metric": words.metric(test), "age": test.age, "least": posts.FEWEST}
    yield Message(_BY[kind])
    yield Message(_HOW[kind], values)
    if test.unit == "post" and not test.figures[1]:
        yield Message(N_("It is a count per post, so posts that were shown more weigh no more."))
    first = {"sequential": MINIMUM_DAYS, "obf": OBF_DAYS}.get(test.method)
    yield Message(_LOOKS[test.method], {"first": first})
    if len(test.variants) > 2:
        yield Message(
            N_("{n} variants are compared with {control}; with more questions a difference must be "
               "clearer (Holm)."),
            {"n": len(test.variants) - 1, "control": test.variants[0].name},
        )  # fmt: skip
    yield _decision(test)
    yield from _numbers(one)


def _decision(test: Experiment) -> Message:
    return Message(
        N_("A variant wins when chance alone would seldom give such a difference (less than 5%) "
           "and its whole margin lies on one side. When the whole margin lies within {matters}, "
           "there is no difference that matters. Otherwise it is too early."),
        {"matters": percent(test.matters)},
    )  # fmt: skip


def _numbers(one: Result) -> Iterator[Message]:
    answer = one.answer or {}
    if answer.get("srm_pvalue") is not None:
        yield Message(
            N_("If the shares that were promised had been kept, a division as uneven as this one "
               "would have a chance of {p}."), {"p": _chance(answer["srm_pvalue"])},
        )  # fmt: skip
    if answer.get("dispersion") is not None:
        yield Message(
            N_("Dispersion: days or rows differ {n} times as much as chance gives."),
            {"n": wording.number(answer["dispersion"], 1)},
        )
    yield Message(
        N_(
            "The chance to be best, and what choosing a variant costs on average (should another "
            "be the best), help choosing; they never decide when to stop."
        )
    )


def _chance(pvalue: float) -> object:
    return percent(pvalue) if pvalue >= 0.001 else Message(N_("less than 0.1%"))
