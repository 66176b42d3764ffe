"""Every reference case of statistics: expected values of established libraries, named in the file."""

import json
from pathlib import Path

import numpy as np
import pytest

from audiences import multiplicity, power, sequential
from audiences.aggregates import counts, moments_of_sums
from audiences.methods import ad_days, exact, posts, rates, sample_ratio, strata
from audiences.methods.posterior import posterior

FILE = Path(__file__).parent / "reference_cases.json"
CASES = {case["id"]: case for case in json.loads(FILE.read_text("utf-8"))["cases"]}
OF_OTHERS = {"markov-bryl", "reach-sainsbury"}  # attribution and reach have their own tests


def case(name):
    found = CASES[name]
    return found["inputs"], found["expected"], found["rel_tol"]


def arms(inputs):
    return tuple(
        counts(inputs[arm]["impressions"], inputs[arm]["clicks"])
        for arm in ("control", "treatment")
    )


def about(expected, rel):
    return pytest.approx(expected, rel=rel)


def ends(interval):
    return [float(interval.lower), float(interval.upper)]


def test_pooled_z():
    inputs, expected, rel = case("prop-z-pooled")
    control, treatment = arms(inputs)
    z, pvalue = rates.z_test(control, treatment)
    found = rates.compare(control, treatment)
    assert float(z) == about(expected["z"], rel)
    assert float(pvalue) == about(expected["p_value"], rel)
    assert float(found.pvalue) == about(expected["tea_tasting_p_value"], rel)
    assert float(found.difference) == about(expected["abs_diff"], rel)


def test_newcombe():
    inputs, expected, rel = case("prop-diff-newcombe")
    assert ends(rates.newcombe(*arms(inputs))) == about(expected["diff_ci95"], rel)


def test_katz_and_the_score_interval():
    inputs, expected, rel = case("prop-ratio-katz-log")
    found = rates.compare(*arms(inputs))
    assert float(found.ratio) == about(expected["risk_ratio"], rel)
    assert ends(found.ratio_interval) == about(expected["ratio_ci95_log"], rel)
    assert ends(rates.score_interval(*arms(inputs))) == about(expected["ratio_ci95_score"], rel)


def test_small_counts():
    inputs, expected, rel = case("prop-exact-small")
    control, treatment = (
        counts(inputs[arm]["n"], inputs[arm]["x"]) for arm in ("control", "treatment")
    )
    assert float(exact.fisher(control, treatment)) == about(expected["fisher_p"], 1e-9)
    assert float(exact.boschloo(control, treatment)) == about(expected["boschloo_p"], rel)


def test_omnibus():
    inputs, expected, rel = case("prop-omnibus-4")
    found = rates.omnibus(counts(inputs["impressions"], inputs["clicks"]))
    assert float(found.statistic) == about(expected["chi2"], rel)
    assert float(found.degrees) == expected["dof"]
    assert float(found.pvalue) == about(expected["p_value"], rel)


def test_ratio_of_means():
    inputs, expected, rel = case("ratio-delta")
    one, two = (
        moments_of_sums(
            arm["n"],
            [arm["sum_m"], arm["sum_d"]],
            [[arm["sum_m2"], arm["sum_md"]], [arm["sum_md"], arm["sum_d2"]]],
        )
        for arm in (inputs["A"], inputs["B"])
    )
    for arm, name in ((one, "A"), (two, "B")):
        ratio = arm.ratio_of()
        assert float(ratio.value) == about(expected[f"mean_{name}"], rel)
        variance = float(ratio.standard_error) ** 2 * inputs[name]["n"]
        assert variance == about(expected[f"var_{name}"], rel)
    found = posts.difference_of_ratios(one, two)
    assert float(found.value) == about(expected["abs_diff"], rel)
    assert ends(found.interval()) == about(expected["abs_ci95"], rel)
    assert float(found.statistic) == about(expected["tea_tasting_t"], rel)
    assert float(found.pvalue()) == about(expected["p_value"], rel)
    zeros = np.asarray(0.0)
    log = posts.ratio_of_means(posts.Arms(one, one, zeros), posts.Arms(two, two, zeros))
    lift = [bound - 1 for bound in ends(log.interval().exp())]
    # The other library takes its degrees of freedom from the difference, not from the log.
    assert lift == about(expected["tea_tasting_rel_ci95"], 1e-5)


