"""What the store and the settings know that decides what is due: accounts, posts, hashtags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns import definitions, privacy
from campaigns.collecting.keeping import State
from campaigns.schema import UNKNOWN
from campaigns.settings import Settings
from campaigns.store import Snapshot, Store

_LATEST = dt.timedelta(days=2)
"""So long after its last age a post is still looked at, where no run came in time."""


@dataclass(frozen=True)
class Known:
    """Accounts by role, own posts that are due, posts of others that are, running hashtags.

    ``shared`` are own posts of campaigns of which it is time to see who reposted them, with how
    often that was done.

    A post says whether it reached an age since it was seen (``is_due``), and since its private
    figures were read (``is_unread``).
    """

    roles: Mapping[str, str]
    posts: Sequence[Mapping[str, Any]] = ()
    others: Sequence[str] = ()
    hashtags: Sequence[str] = ()
    shared: Mapping[str, int] = field(default_factory=dict)

    @property
    def own(self) -> list[str]:
        """The accounts of the organisation."""
        return [name for name, role in self.roles.items() if role == "own"]


def known(
    store: Store, settings: Settings, now: dt.datetime, state: State, signed_in: str | None
) -> Known:
    """What is known now. Ambassadors are only those who take part.

    ``signed_in`` is the id of the account that is: of its posts private figures can be read.
    """
    named = wanted(store, settings)
    reader = next((name for name, number in state.ids.items() if number == signed_in), None)

    def ask(snapshot: Snapshot) -> Known:
        collect = settings.collect
        roles = _roles(snapshot.rows(_ACCOUNTS), settings, named)
        own = [name for name, role in roles.items() if role == "own"]
        tags = snapshot.rows(_HASHTAGS, {"today": now.date()}) if collect.hashtags else []
        return Known(
            roles,
            due_posts(snapshot, own, collect.ages, now, reader),
            due_others(snapshot, own, collect.recheck, state.rechecked, now),
            [str(row["value"]) for row in tags],
            shared_posts(snapshot, own, now) if collect.reposters else {},
        )

    return store.read(ask)


def of_settings(settings: Settings) -> Known:
    """What is known where there is no store yet: the accounts in the settings."""
    return Known(dict.fromkeys(settings.collect.accounts, "own"))


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


def _roles(
    accounts: Sequence[Mapping[str, Any]], settings: Settings, named: Sequence[str]
) -> dict[str, str]:
    """The accounts that are collected, with their roles."""
    everyone = {str(row["account_id"]): row for row in accounts}
    roles = {
        name: str(row["role"])
        for name, row in everyone.items()
        if (row["role"] in settings.collect.roles or name in named)
        and (row["role"] != "ambassador" or row["takes_part"])
    }
    return roles | {name: "own" for name in named if name not in everyone}


def due_posts(
    snapshot: Snapshot,
    own: Sequence[str],
    ages: Sequence[dt.timedelta],
    now: dt.datetime,
    reader: str | None = None,
) -> list[dict[str, Any]]:
    """Own posts that reached an age since they were last looked at, the oldest first.

    Private figures can be read of posts of ``reader``.
    """
    values = {
        "own": list(own),
        "ages": [age.total_seconds() for age in ages],
        "now": now,
        "reader": reader,
        "since": now - ages[-1] - _LATEST,
    }
    return snapshot.rows(_POSTS, values)


def shared_posts(snapshot: Snapshot, own: Sequence[str], now: dt.datetime) -> dict[str, int]:
    """Own posts of campaigns, one to two weeks old, that were reposted; the oldest first."""
    definitions.prepare(snapshot)
    begin, end = (now - dt.timedelta(days=days) for days in (14, 7))
    found = snapshot.rows(_SHARED, {"own": list(own), "begin": begin, "end": end})
    return {str(row["post_id"]): int(row["shares"]) for row in found}


def due_others(
    snapshot: Snapshot,
    own: Sequence[str],
    every: dt.timedelta,
    rechecked: dt.datetime | None,
    now: dt.datetime,
) -> list[str]:
    """Posts of others of which a whole number of periods has passed since the last look-up.

    Each keeps its own rhythm, counted from the hour in which it came: a run that is late or early
    by minutes shifts nothing.
    """
    values = {
        "own": list(own),
        "every": every.total_seconds(),
        "now": now,
        "last": rechecked or dt.datetime.fromtimestamp(0, dt.UTC),
    }
    return [str(row["post_id"]) for row in snapshot.rows(_OTHERS, values)]


_ACCOUNTS = (
    f"SELECT account_id, role, {privacy.TAKES_PART} AS takes_part FROM accounts "
    "WHERE platform = 'x' AND is_removed IS DISTINCT FROM true "
    f"AND NOT starts_with(account_id, '{privacy.UNNAMED}') AND account_id <> '{UNKNOWN}' "
    "ORDER BY account_id"
)


def _reached(seen_at: str) -> str:
    """SQL for whether a post reached an age since a moment (null: since it was published)."""
    age = "epoch($now::TIMESTAMPTZ) - epoch(p.published_at)"
    before = f"coalesce(epoch({seen_at}) - epoch(p.published_at), 0)"
    return f"len(list_filter($ages::DOUBLE[], lambda age: {before} < age AND age <= {age})) > 0"


_POSTS = (  # only analytics says how often a post was opened
    "WITH looks AS (SELECT post_id, max(collected_at) AS seen_at, "
    "max(collected_at) FILTER (detail_expands IS NOT NULL) AS analysed_at "
    "FROM post_metrics_log WHERE platform = 'x' GROUP BY post_id) "
    "SELECT p.post_id, p.account_id, p.published_at, "
    f"{_reached('seen_at')} AS is_due, "
    f"p.account_id IS NOT DISTINCT FROM $reader AND {_reached('analysed_at')} AS is_unread "
    "FROM posts p LEFT JOIN looks USING (post_id) WHERE p.platform = 'x' "
    "AND p.published_at > $since AND p.is_repost IS NOT TRUE AND p.url IS NOT NULL "
    "AND list_contains($own, p.account_id) AND (is_due OR is_unread) "
    "ORDER BY p.published_at, p.post_id"
)


def _periods(until: str) -> str:
    """SQL for how many whole periods lie between the hour in which a post came and a moment."""
    passed = f"epoch({until}::TIMESTAMPTZ) - epoch(date_trunc('hour', collected_at))"
    return f"greatest(floor(({passed}) / $every::DOUBLE), 0)"


_OTHERS = (
    "SELECT post_id FROM posts WHERE platform = 'x' AND text IS NOT NULL AND text <> '' "
    "AND regexp_full_match(post_id, '\\d{1,19}') AND NOT list_contains($own, account_id) "
    f"AND {_periods('$now')} > {_periods('$last')} ORDER BY post_id::UBIGINT"
)
_SHARED = (
    "SELECT p.post_id, max(m.shares) AS shares FROM posts p "
    "JOIN post_campaigns c USING (platform, post_id) "
    "JOIN post_metrics m USING (platform, post_id) WHERE p.platform = 'x' "
    "AND p.published_at BETWEEN $begin AND $end AND p.is_repost IS NOT TRUE AND p.url IS NOT NULL "
    "AND list_contains($own, p.account_id) GROUP BY p.post_id HAVING max(m.shares) > 0 "
    "ORDER BY min(p.published_at), p.post_id"
)
_HASHTAGS = (
    "SELECT DISTINCT lower(r.value) AS value FROM campaign_rules r JOIN campaigns c "
    "USING (campaign_id) WHERE r.kind = 'hashtag' AND r.is_removed IS DISTINCT FROM true "
    "AND c.is_removed IS DISTINCT FROM true AND coalesce(c.first_day, $today) <= $today "
    "AND coalesce(c.last_day, $today) >= $today ORDER BY 1"
)
