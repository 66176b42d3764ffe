"""The vectorised methods against scipy and statsmodels, over random tables with zeros in them."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import proportion
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests

from audiences import multiplicity, power
from audiences.aggregates import counts
from audiences.estimates import estimate
from audiences.methods import exact, permutation, posts, rates, sample_ratio, strata
from audiences.methods.posterior import best_of, of_two, posterior
from audiences.methods.summary import summarise

FEW = settings(max_examples=60, deadline=None)


@st.composite
def arm(draw, most=400):
    trials = draw(st.integers(1, most))
    return trials, draw(st.integers(0, trials) | st.integers(0, min(4, trials)))


def same(found, expected, rel=1e-9, absolute=1e-12):
    assert float(found) == pytest.approx(float(expected), rel=rel, abs=absolute)


@FEW
@given(arm(), arm())
def test_two_rates(control, treatment):
    one, two = counts(*control), counts(*treatment)
    table = [
        [treatment[1], treatment[0] - treatment[1]],
        [control[1], control[0] - control[1]],
    ]
    same(exact.fisher(one, two), stats.fisher_exact(table).pvalue)
    z, pvalue = rates.z_test(one, two)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = proportion.proportions_ztest(
            [treatment[1], control[1]], [treatment[0], control[0]]
        )
    if np.isnan(expected[0]):  # all or nothing in both arms
        assert (float(z), float(pvalue)) == (0, 1)
    else:
        same(z, expected[0])
        same(pvalue, expected[1])
    found = rates.newcombe(one, two)
    low, high = proportion.confint_proportions_2indep(
        treatment[1], treatment[0], control[1], control[0], method="newcomb"
    )
    same(found.lower, low)
    same(found.upper, high)


@FEW
@given(arm(), arm())
def test_the_ratio_of_two_rates(control, treatment):
    one, two = counts(*control), counts(*treatment)
    found = rates.log_ratio(one, two)
    score = rates.score_interval(one, two)
    if min(control[1], treatment[1]) == 0:
        assert np.isnan(found.value)
        assert np.isnan(score.lower) == (control[1] + treatment[1] == 0)
        if control[1] + treatment[1]:
            assert (score.lower == 0) == (treatment[1] == 0)
            assert np.isinf(score.upper) == (control[1] == 0)
        return
    if min(control[0] - control[1], treatment[0] - treatment[1]) == 0:
        return  # the other library divides by zero
    args = (treatment[1], treatment[0], control[1], control[0])
    low, high = proportion.confint_proportions_2indep(*args, compare="ratio", method="log")
    same(found.interval().exp().lower, low)
    same(found.interval().exp().upper, high)
    same(rates.score_interval(one, two).lower, _score_bound(args, low), rel=1e-6)


def _score_bound(args, near):
    """The lower bound of the ratio, by inverting the other library's score test."""

    def gap(log_ratio):
        found = proportion.test_proportions_2indep(
            *args, value=np.exp(log_ratio), compare="ratio", method="score", alternative="larger"
        )
        return float(found.statistic) - stats.norm.ppf(0.975)

    from scipy.optimize import brentq

    return np.exp(brentq(gap, np.log(near) - 5, np.log(near) + 5, xtol=1e-12))


@FEW
@given(st.lists(arm(), min_size=2, max_size=5))
def test_omnibus(variants):
    found = rates.omnibus(counts(*np.array(variants).T))
    table = np.array([[x for _, x in variants], [n - x for n, x in variants]])
    if (table.sum(1) == 0).any():
        assert float(found.pvalue) == 1
        return
    expected = stats.chi2_contingency(table, correction=False)
    same(found.statistic, expected.statistic)
    same(found.pvalue, expected.pvalue)


def test_padded_variants_change_nothing():
    found = rates.omnibus(counts([[100, 200, 0], [100, 200, 50]], [[5, 20, 0], [5, 20, 3]]))
    same(found.pvalue[0], rates.omnibus(counts([100, 200], [5, 20])).pvalue)
    best = posterior(counts([[100, 200, 0]], [[5, 20, 0]])).chance_to_be_best[0]
    assert np.isnan(best[2])
    assert best[:2].tolist() == posterior(counts([100, 200], [5, 20])).chance_to_be_best.tolist()


