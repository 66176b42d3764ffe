"""What pages are made of: cards, tables, charts, help, badges and states."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.reports import wording
from campaigns.reports.exports import heading as heading_of
from campaigns.translations import _
from dashboard.attributes import aria, data
from dashboard.figures import Figure
from dashboard.icons import icon
from dashboard.view import View

Part = Component | str | None
Parts = Mapping[str, Part | Sequence[Part]]
PAGE_SIZE = 25

# --- small things


def card(*content: Part, kind: str = "", **more: Any) -> html.Section:
    """A panel."""
    return html.Section(
        [part for part in content if part is not None and part != ""],  # no children: falsy
        className=f"card {kind}".strip(),
        **more,
    )


def link(text: Part | Sequence[Part], href: str, kind: str = "") -> dcc.Link:
    """A link inside the dashboard."""
    return dcc.Link(text, href=href, className=kind or None)


def button_link(text: str, href: str, name: str = "") -> dcc.Link:
    """A link that looks like a button: the one way forward."""
    return dcc.Link([icon(name) if name else None, text], href=href, className="button primary")


def badge(text: str, kind: str = "plain") -> html.Span:
    """A short verdict. ``kind``: plain, good, bad, warn. The words say it without the colour."""
    return html.Span(text, className=f"badge {kind}")


def note(*content: Part, kind: str = "info") -> html.Div:
    """A remark in a box. ``kind``: info, warn, bad, good."""
    names = {"info": "info", "warn": "triangle-alert", "bad": "triangle-alert", "good": "check"}
    return html.Div([icon(names[kind]), html.Div(list(content))], className=f"note {kind}")


def step(number: int, text: str, **more: Any) -> html.H2:
    """The heading of one of several steps that follow one another."""
    return html.H2([html.Span(str(number), className="step"), text], **more)


def hint(metric: str, place: str = "") -> html.Span:
    """A question mark that explains a metric, on hover and focus: what, source, base."""
    about = METRICS[metric]
    name = f"help-{metric}-{place}"
    lines = [html.Strong(heading_of(metric)), html.Span(_(about.meaning))]
    if about.numerator:
        formula = f"{heading_of(about.numerator)} / {heading_of(about.denominator)}"
        lines.append(html.Span(_("Computed as {formula}.", formula=formula)))
    lines.append(html.Span(_("Source: {source}.", source=_(about.source))))
    return html.Span(
        [
            html.Button(
                icon("circle-question-mark"),
                type="button",
                className="hint-button",
                **aria(label=_("About {metric}", metric=heading_of(metric)), described_by=name),
            ),
            html.Span(lines, id=name, role="tooltip", className="tooltip"),
        ],
        className="hint",
    )


def sparkline(values: Sequence[float | None], label: str) -> html.Img | html.Span:
    """A small line of values in time; ``label`` says in words what it shows. Gaps stay gaps."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return html.Span("–", className="quiet", title=_("too few values for a line"))
    low, high = min(known), max(known)
    step = 96 / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        height = 22 - 20 * ((value - low) / (high - low) if high > low else 0.5)
        runs[-1].append(f"{2 + place * step:.1f},{height:.1f}")
    lines = "".join(f"<polyline points='{' '.join(run)}'/>" for run in runs if run)
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 24' width='100' height='24' "
        f"fill='none' stroke='#2A7FD0' stroke-width='2' stroke-linecap='round'>{lines}</svg>"
    )
    source = "data:image/svg+xml," + urllib.parse.quote(drawing)
    return html.Img(src=source, alt=label, className="sparkline", width=100, height=24)


def change(value: float | None, is_good_up: bool | None = True) -> html.Span | None:
    """A relative change as a badge; ``is_good_up`` is None where neither way is better."""
    if value is None:
        return None
    is_up = value >= 0
    good = "plain" if is_good_up is None or value == 0 else "good" if is_up == is_good_up else "bad"
    return html.Span(
        [icon("trending-up" if is_up else "trending-down"), wording.change(value)],
        className=f"badge {good}",
    )


# --- tables


@dataclass(frozen=True)
class Column:
    """A column of a table: ``metric`` explains it, ``is_number`` aligns it to the right."""

    name: str
    label: str
    is_number: bool = False
    metric: str = ""
    is_sortable: bool = True


@dataclass(frozen=True)
class Line:
    """A row: plain ``values`` by column (sorted and downloaded), and what is shown of them.

    Of a long table ``shown`` makes the parts of a row only when the row stands on the page.
    One that ``is_last`` stays below the others, however they are sorted: what belongs to none.
    """

    values: Mapping[str, Any]
    shown: Parts | Callable[[], Parts] = field(default_factory=dict)
    is_last: bool = False

    def parts(self) -> Parts:
        """What is shown in place of the plain value, by column."""
        return self.shown() if callable(self.shown) else self.shown


