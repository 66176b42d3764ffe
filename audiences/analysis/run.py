"""The analysis itself: the method that fits the unit, adjusted for many questions at once."""

from __future__ import annotations

from audiences import multiplicity
from audiences.aggregates import sums_by
from audiences.analysis.days import of_days
from audiences.analysis.impressions import of_impressions
from audiences.analysis.plan import Analysis, Comparisons, Plan
from audiences.analysis.posts import of_costs, of_posts
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
        found.chances,
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
