"""One post: what it is, why it belongs to a campaign, and what was known of it at which age.

Posts that a report by post does not show are not found here either: those of colleagues who did
not permit their name, of competitors and other organisations, and reposts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns import definitions
from campaigns.definitions import Rule
from campaigns.errors import N_, UserError
from campaigns.reports.ambassadors import SMALLEST_GROUP, people, registered
from campaigns.schema import TABLES
from campaigns.store import Snapshot

FIGURES = TABLES["post_metrics"].counters


class UnknownPost(UserError):
    """There is no such post, or it may not be shown."""

    text = N_("There is no post {post} on {platform} that can be shown.")


@dataclass(frozen=True)
class Observed:
    """What one moment said of a post: totals since publication, of one delivery.

    ``age`` counts days from the day of publication in the store's time zone. A figure that was
    not reported then is null; withdrawals and corrections can make a figure smaller.
    """

    collected_at: dt.datetime
    age: int
    delivery: str
    figures: Mapping[str, int | None]


@dataclass(frozen=True)
class Post:
    """A post; ``figures`` are the newest known per delivery.

    ``campaign_id`` is null without a campaign; ``assigned_by`` is ``hand`` or ``rule``, then
    ``rule`` says which one. ``reason`` says why no rule could judge it (see `definitions.REASONS`).
    ``partners`` reposted it; of ``colleagues`` at least so many, by fives (null: fewer than five).
    """

    platform: str
    post_id: str
    account_id: str
    published_on: dt.date
    text: str | None
    url: str | None
    media_type: str | None
    ad_campaign: str | None
    is_reply: bool
    figures: Mapping[str, Mapping[str, int | None]]
    history: Sequence[Observed]
    campaign_id: str | None = None
    campaign: str | None = None
    assigned_by: str | None = None
    rule: Rule | None = None
    reason: str | None = None
    partners: Sequence[str] = ()
    colleagues: int | None = None


@dataclass(frozen=True)
class Origin:
    """How many posts came into a campaign by one rule, or by hand (``rule`` null)."""

    assigned_by: str
    rule: Rule | None
    posts: int


def post(snapshot: Snapshot, platform: str, post_id: str) -> Post:
    """The post of that id, or of which that is another id. Raises `UnknownPost`."""
    ids = _ids(snapshot, platform, post_id)
    given = {"platform": platform, "ids": ids}
    rows = snapshot.rows(
        "SELECT account_id, published_on, text, url, media_type, ad_campaign, is_reply, is_repost "
        "FROM posts WHERE platform = $platform AND list_contains($ids, post_id) "
        "ORDER BY list_position($ids, post_id)",
        given,
    )
    if not rows or rows[0]["is_repost"] or _is_hidden(snapshot, platform, rows):
        raise UnknownPost(post=post_id, platform=platform)
    about: dict[str, Any] = {
        name: next((row[name] for row in rows if row[name] is not None), None) for name in rows[0]
    }
    del about["is_repost"]
    about["is_reply"] = bool(about["is_reply"])
    history = _history(snapshot, given, about["published_on"])
    newest = snapshot.rows(
        f"SELECT delivery, {_each('arg_max({0}, (collected_at, {0}))')} FROM post_metrics "
        "WHERE platform = $platform AND list_contains($ids, post_id) GROUP BY delivery",
        given,
    )
    figures = {row.pop("delivery"): row for row in newest}
    belongs = _campaign(snapshot, given)
    reposts = _reposts(snapshot, given)
    return Post(platform, ids[0], **about, figures=figures, history=history, **belongs, **reposts)


def _reposts(snapshot: Snapshot, given: Mapping[str, Any]) -> dict[str, Any]:
    """Which partners reposted it, and how many colleagues, where they are enough to be told."""
    rows = snapshot.rows(
        "SELECT DISTINCT r.account_id, coalesce(a.name, r.account_id) AS name, a.role "
        "FROM post_reposts r JOIN accounts a USING (platform, account_id) "
        "WHERE platform = $platform AND list_contains($ids, r.post_id) "
        "AND a.is_removed IS DISTINCT FROM true ORDER BY name",
        given,
    )
    colleagues = sum(row["role"] == "ambassador" for row in rows) // SMALLEST_GROUP
    partners = [str(row["name"]) for row in rows if row["role"] == "partner"]
    return {"partners": partners, "colleagues": colleagues * SMALLEST_GROUP or None}


def origins(snapshot: Snapshot, campaign_id: str) -> list[Origin]:
    """How the posts of a campaign came into it, most posts first; of posts that may be shown."""
    counted = snapshot.cached(
        "origins",
        "SELECT c.assigned_by, c.position, "
        "count(DISTINCT (c.platform, coalesce(a.post_id, c.post_id))) AS posts "
        f"FROM {definitions.assigned(snapshot)} c JOIN posts p USING (platform, post_id) "
        "LEFT JOIN post_aliases a ON a.platform = c.platform AND a.alias = c.post_id "
        "WHERE c.campaign_id = $campaign AND p.is_repost IS NOT TRUE "
        "AND NOT list_contains($hidden, p.platform || '/' || p.account_id) "
        "GROUP BY ALL",
        of=definitions.ASSIGNED_BY,
        parameters={"campaign": campaign_id, "hidden": hidden_accounts(snapshot)},
    )
    rows = snapshot.rows(f"FROM {counted} ORDER BY posts DESC, position")
    rules = definitions.find(snapshot, campaign_id).rules
    return [
        Origin(
            row["assigned_by"],
            rules[row["position"] - 1] if row["position"] is not None else None,
            int(row["posts"]),
        )
        for row in rows
    ]


def kinds(snapshot: Snapshot, posts: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The kind of media (image, video …) of posts, where the platform states it."""
    rows = snapshot.rows(
        "SELECT platform, post_id, media_type FROM posts WHERE media_type IS NOT NULL "
        "AND list_contains($keys, platform || '/' || post_id)",
        {"keys": [f"{platform}/{post_id}" for platform, post_id in posts]},
    )
    return {(row["platform"], row["post_id"]): row["media_type"] for row in rows}


