"""What has been imported so far, as the store keeps it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from campaigns.errors import N_, Message
from campaigns.imports.records import told
from campaigns.store import Snapshot

State = Literal["started", "committed", "undoing", "undone"]

STATES: Mapping[str, str] = {
    "started": N_("interrupted"),
    "committed": N_("imported"),
    "undoing": N_("undo interrupted"),
    "undone": N_("undone"),
}


@dataclass(frozen=True)
class Imported:
    """One import, or one statement of the operator.

    ``about_colleague`` marks what is about an ambassador whose name may not be shown: its file,
    account and notes may name that person.
    """

    import_id: str
    state: State
    recorded_at: dt.datetime
    file: str
    format: str
    language: str | None
    account: str | None
    first: dt.date | None
    last: dt.date | None
    tables: Mapping[str, int]
    skipped: Sequence[tuple[Message, int]]
    notes: Sequence[Message]
    about_colleague: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether it was entered by hand rather than read from a file."""
        return self.format == "statement"

    @property
    def is_lasting(self) -> bool:
        """Whether nothing takes it back: data were destroyed, or it is taken back already."""
        return self.format == "destruction" or self.state == "undone"


def history(snapshot: Snapshot) -> list[Imported]:
    """All imports and statements, newest first."""
    hidden = _unnamed_colleagues(snapshot)
    rows = snapshot.rows("SELECT * FROM imports ORDER BY recorded_at DESC, import_id")
    return [_imported(row, hidden) for row in rows]


def _imported(row: Mapping[str, Any], hidden: frozenset[str]) -> Imported:
    skipped = json.loads(row["skipped"] or "[]")
    reasons = told(json.dumps([part["reason"] for part in skipped]))
    said = " ".join(str(row[name] or "") for name in ("file", "account_id", "options")).casefold()
    return Imported(
        import_id=row["import_id"],
        state=row["state"],
        recorded_at=row["recorded_at"],
        file=row["file"] or "",
        format=row["format"] or "",
        language=row["language"],
        account=row["account_id"],
        first=row["first_day"],
        last=row["last_day"],
        tables=json.loads(row["rows"] or "{}"),
        skipped=[(why, part["rows"]) for why, part in zip(reasons, skipped, strict=True)],
        notes=told(row["notes"]),
        about_colleague=any(name in said for name in hidden),
    )


def _unnamed_colleagues(snapshot: Snapshot) -> frozenset[str]:
    """Handles and names of ambassadors whose names may not be shown, in lower case.

    Of whoever withdrew, nothing but the handle may be known any more.
    """
    rows = snapshot.rows(
        "SELECT account_id, name, person FROM accounts "
        "WHERE role = 'ambassador' AND is_name_permitted IS NOT true"
    )
    return frozenset(
        str(value).casefold() for row in rows for value in row.values() if value and value.strip()
    )
