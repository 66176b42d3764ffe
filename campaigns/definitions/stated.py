"""What the operator has stated so far: campaigns, their rules, and posts assigned by hand."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from campaigns.definitions.campaign import Campaign, Rule, same_name
from campaigns.errors import UnknownCampaign
from campaigns.store import Snapshot

Hand = Mapping[str | None, Sequence[tuple[str, str]]]
"""Posts (platform, post_id) by the campaign to which they are assigned by hand; None: to none."""

OF_CAMPAIGN = [f.name for f in dataclasses.fields(Campaign) if f.name != "rules"]
OF_RULE = [f.name for f in dataclasses.fields(Rule)]


def campaigns(snapshot: Snapshot) -> list[Campaign]:
    """All campaigns with their rules, in the order in which they decide."""
    rules: dict[str, list[Rule]] = {}
    for row in snapshot.rows(
        "SELECT * FROM campaign_rules WHERE is_removed IS NOT true AND kind IS NOT NULL "
        "AND value IS NOT NULL ORDER BY campaign_id, position"
    ):
        rules.setdefault(row["campaign_id"], []).append(Rule(**{n: row[n] for n in OF_RULE}))
    return [
        Campaign(
            **{n: row[n] for n in OF_CAMPAIGN if n not in {"name", "budget"}},
            name=row["name"] or row["campaign_id"],
            budget=None if row["budget"] is None else Decimal(row["budget"]),
            rules=tuple(rules.get(row["campaign_id"], ())),
        )
        for row in snapshot.rows(
            "SELECT * FROM campaigns WHERE is_removed IS NOT true "
            "ORDER BY position NULLS LAST, campaign_id"
        )
    ]


def find(snapshot: Snapshot, name: str) -> Campaign:
    """The campaign of this id or name. Raises `UnknownCampaign`, which names the nearest."""
    return among(campaigns(snapshot), name)


def among(known: Sequence[Campaign], name: str) -> Campaign:
    """The campaign of this id or name among these. Raises `UnknownCampaign`.

    >>> among([Campaign("Zomer 2025", "zomer-2025")], " ZOMER 2025").campaign_id
    'zomer-2025'
    """
    wanted = same_name(name)
    for campaign in known:
        if wanted in {campaign.campaign_id, same_name(campaign.name)}:
            return campaign
    names = [campaign.name for campaign in known]
    near = difflib.get_close_matches(name, names, 10, 0.4) if len(names) > 10 else names
    raise UnknownCampaign(name=name, known=", ".join(near or [*names[:10], "…"]) or "-")


def by_hand(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Posts assigned by hand: platform, post_id, campaign_id (null: to no campaign)."""
    return snapshot.rows(
        "SELECT platform, post_id, campaign_id FROM campaign_posts WHERE is_removed IS NOT true "
        "ORDER BY ALL"
    )
