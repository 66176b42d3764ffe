"""Short numbers, days and periods for the eye, in the reader's language."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal

from campaigns.reports import wording
from campaigns.translations import _, language
from dashboard.view import Period


def short(value: float) -> str:
    """A count in few characters: exact below a million.

    >>> from campaigns.translations import speaking
    >>> with speaking("nl"):
    ...     short(110427), short(2_412_000)
    ('110.427', '2,4\\xa0mln.')
    """
    if abs(value) < 1_000_000:
        return wording.number(value, 0)
    return str(format_compact_decimal(value, locale=language(), fraction_digits=1))


def day(value: dt.date) -> str:
    """A day with its year.

    >>> from campaigns.translations import speaking
    >>> with speaking("nl"):
    ...     day(dt.date(2025, 6, 30))
    '30 jun 2025'
    """
    return str(format_date(value, "d MMM y", locale=language())).replace(". ", " ")


def month(value: dt.date) -> str:
    """A month with its year."""
    return str(format_skeleton("yMMM", value, locale=language())).replace(". ", " ")


def short_month(value: dt.date) -> str:
    """A month in few characters.

    >>> from campaigns.translations import speaking
    >>> with speaking("nl"):
    ...     short_month(dt.date(2025, 3, 1))
    'mrt 25'
    """
    return str(format_date(value, "MMM yy", locale=language())).replace(".", "")


def period(value: Period) -> str:
    """A period in words."""
    if value.first is None and value.last is None:
        return _("all data")
    if value.first is None and value.last is not None:
        return _("until {day}", day=day(value.last))
    if value.last is None and value.first is not None:
        return _("from {day}", day=day(value.first))
    assert value.first is not None  # noqa: S101 - the cases above
    assert value.last is not None  # noqa: S101
    return _("{first} – {last}", first=day(value.first), last=day(value.last))
