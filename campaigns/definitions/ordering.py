"""The order of campaigns: of several that match a post, the first one gets it."""

from __future__ import annotations

import dataclasses

from campaigns.definitions.campaign import Campaign
from campaigns.definitions.stated import among
from campaigns.definitions.statements import edit
from campaigns.definitions.versions import check_version
from campaigns.store import Store


def order_of(known: list[Campaign]) -> list[str]:
    """The order in which campaigns decide, by their ids."""
    return [campaign.campaign_id for campaign in known]


def move(store: Store, name: str, steps: int, carried: str | None = None) -> list[Campaign]:
    """Move a campaign so many places down the order (negative: up); returns the new order.

    ``carried`` is the version of the order (`order_of`) that was looked at. Raises
    `UnknownCampaign`, `ChangedMeanwhile`.
    """

    def change(known: list[Campaign]) -> list[Campaign]:
        check_version(order_of(known), carried)
        moved = among(known, name)
        place = known.index(moved)
        rest = [campaign for campaign in known if campaign is not moved]
        rest.insert(min(max(place + steps, 0), len(rest)), moved)
        return [dataclasses.replace(one, position=n) for n, one in enumerate(rest, 1)]

    return edit(store, f"campaigns move {name}", change)
