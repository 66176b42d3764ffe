"""What happened to a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from campaigns.errors import Message, UserError
from campaigns.translations import say

Status = Literal["imported", "unchanged", "failed", "ignored"]


@dataclass
class FileReport:
    """What happened to one file: nothing that was in it is left unmentioned.

    ``tables`` counts the rows that were kept per table; ``skipped`` the rows of the file that
    were not, with the reason; ``period`` is the first and last day in it.
    """

    path: Path
    status: Status
    format: str | None = None
    title: str | None = None
    language: str | None = None
    import_id: str | None = None
    account: str | None = None
    period: tuple[dt.date, dt.date] | None = None
    tables: dict[str, int] = field(default_factory=dict)
    skipped: Sequence[tuple[Message, int]] = ()
    notes: Sequence[Message] = ()
    error: UserError | None = None

    def as_json(self) -> dict[str, object]:
        """The report as data, its texts in the user's language."""
        return {
            "path": str(self.path),
            "format": self.format,
            "language": self.language,
            "status": self.status,
            "import_id": self.import_id,
            "account": self.account,
            "period": None if self.period is None else [day.isoformat() for day in self.period],
            "tables": dict(self.tables),
            "skipped": [{"reason": say(why), "rows": rows} for why, rows in self.skipped],
            "notes": [say(note) for note in self.notes],
            "error": None if self.error is None else say(self.error),
        }
