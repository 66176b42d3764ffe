"""``bereik undo``: take an import back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from campaigns.errors import N_, AmbiguousImport, UnknownImport
from scripts import Context

if TYPE_CHECKING:
    from campaigns.store import Snapshot


@click.command()
@click.argument("import_id")
@click.pass_obj
def command(context: Context, import_id: str) -> None:
    """Take an import back, rows and all.

    What it had replaced is seen again. The first characters of an import are enough, as long
    as they are those of one import. Statements (campaigns, rules, assignments) can be taken back
    in the same way. Importing the file again brings it back.

    \b
    Example:
      bereik imports                see which imports there are
      bereik undo 3f9a              take one back
    """
    found = context.store.read(lambda snapshot: _matching(snapshot, import_id.strip().lower()))
    if not found:
        raise UnknownImport(import_id=import_id)
    if len(found) > 1:
        raise AmbiguousImport(import_id=import_id, found=", ".join(found))
    row = context.store.undo(found[0])
    done = {"import_id": found[0][:8], "file": row["file"]}
    if row["state"] == "undone":
        context.say(N_("Import {import_id} ({file}) was taken back before."), **done)
    else:
        context.say(N_("Import {import_id} ({file}) was taken back."), **done)


def _matching(snapshot: Snapshot, start: str) -> list[str]:
    """The imports that begin so; the one that is exactly this, when there is one."""
    rows = snapshot.rows(
        "SELECT import_id FROM imports WHERE starts_with(import_id, $start) ORDER BY import_id",
        {"start": start},
    )
    found = [str(row["import_id"]) for row in rows]
    return [start] if start in found else found
