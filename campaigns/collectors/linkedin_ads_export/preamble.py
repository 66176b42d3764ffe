"""The lines above the header of a report: its period, and when it was made."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Report:
    """What the lines above the header state: the period, and when the report was made (UTC)."""

    period: tuple[date, date] | None = None
    made_at: datetime | None = None


_MADE = re.compile(
    r"generated|aangemaakt|gegenereerd|generad|gerad|généré|created|cread|erstellt", re.IGNORECASE
)
_DATE = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<numbers>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})"
    r"|(?P<month_first>[^\W\d_]{3,})\.?\s+(?P<day1>\d{1,2}),?\s+(?P<year1>\d{4})"
    r"|(?P<day2>\d{1,2})\.?\s+(?:de\s+)?(?P<month_last>[^\W\d_]{3,})\.?\s+(?:de\s+)?(?P<year2>\d{4})"
)
_TIME = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)(?!\d)(?:\s*([AP])\.?M)?", re.IGNORECASE)


def read_preamble(lines: Sequence[Sequence[str]], language: str | None) -> Report:
    """The period and the moment that the lines above the header state.

    >>> read_preamble([["Report Start: May 1, 2026, 12:00 AM"], ["Report End: May 31, 2026"],
    ...     ["Date Generated: June 2, 2026, 7:02 PM"]], "en")
    Report(period=(datetime.date(2026, 5, 1), datetime.date(2026, 5, 31)),
           made_at=datetime.datetime(2026, 6, 2, 19, 2))
    """
    days: list[date] = []
    made_at = None
    for line in lines:
        text = " ".join(cell for cell in line if cell)
        found = list(dates(text, language))
        if found and (_MADE.search(text) or len(days) >= 2):
            made_at = made_at or _at(found[0], text)
        else:
            days += found
    return Report((min(days), max(days)) if days else None, made_at)


def _at(day: date, text: str) -> datetime:
    """A day with the time that a line states; without a possible one the end of the day.

    >>> _at(date(2026, 6, 2), "7:02 PM"), _at(date(2026, 6, 2), "7:72 PM")
    (datetime.datetime(2026, 6, 2, 19, 2), datetime.datetime(2026, 6, 2, 23, 59, 59))
    """
    time = _TIME.search(text)
    if time is None:
        return datetime(day.year, day.month, day.day, 23, 59, 59)  # noqa: DTZ001 - UTC, see Report
    hour = int(time[1])
    if time[3]:
        hour = hour % 12 + (12 if time[3].upper() == "P" else 0)
    return datetime(day.year, day.month, day.day, hour, int(time[2]))  # noqa: DTZ001


def dates(text: str, language: str | None) -> Iterator[date]:
    """The dates in a line; numbers are month-first in English, else day-first."""
    for match in _DATE.finditer(text):
        if match["iso"]:
            year, month, day = map(int, match["iso"].split("-"))
        elif match["numbers"]:
            one, two, year = map(int, re.split("[/.-]", match["numbers"]))
            is_day_first = one > 12 or (two <= 12 and language not in {"en", None})
            day, month = (one, two) if is_day_first else (two, one)
        else:
            name = match["month_first"] or match["month_last"]
            month = _months().get(name.casefold(), 0)
            day, year = int(match["day1"] or match["day2"]), int(match["year1"] or match["year2"])
        try:
            yield date(year, month, day)
        except ValueError:
            continue


@functools.cache
def _months() -> dict[str, int]:
    """Months by their names, whole and cut short, in the languages of the reports."""
    from babel.dates import get_month_names  # loads slowly, and few files need it

    return {
        name.casefold().rstrip("."): month
        for language in ("de", "es", "fr", "it", "nl", "pt", "en")
        for width in ("wide", "abbreviated")
        for month, name in get_month_names(width, locale=language).items()
    }
