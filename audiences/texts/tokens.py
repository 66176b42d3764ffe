"""A text in parts: words, hashtags, mentions, addresses, emoji; and its sentences.

What was masked when a text was imported (``@~…`` for a person, ``[e-mail]``, ``[gewist]`` …) is no
word and no mention: nobody comes back through a list of words.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from audiences.texts.lists import words

_URL = re.compile(r"(?:https?://|www\.)\S+|\b(?:t\.co|lnkd\.in|bit\.ly)/\S+", re.IGNORECASE)
_MASKED = re.compile(r"\[[a-zA-Z-]{2,20}\]|@?~[0-9a-f]{8,}\b")
_TAG = re.compile(r"(?<![\w&#])#(\w*[^\W\d]\w*)")
_MENTION = re.compile(r"(?<![\w@])@(\w+(?:[.-]\w+)*)")
_EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2190-\u21ff]"
    "(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?)*)"
)
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+|-[^\W\d_]+)*(?!\w)")
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n+")
_LAST = re.compile(r"(\S+)$")


@dataclass(frozen=True)
class Tokens:
    """The parts of a text, each in the order in which it stands there; in lower case.

    ``plain`` is what people read: the text without addresses, hashtags, mentions, emoji and what
    was masked, its letters as they were.
    """

    words: tuple[str, ...]
    hashtags: tuple[str, ...]
    mentions: tuple[str, ...]
    urls: tuple[str, ...]
    emoji: tuple[str, ...]
    plain: str


def tokens(text: str) -> Tokens:
    """The parts of a text.

    >>> found = tokens("Hoi @buur! Zo'n 3 tips 👍🏽 voor #Zwem: https://t.co/a1?b @~0123456789")
    >>> found.words, found.hashtags, found.mentions
    (('hoi', "zo'n", 'tips', 'voor'), ('zwem',), ('buur',))
    >>> found.urls, found.emoji
    (('https://t.co/a1?b',), ('👍🏽',))
    """
    rest = html.unescape(text).replace("\xa0", " ")
    urls = tuple(_URL.findall(rest)) if "/" in rest or "www." in rest.lower() else ()
    if urls:
        rest = _URL.sub(" ", rest)
    if "[" in rest or "~" in rest:
        rest = _MASKED.sub(" ", rest)
    mentions = tuple(found.lower() for found in _MENTION.findall(rest)) if "@" in rest else ()
    if "@" in rest:
        rest = _MENTION.sub(" ", rest)
    tags = tuple(found.lower() for found in _TAG.findall(rest)) if "#" in rest else ()
    if tags:
        rest = _TAG.sub(" ", rest)
    emoji: tuple[str, ...] = ()
    if not rest.isascii():
        emoji = tuple(_EMOJI.findall(rest))
        rest = _EMOJI.sub(" ", rest) if emoji else rest
    found = tuple(_WORD.findall(rest.lower().replace("’", "'")))
    return Tokens(found, tags, mentions, urls, emoji, rest)


def sentences(plain: str) -> list[str]:
    """The sentences of `Tokens.plain` that have a word; a line is no longer than a sentence.

    A full stop after an abbreviation, a single letter or a small number ends none: *art. 5*,
    *dhr. J. de Wit*, *1. maart*.

    >>> sentences("Dhr. De Wit opent de brug. Komt u ook?\\nTot dan")
    ['Dhr. De Wit opent de brug.', 'Komt u ook?', 'Tot dan']
    """
    found, start = [], 0
    for end in _END.finditer(plain):
        if end[0] == "." and _is_short(plain[start : end.start()]):
            continue
        found.append(plain[start : end.end()].strip())
        start = end.end()
    found.append(plain[start:].strip())
    return [one for one in found if _WORD.search(one)]


def _is_short(before: str) -> bool:
    last = _LAST.search(before)
    word = last[1].lower().lstrip("(\"'") if last else ""
    return (
        (word.isdigit() and len(word) < 3)
        or (len(word) == 1 and word.isalpha())
        or word in words("abbreviations")
    )
