"""Which reads are due, as requests; what they may bring and what they cost at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from campaigns import privacy
from campaigns.collecting.client import Ask, Params
from campaigns.collecting.keeping import State
from campaigns.settings import Settings
from campaigns.store import Snapshot, Store

KINDS = ("users", "timelines", "posts", "analytics", "mentions", "searches", "recheck")
"""The kinds of reads, in the order in which they are made."""

BATCH = 100
"""Posts or accounts in one request."""

PRIVATE_UNTIL = dt.timedelta(days=30)
"""From this age on the platform gives no private figures."""

USERS_EVERY = dt.timedelta(hours=20)
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


@dataclass(frozen=True)
class Known:
    """What the store knows that decides what is due: accounts, posts, hashtags."""

    roles: Mapping[str, str]
    posts: Sequence[Mapping[str, Any]] = ()
    others: Sequence[str] = ()
    hashtags: Sequence[str] = ()

    @property
    def own(self) -> list[str]:
        """The accounts of the organisation."""
        return [name for name, role in self.roles.items() if role == "own"]


def known(store: Store, settings: Settings, now: dt.datetime) -> Known:
    """What is known now. Ambassadors are only those who take part."""
    named = wanted(store, settings)
    return store.read(lambda snapshot: _known(snapshot, settings, now, named))


def wanted(store: Store, settings: Settings) -> list[str]:
    """The accounts that the settings name, without those of people who were taken out."""
    stones = privacy.tombstones(store)
    if not stones:
        return list(settings.collect.accounts)
    secret = privacy.key(store)
    return [
        name
        for name in settings.collect.accounts
        if not privacy.is_erased(stones, secret, "x", name)
    ]


def unregistered(store: Store, settings: Settings) -> list[str]:
    """Those of them that no register has: they are the organisation's own."""
    rows = store.read(lambda snapshot: snapshot.rows(_ACCOUNTS))
    there = {str(row["account_id"]) for row in rows}
    return [name for name in wanted(store, settings) if name not in there]


def _known(snapshot: Snapshot, settings: Settings, now: dt.datetime, named: Sequence[str]) -> Known:
    rows = snapshot.rows(_ACCOUNTS)
    asked = {*settings.collect.roles}
    everyone = {str(row["account_id"]): row for row in rows}
    roles = {
        name: str(row["role"])
        for name, row in everyone.items()
        if row["role"] in asked and (row["role"] != "ambassador" or row["takes_part"])
    }
    roles |= {name: "own" for name in named if name not in everyone}
    since = now - settings.collect.ages[-1] - dt.timedelta(days=2)
    own = [name for name, role in roles.items() if role == "own"]
    posts = snapshot.rows(_POSTS, {"since": since, "own": own})
    before = now - settings.collect.recheck
    others = snapshot.rows(_OTHERS, {"own": own, "before": before})
    hashtags = snapshot.rows(_HASHTAGS, {"today": now.date()}) if settings.collect.hashtags else []
    return Known(
        roles,
        posts,
        [str(row["post_id"]) for row in others],
        [str(row["value"]) for row in hashtags],
    )


