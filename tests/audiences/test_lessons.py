"""What many tests teach together."""

import numpy as np
import pytest

from audiences.lessons import TEXT_FEATURES, lessons, text_features
from audiences.trials import table


def rows_of(tests, effect, spread, seed=1, posts=1):
    """Tests of four variants, the odd ones with the feature, whose effect differs by test."""
    rng = np.random.default_rng(seed)
    rows = []
    for test in range(tests):
        rate = rng.uniform(0.01, 0.05)
        helps = np.exp(rng.normal(np.log(effect), spread))
        for variant in range(4):
            own = rng.lognormal(0, 0.3) if posts > 1 else 1.0
            for _post in range(posts):
                chance = rate * (helps if variant % 2 else 1) * (own if posts > 1 else 1)
                rows.append((f"t{test}", f"{test}.{variant}", rng.binomial(3000, min(chance, 1))))
    test, variant, clicks = zip(*rows, strict=True)
    return table(test, variant, clicks, np.full(len(rows), 3000.0))


def odd(rows):
    return np.array([[int(name[-1]) % 2 == 1 for name in row] for row in rows.variants])


def test_a_feature_that_helps_is_learnt_with_its_spread():
    rows = rows_of(200, 1.2, 0.15)
    (found,) = lessons(rows, {"question": odd(rows)})
    assert found.tests == 200
    assert found.lower < 1.2 < found.upper
    assert found.pvalue_adjusted < 1e-6
    assert found.between[0] == pytest.approx(1.2 * np.exp(-1.97 * 0.15), rel=0.07)
    assert found.inconsistency > 0.3


def test_features_that_do_nothing_are_seldom_learnt():
    rng = np.random.default_rng(7)
    rows = rows_of(60, 1.0, 0.2, seed=8)
    features = {f"f{n}": rng.random(rows.shape) < 0.5 for n in range(400)}
    found = lessons(rows, features)
    assert np.mean([one.pvalue <= 0.05 for one in found]) == pytest.approx(0.05, abs=0.035)
    assert sum(one.pvalue_adjusted <= 0.05 for one in found) <= 2


def test_posts_are_the_unit_where_they_were_given_the_variant():
    rows = rows_of(40, 1.3, 0.1, posts=6)
    (found,) = lessons(rows, {"question": odd(rows)}, unit="post")
    assert found.lower < 1.3 < found.upper


def test_too_few_tests_teach_nothing():
    rows = rows_of(9, 2.0, 0.0)
    (few,) = lessons(rows, {"question": odd(rows)})
    (never,) = lessons(rows, {"none": np.zeros(rows.shape, bool)})
    assert (few.tests, few.ratio) == (9, None)
    assert (never.tests, never.ratio) == (0, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Weet u dit?", {"question", "reader"}),
        ("3 tips die wij geven!", {"exclamation", "number", "we"}),
        ("Hij zei: “kom” #zomer", {"quote", "hashtag"}),
        ("Don't go", set()),
        ("x" * 80, {"long"}),
    ],
)
def test_features_of_texts(text, expected):
    found = text_features({"A": text}, np.array([["A", None]], object))
    assert {name for name, flags in found.items() if flags[0, 0]} == expected
    assert not any(flags[0, 1] for flags in found.values())
    assert found.keys() == TEXT_FEATURES.keys()
