"""Where files arrive, and what is done with imports: routes beside the pages.

A file is streamed to the private folder of its batch, never held in memory and never under a
name that it claims. What it is, its content tells. Every answer is JSON with a sentence for the
reader. That requests come from our own pages is seen to in `dashboard.security`.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import flask
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from campaigns.errors import N_, Message, UnknownImport, UserError
from campaigns.store import Store
from campaigns.translations import _, say
from dashboard.answers import answers
from dashboard.intake import FILES, Answer, Batch, Entry, Intake, is_left_out, safe_parts

F = TypeVar("F", bound=Callable[..., flask.Response])

FILE_BYTES = 4 << 30
"""The largest file that is taken: as large as what may be unpacked."""

BATCH_BYTES = 8 << 30
"""The most that is taken at once."""

SPARE_BYTES = 256 << 20
"""Room on the disk that a file must leave free."""

_ENVELOPE = 64 << 10
"""Bytes of a request beside the file in it."""

_HELD = 1 << 20
"""Bytes of a request in memory; the parser reads pieces of 64 kB, and keeps the end of the last."""

_LONGEST = 200
"""Characters of a name that is entered."""

REFUSALS = {
    "too_large": N_("It is too large: a file may have {size}."),
    "interrupted": N_("It did not arrive whole. Drop it again."),
    "full": N_("There is no room for it on the disk of this computer."),
    "too_many": N_("There are more files than can be taken at once ({number})."),
    "nothing": N_("It could not be read: it is a folder, or no file."),
    "over": N_("This upload was closed. Drop the files again."),
}


class _Refused(Exception):
    """A file or answer that is not taken, with its status and the field it is about."""

    def __init__(self, status: int, said: Message, field: str = "") -> None:
        super().__init__(str(said))
        self.status = status
        self.said = said
        self.field = field


def register(server: flask.Flask, store: Path) -> None:
    """Offer the routes."""
    server.extensions["bereik_intake"] = Intake(store)
    for rule, view in (
        ("/uploads", _begin),
        ("/uploads/<number>/files", _receive),
        ("/uploads/<number>/start", _start),
        ("/uploads/<number>/answers/<int:place>", _answer),
        ("/imports/<import_id>/undo", _undo),
    ):
        server.add_url_rule(rule, view.__name__, _spoken(view), methods=["POST"])
    server.add_url_rule("/uploads/<number>", "_state", _state)


def intake() -> Intake:
    """The intake of the application that serves this request."""
    return cast(Intake, flask.current_app.extensions["bereik_intake"])


def _spoken(view: F) -> F:
    """A view of which whatever a user can meet is said as JSON."""

    def answered(**values: Any) -> flask.Response:
        try:
            return view(**values)
        except _Refused as refused:
            return _json({"said": say(refused.said), "field": refused.field}, refused.status)
        except UserError as error:
            return _json({"said": say(error), "field": ""}, 409)

    return cast(F, answered)


def _json(data: dict[str, Any], status: int = 200) -> flask.Response:
    response = flask.jsonify(data)
    response.status_code = status
    return response


def _refusal(status: int, why: str) -> _Refused:
    return _Refused(status, refused(why))


def refused(why: str) -> Message:
    """The sentence for a refusal."""
    size = f"{FILE_BYTES / (1 << 30):.0f} GB"
    return Message(REFUSALS[why], {"size": size, "number": FILES})


def _batch(number: str, *states: str) -> Batch:
    found = intake().find(number)
    if found is None or not found.is_kept or found.state not in states:
        raise _refusal(410, "over")
    return found


# --- receiving -------------------------------------------------------------------------------


def _begin() -> flask.Response:
    batch = intake().begin()
    return _json({"batch": batch.number}, 201)


def _receive(number: str) -> flask.Response:
    """Take one file in: a multipart request with one part; ``path`` says what it is called."""
    batch = _batch(number, "receiving")
    asked = flask.request
    claimed = asked.args.get("path", "")
    try:
        _check_room(batch, asked.content_length or 0)
        asked.max_content_length = min(FILE_BYTES, BATCH_BYTES - batch.size) + _ENVELOPE
        target = _streamed(batch, claimed)
    except RequestEntityTooLarge:
        raise _noted(batch, claimed, 413, "too_large") from None
    except ClientDisconnected:
        raise _noted(batch, claimed, 400, "interrupted") from None
    except OSError as error:
        raise _noted(batch, claimed, 507, "full") from error
    except _Refused as refusal:
        batch.refused.append((_shown(claimed), refusal.said))
        raise
    return _json({"name": "" if target is None else target.relative_to(batch.folder).as_posix()})


def _check_room(batch: Batch, size: int) -> None:
    if len(batch.names) >= FILES:
        raise _refusal(413, "too_many")
    if size > min(FILE_BYTES, BATCH_BYTES - batch.size) + _ENVELOPE:
        raise _refusal(413, "too_large")
    if shutil.disk_usage(batch.folder).free < size + SPARE_BYTES:
        raise _refusal(507, "full")


def _streamed(batch: Batch, claimed: str) -> Path | None:
    """The first file of the request, written as it arrives; None for what is left out."""
    opened: list[tuple[Path, IO[bytes]]] = []

    def stream_for(
        total_content_length: int | None,  # noqa: ARG001 - as the parser calls it
        content_type: str | None,  # noqa: ARG001
        filename: str | None,
        content_length: int | None = None,  # noqa: ARG001
    ) -> IO[bytes]:
        if opened:
            raise _refusal(400, "nothing")
        target = batch.place(claimed or filename or "")
        opened.append((target, target.open("w+b")))
        return opened[0][1]

    is_whole = False
    try:
        if is_left_out(claimed):
            batch.left_out += 1
            return None
        asked = flask.request
        parser = FormDataParser(stream_for, max_form_memory_size=_HELD, max_form_parts=4)
        _rest, _form, whole = parser.parse(
            asked.stream, asked.mimetype, asked.content_length, asked.mimetype_params
        )
        if not whole:  # the parser passes over what is broken off
            raise _refusal(400, "interrupted" if opened else "nothing")
        is_whole = True
    finally:
        for target, file in opened:
            size = file.seek(0, 2)
            file.close()
            if is_whole and size > FILE_BYTES:
                is_whole = False
            if not is_whole:
                target.unlink()
    target, _file = opened[0]
    if not is_whole:
        raise RequestEntityTooLarge
    batch.receive(target, size)
    return target


def _noted(batch: Batch, claimed: str, status: int, why: str) -> _Refused:
    """A refusal that the report of the batch will mention."""
    batch.refused.append((_shown(claimed), refused(why)))
    return _refusal(status, why)


def _shown(claimed: str) -> str:
    return "/".join(safe_parts(claimed))


# --- importing -------------------------------------------------------------------------------


def _start(number: str) -> flask.Response:
    """Begin the import; the browser says which files it did not send, and why."""
    batch = _batch(number, "receiving", "done")
    said = flask.request.get_json(silent=True)
    for one in (said or {}).get("refused", [])[:FILES] if isinstance(said, dict) else []:
        if isinstance(one, dict) and one.get("why") in REFUSALS:
            batch.refused.append((_shown(str(one.get("name"))), refused(one["why"])))
    if isinstance(said, dict) and isinstance(left := said.get("left_out"), int):
        batch.left_out += max(left, 0)
    if batch.names:
        intake().start(batch)
    else:
        batch.state = "done"
        batch.let_go()
    return _json(_described(batch), 202)


def _state(number: str) -> flask.Response:
    """How far an import is."""
    batch = intake().find(number)
    if batch is None:
        return _json({"state": "gone", "done": 0, "total": 0, "said": _("The import is over.")})
    return _json(_described(batch))


def _described(batch: Batch) -> dict[str, Any]:
    return {
        "state": batch.state,
        "done": batch.done,
        "total": batch.total,
        "said": progress(batch),
    }


def progress(batch: Batch) -> str:
    """What a batch is at, in a sentence."""
    if batch.state == "done":
        return summary(batch)
    if batch.state == "importing" and batch.total:
        return _(
            "Reading file {number} of {total}: {name}",
            number=min(batch.done + 1, batch.total),
            total=batch.total,
            name=batch.current,
        )
    return _("Waiting for another import to end …") if batch.state == "waiting" else _("Reading …")


def summary(batch: Batch) -> str:
    """What became of a batch, in a sentence."""
    if batch.error is not None:
        return say(batch.error)
    if batch.reference:
        return _("Something went wrong. Your data are unharmed. Report it with this reference: "
                 "{reference}", reference=batch.reference)  # fmt: skip
    counts = {
        N_("imported: {n}"): _count(batch, "imported"),
        N_("known already: {n}"): _count(batch, "unchanged"),
        N_("waiting for an answer: {n}"): len(batch.open),
        N_("not imported: {n}"): _count(batch, "failed") - len(batch.open) + len(batch.refused),
        N_("left alone: {n}"): _count(batch, "ignored") + batch.left_out,
    }
    parts = [_(text, n=number) for text, number in counts.items() if number]
    return _("Files {counts}.", counts=", ".join(parts)) if parts else _("There were no files.")


def _count(batch: Batch, status: str) -> int:
    return sum(entry.report.status == status for entry in batch.entries)


# --- answers ---------------------------------------------------------------------------------


def _answer(number: str, place: int) -> flask.Response:
    """What somebody says about a file that waits; it is imported again with it."""
    batch = _batch(number, "done")
    if not 0 <= place < len(batch.entries) or batch.entries[place].asks is None:
        raise _refusal(410, "over")
    entry = batch.entries[place]
    answer = _read_answer(entry, flask.request.form)
    alike = [entry.name]
    if flask.request.form.get("for_all"):
        alike = [one.name for one in like(batch, entry)]
    intake().answer(batch, dict.fromkeys(alike, answer))
    return _json({"said": _("Reading again, with your answer …")}, 202)


def like(batch: Batch, entry: Entry) -> list[Entry]:
    """The files that ask the same, this one included."""
    keys: dict[str, Callable[[Entry], str | None]] = {
        "account": platform,
        "dates": lambda one: one.report.format,
        "columns": lambda one: repr(asked_columns(one)),
    }
    key = keys.get(entry.asks or "")
    if key is None:
        return [entry]
    return [one for one in batch.open if one.asks == entry.asks and key(one) == key(entry)]


def platform(entry: Entry) -> str:
    """The platform whose export a file is."""
    from campaigns.collectors import formats

    known = {one.name: one.platform for one in formats()}
    return known.get(entry.report.format or "", "")


def asked_columns(entry: Entry) -> tuple[Sequence[tuple[str, str]], Sequence[str]]:
    """The fields of which a file does not say the column, with their labels; and its own labels."""
    values: Mapping[str, Any] = {} if entry.report.error is None else entry.report.error.values
    return values.get("wanted", ()), values.get("free", ())


def _named(entry: Entry, form: Any) -> Answer:
    """Which of the file's columns is which field."""
    wanted, free = asked_columns(entry)
    found: dict[str, str] = {}
    for number, (name, label) in enumerate(wanted):
        chosen = form.get(f"column_{number}", "")
        if chosen not in free or chosen in found:
            text = N_("Choose the column that is '{label}', each another one.")
            raise _Refused(422, Message(text, {"label": label}), f"column_{number}")
        found[chosen] = name
    return Answer(columns=found)


