"""What ran by itself and when, in a small file in the store: for status, pages and the next run."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from filelock import FileLock

from campaigns.errors import N_, Message
from campaigns.store import write_whole

if TYPE_CHECKING:  # pages read this: they need not load what asks X
    from campaigns.collecting.outcome import Ending

Job = Literal["collect", "folders", "nightly"]
By = Literal["systemd", "cron", "loop"]

JOBS: Mapping[Job, str] = {
    "folders": N_("watched folders"),
    "collect": N_("collection from X"),
    "nightly": N_("compaction and retention"),
}
"""What runs by itself, in the order of a run."""


@dataclass(frozen=True)
class Run:
    """The last run of a job: ``reason`` says why it is not done; ``done_at`` is the last good one.

    ``next_at`` is when it is expected again; ``is_expected`` says that it comes by itself, not
    only when somebody asks for it. Moments are UTC.
    """

    started_at: dt.datetime
    ended_at: dt.datetime
    ending: Ending
    reason: Message | None = None
    done_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    is_expected: bool = True


@dataclass(frozen=True)
class Record:
    """What is known: ``by`` is what starts runs (null: nothing that was installed)."""

    by: By | None = None
    stale_after: dt.timedelta = dt.timedelta(hours=6)
    since: dt.datetime | None = None
    runs: Mapping[Job, Run] = field(default_factory=dict)

    def stale(self, now: dt.datetime) -> dict[Job, dt.datetime | None]:
        """The jobs of which the last good run is longer ago than it should be, with its moment.

        A nightly job has a day more. Jobs that are not asked for are never stale.
        """
        found: dict[Job, dt.datetime | None] = {}
        for job, run in self.runs.items():
            if not run.is_expected and self.by is None:
                continue
            day = dt.timedelta(days=1 if job == "nightly" else 0)
            good = run.done_at or self.since or run.started_at
            if now - good > self.stale_after + day:
                found[job] = run.done_at
        if not self.runs and self.since and now - self.since > self.stale_after:
            found["collect"] = None
        return found


def file(store: Path) -> Path:
    """Where it is written."""
    return store / "runs" / "schedule.json"


def read(store: Path) -> Record:
    """What is known of a store; an empty record when nothing ever ran, or the file is damaged."""
    try:
        given = json.loads(file(store).read_text("utf-8"))
        runs = {cast("Job", job): _run(one) for job, one in given["runs"].items() if job in JOBS}
        return Record(given["by"], dt.timedelta(seconds=given["stale_after"]),
                      _moment(given["since"]), runs)  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Record()


def note(store: Path, job: Job, run: Run, stale_after: dt.timedelta) -> None:
    """Write down how a job ended."""
    with _lock(store):
        known = read(store)
        before = known.runs.get(job)
        good = run.ended_at if run.ending == "done" else (before.done_at if before else None)
        runs = {**known.runs, job: replace(run, done_at=good)}
        _write(store, replace(known, runs=runs, stale_after=stale_after))


def note_by_hand(store: Path, job: Job, run: Run, stale_after: dt.timedelta) -> None:
    """Write down a run that somebody asked for: it changes nothing in what is expected."""
    known = read(store)
    before = known.runs.get(job)
    is_expected = before.is_expected if before else known.by is not None
    next_at = before.next_at if before else None
    note(store, job, replace(run, is_expected=is_expected, next_at=next_at), stale_after)


def note_starter(store: Path, by: By | None, stale_after: dt.timedelta, now: dt.datetime) -> None:
    """Write down what starts runs from now on, or that nothing does any more."""
    with _lock(store):
        known = read(store)
        since = known.since if known.by == by else now
        _write(store, replace(known, by=by, stale_after=stale_after, since=since if by else None))


def forget(store: Path) -> None:
    """Expect nothing any more: what was to run by itself was taken away on purpose."""
    with _lock(store):
        file(store).unlink(missing_ok=True)


def _lock(store: Path) -> FileLock:
    (store / "locks").mkdir(exist_ok=True)
    return FileLock(store / "locks" / "schedule.lock", timeout=30)


def _write(store: Path, record: Record) -> None:
    given = {
        "by": record.by,
        "stale_after": record.stale_after.total_seconds(),
        "since": record.since,
        "runs": {job: _plain(run) for job, run in record.runs.items()},
    }
    write_whole(file(store), json.dumps(given, default=_text, indent=1))


def _plain(run: Run) -> dict[str, Any]:
    reason = run.reason and {"text": run.reason.text, "values": dict(run.reason.values)}
    return {**asdict(replace(run, reason=None)), "reason": reason}


def _text(value: object) -> object:
    if isinstance(value, Message):
        return {"text": value.text, "values": dict(value.values)}
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def _run(given: Mapping[str, Any]) -> Run:
    moments = {name: _moment(given[name]) for name in ("done_at", "next_at")}
    started, ended = (dt.datetime.fromisoformat(given[n]) for n in ("started_at", "ended_at"))
    is_expected = bool(given.get("is_expected", True))
    reason = _message(given["reason"])
    return Run(started, ended, given["ending"], reason, **moments, is_expected=is_expected)


def _message(given: Any) -> Message | None:
    if not given:
        return None
    values = {
        name: _message(one) if isinstance(one, dict) else one
        for name, one in given["values"].items()
    }
    return Message(str(given["text"]), values)


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)
