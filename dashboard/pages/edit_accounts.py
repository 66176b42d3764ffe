"""Accounts: the organisation's own, and those of partners, peers and other organisations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import Dash
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions.versions import check_version, version
from campaigns.errors import N_, NoStore, UserError
from campaigns.translations import _
from dashboard import forms
from dashboard.answers import Answers
from dashboard.forms import Done, Form, Refused, Values
from dashboard.page import Content, Page, address
from dashboard.pages import _account_form as account_form
from dashboard.pages import _editing as editing
from dashboard.parts import Column, Line, Part, Table, button_link, card, empty, link, table
from dashboard.view import View

PATH = "/data/accounts"
EDIT = "/data/accounts/<platform>/<account>/edit"
NAME = "account"


class NoAccount(UserError):
    """An account that is not registered, or is a colleague's, who is not shown here."""

    text = N_("There is no such account in the register. See the list of all accounts.")


def content(view: View) -> Content:
    """All accounts but those of colleagues."""
    rows = editing.asked(view, definitions.accounts, list)
    way = button_link(_("Add an account"), f"{PATH}/new", "plus")
    shown = [row for row in rows if row["role"] != "ambassador"]
    if not shown:
        why = _("Importing registers the accounts that it meets. State here what files do not "
                "tell: whose an account is, and which ad accounts pay for its posts.")  # fmt: skip
        return [editing.subpages(view), empty(_("No account is registered yet"), why, way)]
    found = Table("accounts", _("Accounts"), _columns(), [_line(row) for row in shown])
    about: list[Part] = [_("Accounts of colleagues are not listed here; they are kept at"), " ",
             link(_("Ambassadors"), "/data/ambassadors"), "."]  # fmt: skip
    return [
        editing.subpages(view),
        editing.head(way),
        card(forms.quiet(*about), table(view, found, is_quiet=True)),
        editing.undoable(),
    ]


def _columns() -> Sequence[Column]:
    return (
        Column("account_id", _("Account")),
        Column("platform", _("Platform")),
        Column("name", _("Name")),
        Column("role", _("Role")),
        Column("sector", _("Sector")),
        Column("ad_accounts", _("Ad accounts")),
    )


def _line(row: dict[str, Any]) -> Line:
    values = {name: row[name] for name in ("account_id", "name", "sector")}
    values["platform"] = editing.word("platform", row["platform"])
    values["role"] = editing.word("role", row["role"])
    values["ad_accounts"] = (row["ad_accounts"] or "").replace(";", ", ") or None
    href = address(EDIT, platform=row["platform"], account=row["account_id"])
    blank = {name: "–" for name in ("name", "sector", "ad_accounts") if not values[name]}
    return Line(values, {"account_id": forms.row_link(row["account_id"], href), **blank})


def _form(is_new: bool) -> Form:
    return account_form.form(NAME, is_new=is_new, is_colleague=False)


def page(view: View) -> list[Component | None]:
    """The form of a new account, or of the one that the address names."""
    if "account" not in view.values:
        form, values = _form(True), {"key": "", "version": "", "role": "own"}
        return [editing.subpages(view), forms.panel(form, values, PATH), editing.undoable()]
    place, account = view.values["platform"], view.values["account"]
    row = view.answers.ask(
        lambda snapshot: account_form.find(snapshot, place, account), place, account
    )
    if row is None or row["role"] == "ambassador":
        raise NoAccount
    form = _form(False)
    values = account_form.values_of(form, row)
    what = _("'{name}' leaves the register; its posts and figures stay. It can be taken back in "
             "the history at Files.", name=account)  # fmt: skip
    return [
        editing.subpages(view),
        card(forms.quiet(account, " · ", editing.word("platform", place))),
        forms.panel(form, values, PATH),
        forms.removal(NAME, _("Take out …"), what, _("Take out now")),
        editing.undoable(),
    ]


def save(values: Values) -> Done:
    """Save an account as it was typed."""
    return account_form.save(_form(not values.get("key")), values, PATH, is_colleague=False)


def again(values: Values, refused: Refused) -> Sequence[Component]:
    """The form once more."""
    return account_form.again(_form(not values.get("key")), values, refused)


def newer(row: dict[str, Any] | None) -> tuple[Values, str]:
    """What stands now."""
    return ({} if row is None else account_form.values_of(_form(False), row)), version(row)


def remove(values: Values) -> Done:
    """Take an account out of the register."""
    store = editing.store()
    place, account = json.loads(values["key"])
    row = store.read(lambda snapshot: account_form.find(snapshot, place, account))
    check_version(row, values["version"])
    definitions.unregister(store, place, account)
    return Done(_("Taken out: {name}.", name=account), PATH)


def _register(app: Dash) -> None:
    forms.on_save(app, NAME, save, again, newer)
    forms.on_remove(app, NAME, remove)


def _examples(answers: Answers) -> Sequence[str]:
    try:
        rows = answers.ask(definitions.accounts)
    except NoStore:
        return ()
    known = [row for row in rows if row["role"] != "ambassador"]
    return [address(EDIT, platform=row["platform"], account=row["account_id"]) for row in known[:1]]


_GIVEN: dict[str, Any] = {"section": "manage", "filters": (), "needs_data": False}
_HOW = N_("State what files do not tell; what is left empty stays as it is known.")
PAGES = (
    Page(
        PATH,
        N_("Accounts"),
        N_("Whose are the accounts, and which ad accounts pay for them?"),
        content,
        callbacks=_register,
        **_GIVEN,
    ),
    Page(f"{PATH}/new", N_("New account"), _HOW, page, **_GIVEN),
    Page(EDIT, N_("Change an account"), _HOW, page, examples=_examples, **_GIVEN),
)
