"""Costs, placements in other media, and results: what people keep in lists, kept here."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from dash import Dash

from campaigns.collectors.lists import columns as labels
from campaigns.definitions import records
from campaigns.errors import N_, NoStore
from campaigns.reports import wording
from campaigns.translations import _
from dashboard import formats, forms
from dashboard.answers import Answers
from dashboard.page import Page
from dashboard.pages import _editing as editing
from dashboard.pages import _lists as lists
from dashboard.pages._lists import Context, Listed, Row, Shown
from dashboard.parts import Column
from dashboard.view import Period


def _period(row: Row) -> str:
    if row["first_day"] == row["last_day"]:
        return formats.day(row["first_day"])
    return formats.period(Period(row["first_day"], row["last_day"]))


def _money(row: Row) -> tuple[float | None, str]:
    """An amount to sort by, and as it is shown: hours with their rate."""
    currency = row["currency"] or "EUR"
    if row["amount"] is not None:
        return float(row["amount"]), wording.money(float(row["amount"]), currency)
    if row.get("hours") is None or row.get("rate") is None:
        return None, _("not known")
    amount = float(row["hours"] * row["rate"])
    hours = wording.number(float(row["hours"]))
    said = _("{amount} ({hours} hours)", amount=wording.money(amount, currency), hours=hours)
    return amount, said


def _cost_columns() -> Sequence[Column]:
    return (
        Column("what", _("Description")),
        Column("campaigns", _("Campaigns")),
        Column("kind", _("Kind")),
        Column("amount", _("Amount"), is_number=True),
        Column("currency", _("Currency")),
        Column("vat", _("VAT")),
        Column("first_day", _("Period")),
        Column("source", _("List")),
    )


def _cost(row: Row, known: Context) -> Shown:
    borne = records.parts(row["shares"])
    names = [
        known.campaign(name)
        if part in (None, 1)
        else _("{name} {part}", name=known.campaign(name), part=wording.percentage(part, 0))
        for name, part in borne
    ]
    amount, said = _money(row)
    kind = editing.word("kind", row["kind"])
    values = {
        "what": row["description"] or kind or _("cost"),
        "campaigns": ", ".join(names) or _("no campaign"),
        "kind": kind,
        "amount": amount,
        "currency": row["currency"],
        "vat": editing.word("vat", row["vat"]) or _("not known"),
        "first_day": row["first_day"],
        "source": row["source"],
    }
    return values, lambda: {"amount": said, "first_day": _period(row)}


def _placement_columns() -> Sequence[Column]:
    return (
        Column("title", _("Title")),
        Column("medium", _("Medium")),
        Column("campaign", _("Campaign")),
        Column("first_day", _("Period")),
        Column("insertions", _("Insertions"), is_number=True),
        Column("circulation", _("Circulation"), is_number=True),
        Column("readership", _("Readership"), is_number=True),
        Column("amount", _("Amount"), is_number=True),
    )


def _placement(row: Row, known: Context) -> Shown:
    amount, said = _money(row)
    values = {
        **{name: row[name] for name in ("first_day", "insertions", "circulation", "readership")},
        "title": row["title"] or editing.word("medium", row["medium"]),
        "medium": editing.word("platform", row["medium"]),
        "campaign": known.campaign(row["campaign"]) or _("no campaign"),
        "amount": amount,
    }

    def shown() -> Mapping[str, Any]:
        counts = {name: _count(row[name]) for name in ("insertions", "circulation", "readership")}
        return {**counts, "amount": said, "first_day": _period(row)}

    return values, shown


def _count(value: int | None) -> str:
    return _("not known") if value is None else wording.number(value, 0)


def _outcome_columns() -> Sequence[Column]:
    return (
        Column("outcome", _("Result")),
        Column("value", _("Value"), is_number=True),
        Column("unit", _("Unit")),
        Column("campaign", _("Campaign")),
        Column("day", _("Day")),
        Column("measured_by", _("Measured by")),
        Column("source", _("List")),
    )


def _outcome(row: Row, known: Context) -> Shown:
    values = {
        **{name: row[name] for name in ("outcome", "value", "unit", "day", "measured_by")},
        "campaign": known.campaign(row["campaign"]) or _("no campaign"),
        "source": row["source"],
    }

    def shown() -> Mapping[str, Any]:
        number = _("not known") if row["value"] is None else wording.number(row["value"])
        return {"value": number, "day": formats.day(row["day"])}

    return values, shown


def _name_of_cost(row: Row) -> str:
    return row["description"] or editing.word("kind", row["kind"]) or _money(row)[1]


def _name_of_placement(row: Row) -> str:
    return row["title"] or editing.word("platform", row["medium"])


def _name_of_outcome(row: Row) -> str:
    return str(row["outcome"])


LISTS = (
    Listed(
        "costs", "/data/costs", N_("Costs"), N_("Add a cost"),
        N_("What campaigns cost beside their ads stands here: production, hours, print. Import a "
           "list, or add the first line."),
        labels.COSTS,
        (
            (N_("What it was"), ("description", "kind", "first_day", "last_day")),
            (N_("Who bears it"), ("shares",)),
            (N_("How much"), ("amount", "currency", "vat", "hours", "rate")),
            (N_("For which account, if for one"), ("platform", "account_id", "ambassador")),
        ),
        _cost_columns, _cost, _name_of_cost,
        {"kind": "kind", "vat": "vat", "platform": "platform"},
    ),
    Listed(
        "media_placements", "/data/placements", N_("Print and other media"), N_("Add a placement"),
        N_("What appeared in print, on radio, on television or in the street stands here, so that "
           "it is seen beside the social channels. Import a list, or add the first line."),
        labels.PLACEMENTS,
        (
            (N_("What it was"), ("title", "medium", "campaign", "first_day", "last_day",
                                 "insertions")),
            (N_("Who could see it"), ("circulation", "circulation_source", "readership",
                                      "readership_source")),
            (N_("What it cost"), ("amount", "currency", "vat")),
        ),
        _placement_columns, _placement, _name_of_placement,
        {"medium": "platform", "vat": "vat"},
    ),
    Listed(
        "outcomes", "/data/outcomes", N_("Results"), N_("Add a result"),
        N_("What campaigns brought stands here: applications, visits, calls, recognition. Import "
           "a list, or add the first line."),
        labels.OUTCOMES,
        (("", ("campaign", "outcome", "value", "unit", "day", "measured_by")),),
        _outcome_columns, _outcome, _name_of_outcome, {},
    ),
)  # fmt: skip

_TEXTS = {
    "costs": (
        N_("What do campaigns cost beside their ads?"), N_("New cost"), N_("Change a cost"),
    ),
    "media_placements": (
        N_("What appeared in print and other media, and who could see it?"),
        N_("New placement"), N_("Change a placement"),
    ),
    "outcomes": (N_("What did campaigns bring?"), N_("New result"), N_("Change a result")),
}  # fmt: skip


def _register(kept: Listed, app: Dash) -> None:
    forms.on_save(
        app,
        kept.form,
        functools.partial(lists.save, kept),
        functools.partial(lists.again, kept),
        functools.partial(lists.newer, kept),
    )
    forms.on_remove(app, kept.form, functools.partial(lists.remove, kept))


def _examples(kept: Listed, answers: Answers) -> Sequence[str]:
    try:
        rows = answers.ask(lambda snapshot: records.records(snapshot, kept.table), kept.table)
    except NoStore:
        return ()
    return [kept.href(row) for row in rows[:1]]


def _pages(kept: Listed) -> list[Page]:
    question, new, change = _TEXTS[kept.table]
    parts = "<source>/<row>" if records.RECORDS[kept.table].has_source else "<row>"
    given: dict[str, Any] = {"section": "manage", "filters": (), "needs_data": False}
    form = functools.partial(lists.page_of, kept)
    listing = functools.partial(lists.listing, kept)
    register = functools.partial(_register, kept)
    examples = functools.partial(_examples, kept)
    how = N_("The fields are explained below them; those marked as needed must be filled in.")
    return [
        Page(kept.path, kept.caption, question, listing, callbacks=register, **given),
        Page(f"{kept.path}/new", new, how, form, **given),
        Page(f"{kept.path}/{parts}/edit", change, how, form, examples=examples, **given),
    ]


PAGES = tuple(page for kept in LISTS for page in _pages(kept))