@dataclass(frozen=True)
class Table:
    """A table as data."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Line]


_collected: ContextVar[dict[str, Table] | None] = ContextVar("collected", default=None)


@contextlib.contextmanager
def collecting() -> Iterator[dict[str, Table]]:
    """Gather the tables of a page while its content is made."""
    found: dict[str, Table] = {}
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


def table(
    view: View, content: Table, *, sort: str = "", size: int = PAGE_SIZE, is_quiet: bool = False
) -> html.Div:
    """A real table: sorted by a link in each heading, paged, with its downloads.

    ``sort`` is the column by which it is sorted at first (``-name``: downwards); without it the
    rows stay as given. What is unknown comes last. Sorting and page stand in the address.
    """
    gathered = _collected.get()
    if gathered is not None:
        gathered[content.name] = content
    asked = view.get(f"sort-{content.name}", sort)
    rows = _sorted(content, asked)
    last = max((len(rows) - 1) // size, 0)
    page = min(_page_number(view.get(f"page-{content.name}")), last)
    shown = rows[page * size : (page + 1) * size]
    return html.Div(
        [
            html.Div(
                html.Table(
                    [
                        html.Caption(content.caption, className="hidden" if is_quiet else None),
                        html.Thead(
                            html.Tr([_head(view, content, c, asked) for c in content.columns])
                        ),
                        html.Tbody([_line(content, row) for row in shown]),
                    ]
                ),
                className="scroll",
                tabIndex=0,
                role="region",
                **aria(label=content.caption),
            ),
            html.Div(
                [_pager(view, content, page, last), downloads(view, content)], className="below"
            ),
        ],
        className="table",
        id=f"table-{content.name}",
    )


def _sorted(data: Table, asked: str) -> list[Line]:
    name = asked.removeprefix("-")
    if not any(column.name == name for column in data.columns):
        return list(data.rows)
    known = [row for row in data.rows if row.values.get(name) is not None]
    unknown = [row for row in data.rows if row.values.get(name) is None]
    known.sort(key=lambda row: _order(row.values[name]), reverse=asked.startswith("-"))
    return sorted(known + unknown, key=lambda row: row.is_last)


def _order(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool | int | float):
        return 0, value
    if isinstance(value, dt.datetime | dt.date):
        return 1, value.isoformat()
    return 2, str(value).casefold()


def _page_number(text: str) -> int:
    return max(int(text) - 1, 0) if text.isdecimal() and len(text) < 7 else 0


def _head(view: View, data: Table, column: Column, asked: str) -> html.Th:
    explained = hint(column.metric, data.name) if column.metric else None
    kind = "number" if column.is_number else None
    if not column.is_sortable:
        return html.Th([column.label, explained], scope="col", className=kind)
    direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(asked, "none")
    downwards = direction == "ascending" or (direction == "none" and column.is_number)
    target = f"-{column.name}" if downwards else column.name
    changes = {f"sort-{data.name}": target, f"page-{data.name}": None}
    return html.Th(
        [
            dcc.Link(
                column.label,
                href=view.href(**changes),
                className=f"sort {direction}",
                id=f"sort-{data.name}-{column.name}",
            ),
            explained,
        ],
        scope="col",
        className=kind,
        **(aria(sort=direction) if direction != "none" else {}),
    )


def _line(data: Table, row: Line) -> html.Tr:
    cells = []
    parts = row.parts()
    for place, column in enumerate(data.columns):
        content = parts.get(column.name, row.values.get(column.name))
        text = content if content is not None else ""
        kind = "number" if column.is_number else None
        made = html.Th(text, scope="row") if place == 0 else html.Td(text, className=kind)
        cells.append(made)
    return html.Tr(cells)


def _pager(view: View, data: Table, page: int, last: int) -> html.Nav | None:
    if not last:
        return None
    name = f"page-{data.name}"
    before = link(_("Previous"), view.href(**{name: str(page)})) if page else None
    after = link(_("Next"), view.href(**{name: str(page + 2)})) if page < last else None
    said = _("Page {page} of {last}", page=page + 1, last=last + 1)
    return html.Nav([before, html.Span(said), after], className="pager", **aria(label=data.caption))


def downloads(view: View, table: Table) -> html.Span:
    """Links to a table as a file."""
    query = urllib.parse.urlencode(
        {"path": view.path, "search": urllib.parse.urlencode(dict(view.query))}
    )
    return html.Span(
        [
            html.A(
                [icon("download"), form.upper()],
                href=f"/download/{form}/{table.name}?{query}",
                download=f"{table.name}.{form}",
                className="download",
                **aria(label=_("{table} as {form}", table=table.caption, form=form.upper())),
            )
            for form in ("csv", "xlsx")
        ],
        className="downloads",
    )


# --- charts


def chart(
    view: View, name: str, title: str, conclusion: str, figure: Figure, rows: Table, **more: Any
) -> html.Section:
    """A chart with heading, conclusion, the same data as a table, PNG and files.

    The picture is one image to assistive technology, named by heading and conclusion; its data
    are in the table.
    """
    picture = html.Div(
        dcc.Graph(
            figure=figure.as_plotly(),
            config={
                "displayModeBar": False,
                "showSendToCloud": False,
                "displaylogo": False,
                "locale": figure.language,
                "staticPlot": figure.is_static,
            },
            responsive=True,
            style={"height": f"{figure.height}px"},
        ),
        className="picture",
        id=f"chart-{name}",
        role="img",
        **aria(label=f"{title}. {conclusion}"),
    )
    tabs = html.Div(
        [
            html.Button(
                label,
                type="button",
                className="tab",
                id=f"{kind}-{name}",
                **aria(pressed=str(kind == "chart-tab").lower()),
                **data(shows=kind),
            )
            for kind, label in (("chart-tab", _("Chart")), ("table-tab", _("Table")))
        ],
        className="tabs",
        role="group",
        **aria(label=_("How {title} is shown", title=title)),
    )
    png = html.Button(
        [icon("download"), "PNG"],
        type="button",
        className="quiet-button",
        id=f"png-{name}",
        **data(png=f"chart-{name}", name=name),
        **aria(label=_("{table} as {form}", table=title, form="PNG")),
    )
    head = html.Div(
        [
            html.Div([html.H2(title), html.P(conclusion, className="conclusion")]),
            html.Div([tabs, png], className="tools"),
        ],
        className="chart-head",
    )
    below = html.Div(table(view, rows, is_quiet=True), className="as-table", hidden=True)
    return card(head, picture, below, kind="chart", **more)


# --- key figures


@dataclass(frozen=True)
class Key:
    """A key figure: a metric's value as it is shown, its change, and its course in time."""

    metric: str
    value: str
    change: float | None = None
    is_good_up: bool | None = True
    against: str = ""
    course: Sequence[float | None] = ()
    remark: str = ""
    href: str = ""
    is_chosen: bool = False
    label: str = ""


