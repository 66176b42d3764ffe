"""A benchmark: the figures of campaigns and platforms with what they can be compared with.

Everything is read from one moment of the store. Campaigns and platforms are reports; nothing is
computed a second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaigns import definitions
from campaigns.benchmarks import tables
from campaigns.benchmarks.comparisons import Comparer, Comparison, Total
from campaigns.benchmarks.own import OwnPosts, Period, Spread
from campaigns.benchmarks.peers import peer_rows, places
from campaigns.benchmarks.references import Reference, base_of, collected, dated
from campaigns.benchmarks.remarks import remarks
from campaigns.benchmarks.tables import Filled, Row, Table
from campaigns.errors import ImpossibleQuestion, Message
from campaigns.metrics import METRICS
from campaigns.reports import Question, Report, answer
from campaigns.schema import DELIVERIES
from campaigns.store import Snapshot, Store
from campaigns.translations import _, say

CAMPAIGN_METRICS = (
    "posts", "impressions", "reach_lower", "reach_upper", "engagements", "public_engagements",
    "likes", "comments", "shares", "clicks", "video_views", "er_impressions", "er_public",
    "amplification_rate", "ctr", "contacts", "readers_lower", "readers_upper", "spend", "cost",
    "cpm", "paid_cpm", "cpc", "cpe", "cpv", "cost_per_contact", "cost_per_reach_lower",
    "cost_per_reach_upper", "budget", "budget_left", "outcome", "cost_per_outcome",
)  # fmt: skip
"""The metrics of campaigns; of platforms those of them that are known of platforms."""

_OF_ADS = ("spend", "paid_cpm")


@dataclass(frozen=True)
class Request:
    """What a benchmark is made of: a period of publication, currency, and lists of figures.

    ``references`` are files in the shape of the shipped list. ``made_on`` is the day that the
    export states; nothing else in it depends on the clock.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    currency: str | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    universe: int | None = None
    references: tuple[Path, ...] = ()
    made_on: dt.date | None = None

    def question(self, by: str, metrics: Sequence[str], delivery: str = "total") -> Question:
        """A report of this period and currency, of those metrics that it can give."""
        asked = Question(
            (by,), (), self.first, self.last, delivery=delivery,
            currency=self.currency, rates=self.rates, universe=self.universe,
        )  # fmt: skip
        return _possible(asked, metrics)


@dataclass(frozen=True)
class Benchmark:
    """The tables of the export, and for pages and workbooks what they were made of."""

    request: Request
    tables: tuple[Filled, ...]
    by_campaign: Report
    campaign_names: Mapping[str, str]
    spreads: tuple[Spread, ...]
    comparisons: tuple[Comparison, ...]
    data_until: dt.date | None

    def table(self, table: Table) -> Filled:
        """One of the tables, with its rows."""
        return next(filled for filled in self.tables if filled.table is table)


def benchmark(store: Store, request: Request) -> Benchmark:
    """Make a benchmark from a store.

    Raises `ImpossibleQuestion` and `MixedCurrencies` as reports do, and `BadDefinition` for a list
    of figures that cannot be right.
    """
    request.question("campaign", ("posts",)).check()
    references = collected(request.references)
    return store.read(lambda snapshot: _benchmark(snapshot, request, references))


def _possible(question: Question, metrics: Sequence[str]) -> Question:
    """The question with those of the metrics that it can give."""
    from dataclasses import replace

    def is_possible(name: str) -> bool:
        try:
            replace(question, metrics=(name,)).check()
        except ImpossibleQuestion:
            return False
        return True

    return replace(question, metrics=tuple(name for name in metrics if is_possible(name)))


def _benchmark(
    snapshot: Snapshot, request: Request, references: tuple[Reference, ...]
) -> Benchmark:
    period = Period(request.first, request.last)
    campaigns = answer(snapshot, request.question("campaign", CAMPAIGN_METRICS))
    platforms = {
        delivery: answer(
            snapshot, request.question("platform", _of_platforms(references, delivery), delivery)
        )
        for delivery in DELIVERIES
    }
    own = OwnPosts(snapshot, period)
    spreads = [*own.spreads(by_month=False), *own.spreads(by_month=True)]
    compared = Comparer(own, spreads, _totals(platforms)).all(references)
    peers = peer_rows(snapshot, period)
    defined = definitions.campaigns(snapshot)
    until = _data_until(snapshot)
    filled = [
        tables.CAMPAIGNS.filled([_campaign(one) for one in defined]),
        tables.CAMPAIGN_METRICS.filled(list(_values(campaigns, ("campaign",)))),
        tables.PLATFORM_METRICS.filled(list(_by_platform(platforms))),
        tables.OWN_PLATFORMS.filled([_spread(one) for one in spreads if one.month is None]),
        tables.OWN_MONTHS.filled([_spread(one) for one in spreads if one.month is not None]),
        tables.REFERENCES.filled([_reference(one) for one in references]),
        tables.COMPARISONS.filled([_comparison(one) for one in compared]),
        tables.PEERS.filled([_peer(row) for row in peers]),
        tables.PEER_PLACES.filled(_places(peers)),
        tables.METRIC_LIST.filled(_metrics()),
        tables.DICTIONARY.filled(list(_dictionary())),
        tables.NOTES.filled(
            [
                {"topic": _(topic), "note": say(note)}
                for topic, note in remarks(request, until, dated(references), [
                    *campaigns.notes, *(note for one in platforms.values() for note in one.notes)
                ])
            ]
        ),
    ]  # fmt: skip
    order = {table.name: place for place, table in enumerate(tables.TABLES)}
    return Benchmark(
        request,
        tuple(sorted(filled, key=lambda one: order[one.table.name])),
        campaigns,
        {one.campaign_id: one.name for one in defined},
        tuple(spreads),
        tuple(compared),
        until,
    )


