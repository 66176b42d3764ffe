"""``bereik accounts``: the accounts of the organisation, its ambassadors, partners and peers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from campaigns.errors import N_
from campaigns.schema import PLATFORMS, ROLES
from campaigns.translations import _
from scripts import Context
from scripts._options import DAY, json_option
from scripts._tables import print_table
from scripts.ambassadors import say_withdrawn

HEADERS = (
    N_("platform"), N_("account"), N_("name"), N_("role"), N_("sector"), N_("team"),
    N_("ad accounts"),
)  # fmt: skip
_SHOWN = ("platform", "account_id", "name", "role", "sector", "team", "ad_accounts")


@click.group()
def command() -> None:
    """Accounts: own, and those of ambassadors, partners, peers and other organisations.

    Importing registers the accounts that it meets. State here what files do not tell: whose an
    account is, and which ad accounts pay for its posts.

    \b
    Examples:
      bereik accounts list
      bereik accounts add linkedin gemeente-voorbeeld --ad-account 507777 --sector municipality
      bereik accounts add x collega --role ambassador --team voorlichting --opted-in 2025-06-01
    """


@command.command("list")
@click.option("--role", type=click.Choice(ROLES), help=N_("Only these."))
@json_option
@click.pass_obj
def list_(context: Context, role: str | None, as_json: bool) -> None:
    """List the accounts that are registered.

    \b
    Example:
      bereik accounts list --role ambassador
    """
    from campaigns import definitions

    rows = [row for row in context.store.read(definitions.accounts) if role in (None, row["role"])]
    if as_json:
        context.write_json({"accounts": rows})
    elif rows:
        lines = [[str(row[name] or "") for name in _SHOWN] for row in rows]
        print_table([_(header) for header in HEADERS], lines)
    else:
        context.say(N_("No account is registered yet."))


@command.command()
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument("account")
@click.option("--name", help=N_("Its name, as people know it."))
@click.option(
    "--role", type=click.Choice(ROLES), help=N_("What it is to the organisation (new ones: own).")
)
@click.option("--sector", help=N_("Its sector, for benchmarks."))
@click.option("--team", help=N_("The team of an ambassador."))
@click.option(
    "--ad-account",
    "ad_accounts",
    multiple=True,
    help=N_("The id or name of an ad account that pays for it; replaces those stated before."),
)
@click.option(
    "--opted-in", "opted_in_on", type=DAY, help=N_("The day on which an ambassador agreed.")
)
@click.option(
    "--withdrawn", "withdrawn_on", type=DAY, help=N_("The day on which an ambassador withdrew.")
)
@click.option(
    "--name-permitted/--name-not-permitted",
    "is_name_permitted",
    default=None,
    help=N_("Whether reports may name the ambassador."),
)
@click.option("--yes", is_flag=True, help=N_("Do not ask before --withdrawn destroys."))
@click.pass_obj
def add(context: Context, /, platform: str, account: str, yes: bool, **given: Any) -> None:
    """Register an account, or state more of one that is there.

    What is not given stays as it was.

    A withdrawal works at once, as 'bereik ambassadors withdraw' does: all that is held of the
    colleague is destroyed.

    \b
    Examples:
      bereik accounts add x gemeente --name "Gemeente Voorbeeld" --sector municipality
      bereik accounts add x collega --withdrawn 2025-09-01
    """
    from campaigns import definitions, privacy

    paying = [name.strip() for name in given.pop("ad_accounts") if name.strip()]
    if any(";" in name for name in paying):
        raise click.UsageError(_("Give --ad-account once for each ad account."))
    fields = {
        name: value.date() if isinstance(value, dt.datetime) else value
        for name, value in given.items()
        if value is not None
    }
    if paying:
        fields["ad_accounts"] = ";".join(paying)
    if "withdrawn_on" in fields and not yes:
        click.confirm(_("Destroy all that is held of this colleague?"), abort=True, err=True)
    row = definitions.register(context.create(), platform, account, fields)
    context.say(
        N_("Registered: {account} on {platform} ({role})."),
        account=row["account_id"],
        platform=platform,
        role=row["role"],
    )
    if "withdrawn_on" in fields and row["role"] == "ambassador" and not privacy.takes_part(row):
        say_withdrawn(context, definitions.withdraw(context.store, row["account_id"]))


@command.command()
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument("account")
@click.pass_obj
def remove(context: Context, platform: str, account: str) -> None:
    """Take an account out of the register; its posts and figures stay.

    \b
    Example:
      bereik accounts remove x oude_naam
    """
    from campaigns import definitions

    definitions.unregister(context.store, platform, account)
    context.say(N_("Taken out: {account} on {platform}."), account=account, platform=platform)
