"""What a report is asked: groupings, metrics, period, filters; and what makes no sense."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

from campaigns.errors import N_, ImpossibleQuestion, Message
from campaigns.metrics import METRICS, Metric, components
from campaigns.schema import DELIVERIES

KEYS: dict[str, tuple[str, ...]] = {
    "campaign": ("campaign",),
    "account": ("platform", "account"),
    "ambassador": ("ambassador",),
    "platform": ("platform",),
    "post": ("platform", "post"),
    "day": ("day",),
    "week": ("week",),
    "month": ("month",),
    "media": ("media",),
}
"""The columns by which a report can be made, and the columns that tell its rows apart."""

TIMES = ("day", "week", "month")
ACCOUNTINGS = ("published", "activity")
COMPARISONS = ("previous", "year")

_PER_POST = ("impressions", "reach", "engagements", "likes", "comments", "shares", "clicks",
             "er_impressions")  # fmt: skip
_USUAL = ("impressions", "reach_lower", "reach_upper", "engagements", "er_impressions", "spend",
          "cost", "cpm")  # fmt: skip
_USUAL_BY: dict[tuple[str, ...], tuple[str, ...]] = {
    ("campaign",): (*_USUAL, "budget_left", "cost_per_outcome"),
    ("media",): ("impressions", "contacts", "reach_lower", "reach_upper", "readers_lower",
                 "readers_upper", "engagements", "spend", "cost", "cpm", "cost_per_contact"),
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A report to be made. Days are inclusive; None is everything, and so are no ``platforms``.

    ``rates`` says what one unit of another currency is worth in ``currency``; ``universe`` how
    many people could be reached at all; ``limit`` how many posts are shown at most, of a report by
    post, those that brought most. Raises `ImpossibleQuestion` from `check`, never when made.
    """

    by: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    campaign: str | None = None
    account: str | None = None
    ambassador: str | None = None
    platforms: tuple[str, ...] = ()
    delivery: str = "total"
    accounting: str = "published"
    compare: str | None = None
    currency: str | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    universe: int | None = None
    limit: int | None = None

    @property
    def identity(self) -> tuple[Hashable, ...]:
        """What tells this question from every other one."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return tuple({**found, "rates": tuple(sorted(self.rates.items()))}.values())

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell the rows apart.

        >>> Question(by=("account", "platform")).keys
        ('platform', 'account')
        """
        return tuple(dict.fromkeys(key for column in self.by for key in KEYS[column]))

    @property
    def time(self) -> str | None:
        """The grouping in time: day, week or month."""
        return next((column for column in self.by if column in TIMES), None)

    @cached_property
    def asked(self) -> tuple[Metric, ...]:
        """The metrics asked for, else the usual ones of this grouping."""
        if self.metrics:
            return tuple(METRICS[name] for name in dict.fromkeys(self.metrics))
        usual = _USUAL_BY.get(self.by, _PER_POST if "post" in self.by else _USUAL)
        return tuple(METRICS[name] for name in usual if self._obstacle(METRICS[name]) is None)

    def check(self) -> None:
        """Raise `ImpossibleQuestion` where no data could answer it."""
        self._check_words()
        self._check_period()
        self._check_money()
        self._check_accounting()
        for metric in self.asked:
            obstacle = self._obstacle(metric)
            if obstacle:
                raise ImpossibleQuestion(reason=obstacle[0], possible=obstacle[1])
        if self.compare:
            other_period(self)

    def _check_words(self) -> None:
        for given, known, what in (
            (self.by, KEYS, N_("There is no grouping '{given}'.")),
            (self.metrics, METRICS, N_("There is no metric '{given}'.")),
            ((self.delivery,), DELIVERIES, N_("There is no delivery '{given}'.")),
            ((self.accounting,), ACCOUNTINGS, N_("There is no accounting '{given}'.")),
            ((self.compare or "year",), COMPARISONS, N_("There is no comparison '{given}'.")),
        ):
            for name in given:
                if name not in known:
                    raise _impossible(what, ", ".join(known), given=name)
        if len(self.by) > 2 or len(set(self.by)) < len(self.by):
            raise _impossible(N_("A report is by one or two different columns."), ", ".join(KEYS))
        if len({"day", "week", "month"} & set(self.by)) > 1:
            raise _impossible(N_("A report is by one unit of time."), "day, week, month")

    def _check_period(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise _impossible(
                N_("The period ends ({last}) before it begins ({first})."),
                Message(N_("--from a day not after --to")),
                first=self.first,
                last=self.last,
            )
        if self.universe is not None and self.universe < 1:
            raise _impossible(N_("A universe has at least one person."), "--universe 1")

    def _check_money(self) -> None:
        codes = [*self.rates, *([self.currency] if self.currency is not None else [])]
        for code in codes:
            if not (len(code) == 3 and code.isascii() and code.isalpha()):
                raise _impossible(N_("There is no currency '{given}'."), "EUR, USD", given=code)
        if self.rates and self.currency is None:
            raise _impossible(N_("Rates need a currency to convert to."), "--currency EUR")
        for code, rate in self.rates.items():
            if not 0 < rate < float("inf"):
                raise _impossible(
                    N_("A rate is more than 0, not {rate}."), f"--rate {code}=1", rate=rate
                )
            if code.upper() == (self.currency or "").upper() and rate != 1:
                raise _impossible(
                    N_("A rate says what another currency is worth in {code}."),
                    "--currency EUR --rate USD=0.92",
                    code=code.upper(),
                )

    def _check_accounting(self) -> None:
        if "media" in self.by and self.delivery != "total":
            raise _impossible(
                N_("A report by media shows organic and paid side by side, not one of them."),
                "--delivery total",
            )
        if self.accounting == "activity":
            columns = [column for column in self.by if column in {"campaign", "post"}]
            if self.campaign is not None:
                columns.append("campaign")
            for column in columns:
                raise _impossible(
                    N_("What happened per day is known of accounts, not per {column}."),
                    Message(N_("--accounting published, or by account, ambassador, platform, day, "
                               "week, month, media")),
                    column=column,
                )  # fmt: skip

    def _obstacle(self, metric: Metric) -> tuple[Message, object] | None:
        """Why this question cannot give the metric, and what can."""
        for part in (metric, *components(metric)):
            values = {"metric": metric.name, "by": ", ".join(self.by)}
            if part.by and not set(self.by) <= set(part.by):
                return Message(N_("{metric} is not known by {by}."), values), ", ".join(part.by)
            if self.accounting not in part.accountings:
                reason = Message(N_("{metric} is known of posts, not per day."), values)
                return reason, "--accounting published"
            if part.delivery and self.delivery != part.delivery:
                reason = Message(N_("{metric} is about organic and paid together."), values)
                return reason, f"--delivery {part.delivery}"
        return None


def other_period(question: Question) -> Question:
    """The question about the period to compare with.

    ``previous`` is as long and ends the day before; of whole months as many whole months. ``year``
    is the same days a year earlier; of whole months whole months. Raises `ImpossibleQuestion`
    without a period, and for rows that another period cannot have.

    >>> january = Question(first=dt.date(2025, 3, 1), last=dt.date(2025, 3, 31), compare="previous")
    >>> other_period(january).first, other_period(january).last
    (datetime.date(2025, 2, 1), datetime.date(2025, 2, 28))
    """
    first, last = question.first, question.last
    if first is None or last is None:
        raise _impossible(
            N_("A comparison needs a period."), Message(N_("--from DAY --to DAY with --compare"))
        )
    for column in ("post", *TIMES):
        if column in question.by:
            raise _impossible(
                N_("Rows by {column} cannot be compared: another period has other ones."),
                "campaign, account, ambassador, platform, media",
                column=column,
            )
    try:
        if question.compare == "year":
            is_whole = _whole_months(first, last) is not None
            first, last = _shift(first, -12), _shift(last, -12)
            last = _month_end(last) if is_whole else last
        elif (months := _whole_months(first, last)) is not None:
            first, last = _shift(first, -months), first - dt.timedelta(days=1)
        else:
            length = last - first + dt.timedelta(days=1)
            first, last = first - length, last - length
    except (OverflowError, ValueError):
        raise _impossible(
            N_("There is no period before this one."), Message(N_("a later --from"))
        ) from None
    return replace(question, first=first, last=last, compare=None)


def _whole_months(first: dt.date, last: dt.date) -> int | None:
    if first.day != 1 or last != _month_end(last):
        return None
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _shift(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last day of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, length))


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _impossible(text: str, possible: object, **values: object) -> ImpossibleQuestion:
    return ImpossibleQuestion(reason=Message(text, values), possible=possible)
