"""The ambassadors' report on a screen, and its options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.reports import wording
from campaigns.translations import _
from scripts import Context
from scripts._tables import print_table
from scripts.report import _DAY, ON_PLATFORMS, _currency, _rates

if TYPE_CHECKING:
    from campaigns.reports.prices import Replacement
    from campaigns.reports.sharing import Sharing
    from campaigns.reports.sharing_rows import Bounds, Row

HEADERS = (
    N_("ambassadors"), N_("people"), N_("active"), N_("posts"), N_("impressions"),
    N_("engagements"), N_("net reach"), N_("beside own accounts"), N_("total cost"),
    N_("cost per 1,000 impressions"), N_("as ads"),
)  # fmt: skip


def asked(command: Callable[..., None]) -> Callable[..., None]:
    """The options of the report."""
    for option in reversed((
        click.option("--campaign", metavar="C", help=N_("Only this campaign.")),
        click.option("--from", "first", type=_DAY, metavar="DAY",
                     help=N_("First day, as 2025-01-31.")),
        click.option("--to", "last", type=_DAY, metavar="DAY", help=N_("Last day, included.")),
        click.option("--ambassador", metavar="P", help=N_("Only this team of ambassadors.")),
        ON_PLATFORMS,
        click.option("--universe", type=click.IntRange(min=1), metavar="PEOPLE",
                     help=N_("How many people could be reached at all; nobody more was.")),
        click.option("--currency", callback=_currency, metavar="CODE",
                     help=N_("The currency to show, with --rate.")),
        click.option("--rate", "rates", callback=_rates, multiple=True, metavar="CODE=NUMBER",
                     help=N_("What one unit of another currency is worth in --currency.")),
        click.option("--format", "form", default="table", help=N_("How to write it."),
                     type=click.Choice(["table", "csv", "json", "xlsx", "parquet"])),
        click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                     help=N_("Where to write it, instead of on the screen.")),
    )):  # fmt: skip
        command = option(command)
    return command


def write(context: Context, form: str, output: Path | None, given: Mapping[str, Any]) -> None:
    """Make the report, write it to a file or the screen, and say what must be known of it."""
    from campaigns.benchmarks.prices import published_prices
    from campaigns.reports import Question
    from campaigns.reports.exports import as_csv, write_parquet, write_xlsx
    from campaigns.reports.sharing import sharing
    from campaigns.reports.sharing_files import as_report

    if form in {"xlsx", "parquet"} and output is None:
        raise click.UsageError(_("--format {form} needs --output FILE.", form=form))
    days = {name: _day(given[name]) for name in ("first", "last")}
    made = sharing(context.store, Question(**{**given, **days}), published_prices())
    if output is not None and form in {"xlsx", "parquet"}:
        (write_xlsx if form == "xlsx" else write_parquet)(as_report(made), output)
    elif form == "json" and output is None:
        context.write_json(made.as_json())
    elif form == "table" and output is None:
        _print(made)
    else:
        _write_text(made, form, output, as_csv(as_report(made)))
    if form != "json" or output:
        for note in made.notes:
            context.say(note)


def _day(given: dt.datetime | None) -> dt.date | None:
    return given.date() if given else None


def _write_text(made: Sharing, form: str, output: Path | None, rows: str) -> None:
    import json

    if form == "table":
        with click.open_file(str(output), "w", encoding="utf-8") as file:
            import contextlib

            with contextlib.redirect_stdout(file):
                _print(made)
        return
    text = json.dumps(made.as_json(), indent=2) + "\n" if form == "json" else rows
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="")


# --- the tables on the screen ----------------------------------------------------------------


def _print(made: Sharing) -> None:
    rows = [*made.rows, *(row for row in (made.total, made.own) if row is not None)]
    if not made.rows:
        return
    right = frozenset(range(1, len(HEADERS)))
    print_table([_(header) for header in HEADERS], [_line(row) for row in rows], right)
    shared = [
        [wording.name("campaign", one.campaign), wording.number(one.posts),
         wording.percentage(one.share, 0), _count(one.impressions)]
        for one in made.campaigns
    ]  # fmt: skip
    if shared:
        click.echo()
        headers = [_(N_("what was shared")), _("posts"), _(N_("share")), _("impressions")]
        print_table(headers, shared, frozenset({1, 2, 3}))
    if made.media:
        click.echo()
        kinds = [[one.media, wording.percentage(one.share, 0)] for one in made.media]
        print_table([_(N_("kind of media")), _(N_("share"))], kinds, frozenset({1}))


def _line(row: Row) -> list[str]:
    from campaigns.reports.sharing_files import name_of

    is_own, is_silent = row.kind == "own", row.posts == 0
    seen = [_count(row.impressions), _count(row.engagements), _between(row.net)]
    beside = [_between(row.incremental), _worth(row.replacement)]
    if is_silent:
        seen = [""] * len(seen)
    if is_own or is_silent:
        beside = [""] * len(beside)
    return [
        name_of(row),
        "" if is_own else _count(row.people),
        "" if is_own else _active(row),
        _count(row.posts),
        *seen,
        beside[0],
        _amount(row.cost, row.currency),
        "" if is_silent else _amount(row.cpm, row.currency),
        beside[1],
    ]


def _worth(worth: Replacement | None) -> str:
    if worth is None:
        return _(N_("no price known"))
    lower, upper = (wording.money(value, worth.currency) for value in (worth.lower, worth.upper))
    return _("{lower} to {upper}", lower=lower, upper=upper)


def _active(row: Row) -> str:
    if row.active is None:
        return _(N_("not shown"))
    if row.kind == "person":
        return wording.number(row.active)
    return _("at least {lower}", lower=wording.number(row.active))


def _count(value: float | None) -> str:
    return _("not measured") if value is None else wording.number(value)


def _between(bounds: Bounds) -> str:
    if not bounds.is_measured:
        return wording.between(None, None)
    lower, upper = (None if one is None else round(one) for one in (bounds.lower, bounds.upper))
    return wording.between(lower, upper)


def _amount(value: float | None, currency: str | None) -> str:
    if value is None or currency is None:
        return _("no costs known")
    return wording.money(value, currency)
