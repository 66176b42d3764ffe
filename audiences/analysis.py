"""The analysis of tests: one pass over all of them, with the methods that their unit allows.

`analyse` takes a `Table` and a `Plan` made beforehand and gives arrays: one element per test, per
variant, or per comparison of a treatment with the control. Words are made by `audiences.answers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from audiences import multiplicity, sequential
from audiences.aggregates import Counts, sums_by
from audiences.estimates import Array, Estimate, Interval, estimate
from audiences.methods import ad_days, costs, permutation, posts, rates, sample_ratio
from audiences.methods.posterior import best_of, posterior
from audiences.planned_end import planned_end
from audiences.trials import Table
from audiences.verdicts import MATTERS, Unit

Method = Literal["fixed", "sequential", "obf"]


@dataclass(frozen=True)
class Plan:
    """What was decided before looking: the unit, how often one looks, and what counts as found.

    ``fixed`` is one look at the end; ``sequential`` looks every day; ``obf`` looks every day
    until a planned last one (``planned_days``; the last day there is, if none is given).
    ``adjust`` works over the comparisons of a test when it is holm, over all tests when bh.
    ``is_cost`` is for amounts by what they bought, per day: paired days.
    """

    unit: Unit = "post"
    method: Method = "fixed"
    alpha: float = 0.05
    adjust: multiplicity.Adjustment = "holm"
    matters: float = MATTERS
    higher_is_better: bool = True
    is_by_lot: bool = True
    planned_days: int | None = None
    weights: tuple[float, ...] | None = None
    is_cost: bool = False


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Treatments (last axis) against the control, by test; NaN where there is none.

    ``ratio`` holds the log of treatment / control with its error, ``ratio_interval`` its bounds
    (not logs), ``difference`` the same in successes per trial. Monitoring shrinks the effect.
    """

    ratio: Estimate
    ratio_interval: Interval
    difference: Array
    difference_interval: Interval
    pvalue: Array
    adjusted: Array


@dataclass(frozen=True, eq=False)
class Analysis:
    """What was found: arrays by test (T), test and variant (T, V), or comparison (T, V - 1).

    ``units`` is the number of units by variant, ``looked`` of days that tell something by test;
    ``rate`` of a variant is that of all its impressions, for posts of a typical one.
    """

    table: Table
    plan: Plan
    units: Array
    looked: Array
    above: Array
    below: Array
    rate: Array
    rate_interval: Interval
    chance_to_be_best: Array
    srm_pvalue: Array
    omnibus_pvalue: Array
    omnibus_adjusted: Array
    dispersion: Array
    dispersion_pvalue: Array
    comparisons: Comparisons


@dataclass(frozen=True, eq=False)
class _Found:
    """What the methods of one unit give; see `Analysis`."""

    units: Array
    looked: Array
    rate: Array
    rate_interval: Interval
    chance: Array
    srm: Array
    omnibus: Array
    dispersion: Array
    dispersion_pvalue: Array
    ratio: Estimate
    ratio_interval: Interval
    difference: Array
    difference_interval: Interval
    pvalue: Array


def analyse(table: Table, plan: Plan) -> Analysis:
    """Analyse all tests of a table.

    >>> from audiences.trials import table
    >>> rows = table(["t"] * 2, ["A", "B"], [500, 560], [42_000, 42_000])
    >>> one = analyse(rows, Plan("impression"))
    >>> float(one.comparisons.pvalue[0, 0].round(4))
    0.0636
    """
    if plan.unit == "post":
        found = _of_posts(table, plan)
    elif plan.is_cost:
        found = _of_costs(table, plan)
    elif plan.method == "fixed" and plan.unit == "impression" and table.strata == 1:
        found = _of_impressions(table, plan)
    else:
        found = _of_days(table, plan)
    adjusted = found.pvalue
    if plan.adjust == "holm" or plan.method != "fixed":
        adjusted = multiplicity.holm(found.pvalue)
    if plan.adjust in {"bh", "by"}:
        adjusted = multiplicity.adjusted(adjusted.reshape(-1), plan.adjust).reshape(adjusted.shape)
    above, below = (
        sums_by(table.arm, table.variants.size, part).reshape(table.shape)
        for part in (table.above, table.below)
    )
    return Analysis(
        table,
        plan,
        found.units,
        found.looked,
        above,
        below,
        found.rate,
        found.rate_interval,
        found.chance,
        found.srm,
        found.omnibus,
        found.omnibus if plan.adjust == "none" else multiplicity.benjamini_hochberg(found.omnibus),
        found.dispersion,
        found.dispersion_pvalue,
        Comparisons(
            found.ratio,
            found.ratio_interval,
            found.difference,
            found.difference_interval,
            found.pvalue,
            adjusted,
        ),
    )


