"""Posts as the unit, and amounts by what they bought as paired days."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from audiences.analysis.plan import Found, Plan
from audiences.analysis.ratios import outlook_of_two, smallest
from audiences.estimates import Array, Estimate, Flags, Interval
from audiences.methods import costs, permutation, posts
from audiences.methods.posterior import Posterior, best_of
from audiences.trials import Table


def of_posts(table: Table, plan: Plan) -> Found:
    """The rates of typical posts of each variant, compared within strata such as platforms."""
    made = _arms(table)
    ratio = posts.compare_within(made[:, :1], made[:, 1:])
    typical = typical_posts(table)
    return _found(
        units=_usable(made),
        looked=table.days,
        rate=np.exp(typical.value),
        rate_interval=typical.interval(plan.alpha).exp(),
        outlook=lambda: best_of(typical),
        ratio=ratio,
        pvalue=_with_permutation(table, made, ratio),
        plan=plan,
    )


def _found(
    *,
    units: Array,
    looked: Array,
    rate: Array,
    rate_interval: Interval,
    outlook: Callable[[], Posterior],
    ratio: Estimate,
    pvalue: Array,
    plan: Plan,
) -> Found:
    """What is found of units that were given whole: no shares were promised, none vary."""
    bounds, control = ratio.interval(plan.alpha).exp(), rate[:, :1]
    nothing = np.full(len(units), np.nan)
    return Found(
        units=units,
        looked=looked,
        rate=rate,
        rate_interval=rate_interval,
        outlook=outlook,
        srm=nothing,
        omnibus=smallest(pvalue),
        dispersion=nothing,
        dispersion_pvalue=nothing,
        ratio=ratio,
        ratio_interval=bounds,
        difference=control * (np.exp(ratio.value) - 1),
        difference_interval=Interval(control * (bounds.lower - 1), control * (bounds.upper - 1)),
        pvalue=pvalue,
    )


def typical_posts(table: Table) -> Estimate:
    """The log rate of each arm over the strata that all have; of all its posts without any."""
    whole = posts.arms(table.arm, table.variants.size, table.above, table.below)
    alone = posts.typical(whole.reshaped(table.shape))
    shared = posts.typical_within(_arms(table), table.there)
    lacks = np.isnan(shared.value).all(-1, keepdims=True)
    return Estimate(
        np.where(lacks, alone.value, shared.value),
        np.where(lacks, alone.standard_error, shared.standard_error),
        np.where(lacks, alone.degrees, shared.degrees),
    )


def _arms(table: Table) -> posts.Arms:
    """The posts by test, variant and stratum."""
    place = table.arm * table.strata + table.stratum
    made = posts.arms(place, table.variants.size * table.strata, table.above, table.below)
    return made.reshaped((*table.shape, table.strata))


def _usable(made: posts.Arms) -> Array:
    """The posts of each arm that can be compared; all, where a test has one stratum."""
    pairs = posts.usable_within(made[:, :1], made[:, 1:])
    used = np.concatenate([pairs.any(1, keepdims=True), pairs], 1)
    some, every = np.where(used, made.posts, 0).sum(-1), made.posts.sum(-1)
    return np.asarray(np.where(_has_several(made), some, every), float)


def _has_several(made: posts.Arms) -> Flags:
    """Which tests have posts in several strata."""
    return np.asarray((made.posts.sum(1) > 0).sum(-1, keepdims=True) > 1)


def _with_permutation(table: Table, made: posts.Arms, ratio: Estimate) -> Array:
    """Welch's p-values; where posts have zeros, those of the permutation of ratios."""
    pvalue = np.array(ratio.pvalue())
    zeros, several = made.zeros.sum(-1) > 0, _has_several(made)[:, 0]
    for column in range(1, table.shape[1]):
        needs = zeros[:, 0] | zeros[:, column]
        pair = np.isin(table.variant, (0, column))
        if (needs & ~several).any():
            rows = (needs & ~several)[table.test] & pair
            found = permutation.of_ratios(
                table.above[rows], table.below[rows], table.variant[rows] == column,
                table.test[rows], table.shape[0],
            )  # fmt: skip
            pvalue[needs & ~several, column - 1] = found[needs & ~several]
        for test in np.flatnonzero(needs & several):
            rows = pair & (table.test == test)
            pvalue[test, column - 1] = permutation.of_ratios_within(
                table.above[rows], table.below[rows], table.variant[rows] == column,
                table.stratum[rows],
            )  # fmt: skip
    return np.where(np.isnan(ratio.value), np.nan, pvalue)


def of_costs(table: Table, plan: Plan) -> Found:
    """Amounts by what they bought, day by day."""
    above, below, there = (part.sum(-1) for part in table.sums_by_day())
    there = there > 0
    above, below = (np.where(there, part, np.nan) for part in (above, below))
    ratio = costs.paired_days(above[:, :1], below[:, :1], above[:, 1:], below[:, 1:])
    days = (there[:, :1] & there).sum(-1).astype(float)
    unknown = np.full(table.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.nansum(above, -1) / np.nansum(below, -1)
    return _found(
        units=days,
        looked=np.where(table.there, days, 0.0).max(-1),
        rate=rate,
        rate_interval=Interval(unknown, unknown),
        outlook=lambda: outlook_of_two(
            table, 1 - ratio.chance_above(), ratio, rate[:, :1], higher=False
        ),
        ratio=ratio,
        pvalue=ratio.pvalue(),
        plan=plan,
    )
