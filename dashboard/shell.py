"""What stands around every page: navigation, header, filter bar, freshness, and its states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import flask
from dash import dcc, html
from dash.development.base_component import Component

from campaigns.errors import N_, UserError
from campaigns.reports import wording
from campaigns.translations import _, language, say
from dashboard import formats
from dashboard.attributes import aria, data
from dashboard.controls import Address, Control
from dashboard.icons import icon
from dashboard.page import Content, Page, pages
from dashboard.parts import badge, button_link, card, empty, link
from dashboard.view import Period, View, presets

SECTIONS = {"": "", "share": N_("Sharing"), "manage": N_("Manage")}
"""The sections of the navigation, in order."""

OTHER_LANGUAGE = {
    "nl": ("en", "EN", "Read in English"),
    "en": ("nl", "NL", "Lees in het Nederlands"),
}


def words_of_the_index() -> dict[str, str]:
    """What the page says before any script runs."""
    return {
        "lang": language(),
        "noscript": _("This dashboard needs JavaScript. It loads nothing from other computers."),
    }


def layout() -> html.Div:
    """The frame in which pages are shown."""
    code, short, title = OTHER_LANGUAGE[language()]
    return html.Div(
        [
            html.A(_("Skip to the content"), href="#page", className="skip"),
            Address("location"),
            dcc.Store(id="changed"),
            html.Header(
                [
                    html.Button(
                        icon("menu"),
                        id="menu",
                        type="button",
                        className="icon-button menu",
                        **aria(label=_("Menu"), expanded="false", controls="navigation"),
                    ),
                    dcc.Link([icon("radar"), "bereik"], href="/", className="brand"),
                    html.Span(flask.current_app.extensions["bereik"].path.name, className="store",
                              title=_("the store")),
                    html.Div(
                        [
                            html.A(short, href=f"/language/{code}", id="language", lang=code,
                                   className="icon-button", title=title,
                                   **aria(label=title)),
                            html.Button(
                                [icon("moon"), icon("sun")],
                                id="theme",
                                type="button",
                                className="icon-button theme",
                                **aria(label=_("Light or dark")),
                            ),
                        ],
                        className="header-tools",
                    ),
                ],
                className="header",
            ),
            html.Div(
                [
                    html.Nav(id="navigation", className="navigation",
                             **aria(label=_("Pages"))),
                    html.Main(skeleton(), id="page", tabIndex=-1),
                ],
                className="body",
            ),
            html.Div(id="said", role="status", className="said"),
            html.Div(id="announced", className="hidden", **aria(live="polite")),
        ],
        className="frame",
    )  # fmt: skip


def skeleton() -> html.Div:
    """Grey shapes where the page will stand."""
    shapes = [html.Div(className="shape title"), html.Div(className="shape line")]
    shapes += [
        html.Div([html.Div(className="shape card") for _place in range(4)], className="keys")
    ]
    shapes += [html.Div(className="shape big")]
    return html.Div(shapes, className="skeleton", **aria(hidden="true"))


def navigation(current: Page | None, view: View | None) -> Sequence[Component]:
    """Links to the pages that stand in the navigation, with the filters of this one."""
    listed = [page for page in pages() if page.icon]
    order = list(SECTIONS)
    listed.sort(key=lambda page: (order.index(page.section), page.order))
    parts: list[Component] = []
    for section, members in groupby(listed, key=lambda page: page.section):
        if SECTIONS[section]:
            parts.append(html.H2(_(SECTIONS[section])))
        parts.append(html.Ul([html.Li(_entry(page, current, view)) for page in members]))
    return parts


def _entry(page: Page, current: Page | None, view: View | None) -> dcc.Link:
    href = page.path if view is None else view.href(page.path)
    is_here = current is not None and (
        current.path == page.path or (page.path != "/" and current.path.startswith(page.path + "/"))
    )
    return dcc.Link(
        [icon(page.icon), _(page.title)], href=href, className="here" if is_here else ""
    )


# --- a page


def framed(page: Page, view: View, content: Content) -> list[Component]:
    """A page's content under its heading, question and filters."""
    title = page.naming(view) if page.naming else _(page.title)
    return [
        html.Div(
            [
                html.Div([html.H1(title, id="title", tabIndex=-1), html.P(_(page.question))]),
                html.Button(
                    [icon("printer"), _("Print or save as PDF")],
                    type="button",
                    id="print",
                    className="button",
                ),
            ],
            className="page-head",
        ),
        *([_filters(page, view)] if page.filters and view.covered else []),
        *[part for part in content if isinstance(part, Component)],
    ]


def _filters(page: Page, view: View) -> html.Div:
    fields = []
    if "period" in page.filters:
        fields += _period_fields(view)
    if "platform" in page.filters:
        fields.append(_platform_field(view))
    if "compare" in page.filters:
        fields.append(_compare_field(view))
    return html.Div(
        [
            html.Div(fields, className="filters", role="search", **aria(label=_("Filters"))),
            html.Div([*_chips(page, view), _freshness(view)], className="chips"),
            html.P(
                _("Period: {period}", period=formats.period(view.period)), className="only-print"
            ),
        ],
        className="filter-bar",
    )  # fmt: skip


def field(label: str, control: Control, **more: Any) -> html.Div:
    """A control under its label."""
    return html.Div([html.Label(label, htmlFor=control.name), control], className="field", **more)