@FEW
@given(st.integers(1, 500), st.integers(0, 500), st.sampled_from([0.5, 0.3, 0.9]))
def test_the_exact_sample_ratio(trials, first, share):
    first = min(first, trials)
    found = sample_ratio.exact([first, trials - first], share)
    same(found, stats.binomtest(first, trials, share).pvalue)


@pytest.mark.parametrize(("how", "name"), [("holm", "holm"), ("bh", "fdr_bh"), ("by", "fdr_by")])
def test_adjustments(how, name):
    rng = np.random.default_rng(6)
    for size in range(1, 13):  # few: the other library collects garbage at every call
        pvalues = np.append(rng.random(size) ** 4, [0.5, 0.5, 0.0])
        expected = multipletests(pvalues, method=name)[1]
        assert multiplicity.adjusted(pvalues, how) == pytest.approx(expected, rel=1e-9)


def test_adjustments_of_many_rows_are_those_of_each():
    rng = np.random.default_rng(1)
    table = rng.random((30, 6)) ** 3
    table[rng.random(table.shape) < 0.2] = np.nan
    for how in ("holm", "bh", "by"):
        for row, found in zip(table, multiplicity.adjusted(table, how), strict=True):
            asked = ~np.isnan(row)
            expected = multiplicity.adjusted(row[asked], how)
            assert found[asked].tolist() == pytest.approx(expected.tolist(), rel=1e-12)
            assert np.isnan(found[~asked]).all()


@FEW
@given(st.lists(st.tuples(arm(60), arm(60)), min_size=2, max_size=5))
def test_strata(groups):
    one = counts(*np.array([control for control, _ in groups]).T)
    two = counts(*np.array([treatment for _, treatment in groups]).T)
    if (one.successes + two.successes == 0).any() or (one.failures + two.failures == 0).any():
        return
    tables = [np.array([[b[1], b[0] - b[1]], [a[1], a[0] - a[1]]]) for a, b in groups]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = StratifiedTable(tables)
        same(strata.mantel_haenszel(one, two), other.test_null_odds().statistic)
        found = strata.common_log_odds(one, two)
        if np.isfinite(found.value):
            same(found.value, other.logodds_pooled)
            same(found.standard_error, other.logodds_pooled_se)
            expected = other.test_equal_odds().statistic
            if np.isfinite(expected):  # the other library divides by zero at an odds ratio of 1
                same(strata.breslow_day(one, two, found)[0], expected, 1e-6)


def test_random_effects():
    rng = np.random.default_rng(5)
    value, error = rng.normal(0, 0.4, (200, 6)), rng.uniform(0.05, 0.5, (200, 6))
    found = summarise(estimate(value, error))
    compared = 0
    for row in range(200):
        if found.q[row] <= 5:  # the other library lets the variance become negative
            assert found.between[row] == 0
            continue
        compared += 1
        expected = combine_effects(value[row], error[row] ** 2, method_re="dl", use_t=True)
        same(found.between[row], expected.tau2)
        same(found.q[row], expected.q)
        same(found.mean.value[row], expected.mean_effect_re)
        plain, scaled = expected.sd_eff_w_re, expected.sd_eff_w_re_hksj
        same(found.mean.standard_error[row], max(plain, scaled))
    assert compared > 50


def test_nothing_asked_is_nothing_adjusted():
    for how in ("holm", "bh", "by"):
        assert np.isnan(multiplicity.adjusted([np.nan, np.nan], how)).all()
    found = multiplicity.e_benjamini_hochberg([np.nan, -1.0])
    assert np.isnan(found[0])
    assert found[1] == 1