def test_chance_to_win():
    inputs, expected, rel = case("bayes-ctw-2")
    found = posterior(counts([42_000, 42_000], [500, 560]))
    assert [arm["clicks"] for arm in inputs.values()] == [500, 560]
    assert float(found.chance_to_be_best[1]) == about(expected["p_B_beats_A"], rel)
    found = posterior(counts([300, 300], [9, 2]))
    expected_chance = expected["p_9of300_beats_2of300_complement"]
    assert float(found.chance_to_be_best[1]) == about(expected_chance, rel)


def test_sample_ratio():
    inputs, expected, rel = case("srm-fixed")
    three, two, weighted = (
        float(sample_ratio.fixed(one["observed"], one["weights"])) for one in inputs
    )
    assert three == about(expected["three_arms"]["p"], rel)
    assert two == about(expected["two_arms"]["p"], rel)
    assert weighted == about(expected["weighted_p"], rel)
    exactly = float(sample_ratio.exact(inputs[1]["observed"]))
    assert exactly == about(expected["two_arms"]["binomial_exact_p"], rel)


def test_power():
    inputs, expected, rel = case("power-h")
    effect = inputs["p2"] / inputs["p1"] - 1
    needed = power.trials_needed(inputs["p1"], effect, inputs["alpha"], inputs["power"])
    assert float(needed) == about(expected["n_per_arm_pooled"], rel)
    reached = power.power_of_trials(20_000, inputs["p1"], effect)
    assert float(reached) == about(expected["power_at_20000_2indep"], rel)


def test_adjusted_pvalues():
    inputs, expected, rel = case("multiplicity")
    for how, name in (("holm", "holm"), ("bh", "fdr_bh"), ("by", "fdr_by")):
        assert multiplicity.adjusted(inputs["p"], how).tolist() == about(expected[name], rel)
    assert multiplicity.adjusted(inputs["p"], "none").tolist() == inputs["p"]


def test_boundary():
    inputs, expected, rel = case("seq-normal-mixture")
    found = sequential.boundary(np.asarray(float(inputs["v"])), inputs["alpha"], 100.0)
    assert float(found) == about(expected["rho_100"], rel)
    best = sequential.boundary(np.asarray(500.0), 0.05, expected["ville_best_rho"])
    assert float(best) == about(expected["ville_at_best_rho"], rel)


def by_day(inputs):
    return tuple(counts(inputs[f"{arm}_n"], inputs[f"{arm}_x"]) for arm in ("control", "treatment"))


def test_strata_by_day():
    inputs, expected, rel = case("strat-cmh-daily")
    found = strata.strata(*by_day(inputs))
    assert float(strata.mantel_haenszel(*by_day(inputs))) == about(expected["cmh_chi2"], rel)
    assert float(found.pvalue) == about(expected["cmh_p"], rel)
    assert float(np.exp(found.log_odds.value)) == about(expected["or_mh"], rel)
    assert ends(found.log_odds.interval()) == about(expected["log_or_ci95"], rel)
    statistic, pvalue = strata.breslow_day(*by_day(inputs), found.log_odds)
    assert float(statistic) == about(expected["breslow_day"], rel)
    assert float(pvalue) == about(expected["breslow_day_p"], rel)


def test_monitoring_by_day():
    inputs, expected, rel = case("strat-msprt-daily")
    days = ad_days.scores(*by_day(inputs))
    assert float(days.surplus.sum()) == about(expected["U"], rel)
    assert float(days.information.sum()) == about(expected["V"], rel)
    found = sequential.monitor(days, minimum_days=7)
    assert float(found.effect[-1]) == about(expected["theta"], rel)
    assert float(found.log_evidence[-1]) == about(expected["log_e"], rel)
    assert float(found.pvalue[-1]) == about(expected["p_always_valid"], rel)
    last = [float(found.interval.lower[-1]), float(found.interval.upper[-1])]
    assert last == about(expected["cs95"], rel)
    assert float(ad_days.dispersion(days)[-1]) == about(expected["phi_hat_unfloored"], rel)
    conditional = sequential.conditional_log_evidence(*by_day(inputs))
    assert float(conditional[-1]) == about(expected["conditional_log_e"], rel)


def test_no_case_is_forgotten():
    named = {
        name
        for function in globals().values()
        if callable(function) and hasattr(function, "__code__")
        for name in function.__code__.co_consts
        if isinstance(name, str)
    }
    assert CASES.keys() - OF_OTHERS <= named
