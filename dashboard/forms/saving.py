"""What happens with a form: saved, removed, or refused beside the field it is about."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from campaigns.errors import BadFields, ChangedMeanwhile, UserError
from campaigns.translations import _, say
from dashboard.forms.fields import Done, Refused, Values
from dashboard.forms.layout import said

log = logging.getLogger(__name__)


def given_in(ids: Sequence[Mapping[str, str]], values: Sequence[Any]) -> Values:
    """What stands in the fields of a form, as a callback gets their ids and values.

    >>> given_in([{"form": "cost", "field": "amount"}], ["3"])
    {'amount': '3'}
    """
    return {one["field"]: value for one, value in zip(ids, values, strict=True)}


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
        given = given_in(ids, values)
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
        given = given_in(ids, values)
        return attempt(lambda: remove(given), lambda refused: [said(refused)])
