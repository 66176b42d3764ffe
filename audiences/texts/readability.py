"""How easy a text reads: Flesch's formula for English, Douma's (1960) for Dutch.

From about 0 (hard) to 100 (easy), by words per sentence and syllables per word alone: what a text
says and how it is built is not seen. Both were made for texts of a hundred words; a score of fewer
than `FEWEST` words is null. Of several texts words, syllables and sentences are added first, so
that many short texts together do have a score.

Syllables are counted by rules, right for about nine words in ten; English words in a Dutch text
are counted as if they were Dutch.

Sources: R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948) 221-233;
W. H. Douma, De leesbaarheid van landbouwbladen, Wageningen (1960).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from audiences.texts.tokens import Tokens, sentences

FEWEST = 20
"""Words below which a text has no score."""

_DUTCH = re.compile(
    r"aai|ooi|oei|eeu|ieu|eau|aa|ee|oo|uu|o(?=ie)|ie|oe|eu|ui|ei|ij|au|ou|ai(?!e)|oi|"
    r"ïe(?=[^n]|n$)|[aeiouáàâéèêëíìîïóòôöúùûü]|y(?![aeiou])"
)
_QU = re.compile(r"qu")
_ENGLISH = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<![aeiouy])(?<![^aeiouy]l)e$|(?<![tdaeiouy])ed$|(?<![aeiouycgsxz])es$")


@dataclass(frozen=True)
class Size:
    """Words, syllables and sentences of a text; they add up over texts."""

    words: int = 0
    syllables: int = 0
    sentences: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.words + other.words,
            self.syllables + other.syllables,
            self.sentences + other.sentences,
        )


@lru_cache(maxsize=200_000)
def syllables(word: str, language: str) -> int:
    """The syllables of a word in lower case, at least one.

    >>> [syllables(word, "nl") for word in ("gemeente", "beïnvloeden", "nieuw", "koeien", "zoiets")]
    [3, 4, 1, 2, 2]
    >>> [syllables(word, "en") for word in ("table", "places", "make", "walked", "readability")]
    [2, 2, 1, 1, 5]
    """
    if language == "nl":
        return max(1, len(_DUTCH.findall(_QU.sub("q", word))))
    groups = len(_ENGLISH.findall(word)) - bool(_SILENT.search(word))
    return max(1, groups)


def size(text: Tokens, language: str) -> Size:
    """How long a text is: its words and the sentences that have any."""
    return Size(
        len(text.words),
        sum(syllables(word, language) for word in text.words),
        len(sentences(text.plain)),
    )


def reading_ease(one: Size, language: str | None) -> float | None:
    """Flesch-Douma for Dutch, Flesch for English; None for too few words or another language.

    >>> round(reading_ease(Size(40, 60, 4), "nl"), 2), round(reading_ease(Size(40, 60, 4), "en"), 2)
    (82.03, 69.79)
    """
    if one.words < FEWEST or not one.sentences:
        return None
    long, heavy = one.words / one.sentences, one.syllables / one.words
    if language == "nl":
        return 206.835 - 0.93 * long - 77.0 * heavy
    return 206.835 - 1.015 * long - 84.6 * heavy if language == "en" else None
