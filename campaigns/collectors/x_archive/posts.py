"""A post of an archive as a row of text; long posts get their whole text from the notes.

X cuts the text of a long post, marks that with an ellipsis, and keeps the whole elsewhere under
another id. The two belong together when they were made in the same second and one begins as the
other does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from campaigns.collectors._delimited import CONTROLS
from campaigns.collectors._objects import Json, object_of, objects_of, text_of

FIELDS = (
    *("id", "created_at", "created_on", "text", "links", "language", "media_type"),
    *("likes", "shares", "is_reply", "is_repost", "account"),
)

MAX_NOTES = 100_000_000
"""Characters of whole texts that are kept in memory, far more than a person writes."""

MAX_SAME = 100
"""Whole texts of one second: a thread is posted at once."""

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MENTIONS = re.compile(r"^(?:@\w+\s+)+")
_SHORT = re.compile(r"https?://t\.co/\w*")
_NO_LANGUAGE = {"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"}
_TIMES_FROM = "2010-11"
"""Before it, the older archive writes 00:00:00 for every time."""


@dataclass(frozen=True)
class Note:
    """The whole text of a long post, and the addresses behind its short links."""

    text: str
    urls: Mapping[str, str]


class Notes:
    """The notes of an archive by the second in which they were made."""

    def __init__(self, items: Iterable[Json | str] = ()) -> None:
        self._by_second: dict[str, list[Note]] = {}
        room = MAX_NOTES
        for item in items:
            note = object_of(item, "noteTweet")
            core = object_of(note, "core")
            text = html.unescape(text_of(core, "text"))
            room -= len(text)
            same = self._by_second.setdefault(text_of(note, "createdAt")[:19], [])
            if text and room > 0 and len(same) < MAX_SAME:
                same.append(Note(text, dict(_expanded(core, "shortUrl", "expandedUrl"))))

    def of(self, created_at: str, text: str) -> Note | None:
        """The note that goes on where the text of a post was cut; null where it was not."""
        stem, cut, rest = _bare(text).rpartition("…")
        if cut and stem and not rest:
            for note in self._by_second.get(_second(created_at), ()):
                if _bare(note.text).startswith(stem):
                    return note
        return None


def row(item: Json, notes: Notes) -> tuple[str, ...]:
    """The cells of a post in the order of `FIELDS`; what it does not say is empty."""
    post = object_of(item, "tweet") or item
    entities = object_of(post, "entities")
    written = html.unescape(text_of(post, "full_text") or text_of(post, "text"))
    created_at = text_of(post, "created_at")
    note = notes.of(created_at, written)
    urls = dict(_expanded(entities, "url", "expanded_url"))
    text = written
    if note is not None:
        leading = _MENTIONS.match(written)
        text = (leading[0] if leading else "") + note.text
        urls |= note.urls
    media = _media(post)
    for short in sorted(urls, key=len, reverse=True):  # one can begin as another
        text = text.replace(short, urls[short])
    for each in media:
        if short := text_of(each, "url"):
            text = text.replace(short, "")
    # the older archive counts what others did with the post that was repeated
    is_quoted_whole = "retweeted_status" in post
    is_repost = is_quoted_whole or written.startswith("RT @")
    has_time = not (_is_iso(created_at) and created_at < _TIMES_FROM and "00:00:00" in created_at)
    cells = (
        text_of(post, "id_str"),
        created_at if has_time else "",
        "" if has_time else created_at[:10],
        text.strip(),
        " ".join(dict.fromkeys(urls.values())),
        _language(post),
        _media_type(media, is_known=bool(entities)),
        "" if is_quoted_whole else text_of(post, "favorite_count"),
        "" if is_quoted_whole else text_of(post, "retweet_count"),
        "true" if _answers(post) else "false",
        "true" if is_repost else "false",
        text_of(object_of(post, "user"), "screen_name"),
    )
    return tuple(cell.translate(CONTROLS) for cell in cells)


def _answers(post: Json) -> bool:
    return any(
        text_of(post, name) for name in ("in_reply_to_status_id_str", "in_reply_to_user_id_str")
    )


def _language(post: Json) -> str:
    language = text_of(post, "lang")
    return "" if language in _NO_LANGUAGE else language


def _media(post: Json) -> list[Json]:
    found = objects_of(object_of(post, "extended_entities"), "media")
    return found or objects_of(object_of(post, "entities"), "media")


def _media_type(media: list[Json], *, is_known: bool) -> str:
    """The platform's word; ``text`` without media, empty where nothing is said of media."""
    kinds = {text_of(each, "type") or "photo" for each in media}
    for kind in ("video", "animated_gif"):
        if kind in kinds:
            return kind
    return min(kinds) if kinds else "text" * is_known


def _expanded(holder: Json, short: str, whole: str) -> Iterator[tuple[str, str]]:
    for each in objects_of(holder, "urls"):
        if text_of(each, short) and text_of(each, whole):
            yield text_of(each, short), "%20".join(text_of(each, whole).split())


def _bare(text: str) -> str:
    """A text as texts are compared: without the handles it begins with and short links.

    Those differ: the same address has one short link in the post and another in the note.
    """
    return " ".join(_SHORT.sub("", _MENTIONS.sub("", text)).split())


def _second(created_at: str) -> str:
    """The second of a moment as notes write it.

    >>> _second("Sat Nov 09 12:14:18 +0000 2024")
    '2024-11-09T12:14:18'
    """
    parts = created_at.split()
    if len(parts) == 6 and parts[1] in _MONTHS:
        return f"{parts[5]}-{_MONTHS.index(parts[1]) // 4 + 1:02}-{parts[2]}T{parts[3]}"
    return "T".join(parts[:2])


def _is_iso(created_at: str) -> bool:
    return created_at[:1].isdigit()
