"""Forms: fields as data, what people type as values, and refusals beside the field they are about.

A form is a list of `Field`, most of them derived from a column of the schema. Its ids are
``{"form": …, "field": …}``, so that one callback (`on_save`) reads all fields of a form, whatever
they are. A form carries the version of what it edits; a save that comes second is refused with
what stands now.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from campaigns.errors import BadFields, ChangedMeanwhile, Message, UserError
from campaigns.schema import Column
from campaigns.translations import _, language, say
from dashboard.attributes import aria, data
from dashboard.controls import Control
from dashboard.entries import read, shown
from dashboard.icons import icon
from dashboard.parts import Part, card, note

log = logging.getLogger(__name__)

Values = dict[str, Any]
"""What stands in the fields of a form, as typed; True or False of a checkbox."""
Faults = Mapping[str, Message]
Labels = Mapping[str, tuple[str, str]]
Choice = tuple[str, str]

KINDS = {
    "text": "text",
    "integer": "count",
    "decimal": "amount",
    "number": "number",
    "boolean": "check",
    "day": "day",
}
"""How a column of a type is entered."""

_PLAIN_UNITS = {"", "date", "amount", "amount per hour", "hours", "times", "copies", "people"}
"""Units that the label or meaning says already."""

_CONTROLS = {"day": "date", "choice": "select", "check": "checkbox", "lines": "textarea",
             "hidden": "hidden"}  # fmt: skip
_MODES = {"amount": "decimal", "percentage": "decimal", "number": "decimal", "count": "numeric"}


@dataclass(frozen=True)
class Field:
    """A field: ``kind`` says how it is entered and read (`entries.read`).

    ``choices`` are those of a select (value and label), ``known`` what a text field proposes;
    ``pause`` is for text that is acted on while it is typed (milliseconds).
    """

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    is_required: bool = False
    choices: Sequence[Choice] = ()
    known: Sequence[str] = ()
    limit: int | None = None
    pause: int | None = None


@dataclass(frozen=True)
class Group:
    """Fields that belong together, under a heading ("" for none), and what stands below them.

    ``folded`` are fields of the group that few need, under a heading of their own: they are
    unfolded when something stands in them.
    """

    heading: str
    fields: Sequence[Field] = ()
    below: Part = None
    folded: Group | None = None

    @property
    def all_fields(self) -> list[Field]:
        """The fields, with those that are folded."""
        return [*self.fields, *(self.folded.all_fields if self.folded else ())]


@dataclass(frozen=True)
class Form:
    """A form: its name, its fields in groups, and what it carries unseen."""

    name: str
    groups: Sequence[Group]
    carried: Sequence[str] = ("key", "version")

    @property
    def fields(self) -> list[Field]:
        """All fields, in order."""
        return [one for group in self.groups for one in group.all_fields]


@dataclass(frozen=True)
class Done:
    """What a save says, and the page to which it leads."""

    said: str
    to: str


@dataclass(frozen=True)
class Refused:
    """Why a save was refused: a sentence, the faults of fields, what stands now (as typed)."""

    said: str = ""
    faults: Faults = field(default_factory=dict)
    newer: Values | None = None
    version: str = ""
    focus: str = ""

    @property
    def first(self) -> str:
        """The field that is to be focused: the first that is wrong."""
        return self.focus or next(iter(self.faults), "")


def column_field(column: Column, labels: Labels, **more: Any) -> Field:
    """The field of a column: labelled as lists are, explained as the glossary explains it."""
    names = labels[column.name][1 if language() == "nl" else 0]
    unit = "" if column.unit in _PLAIN_UNITS else f" ({_(column.unit)})"
    meaning = _(column.meaning)
    end = "" if meaning.endswith("…") and not unit else "."
    said = "" if more.get("kind") == "choice" else f"{meaning[:1].upper()}{meaning[1:]}{unit}{end}"
    given = {"label": names.split("|")[0], "kind": KINDS[column.type], "help": said, **more}
    return Field(column.name, **given)


def typed(fields: Sequence[Field], row: Mapping[str, object]) -> Values:
    """A record as it stands in the fields."""
    return {one.name: shown(one.kind, row.get(one.name)) for one in fields}


def entered(fields: Sequence[Field], values: Values) -> tuple[dict[str, Any], dict[str, Message]]:
    """What was entered, and the faults of what cannot be read; what is empty is None."""
    given: dict[str, Any] = {}
    faults: dict[str, Message] = {}
    for one in fields:
        value = read(one.kind, values.get(one.name))
        if isinstance(value, Message):
            faults[one.name] = value
            value = None
        given[one.name] = value
    return given, faults


# --- what is shown


def field_id(form: str, name: str) -> dict[str, str]:
    """The id of a control."""
    return {"form": form, "field": name}


def dom_id(name: Mapping[str, Any]) -> str:
    """An id of several parts as it stands in the page.

    >>> dom_id(field_id("costs", "amount"))
    '{"field":"amount","form":"costs"}'
    """
    return json.dumps(name, sort_keys=True, separators=(",", ":"))


def body(form: Form, values: Values, refused: Refused | None = None) -> list[Component]:
    """The fields with their values and, after a refusal, why."""
    refused = refused or Refused()
    known = [one.name for one in form.fields]
    ordered = sorted(refused.faults, key=lambda name: known.index(name) if name in known else 0)
    refused = replace(refused, faults={name: refused.faults[name] for name in ordered})
    parts: list[Component] = []
    if refused.said or refused.faults:
        parts.append(alert(form, refused))
    for group in form.groups:
        inside = _inside(form, group, values, refused)
        legend = [html.Legend(group.heading)] if group.heading else []
        parts.append(html.Fieldset([*legend, *inside]) if legend else html.Div(inside))
    for name in form.carried:
        value = values.get(name, "")
        if name == "version" and refused.version:
            value = refused.version
        parts.append(Control(id=field_id(form.name, name), kind="hidden", value=value))
    return parts


def _inside(form: Form, group: Group, values: Values, refused: Refused) -> list[Component]:
    made = [entry(form.name, one, values.get(one.name, ""), refused) for one in group.fields]
    inside: list[Any] = [html.Div(made, className="form-grid")] if made else []
    if group.folded is not None:
        names = [one.name for one in group.folded.all_fields]
        is_open = any(values.get(name) or name in refused.faults for name in names)
        within = _inside(form, group.folded, values, refused)
        summary = html.Summary(group.folded.heading)
        inside.append(html.Details([summary, *within], open=is_open, className="folded"))
    return [part for part in (*inside, group.below) if part is not None]


def panel(form: Form, values: Values, back: str, *more: Part) -> html.Section:
    """A form with its buttons: save, and back to ``back`` without saving."""
    buttons = [
        html.Button(_("Save"), id=f"{form.name}-save", type="button", className="button primary"),
        dcc.Link(_("Back without saving"), href=back, className="button"),
    ]
    return card(
        html.Div(body(form, values), id=f"{form.name}-body", className="form-body"),
        *more,
        html.Div(buttons, className="form-row"),
        **aria(labelledby="title"),
    )


def row_link(text: str, href: str) -> dcc.Link:
    """The name of a line, as a link to where it is edited."""
    return dcc.Link([icon("pencil"), text], href=href, className="row-link")


def alert(form: Form, refused: Refused) -> html.Div:
    """What was refused, as the first thing that is said of it."""
    labels = _labels(form)
    lines = [
        html.Li(_("{field}: {reason}", field=labels.get(name, name), reason=say(fault)))
        for name, fault in refused.faults.items()
    ]
    return html.Div(
        note(html.P(refused.said), html.Ul(lines) if lines else None, kind="bad"),
        role="alert",
        id=f"{form.name}-alert",
        tabIndex=-1,
        **({} if refused.faults else data(focus=uuid.uuid4().hex)),
    )


def _labels(form: Form) -> dict[str, str]:
    """The labels of fields; those that stand in several groups with the heading of theirs."""
    times = Counter(one.label for one in form.fields)
    return {
        one.name: one.label
        if times[one.label] == 1
        else _("{field} ({group})", field=one.label, group=group.heading)
        for group in form.groups
        for one in group.all_fields
    }


def quiet(*content: Part) -> html.P:
    """A remark in small."""
    return html.P(list(content), className="quiet")


def said(refused: Refused) -> html.Div:
    """Why something was refused that is no form."""
    return html.Div(note(html.P(refused.said), kind="bad"), role="alert")


def entry(form: str, one: Field, value: Any, refused: Refused | None = None) -> html.Div:
    """A control with its label, help, what is wrong with it, and what stands now."""
    refused = refused or Refused()
    name = f"{form}-{one.name}"
    about: list[str] = []
    below: list[Component] = []
    fault = refused.faults.get(one.name)
    if fault is not None:
        below.append(html.P(say(fault), id=f"{name}-fault", className="fault"))
        about.append(f"{name}-fault")
    if refused.newer is not None and (now := refused.newer.get(one.name, "")) != value:
        below.append(html.P(_now(one, now), id=f"{name}-now", className="now"))
        about.append(f"{name}-now")
    if one.help:
        below.append(html.P(one.help, id=f"{name}-help", className="quiet"))
        about.append(f"{name}-help")
    if one.known:
        below.append(html.Datalist([html.Option(value=text) for text in one.known],
                                   id=f"{name}-known"))  # fmt: skip
    wanted = data(focus=uuid.uuid4().hex) if refused.first == one.name else {}
    made = control(form, one, value, fault is not None, about, **wanted)
    needed = html.Span(_("needed"), className="needed") if one.is_required else None
    label = html.Label([one.label, needed], htmlFor=dom_id(field_id(form, one.name)))
    if one.kind == "check":
        return html.Div([html.Div([made, label], className="check"), *below], className="field")
    wide = " wide" if one.kind == "lines" else ""
    return html.Div([label, made, *below], className=f"field{wide}")


def control(
    form: str, one: Field, value: Any, is_wrong: bool, about: Sequence[str], **more: Any
) -> Control:
    """The control of a field."""
    told = dict(more)
    if about:
        told |= aria(describedby=" ".join(about))
    if is_wrong:
        told |= aria(invalid="true")
    if one.is_required:
        told |= aria(required="true")
    return Control(
        id=field_id(form, one.name),
        kind=_CONTROLS.get(one.kind, "text"),
        value=value if value is not None else "",
        choices=[{"value": v, "label": t} for v, t in one.choices] if one.choices else None,
        list=f"{form}-{one.name}-known" if one.known else None,
        maxLength=one.limit,
        inputMode=_MODES.get(one.kind),
        autoComplete="off",
        pause=one.pause,
        **told,
    )


def _now(one: Field, value: Any) -> str:
    label = dict(one.choices).get(str(value), value)
    if one.kind == "check":
        label = _("yes") if value else _("no")
    return _("Stands now: {value}", value=label) if label else _("Stands now: nothing")


# --- what happens


def on_save(
    app: Dash,
    name: str,
    save: Callable[[Values], Done],
    again: Callable[[Values, Refused], Sequence[Component]],
    newer: Callable[[Any], tuple[Values, str]] | None = None,
) -> None:
    """Save when the button is pressed, or Enter in a field.

    ``save`` raises `UserError`; then the form is shown again by ``again``, with all that was
    typed. ``newer`` gives what a record that somebody else changed says, and its version.
    """

    @app.callback(
        Output(f"{name}-body", "children", allow_duplicate=True),
        Output("changed", "data", allow_duplicate=True),
        Output("location", "href", allow_duplicate=True),
        Input(f"{name}-save", "n_clicks"),
        Input({"form": name, "field": ALL}, "n_enter"),
        State({"form": name, "field": ALL}, "value"),
        State({"form": name, "field": ALL}, "id"),
        prevent_initial_call=True,
    )
    def saved(
        _clicks: object, _enters: object, values: Sequence[Any], ids: Sequence[Mapping[str, str]]
    ) -> tuple[Any, Any, Any]:
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        given = {one["field"]: value for one, value in zip(ids, values, strict=True)}
        return attempt(lambda: save(given), lambda refused: again(given, refused), newer)


def attempt(
    save: Callable[[], Done],
    again: Callable[[Refused], Sequence[Component]],
    newer: Callable[[Any], tuple[Values, str]] | None = None,
) -> tuple[Any, Any, Any]:
    """Do it: the three outputs of `on_save`, after success or refusal."""
    try:
        done = save()
    except UserError as error:
        return again(refusal(error, newer)), no_update, no_update
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("a form failed (%s)", reference)
        said = _("This could not be done. Your data are unharmed. Report it with this reference: "
                 "{reference}", reference=reference)  # fmt: skip
        return again(Refused(said)), no_update, no_update
    return no_update, changed(done.said), done.to or no_update


def refusal(error: UserError, newer: Callable[[Any], tuple[Values, str]] | None = None) -> Refused:
    """What an error says of the fields of a form."""
    if isinstance(error, BadFields):
        return Refused(say(error), dict(error.values["fields"]))  # type: ignore[call-overload]
    if isinstance(error, ChangedMeanwhile) and newer is not None:
        values, version = newer(error.values["record"])
        return Refused(say(error), newer=values, version=version)
    return Refused(say(error))


def changed(said: str) -> dict[str, str]:
    """What makes the page be made again, and says what happened."""
    return {"said": said, "n": uuid.uuid4().hex}


def on_remove(app: Dash, name: str, remove: Callable[[Values], Done]) -> None:
    """Remove when the button in `removal` is pressed; a refusal stands beside it."""

    @app.callback(
        Output(f"{name}-removal", "children", allow_duplicate=True),
        Output("changed", "data", allow_duplicate=True),
        Output("location", "href", allow_duplicate=True),
        Input(f"{name}-remove", "n_clicks"),
        State({"form": name, "field": ALL}, "value"),
        State({"form": name, "field": ALL}, "id"),
        prevent_initial_call=True,
    )
    def removed(
        clicks: int | None, values: Sequence[Any], ids: Sequence[Mapping[str, str]]
    ) -> tuple[Any, Any, Any]:
        if not clicks:
            return no_update, no_update, no_update
        given = {one["field"]: value for one, value in zip(ids, values, strict=True)}

        return attempt(lambda: remove(given), lambda refused: [said(refused)])


def removal(name: str, label: str, what: str, button: str) -> html.Details:
    """A button that shows what goes and what stays, with the button that does it."""
    return html.Details(
        [
            html.Summary(label, className="button danger"),
            html.Div(
                [
                    html.P(what),
                    html.Button(button, id=f"{name}-remove", type="button",
                                className="button danger"),
                    html.Div(id=f"{name}-removal"),
                ],
                className="confirm",
            ),
        ],
        className="popup removal",
    )  # fmt: skip
