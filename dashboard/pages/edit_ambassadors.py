"""The register of colleagues who take part: who agreed, what they permit, and how they stop.

A page names nobody without that person's permission. So the register shows whom it may, and
finds a colleague by the handle or name that the reader knows already; whom one looks for stands
in no address and in no list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions.ambassadors import held, of_person
from campaigns.definitions.versions import check_version, version
from campaigns.errors import N_, UnknownPerson, UserError
from campaigns.reports import wording
from campaigns.translations import _, say
from dashboard import formats, forms
from dashboard.forms import Done, Field, Form, Values
from dashboard.page import Content, Page
from dashboard.pages import _account_form as account_form
from dashboard.pages import _editing as editing
from dashboard.parts import Column, Line, Table, button_link, card, empty, note, table
from dashboard.view import View

PATH = "/data/ambassadors"
NEW, KNOWN, FIND = "colleague", "ambassador", "find"
FEWEST = 5
"""Teams of fewer people are not shown apart."""

Row = dict[str, Any]


def content(view: View) -> Content:
    """How many take part, those who may be named, and a way to find the others."""
    rows = editing.asked(view, definitions.ambassadors, list)
    way = button_link(_("Add a colleague"), f"{PATH}/new", "plus")
    if not rows:
        why = _("Colleagues take part with their own accounts once they have agreed. Nothing is "
                "kept of a colleague before that day.")  # fmt: skip
        return [editing.subpages(view), empty(_("No colleague takes part yet"), why, way)]
    return [
        editing.subpages(view),
        editing.head(way),
        html.Div([_teams(view, rows), _finder()], className="columns"),
        html.Div(id="ambassador-found"),
        _named(view, rows),
        editing.undoable(_("What a colleague who stops had, cannot be taken back.")),
    ]


def _person(row: Row) -> str:
    return str(row["person"] or f"{row['platform']}:{row['account_id']}").casefold()


def _teams(view: View, rows: Sequence[Row]) -> html.Section:
    """How many people take part: teams of at least five, and all others together."""
    people = {_person(row): row["team"] for row in rows}
    sizes = Counter(people.values())
    shown = {team: size for team, size in sizes.items() if team and size >= FEWEST}
    rest = len(people) - sum(shown.values())
    lines = [
        Line({"team": team, "people": size})
        for team, size in sorted(shown.items(), key=lambda item: (-item[1], item[0]))
    ]
    if rest >= FEWEST:
        lines.append(Line({"team": _("smaller teams and no team"), "people": rest}))
    columns = (Column("team", _("Team")), Column("people", _("People who take part"), True))
    said = (
        _("{n} colleagues take part.", n=wording.number(len(people), 0))
        if len(people) >= FEWEST
        else _("Fewer than {n} colleagues take part.", n=FEWEST)
    )
    made = Table("teams", _("Teams"), columns, lines)
    return card(
        html.H2(_("Who takes part")),
        html.P(said),
        table(view, made, is_quiet=True) if lines else None,
        forms.quiet(_("Teams of fewer than five people are shown together.")),
    )


def _named(view: View, rows: Sequence[Row]) -> html.Section | None:
    """Those who may be named."""
    known = [row for row in rows if row["is_name_permitted"]]
    if not known:
        return None
    columns = (
        Column("person", _("Colleague")),
        Column("account", _("Account")),
        Column("team", _("Team")),
        Column("opted_in_on", _("Agreed on")),
    )
    lines = []
    for row in known:
        account = f"{row['account_id']} ({editing.word('platform', row['platform'])})"
        values = {
            "person": row["person"] or row["account_id"],
            "account": account,
            "team": row["team"] or "–",
            "opted_in_on": row["opted_in_on"],
        }
        day = formats.day(row["opted_in_on"]) if row["opted_in_on"] else _("not known")
        lines.append(Line(values, {"opted_in_on": day}))
    made = Table("named", _("Colleagues who may be named"), columns, lines)
    return card(table(view, made, sort="person"))


# --- finding one


def _finder() -> html.Section:
    about = _("Colleagues who did not permit it are named nowhere, here neither. Find one whom you "
              "know.")  # fmt: skip
    field = Field("who", _("Handle or name, whole"), limit=200)
    return card(
        html.H2(_("Change, or let somebody stop")),
        html.P(about),
        html.Div(
            [
                forms.entry(FIND, field, ""),
                html.Button(_("Find"), id="find-button", type="button", className="button"),
            ],
            className="form-row form-body",
        ),
    )


def found(who: str) -> list[Component]:
    """What can be done for the colleague of this handle or name. Raises `UnknownPerson`."""
    rows = of_person(editing.store(), who)
    places = ", ".join(editing.word("platform", one["platform"]) for one in rows)
    save = html.Button(_("Save"), id=f"{KNOWN}-save", type="button", className="button primary")
    return [
        card(
            html.H2(_("The colleague whom you looked for")),
            forms.quiet(_("Accounts on: {platforms}.", platforms=places)),
            html.Div(
                forms.body(_form(False), _values(who, rows)),
                id=f"{KNOWN}-body",
                className="form-body",
            ),
            html.Div(save, className="form-row"),
            _stopping(who),
        )
    ]


def _values(who: str, rows: Sequence[Row]) -> Values:
    """A colleague in the form, which carries no more of the name than what was typed."""
    values = forms.typed(_form(False).fields, rows[0])
    return {**values, "key": who, "version": version(list(rows))}


def _stopping(who: str) -> html.Details:
    """What stopping destroys, said before, and the button that does it."""
    counts = ", ".join(
        f"{say_table(name)}: {wording.number(count, 0)}"
        for name, count in held(editing.store(), who).items()
    )
    what = _(
        "The colleague stops: all that is held of this person is destroyed at once, for the past "
        "too ({counts}). Later imports keep the person out. This cannot be taken back.",
        counts=counts,
    )
    return forms.removal(KNOWN, _("Let this colleague stop …"), what, _("Destroy all of this"))


def say_table(name: str) -> str:
    """What a table holds, in a word or two."""
    return _(TABLE_WORDS.get(name, name))


TABLE_WORDS = {
    "accounts": N_("accounts"),
    "imports": N_("lines of the history"),
    "posts": N_("posts"),
    "post_metrics": N_("figures of posts"),
    "post_days": N_("figures of posts by day"),
    "post_reposts": N_("who reposted"),
    "account_days": N_("day totals"),
    "account_periods": N_("totals of periods"),
    "costs": N_("costs"),
    "post_aliases": N_("other ids of posts"),
    "campaign_posts": N_("assignments by hand"),
    "image_posts": N_("images of posts"),
    "campaign_rules": N_("rules"),
    "ad_periods": N_("figures of ads"),
    "audience_shares": N_("make-up of followers"),
    "search_terms": N_("search terms"),
}


# --- forms


def _form(is_new: bool) -> Form:
    return account_form.form(NEW if is_new else KNOWN, is_new=is_new, is_colleague=True)


def page(view: View) -> list[Component | None]:
    """The form of a colleague who has agreed."""
    values = {"key": "", "version": ""}
    return [editing.subpages(view), forms.panel(_form(True), values, PATH), editing.undoable()]


def add(values: Values) -> Done:
    """Register a colleague who has agreed."""
    return account_form.save(_form(True), values, PATH, is_colleague=True)


def change(values: Values) -> Done:
    """Save what was typed of a colleague, for all accounts of that person."""
    given = account_form.entered(_form(False), values, is_colleague=True)
    store = editing.store()
    rows = of_person(store, values["key"])
    check_version(rows, values["version"])
    for row in rows:
        account_form.check_emptied(given, row)
    for row in rows:
        definitions.register(store, row["platform"], row["account_id"], given)
    return Done(_("Saved: what the colleague agreed to."), "")


def _newer(rows: Sequence[Row]) -> tuple[Values, str]:
    return forms.typed(_form(False).fields, rows[0]), version(list(rows))


def stop(values: Values) -> Done:
    """A colleague takes part no longer."""
    done = definitions.withdraw(editing.store(), values["key"])
    rows = wording.number(sum(done.rows.values()), 0)
    said = _("Taken out: {rows} rows. The person is kept out from now on.", rows=rows)
    if done.held:
        still = _("{held} old files are still open in another program: close it and run "
                  "bereik privacy retention --apply to delete them.", held=done.held)  # fmt: skip
        said = f"{said} {still}"
    return Done(said, PATH)


def _register(app: Dash) -> None:
    forms.on_save(
        app,
        NEW,
        add,
        lambda values, refused: account_form.again(_form(True), values, refused),
    )
    forms.on_save(
        app,
        KNOWN,
        change,
        lambda values, refused: account_form.again(_form(False), values, refused),
        _newer,
    )
    forms.on_remove(app, KNOWN, stop)

    @app.callback(
        Output("ambassador-found", "children"),
        Input("find-button", "n_clicks"),
        Input(forms.field_id(FIND, "who"), "n_enter"),
        State(forms.field_id(FIND, "who"), "value"),
        prevent_initial_call=True,
    )
    def look(clicks: int | None, enters: int | None, who: str | None) -> Any:
        if not clicks and not enters:
            return no_update
        try:
            return found((who or "").strip())
        except UserError as error:
            reason = _("Nobody of that handle or name takes part.") if isinstance(
                error, UnknownPerson) else say(error)  # fmt: skip
            return html.Div(note(html.P(reason), kind="warn"), role="alert")


_GIVEN: dict[str, Any] = {"section": "manage", "filters": (), "needs_data": False}
PAGES = (
    Page(
        PATH,
        N_("Register of ambassadors"),
        N_("Who takes part, what do they permit, and how do they stop?"),
        content,
        callbacks=_register,
        **_GIVEN,
    ),
    Page(
        f"{PATH}/new",
        N_("New ambassador"),
        N_("Posts of campaigns and day totals are kept of a colleague who takes part, no more."),
        page,
        **_GIVEN,
    ),
)