@given(
    st.lists(st.floats(-3, 12), min_size=1, max_size=12),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_e_benjamini_hochberg_by_its_definition(logs, alpha):
    """Reject the k* largest, k* the largest k whose e-value is at least m / (alpha k)."""
    largest = sorted(np.exp(logs), reverse=True)
    fits = [k for k, e in enumerate(largest, 1) if e >= len(logs) / (alpha * k)]
    expected = np.exp(logs) >= largest[max(fits) - 1] if fits else np.zeros(len(logs), bool)
    found = multiplicity.e_benjamini_hochberg(logs)
    near = np.abs(found - alpha) < 1e-12
    assert (found <= alpha)[~near].tolist() == expected[~near].tolist()


def test_welch():
    rng = np.random.default_rng(2)
    one, two = rng.lognormal(0, 1, 9), rng.lognormal(0.5, 0.4, 14)
    group = np.repeat([0, 1], [9, 14])
    made = posts.arms(group, 2, np.concatenate([one, two]))
    found = posts.welch(made[0], made[1])
    expected = stats.ttest_ind(np.log(two), np.log(one), equal_var=False)
    same(found.statistic, expected.statistic)
    same(found.pvalue(), expected.pvalue)
    same(found.interval().lower, expected.confidence_interval().low)


def test_permutation_counts_all_draws():
    rng = np.random.default_rng(3)
    values, treated = rng.normal(size=10), np.arange(10) >= 4

    def statistic(a, b):
        return abs(stats.ttest_ind(a, b, equal_var=False).statistic)

    expected = stats.permutation_test(
        (values[:4], values[4:]), statistic, n_resamples=np.inf, alternative="greater"
    )
    found = permutation.of_means(values, treated, np.zeros(10, int), 1)
    same(found[0], expected.pvalue)


def test_chances_to_be_best_by_drawing():
    rng = np.random.default_rng(4)
    trials, successes = np.array([50, 4_000, 300]), np.array([2, 100, 12])
    draws = rng.beta(successes + 1, trials - successes + 1, (1_000_000, 3))
    found = posterior(counts(trials, successes))
    expected = np.bincount(draws.argmax(1)) / len(draws)
    assert found.chance_to_be_best == pytest.approx(expected, abs=0.002)
    assert found.loss == pytest.approx((draws.max(1)[:, None] - draws).mean(0), rel=0.01)


def test_what_a_choice_of_posts_costs_by_drawing():
    rng = np.random.default_rng(5)
    value, error = np.log([0.02, 0.03, 0.025]), np.array([0.3, 0.1, 0.4])
    draws = np.exp(rng.normal(value, error, (1_000_000, 3)))
    found = best_of(estimate(value, error))
    assert found.chance_to_be_best == pytest.approx(
        np.bincount(draws.argmax(1)) / len(draws), abs=0.002
    )
    assert found.loss == pytest.approx((draws.max(1)[:, None] - draws).mean(0), rel=0.01)
    fewer = best_of(estimate([*value[:2], np.nan], error))
    assert np.isnan(fewer.loss[2])
    assert fewer.loss[:2] == pytest.approx(best_of(estimate(value[:2], error[:2])).loss)


@pytest.mark.parametrize("higher", [True, False])
def test_what_a_choice_of_two_costs_by_drawing(higher):
    rng = np.random.default_rng(6)
    ratio = np.exp(rng.normal(0.1, 0.2, 1_000_000))
    pair = np.stack([np.full_like(ratio, 0.4), 0.4 * ratio], -1)
    effect = estimate(0.1, 0.2)
    found = of_two(effect.chance_above(), effect, np.asarray(0.4), higher=higher)
    best = pair.max(1) if higher else pair.min(1)
    expected = np.abs(best[:, None] - pair).mean(0)
    assert found.loss == pytest.approx(expected, rel=0.01)
    assert found.relative_loss == pytest.approx(expected / best.mean(), rel=0.01)


@pytest.mark.parametrize(("effect", "spread", "posts_"), [(0.3, 0.5, 20), (1.5, 0.6, 5)])
def test_power_of_a_t_test(effect, spread, posts_):
    from statsmodels.stats.power import TTestIndPower

    found = power.power_of_posts(posts_, effect, spread)
    same(found, TTestIndPower().power(np.log1p(effect) / spread, posts_, 0.05), 1e-7)
    visible = power.visible_effect(posts_, spread)
    same(power.power_of_posts(posts_, visible, spread), 0.8, 1e-6)