def hidden_accounts(snapshot: Snapshot) -> list[str]:
    """Accounts (``platform/account``) of which no report shows single posts."""
    accounts = registered(snapshot)
    named = {(one.platform, one.account_id) for one in people(accounts) if one.is_named}
    return [
        f"{row['platform']}/{row['account_id']}"
        for row in accounts
        if row["role"] in {"peer", "organisation"}
        or (row["role"] == "ambassador" and (row["platform"], row["account_id"]) not in named)
    ]


def _is_hidden(snapshot: Snapshot, platform: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    hidden = set(hidden_accounts(snapshot))
    return any(f"{platform}/{row['account_id']}" in hidden for row in rows)


def _ids(snapshot: Snapshot, platform: str, post_id: str) -> list[str]:
    """The id under which the post is counted, then its other ids."""
    rows = snapshot.rows(
        "WITH root AS (SELECT coalesce(max(post_id), $post) AS post_id FROM post_aliases "
        "WHERE platform = $platform AND alias = $post) "
        "SELECT alias, root.post_id AS root FROM root LEFT JOIN post_aliases a "
        "ON a.post_id = root.post_id AND a.platform = $platform ORDER BY alias",
        {"platform": platform, "post": post_id},
    )
    others = [row["alias"] for row in rows if row["alias"] not in (None, rows[0]["root"])]
    return [rows[0]["root"], *others]


def _each(sql: str) -> str:
    return ", ".join(f"{sql.format(name)} AS {name}" for name in FIGURES)


def _history(
    snapshot: Snapshot, given: Mapping[str, object], published_on: dt.date
) -> list[Observed]:
    """Every moment of which anything is known, oldest first; of one moment the larger figures."""
    rows = snapshot.rows(
        "SELECT collected_at, timezone($zone, collected_at)::DATE - $published::DATE AS age, "
        f"delivery, {_each('max({0})')} FROM post_metrics_log "
        "WHERE platform = $platform AND list_contains($ids, post_id) "
        "GROUP BY ALL ORDER BY collected_at, delivery",
        {**given, "zone": snapshot.timezone, "published": published_on},
    )
    return [
        Observed(row.pop("collected_at"), int(row.pop("age")), row.pop("delivery"), row)
        for row in rows
    ]


def _campaign(snapshot: Snapshot, given: Mapping[str, object]) -> dict[str, Any]:
    """Which campaign it belongs to and why, else why no rule could judge it."""
    definitions.prepare(snapshot)
    there = "platform = $platform AND list_contains($ids, post_id) LIMIT 1"
    rows = snapshot.rows(
        f"SELECT campaign_id, position, assigned_by FROM post_campaigns WHERE {there}", given
    )
    if not rows:
        reason = snapshot.value(f"SELECT reason FROM unjudged_posts WHERE {there}", given)
        return {"reason": reason}
    (row,) = rows
    campaign = definitions.find(snapshot, row["campaign_id"])
    place = row.pop("position")
    rule = campaign.rules[place - 1] if place is not None else None
    return {**row, "campaign": campaign.name, "rule": rule}
