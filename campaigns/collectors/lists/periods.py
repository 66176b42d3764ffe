"""Which days a line is about: two dates, one date, or a month, quarter or year in words."""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.collectors import Skip
from campaigns.collectors.lists.sheet import Sheet, let, plain
from campaigns.errors import N_, Message

_MONTHS = ("jan", "feb", "mar maa mrt", "apr", "may mei", "jun", "jul", "aug", "sep", "oct okt",
           "nov", "dec")  # fmt: skip
_MONTH_MAP = ", ".join(
    f"'{word}': {number}" for number, words in enumerate(_MONTHS, 1) for word in words.split()
)


_NAMED = "^([a-z]{3,})[ .''-]*(?:20)?[0-9]{2}$"
_YEAR_MONTH = "^20[0-9]{2}[-/ m]*([0-9]{1,2})(?:-[0-9]{2})?$"
_MONTH_YEAR = "^([0-9]{1,2})[-/ ]+20[0-9]{2}$"
_YEAR = "^20[0-9]{2}$"
_QUARTER = r"^(?:20[0-9]{2}[ -]*)?(?:q|k|kwartaal|quarter) ?([1-4])(?:[ -]*20[0-9]{2})?$"


def _month(text: str) -> str:
    """SQL for the first and last day, as a list of two, of a month, a quarter or a year."""
    named = f"map {{{_MONTH_MAP}}}[substr(nullif({_group(_NAMED)}, ''), 1, 3)]"
    number = f"coalesce({named}, {_integer(_YEAR_MONTH)}, {_integer(_MONTH_YEAR)})"
    months = (
        f"case when regexp_matches(m, '{_QUARTER}') "
        f"then [3 * {_integer(_QUARTER)} - 2, 3 * {_integer(_QUARTER)}] "
        f"when regexp_matches(m, '{_YEAR}') then [1, 12] "
        f"when {number} between 1 and 12 then [{number}, {number}] end"
    )
    year = f"coalesce({_integer('(20[0-9]{2})')}, 2000 + {_integer('([0-9]{2})$')})"
    days = "[make_date(y, b[1], 1), last_day(make_date(y, b[2], 1))]"
    of_year = let(year, "y", f"case when y is not null and b is not null then {days} end")
    return let(plain(text), "m", let(months, "b", of_year))


def _group(pattern: str) -> str:
    return f"regexp_extract(m, '{pattern}', 1)"


def _integer(pattern: str) -> str:
    return f"try_cast(nullif({_group(pattern)}, '') as integer)"


def period(sheet: Sheet) -> tuple[str, str]:
    """SQL for the first and last day: as stated, else of the month, else the one day."""
    first = ["first_day"] if "first_day" in sheet.cells else []
    last = ["last_day"] if "last_day" in sheet.cells else []
    stated = [name for name in ("month", "year") if name in sheet.cells]
    month = _month(f"concat_ws(' ', {', '.join(stated)})") if stated else None
    day = ["day"] if "day" in sheet.cells else []
    begin = [*first, *([f"{month}[1]"] if month else []), *day, *last]
    if first:  # a row that states where it begins ends there too, unless it says otherwise
        last = [*last, *first]
    return _first_known(begin), _first_known([*last, *([f"{month}[2]"] if month else []), *day])


def _first_known(ways: Iterable[str]) -> str:
    known = ", ".join(ways)
    return f"coalesce({known})" if known else "null::date"


def period_skips(first_day: str, last_day: str) -> list[Skip]:
    """Lines whose days are not known or cannot be."""
    return [
        Skip(Message(N_("without a date")), f"{first_day} is null"),
        Skip(Message(N_("ends before it begins")), f"{last_day} < {first_day}"),
    ]
