"""What texts are about, when they fall into topics at all: TF-IDF and NMF, by scikit-learn.

The topics of all texts are compared with those of `DRAWS` random halves: a topic counts as found
again by how many of its `WORDS` strongest words come back (Jaccard, best match). The number of
topics with the most stable result is taken, and only when it reaches `STABLE`; else the answer is
that there are no topics. Everything random has a seed: the same texts give the same topics.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from audiences.texts.corpus import Corpus

FEWEST = 60
"""Different texts of one language below which no topics are sought."""

NUMBERS = (2, 3, 4, 5, 6, 8, 10)
"""The numbers of topics that are tried."""

STABLE = 0.6
"""The least mean overlap of words of topics found in halves of the texts."""

DRAWS = 8
WORDS = 8
LARGEST = 4_000
"""Texts from which topics are learnt; of more, so many are drawn."""

_VOCABULARY = 1_500
_SEED = 20250301


@dataclass(frozen=True)
class Topic:
    """A topic: its strongest words, and in how many texts it is the strongest topic.

    ``stability`` is the mean overlap (Jaccard) with its like in random halves of the texts.
    """

    words: tuple[str, ...]
    texts: int
    stability: float


@dataclass(frozen=True)
class Topics:
    """The topics of a language, largest first; empty where no stable ones were found.

    ``stability`` is that of the best number of topics, null where too few texts were there to look.
    ``of_text`` has the topic (its place in ``topics``) of texts that have one, by their place.
    """

    language: str
    texts: int
    stability: float | None
    topics: tuple[Topic, ...] = ()
    of_text: dict[int, int] = field(default_factory=dict)


def topics(corpus: Corpus, numbers: Sequence[int] = NUMBERS) -> list[Topics]:
    """The topics in each language of the texts; each different text counts once."""
    return [
        _of_language(corpus, spoken, places, numbers)
        for _label, spoken, places in corpus.groups(None)
    ]


def _of_language(corpus: Corpus, spoken: str, places: list[int], numbers: Sequence[int]) -> Topics:
    if len(places) < FEWEST:
        return Topics(spoken, len(places), None)
    chance = np.random.default_rng(_SEED)
    learnt = places
    if len(places) > LARGEST:
        learnt = [places[n] for n in np.sort(chance.choice(len(places), LARGEST, replace=False))]
    vectors, names = _vectors([corpus.stems[place] for place in learnt])
    if vectors is None:
        return Topics(spoken, len(places), None)
    halves = [
        chance.choice(vectors.shape[0], vectors.shape[0] // 2, replace=False)
        for _draw in range(DRAWS)
    ]
    tried = {
        number: _stabilities(vectors, number, halves)
        for number in numbers
        if number * 10 <= vectors.shape[0] and number < vectors.shape[1]
    }
    if not tried:
        return Topics(spoken, len(places), None)
    best = max(tried, key=lambda number: (round(float(tried[number].mean()), 3), number))
    stability = float(tried[best].mean())
    if stability < STABLE:
        return Topics(spoken, len(places), stability)
    model = _fitted(vectors, best)
    shown = [corpus.shown[spoken, str(name)] for name in names]
    return _named(spoken, len(places), learnt, vectors, model, shown, tried[best])


def _named(
    spoken: str, texts: int, learnt: list[int], vectors: Any, model: Any, shown: list[str],
    stabilities: np.ndarray,
) -> Topics:  # fmt: skip
    weights = model.transform(vectors)
    strongest = np.where(weights.max(1) > 0, weights.argmax(1), -1)
    counts = np.bincount(strongest[strongest >= 0], minlength=len(stabilities))
    order = np.argsort(-counts, kind="stable")
    place = {int(topic): n for n, topic in enumerate(order)}
    found = tuple(
        Topic(
            tuple(shown[n] for n in _strongest(model.components_[topic])),
            int(counts[topic]),
            float(stabilities[topic]),
        )
        for topic in order
    )
    of_text = {learnt[n]: place[int(one)] for n, one in enumerate(strongest) if one >= 0}
    return Topics(spoken, texts, float(stabilities.mean()), found, of_text)


def _vectors(texts: list[tuple[str, ...]]) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # slow to load

    maker = TfidfVectorizer(
        analyzer=lambda text: text, min_df=3, max_df=0.5, max_features=_VOCABULARY,
        sublinear_tf=True,
    )  # fmt: skip
    try:
        vectors = maker.fit_transform(texts)
    except ValueError:  # no word stands in three texts
        return None, None
    there = np.asarray(vectors.sum(1)).ravel() > 0
    return (vectors if there.any() else None), maker.get_feature_names_out()


def _fitted(vectors: Any, number: int) -> Any:
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(number, init="nndsvda", random_state=_SEED, max_iter=200, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(vectors)


def _stabilities(vectors: Any, number: int, halves: list[np.ndarray]) -> np.ndarray:
    """For each topic of all texts, its mean overlap with its like in the halves."""
    whole = [set(_strongest(one)) for one in _fitted(vectors, number).components_]
    found = np.zeros((len(halves), number))
    for n, half in enumerate(halves):
        part = [set(_strongest(one)) for one in _fitted(vectors[half], number).components_]
        overlap = np.array([[len(a & b) / max(1, len(a | b)) for b in part] for a in whole])
        rows, columns = linear_sum_assignment(-overlap)
        found[n, rows] = overlap[rows, columns]
    means: np.ndarray = found.mean(0)
    return means


def _strongest(weights: np.ndarray) -> list[int]:
    """The places of the strongest words of a topic that weigh anything."""
    order = np.argsort(-weights, kind="stable")[:WORDS]
    return [int(place) for place in order if weights[place] > 0]
