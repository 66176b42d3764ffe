"""SQL that reads days and moments, and the order of day and month, which a file decides once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from campaigns.collectors._numbers import first, literal
from campaigns.errors import N_, AmbiguousDates, ConvertedDates, Message, MixedDates

Order = Literal["dmy", "mdy"]

DAY_FIRST = frozenset({"nl", "de", "fr", "es", "it", "pt", "da", "sv", "no", "nb", "pl", "tr"})
"""Languages in which nobody writes the month before the day."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_OTHER_MONTHS = {"mrt": "mar", "maa": "mar", "mei": "may", "okt": "oct"}

# Patterns and replacements as SQL literals.
_NUMERIC = literal(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ,].*)?$")
_NUMERIC_PARTS = {"dmy": literal(r"\3-\2-\1"), "mdy": literal(r"\3-\1-\2")}
_ISO = literal(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,].*)?$")
_DIGITS = literal(r"^(\d{4})(\d\d)(\d\d)$")
_ISO_PARTS = literal(r"\1-\2-\3")
_NAME = literal(rf"(?i)\b({'|'.join((*_MONTHS.split(), *_OTHER_MONTHS))})")
_DAY = literal(r"(?:^|[^\d:])(\d{1,2})(?:[^\d:]|$)")
_YEAR = literal(r"\b(\d{4})\b")
_TIME = literal(r"[T ,]+(\d{1,2}:\d{2}.*)$")
_WITH_OFFSET = literal(r"^\d{4}-.*[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)$")
_ANCIENT = "TIMESTAMP '1900-01-01'"
"""Before it lies what was read as the year 24 instead of 2024."""

_LATE = "TIMESTAMP '10000-01-01'"
"""From here on no program but the engine knows dates."""

_MOMENTS = ("TIMESTAMPTZ '1900-01-01'", "TIMESTAMPTZ '2200-01-01'")
"""Between these lies every moment that is believed."""

_TIMES = ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S.%f")


def day(x: str, formats: Sequence[str], order: Order | None) -> str:
    """SQL for the day in the text ``x``: DATE, null when there is none.

    With ``formats`` those come first; then, as in any file, ISO dates, names of months (English,
    Dutch) and, if the order is known, numbers. ``1/2/24`` is in 2024.
    """
    written = f"try_strptime({_written(x, order)}, '%Y-%m-%d')"
    return f"CAST({_within(f'coalesce({_known(x, formats, order)}, {written})')} AS DATE)"


def plain_day(x: str, formats: Sequence[str], order: Order | None) -> str:
    """`day` of the dates that are written as expected; null for all others, and short."""
    return f"CAST({_within(_known(x, formats, order))} AS DATE)"


def _known(x: str, formats: Sequence[str], order: Order | None) -> str:
    fast = list(formats) or [*_numeric_formats(order), "%Y-%m-%d"]
    return f"nullif(greatest(try_strptime({x}, {_list(fast)}), {_ANCIENT}), {_ANCIENT})"


def moment(x: str, formats: Sequence[str], order: Order | None, zone: str) -> str:
    """SQL for the moment in the text ``x``: TIMESTAMPTZ; ``zone`` where the text has none."""
    tries = _tries(x, formats, zone)
    tries.append(
        f"CASE WHEN regexp_matches({x}, {_WITH_OFFSET}) THEN try_cast({x} AS TIMESTAMPTZ) END"
    )
    time = f"coalesce(nullif(regexp_extract({x}, {_TIME}, 1), ''), '00:00')"
    clock = _list([f"%Y-%m-%d {each}" for each in _TIMES])
    tries.append(
        f"timezone({literal(zone)}, try_strptime({_written(x, order)} || ' ' || {time}, {clock}))"
    )
    return _within(first(*tries), *_MOMENTS)


def plain_moment(x: str, formats: Sequence[str], zone: str) -> str:
    """`moment` of what is written in one of the ``formats``; null for all others, and short."""
    return _within(first(*_tries(x, formats, zone)), *_MOMENTS)


def _tries(x: str, formats: Sequence[str], zone: str) -> list[str]:
    with_zone = [each for each in formats if "%z" in each or "%Z" in each]
    without = [each for each in formats if each not in with_zone]
    tries = []
    if with_zone:
        tries.append(f"try_strptime({x}, {_list(with_zone)})")
    if without:
        tries.append(f"timezone({literal(zone)}, try_strptime({x}, {_list(without)}))")
    return tries


