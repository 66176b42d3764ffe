"""Experiments: which message and which image work, on the data of the store.

    experiment   what an experiment and a variant are, and what makes them right
    statements   stating, listing and removing them, undoable like an import
    units        the posts or ad-days of each variant, with their figures
    planning     how many posts a test takes
    groups       whether an effect differs by platform
    differences  how else the arms differ, and what that forbids to say
    results      the analysis with its verdict
    learning     what all experiments teach together

Posts belong to the first variant that has a rule for them, by the same rules as campaigns.
"""

from audiences.experiments.experiment import Experiment, Variant, checked
from audiences.experiments.learning import Learnt, learn
from audiences.experiments.results import Result, analyse, results
from audiences.experiments.statements import add, experiments, find, remove, replace

__all__ = [
    "Experiment",
    "Learnt",
    "Result",
    "Variant",
    "add",
    "analyse",
    "checked",
    "experiments",
    "find",
    "learn",
    "remove",
    "replace",
    "results",
]
