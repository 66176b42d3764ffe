"""The analysis itself: the method that fits the unit, adjusted for many questions at once."""

from __future__ import annotations

import numpy as np

from audiences import multiplicity
from audiences.aggregates import sums_by
from audiences.analysis.days import of_days
from audiences.analysis.impressions import of_impressions
from audiences.analysis.plan import Analysis, Comparisons, Found, Plan
from audiences.analysis.posts import of_costs, of_posts
from audiences.estimates import Array
from audiences.trials import Table


def analyse(table: Table, plan: Plan) -> Analysis:
    """Analyse all tests of a table.

    >>> from audiences.trials import table
    >>> rows = table(["t"] * 2, ["A", "B"], [500, 560], [42_000, 42_000])
    >>> one = analyse(rows, Plan("impression"))
    >>> float(one.comparisons.pvalue[0, 0].round(4))
    0.0636
    """
    if plan.unit == "post":
        found = of_posts(table, plan)
    elif plan.is_cost:
        found = of_costs(table, plan)
    elif plan.method == "fixed" and plan.unit == "impression" and table.is_flat:
        found = of_impressions(table, plan)
    else:
        found = of_days(table, plan)
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
        found.outlook,
        found.srm,
        found.omnibus,
        _omnibus(found, plan),
        found.dispersion,
        found.dispersion_pvalue,
        Comparisons(
            found.ratio,
            found.ratio_interval,
            found.difference,
            found.difference_interval,
            found.pvalue,
            _adjusted(found, plan),
        ),
    )


def _adjusted(found: Found, plan: Plan) -> Array:
    """The p-values of the comparisons, adjusted as planned."""
    if plan.adjust == "bh" and found.log_evidence is not None:
        evidence = found.log_evidence
        return multiplicity.e_benjamini_hochberg(evidence.reshape(-1)).reshape(evidence.shape)
    adjusted = found.pvalue
    if plan.adjust == "holm" or plan.method != "fixed":
        adjusted = multiplicity.holm(found.pvalue)
    if plan.adjust in {"bh", "by"}:
        adjusted = multiplicity.adjusted(adjusted.reshape(-1), plan.adjust).reshape(adjusted.shape)
    return adjusted


def _omnibus(found: Found, plan: Plan) -> Array:
    """The p-values of whole tests, adjusted over all tests.

    Where one looks every day tests may hang together, and their p-values are of the best day: the
    evidence of the last day counts (e-BH), of a test the mean over its comparisons.
    """
    if plan.adjust == "none":
        return found.omnibus
    if found.log_evidence is None:
        return multiplicity.benjamini_hochberg(found.omnibus)
    known = ~np.isnan(found.log_evidence)
    added = np.logaddexp.reduce(np.where(known, found.log_evidence, -np.inf), -1)
    many = known.sum(-1)
    mean = added - np.log(np.maximum(many, 1))
    return multiplicity.e_benjamini_hochberg(np.where(many > 0, mean, np.nan))
