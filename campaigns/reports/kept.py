"""What all questions share, kept ready per version of the data: each post with its newest figures.

Over millions of observations the newest row of each post takes seconds, and every question needs
it. So it is made once, with the post's account and campaign, and a question is one look through
it. It is kept as long as the tables that it is made of do not change: a new line of costs leaves
it, a campaign that changes leaves the figures.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns import definitions
from campaigns.definitions.matching import ALIASES
from campaigns.errors import UserError
from campaigns.schema import DELIVERIES, TABLES
from campaigns.store import Snapshot, Store

_OBSERVED = ("post_metrics", "post_aliases")
MADE_OF = ("post_metrics", *definitions.ASSIGNED_BY)
"""The tables that the posts are made of, beside the campaigns and their rules."""
_ABOUT = ("account_id", "published_on", "media_type", "is_reply", "is_repost", "ad_campaign")


@dataclass(frozen=True)
class Posts:
    """The posts that count, one row for all ids of a post; reposts are left out.

    ``name`` is the relation: platform, post_id, account_id, published_on, media_type, is_reply,
    was_advertised (by an ad campaign that the post names), campaign_id and is_unjudged (see
    `campaigns.definitions.prepare`; null where no campaign is defined), has_organic, has_paid and
    has_total (null where nothing was observed), and the ``figures``: such as ``likes_o`` (organic;
    ``_p`` paid, ``_t`` total), those of which any value is known. Sorted by day of publication.
    ``publishers`` is the relation of the accounts that published anything, reposts too.
    """

    name: str = "posts"
    figures: frozenset[str] = frozenset()
    publishers: str = "posts_log"


NONE = Posts()
"""No posts: for what needs to know of a question, and not of the data."""


def posts(snapshot: Snapshot) -> Posts:
    """The posts of a snapshot, made now if they are not ready yet."""
    return snapshot.once("posts", lambda: _posts(snapshot))


def _posts(snapshot: Snapshot) -> Posts:
    known = _known(snapshot)
    has_aliases = bool(snapshot.value("SELECT true FROM post_aliases_log LIMIT 1"))
    observed = snapshot.cached("figures", _newest(known, has_aliases), of=_OBSERVED)
    campaigns = definitions.assigned(snapshot)
    sql = (
        "SELECT p.platform, p.post_id, account_id, published_on, media_type, "
        "coalesce(is_reply, false) AS is_reply, ad_campaign IS NOT NULL AS was_advertised, "
        "c.campaign_id, c.reason IS NOT NULL AS is_unjudged, "
        f"o.* EXCLUDE (platform, post_id) FROM ({_about(has_aliases)}) p "
        f"LEFT JOIN {campaigns} c ON c.platform = p.platform AND c.post_id = p.post_id "
        f"LEFT JOIN {observed} o ON o.platform = p.platform AND o.post_id = p.post_id "
        "WHERE is_repost IS NOT TRUE ORDER BY published_on"
    )
    name = snapshot.cached("posts", sql, of=MADE_OF)
    return Posts(name, frozenset(_names(known)), publishers(snapshot))


def publishers(snapshot: Snapshot) -> str:
    """The relation of all accounts that published anything: platform, account_id."""
    sql = "SELECT DISTINCT platform, account_id FROM posts_log"
    return snapshot.cached("publishers", sql, of=("posts",))


def make_ready(store: Store) -> None:
    """Make now what the next question would need: after an import, after campaigns changed.

    A store that is too busy leaves it to that question.
    """
    with contextlib.suppress(UserError):
        store.read(posts)


def pivot(columns: Sequence[str], deliveries: tuple[str, ...] = DELIVERIES) -> str:
    """The deliveries of one post or day side by side: ``likes_o``, ``likes_p``, ``likes_t``.

    ``deliveries`` are those that occur. Where only one does, there is one row per post or day
    already.
    """
    pieces = []
    for delivery in DELIVERIES:
        is_there, is_only = delivery in deliveries, deliveries == (delivery,)
        for column in columns:
            value = (
                f"max({column}) FILTER (delivery = '{delivery}')" if is_there else "NULL::BIGINT"
            )
            pieces.append(f"{column if is_only else value} AS {column}_{delivery[0]}")
        has = f"bool_or(delivery = '{delivery}')" if is_there else "false"
        pieces.append(f"{'true' if is_only else has} AS has_{delivery}")
    return ", ".join(pieces)


def whole(organic: str, paid: str, total: str) -> str:
    """SQL of a figure in all deliveries: the reported total, else the parts as far as known."""
    return f"coalesce({total}, {organic} + {paid}, {organic}, {paid})"


def total(column: str, known: frozenset[str]) -> str:
    """SQL of the whole of a figure of `Posts`, given which ``figures`` they have.

    >>> total("likes", frozenset({"likes_o", "likes_t"}))
    'coalesce(likes_t, likes_o + NULL::BIGINT, likes_o, NULL::BIGINT)'
    """
    parts = (f"{column}_{delivery[0]}" for delivery in DELIVERIES)
    return whole(*(part if part in known else "NULL::BIGINT" for part in parts))


def about(snapshot: Snapshot, ids: Sequence[str], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Columns of the posts with these ids, under whichever id each is known; one row per post."""
    others = f"SELECT alias FROM ({ALIASES}) WHERE post_id IN (SELECT unnest($ids::VARCHAR[]))"
    found = [row["alias"] for row in snapshot.rows(others, {"ids": [*ids]})]
    picked = snapshot.picked("posts", "post_id", [*ids, *found])
    return snapshot.rows(with_aliases(columns, picked))


