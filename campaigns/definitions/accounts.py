"""Accounts as the operator registers them: whose they are, and what is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from campaigns import privacy
from campaigns.definitions.campaign import account_key, checked_text
from campaigns.definitions.stating import lock, state
from campaigns.definitions.versions import check_version
from campaigns.errors import N_, BadDefinition, Message, UnknownName
from campaigns.schema import PLATFORMS, ROLES
from campaigns.store import Snapshot, Store

FIELDS = ("name", "role", "sector", "ad_accounts", "team", "person", "opted_in_on",
          "withdrawn_on", "is_name_permitted")  # fmt: skip
"""What can be stated of an account, beside its platform and handle."""


def accounts(snapshot: Snapshot) -> list[dict[str, Any]]:
    """All registered accounts: platform, account_id, and `FIELDS` (null: not stated).

    Pseudonyms of people whose posts an API brought are no register of anybody.
    """
    return snapshot.rows(
        f"SELECT platform, account_id, {', '.join(FIELDS)} FROM accounts "
        f"WHERE is_removed IS NOT true AND NOT starts_with(account_id, '{privacy.UNNAMED}') "
        "ORDER BY platform, account_id"
    )


def register(
    store: Store,
    platform: str,
    account: str,
    fields: Mapping[str, object],
    carried: str | None = None,
) -> dict[str, Any]:
    """Register an account, or state more of one; returns what is known of it then.

    What is not given stays as it is known. An account that is new is ``own`` unless a role is
    given. Nothing is stored of an ambassador who did not agree. ``carried`` is the version of what
    was known when it was looked at. Raises `BadDefinition`, `ChangedMeanwhile`, and `ErasedPerson`
    for an account whose person was taken out.
    """
    where = f"{platform}:{account}"
    account_id = account_key(checked_text(account, where, "account") or "")
    if platform not in PLATFORMS or not account_id:
        reason = Message(
            N_("name a platform ({known}) and an account"), {"known": ", ".join(PLATFORMS)}
        )
        raise BadDefinition(where=where, reason=reason)
    given = _checked(fields, where)
    privacy.check(store, platform, account_id)
    with lock(store):
        known = _known(store, platform, account_id)
        check_version(known, carried)
        if known is None:
            given = {"role": "own", **given, "is_removed": False}
        after = {**(known or dict.fromkeys(FIELDS)), **given}
        _check_consent(after, where)
        _check_payers(store, platform, account_id, given.get("ad_accounts"), where)
        changed = {name: value for name, value in given.items() if (known or {}).get(name) != value}
        if changed:
            row = {"platform": platform, "account_id": account_id, **changed}
            is_colleague = "ambassador" in (after.get("role"), (known or {}).get("role"))
            whose = "ambassador" if is_colleague else account_id  # the history names no colleague
            state(store, {"accounts": [row]}, f"accounts add {platform} {whose}")
    after.pop("is_removed", None)
    return {"platform": platform, "account_id": account_id, **after}


def unregister(store: Store, platform: str, account: str) -> None:
    """Take an account out of the register; its figures stay. Raises `UnknownName`."""
    account_id = account_key(account)
    with lock(store):
        if _known(store, platform, account_id) is None:
            known = [f"{row['platform']}:{row['account_id']}" for row in store.read(accounts)]
            raise UnknownName(
                kind=Message(N_("account")),
                name=f"{platform}:{account_id}",
                known=", ".join(known[:10]) or "-",
            )
        row: dict[str, object] = {"platform": platform, "account_id": account_id}
        state(
            store,
            {"accounts": [{**row, "is_removed": True}]},
            f"accounts remove {platform} {account_id}",
        )


def _known(store: Store, platform: str, account_id: str) -> dict[str, Any] | None:
    for row in store.read(accounts):
        if (row["platform"], row["account_id"]) == (platform, account_id):
            return row
    return None


def _checked(fields: Mapping[str, object], where: str) -> dict[str, object]:
    given: dict[str, object] = {}
    for name, value in fields.items():
        if name not in FIELDS:
            raise ValueError(f"no field of an account: {name!r}")
        plain = checked_text(value, where, name) if isinstance(value, str) else value
        if plain is not None:
            given[name] = plain
    if given.get("role", "own") not in ROLES:
        reason = Message(N_("the role is none of {known}"), {"known": ", ".join(ROLES)})
        raise BadDefinition(where=where, reason=reason)
    return given


def _check_payers(
    store: Store, platform: str, account_id: str, ad_accounts: object, where: str
) -> None:
    """An ad account pays for one account: else nobody knows whose paid impressions they are."""
    wanted = _keys(ad_accounts)
    for row in store.read(accounts):
        if row["platform"] == platform and row["account_id"] != account_id:
            for key in sorted(wanted & _keys(row["ad_accounts"])):
                reason = Message(
                    N_("ad account '{ads}' belongs to account '{account}' already"),
                    {"ads": key, "account": row["account_id"]},
                )
                raise BadDefinition(where=where, reason=reason)


def _keys(ad_accounts: object) -> set[str]:
    return {one.strip().lower() for one in str(ad_accounts or "").split(";")} - {""}


def _check_consent(row: Mapping[str, object], where: str) -> None:
    if row.get("role") != "ambassador":
        return
    if not isinstance(row.get("opted_in_on"), dt.date):
        reason = Message(N_("an ambassador is registered with the day of agreeing: --opted-in DAY"))
        raise BadDefinition(where=where, reason=reason)
