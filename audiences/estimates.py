"""An effect with its error, for as many tests as you like: intervals, p-values, combinations.

Effects of treatment against control are logs of ratios unless said otherwise: the same verdict
comes out whichever arm is called control, and exp of an interval is the interval of the ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Array = NDArray[np.float64]
"""Numbers of many tests at once; NaN is not known."""

Flags = NDArray[np.bool_]

Index = Any
"""Whatever numpy can pick elements with."""


@dataclass(frozen=True, eq=False)
class Interval:
    """The bounds of an interval, as arrays of one shape."""

    lower: Array
    upper: Array

    def exp(self) -> Interval:
        """The interval of exp(x): of a ratio, given that of its log."""
        with np.errstate(over="ignore"):
            return Interval(np.exp(self.lower), np.exp(self.upper))


@dataclass(frozen=True, eq=False)
class Estimate:
    """Effects with standard errors and degrees of freedom (infinite: the normal distribution).

    The three arrays have one shape. A standard error of zero or NaN gives no interval and no
    p-value: without spread nothing can be judged.

    >>> one = estimate(0.2, 0.1)
    >>> float(one.pvalue().round(4))
    0.0455
    >>> float(one.interval(0.05).lower.round(4))
    0.004
    """

    value: Array
    standard_error: Array
    degrees: Array

    def __getitem__(self, index: Index) -> Estimate:
        parts = (self.value, self.standard_error, self.degrees)
        return Estimate(*(np.asarray(part[index]) for part in parts))

    def __neg__(self) -> Estimate:
        return Estimate(-self.value, self.standard_error, self.degrees)

    @property
    def statistic(self) -> Array:
        """The effect in standard errors; NaN where it has none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.value / self.standard_error
        return np.where(self.standard_error > 0, found, np.nan)

    def pvalue(self) -> Array:
        """The two-sided p-value of no effect."""
        tail: Array = special.stdtr(self.degrees, -np.abs(self.statistic))
        return np.asarray(2 * tail)

    def interval(self, alpha: float = 0.05) -> Interval:
        """The two-sided interval at level 1 - alpha."""
        error = np.where(self.standard_error > 0, self.standard_error, np.nan)
        width = special.stdtrit(self.degrees, 1 - alpha / 2) * error
        return Interval(self.value - width, self.value + width)

    def chance_above(self, bound: float = 0.0) -> Array:
        """The chance that the effect is above a bound, as a flat prior has it; for display.

        It is no stopping rule: looked at daily, "more than 97.5 %" is wrong in 20-50 % of
        comparisons without a difference.
        """
        found: Array = special.stdtr(self.degrees, (self - bound).statistic)
        return found

    def __sub__(self, other: Estimate | float) -> Estimate:
        if isinstance(other, Estimate):
            return combined((1, self), (-1, other))
        return Estimate(self.value - other, self.standard_error, self.degrees)

    def shrunken(self, spread: ArrayLike) -> Array:
        """The effect drawn to zero as a normal prior around zero with that spread has it.

        >>> float(estimate(0.2, 0.1).shrunken(0.1))
        0.1
        """
        prior = np.square(np.asarray(spread, float))
        with np.errstate(invalid="ignore"):
            found: Array = self.value * prior / (prior + np.square(self.standard_error))
        return found


def estimate(value: ArrayLike, standard_error: ArrayLike, degrees: ArrayLike = np.inf) -> Estimate:
    """An `Estimate` of numbers that broadcast to one shape."""
    parts = (np.asarray(part, float) for part in (value, standard_error, degrees))
    return Estimate(*np.broadcast_arrays(*parts))


def combined(*parts: tuple[float, Estimate]) -> Estimate:
    """A weighted sum of independent estimates, with Satterthwaite's degrees of freedom.

    >>> one = combined((1, estimate(3, 0.3, 9)), (-1, estimate(1, 0.4, 9)))
    >>> float(one.value), float(one.standard_error), round(float(one.degrees), 2)
    (2.0, 0.5, 16.69)
    """
    value = sum(np.asarray(weight * part.value) for weight, part in parts)
    pieces: Sequence[Array] = [np.square(weight * part.standard_error) for weight, part in parts]
    variance = np.asarray(sum(pieces))
    with np.errstate(divide="ignore", invalid="ignore"):
        below = sum(
            np.square(piece) / part.degrees for piece, (_, part) in zip(pieces, parts, strict=True)
        )
        degrees = np.where(np.asarray(below) > 0, np.square(variance) / below, np.inf)
    return estimate(value, np.sqrt(variance), np.where(np.isnan(variance), np.nan, degrees))


def pooled(effects: Estimate, weight: Array) -> Estimate:
    """The weighted mean of independent effects on the last axis; weight 0 leaves one out.

    NaN where nothing has a weight.

    >>> one = pooled(estimate([0.1, 0.4], [0.1, 0.2], [9, 4]), np.array([3.0, 1.0]))
    >>> float(one.value.round(3)), float(one.standard_error.round(4)), float(one.degrees.round(1))
    (0.175, 0.0901, 13.0)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = weight / weight.sum(-1, keepdims=True)
        value = np.where(weight > 0, share * effects.value, 0.0).sum(-1)
        piece = np.where(weight > 0, np.square(share * effects.standard_error), 0.0)
        below = np.where(weight > 0, np.square(piece) / effects.degrees, 0.0).sum(-1)
        variance = piece.sum(-1)
        degrees = np.where(below > 0, np.square(variance) / below, np.inf)
    nothing = ~(weight > 0).any(-1)
    parts = (value, np.sqrt(variance), np.where(np.isnan(variance), np.nan, degrees))
    return Estimate(*(np.where(nothing, np.nan, part) for part in parts))
