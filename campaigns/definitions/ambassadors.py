"""Colleagues who take part: their opt-ins, permissions, teams, and how they withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from campaigns import privacy
from campaigns.definitions.accounts import register
from campaigns.definitions.campaign import account_key, same_name
from campaigns.errors import UnknownPerson
from campaigns.privacy import Erased, Person, record
from campaigns.store import Snapshot, Store

COLUMNS = ("platform", "account_id", "person", "team", "opted_in_on", "withdrawn_on",
           "is_name_permitted")  # fmt: skip
"""What is known of an ambassador's account."""


def ambassadors(snapshot: Snapshot) -> list[dict[str, Any]]:
    """All accounts of ambassadors, with `COLUMNS`."""
    return snapshot.rows(
        f"SELECT {', '.join(COLUMNS)} FROM accounts WHERE role = 'ambassador' "
        "AND is_removed IS NOT true ORDER BY platform, account_id"
    )


def opt_in(
    store: Store,
    platform: str,
    account: str,
    day: dt.date,
    fields: Mapping[str, object] | None = None,
    *,
    again: bool = False,
) -> dict[str, Any]:
    """Register that a colleague agreed to take part, on a day; returns what is known then.

    ``fields`` are ``person``, ``team`` and the like. Raises `ErasedPerson` for somebody who was
    taken out, unless ``again`` says that the person has agreed anew.
    """
    if again:
        privacy.lift(store, platform, account)
    return register(
        store, platform, account, {**(fields or {}), "role": "ambassador", "opted_in_on": day}
    )


def permit(store: Store, name: str, is_permitted: bool = True) -> list[dict[str, Any]]:
    """Say whether reports may name a colleague; by handle or name. Raises `UnknownPerson`."""
    return [
        register(store, row["platform"], row["account_id"], {"is_name_permitted": is_permitted})
        for row in of_person(store, name)
    ]


def withdraw(store: Store, name: str) -> Erased:
    """A colleague takes part no longer: everything of that colleague is destroyed at once.

    It holds for the past too, and imports keep the colleague out. Raises `UnknownPerson`.
    """
    return privacy.erase(store, _meant(store, name), "withdrawn")


def held(store: Store, name: str) -> dict[str, int]:
    """How many rows `withdraw` would destroy or change, by table. Raises `UnknownPerson`."""
    rows = record.access(store, _meant(store, name))["held"]
    return {table: len(found) for table, found in rows.items()}


def _meant(store: Store, name: str) -> Person:
    accounts = {(str(row["platform"]), str(row["account_id"])) for row in of_person(store, name)}
    whole = privacy.find(store, name)
    return Person(whole.accounts | accounts, whole.phrases, whole.pseudonyms)


def of_person(store: Store, name: str) -> list[dict[str, Any]]:
    """The accounts of an ambassador, by the handle of one of them or by the person's name.

    Raises `UnknownPerson`.
    """
    rows = store.read(ambassadors)
    handle, wanted = account_key(name), same_name(name)
    met = [
        row
        for row in rows
        if row["account_id"] == handle or (row["person"] and same_name(row["person"]) == wanted)
    ]
    persons = {same_name(row["person"]) for row in met if row["person"]}
    found = [row for row in rows if row in met or same_name(str(row["person"] or "")) in persons]
    if not found:
        raise UnknownPerson(name=name)
    return found
