"""Days of ads as the unit: arms are compared within each day, and days tell the chance variation.

Given a day's trials and successes, the treatment's successes have a known expectation and variance
if nothing differs, whatever happened that day and however delivery was divided. Sums over days
make the score test of Cochran, Mantel and Haenszel; how days differ from each other shows how much
more than chance there is. Pooling the days is wrong as soon as delivery shifts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiences.aggregates import Counts
from audiences.estimates import Array, Estimate, estimate


@dataclass(frozen=True, eq=False)
class Scores:
    """Per day (last axis): what the treatment has too much, and what that day tells.

    ``surplus`` is its successes minus their expectation, ``information`` their variance if
    nothing differs; both 0 on a day without trials in one of the arms.
    """

    surplus: Array
    information: Array

    @property
    def days(self) -> Array:
        """The number of days that tell something, up to each day."""
        return np.cumsum(self.information > 0, -1).astype(float)


def scores(control: Counts, treatment: Counts) -> Scores:
    """The scores of each day, given the counts of two arms by day (last axis)."""
    both = control + treatment
    with np.errstate(divide="ignore", invalid="ignore"):
        share = treatment.trials / both.trials
        information = (
            both.successes * share * (1 - share) * both.failures / np.maximum(both.trials - 1, 1)
        )
        surplus = treatment.successes - both.successes * share
    tells = (information > 0) & (control.trials > 0) & (treatment.trials > 0)
    return Scores(np.where(tells, surplus, 0.0), np.where(tells, information, 0.0))


def dispersion(days: Scores) -> Array:
    """How much more the days differ than chance alone gives, up to each day; 1 is chance.

    Squared surpluses beyond the common effect, by the number of days but one; NaN on one day.
    """
    surplus, information = np.cumsum(days.surplus, -1), np.cumsum(days.information, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(days.information > 0, np.square(days.surplus) / days.information, 0.0)
        common = np.where(information > 0, np.square(surplus) / information, 0.0)
        found = np.maximum(np.cumsum(parts, -1) - common, 0) / (days.days - 1)
    return np.where(days.days > 1, found, np.nan)


def stratified(control: Counts, treatment: Counts) -> Estimate:
    """The log odds ratio of treatment to control over all days, for one look at the end.

    The effect is surplus by information (Peto), near the log ratio of rates at small rates and
    effects up to some tens of percents; its error comes from the days themselves, with one degree
    of freedom less than there are days.

    >>> from audiences.aggregates import counts
    >>> one = stratified(counts([1000] * 4, [20, 25, 18, 22]), counts([1000] * 4, [26, 28, 25, 27]))
    >>> float(one.value.round(3)), float(one.pvalue().round(3))
    (0.225, 0.016)
    """
    return at_end(scores(control, treatment))


def at_end(days: Scores) -> Estimate:
    """The log odds ratio over all days, given their scores; see `stratified`."""
    information = days.information.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = days.surplus.sum(-1) / information
        error = np.sqrt(dispersion(days)[..., -1] / information)
    many = days.days[..., -1]
    return estimate(effect, error, np.where(many > 1, many - 1, np.nan))


def by_lot(days: Scores) -> Estimate:
    """The log odds ratio over strata of randomised impressions: chance is the only error."""
    information = days.information.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.where(information > 0, information, np.nan)
        return estimate(days.surplus.sum(-1) / known, 1 / np.sqrt(known))


def lift(log_odds: Array, rate: Array) -> Array:
    """The relative difference in rates that a log odds ratio means, given the control's rate.

    >>> float(lift(np.log(1.5), np.asarray(0.2)).round(4))
    0.3636
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return np.asarray(1 / ((1 - rate) / np.exp(log_odds) + rate) - 1)
