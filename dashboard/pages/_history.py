"""What was imported so far, each of which can be taken back."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping

from babel.dates import format_datetime
from dash import html

from campaigns.collectors import formats
from campaigns.errors import N_, NoStore
from campaigns.imports.history import STATES, Imported, history
from campaigns.reports import wording
from campaigns.translations import _, language
from dashboard import formats as shown
from dashboard.pages._asking import undo
from dashboard.parts import Column, Line, Part, Table, badge, card, link, table
from dashboard.view import Period, View

TABLES: Mapping[str, str] = {
    "accounts": N_("accounts"),
    "account_days": N_("figures by day"),
    "account_periods": N_("figures of a period"),
    "posts": N_("posts"),
    "post_aliases": N_("other ids of posts"),
    "post_metrics": N_("figures of posts"),
    "ad_periods": N_("figures of ads"),
    "audience_shares": N_("groups of followers and visitors"),
    "media_placements": N_("media placements"),
    "costs": N_("cost lines"),
    "outcomes": N_("results of campaigns"),
    "search_terms": N_("search terms"),
    "campaigns": N_("campaigns"),
    "campaign_rules": N_("campaign rules"),
    "campaign_posts": N_("posts assigned by hand"),
}
"""What the rows of a table are called."""


def imports(view: View) -> html.Section:
    """What was imported, newest first; each can be taken back."""
    try:
        rows = view.answers.ask(history)
    except NoStore:
        rows = []
    is_all = view.get("imports") == "all"
    entered = sum(one.is_statement for one in rows)
    listed = [one for one in rows if is_all or not one.is_statement]
    if not rows:
        return card(
            html.H2(_("Imported so far")),
            html.P(_("Nothing was imported yet. Each file that you drop will stand here, and can "
                     "be taken back.")),
        )  # fmt: skip
    zone = zoneinfo.ZoneInfo(view.answers.store.timezone)
    titles = {one.name: one.title for one in formats()}
    columns = (
        Column("on", _("When")),
        Column("file", _("File")),
        Column("state", _("State")),
        Column("format", _("Format")),
        Column("account", _("Account")),
        Column("period", _("Period")),
        Column("rows", _("Rows")),
    )
    content = Table(
        "imports",
        _("Imports, newest first"),
        columns,
        [_import(one, zone, titles) for one in listed],
    )
    other = link(
        _("Show files alone")
        if is_all
        else _("Show what was entered by hand too ({n})", n=entered),
        view.href(imports=None if is_all else "all", **{"page-imports": None}),
    )
    return card(
        html.H2(_("Imported so far")),
        html.P(other) if entered else None,
        table(view, content, is_quiet=True, size=10),
        id="history",
    )


def _import(one: Imported, zone: zoneinfo.ZoneInfo, titles: dict[str, str]) -> Line:
    moment = one.recorded_at.astimezone(zone).replace(tzinfo=None)
    file = _("a colleague's file") if one.about_colleague else one.file
    account = account_name(one.account or "", is_colleague=one.about_colleague)
    counts = [
        f"{_(TABLES.get(name, name))}: {wording.number(rows, 0)}"
        for name, rows in one.tables.items()
    ]
    state = _(STATES[one.state])
    kind = {"committed": "good", "undone": "plain"}.get(one.state, "warn")
    period = (
        shown.period(Period(one.first, one.last)) if one.first is not None and one.last else None
    )
    if one.format == "statement":
        title = _("entered by hand")
    elif one.format == "destruction":
        title = _("data were destroyed")
    else:
        title = _(titles.get(one.format, one.format))
    values = {
        "on": moment,
        "file": file,
        "state": state,
        "format": title,
        "account": account or None,
        "period": period,
        "rows": ", ".join(counts) or None,
    }
    when = format_datetime(moment, "d MMM y HH:mm", locale=language())
    cells: list[Part] = [badge(state, kind)]
    if not one.is_lasting:
        cells.append(undo(one.import_id, "history"))
    return Line(values, {"on": when, "state": cells, "rows": html.Ul([html.Li(c) for c in counts])})


def account_name(account: str, *, is_colleague: bool) -> str:
    """An account as it is shown; not that of a colleague who did not permit the name."""
    if is_colleague:
        return _("a colleague")
    return _("not known whose") if account == "unknown" else account
