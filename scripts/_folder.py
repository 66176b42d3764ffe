"""``bereik collect folder``: import what colleagues save in a folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaigns.errors import N_
from scripts import Context
from scripts._file_reports import tell

if TYPE_CHECKING:
    from campaigns.collecting.watching import Looked


@click.command("folder")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--account", metavar="NAME", help=N_("Whose the files are, where they do not say."))
@click.option(
    "--role",
    type=click.Choice(["own", "ambassador", "partner", "peer"]),
    help=N_("What accounts are to the organisation that are not registered yet."),
)
@click.option("--again", is_flag=True, help=N_("Read files that were refused before once more."))
@click.option("--watch", "stays", is_flag=True, help=N_("Keep looking, until Ctrl+C."))
@click.option("--json", "as_json", is_flag=True, help=N_("Report as JSON."))
@click.pass_context
def folder(
    ctx: click.Context,
    path: Path,
    account: str | None,
    role: str | None,
    again: bool,
    stays: bool,
    as_json: bool,
) -> None:
    """Import the exports that were saved in a folder since the last look.

    Each file is read once, when it is not being written any more, and stays where it is. What is
    refused is told now and not tried again until the file changes or --again is given. Exit codes
    for a scheduler: 0 done, 75 another run is at it, 1 a file was refused.

    \b
    Examples:
      bereik collect folder /srv/exports
      bereik collect folder /srv/exports --watch
    """
    from campaigns.collecting.watching import check, look
    from campaigns.imports import Options

    context: Context = ctx.obj
    check(path)
    store, watch = context.create(), context.settings.watch
    options = Options(accounts=[] if account is None else [(None, account)], role=role)
    while True:
        found = look(store, [path], watch.settled, options, again=again)
        _tell(context, found, as_json=as_json, is_quiet=stays)
        if not stays:
            break
        again = False
        time.sleep(watch.again.total_seconds())
    ctx.exit(found.outcome().exit_code)


def _tell(context: Context, found: Looked, *, as_json: bool, is_quiet: bool) -> None:
    """What was read and refused; with ``is_quiet`` nothing when there was nothing."""
    outcome = found.outcome()
    if as_json:
        reports = [report.as_json() for report in found.reports]
        context.write_json({"ending": outcome.ending, "files": reports, "growing": found.growing,
                            "refused_before": list(map(str, found.refused))})  # fmt: skip
        return
    if found.is_busy and outcome.reason is not None:
        context.say(outcome.reason)
    elif found.reports or not is_quiet:
        tell(context, found.reports)
    if found.growing:
        context.say(N_("{n} files are still being written: the next look takes them."),
                    n=found.growing)  # fmt: skip
    if found.refused and not is_quiet:
        context.say(
            N_("{n} files that were refused before lie there still: {names}. Take them out, or "
               "try them once more with --again."),
            n=len(found.refused),
            names=", ".join(str(path) for path in found.refused[:10]),
        )  # fmt: skip
