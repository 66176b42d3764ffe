"""What many tests teach together: which kinds of messages or images win, whatever they are about.

Within each test, variants that have a feature (a question, a number, a person in the picture) are
compared with those that have not: what the test is about is the same for both. Tests are then
summed up with random effects, because a feature helps in one test and hurts in another, and
adjusted for the number of features tried. It is learnt from what was tried, not proven: variants
with the feature may have something else in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audiences import multiplicity
from audiences.aggregates import Counts, counts, sums_by
from audiences.estimates import Estimate, Flags, estimate
from audiences.methods import posts, rates
from audiences.methods.summary import Summary, summarise
from audiences.trials import Names, Table

FEWEST = 10
"""A feature that fewer tests tell something about teaches nothing."""

LONG = 80
"""Characters from which a text is called long."""

_NUMBER = re.compile(r"\d")
_QUOTE = re.compile(r"[\"“”„«»]|(?<!\w)['‘’][^'‘’]+['‘’](?!\w)")
_READER = re.compile(r"\b(?:je|jij|jou|jouw|jullie|u|uw|you|your|yours)\b", re.IGNORECASE)
_WE = re.compile(r"\b(?:wij|we|ons|onze|us|our|ours)\b", re.IGNORECASE)
_TAG = re.compile(r"(?<!\w)#\w")

TEXT_FEATURES: dict[str, Callable[[str], bool]] = {
    "question": lambda text: "?" in text,
    "exclamation": lambda text: "!" in text,
    "number": lambda text: _NUMBER.search(text) is not None,
    "quote": lambda text: _QUOTE.search(text) is not None,
    "reader": lambda text: _READER.search(text) is not None,
    "we": lambda text: _WE.search(text) is not None,
    "hashtag": lambda text: _TAG.search(text) is not None,
    "long": lambda text: len(text) >= LONG,
}
"""Features that can be read in a text, Dutch or English: a question mark, a digit, quotation
marks, the reader addressed (je, u, you), we and us, a hashtag, `LONG` characters or more."""


@dataclass(frozen=True)
class Lesson:
    """What a feature does over all tests that have variants with it and without it.

    ``ratio`` is the mean of with / without over such tests, with its 95 % bounds; ``between`` the
    bounds within which the effect in a next test is expected; ``pvalue_adjusted`` is over all
    features (Benjamini-Hochberg); ``inconsistency`` the share of the differences between tests
    that is not chance. Null where fewer than `FEWEST` tests tell.
    """

    feature: str
    tests: int
    ratio: float | None
    lower: float | None
    upper: float | None
    between: tuple[float, float] | None
    pvalue: float | None
    pvalue_adjusted: float | None
    inconsistency: float | None


def text_features(texts: Mapping[str, str], names: Names) -> dict[str, Flags]:
    """The features of the texts of variants, in the shape of ``names``; no text, no feature.

    >>> found = text_features({"A": "Wist je dit?", "B": "3 tips"}, np.array([["A", "B"]], object))
    >>> found["question"].tolist(), found["number"].tolist()
    ([[True, False]], [[False, True]])
    """
    return {
        feature: np.array(
            [[name in texts and has(texts[name]) for name in row] for row in names], np.bool_
        )
        for feature, has in TEXT_FEATURES.items()
    }


def lessons(
    table: Table, features: Mapping[str, ArrayLike], unit: str = "impression"
) -> list[Lesson]:
    """What each feature does, given which variants of the table have it; the strongest first.

    By impressions that were drawn by lot, or by posts. A test in which all variants have the
    feature, or none, teaches nothing about it.
    """
    effects = {
        name: _effects(table, np.asarray(has, np.bool_), unit) for name, has in features.items()
    }
    found = {name: summarise(effect) for name, effect in effects.items()}
    pvalues = np.array(
        [
            float(one.mean.pvalue()) if float(one.number) >= FEWEST else np.nan
            for one in found.values()
        ]
    )
    adjusted = multiplicity.benjamini_hochberg(pvalues)
    made = [
        _lesson(name, one, pvalue, corrected)
        for (name, one), pvalue, corrected in zip(found.items(), pvalues, adjusted, strict=True)
    ]
    return sorted(made, key=lambda one: (one.pvalue is None, one.pvalue or 0.0, one.feature))


def _effects(table: Table, has: Flags, unit: str) -> Estimate:
    """The log ratio of with to without, one per test; NaN where a test has only one of them."""
    tests = table.shape[0]
    side = table.test * 2 + has[table.test, table.variant]
    if unit == "post":
        made = posts.arms(side, 2 * tests, table.above, table.below).reshaped((tests, 2))
        return posts.compare(made[:, 0], made[:, 1])
    number = 2 * tests
    counted = counts(
        sums_by(side, number, table.below).reshape(tests, 2),
        sums_by(side, number, table.above).reshape(tests, 2),
    )
    return _steadied(counted[:, 0], counted[:, 1])


def _steadied(control: Counts, treatment: Counts) -> Estimate:
    """The log ratio of rates with half a success more in each: tests without any must count."""
    there = (control.trials > 0) & (treatment.trials > 0)
    half = [Counts(arm.trials + 0.5, arm.successes + 0.5) for arm in (control, treatment)]
    found = rates.log_ratio(half[0], half[1])
    return estimate(
        np.where(there, found.value, np.nan), np.where(there, found.standard_error, np.nan)
    )


def _lesson(name: str, found: Summary, pvalue: float, adjusted: float) -> Lesson:
    tests = int(found.number)
    if tests < FEWEST:
        return Lesson(name, tests, None, None, None, None, None, None, None)
    mean, following = found.mean.interval().exp(), found.next_one().exp()
    return Lesson(
        name,
        tests,
        float(np.exp(found.mean.value)),
        float(mean.lower),
        float(mean.upper),
        (float(following.lower), float(following.upper)),
        float(pvalue),
        float(adjusted),
        float(found.inconsistency),
    )
