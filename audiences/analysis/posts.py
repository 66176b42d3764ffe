"""Posts as the unit, and amounts by what they bought as paired days."""

from __future__ import annotations

import numpy as np

from audiences.analysis.plan import Found, Plan
from audiences.analysis.ratios import chance_of_two, smallest
from audiences.estimates import Array, Estimate, Interval
from audiences.methods import costs, permutation, posts
from audiences.methods.posterior import best_of
from audiences.trials import Table


def of_posts(table: Table, plan: Plan) -> Found:
    """The rates of typical posts of each variant."""
    made = posts.arms(table.arm, table.variants.size, table.above, table.below)
    by_arm = made.reshaped(table.shape)
    control, treatment = by_arm[:, :1], by_arm[:, 1:]
    ratio = posts.compare(control, treatment)
    pvalue = _with_permutation(table, by_arm, ratio)
    bounds = ratio.interval(plan.alpha).exp()
    typical = posts.typical(by_arm)
    interval = typical.interval(plan.alpha).exp()
    rate = np.exp(typical.value)
    nothing = np.full(table.shape[0], np.nan)
    return Found(
        by_arm.posts,
        table.days,
        rate,
        interval,
        lambda: best_of(typical),
        nothing,
        smallest(pvalue),
        nothing,
        nothing,
        ratio,
        bounds,
        rate[:, :1] * (np.exp(ratio.value) - 1),
        Interval(rate[:, :1] * (bounds.lower - 1), rate[:, :1] * (bounds.upper - 1)),
        pvalue,
    )


def _with_permutation(table: Table, arms: posts.Arms, ratio: Estimate) -> Array:
    """Welch's p-values; where posts have zeros or are few, those of the permutation of ratios."""
    pvalue = np.array(ratio.pvalue())
    zeros = arms.zeros > 0
    for column in range(1, table.shape[1]):
        needs = zeros[:, 0] | zeros[:, column]
        if needs.any():
            rows = needs[table.test] & np.isin(table.variant, (0, column))
            found = permutation.of_ratios(
                table.above[rows], table.below[rows], table.variant[rows] == column,
                table.test[rows], table.shape[0],
            )  # fmt: skip
            pvalue[needs, column - 1] = found[needs]
    return np.where(np.isnan(ratio.value), np.nan, pvalue)


def of_costs(table: Table, plan: Plan) -> Found:
    """Amounts by what they bought, day by day."""
    above, below, there = (part.sum(-1) for part in table.sums_by_day())
    there = there > 0
    above, below = (np.where(there, part, np.nan) for part in (above, below))
    ratio = costs.paired_days(above[:, :1], below[:, :1], above[:, 1:], below[:, 1:])
    bounds = ratio.interval(plan.alpha).exp()
    pvalue = ratio.pvalue()
    days = (there[:, :1] & there).sum(-1).astype(float)
    nothing, unknown = np.full(table.shape[0], np.nan), np.full(table.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.nansum(above, -1) / np.nansum(below, -1)
    return Found(
        days,
        np.where(table.there, days, 0.0).max(-1),
        rate,
        Interval(unknown, unknown),
        lambda: chance_of_two(table, 1 - ratio.chance_above()),
        nothing,
        smallest(pvalue),
        nothing,
        nothing,
        ratio,
        bounds,
        rate[:, :1] * (np.exp(ratio.value) - 1),
        Interval(rate[:, :1] * (bounds.lower - 1), rate[:, :1] * (bounds.upper - 1)),
        pvalue,
    )
