"""The channel mix and its shift: against scipy, by hand, and calibrated by simulation."""

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from audiences.segments import mix

DAY = dt.date(2025, 1, 1)


def daily(table, names=("x", "linkedin")):
    return {
        DAY + dt.timedelta(days=n): dict(zip(names, map(float, row), strict=True))
        for n, row in enumerate(table)
    }


def test_the_statistic_is_chi_squared_by_the_dispersion_between_days():
    chance = np.random.default_rng(3)
    first, second = chance.poisson((60, 30, 10), (20, 3)), chance.poisson((50, 40, 10), (10, 3))
    statistic, dispersion, pvalue = mix.compared(first.astype(float), second.astype(float))
    within = sum(
        stats.chi2_contingency(part, correction=False).statistic for part in (first, second)
    )
    between = stats.chi2_contingency([first.sum(0), second.sum(0)], correction=False).statistic
    assert dispersion == pytest.approx(max(1.0, within / 56))
    assert statistic == pytest.approx(between / 2 / dispersion)
    assert pvalue == pytest.approx(stats.f.sf(statistic, 2, 56))


def noisy(chance, days, share, volume=20_000, noise=0.15):
    """Impressions by day of two channels, with noise of their own: far more than chance gives."""
    mean = volume * np.array([share, 1 - share])
    return chance.poisson(mean * chance.lognormal(0, noise, (days, 2))).astype(float)


def test_steady_mixes_are_seldom_called_changed_and_shifts_are_found():
    """At 1%: 400 steady ones, where plain chi-squared is wrong nearly always; then 10 points."""
    chance = np.random.default_rng(20250301)
    steady, plain, found = 0, 0, 0
    for _n in range(400):
        table = noisy(chance, 70, 0.6)
        sums = [table[:56].sum(0), table[56:].sum(0)]
        plain += stats.chi2_contingency(sums, correction=False).pvalue < 0.01
        steady += mix.compared(table[:56], table[56:])[2] < 0.01
        moved = noisy(chance, 14, 0.5)
        found += mix.compared(table[:56], moved)[2] < 0.01
    assert plain / 400 > 0.7
    assert steady / 400 <= 0.025
    assert found / 400 > 0.95


def test_the_last_two_weeks_stand_against_those_before():
    table = [(75 + n % 3, 25) for n in range(30)] + [(25, 75 + n % 3) for n in range(14)]
    found = mix.shift(daily(table), DAY + dt.timedelta(days=43))
    assert found is not None
    assert found.days == 30
    assert found.before["x"] == pytest.approx(2280 / (2280 + 750))
    assert found.recent["linkedin"] == pytest.approx((75 * 14 + 13) / (100 * 14 + 13))
    assert found.pvalue < 1e-6


@pytest.mark.parametrize(
    "table",
    [[(10, 10)] * 27, [(10, 0)] * 60, [(0, 0)] * 60, []],
    ids=["too few days", "one channel", "nothing", "no days"],
)
def test_what_cannot_be_judged_is_not(table):
    last = DAY + dt.timedelta(days=max(len(table) - 1, 0))
    assert mix.shift(daily(table), last) is None


def test_days_after_the_last_do_not_count():
    table = [(70, 30), (66, 34)] * 30
    short, long = daily(table), daily([*table, *[(1, 999)] * 20])
    last = DAY + dt.timedelta(days=59)
    assert mix.shift(short, last) == mix.shift(long, last)
