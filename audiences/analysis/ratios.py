"""Whether variants got the shares they were promised, and other questions to a whole test."""

from __future__ import annotations

import numpy as np

from audiences import multiplicity
from audiences.analysis.plan import Plan
from audiences.estimates import Array, Estimate
from audiences.methods import sample_ratio
from audiences.methods.posterior import Posterior, of_two
from audiences.trials import Table


def outlook_of_two(
    table: Table, better: Array, effect: Estimate, control: Array, *, higher: bool = True
) -> Posterior:
    """The chance to be best, and what a choice costs, of tests with two variants; NaN of others."""
    two = table.there.sum(1) == 2
    found = of_two(better[two, 0], effect[two, 0], control[two, 0], higher=higher)
    chance, loss = np.full(table.shape, np.nan), np.full(table.shape, np.nan)
    best = np.full(len(two), np.nan)
    chance[two, :2], loss[two, :2] = found.chance_to_be_best, found.loss
    best[two] = found.best
    return Posterior(chance, loss, best)


def smallest(pvalue: Array) -> Array:
    """The p-value of no treatment that differs, from those of each: the smallest, by Holm."""
    adjusted = multiplicity.holm(pvalue)
    known = ~np.isnan(adjusted)
    least = np.where(known, adjusted, np.inf).min(-1, initial=np.inf)
    return np.where(known.any(-1), least, np.nan)


def weights(table: Table, plan: Plan) -> Array:
    """The promised share of each variant, in the order of the table."""
    if plan.weights is None:
        wanted = table.there.astype(float)
    else:
        wanted = np.zeros(table.shape)
        many = min(len(plan.weights), table.shape[1])
        wanted[:, :many] = plan.weights[:many]
        wanted = np.where(table.there, wanted, 0.0)
    return np.asarray(wanted / wanted.sum(1, keepdims=True))


def promised_ratio(table: Table, trials: Array, plan: Plan) -> Array:
    """The p-value of the promised shares, for one look."""
    observed = np.where(table.there, trials, np.nan)
    return sample_ratio.fixed(observed, weights(table, plan))
