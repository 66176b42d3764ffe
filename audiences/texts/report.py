"""All that texts say, by group: one question and its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from audiences.texts.collocations import Collocation, collocations
from audiences.texts.corpus import Corpus, read
from audiences.texts.gathering import gather
from audiences.texts.keywords import Keyword, halves, keywords
from audiences.texts.lists import LANGUAGES
from audiences.texts.readability import Size, reading_ease
from audiences.texts.topics import Topics, topics
from audiences.texts.vocabulary import Word, beside, searched
from audiences.texts.wording import tone_word
from campaigns.store import Snapshot

BY = ("campaign", "platform", "account_id", "role", "media_type", "month")
"""The columns of the store's posts by which texts can be told apart."""

_WITHIN = ("platform", "account_id")


@dataclass(frozen=True)
class Group:
    """What the texts of a group are like. ``group`` is null for texts without one.

    ``languages`` counts texts per language, ``unknown`` among them; ``reading_ease`` is per
    language, of all its texts together, null for too few words. ``questions`` and ``calls`` count
    texts, the latter of those in a known language (``known``). ``tones`` counts texts per tone:
    those with at least one word of the lexicon; ``tone`` is their mean, null where there are none.
    """

    group: Hashable | None
    texts: int
    known: int
    languages: dict[str, int]
    reading_ease: dict[str, float | None]
    questions: int
    calls: int
    tones: dict[str, int]
    tone: float | None
    keywords: list[Keyword] = field(default_factory=list)
    collocations: list[Collocation] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """The answer: all texts together, each group, topics, and words that go with a result.

    ``left_out`` counts posts that may not be read. ``results`` has the words of texts above
    (``more``) and not above (``less``) the middle of their own account; empty without a figure.
    ``searched`` has the words of the audience, beside how many texts use them.
    """

    by: str
    whole: Group
    groups: list[Group]
    topics: list[Topics]
    figure: str | None = None
    results: dict[str, list[Keyword]] = field(default_factory=dict)
    searched: list[Word] = field(default_factory=list)
    left_out: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        made = asdict(self)
        for one in made["topics"]:
            del one["of_text"]
        return made


def report(
    source: Snapshot | pd.DataFrame, by: str = "campaign", figure: str | None = None, most: int = 10
) -> Report:
    """What texts say by a column: those of the store that may be read, or the ``text`` of a frame.

    ``figure`` names a column of numbers to learn from which words go with more of it, compared
    within platform and account where the frame has them; of the store it is ``rate``.
    `KeyError` for a column that is not there.
    """
    if isinstance(source, pd.DataFrame):
        return _report(read(source), by, figure, most)
    gathered = gather(source)
    corpus = read(gathered.posts, gathered.names)
    terms = searched(source)
    return _report(
        corpus, by, figure or "rate", most, left_out=gathered.left_out,
        searched=beside(corpus, terms) if terms else [],
    )  # fmt: skip


def _report(corpus: Corpus, by: str, figure: str | None, most: int, **rest: Any) -> Report:
    features = corpus.features().reset_index(drop=True)
    labels = corpus.labels(by)
    typical, pairs = keywords(corpus, labels, most), collocations(corpus, labels, most)
    places: dict[Hashable | None, list[int]] = {}
    for place, label in enumerate(labels):
        places.setdefault(label, []).append(place)
    order = sorted(places, key=lambda label: (label is None, -len(places[label]), str(label)))
    groups = [
        _group(corpus, features, label, places[label], typical.get(label, []), pairs.get(label, []))
        for label in order
    ]
    whole = _group(
        corpus, features, None, range(len(corpus)), [], collocations(corpus, None, most).get("", [])
    )
    return Report(by, whole, groups, topics(corpus), figure, _results(corpus, figure, most), **rest)


def _results(corpus: Corpus, figure: str | None, most: int) -> dict[str, list[Keyword]]:
    if figure is None:
        return {}
    within = [name for name in _WITHIN if name in corpus.frame]
    found = keywords(corpus, halves(corpus.frame, figure, within).tolist(), most)
    return {str(label): words for label, words in found.items()}


def _group(
    corpus: Corpus, features: pd.DataFrame, label: Hashable | None, places: Sequence[int],
    typical: list[Keyword], pairs: list[Collocation],
) -> Group:  # fmt: skip
    rows = features.iloc[list(places)]
    spoken = Counter(corpus.languages[place] or "unknown" for place in places)
    sizes = dict.fromkeys(LANGUAGES, Size())
    for place in places:
        if name := corpus.languages[place]:
            sizes[name] += corpus.sizes[place]
    tones = rows["tone"].astype(float).dropna()
    return Group(
        group=label,
        texts=len(rows),
        known=len(rows) - spoken["unknown"],
        languages={name: spoken[name] for name in (*LANGUAGES, "unknown")},
        reading_ease={name: reading_ease(sizes[name], name) for name in LANGUAGES},
        questions=int(rows["is_question"].sum()),
        calls=sum(value is True for value in rows["is_call"]),
        tones=dict(Counter(tone_word(value) or "" for value in tones)),
        tone=float(tones.mean()) if len(tones) else None,
        keywords=typical,
        collocations=pairs,
    )
