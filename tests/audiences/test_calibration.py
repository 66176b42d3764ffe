"""Seeded simulations: how often each method finds what is not there, and finds what is.

Bounds are the nominal 5 % with room for the error of the simulation: with 10,000 tests about
0.45 points either way, with 3,000 about 0.8.
"""

import numpy as np
import pytest

from audiences import power
from audiences.aggregates import counts
from audiences.analysis import Plan, analyse
from audiences.estimates import estimate
from audiences.methods import ad_days, costs, permutation, posts, rates, sample_ratio, strata
from audiences.methods.factors import factors
from audiences.methods.summary import summarise
from audiences.planned_end import planned_end
from audiences.sequential import conditional_log_evidence, monitor
from audiences.trials import table

TESTS = 10_000
SCENARIOS = {
    "S1 rate 2 %": {"rate": 0.02, "shown": 1000},
    "S2 rate 0.2 %": {"rate": 0.002, "shown": 500},
    "S3 rate 30 %": {"rate": 0.3, "shown": 300},
    "S4 delivery drifts": {"rate": 0.02, "shown": 1000, "drifts": True},
    "S5 days vary": {"rate": 0.02, "shown": 1000, "noise": 0.15},
    "S7 days vary, much shown": {"rate": 0.02, "shown": 20_000, "noise": 0.15},
}


def days_of(rate, shown, drifts=False, noise=0.0, lift=0.0, days=50, tests=TESTS, seed=20):
    """Two arms by day; where delivery drifts, the share and the rate change over the days."""
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    share = np.linspace(0.2, 0.8, days) if drifts else np.full(days, 0.5)
    week = 1 + 0.25 * np.sin(2 * np.pi * day / 7) if drifts else 1.0
    daily = rate * week * (np.linspace(1.2, 0.8, days) if drifts else np.ones(days))
    made = []
    for part, more in ((1 - share, 0.0), (share, lift)):
        trials = np.broadcast_to(np.round(2 * shown * part), (tests, days))
        vary = rng.gamma(1 / noise**2, noise**2, trials.shape) if noise else np.ones(trials.shape)
        chance = np.clip(daily * (1 + more) * vary, 0, 1)
        made.append(counts(trials, rng.binomial(trials.astype(int), chance)))
    return made


def share_below(pvalues, alpha=0.05):
    return float(np.mean(pvalues[~np.isnan(pvalues)] <= alpha))


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_winner_without_a_difference_by_day(name):
    control, treatment = days_of(**SCENARIOS[name])
    days = ad_days.scores(control, treatment)
    assert share_below(monitor(days).pvalue[:, -1]) <= 0.05
    assert share_below(planned_end(days, 50).pvalue[:, -1]) <= 0.08
    for last in (14, 50):
        at_the_end = ad_days.stratified(control[:, :last], treatment[:, :last])
        assert 0.04 <= share_below(at_the_end.pvalue()) <= 0.06


def test_the_conditional_evidence_is_right_about_binomial_counts():
    for name in ("S1 rate 2 %", "S4 delivery drifts"):
        arms = days_of(**SCENARIOS[name], tests=2_000)
        highest = conditional_log_evidence(*arms).max(-1)
        assert np.mean(highest >= np.log(20)) <= 0.05


def test_pooled_days_are_wrong_when_delivery_drifts():
    control, treatment = days_of(**SCENARIOS["S4 delivery drifts"], tests=2_000)
    assert share_below(rates.z_test(control.total(), treatment.total())[1]) > 0.5


@pytest.mark.parametrize(("lift", "monitored", "planned"), [(0.1, 0.26, 0.54), (0.2, 0.91, 0.98)])
def test_monitoring_finds_what_the_simulations_said(lift, monitored, planned):
    arms = days_of(0.02, 1000, lift=lift, tests=4_000)
    days = ad_days.scores(*arms)
    found, end = monitor(days), planned_end(days, 50)
    assert share_below(found.pvalue[:, -1]) == pytest.approx(monitored, abs=0.03)
    assert share_below(end.pvalue[:, -1]) == pytest.approx(planned, abs=0.03)
    true = np.log((1 + lift) * 0.98 / (1 - 0.02 * (1 + lift)))
    missed = (found.interval.lower > true) | (found.interval.upper < true)
    assert np.mean(missed.any(-1)) <= 0.05
    missed = (end.interval.lower > true) | (end.interval.upper < true)
    assert np.mean(missed.any(-1)) <= 0.08


def test_the_effect_at_a_stop_is_shrunken():
    days = ad_days.scores(*days_of(0.02, 1000, lift=0.2, tests=4_000))
    found = monitor(days)
    stop = found.stops()
    at = np.arange(len(stop))[stop >= 0], stop[stop >= 0]
    true = np.log(1.2 * 0.98 / (1 - 0.024))
    assert found.effect[at].mean() > true + 0.02
    assert found.shrunken[at].mean() == pytest.approx(true, abs=0.02)


