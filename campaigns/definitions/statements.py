"""What the operator has stated: read from the store, and added to it.

Statements are read, changed and written under one lock of the store, so two processes that add
rules at once both keep theirs. Only what differs is written; nothing is, when nothing differs.
Every change can be undone like an import.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from filelock import FileLock

from campaigns.definitions.campaign import (
    Campaign,
    Rule,
    checked,
    same_name,
    slug,
)
from campaigns.definitions.literals import values
from campaigns.definitions.matching import ALIASES
from campaigns.definitions.references import Reference, reference
from campaigns.definitions.texts import page_key
from campaigns.errors import N_, BadDefinition, Message, UnknownCampaign
from campaigns.store import Snapshot, Store

Rows = dict[str, list[dict[str, object]]]
Change = Callable[[list[Campaign]], Iterable[Campaign]]

_OF_CAMPAIGN = [f.name for f in dataclasses.fields(Campaign) if f.name != "rules"]
_OF_RULE = [f.name for f in dataclasses.fields(Rule)]


def campaigns(snapshot: Snapshot) -> list[Campaign]:
    """All campaigns with their rules, in the order in which they decide."""
    rules: dict[str, list[Rule]] = {}
    for row in snapshot.rows(
        "SELECT * FROM campaign_rules WHERE is_removed IS NOT true AND kind IS NOT NULL "
        "AND value IS NOT NULL ORDER BY campaign_id, position"
    ):
        rules.setdefault(row["campaign_id"], []).append(Rule(**{n: row[n] for n in _OF_RULE}))
    return [
        Campaign(
            **{n: row[n] for n in _OF_CAMPAIGN if n not in {"name", "budget"}},
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


# --- changing campaigns and rules ------------------------------------------------------------


def edit(store: Store, command: str, change: Change) -> list[Campaign]:
    """Change the campaigns as ``change`` says, given those there are; returns those there are then.

    ``change`` returns all campaigns that shall be there. New ones get an id and a position,
    new rules the next positions. Raises `BadDefinition` before anything is written.
    """
    with _lock(store):
        old = store.read(campaigns)
        new = _placed(change(list(old)), old)
        _state(store, _differences(old, new), command)
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
    with _lock(store):
        old = store.read(campaigns)
        gone = among(old, name)
        rows = _differences(old, [campaign for campaign in old if campaign is not gone])
        rows["campaign_posts"] = [
            {**row, "is_removed": True}
            for row in store.read(by_hand)
            if row["campaign_id"] == gone.campaign_id
        ]
        _state(store, rows, f"campaigns remove {gone.name}")
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
            campaign.campaign_id: {name: getattr(campaign, name) for name in _OF_CAMPAIGN}
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


# --- assigning posts by hand -----------------------------------------------------------------


def by_hand(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Posts assigned by hand: platform, post_id, campaign_id (null: to no campaign)."""
    return snapshot.rows(
        "SELECT platform, post_id, campaign_id FROM campaign_posts WHERE is_removed IS NOT true "
        "ORDER BY ALL"
    )


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
    with _lock(store):
        known = store.read(campaigns)
        campaign_id = None if campaign is None else among(known, campaign).campaign_id
        located = list(dict.fromkeys(store.read(lambda snapshot: locate(snapshot, given))))
        command = f"campaigns assign {campaign_id or '--none'}"
        _state(store, assignments(store.read(by_hand), located, campaign_id), command)
    return located


def assignments(
    present: Sequence[Mapping[str, Any]], posts: Iterable[tuple[str, str]], campaign_id: str | None
) -> Rows:
    """The rows that assign posts to a campaign, where they are not yet."""
    have = {(row["platform"], row["post_id"], row["campaign_id"]) for row in present}
    return {
        "campaign_posts": [
            {"platform": platform, "post_id": post_id, "campaign_id": campaign_id}
            for platform, post_id in posts
            if (platform, post_id, campaign_id) not in have
        ]
    }


def unassign(store: Store, posts: Sequence[str]) -> list[tuple[str, str]]:
    """Withdraw what was assigned by hand, so that the rules decide again.

    Raises `BadDefinition` for a post that was not assigned by hand.
    """
    rows: list[dict[str, object]] = []
    with _lock(store):
        present = {(row["platform"], row["post_id"]): row for row in store.read(by_hand)}
        for text in posts:
            one = reference(text)
            named = [key for key in present if key in one.ids or (None, key[1]) in one.ids]
            if not named:
                named = store.read(lambda snapshot, one=one: locate(snapshot, [one]))
            taken = [key for key in named if key in present]
            if not taken:
                reason = Message(N_("was not assigned by hand"))
                raise BadDefinition(where=text, reason=reason)
            rows += [{**present[key], "is_removed": True} for key in taken]
        _state(store, {"campaign_posts": rows}, "campaigns unassign")
    return [(str(row["platform"]), str(row["post_id"])) for row in rows]


def _named(given: Sequence[Reference]) -> str:
    columns = {"n": "BIGINT", "platform": "VARCHAR", "key": "VARCHAR", "address": "VARCHAR"}
    rows: list[tuple[object, ...]] = []
    for number, one in enumerate(given):
        rows += [(number, platform, key, None) for platform, key in one.ids]
        if one.url:
            rows.append((number, None, None, one.url))
    return values(columns, rows)


# --- the store -------------------------------------------------------------------------------


def _lock(store: Store) -> FileLock:
    folder = store.path / "locks"
    folder.mkdir(exist_ok=True)
    return FileLock(folder / "definitions.lock")


def _state(store: Store, rows: Rows, command: str) -> None:
    """Write statements, later than all before: a clock that was set back changes no order."""
    given = {table: stated for table, stated in rows.items() if stated}
    if not given:
        return
    logs = " UNION ALL ".join(f"SELECT collected_at FROM {table}_log" for table in given)
    last = store.read(lambda snapshot: snapshot.value(f"SELECT max(collected_at) FROM ({logs})"))
    now = dt.datetime.now(dt.UTC)
    if last is not None and now <= last:
        now = last + dt.timedelta(microseconds=1)
    stamped = {
        table: [{**row, "collected_at": now} for row in stated] for table, stated in given.items()
    }
    store.state(stamped, command)
