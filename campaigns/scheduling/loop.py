"""The schedule in the foreground, for containers and for whoever has no scheduler."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from campaigns.errors import N_, Message
from campaigns.scheduling import record
from campaigns.scheduling.record import Job, Run
from campaigns.scheduling.work import Work


def loop(work: Work, stop: threading.Event | None = None) -> None:
    """Run every job at its time until ``stop`` is set, or the process is told to end.

    A job that is late runs once, never twice at a time; one that fails stops no other. What runs
    when it is told to end is let to its end.
    """
    stop = stop or threading.Event()
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what goes wrong is written down
    scheduler = BackgroundScheduler(
        timezone=dt.UTC,
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    settings = work.settings.schedule
    record.note_starter(work.store.path, "loop", settings.stale_after, work.now())
    soon = dt.datetime.now(dt.UTC)
    for job in work.wanted():
        trigger = _trigger(work, job)
        first = None if job == "nightly" and not work.is_night_due() else soon
        more = {} if first is None else {"next_run_time": first}
        scheduler.add_job(_run, trigger, [work, job, trigger], id=job, **more)
    with _ends_when_told(stop):
        scheduler.start()
        try:
            stop.wait()
        finally:
            scheduler.shutdown(wait=True)
            record.note_starter(work.store.path, None, settings.stale_after, work.now())


def _trigger(work: Work, job: Job) -> CronTrigger | IntervalTrigger:
    if job == "nightly":
        at = work.settings.schedule.nightly_at
        zone = ZoneInfo(work.store.timezone)
        return CronTrigger(hour=at.hour, minute=at.minute, timezone=zone)
    every = work.settings.watch.again if job == "folders" else work.settings.schedule.every
    return IntervalTrigger(seconds=int(every.total_seconds()), timezone=dt.UTC)


def _run(work: Work, job: Job, trigger: CronTrigger | IntervalTrigger) -> None:
    """Run a job; what nobody foresaw is written down, and the next time comes all the same."""
    now = work.now()
    next_at = trigger.get_next_fire_time(now, now)
    try:
        work.run(job, next_at.astimezone(dt.UTC))
    except Exception as error:  # noqa: BLE001 - the loop goes on
        text = N_("something went wrong that was not foreseen: {kind}")
        reason = Message(text, {"kind": type(error).__name__})
        failed = Run(now, work.now(), "person", reason, next_at=next_at)
        record.note(work.store.path, job, failed, work.settings.schedule.stale_after)


@contextmanager
def _ends_when_told(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and Ctrl+C end the loop, not a job in the middle."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, lambda *_args: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
