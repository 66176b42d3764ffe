"""What is known of a file before its rows are read: by its content, its name and the options."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from campaigns.collectors import Parsed, Payload, Probe, Recognition, Rows
from campaigns.imports.options import FileOptions

FILE_DAYS = ("file_first_day", "file_last_day")
"""What expressions call the period of the file."""


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file before its rows are read."""

    path: Path
    probe: Probe
    recognition: Recognition
    payload: Payload
    parsed: tuple[Parsed, ...]
    options: FileOptions
    import_id: str

    @property
    def platform(self) -> str:
        """The platform of the format."""
        return self.recognition.format.platform


def parse(path: Path, probe: Probe, recognition: Recognition, options: FileOptions) -> FileFacts:
    """What the collector makes of a recognised file; the import_id is still to be given."""
    payload = Payload(
        recognition=recognition,
        fields={name: frozenset(found.columns) for name, found in recognition.found.items()},
        preamble={
            name: found.sheet.head[: found.header_row] for name, found in recognition.found.items()
        },
        file_name=path.name,
        account=options.account,
        role=options.role,
        options={
            "folder": path.parent.name,
            **({"date_order": options.date_order} if options.date_order else {}),
        },
    )
    parsed = tuple(recognition.format.parse(payload))
    return FileFacts(path, probe, recognition, payload, parsed, options, "")


def account_in_name(facts: FileFacts) -> str | None:
    """The account that the file's name tells, where the format has such names."""
    pattern = facts.recognition.format.account_in_name
    match = re.fullmatch(pattern, facts.path.name) if pattern else None
    return handle(match["account"]) if match else None


def handle(name: str) -> str:
    """An account's name as it is kept: in lower case, without @.

    >>> handle(" @RijksDemo ")
    'rijksdemo'
    """
    return name.strip().removeprefix("@").casefold()


def import_id_of(facts: FileFacts, content: str, part: str, campaigns: str) -> str:
    """What identifies an import: the bytes and the options.

    A file whose content names no account belongs to the one in its name, so that name counts
    too: two accounts can have the same figures. So does a period in the name where rows need one.
    """
    parts = [content, facts.options.as_json(), facts.recognition.format.name]
    if part:
        parts.append(f"sheet {part}")
    if campaigns:  # of a colleague's file they decide what is kept
        parts.append(campaigns)
    is_silent = all(parsed.account == "null" for parsed in facts.parsed)
    if is_silent and not facts.recognition.format.is_statement:
        parts.append(account_in_name(facts) or "")
    parts += [parsed.from_names for parsed in facts.parsed if parsed.from_names]
    parts += period_in_name(facts)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def period_in_name(facts: FileFacts) -> list[str]:
    """The period that the file's name states, where rows of the file may have none else."""
    needs = any(needs_period(rows) for parsed in facts.parsed for rows in parsed.rows)
    stated = stated_in_name(facts.path.name) if needs else None
    return [] if stated is None else [f"{stated[0]} {stated[1]}"]


def needs_period(rows: Rows) -> bool:
    """Whether rows use the period of the whole file."""
    return any(name in rows.columns.values() for name in FILE_DAYS)


def collected_at(facts: FileFacts, last: dt.date | None, now: dt.datetime) -> dt.datetime:
    """The moment for which the figures of a file are true.

    What a row itself states comes first (the collector gives it per row); then a timestamp in
    the file's name; else the end of its period. A list that the operator wrote is true now.
    """
    if facts.recognition.format.is_statement or last is None:
        return now
    if match := re.search(r"(?<!\d)(1[3-9]\d{11})(?!\d)", facts.path.name):
        return dt.datetime.fromtimestamp(int(match[1]) / 1000, dt.UTC)
    last = max([last, *_days_in_name(facts.path.name)])
    return dt.datetime.combine(last, dt.time(23, 59, 59), dt.UTC)


def _days_in_name(name: str) -> list[dt.date]:
    """The period that an export's name states, as in ``..._20190101_20190201_en.csv``.

    >>> _days_in_name("content_2024-11-21_2025-02-19.csv")[-1]
    datetime.date(2025, 2, 19)
    """
    match = re.search(r"(\d{4})-?(\d{2})-?(\d{2})(?:_| - )(\d{4})-?(\d{2})-?(\d{2})(?!\d)", name)
    if match is None:
        return []
    try:
        numbers = [int(part) for part in match.groups()]
        days = [dt.date(*numbers[:3]), dt.date(*numbers[3:])]
    except ValueError:
        return []
    return days if days[0] <= days[1] and days[1].year < 2100 else []


def stated_in_name(name: str) -> tuple[dt.date, dt.date] | None:
    """The first and last day that an export's name states."""
    days = _days_in_name(name)
    return (days[0], days[1]) if days else None
