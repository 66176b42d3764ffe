"""Days of ads, and whatever is looked at every day or compared within strata."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from audiences import sequential
from audiences.aggregates import Counts
from audiences.analysis.plan import Found, Plan
from audiences.analysis.ratios import outlook_of_two, promised_ratio, smallest, weights
from audiences.estimates import Array, Estimate, Flags, Interval, estimate
from audiences.methods import ad_days, rates, sample_ratio
from audiences.planned_end import planned_end
from audiences.trials import Table


def of_days(table: Table, plan: Plan) -> Found:
    """The rates of each variant, compared within days and strata."""
    cells = table.counts_by_day()
    parts = ad_days.scores(cells[:, :1], cells[:, 1:])
    days = ad_days.Scores(parts.surplus.sum(-1), parts.information.sum(-1))
    by_day = cells.total()
    arms = by_day.total()
    control = arms[:, :1].rate
    judged = _judged(days, plan, table)
    log_odds, bounds = judged.log_odds, judged.interval
    ratio = 1 + ad_days.lift(log_odds.value, control)
    interval = Interval(
        *(1 + ad_days.lift(bound, control) for bound in (bounds.lower, bounds.upper))
    )
    srm = promised_ratio(table, arms.trials, plan)
    if plan.method == "sequential":
        looks = np.where(table.there[..., None], by_day.trials, np.nan).swapaxes(-1, -2)
        srm = sample_ratio.sequential(looks, weights(table, plan)[:, None, :])[:, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(ratio)
    effect = Estimate(value, log_odds.standard_error, log_odds.degrees)
    there = table.there[:, 1:]
    phi, chance = _dispersion(days, there)
    looked = days.days[..., -1]
    units = arms.trials
    if plan.unit == "ad-day":
        most = np.where(there, looked, 0.0).max(-1, keepdims=True)
        units = np.where(table.there, most, 0.0)
    return Found(
        units,
        np.where(there, looked, 0).max(-1),
        arms.rate,
        _rate_over_days(by_day, plan),
        lambda: outlook_of_two(table, log_odds.chance_above(), effect, control),
        srm,
        smallest(judged.pvalue),
        phi,
        chance,
        effect,
        interval,
        control * (ratio - 1),
        Interval(control * (interval.lower - 1), control * (interval.upper - 1)),
        judged.pvalue,
        judged.log_evidence,
    )


def _dispersion(days: ad_days.Scores, there: Flags) -> tuple[Array, Array]:
    """The largest dispersion of a test's comparisons, and the p-value that chance gives it.

    Of days compared within themselves: what both arms share of a day is none of it.
    """
    phi = ad_days.dispersion(days)[..., -1]
    known = there & ~np.isnan(phi)
    degrees = np.maximum(days.days[..., -1] - 1, 1)
    chance: Array = special.chdtrc(degrees, np.where(known, phi, 0.0) * degrees)
    many = known.sum(-1)
    largest = np.where(known, phi, -np.inf).max(-1, initial=-np.inf)
    least = np.where(known, chance, 1.0).min(-1, initial=1.0)
    return (
        np.where(many > 0, largest, np.nan),
        np.where(many > 0, np.minimum(least * many, 1), np.nan),
    )


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


@dataclass(frozen=True, eq=False)
class _Judged:
    """What is known at the last day; ``log_evidence`` only where one looks every day."""

    log_odds: Estimate
    interval: Interval
    pvalue: Array
    log_evidence: Array | None = None


def _judged(days: ad_days.Scores, plan: Plan, table: Table) -> _Judged:
    """The log odds ratio with bounds and p-value at the last day, as the plan looks."""
    if plan.method == "fixed":
        at_end = ad_days.by_lot(days) if plan.unit == "impression" else ad_days.at_end(days)
        return _Judged(at_end, at_end.interval(plan.alpha), at_end.pvalue())
    level: ArrayLike = plan.alpha / np.maximum(table.there.sum(1) - 1, 1)[:, None]
    information = days.information.sum(-1)
    missing = information <= 0
    evidence = None
    if plan.method == "sequential":
        seen = sequential.monitor(days, level)
        value, bounds, factor = seen.shrunken[..., -1], seen.interval, seen.dispersion[..., -1]
        pvalue = seen.pvalue[..., -1]
        evidence = np.where(missing, np.nan, seen.usable_log_evidence[..., -1])
    else:
        planned = plan.planned_days or days.surplus.shape[-1]
        end = planned_end(days, planned, level)
        value, bounds, factor = end.effect[..., -1], end.interval, end.dispersion[..., -1]
        pvalue = end.pvalue[..., -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(factor / information)
    last = Interval(bounds.lower[..., -1], bounds.upper[..., -1])
    return _Judged(
        estimate(np.where(missing, np.nan, value), np.where(missing, np.nan, error)),
        Interval(*(np.where(missing, np.nan, bound) for bound in (last.lower, last.upper))),
        np.where(missing, np.nan, pvalue),
        evidence,
    )
