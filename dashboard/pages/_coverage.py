"""How fresh the data are, and which days they cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dash import html

from campaigns.errors import N_, NoStore
from campaigns.reports import wording
from campaigns.reports.coverage import Series, calendar
from campaigns.translations import _
from dashboard import formats as shown
from dashboard.channels import channel_of
from dashboard.pages._history import account_name
from dashboard.parts import Column, Line, Part, Table, badge, card, link, table
from dashboard.view import View

KINDS = {"days": N_("figures by day"), "posts": N_("posts"), "ads": N_("ads")}
"""What kinds of figures are called."""

BEHIND = 7
"""Days that a channel may end before the newest data before it lies behind."""

MONTHS = 12
MOST = 5
"""Gaps that are told one by one."""


def _calendar(view: View) -> list[Series]:
    try:
        return view.answers.ask(calendar)
    except NoStore:
        return []


def freshness(view: View) -> html.Section | None:
    """Until when there are data per channel, and how to get what is missing."""
    lasts: dict[str, dt.date] = {}
    for series in _calendar(view):
        lasts[series.platform] = max(lasts.get(series.platform, series.last), series.last)
    if not lasts:
        return None
    newest = max(lasts.values())
    behind = [name for name, last in lasts.items() if (newest - last).days > BEHIND]
    said = (
        _("{n} of {total} channels end more than a week before the newest data.",
          n=len(behind), total=len(lasts))
        if behind
        else _("All channels are up to date with each other: until {day}.", day=shown.day(newest))
    )  # fmt: skip
    items = [
        html.Li(_fresh(view, name, last, (newest - last).days))
        for name, last in sorted(lasts.items(), key=lambda item: item[1])
    ]
    return card(
        html.H2(_("How fresh it is")),
        html.P(said, className="conclusion"),
        html.Ul(items, className="fresh"),
    )


def _fresh(view: View, platform: str, last: dt.date, days: int) -> list[Part]:
    name = html.Strong(wording.name("platform", platform))
    until = html.Span(_("until {day}", day=shown.day(last)))
    if days <= BEHIND:
        return [name, until, badge(_("up to date"), "good")]
    way = channel_of(platform)
    help_ = link(_("How to download"), view.href(channel=way.name) + "#get") if way else None
    return [name, until, badge(_("{n} days behind", n=days), "warn"), help_]


def coverage(view: View) -> html.Section | None:
    """Per account and month: how many days have data."""
    everything = _calendar(view)
    if not everything:
        return None
    is_all = view.get("coverage") == "all"
    colleagues = len({(one.platform, one.account_id) for one in everything if one.is_colleague})
    found = [one for one in everything if is_all or not one.is_colleague]
    months = _months(view, everything)
    shown_gaps = [
        (series, gap)
        for series in found
        for gap in series.gaps
        if gap[1] >= months[0] and gap[0] < _after(months[-1])
    ]
    columns = [
        Column("platform", _("Channel")),
        Column("account", _("Account")),
        Column("kind", _("What")),
        *[
            Column(month.isoformat()[:7], shown.short_month(month), is_sortable=False)
            for month in months
        ],
    ]
    content = Table(
        "coverage",
        _("Days with data, per account and month"),
        columns,
        [_series(series, months) for series in found],
    )
    return card(
        html.H2(_("What is there, and what is missing")),
        html.P(_verdict(shown_gaps), className="conclusion"),
        html.P(_switch(view, colleagues, is_all=is_all)) if colleagues else None,
        html.Ul([html.Li(_gap(*one)) for one in shown_gaps[:MOST]]) if shown_gaps else None,
        _legend(),
        table(view, content, is_quiet=True),
        _years(view, everything, months),
        id="coverage",
    )


def _switch(view: View, colleagues: int, *, is_all: bool) -> Part:
    """The way to the accounts of colleagues and back: they are many, and gaps in them are usual."""
    said = (
        _("Show the own accounts alone")
        if is_all
        else _("Show the accounts of colleagues too ({n})", n=colleagues)
    )
    return link(said, view.href(coverage=None if is_all else "all", **{"page-coverage": None}))


def _months(view: View, found: Sequence[Series]) -> list[dt.date]:
    """The months of a year, ending with the newest data; ``back`` goes years back."""
    text = view.get("back")
    back = int(text) if text.isdecimal() and len(text) < 3 else 0
    newest = max(series.until for series in found)
    last = newest.year * 12 + newest.month - 1 - back * MONTHS
    return [
        dt.date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)
    ]


def _after(month: dt.date) -> dt.date:
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _series(series: Series, months: Sequence[dt.date]) -> Line:
    names = {
        "platform": wording.name("platform", series.platform),
        "account": account_name(series.account_id, is_colleague=series.is_colleague),
        "kind": _(KINDS[series.kind]),
    }
    values: dict[str, object] = dict(names)
    cells: dict[str, Part | Sequence[Part]] = {}
    for month in months:
        name = month.isoformat()[:7]
        expected = series.expected(month)
        covered = min(series.months.get(month, 0), expected)
        values[name] = covered if expected else None
        cells[name] = _cell(covered, expected)
    return Line(values, cells)


def _cell(covered: int, expected: int) -> Part:
    """A month: a sign or words that say it without a colour.

    A whole month is plain text: hundreds of elements would take the browser seconds.
    """
    if not expected:
        return None
    if covered == expected:
        return "✓"
    if not covered:
        return html.Span("✕", className="cover none")
    return html.Span(_("{n} of {total}", n=covered, total=expected), className="cover part")


def _legend() -> html.P:
    signs = (
        ("full", "✓", _("all days")),
        ("part", _("12 of 31"), _("days with data of those in the month")),
        ("none", "✕", _("no data")),
    )
    parts: list[Part] = []
    for kind, sign, words in signs:
        parts += [html.Span(sign, className=f"cover {kind}"), html.Span(words)]
    parts.append(html.Span(_("empty: before the first data")))
    return html.P(parts, className="legend quiet")


def _verdict(gaps: Sequence[object]) -> str:
    if not gaps:
        return _("There is no gap in these months.")
    if len(gaps) > MOST:
        return _("There are {n} gaps in these months. The first {most}:", n=len(gaps), most=MOST)
    return _("Gaps in these months: {n}.", n=len(gaps))


def _gap(series: Series, gap: tuple[dt.date, dt.date]) -> str:
    return _(
        "{platform}, {account}: no {kind} from {first} to {last} ({n} days)",
        platform=wording.name("platform", series.platform),
        account=account_name(series.account_id, is_colleague=series.is_colleague),
        kind=_(KINDS[series.kind]),
        first=shown.day(gap[0]),
        last=shown.day(gap[1]),
        n=(gap[1] - gap[0]).days + 1,
    )


def _years(view: View, found: Sequence[Series], months: Sequence[dt.date]) -> html.P | None:
    back = int(view.get("back") or 0) if view.get("back").isdecimal() else 0
    links: list[Part] = []
    if min(series.first for series in found) < months[0]:
        links.append(link(_("Twelve months earlier"), view.href(back=str(back + 1))))
    if back:
        links.append(
            link(_("Twelve months later"), view.href(back=str(back - 1) if back > 1 else None))
        )
    return html.P(links, className="form-row") if links else None
