"""Pairs of words that stand side by side more often than chance, by NLTK's likelihood ratio."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from audiences import multiplicity
from audiences.texts.corpus import Corpus
from audiences.texts.stems import content

FEWEST = 3
"""Times that a pair must occur."""


@dataclass(frozen=True)
class Collocation:
    """Two words side by side: ``count`` times where ``expected`` would be chance.

    ``likelihood_ratio`` is Dunning's G² (one degree of freedom), ``pvalue_adjusted`` is over all
    pairs of the group.
    """

    words: tuple[str, str]
    language: str
    count: int
    expected: float
    likelihood_ratio: float
    pvalue_adjusted: float


def collocations(
    corpus: Corpus, by: str | Sequence[Hashable] | None = None, most: int = 10
) -> dict[Hashable, list[Collocation]]:
    """The pairs of each group of texts, strongest first; without ``by`` of all, as group ''.

    Each different text counts once. A pair has no small words between its words nor as one.
    """
    found: dict[Hashable, list[Collocation]] = {
        label: [] for label in dict.fromkeys(corpus.labels(by)) if label is not None
    }
    for label, spoken, places in corpus.groups(by):
        pairs = _pairs([corpus.tokens[place].words for place in places], spoken, corpus.left_out)
        found[label] = sorted(
            [*found[label], *pairs], key=lambda one: (-one.likelihood_ratio, one.words)
        )[:most]
    return found


def _pairs(
    texts: Sequence[tuple[str, ...]], language: str, left_out: frozenset[str]
) -> list[Collocation]:
    from nltk.collocations import BigramCollocationFinder  # slow to load
    from nltk.metrics import BigramAssocMeasures

    finder = BigramCollocationFinder.from_documents(texts)
    kept = set(content(finder.word_fd, left_out))
    finder.apply_word_filter(lambda word: word not in kept)
    finder.apply_freq_filter(FEWEST)
    scored = finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)
    adjusted = multiplicity.benjamini_hochberg(
        stats.chi2.sf(np.array([score for _pair, score in scored], float), 1)
    )
    made = []
    for (pair, score), pvalue in zip(scored, adjusted, strict=True):
        first, second = (finder.word_fd[word] for word in pair)
        count, expected = finder.ngram_fd[pair], first * second / finder.N
        if count > expected:
            made.append(Collocation(pair, language, count, expected, float(score), float(pvalue)))
    return made
