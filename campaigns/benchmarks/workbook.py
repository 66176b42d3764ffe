"""The benchmark as a workbook for reading: what matters on the first sheet, all tables behind it.

There is no formula in it: every cell is a value, and a text that looks like a formula is made
harmless. The same benchmark gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from campaigns.benchmarks import tables
from campaigns.benchmarks.benchmark import Benchmark
from campaigns.benchmarks.comparisons import COMPARED, STATUSES, Comparison
from campaigns.benchmarks.references import STATISTICS, Reference
from campaigns.benchmarks.sheets import Sheet, Styles, style_of
from campaigns.benchmarks.tables import Filled
from campaigns.metrics import METRICS
from campaigns.reports.exports import heading
from campaigns.translations import _, say

WORKBOOK = "benchmark.xlsx"

_SUMMARY = ("posts", "impressions", "reach_lower", "reach_upper", "er_impressions", "cost", "cpm")
_BOUNDED = ("reach_upper", "cost_per_reach_lower")
_TREND = "er_impressions"
_SHOWN_CAMPAIGNS = 15
_BEHIND = (
    tables.PLATFORM_METRICS, tables.OWN_PLATFORMS, tables.OWN_MONTHS, tables.PEERS,
    tables.PEER_PLACES, tables.REFERENCES, tables.METRIC_LIST, tables.DICTIONARY,
)  # fmt: skip


def write_workbook(benchmark: Benchmark, path: Path) -> None:
    """Write the workbook to a file."""
    import xlsxwriter  # slow to load

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        # Without a day of its own the writer would put the clock in the file.
        made_on = benchmark.request.made_on or benchmark.data_until or dt.date(2000, 1, 1)
        created = dt.datetime.combine(made_on, dt.time(), dt.UTC).replace(tzinfo=None)
        book.set_properties({"title": _("Benchmark of campaigns"), "created": created})
        styles = Styles(book)
        summary = Sheet(book, _("Summary"), styles)
        _write_summary(benchmark, summary)
        _write_campaigns(benchmark, Sheet(book, _("Campaigns"), styles))
        _write_comparisons(benchmark, Sheet(book, _("Compared"), styles))
        _write_trend(benchmark, Sheet(book, _("Trend"), styles))
        for table in _BEHIND:
            _write_table(benchmark.table(table), Sheet(book, _(table.title), styles))
        _write_table(benchmark.table(tables.NOTES), Sheet(book, _("Method and notes"), styles))
        summary.sheet.activate()


def _write_summary(benchmark: Benchmark, sheet: Sheet) -> None:
    names = [name for name in _SUMMARY if name in _columns(benchmark)]
    sheet.widths([44, *[14] * (len(names) + 1)])
    sheet.title(_("Benchmark of campaigns"))
    notes = benchmark.table(tables.NOTES).rows
    for row in notes[: 1 + sum(row["topic"] == _("data") for row in notes)]:
        sheet.line(row["note"])
    sheet.line(_("Empty is not known, never 0. The last sheet says how it was counted."))
    sheet.skip()
    sheet.subtitle(_("What each campaign reached and cost"))
    first = sheet.head([heading("campaign"), *map(heading, names), heading("currency")])
    rows = [row for row in benchmark.by_campaign.rows if row["campaign"] is not None]
    for row in rows[:_SHOWN_CAMPAIGNS]:
        values = [(_shown(row, name), style_of(name)) for name in names]
        sheet.row([(_name(benchmark, row), ""), *values, (row.get("currency"), "")])
    if len(rows) > _SHOWN_CAMPAIGNS:
        sheet.line(_("The others are on the sheet Campaigns."))
    shown = min(len(rows), _SHOWN_CAMPAIGNS)
    if not rows:
        sheet.line(_("No campaign is known yet."))
    sheet.skip()
    _write_compared(benchmark, sheet)
    sheet.skip()
    if shown and "impressions" in names:
        column = 1 + names.index("impressions")
        area = (first, 0, shown)
        sheet.chart("bar", _("Impressions per campaign"), area, [column], "#,##0", (sheet.next, 0))


def _write_compared(benchmark: Benchmark, sheet: Sheet) -> None:
    """The published figures that could be compared with the own posts."""
    sheet.subtitle(_("Published figures of others, and the own posts"))
    compared = [one for one in benchmark.comparisons if one.status == COMPARED]
    if not compared:
        sheet.line(_("None could be compared; the sheet Compared says why."))
        return
    sheet.head([
        _("figure"), _("published"), _("own (half above)"), _("own posts"),
        _("own posts below it"), _("years"), _("grade"), _("source"),
    ])  # fmt: skip
    for one in compared:
        style = style_of(one.reference.metric)
        sheet.row([
            (_figure(one), ""), (one.reference.value, style), (one.own_value, style),
            (one.spread.posts if one.spread else None, "count"), (one.own_percentile, "share"),
            (one.reference.years, ""), (one.reference.grade, ""), (one.reference.source, ""),
        ])  # fmt: skip


def _figure(one: Comparison) -> str:
    """What a figure is of: metric, platform, and what narrows it down."""
    reference = one.reference
    label = METRICS[reference.metric].label if reference.metric in METRICS else reference.metric
    delivery = _(reference.delivery) if reference.delivery else ""
    about = [_(label), reference.platform, delivery, reference.sector, reference.scope]
    return ", ".join(word for word in about if word)


def _write_campaigns(benchmark: Benchmark, sheet: Sheet) -> None:
    """All metrics of all campaigns, a column each where anything is known."""
    names = [
        name
        for name in _columns(benchmark)
        if any(_shown(row, name) is not None for row in benchmark.by_campaign.rows)
    ]
    sheet.widths([34, *[14] * len(names), 10, 40])
    sheet.head([heading("campaign"), *map(heading, names), heading("currency"), _("partial")])
    for row in benchmark.by_campaign.rows:
        values = [(_shown(row, name), style_of(name)) for name in names]
        partial = ", ".join(heading(name) for name in row["partial"])
        sheet.row([(_name(benchmark, row), ""), *values, (row.get("currency"), ""), (partial, "")])
    sheet.as_table(1)


def _shown(row: Mapping[str, Any], name: str) -> object:
    """A value, unless it would be read for what it is not: without any measured reach its upper
    bound is nothing but impressions, which are not people."""
    has_bound = row.get("reach_lower") is not None
    return row.get(name) if has_bound or name not in _BOUNDED else None


def _columns(benchmark: Benchmark) -> list[str]:
    return list(dict.fromkeys(metric.name for metric in benchmark.by_campaign.metrics))


def _name(benchmark: Benchmark, row: Mapping[str, Any]) -> str:
    campaign = row["campaign"]
    if campaign is None:
        return _("no campaign")
    return benchmark.campaign_names.get(campaign) or str(campaign)


def _write_comparisons(benchmark: Benchmark, sheet: Sheet) -> None:
    """Every published figure, and what became of it."""
    sheet.widths([44, 13, 14, 15, 26, 11, 10, 11, 60, 36, 9, 11, 22, 26, 7, 12])
    sheet.head([
        _("figure"), _("kind"), _("published"), _("unit"), _("outcome of the comparison"),
        _("own"), _("own posts"), _("own posts below it"), _("why, or what to know"), _("base"),
        _("country"), _("years"), _("sample"), _("source"), _("grade"), _("list"),
    ])  # fmt: skip
    order = list(STATUSES)
    for one in sorted(benchmark.comparisons, key=lambda one: order.index(one.status)):
        reference = one.reference
        style = "fraction" if reference.unit == "fraction" else style_of(reference.metric)
        sheet.row([
            (_figure(one), ""), (_(STATISTICS[reference.statistic]), ""), (reference.value, style),
            (_unit(reference), ""), (_(STATUSES[one.status]), ""),
            (one.own_value, style), (one.spread.posts if one.spread else None, "count"),
            (one.own_percentile, "share"), (say(one.reason) if one.reason else None, ""),
            (reference.base, ""), (reference.country, ""), (reference.years, ""),
            (reference.sample, ""), (reference.source, ""), (reference.grade, ""),
            (reference.file, ""),
        ])  # fmt: skip
    sheet.as_table(1)


def _unit(reference: Reference) -> str:
    """The unit as a reader needs it: fractions are shown as percentages."""
    return "" if reference.unit == "fraction" else reference.currency or reference.unit


def _write_trend(benchmark: Benchmark, sheet: Sheet) -> None:
    """The median of one metric by month and platform, with a chart."""
    spreads = [
        one for one in benchmark.spreads
        if one.metric == _TREND and one.delivery == "total" and one.month and one.median is not None
    ]  # fmt: skip
    sheet.title(_("Half of the own posts of a month do better than this"))
    sheet.line(_("{metric}; months with at least ten posts", metric=heading(_TREND)))
    sheet.skip()
    platforms = sorted({one.platform for one in spreads})
    months = sorted({str(one.month) for one in spreads})
    if not months:
        sheet.line(_("No month has enough posts."))
        return
    medians = {(one.month, one.platform): one.median for one in spreads}
    first = sheet.head([heading("month"), *platforms])
    for month in months:
        sheet.row([
            (month, ""),
            *((medians.get((month, platform)), style_of(_TREND)) for platform in platforms),
        ])  # fmt: skip
    sheet.chart(
        "line", heading(_TREND), (first, 0, len(months)), list(range(1, len(platforms) + 1)),
        "0.0%", (first - 1, len(platforms) + 2),
    )  # fmt: skip
    sheet.widths([14] * (len(platforms) + 1))


def _write_table(filled: Filled, sheet: Sheet) -> None:
    """A table as it is in the data package."""
    sheet.widths([_width(filled, field.name) for field in filled.table.fields])
    sheet.head([field.name for field in filled.table.fields])
    for row in filled.rows:
        unit = style_of(str(row.get("metric") or row.get("measure") or ""))
        sheet.row([(row[field.name], _style(field, unit)) for field in filled.table.fields])
    sheet.as_table(1)


def _style(field: tables.Field, of_metric: str) -> str:
    if field.kind == "integer":
        return "year" if field.name.endswith("_year") else "count"
    if field.kind != "number":
        return ""
    if field.unit == "fraction":
        return "fraction"
    return of_metric if of_metric != "count" else "number"


def _width(filled: Filled, name: str) -> int:
    """As wide as the longest text needs, within bounds."""
    longest: Sequence[int] = [len(str(row[name])) for row in filled.rows if row[name] is not None]
    return min(max([len(name), *longest]) + 2, 90 if filled.table is tables.NOTES else 60)
