"""One post, as cells: its text in full, who wrote it, its figures by delivery."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Mapping

from campaigns.collectors._objects import Json, object_of, objects_of, text_of
from campaigns.collectors.x_api.fields import DELIVERED, NEWER, PRIVATE, PUBLIC

_EPOCH = 1288834974657
"""Ids count milliseconds from here, in all but their last 22 bits."""
_FIRST_DATED = 29_700_859_247

_NO_LANGUAGE = {"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"}


def cells(post: Json, attached: list[Json]) -> dict[str, str]:
    """What a post says of itself; ``attached`` are its images and videos."""
    entities, text = _whole_text(post)
    urls = dict(_expanded(entities))
    for short in sorted(urls, key=len, reverse=True):  # one can begin as another
        is_own = "/photo/" in urls[short] or "/video/" in urls[short]
        text = text.replace(short, "" if is_own and attached else urls[short])
    kinds = {text_of(one, "type") for one in _referenced(post)}
    is_repost = bool(kinds & {"retweeted", "reposted"}) or (not kinds and text.startswith("RT @"))
    number, language = text_of(post, "id"), text_of(post, "lang")
    found = {
        "id": number,
        "created_at": text_of(post, "created_at") or published(number),
        "text": text.strip(),
        "links": " ".join(dict.fromkeys(urls.values())),
        "language": "" if language in _NO_LANGUAGE else language,
        "media_type": _media_type(attached, post),
        "is_reply": _truth(_is_reply(post, kinds)),
        "is_repost": _truth(is_repost),
        "first_id": _first_version(post),
        "fault": "withheld" if object_of(post, "withheld").get("copyright") is True else "",
    }
    if not is_repost:  # figures of a repost are those of the post that it repeats
        found |= _figures(post, attached)
    return found


def _whole_text(post: Json) -> tuple[Json, str]:
    """The entities and the text, of long posts the whole one."""
    for name in ("note_tweet", "note_post"):
        note = object_of(post, name)
        if text_of(note, "text"):
            return object_of(note, "entities"), html.unescape(text_of(note, "text"))
    return object_of(post, "entities"), html.unescape(text_of(post, "text"))


def _referenced(post: Json) -> list[Json]:
    return objects_of(post, "referenced_tweets") or objects_of(post, "referenced_posts")


def published(number: str) -> str:
    """When a post was published, by its id; empty for ids of before November 2010.

    >>> published("1212092628029698048")
    '2019-12-31T19:26:16.771Z'
    """
    if not number.isdigit() or not _FIRST_DATED < int(number) < 1 << 63:
        return ""
    moment = dt.datetime.fromtimestamp(((int(number) >> 22) + _EPOCH) / 1000, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _first_version(post: Json) -> str:
    """The id under which an edited post began; empty where it was never edited."""
    for name in ("edit_history_tweet_ids", "edit_history_post_ids"):
        ids = post.get(name)
        if isinstance(ids, list) and len(ids) > 1 and all(str(one).isdigit() for one in ids):
            return str(min(ids, key=int))
    return ""


def _is_reply(post: Json, kinds: set[str]) -> bool | None:
    if kinds or "in_reply_to_user_id" in post:
        return "replied_to" in kinds or "in_reply_to_user_id" in post
    talk = text_of(post, "conversation_id")
    return talk != text_of(post, "id") if talk else None


def _figures(post: Json, attached: list[Json]) -> dict[str, str]:
    figures = named(object_of(post, "non_public_metrics"), PRIVATE)
    figures |= named(object_of(post, "public_metrics"), PUBLIC)
    views = [text_of(object_of(one, "public_metrics"), "view_count") for one in attached]
    seen = [int(one) for one in views if one.isdigit()]
    figures["video_views"] = str(sum(seen)) if seen else ""
    for prefix, group in (("organic", "organic_metrics"), ("paid", "promoted_metrics")):
        if group in post:
            delivered = named(object_of(post, group), DELIVERED)
            figures |= {f"{prefix}_{name}": value for name, value in delivered.items()}
    return figures


def named(figures: Json, names: Mapping[str, str]) -> dict[str, str]:
    """Figures by our names; those that are not given are left out."""
    found: dict[str, str] = {}
    if not figures:  # most groups of most posts
        return found
    for name, theirs in names.items():
        value = text_of(figures, theirs) or text_of(figures, NEWER.get(theirs, theirs))
        if value:
            found[name] = value
    return found


def _media_type(attached: list[Json], post: Json) -> str:
    """The platform's word; ``text`` without attachments, empty where nothing is said of them."""
    kinds = {text_of(one, "type") for one in attached} - {""}
    for kind in ("video", "animated_gif"):
        if kind in kinds:
            return kind
    if kinds:
        return min(kinds)
    attachments = object_of(post, "attachments")
    if not attachments:
        return "text"
    return "poll" if "poll_ids" in attachments else ""


def _expanded(entities: Json) -> Iterator[tuple[str, str]]:
    for one in objects_of(entities, "urls"):
        whole = text_of(one, "unwound_url") or text_of(one, "expanded_url")
        if text_of(one, "url") and whole:
            yield text_of(one, "url"), "%20".join(whole.split())


def _truth(value: bool | None) -> str:
    return "" if value is None else str(value).lower()