def _period_fields(view: View) -> list[Component]:
    end = view.last_covered or dt.date.today()  # noqa: DTZ011 - the reader's day
    known = presets(end)
    named = {_code(period): say(name) for name, period in reversed(known)}
    chosen = _code(view.period)
    ordered = list(dict.fromkeys(_code(period) for _name, period in known))
    choices = [{"value": code, "label": named[code]} for code in ordered]
    if chosen not in named:
        choices.insert(0, {"value": chosen, "label": _("own period")})
    first, last = view.period.first, view.period.last
    return [
        field(
            _("Period"),
            Control(id="filter-period", kind="select", value=chosen, choices=choices,
                    **data(period="true")),
        ),
        field(
            _("From"),
            Control(id="filter-from", kind="date", value=first.isoformat() if first else "",
                    is_late=True, **data(query="from")),
        ),
        field(
            _("Up to and including"),
            Control(id="filter-to", kind="date", value=last.isoformat() if last else "",
                    is_late=True, **data(query="to")),
        ),
    ]  # fmt: skip


def _code(period: Period) -> str:
    """A period as the select holds it: both days, or ``all``."""
    if period.first is None and period.last is None:
        return "all,"
    days = (period.first, period.last)
    return ",".join(day.isoformat() if day else "" for day in days)


def _platform_field(view: View) -> html.Div:
    """The channels as boxes in a list that opens: none chosen is all."""
    known = sorted({one.platform for one in view.covered})
    chosen = ", ".join(wording.name("platform", name) for name in view.platforms)
    boxes = [
        html.Div(
            [
                Control(id=f"platform-{name}", kind="checkbox", name=name,
                        value=name in view.platforms, **data(pick="platform")),
                html.Label(wording.name("platform", name), htmlFor=f"platform-{name}"),
            ],
            className="check",
        )
        for name in known
    ]  # fmt: skip
    said = html.Summary(
        [html.Span(chosen or _("all channels")), icon("chevron-down")], id="filter-platform"
    )
    return html.Div(
        [
            html.Span(_("Channels"), className="label", id="filter-platform-label"),
            html.Details(
                [said, html.Div(boxes, role="group", **aria(labelledby="filter-platform-label"))],
                className="popup several",
                id="filter-platforms",
                **data(stays="true"),
            ),
        ],
        className="field",
    )


def _compare_field(view: View) -> html.Div:
    choices = [
        {"value": "previous", "label": _("previous period")},
        {"value": "year", "label": _("a year earlier")},
        {"value": "none", "label": _("nothing")},
    ]
    return field(
        _("Compare with"),
        Control(id="filter-compare", kind="select", value=view.compare or "none", choices=choices,
                **data(query="compare")),
    )  # fmt: skip


def _chips(page: Page, view: View) -> list[Component]:
    chips = []
    for name in view.platforms if "platform" in page.filters else ():
        others = ",".join(one for one in view.platforms if one != name)
        chips.append((wording.name("platform", name), view.href(platform=others)))
    if "period" in page.filters and (view.get("from") or view.get("to")):
        chips.append((formats.period(view.period), view.href(from_=None, to=None)))
    return [
        dcc.Link(
            [text, icon("x"), html.Span(_("remove this filter"), className="hidden")],
            href=href,
            className="chip",
        )
        for text, href in chips
    ]


def _freshness(view: View) -> html.Span:
    """Until when there are data, and how many channels lie behind."""
    lasts: dict[str, dt.date] = {}
    for one in view.covered:
        lasts[one.platform] = max(lasts.get(one.platform, one.last), one.last)
    newest = max(lasts.values())
    older = {name: last for name, last in lasts.items() if (newest - last).days > 7}
    said = _("data until {day}", day=formats.day(newest))
    if older:
        names = ", ".join(
            f"{wording.name('platform', name)}: {formats.day(last)}"
            for name, last in sorted(older.items())
        )
        said = _("{said}; older: {names}", said=said, names=names)
    return badge(said, "warn" if older else "plain")


# --- states


def _head(title: str) -> html.Div:
    return html.Div(html.H1(title, id="title", tabIndex=-1), className="page-head")


def missing() -> list[Component]:
    """There is no such page."""
    return [
        _head(_("This page does not exist")),
        empty(
            _("Nothing stands at this address"),
            _("It may have been mistyped, or what it was about has been removed."),
            button_link(_("To the overview"), "/", "arrow-right"),
        ),
    ]


def no_data(page: Page) -> list[Component]:
    """There is no store yet."""
    return [
        _head(_(page.title)),
        html.P(_(page.question)),
        empty(
            _("There are no data yet"),
            _("This page is filled by the export files of your channels: those of X and LinkedIn, "
              "and your own lists of costs."),
            button_link(_("Add files"), "/data", "upload"),
        ),
    ]  # fmt: skip


def failed(page: Page, error: UserError) -> list[Component]:
    """The world's mistake: what it is and the way out of it."""
    return [
        _head(_(page.title)),
        html.Div(
            card(
                html.H2(_("This cannot be shown")),
                html.P(say(error)),
                html.P(link(_("Show this page without filters"), page.path if "<" not in page.path
                            else "/")),
                kind="empty",
            ),
            role="alert",
        ),
    ]  # fmt: skip


def broken(page: Page, reference: str) -> list[Component]:
    """Our mistake."""
    return [
        _head(_(page.title)),
        html.Div(
            card(
                html.H2(_("Something went wrong here")),
                html.P(_("The page could not be made. Your data are unharmed. Report it with this "
                         "reference: {reference}", reference=reference)),
                button_link(_("To the overview"), "/", "arrow-right"),
                kind="empty",
            ),
            role="alert",
        ),
    ]  # fmt: skip
