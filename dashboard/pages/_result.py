"""What became of the files that were dropped, and what they leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from babel import Locale, UnknownLocaleError
from dash import html

from campaigns.errors import (
    N_,
    AmbiguousDates,
    DifferentAccounts,
    Message,
    NoAccount,
    NoNearFormat,
    NoOptIn,
    PersonalExport,
    UnknownFormat,
    UserError,
)
from campaigns.imports.effects import Effect
from campaigns.reports import wording
from campaigns.translations import _, language, say
from dashboard import formats as shown
from dashboard import uploads
from dashboard.attributes import aria, data
from dashboard.intake import Batch, Entry
from dashboard.pages._asking import form, question, undo
from dashboard.pages._history import TABLES
from dashboard.parts import Part, badge, card, note, step
from dashboard.view import Period, View

STATUSES: Mapping[str, tuple[str, str]] = {
    "imported": (N_("imported"), "good"),
    "unchanged": (N_("known already"), "plain"),
    "failed": (N_("not imported"), "bad"),
    "ignored": (N_("left alone"), "plain"),
}

_PLAIN: Mapping[type[UserError], str] = {
    NoAccount: N_("This file does not say whose account it is."),
    DifferentAccounts: N_(
        "It disagrees with {other} about {day}, so they cannot be of one account."
    ),
    AmbiguousDates: N_("In '{column}', {example} can be two different days."),
    PersonalExport: N_("This is a person's own account. Nothing of it was kept so far."),
    NoOptIn: N_("This is the account of a colleague who is not known to take part. Nothing of it "
                "was kept so far."),
    UnknownFormat: N_(
        "This is no file that bereik knows. It looks most like {nearest}, but lacks {missing}. "
        "Download the export again as described on this page, and leave it as it is."
    ),
    NoNearFormat: N_(
        "This is no file that bereik knows. Download the export as described on this page, and "
        "leave it as it is."
    ),
}  # fmt: skip
"""Errors in the words of this page, where those of the commands name options."""

_COLUMNS = N_(
    "This is no file that bereik knows. It looks most like {nearest}, but lacks {missing}. If it "
    "is that, say which of its columns this is; otherwise download the export again as described "
    "on this page, and leave it as it is."
)


def report(view: View, number: str) -> html.Section | None:
    """What became of the files of a batch; while they are read, how far that is."""
    if not number:
        return None
    batch = uploads.intake().find(number)
    if batch is None:
        return card(
            step(3, _("Check the result")),
            html.P(
                _("What became of these files is not known any more: the dashboard was started "
                  "again. What was imported stands in the history below; drop the others again.")
            ),
            id="result",
        )  # fmt: skip
    if batch.state != "done":
        return _running(batch)
    return _result(view, batch)


def _running(batch: Batch) -> html.Section:
    return card(
        step(3, _("The files are being read")),
        html.Progress(
            id="reading",
            value=str(batch.done),
            max=str(max(batch.total, 1)),
            **aria(label=_("Progress of the import")),
        ),
        html.P(id="reading-said", role="status"),
        id="result",
        **data(poll=f"/uploads/{batch.number}"),
    )


def _result(view: View, batch: Batch) -> html.Section:
    again = None
    if batch.error is not None and batch.is_kept:
        again = form(
            f"/uploads/{batch.number}/start",
            f"again-{batch.number}",
            html.Button(_("Try again"), type="submit", className="button primary"),
        )
    expired = not batch.is_kept and any(entry.asks for entry in batch.entries)
    trouble = batch.error is not None or bool(batch.reference)
    return card(
        step(3, _("Check the result"), id="result-title", tabIndex=-1),
        note(uploads.summary(batch), kind="bad") if trouble else html.P(uploads.summary(batch)),
        again,
        html.P(_("The files that waited for an answer were removed. Drop them again."))
        if expired
        else None,
        html.Ul([html.Li(_entry(view, batch, place)) for place in range(len(batch.entries))]
                + [html.Li(_refusal(name, why)) for name, why in batch.refused],
                className="files"),
        id="result",
    )  # fmt: skip


def _refusal(name: str, why: Message) -> html.Div:
    return html.Div([_head(name, _("not imported"), "bad"), html.P(say(why))], className="file")


def _head(name: str, status: str, kind: str) -> html.Div:
    return html.Div([html.H3(name), badge(status, kind)], className="file-head")


def _entry(view: View, batch: Batch, place: int) -> html.Div:
    entry = batch.entries[place]
    made = entry.report
    status, kind = STATUSES[made.status]
    is_open = entry.asks is not None and batch.is_kept
    if is_open:
        status, kind = N_("waits for an answer"), "warn"
    name = ", ".join(batch.names) if entry.name == "." else entry.name
    parts: list[Part] = [_head(name, _(status), kind)]
    if facts := _facts(entry):
        parts.append(html.P(facts, className="quiet"))
    if lines := [*_rows(made.tables, entry.effect), *_skipped(made.skipped)]:
        parts.append(html.Ul([html.Li(line) for line in lines]))
    parts += [html.P(say(remark), className="quiet") for remark in made.notes]
    if made.error is not None:
        asks = entry.asks if is_open else None
        parts.append(html.P(explained(made.error, _COLUMNS if asks == "columns" else None)))
    if is_open:
        parts.append(question(view, batch, place))
    if made.status == "imported" and made.import_id:
        parts.append(undo(made.import_id, f"file-{place}"))
    return html.Div([part for part in parts if part], className="file")


def _facts(entry: Entry) -> str:
    made = entry.report
    facts = [_(made.title)] if made.title else []
    if made.language:
        facts.append(language_name(made.language))
    if made.account:
        facts.append(_("account {account}", account=made.account))
    if made.period:
        facts.append(shown.period(Period(*made.period)))
    return " · ".join(facts)


def language_name(code: str) -> str:
    """The name of a language, in the reader's language.

    >>> language_name("nl") in {"Dutch", "Nederlands"}, language_name("?")
    (True, '?')
    """
    try:
        return Locale.parse(code, sep="-").get_display_name(language()) or code
    except (ValueError, UnknownLocaleError):
        return code


def _rows(tables: Mapping[str, int], effect: Mapping[str, Effect]) -> list[str]:
    return [
        _("{table}: {counts}", table=_(TABLES.get(name, name)), counts=_changed(rows, effect, name))
        for name, rows in tables.items()
    ]


def _changed(rows: int, effect: Mapping[str, Effect], name: str) -> str:
    if name not in effect:
        return wording.number(rows, 0)
    counts = {
        N_("{n} new"): effect[name].new,
        N_("{n} updated"): effect[name].updated,
        N_("{n} unchanged"): effect[name].unchanged,
    }
    return ", ".join(_(text, n=wording.number(n, 0)) for text, n in counts.items() if n)


def _skipped(skipped: Sequence[tuple[Message, int]]) -> list[str]:
    return [
        _("left out: {rows} ({reason})", rows=wording.number(rows, 0), reason=say(why))
        for why, rows in skipped
    ]


def explained(error: UserError, text: str | None = None) -> str:
    """An error in the words of this page, or in these."""
    text = text or _PLAIN.get(type(error))
    if text is None:
        return say(error)
    values = dict(error.values)
    if isinstance(values.get("nearest"), str):
        values["nearest"] = _(str(values["nearest"]))
    return say(Message(text, values))