def _of_platforms(references: Sequence[Reference], delivery: str) -> tuple[str, ...]:
    """The metrics of platforms: those of campaigns, and those that published figures are of.

    Money and print are not told apart by delivery: they are asked once, with the total.
    """
    published = [one.metric for one in references if one.metric in METRICS]
    names = dict.fromkeys((*CAMPAIGN_METRICS, *published, "followers"))
    if delivery == "total":
        return tuple(names)
    apart = {"placements", "followers"}
    return tuple(
        name for name in names if not METRICS[name].is_money and not apart & {*METRICS[name].parts}
    )


def _data_until(snapshot: Snapshot) -> dt.date | None:
    """The day up to which the figures are known, in the time zone of the store."""
    newest = " UNION ALL ".join(
        f"SELECT max(collected_at) AS collected_at FROM {name}_log"
        for name in ("post_metrics", "account_days", "account_periods", "ad_periods")
    )
    day: dt.date | None = snapshot.value(
        f"SELECT (max(collected_at) AT TIME ZONE $zone)::DATE FROM ({newest})",
        {"zone": snapshot.timezone},
    )
    return day


# --- rows


def _values(report: Report, keys: Sequence[str], **more: object) -> Iterator[Row]:
    """The metrics of a report, one a row."""
    for row in report.rows:
        for name in dict.fromkeys(metric.name for metric in report.metrics):
            value, is_money = row[name], METRICS[name].is_money
            yield {
                **{key: row[key] for key in keys},
                "metric": name,
                **more,
                "value": value,
                "currency": row.get("currency") if is_money and value is not None else None,
                "known": row["known"].get(name),
                "is_partial": name in row["partial"],
            }


def _by_platform(reports: Mapping[str, Report]) -> Iterator[Row]:
    """The metrics of platforms; of organic and paid apart only what is known."""
    for delivery, report in reports.items():
        for row in _values(report, ("platform",), delivery=delivery):
            if row["metric"] in _OF_ADS:
                row["delivery"] = "paid"
            if delivery == "total" or row["value"] is not None:
                yield row


def _totals(reports: Mapping[str, Report]) -> dict[tuple[str, str, str], Total]:
    """The own figures of whole platforms, by platform, delivery and metric."""
    return {
        (str(row["platform"]), row["delivery"], row["metric"]): Total(row["value"], row["currency"])
        for row in _by_platform(reports)
    }


def _campaign(campaign: definitions.Campaign) -> Row:
    names = (field.name for field in tables.CAMPAIGNS.fields[1:])
    return {"campaign": campaign.campaign_id, **{name: getattr(campaign, name) for name in names}}


def _spread(spread: Spread) -> Row:
    names = ("metric", "delivery", "posts", "partial", "p25", "median", "p75", "total")
    month = {} if spread.month is None else {"month": spread.month}
    return {"platform": spread.platform, **month, **{name: getattr(spread, name) for name in names}}


def _reference(reference: Reference) -> Row:
    """A published figure as a row: what is not stated is null."""
    values = {field.name: getattr(reference, field.name) for field in tables.REFERENCES.fields}
    return {name: None if value == "" else value for name, value in values.items()}


def _comparison(one: Comparison) -> Row:
    spread = one.spread
    return {
        "reference": one.reference.id,
        "status": one.status,
        "reason": say(one.reason) if one.reason else None,
        "own_value": one.own_value,
        "own_posts": spread.posts if spread else None,
        "own_p25": spread.p25 if spread else None,
        "own_median": spread.median if spread else None,
        "own_p75": spread.p75 if spread else None,
        "own_percentile": one.own_percentile,
    }


def _peer(row: Mapping[str, object]) -> Row:
    return {
        field.name: row["account_id" if field.name == "account" else field.name]
        for field in tables.PEERS.fields
    }


def _places(peers: Sequence[Mapping[str, object]]) -> list[Row]:
    names = [field.name for field in tables.PEER_PLACES.fields]
    return [{name: _said(getattr(place, name)) for name in names} for place in places(peers)]


def _said(value: object) -> object:
    return say(value) if isinstance(value, Message) else value


def _metrics() -> list[Row]:
    """Every metric that bereik knows: also those that another list of figures may want."""
    return [
        {
            "name": metric.name,
            "label": _(metric.label),
            "kind": metric.kind,
            "unit": metric.unit,
            "base": base_of(metric),
            "meaning": _(metric.meaning),
            "source": _(metric.source),
        }
        for metric in METRICS.values()
    ]


def _dictionary() -> Iterator[Row]:
    for table in tables.TABLES:
        for column in table.fields:
            yield {
                "table": table.name,
                "column": column.name,
                "type": column.kind,
                "unit": _(column.unit) if column.unit else None,
                "meaning": _(column.meaning),
            }
