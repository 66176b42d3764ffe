"""Plotly figures in one style. Colours come from the style sheet where the theme changes them."""

from __future__ import annotations

import datetime as dt
import html as markup
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns.translations import language

PALETTE = (
    "#2A7FD0", "#D2571B", "#0F8F6E", "#A95BB8", "#9A7400", "#5B74E0", "#C94A7A", "#5F7D8C",
)  # fmt: skip
"""At least 3.8:1 on white and on #161D27."""

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "cross", "x", "pentagon")
MUTED = "#7E93AD"
ACCENT = PALETTE[0]


@dataclass(frozen=True)
class Figure:
    """Traces and what differs from the common layout."""

    traces: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any] = field(default_factory=dict)
    height: int = 320
    is_static: bool = False

    @property
    def language(self) -> str:
        """The language of its numbers and days."""
        return language()

    def as_plotly(self) -> dict[str, Any]:
        """The figure as plotly.js takes it; texts are escaped where they were made."""
        layout: dict[str, Any] = {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": "inherit", "size": 13},
            "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "separators": ",." if self.language == "nl" else ".,",
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {"align": "left"},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        }
        axes: dict[str, Any] = {
            "automargin": True, "zeroline": False, "fixedrange": True, "gridcolor": "#8a99ad40",
            "ticklabelstandoff": 6,
        }  # fmt: skip
        given = dict(self.layout)
        for axis in ("xaxis", "yaxis"):
            layout[axis] = axes | dict(given.pop(axis, {}))
        return {"data": [dict(trace) for trace in self.traces], "layout": layout | given}


def safe(text: object) -> str:
    """Text for plotly, which reads some HTML tags: shown as it stands.

    >>> safe("<b>x</b>")
    '&lt;b&gt;x&lt;/b&gt;'
    """
    return markup.escape(str(text), quote=False)


def shortened(text: str, length: int = 26) -> str:
    """A label of at most so many characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def over_time(
    days: Sequence[dt.date],
    series: Mapping[str, Sequence[float | None]],
    hover: Sequence[str] = (),
    *,
    is_filled: bool = True,
    title: str = "",
    tickformat: str = ",d",
) -> Figure:
    """Lines over time; gaps stay gaps. ``hover`` says each point's value in words."""
    traces = []
    for place, (name, values) in enumerate(series.items()):
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers" if len(days) < 40 else "lines",
                "name": safe(name),
                "x": [day.isoformat() for day in days],
                "y": list(values),
                "connectgaps": False,
                "cliponaxis": False,
                "line": {"color": PALETTE[place % len(PALETTE)], "width": 2.5},
                "marker": {"symbol": SYMBOLS[place % len(SYMBOLS)], "size": 7},
                "fill": "tozeroy" if is_filled and len(series) == 1 else "none",
                "fillcolor": "#2A7FD01F",
                "text": [safe(text) for text in hover] or None,
                "hoverinfo": "text" if hover else "x+y+name",
            }
        )
    layout = {
        "yaxis": {"rangemode": "tozero", "tickformat": tickformat, "title": {"text": safe(title)}},
        "xaxis": {"showgrid": False, "type": "date"},
        "showlegend": len(series) > 1,
    }
    return Figure(traces, layout)


def ranked(
    names: Sequence[str],
    values: Sequence[float],
    labels: Sequence[str],
    chosen: int | None = 0,
) -> Figure:
    """Horizontal bars, the first on top; one of them stands out, each says its value."""
    order = range(len(names) - 1, -1, -1)
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [values[i] for i in order],
        "y": [f"{i}" for i in order],
        "text": [safe(labels[i]) for i in order],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": [ACCENT if i == chosen else MUTED for i in order]},
        "hovertext": [safe(f"{names[i]}: {labels[i]}") for i in order],
        "hoverinfo": "text",
    }
    top = max((value for value in values), default=0)
    layout = {
        "xaxis": {"showticklabels": False, "showgrid": False, "range": [0, top or 1]},
        "margin": {"l": 8, "r": 84, "t": 8, "b": 8},
        "yaxis": {
            "type": "category",
            "tickmode": "array",
            "tickvals": [f"{i}" for i in order],
            "ticktext": [_on_lines(names[i]) for i in order],
            "showgrid": False,
        },
        "bargap": 0.3,
    }
    return Figure([trace], layout, height=60 + 34 * max(len(names), 2))