def _within(value: str, earliest: str = _ANCIENT, latest: str = _LATE) -> str:
    """SQL for a value between two others; null beyond them. It is named once: it is long."""
    return f"nullif(nullif(least(greatest({value}, {earliest}), {latest}), {earliest}), {latest})"


def _numeric_formats(order: Order | None) -> list[str]:
    if order is None:
        return []
    first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
    return [f"{first}{mark}{second}{mark}%Y" for mark in "/-."]


def _list(formats: Sequence[str]) -> str:
    if len(formats) == 1:
        return literal(formats[0])
    return f"[{', '.join(literal(each) for each in formats)}]"


def _written(x: str, order: Order | None) -> str:
    """SQL for a date in any writing as ``year-month-day``; null when it is none."""
    cases = [
        f"WHEN regexp_matches({x}, {_ISO}) THEN regexp_replace({x}, {_ISO}, {_ISO_PARTS})",
        f"WHEN regexp_matches({x}, {_DIGITS}) THEN regexp_replace({x}, {_DIGITS}, {_ISO_PARTS})",
    ]
    if order is not None:
        full = f"regexp_replace({x}, {_NUMERIC}, {_NUMERIC_PARTS[order]})"
        cases.append(
            f"WHEN regexp_matches({x}, {_NUMERIC}) "
            f"THEN CASE WHEN regexp_matches({full}, '^..-') THEN '20' || {full} ELSE {full} END"
        )
    cases.append(f"WHEN regexp_matches({x}, {_NAME}) THEN {_named(x)}")
    return f"CASE {' '.join(cases)} END"


def _named(x: str) -> str:
    """SQL for a date with the name of its month, in English or Dutch, day or month first."""
    name = f"lower(regexp_extract({x}, {_NAME}, 1))"
    for other, month in _OTHER_MONTHS.items():
        name = f"replace({name}, '{other}', '{month}')"
    number = f"(instr('{_MONTHS}', {name}) + 3) // 4"
    return (
        f"regexp_extract({x}, {_YEAR}, 1) || '-' || {number} "
        f"|| '-' || regexp_extract({x}, {_DAY}, 1)"
    )


