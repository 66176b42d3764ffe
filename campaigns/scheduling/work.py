"""What runs by itself: watched folders, collection from X, at night what keeps the store fit."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from campaigns.collecting import Outcome, collect
from campaigns.collecting.credentials import credentials
from campaigns.collecting.watching import look
from campaigns.errors import N_, Message, NoCredentials, StoreBusy, UserError
from campaigns.privacy import retention
from campaigns.scheduling import record
from campaigns.scheduling.record import JOBS, Job, Run
from campaigns.settings import Settings
from campaigns.store import Store

Tell = Callable[[str, dict[str, object]], None]


def _silent(_event: str, _values: dict[str, object]) -> None:
    """Say nothing."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Work:
    """The jobs of a store, with the settings and the clock that they go by."""

    store: Store
    settings: Settings
    now: Callable[[], dt.datetime] = _now
    sleep: Callable[[float], None] = time.sleep
    tell: Tell = field(default=_silent)

    def wanted(self) -> list[Job]:
        """The jobs that there is anything to do for, in the order of a run."""
        asked: dict[Job, bool] = {
            "folders": bool(self.settings.watch.folders),
            "collect": self._collects(),
            "nightly": True,
        }
        return [job for job in JOBS if asked[job]]

    def once(self, jobs: Collection[Job] | None = None) -> dict[Job, Run]:
        """Run every job that is wanted, the nightly one when it is due; each is written down."""
        chosen = self.wanted() if jobs is None else list(jobs)
        due = [job for job in chosen if job != "nightly" or self.is_night_due()]
        return {job: self.run(job) for job in due}

    def run(self, job: Job, next_at: dt.datetime | None = None) -> Run:
        """Run one job and write down how it ended; what goes wrong is how it ended.

        ``next_at`` is when it comes again, else as the settings say.
        """
        started = self.now()
        try:
            outcome = self._do(job)
        except StoreBusy as error:
            outcome = Outcome("later", error.message)
        except UserError as error:
            outcome = Outcome("person", error.message)
        except OSError as error:
            reason = Message(N_("the computer refused: {reason}"), {"reason": str(error)})
            outcome = Outcome("person", reason)
        ended = self.now()
        run = Run(started, ended, outcome.ending, outcome.reason,
                  next_at=next_at or self.next_at(job, started))  # fmt: skip
        record.note(self.store.path, job, run, self.settings.schedule.stale_after)
        self.tell("job", {"job": job, "ending": run.ending})
        return run

    def next_at(self, job: Job, after: dt.datetime) -> dt.datetime:
        """When a job comes again."""
        if job == "nightly":
            return self._night(after) + dt.timedelta(days=1)
        return after + self.settings.schedule.every

    def is_night_due(self) -> bool:
        """Whether the nightly job was not done since the last time that it should have been."""
        last = record.read(self.store.path).runs.get("nightly")
        return last is None or last.done_at is None or last.done_at < self._night(self.now())

    def _night(self, moment: dt.datetime) -> dt.datetime:
        """The last moment before this one at which the nightly job should have begun."""
        here = moment.astimezone(ZoneInfo(self.store.timezone))
        at = dt.datetime.combine(here.date(), self.settings.schedule.nightly_at, here.tzinfo)
        at = at if at <= here else at - dt.timedelta(days=1)
        return at.astimezone(dt.UTC)

    def _collects(self) -> bool:
        """Whether there are credentials, or somebody meant there to be."""
        wanted = self.settings.collect
        if wanted.accounts or wanted.searches or self.settings.credentials.file:
            return True
        try:
            credentials(self.settings)
        except NoCredentials:
            return False
        except UserError:
            return True
        return True

    def _do(self, job: Job) -> Outcome:
        if job == "folders":
            watch = self.settings.watch
            return look(self.store, watch.folders, watch.settled, sleep=self.sleep).outcome()
        if job == "collect":
            keys = credentials(self.settings)
            return collect(self.store, self.settings, keys, now=self.now, sleep=self.sleep,
                           tell=self.tell)  # fmt: skip
        return self._keep_fit()

    def _keep_fit(self) -> Outcome:
        """Destroy what is past its time, then compact."""
        kept = self.settings.retention
        days = {**retention.periods(kept.kinds()), "raw_answers": kept.raw_answers}
        gone = retention.apply(self.store, self.now().date(), days)
        self.store.compact()
        held = self.store.purge() if any(gone.values()) else 0
        self.tell("retention", {"rows": sum(sum(rows.values()) for rows in gone.values())})
        if held:
            text = N_("{held} old files are still open in another program")
            return Outcome("later", Message(text, {"held": held}))
        return Outcome("done")


def exit_code(runs: Collection[Run]) -> int:
    """What a scheduler is told of several jobs: 1 when one needs a person, else 75, else 0."""
    endings = {run.ending for run in runs}
    return 1 if "person" in endings else 75 if "later" in endings else 0
