"""The words with which an audience searches beside the words that the organisation uses.

Counts of searches are not a sample of people: one person can search often, and rare searches are
left out by those who count them. So there is no p-value here, only both counts. Words of fewer
than `FEWEST` searches are not shown: a rare search can be about a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from audiences.aggregates import counts as counted
from audiences.methods.rates import wilson
from audiences.texts.corpus import Corpus
from audiences.texts.stems import content, stem
from audiences.texts.tokens import tokens
from campaigns.store import Snapshot

FEWEST = 10
"""Searches below which a word is not shown."""


@dataclass(frozen=True)
class Word:
    """A word of the audience: its searches, in how many search terms, and how many texts use it.

    ``share`` is the part of the organisation's texts with it, with its 95 % bounds (Wilson).
    """

    word: str
    searches: int
    terms: int
    texts: int
    share: float
    lower: float
    upper: float


def searched(snapshot: Snapshot) -> dict[str, int]:
    """Search terms with how often each was searched, else shown; of all sites together.

    Of a term known by day and by period the larger sum is taken: they are the same searches.
    """
    rows = snapshot.rows("""
        WITH known AS (SELECT source, term, first_day IS NOT DISTINCT FROM last_day AS is_day,
            coalesce(searches, impressions) AS times FROM search_terms),
        summed AS (SELECT source, term,
            greatest(sum(times) FILTER (is_day), max(times) FILTER (NOT is_day)) AS times
            FROM known GROUP BY source, term)
        SELECT term, sum(times)::BIGINT AS times FROM summed WHERE times IS NOT NULL
        GROUP BY term ORDER BY term
    """)
    return {row["term"]: row["times"] for row in rows}


def beside(corpus: Corpus, terms: Mapping[str, int], most: int = 20) -> list[Word]:
    """The words of search terms, most searched first, and how many texts have them.

    Search terms are too short to know their language: they are read in that of most texts.
    """
    texts = [(spoken, places) for _label, spoken, places in corpus.groups(None)]
    if not texts:
        return []
    spoken, number = texts[0][0], len(texts[0][1])
    used = Counter(root for place in texts[0][1] for root in set(corpus.stems[place]))
    searches: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    found: Counter[str] = Counter()
    for term, times in terms.items():
        words = {stem(word, spoken): word for word in content(tokens(term).words, corpus.left_out)}
        for root, word in words.items():
            searches[root] += times
            forms[root][word] += times
            found[root] += 1
    kept = [root for root, times in searches.items() if times >= FEWEST]
    best = sorted(kept, key=lambda root: (-searches[root], root))[:most]
    counts = [used[root] for root in best]
    bounds = wilson(counted([number] * len(best), counts))
    return [
        Word(forms[root].most_common(1)[0][0], searches[root], found[root], count, count / number,
             float(low), float(high))
        for root, count, low, high in zip(best, counts, bounds.lower, bounds.upper, strict=True)
    ]  # fmt: skip