@pytest.mark.parametrize("rate", [0.002, 0.01, 0.05, 0.4])
def test_randomised_impressions(rate):
    rng = np.random.default_rng(21)
    trials = rng.integers(500, 5_000, 2 * TESTS)
    one, two = (counts(trials, rng.binomial(trials, rate)) for _ in range(2))
    found = rates.compare(one, two)
    assert 0.035 <= share_below(found.pvalue) <= 0.06
    ratio, gap = found.ratio_interval, found.difference_interval
    known = ~np.isnan(ratio.lower)
    assert np.mean(((ratio.lower <= 1) & (ratio.upper >= 1))[known]) >= 0.94
    assert np.mean((gap.lower <= 0) & (gap.upper >= 0)) >= 0.945
    three = counts(np.stack([trials] * 3, -1), rng.binomial(trials[:, None], [rate] * 3))
    assert 0.035 <= share_below(rates.omnibus(three).pvalue) <= 0.06


def posts_of(each, arms, seed, effect=1.0, tiny=False):
    """Posts whose impressions and rates differ as organic posts do; every second arm is treated."""
    rng = np.random.default_rng(seed)
    arm = np.repeat(np.arange(arms), each)
    shown = np.round(rng.lognormal(5 if tiny else 8, 1, len(arm))) + (0 if tiny else 200)
    typical = np.where(arm % 2, 0.03 * effect, 0.03) * rng.lognormal(0, 0.6, len(arm))
    return arm, rng.poisson(shown * np.minimum(typical, 1)), shown


@pytest.mark.parametrize("each", [5, 12, 40])
def test_posts_as_the_unit(each):
    arm, engaged, shown = posts_of(each, 2 * TESTS, 22)
    made = posts.arms(arm, 2 * TESTS, engaged, shown)
    assert 0.04 <= share_below(posts.compare(made[::2], made[1::2]).pvalue()) <= 0.06


def test_posts_offered_as_impressions_find_winners_everywhere_and_are_caught():
    arm, engaged, shown = posts_of(12, 400, 23)
    made = posts.arms(arm, 400, engaged, shown)
    trials, successes = 12 * made.sums.mean[:, 1], 12 * made.sums.mean[:, 0]
    wrong = counts(trials.round(), np.minimum(successes, trials).round())
    assert share_below(rates.z_test(wrong[::2], wrong[1::2])[1]) > 0.47
    found = rates.dispersion(arm, (200, 2), counts(shown, np.minimum(engaged, shown)))
    assert np.median(found.value) > 10
    assert found.pvalue.max() < 1e-6


def test_impressions_by_lot_have_no_dispersion():
    rng = np.random.default_rng(33)
    arm = np.repeat(np.arange(2 * TESTS), 8)
    rows = counts(500, rng.binomial(500, 0.05, len(arm)))
    found = rates.dispersion(arm, (TESTS, 2), rows)
    assert found.value.mean() == pytest.approx(1, abs=0.01)
    assert 0.04 <= share_below(found.pvalue) <= 0.06