def with_aliases(columns: tuple[str, ...], posts: str = "posts") -> str:
    """The posts, one row for all ids of a post: what its own id says counts first."""
    values = ", ".join(
        f"coalesce(max({name}) FILTER (a.alias IS NULL), max({name})) AS {name}" for name in columns
    )
    return (
        "SELECT b.platform, coalesce(a.post_id, b.post_id) AS post_id, "
        f"{values} FROM {posts} b LEFT JOIN ({ALIASES}) a "
        "ON a.platform = b.platform AND a.alias = b.post_id GROUP BY ALL"
    )


def _about(has_aliases: bool) -> str:
    if has_aliases:
        return with_aliases(_ABOUT)
    return f"SELECT platform, post_id, {', '.join(_ABOUT)} FROM posts"


def _known(snapshot: Snapshot) -> dict[str, list[str]]:
    """Of each delivery that posts have, the figures of which any value is known: mostly a few."""
    counters = TABLES["post_metrics"].counters
    counts = ", ".join(f"count({name}) AS {name}" for name in counters)
    view = snapshot.cached(
        "known",
        f"SELECT delivery, {counts} FROM post_metrics_log GROUP BY delivery",
        of=("post_metrics",),
    )
    found = {row["delivery"]: row for row in snapshot.rows(f"FROM {view}")}
    return {
        delivery: [name for name in counters if found[delivery][name]]
        for delivery in DELIVERIES
        if delivery in found
    }


def _newest(known: Mapping[str, Sequence[str]], has_aliases: bool) -> str:
    """The newest figures of each post, its deliveries side by side."""
    columns = tuple(dict.fromkeys(name for names in known.values() for name in names))
    rows = "post_metrics"
    if has_aliases:
        newest = "".join(f", arg_max(m.{c}, (m.collected_at, m.{c})) AS {c}" for c in columns)
        rows = (
            f"(SELECT m.platform, coalesce(a.post_id, m.post_id) AS post_id, delivery{newest} "
            f"FROM post_metrics m LEFT JOIN ({ALIASES}) a "
            "ON a.platform = m.platform AND a.alias = m.post_id GROUP BY ALL)"
        )
    group = "" if len(known) == 1 else "GROUP BY platform, post_id"
    names = ", ".join([*(f"has_{one}" for one in DELIVERIES), *_names(known)])
    return (
        f"SELECT platform, post_id, {names} FROM "
        f"(SELECT platform, post_id, {pivot(columns, tuple(known))} FROM {rows} {group})"
    )


def _names(known: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{name}_{delivery[0]}" for delivery, names in known.items() for name in names]
