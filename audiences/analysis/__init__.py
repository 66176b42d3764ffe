"""The analysis of tests: one pass over all of them, with the methods that their unit allows.

    plan          what was decided before looking, and what is found
    run           `analyse`: the method that fits, adjusted for many questions
    impressions   impressions drawn by lot
    days          days of ads, and whatever is looked at every day or within strata
    posts         posts, and amounts by paired days
    ratios        whether variants got the shares they were promised

`analyse` takes a `Table` and a `Plan` made beforehand and gives arrays: one element per test, per
variant, or per comparison of a treatment with the control. Words are made by `audiences.answers`.
"""

from audiences.analysis.plan import Analysis, Comparisons, Method, Plan
from audiences.analysis.run import analyse

__all__ = ["Analysis", "Comparisons", "Method", "Plan", "analyse"]
