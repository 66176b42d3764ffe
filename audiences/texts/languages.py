"""The language of a text: Dutch, English, or not known, by its small words.

Words that only one of both languages has among its commonest decide: at least two of them, at least
15 % of all words, and at least twice as many as of the other language. Else nothing is said: the
text is too short, in both languages, or in a third one. A sister language (Afrikaans, Frisian) is
not told from Dutch where it uses the same small words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from audiences.texts.lists import LANGUAGES, words

FEWEST = 2
"""Words of a language that a text must have at least."""

SHARE = 0.15
"""Of all words of a text, the part that must be such words."""

_BOTH = frozenset({"been", "had", "man", "me", "men", "on", "toe", "want", "what", "die", "an"})


def language(text: Sequence[str]) -> str | None:
    """``nl`` or ``en`` by the words of a text (`tokens`); None where they do not tell.

    >>> language("we bouwen een nieuwe brug over de rivier".split())
    'nl'
    >>> language("we are building a new bridge over the river".split())
    'en'
    >>> language(["tot", "morgen"]) is None
    True
    """
    own = _own()
    found = {name: sum(word in own[name] for word in text) for name in LANGUAGES}
    best, other = sorted(LANGUAGES, key=lambda name: -found[name])
    enough = max(FEWEST, SHARE * len(text), 2 * found[other])
    return best if found[best] >= enough else None


@cache
def _own() -> dict[str, frozenset[str]]:
    dutch, english = (words(f"stop_{name}") for name in LANGUAGES)
    both = (dutch & english) | _BOTH
    return {"nl": dutch - both, "en": english - both}
