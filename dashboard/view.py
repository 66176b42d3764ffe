"""What is looked at: an address, its filters, and the language of who looks."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from campaigns.errors import N_, Message, UserError
from campaigns.reports import COMPARISONS, Question
from campaigns.reports.coverage import Covered

if TYPE_CHECKING:
    from dashboard.answers import Answers

FILTERS = ("from", "to", "platform", "compare")
"""What links between pages carry along."""

_LENGTH = 300


class BadAddress(UserError):
    """The address of a page says what cannot be understood."""

    text = N_("This address cannot be shown: {reason}. Begin again without filters.")


@dataclass(frozen=True)
class Period:
    """Days, both included; None is open."""

    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True)
class View:
    """A page as it is asked for: ``query`` is all that its address says beside the path.

    ``period`` is the one in the address, else the twelve months until the last day of data.
    ``values`` are the parts of the path that a page's pattern names.
    """

    answers: Answers
    path: str
    query: Mapping[str, str]
    period: Period
    covered: Sequence[Covered] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that are looked at; none are all."""
        return tuple(sorted(_listed(self.query.get("platform", ""))))

    @property
    def compare(self) -> str | None:
        """The period to compare with; None for none."""
        asked = self.query.get("compare", "previous")
        is_open = self.period.first is None or self.period.last is None
        return None if asked == "none" or is_open else asked

    @property
    def last_covered(self) -> dt.date | None:
        """The last day of which there is any data."""
        return max((one.last for one in self.covered), default=None)

    def get(self, name: str, default: str = "") -> str:
        """What the address says under a name."""
        return self.query.get(name, default)

    def question(self, *by: str, metrics: Sequence[str] = (), **more: object) -> Question:
        """The question of this period and these platforms; ``more`` says otherwise."""
        asked: dict[str, object] = {
            "first": self.period.first,
            "last": self.period.last,
            "platforms": self.platforms,
            **more,
        }
        return Question(by=by, metrics=tuple(metrics), **asked)  # type: ignore[arg-type]

    def href(self, path: str | None = None, **changes: str | None) -> str:
        """The address of another page with the same filters, or of this one with changes.

        What is specific to this page (sorting, paging) goes along only on this page.
        """
        kept = self.query if path is None else {n: v for n, v in self.query.items() if n in FILTERS}
        query = {**kept, **{name.rstrip("_"): value for name, value in changes.items()}}
        text = urlencode({name: value for name, value in query.items() if value})
        return (path or self.path) + (f"?{text}" if text else "")


def read(
    answers: Answers, path: str, search: str, covered: Sequence[Covered], values: Mapping[str, str]
) -> View:
    """The view that an address asks for. Raises `BadAddress`."""
    query = {name: value[:_LENGTH] for name, value in parse_qsl(search.removeprefix("?"))}
    if query.get("compare", "none") not in (*COMPARISONS, "none"):
        raise _bad(N_("it compares with '{value}'"), query["compare"])
    known = {one.platform for one in covered}
    for name in _listed(query.get("platform", "")) if covered else ():
        if name not in known:
            raise _bad(N_("there are no data of '{value}'"), name)
    return View(answers, path, query, _period(query, covered), covered, values)


def _listed(text: str) -> set[str]:
    """What an address lists, separated by commas."""
    return {name for name in text.split(",") if name}


def _period(query: Mapping[str, str], covered: Sequence[Covered]) -> Period:
    if query.get("from") == "all":
        return Period(None, None)
    first, last = _day(query.get("from")), _day(query.get("to"))
    if first is None and last is None:
        end = max((one.last for one in covered), default=None)
        return Period(None, None) if end is None else latest(end, 12)
    if first is not None and last is not None and first > last:
        raise BadAddress(
            reason=Message(
                N_("the period ends ({last}) before it begins ({first})"),
                {"first": first, "last": last},
            )
        )
    return Period(first, last)


def latest(end: dt.date, months: int) -> Period:
    """The months until a day: whole ones when it is the last of its month.

    >>> latest(dt.date(2025, 6, 30), 12).first, latest(dt.date(2025, 2, 14), 1).first
    (datetime.date(2024, 7, 1), datetime.date(2025, 1, 15))
    """
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_whole = end.day == calendar.monthrange(end.year, end.month)[1]
    day = length if is_whole else min(end.day, length)
    return Period(dt.date(year, month + 1, day) + dt.timedelta(days=1), end)


def presets(end: dt.date) -> list[tuple[Message, Period]]:
    """Periods to choose from, all ending where the data do or in whole calendar years."""
    quarter = (end.month - 1) // 3 * 3 + 1
    return [
        (Message(N_("last 30 days")), Period(end - dt.timedelta(days=29), end)),
        (Message(N_("last 3 months")), latest(end, 3)),
        (Message(N_("this quarter")), Period(dt.date(end.year, quarter, 1), end)),
        (Message(N_("last 12 months")), latest(end, 12)),
        (Message(N_("year {year}"), {"year": end.year}), _year(end.year)),
        (Message(N_("year {year}"), {"year": end.year - 1}), _year(end.year - 1)),
        (Message(N_("all data")), Period(None, None)),
    ]


def _year(year: int) -> Period:
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _day(text: str | None) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise _bad(N_("'{value}' is no day like 2025-01-31"), text) from None


def _bad(text: str, value: object) -> BadAddress:
    return BadAddress(reason=Message(text, {"value": value}))
