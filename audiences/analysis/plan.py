"""What was decided before looking at a test, and what is found when one looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from audiences import multiplicity
from audiences.estimates import Array, Estimate, Interval
from audiences.methods.posterior import Posterior
from audiences.trials import Table
from audiences.verdicts import MATTERS, Unit

Method = Literal["fixed", "sequential", "obf"]


@dataclass(frozen=True)
class Plan:
    """What was decided before looking: the unit, how often one looks, and what counts as found.

    ``fixed`` is one look at the end; ``sequential`` looks every day; ``obf`` looks every day
    until a planned last one (``planned_days``; the last day there is, if none is given).
    ``adjust`` works over the comparisons of a test when it is holm, over all tests when bh: by the
    evidence of the last day where one looks every day (e-BH).
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
    outlook: Callable[[], Posterior]
    srm_pvalue: Array
    omnibus_pvalue: Array
    omnibus_adjusted: Array
    dispersion: Array
    dispersion_pvalue: Array
    comparisons: Comparisons

    @cached_property
    def posterior(self) -> Posterior:
        """Chances to be best and what a choice costs, for display; made when they are asked for."""
        return self.outlook()


@dataclass(frozen=True, eq=False)
class Found:
    """What the methods of one unit give; see `Analysis`.

    ``log_evidence`` is the log of an e-value for each comparison, where one looks every day.
    """

    units: Array
    looked: Array
    rate: Array
    rate_interval: Interval
    outlook: Callable[[], Posterior]
    srm: Array
    omnibus: Array
    dispersion: Array
    dispersion_pvalue: Array
    ratio: Estimate
    ratio_interval: Interval
    difference: Array
    difference_interval: Interval
    pvalue: Array
    log_evidence: Array | None = None
