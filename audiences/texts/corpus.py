"""Texts that were read: parts, language and stems of each, beside the columns they came with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from audiences.texts.languages import language
from audiences.texts.readability import Size, reading_ease, size
from audiences.texts.stems import content, stem
from audiences.texts.tokens import Tokens, tokens
from audiences.texts.wording import is_call, is_question, polarity


@dataclass(frozen=True)
class Corpus:
    """Texts in the order of ``frame``; ``left_out`` are words that must not be shown (names)."""

    frame: pd.DataFrame
    tokens: list[Tokens]
    languages: list[str | None]
    left_out: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The words of each text that say what it is about."""
        return [tuple(content(one.words, self.left_out)) for one in self.tokens]

    @cached_property
    def stems(self) -> list[tuple[str, ...]]:
        """The stems of these words."""
        return [
            tuple(stem(word, spoken) for word in text)
            for text, spoken in zip(self.words, self.languages, strict=True)
        ]

    @cached_property
    def shown(self) -> dict[tuple[str | None, str], str]:
        """The form under which a stem of a language is shown: the one used most."""
        forms: dict[tuple[str | None, str], Counter[str]] = defaultdict(Counter)
        for text, stems, spoken in zip(self.words, self.stems, self.languages, strict=True):
            for word, root in zip(text, stems, strict=True):
                forms[spoken, root][word] += 1
        return {
            key: min(found, key=lambda word: (-found[word], word)) for key, found in forms.items()
        }

    @cached_property
    def sizes(self) -> list[Size]:
        """Words, syllables and sentences of each text; of an unknown language none."""
        return [
            size(one, spoken) if spoken else Size()
            for one, spoken in zip(self.tokens, self.languages, strict=True)
        ]

    def labels(self, by: str | Sequence[Hashable] | None) -> list[Hashable | None]:
        """The group of each text, by a column or given one by one; null is no group."""
        if by is None:
            return [""] * len(self)
        given = self.frame[by] if isinstance(by, str) else pd.Series(list(by), dtype=object)
        if len(given) != len(self):
            raise ValueError(f"{len(given)} labels for {len(self)} texts")
        return [None if pd.isna(one) else one for one in given.tolist()]

    def groups(
        self, by: str | Sequence[Hashable] | None
    ) -> Iterator[tuple[Hashable, str, list[int]]]:
        """Group, language and places of its texts, each different text once; largest first.

        A text that was posted again, or shared by many, counts as one.
        """
        found: dict[tuple[Hashable, str], dict[tuple[str, ...], int]] = defaultdict(dict)
        for place, label in enumerate(self.labels(by)):
            spoken = self.languages[place]
            if label is not None and spoken:
                found[label, spoken].setdefault(self.stems[place], place)
        for (label, spoken), texts in sorted(found.items(), key=lambda one: -len(one[1])):
            yield label, spoken, list(texts.values())

    def features(self) -> pd.DataFrame:
        """What is known of each text: language, numbers of parts, readability, asks, calls, tone.

        A row per text, with the index of ``frame``; ``reading_ease`` and ``tone`` are null where
        the text is too short, has no word with a tone, or is in no known language.
        """
        spoken = list(zip(self.tokens, self.languages, strict=True))
        made = {
            "language": self.languages,
            "words": [len(one.words) for one in self.tokens],
            "hashtags": [len(one.hashtags) for one in self.tokens],
            "mentions": [len(one.mentions) for one in self.tokens],
            "links": [len(one.urls) for one in self.tokens],
            "emoji": [len(one.emoji) for one in self.tokens],
            "is_question": [is_question(one) for one in self.tokens],
            "is_call": [is_call(one, name) if name else None for one, name in spoken],
            "reading_ease": [
                reading_ease(one, name)
                for one, name in zip(self.sizes, self.languages, strict=True)
            ],
            "tone": [polarity(one.words, name) for one, name in spoken],
        }
        return pd.DataFrame(made, index=self.frame.index)


def read(frame: pd.DataFrame, left_out: frozenset[str] = frozenset()) -> Corpus:
    """Read the column ``text`` of a frame; rows without a text are left out.

    ``left_out`` are words, in lower case, that are shown nowhere: names of persons. `KeyError` when
    there is no such column.

    >>> found = read(pd.DataFrame({"text": ["Wij bouwen een brug over de rivier", None]}))
    >>> found.languages, found.stems
    (['nl'], [('bouw', 'brug', 'rivier')])
    """
    there = frame[frame["text"].notna()]
    parts = [tokens(str(text)) for text in there["text"]]
    return Corpus(there, parts, [language(one.words) for one in parts], left_out)
