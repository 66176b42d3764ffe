"""The tables of the benchmark export: their columns, keys and meaning, each declared once.

The schemas of the data package, the data dictionary, the sheets of the workbook and the columns of
Parquet files are derived from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from campaigns.benchmarks.comparisons import STATUSES
from campaigns.benchmarks.peers import MEASURES
from campaigns.benchmarks.references import GRADES, STATISTICS
from campaigns.errors import N_
from campaigns.schema import DELIVERIES

Kind = Literal["string", "integer", "number", "boolean", "date"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """A column: its name, kind (a type of Table Schema), meaning and unit.

    ``known`` lists all values that it can have.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    is_required: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: its columns, the columns that tell its rows apart, and what they refer to.

    ``links`` gives for a column the table and column in which its values occur.
    """

    name: str
    title: str
    meaning: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()

    def filled(self, rows: Sequence[Row]) -> Filled:
        """The table with rows; `ValueError` for a column that was not declared or is missing."""
        names = [field.name for field in self.fields]
        for row in rows:
            if list(row) != names:
                raise ValueError(f"table {self.name!r} has the columns {names}, not {list(row)}")
        return Filled(self, tuple(rows))


@dataclass(frozen=True)
class Filled:
    """A table and its rows; null is not reported."""

    table: Table
    rows: tuple[Row, ...]


def _text(name: str, meaning: str, *, required: bool = False, known: Sequence[str] = ()) -> Field:
    return Field(name, "string", meaning, "", required, tuple(known))


def _number(name: str, meaning: str, unit: str = "") -> Field:
    return Field(name, "number", meaning, unit)


def _whole(name: str, meaning: str, unit: str = "") -> Field:
    return Field(name, "integer", meaning, unit)


def _day(name: str, meaning: str, *, required: bool = False) -> Field:
    return Field(name, "date", meaning, "", required)


_OF_METRIC = N_("see the metric")
_PLATFORM = _text("platform", N_("where it was shown"), required=True)
_METRIC = _text("metric", N_("the metric, as in the table metrics"), required=True)
_CURRENCY = _text("currency", N_("the currency of an amount (ISO 4217)"))
_DELIVERY = _text(
    "delivery", N_("organic (free), paid (advertised), or total (both)"), required=True,
    known=DELIVERIES,
)  # fmt: skip
_VALUE = (
    _number("value", N_("its value; empty is not known, never 0"), _OF_METRIC),
    _CURRENCY,
    _whole("known", N_("how many posts or rows had the value, where that says something")),
    Field("is_partial", "boolean", N_("of some posts only the organic or paid part is known")),
)
_QUARTILES = (
    _number("p25", N_("a quarter stays below it"), _OF_METRIC),
    _number("median", N_("half stays below it"), _OF_METRIC),
    _number("p75", N_("three quarters stay below it"), _OF_METRIC),
)
_SPREAD = (
    _METRIC,
    _DELIVERY,
    _whole("posts", N_("posts that had the value; under ten there are no quartiles"), "posts"),
    _whole("partial", N_("those of them of which only the organic or paid part is known"), "posts"),
    *_QUARTILES,
    _number("total", N_("the value of all those posts together, as a report gives it"), _OF_METRIC),
)
_TO_METRIC = (("metric", "metrics", "name"),)
_PERIOD = (
    _day("first_day", N_("first day of the period"), required=True),
    _day("last_day", N_("last day of the period"), required=True),
)

CAMPAIGNS = Table(
    "campaigns",
    N_("Campaigns"),
    N_("one campaign, as the operator defined it"),
    (
        _text("campaign", N_("its short name"), required=True),
        _text("name", N_("its name")),
        _day("first_day", N_("first day")),
        _day("last_day", N_("last day")),
        _text("goal_metric", N_("what it must bring: a metric or an outcome")),
        _number("goal_target", N_("how much of that")),
        _day("goal_on", N_("by which day")),
    ),
    ("campaign",),
)
CAMPAIGN_METRICS = Table(
    "campaign_metrics",
    N_("Campaigns by metric"),
    N_("one metric of one campaign, as bereik report --by campaign gives it"),
    (
        _text("campaign", N_("the campaign; empty: posts and costs of no campaign")),
        _METRIC,
        *_VALUE,
    ),
    links=(("campaign", "campaigns", "campaign"), *_TO_METRIC),
)
PLATFORM_METRICS = Table(
    "platform_metrics",
    N_("Platforms by metric"),
    N_("one metric of one platform, as bereik report --by platform gives it"),
    (_text("platform", N_("the platform; empty: of no platform")), _METRIC, _DELIVERY, *_VALUE),
    links=_TO_METRIC,
)
METRIC_LIST = Table(
    "metrics",
    N_("Metrics"),
    N_("one metric: what it counts or divides, by whose definition"),
    (
        _text("name", N_("its name"), required=True),
        _text("label", N_("its name for people")),
        _text("kind", N_("measure (added), ratio (divided) or derived (a named formula)")),
        _text("unit", N_("its unit; a fraction of 0.05 is 5 %")),
        _text("base", N_("what is divided by what: only equal bases are compared")),
        _text("meaning", N_("what it says")),
        _text("source", N_("whose definition it is")),
    ),
    ("name",),
)
OWN_PLATFORMS = Table(
    "own_platforms",
    N_("Own posts"),
    N_("how a metric spreads over the own posts of a platform in the whole period"),
    (_PLATFORM, *_SPREAD),
    ("platform", "metric", "delivery"),
    _TO_METRIC,
)
OWN_MONTHS = Table(
    "own_months",
    N_("Own posts by month"),
    N_("how a metric spreads over the own posts of a platform published in a month"),
    (
        _PLATFORM,
        _text("month", N_("the month of publication, as 2025-01"), required=True),
        *_SPREAD,
    ),
    ("platform", "month", "metric", "delivery"),
    _TO_METRIC,
)
REFERENCES = Table(
    "reference_figures",
    N_("Published figures"),
    N_("one figure that others published, with its definition and where it comes from"),
    (
        _text("id", N_("its id in the list"), required=True),
        _text("platform", N_("the platform or medium"), required=True),
        _text("metric", N_("what it is a figure of"), required=True),
        _text("base", N_("what is divided by what"), required=True),
        _text("per", N_("of what it is a figure: post, page, ad, account, organisation")),
        _text("delivery", N_("organic, paid or total; empty is not stated"), known=DELIVERIES),
        _text("sector", N_("the sector; empty is not stated")),
        _text("scope", N_("to what it is narrowed down")),
        _text("country", N_("the country; empty is several or not stated (ISO 3166)")),
        _text("statistic", N_("the kind of figure"), known=tuple(STATISTICS)),
        Field("value", "number", N_("the figure; shares are fractions"), "", True),
        _text("unit", N_("its unit")),
        _CURRENCY,
        _whole("first_year", N_("first year of the data")),
        _whole("last_year", N_("last year of the data")),
        _text("period", N_("the period, where it is stated more closely")),
        _text("sample", N_("from how many it was made")),
        _text("source", N_("who published it"), required=True),
        _text("grade", N_("A the original page, B a page that quotes it, C an agency or unknown"),
              required=True, known=GRADES),
        _text("note", N_("what else must be known of it")),
        _day("entered_on", N_("when it was put in the list")),
        _text("file", N_("the list: bereik, or the user's own file")),
    ),
    ("id",),
)  # fmt: skip
COMPARISONS = Table(
    "comparisons",
    N_("Compared"),
    N_("one published figure beside the own one, or the reason why they are not compared"),
    (
        _text("reference", N_("the figure, as in the table reference_figures"), required=True),
        _text("status", N_("compared, beside (without a percentile), or refused"), required=True,
              known=tuple(STATUSES)),
        _text("reason", N_("why it is not compared, or what must be known beside it")),
        _number("own_value", N_("the own figure: of posts the same statistic, else the total"),
                _OF_METRIC),
        _whole("own_posts", N_("own posts that had the value"), "posts"),
        *(Field(f"own_{one.name}", one.kind, one.meaning, one.unit) for one in _QUARTILES),
        _number("own_percentile", N_("the part of the own posts that stays below the published "
                                     "figure; equal ones count half"), "fraction"),
    ),
    ("reference",),
    (("reference", "reference_figures", "id"),),
)  # fmt: skip
PEERS = Table(
    "peers",
    N_("Competitors"),
    N_("one page in one period: a competitor, or the own page in the same export"),
    (
        _PLATFORM,
        *_PERIOD,
        _text("account", N_("the page"), required=True),
        _text("name", N_("its name")),
        _text("role", N_("own or peer (a competitor)"), known=("own", "peer")),
        _whole("followers", N_("followers at the end"), "people"),
        _whole("new_followers", N_("followers won in the period"), "people"),
        _whole("engagements", N_("interactions as the platform counts them"), "times"),
        _whole("posts_published", N_("posts published in the period"), "posts"),
        _number("engagements_per_post", N_("interactions by posts published"), "times"),
        _number("follower_growth_rate", N_("followers won by the followers at the start"),
                "fraction"),
    ),
    ("platform", "first_day", "last_day", "account"),
)  # fmt: skip
PEER_PLACES = Table(
    "peer_places",
    N_("Place among competitors"),
    N_("one measure of an own page among its competitors in one period"),
    (
        _PLATFORM,
        *_PERIOD,
        _text("account", N_("the own page"), required=True),
        _text("measure", N_("the measure, a column of the table peers"), required=True,
              known=MEASURES),
        _number("value", N_("the own value")),
        _whole("peers", N_("competitors that had the value; under five there is no place")),
        *(Field(field.name, field.kind, field.meaning) for field in _QUARTILES),
        _number("percentile", N_("the part of the competitors that stays below the own page; "
                                 "equal ones count half"), "fraction"),
        _text("reason", N_("why there is no place")),
    ),
    ("platform", "first_day", "last_day", "account", "measure"),
)  # fmt: skip
DICTIONARY = Table(
    "dictionary",
    N_("Columns"),
    N_("one column of one table of this export"),
    (
        _text("table", N_("the table"), required=True),
        _text("column", N_("the column"), required=True),
        _text("type", N_("its type")),
        _text("unit", N_("its unit")),
        _text("meaning", N_("what it says")),
    ),
    ("table", "column"),
)
NOTES = Table(
    "notes",
    N_("Method and notes"),
    N_("one thing that a reader must know"),
    (
        _text("topic", N_("what it is about"), required=True),
        _text("note", N_("the remark"), required=True),
    ),
)

TABLES = (
    CAMPAIGNS, CAMPAIGN_METRICS, PLATFORM_METRICS, METRIC_LIST, OWN_PLATFORMS, OWN_MONTHS,
    REFERENCES, COMPARISONS, PEERS, PEER_PLACES, DICTIONARY, NOTES,
)  # fmt: skip
"""All tables of the export, in the order in which they are written."""
