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
from campaigns.definitions.stated import OF_CAMPAIGN, OF_RULE, Hand, among, by_hand, campaigns
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
    """Campaigns with ids and positions; those that are new or changed are checked.

    What was imported from a list stays as it was written while nobody changes it.
    """
    before = {campaign.campaign_id: campaign for campaign in old}
    given = [c if before.get(c.campaign_id) == c else checked(c) for c in wanted]
    taken = {campaign.campaign_id for campaign in given if campaign.campaign_id}
    last = max((campaign.position or 0 for campaign in given), default=0)
    new: list[Campaign] = []
    for campaign in given:
        campaign_id, position = campaign.campaign_id, campaign.position
        if not campaign_id:
            campaign_id = _free(slug(campaign.name), taken)
            taken.add(campaign_id)
        if position is None:
            last = position = last + 1
        known = before[campaign_id].rules if campaign_id in before else ()
        rules = _numbered(campaign_id, campaign.rules, known)
        new.append(
            dataclasses.replace(campaign, campaign_id=campaign_id, position=position, rules=rules)
        )
    _check_names([c for c in new if before.get(c.campaign_id) != c], new)
    return new


def _free(wanted: str, taken: set[str]) -> str:
    number = 2
    found = wanted
    while found in taken:
        found = f"{wanted}-{number}"
        number += 1
    return found


def _check_names(changed: Sequence[Campaign], all_of_them: Sequence[Campaign]) -> None:
    """No campaign may be taken for another: names and ids are each other's only once."""
    for campaign in changed:
        names = {same_name(campaign.name), same_name(campaign.campaign_id)}
        for other in all_of_them:
            if other is not campaign and names & {
                same_name(other.name),
                same_name(other.campaign_id),
            }:
                reason = Message(
                    N_("this name or id is already that of campaign '{name}'"),
                    {"name": other.name},
                )
                raise BadDefinition(where=campaign.name, reason=reason)


def _numbered(campaign_id: str, rules: Sequence[Rule], before: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules with their rows: unchanged rules keep theirs, new ones come last, in order."""
    if tuple(rules) == tuple(before):
        return tuple(before)
    kept = [rule for rule in rules if rule.key is not None]
    new = [rule for rule in rules if rule.key is None]
    is_appended = list(rules) == kept + new and kept == [r for r in before if r in kept]
    if kept and is_appended:
        last = max(rule.key[1] for rule in before if rule.key)
        keys = [rule.key for rule in kept]
        keys += [(campaign_id, last + number) for number in range(1, len(new) + 1)]
    else:
        keys = [(campaign_id, number) for number in range(1, len(rules) + 1)]
    return tuple(
        dataclasses.replace(rule, position=place, key=key)
        for place, (rule, key) in enumerate(zip(rules, keys, strict=True), 1)
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
            rule.key: {
                **{name: getattr(rule, name) for name in OF_RULE},
                "campaign_id": rule.key[0],
                "position": rule.key[1],
            }
            for campaign in campaigns
            for rule in campaign.rules
            if rule.key is not None
        },
    }