# --- the order of day and month ----------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """What the numeric dates of one column show. Counts are of dates that can be read both ways.

    ``day_first`` and ``month_first`` are dates that can only be read so; ``as_dmy`` and
    ``as_mdy`` count the dates that lie in the stated period when they are read so. ``held`` are
    dates that a spreadsheet holds as such, ``held_late`` those of them after the 12th. A column
    of days, read either way, lacks ``gaps_dmy`` or ``gaps_mdy`` days between its first and last
    (-1: not asked, or too few to say).
    """

    column: str
    day_first: str | None
    month_first: str | None
    open_example: str | None
    dates: int
    as_dmy: int
    as_mdy: int
    held: int = 0
    held_late: int = 0
    gaps_dmy: int = -1
    gaps_mdy: int = -1

    @property
    def is_converted(self) -> bool:
        """Whether the dates that could be read both ways, and only those, were taken for dates."""
        return bool(self.day_first or self.month_first) and self.held >= 3 and not self.held_late


@dataclass(frozen=True)
class Question:
    """SQL that asks a column for its `Evidence`, over the text ``x`` of its cells.

    Each of ``columns`` is computed once for a row and has the name it is given there;
    ``aggregates`` over them are in the order of the fields of `Evidence` after the first.
    """

    columns: tuple[str, ...]
    aggregates: tuple[str, ...]


def question(
    x: str,
    stated: tuple[str, str] | None,
    held: str | None = None,
    *,
    are_days: bool = False,
) -> Question:
    """What to ask of the column ``x``: ``x`` is a name, after which the others are called.

    ``stated`` is SQL for the first and last day that the file states, ``held`` for the date that
    a spreadsheet holds instead of a text. ``are_days`` says that the column has a row for every
    day, as far as the format goes.
    """
    first, second, number = f"{x}_first", f"{x}_second", f"try_cast(regexp_extract({x}, {_NUMERIC}"
    columns = [f"{number}, 1) AS INTEGER) AS {first}", f"{number}, 2) AS INTEGER) AS {second}"]
    orders: tuple[Order, ...] = ("dmy", "mdy")
    if stated or are_days:
        columns += [f"{day(x, (), order)} AS {x}_{order}" for order in orders]
    within = ["0", "0"]
    if stated:
        columns += [
            f"{sql} AS {x}_{name}" for sql, name in zip(stated, ("low", "high"), strict=True)
        ]
        is_within = f"BETWEEN {x}_low AND {x}_high AND {first} IS NOT NULL"
        within = [f"count_if({x}_{order} {is_within})" for order in orders]
    if held:
        columns.append(f"{held} AS {x}_held")
    aggregates = (
        f"min({x}) FILTER ({first} BETWEEN 13 AND 31 AND {second} BETWEEN 1 AND 12)",
        f"min({x}) FILTER ({second} BETWEEN 13 AND 31 AND {first} BETWEEN 1 AND 12)",
        f"min({x}) FILTER ({first} <= 12 AND {second} <= 12 AND {first} <> {second})",
        f"count({first})",
        *within,
        f"count({x}_held)" if held else "0",
        f"count_if(day({x}_held) > 12)" if held else "0",
        *([_gaps(f"{x}_{order}") for order in orders] if are_days else ["-1", "-1"]),
    )
    return Question(tuple(columns), aggregates)


def _gaps(value: str) -> str:
    days = f"count(DISTINCT {value})"
    return f"CASE WHEN {days} >= 3 THEN max({value}) - min({value}) + 1 - {days} ELSE -1 END"


def decide(
    columns: Sequence[Evidence],
    *,
    path: str,
    option: Order | None,
    of_format: Order | None,
    stated: bool,
    language: str | None,
) -> tuple[Order | None, Message | None]:
    """The order of day and month in a file, with a note when the file's content decided.

    Raises ConvertedDates when a spreadsheet program has spoilt them already. Otherwise the
    option decides; else a date that can be read in one way only; else the format; else the
    period that the file states; else that days follow one another; else its language. Raises
    MixedDates when dates contradict each other, AmbiguousDates when nothing decides and it
    matters.
    """
    for each in columns:
        if each.is_converted:
            example = each.day_first or each.month_first
            raise ConvertedDates(path=path, column=each.column, example=example)
    if option:
        return option, None
    shown = _shown(columns, path)
    if shown:
        order, example = shown
        note = N_("dates are read as {order}, for '{example}' can be nothing else")
        surprising = order != of_format
        values = {"order": order_name(order), "example": example}
        return order, Message(note, values) if surprising else None
    if of_format:
        return of_format, None
    open_ = [each for each in columns if each.open_example]
    if not open_:
        return "dmy", None
    for decided, note in (
        (
            _fitting(columns) if stated else None,
            N_("dates are read as {order}: only then they lie in the stated period"),
        ),
        (
            _unbroken(columns),
            N_("dates are read as {order}: only then the days follow one another"),
        ),
        (
            _of_language(language),
            N_("dates are read as {order}, the order of the language of the file"),
        ),
    ):
        if decided:
            return decided, Message(note, {"order": order_name(decided)})
    raise AmbiguousDates(path=path, column=open_[0].column, example=open_[0].open_example)


def _fitting(columns: Sequence[Evidence]) -> Order | None:
    """The order in which alone all days lie in the stated period."""
    dates = sum(each.dates for each in columns if each.as_dmy or each.as_mdy)
    fits = [sum(each.as_dmy for each in columns), sum(each.as_mdy for each in columns)]
    if fits.count(dates) != 1:
        return None
    return "dmy" if fits[0] == dates else "mdy"


def _unbroken(columns: Sequence[Evidence]) -> Order | None:
    """The order in which alone no day is missing."""
    gaps = [(each.gaps_dmy, each.gaps_mdy) for each in columns if each.gaps_dmy >= 0]
    whole = [not any(dmy for dmy, _ in gaps), not any(mdy for _, mdy in gaps)]
    if not gaps or whole.count(True) != 1:
        return None
    return "dmy" if whole[0] else "mdy"


def _of_language(language: str | None) -> Order | None:
    return "dmy" if language in DAY_FIRST else None


def order_name(order: Order) -> Message:
    """The order in words."""
    return Message(N_("day-month") if order == "dmy" else N_("month-day"))


def _shown(columns: Sequence[Evidence], path: str) -> tuple[Order, str] | None:
    day_first = next((each for each in columns if each.day_first), None)
    month_first = next((each for each in columns if each.month_first), None)
    if day_first and month_first:
        raise MixedDates(
            path=path,
            column=day_first.column,
            day_first=day_first.day_first,
            month_first=month_first.month_first,
        )
    if day_first:
        return "dmy", str(day_first.day_first)
    return ("mdy", str(month_first.month_first)) if month_first else None
