"""What the operator has stated so far: campaigns, their rules, and posts assigned by hand."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.definitions.campaign import Campaign, Rule, same_name
from campaigns.errors import UnknownCampaign
from campaigns.store import Snapshot

Hand = Mapping[str | None, Sequence[tuple[str, str]]]
"""Posts (platform, post_id) by the campaign to which they are assigned by hand; None: to none."""

OF_CAMPAIGN = [f.name for f in dataclasses.fields(Campaign) if f.name != "rules"]
OF_RULE = [f.name for f in dataclasses.fields(Rule) if f.name not in {"position", "key"}]


def campaigns(snapshot: Snapshot) -> list[Campaign]:
    """All campaigns with their rules, in the order in which they decide.

    Rules that were imported from a list name their campaign by its id or its name.
    """
    return list(snapshot.once("campaigns", lambda: _campaigns(snapshot)))


def _campaigns(snapshot: Snapshot) -> list[Campaign]:
    found = [
        Campaign(**{**{name: row[name] for name in OF_CAMPAIGN}, "name": row["name"] or row["id"]})
        for row in snapshot.rows(
            "SELECT *, campaign_id AS id FROM campaigns WHERE is_removed IS NOT true "
            "ORDER BY position NULLS LAST, campaign_id"
        )
    ]
    owner = by_name(found)
    rules: dict[str, list[Rule]] = {}
    for row in rule_rows(snapshot):
        campaign_id = owner.get(same_name(row["campaign_id"]))
        if campaign_id is not None:
            place = rules.setdefault(campaign_id, [])
            said = {name: row[name] for name in OF_RULE}
            key = (row["campaign_id"], row["position"])
            place.append(Rule(**said, position=len(place) + 1, key=key))
    return [
        dataclasses.replace(campaign, rules=tuple(rules.get(campaign.campaign_id, ())))
        for campaign in found
    ]


def rule_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The rows of rules that stand, in order."""
    return snapshot.rows(
        "SELECT * FROM campaign_rules WHERE is_removed IS NOT true AND kind IS NOT NULL "
        "AND value IS NOT NULL ORDER BY position, campaign_id"
    )


def by_name(known: Sequence[Campaign]) -> dict[str, str]:
    """The campaign_id for each name and id, as names are compared; an id goes before a name."""
    names = {same_name(campaign.name): campaign.campaign_id for campaign in reversed(known)}
    return names | {same_name(campaign.campaign_id): campaign.campaign_id for campaign in known}


def find(snapshot: Snapshot, name: str) -> Campaign:
    """The campaign of this id or name. Raises `UnknownCampaign`, which names the nearest."""
    return among(campaigns(snapshot), name)


def among(known: Sequence[Campaign], name: str) -> Campaign:
    """The campaign of this id or name among these. Raises `UnknownCampaign`.

    >>> among([Campaign("Zomer 2025", "zomer-2025")], " ZOMER 2025").campaign_id
    'zomer-2025'
    """
    campaign_id = by_name(known).get(same_name(name))
    for campaign in known:
        if campaign.campaign_id == campaign_id:
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
