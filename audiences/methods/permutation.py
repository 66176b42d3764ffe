"""Permutation tests of posts: what if the variants had been drawn otherwise?

They assume nothing but that variants were given to posts by lot: any spread, few posts, zeros. The
statistic is a difference by its standard error, so that arms may differ in spread. All draws are
counted where there are at most 20,000, else 9,999 random ones and the real one; tests of equal
sizes share the draws, which depend on nothing else. Source: Janssen 1997; Phipson and Smyth 2010.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from audiences.aggregates import Groups
from audiences.estimates import Array, Flags

_EXACT = 20_000
_DRAWS = 9_999
_CELLS = 4_000_000
_TIES = 1e-9

Statistic = Callable[[Array, Array, int], tuple[Array, Array]]
"""Difference and squared error, draws by tests, of which posts are picked, columns, how many."""


def of_means(
    values: ArrayLike, is_treated: ArrayLike, tests: Groups, number: int, seed: int = 0
) -> Array:
    """The p-value of each test for the difference in means, of log rates.

    One row per post: its value (NaN is left out), whether it is in the treatment, and its test.
    NaN where an arm has fewer than two posts.

    >>> values = [1.0, 1.2, 0.9, 1.1, 2.0, 2.2, 1.9, 2.1]
    >>> float(of_means(values, [0] * 4 + [1] * 4, np.zeros(8, int), 1)[0].round(4))
    0.0286
    """
    columns = np.asarray(values, float)[:, None]
    return _pvalues(columns, is_treated, tests, number, seed, _means)


def of_ratios(
    numerator: ArrayLike,
    denominator: ArrayLike,
    is_treated: ArrayLike,
    tests: Groups,
    number: int,
    seed: int = 0,
) -> Array:
    """The p-value of each test for the difference in ratios of sums; zeros are no problem.

    >>> clicks, shown = [0, 1, 0, 2, 5, 9, 7, 6], [100, 120, 90, 150, 110, 130, 100, 90]
    >>> float(of_ratios(clicks, shown, [0] * 4 + [1] * 4, np.zeros(8, int), 1)[0].round(4))
    0.0286
    """
    columns = np.stack([np.asarray(numerator, float), np.asarray(denominator, float)], -1)
    return _pvalues(columns, is_treated, tests, number, seed, _ratios)


def of_ratios_within(
    numerator: ArrayLike,
    denominator: ArrayLike,
    is_treated: ArrayLike,
    strata: Groups,
    seed: int = 0,
) -> float:
    """The p-value of one test whose variants are drawn anew within each stratum: 9,999 draws.

    Ratios are compared relative to that of their stratum; a stratum counts by n0 n1 / (n0 + n1).
    One with fewer than two posts of an arm, or with nothing counted, is left out.

    >>> clicks, shown = [0, 1, 0, 2, 5, 9, 7, 6], [100, 120, 90, 150, 110, 130, 100, 90]
    >>> of_ratios_within(clicks, shown, [0, 0, 1, 1] * 2, np.array([0] * 4 + [1] * 4)) > 0.3
    True
    """
    columns = np.stack([np.asarray(numerator, float), np.asarray(denominator, float)], -1)
    treated = np.asarray(is_treated, bool)
    gap, error = np.zeros((_DRAWS + 1, 1)), np.zeros((_DRAWS + 1, 1))
    rng = np.random.default_rng([seed, len(columns)])
    for stratum in np.unique(strata):
        mine = strata == stratum
        rows = columns[mine][np.argsort(~treated[mine], kind="stable")][None]
        size, many = rows.shape[1], int(treated[mine].sum())
        whole = rows[0, :, 0].sum() / max(rows[0, :, 1].sum(), 1.0)
        if min(many, size - many) < 2 or whole <= 0:
            continue
        own, own_error = _ratios(_drawn(size, many, rng), rows, many)
        weight = many * (size - many) / size / whole
        gap, error = gap + weight * own, error + np.square(weight) * own_error
    return float(_share_as_extreme(gap, error)[0]) if gap.any() else float("nan")


def _pvalues(
    columns: Array, is_treated: ArrayLike, tests: Groups, number: int, seed: int, by: Statistic
) -> Array:
    known = ~np.isnan(columns).any(1)
    columns, treated = columns[known], np.asarray(is_treated, bool)[known]
    tests = np.asarray(tests)[known]
    ones, alls = (np.bincount(part, minlength=number) for part in (tests[treated], tests))
    ordered = columns[np.lexsort((~treated, tests))]  # by test, the treatment first
    starts = np.cumsum(alls) - alls
    found = np.full(number, np.nan)
    for size, many in np.unique(np.stack([alls, ones], -1), axis=0):
        if min(many, size - many) < 2:
            continue
        which = np.flatnonzero((alls == size) & (ones == many))
        picked = _picks(int(size), int(many), np.random.default_rng([seed, size, many]))
        block = max(_CELLS // len(picked), 1)
        for start in range(0, len(which), block):
            part = which[start : start + block]
            rows = ordered[starts[part][:, None] + np.arange(size)]
            found[part] = _share_as_extreme(*by(picked, rows, int(many)))
    return found


def _picks(size: int, many: int, rng: np.random.Generator) -> Array:
    """Which posts are in the treatment, one row per draw; the first row is the real one."""
    if math.comb(size, many) <= _EXACT:
        chosen = np.array(list(combinations(range(size), many)))
        return _marked(chosen, size)
    return _drawn(size, many, rng)


def _drawn(size: int, many: int, rng: np.random.Generator) -> Array:
    """Random draws after the real one."""
    drawn = rng.random((_DRAWS, size)).argpartition(many - 1, axis=1)[:, :many]
    return _marked(np.concatenate([np.arange(many)[None, :], drawn]), size)


def _marked(chosen: NDArray[np.intp], size: int) -> Array:
    picked = np.zeros((len(chosen), size))
    np.put_along_axis(picked, chosen, 1.0, 1)
    return picked


def _means(picked: Array, rows: Array, many: int) -> tuple[Array, Array]:
    values = rows[..., 0] - rows[..., 0].mean(1, keepdims=True)
    few = values.shape[1] - many
    first, square = picked @ values.T, picked @ np.square(values).T
    rest = np.square(values).sum(1) - square
    error = (square - np.square(first) / many) / (many * (many - 1))
    error += (rest - np.square(first) / few) / (few * (few - 1))
    return first / many + first / few, error  # the deviations of all posts add up to 0


def _ratios(picked: Array, rows: Array, many: int) -> tuple[Array, Array]:
    above, below = rows[..., 0], rows[..., 1]
    columns = (above, below, above * above, above * below, below * below)
    first = [picked @ column.T for column in columns]
    rest = [column.sum(1) - part for column, part in zip(columns, first, strict=True)]
    ratio, error = _ratio(first, many)
    other, other_error = _ratio(rest, rows.shape[1] - many)
    return ratio - other, error + other_error


def _ratio(sums: list[Array], many: int) -> tuple[Array, Array]:
    above, below, square, product, below_square = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = above / below
        apart = square - 2 * ratio * product + np.square(ratio) * below_square
        return ratio, apart * many / (many - 1) / np.square(below)


def _share_as_extreme(gap: Array, squared_error: Array) -> Array:
    """The share of draws at least as far from zero as the real one, in standard errors.

    Without any difference between posts every draw is as extreme; an arm with nothing to divide
    has no ratio, and such a draw counts as extreme.
    """
    scale = np.nanmax(np.abs(gap), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.abs(gap) / np.sqrt(np.maximum(squared_error, 0))
    statistic = np.where(np.abs(gap) <= _TIES * scale, 0.0, statistic)
    statistic = np.where(np.isnan(statistic), np.inf, statistic)
    extreme: Flags = statistic >= statistic[0] * (1 - _TIES)
    return np.asarray(np.where(np.isnan(gap[0]), np.nan, extreme.mean(0)))
