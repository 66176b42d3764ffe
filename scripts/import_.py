"""``bereik import``: read export files and lists into the store."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from campaigns.errors import N_
from campaigns.translations import _
from scripts import Context
from scripts._file_reports import STATUSES as STATUSES
from scripts._file_reports import tell
from scripts._options import json_option

if TYPE_CHECKING:
    pass

Given = tuple[str | None, str]
"""What was given for the files of a pattern, or (None) for all."""

_MAP = re.compile(
    r"(?:(?P<pattern>[^:]*[*?\[][^:]*|.*?\.\w{2,5}):)?(?P<label>.+)=(?P<column>[^=]+)"
)


def _by_pattern(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> list[Given]:
    """Take ``[PATTERN=]NAME`` apart.

    >>> _by_pattern(None, None, ["gemeente", "x_*.csv=voorbeeld"])
    [(None, 'gemeente'), ('x_*.csv', 'voorbeeld')]
    """
    found: list[Given] = []
    for value in values:
        pattern, _equals, name = value.rpartition("=")
        if not name.strip():
            raise click.BadParameter(_("nothing stands after '=' in '{value}'", value=value))
        found.append((pattern or None, name.strip()))
    return found


def _orders(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> list[Given]:
    found = _by_pattern(ctx, param, values)
    for _pattern, order in found:
        if order not in {"dmy", "mdy"}:
            raise click.BadParameter(_("'{value}' is neither dmy nor mdy", value=order))
    return found


def _maps(
    _ctx: click.Context, _param: click.Parameter, values: Sequence[str]
) -> list[tuple[str | None, str, str]]:
    """Take ``[PATTERN:]LABEL=COLUMN`` apart; a pattern has a wildcard or ends as a file does.

    >>> _maps(None, None, ["Bedrag: totaal=amount", "costs.csv:Datum=first_day"])
    [(None, 'Bedrag: totaal', 'amount'), ('costs.csv', 'Datum', 'first_day')]
    """
    found = []
    for value in values:
        parts = _MAP.fullmatch(value)
        if parts is None:
            raise click.BadParameter(_("'{value}' is not LABEL=COLUMN", value=value))
        found.append((parts["pattern"], parts["label"].strip(), parts["column"].strip()))
    return found


def _list_formats(ctx: click.Context, _param: click.Parameter, is_asked: bool) -> None:
    """Print what can be read, and end."""
    if not is_asked:
        return
    from campaigns.collectors import formats

    lines = [
        f"{_(known.title)} ({_(known.menu)})" if known.menu else _(known.title)
        for known in formats()
        if known.nothing is None
    ]
    click.echo("\n".join(dict.fromkeys(lines)))
    ctx.exit()


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    callback=_by_pattern,
    metavar="[PATTERN=]NAME",
    help=N_("Whose the files are, where they do not say it; for all files or those of a pattern."),
)
@click.option(
    "--role",
    type=click.Choice(["own", "ambassador", "partner", "peer"]),
    help=N_(
        "What accounts are to the organisation that are not registered yet (nothing said: own). "
        "Exports of personal accounts need it."
    ),
)
@click.option(
    "--opted-in",
    "opted_in_on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help=N_("The day on which the colleague of --role ambassador agreed to take part."),
)
@click.option(
    "--date-order",
    "date_orders",
    multiple=True,
    callback=_orders,
    metavar="[PATTERN=]dmy|mdy",
    help=N_("Whether 3-4-2025 is 3 April (dmy) or March 4 (mdy), where a file leaves it open."),
)
@click.option(
    "--map",
    "mappings",
    multiple=True,
    callback=_maps,
    metavar="[PATTERN:]LABEL=COLUMN",
    help=N_("Which column of ours a column with an unknown label is."),
)
@json_option
@click.option(
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_formats,
    help=N_("List the files that can be read, and where each platform offers them."),
)
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    accounts: list[Given],
    role: str | None,
    opted_in_on: dt.datetime | None,
    date_orders: list[Given],
    mappings: list[tuple[str | None, str, str]],
    as_json: bool,
) -> None:
    """Read export files and lists into the store.

    Each PATH is a file or a folder: exports of X and LinkedIn as they were downloaded, and lists
    of costs, media placements, outcomes, accounts or ambassadors as CSV or XLSX. Files are known
    by their content, not by their name. A file that was imported before changes nothing, in
    whatever order files come; a file that fails does not stop the others, and leaves nothing
    behind.

    \b
    Examples:
      bereik import exports/
      bereik import tweet_activity.csv page_content.xls costs.xlsx
      bereik import content.csv --account gemeente
      bereik import x/ li/ --account "account_*.csv=gemeente" --json
      bereik import costs.csv --map "Bedrag excl.=amount" --date-order dmy
      bereik import archive.zip --account gemeente --role own
      bereik import archive.zip --account collega --role ambassador --opted-in 2025-06-01
    """
    from campaigns.imports import Options
    from campaigns.imports.ready import import_and_assign

    context: Context = ctx.obj
    options = Options(
        accounts=accounts,
        role=role,
        opted_in_on=None if opted_in_on is None else opted_in_on.date(),
        date_orders=cast("list[tuple[str | None, Literal['dmy', 'mdy']]]", date_orders),
        mappings=mappings,
    )
    context.name_store()
    with _ends_when_told(), _progress(as_json) as progress:
        reports = import_and_assign(context.path, list(paths), options, progress)
    if as_json:
        context.write_json({"files": [report.as_json() for report in reports]})
    else:
        tell(context, reports)
    ctx.exit(1 if any(report.status == "failed" for report in reports) else 0)


@contextlib.contextmanager
def _ends_when_told() -> Iterator[None]:
    """SIGTERM ends the command as an error does, so that nothing that was unpacked is left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


@contextlib.contextmanager
def _progress(is_quiet: bool) -> Iterator[Callable[[int, int, Path], None] | None]:
    """A bar on the terminal while files are read; nothing where nobody looks at one."""
    if is_quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, path: bar.update(
            task, completed=done, total=total, description=path.name
        )
