"""Judge 30,000 tests of two to six variants; ``--alone``: bare numpy for the same numbers.

``--looped``: one test after the other by statsmodels and scipy, for the z-tests, Newcombe's
intervals, the omnibus test and the sample ratio; timed over `LOOPED` tests and scaled.
"""

import json
import sys
import time

import numpy as np
from scipy import special, stats
from statsmodels.stats import proportion

from audiences import sequential
from audiences.analysis import Plan, analyse
from audiences.methods import ad_days
from audiences.trials import table
from tests.benchmarks.measure import Clock, peak

TESTS = 30_000
LOOPED = 60


def made(tests: int = TESTS) -> tuple[np.ndarray, np.ndarray]:
    """Trials and successes by test and variant; 0 where a test has fewer variants."""
    rng = np.random.default_rng(1)
    there = np.arange(6) < rng.integers(2, 7, (tests, 1))
    trials = np.where(there, rng.integers(2_000, 6_000, (tests, 6)), 0)
    return trials.astype(float), rng.binomial(trials, 0.02).astype(float)


def bare(n: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
    """z, Newcombe, log ratio, omnibus, sample ratio, Holm: each formula once, nothing else."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        n0, n1, x0, x1, p0, p1 = n[:, :1], n[:, 1:], x[:, :1], x[:, 1:], p[:, :1], p[:, 1:]
        pooled = (x0 + x1) / (n0 + n1)
        z = (p1 - p0) / np.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1))
        pvalue = 2 * special.ndtr(-np.abs(z))
        q = 1.959963984540054
        middle = (x + q * q / 2) / (n + q * q)
        width = q * np.sqrt(x * (1 - p) + q * q / 4) / (n + q * q)
        low, high = middle - width, middle + width
        lower = p1 - p0 - np.hypot(p1 - low[:, 1:], high[:, :1] - p0)
        upper = p1 - p0 + np.hypot(high[:, 1:] - p1, p0 - low[:, :1])
        log = np.log(p1 / p0)
        error = np.sqrt(1 / x1 - 1 / n1 + 1 / x0 - 1 / n0)
        bounds = np.exp(log - q * error), np.exp(log + q * error)
        share, there = x.sum(1, keepdims=True) / n.sum(1, keepdims=True), n > 0
        parts = np.where(there, (x - n * share) ** 2 / (n * share * (1 - share)), 0)
        omnibus = special.chdtrc(there.sum(1) - 1, parts.sum(1))
        mean = n.sum(1, keepdims=True) / there.sum(1, keepdims=True)
        ratio = special.chdtrc(there.sum(1) - 1, np.where(there, (n - mean) ** 2 / mean, 0).sum(1))
        tau, both, split = 1 / 0.15**2, n0 + n1, n1 / (n0 + n1)
        surplus = x1 - (x0 + x1) * split
        weight = (x0 + x1) * split * (1 - split) * (both - x0 - x1) / (both - 1)
        reach = np.sqrt((weight + tau) * np.log((weight + tau) / tau / 0.05**2)) / weight
        monitored = surplus / weight - reach, surplus / weight + reach
    order = np.argsort(pvalue, 1)
    rank = (there.sum(1, keepdims=True) - 1) - np.arange(5)
    holm = np.maximum.accumulate(np.take_along_axis(pvalue, order, 1) * rank, 1)
    adjusted = np.empty_like(holm)
    np.put_along_axis(adjusted, order, np.minimum(holm, 1), 1)
    return [pvalue, lower, upper, *bounds, omnibus, ratio, adjusted, *monitored]


def looped(n: np.ndarray, x: np.ndarray) -> None:
    """The same questions to each test, by functions that take one test at a time."""
    for shown, hit in zip(n, x, strict=True):
        there = shown > 0
        shown, hit = shown[there], hit[there]
        for arm in range(1, len(shown)):
            pair = [arm, 0]
            proportion.proportions_ztest(hit[pair], shown[pair])
            proportion.confint_proportions_2indep(
                hit[arm], shown[arm], hit[0], shown[0], method="newcomb"
            )
        stats.chi2_contingency(np.stack([hit, shown - hit]), correction=False)
        stats.chisquare(shown)


def main() -> None:
    """Print the seconds that one pass takes."""
    n, x = made()
    test, variant = np.nonzero(n)
    rows = table(test.astype(str), variant.astype(str), x[n > 0], n[n > 0])
    if "--alone" in sys.argv:
        with Clock():
            bare(n, x)
    elif "--looped" in sys.argv:
        began = time.perf_counter()
        looped(n[:LOOPED], x[:LOOPED])
        seconds = (time.perf_counter() - began) * TESTS / LOOPED
        print(json.dumps({"seconds": seconds, "peak": peak()}))
    else:
        with Clock():
            analyse(rows, Plan("impression"))
            days = rows.counts_by_day().total()
            sequential.monitor(ad_days.scores(days[:, :1], days[:, 1:]))


if __name__ == "__main__":
    main()
