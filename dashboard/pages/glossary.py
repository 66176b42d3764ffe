"""Glossary: what does each number mean, and where does it come from?"""

from __future__ import annotations

from campaigns.errors import N_
from dashboard.page import Content, Page
from dashboard.parts import empty
from dashboard.view import View


def content(_view: View) -> Content:
    """All metrics and columns."""
    return [empty("…", "…")]


PAGES = (
    Page(
        "/glossary",
        N_("Glossary"),
        N_("What does each number mean, and where does it come from?"),
        content,
        section="manage",
        icon="book-open",
        order=90,
        filters=(),
        needs_data=False,
    ),
)