def _of_impressions(table: Table, plan: Plan) -> _Found:
    arms = table.counts()
    control, treatment = arms[:, :1], arms[:, 1:]
    compared = rates.compare(control, treatment, plan.alpha)
    spread = rates.dispersion(table.arm, table.shape, Counts(table.below, table.above))
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(compared.ratio)
    error = _rough_error(control, treatment)
    return _Found(
        arms.trials,
        table.days,
        arms.rate,
        rates.wilson(arms, plan.alpha),
        posterior(arms).chance_to_be_best,
        _sample_ratio(table, arms.trials, plan),
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


def _of_days(table: Table, plan: Plan) -> _Found:
    cells = table.counts_by_day()
    parts = ad_days.scores(cells[:, :1], cells[:, 1:])
    days = ad_days.Scores(parts.surplus.sum(-1), parts.information.sum(-1))
    by_day = cells.total()
    arms = by_day.total()
    control = arms[:, :1].rate
    log_odds, bounds, pvalue = _judged(days, plan, table)
    ratio = 1 + ad_days.lift(log_odds.value, control)
    interval = Interval(
        *(1 + ad_days.lift(bound, control) for bound in (bounds.lower, bounds.upper))
    )
    srm = _sample_ratio(table, arms.trials, plan)
    if plan.method == "sequential":
        looks = np.where(table.there[..., None], by_day.trials, np.nan).swapaxes(-1, -2)
        srm = sample_ratio.sequential(looks, _weights(table, plan)[:, None, :])[:, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(ratio)
    there = table.there[:, 1:]
    phi = np.where(there, ad_days.dispersion(days)[..., -1], -np.inf).max(-1, initial=-np.inf)
    chance = _chance_of_two(table, log_odds.chance_above())
    looked = days.days[..., -1]
    units = arms.trials
    if plan.unit == "ad-day":
        most = np.where(there, looked, 0.0).max(-1, keepdims=True)
        units = np.where(table.there, most, 0.0)
    return _Found(
        units,
        np.where(there, looked, 0).max(-1),
        arms.rate,
        _rate_over_days(by_day, plan),
        chance,
        srm,
        _smallest(pvalue),
        np.where(np.isfinite(phi), phi, np.nan),
        np.full(table.shape[0], np.nan),
        Estimate(value, log_odds.standard_error, log_odds.degrees),
        interval,
        control * (ratio - 1),
        Interval(control * (interval.lower - 1), control * (interval.upper - 1)),
        pvalue,
    )


def _chance_of_two(table: Table, better: Array) -> Array:
    """The chance to be best of the variants of tests that have two; NaN of others."""
    found = np.full(table.shape, np.nan)
    two = table.there.sum(1) == 2
    found[two, 0], found[two, 1] = 1 - better[two, 0], better[two, 0]
    return found


def _rate_over_days(by_day: Counts, plan: Plan) -> Interval:
    """The interval of each arm's rate, from how its days differ; by lot that of Wilson."""
    arms = by_day.total()
    if plan.unit == "impression":
        return rates.wilson(arms, plan.alpha)
    days = (by_day.trials > 0).sum(-1).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = by_day.successes - arms.rate[..., None] * by_day.trials
        error = np.sqrt(np.square(gaps).sum(-1) * days / (days - 1)) / arms.trials
    found = estimate(arms.rate, error, np.where(days > 1, days - 1, np.nan)).interval(plan.alpha)
    return Interval(np.maximum(found.lower, 0), np.minimum(found.upper, 1))


def _judged(days: ad_days.Scores, plan: Plan, table: Table) -> tuple[Estimate, Interval, Array]:
    """The log odds ratio with bounds and p-value at the last day, as the plan looks."""
    if plan.method == "fixed":
        at_end = ad_days.by_lot(days) if plan.unit == "impression" else ad_days.at_end(days)
        return at_end, at_end.interval(plan.alpha), at_end.pvalue()
    level: ArrayLike = plan.alpha / np.maximum(table.there.sum(1) - 1, 1)[:, None]
    information = days.information.sum(-1)
    missing = information <= 0
    if plan.method == "sequential":
        seen = sequential.monitor(days, level)
        value, bounds, factor = seen.shrunken[..., -1], seen.interval, seen.dispersion[..., -1]
        pvalue = seen.pvalue[..., -1]
    else:
        planned = plan.planned_days or days.surplus.shape[-1]
        end = planned_end(days, planned, level)
        value, bounds, factor = end.effect[..., -1], end.interval, end.dispersion[..., -1]
        pvalue = end.pvalue[..., -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(factor / information)
    last = Interval(bounds.lower[..., -1], bounds.upper[..., -1])
    return (
        estimate(np.where(missing, np.nan, value), np.where(missing, np.nan, error)),
        Interval(*(np.where(missing, np.nan, bound) for bound in (last.lower, last.upper))),
        np.where(missing, np.nan, pvalue),
    )


def _of_costs(table: Table, plan: Plan) -> _Found:
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
    chance = _chance_of_two(table, 1 - ratio.chance_above())
    return _Found(
        days,
        np.where(table.there, days, 0.0).max(-1),
        rate,
        Interval(unknown, unknown),
        chance,
        nothing,
        _smallest(pvalue),
        nothing,
        nothing,
        ratio,
        bounds,
        rate[:, :1] * (np.exp(ratio.value) - 1),
        Interval(rate[:, :1] * (bounds.lower - 1), rate[:, :1] * (bounds.upper - 1)),
        pvalue,
    )


def _of_posts(table: Table, plan: Plan) -> _Found:
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
    return _Found(
        by_arm.posts,
        table.days,
        rate,
        interval,
        best_of(typical),
        nothing,
        _smallest(pvalue),
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


def _smallest(pvalue: Array) -> Array:
    """The p-value of no treatment that differs, from those of each: the smallest, by Holm."""
    adjusted = multiplicity.holm(pvalue)
    known = ~np.isnan(adjusted)
    least = np.where(known, adjusted, np.inf).min(-1, initial=np.inf)
    return np.where(known.any(-1), least, np.nan)


def _weights(table: Table, plan: Plan) -> Array:
    """The promised share of each variant, in the order of the table."""
    if plan.weights is None:
        wanted = table.there.astype(float)
    else:
        wanted = np.zeros(table.shape)
        many = min(len(plan.weights), table.shape[1])
        wanted[:, :many] = plan.weights[:many]
        wanted = np.where(table.there, wanted, 0.0)
    return np.asarray(wanted / wanted.sum(1, keepdims=True))


def _sample_ratio(table: Table, trials: Array, plan: Plan) -> Array:
    observed = np.where(table.there, trials, np.nan)
    return sample_ratio.fixed(observed, _weights(table, plan))