_ACCOUNTS = (
    "SELECT account_id, role, opted_in_on IS NOT NULL AND "
    "(withdrawn_on IS NULL OR withdrawn_on < opted_in_on) AS takes_part FROM accounts "
    "WHERE platform = 'x' AND is_removed IS DISTINCT FROM true "
    "AND NOT starts_with(account_id, '~') AND account_id <> 'unknown' ORDER BY account_id"
)
_POSTS = (  # only analytics says how often a post was opened
    "WITH looks AS (SELECT post_id, max(collected_at) AS seen_at, "
    "max(collected_at) FILTER (detail_expands IS NOT NULL) AS analysed_at "
    "FROM post_metrics_log WHERE platform = 'x' GROUP BY post_id) "
    "SELECT p.post_id, p.account_id, p.published_at, seen_at, analysed_at "
    "FROM posts p LEFT JOIN looks USING (post_id) WHERE p.platform = 'x' "
    "AND p.published_at > $since AND p.is_repost IS NOT TRUE AND p.url IS NOT NULL "
    "AND list_contains($own, p.account_id) ORDER BY p.published_at, p.post_id"
)
_OTHERS = (
    "SELECT post_id FROM posts WHERE platform = 'x' AND text IS NOT NULL AND text <> '' "
    "AND regexp_full_match(post_id, '\\d{1,19}') "
    "AND NOT list_contains($own, account_id) AND collected_at <= $before "
    "ORDER BY post_id::UBIGINT"
)
_HASHTAGS = (
    "SELECT DISTINCT lower(r.value) AS value FROM campaign_rules r JOIN campaigns c "
    "USING (campaign_id) WHERE r.kind = 'hashtag' AND r.is_removed IS DISTINCT FROM true "
    "AND c.is_removed IS DISTINCT FROM true AND coalesce(c.first_day, $today) <= $today "
    "AND coalesce(c.last_day, $today) >= $today ORDER BY 1"
)


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
            "mentions": self._mentions,
            "searches": self._searches,
            "recheck": self._recheck,
        }[kind]()

    # --- accounts

    def _users(self) -> Iterator[Planned]:
        names = list(self.known.roles)
        missing = [name for name in names if name not in self.state.ids]
        is_due = not self._was_done("users", USERS_EVERY)
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

    def due(self, last: str = "seen_at") -> list[Mapping[str, Any]]:
        """Own posts that reached an age since they were last looked at."""
        ages = self.settings.collect.ages
        return [one for one in self.known.posts if _is_due(one, one.get(last), ages, self.now)]

    def _posts(self) -> Iterator[Planned]:
        for (as_user, is_young), posts in self._by_right(self.due()):
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
        """Lifetime figures that the public ones lack, of posts of a day and older."""
        day = dt.timedelta(days=1)
        due = [p for p in self.due("analysed_at") if self.now - p["published_at"] >= day]
        for (as_user, is_young), posts in self._by_right(due):
            for some in _batches(posts) if as_user and is_young else ():
                begin = min(post["published_at"] for post in some).replace(minute=0, second=0)
                params: Params = {
                    "ids": ",".join(str(post["post_id"]) for post in some),
                    "start_time": _written(begin),
                    "end_time": _written(self.now),
                    "granularity": "total",
                    "analytics.fields": _ANALYTICS,
                }
                name = "analytics"  # the call, the kind, the list and the price
                yield Planned(Ask(name, name, name, name, params, len(some), True), len(some))

    def _recheck(self) -> Iterator[Planned]:
        """Posts of others: those that are gone must go here too."""
        if self._was_done("recheck", self.settings.collect.recheck):
            return
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

    def _was_done(self, key: str, every: dt.timedelta) -> bool:
        last = self.state.done.get(key)
        return last is not None and self.now - dt.datetime.fromisoformat(last) < every

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


def _is_due(
    post: Mapping[str, Any],
    seen: dt.datetime | None,
    ages: Iterable[dt.timedelta],
    now: dt.datetime,
) -> bool:
    age = now - post["published_at"]
    seen_age = dt.timedelta(0) if seen is None else seen - post["published_at"]
    return any(seen_age < one <= age for one in ages)


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


# --- what it costs ---------------------------------------------------------------------------


def prices(settings: Settings) -> dict[str, Decimal]:
    """What one read of each kind costs."""
    given = settings.prices
    return {"post": given.post, "owned_post": given.owned_post, "user": given.user,
            "analytics": given.analytics}  # fmt: skip


def cost(settings: Settings, reads: Mapping[str, int]) -> Decimal:
    """What reads cost at the configured prices."""
    each = prices(settings)
    return sum((each[kind] * count for kind, count in reads.items()), Decimal(0))


def spent(settings: Settings, state: State, day: str) -> tuple[Decimal, Decimal]:
    """What was spent on a day, and in its month."""
    of_day = cost(settings, state.paid.get(day, {}))
    month = sum(
        (cost(settings, reads) for one, reads in state.paid.items() if one[:7] == day[:7]),
        Decimal(0),
    )
    return of_day, month


def room(settings: Settings, state: State, day: str) -> Decimal:
    """What may still be spent on a day."""
    of_day, of_month = spent(settings, state, day)
    return min(settings.budget.per_day - of_day, settings.budget.per_month - of_month)
