"""The form of a test: what decides, its variants, and which posts or ads carry which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from audiences import experiments
from audiences.experiments import Experiment
from audiences.experiments.experiment import METHODS, UNITS, metrics_for
from audiences.experiments.results import label
from campaigns.definitions.versions import check_version, version
from campaigns.errors import N_, BadFields, Message, UnknownName, UserError
from campaigns.schema import DELIVERIES, TABLES
from campaigns.translations import _, say
from dashboard import forms
from dashboard.attributes import aria
from dashboard.controls import Control
from dashboard.forms import Done, Field, Form, Group, Refused, Values
from dashboard.pages import _editing as editing
from dashboard.pages import _variant_fields as carriers
from dashboard.pages import _variants as words
from dashboard.pages._variant_preview import chosen, preview
from dashboard.parts import card, link
from dashboard.shell import field
from dashboard.view import View

NAME = "experiment"
_PLAIN = ("name", "description", "metric", "matters", "unit", "is_by_lot", "method", "age",
          "delivery", "first_day", "last_day")  # fmt: skip
_DELIVERIES = {
    "total": N_("organic and paid together"),
    "organic": N_("organic"),
    "paid": N_("paid"),
}


class Gone(UserError):
    """The test was taken out while it was changed."""

    text = N_(
        "Nothing was saved: somebody has taken this test out. Take that back in the history at "
        "Files, or add the test anew."
    )


def form(count: int, campaigns: Sequence[str] = ()) -> Form:
    """The form with so many variants; ``campaigns`` are proposed as what carries one."""
    add = html.Button(_("Add a variant"), id="experiment-add-variant", type="button",
                      className="button")  # fmt: skip
    fields = _fields()
    return Form(
        NAME,
        [
            Group(_("What is to be found out"),
                  [fields[name] for name in ("name", "metric", "matters", "description")]),
            Group(_("How it is tested"), [fields[name] for name in ("unit", "is_by_lot")],
                  folded=Group(_("More about how"),
                               [fields[name] for name in _PLAIN[6:]])),
            *carriers.groups(count, campaigns),
            Group("", (), html.Div([add, carriers.explained()], className="below-rules")),
        ],
    )  # fmt: skip


def _fields() -> dict[str, Field]:
    column = TABLES["experiments"].column
    metrics = [(name, say(label(name))) for name in metrics_for()]
    metrics = [(name, f"{text[:1].upper()}{text[1:]}") for name, text in metrics]
    given = [
        Field("name", _("Name"), is_required=True, limit=200, pause=350),
        Field("description", _("What it is to find out"), "lines", limit=2000, pause=350),
        Field("metric", _("What decides"), "choice", choices=metrics),
        Field("matters", _("Smallest difference that matters"), "percentage", limit=10, pause=350,
              help=_("In percent: a smaller one changes nothing that you do.")),
        Field("unit", _("What is given to a variant"), "choice",
              choices=[(one, _(words.UNITS[one])) for one in UNITS]),
        Field("is_by_lot", _("Lots decide which variant is used"), "check",
              help=_("Without lots it is an observation, and called so: what else differs may be "
                     "the cause.")),
        Field("method", _("How often one looks"), "choice",
              choices=[(one, _(words.METHODS[one])) for one in METHODS]),
        Field("age", _("Age in days at which posts are compared"), "count", limit=4, pause=350),
        Field("delivery", _("Which figures of posts"), "choice",
              choices=[(one, _(_DELIVERIES[one])) for one in DELIVERIES]),
        Field("first_day", _("First day"), "day", help=_("Empty: no limit.")),
        Field("last_day", _("Last day"), "day", help=_("Empty: no limit.")),
    ]  # fmt: skip
    assert all(column(one.name) for one in given)  # noqa: S101 - a field is a column
    return {one.name: one for one in given}


def values_of(one: Experiment) -> Values:
    """A test as it stands in its form."""
    values = forms.typed(list(_fields().values()), vars(one))
    values |= carriers.typed(one.variants)
    return {**values, "key": one.experiment_id, "version": version(one)}


def page(view: View) -> list[Component | None]:
    """The form, with what the variants find beside it, and posts to choose from."""
    name = view.values.get("experiment")
    if name is None:
        blank = Experiment("", view.get("metric") or "er_impressions", (), is_by_lot=True)
        values = {**values_of(blank), **carriers.blank(2), "key": "", "version": ""}
        back = words.VARIANTS
    else:
        one = view.answers.ask(lambda snapshot: experiments.find(snapshot, name), name)
        values = values_of(one)
        back = words.href(one.experiment_id)
    names = [one.name for one in editing.known_campaigns(view)]
    made = form(carriers.count_of(values), names)
    title = _("What the variants find")
    beside = card(
        html.H2(title),
        html.Div(preview(_possible(values)), id="experiment-preview"),
        html.H2(_("Choose posts by hand")),
        field(_("Words in the post"), Control(id="experiment-find", value="",
                                              pause=350, autoComplete="off")),
        html.Div(id="experiment-found"),
        kind="beside",
        tabIndex=0,
        **aria(label=title),
    )  # fmt: skip
    return [
        html.Div(link(_("All tests"), view.href(words.VARIANTS)), className="actions no-print"),
        html.Div([forms.panel(made, values, back), beside], className="columns wide-left"),
        _removal(str(values["name"])) if name is not None else None,
        editing.undoable(),
    ]


def _removal(name: str) -> html.Details:
    what = _("'{name}' goes. The posts and ads that carried it stay. It can be taken back in the "
             "history at Files.", name=name)  # fmt: skip
    return forms.removal(NAME, _("Take out …"), what, _("Take out now"))


def _possible(values: Values) -> Experiment | None:
    """What stands in the fields, as far as it can be understood; None while it cannot be."""
    try:
        return entered(values, is_strict=False)
    except UserError:
        return None


# --- what happens


def entered(values: Values, *, is_strict: bool = True) -> Experiment:
    """The test that was entered. Raises `BadFields` and `BadDefinition`."""
    given, faults = forms.entered(list(_fields().values()), values)
    variants, wrong = carriers.entered(values)
    faults |= wrong
    for name, needed in (("name", _fields()["name"]), ("matters", _fields()["matters"])):
        if given[name] is None and name not in faults and is_strict:
            faults[needed.name] = Message(N_("is empty"))
    if faults and is_strict:
        raise BadFields(fields=faults)
    usual = Experiment("", "", ())
    plain: dict[str, Any] = {
        name: given[name]
        if given[name] is not None or name in {"first_day", "last_day", "description"}
        else getattr(usual, name)
        for name in _PLAIN
    }
    if not is_strict:
        plain["name"] = plain["name"] or "–"
    return experiments.checked(
        Experiment(variants=tuple(variants), experiment_id=str(values.get("key") or ""), **plain)
    )


def save(values: Values) -> Done:
    """Save a test as it was typed."""
    new = entered(values)
    store = editing.store()

    def change(old: Experiment) -> Experiment:
        check_version(old, values["version"])
        return new

    try:
        if values.get("key"):
            saved = experiments.replace(store, str(values["key"]), change)
        else:
            saved = experiments.add(store, new)
    except UnknownName:
        raise Gone from None
    return Done(_("Saved: {name}.", name=saved.name), words.href(saved.experiment_id))


def remove(values: Values) -> Done:
    """Take a test out, unless somebody changed it."""
    store = editing.store()
    try:
        one = store.read(lambda snapshot: experiments.find(snapshot, str(values["key"])))
        check_version(one, values["version"])
        gone = experiments.remove(store, one.experiment_id)
    except UnknownName:
        raise Gone from None
    return Done(_("Taken out: {name}.", name=gone.name), words.VARIANTS)


def again(values: Values, refused: Refused) -> Sequence[Component]:
    """The form once more, with what was typed."""
    return forms.body(form(carriers.count_of(values)), values, refused)


def newer(one: Experiment) -> tuple[Values, str]:
    """What stands now, as it would stand in the form."""
    return values_of(one), version(one)


def register(app: Dash) -> None:
    """What happens in the form: saving, taking out, variants that come and go, the preview."""
    forms.on_save(app, NAME, save, again, newer)
    forms.on_remove(app, NAME, remove)
    values = State({"form": NAME, "field": ALL}, "value")
    ids = State({"form": NAME, "field": ALL}, "id")

    @app.callback(
        Output("experiment-body", "children", allow_duplicate=True),
        Input("experiment-add-variant", "n_clicks"),
        Input({"form": NAME, "drop": ALL}, "n_clicks"),
        Input({"form": NAME, "post": ALL, "variant": ALL}, "n_clicks"),
        values,
        ids,
        prevent_initial_call=True,
    )
    def variants(
        _add: object, _drops: object, _posts: object, typed: Sequence[Any],
        names: Sequence[dict[str, str]],
    ) -> Any:  # fmt: skip
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update
        given = forms.given_in(names, typed)
        asked: Any = ctx.triggered_id
        if asked == "experiment-add-variant":
            given = carriers.added(given)
            focus = f"variant_{carriers.count_of(given)}_name"
        elif "drop" in asked:
            given = carriers.without(given, int(asked["drop"]))
            focus = f"variant_{min(int(asked['drop']), carriers.count_of(given))}_name"
        else:
            given = carriers.with_post(given, int(asked["variant"]), str(asked["post"]))
            focus = ""
        return again(given, Refused(focus=focus))

    @app.callback(
        Output("experiment-preview", "children"),
        Input({"form": NAME, "field": ALL}, "value"),
        ids,
        prevent_initial_call=True,
    )
    def previewed(typed: Sequence[Any], names: Sequence[dict[str, str]]) -> Any:
        return preview(_possible(forms.given_in(names, typed)))

    @app.callback(
        Output("experiment-found", "children"),
        Input("experiment-find", "value"),
        values,
        ids,
        prevent_initial_call=True,
    )
    def found(text: str | None, typed: Sequence[Any], names: Sequence[dict[str, str]]) -> Any:
        return chosen(text or "", carriers.names(forms.given_in(names, typed)))
