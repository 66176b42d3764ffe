"""What an answer of the X API v2 holds, as rows of text: posts, users, figures, problems.

X renamed what it gives: a Tweet is a Post, ``referenced_tweets`` are ``referenced_posts``,
``note_tweet`` is ``note_post``. Both names are read.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.collectors._delimited import CONTROLS

Json = Mapping[str, Any]

PUBLIC = {
    "impressions": "impression_count",
    "likes": "like_count",
    "comments": "reply_count",
    "shares": "retweet_count",
    "quotes": "quote_count",
    "saves": "bookmark_count",
}
PRIVATE = {
    "impressions": "impression_count",
    "engagements": "engagements",
    "clicks": "url_link_clicks",
    "profile_clicks": "user_profile_clicks",
}
DELIVERED = {
    "impressions": "impression_count",
    "likes": "like_count",
    "comments": "reply_count",
    "shares": "retweet_count",
    "clicks": "url_link_clicks",
    "profile_clicks": "user_profile_clicks",
}
ANALYTICS = {
    "impressions": "impressions",
    "engagements": "engagements",
    "likes": "likes",
    "comments": "replies",
    "shares": "retweets",
    "quotes": "quote_tweets",
    "saves": "bookmarks",
    "share_actions": "shares",
    "follows": "follows",
    "clicks": "url_clicks",
    "profile_clicks": "user_profile_clicks",
    "detail_expands": "detail_expands",
    "hashtag_clicks": "hashtag_clicks",
    "permalink_clicks": "permalink_clicks",
    "app_opens": "app_opens",
    "app_installs": "app_install_attempts",
    "email_shares": "email_tweet",
    "media_views": "media_views",
}
NEWER = {"retweet_count": "repost_count", "retweets": "reposts", "quote_tweets": "quotes"}
"""Figures that X may call otherwise, as it did with posts."""

TOTALS = tuple(dict.fromkeys([*PUBLIC, *PRIVATE, *ANALYTICS, "video_views"]))
FIELDS = (
    *("kind", "id", "account", "created_at", "collected_at", "text", "links", "language"),
    *("media_type", "is_reply", "is_repost", "first_id", "fault", "name", "followers"),
    *TOTALS,
    *(f"organic_{name}" for name in DELIVERED),
    *(f"paid_{name}" for name in DELIVERED),
)

_EPOCH = 1288834974657
"""Ids count milliseconds from here, in all but their last 22 bits."""
_FIRST_DATED = 29_700_859_247

_NO_LANGUAGE = {"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"}
_PROBLEMS = (
    ("not-authorized-for-resource", "not authorised"),
    ("not-authorized-for-field", "field"),
    ("field-unauthorized", "field"),
    ("disallowed-resource", "withheld"),
    ("resource-unavailable", "not available"),
    ("resource-not-found", "not found"),
)
_IS_PROTECTED = re.compile(r"protected|not.{0,20}authoriz", re.IGNORECASE)


def is_answer(value: Json) -> bool:
    """Whether this can only be an answer of the X API v2, or a part of one.

    >>> is_answer({"data": {"id": "1", "text": "Hi"}}), is_answer({"data": [1, 2]})
    (True, False)
    """
    answer = unpacked(value)[1]
    if _objects(answer, "errors") and _is_problem(_objects(answer, "errors")[0]):
        return True
    meta = _object(answer, "meta")
    if {"result_count", "total_tweet_count", "total_post_count"} & meta.keys():
        return True
    items = _items(answer)
    return bool(items) and _is_item(items[0])


def unpacked(value: Json) -> tuple[Json, Json]:
    """What was asked, as far as it is said, and the answer."""
    if isinstance(value.get("answer"), dict) and isinstance(value.get("asked"), dict):
        return value["asked"], value["answer"]
    twarc = _object(value, "__twarc")
    return {"at": twarc.get("retrieved_at")}, value


def rows(value: Json) -> Iterator[tuple[str, ...]]:
    """All that an answer holds, in the order of `FIELDS`; what it does not say is empty.

    >>> [dict(zip(FIELDS, row))["kind"] for row in rows({"data": [{"id": "1", "text": "Hi"}]})]
    ['post']
    """
    asked, answer = unpacked(value)
    context = _Context.of(asked, answer)
    for item in _items(answer):
        yield from context.item(item)
    included = _object(answer, "includes")
    for kind in ("tweets", "posts"):
        for item in _objects(included, kind):
            yield context.row(kind="included", id=_text(item, "id"))
    for item in _objects(included, "users"):
        yield context.user(item)
    for problem in _objects(answer, "errors"):
        yield context.problem(problem)


def _items(answer: Json) -> list[Json]:
    """The things an answer is about; a line of a flat file is one itself."""
    if "data" in answer:
        data = answer["data"]
        return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else (
            [data] if isinstance(data, dict) else []
        )  # fmt: skip
    is_one = "id" in answer or "tweet_count" in answer
    return [answer] if is_one and not _is_problem(answer) else []


def _is_item(item: Json) -> bool:
    kinds = ({"text"}, {"username"}, {"timestamped_metrics"}, {"tweet_count", "start"},
             {"post_count", "start"}, {"action", "reason"}, {"public_metrics"},
             {"owner_id", "name"}, {"author_id"}, {"edit_history_tweet_ids"})  # fmt: skip
    has_id = isinstance(item.get("id"), str) and item["id"].isdigit()
    counts = {"start", "end"} <= item.keys()
    return (has_id or counts) and any(kind <= item.keys() for kind in kinds)


def _is_problem(item: Json) -> bool:
    return "title" in item and ("detail" in item or "type" in item)


@dataclass(frozen=True)
class _Context:
    """What an answer says besides its items: when it was asked, who is who, which media."""

    at: str
    names: Mapping[str, str]
    media: Mapping[str, Json]
    granularity: str

    @classmethod
    def of(cls, asked: Json, answer: Json) -> _Context:
        included = _object(answer, "includes")
        known = _object(asked, "accounts")
        names = {str(key): str(name) for key, name in known.items()}
        names |= {_text(one, "id"): _text(one, "username") for one in _objects(included, "users")}
        media = {_text(one, "media_key"): one for one in _objects(included, "media")}
        granularity = _text(_object(asked, "params"), "granularity")
        return cls(_text(asked, "at"), names, media, granularity)

    def row(self, **cells: str) -> tuple[str, ...]:
        cells.setdefault("collected_at", self.at)
        return tuple(
            [cells[name].translate(CONTROLS) if cells.get(name) else "" for name in FIELDS]
        )

    def item(self, item: Json) -> Iterator[tuple[str, ...]]:
        if "timestamped_metrics" in item:
            yield from self._analytics(item)
        elif "text" in item:
            yield self._post(item)
        elif "username" in item:
            yield self.user(item)
        elif "action" in item:
            yield self.row(kind="problem", id=_text(item, "id"), fault="compliance")
        elif {"start", "end"} <= item.keys():
            yield self.row(kind="count")
        else:
            yield self.row(kind="other", id=_text(item, "id"))

    def _post(self, post: Json) -> tuple[str, ...]:
        entities, text = _whole_text(post)
        urls = dict(_expanded(entities))
        attached = self._attached(post)
        for short in sorted(urls, key=len, reverse=True):  # one can begin as another
            is_own = "/photo/" in urls[short] or "/video/" in urls[short]
            text = text.replace(short, "" if is_own and attached else urls[short])
        kinds = {_text(one, "type") for one in _referenced(post)}
        is_repost = bool(kinds & {"retweeted", "reposted"}) or (
            not kinds and text.startswith("RT @")
        )
        figures: dict[str, str] = {}
        if not is_repost:  # figures of a repost are those of the post that it repeats
            figures = _figures(post, attached)
        withheld = _object(post, "withheld")
        return self.row(
            kind="post",
            id=_text(post, "id"),
            account=self._account(post),
            created_at=_text(post, "created_at") or published(_text(post, "id")),
            text=text.strip(),
            links=" ".join(dict.fromkeys(urls.values())),
            language="" if _text(post, "lang") in _NO_LANGUAGE else _text(post, "lang"),
            media_type=_media_type(attached, post),
            is_reply=_truth(_is_reply(post, kinds)),
            is_repost=_truth(is_repost),
            first_id=_first_version(post),
            fault="withheld" if withheld.get("copyright") is True else "",
            **figures,
        )

    def _account(self, post: Json) -> str:
        own = _text(post, "username") or _text(_object(post, "author"), "username")
        author = _text(post, "author_id")
        name = own or self.names.get(author) or self.names.get(_text(post, "id"), "")
        return name.casefold() or (f"id:{author}" if author else "")

    def _attached(self, post: Json) -> list[Json]:
        attachments = _object(post, "attachments")
        keys = attachments.get("media_keys")
        listed = [self.media.get(str(key), {}) for key in keys] if isinstance(keys, list) else []
        return listed or _objects(attachments, "media")

    def user(self, user: Json) -> tuple[str, ...]:
        return self.row(
            kind="user",
            id=_text(user, "id"),
            account=_text(user, "username").casefold(),
            name=_text(user, "name"),
            followers=_text(_object(user, "public_metrics"), "followers_count"),
            fault="protected" if user.get("protected") is True else "",
        )

    def _analytics(self, item: Json) -> Iterator[tuple[str, ...]]:
        """Figures of a post since its beginning; parts of that (days, hours) have no place."""
        for one in _objects(item, "timestamped_metrics"):
            is_total = self.granularity == "total"
            yield self.row(
                kind="analytics" if is_total else "part",
                id=_text(item, "id"),
                **_named(_object(one, "metrics"), ANALYTICS),
            )

    def problem(self, problem: Json) -> tuple[str, ...]:
        return self.row(
            kind="problem",
            id=_text(problem, "resource_id") or _text(problem, "value"),
            fault=fault(problem),
        )


def fault(problem: Json) -> str:
    """What is wrong with a post or user, in one of a few words.

    >>> fault({"type": "https://api.x.com/2/problems/resource-not-found", "title": "x"})
    'not found'
    """
    kind, detail = _text(problem, "type"), _text(problem, "detail")
    resource = _text(problem, "resource_type")
    if "suspended" in detail:
        return "suspended"
    if resource in {"user", "media", "place", "poll"}:
        return "of something else"
    for ending, word in _PROBLEMS:
        if kind.endswith(ending):
            is_hidden = word == "not authorised" and _IS_PROTECTED.search(detail)
            return "protected" if is_hidden else word
    return "other"


# --- a post ----------------------------------------------------------------------------------


def _whole_text(post: Json) -> tuple[Json, str]:
    """The entities and the text, of long posts the whole one."""
    for name in ("note_tweet", "note_post"):
        note = _object(post, name)
        if _text(note, "text"):
            return _object(note, "entities"), html.unescape(_text(note, "text"))
    return _object(post, "entities"), html.unescape(_text(post, "text"))


def _referenced(post: Json) -> list[Json]:
    return _objects(post, "referenced_tweets") or _objects(post, "referenced_posts")


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
    talk = _text(post, "conversation_id")
    return talk != _text(post, "id") if talk else None


def _figures(post: Json, attached: list[Json]) -> dict[str, str]:
    figures = _named(_object(post, "non_public_metrics"), PRIVATE)
    figures |= _named(_object(post, "public_metrics"), PUBLIC)
    views = [_text(_object(one, "public_metrics"), "view_count") for one in attached]
    seen = [int(one) for one in views if one.isdigit()]
    figures["video_views"] = str(sum(seen)) if seen else ""
    for prefix, group in (("organic", "organic_metrics"), ("paid", "promoted_metrics")):
        named = _named(_object(post, group), DELIVERED)
        figures |= {f"{prefix}_{name}": value for name, value in named.items()}
    return figures


def _named(figures: Json, names: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if not figures:  # most groups of most posts
        return found
    for name, theirs in names.items():
        value = _text(figures, theirs) or _text(figures, NEWER.get(theirs, theirs))
        if value:
            found[name] = value
    return found


def _media_type(attached: list[Json], post: Json) -> str:
    """The platform's word; ``text`` without attachments, empty where nothing is said of them."""
    kinds = {_text(one, "type") for one in attached} - {""}
    for kind in ("video", "animated_gif"):
        if kind in kinds:
            return kind
    if kinds:
        return min(kinds)
    attachments = _object(post, "attachments")
    if not attachments:
        return "text"
    return "poll" if "poll_ids" in attachments else ""


def _expanded(entities: Json) -> Iterator[tuple[str, str]]:
    for one in _objects(entities, "urls"):
        whole = _text(one, "unwound_url") or _text(one, "expanded_url")
        if _text(one, "url") and whole:
            yield _text(one, "url"), "%20".join(whole.split())


def _truth(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


# A recorded answer is somebody's file: anything can stand anywhere in it.


def _object(holder: Json, name: str) -> Json:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _objects(holder: Json, name: str) -> list[Json]:
    value = holder.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(holder: Json, name: str) -> str:
    value = holder.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)
