"""Data: is it right and complete?"""

from __future__ import annotations

from campaigns.errors import N_
from dashboard.page import Content, Page
from dashboard.pages import _coverage, _drop, _history, _result, _schedule
from dashboard.pages._editing import subpages
from dashboard.view import View

PATH = "/data"


def content(view: View) -> Content:
    """Dropping files, what became of them, and what there is."""
    return [
        subpages(view),
        _result.report(view, view.get("batch")),
        _drop.drop(view),
        _schedule.schedule(view),
        _coverage.freshness(view),
        _coverage.coverage(view),
        _history.imports(view),
    ]


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
