"""Impressions or persons that were drawn by lot: all of a variant together."""

from __future__ import annotations

import numpy as np

from audiences.aggregates import Counts
from audiences.analysis.plan import Found, Plan
from audiences.analysis.ratios import promised_ratio
from audiences.estimates import Array, estimate
from audiences.methods import rates
from audiences.methods.posterior import posterior
from audiences.trials import Table


def of_impressions(table: Table, plan: Plan) -> Found:
    """The rates of all impressions of each variant."""
    arms = table.counts()
    control, treatment = arms[:, :1], arms[:, 1:]
    compared = rates.compare(control, treatment, plan.alpha)
    spread = rates.dispersion(table.arm, table.shape, Counts(table.below, table.above))
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(compared.ratio)
    error = _rough_error(control, treatment)
    return Found(
        arms.trials,
        table.days,
        arms.rate,
        rates.wilson(arms, plan.alpha),
        lambda: posterior(arms),
        promised_ratio(table, arms.trials, plan),
        rates.omnibus(arms).pvalue,
        spread.value,
        spread.pvalue,
        estimate(log, error),
        compared.ratio_interval,
        compared.difference,
        compared.difference_interval,
        compared.pvalue,
    )


def _rough_error(control: Counts, treatment: Counts) -> Array:
    """The standard error of the log ratio; half a success more where an arm has none."""
    error = rates.log_ratio(control, treatment).standard_error
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [1 / (arm.successes + 0.5) - 1 / (arm.trials + 0.5) for arm in (control, treatment)]
        return np.where(np.isnan(error), np.sqrt(sum(parts)), error)
