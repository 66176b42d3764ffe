"""``bereik imports``: what has been imported, newest first."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.translations import _, say
from scripts import Context
from scripts._tables import print_table

if TYPE_CHECKING:
    from campaigns.store import Snapshot

HEADERS = (
    N_("import"),
    N_("state"),
    N_("on"),
    N_("format"),
    N_("account"),
    N_("period"),
    N_("rows"),
    N_("file"),
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON, with all that is known."))
@click.pass_obj
def command(context: Context, as_json: bool) -> None:
    """List what was imported, newest first.

    The first column is what 'bereik undo' wants. An import that was interrupted counts for
    nothing: give the same files again.

    \b
    Examples:
      bereik imports
      bereik imports --json
    """
    rows = context.store.read(_imports)
    if as_json:
        context.write_json({"imports": [_parsed(row) for row in rows]})
    elif rows:
        print_table([_(header) for header in HEADERS], [_line(context, row) for row in rows])
    else:
        context.say(N_("Nothing was imported yet."))


def _imports(snapshot: Snapshot) -> list[dict[str, Any]]:
    return snapshot.rows("SELECT * FROM imports ORDER BY recorded_at DESC, import_id")


def _parsed(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its JSON texts opened, and its messages in the user's language."""
    from campaigns.imports.records import told

    skipped = json.loads(row["skipped"] or "[]")
    reasons = told(json.dumps([part["reason"] for part in skipped]))
    opened = {
        "options": json.loads(row["options"] or "{}"),
        "rows": json.loads(row["rows"] or "{}"),
        "skipped": [
            {"reason": say(reason), "rows": part["rows"]}
            for reason, part in zip(reasons, skipped, strict=True)
        ],
        "notes": [say(note) for note in told(row["notes"])],
    }
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in {**row, **opened}.items()
    }


def _line(context: Context, row: dict[str, Any]) -> list[str]:
    from campaigns.imports.history import STATES

    tables = json.loads(row["rows"] or "{}")
    period = [day.isoformat() for day in (row["first_day"], row["last_day"]) if day]
    return [
        row["import_id"][:8],
        _(STATES[row["state"]]),
        row["recorded_at"].date().isoformat(),
        row["format"] or "",
        row["account_id"] or "",
        " – ".join(dict.fromkeys(period)),
        " ".join(f"{name}:{context.number(count)}" for name, count in sorted(tables.items())),
        row["file"] or "",
    ]
