"""Changing what was stated: campaigns and their rules.

Statements are read, changed and written under one lock of the store, so two processes that add
rules at once both keep theirs. Only what differs is written; nothing is, when nothing differs.
Every change can be undone like an import.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from campaigns.definitions.by_hand import hand_differences
from campaigns.definitions.campaign import Campaign, Rule, checked, same_name, slug
from campaigns.definitions.stated import OF_CAMPAIGN, Hand, among, by_hand, campaigns
from campaigns.definitions.stating import Rows, lock, state
from campaigns.errors import N_, BadDefinition, Message
from campaigns.store import Store

Change = Callable[[list[Campaign]], Iterable[Campaign]]


def edit(
    store: Store,
    command: str,
    change: Change,
    hand: Callable[[list[Campaign]], Hand] | None = None,
) -> list[Campaign]:
    """Change the campaigns as ``change`` says, given those there are; returns those there are then.

    ``change`` returns all campaigns that shall be there. New ones get an id and a position,
    new rules the next positions. ``hand`` says, given those, all posts that shall be assigned by
    hand to the campaigns that it names. Raises `BadDefinition` before anything is written.
    """
    with lock(store):
        old = store.read(campaigns)
        new = _placed(change(list(old)), old)
        rows = _differences(old, new)
        if hand is not None:
            rows["campaign_posts"] = hand_differences(store.read(by_hand), hand(new))
        state(store, rows, command)
    return sorted(new, key=lambda campaign: (campaign.position or 0, campaign.campaign_id))


def add(store: Store, campaign: Campaign) -> Campaign:
    """Add a campaign. Raises `BadDefinition` when its name or id is taken."""

    def change(known: list[Campaign]) -> list[Campaign]:
        return [*known, campaign]

    return among(edit(store, f"campaigns add {campaign.name}", change), campaign.name)


def replace(
    store: Store, name: str, command: str, change: Callable[[Campaign], Campaign]
) -> Campaign:
    """Change one campaign; its id stays. Raises `UnknownCampaign` and `BadDefinition`."""
    found: list[str] = []

    def change_one(known: list[Campaign]) -> list[Campaign]:
        old = among(known, name)
        found.append(old.campaign_id)
        new = dataclasses.replace(change(old), campaign_id=old.campaign_id)
        return [new if campaign is old else campaign for campaign in known]

    return among(edit(store, command, change_one), found[0] if found else name)


def add_rules(store: Store, name: str, rules: Sequence[Rule]) -> Campaign:
    """Add rules to a campaign, after those it has; a rule that it has already is not doubled."""
    new = tuple(dataclasses.replace(rule, position=None) for rule in rules)
    return replace(
        store,
        name,
        f"campaigns rule {name}",
        lambda old: dataclasses.replace(old, rules=(*old.rules, *new)),
    )


def remove_rule(store: Store, name: str, position: int) -> Campaign:
    """Take a rule out of a campaign, by its position. `BadDefinition` when there is none."""

    def change(old: Campaign) -> Campaign:
        kept = tuple(rule for rule in old.rules if rule.position != position)
        if len(kept) == len(old.rules):
            reason = Message(N_("it has no rule {position}"), {"position": position})
            raise BadDefinition(where=old.name, reason=reason)
        return dataclasses.replace(old, rules=kept)

    return replace(store, name, f"campaigns rule {name} --remove {position}", change)


def remove(store: Store, name: str) -> Campaign:
    """Take a campaign out, with its rules and what was assigned to it by hand."""
    with lock(store):
        old = store.read(campaigns)
        gone = among(old, name)
        rows = _differences(old, [campaign for campaign in old if campaign is not gone])
        rows["campaign_posts"] = [
            {**row, "is_removed": True}
            for row in store.read(by_hand)
            if row["campaign_id"] == gone.campaign_id
        ]
        state(store, rows, f"campaigns remove {gone.name}")
    return gone


def _placed(wanted: Iterable[Campaign], old: Sequence[Campaign]) -> list[Campaign]:
    """Campaigns checked, with ids and positions; names and ids are each other's only once."""
    given = [checked(campaign) for campaign in wanted]
    taken = {campaign.campaign_id for campaign in given if campaign.campaign_id}
    last = max((campaign.position or 0 for campaign in given), default=0)
    kept = {campaign.campaign_id: campaign for campaign in old}
    new: list[Campaign] = []
    for campaign in given:
        campaign_id, position = campaign.campaign_id, campaign.position
        if not campaign_id:
            campaign_id = _free(slug(campaign.name), taken)
            taken.add(campaign_id)
        if position is None:
            last = position = last + 1
        before = kept.get(campaign_id)
        rules = _numbered(campaign.rules, () if before is None else before.rules)
        new.append(
            dataclasses.replace(campaign, campaign_id=campaign_id, position=position, rules=rules)
        )
    _check_names(new)
    return new


def _free(wanted: str, taken: set[str]) -> str:
    number = 2
    found = wanted
    while found in taken:
        found = f"{wanted}-{number}"
        number += 1
    return found


def _check_names(campaigns: Sequence[Campaign]) -> None:
    owner: dict[str, Campaign] = {}
    ids: set[str] = set()
    for campaign in campaigns:
        for name in {same_name(campaign.name), campaign.campaign_id}:
            other = owner.setdefault(name, campaign)
            if other is not campaign or campaign.campaign_id in ids:
                reason = Message(
                    N_("this name or id is already that of campaign '{name}'"),
                    {"name": other.name},
                )
                raise BadDefinition(where=campaign.name, reason=reason)
        ids.add(campaign.campaign_id)


def _numbered(rules: Sequence[Rule], before: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules with positions: unchanged rules keep theirs, new ones come last, in order."""
    if tuple(rules) == tuple(before):
        return tuple(before)
    positions = [rule.position for rule in rules]
    ordered = [number for number in positions if number is not None]
    if not ordered:
        return tuple(dataclasses.replace(rule, position=n) for n, rule in enumerate(rules, 1))
    is_appended = positions == [*ordered, *[None] * (len(rules) - len(ordered))]
    if not (is_appended and ordered == sorted(set(ordered))):
        return tuple(dataclasses.replace(rule, position=n) for n, rule in enumerate(rules, 1))
    last = max((rule.position or 0 for rule in before), default=0)
    first_new = max([last, *ordered]) + 1
    return tuple(
        rule
        if rule.position is not None
        else dataclasses.replace(rule, position=first_new + index - len(ordered))
        for index, rule in enumerate(rules)
    )


def _differences(old: Sequence[Campaign], new: Sequence[Campaign]) -> Rows:
    """The rows that turn the old campaigns into the new ones."""
    before = _table_rows(old)
    after = _table_rows(new)
    rows: Rows = {}
    for table, wanted in after.items():
        present = before[table]
        changed = [row for key, row in wanted.items() if present.get(key) != row]
        removed = [{**row, "is_removed": True} for key, row in present.items() if key not in wanted]
        rows[table] = changed + removed
    return rows


def _table_rows(
    campaigns: Sequence[Campaign],
) -> dict[str, dict[object, dict[str, object]]]:
    return {
        "campaigns": {
            campaign.campaign_id: {name: getattr(campaign, name) for name in OF_CAMPAIGN}
            for campaign in campaigns
        },
        "campaign_rules": {
            (campaign.campaign_id, rule.position): {
                "campaign_id": campaign.campaign_id,
                **dataclasses.asdict(rule),
            }
            for campaign in campaigns
            for rule in campaign.rules
        },
    }
