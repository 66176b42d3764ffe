"""``bereik schedule``: let collection run by itself, and see whether it does."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import click

from campaigns.errors import N_, Message
from campaigns.translations import _, say
from scripts import Context
from scripts._options import json_option
from scripts._tables import print_table

if TYPE_CHECKING:
    from campaigns.scheduling.entries import Program
    from campaigns.scheduling.installing import Kind
    from campaigns.scheduling.record import Job, Record, Run
    from campaigns.store import Store

PASSED_ON = ("BEREIK_KEY_FILE", "BEREIK_X_CREDENTIALS", "BEREIK_LANGUAGE")
"""Variables that hold no secret, and that a run by itself needs as well."""

ENDINGS = {
    "done": N_("done"),
    "later": N_("not done, comes again"),
    "person": N_("needs somebody"),
}
STARTERS = {
    "systemd": N_("a systemd timer"),
    "cron": N_("cron"),
    "loop": N_("bereik schedule run"),
}


@click.group()
def command() -> None:
    """Let collection run by itself, and see whether it does.

    A run imports what came in watched folders, collects from X, and once a night compacts the
    store and destroys what is past its time. How often is in the settings.

    \b
    Examples:
      bereik schedule show                  what would be installed
      bereik schedule install               a systemd timer, or a line for cron
      bereik schedule status                the last and the next run
      bereik schedule run                   the same in the foreground, for containers
    """


@command.command()
@click.option("--for", "kind", type=click.Choice(["systemd", "cron", "windows"]),
              help=N_("Only this one."))  # fmt: skip
@click.pass_obj
def show(context: Context, kind: str | None) -> None:
    """Print what install writes, for each scheduler; nothing is changed.

    \b
    Examples:
      bereik schedule show
      bereik schedule show --for windows
    """
    from campaigns.scheduling import entries
    from campaigns.scheduling.installing import folder

    program, every = _program(context, context.store), context.settings.schedule.every
    parts: dict[str, Iterator[str]] = {
        "systemd": (
            f"# {folder() / name}\n{text}" for name, text in entries.systemd(program, every).items()
        ),
        "cron": iter([f"# {_('cron: crontab -e')}\n{entries.cron(program, every)}\n"]),
        "windows": iter([f"# {_('Windows')}\n{entries.windows(program, every)}"]),
    }
    click.echo(
        "\n".join(text for name, one in parts.items() if kind in {None, name} for text in one)
    )
    for note in _notes(context):
        context.say(note)


@command.command()
@click.option(
    "--with",
    "kind",
    type=click.Choice(["systemd", "cron"]),
    help=N_("Which scheduler; without it systemd where there is one, else cron."),
)
@click.pass_obj
def install(context: Context, kind: str | None) -> None:
    """Have it run by itself from now on, for this user and store.

    Exactly what show prints is written, in place of what was installed before. It can be repeated,
    and taken away with remove.

    \b
    Examples:
      bereik schedule install
      bereik schedule install --with cron
    """
    from campaigns.scheduling import installing, record

    store, settings = context.create(), context.settings
    chosen = cast("Kind", kind) if kind else installing.kind_here()
    is_new = installing.install(_program(context, store), settings.schedule.every, chosen)
    now = dt.datetime.now(dt.UTC)
    record.note_starter(store.path, chosen, settings.schedule.stale_after, now)
    text = N_("Installed: {kind}.") if is_new else N_("It was installed like that already: {kind}.")
    context.say(text, kind=Message(STARTERS[chosen]))
    for note in _notes(context):
        context.say(note)
    if chosen == "systemd":
        context.say(N_("To have it run while you are not logged in: loginctl enable-linger"))


@command.command()
@click.pass_obj
def remove(context: Context) -> None:
    """Have it run by itself no more. What was collected stays.

    \b
    Example:
      bereik schedule remove
    """
    from campaigns.scheduling import installing, record

    store = context.store
    was_there = installing.remove(_program(context, store))
    record.forget(store.path)
    context.say(N_("Removed.") if was_there else N_("Nothing was installed."))


@command.command()
@click.option("--once", is_flag=True, help=N_("One run and then end, as a scheduler asks for."))
@click.pass_context
def run(ctx: click.Context, once: bool) -> None:
    """Run in the foreground until it is stopped, or once.

    What happens is written to standard error as lines of JSON. With --once it ends with 0 when all
    is done, 75 when it should be tried later, 1 when somebody must do something; where nobody
    looks and no log is kept it only says what is wrong, so that cron sends no mail for nothing.

    \b
    Examples:
      bereik schedule run
      bereik schedule run --once
    """
    from campaigns.scheduling.work import Work, exit_code
    from campaigns.store import Store

    context: Context = ctx.obj
    if once:
        is_read = sys.stderr.isatty() or "JOURNAL_STREAM" in os.environ
        store = context.create() if is_read else Store.create(context.path)
        runs = Work(store, context.settings, tell=_tell if is_read else _silent).once()
        for job, one in runs.items():
            if one.reason is not None:
                context.say(N_("{job}: {reason}"), job=_job(job), reason=one.reason)
        ctx.exit(exit_code(runs.values()))
    from campaigns.scheduling.loop import loop

    work = Work(context.create(), context.settings, tell=_tell)
    context.say(N_("Running until Ctrl+C: {jobs}"), jobs=", ".join(map(_job, work.wanted())))
    loop(work, threading.Event())


def _silent(_event: str, _values: dict[str, object]) -> None:
    """Say nothing."""


def _tell(event: str, values: dict[str, object]) -> None:
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    click.echo(json.dumps({"event": event, "at": at, **values}, default=str), err=True)


@command.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show the last and the next run. It ends with 1 when data are older than expected.

    \b
    Example:
      bereik schedule status
    """
    from campaigns.scheduling import record

    context: Context = ctx.obj
    store = context.store
    known = record.read(store.path)
    now = dt.datetime.now(dt.UTC)
    stale = known.stale(now)
    if as_json:
        context.write_json(_as_json(known, list(stale)))
    else:
        _print(context, store, known)
    for job, done_at in stale.items():
        last = Message(N_("never")) if done_at is None else _moment(store, done_at)
        text = N_("{job}: older than expected. The last good run: {last}.")
        context.say(text, job=_job(job), last=last)
    needs = any(one.ending == "person" for one in known.runs.values())
    ctx.exit(1 if stale or needs else 0)


