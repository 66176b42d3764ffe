"""``bereik compact``: fewer and larger files."""

from __future__ import annotations

import click

from campaigns.errors import N_
from scripts import Context


@click.command()
@click.pass_obj
def command(context: Context) -> None:
    """Merge the small files of the store and delete what nobody needs.

    Nothing is lost: history and undo work as before, and others can import and read meanwhile.
    The store does this by itself now and then; after many small imports it helps to ask for it.

    \b
    Example:
      bereik compact
    """
    tables = context.store.compact()
    before = sum(before for before, _after in tables.values())
    after = sum(after for _before, after in tables.values())
    context.say(
        N_("{tables} tables: {before} files became {after}."),
        tables=len(tables),
        before=context.number(before),
        after=context.number(after),
    )
