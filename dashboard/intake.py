"""Files on their way into the store: received, imported one batch at a time, asked about, let go.

A batch is what somebody drops at once. Its files lie in a private folder of the store until they
are imported; those that leave a question open are kept until it is answered, an hour at most.
What was reported stays in memory. A killed server loses batches, never data: an import counts as
a whole or not at all, and what a dead process left in the folder is removed at the next start.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import functools
import glob
import logging
import queue
import re
import shutil
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from campaigns.errors import (
    AmbiguousDates,
    DifferentAccounts,
    Message,
    NoAccount,
    NoOptIn,
    NoStore,
    PersonalExport,
    UnknownFormat,
    UserError,
)
from campaigns.imports import FileReport, Options
from campaigns.imports.effects import Effect, effects
from campaigns.imports.files import is_litter, is_never_opened
from campaigns.imports.options import DateOrder
from campaigns.imports.ready import import_and_assign
from campaigns.store import Store, scratch

log = logging.getLogger(__name__)

KEPT = dt.timedelta(hours=1)
"""How long files wait for an answer."""

BATCHES = 50
"""Batches that are remembered at most."""

FILES = 5_000
"""Files that a batch may have."""

COMPARED = 200
"""Imports of which is told what they changed; of more at once only how many rows they have."""

State = Literal["receiving", "waiting", "importing", "done"]
Asked = Literal["account", "dates", "person", "columns"]

_ASKING: Mapping[type[UserError], Asked] = {
    NoAccount: "account",
    DifferentAccounts: "account",
    AmbiguousDates: "dates",
    PersonalExport: "person",
    NoOptIn: "person",
    UnknownFormat: "columns",
}
_ODD = re.compile(r'[<>:"|?*\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_DEEPEST = 8


@dataclass(frozen=True)
class Answer:
    """What somebody said about one file."""

    account: str | None = None
    role: str | None = None
    opted_in_on: dt.date | None = None
    date_order: DateOrder | None = None
    columns: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Entry:
    """What became of one file: its name as it was given, the report, and what it changed."""

    name: str
    report: FileReport
    effect: Mapping[str, Effect] = field(default_factory=dict)

    @property
    def asks(self) -> Asked | None:
        """What must be known before the file can be imported."""
        error = self.report.error
        if error is None or (isinstance(error, UnknownFormat) and not _can_be_named(error)):
            return None
        return _ASKING.get(type(error))


def _can_be_named(error: UnknownFormat) -> bool:
    """Whether a file has labels left for all columns that it seems to lack."""
    wanted, free = (error.values.get(name) for name in ("wanted", "free"))
    return isinstance(wanted, tuple) and isinstance(free, tuple) and len(free) >= len(wanted) > 0


@dataclass
class Batch:
    """Files that were dropped at once. ``touched`` is when somebody last did something with it."""

    number: str
    folder: Path
    held: contextlib.ExitStack
    touched: float
    state: State = "receiving"
    done: int = 0
    total: int = 0
    current: str = ""
    names: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    refused: list[tuple[str, Message]] = field(default_factory=list)
    left_out: int = 0
    size: int = 0
    error: UserError | None = None
    reference: str = ""
    is_kept: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def open(self) -> list[Entry]:
        """The files that wait for an answer."""
        return [entry for entry in self.entries if entry.asks] if self.is_kept else []

    @property
    def is_idle(self) -> bool:
        """Whether nothing happens with it, so that it can be let go."""
        return self.state in {"receiving", "done"}

    def place(self, claimed: str) -> Path:
        """Where a file of this name is put; the name is never trusted.

        A second file of the same name gets a folder of its own, so that both keep their names.
        """
        parts = safe_parts(claimed)
        with self.lock:
            target = self.folder.joinpath(*parts)
            number = 2
            while target.exists() or any(parent.is_file() for parent in target.parents):
                target = self.folder.joinpath(f"{number}", *parts)
                number += 1
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.touch(mode=0o600)
            return target

    def receive(self, target: Path, size: int) -> None:
        """Count a file that has arrived whole."""
        with self.lock:
            self.names.append(target.relative_to(self.folder).as_posix())
            self.size += size

    def let_go(self) -> None:
        """Remove the files."""
        self.is_kept = False
        self.held.close()

    def settle(self) -> None:
        """Remove the files that are no longer needed: all but those that wait for an answer."""
        if self.error is not None:
            return
        needed = {_source(self.folder, entry.report.path) for entry in self.open}
        if not needed:
            self.let_go()
        elif self.folder not in needed:
            for path in self.folder.iterdir():
                if path not in needed:
                    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def safe_parts(claimed: str) -> tuple[str, ...]:
    """A claimed path as names that can only lie inside a folder, and that every system takes.

    >>> safe_parts("../../etc/passwd"), safe_parts("C:\\\\x\\\\a<b>.csv"), safe_parts("///")
    (('etc', 'passwd'), ('C_', 'x', 'a_b_.csv'), ('file',))
    """
    text = claimed.encode(errors="replace").decode().replace("\\", "/")
    parts = [_ODD.sub("_", part).rstrip(" .")[-150:].strip() for part in text.split("/")]
    return tuple(part for part in parts if part)[-_DEEPEST:] or ("file",)


def is_left_out(claimed: str) -> bool:
    """Whether a file is of no use here or nobody's business: litter, messages, contacts."""
    parts = safe_parts(claimed)
    return any(is_litter(part) for part in parts) or is_never_opened(parts[-1])


