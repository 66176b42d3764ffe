"""``bereik summary``: one campaign on one page, as PDF."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlencode

import click

from campaigns.errors import N_, CannotWrite
from scripts import Context


@click.command()
@click.argument("campaign")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    required=True,
    help=N_("Where to write the PDF."),
)
@click.option(
    "--against",
    metavar="C",
    help=N_("The campaign to hold it against; without it the one before."),
)
@click.pass_obj
def command(context: Context, campaign: str, output: Path, against: str | None) -> None:
    """Print the summary of a campaign as PDF.

    One page for a meeting: what the campaign reached and cost, each result, beside the campaign
    before it and print, and how certain that is. It is printed by the Chromium, Chrome or Edge
    that is installed; without one, print the page itself from the dashboard.

    \b
    Examples:
      bereik summary zomer --output zomer.pdf
      bereik summary "Zomer 2025" --against "Zomer 2024" --output zomer.pdf
    """
    from campaigns import definitions
    from dashboard import pdf

    names = [campaign, *([against] if against else [])]
    found, *other = context.store.read(
        lambda snapshot: [definitions.find(snapshot, name).campaign_id for name in names]
    )
    page = f"/campaigns/{quote(found, safe='')}/summary"
    if other:
        page += "?" + urlencode({"against": other[0]})
    try:
        pdf.write(context.path, page, output)
    except OSError as error:
        raise CannotWrite(path=output, reason=error.strerror or type(error).__name__) from error
    context.say(N_("Written: {path}"), path=output)
