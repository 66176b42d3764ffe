"""What was imported so far, each of which can be taken back."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_datetime
from dash import html

from campaigns.collectors import formats
from campaigns.errors import N_, NoStore
from campaigns.imports.history import STATES, Imported, history
from campaigns.reports import wording
from campaigns.schema import UNKNOWN
from campaigns.translations import _, language
from dashboard import formats as shown
from dashboard.pages._asking import undo
from dashboard.parts import Column, Line, Part, Table, badge, card, link, table
from dashboard.view import View

TABLES: Mapping[str, str] = {
    "accounts": N_("accounts"),
    "account_days": N_("figures by day"),
    "account_periods": N_("figures of a period"),
    "posts": N_("posts"),
    "post_aliases": N_("other ids of posts"),
    "post_metrics": N_("figures of posts"),
    "post_days": N_("figures of posts by day"),
    "post_reposts": N_("who reposted"),
    "ad_periods": N_("figures of ads"),
    "audience_shares": N_("groups of followers and visitors"),
    "media_placements": N_("media placements"),
    "costs": N_("cost lines"),
    "outcomes": N_("results of campaigns"),
    "search_terms": N_("search terms"),
    "campaigns": N_("campaigns"),
    "campaign_rules": N_("campaign rules"),
    "campaign_posts": N_("posts assigned by hand"),
    "segments": N_("target groups"),
    "segment_conditions": N_("conditions of target groups"),
    "images": N_("measured images"),
    "image_posts": N_("images of posts"),
    "image_tags": N_("tags of images"),
}
"""What the rows of a table are called."""

ENTERED = {"statement": N_("entered by hand"), "destruction": N_("data were destroyed")}
"""What stands in place of a format where there was no file."""


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
    titles = {one.name: one.title for one in formats()} | ENTERED
    columns = (
        Column("on", _("When")),
        Column("file", _("File")),
        Column("state", _("State")),
        Column("format", _("Format")),
        Column("account", _("Account")),
        Column("first", _("First day")),
        Column("last", _("Last day")),
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


@dataclass(frozen=True)
class _Cells(Mapping[str, Part | Sequence[Part]]):
    """What is shown of an import, made when it is asked for: most are on other pages."""

    one: Imported
    moment: dt.datetime

    def __getitem__(self, name: str) -> Part | Sequence[Part]:
        return _CELLS[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(_CELLS)

    def __len__(self) -> int:
        return len(_CELLS)

    def when(self) -> str:
        """The moment of the import, in the time zone of the store."""
        return str(format_datetime(self.moment, "d MMM y HH:mm", locale=language()))

    def day(self, value: dt.date | None) -> str:
        """A day of its period."""
        return "" if value is None else shown.day(value)

    def state(self) -> Sequence[Part]:
        """Its state, and the way back."""
        kind = {"committed": "good", "undone": "plain"}.get(self.one.state, "warn")
        sign = badge(_(STATES[self.one.state]), kind)
        return [sign] if self.one.is_lasting else [sign, undo(self.one.import_id, "history")]

    def rows(self) -> html.Ul:
        """Its rows per table."""
        counts = self.one.tables.items()
        return html.Ul(
            [
                html.Li(f"{_(TABLES.get(name, name))}: {wording.number(rows, 0)}")
                for name, rows in counts
                if rows
            ]
        )


_CELLS: Mapping[str, Callable[[_Cells], Part | Sequence[Part]]] = {
    "on": _Cells.when,
    "state": _Cells.state,
    "first": lambda cells: cells.day(cells.one.first),
    "last": lambda cells: cells.day(cells.one.last),
    "rows": _Cells.rows,
}


def _import(one: Imported, zone: zoneinfo.ZoneInfo, titles: Mapping[str, str]) -> Line:
    moment = one.recorded_at.astimezone(zone).replace(tzinfo=None)
    account = account_name(one.account or "", is_colleague=one.about_colleague)
    values = {
        "on": moment,
        "file": _("a colleague's file") if one.about_colleague else one.file,
        "state": _(STATES[one.state]),
        "format": _(titles.get(one.format, one.format)),
        "account": account or None,
        "first": one.first,
        "last": one.last,
        "rows": sum(one.tables.values()) or None,
    }
    return Line(values, _Cells(one, moment))


def account_name(account: str, *, is_colleague: bool) -> str:
    """An account as it is shown; not that of a colleague who did not permit the name."""
    if is_colleague:
        return _("a colleague")
    return _("not known whose") if account == UNKNOWN else account
