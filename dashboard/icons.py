"""Icons: the SVG files of ``assets/icons``, drawn in the colour of the text beside them."""

from __future__ import annotations

from dash import html

from dashboard.attributes import aria


def icon(name: str) -> html.Span:
    """An icon that only decorates; what it stands for is said in words beside it."""
    return html.Span(
        className="icon",
        style={"--icon": f"url(/assets/icons/{name}.svg)"},
        **aria(hidden="true"),
    )
