"""What the editing pages share: links between them, words for codes, and what can be undone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

from dash import dcc, html
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions.campaign import same_name
from campaigns.errors import N_, NoStore
from campaigns.reports import wording
from campaigns.schema import COST_KINDS, PLATFORMS, ROLES, VATS
from campaigns.store import Snapshot, Store
from campaigns.translations import _
from dashboard.answers import answers
from dashboard.attributes import aria
from dashboard.forms import Choice
from dashboard.icons import icon
from dashboard.parts import link
from dashboard.view import View

T = TypeVar("T")

SUBPAGES = {
    "/data": N_("Files"),
    "/data/campaigns": N_("Campaigns"),
    "/data/unjudged": N_("Posts to assign"),
    "/data/costs": N_("Costs"),
    "/data/placements": N_("Print and other media"),
    "/data/outcomes": N_("Results"),
    "/data/accounts": N_("Accounts"),
    "/data/ambassadors": N_("Ambassadors"),
}
"""The pages on which the store is fed and kept, in order."""

WORDS = {
    "vat": {"excl": N_("without VAT"), "incl": N_("with VAT"), "none": N_("no VAT")},
    "kind": {
        "media": N_("media"),
        "production": N_("production"),
        "hours": N_("hours"),
        "agency": N_("agency"),
        "tools": N_("tools"),
        "other": N_("other"),
    },
    "role": {
        "own": N_("own account"),
        "ambassador": N_("ambassador"),
        "partner": N_("partner"),
        "peer": N_("peer, to compare with"),
        "organisation": N_("another organisation"),
    },
    "platform": {
        "print": N_("print"),
        "radio": N_("radio"),
        "television": N_("television"),
        "outdoor": N_("outdoor"),
        "web": N_("web"),
        "other": N_("other"),
    },
}
"""The words for the codes of a column."""

_CODES = {"vat": VATS, "kind": COST_KINDS, "role": ROLES, "platform": PLATFORMS}

HIDDEN = "•••••"
"""Stands for a colleague who may not be named, in fields too: left alone, it stays who it is."""


def subpages(view: View) -> html.Nav:
    """Links to the editing pages, this one marked."""
    items = []
    for path, title in SUBPAGES.items():
        if view.path.rstrip("/") == path:
            items.append(html.Li(html.Span(_(title), className="here", **aria(current="page"))))
        else:
            is_above = path != "/data" and view.path.startswith(path + "/")
            made = dcc.Link(_(title), href=view.href(path), className="here" if is_above else "")
            items.append(html.Li(made))
    return html.Nav(html.Ul(items), className="subpages", **aria(label=_("Manage")))


def undoable(but: str = "") -> html.P:
    """That every change can be taken back, and where; ``but`` says which cannot."""
    return html.P(
        [
            icon("undo-2"),
            html.Span(
                [
                    _("Every change here can be taken back, as an import can:"),
                    " ",
                    link(_("see the history"), "/data"),
                    f". {but}" if but else ".",
                ]
            ),
        ],
        className="quiet undoable",
    )


def word(column: str, code: str | None) -> str:
    """The word for a code."""
    if code is None:
        return ""
    known = WORDS.get(column, {})
    if code in known:
        return _(known[code])
    return wording.name("platform", code) if column in {"platform", "medium"} else code


def choices(column: str, nothing: str | None = "", also: str | None = None) -> list[Choice]:
    """The codes of a column to choose from; ``nothing`` is the word for none of them."""
    codes = list(_CODES[column])
    if also and also not in codes:
        codes.append(also)
    first = [] if nothing is None else [("", nothing or "–")]
    return [*first, *((code, word(column, code)) for code in codes)]


def campaign_choices(
    known: Sequence[definitions.Campaign], nothing: str, *also: str | None
) -> list[Choice]:
    """The campaigns to choose from, and names that are no campaign but were entered."""
    found = [("", nothing), *((one.campaign_id, one.name) for one in known)]
    given = {value for value, _label in found}
    return found + [
        (name, _("{name} (no campaign of this name)", name=name))
        for name in dict.fromkeys(also)
        if name and name not in given
    ]


def asked(
    view: View, question: Callable[[Snapshot], T], default: Callable[[], Any], *names: Hashable
) -> T:
    """What a question gives; ``default`` makes that while there is no store."""
    try:
        return view.answers.ask(question, *names)
    except NoStore:
        return cast(T, default())


def known_campaigns(view: View) -> list[definitions.Campaign]:
    """The campaigns, in the order in which they decide."""
    return asked(view, definitions.campaigns, list)


def store() -> Store:
    """The store to write to, made when there is none."""
    return Store.create(answers().path)


def unnamed(snapshot: Snapshot) -> frozenset[str]:
    """Names and handles of colleagues who may not be named, as names are compared."""
    return frozenset(
        same_name(str(row[column]))
        for row in definitions.accounts(snapshot)
        if row["role"] == "ambassador" and not row["is_name_permitted"]
        for column in ("account_id", "name", "person")
        if row[column]
    )


def veiled(text: str | None, hidden: frozenset[str]) -> str | None:
    """A text that may be a colleague's name or handle, fit to be shown."""
    return HIDDEN if text and same_name(text.removeprefix("@")) in hidden else text


def head(*parts: Component | None) -> html.Div:
    """What can be done on a page, in a row."""
    return html.Div([part for part in parts if part is not None], className="form-row")
