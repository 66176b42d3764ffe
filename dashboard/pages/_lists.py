"""The machinery of the lists that are kept on pages: a table of lines, and a form for one of them.

A `Listed` says what is special of a list; fields, labels and help come from the schema and from
the labels that imported lists have.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dash import html
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions import records
from campaigns.definitions.campaign import same_name
from campaigns.definitions.lines import checked_line
from campaigns.definitions.stated import by_name
from campaigns.definitions.versions import version
from campaigns.errors import N_, BadFields, Message, UserError
from campaigns.schema import TABLES
from campaigns.store import Snapshot, Store
from campaigns.translations import _
from dashboard import forms
from dashboard.forms import Done, Field, Form, Group, Refused, Values
from dashboard.page import address
from dashboard.pages import _editing as editing
from dashboard.pages import _parts as of_campaigns
from dashboard.parts import Column, Line, Table, button_link, card, empty, table
from dashboard.view import View

Row = Mapping[str, Any]
Shown = tuple[dict[str, Any], Callable[[], Mapping[str, Any]]]


class NoLine(UserError):
    """A line that was taken out, or never was."""

    text = N_("There is no such line, or no more. See the list of all lines.")


@dataclass(frozen=True)
class Listed:
    """A list that is kept on a page.

    ``groups`` are the fields of its form under headings; ``columns`` and ``line`` make its table:
    the values of a line, and what makes the parts that are shown of them;
    ``names`` says in one phrase which line is meant.
    """

    table: str
    path: str
    caption: str
    add: str
    nothing: str
    labels: forms.Labels
    groups: Sequence[tuple[str, Sequence[str]]]
    columns: Callable[[], Sequence[Column]]
    line: Callable[[Row, Context], Shown]
    names: Callable[[Row], str]
    choices: Mapping[str, str]

    @property
    def form(self) -> str:
        """The name of its form."""
        return self.path.rpartition("/")[2]

    def href(self, row: Row) -> str:
        """Where a line is edited."""
        key = records.RECORDS[self.table].key
        if len(key) == 1:
            return address(f"{self.path}/<row>/edit", row=row[key[0]])
        return address(f"{self.path}/<source>/<row>/edit", source=row[key[0]], row=row[key[1]])


@dataclass(frozen=True)
class Context:
    """What lines are shown with: the campaigns, and who may not be named."""

    campaigns: Sequence[definitions.Campaign]
    hidden: frozenset[str]

    def campaign(self, name: str | None) -> str:
        """A campaign as entered, by its present name."""
        found = self._ids.get(same_name(name or ""))
        return self._names.get(found or "", name or "")

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        return by_name(self.campaigns)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {one.campaign_id: one.name for one in self.campaigns}


def context(view: View) -> Context:
    """What the lines of this store are shown with."""
    hidden = editing.asked(view, editing.unnamed, frozenset)
    return Context(editing.known_campaigns(view), hidden)


# --- the list


def listing(kept: Listed, view: View) -> list[Component | None]:
    """All lines, and the way to a new one."""
    rows = editing.asked(view, _asking(kept.table), list, kept.table)
    way = button_link(_(kept.add), f"{kept.path}/new", "plus")
    if not rows:
        return [editing.subpages(view), empty(_(kept.caption), _(kept.nothing), way)]
    known = context(view)
    columns = kept.columns()
    lines = [_line(kept, columns[0].name, row, known) for row in rows]
    found = Table(kept.form, _(kept.caption), columns, lines)
    return [
        editing.subpages(view),
        editing.head(way),
        card(table(view, found)),
        editing.undoable(),
    ]


def _asking(name: str) -> Callable[[Snapshot], list[dict[str, Any]]]:
    def ask(snapshot: Snapshot) -> list[dict[str, Any]]:
        return records.records(snapshot, name)

    return ask


def _line(kept: Listed, first: str, row: Row, known: Context) -> Line:
    values, shown = kept.line(row, known)

    def parts() -> Mapping[str, Any]:
        also = shown()
        label = also.get(first, values[first]) or _("without a name")
        return {**also, first: forms.row_link(str(label), kept.href(row))}

    return Line(values, parts)


# --- the form


def form_of(kept: Listed, known: Context, row: Row | None, values: Values | None = None) -> Form:
    """The form of a line, new or known; ``values`` are those that were typed."""
    record = TABLES[kept.table]
    needed = records.RECORDS[kept.table].required
    groups = []
    for heading, names in kept.groups:
        fields: list[Field] = []
        for name in names:
            if name == "shares":
                fields += of_campaigns.fields(known.campaigns, row, values or {})
                continue
            more: dict[str, Any] = {"is_required": name in needed}
            if name == "campaign":
                entered = _as_chosen(row[name], known) if row else None
                nothing = _("no campaign")
                more |= {
                    "kind": "choice",
                    "choices": editing.campaign_choices(known.campaigns, nothing, entered),
                }
            elif name in kept.choices:
                now = row[name] if row else None
                more |= {"kind": "choice", "choices": editing.choices(kept.choices[name], also=now)}
            fields.append(forms.column_field(record.column(name), kept.labels, **more))
        groups.append(Group(_(heading) if heading else "", fields))
    if row is None:
        groups.append(Group("", folded=Group(_("Where it stands in your own list"), _own_list())))
    return Form(kept.form, groups)  # fmt: skip


def _field(kept: Listed, known: Context, row: Row | None, name: str) -> Field:
    more: dict[str, Any] = {"is_required": name in records.RECORDS[kept.table].required}
    if name == "campaign":
        now = _as_chosen(row[name], known) if row else None
        choices = editing.campaign_choices(known.campaigns, _("no campaign"), now)
        more |= {"kind": "choice", "choices": choices}
    elif name in kept.choices:
        choices = editing.choices(kept.choices[name], also=row[name] if row else None)
        more |= {"kind": "choice", "choices": choices}
    return forms.column_field(TABLES[kept.table].column(name), kept.labels, **more)


def _own_list() -> list[Field]:
    """In which list a new line stands, and its number there: then the list replaces it later."""
    name = _("The name of the file, without its ending. Empty: it is kept here alone.")
    number = _("Its own number in that list. Empty: it is known by what it is about.")
    fields = [Field("source", _("List"), help=name, limit=200)]
    return [*fields, Field("number", _("Number"), help=number, limit=200)]


def _as_chosen(name: str | None, known: Context) -> str | None:
    """A campaign as the select has it: its id, else as entered."""
    return records.entered(name, known.campaigns) if name else None


def values_of(kept: Listed, known: Context, row: Row) -> Values:
    """A line as it stands in its form: who may not be named is hidden there too."""
    shown = dict(row)
    for name in ("ambassador", "account_id"):
        if name in shown:
            shown[name] = editing.veiled(shown[name], known.hidden)
    if "campaign" in shown:
        shown["campaign"] = _as_chosen(shown["campaign"], known)
    values = forms.typed(form_of(kept, known, row).fields, shown)
    if "shares" in row:
        values |= of_campaigns.typed(row["shares"], known.campaigns)
    key = [row[name] for name in records.RECORDS[kept.table].key]
    return {**values, "key": json.dumps(key), "version": version(row)}


def given_of(kept: Listed, known: Context, values: Values, before: Row | None) -> dict[str, Any]:
    """What was entered, as `records.save` takes it. Raises `BadFields`."""
    form = form_of(kept, known, before, values)
    plain = [one for one in form.fields if not of_campaigns.is_part(one.name)]
    given, faults = forms.entered(plain, values)
    if "shares" in records.RECORDS[kept.table].fields:
        before_shares = before["shares"] if before else None
        found = of_campaigns.entered(values, known.campaigns, before_shares, faults)
        given["shares"] = found
    for name in ("ambassador", "account_id"):
        if given.get(name) == editing.HIDDEN:
            given[name] = before[name] if before else None
    if (
        before
        and "campaign" in given
        and _as_chosen(before["campaign"], known) == given["campaign"]
    ):
        given["campaign"] = before["campaign"]  # as it was entered
    if faults:
        try:
            checked_line(
                kept.table,
                records.RECORDS[kept.table].fields,
                records.RECORDS[kept.table].required,
                given,
            )
        except BadFields as error:  # all that is wrong at once
            faults = {**_of(error), **faults}
        raise BadFields(fields=faults)
    return given


def _of(error: BadFields) -> dict[str, Message]:
    found: dict[str, Message] = error.values["fields"]  # type: ignore[assignment]
    return found


def page_of(kept: Listed, view: View) -> list[Component | None]:
    """The form of a new line, or of the one that the address names."""
    known = context(view)
    key = [view.values[name] for name in ("source", "row") if name in view.values]
    row = None
    if key:
        row = view.answers.ask(
            lambda snapshot: records.record(snapshot, kept.table, key), kept.table, *key
        )
        if row is None:
            raise NoLine
    form = form_of(kept, known, row)
    values = values_of(kept, known, row) if row else {"key": "", "version": "", "currency": "EUR"}
    return [
        editing.subpages(view),
        forms.panel(form, values, kept.path),
        _removal(kept, row) if row else None,
        editing.undoable(),
    ]


def _removal(kept: Listed, row: Row) -> html.Details:
    what = _(
        "'{name}' counts in no figure from then on. It can be taken back in the history at Files.",
        name=kept.names(row),
    )
    return forms.removal(kept.form, _("Take out …"), what, _("Take out now"))


# --- what happens


def save(kept: Listed, values: Values) -> Done:
    """Save a line as it was typed."""
    store = editing.store()
    known = _fresh(store)
    key = json.loads(values["key"]) if values.get("key") else None
    before = None
    if key is not None:
        before = store.read(lambda snapshot: records.record(snapshot, kept.table, key))
    given = given_of(kept, known, values, before)
    carried = values.get("version") if key is not None else None
    row = records.save(store, kept.table, given, key, carried, known.campaigns)
    return Done(_("Saved: {name}.", name=kept.names(row)), kept.path)


def remove(kept: Listed, values: Values) -> Done:
    """Take a line out."""
    row = records.remove(
        editing.store(), kept.table, json.loads(values["key"]), values.get("version")
    )
    return Done(_("Taken out: {name}.", name=kept.names(row)), kept.path)


def again(kept: Listed, values: Values, refused: Refused) -> Sequence[Component]:
    """The form once more, with what was typed."""
    known = _fresh(editing.store())
    key = json.loads(values["key"]) if values.get("key") else None
    row = None
    if key is not None:
        row = editing.store().read(lambda snapshot: records.record(snapshot, kept.table, key))
    return forms.body(form_of(kept, known, row, values), values, refused)


def newer(kept: Listed, row: Row | None) -> tuple[Values, str]:
    """What stands now, as it would stand in the form."""
    if row is None:
        return {}, version(None)
    return values_of(kept, _fresh(editing.store()), row), version(row)


def _fresh(store: Store) -> Context:
    def ask(snapshot: Snapshot) -> Context:
        return Context(definitions.campaigns(snapshot), editing.unnamed(snapshot))

    return store.read(ask)
