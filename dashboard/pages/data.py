"""Data: is it right and complete?"""

from __future__ import annotations

from dash import html

from campaigns.errors import N_
from campaigns.translations import _
from dashboard.attributes import aria
from dashboard.page import Content, Page, pages
from dashboard.pages import _coverage, _drop, _history, _result, _schedule
from dashboard.parts import link
from dashboard.view import View

PATH = "/data"

KEPT_HERE = ("campaigns", "unjudged", "costs", "placements", "outcomes", "accounts", "ambassadors")
"""What else is kept on pages under this one, in order."""


def content(view: View) -> Content:
    """Dropping files, what became of them, and what there is."""
    return [
        _links(view),
        _result.report(view, view.get("batch")),
        _drop.drop(view),
        _schedule.schedule(view),
        _coverage.freshness(view),
        _coverage.coverage(view),
        _history.imports(view),
    ]


def _links(view: View) -> html.Nav | None:
    """The pages on which things are entered, as far as there are any."""
    known = {page.path: page for page in pages()}
    found = [known[path] for name in KEPT_HERE if (path := f"{PATH}/{name}") in known]
    if not found:
        return None
    return html.Nav(
        html.Ul(
            [html.Li(link(_(page.title), view.href(page.path), "choice")) for page in found],
            className="choices",
        ),
        **aria(label=_("Kept by hand")),
    )


PAGES = (
    Page(
        PATH,
        N_("Data"),
        N_("Is it right and complete?"),
        content,
        section="manage",
        icon="database",
        order=80,
        filters=(),
        needs_data=False,
    ),
)
