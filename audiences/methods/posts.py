"""Posts as the unit: what organic posts can prove, because people were not drawn by lot.

Each post is one observation. Its rate (engagements per impression) is compared on the log scale,
where posts spread evenly; the effect is a ratio of typical posts. Where a post has none, logs are
undefined: then the ratio of means, in which posts count by their denominator. The permutation test
assumes nothing but that variants were given to posts by lot.
Source: Welch 1947; Deng, Knoblich and Lu 2018 (delta method); Janssen 1997 (studentised
permutation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from audiences.aggregates import Groups, Moments, moments_by
from audiences.estimates import Array, Estimate, Flags, Index

FEWEST = 5
"""Fewer posts in an arm give no verdict: their spread is not known well enough."""

_EXACT = 20_000
_DRAWS = 9_999
_CELLS = 4_000_000
_TIES = 1e-9


def log_rates(numerator: ArrayLike, denominator: ArrayLike = 1.0) -> Array:
    """The log of numerator / denominator per post; NaN unless both are above zero.

    >>> log_rates([5, 0, 3], [100, 50, np.nan]).round(3).tolist()
    [-2.996, nan, nan]
    """
    above, below = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (above > 0) & (below > 0)
        return np.where(known, np.log(above) - np.log(below), np.nan)


@dataclass(frozen=True, eq=False)
class Arms:
    """Posts by arm, ready to be compared: arrays of the arms.

    ``logs`` are the moments of the log rates, ``sums`` those of numerator and denominator;
    ``zeros`` is the number of posts without a log: with nothing to divide, or nothing counted.
    """

    logs: Moments
    sums: Moments
    zeros: Array

    def __getitem__(self, index: Index) -> Arms:
        return Arms(self.logs[index], self.sums[index], np.asarray(self.zeros[index]))

    @property
    def posts(self) -> Array:
        """The number of posts of which both figures are known."""
        return self.sums.count


def arms(groups: Groups, number: int, numerator: ArrayLike, denominator: ArrayLike = 1.0) -> Arms:
    """The arms of posts, given the arm of each post; posts that lack a figure are left out."""
    above, below = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    known = ~np.isnan(above) & ~np.isnan(below)
    groups, above, below = groups[known], above[known], below[known]
    logs = log_rates(above, below)
    return Arms(
        moments_by(groups, number, logs[:, None]),
        moments_by(groups, number, np.stack([above, below], -1)),
        np.bincount(groups[np.isnan(logs)], minlength=number).astype(float),
    )


def compare(control: Arms, treatment: Arms) -> Estimate:
    """The log of the ratio treatment / control: on log rates, or of means where a post has none.

    >>> both = arms(np.array([0, 0, 0, 1, 1, 1]), 2, [10, 20, 40, 20, 40, 80], [1000] * 6)
    >>> float(np.exp(compare(both[0], both[1]).value).round(3))
    2.0
    """
    on_logs, on_means = welch(control, treatment), ratio_of_means(control, treatment)
    use = (control.zeros > 0) | (treatment.zeros > 0)
    return Estimate(
        *(
            np.where(use, of_means, of_logs)
            for of_means, of_logs in zip(
                (on_means.value, on_means.standard_error, on_means.degrees),
                (on_logs.value, on_logs.standard_error, on_logs.degrees),
                strict=True,
            )
        )
    )


def welch(control: Arms, treatment: Arms) -> Estimate:
    """The difference of the mean log rates: the log of the ratio of typical posts."""
    return treatment.logs.mean_of() - control.logs.mean_of()


def ratio_of_means(control: Arms, treatment: Arms) -> Estimate:
    """The log of the ratio of two ratios of sums, by the delta method."""
    return _log(treatment.sums.ratio_of()) - _log(control.sums.ratio_of())


def difference_of_ratios(control: Moments, treatment: Moments) -> Estimate:
    """The difference of two ratios of sums, in numerator per denominator."""
    return treatment.ratio_of() - control.ratio_of()


def _log(ratio: Estimate) -> Estimate:
    with np.errstate(divide="ignore", invalid="ignore"):
        known = ratio.value > 0
        value = np.where(known, np.log(np.where(known, ratio.value, 1.0)), np.nan)
        return Estimate(value, ratio.standard_error / ratio.value, ratio.degrees)


def permutation(
    values: ArrayLike, is_treated: ArrayLike, tests: Groups, number: int, seed: int = 0
) -> Array:
    """The p-value of each test if the variants of its posts had been drawn otherwise.

    One row per post: its value (a log rate; NaN is left out), whether it is in the treatment, and
    its test. The statistic is Welch's, so that arms may differ in spread. All draws are counted
    where there are at most 20,000, else 9,999 random ones and the real one; tests of equal sizes
    share the draws. NaN where an arm has fewer than two posts.

    >>> values = [1.0, 1.2, 0.9, 1.1, 2.0, 2.2, 1.9, 2.1]
    >>> float(permutation(values, [0] * 4 + [1] * 4, np.zeros(8, int), 1)[0].round(4))
    0.0286
    """
    given, treated = np.asarray(values, float), np.asarray(is_treated, bool)
    known = ~np.isnan(given)
    given, treated, tests = given[known], treated[known], np.asarray(tests)[known]
    ones = np.bincount(tests[treated], minlength=number)
    alls = np.bincount(tests, minlength=number)
    order = np.lexsort((~treated, tests))
    starts = np.concatenate([[0], np.cumsum(alls)[:-1]])
    found = np.full(number, np.nan)
    rng = np.random.default_rng(seed)
    for size, many in np.unique(np.stack([alls, ones], -1), axis=0):
        if min(many, size - many) < 2:
            continue
        which = np.flatnonzero((alls == size) & (ones == many))
        picked = _picks(int(size), int(many), rng)
        block = max(_CELLS // len(picked), 1)
        for start in range(0, len(which), block):
            part = which[start : start + block]
            rows = given[order][starts[part][:, None] + np.arange(size)]
            found[part] = _share_as_extreme(rows, int(many), picked)
    return found


def _picks(size: int, many: int, rng: np.random.Generator) -> Array:
    """Which posts are in the treatment, one row per draw; the first row is the real one."""
    if math.comb(size, many) <= _EXACT:
        chosen = np.array(list(combinations(range(size), many)))
    else:
        drawn = rng.random((_DRAWS, size)).argpartition(many - 1, axis=1)[:, :many]
        chosen = np.concatenate([np.arange(many)[None, :], drawn])
    picked = np.zeros((len(chosen), size))
    np.put_along_axis(picked, chosen, 1.0, 1)
    return picked


def _share_as_extreme(rows: Array, many: int, picked: Array) -> Array:
    """The share of draws with a statistic at least as far from zero as the real one."""
    size = rows.shape[1]
    rows = rows - rows.mean(1, keepdims=True)
    few = size - many
    first, square = picked @ rows.T, picked @ np.square(rows).T
    rest, rest_square = -first, np.square(rows).sum(1) - square
    gap = first / many - rest / few
    error = (square - np.square(first) / many) / (many * (many - 1))
    error = error + (rest_square - np.square(rest) / few) / (few * (few - 1))
    scale = np.square(rows).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.abs(gap) / np.sqrt(np.maximum(error, 0))
    statistic = np.where(np.abs(gap) <= _TIES * np.sqrt(scale), 0.0, statistic)
    extreme: Flags = statistic >= statistic[0] * (1 - _TIES)
    return np.asarray(extreme.mean(0))
