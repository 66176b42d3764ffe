"""``bereik ambassadors``: colleagues who take part, what they permit, and how they stop."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.schema import PLATFORMS
from campaigns.translations import _
from scripts import Context, _sharing
from scripts._options import DAY, json_option
from scripts._tables import print_table
from scripts.erase import say_held

if TYPE_CHECKING:
    from campaigns.privacy import Erased

HEADERS = (
    N_("platform"), N_("account"), N_("colleague"), N_("team"), N_("agreed on"),
    N_("may be named"),
)  # fmt: skip


@click.group()
def command() -> None:
    """Colleagues who take part with their own accounts: only those who agreed, as far as agreed.

    Of a colleague who takes part, posts of campaigns and day totals are kept, nothing else.
    Reports show teams of at least five; a name only with a permission of its own.

    \b
    Examples:
      bereik ambassadors add linkedin sanne-de-vries --opted-in 2025-06-01 --team pers
      bereik import archive.zip --account sanne-de-vries --role ambassador
      bereik ambassadors permit sanne-de-vries
      bereik ambassadors report --campaign zomer
      bereik ambassadors withdraw sanne-de-vries
    """


@command.command()
@_sharing.asked
@click.pass_obj
def report(context: Context, /, *, form: str, output: Path | None, **asked: Any) -> None:
    """Report what sharing by colleagues adds, beside the own accounts.

    Teams of at least five people, and colleagues who may be named: what they shared, whom it
    reached as far as measured, what it cost, and what the same delivery costs as ads, by the
    prices of your own ads and published ones. Hours and ads of a team stand in the list of costs,
    in a column "team". What is not known is said, never shown as 0.

    \b
    Examples:
      bereik ambassadors report
      bereik ambassadors report --campaign zomer --from 2025-06-01 --to 2025-08-31
      bereik ambassadors report --format xlsx --output ambassadors.xlsx
    """
    _sharing.write(context, form, output, asked)


@command.command("list")
@json_option
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List who takes part. It names colleagues: for those who keep the register.

    \b
    Example:
      bereik ambassadors list
    """
    from campaigns import definitions

    rows = context.store.read(definitions.ambassadors)
    if as_json:
        context.write_json({"ambassadors": rows})
    elif rows:
        print_table([_(header) for header in HEADERS], [_line(row) for row in rows])
    else:
        context.say(N_("No colleague takes part yet."))


def _line(row: dict[str, Any]) -> list[str]:
    agreed = row["opted_in_on"].isoformat() if row["opted_in_on"] else ""
    named = _(N_("yes")) if row["is_name_permitted"] else _(N_("no"))
    return [
        row["platform"],
        row["account_id"],
        row["person"] or "",
        row["team"] or "",
        agreed,
        named,
    ]


@command.command()
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument("account")
@click.option(
    "--opted-in",
    "day",
    type=DAY,
    required=True,
    help=N_("The day on which the colleague agreed to take part."),
)
@click.option("--person", help=N_("The name of the colleague, for several accounts of one person."))
@click.option("--team", help=N_("The team of the colleague."))
@click.pass_obj
def add(
    context: Context, platform: str, account: str, day: dt.datetime,
    person: str | None, team: str | None,
) -> None:  # fmt: skip
    """Register a colleague who has agreed to take part.

    \b
    Example:
      bereik ambassadors add x sanne_dv --opted-in 2025-06-01 --person "Sanne de Vries" --team pers
    """
    from campaigns import definitions

    fields = {name: value for name, value in (("person", person), ("team", team)) if value}
    definitions.opt_in(context.create(), platform, account, day.date(), fields)
    context.say(N_("Takes part: {account} on {platform}."), account=account, platform=platform)


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_context
def import_(ctx: click.Context, path: Path) -> None:
    """Read a list of colleagues: platform, account, person, team, day of agreeing, may be named.

    Whoever has no day of agreeing is left out.

    \b
    Example:
      bereik ambassadors import ambassadors.csv
    """
    from scripts.import_ import command as importing

    ctx.invoke(importing, paths=(path,), accounts=[], date_orders=[], mappings=[])


@command.command("opt-in")
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument("account")
@click.option("--day", type=DAY, help=N_("The day of agreeing; else today."))
@click.option("--again", is_flag=True, help=N_("The person was taken out and has agreed anew."))
@click.pass_obj
def opt_in(
    context: Context, platform: str, account: str, day: dt.datetime | None, again: bool
) -> None:
    """Register that a colleague has agreed to take part, or has agreed anew.

    \b
    Example:
      bereik ambassadors opt-in x sanne_dv --day 2025-06-01
    """
    from campaigns import definitions

    agreed = day.date() if day else dt.datetime.now(dt.UTC).date()
    definitions.opt_in(context.create(), platform, account, agreed, again=again)
    context.say(N_("Takes part: {account} on {platform}."), account=account, platform=platform)


@command.command()
@click.argument("person")
@click.option("--no", "is_refused", is_flag=True, help=N_("Take the permission back."))
@click.pass_obj
def permit(context: Context, person: str, is_refused: bool) -> None:
    """Register that reports may name a colleague, apart from taking part.

    PERSON is a handle or a name.

    \b
    Examples:
      bereik ambassadors permit sanne_dv
      bereik ambassadors permit sanne_dv --no
    """
    from campaigns import definitions

    for row in definitions.permit(context.store, person, not is_refused):
        text = N_("Not named in reports: {account} on {platform}.") if is_refused else N_(
            "May be named in reports: {account} on {platform}.")  # fmt: skip
        context.say(text, account=row["account_id"], platform=row["platform"])


@command.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help=N_("Do not ask first."))
@click.pass_obj
def withdraw(context: Context, person: str, yes: bool) -> None:
    """A colleague stops: all that is held of this colleague is destroyed, at once.

    It holds for the past too: reports no longer count it, and later imports keep it out. It
    cannot be undone. PERSON is a handle or a name.

    \b
    Example:
      bereik ambassadors withdraw sanne_dv
    """
    from campaigns import definitions

    store = context.store
    if not yes:
        click.confirm(_("Destroy all of this for good?"), abort=True, err=True)
    say_withdrawn(context, definitions.withdraw(store, person))


def say_withdrawn(context: Context, done: Erased) -> None:
    """Say what was destroyed of a colleague who stops."""
    context.say(N_("Taken out: {rows} rows. The person is kept out from now on."),
                rows=context.number(sum(done.rows.values())))  # fmt: skip
    say_held(context, done.held)
