"""What a test says, in words: one of four verdicts, never a bare p-value.

    wins           a variant is better, and by how much at least and at most
    too_early      not known yet, and about how many more posts, days or impressions it takes
    no_difference  whatever the difference is, it is smaller than what matters
    not_fair       no verdict can be given, and why

Whether comparisons differ is decided for all tests at once; the words are made for those shown.
Effects are log ratios of treatment to control, already turned so that higher is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from audiences.estimates import Array, Estimate, Interval
from audiences.power import POWER
from campaigns.errors import N_, Message

Kind = Literal["wins", "too_early", "no_difference", "not_fair"]
Unit = Literal["impression", "post", "ad-day"]

MATTERS = 0.1
"""A relative difference below this does not matter, unless the user says otherwise."""

_MORE: dict[Unit, str] = {
    "post": N_("about {more} more posts of each variant"),
    "ad-day": N_("about {more} more days"),
    "impression": N_("about {more} more impressions of each variant"),
}
_FEW: dict[Unit, str] = {
    "post": N_("{variant} has {units} posts that can be used; at least {least} are needed"),
    "ad-day": N_("{variant} has {units} days that can be used; at least {least} are needed"),
    "impression": N_("{variant} was shown {units} times; at least {least} are needed"),
}
_HIGHER = N_(
    "with {winner}, {metric} is {lift} higher than with {loser} (between {lower} and {upper})"
)
_LOWER = N_(
    "with {winner}, {metric} is {lift} lower than with {loser} (between {lower} and {upper})"
)


@dataclass(frozen=True)
class Verdict:
    """The verdict on one test: its kind, its words, and what the words are made of.

    ``winner`` is the better variant of a test that has one; ``more`` about how many more units
    per variant are needed when it is too early.
    """

    kind: Kind
    message: Message
    winner: str | None = None
    more: int | None = None


@dataclass(frozen=True, eq=False)
class Decisions:
    """The verdicts on many tests, before any word.

    ``kind`` per test; ``comparison`` the index of the treatment that decides; ``is_control`` the
    tests that the control wins; ``bound`` the largest relative difference that is still possible.
    """

    kind: NDArray[np.str_]
    comparison: NDArray[np.intp]
    is_control: NDArray[np.bool_]
    bound: Array


def decide(
    effect: Array, interval: Interval, adjusted: Array, alpha: float, matters: float = MATTERS
) -> Decisions:
    """The verdicts on tests with treatments on the last axis; NaN is a treatment not there.

    A treatment wins when its adjusted p-value and its interval both say so, and the interval is not
    all of differences too small to matter; the control wins when it beats every treatment so. A
    test without any usable comparison is not fair.

    >>> one = decide(np.log([[1.2]]), Interval(np.log([[1.05]]), np.log([[1.4]])),
    ...              np.array([[0.01]]), 0.05)
    >>> str(one.kind[0])
    'wins'
    """
    there = ~np.isnan(effect)
    same = (interval.lower > np.log1p(-matters)) & (interval.upper < np.log1p(matters))
    sure = (adjusted <= alpha) & ~same
    better, worse = sure & (interval.lower > 0), sure & (interval.upper < 0)
    control = there.any(-1) & (worse | ~there).all(-1)
    nothing = (same | worse | ~there).all(-1)
    kind = np.select(
        [~there.any(-1), better.any(-1) | control, nothing],
        ["not_fair", "wins", "no_difference"],
        "too_early",
    )
    ranked = np.where(better | ~better.any(-1, keepdims=True), effect, -np.inf)
    best = np.where(np.isnan(ranked), -np.inf, ranked).argmax(-1)
    wide = np.maximum(np.abs(np.expm1(interval.lower)), np.abs(np.expm1(interval.upper)))
    bound = np.where(same, wide, 0.0).max(-1)
    return Decisions(kind, best, np.asarray(control & ~better.any(-1)), bound)


def units_more(
    effect: Estimate, units: Array, alpha: float, matters: float = MATTERS, factor: float = 1.0
) -> Array:
    """About how many more units per variant an undecided comparison needs; at least 1.

    As many as find a difference that matters with 80 % power, given the spread seen; where those
    are there already, as many as decide it if the effect stays as it is. ``factor`` is for
    monitoring, which needs more.

    >>> from audiences.estimates import estimate
    >>> float(units_more(estimate(0.05, 0.1), np.asarray(20.0), 0.05))
    153.0
    """
    target = np.log1p(matters)
    critical = special.ndtri(1 - alpha / 2)
    planned = factor * np.square((critical + special.ndtri(POWER)) * effect.standard_error / target)
    size = np.abs(effect.value)
    nearest = np.maximum(size, target - size)
    decided = np.square(critical * effect.standard_error / nearest)
    with np.errstate(invalid="ignore"):
        times = np.where(planned > 1, planned, np.maximum(decided, 1))
        return np.asarray(np.maximum(np.ceil(units * (times - 1)), 1))


def percent(fraction: float, signed: bool = False) -> Message:
    """A fraction as people read it: whole percents from ten on, else one decimal.

    >>> str(percent(0.123)), str(percent(-0.0449, signed=True))
    ('12%', '−4.5%')
    """
    size = abs(fraction) * 100
    sign = ("−" if fraction < 0 else "+") if signed else ""
    if not np.isfinite(size):
        return Message("{sign}∞", {"sign": sign})
    if round(size, 1) >= 10:
        return Message("{sign}{whole}%", {"sign": sign, "whole": round(size)})
    return _one_decimal(size, sign)


def _one_decimal(size: float, sign: str = "") -> Message:
    whole, part = f"{size:.1f}".split(".")
    return Message(N_("{sign}{whole}.{part}%"), {"sign": sign, "whole": whole, "part": part})


def chance(value: float) -> Message:
    """A chance; one that is all but certain is not told as certain.

    >>> str(chance(0.87)), str(chance(0.9964)), str(chance(0.9999))
    ('87%', '99.6%', 'more than 99.9%')
    """
    if value < 0.001:
        return Message(N_("less than 0.1%"))
    if value > 0.999:
        return Message(N_("more than 99.9%"))
    return _one_decimal(value * 100) if value > 0.99 else percent(value)


def given_up(share: float, higher_is_better: bool) -> Message:
    """What choosing a variant costs on average, as a share of what the best one brings.

    >>> str(given_up(0.0123, True)), str(given_up(0.2, False)), str(given_up(0.00001, True))
    ('1.2% less than the best', '20% more than the best', 'less than 0.1%')
    """
    if share < 0.0005:
        return Message(N_("less than 0.1%"))
    text = (
        N_("{share} less than the best") if higher_is_better else N_("{share} more than the best")
    )
    return Message(text, {"share": percent(share)})


def thousands(number: int) -> Message:
    """A whole number with its thousands apart, as the language has it.

    >>> str(thousands(950)), str(thousands(1_600_000))
    ('950', '1,600,000')
    """
    if number < 1000:
        return Message(str(number))
    before, rest = divmod(number, 1000)
    return Message(N_("{before},{rest}"), {"before": thousands(before), "rest": f"{rest:03}"})


def two_figures(number: float) -> int:
    """A rough number, without figures that it does not deserve.

    >>> two_figures(1234.0), two_figures(7.0)
    (1200, 7)
    """
    whole = max(round(number), 1)
    digits = max(len(str(whole)) - 2, 0)
    return round(whole, -digits)


def wins(
    metric: object, winner: str, loser: str, effect: float, bounds: tuple[float, float]
) -> Verdict:
    """The winner, with the ratio of winner to loser as a log with its bounds.

    >>> str(wins("ctr", "B", "A", 0.2, (0.05, 0.35)).message)
    'B wins: with B, ctr is 22% higher than with A (between 5.1% and 42%).'
    """
    words = Message(
        N_("{winner} wins: {finding}."),
        {"winner": winner, "finding": finding(metric, winner, loser, effect, bounds)},
    )
    return Verdict("wins", words, winner)


def finding(
    metric: object, winner: str, loser: str, effect: float, bounds: tuple[float, float]
) -> Message:
    """How much higher or lower something is than with another variant, as part of a sentence."""
    low, high = sorted(abs(float(np.expm1(bound))) for bound in bounds)
    return Message(
        _HIGHER if effect >= 0 else _LOWER,
        {"metric": metric, "winner": winner, "loser": loser, "lower": percent(low),
         "upper": percent(high), "lift": percent(abs(float(np.expm1(effect))))},
    )  # fmt: skip


def too_early(
    metric: object, unit: Unit, treatment: str, control: str, bounds: tuple[float, float],
    more: float, matters: float = MATTERS,
) -> Verdict:  # fmt: skip
    """Not decided yet; the bounds are those of the log ratio of treatment to control."""
    rough = two_figures(more)
    return Verdict("too_early", Message(
        N_("Too early to say: {range}. To see a difference of {matters} it takes {more}."),
        {"range": between(metric, treatment, control, bounds), "matters": percent(matters),
         "more": Message(_MORE[unit], {"more": thousands(rough)})},
    ), more=rough)  # fmt: skip


def between(metric: object, treatment: str, control: str, bounds: tuple[float, float]) -> Message:
    """What is known while it is not known which variant is better, as part of a sentence."""
    low, high = (percent(float(np.expm1(bound)), signed=True) for bound in bounds)
    return Message(
        N_("{metric} with {treatment} differs from that with {control} by {lower} to {upper}"),
        {"metric": metric, "treatment": treatment, "control": control, "lower": low, "upper": high},
    )


def too_few_days(days: int, least: int) -> Verdict:
    """Monitoring that has not run long enough to say anything."""
    return Verdict("too_early", Message(
        N_("Too early to say: there are {days} days, and no verdict is given before day {least}."),
        {"days": days, "least": least},
    ), more=max(least - days, 1))  # fmt: skip


def no_difference(metric: object, bound: float) -> Verdict:
    """The variants do equally well, as far as it matters."""
    return Verdict("no_difference", Message(
        N_("No difference that matters: {metric} differs by at most {bound}."),
        {"metric": metric, "bound": percent(max(bound, 0.001))},
    ))  # fmt: skip


def ratio_mismatch(pvalue: float) -> Verdict:
    """The variants did not get the shares they were promised."""
    return _not_fair(Message(
        N_("the variants were not shown in the shares they were promised, so lots were not drawn "
           "or data are missing (chance {pvalue} if they had been)"),
        {"pvalue": "< 0.0001" if pvalue < 1e-4 else f"{pvalue:.4f}"},
    ))  # fmt: skip


def not_by_lot(seen: Message) -> Verdict:
    """An observational comparison: what was seen, and that it proves nothing."""
    return _not_fair(Message(
        N_("which variant was shown when, and to whom, was not decided by lot. What was seen: "
           "{finding}; that may have other causes"),
        {"finding": seen},
    ))  # fmt: skip


def wrong_unit(dispersion: float) -> Verdict:
    """Impressions that share the fate of their post or day were offered as if drawn by lot."""
    return _not_fair(Message(
        N_("the rows of one variant differ {dispersion} times as much as chance gives, so what "
           "was counted was not drawn by lot; judge posts or days instead"),
        {"dispersion": two_figures(dispersion)},
    ))  # fmt: skip


def different_periods(first: str, second: str) -> Verdict:
    """The variants ran at other times."""
    return _not_fair(Message(
        N_("the variants ran in different periods ({first}; {second})"),
        {"first": first, "second": second},
    ))  # fmt: skip


def different_audiences(first: str, second: str) -> Verdict:
    """The variants went out from other accounts or to other audiences."""
    return _not_fair(Message(
        N_("the variants went to different audiences ({first}; {second})"),
        {"first": first, "second": second},
    ))  # fmt: skip


def several_platforms(platforms: str) -> Verdict:
    """What something costs, on platforms that each have a price of their own."""
    return _not_fair(Message(
        N_("the variants ran on several platforms ({platforms}), each with prices of its own; test "
           "one platform at a time"),
        {"platforms": platforms},
    ))  # fmt: skip


def nothing_counted(variant: str) -> Verdict:
    """A variant of which nothing was counted: no ratio can be made with it."""
    return _not_fair(Message(
        N_("with {variant} nothing was counted, so it cannot be compared"), {"variant": variant}
    ))  # fmt: skip


def only_one(variant: str) -> Verdict:
    """A test of one variant."""
    return _not_fair(Message(
        N_("there is one variant, {variant}, and nothing to compare it with"), {"variant": variant}
    ))  # fmt: skip


def too_few(unit: Unit, variant: str, units: int, least: int) -> Verdict:
    """A variant that was used too seldom to say anything."""
    return _not_fair(Message(_FEW[unit], {"variant": variant, "units": units, "least": least}))


def _not_fair(reason: Message) -> Verdict:
    return Verdict("not_fair", Message(N_("Not a fair test: {reason}."), {"reason": reason}))
