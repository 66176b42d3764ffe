"""The form of a campaign: what it is for, when, for how much, and its rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.collectors.lists import columns as labels
from campaigns.definitions import Campaign, Rule, records
from campaigns.definitions.versions import check_version, version
from campaigns.errors import N_, BadDefinition, BadFields, Message, UnknownCampaign, UserError
from campaigns.metrics import METRICS
from campaigns.reports.exports import heading
from campaigns.schema import RULE_KINDS, TABLES
from campaigns.translations import _, say
from dashboard import forms
from dashboard.answers import answers
from dashboard.attributes import aria
from dashboard.forms import Done, Field, Form, Group, Refused, Values
from dashboard.pages import _editing as editing
from dashboard.pages import _rules as rules_form
from dashboard.parts import card
from dashboard.view import View

NAME = "campaign"
PATH = "/data/campaigns"
_FIELDS = ("name", "description", "first_day", "last_day", "goal_metric", "goal_target", "goal_on",
           "budget", "currency")  # fmt: skip
_PLACES = {"goal": "goal_metric", "target": "goal_target", "id": "name"}
"""The fields that errors of definitions name otherwise."""


class Gone(UserError):
    """The campaign was taken out while it was changed."""

    text = N_(
        "Nothing was saved: somebody has taken this campaign out. Take that back in the history "
        "at Files, or add the campaign anew."
    )


def form(count: int, goals: Sequence[str]) -> Form:
    """The form with so many rules; ``goals`` are proposed as what it must bring."""
    add = html.Button(_("Add a rule"), id="campaign-add-rule", type="button", className="button")

    def fields(*names: str) -> list[Field]:
        return [_field(name, goals) for name in names]

    return Form(
        NAME,
        [
            Group(_("What it is"), fields("name", "first_day", "last_day", "description")),
            *rules_form.groups(count),
            Group("", (), html.Div([add, rules_form.explained()], className="below-rules")),
            Group(_("What it must bring"), fields("goal_metric", "goal_target", "goal_on")),
            Group(_("What it may cost"), fields("budget", "currency")),
        ],
    )


def _field(name: str, goals: Sequence[str]) -> Field:
    more: dict[str, Any] = {"pause": 350}
    if name == "name":
        more |= {"is_required": True, "help": "", "limit": 200}
    elif name == "description":
        more |= {"kind": "lines", "limit": 2000}
    elif name == "goal_metric":
        more |= {"known": goals, "limit": 200}
    elif name == "budget":
        more |= {"label": _("Budget"), "help": ""}
    elif name in {"first_day", "last_day"}:
        more |= {"help": _("Empty: no limit.")}
    return forms.column_field(TABLES["campaigns"].column(name), labels.CAMPAIGNS, **more)


def _goals(outcomes: Sequence[str]) -> list[str]:
    """What campaigns can bring: the results that are kept, and metrics."""
    return [_goal_shown(name) for name in (*outcomes, *METRICS)]


def _goal_shown(name: str) -> str:
    return heading(name) if name in METRICS else name


def _goal_stored(text: str | None) -> str | None:
    named = {heading(name).casefold(): name for name in METRICS}
    return named.get((text or "").strip().casefold(), text)


def values_of(campaign: Campaign) -> Values:
    """A campaign as it stands in its form."""
    row = {name: getattr(campaign, name) for name in _FIELDS}
    if row["goal_metric"]:
        row["goal_metric"] = _goal_shown(row["goal_metric"])
    values = forms.typed(form(0, ()).fields, row)
    values |= rules_form.typed(campaign.rules)
    return {**values, "key": campaign.campaign_id, "version": version(campaign)}


def page(view: View) -> list[Component | None]:
    """The form, with the posts that the rules match beside it."""
    name = view.values.get("campaign")
    if name is None:
        given = (
            [Rule(view.get("kind"), view.get("value"))] if view.get("kind") in RULE_KINDS else []
        )
        rules = given or [Rule("hashtag", "")]
        values = {**rules_form.typed(rules), "currency": "EUR", "key": "", "version": "",
                  "name": view.get("value") if given else ""}  # fmt: skip
    else:
        campaign = view.answers.ask(lambda snapshot: definitions.find(snapshot, name), name)
        values = values_of(campaign)
    outcomes = editing.asked(view, records.outcomes_named, list)
    made = form(rules_form.count_of(values), _goals(outcomes))
    beside = card(
        html.H2(_("Posts that the rules match")),
        html.Div(_previewed(values), id="campaign-preview"),
        kind="beside",
        tabIndex=0,
        **aria(label=_("Posts that the rules match")),
    )
    return [
        editing.subpages(view),
        html.Div([forms.panel(made, values, PATH), beside], className="columns wide-left"),
        _removal(str(values["name"])) if name is not None else None,
        editing.undoable(),
    ]


def _new(view: View) -> Values:
    """A new campaign; its address may name a rule."""
    is_given = view.get("kind") in RULE_KINDS
    rule = Rule(view.get("kind"), view.get("value")) if is_given else Rule("hashtag", "")
    values = {"currency": "EUR", "key": "", "version": "", **rules_form.typed([rule])}
    return {**values, "name": view.get("value") if is_given else ""}


def _removal(name: str) -> html.Details:
    what = _(
        "'{name}' goes, with its rules and what was assigned to it by hand. Its posts and costs "
        "stay, of no campaign. It can be taken back in the history at Files.",
        name=name,
    )
    return forms.removal(NAME, _("Take out …"), what, _("Take out now"))


def _previewed(values: Values) -> list[Component]:
    """The preview of what stands in the fields; what cannot be right yet is left out."""
    rules, _faults = rules_form.entered(values)
    given, _wrong = forms.entered(form(0, ()).fields, values)
    period = {name: given[name] for name in ("first_day", "last_day")}
    if None not in period.values() and period["first_day"] > period["last_day"]:
        period = {}
    try:
        return rules_form.preview(answers(), rules, Campaign("preview", **period))
    except UserError as error:
        return [html.P(say(error))]


# --- what happens


def entered(values: Values) -> Campaign:
    """The campaign that was entered. Raises `BadFields`."""
    given, faults = forms.entered(form(0, ()).fields, values)
    given["goal_metric"] = _goal_stored(given["goal_metric"])
    if given["budget"] is None:
        given["currency"] = None
    rules, wrong = rules_form.entered(values)
    faults |= wrong
    campaign = Campaign(**{**given, "name": given["name"] or "", "rules": tuple(rules)})
    try:
        campaign = definitions.checked(campaign)
    except BadDefinition as error:
        name, reason = _fault(error)
        faults.setdefault(name, reason)
    if faults:
        raise BadFields(fields=faults)
    return campaign


def _fault(error: BadDefinition) -> tuple[str, Message]:
    """The field that an error of a definition is about, and what is wrong with it."""
    where, reason = error.values["where"], error.values["reason"]
    said = reason if isinstance(reason, Message) else Message(str(reason))
    place = where.values.get("inner") if isinstance(where, Message) else None
    if "{first}" in said.text:
        return "last_day", said
    name = _PLACES.get(str(place), str(place))
    return (name if name in _FIELDS else "name"), said


def save(values: Values) -> Done:
    """Save a campaign as it was typed."""
    new = entered(values)
    key = str(values.get("key") or "")
    store = editing.store()

    def change(old: Campaign) -> Campaign:
        check_version(old, values["version"])
        known = {rule: rule for rule in old.rules}  # unchanged rules keep their rows
        rules = tuple(known.get(rule, rule) for rule in new.rules)
        return dataclasses.replace(new, position=old.position, rules=rules)

    try:
        if key:
            saved = definitions.replace(store, key, f"campaigns edit {new.name}", change)
        else:
            saved = definitions.add(store, new)
    except UnknownCampaign:
        raise Gone from None
    except BadDefinition as error:
        name, reason = _fault(error)
        raise BadFields(fields={name: reason}) from error
    return Done(_("Saved: {name}.", name=saved.name), PATH)


def remove(values: Values) -> Done:
    """Take a campaign out, unless somebody changed it."""
    store = editing.store()
    try:
        campaign = store.read(lambda snapshot: definitions.find(snapshot, str(values["key"])))
        check_version(campaign, values["version"])
        gone = definitions.remove(store, campaign.campaign_id)
    except UnknownCampaign:
        raise Gone from None
    return Done(_("Taken out: {name}.", name=gone.name), PATH)


def again(values: Values, refused: Refused) -> Sequence[Component]:
    """The form once more, with what was typed."""
    goals = _goals(editing.store().read(records.outcomes_named))
    return forms.body(form(rules_form.count_of(values), goals), values, refused)


def newer(campaign: Campaign) -> tuple[Values, str]:
    """What stands now, as it would stand in the form."""
    return values_of(campaign), version(campaign)


def register(app: Dash) -> None:
    """What happens in the form: saving, taking out, rules that come and go, the preview."""
    forms.on_save(app, NAME, save, again, newer)
    forms.on_remove(app, NAME, remove)
    fields = [
        State({"form": NAME, "field": ALL}, "value"),
        State({"form": NAME, "field": ALL}, "id"),
    ]

    @app.callback(
        Output("campaign-body", "children", allow_duplicate=True),
        Input("campaign-add-rule", "n_clicks"),
        Input({"form": NAME, "drop": ALL}, "n_clicks"),
        *fields,
        prevent_initial_call=True,
    )
    def rules(
        _add: object, _drops: object, values: Sequence[Any], ids: Sequence[dict[str, str]]
    ) -> Any:
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update
        given = forms.given_in(ids, values)
        if ctx.triggered_id == "campaign-add-rule":
            given = rules_form.added(given)
            focus = f"rule_{rules_form.count_of(given)}_kind"
        else:
            gone = int(ctx.triggered_id["drop"])
            given = rules_form.without(given, gone)
            focus = f"rule_{min(gone, rules_form.count_of(given))}_kind"
        return again(given, Refused(focus=focus))

    @app.callback(
        Output("campaign-preview", "children"),
        Input({"form": NAME, "field": ALL}, "value"),
        State({"form": NAME, "field": ALL}, "id"),
        prevent_initial_call=True,
    )
    def previewed(values: Sequence[Any], ids: Sequence[dict[str, str]]) -> Any:
        if not any("rule_" in str(one) or "_day" in str(one) for one in ctx.triggered_prop_ids):
            return no_update
        return _previewed(forms.given_in(ids, values))
