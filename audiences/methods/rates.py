"""Rates of randomised impressions or persons: difference, ratio, and all variants at once.

Only where a platform or site drew lots for every impression or person. Everything works element by
element on arrays of tests. Source: Newcombe 1998 (difference), Katz et al. 1978 (ratio), Miettinen
and Nurminen 1985 (ratio at small counts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from audiences.aggregates import Counts, Groups, counts_by, sums_by, together
from audiences.estimates import Array, Estimate, Flags, Interval, estimate
from audiences.methods import exact

FEW = 5
"""Fewer successes than this in an arm are few: exact methods take over."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Treatment against control: arrays with one element per comparison.

    ``difference`` is in successes per trial, ``ratio`` treatment / control (inf when only the
    control has none, NaN when both have). ``is_small`` says that an arm has few successes or
    failures: then ``pvalue`` is the mid-p value of Fisher's test and ``ratio_interval`` the
    score interval; else those of the pooled z-test and of Katz.
    """

    difference: Array
    difference_interval: Interval
    ratio: Array
    ratio_interval: Interval
    pvalue: Array
    is_small: Flags


def compare(control: Counts, treatment: Counts, alpha: float = 0.05) -> Comparison:
    """Compare the rates of two arms.

    >>> from audiences.aggregates import counts
    >>> one = compare(counts(42_000, 500), counts(42_000, 560))
    >>> float(one.ratio.round(4)), float(one.pvalue.round(4))
    (1.12, 0.0636)
    """
    control, treatment = together(control, treatment)
    least = np.minimum.reduce(
        [control.successes, control.failures, treatment.successes, treatment.failures]
    )
    is_small = np.asarray((least < FEW) & (control.trials > 0) & (treatment.trials > 0))
    pvalue = np.array(z_test(control, treatment)[1])
    wide = log_ratio(control, treatment).interval(alpha).exp()
    lower, upper = np.array(wide.lower), np.array(wide.upper)
    if is_small.any():
        few = control[is_small], treatment[is_small]
        pvalue[is_small] = exact.mid_p(*few)
        score = score_interval(*few, alpha)
        lower[is_small], upper[is_small] = score.lower, score.upper
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = treatment.rate / control.rate
    return Comparison(
        np.asarray(treatment.rate - control.rate),
        newcombe(control, treatment, alpha),
        np.asarray(ratio),
        Interval(lower, upper),
        pvalue,
        is_small,
    )


def z_test(control: Counts, treatment: Counts) -> tuple[Array, Array]:
    """z and the two-sided p-value, with the pooled variance and no correction.

    Without a success, or without a failure, there is no difference: z = 0 and p = 1. Without
    trials in an arm both are NaN.
    """
    both = control + treatment
    gap = treatment.rate - control.rate
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = both.rate * (1 - both.rate) * (1 / control.trials + 1 / treatment.trials)
        z = np.where(gap == 0, 0.0, gap / np.sqrt(spread))
    z = np.where(np.isnan(gap), np.nan, z)
    pvalue: Array = 2 * special.ndtr(-np.abs(z))
    return z, np.asarray(pvalue)


def wilson(arm: Counts, alpha: float = 0.05) -> Interval:
    """Wilson's interval of one rate: it holds at few successes too."""
    z = float(special.ndtri(1 - alpha / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (arm.successes + z * z / 2) / (arm.trials + z * z)
        part = arm.rate * arm.failures + z * z / 4
        width = z * np.sqrt(part) / (arm.trials + z * z)
    return Interval(np.maximum(middle - width, 0), np.minimum(middle + width, 1))


def newcombe(control: Counts, treatment: Counts, alpha: float = 0.05) -> Interval:
    """Newcombe's interval of the difference in rates, made of two Wilson intervals."""
    low, high = wilson(control, alpha), wilson(treatment, alpha)
    gap = treatment.rate - control.rate
    return Interval(
        gap - np.hypot(treatment.rate - high.lower, low.upper - control.rate),
        gap + np.hypot(high.upper - treatment.rate, control.rate - low.lower),
    )


def log_ratio(control: Counts, treatment: Counts) -> Estimate:
    """The log of the ratio of two rates; NaN when an arm has no success."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(treatment.rate) - np.log(control.rate)
        variance = (
            1 / treatment.successes
            - 1 / treatment.trials
            + 1 / control.successes
            - 1 / control.trials
        )
    known = (control.successes > 0) & (treatment.successes > 0)
    value = np.where(known, value, np.nan)
    return estimate(value, np.sqrt(np.where(known, variance, np.nan)))


def score_interval(control: Counts, treatment: Counts, alpha: float = 0.05) -> Interval:
    """Miettinen and Nurminen's score interval of the ratio: it exists without successes in one arm.

    From 0 without successes in the treatment, to infinity without any in the control; NaN when
    neither has any. The bounds are where the score statistic meets its critical value, found by
    halving an interval of log ratios.
    """
    critical = float(special.ndtri(1 - alpha / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log((treatment.successes + 0.5) / (treatment.trials + 0.5)) - np.log(
            (control.successes + 0.5) / (control.trials + 0.5)
        )
    lower = _solve(control, treatment, centre - 30, centre + 30, critical)
    upper = _solve(control, treatment, centre - 30, centre + 30, -critical)
    lower = np.where(treatment.successes > 0, np.exp(lower), 0.0)
    upper = np.where(control.successes > 0, np.exp(upper), np.inf)
    known = (control + treatment).successes > 0
    return Interval(np.where(known, lower, np.nan), np.where(known, upper, np.nan))


def _solve(control: Counts, treatment: Counts, low: Array, high: Array, target: float) -> Array:
    """The log ratio at which the score statistic, which falls with it, has the target value."""
    for _step in range(60):
        middle = (low + high) / 2
        above = _score(control, treatment, np.exp(middle)) > target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2


def _score(control: Counts, treatment: Counts, ratio: Array) -> Array:
    """The score statistic of a ratio of rates; the control's rate is its likeliest one."""
    trials = control.trials + treatment.trials
    a = trials * ratio
    b = ratio * (treatment.trials + control.successes) + treatment.successes + control.trials
    c = control.successes + treatment.successes
    # The smaller root; 2c / (b + root) has no cancellation.
    rate = 2 * c / (b + np.sqrt(np.maximum(b * b - 4 * a * c, 0)))
    scaled = np.minimum(rate * ratio, 1)
    distance = treatment.rate - ratio * control.rate
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = scaled * (1 - scaled) / treatment.trials
        variance = variance + np.square(ratio) * rate * (1 - rate) / control.trials
        variance = variance * trials / (trials - 1)
        return np.where(distance == 0, 0.0, distance / np.sqrt(variance))


@dataclass(frozen=True, eq=False)
class Omnibus:
    """Whether any variant differs: chi-squared by test, its degrees of freedom, p-value."""

    statistic: Array
    degrees: Array
    pvalue: Array


def omnibus(variants: Counts) -> Omnibus:
    """Pearson's test over the variants on the last axis; variants without trials do not count.

    >>> from audiences.aggregates import counts
    >>> one = omnibus(counts([[10_000] * 4], [[120, 150, 98, 131]]))
    >>> float(one.statistic[0].round(3)), float(one.pvalue[0].round(5))
    (11.484, 0.00938)
    """
    whole = variants.total(keepdims=True)
    rate = whole.rate
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = np.square(variants.successes - variants.trials * rate)
        parts = gaps / (variants.trials * rate * (1 - rate))
    statistic = np.where(gaps > 0, parts, 0.0).sum(-1)
    degrees = (variants.trials > 0).sum(-1) - 1.0
    pvalue: Array = special.chdtrc(np.maximum(degrees, 1), statistic)
    return Omnibus(statistic, degrees, np.where(degrees > 0, pvalue, np.nan))


@dataclass(frozen=True, eq=False)
class Dispersion:
    """How much more the rows of one arm differ than chance gives (1 is chance), by test.

    ``pvalue`` is that of chance alone. Clearly above 1: the rows (posts, days) are the unit, not
    what was counted in them. Both NaN without repeated rows.
    """

    value: Array
    pvalue: Array


def dispersion(arms: Groups, shape: tuple[int, int], rows: Counts) -> Dispersion:
    """The dispersion of rows, given the arm of each: test times variants per test, plus variant.

    Pearson's chi-squared of the rows about their arm's rate, by its degrees of freedom; ``shape``
    is the number of tests and of variants per test.
    """
    number = shape[0] * shape[1]
    whole = counts_by(arms, number, rows.trials, rows.successes)
    rate = whole.rate[arms]
    used = (rows.trials > 0) & (rate > 0) & (rate < 1)
    arms, rate, used_rows = arms[used], rate[used], rows[used]
    gaps = np.square(used_rows.successes - used_rows.trials * rate)
    parts = gaps / (used_rows.trials * rate * (1 - rate))
    statistic = sums_by(arms, number, parts).reshape(shape).sum(1)
    many = np.bincount(arms, minlength=number).reshape(shape)
    degrees = np.maximum(many - 1, 0).sum(1).astype(float)
    pvalue: Array = special.chdtrc(np.maximum(degrees, 1), statistic)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(degrees > 0, statistic / degrees, np.nan)
    return Dispersion(value, np.where(degrees > 0, pvalue, np.nan))
