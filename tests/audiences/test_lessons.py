"""What many tests teach together."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from audiences import experiments
from audiences.experiments import Variant
from audiences.lessons import (
    TEXT_FEATURES,
    Lesson,
    has_name,
    is_fair,
    lessons,
    said,
    text_features,
)
from audiences.trials import table
from campaigns.definitions import Rule
from campaigns.store import Store


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


def test_tests_that_were_not_by_lot_teach_nothing():
    rows = rows_of(40, 1.3, 0.0)
    unequal = replace(rows, below=rows.below * np.where(rows.variant % 2 == 1, 1.2, 1.0))
    assert is_fair(rows).all()
    assert not is_fair(unequal).any()
    (found,) = lessons(unequal, {"question": odd(rows)})
    assert (found.tests, found.ratio) == (0, None)


def test_posts_are_compared_within_platforms():
    """All variants with the feature have more posts where rates are five times as high."""
    rng = np.random.default_rng(3)
    rows = []
    for test in range(30):
        for variant, low, high in (("A", 8, 4), ("B", 4, 8)):
            for platform, rate, many in (("x", 0.01, low), ("y", 0.05, high)):
                for _post in range(many):
                    clicks = rng.poisson(3000 * rate * rng.lognormal(0, 0.3)) + 1
                    rows.append((f"t{test}", variant, clicks, platform))
    test, variant, clicks, platform = zip(*rows, strict=True)
    made = table(test, variant, clicks, np.full(len(rows), 3000.0), stratum=platform)
    (found,) = lessons(made, {"question": made.variants == "B"}, unit="post")
    assert found.lower < 1 < found.upper
    assert found.upper / found.lower < 1.3


@pytest.mark.parametrize(
    ("lesson", "said_"),
    [
        (Lesson("we", 3, None, None, None, None, None, None, None), "Of we or us too little"),
        (Lesson("we", 30, 0.9, 0.8, 1.1, None, 0.2, 0.4, 0.0),
         "no difference could be shown: between −20% and +10% on average, over 30 tests."),
        (Lesson("we", 30, 0.9, 0.85, 0.95, None, 0.001, 0.002, 0.0),
         "With we or us variants do 10% worse on average (between −15% and −5.0%), over 30"),
        (Lesson("person", 30, 1.5, 1.2, 1.9, None, 0.001, 0.06, 0.0), "Of person no difference"),
    ],
)  # fmt: skip
def test_a_lesson_in_words(lesson, said_):
    assert said_ in str(said(lesson))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bezoek Jan in de haven", True),
        ("Jan komt", False),
        ("Kom mee.\nVandaag nog", False),
        ("This Is A Heading Of Words", False),
        ("NU LEZEN", False),
    ],
)
def test_names_in_texts(text, expected):
    assert has_name(text) is expected


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


def test_pictures_teach_too(tmp_path):
    """Twelve experiments; in each, all posts of B show a person, and none of A."""
    store = Store.create(tmp_path / "store")
    rows = {"posts": [], "post_metrics": [], "images": [], "image_posts": [], "image_tags": []}
    for name, is_person in (("yes", True), ("no", False)):
        rows["images"].append({"image_id": name, "file": name, "format": "PNG", "width": 10,
                               "height": 10, "brightness": 0.5, "colourfulness": 1.0,
                               "text_share": 0.0, "colours": "#1a56b0=1.0"})  # fmt: skip
        rows["image_tags"].append({"image_id": name, "tag": "person", "is_present": is_person})
    rng = np.random.default_rng(6)
    for test in range(12):
        for tag, rate, image in (("a", 0.02, "no"), ("b", 0.03, "yes")):
            for n in range(8):
                key = {"platform": "x", "post_id": f"{test}{tag}{n}",
                       "collected_at": dt.datetime(2025, 6, 1, tzinfo=dt.UTC)}  # fmt: skip
                rows["posts"].append({**key, "account_id": "g", "text": f"#t{test}{tag}",
                                      "published_on": dt.date(2025, 3, 1)})  # fmt: skip
                rows["post_metrics"].append(
                    {**key, "delivery": "total", "impressions": 9000,
                     "engagements": int(rng.poisson(9000 * rate * rng.lognormal(0, 0.1)))}
                )  # fmt: skip
                rows["image_posts"].append(
                    {"image_id": image, "platform": "x", "post_id": key["post_id"]}
                )
    store.state(rows, "test")
    for test in range(12):
        two = tuple(Variant(tag.upper(), (Rule("hashtag", f"t{test}{tag}"),)) for tag in "ab")
        experiments.add(
            store, experiments.Experiment(f"t{test}", "er_impressions", two, is_by_lot=True)
        )
    learnt = store.read(experiments.learn)
    found = {one.feature: one for one in learnt.lessons}
    assert learnt.tests == 12
    assert found["tag:person"].tests == 12
    assert found["tag:person"].lower < 1.5 < found["tag:person"].upper
    assert found["image:mainly blue"].tests == 0  # all have it