def _on_lines(name: str) -> str:
    """A name beside a bar, on two lines at most, so that a phone has room for the bar."""
    first, *others = textwrap.wrap(shortened(name), 15) or [""]
    return "<br>".join(safe(line) for line in (first, " ".join(others)) if line)


def by_age(
    series: Mapping[str, Mapping[int, float]], age: str, title: str, tickformat: str = ",d"
) -> Figure:
    """Lines of what was known at an age in days; only moments that were looked at are points."""
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": safe(name),
            "x": sorted(known),
            "y": [known[days] for days in sorted(known)],
            "line": {"color": PALETTE[place % len(PALETTE)], "width": 2.5},
            "marker": {"symbol": SYMBOLS[place % len(SYMBOLS)], "size": 9},
            "hoverinfo": "x+y+name",
        }
        for place, (name, known) in enumerate(series.items())
    ]
    layout = {
        "yaxis": {
            "rangemode": "tozero",
            "tickformat": tickformat,
            "title": {"text": safe(title), "standoff": 16},
        },
        "xaxis": {"rangemode": "tozero", "tickformat": ",d", "title": {"text": safe(age)}},
        "showlegend": len(series) > 1,
    }
    return Figure(traces, layout)


def stacked(days: Sequence[dt.date], series: Mapping[str, Sequence[float | None]]) -> Figure:
    """Parts of a whole in time as columns: what may be added stands on each other."""
    traces = [
        {
            "type": "bar",
            "name": safe(name),
            "x": [day.isoformat() for day in days],
            "y": list(values),
            "marker": {
                "color": PALETTE[place % len(PALETTE)],
                "pattern": {"shape": ("", "/", ".", "x")[place % 4], "solidity": 0.4},
            },
            "hoverinfo": "x+y+name",
        }
        for place, (name, values) in enumerate(series.items())
    ]
    layout = {
        "barmode": "stack",
        "yaxis": {"rangemode": "tozero", "tickformat": ",d"},
        "xaxis": {"showgrid": False, "type": "date"},
        "showlegend": True,
    }
    return Figure(traces, layout)


def parts_by_month(
    days: Sequence[dt.date], series: Mapping[str, Sequence[float | None]], title: str
) -> Figure:
    """Shares in time as columns that together are the whole."""
    made = stacked(days, series)
    form = "%{x|%b %Y}: %{y:.0%}<extra>%{fullData.name}</extra>"
    traces = [{**one, "hovertemplate": form} for one in made.traces]
    axis = {"rangemode": "tozero", "range": [0, 1], "tickformat": ".0%",
            "title": {"text": safe(title)}}  # fmt: skip
    months = {"tickformat": "%b %y", "dtick": f"M{max(1, math.ceil(len(days) / 12))}"}
    more = {"yaxis": axis, "xaxis": {**made.layout["xaxis"], **months},
            "margin": {"l": 8, "r": 16, "t": 40, "b": 8},
            "legend": {"orientation": "h", "y": 1.2, "x": 0}}  # fmt: skip
    return Figure(traces, {**made.layout, **more})


def _beside(
    points: Sequence[tuple[float, float, str]], names: Sequence[str], highest: Sequence[float]
) -> dict[str, Any]:
    """What stands beside points: their names, and how far up they may reach."""
    more: dict[str, Any] = {}
    if names:
        most = max((point[0] for point in points), default=0)
        more |= {
            "mode": "markers+text",
            "hovertext": [safe(point[2]) for point in points],
            "text": [safe(shortened(name, 22)) for name in names],
            "textposition": [
                "middle right" if point[0] * 2 < most else "middle left" for point in points
            ],
            "cliponaxis": False,
        }
    if highest:
        above = [most - point[1] for most, point in zip(highest, points, strict=True)]
        more["error_y"] = {
            "type": "data", "symmetric": False, "array": above, "arrayminus": [0] * len(above),
            "color": MUTED, "thickness": 1.5,
        }  # fmt: skip
    return more


