"""Which reads are due, as requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.collecting.client import Ask, Params
from campaigns.collecting.keeping import State
from campaigns.collecting.known import Known
from campaigns.settings import Settings

KINDS = ("users", "timelines", "posts", "analytics", "reposters", "mentions", "searches", "recheck")
"""The kinds of reads, in the order in which they are made."""

BATCH = 100
"""Posts or accounts in one request."""

PRIVATE_UNTIL = dt.timedelta(days=30)
"""From this age on the platform gives no private figures."""

_SEARCH_DAYS = dt.timedelta(days=7)
_EPOCH = 1288834974657  # of the ids of X, in milliseconds
_WHOLE = ["created_at", "conversation_id", "lang", "public_metrics", "attachments", "entities",
          "referenced_tweets", "note_tweet", "withheld"]  # fmt: skip
_PRIVATE = ["non_public_metrics", "organic_metrics", "promoted_metrics"]
_ANALYTICS = ("id,timestamped_metrics,impressions,engagements,likes,replies,retweets,quote_tweets,"
              "bookmarks,shares,follows,url_clicks,user_profile_clicks,detail_expands,"
              "hashtag_clicks,permalink_clicks,media_views")  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """One list or batch: its requests, and how many items are expected (null: not known)."""

    ask: Ask
    expected: int | None
    is_list: bool = False


@dataclass
class Plan:
    """What is due at a moment, kind by kind; later kinds need the answers of earlier ones."""

    settings: Settings
    state: State
    known: Known
    now: dt.datetime
    signed_in: str | None = None

    def of(self, kind: str) -> Iterator[Planned]:
        """The requests of one kind."""
        yield from {
            "users": self._users,
            "timelines": self._timelines,
            "posts": self._posts,
            "analytics": self._analytics,
            "reposters": self._reposters,
            "mentions": self._mentions,
            "searches": self._searches,
            "recheck": self._recheck,
        }[kind]()

    # --- accounts

    def _users(self) -> Iterator[Planned]:
        names = list(self.known.roles)
        missing = [name for name in names if name not in self.state.ids]
        is_due = self.state.done.get("users", "")[:10] != _written(self.now)[:10]  # once a day
        for some in _batches(names if is_due else missing):
            params: Params = {"usernames": some, "user_fields": ["public_metrics", "protected"]}
            key = "users" if is_due else "users/new"
            yield Planned(Ask("get_users", "users", key, "user", params, len(some)), len(some))

    def _timelines(self) -> Iterator[Planned]:
        for name, number in self._numbers(self.known.roles):
            is_own = self._is_signed_in(name)
            params: Params = {
                "id": number,
                "tweet_fields": _WHOLE
                + _PRIVATE * (is_own and self._is_recent(f"timelines/{name}")),
                "media_fields": ["type", "public_metrics"],
                "expansions": ["attachments.media_keys"],
            }
            ask = Ask("get_users_tweets", "timelines", f"timelines/{name}",
                      "owned_post" if is_own else "post", params, BATCH, is_own,
                      {number: name})  # fmt: skip
            yield Planned(self._from_there(ask), None, is_list=True)

    def _mentions(self) -> Iterator[Planned]:
        if not self.settings.collect.mentions:
            return
        for name, number in self._numbers(self.known.own):
            key = f"mentions/{name}"
            params: Params = {"id": number, **_OF_OTHERS}
            if "newest" not in self.state.lists.get(key, {}):
                params["start_time"] = self.now - _SEARCH_DAYS
            ask = Ask("get_users_mentions", "mentions", key, "post", params, BATCH,
                      names=self._names())  # fmt: skip
            yield Planned(self._from_there(ask), None, is_list=True)

    def _searches(self) -> Iterator[Planned]:
        queries = list(self.settings.collect.searches)
        tags = [f"#{tag.removeprefix('#')}" for tag in self.known.hashtags]
        queries += [f"({' OR '.join(some)}) -is:retweet" for some in _batches(tags, 10)]
        for query in dict.fromkeys(queries):
            params: Params = {"query": query, **_OF_OTHERS}
            ask = Ask("search_recent_tweets", "searches", f"searches/{query}", "post", params,
                      BATCH, names=self._names())  # fmt: skip
            yield Planned(self._from_there(ask, oldest=self.now - _SEARCH_DAYS), None, is_list=True)

    # --- posts

    def _posts(self) -> Iterator[Planned]:
        for (as_user, is_young), posts in self._by_right(
            p for p in self.known.posts if p["is_due"]
        ):
            fields = _WHOLE + _PRIVATE * (as_user and is_young)
            writers = {str(post["post_id"]): str(post["account_id"]) for post in posts}
            for some in _batches([str(post["post_id"]) for post in posts]):
                params: Params = {"ids": some, "tweet_fields": fields,
                                  "media_fields": ["type", "public_metrics"],
                                  "expansions": ["attachments.media_keys"]}  # fmt: skip
                ask = Ask("get_tweets", "posts", "posts", "owned_post" if as_user else "post",
                          params, len(some), as_user, writers)  # fmt: skip
                yield Planned(ask, len(some))

    def _analytics(self) -> Iterator[Planned]:
        """Figures by day, and so since publication, that the public ones lack."""
        day = dt.timedelta(days=1)
        posts = [p for p in self.known.posts if p["is_unread"]]
        due = [p for p in posts if self.now - p["published_at"] >= day]
        for (as_user, is_young), posts in self._by_right(due):
            for some in _batches(posts) if as_user and is_young else ():
                first = min(post["published_at"] for post in some).astimezone(dt.UTC)
                begin = first.replace(hour=0, minute=0, second=0)  # whole days, as X counts them
                params: Params = {
                    "ids": ",".join(str(post["post_id"]) for post in some),
                    "start_time": _written(begin),
                    "end_time": _written(self.now),
                    "granularity": "daily",
                    "analytics.fields": _ANALYTICS,
                }
                name = "analytics"  # the call, the kind, the list and the price
                yield Planned(Ask(name, name, name, name, params, len(some), True), len(some))

    def _reposters(self) -> Iterator[Planned]:
        """Who reposted own posts of campaigns, once for each post."""
        for number, shares in self.known.shared.items():
            key = f"reposters/{number}"
            if key not in self.state.done:
                params: Params = {"id": number, "max_results": BATCH}
                ask = Ask("get_retweeters", "reposters", key, "user", params, BATCH)
                yield Planned(ask, shares, is_list=True)

    def _recheck(self) -> Iterator[Planned]:
        """Posts of others: those that are gone must go here too."""
        batches = list(_batches(self.known.others))
        for number, some in enumerate(batches):
            key = "recheck" if number == len(batches) - 1 else "recheck/part"
            params: Params = {"ids": some}
            yield Planned(Ask("get_tweets", "recheck", key, "post", params, len(some)), len(some))

    # --- inside

    def _by_right(
        self, posts: Iterable[Mapping[str, Any]]
    ) -> Iterator[tuple[tuple[bool, bool], list[Mapping[str, Any]]]]:
        groups: dict[tuple[bool, bool], list[Mapping[str, Any]]] = {}
        for post in posts:
            is_young = self.now - post["published_at"] < PRIVATE_UNTIL
            groups.setdefault((self._is_signed_in(post["account_id"]), is_young), []).append(post)
        yield from groups.items()

    def _is_signed_in(self, name: str) -> bool:
        return self.signed_in is not None and self.state.ids.get(name) == self.signed_in

    def _is_recent(self, key: str) -> bool:
        """Whether all that a list still has is young enough for private figures."""
        newest = self.state.lists.get(key, {}).get("newest")
        return newest is not None and self.now - published(newest) < PRIVATE_UNTIL

    def _numbers(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            if name in self.state.ids:
                yield name, self.state.ids[name]

    def _names(self) -> dict[str, str]:
        return {number: name for name, number in self._numbers(self.known.roles)}

    def _from_there(self, ask: Ask, oldest: dt.datetime | None = None) -> Ask:
        """The list from where it was read up to, and through the place where a run stopped."""
        place = self.state.lists.get(ask.key, {})
        params = {**ask.params, "max_results": BATCH}
        newest = place.get("newest")
        if newest and (oldest is None or published(newest) > oldest + dt.timedelta(hours=1)):
            params["since_id"] = newest
        if place.get("until"):
            params["until_id"] = place["until"]
        return replace(ask, params=params)


_OF_OTHERS: Params = {
    "tweet_fields": _WHOLE,
    "user_fields": ["username"],
    "media_fields": ["type"],
    "expansions": ["author_id", "attachments.media_keys"],
}


def published(number: str) -> dt.datetime:
    """When a post was published, by its id.

    >>> published("1900000000000000000").date()
    datetime.date(2025, 3, 13)
    """
    return dt.datetime.fromtimestamp(((int(number) >> 22) + _EPOCH) / 1000, dt.UTC)


def _batches(items: Sequence[Any], size: int = BATCH) -> Iterator[list[Any]]:
    for at in range(0, len(items), size):
        yield list(items[at : at + size])


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