class Intake:
    """The batches of one dashboard. Safe to use from several threads; imports one at a time."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self._batches: dict[str, Batch] = {}
        self._lock = threading.Lock()
        self._queue: queue.Queue[Batch | None] = queue.Queue()
        self._worker: threading.Thread | None = None
        atexit.register(self.close)

    def begin(self) -> Batch:
        """A new batch. Raises `StoreError` where the store cannot be added to."""
        if self.store.exists():
            with contextlib.suppress(NoStore):
                Store.open(self.store)
        held = contextlib.ExitStack()
        folder = held.enter_context(scratch(self.store)) / "files"
        folder.mkdir(mode=0o700)
        batch = Batch(uuid.uuid4().hex, folder, held, time.monotonic())
        with self._lock:
            self._batches[batch.number] = batch
            idle = [one for one in self._batches.values() if one.is_idle and one is not batch]
            for old in sorted(idle, key=lambda one: one.touched)[: len(self._batches) - BATCHES]:
                old.let_go()
                del self._batches[old.number]
        self._work()
        return batch

    def find(self, number: str) -> Batch | None:
        """The batch of this number; None when there is none any more."""
        with self._lock:
            return self._batches.get(number)

    def start(self, batch: Batch) -> None:
        """Import what has arrived, when its turn has come; once, however often it is asked."""
        with batch.lock:
            if not batch.is_idle:
                return
            batch.state, batch.done, batch.total = "waiting", 0, 0
        batch.error, batch.reference, batch.touched = None, "", time.monotonic()
        self._queue.put(batch)
        self._work()

    def answer(self, batch: Batch, answers: Mapping[str, Answer]) -> None:
        """Import again the files, by name, about which something was said."""
        for name, answer in answers.items():
            known = {n: v for n, v in vars(answer).items() if v is not None}
            batch.answers[name] = replace(batch.answers.get(name, Answer()), **known)
        self.start(batch)

    def sweep(self, now: float | None = None) -> None:
        """Let go of files that waited too long."""
        latest = (time.monotonic() if now is None else now) - KEPT.total_seconds()
        with self._lock:
            for batch in self._batches.values():
                if batch.is_idle and batch.is_kept and batch.touched < latest:
                    batch.state = "done"
                    batch.let_go()

    def close(self) -> None:
        """Let go of everything; an import that runs may take a moment to end."""
        atexit.unregister(self.close)
        if self._worker is not None and self._worker.is_alive():
            self._queue.put(None)
            self._worker.join(timeout=10)
        with self._lock:
            for batch in self._batches.values():
                batch.let_go()

    # --- the one who imports

    def _work(self) -> None:
        """See to it that somebody works. The thread is made late: servers fork after loading."""
        with self._lock:
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._serve, name="imports", daemon=True)
                self._worker.start()

    def _serve(self) -> None:
        while True:
            try:
                batch = self._queue.get(timeout=60)
            except queue.Empty:
                self.sweep()
                continue
            if batch is None:
                return
            self._import(batch)
            del batch  # nothing of it is held while the next one is waited for

    def _import(self, batch: Batch) -> None:
        batch.state = "importing"
        try:
            reports = import_and_assign(
                self.store, _sources(batch), _options(batch), functools.partial(_note, batch)
            )
            batch.entries = _merged(batch, reports)
            self._compare(batch)
        except UserError as error:
            batch.error = _shown(error, batch.folder)
        except Exception:  # the last resort: the reader gets a sentence, the operator the trace
            batch.reference = uuid.uuid4().hex[:8]
            log.exception("an import failed (%s)", batch.reference)
        finally:
            batch.touched = time.monotonic()
            batch.settle()
            batch.state = "done"

    def _compare(self, batch: Batch) -> None:
        """Say what new imports changed; a store that is too busy leaves it out."""
        new = {
            entry.report.import_id: entry
            for entry in batch.entries
            if entry.report.status == "imported" and not entry.effect and entry.report.import_id
        }
        if not new or len(new) > COMPARED:
            return
        with contextlib.suppress(UserError):
            found = Store.open(self.store).read(lambda snapshot: effects(snapshot, new))
            batch.entries = [
                Entry(entry.name, entry.report, found.get(entry.report.import_id or "", {}))
                if new.get(entry.report.import_id or "") is entry
                else entry
                for entry in batch.entries
            ]


# --- a batch as an import --------------------------------------------------------------------


def _sources(batch: Batch) -> list[Path]:
    """The files and folders to import: all at first, later those about which something was said."""
    if not batch.entries:
        return sorted(batch.folder.iterdir())
    wanted = {
        _source(batch.folder, entry.report.path)
        for entry in batch.entries
        if entry.asks and entry.name in batch.answers
    }
    return sorted(batch.folder.iterdir()) if batch.folder in wanted else sorted(wanted)


def _source(folder: Path, path: Path) -> Path:
    """The file or folder that was given in which a reported file lies; the whole when unclear.

    Members of archives and sheets of workbooks are called ``file!/member``.
    """
    parts = path.relative_to(folder).parts
    if not parts:
        return folder
    given = folder / parts[0]
    return given if given.exists() else folder / parts[0].removesuffix("!")


def _options(batch: Batch) -> Options:
    """What was said about files, each under its own name."""
    said = [
        (pattern, answer)
        for name, answer in batch.answers.items()
        for pattern in _patterns(batch.folder, name)
    ]
    return Options(
        accounts=[(p, one.account) for p, one in said if one.account],
        roles=[(p, one.role) for p, one in said if one.role],
        opt_ins=[(p, one.opted_in_on) for p, one in said if one.opted_in_on],
        date_orders=[(p, one.date_order) for p, one in said if one.date_order],
        mappings=[
            (p, label, name) for p, one in said for label, name in (one.columns or {}).items()
        ],
        needs_account=True,
    )


def _patterns(folder: Path, name: str) -> list[str]:
    """Patterns that fit one file; that of a sheet is its workbook's."""
    whole = folder.name if name == "." else f"{folder.name}/{name}"
    book = whole.rpartition("!/")[0]
    is_sheet = book and not book.casefold().endswith(".zip")
    return [glob.escape(one) for one in ([whole, book] if is_sheet else [whole])]


