"""What became of files, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from campaigns.errors import N_, Message
from campaigns.translations import _, language, say
from scripts import Context

if TYPE_CHECKING:
    from campaigns.imports import FileReport

STATUSES = {
    "imported": N_("imported"),
    "unchanged": N_("imported before, nothing new"),
    "failed": N_("not imported"),
    "ignored": N_("left alone"),
}


def tell(context: Context, reports: Sequence[FileReport]) -> None:
    """Say what became of each file, and of all together."""
    for report in reports:
        _print(context, report)
    _print_sum(context, reports)


def _print(context: Context, report: FileReport) -> None:
    """Say of one file what became of it, in a few lines."""
    click.echo(f"{report.path}: {_(STATUSES[report.status])}")
    facts = [*_facts(report)]
    if facts:
        click.echo(f"  {' · '.join(facts)}")
    if report.tables:
        counts = (f"{name} {context.number(rows)}" for name, rows in sorted(report.tables.items()))
        click.echo("  " + _("rows: {counts}", counts=", ".join(counts)))
    for reason, rows in report.skipped:
        why = {"rows": context.number(rows), "reason": reason}
        click.echo("  " + say(Message(N_("skipped {rows}: {reason}"), why)))
    for note in report.notes:
        click.echo("  " + say(Message(N_("note: {note}"), {"note": note})))
    if report.error is not None:
        click.echo(f"  {say(report.error)}")


def _facts(report: FileReport) -> Iterator[str]:
    if report.title or report.format:
        yield _(report.title or report.format or "")
    if report.language:
        yield _language(report.language)
    if report.account:
        yield _("account {account}", account=report.account)
    if report.period:
        first, last = (day.isoformat() for day in report.period)
        yield first if first == last else _("{first} to {last}", first=first, last=last)
    if report.import_id:
        yield _("import {import_id}", import_id=report.import_id[:8])


def _language(code: str) -> str:
    """The name of a language, in the user's language.

    >>> _language("ja")
    'Japanese'
    """
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code, sep="-").get_display_name(language()) or code
    except (ValueError, UnknownLocaleError):
        return code


def _print_sum(context: Context, reports: Sequence[FileReport]) -> None:
    """Say how many files became what, where there are several."""
    if len(reports) > 1:
        counts = Counter[str](report.status for report in reports)
        parts = (
            f"{_(text)}: {context.number(counts[status])}"
            for status, text in STATUSES.items()
            if counts[status]
        )
        click.echo("; ".join(parts))
    elif not reports:
        context.say(N_("There is no file to import in that folder."))
