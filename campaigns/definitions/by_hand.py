"""Posts assigned to campaigns by hand: it goes before all rules."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.definitions.literals import values
from campaigns.definitions.matching import ALIASES
from campaigns.definitions.references import Reference, reference
from campaigns.definitions.stated import Hand, among, by_hand, campaigns
from campaigns.definitions.stating import lock, state
from campaigns.definitions.texts import page_key
from campaigns.errors import N_, BadDefinition, Message
from campaigns.store import Snapshot, Store


def locate(snapshot: Snapshot, given: Sequence[Reference]) -> list[tuple[str, str]]:
    """The posts of the store that these references name: platform, and the id that counts.

    Raises `BadDefinition` for one that names no post, or several.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    for row in snapshot.rows(
        f"""WITH aliases AS ({ALIASES}), named AS ({_named(given)}),
        found AS (SELECT n, posts.platform, posts.post_id FROM posts JOIN named
            ON posts.post_id = key AND coalesce(named.platform, posts.platform) = posts.platform
            UNION ALL SELECT n, aliases.platform, aliases.post_id FROM aliases JOIN named
            ON alias = key AND coalesce(named.platform, aliases.platform) = aliases.platform
            UNION ALL SELECT n, posts.platform, post_id FROM posts JOIN named
            ON {page_key("posts.url")} = address)
        SELECT DISTINCT n, found.platform, coalesce(aliases.post_id, found.post_id) AS post_id
        FROM found LEFT JOIN aliases
            ON aliases.platform = found.platform AND alias = found.post_id ORDER BY ALL"""
    ):
        found.setdefault(row["n"], []).append((row["platform"], row["post_id"]))
    for number, one in enumerate(given):
        posts = found.get(number, [])
        if not posts:
            reason = Message(N_("no such post in the store. Import it first, or name it in a rule"))
            raise BadDefinition(where=one.text, reason=reason)
        if len(posts) > 1:
            several = ", ".join(":".join(post) for post in posts)
            reason = Message(N_("can be several posts: {posts}. Name one"), {"posts": several})
            raise BadDefinition(where=one.text, reason=reason)
    return [found[number][0] for number in range(len(given))]


def assign(store: Store, posts: Sequence[str], campaign: str | None) -> list[tuple[str, str]]:
    """Assign posts to a campaign by hand, or with None to no campaign; returns what they are.

    A post is named by its id, another id of it, ``platform:id`` or its address. What is said by
    hand goes before all rules. Raises `UnknownCampaign`, and `BadDefinition` as `locate` does.
    """
    given = [reference(text) for text in posts]
    with lock(store):
        known = store.read(campaigns)
        campaign_id = None if campaign is None else among(known, campaign).campaign_id
        located = list(dict.fromkeys(store.read(lambda snapshot: locate(snapshot, given))))
        present = store.read(by_hand)
        have = [(r["platform"], r["post_id"]) for r in present if r["campaign_id"] == campaign_id]
        rows = hand_differences(present, {campaign_id: [*have, *located]})
        state(store, {"campaign_posts": rows}, f"campaigns assign {campaign_id or '--none'}")
    return located


def hand_differences(present: Sequence[Mapping[str, Any]], wanted: Hand) -> list[dict[str, object]]:
    """The rows that turn what was assigned by hand into what is wanted of the same campaigns."""
    have = {(row["platform"], row["post_id"]): row["campaign_id"] for row in present}
    want = {post: campaign_id for campaign_id, posts in wanted.items() for post in posts}
    stated: list[dict[str, object]] = [
        {"platform": post[0], "post_id": post[1], "campaign_id": campaign_id}
        for post, campaign_id in want.items()
        if post not in have or have[post] != campaign_id
    ]
    withdrawn = [
        {"platform": post[0], "post_id": post[1], "campaign_id": campaign_id, "is_removed": True}
        for post, campaign_id in have.items()
        if campaign_id in wanted and post not in want
    ]
    return stated + withdrawn


def unassign(store: Store, posts: Sequence[str]) -> list[tuple[str, str]]:
    """Withdraw what was assigned by hand, so that the rules decide again.

    Raises `BadDefinition` for a post that was not assigned by hand.
    """
    rows: list[dict[str, object]] = []
    with lock(store):
        present = {(row["platform"], row["post_id"]): row for row in store.read(by_hand)}
        for text in posts:
            one = reference(text)
            named = [key for key in present if key in one.ids or (None, key[1]) in one.ids]
            if not named:
                named = store.read(functools.partial(locate, given=[one]))
            taken = [key for key in named if key in present]
            if not taken:
                reason = Message(N_("was not assigned by hand"))
                raise BadDefinition(where=text, reason=reason)
            rows += [{**present[key], "is_removed": True} for key in taken]
        state(store, {"campaign_posts": rows}, "campaigns unassign")
    return [(str(row["platform"]), str(row["post_id"])) for row in rows]


def _named(given: Sequence[Reference]) -> str:
    columns = {"n": "BIGINT", "platform": "VARCHAR", "key": "VARCHAR", "address": "VARCHAR"}
    rows: list[tuple[object, ...]] = []
    for number, one in enumerate(given):
        rows += [(number, platform, key, None) for platform, key in one.ids]
        if one.url:
            rows.append((number, None, None, one.url))
    return values(columns, rows)
