"""Import files, many at once: each ends in a report, and one that fails stops no other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from campaigns import privacy
from campaigns.collectors import Probe, ProbedSheet, Recognition, formats
from campaigns.collectors import _sheets as sheets
from campaigns.errors import (
    N_,
    DifferentAccounts,
    Message,
    NestedArchive,
    NoNearFormat,
    StoreError,
    UnknownFormat,
    UnreadableFile,
    UserError,
)
from campaigns.imports import staging
from campaigns.imports.archives import is_archive
from campaigns.imports.files import Candidate, Files, digest, digest_of_bundle
from campaigns.imports.options import FileOptions, Options
from campaigns.imports.people import People
from campaigns.imports.reports import FileReport
from campaigns.imports.staging import UNKNOWN, FileFacts, Staged
from campaigns.privacy import Person
from campaigns.schema import TABLES
from campaigns.store import MANIFEST, EngineError, ImportRecord, Store, literal, typed_nulls

if TYPE_CHECKING:
    from campaigns.store import Engine

Progress = Callable[[int, int, Path], None]
"""Told before each file: its number (from 0), how many there are, and which it is."""

BATCH_ROWS = 200_000
BATCH_FILES = 100
"""Files are committed together up to so many rows or files: a commit costs more than a file."""

BIG_FILE = 50_000
"""Files of more rows go to disk without being gathered first."""

_BORN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # any statement about an account is newer


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
    files = Files(list(paths), passes_over=lambda folder: (folder / MANIFEST).exists())
    found = list(files.candidates())
    run = _Run(store_path, options or Options(), files)
    try:
        for number, candidate in enumerate(found):
            if progress is not None:
                progress(number, len(found), candidate.path)
            run.take(candidate)
        run.flush()
    finally:
        run.close()
        files.close()
    return run.reports


@dataclasses.dataclass
class _Waiting:
    """A staged file that waits for its commit."""

    report: FileReport
    record: ImportRecord
    staged: Staged
    queries: dict[str, list[str]]


class _Run:
    """One run over files: its engine, what is known of accounts, and what waits for a commit."""

    def __init__(self, path: Path, options: Options, files: Files) -> None:
        self.path = path
        self.options = options
        self.files = files
        self.reports: list[FileReport] = []
        self._store: Store | None = None
        self._workspace: Any = None
        self._engine: Engine | None = None
        self._waiting: list[_Waiting] = []
        self._gathered: set[str] = set()
        self._committed: dict[str, dict[str, Any]] | None = None
        self._people: People | None = None

    # --- one file

    def take(self, candidate: Candidate, sheet: ProbedSheet | None = None) -> None:
        """Read a file and keep it for the next commit; what goes wrong is in its report.

        ``sheet`` is a further list in the same workbook, with a report of its own.
        """
        path = candidate.path if sheet is None else Path(f"{candidate.path}!/{sheet.name}")
        report = FileReport(path, "failed")
        self.reports.append(report)
        if candidate.note is not None:
            report.status, report.notes = "ignored", [candidate.note]
            return
        further = self._attempt(report, candidate, sheet)
        if len(self._waiting) >= BATCH_FILES or self._rows_waiting() >= BATCH_ROWS:
            self.flush()
        for other in further:
            self.take(candidate, other)

    def _attempt(
        self, report: FileReport, candidate: Candidate, sheet: ProbedSheet | None
    ) -> Sequence[ProbedSheet]:
        """Take a file; what goes wrong with it is in its report, what is wrong beyond is raised."""
        try:
            if candidate.error is not None:
                raise candidate.error
            with self.files.at_hand(candidate) as file:
                return self._take(report, candidate, file, sheet)
        except StoreError:
            raise
        except (UnknownFormat, NoNearFormat) as error:
            if candidate.is_named:
                report.error = error
            else:
                report.status, report.notes = "ignored", [error.message]
        except UserError as error:
            report.error = error
        except EngineError as error:  # what a hostile file can still provoke
            if os.environ.get("BEREIK_DEBUG"):
                raise
            reason = str(error).partition("\n")[0]
            report.error = UnreadableFile(path=report.path, reason=reason)
        return ()

    def _take(
        self, report: FileReport, candidate: Candidate, file: Path, sheet: ProbedSheet | None
    ) -> Sequence[ProbedSheet]:
        """Take a file, or one of its sheets; returns the sheets that are further lists."""
        path = candidate.path
        options = self.options.of(path)
        if candidate.bundle is not None:
            content, size = digest_of_bundle(candidate.bundle, path)
            members = candidate.bundle
            probe = Probe(str(path), path.name, "bundle", (), size, opened=members)
        else:
            content, probe = digest(file), sheets.probe(file)
            if candidate.member is not None and probe.container == "zip" and is_archive(file):
                raise NestedArchive(path=path)
        recognition, further = _recognised(probe, sheet, options)
        report.format = recognition.format.name
        report.title = recognition.format.title
        report.language = recognition.language
        if recognition.format.nothing is not None:
            report.status, report.notes = "ignored", [recognition.format.nothing]
            return further
        facts = staging.parse(path, probe, recognition, options)
        part = "" if sheet is None else sheet.name
        import_id = _import_id(facts, content, part, self._campaigns_of(facts))
        facts = dataclasses.replace(facts, import_id=import_id)
        report.import_id = facts.import_id
        if self._is_unchanged(report, facts.import_id):
            return further
        engine = self._open()
        staged = staging.stage(engine, facts)
        self._check_unknown(facts, staged)
        person = self._of_people.screen(engine, facts, staged)
        self._keep(report, facts, staged, person)
        return further

    def _is_unchanged(self, report: FileReport, import_id: str) -> bool:
        known = self._known(import_id)
        if known is None:
            return any(w.record.import_id == import_id and _becomes(report, w.report, "unchanged")
                       for w in self._waiting)  # fmt: skip
        report.status = "unchanged"
        report.account = known["account_id"]
        if known["first_day"] is not None:
            report.period = (known["first_day"], known["last_day"])
        return True

    def _known(self, import_id: str) -> dict[str, Any] | None:
        """The record of an import that was committed before this run began."""
        if self._committed is None:
            if self._store is None and (self.path / MANIFEST).exists():
                self._store = Store.open(self.path)
            records = {} if self._store is None else self._store.records()
            self._committed = {i: r for i, r in records.items() if r["state"] == "committed"}
        return self._committed.get(import_id)

    def _keep(self, report: FileReport, facts: FileFacts, staged: Staged, person: Person) -> None:
        now = dt.datetime.now(dt.UTC)
        moment = staging.collected_at(facts, staged, now)
        queries = {t: list(q) for t, q in staging.finished(staged, facts.import_id, moment).items()}
        roles = self._of_people.roles
        new = sorted(one for one in staged.accounts if self._registers(one, facts, staged))
        if new:
            queries.setdefault("accounts", []).extend(
                _new_account(*one, *_described(one, facts, staged), facts.import_id) for one in new
            )
            for one in new:
                roles.setdefault(one, (_described(one, facts, staged)[0], False))
        if any(account == UNKNOWN for _platform, account in staged.accounts):
            staged.notes.append(
                Message(N_("it does not say whose account it is: give it with --account NAME"))
            )
        report.period = staged.period
        report.tables = dict(staged.tables)
        report.skipped = staged.skipped
        report.notes = staged.notes
        values = {
            **staging.values(facts, staged),
            "rows": json.dumps(report.tables),
            "skipped": json.dumps(
                [{"reason": _kept(why), "rows": rows} for why, rows in staged.skipped]
            ),
            "notes": json.dumps([_kept(note) for note in staged.notes]),
        }
        report.account = values["account_id"]
        kept = self._of_people.without(self._open(), person, values)
        record = ImportRecord(facts.import_id, kept)
        self._waiting.append(_Waiting(report, record, staged, queries))

    def _registers(self, one: tuple[str, str], facts: FileFacts, staged: Staged) -> bool:
        """Whether an import brings an account with it: where no other has, and where it is a peer.

        Who is not registered counts as own: a competitor must stay one when the import that
        brought it first is undone.
        """
        role, _name = _described(one, facts, staged)
        known, _takes_part = self._of_people.roles.get(one, (None, False))
        is_other = role == known and role not in {"own", "ambassador"}
        return one not in self._of_people.roles or is_other

    # --- what is checked against the store

    def _campaigns_of(self, facts: FileFacts) -> str:
        """What else decides what is kept of a colleague's file; empty for all others."""
        is_known = facts.options.account is not None and (self.path / MANIFEST).exists()
        if facts.options.role == "ambassador" or is_known:
            self._open()
            return self._of_people.campaigns_of(facts)
        return ""

    def _check_unknown(self, facts: FileFacts, staged: Staged) -> None:
        """Two files without an account that contradict each other are not one account's.

        The last day of an export is not finished, so it may differ; no other day may.
        """
        days = staged.queries.get("account_days", [])
        if not days or (facts.platform, UNKNOWN) not in staged.accounts or staged.last is None:
            return
        self.flush()
        engine, store = self._open(), self._store
        assert store is not None  # noqa: S101 - _open makes it
        every = " UNION ALL BY NAME ".join([typed_nulls(TABLES["account_days"].columns), *days])
        new = engine.execute(
            f"SELECT day, delivery, impressions FROM ({every}) "
            f"WHERE account_id = {literal(UNKNOWN)} AND day < DATE {literal(str(staged.last))}"
        ).fetchall()
        old = store.read(
            lambda snapshot: snapshot.rows(
                "SELECT d.day, d.delivery, d.impressions, i.file, i.last_day "
                "FROM account_days_log d JOIN imports i USING (import_id) "
                "WHERE d.platform = $platform AND d.account_id = $account AND d.day < i.last_day",
                {"platform": facts.platform, "account": UNKNOWN},
            )
        )
        known = {(row["day"], row["delivery"]): row for row in old}
        for day, delivery, impressions in new:
            row = known.get((day, delivery))
            before = None if row is None else row["impressions"]
            if row is not None and None not in (impressions, before) and impressions != before:
                raise DifferentAccounts(path=facts.path, other=row["file"], day=day)

    # --- committing

    def flush(self) -> None:
        """Commit what waits; a file counts as imported only from here on."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        engine, store = self._open(), self._store
        assert store is not None  # noqa: S101 - _open makes it
        queries = self._queries(engine, waiting)
        done = store.append(engine, [one.record for one in waiting], queries, self._finished)
        for one in waiting:
            is_done = one.record.import_id in done
            one.report.status = "unchanged" if is_done else "imported"
            if is_done:
                one.report.tables = {}
            for relation in one.staged.relations:
                engine.execute(f"DROP TABLE IF EXISTS {relation}")
        for table in self._gathered:
            engine.execute(f"DROP TABLE gathered_{table}")
        self._gathered.clear()

    def _queries(self, engine: Engine, waiting: Sequence[_Waiting]) -> dict[str, list[str]]:
        """For each table what is to be written, without other people's identifiers."""
        queries: dict[str, list[str]] = {}
        for one in waiting:
            for table, parts in one.queries.items():
                if one.staged.rows > BIG_FILE:
                    empty = typed_nulls(TABLES[table].columns)
                    whole = [f"{empty} UNION ALL BY NAME ({part})" for part in parts]
                    queries.setdefault(table, []).extend(whole)
                else:
                    self._gather(engine, table, parts)
        for table in self._gathered:
            queries.setdefault(table, []).append(f"FROM gathered_{table}")
        privacy.register(engine, [account for _platform, account in self._of_people.roles])
        return {
            table: [staging.private(table, part) for part in parts]
            for table, parts in queries.items()
        }

    def _finished(self, queries: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        """What is written, once nobody can be erased any more until it is."""
        self._of_people.check_stones()
        return queries

    def _gather(self, engine: Engine, table: str, queries: Iterable[str]) -> None:
        """Put the rows of a small file with those of others.

        One query over a hundred files would take longer to plan than to run.
        """
        if table not in self._gathered:
            self._gathered.add(table)
            engine.execute(
                f"CREATE TEMP TABLE gathered_{table} AS {typed_nulls(TABLES[table].columns)}"
            )
        for query in queries:
            engine.execute(f"INSERT INTO gathered_{table} BY NAME {query}")

    def close(self) -> None:
        """Give the engine back."""
        if self._workspace is not None:
            self._workspace.__exit__(None, None, None)

    def _rows_waiting(self) -> int:
        return sum(one.staged.rows for one in self._waiting)

    @property
    def _of_people(self) -> People:
        """The register of accounts; the engine is open by the time that it is wanted."""
        self._open()
        assert self._people is not None  # noqa: S101 - _open makes it
        return self._people

    def _open(self) -> Engine:
        """The engine of this run, with the store behind it and the key in it."""
        if self._engine is None:
            self._store = store = self._store or Store.create(self.path)
            secret = privacy.key(store)
            self._workspace = store.workspace()
            engine: Engine = self._workspace.__enter__()
            engine.execute("SET preserve_insertion_order = true")
            engine.execute(f"SET TimeZone = {literal(store.timezone)}")
            self._people = People.of(store, secret)
            privacy.prepare(engine, secret)
            self._engine = engine
        return self._engine


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


def _import_id(facts: FileFacts, content: str, part: str, campaigns: str) -> str:
    """What identifies an import: the bytes and the options.

    A file whose content names no account belongs to the one in its name, so that name counts
    too: two accounts can have the same figures. So does a period in the name where rows need one.
    """
    parts = [content, facts.options.as_json(), facts.recognition.format.name]
    if part:
        parts.append(f"sheet {part}")
    if campaigns:  # of a colleague's file they decide what is kept
        parts.append(campaigns)
    is_silent = all(parsed.account == "null" for parsed in facts.parsed)
    if is_silent and not facts.recognition.format.is_statement:
        parts.append(staging.account_in_name(facts) or "")
    parts += [parsed.from_names for parsed in facts.parsed if parsed.from_names]
    parts += staging.period_in_name(facts)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _becomes(report: FileReport, other: FileReport, status: Any) -> bool:
    report.status, report.period, report.account = status, other.period, other.account
    return True


def _described(one: tuple[str, str], facts: FileFacts, staged: Staged) -> tuple[str, str]:
    """The role and name of an account that is new: as the file says, else as the user does."""
    return staged.described.get(one, (facts.options.role, one[1]))


def _new_account(platform: str, account: str, role: str, name: str, import_id: str) -> str:
    return (
        f"SELECT {literal(platform)} AS platform, {literal(account)} AS account_id, "
        f"{literal(name)} AS name, {literal(role)} AS role, {literal(import_id)} AS import_id, "
        f"TIMESTAMPTZ {literal(_BORN.isoformat())} AS collected_at"
    )


def _kept(message: Message) -> dict[str, object]:
    """A message as the record of the import keeps it: in no language, with its values."""
    values = {
        name: _kept(value) if isinstance(value, Message) else str(value)
        for name, value in message.values.items()
    }
    return {"text": message.text, "values": values}


def told(kept: str | None) -> Sequence[Message]:
    """The messages that a record of an import keeps.

    >>> told('[{"text": "{n} rows", "values": {"n": "2"}}]')[0].values["n"]
    '2'
    """
    return [_message(one) for one in json.loads(kept or "[]")]


def _message(kept: dict[str, Any]) -> Message:
    values = {
        name: _message(value) if isinstance(value, dict) else value
        for name, value in kept["values"].items()
    }
    return Message(kept["text"], values)
