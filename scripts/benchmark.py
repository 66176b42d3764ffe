"""``bereik benchmark``: the figures with what they can be compared with, as files to give away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.translations import _, say
from scripts import Context
from scripts._tables import print_table
from scripts.report import _DAY, _currency, _rates

if TYPE_CHECKING:
    from campaigns.benchmarks import Benchmark

FORMATS = ("xlsx", "csv", "json", "parquet")


def _asked(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say of what a benchmark is made."""
    for option in reversed((
        click.option("--from", "first", type=_DAY, metavar="DAY",
                     help=N_("First day, as 2025-01-31.")),
        click.option("--to", "last", type=_DAY, metavar="DAY", help=N_("Last day, included.")),
        click.option("--currency", callback=_currency, metavar="CODE",
                     help=N_("The currency to show, with --rate.")),
        click.option("--rate", "rates", callback=_rates, multiple=True, metavar="CODE=NUMBER",
                     help=N_("What one unit of another currency is worth in --currency.")),
        click.option("--universe", type=click.IntRange(min=1), metavar="PEOPLE",
                     help=N_("How many people could be reached at all; nobody more was.")),
        click.option("--reference", "references", multiple=True, metavar="FILE",
                     type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help=N_("A list of published figures of your own, beside the one that comes "
                             "with bereik; the same id replaces. Its shape is that of "
                             "benchmark_reference_figures.csv in an export.")),
    )):  # fmt: skip
        command = option(command)
    return command


@click.group()
def command() -> None:
    """Compare with others, and give your figures away.

    Published figures stand beside your own where both are counted alike; where they are not, the
    reason is given. Texts of posts and names of persons never leave.

    \b
    Examples:
      bereik benchmark show
      bereik benchmark export --out benchmark
    """


@command.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=N_("The folder for the files; made when it is not there."),
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help=N_(
        "The workbook (xlsx), or the tables as a data package; may be given more than once. "
        "Without it xlsx and csv."
    ),
)
@click.option(
    "--dialect",
    type=click.Choice(["standard", "nl"]),
    default="standard",
    show_default=True,
    help=N_("How CSV is written; nl opens in a Dutch spreadsheet by a double click."),
)
@click.option(
    "--made-on",
    type=_DAY,
    metavar="DAY",
    help=N_("The day that the files state; else today. The same day gives the same bytes."),
)
@_asked
@click.pass_obj
def export(
    context: Context,
    /,
    *,
    out: Path,
    formats: tuple[str, ...],
    dialect: str,
    made_on: dt.datetime | None,
    **asked: Any,
) -> None:
    """Write a workbook and a data package.

    The workbook is for reading; its first sheet sums up. The data package is for programs: files
    with one table each, and datapackage.json, which describes them as Frictionless Data does.
    Other files in the folder are left alone.

    \b
    Examples:
      bereik benchmark export --out benchmark
      bereik benchmark export --out benchmark --from 2025-01-01 --to 2025-12-31
      bereik benchmark export --out benchmark --format csv --dialect nl
      bereik benchmark export --out benchmark --reference own-figures.csv --format parquet
    """
    from campaigns.benchmarks.files import USUAL_FORMATS
    from campaigns.benchmarks.files import export as write

    day = made_on.date() if made_on else dt.datetime.now(dt.UTC).astimezone().date()
    made = _made(context, made_on=day, **asked)
    files = write(made, out, formats or USUAL_FORMATS, dialect)
    context.say(N_("{n} files are in {folder}"), n=len(files), folder=out)
    for note in made.by_campaign.notes:
        context.say(note)


@command.command()
@click.option("--all", "is_all", is_flag=True, help=N_("Also figures that cannot be compared."))
@_asked
@click.pass_obj
def show(context: Context, /, *, is_all: bool, **asked: Any) -> None:
    """Show published figures beside your own.

    The percentile says which part of your posts stays below the published figure.

    \b
    Examples:
      bereik benchmark show
      bereik benchmark show --all --from 2025-01-01
    """
    from campaigns.benchmarks.comparisons import REFUSED

    made = _made(context, **asked)
    shown = [one for one in made.comparisons if is_all or one.status != REFUSED]
    _print([_line(context, one) for one in shown])
    left = len(made.comparisons) - len(shown)
    if left:
        context.say(
            N_("{n} published figures cannot be compared; bereik benchmark show --all says why."),
            n=left,
        )


def _made(
    context: Context,
    *,
    first: dt.datetime | None,
    last: dt.datetime | None,
    references: tuple[Path, ...],
    **more: Any,
) -> Benchmark:
    from campaigns.benchmarks import Request, benchmark

    request = Request(
        first.date() if first else None,
        last.date() if last else None,
        references=references,
        **more,
    )
    return benchmark(context.store, request)


def _line(context: Context, one: Any) -> list[str]:
    """One published figure as a row on the screen."""
    reference, percentile = one.reference, one.own_percentile
    return [
        reference.platform,
        reference.metric,
        " ".join(word for word in (reference.delivery, reference.scope, reference.sector) if word),
        _figure(context, reference.value, reference.unit, reference.currency),
        _figure(context, one.own_value, reference.unit, reference.currency),
        "" if percentile is None else _figure(context, percentile, "share", ""),
        ", ".join(word for word in (reference.source, reference.years, reference.grade) if word),
        say(one.reason) if one.reason else "",
    ]


def _figure(context: Context, value: float | None, unit: str, currency: str) -> str:
    """A number as people write it, in its unit."""
    from babel.numbers import format_currency, format_decimal, format_percent

    if value is None:
        return ""
    if unit == "share":
        return format_percent(value, "0%", locale=context.language)
    if unit == "fraction":
        return format_percent(value, "0.00#%", locale=context.language)
    if currency:
        return format_currency(value, currency, locale=context.language)
    return format_decimal(value, "#,##0.##", locale=context.language)


def _print(rows: list[list[str]]) -> None:
    heads = [
        _("platform"), _("metric"), _("of"), _("published"), _("own"), _("own posts below it"),
        _("source"), _("why, or what to know"),
    ]  # fmt: skip
    print_table(heads, rows, frozenset({3, 4, 5}))