@pytest.mark.parametrize("each", [5, 7])
def test_permutation_is_right_even_with_zeros(each):
    tests = 3_000
    arm, engaged, shown = posts_of(each, 2 * tests, 24, tiny=True)
    logs = posts.log_rates(engaged, shown)
    assert np.isnan(logs).any()
    by_ratio = permutation.of_ratios(engaged, shown, arm % 2 == 1, arm // 2, tests)
    by_log = permutation.of_means(logs, arm % 2 == 1, arm // 2, tests)
    assert share_below(by_ratio) <= 0.06
    assert share_below(by_log) <= 0.06


@pytest.mark.parametrize("days", [5, 7, 14, 28])
def test_cost_ratios_by_paired_days(days):
    rng = np.random.default_rng(25)
    day = rng.lognormal(0, 0.3, (TESTS, days))
    arms = []
    for _arm in range(2):
        bought = rng.poisson(60 * day * rng.lognormal(0, 0.15, day.shape))
        arms += [bought * 0.8 * rng.lognormal(0, 0.2, day.shape), bought]
    assert share_below(costs.paired_days(*arms).pvalue()) <= 0.08


def test_factors_and_their_interaction():
    rng = np.random.default_rng(26)
    values = rng.normal(0, [[[[0.5]], [[0.8]]]], (TESTS, 2, 2, 8))
    cells = estimate(values.mean(-1), values.std(-1, ddof=1) / np.sqrt(8), 7)
    found = factors(cells)
    for effect in (found.first, found.second, found.interaction):
        assert 0.04 <= share_below(effect.pvalue()) <= 0.06


def test_target_groups_without_a_difference():
    rng = np.random.default_rng(27)
    trials = rng.integers(1_000, 6_000, (TESTS, 4))
    rate = np.array([0.01, 0.02, 0.05, 0.1])
    one, two = (counts(trials, rng.binomial(trials, rate)) for _ in range(2))
    found = strata.strata(one, two)
    assert 0.04 <= share_below(found.pvalue) <= 0.06
    assert 0.04 <= share_below(found.heterogeneity) <= 0.06
    raw = np.exp(np.abs(found.groups.given.value)).max(-1)
    assert np.median(np.exp(np.abs(found.groups.shrunken().value)).max(-1)) < np.median(raw)


@pytest.mark.parametrize(("between", "many"), [(0.0, 12), (0.1, 12), (0.1, 60)])
def test_the_random_effects_summary_covers(between, many):
    rng = np.random.default_rng(28)
    error = rng.uniform(0.05, 0.15, (5_000, many))
    true = 0.1 + between * rng.standard_normal(error.shape)
    found = summarise(estimate(true + error * rng.standard_normal(error.shape), error))
    bounds = found.mean.interval()
    assert 0.94 <= np.mean((bounds.lower <= 0.1) & (bounds.upper >= 0.1)) <= 0.985
    bounds, following = found.next_one(), 0.1 + between * rng.standard_normal(5_000)
    covers = np.mean((bounds.lower <= following) & (bounds.upper >= following))
    assert covers >= (0.93 if many > 50 else 0.87)


def test_sample_ratios():
    rng = np.random.default_rng(29)
    first = rng.binomial(1_000, 0.7, (TESTS, 30))
    looks = np.stack([first, 1_000 - first], -1)
    assert share_below(sample_ratio.sequential(looks, [0.7, 0.3])[:, -1]) <= 0.05
    assert 0.04 <= share_below(sample_ratio.fixed(looks.sum(1), [7, 3])) <= 0.06
    broken = np.stack([first, 0.9 * (1_000 - first)], -1).round()
    assert share_below(sample_ratio.sequential(broken, [0.7, 0.3])[:, -1], 0.001) > 0.9


def test_power_of_rates_is_kept():
    rng = np.random.default_rng(30)
    needed = int(np.ceil(power.trials_needed(0.02, 0.2)))
    one, two = (counts(needed, rng.binomial(needed, rate, TESTS)) for rate in (0.02, 0.024))
    assert share_below(rates.compare(one, two).pvalue) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(("effect", "spread"), [(0.4, 0.6), (1.0, 0.5), (-0.3, 0.4)])
def test_power_of_posts_is_kept(effect, spread):
    rng = np.random.default_rng(31)
    needed = int(power.posts_needed(effect, spread))
    arm = np.repeat(np.arange(8_000), needed)
    logs = rng.normal(0, spread, len(arm)) + np.log1p(effect) * (arm % 2)
    made = posts.arms(arm, 8_000, np.exp(logs))
    promised = float(power.power_of_posts(needed, effect, spread))
    found = share_below(posts.compare(made[::2], made[1::2]).pvalue())
    assert found == pytest.approx(promised, abs=0.03)
    assert promised >= 0.8 > float(power.power_of_posts(needed - 1, effect, spread))


def test_power_of_days_is_kept():
    rng = np.random.default_rng(32)
    needed = int(power.days_needed(0.05, 0.08))
    bought = rng.lognormal(4, 0.3, (TESTS, needed))
    gap = rng.normal(np.log(1.05), 0.08, bought.shape)
    found = costs.paired_days(bought, bought, bought * np.exp(gap), bought)
    promised = float(power.power_of_days(needed, 0.05, 0.08))
    assert share_below(found.pvalue()) == pytest.approx(promised, abs=0.03)


@pytest.mark.parametrize(("tiny", "tests"), [(False, 10_000), (True, 400)])
def test_posts_are_compared_within_platforms(tiny, tests):
    """Arms with other shares of two platforms of which one has four times the rate."""
    rng = np.random.default_rng(34)
    sizes = (12, 4, 5, 15)  # A and B on one platform and the other
    variant = np.tile(np.repeat(["A", "A", "B", "B"], sizes), tests)
    platform = np.tile(np.repeat(["x", "y", "x", "y"], sizes), tests)
    shown = np.round(rng.lognormal(4 if tiny else 8, 1, len(variant))) + (20 if tiny else 200)
    typical = np.where(platform == "x", 0.01, 0.04) * rng.lognormal(0, 0.5, len(variant))
    engaged = rng.poisson(shown * typical) + (0 if tiny else 1)
    test = np.repeat(np.arange(tests), sum(sizes)).astype(str)
    mixed = analyse(table(test, variant, engaged, shown), Plan("post"))
    within = analyse(table(test, variant, engaged, shown, stratum=platform), Plan("post"))
    assert share_below(mixed.comparisons.pvalue) > 0.3
    lower, upper = (0.0, 0.07) if tiny else (0.04, 0.06)
    assert lower <= share_below(within.comparisons.pvalue) <= upper
