"""What a text does: asks, calls to act, and sounds like.

A call to act is a sentence that is no question and begins with an imperative of a known list
(*Meld je aan*, *Read more*), or a link beside such a verb anywhere. *Stel dat …* is taken for
one, an imperative that is not in the list is missed.

Tone is the mean polarity of the words in a lexicon of mostly adjectives, turned and halved by a
negation in the three words before. It knows no irony, no context and no domain: *armoede
gedaald* is not good news to it. Texts without a word of the lexicon have no tone; how many have
one is told beside every mean. Use it to compare many texts, never to judge one.
"""

from __future__ import annotations

from collections.abc import Sequence

from audiences.lessons import TEXT_FEATURES
from audiences.texts.lists import LANGUAGES, tone, words
from audiences.texts.tokens import Tokens, sentences, tokens

NEUTRAL = 0.2
"""A tone nearer to 0 than this is neutral."""

_NEGATIONS = {
    "nl": frozenset({"niet", "geen", "nooit", "nauwelijks", "zonder", "noch"}),
    "en": frozenset({"not", "no", "never", "hardly", "without", "nor", "cannot"}),
}
_REACH = 3


def is_question(text: Tokens) -> bool:
    """Whether a text asks something; a question mark in an address is none.

    >>> is_question(tokens("Doe je mee?")), is_question(tokens("Lees https://nl.nl/?a=1"))
    (True, False)
    """
    return TEXT_FEATURES["question"](text.plain)


def is_call(text: Tokens, language: str | None) -> bool:
    """Whether a text calls on its reader to do something; False where the language is unknown.

    >>> is_call(tokens("De brug is open. Meld je aan!"), "nl")
    True
    >>> is_call(tokens("Kom je ook?"), "nl"), is_call(tokens("Wij lezen graag"), "nl")
    (False, False)
    """
    if language not in LANGUAGES:
        return False
    verbs = words(f"calls_{language}")
    if text.urls and any(word in verbs for word in text.words):
        return True
    if verbs.isdisjoint(text.words):
        return False
    return any(
        not one.rstrip("\"'”’) ").endswith("?") and tokens(one).words[:1] and
        tokens(one).words[0] in verbs
        for one in sentences(text.plain)
    )  # fmt: skip


def polarity(text: Sequence[str], language: str | None) -> float | None:
    """The tone of the words of a text, from -1 to 1; None where no word has one.

    >>> polarity("een veilig en mooi strand".split(), "nl")
    0.55
    >>> polarity("dit is niet veilig".split(), "nl")
    -0.2
    >>> polarity(["morgen"], "nl") is None
    True
    """
    if language not in LANGUAGES:
        return None
    known, negations = tone(language), _NEGATIONS[language]
    found = []
    for place, word in enumerate(text):
        if word in known:
            before = text[max(0, place - _REACH) : place]
            negated = any(one in negations or one.endswith("n't") for one in before)
            found.append(known[word] * (-0.5 if negated else 1.0))
    return round(sum(found) / len(found), 4) if found else None


def tone_word(value: float | None) -> str | None:
    """``positive``, ``negative`` or ``neutral``; None where there is no tone.

    >>> tone_word(0.3), tone_word(-0.1), tone_word(None)
    ('positive', 'neutral', None)
    """
    if value is None:
        return None
    return "neutral" if abs(value) < NEUTRAL else "positive" if value > 0 else "negative"
