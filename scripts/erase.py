"""``bereik erase``: take a person out of the store, for good."""

from __future__ import annotations

import click

from campaigns.errors import N_
from campaigns.schema import PLATFORMS
from campaigns.translations import _
from scripts import Context
from scripts._options import json_option


@click.command()
@click.argument("person")
@click.option(
    "--name",
    "names",
    multiple=True,
    help=N_("Another name or handle of this person; as often as needed."),
)
@click.option(
    "--platform", type=click.Choice(PLATFORMS), help=N_("Only the account on this platform.")
)
@click.option("--yes", is_flag=True, help=N_("Do not ask first."))
@json_option
@click.pass_obj
def command(
    context: Context,
    person: str,
    names: tuple[str, ...],
    platform: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Take a person out of the store: all rows, files, logs and kept results, at once.

    PERSON is a handle or a name. Posts, days and accounts of this person are destroyed; where
    others' texts name the person, a mark stands instead. A keyed tombstone that names nobody
    keeps the person out of later imports. It cannot be undone. Copies that you made elsewhere
    (exports, backups, the files that you imported) are yours to delete.

    \b
    Examples:
      bereik erase @sanne_de_vries --name "Sanne de Vries"
      bereik privacy access @sanne_de_vries      see first what is held
    """
    from campaigns import privacy

    store = context.store
    found = privacy.find(store, person, names, platform)
    accounts = ", ".join(f"{account} ({place})" for place, account in sorted(found.accounts))
    if not yes:
        click.echo(_("Accounts: {accounts}", accounts=accounts or "–"), err=True)
        click.echo(_("Names: {names}", names=", ".join(sorted(found.phrases)) or "–"), err=True)
        click.confirm(_("Destroy all of this for good?"), abort=True, err=True)
    done = privacy.erase(store, found)
    if as_json:
        context.write_json({"rows": dict(done.rows), "held": done.held})
    rows = sum(done.rows.values())
    context.say(N_("Taken out: {rows} rows. The person is kept out from now on."),
                rows=context.number(rows))  # fmt: skip
    say_held(context, done.held)


def say_held(context: Context, held: int) -> None:
    """Say that another program keeps files from being deleted, and what to do about it."""
    if held:
        context.say(
            N_(
                "{held} old files are still open in another program: close it and run "
                "bereik privacy retention --apply to delete them."
            ),
            held=held,
        )
