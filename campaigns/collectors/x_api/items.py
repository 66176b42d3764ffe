"""What an answer of the X API v2 holds, as rows of text: posts, users, figures, problems.

X renamed what it gives: a Tweet is a Post, ``referenced_tweets`` are ``referenced_posts``,
``note_tweet`` is ``note_post``. Both names are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.collectors._delimited import CONTROLS
from campaigns.collectors._objects import Json, object_of, objects_of, text_of
from campaigns.collectors.x_api import posts
from campaigns.collectors.x_api.fields import ANALYTICS, FIELDS
from campaigns.collectors.x_api.problems import fault, is_problem

_PARTS = {"total": "analytics", "daily": "day"}
"""What figures of a part of a post's time are, by how they were asked for."""

_NOTHING = dict.fromkeys(FIELDS, "")


def is_answer(value: Json) -> bool:
    """Whether this can only be an answer of the X API v2, or a part of one.

    >>> is_answer({"data": {"id": "1", "text": "Hi"}}), is_answer({"data": [1, 2]})
    (True, False)
    """
    answer = unpacked(value)[1]
    if objects_of(answer, "errors") and is_problem(objects_of(answer, "errors")[0]):
        return True
    meta = object_of(answer, "meta")
    if {"result_count", "total_tweet_count", "total_post_count"} & meta.keys():
        return True
    items = _items(answer)
    return bool(items) and _is_item(items[0])


def unpacked(value: Json) -> tuple[Json, Json]:
    """What was asked, as far as it is said, and the answer."""
    if isinstance(value.get("answer"), dict) and isinstance(value.get("asked"), dict):
        return value["asked"], value["answer"]
    twarc = object_of(value, "__twarc")
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
    included = object_of(answer, "includes")
    for kind in ("tweets", "posts"):
        for item in objects_of(included, kind):
            yield context.row(kind="included", id=text_of(item, "id"))
    for item in objects_of(included, "users"):
        yield context.user(item)
    for problem in objects_of(answer, "errors"):
        yield context.problem(problem)


def _items(answer: Json) -> list[Json]:
    """The things an answer is about; a line of a flat file is one itself."""
    if "data" in answer:
        data = answer["data"]
        return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else (
            [data] if isinstance(data, dict) else []
        )  # fmt: skip
    is_one = "id" in answer or "tweet_count" in answer
    return [answer] if is_one and not is_problem(answer) else []


def _is_item(item: Json) -> bool:
    kinds = ({"text"}, {"username"}, {"timestamped_metrics"}, {"tweet_count", "start"},
             {"post_count", "start"}, {"action", "reason"}, {"public_metrics"},
             {"owner_id", "name"}, {"author_id"}, {"edit_history_tweet_ids"})  # fmt: skip
    has_id = isinstance(item.get("id"), str) and item["id"].isdigit()
    counts = {"start", "end"} <= item.keys()
    return (has_id or counts) and any(kind <= item.keys() for kind in kinds)


@dataclass(frozen=True)
class _Context:
    """What an answer says besides its items: when it was asked, who is who, which media."""

    at: str
    names: Mapping[str, str]
    media: Mapping[str, Json]
    granularity: str
    since: str
    reposted: str

    @classmethod
    def of(cls, asked: Json, answer: Json) -> _Context:
        included = object_of(answer, "includes")
        known = object_of(asked, "accounts")
        names = {str(key): str(name) for key, name in known.items()}
        names |= {
            text_of(one, "id"): text_of(one, "username") for one in objects_of(included, "users")
        }
        media = {text_of(one, "media_key"): one for one in objects_of(included, "media")}
        params = object_of(asked, "params")
        since = text_of(params, "start_time")
        reposted = text_of(params, "id") if asked.get("kind") == "reposters" else ""
        at, granularity = text_of(asked, "at"), text_of(params, "granularity")
        return cls(at, names, media, granularity, since, reposted)

    def row(self, **cells: str) -> tuple[str, ...]:
        found = tuple({**_NOTHING, "collected_at": self.at, **cells}.values())
        whole = "".join(found)
        if "\0" in whole or "\x1f" in whole:
            return tuple([cell.translate(CONTROLS) for cell in found])
        return found

    def item(self, item: Json) -> Iterator[tuple[str, ...]]:
        if "timestamped_metrics" in item:
            yield from self._analytics(item)
        elif "text" in item:
            yield self._post(item)
        elif "username" in item:
            yield self.user(item)
        elif "action" in item:
            yield self.row(kind="problem", id=text_of(item, "id"), fault="compliance")
        elif {"start", "end"} <= item.keys():
            yield self.row(kind="count")
        else:
            yield self.row(kind="other", id=text_of(item, "id"))

    def _post(self, post: Json) -> tuple[str, ...]:
        account = self._account(post)
        return self.row(kind="post", account=account, **posts.cells(post, self._attached(post)))

    def _account(self, post: Json) -> str:
        own = text_of(post, "username") or text_of(object_of(post, "author"), "username")
        author = text_of(post, "author_id")
        name = own or self.names.get(author) or self.names.get(text_of(post, "id"), "")
        return name.casefold() or (f"id:{author}" if author else "")

    def _attached(self, post: Json) -> list[Json]:
        attachments = object_of(post, "attachments")
        keys = attachments.get("media_keys")
        listed = [self.media.get(str(key), {}) for key in keys] if isinstance(keys, list) else []
        return listed or objects_of(attachments, "media")

    def user(self, user: Json) -> tuple[str, ...]:
        if self.reposted:
            name = text_of(user, "username").casefold()
            return self.row(kind="repost", id=self.reposted, account=name)
        return self.row(
            kind="user",
            id=text_of(user, "id"),
            account=text_of(user, "username").casefold(),
            name=text_of(user, "name"),
            followers=text_of(object_of(user, "public_metrics"), "followers_count"),
            fault="protected" if user.get("protected") is True else "",
        )

    def _analytics(self, item: Json) -> Iterator[tuple[str, ...]]:
        """Figures since the beginning of a post, and by day; hours and weeks have no place.

        Days that begin before the post did come to those since its beginning.
        """
        number, parts = text_of(item, "id"), objects_of(item, "timestamped_metrics")
        kind = _PARTS.get(self.granularity, "part")
        born = posts.published(number)
        figures = [posts.named(object_of(one, "metrics"), ANALYTICS) for one in parts]
        for one, found in zip(parts, figures, strict=True):
            at = text_of(one, "timestamp")
            if kind != "day" or at[:10] >= born[:10]:
                yield self.row(kind=kind, id=number, created_at=at, **found)
        if kind == "day" and parts and self.since and self.since[:19] <= born[:19]:
            yield self.row(kind="analytics", id=number, **_sums(figures))

    def problem(self, problem: Json) -> tuple[str, ...]:
        return self.row(
            kind="problem",
            id=text_of(problem, "resource_id") or text_of(problem, "value"),
            fault=fault(problem),
        )


def _sums(figures: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What all parts come to, of the figures that each part has."""
    return {
        name: str(sum(int(one[name]) for one in figures))
        for name in figures[0]
        if all(one.get(name, "").lstrip("-").isdigit() for one in figures)
    }
