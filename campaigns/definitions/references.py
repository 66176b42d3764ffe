"""Posts as people name them: a pasted link, an id, or ``platform:id``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from campaigns.schema import PLATFORMS

_X = re.compile(
    r"(?:https?://)?(?:www\.|m\.|mobile\.)?(?:x|twitter)\.com/"
    r"(?:i/web|i|[^/\s?#]+)/status(?:es)?/(\d+)",
    re.IGNORECASE,
)
_LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]+\.)?linkedin\.com/", re.IGNORECASE)
_URN = re.compile(r"urn:li:(activity|share|ugcPost|groupPost):([\d-]+)", re.IGNORECASE)
_SLUG = re.compile(r"/posts/[^\s?#]*?[-_](activity|share|ugcPost)-(\d{6,})", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?:[\w-]+\.)+[^\W\d_]{2,}/\S+", re.IGNORECASE)
_URN_KINDS = {kind.lower(): kind for kind in ("activity", "share", "ugcPost", "groupPost")}


@dataclass(frozen=True)
class Reference:
    """What a named post can be: ids (with their platform, where that is known) or an address."""

    text: str
    ids: tuple[tuple[str | None, str], ...] = ()
    url: str | None = None

    @property
    def exact(self) -> tuple[str, str] | None:
        """Platform and id, when the text alone decides both."""
        if len(self.ids) == 1 and self.ids[0][0] is not None:
            return self.ids[0][0], self.ids[0][1]
        return None


def reference(text: str) -> Reference:
    """Read how somebody names a post.

    >>> reference("https://twitter.com/gemeente/status/123?s=20").ids
    (('x', '123'),)
    >>> reference("linkedin.com/posts/gemeente_zomer-activity-7123456-aBcD").ids
    (('linkedin', 'urn:li:activity:7123456'),)
    >>> reference("https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A71/").ids
    (('linkedin', 'urn:li:ugcPost:71'),)
    >>> reference("x:123").exact
    ('x', '123')
    >>> reference("https://example.nl/post/1/").url
    'example.nl/post/1'
    """
    text = text.strip()
    platform, colon, rest = text.partition(":")
    if colon and platform.lower() in PLATFORMS and rest and not rest.startswith("//"):
        return Reference(text, ((platform.lower(), rest.strip()),))
    if found := _X.match(text):
        return Reference(text, (("x", found[1]),))
    decoded = unquote(text)
    is_linkedin = _LINKEDIN.match(text) is not None
    if (is_linkedin or decoded.lower().startswith("urn:")) and (urn := _URN.search(decoded)):
        return Reference(text, (("linkedin", _urn(urn[1], urn[2])),))
    if is_linkedin and (found := _SLUG.search(decoded)):
        return Reference(text, (("linkedin", _urn(found[1], found[2])),))
    if _ADDRESS.fullmatch(text):
        return Reference(text, url=plain_address(text))
    ids: list[tuple[str | None, str]] = [(None, text)]
    if text.isascii() and text.isdigit():
        ids += [("linkedin", _urn(kind, text)) for kind in ("activity", "share", "ugcPost")]
    return Reference(text, tuple(ids))


def plain_address(url: str) -> str:
    """An address without scheme, ``www.``, query and last slash, in lower case.

    >>> plain_address("https://www.Facebook.com/Gemeente/posts/1/?ref=a")
    'facebook.com/gemeente/posts/1'
    """
    plain = re.sub(r"(?i)^(?:https?://)?(?:www\.)?", "", url)
    return re.split(r"[?#]", plain, maxsplit=1)[0].rstrip("/").lower()


def utm_campaign(text: str) -> str:
    """The value of ``utm_campaign`` in a pasted address, else the text as it stands.

    >>> utm_campaign("https://example.nl/?utm_campaign=zomer%20uit&utm_medium=x")
    'zomer uit'
    >>> utm_campaign("zomer uit")
    'zomer uit'
    """
    found = re.search(r"(?i)(?:^|[?&;])utm_campaign=([^&#\s]*)", text)
    return unquote_plus(found[1]).strip() if found else text


def _urn(kind: str, number: str) -> str:
    return f"urn:li:{_URN_KINDS[kind.lower()]}:{number.strip('-')}"
