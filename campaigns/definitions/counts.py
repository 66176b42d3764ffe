"""How many posts campaigns and their rules have, and how many no rule can judge."""

from __future__ import annotations

from collections import Counter

from campaigns.definitions.assignment import prepare
from campaigns.definitions.campaign import Campaign
from campaigns.definitions.stated import campaigns
from campaigns.store import Snapshot

Posts = Counter[tuple[str, int | None]]
"""The number of posts by campaign_id and position of the rule; None: in all, by hand too."""


def with_posts(snapshot: Snapshot) -> tuple[list[Campaign], Posts]:
    """All campaigns, and the number of their posts: by rule, and (None) in all."""
    prepare(snapshot)
    posts: Posts = Counter()
    for row in snapshot.rows(
        "SELECT campaign_id, position, count(*) AS n FROM post_campaigns "
        "SEMI JOIN posts USING (platform, post_id) GROUP BY campaign_id, position"
    ):
        if row["position"] is not None:
            posts[row["campaign_id"], row["position"]] += row["n"]
        posts[row["campaign_id"], None] += row["n"]
    return campaigns(snapshot), posts


def unjudged_reasons(snapshot: Snapshot) -> Counter[str]:
    """How many posts no rule can judge, by the reason (see `REASONS`)."""
    prepare(snapshot)
    rows = snapshot.rows("SELECT reason, count(*) AS n FROM unjudged_posts GROUP BY reason")
    return Counter({row["reason"]: row["n"] for row in rows})
