"""Whether arms got the share they were promised: if not, lots were not drawn, or data was lost.

On ad platforms unequal delivery is normal: there the alarm says that the arms were not randomised,
not that something broke. Source: Lindon and Malek 2022 (sequential).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from audiences.estimates import Array
from audiences.methods.exact import TIES

ALARM = 0.001
"""The p-value below which the arms are called mismatched."""

STRENGTH = 100.0
"""How firmly the sequential check expects shares near the promised ones; 100 w per arm."""


def shares(observed: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """The promised share of each arm on the last axis; equal ones without weights."""
    given = np.asarray(observed, float)
    wanted = np.where(np.isnan(given), 0.0, 1.0) if weights is None else np.asarray(weights, float)
    wanted = np.broadcast_to(wanted, given.shape)
    with np.errstate(invalid="ignore"):
        return np.asarray(wanted / wanted.sum(-1, keepdims=True))


def fixed(observed: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """The p-value of chi-squared over the arms on the last axis, for one look.

    ``observed`` are the trials of each arm; NaN is an arm that the test does not have. NaN where
    nothing was tried or there is one arm.

    >>> float(fixed([50_500, 49_500]).round(6))
    0.001565
    >>> fixed([[8010, 1990], [5, np.nan]], [0.8, 0.2]).round(4).tolist()
    [0.8026, nan]
    """
    given = np.asarray(observed, float)
    share = shares(given, weights)
    expected = share * np.nansum(given, -1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(expected > 0, np.square(given - expected) / expected, 0.0)
    arms = ((share > 0) & ~np.isnan(given)).sum(-1)
    pvalue: Array = special.chdtrc(np.maximum(arms - 1, 1), np.nansum(parts, -1))
    return np.where((arms > 1) & (np.nansum(given, -1) > 0), pvalue, np.nan)


def exact(observed: ArrayLike, share: ArrayLike = 0.5) -> Array:
    """The exact two-sided p-value for two arms: (…, 2) trials, ``share`` promised to the first.

    Numbers no likelier than the observed one count. Right at any number of trials.

    >>> float(exact([50_500, 49_500]).round(7))
    0.0015824
    """
    given = np.asarray(observed, float)
    first, trials = given[..., 0], given.sum(-1)
    first, trials, part = np.broadcast_arrays(first, trials, np.asarray(share, float))
    limit = _log_chance(first, trials, part) + np.log(TIES)
    centre = np.floor((trials + 1) * part)
    is_low = first < centre
    # Beyond the observed number the chance is higher until, past the middle, it is lower: halve.
    near = np.where(is_low, first, -1.0)
    far = np.where(is_low, trials + 1, first)
    for _step in range(int(np.ceil(np.log2(trials.max(initial=1) + 2))) + 1):
        middle = np.floor((near + far) / 2)
        outside = _log_chance(middle, trials, part) <= limit
        goes_far = np.where(is_low, outside, ~outside)
        stays = far - near <= 1
        far = np.where(~stays & goes_far, middle, far)
        near = np.where(~stays & ~goes_far, middle, near)
    lower = np.where(is_low, first, near)
    upper = np.where(is_low, far, first)
    below = special.betainc(
        trials - np.clip(lower, 0, trials - 1), np.maximum(lower, 0) + 1, 1 - part
    )
    above = special.betainc(np.maximum(upper, 1), trials - np.clip(upper, 1, trials) + 1, part)
    below = np.where(lower < 0, 0.0, np.where(lower >= trials, 1.0, below))
    above = np.where(upper > trials, 0.0, np.where(upper <= 0, 1.0, above))
    return np.where(trials > 0, np.minimum(below + above, 1), np.nan)


def sequential(observed: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """The p-value after each look, valid however often one looks.

    ``observed`` is (…, looks, arms): the trials in each look, in order. A p-value never rises.

    >>> p = sequential([[520, 480], [530, 470], [560, 440]])
    >>> bool((p[1:] <= p[:-1]).all()), float(p[-1].round(4))
    (True, 0.0023)
    """
    given = np.nan_to_num(np.asarray(observed, float))
    share = shares(given, weights)
    total = np.cumsum(given, -2)
    prior = STRENGTH * share
    there = share > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = np.where(
            there,
            special.gammaln(prior + total) - special.gammaln(prior) - total * np.log(share),
            0.0,
        ).sum(-1)
    tried = total.sum(-1)
    log_evidence = gained - special.gammaln(STRENGTH + tried) + special.gammaln(STRENGTH)
    lost = (~there & (total > 0)).any(-1)  # trials of an arm that was promised none
    highest = np.maximum.accumulate(np.where(lost, np.inf, log_evidence), axis=-1)
    return np.minimum(np.exp(-highest), 1)


def _log_chance(number: Array, trials: Array, share: Array) -> Array:
    inside = np.clip(number, 0, trials)
    found: Array = (
        special.gammaln(trials + 1)
        - special.gammaln(inside + 1)
        - special.gammaln(trials - inside + 1)
        + special.xlogy(inside, share)
        + special.xlog1py(trials - inside, -share)
    )
    return np.where(inside == number, found, -np.inf)
