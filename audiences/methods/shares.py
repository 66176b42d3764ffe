"""How to divide what comes next over the variants: a bandit's shares, as advice.

Shares move to variants that are likely the best, and never below a floor, so that a late winner is
still found. Rates that were gathered this way are too low for weak variants (about 2-3 %): judge
them by day (`audiences.methods.ad_days`), never by their totals. Source: Russo 2016 (top two).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audiences.estimates import Array

FLOOR = 0.05


def thompson(chance_to_be_best: ArrayLike, floor: float = FLOOR) -> Array:
    """The share of each variant on the last axis: its chance to be the best.

    Loses least in the meantime. NaN is a variant that is not there.

    >>> thompson([0.9, 0.1, 0.0]).round(3).tolist()
    [0.815, 0.135, 0.05]
    """
    return _with_floor(np.asarray(chance_to_be_best, float), floor)


def top_two(chance_to_be_best: ArrayLike, beta: float = 0.5, floor: float = FLOOR) -> Array:
    """The share of each variant if what matters is to find the best one soon.

    The leader gets ``beta``, its nearest rivals the rest.

    >>> top_two([0.9, 0.1, 0.0], floor=0).round(3).tolist()
    [0.5, 0.5, 0.0]
    """
    best = np.asarray(chance_to_be_best, float)
    chance = np.clip(np.nan_to_num(best), 0, 1 - 1e-12)
    odds = chance / (1 - chance)
    rivals = odds.sum(-1, keepdims=True) - odds
    return _with_floor(
        np.where(np.isnan(best), np.nan, chance * (beta + (1 - beta) * rivals)), floor
    )


def _with_floor(wanted: Array, floor: float) -> Array:
    number = (~np.isnan(wanted)).sum(-1, keepdims=True)
    if np.any(number * floor > 1):
        raise ValueError(
            f"a floor of {floor} leaves nothing to divide over {number.max()} variants"
        )
    with np.errstate(invalid="ignore"):
        share = wanted / np.nansum(wanted, -1, keepdims=True)
    return np.asarray(floor + (1 - number * floor) * share)
