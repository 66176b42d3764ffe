"""How a form looks: its fields with their help and faults, its buttons, and what was refused."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from campaigns.translations import _, say
from dashboard.attributes import aria, data
from dashboard.controls import Control
from dashboard.forms.fields import Field, Form, Group, Refused, Values
from dashboard.icons import icon
from dashboard.parts import Part, card, note

_CONTROLS = {"day": "date", "choice": "select", "check": "checkbox", "lines": "textarea",
             "hidden": "hidden"}  # fmt: skip
_MODES = {"amount": "decimal", "percentage": "decimal", "number": "decimal", "count": "numeric"}


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


def drop(form: str, number: int, label: str) -> html.Button:
    """A button that takes out one of several groups of fields."""
    return html.Button(
        label, id={"form": form, "drop": number}, type="button", className="quiet-button"
    )


def explained(title: str, kinds: Sequence[tuple[str, str]]) -> html.Details:
    """What each choice of a select is, in words, to be opened."""
    said = [part for name, meaning in kinds for part in (html.Dt(name), html.Dd(meaning))]
    return html.Details([html.Summary(title), html.Dl(said)], className="remarks")