def _print(context: Context, store: Store, known: Record) -> None:
    if known.by is None:
        context.say(N_("Nothing starts it by itself. Let it: bereik schedule install"))
    else:
        context.say(N_("Started by {kind}."), kind=Message(STARTERS[known.by]))
    rows = [
        [
            _job(job),
            _moment(store, one.ended_at),
            _(ENDINGS[one.ending]) + (f": {say(one.reason)}" if one.reason else ""),
            _moment(store, one.next_at) if known.by and one.next_at else "–",
        ]
        for job, one in known.runs.items()
    ]
    if rows:
        heads = [N_("what"), N_("last run"), N_("how it ended"), N_("next run")]
        print_table([_(head) for head in heads], rows)


def _as_json(known: Record, stale: list[Job]) -> dict[str, object]:
    def plain(one: Run) -> dict[str, object]:
        return {
            "started_at": one.started_at.isoformat(),
            "ended_at": one.ended_at.isoformat(),
            "ending": one.ending,
            "reason": None if one.reason is None else say(one.reason),
            "done_at": None if one.done_at is None else one.done_at.isoformat(),
            "next_at": None if one.next_at is None else one.next_at.isoformat(),
        }

    return {
        "by": known.by,
        "jobs": {job: plain(one) for job, one in known.runs.items()},
        "stale": stale,
    }


def _job(job: Job) -> str:
    from campaigns.scheduling.record import JOBS

    return _(JOBS[job])


def _moment(store: Store, moment: dt.datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(store.timezone)):%Y-%m-%d %H:%M}"


# --- what a scheduler runs -------------------------------------------------------------------


def _program(context: Context, store: Store) -> Program:
    """This very command with its store and settings, from wherever it is started."""
    from campaigns.scheduling.entries import Program

    beside = Path(sys.executable).with_name("bereik.exe" if os.name == "nt" else "bereik")
    is_installed = beside.is_file()
    start = [str(beside)] if is_installed else [sys.executable, "-m", "scripts"]
    settings = context.settings.path
    more = [] if settings is None else ["--settings", str(settings)]
    place = os.path.abspath(store.path)  # noqa: PTH100 - a link is kept, it may be turned
    passed = {name: value for name in PASSED_ON if (value := os.environ.get(name))}
    return Program(
        f"bereik-{store.store_id[:8]}",
        (*start, "--store", place, *more, "schedule", "run", "--once"),
        None if is_installed else Path(__file__).parents[1],
        {name: _absolute(name, value) for name, value in passed.items()},
    )


def _absolute(name: str, value: str) -> str:
    return value if name == "BEREIK_LANGUAGE" else str(Path(value).absolute())


def _notes(context: Context) -> Iterator[Message]:
    """What holds here and will not hold for a run by itself: secrets in the environment."""
    secrets = [name for name in sorted(os.environ)
               if name == "BEREIK_KEY" or name.startswith("BEREIK_X_")]  # fmt: skip
    for name in secrets:
        if name != "BEREIK_X_CREDENTIALS":
            text = N_("{name} is set here alone, and is not written into the schedule: put it in a "
                      "file that only its owner can read.")  # fmt: skip
            yield Message(text, {"name": name})
    if not context.settings.watch.folders:
        yield Message(N_("No folder is watched: name some in the settings, under [watch]."))
