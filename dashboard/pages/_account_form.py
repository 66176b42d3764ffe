"""The form of an account: whose it is, and what files do not tell of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component

from campaigns import definitions
from campaigns.collectors.lists import columns as labels
from campaigns.definitions.campaign import account_key
from campaigns.definitions.versions import version
from campaigns.errors import N_, BadDefinition, BadFields, Message
from campaigns.schema import TABLES
from campaigns.store import Snapshot
from campaigns.translations import _
from dashboard import forms
from dashboard.forms import Done, Field, Form, Group, Refused, Values
from dashboard.pages import _editing as editing

Row = dict[str, Any]

_STATED = ("name", "sector", "ad_accounts")
_OF_COLLEAGUE = ("person", "team", "opted_in_on", "is_name_permitted")


def form(name: str, *, is_new: bool, is_colleague: bool) -> Form:
    """The form; an account that is known keeps its platform and handle."""
    who = [_field("platform", is_required=True), _field("account_id", is_required=True)]
    stated = [] if is_colleague else [_field("role"), *(_field(one) for one in _STATED)]
    groups = [Group(_("Which account"), who)] if is_new else []
    if stated:
        groups.append(Group(_("What it is"), stated))
    if is_colleague:  # the name of one who is known is not shown
        names = _OF_COLLEAGUE if is_new else _OF_COLLEAGUE[1:]
        fields = [_field(one, is_required=one == "opted_in_on") for one in names]
        groups.append(Group(_("The colleague"), fields))
    return Form(name, groups)


def _field(name: str, **more: Any) -> Field:
    if name == "platform":
        more |= {"kind": "choice", "choices": editing.choices("platform", _("choose …"))}
    elif name == "role":
        roles = [one for one in editing.choices("role", None) if one[0] != "ambassador"]
        more |= {"kind": "choice", "choices": roles}
    else:
        more |= {"limit": 500}
    return forms.column_field(TABLES["accounts"].column(name), labels.ACCOUNTS, **more)


def find(snapshot: Snapshot, platform: str, account: str) -> Row | None:
    """The account, as it is registered."""
    for row in definitions.accounts(snapshot):
        if (row["platform"], row["account_id"]) == (platform, account):
            return row
    return None


def values_of(made: Form, row: Row) -> Values:
    """An account as it stands in its form."""
    key = json.dumps([row["platform"], row["account_id"]])
    return {**forms.typed(made.fields, row), "key": key, "version": version(row)}


def save(made: Form, values: Values, to: str, *, is_colleague: bool) -> Done:
    """Register what was typed. Raises `BadFields`, `ChangedMeanwhile`, `ErasedPerson`."""
    key = json.loads(values["key"]) if values.get("key") else None
    given = entered(made, values, is_colleague=is_colleague)
    place, account = key or (given.pop("platform"), account_key(given.pop("account_id")))
    store = editing.store()
    before = store.read(lambda snapshot: find(snapshot, place, account))
    if before is not None and key is None:
        reason = Message(N_("is registered already: change it there"))
        raise BadFields(fields={"account_id": reason})
    check_emptied(given, before)
    carried = values["version"] if key else version(None)
    try:
        definitions.register(store, place, account, given, carried)
    except BadDefinition as error:
        found = error.values["reason"]
        said = found if isinstance(found, Message) else Message(str(found))
        raise BadFields(fields={made.fields[0].name: said}) from error
    if is_colleague:
        where = editing.word("platform", place)
        return Done(_("Saved: a colleague on {platform}.", platform=where), to)
    return Done(_("Saved: {name}.", name=account), to)


def entered(made: Form, values: Values, *, is_colleague: bool) -> dict[str, Any]:
    """What was typed. Raises `BadFields`."""
    given, faults = forms.entered(made.fields, values)
    if "platform" in given and not given["platform"]:
        faults["platform"] = Message(N_("is needed"))
    if "account_id" in given and not account_key(given["account_id"] or ""):
        faults["account_id"] = Message(N_("is needed"))
    if is_colleague:
        given["role"] = "ambassador"
        if not isinstance(given["opted_in_on"], dt.date) and "opted_in_on" not in faults:
            faults["opted_in_on"] = Message(
                N_("is needed: nothing is kept of a colleague before that day")
            )
    if faults:
        raise BadFields(fields=faults)
    return given


def check_emptied(given: Mapping[str, Any], before: Row | None) -> None:
    """What was stated of an account stays until something else is stated."""
    reason = Message(N_("cannot be emptied, only replaced; or take the statement back at Files"))
    faults = {
        name: reason
        for name, value in given.items()
        if value is None and before is not None and before.get(name) is not None
    }
    if faults:
        raise BadFields(fields=faults)


def again(made: Form, values: Values, refused: Refused) -> Sequence[Component]:
    """The form once more, with what was typed."""
    return forms.body(made, values, refused)