def _read_answer(entry: Entry, form: Any) -> Answer:
    if entry.asks == "columns":
        return _named(entry, form)
    if entry.asks == "dates":
        order = form.get("date_order")
        if order not in {"dmy", "mdy"}:
            raise _Refused(422, Message(N_("Choose how the dates are to be read.")), "date_order")
        return Answer(date_order=order)
    account = " ".join(form.get("account", "").split())
    if not account or len(account) > _LONGEST:
        raise _Refused(422, Message(N_("Enter the name of the account.")), "account")
    if entry.asks == "account":
        return Answer(account=account)
    role = form.get("role")
    if role not in {"own", "ambassador"}:
        raise _Refused(422, Message(N_("Choose what the account is.")), "role")
    return Answer(account, role, _agreed(form) if role == "ambassador" else None)


def _agreed(form: Any) -> dt.date:
    field = "opted_in_on"
    try:
        day = dt.date.fromisoformat(form.get(field, ""))
    except ValueError:
        said = Message(N_("Enter the day on which the colleague agreed to take part."))
        raise _Refused(422, said, field) from None
    if day > dt.datetime.now(dt.UTC).astimezone().date():
        raise _Refused(422, Message(N_("That day is still to come.")), field)
    return day


# --- taking back -----------------------------------------------------------------------------


def _undo(import_id: str) -> flask.Response:
    try:
        Store.open(answers().path).undo(import_id)
    except UnknownImport:
        said = Message(N_("There is no such import any more."))
        raise _Refused(409, said) from None
    return _json({"said": _("It was taken back. What it had replaced is seen again.")})
