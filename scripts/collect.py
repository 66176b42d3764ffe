"""``bereik collect``: posts and figures from the API of X, and from folders that are watched."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from campaigns.errors import N_, NoStore, UserError
from campaigns.translations import _, say
from scripts import Context
from scripts._folder import folder

if TYPE_CHECKING:
    from campaigns.collecting import Outcome
    from campaigns.collecting.client import Keys
    from campaigns.store import Store

KINDS = {
    "users": N_("accounts and their followers"),
    "timelines": N_("posts of accounts"),
    "posts": N_("own posts that reached an age"),
    "analytics": N_("private figures of own posts"),
    "reposters": N_("who reposted own posts"),
    "mentions": N_("mentions and replies"),
    "searches": N_("searches"),
    "recheck": N_("whether others' posts are still there"),
}
PRICES = {
    "post": N_("posts"),
    "owned_post": N_("posts of the account that is signed in"),
    "user": N_("accounts"),
    "analytics": N_("posts with private figures"),
}
ENDINGS = {
    "done": N_("Done."),
    "later": N_("Not done, try again later: {reason}"),
    "person": N_("Stopped, somebody must do something: {reason}"),
}


@click.group(invoke_without_command=True)
@click.option("--plan", "is_plan", is_flag=True, help=N_("Say what a run will read and cost."))
@click.option("--no-wait", is_flag=True, help=N_("End with 75 at a rate limit; do not wait."))
@click.option(
    "--replay", "is_replay", is_flag=True, help=N_("Import the answers that are kept anew.")
)
@click.option(
    "--only", multiple=True, type=click.Choice(list(KINDS)), help=N_("Only this kind of reads.")
)
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("Add what happens to this file, as JSON lines; without it to standard error."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("Report as JSON."))
@click.pass_context
def command(
    ctx: click.Context,
    is_plan: bool,
    no_wait: bool,
    is_replay: bool,
    only: tuple[str, ...],
    log: Path | None,
    as_json: bool,
) -> None:
    """Collect posts and figures from X, as far as they are due.

    Own accounts, partners and colleagues who take part: their new posts, figures of own posts at
    set ages, mentions and searches; see bereik settings. Every answer is kept as it came, without
    people who are not registered. A run that is stopped goes on where it was. It ends with 0 when
    all is done, 75 when it should be tried later, 1 when somebody must do something.

    \b
    Examples:
      bereik collect --plan
      bereik collect --log collect.jsonl
      bereik collect --no-wait
      bereik collect --only timelines --only posts
      bereik collect --replay
      bereik collect folder /srv/exports
    """
    if ctx.invoked_subcommand is not None:
        return
    context: Context = ctx.obj
    if is_plan:
        _plan(context, only, as_json)
        return
    outcome = _collected(context, is_replay, no_wait, only, log)
    if as_json:
        context.write_json(_as_data(outcome))
    _summary(context, outcome)
    ctx.exit(outcome.exit_code)


def _collected(
    context: Context, is_replay: bool, no_wait: bool, only: tuple[str, ...], log: Path | None
) -> Outcome:
    from campaigns.collecting import collect, replay
    from campaigns.collecting.credentials import credentials

    if is_replay:
        with _opened(log) as out:
            return replay(context.store, tell=_teller(out))
    keys = credentials(context.settings)
    store = context.create()
    started = dt.datetime.now(dt.UTC)
    with _opened(log) as out:
        outcome = collect(
            store, context.settings, keys, waits=not no_wait, only=only, tell=_teller(out)
        )
    if not only:
        _note(store.path, started, outcome, context.settings.schedule.stale_after)
    return outcome


def _note(store: Path, started: dt.datetime, outcome: Outcome, stale_after: dt.timedelta) -> None:
    """Write down a whole run, for the status and the pages."""
    from campaigns.scheduling import record

    ended = dt.datetime.now(dt.UTC)
    run = record.Run(started, ended, outcome.ending, outcome.reason)
    record.note_by_hand(store, "collect", run, stale_after)


def _opened(log: Path | None) -> AbstractContextManager[TextIO]:
    return nullcontext(sys.stderr) if log is None else log.open("a", encoding="utf-8")


def _teller(out: TextIO) -> Callable[[str, dict[str, object]], None]:
    """Write each event as a line of JSON; a wait is counted down in one line where one looks."""
    looks = out.isatty()

    def tell(event: str, values: dict[str, object]) -> None:
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        if looks and event == "waiting":
            text = _("waiting for X: {seconds} seconds", seconds=values["seconds"])
            print(f"\r{text}   ", end="", file=out, flush=True)
            return
        lead = "\n" if looks and event == "waited" else ""
        line = json.dumps({"event": event, "at": at, **values}, default=str)
        print(f"{lead}{line}", file=out, flush=True)

    return tell


command.add_command(folder)


# --- the plan --------------------------------------------------------------------------------


def _plan(context: Context, only: tuple[str, ...], as_json: bool) -> None:
    """Print what a run that starts now will read, and what that costs."""
    from campaigns.collecting import forecast, spending

    now, store = dt.datetime.now(dt.UTC), _stored(context)
    found = forecast(store, context.settings, _keys(context), now, only)
    money = spending(store, context.settings, now)
    if as_json:
        context.write_json({"reads": [vars(one) for one in found], "spending": vars(money)})
        return
    if not found:
        context.say(N_("Nothing is due. Register accounts with: bereik accounts add"))
    for one in found:
        click.echo(
            _(
                "{kind}: {requests} requests, {reads} {what}, {cost} {currency} "
                "(at most {most}, {cost_most} {currency})",
                kind=_(KINDS[one.kind]),
                requests=context.number(one.requests),
                reads=context.number(one.reads),
                what=_(PRICES[one.price]),
                cost=f"{one.cost:.3f}",
                currency=money.currency,
                most=context.number(one.at_most),
                cost_most=f"{one.cost_at_most:.3f}",
            )
        )
    expected = sum((one.cost for one in found), Decimal(0))
    click.echo(
        _(
            "Expected {cost} {currency}. Spent today {today}, this month {month}; {left} may still "
            "be spent.",
            cost=f"{expected:.3f}",
            currency=money.currency,
            today=f"{money.today:.3f}",
            month=f"{money.month:.3f}",
            left=f"{money.left:.3f}",
        )
    )
    if expected > money.left:
        context.say(
            N_("That is more than may be spent: the run stops before, and goes on another day.")
        )


def _stored(context: Context) -> Store | None:
    """The store, where there is one: a plan needs none."""
    try:
        return context.store
    except NoStore:
        context.say(N_("There is no store yet in {path}: what the settings name is planned."),
                    path=context.path)  # fmt: skip
        return None


def _keys(context: Context) -> Keys | None:
    """The credentials, where there are any: a plan needs none."""
    from campaigns.collecting.credentials import credentials

    try:
        return credentials(context.settings)
    except UserError:
        return None


# --- the summary -----------------------------------------------------------------------------


def _summary(context: Context, outcome: Outcome) -> None:
    """Say how a run ended, what it brought and what it cost."""
    context.say(
        N_("{requests} answers; reads: {reads}; cost {cost} {currency}"),
        requests=context.number(outcome.requests),
        reads=", ".join(f"{_(PRICES[k])} {context.number(n)}" for k, n in outcome.reads.items())
        or "0",
        cost=f"{outcome.cost:.3f}",
        currency=outcome.currency,
    )
    if outcome.rows:
        counts = (f"{name} {context.number(rows)}" for name, rows in sorted(outcome.rows.items()))
        context.say(N_("rows: {counts}"), counts=", ".join(counts))
    for problem in outcome.problems:
        context.say(N_("note: {note}"), note=problem)
    if outcome.emptied:
        context.say(
            N_("{posts} posts are gone from X: what they said was destroyed"),
            posts=context.number(outcome.emptied),
        )
    context.say(ENDINGS[outcome.ending], reason=outcome.reason or "")


def _as_data(outcome: Outcome) -> dict[str, object]:
    return {
        "ending": outcome.ending,
        "exit_code": outcome.exit_code,
        "reason": None if outcome.reason is None else say(outcome.reason),
        "requests": outcome.requests,
        "reads": dict(outcome.reads),
        "cost": outcome.cost,
        "currency": outcome.currency,
        "rows": dict(outcome.rows),
        "emptied": outcome.emptied,
        "problems": [say(problem) for problem in outcome.problems],
    }
