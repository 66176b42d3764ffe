"""Fields and forms as data, and what people typed as values or faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns.errors import Message
from campaigns.schema import Column
from campaigns.translations import _, language
from dashboard.entries import read, shown
from dashboard.parts import Part

Values = dict[str, Any]
"""What stands in the fields of a form, as typed; True or False of a checkbox."""
Faults = Mapping[str, Message]
Labels = Mapping[str, tuple[str, str]]
Choice = tuple[str, str]

KINDS = {
    "text": "text",
    "integer": "count",
    "decimal": "amount",
    "number": "number",
    "boolean": "check",
    "day": "day",
}
"""How a column of a type is entered."""

_PLAIN_UNITS = {"", "date", "amount", "amount per hour", "hours", "times", "copies", "people"}
"""Units that the label or meaning says already."""


@dataclass(frozen=True)
class Field:
    """A field: ``kind`` says how it is entered and read (`entries.read`).

    ``choices`` are those of a select (value and label), ``known`` what a text field proposes;
    ``pause`` is for text that is acted on while it is typed (milliseconds).
    """

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    is_required: bool = False
    choices: Sequence[Choice] = ()
    known: Sequence[str] = ()
    limit: int | None = None
    pause: int | None = None


@dataclass(frozen=True)
class Group:
    """Fields that belong together, under a heading ("" for none), and what stands below them.

    ``folded`` are fields of the group that few need, under a heading of their own: they are
    unfolded when something stands in them.
    """

    heading: str
    fields: Sequence[Field] = ()
    below: Part = None
    folded: Group | None = None

    @property
    def all_fields(self) -> list[Field]:
        """The fields, with those that are folded."""
        return [*self.fields, *(self.folded.all_fields if self.folded else ())]


@dataclass(frozen=True)
class Form:
    """A form: its name, its fields in groups, and what it carries unseen."""

    name: str
    groups: Sequence[Group]
    carried: Sequence[str] = ("key", "version")

    @property
    def fields(self) -> list[Field]:
        """All fields, in order."""
        return [one for group in self.groups for one in group.all_fields]


@dataclass(frozen=True)
class Done:
    """What a save says, and the page to which it leads."""

    said: str
    to: str


@dataclass(frozen=True)
class Refused:
    """Why a save was refused: a sentence, the faults of fields, what stands now (as typed)."""

    said: str = ""
    faults: Faults = field(default_factory=dict)
    newer: Values | None = None
    version: str = ""
    focus: str = ""

    @property
    def first(self) -> str:
        """The field that is to be focused: the first that is wrong."""
        return self.focus or next(iter(self.faults), "")


def column_field(column: Column, labels: Labels, **more: Any) -> Field:
    """The field of a column: labelled as lists are, explained as the glossary explains it."""
    names = labels[column.name][1 if language() == "nl" else 0]
    unit = "" if column.unit in _PLAIN_UNITS else f" ({_(column.unit)})"
    meaning = _(column.meaning)
    end = "" if meaning.endswith("…") and not unit else "."
    said = "" if more.get("kind") == "choice" else f"{meaning[:1].upper()}{meaning[1:]}{unit}{end}"
    given = {"label": names.split("|")[0], "kind": KINDS[column.type], "help": said, **more}
    return Field(column.name, **given)


def typed(fields: Sequence[Field], row: Mapping[str, object]) -> Values:
    """A record as it stands in the fields."""
    return {one.name: shown(one.kind, row.get(one.name)) for one in fields}


def entered(fields: Sequence[Field], values: Values) -> tuple[dict[str, Any], dict[str, Message]]:
    """What was entered, and the faults of what cannot be read; what is empty is None."""
    given: dict[str, Any] = {}
    faults: dict[str, Message] = {}
    for one in fields:
        value = read(one.kind, values.get(one.name))
        if isinstance(value, Message):
            faults[one.name] = value
            value = None
        given[one.name] = value
    return given, faults
