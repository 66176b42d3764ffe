"""Many questions asked at once: adjusted p-values along the last axis, for all rows at once.

NaN is a question that was not asked; it stays NaN and counts for nothing. Holm keeps the chance of
any false finding below alpha, whatever the dependence: it is used within a test, over its
comparisons. Benjamini-Hochberg keeps the share of false findings below alpha: it is used across
tests. e-BH does that for evidence that is looked at daily, under any dependence.

Source: Holm 1979; Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001; Wang and Ramdas 2022.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from audiences.estimates import Array

Adjustment = Literal["holm", "bh", "by", "none"]


def adjusted(pvalues: ArrayLike, how: Adjustment) -> Array:
    """The p-values adjusted in one of the ways."""
    given = np.asarray(pvalues, float)
    ways = {"holm": holm, "bh": benjamini_hochberg, "by": benjamini_yekutieli}
    return ways[how](given) if how in ways else given


def holm(pvalues: ArrayLike) -> Array:
    """Holm's step-down adjustment.

    >>> holm([0.01, 0.04, np.nan, 0.03]).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    given = np.asarray(pvalues, float)
    order, ranked, rank, asked = _ranked(given)
    stepped = np.maximum.accumulate(np.where(rank < asked, ranked, 0) * (asked - rank), axis=-1)
    return _put_back(stepped, order, given)


def benjamini_hochberg(pvalues: ArrayLike) -> Array:
    """Benjamini and Hochberg's step-up adjustment.

    >>> benjamini_hochberg([0.01, 0.04, np.nan, 0.03]).round(12).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    given = np.asarray(pvalues, float)
    order, ranked, rank, asked = _ranked(given)
    known = np.where(rank < asked, ranked, 0)
    stepped = np.where(rank < asked, known * asked / (rank + 1), np.inf)
    least = np.minimum.accumulate(stepped[..., ::-1], axis=-1)[..., ::-1]
    return _put_back(least, order, given)


def benjamini_yekutieli(pvalues: ArrayLike) -> Array:
    """Benjamini and Yekutieli's adjustment, which holds under any dependence."""
    given = np.asarray(pvalues, float)
    asked = (~np.isnan(given)).sum(-1, keepdims=True)
    harmonic = np.cumsum(1 / np.arange(1.0, given.shape[-1] + 1))
    return np.asarray(np.minimum(benjamini_hochberg(given) * harmonic[np.maximum(asked - 1, 0)], 1))


def e_benjamini_hochberg(log_evidence: ArrayLike) -> Array:
    """The least alpha at which each hypothesis of no effect is rejected, given logs of e-values.

    Rejected are the k* largest, k* the largest k for which the k-th largest e-value is at least
    m / (alpha k): Benjamini and Hochberg's adjustment of 1 / e.

    >>> e_benjamini_hochberg(np.log([100.0, 1.0, 35.0, 30.0])).round(4).tolist()
    [0.04, 1.0, 0.0444, 0.0444]
    """
    with np.errstate(over="ignore"):
        return benjamini_hochberg(np.exp(-np.asarray(log_evidence, float)))


def _ranked(values: Array) -> tuple[NDArray[np.intp], Array, Array, Array]:
    """The order of the values, the values in it (unknown ones last, as infinite), ranks, and m."""
    unknown = np.isnan(values)
    order = np.argsort(values, axis=-1, kind="stable")
    ranked = np.take_along_axis(np.where(unknown, np.inf, values), order, -1)
    rank = np.broadcast_to(np.arange(values.shape[-1], dtype=float), values.shape)
    asked = (~unknown).sum(-1, keepdims=True).astype(float)
    return order, ranked, rank, asked


def _put_back(stepped: Array, order: NDArray[np.intp], given: Array) -> Array:
    found = np.empty_like(given)
    np.put_along_axis(found, order, np.minimum(stepped, 1), -1)
    return np.where(np.isnan(given), np.nan, found)
