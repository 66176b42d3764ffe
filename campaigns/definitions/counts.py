"""How many posts campaigns and their rules have, and how many no rule can judge."""

from __future__ import annotations

from collections import Counter

from campaigns.definitions.assignment import ASSIGNED_BY, assigned, prepare
from campaigns.definitions.campaign import Campaign
from campaigns.definitions.stated import campaigns
from campaigns.store import Snapshot

Posts = Counter[tuple[str, int | None]]
"""The number of posts by campaign_id and position of the rule; None: in all, by hand too."""


def with_posts(snapshot: Snapshot) -> tuple[list[Campaign], Posts]:
    """All campaigns, and the number of their posts: by rule, and (None) in all."""
    posts: Posts = Counter()
    counted = snapshot.cached(
        "campaign_counts",
        "SELECT campaign_id, position, count(*) AS n "
        f"FROM (SELECT * FROM {assigned(snapshot)} WHERE campaign_id IS NOT NULL) "
        "SEMI JOIN posts USING (platform, post_id) GROUP BY campaign_id, position",
        of=ASSIGNED_BY,
    )
    for row in snapshot.rows(f"FROM {counted}"):
        if row["position"] is not None:
            posts[row["campaign_id"], row["position"]] += row["n"]
        posts[row["campaign_id"], None] += row["n"]
    return campaigns(snapshot), posts


def unjudged_reasons(snapshot: Snapshot) -> Counter[str]:
    """How many posts no rule can judge, by the reason (see `REASONS`)."""
    prepare(snapshot)
    rows = snapshot.rows("SELECT reason, count(*) AS n FROM unjudged_posts GROUP BY reason")
    return Counter({row["reason"]: row["n"] for row in rows})
