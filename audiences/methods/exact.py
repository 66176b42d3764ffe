"""Two rates at small counts: exact tests, over all tables with the same margins.

Given all successes and trials, the treatment's successes are hypergeometric when there is no
difference. Fisher's p-value is never too small; its mid-p version is right on average, and is what
bereik shows. Boschloo's test is stronger than Fisher's and as safe, but slow: for single tables.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from audiences.aggregates import Counts
from audiences.estimates import Array, Flags

TIES = 1 + 1e-7
"""Tables as likely as the observed one, but for rounding, are as extreme."""

_CELLS = 1_000_000


def fisher(control: Counts, treatment: Counts) -> Array:
    """The two-sided p-value of Fisher's exact test, one per element.

    >>> from audiences.aggregates import counts
    >>> float(fisher(counts(300, 2), counts(300, 9)).round(5))
    0.06302
    """
    return _tails(control, treatment)[0]


def mid_p(control: Counts, treatment: Counts) -> Array:
    """Fisher's p-value with tables as likely as the observed one counted half.

    >>> from audiences.aggregates import counts
    >>> float(mid_p(counts(300, 2), counts(300, 9)).round(5))
    0.03701
    """
    whole, ties = _tails(control, treatment)
    return whole - ties / 2


def boschloo(control: Counts, treatment: Counts) -> Array:
    """The p-value of Boschloo's exact test; NaN for tables of more than 1,000 trials in an arm.

    One table at a time; for thousands of tests use `mid_p`.
    """
    from scipy import stats  # slow to load

    def one(n0: float, x0: float, n1: float, x1: float) -> float:
        if max(n0, n1) > 1000 or min(n0, n1) < 1:
            return float("nan")
        return float(stats.boschloo_exact([[x1, n1 - x1], [x0, n0 - x0]]).pvalue)

    found: Array = np.vectorize(one, otypes=[float])(
        control.trials, control.successes, treatment.trials, treatment.successes
    )
    return found


def _tails(control: Counts, treatment: Counts) -> tuple[Array, Array]:
    """The chance of tables no likelier than the observed one, and of those as likely."""
    shape = np.broadcast(control.trials, treatment.trials).shape
    n0, x0, n1, x1 = (
        np.broadcast_to(part, shape).ravel()
        for part in (control.trials, control.successes, treatment.trials, treatment.successes)
    )
    # The rarer outcome bounds the number of tables: failures of a rate near 1.
    flip = x0 + x1 > (n0 + n1) / 2
    x0, x1 = np.where(flip, n0 - x0, x0), np.where(flip, n1 - x1, x1)
    whole, ties = np.full(len(n0), np.nan), np.full(len(n0), np.nan)
    order = np.argsort(x0 + x1)
    for block in _blocks((x0 + x1)[order]):
        at = order[block]
        whole[at], ties[at] = _sums(n0[at], n1[at], x0[at] + x1[at], x1[at])
    known = (n0 > 0) & (n1 > 0)
    whole, ties = np.where(known, whole, np.nan), np.where(known, ties, np.nan)
    return whole.reshape(shape), ties.reshape(shape)


def _blocks(sizes: Array) -> list[slice]:
    """Stretches of sorted sizes that need about as many cells each."""
    found, start = [], 0
    while start < len(sizes):
        number = 1
        while (
            start + number < len(sizes)
            and (number + 1) * (sizes[min(start + 2 * number, len(sizes)) - 1] + 1) <= _CELLS
        ):
            number *= 2
        stop = min(start + number, len(sizes))
        found.append(slice(start, stop))
        start = stop
    return found


def _sums(n0: Array, n1: Array, both: Array, seen: Array) -> tuple[Array, Array]:
    cells = np.arange(both.max(initial=0) + 1)[None, :]
    possible = (cells <= np.minimum(both, n1)[:, None]) & (cells >= (both - n0)[:, None])
    chance = np.where(possible, np.exp(_log_chance(n0, n1, both, cells)), 0.0)
    observed = chance[np.arange(len(seen)), seen.astype(int)][:, None]
    as_likely: Flags = (chance <= observed * TIES) & (chance >= observed / TIES)
    return (
        np.minimum(np.where(chance <= observed * TIES, chance, 0.0).sum(1), 1),
        np.where(as_likely, chance, 0.0).sum(1),
    )


def _log_chance(n0: Array, n1: Array, both: Array, cells: Array) -> Array:
    """The log of the hypergeometric chance of so many successes in the treatment."""
    n0, n1, both = n0[:, None], n1[:, None], both[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return _log_choose(n1, cells) + _log_choose(n0, both - cells) - _log_choose(n0 + n1, both)


def _log_choose(n: Array, k: Array) -> Array:
    inside = np.clip(k, 0, n)
    found: Array = (
        special.gammaln(n + 1) - special.gammaln(inside + 1) - special.gammaln(n - inside + 1)
    )
    return found
