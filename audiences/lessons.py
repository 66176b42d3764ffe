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
from audiences.methods import posts, rates, sample_ratio
from audiences.methods.summary import Summary, summarise
from audiences.trials import Names, Table
from audiences.verdicts import percent
from campaigns.errors import N_, Message

FEWEST = 10
"""A feature that fewer tests tell something about teaches nothing."""

LONG = 80
"""Characters from which a text is called long."""

_NUMBER = re.compile(r"\d")
_QUOTE = re.compile(r"[\"“”„«»]|(?<!\w)['‘’][^'‘’]+['‘’](?!\w)")
_READER = re.compile(r"\b(?:je|jij|jou|jouw|jullie|u|uw|you|your|yours)\b", re.IGNORECASE)
_WE = re.compile(r"\b(?:wij|we|ons|onze|us|our|ours)\b", re.IGNORECASE)
_TAG = re.compile(r"(?<!\w)#\w")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…:])\s+|\n+")


def has_name(text: str) -> bool:
    """Whether a name seems to stand in a text: a word with a capital that begins no sentence.

    A heading in which most words have capitals tells nothing; names at a beginning are missed.

    >>> has_name("Kom naar Zwolle"), has_name("Kom mee. Vandaag nog"), has_name("The Best Day Ever")
    (True, False, False)
    """
    inner = [word for part in _SENTENCE.split(text) for word in _WORD.findall(part)[1:]]
    capital = [word for word in inner if word[0].isupper() and word[1:].islower()]
    return 0 < len(capital) <= len(inner) / 2


TEXT_FEATURES: dict[str, Callable[[str], bool]] = {
    "question": lambda text: "?" in text,
    "exclamation": lambda text: "!" in text,
    "number": lambda text: _NUMBER.search(text) is not None,
    "name": has_name,
    "quote": lambda text: _QUOTE.search(text) is not None,
    "reader": lambda text: _READER.search(text) is not None,
    "we": lambda text: _WE.search(text) is not None,
    "hashtag": lambda text: _TAG.search(text) is not None,
    "long": lambda text: len(text) >= LONG,
}
"""Features that can be read in a text, Dutch or English: a question mark, a digit, a name,
quotation marks, the reader addressed (je, u, you), we and us, a hashtag, `LONG` characters."""

LABELS = {
    "question": N_("a question"),
    "exclamation": N_("an exclamation mark"),
    "number": N_("a number"),
    "name": N_("a name"),
    "quote": N_("a quotation"),
    "reader": N_("the reader addressed"),
    "we": N_("we or us"),
    "hashtag": N_("a hashtag"),
    "long": N_("80 characters or more"),
}
"""What the features are called, as part of a sentence; other features are called by their name."""

_SURE = 0.05
_YES = {"1", "1.0", "yes", "ja", "true", "waar", "x", "y", "j"}


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


def label(feature: str) -> Message:
    """What a feature is called. ``tag:`` and ``image:`` begin what a picture shows, and is.

    >>> str(label("tag:person")), str(label("image:bright"))
    ('person in the picture', 'a picture of the kind “bright”')
    """
    kind, colon, text = feature.partition(":")
    if colon and kind == "tag":
        return Message(N_("{tag} in the picture"), {"tag": text})
    if colon and kind == "image":
        return Message(N_("a picture of the kind “{trait}”"), {"trait": Message(text)})
    return Message(LABELS.get(feature, "{feature}"), {"feature": feature})


def said(lesson: Lesson) -> Message:
    """A lesson as a sentence, which never says more than the tests do.

    >>> str(said(Lesson("question", 40, 1.2, 1.1, 1.3, (0.9, 1.6), 1e-4, 1e-3, 0.4)))
    'With a question variants do 20% better on average (between +10% and +30%), over 40 tests.'
    """
    values: dict[str, object] = {"feature": label(lesson.feature), "n": lesson.tests}
    if lesson.ratio is None or lesson.lower is None or lesson.upper is None:
        text = N_("Of {feature} too little is known: {n} tests have variants with it and without, "
                  "and it takes {least}.")  # fmt: skip
        return Message(text, {**values, "least": FEWEST})
    values |= {
        "size": percent(abs(lesson.ratio - 1)),
        "lower": percent(lesson.lower - 1, signed=True),
        "upper": percent(lesson.upper - 1, signed=True),
    }
    if not is_learnt(lesson):
        return Message(
            N_("Of {feature} no difference could be shown: between {lower} and {upper} on average, "
               "over {n} tests."), values,
        )  # fmt: skip
    if lesson.ratio > 1:
        return Message(
            N_("With {feature} variants do {size} better on average (between {lower} and {upper}), "
               "over {n} tests."), values,
        )  # fmt: skip
    return Message(
        N_("With {feature} variants do {size} worse on average (between {lower} and {upper}), "
           "over {n} tests."), values,
    )  # fmt: skip


def is_learnt(lesson: Lesson) -> bool:
    """Whether the feature makes a difference, all features that were tried considered."""
    return lesson.pvalue_adjusted is not None and lesson.pvalue_adjusted <= _SURE


def text_features(texts: Mapping[str, str], names: Names) -> dict[str, Flags]:
    """The features of the texts of variants, in the shape of ``names``; no text, no feature.

    >>> found = text_features({"A": "Wist je dit?", "B": "3 tips"}, np.array([["A", "B"]], object))
    >>> found["question"].tolist(), found["number"].tolist()
    ([[True, False]], [[False, True]])
    """
    return features_of(np.array([[texts.get(name, "") for name in row] for row in names], object))


def features_of(texts: Names) -> dict[str, Flags]:
    """The features of texts, in their shape; an empty text has none."""
    return {
        feature: np.array([[bool(text) and has(text) for text in row] for row in texts], np.bool_)
        for feature, has in TEXT_FEATURES.items()
    }


def tagged(marks: Names) -> Flags:
    """Which variants have something, of marks such as people write: 1, yes, ja, true, x.

    >>> tagged(np.array([["ja", "0", "Yes", "", None]], object)).tolist()
    [[True, False, True, False, False]]
    """
    return np.array([[str(mark or "").strip().casefold() in _YES for mark in row] for row in marks])


def lessons(
    table: Table, features: Mapping[str, ArrayLike], unit: str = "impression"
) -> list[Lesson]:
    """What each feature does, given which variants of the table have it; the strongest first.

    By impressions that were drawn by lot, or by posts. A test in which all variants have the
    feature, or none, teaches nothing about it; nor does one that is not `is_fair`.
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
        place = side * table.strata + table.stratum
        made = posts.arms(place, 2 * tests * table.strata, table.above, table.below)
        both = made.reshaped((tests, 2, table.strata))
        return posts.compare_within(both[:, 0], both[:, 1])
    number = 2 * tests
    counted = counts(
        sums_by(side, number, table.below).reshape(tests, 2),
        sums_by(side, number, table.above).reshape(tests, 2),
    )
    found = _steadied(counted[:, 0], counted[:, 1])
    return estimate(np.where(is_fair(table), found.value, np.nan), found.standard_error)


def is_fair(table: Table) -> Flags:
    """Which tests showed their variants equally often, as lots would have it."""
    trials = np.where(table.there, table.counts().trials, np.nan)
    pvalue = sample_ratio.fixed(trials, table.there.astype(float))
    return np.asarray(~(pvalue < sample_ratio.ALARM))


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
