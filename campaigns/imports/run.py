"""Import files, many at once: each ends in a report, and one that fails stops no other."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from campaigns import privacy
from campaigns.collectors import Probe, ProbedSheet, Recognition, formats
from campaigns.collectors import _sheets as sheets
from campaigns.errors import (
    N_,
    CampaignsFile,
    Message,
    NestedArchive,
    NoAccount,
    NoNearFormat,
    StoreError,
    UnknownFormat,
    UserError,
)
from campaigns.imports import facts as of_file
from campaigns.imports import piles, staging
from campaigns.imports.archives import is_archive
from campaigns.imports.commits import Commits, Waiting
from campaigns.imports.facts import FileFacts
from campaigns.imports.files import Candidate, Files, digest, digest_of_bundle
from campaigns.imports.options import FileOptions, Options
from campaigns.imports.people import Account, People
from campaigns.imports.piles import Pile, Piles
from campaigns.imports.records import values
from campaigns.imports.reports import FileReport
from campaigns.imports.staged import Staged
from campaigns.imports.unnamed import UnnamedDays
from campaigns.privacy import retention
from campaigns.schema import UNKNOWN
from campaigns.store import (
    MANIFEST,
    Engine,
    EngineError,
    ImportRecord,
    Store,
    literal,
    scratch,
)

Progress = Callable[[int, int, Path], None]
"""Told before each file: its number (from 0), how many there are, and which it is."""

BATCH_ROWS = 200_000
BATCH_FILES = 1_000
"""Files are staged and committed together up to so many rows or files: planning a query and
making a commit cost more than a file."""


def import_paths(
    store_path: Path,
    paths: Iterable[Path],
    options: Options | None = None,
    progress: Progress | None = None,
) -> list[FileReport]:
    """Import files and those in folders and zips; one report per source, in their order.

    Several files that are one source (an account's archive) have one report. The store is made
    when there is none and a file is usable. A file whose bytes and options were imported before
    changes nothing. Problems of a file are in its report; problems of the store (`NotAStore`,
    `StoreBusy`, `WrongKey` …) are raised.
    """
    files = Files(list(paths), passes_over=partial(_is_store, store_path.absolute()))
    found = list(files.candidates())
    with contextlib.closing(files), scratch(store_path) as folder:
        run = _Run(store_path, options or Options(), files, folder)
        with contextlib.closing(run):
            for number, candidate in enumerate(found):
                if progress is not None:
                    progress(number, len(found), candidate.path)
                run.take(candidate)
            run.settle()
    _withdraw(store_path, run.reports)
    return run.reports


def _withdraw(path: Path, reports: list[FileReport]) -> None:
    """Who withdrew by a list that came in is taken out at once, and for the past."""
    lists = [one for one in reports if (one.status, one.format) == ("imported", "list_accounts")]
    if lists and (rows := retention.withdraw_stated(Store.open(path))):
        note = N_("colleagues in it have withdrawn: {rows} records of theirs were destroyed")
        lists[-1].notes = [*lists[-1].notes, Message(note, {"rows": sum(rows.values())})]


def _is_store(ours: Path, folder: Path) -> bool:
    return folder.absolute() == ours or (folder / MANIFEST).exists()


@dataclass(frozen=True)
class _Prepared:
    """A small file that was read and waits to be staged with others."""

    report: FileReport
    facts: FileFacts
    number: int


@dataclass(frozen=True)
class _Opened:
    """What a run has in hand once a file is usable: the store, and what is known of it."""

    store: Store
    engine: Engine
    people: People
    unnamed: UnnamedDays
    commits: Commits


class _Run:
    """One run over files: what was read of them, what is known of accounts, and its engine."""

    def __init__(self, path: Path, options: Options, files: Files, folder: Path) -> None:
        self.path = path
        self.options = options
        self.files = files
        self.reports: list[FileReport] = []
        self._folder = folder
        self._piles = Piles(folder)
        self._prepared: list[_Prepared] = []
        self._rows = 0
        self._stack = contextlib.ExitStack()
        self._store: Store | None = None
        self._handle: _Opened | None = None
        self._committed: dict[str, dict[str, Any]] | None = None
        self._kept: dict[str, FileReport] = {}

    # --- one file

    def take(self, candidate: Candidate, sheet: ProbedSheet | None = None) -> None:
        """Read a file, to be committed with others; what goes wrong is in its report.

        ``sheet`` is a further list in the same workbook, with a report of its own.
        """
        path = candidate.path if sheet is None else Path(f"{candidate.path}!/{sheet.name}")
        report = FileReport(path, "failed")
        self.reports.append(report)
        if candidate.note is not None:
            report.status, report.notes = "ignored", [candidate.note]
            return
        further: Sequence[ProbedSheet] = ()
        with _told(report, is_named=candidate.is_named):
            if candidate.error is not None:
                raise candidate.error
            with self.files.at_hand(candidate, self._folder) as file:
                further = self._take(report, candidate, file, sheet)
        if len(self._prepared) >= BATCH_FILES or self._rows >= BATCH_ROWS:
            self.settle()
        for other in further:
            self.take(candidate, other)

    def _take(
        self, report: FileReport, candidate: Candidate, file: Path, sheet: ProbedSheet | None
    ) -> Sequence[ProbedSheet]:
        """Take a file, or one of its sheets; returns the sheets that are further lists."""
        options = self.options.of(candidate.path)
        if candidate.path.suffix.casefold() == ".toml":
            raise CampaignsFile(path=candidate.path)
        content, probe = self._probed(candidate, file)
        recognition, further = _recognised(probe, sheet, options)
        report.format = recognition.format.name
        report.title = recognition.format.title
        report.language = recognition.language
        if recognition.format.nothing is not None:
            report.status, report.notes = "ignored", [recognition.format.nothing]
            return further
        facts = of_file.parse(candidate.path, probe, recognition, options)
        part = "" if sheet is None else sheet.name
        import_id = of_file.import_id_of(facts, content, part, self._campaigns_of(facts))
        facts = dataclasses.replace(facts, import_id=import_id)
        report.import_id = facts.import_id
        if not self._was_committed(report):
            self._read(report, facts)
        return further

    def _probed(self, candidate: Candidate, file: Path) -> tuple[str, Probe]:
        """The digest of a file, or of all that are one source, and what can be known of it."""
        path = candidate.path
        if candidate.bundle is not None:
            content, size = digest_of_bundle(candidate.bundle, path)
            members = candidate.bundle
            return content, Probe(str(path), path.name, "bundle", (), size, opened=members)
        content, probe = digest(file), sheets.probe(file, self._folder)
        if candidate.member is not None and probe.container == "zip" and is_archive(file):
            raise NestedArchive(path=path)
        return content, probe

    def _read(self, report: FileReport, facts: FileFacts) -> None:
        """Put a small file with others of its shape; stage and commit a large one now."""
        tables = sheets.tables(facts.probe, facts.recognition)
        if tables is not None:
            number, slim = self._piles.add(facts, tables)
            self._prepared.append(_Prepared(report, slim, number))
            self._rows += sum(table.rows for table in tables.values())
            return
        self.settle()
        pile = piles.large(self._open().engine, facts, self._folder)
        with contextlib.closing(pile):
            [(number, answer)] = staging.stage(self._open().engine, pile).items()
            if isinstance(answer, UserError):
                raise answer
            self._keep(report, number, facts, answer)
            self._open().commits.flush()

    def settle(self) -> None:
        """Stage and commit the files that were read."""
        prepared, self._prepared, self._rows = self._prepared, [], 0
        if not prepared:
            return
        engine = self._open().engine
        answers: dict[int, staging.Answer] = {}
        for pile in self._piles.take(engine):
            answers |= _staged(engine, pile)
        for one in prepared:
            with _told(one.report, is_named=True):
                answer = answers[one.number]
                if isinstance(answer, UserError):
                    raise answer
                self._keep(one.report, one.number, one.facts, answer)
        self._open().commits.flush()

    def _keep(self, report: FileReport, number: int, facts: FileFacts, staged: Staged) -> None:
        """Let a staged file wait for its commit, without what may not be kept."""
        opened = self._open()
        if self._was_kept(report):
            return
        opened.unnamed.check(opened.engine, facts, staged)
        person = opened.people.screen(opened.engine, facts, staged)
        is_nameless = any(account == UNKNOWN for _platform, account in staged.accounts)
        if is_nameless and self.options.needs_account:
            raise NoAccount(path=facts.path)
        moment = of_file.collected_at(facts, staged.last, dt.datetime.now(dt.UTC))
        new = self._new_accounts(facts, staged)
        if is_nameless:
            staged.notes.append(
                Message(N_("it does not say whose account it is: give it with --account NAME"))
            )
        about = values(facts, staged)
        report.period = staged.period
        report.tables = dict(staged.tables)
        report.skipped = staged.skipped
        report.notes = staged.notes
        report.account = about["account_id"]
        record = ImportRecord(facts.import_id, opened.people.without(opened.engine, person, about))
        opened.commits.waiting.append(Waiting(number, report, record, staged, moment, new))
        self._kept[facts.import_id] = report

    def _new_accounts(self, facts: FileFacts, staged: Staged) -> dict[Account, tuple[str, str]]:
        """The accounts that an import brings with it: where no other has, and those of peers.

        Who is not registered counts as own: a competitor must stay one when the import that
        brought it first is undone.
        """
        people = self._open().people
        roles = people.roles
        new = {}
        for found in sorted(staged.accounts):
            role, name = staged.described.get(found, (facts.options.role, found[1]))
            one = people.kept_as(found)
            name = one[1] if one != found else name
            known, _takes_part = roles.get(one, (None, False))
            is_other = role == known and role not in {"own", "ambassador"}
            if one not in roles or is_other:
                new[one] = (role, name)
                roles.setdefault(one, (role, False))
        return new

    # --- what is known of the store

    def _was_committed(self, report: FileReport) -> bool:
        """Whether a file was imported before this run began; its report says so."""
        if self._committed is None:
            if self._store is None and (self.path / MANIFEST).exists():
                self._store = Store.open(self.path)
            records = {} if self._store is None else self._store.records()
            self._committed = {i: r for i, r in records.items() if r["state"] == "committed"}
        known = self._committed.get(report.import_id or "")
        if known is None:
            return False
        report.status, report.account = "unchanged", known["account_id"]
        if known["first_day"] is not None:
            report.period = (known["first_day"], known["last_day"])
        return True

    def _was_kept(self, report: FileReport) -> bool:
        """Whether the same file came earlier in this run; its report says so."""
        first = self._kept.get(report.import_id or "")
        if first is None or first.error is not None:
            return False
        report.status, report.account, report.period = "unchanged", first.account, first.period
        return True

    def _campaigns_of(self, facts: FileFacts) -> str:
        """What else decides what is kept of a colleague's file; empty for all others."""
        is_known = facts.options.account is not None and (self.path / MANIFEST).exists()
        if facts.options.role == "ambassador" or is_known:
            return self._open().people.campaigns_of(facts)
        return ""

    def _open(self) -> _Opened:
        """The store with its key, and the engine of this run."""
        if self._handle is None:
            self._store = store = self._store or Store.create(self.path)
            secret = privacy.key(store)
            engine = self._stack.enter_context(store.workspace())
            engine.execute("SET preserve_insertion_order = true")
            engine.execute(f"SET TimeZone = {literal(store.timezone)}")
            people = People.of(store, secret)
            privacy.prepare(engine, secret)
            people.introduce(engine)
            commits = Commits(engine, store, people)
            self._handle = _Opened(store, engine, people, UnnamedDays(store), commits)
        return self._handle

    def close(self) -> None:
        """Give the engine and what was read back."""
        self._piles.close()
        self._stack.close()


def _staged(engine: Engine, pile: Pile) -> dict[int, staging.Answer]:
    with contextlib.closing(pile):
        return staging.stage(engine, pile)


@contextlib.contextmanager
def _told(report: FileReport, *, is_named: bool) -> Iterator[None]:
    """What goes wrong with a file is in its report; what is wrong beyond is raised."""
    try:
        yield
    except StoreError:
        raise
    except (UnknownFormat, NoNearFormat, CampaignsFile) as error:
        if is_named:
            report.error = error
        else:
            report.status, report.notes = "ignored", [error.message]
    except UserError as error:
        report.error = error
    except EngineError as error:
        report.error = staging.broken(report.path, error)


def _recognised(
    probe: Probe, sheet: ProbedSheet | None, options: FileOptions
) -> tuple[Recognition, Sequence[ProbedSheet]]:
    """The format of a file or of one of its sheets, and the sheets that are further lists.

    An export has its tables on sheets of its own; a list that people keep may have a sheet for
    each month, and all of them count.
    """
    if sheet is not None:
        alone = dataclasses.replace(probe, sheets=(sheet,))
        return sheets.recognise(alone, formats(), options.mapping), ()
    recognition = sheets.recognise(probe, formats(), options.mapping)
    if not recognition.format.is_statement:
        return recognition, ()
    used = {found.sheet.index for found in recognition.found.values()}
    further = [other for other in probe.sheets if other.index not in used]
    return recognition, [other for other in further if _is_list(probe, other, options)]


def _is_list(probe: Probe, sheet: ProbedSheet, options: FileOptions) -> bool:
    try:
        found, _further = _recognised(probe, sheet, options)
    except UserError:
        return False
    return found.format.is_statement
