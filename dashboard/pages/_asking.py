"""Forms of the page Data: questions about a file, and taking an import back."""

from __future__ import annotations

import datetime as dt
import re

from dash import html
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.errors import N_, NoStore
from campaigns.schema import UNKNOWN
from campaigns.store import Snapshot
from campaigns.translations import _
from dashboard import formats as shown
from dashboard import uploads
from dashboard.attributes import data
from dashboard.controls import Control
from dashboard.icons import icon
from dashboard.intake import Batch, Entry
from dashboard.view import View

_NUMERIC = re.compile(r"(\d{1,2})\D(\d{1,2})\D(\d{4}|\d{2})")


def form(address: str, name: str, *content: Component | None) -> html.Form:
    """A form that a script sends; what is wrong with it is said under it."""
    return html.Form(
        [
            *[part for part in content if part is not None],
            html.P(id=f"{name}-said", role="alert", className="alert"),
        ],
        id=name,
        className="ask",
        **data(post=address),
    )


def question(view: View, batch: Batch, place: int) -> html.Form:
    """What a file leaves open, to be answered; it is imported again with the answer."""
    entry = batch.entries[place]
    name = f"ask-{place}"
    address = f"/uploads/{batch.number}/answers/{place}"
    alike = len(uploads.like(batch, entry))
    for_all = None
    if alike > 1:
        box = Control(id=f"{name}-for_all", name="for_all", kind="checkbox", value=False)
        text = _("The same for all {n} files that ask this", n=alike)
        for_all = html.Div([box, html.Label(text, htmlFor=box.id)], className="check")
    if entry.asks == "dates":
        return form(address, name, for_all, _orders(entry))
    fields = _columns(entry, name) if entry.asks == "columns" else [_account(view, entry, name)]
    if entry.asks == "person":
        fields += _person(name)
    send = html.Button(_("Import"), type="submit", className="button primary")
    return form(address, name, html.Div([*fields, send], className="form-row"), for_all)


def _orders(entry: Entry) -> html.Fieldset:
    """Both readings of an example as buttons."""
    example = str(entry.report.error.values.get("example", "")) if entry.report.error else ""
    choices = [
        html.Button(
            _reading(example, order),
            type="submit",
            name="date_order",
            value=order,
            className="button",
        )
        for order in ("dmy", "mdy")
    ]
    legend = html.Legend(_("What is {example}?", example=example))
    return html.Fieldset([legend, html.Div(choices, className="form-row")])


def _reading(example: str, order: str) -> str:
    """What a date says when it is read in an order.

    >>> _reading("03/04/2025", "mdy") in {"4 Mar 2025", "4 mrt 2025"}
    True
    """
    texts = {"dmy": N_("the day first, then the month"), "mdy": N_("the month first, then the day")}
    match = _NUMERIC.search(example)
    if match is None:
        return _(texts[order])
    first, second, year = (int(part) for part in match.groups())
    day, month = (first, second) if order == "dmy" else (second, first)
    try:
        return shown.day(dt.date(year + 2000 if year < 100 else year, month, day))
    except ValueError:
        return _(texts[order])


def _columns(entry: Entry, name: str) -> list[Component]:
    """For each column that the file seems to lack, which of its own it is."""
    wanted, free = uploads.asked_columns(entry)
    choices = [{"value": "", "label": _("choose …")}]
    choices += [{"value": label, "label": label} for label in free]
    fields: list[Component] = []
    for number, (_field, label) in enumerate(wanted):
        control = Control(id=f"{name}-column_{number}", name=f"column_{number}", kind="select",
                          required=True, value="", choices=choices)  # fmt: skip
        said = _("Which column is '{label}'?", label=label)
        fields.append(html.Div([html.Label(said, htmlFor=control.id), control], className="field"))
    return fields


def _account(view: View, entry: Entry, name: str) -> html.Div:
    platform = uploads.platform(entry)
    known = [one for of, one in known_accounts(view) if of == platform]
    control = Control(
        id=f"{name}-account",
        name="account",
        kind="text",
        required=True,
        maxLength=200,
        autoComplete="off",
        spellCheck="false",
        list=f"{name}-known",
    )
    return html.Div(
        [
            html.Label(_("Account (as in its address, such as gemeente)"), htmlFor=control.id),
            control,
            html.Datalist([html.Option(value=one) for one in known], id=f"{name}-known"),
        ],
        className="field",
    )


def _person(name: str) -> list[Component]:
    role = Control(
        id=f"{name}-role",
        name="role",
        kind="select",
        required=True,
        value="",
        choices=[
            {"value": "", "label": _("choose …")},
            {"value": "own", "label": _("speaks for the organisation: keep everything")},
            {"value": "ambassador", "label": _("a colleague who takes part: posts of campaigns")},
        ],
    )
    day = Control(id=f"{name}-opted_in_on", name="opted_in_on", kind="date")
    return [
        html.Div([html.Label(_("The account"), htmlFor=role.id), role], className="field"),
        html.Div(
            [html.Label(_("If a colleague: agreed on"), htmlFor=day.id), day], className="field"
        ),
    ]


def undo(import_id: str, place: str) -> html.Details:
    """Taking an import back, after a second look."""
    return html.Details(
        [
            html.Summary([icon("undo-2"), _("Take back")], className="quiet-button"),
            form(
                f"/imports/{import_id}/undo",
                f"undo-{place}-{import_id[:12]}",
                html.P(_("All rows of this file go; what they had replaced is seen again.")),
                html.Button(_("Yes, take it back"), type="submit", className="button danger"),
            ),
        ],
        className="popup undo",
    )


def known_accounts(view: View) -> list[tuple[str, str]]:
    """Platforms and accounts to choose from: those that stand for no person."""
    try:
        found = view.answers.ask(_accounts)
    except NoStore:
        return []
    return [(platform, account) for platform, account in found if account != UNKNOWN]


def _accounts(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [
        (row["platform"], row["account_id"])
        for row in definitions.accounts(snapshot)
        if row["role"] != "ambassador"
    ]
