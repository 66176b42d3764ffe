"""Target groups as strata: one effect over all of them, and whether they really differ.

Looking for the group in which a variant "works" finds one in noise. So first the effect over all
groups, then one question whether groups differ at all, then each group's effect drawn towards the
common one. Groups are on the last axis.
Source: Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986; Breslow and Day 1980;
DerSimonian and Laird 1986.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from audiences.aggregates import Counts
from audiences.estimates import Array, Estimate, estimate
from audiences.methods import rates
from audiences.methods.ad_days import scores
from audiences.methods.summary import Summary, summarise


@dataclass(frozen=True, eq=False)
class Strata:
    """What a variant does over all groups and in each.

    ``pvalue`` is that of no effect in any group (Cochran-Mantel-Haenszel), ``log_odds`` the common
    log odds ratio, ``heterogeneity`` the p-value of groups that do not differ. ``groups`` has the
    log ratio of rates per group, its summary and shrunken effects: show those, not the raw ones.
    """

    pvalue: Array
    log_odds: Estimate
    heterogeneity: Array
    groups: Summary


def strata(control: Counts, treatment: Counts) -> Strata:
    """The effects by group of rates of randomised impressions.

    >>> from audiences.aggregates import counts
    >>> one = strata(counts([1000, 2000], [20, 50]), counts([1000, 2000], [30, 70]))
    >>> float(one.pvalue.round(3)), float(one.heterogeneity.round(2))
    (0.02, 0.84)
    """
    statistic = mantel_haenszel(control, treatment)
    pvalue: Array = special.chdtrc(1, statistic)
    log_odds = common_log_odds(control, treatment)
    return Strata(
        pvalue,
        log_odds,
        breslow_day(control, treatment, log_odds)[1],
        summarise(rates.log_ratio(control, treatment)),
    )


def mantel_haenszel(control: Counts, treatment: Counts) -> Array:
    """The chi-squared statistic (one degree of freedom, no correction) over strata."""
    parts = scores(control, treatment)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.square(parts.surplus.sum(-1)) / parts.information.sum(-1))


def common_log_odds(control: Counts, treatment: Counts) -> Estimate:
    """The common log odds ratio of treatment to control (Mantel-Haenszel)."""
    both = np.maximum(control.trials + treatment.trials, 1)
    r = treatment.successes * control.failures / both
    s = control.successes * treatment.failures / both
    p = (treatment.successes + control.failures) / both
    q = 1 - p
    up, down = r.sum(-1), s.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (
            (p * r).sum(-1) / np.square(up)
            + (p * s + q * r).sum(-1) / (up * down)
            + (q * s).sum(-1) / np.square(down)
        ) / 2
        known = (up > 0) & (down > 0)
        value = np.where(known, np.log(up) - np.log(down), np.nan)
    return estimate(value, np.sqrt(np.where(known, variance, np.nan)))


def breslow_day(control: Counts, treatment: Counts, common: Estimate) -> tuple[Array, Array]:
    """The statistic and p-value of one odds ratio in all strata, given the common one."""
    odds = np.exp(common.value)[..., None]
    both = control.successes + treatment.successes
    n1, n0 = treatment.trials, control.trials
    # The treatment's successes that the common odds ratio expects, given the margins.
    a = 1 - odds
    b = n0 - both + odds * (n1 + both)
    c = -odds * both * n1
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(np.maximum(b * b - 4 * a * c, 0))
        expected = 2 * -c / (b + root)
        variance = 1 / (
            1 / expected + 1 / (both - expected) + 1 / (n1 - expected) + 1 / (n0 - both + expected)
        )
        parts = np.square(treatment.successes - expected) / variance
    tells = (n0 > 0) & (n1 > 0) & (both > 0) & (both < n0 + n1)
    statistic = np.where(tells, parts, 0.0).sum(-1)
    degrees = tells.sum(-1) - 1.0
    pvalue: Array = special.chdtrc(np.maximum(degrees, 1), statistic)
    return statistic, np.where((degrees > 0) & ~np.isnan(common.value), pvalue, np.nan)
