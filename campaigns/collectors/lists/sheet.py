"""A list as it was found, and SQL for what its cells say in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from campaigns.collectors import Cell, Kind, Parsed, Payload, Rows, Skip
from campaigns.collectors._numbers import literal
from campaigns.errors import N_, Message

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("first_day", "last_day", "day", "goal_on"), "day"),
    **dict.fromkeys(("opted_in_on", "withdrawn_on"), "day"),
    **dict.fromkeys(("amount", "rate", "budget", "hourly_rate"), "money"),
    "hours": "money",  # an exact number with decimals, as the table keeps it
    **dict.fromkeys(("share", "share_2", "share_3", "share_4"), "number"),
    **dict.fromkeys(("value", "goal_target"), "number"),
    **dict.fromkeys(("insertions", "circulation", "readership", "position"), "count"),
}


class Sheet:
    """The list as it was found: its cells, and SQL for what is or is not there.

    Cells are of the kind that their name usually is; ``kinds`` says where this list differs.
    """

    def __init__(self, payload: Payload, name: str, **kinds: Kind) -> None:
        self.payload = payload
        self.name = name
        fields = payload.fields[name]
        self.cells = {
            name: Cell(name, {**_KINDS, **kinds}.get(name, "text")) for name in sorted(fields)
        }

    def __call__(self, name: str) -> str:
        """The cell of this name, or null where the list has no such column."""
        return name if name in self.cells else "null"

    def label(self, name: str) -> str:
        """The label of a column as it stands in the file."""
        found = self.payload.recognition.found[self.name]
        return found.sheet.head[found.header_row][found.columns[name]]

    def text(self, name: str) -> str:
        """The text of a cell that is also read as something else."""
        if name not in self.cells:
            return "null::varchar"
        self.cells[f"{name}_text"] = Cell(name, "text")
        return f"{name}_text"

    def given(self, *names: str) -> dict[str, str]:
        """The cells of these names that the list has, for columns of the same names."""
        return {name: name for name in names if name in self.cells}

    def figure(self, name: str) -> str:
        """SQL for a figure where people write thousands: ``1.250`` and ``1,250`` are 1250.

        Only a column that shows decimals (``7,4``) decides otherwise.
        """
        if name not in self.cells:
            return "null"
        text = self.text(name)
        has_decimals = f"bool_or(regexp_matches({text}, '[.,][0-9]{{1,2}}%?$')) over ()"
        return (
            f"case when regexp_full_match({text}, '[1-9][0-9]{{0,2}}([.,][0-9]{{3}})+') "
            f"and not coalesce({has_decimals}, false) "
            f"then cast(regexp_replace({text}, '[.,]', '', 'g') as double) else {name} end"
        )

    def any(self, *names: str) -> str:
        """The first of several cells that is known."""
        known = [name for name in names if name in self.cells]
        return f"coalesce({', '.join(known)})" if known else "null"


def plain(text: str) -> str:
    """SQL for a text as words are compared: no case, accents or spaces around it."""
    return f"strip_accents(lower(trim({text})))"


def let(value: str, name: str, body: str) -> str:
    """SQL that names a value, so that it need not be written out at every use.

    >>> let("1 + 1", "n", "n * n")
    'list_transform([1 + 1], lambda n: n * n)[1]'
    """
    return f"list_transform([{value}], lambda {name}: {body})[1]"


_COPY = re.compile(
    r"(\s*[-_]?\s*\(\d+\)|\s*[-_ ]\s*(kopie|copy|copie)(\s*\(?\d+\)?)?)$", re.IGNORECASE
)


def stem(file_name: str) -> str:
    """The name of a list: that of its file, without the suffixes that copies get.

    >>> [stem(name) for name in ("Kosten (1).xlsx", "x.zip!/Kosten - kopie (2).csv", "Kosten.csv")]
    ['kosten', 'kosten', 'kosten']
    """
    name = PurePosixPath(file_name.replace("\\", "/").replace("!", "/")).stem.strip()
    while (shorter := _COPY.sub("", name).strip()) not in {"", name}:
        name = shorter
    return name.casefold()


def source(sheet: Sheet) -> str:
    """The name of the list: the column that says so, else the name of the file."""
    named = literal(stem(sheet.payload.file_name))
    return f"coalesce(lower(trim(source)), {named})" if "source" in sheet.cells else named


def row_id(sheet: Sheet, *about: str, within: str = "''") -> str:
    """The line's own number, else a hash of what it is about; equal lines are counted.

    ``about`` are the same expressions whether the list has their columns or not, so that a
    column more or less changes no line. ``within`` comes before the line's own number.
    """
    parts = ", ".join(f"coalesce(lower(trim(cast({part} as varchar))), '')" for part in about)
    hashed = f"md5(concat_ws(chr(31), {parts}))"
    own = hashed
    if "row_id" in sheet.cells:
        own = f"coalesce({within} || nullif(trim(row_id), ''), {hashed})"
    nth = f"row_number() over (partition by {own} order by row_number)"
    return f"{own} || case when {nth} = 1 then '' else '#' || {nth} end"


_TOTAL = r"(sub)?(totaal|total)( (generaal|kosten|costs|uren|hours|20\d\d|excl.*|incl.*))?\s*:?"


def total_line(sheet: Sheet, *names: str) -> Skip:
    """The line with the sum, which people put below a list."""
    known = [name for name in names if name in sheet.cells]
    first = f"coalesce({', '.join(known)})" if known else "''"
    return Skip(
        Message(N_("the total of the list")),
        f"coalesce(regexp_full_match({plain(first)}, '{_TOTAL}'), false)",
    )


def statement(
    sheet: Sheet,
    table: str,
    columns: Mapping[str, str],
    skip: Sequence[Skip],
    *,
    period: str = "null",
    since: str = "",
    note: Message | None = None,
) -> Parsed:
    """What a list means: a row of one table from each line that is not skipped."""
    known = {name: expression for name, expression in columns.items() if expression != "null"}
    return Parsed(
        sheet=sheet.name,
        cells=sheet.cells,
        rows=[Rows(table, known)],
        skip=skip,
        period=period,
        since=since,
        notes=[note] if note else [],
    )