def _note(batch: Batch, done: int, total: int, path: Path) -> None:
    batch.done, batch.total, batch.current = done, total, path.name


def _merged(batch: Batch, reports: Sequence[FileReport]) -> list[Entry]:
    """The reports so far, those of files that were open replaced by the new ones."""
    new = {_name(batch.folder, report.path): _told(report, batch.folder) for report in reports}
    if not batch.entries:
        return [Entry(_name(batch.folder, r.path), _told(r, batch.folder)) for r in reports]
    return [
        Entry(entry.name, new[entry.name]) if entry.asks and entry.name in new else entry
        for entry in batch.entries
    ]


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _told(report: FileReport, folder: Path) -> FileReport:
    """A report that names files as they were given, not where they lay."""
    report.notes = [_plain(note, folder) for note in report.notes]
    report.skipped = [(_plain(why, folder), rows) for why, rows in report.skipped]
    report.error = None if report.error is None else _shown(report.error, folder)
    return report


def _plain(message: Message, folder: Path) -> Message:
    return Message(message.text, _without(message.values, folder))


def _shown(error: UserError, folder: Path) -> UserError:
    return type(error)(**_without(error.values, folder))


def _without(values: Mapping[str, object], folder: Path) -> dict[str, object]:
    """Values that name no place in the folder of the files."""
    return {name: _bare(value, folder) for name, value in values.items()}


def _bare(value: object, folder: Path) -> object:
    if isinstance(value, Message):
        return _plain(value, folder)
    if isinstance(value, UserError):
        return _shown(value, folder)
    if isinstance(value, Path | str):
        return str(value).replace(f"{folder}/", "").replace(f"{folder}\\", "")
    return value
