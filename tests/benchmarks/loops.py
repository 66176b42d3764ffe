"""Tests one after the other, by a library that is given as argument: tea_tasting or gbstats.

A script for a Python that has the library, and nothing of bereik. Reads from stdin the trials and
successes of tests, the control first; prints what each comparison gives, and the seconds that its
barest call takes, and the way in which teams ask it.
"""

import importlib
import importlib.metadata
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Arm = tuple[int, int]
"""Trials and successes."""

Test = Sequence[Arm]


class TeaTasting:
    """The pooled z-test without correction; the whole is an experiment with the sample ratio."""

    def __init__(self) -> None:
        self.library: Any = importlib.import_module("tea_tasting")
        self.metric = self.library.Proportion("hit", method="norm", correction=False)
        # Its interval of the ratio is the usual one only without a pooled variance.
        self.apart = self.library.Proportion(
            "hit", method="norm", correction=False, equal_var=False
        )
        self.experiment = self.library.Experiment(hit=self.metric, n=self.library.SampleRatio())

    def barest(self, test: Test) -> None:
        """One call per comparison, on sums that were made before."""
        for pair in _pairs(test):
            self.metric.analyze_aggregates(*map(self._sums, pair))

    def whole(self, test: Test) -> None:
        """One call per test."""
        arms = {place: self._sums(arm) for place, arm in enumerate(test)}
        self.experiment.analyze(arms, control=0, all_variants=True)

    def answers(self, test: Test) -> Iterator[dict[str, float]]:
        """What each comparison gives."""
        for pair in _pairs(test):
            both = [self._sums(arm) for arm in pair]
            found = self.metric.analyze_aggregates(*both)
            ratio = self.apart.analyze_aggregates(*both)
            yield {
                "effect": found.effect_size,
                "pvalue": found.pvalue,
                "rel_lower": ratio.rel_effect_size_ci_lower,
                "rel_upper": ratio.rel_effect_size_ci_upper,
            }

    def _sums(self, arm: Arm) -> Any:
        return self.library.aggr.Aggregates(arm[0], {"hit": arm[1] / arm[0]}, {}, {})


class Gbstats:
    """Its t-test of two proportions, of which the variance is not pooled: another p than that of z.

    The whole is that and the always-valid interval.
    """

    def __init__(self) -> None:
        self.tests: Any = importlib.import_module("gbstats.frequentist.tests")
        self.models: Any = importlib.import_module("gbstats.models.statistics")
        self.absolute = self.tests.FrequentistConfig(difference_type="absolute")
        self.daily = self.tests.SequentialConfig(difference_type="absolute")

    def barest(self, test: Test) -> None:
        """The t-test of each comparison."""
        for pair in _pairs(test):
            self._judged(pair)

    def whole(self, test: Test) -> None:
        """The t-test and the always-valid interval of each comparison."""
        for pair in _pairs(test):
            self._judged(pair)
            self.tests.SequentialTwoSidedTTest(*self._sums(pair), self.daily).compute_result()

    def answers(self, test: Test) -> Iterator[dict[str, float]]:
        """What each comparison gives."""
        for pair in _pairs(test):
            found = self._judged(pair)
            yield {
                "effect": float(found.expected),
                "pvalue of another method": float(found.p_value),
            }

    def _judged(self, pair: tuple[Arm, Arm]) -> Any:
        return self.tests.TwoSidedTTest(*self._sums(pair), self.absolute).compute_result()

    def _sums(self, pair: tuple[Arm, Arm]) -> list[Any]:
        return [self.models.ProportionStatistic(n=n, sum=hit) for n, hit in pair]


def main() -> None:
    """Print version, seconds and answers as JSON; null where the library is not there."""
    name = sys.argv[1]
    try:
        library = {"tea_tasting": TeaTasting, "gbstats": Gbstats}[name]()
    except ImportError:
        print(json.dumps(None))
        return
    tests = json.load(sys.stdin)
    print(
        json.dumps(
            {
                "version": importlib.metadata.version(name.replace("_", "-")),
                "barest": _seconds(library.barest, tests),
                "whole": _seconds(library.whole, tests),
                "answers": [one for test in tests for one in library.answers(test)],
            }
        )
    )


def _seconds(ask: Callable[[Test], None], tests: Sequence[Test]) -> float:
    ask(tests[0])  # what is made at the first call is no part of the loop
    began = time.perf_counter()
    for test in tests:
        ask(test)
    return time.perf_counter() - began


def _pairs(test: Test) -> list[tuple[Arm, Arm]]:
    return [(test[0], treatment) for treatment in test[1:]]


if __name__ == "__main__":
    main()