def keys(figures: Sequence[Key]) -> html.Div:
    """Key figures side by side; one with an address can be chosen."""
    return html.Div([_key(figure) for figure in figures], className="keys")


def _key(key: Key) -> html.Section:
    label = key.label or heading_of(key.metric)
    name: Part = link(label, key.href) if key.href else label
    moved = change(key.change, key.is_good_up)
    line = sparkline(key.course, _("{metric} over time", metric=label)) if key.course else None
    return html.Section(
        [
            html.Div([html.H2(name), hint(key.metric, "key")], className="key-head"),
            html.P(key.value, className="value"),
            html.Div(
                [
                    html.Div(
                        [moved, html.Span(key.against, className="quiet") if moved else None],
                        className="moved",
                    ),
                    line,
                ],
                className="key-foot",
            ),
            html.P(key.remark, className="quiet") if key.remark else None,
        ],
        className="card key chosen" if key.is_chosen else "card key",
        **(aria(current="true") if key.is_chosen else {}),
    )


# --- states


def empty(title: str, why: str, forward: Part = None) -> html.Section:
    """Nothing to show: what will stand here, why it does not yet, and one way forward."""
    return card(html.H2(title), html.P(why), forward, kind="empty")


_COMMAND = re.compile(r"\s*[^.:;]+: bereik ([a-z]+(?: [a-z]+)?)[^.]*\.?$")
_PAGES = {
    "campaigns unjudged": ("/data/unjudged", N_("Posts to assign")),
    "campaigns": ("/data/campaigns", N_("Manage campaigns")),
    "accounts": ("/data/accounts", N_("Accounts")),
}
"""Where the pages do what a command does."""


def remarks(notes: Sequence[str]) -> html.Details | None:
    """What a reader must know of the figures on the page."""
    if not notes:
        return None
    said = list(dict.fromkeys(notes))
    return html.Details(
        [
            html.Summary(_("About these figures ({n})", n=len(said))),
            html.Ul([html.Li(_without_command(text)) for text in said]),
        ],
        className="card remarks",
        open=len(said) < 3,
    )


def _without_command(text: str) -> list[Part]:
    """A remark with the page to go to in place of the command to give.

    >>> _without_command("Some cannot be judged. See them with: bereik campaigns unjudged")[0]
    'Some cannot be judged.'
    """
    found = _COMMAND.search(text)
    place = found and (_PAGES.get(found[1]) or _PAGES.get(found[1].split()[0]))
    if not found or not place:
        return [text]
    return [text[: found.start()], " ", link(_(place[1]), place[0])]
