"""Words under which forms of one word come together: Snowball stems, by NLTK, without its data.

A stem is a rule of thumb: *berekening* and *berekende* are one, *schip* and *schepen* are not. It
is shown as the form that was used most.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from audiences.texts.lists import LANGUAGES, words

SHORTEST = 3
"""Letters that a word needs to count as one that says something."""


@lru_cache(maxsize=200_000)
def stem(word: str, language: str | None) -> str:
    """The stem of a word; a text without a known language keeps its words.

    >>> stem("fietsen", "nl"), stem("cycling", "en"), stem("fietsen", None)
    ('fiets', 'cycl', 'fietsen')
    """
    return str(_stemmer(language).stem(word)) if language in LANGUAGES else word


def content(text: Iterable[str], left_out: frozenset[str] = frozenset()) -> list[str]:
    """The words that say what a text is about: no small words, and none of ``left_out``.

    >>> content("we bouwen een nieuwe brug".split())
    ['bouwen', 'nieuwe', 'brug']
    """
    small = _small(left_out)
    return [word for word in text if len(word) >= SHORTEST and word not in small]


@lru_cache(maxsize=8)
def _small(left_out: frozenset[str]) -> frozenset[str]:
    return words("stop_nl") | words("stop_en") | left_out


@cache
def _stemmer(language: str) -> Any:
    from nltk.stem.snowball import SnowballStemmer  # slow to load

    return SnowballStemmer({"nl": "dutch", "en": "english"}[language])