def quadrants(
    groups: Mapping[str, Sequence[tuple[float, float, str]]],
    middle: tuple[float, float],
    corners: Sequence[str],
    titles: tuple[str, str],
    formats: tuple[str, str] = (",d", ",d"),
    names: Sequence[str] = (),
    highest: Sequence[float] = (),
) -> Figure:
    """Points by two measures, with the lines of their medians and a name in each corner.

    ``groups`` gives each legend entry its points (x, y, words); ``corners`` are the names from
    the upper left by rows. Of one group ``names`` stand beside the points, and ``highest`` says
    how far up each may really lie; the scale is logarithmic then, because bounds differ widely.
    """
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": safe(name),
            "x": [point[0] for point in points],
            "y": [max(point[1], 1) if highest else point[1] for point in points],
            "text": [safe(point[2]) for point in points],
            "hoverinfo": "text",
            "marker": {
                "symbol": SYMBOLS[place % len(SYMBOLS)],
                "color": PALETTE[place % len(PALETTE)],
                "size": 12,
            },
            **_beside(points, names, highest),
        }
        for place, (name, points) in enumerate(groups.items())
    ]
    points = [point for group in groups.values() for point in group]
    width = max((point[0] for point in points), default=0) or 1
    layout = {
        "shapes": _medians(middle),
        "annotations": _corners(corners),
        "showlegend": len(groups) > 1,
        "xaxis": {
            "title": {"text": safe(titles[0]), "standoff": 12},
            "tickformat": formats[0],
            "range": [0, width * 1.12],
        },
        "yaxis": {
            "title": {"text": safe(titles[1]), "standoff": 16},
            "tickformat": formats[1],
            **_upwards([point[1] for point in points], highest),
        },
    }
    return Figure(traces, layout, height=400)


def _upwards(values: Sequence[float], highest: Sequence[float]) -> dict[str, Any]:
    """The vertical axis, with room above for the names of the corners."""
    if not highest:
        return {"range": [0, (max(values, default=0) or 1) * 1.3]}
    low, high = max(min(values, default=1), 1), max([*highest, 10])
    return {"type": "log", "dtick": 1, "range": [math.log10(low / 3), math.log10(high * 8)]}


def _medians(middle: tuple[float, float]) -> list[dict[str, Any]]:
    x, y = middle
    whole = {"type": "line", "line": {"dash": "dot", "width": 1.5, "color": MUTED}}
    return [
        {**whole, "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1},
        {**whole, "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": y, "y1": y},
    ]


def _corners(names: Sequence[str]) -> list[dict[str, Any]]:
    places = ((0, 1, "left", "top"), (1, 1, "right", "top"),
              (0, 0, "left", "bottom"), (1, 0, "right", "bottom"))  # fmt: skip
    return [
        {"xref": "paper", "yref": "paper", "x": px, "y": py, "xanchor": xa, "yanchor": ya,
         "text": safe(name).replace(", ", ",<br>"), "align": xa, "showarrow": False,
         "font": {"size": 12}}
        for name, (px, py, xa, ya) in zip(names, places, strict=True)
    ]  # fmt: skip


def intervals(
    points: Sequence[tuple[str, float, float, float, str]], matters: float, title: str
) -> Figure:
    """Differences with their bounds (name, value, lower, upper, words), beside none at all.

    The band is what does not matter; what lies outside it on one side of the line does.
    """
    order = range(len(points) - 1, -1, -1)
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [points[i][1] for i in order],
        "y": [f"{i}" for i in order],
        "error_x": {
            "type": "data", "symmetric": False, "thickness": 2.5, "width": 8, "color": ACCENT,
            "array": [points[i][3] - points[i][1] for i in order],
            "arrayminus": [points[i][1] - points[i][2] for i in order],
        },
        "marker": {"size": 12, "color": ACCENT, "symbol": "diamond"},
        "text": [safe(points[i][4]) for i in order],
        "hoverinfo": "text",
    }  # fmt: skip
    band = {
        "type": "rect", "xref": "x", "yref": "paper", "x0": -matters, "x1": matters,
        "y0": 0, "y1": 1, "fillcolor": MUTED, "opacity": 0.18, "line": {"width": 0},
        "layer": "below",
    }  # fmt: skip
    layout = {
        "shapes": [band, _medians((0, 0))[0]],
        "xaxis": {"tickformat": "+.0%", "title": {"text": safe(title), "standoff": 12}},
        "yaxis": {
            "type": "category",
            "tickmode": "array",
            "tickvals": [f"{i}" for i in order],
            "ticktext": [safe(shortened(points[i][0])) for i in order],
            "showgrid": False,
        },
    }
    return Figure([trace], layout, height=110 + 46 * max(len(points), 2))
