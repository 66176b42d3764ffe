"""Which campaigns bear a cost, as fields: a campaign and its part of 100%, several times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.definitions import Campaign, records
from campaigns.errors import BadFields, Message
from campaigns.translations import _
from dashboard.entries import read, shown
from dashboard.forms import Field, Values
from dashboard.pages import _editing as editing

FEWEST = 3
"""So many campaigns can be named, and one more than there are."""


def is_part(name: str) -> bool:
    """Whether a field is one of these."""
    return name.startswith(("campaign_", "part_"))


def fields(known: Sequence[Campaign], row: Mapping[str, Any] | None, values: Values) -> list[Field]:
    """The fields for as many campaigns as there are, and some more."""
    borne = records.parts(row["shares"]) if row else []
    typed_ones = sum(name.startswith("campaign_") for name in values)
    count = max(FEWEST, len(borne) + 1, typed_ones)
    names = [records.entered(name, known) for name, _part in borne]
    choices = editing.campaign_choices(known, _("no campaign"), *names)
    found: list[Field] = []
    for number in range(1, count + 1):
        label = _("Campaign") if number == 1 else _("Campaign {n}", n=number)
        found.append(Field(f"campaign_{number}", label, "choice", choices=choices))
        part = _("Part in %") if number == 1 else _("Part of campaign {n} in %", n=number)
        about = _("Empty: equal parts, or all of it.") if number == 1 else ""
        found.append(Field(f"part_{number}", part, "percentage", about, limit=12))
    return found


def typed(shares: str | None, known: Sequence[Campaign]) -> Values:
    """Parts as they stand in the fields."""
    values: Values = {}
    for number, (name, part) in enumerate(records.parts(shares), 1):
        values[f"campaign_{number}"] = records.entered(name, known)
        is_all = part == 1 and len(records.parts(shares)) == 1
        values[f"part_{number}"] = "" if is_all else shown("percentage", part)
    return values


def entered(
    values: Values, known: Sequence[Campaign], before: str | None, faults: dict[str, Message]
) -> str | None:
    """The parts as they are stored; as they were before when they say the same."""
    given: list[records.Part] = []
    number = 0
    while f"campaign_{(number := number + 1)}" in values:
        name = str(values[f"campaign_{number}"] or "")
        part = read("percentage", values.get(f"part_{number}"))
        if isinstance(part, Message):
            faults[f"part_{number}"] = part
        elif name:
            given.append((name, part if isinstance(part, float) else None))
    if typed(before, known) == typed_again(given):
        return before
    try:
        return records.shares(given)
    except BadFields as error:
        faults["part_1"] = error.values["fields"]["shares"]  # type: ignore[index]
        return None


def typed_again(given: Sequence[records.Part]) -> Values:
    """Parts that were read, as they stand in the fields."""
    values: Values = {}
    for number, (name, part) in enumerate(given, 1):
        values[f"campaign_{number}"] = name
        values[f"part_{number}"] = "" if part is None else shown("percentage", part)
    return values
