"""Chance to be best, and what a wrong choice costs: Bayesian, for display.

Rates of randomised impressions have Beta posteriors. Integrals are sums over fixed nodes, not
random draws: the same counts give the same numbers. None of this may decide when to stop: with
daily looks "more than 95 % chance to win" is wrong in half of all comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special

from audiences.aggregates import Counts
from audiences.estimates import Array, Estimate, Flags

Prior = tuple[float, float]
"""The parameters of a Beta distribution of rates."""

FLAT: Prior = (1.0, 1.0)

_NODES = 64
_MOST_STRETCHES = 16
_TOLERANCE = 1e-8
_DEVIATIONS = 9.0
_CELLS = 500_000


@dataclass(frozen=True, eq=False)
class Posterior:
    """Per variant: the chance that its rate is the best, and the rate that choosing it costs.

    ``best`` is the expected best rate, per test; ``loss`` that less the expected rate of the
    variant (of costs the other way round), as rates are told: in successes per trial. Variants
    without trials are NaN.
    """

    chance_to_be_best: Array
    loss: Array
    best: Array

    @property
    def relative_loss(self) -> Array:
        """The loss as a share of the expected best rate."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.loss / self.best[..., None])


def posterior(variants: Counts, prior: Prior = FLAT) -> Posterior:
    """The chance to be best and the expected loss of the variants on the last axis.

    >>> from audiences.aggregates import counts
    >>> one = posterior(counts([42_000, 42_000], [500, 560]))
    >>> one.chance_to_be_best.round(6).tolist()
    [0.031862, 0.968138]
    """
    there = variants.trials > 0
    shape = there.shape
    a = (variants.successes + prior[0]).reshape(-1, shape[-1])
    b = (variants.failures + prior[1]).reshape(-1, shape[-1])
    flat = there.reshape(-1, shape[-1])
    best, highest = np.full(a.shape, np.nan), np.full(len(a), np.nan)
    left, stretches = np.flatnonzero(flat.any(1)), 1
    while len(left) and stretches <= _MOST_STRETCHES:
        step = max(_CELLS // (_NODES * stretches * shape[-1]), 1)
        for start in range(0, len(left), step):
            rows = left[start : start + step]
            best[rows], highest[rows] = _integrals(a[rows], b[rows], flat[rows], stretches)
        # The chances add up to 1, or the nodes were too few for posteriors so unlike.
        wrong = np.abs(best[left].sum(1) - 1) > _TOLERANCE
        left, stretches = left[wrong], stretches * 4
    total = best.sum(1, keepdims=True)
    loss = np.maximum(highest[:, None] - a / (a + b), 0)
    return Posterior(
        np.where(flat, best / total, np.nan).reshape(shape),
        np.where(flat, loss, np.nan).reshape(shape),
        highest.reshape(shape[:-1]),
    )


def prior_of(history: Counts) -> Prior:
    """The Beta prior that earlier rates suggest, by their mean and spread beyond chance.

    Falls back to `FLAT` for fewer than ten rates, or rates that do not differ beyond chance.

    >>> from audiences.aggregates import counts
    >>> prior_of(counts([100] * 3, [1, 2, 3]))
    (1.0, 1.0)
    """
    used = history[history.trials > 1]
    if used.trials.size < 10:
        return FLAT
    mean = float(used.successes.sum() / used.trials.sum())
    between = float(np.var(used.rate, ddof=1) - np.mean(mean * (1 - mean) / used.trials))
    if not 0 < mean < 1 or between <= 0 or between >= mean * (1 - mean):
        return FLAT
    strength = mean * (1 - mean) / between - 1
    return mean * strength, (1 - mean) * strength


def best_of(arms: Estimate) -> Posterior:
    """The same of arms on the last axis, given the log of a rate and its error.

    For posts: the mean log rate of each arm, as a flat prior has it; degrees of freedom are
    ignored. NaN is an arm that is not there.

    >>> from audiences.estimates import estimate
    >>> one = best_of(estimate([0.0, 0.1], [0.1, 0.1]))
    >>> one.chance_to_be_best.round(4).tolist(), one.loss.round(4).tolist()
    ([0.2398, 0.7602], [0.1268, 0.0211])
    """
    there = np.isfinite(arms.value) & (np.nan_to_num(arms.standard_error) > 0)
    value, error = np.where(there, arms.value, 0.0), np.where(there, arms.standard_error, 1.0)
    at, weight = np.polynomial.hermite_e.hermegauss(_NODES)
    weight = weight / weight.sum()
    x = value[..., None] + error[..., None] * at  # (…, arm, node): where each arm may lie
    distance = (x[..., :, None, :] - value[..., None, :, None]) / error[..., None, :, None]
    below = np.where(there[..., None, :, None], special.ndtr(distance), 1.0)
    own = np.eye(value.shape[-1], dtype=bool)[..., None]
    at_best = np.where(there[..., None], np.where(own, 1.0, below).prod(-2) * weight, 0.0)
    best = at_best.sum(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        highest = (np.exp(x) * at_best).sum((-2, -1))
        loss = np.maximum(highest[..., None] - np.exp(value + np.square(error) / 2), 0)
        chance = best / best.sum(-1, keepdims=True)
    return Posterior(
        np.where(there, chance, np.nan),
        np.where(there, loss, np.nan),
        np.where(there.any(-1), highest, np.nan),
    )


def of_two(better: Array, effect: Estimate, control: Array, *, higher: bool = True) -> Posterior:
    """The same of a control and a treatment, which become the last axis.

    ``better`` is the chance that the treatment is, ``effect`` the log of the ratio of both,
    ``control`` the rate of the control, taken as known; ``higher`` whether more is better.

    >>> from audiences.estimates import estimate
    >>> one = of_two(np.asarray(0.84), estimate(0.1, 0.1), np.asarray(0.02))
    >>> one.loss.round(5).tolist()
    [0.00237, 0.00016]
    """
    error = effect.standard_error
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        z, mean = effect.value / error, np.exp(effect.value + np.square(error) / 2)
        above = mean * special.ndtr(z + error) - special.ndtr(z)  # what a higher treatment adds
        below = above - mean + 1
    losses = (above, below) if higher else (below, above)
    return Posterior(
        np.stack([1 - better, better], -1),
        np.stack([control * np.maximum(one, 0) for one in losses], -1),
        np.asarray(control * (1 + above if higher else 1 - below)),
    )


def _integrals(a: Array, b: Array, there: Flags, stretches: int) -> tuple[Array, Array]:
    """The chance of each to be best, and the mean of the highest, of Beta(a, b) per row.

    Only the stretch matters in which the highest can lie: from the highest of the lower ends of
    the variants to the highest of their upper ends.
    """
    at, weight = _nodes(stretches)
    low, high = _reach(a, b)
    start = np.where(there, low, 0).max(1)[:, None]
    stop = np.where(there, high, 0).max(1)[:, None]
    x = start + (stop - start) * at
    weight = (stop - start) * weight
    # Only variants that are there: most tests have far fewer than the largest one.
    row, column = np.nonzero(there)
    a1, b1, at1 = a[row, column][:, None], b[row, column][:, None], x[row]
    below, density = np.ones((*a.shape, len(at))), np.zeros((*a.shape, len(at)))
    below[row, column] = special.betainc(a1, b1, at1)
    log_density = special.xlogy(a1 - 1, at1) + special.xlog1py(b1 - 1, -at1)
    density[row, column] = np.exp(log_density - special.betaln(a1, b1))
    others = _without_each(below)
    best = (density * others * weight[:, None, :]).sum(-1)
    highest = start[:, 0] + ((1 - below.prod(1)) * weight).sum(-1)
    return best, highest


@cache
def _nodes(stretches: int) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights on 0 to 1, cut into stretches with nodes of their own.

    One rule with as many nodes takes seconds to make, and is no better for a narrow peak.
    """
    at, weight = np.polynomial.legendre.leggauss(_NODES)
    starts = np.arange(stretches)[:, None]
    return ((starts + (at + 1) / 2) / stretches).ravel(), np.tile(weight / 2 / stretches, stretches)


def _reach(a: Array, b: Array) -> tuple[Array, Array]:
    """The ends between which a Beta distribution has all but nothing of its mass."""
    mean = a / (a + b)
    deviation = np.sqrt(mean * (1 - mean) / (a + b + 1))
    # Beta distributions near 0 or 1 are skew: their far ends need more room.
    skew = 1 + 2 / np.sqrt(np.minimum(a, b))
    width = _DEVIATIONS * deviation * skew
    return np.maximum(mean - width, 0), np.minimum(mean + width, 1)


def _without_each(below: Array) -> Array:
    """For each variant the product over the others, without dividing by zero."""
    before = np.ones_like(below)
    after = np.ones_like(below)
    before[:, 1:] = np.cumprod(below[:, :-1], axis=1)
    after[:, :-1] = np.cumprod(below[:, :0:-1], axis=1)[:, ::-1]
    return before * after
