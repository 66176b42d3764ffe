"""A planned last day with looks on the way: O'Brien and Fleming's bound, stricter at first.

More power than always-valid monitoring, at the price of a promise: the number of looks is fixed
before. Simulated with the dispersion estimated it finds a difference that is not there in up to
8 % (nominal 5 %), and verdicts by it say so. Source: O'Brien and Fleming 1979; Armitage, McPherson
and Rowe 1969 (the recursion); Jennison and Turnbull 1989 (repeated p-values and intervals).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from audiences.estimates import Array, Interval
from audiences.methods.ad_days import Scores, dispersion

MINIMUM_DAYS = 7

_HIGHEST = 6.0


@dataclass(frozen=True, eq=False)
class PlannedEnd:
    """What was known at each look (last axis); see `audiences.sequential.Monitoring`.

    ``pvalue`` is that of the bound crossed so far, over all planned looks: it never rises.
    """

    pvalue: Array
    effect: Array
    interval: Interval
    dispersion: Array

    def stops(self, alpha: float = 0.05) -> NDArray[np.intp]:
        """The index of the first look at which p is at most alpha; -1 when there is none."""
        below = self.pvalue <= alpha
        return np.where(below.any(-1), below.argmax(-1), -1)


def planned_end(
    days: Scores, planned_days: int, alpha: ArrayLike = 0.05, minimum_days: int = MINIMUM_DAYS
) -> PlannedEnd:
    """Judge the days so far, looked at daily, of a test that was planned to last some days.

    Each day is taken to tell about as much as the others. Days after the planned last one do
    not count: the promise was to stop. Raises `ValueError` when no days were planned.
    """
    if planned_days < 1:
        raise ValueError("a planned end needs at least one day")
    many = min(days.surplus.shape[-1], planned_days)
    days = Scores(days.surplus[..., :many], days.information[..., :many])
    factor = np.maximum(np.nan_to_num(dispersion(days), nan=1.0), 1.0)
    information = np.cumsum(days.information, -1)
    part = np.arange(1, many + 1) / planned_days
    limit: Array = np.vectorize(lambda level: bound(planned_days, float(level)))(alpha)
    looked = (days.days >= min(minimum_days, planned_days)) & (information > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.cumsum(days.surplus, -1) / information
        error = np.sqrt(factor / information)
        reached = np.where(looked, np.abs(effect) / error * np.sqrt(part), 0.0)
        width = np.where(looked, limit[..., None] * error / np.sqrt(part), np.inf)
    known = np.where(np.isnan(effect), 0.0, effect)
    highest = np.maximum.accumulate(reached, axis=-1)
    return PlannedEnd(
        crossing(highest, planned_days), effect, Interval(known - width, known + width), factor
    )


@cache
def bound(looks: int, alpha: float = 0.05) -> float:
    """The value that abs(z) sqrt(share of the information) must pass, for evenly spaced looks.

    >>> [round(bound(looks), 3) for looks in (1, 5, 50)]
    [1.96, 2.04, 2.165]
    """
    at, chance = _table(looks)
    above = int(np.searchsorted(-chance, -np.log(alpha)))
    near = np.linspace(at[max(above - 1, 0)], at[min(above, len(at) - 1)], 65)
    return float(np.interp(-np.log(alpha), -np.log(_crossings(near, looks)), near))


def crossing(highest: Array, looks: int) -> Array:
    """The chance that abs(z) sqrt(share) gets as high at any look if nothing differs.

    >>> [float(crossing(np.asarray(1.96), looks).round(3)) for looks in (1, 50)]
    [0.05, 0.083]
    """
    at, chance = _table(looks)
    height = np.minimum(highest, _HIGHEST)
    found = np.exp(np.interp(np.square(height), np.square(at), chance))  # nearly straight
    return np.where(np.isnan(highest), np.nan, np.where(highest <= at[0], 1.0, found))


@cache
def _table(looks: int) -> tuple[Array, Array]:
    """Heights, and the log of the chance to cross each."""
    at = np.linspace(0.05, _HIGHEST, 61)
    return at, np.minimum(np.log(_crossings(at, looks)), 0.0)


def _crossings(heights: Array, looks: int) -> Array:
    """The chance that a random walk of even steps, of variance 1 in all, ever passes a height.

    The chances to leave at each step are added, so that small ones keep their precision.
    """
    step = 1 / np.sqrt(looks)
    # The nodes lie closer than a step of the walk, or its density slips between them.
    nodes, weights = np.polynomial.legendre.leggauss(48 + 8 * int(np.sqrt(looks)))
    x, weights = heights[:, None] * nodes, heights[:, None] * weights
    top = heights[:, None]
    leaves = special.ndtr((x - top) / step) + special.ndtr((-x - top) / step)
    scale = 1 / (step * np.sqrt(2 * np.pi))
    kernel = scale * np.exp(-0.5 * np.square((x[:, :, None] - x[:, None, :]) / step))
    kernel *= weights[:, None, :]
    inside = scale * np.exp(-0.5 * np.square(x / step))
    total = 2 * special.ndtr(-heights / step)
    for _look in range(looks - 1):
        total = total + (inside * weights * leaves).sum(1)
        inside = np.einsum("hij,hj->hi", kernel, inside)
    return np.asarray(np.minimum(total, 1.0))
