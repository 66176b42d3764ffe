"""Many effects of the same kind together: how large, how different, what of each is true.

Effects differ from test to test and from group to group. A random-effects summary gives the mean
over such tests, not over their units, and its interval allows for how much they differ. Single
effects are drawn towards the mean by as much as they are uncertain.
Source: DerSimonian and Laird 1986; Hartung and Knapp 2001, not narrower than without (Roever et
al. 2015); Higgins, Thompson and Spiegelhalter 2009 (prediction interval).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from audiences.estimates import Array, Estimate, Flags, Interval, estimate


@dataclass(frozen=True, eq=False)
class Summary:
    """Effects on the last axis, summed up: log ratios as those given.

    ``mean`` is the mean effect over such tests with its error; ``between`` the variance of true
    effects about it; ``q`` Cochran's statistic with its ``q_pvalue`` of no such variance;
    ``inconsistency`` (I squared) the share of the differences that is not chance. ``number`` is
    how many effects were known.
    """

    given: Estimate
    mean: Estimate
    between: Array
    q: Array
    q_pvalue: Array
    inconsistency: Array
    number: Array

    def shrunken(self) -> Estimate:
        """Each effect, drawn to the mean; a known mean and spread are assumed."""
        between, mean = self.between[..., None], self.mean.value[..., None]
        within = np.square(self.given.standard_error)
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.where(between > 0, between / (between + within), 0.0)
            value = mean + weight * (self.given.value - mean)
            left = np.square((1 - weight) * self.mean.standard_error[..., None])
            error = np.sqrt(weight * within + left)
        return estimate(np.where(_known(self.given), value, np.nan), error)

    def next_one(self, alpha: float = 0.05) -> Interval:
        """Where the true effect of a next test is expected; NaN of fewer than three.

        Of a dozen effects that differ it holds the next one in 89 % instead of 95 %, from about
        fifty on as promised: the spread of few effects is often found too small.
        """
        with np.errstate(invalid="ignore"):
            error = np.sqrt(self.between + np.square(self.mean.standard_error))
        degrees = np.where(self.number > 2, self.number - 2, np.nan)
        return estimate(self.mean.value, error, degrees).interval(alpha)


def summarise(effects: Estimate) -> Summary:
    """The random-effects summary of independent effects on the last axis; NaN is left out.

    >>> one = summarise(estimate([0.2, 0.1, 0.4, 0.3], [0.1, 0.1, 0.1, 0.1]))
    >>> float(one.mean.value.round(3)), float(one.between.round(4)), float(one.q.round(2))
    (0.25, 0.0067, 5.0)
    """
    known = _known(effects)
    number = known.sum(-1).astype(float)
    weight = np.where(known, 1 / np.where(known, np.square(effects.standard_error), 1.0), 0.0)
    value = np.where(known, effects.value, 0.0)
    q = _spread(weight, value)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = weight.sum(-1)
        between = np.maximum((q - (number - 1)) / (total - np.square(weight).sum(-1) / total), 0)
        between = np.where(number > 1, between, np.nan)
        variance = np.where(known, 1 / np.where(known, weight, 1.0), np.inf)
        heavy = 1 / (variance + np.nan_to_num(between)[..., None])
        sum_heavy = heavy.sum(-1)
        mean = (heavy * value).sum(-1) / sum_heavy
        scale = np.maximum(_spread(heavy, value) / (number - 1), 1)
        error = np.sqrt(np.where(number > 1, scale, 1.0) / sum_heavy)
        inconsistency = np.where(q > 0, np.maximum(1 - (number - 1) / q, 0), 0.0)
    pvalue: Array = special.chdtrc(np.maximum(number - 1, 1), q)
    degrees = np.where(number > 1, number - 1, np.inf)
    return Summary(
        effects,
        estimate(mean, np.where(number > 0, error, np.nan), degrees),
        between,
        q,
        np.where(number > 1, pvalue, np.nan),
        np.where(number > 1, inconsistency, np.nan),
        number,
    )


def _known(effects: Estimate) -> Flags:
    error = effects.standard_error
    return np.isfinite(effects.value) & np.isfinite(error) & (np.nan_to_num(error) > 0)


def _spread(weight: Array, value: Array) -> Array:
    """The weighted sum of squares about the weighted mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (weight * value).sum(-1, keepdims=True) / weight.sum(-1, keepdims=True)
    spread: Array = (weight * np.square(value - np.where(np.isnan(mean), 0.0, mean))).sum(-1)
    return spread
