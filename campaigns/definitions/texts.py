"""What can be read in the text of a post: hashtags, words, addresses; as SQL expressions.

Patterns are ours and run in RE2, which takes linear time whatever the text is. What an operator
looks for is compared as a value. The one pattern made from rules, `may_match`, is built from
single escaped characters and only leaves out posts that cannot match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.store import literal

# Characters that nobody sees: soft hyphen, joiners, direction marks, variation selectors.
_UNSEEN = r"\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FE0E}\x{FE0F}\x{FEFF}"
_ADDRESS = r"(?i)(?:https?://|www\.)\S+|(?:[\pL\pN-]+\.)+\pL{2,}/\S*"
_LINK = (
    r"(?i)(?:^|[^\pL\pN@._-])"
    r"((?:https?://)?(?:[\pL\pN_-]+\.)+\pL{2,}(?::\d+)?(?:[/?#]\S*)?)"
)
_TAG = rf"[#＃][{_UNSEEN}]*[\pL\pN_][\pL\pM\pN_{_UNSEEN}]*"
# LinkedIn puts the word "hashtag" before a tag for those who cannot see it, and people copy it.
_TAGS = rf"(?:^|(?i:hashtag)|[^\pL\pM\pN_&])((?:{_TAG})+)"
_KNOTTY = r"\S#|#\S*/"
_OTHER = r"[^\x00-\x7F]"
_GAPS = r"[^\pL\pM\pN]+"
_UTM = r"(?i)[?&;#]utm_campaign=([^&#\s]*)"
_CLOSING = literal(".,;:!?)]}>\"'»”’…")

SHORTENERS = (
    "t.co", "lnkd.in", "bit.ly", "ow.ly", "buff.ly", "tinyurl.com", "goo.gl", "dlvr.it", "ift.tt",
    "fb.me", "is.gd", "rb.gy", "t.ly", "trib.al",
)  # fmt: skip
"""Services whose links do not show where they lead."""


def _without(text: str, pattern: str, by: str = "") -> str:
    return f"regexp_replace({text}, {literal(pattern)}, {literal(by)}, 'g')"


def hashtags(text: str) -> str:
    """SQL for the list of hashtags in a text, as they are written, without the sign.

    A tag begins where no word goes on, and ends where the word ends; addresses have none.
    """
    plain = f"regexp_extract_all({text}, '#([A-Za-z0-9_]+)', 1)"
    return f"CASE WHEN {_is_plain(text)} THEN {plain} ELSE {any_hashtags(text)} END"


def _is_plain(text: str) -> str:
    """SQL for whether a text has only ASCII, and each ``#`` begins a word that is no address.

    Most texts are so, and their tags are read in an eighth of the time.
    """
    return f"strlen({text}) = length({text}) AND NOT regexp_matches({text}, {literal(_KNOTTY)})"


def any_hashtags(text: str) -> str:
    """SQL for the hashtags of any text; `hashtags` gives the same, faster."""
    chains = f"regexp_extract_all({_without(text, _ADDRESS, ' ')}, {literal(_TAGS)}, 1)"
    return f"regexp_extract_all(array_to_string({chains}, ' '), '[^#＃ ]+')"


def tag_key(tag: str) -> str:
    """SQL for a hashtag as tags are compared: without case; accents count.

    Normalised twice: lower case can fall apart into a letter and its mark.
    """
    seen = _without(tag, f"[{_UNSEEN}]")
    return f"nfc_normalize(lower(nfc_normalize({seen})))"


def folded(text: str) -> str:
    """SQL for a text without case and accents."""
    plain = f"replace(strip_accents(lower({_without(text, f'[{_UNSEEN}]')})), 'ς', 'σ')"
    return f"CASE WHEN length({text}) = strlen({text}) THEN lower({text}) ELSE {plain} END"


def plain_words(text: str) -> str:
    """SQL for a text without case, accents and addresses."""
    bare = _without(text, _ADDRESS, " ")
    return folded(f"(CASE WHEN regexp_matches({text}, '/|(?i:www)') THEN {bare} ELSE {text} END)")


def word_key(text: str) -> str:
    """SQL for the words of a text, folded, with one space between: ``kijk op straat``."""
    return f"trim({_without(f'({folded(text)})', _GAPS, ' ')})"


def has_phrase(key: str) -> str:
    r"""A pattern for these whole words (a `word_key`), one after another, in folded text.

    >>> has_phrase("op weg")
    '(?:^|[^\\pL\\pM\\pN])op[^\\pL\\pM\\pN]+weg(?:[^\\pL\\pM\\pN]|$)'
    """
    gap = _GAPS.removesuffix("+")
    return f"(?:^|{gap}){_GAPS.join(map(re.escape, key.split()))}(?:{gap}|$)"


def addresses(text: str) -> str:
    """SQL for the list of addresses in a text, as `address_key` gives them."""
    found = f"regexp_extract_all(replace({text}, '&amp;', '&'), {literal(_LINK)}, 1)"
    return f"list_transform({found}, lambda found: {address_key('found')})"


def address_key(address: str) -> str:
    """SQL for an address as addresses are compared: no scheme, no ``www.``, no case."""
    plain = f"regexp_replace(lower({address}), '^(?:https?://)?(?:www\\.)?', '')"
    return f"rtrim({plain}, {_CLOSING})"


def page_key(url: str) -> str:
    """SQL for the address of a page: no scheme, ``www.``, query or last slash, no case."""
    plain = r"'^(?:https?://)?(?:www\.)?|[?#].*$'"
    return f"rtrim(regexp_replace(lower({url}), {plain}, '', 'g'), '/')"


def leads_to(address: str, target: str) -> str:
    """SQL for whether an address is, or lies below, a domain or address (both as keys).

    >>> leads_to("a", "t")
    "(a = t OR starts_with(a, t) AND ..."
    """
    host = f"regexp_extract({address}, '^[^/?#:]*')"
    return (
        f"({address} = {target} OR starts_with({address}, {target}) "
        f"AND substr({address}, length({target}) + 1, 1) IN ('/', '?', '#', '&', ':') "
        f"OR NOT contains({target}, '/') AND ends_with({host}, '.' || {target}))"
    )


def utm_campaigns(text: str) -> str:
    """SQL for the list of ``utm_campaign`` values in the links of a text, decoded."""
    found = f"regexp_extract_all(replace({text}, '&amp;', '&'), {literal(_UTM)}, 1)"
    spaced = "replace(found, '+', ' ')"
    decoded = f"coalesce(TRY(url_decode({spaced})), {spaced})"  # %FF alone is no text
    return f"list_transform({found}, lambda found: {utm_key(decoded)})"


def utm_key(value: str) -> str:
    """SQL for a ``utm_campaign`` as it is compared: no case, no closing punctuation."""
    return f"rtrim(trim(nfc_normalize(lower({value}))), {_CLOSING})"


def is_shortened(text: str) -> str:
    """SQL for whether a text holds a link that does not show where it leads."""
    known = "|".join(re.escape(name) for name in SHORTENERS)
    return f"regexp_matches({text}, {literal(f'(?:^|[^A-Za-z0-9._-])(?:{known})/')})"


def may_match(keys: Iterable[str], after: str = "") -> str:
    """A pattern which every text has that holds one of these keys, whatever its writing.

    A letter may stand as capital, with accents, or with unseen characters between. ``after`` is
    a pattern for what comes before the key.

    >>> found = re.compile(may_match(["ecole", "a.b"]))
    >>> [bool(found.search(text)) for text in ("ÉCOLE", "acb", "a.b")]
    [True, False, True]
    """
    any_key = "|".join("".join(map(_loosely, key)) for key in sorted(set(keys)))
    return f"(?i:{after}{_OTHER}*(?:{any_key}))"


def _loosely(char: str) -> str:
    if not char.isascii():
        return f"[a-z]?{_OTHER}+"
    if char.isalpha():
        return f"(?:{char}|{_OTHER}){_OTHER}*"
    return f"{re.escape(char)}{_OTHER}*"
