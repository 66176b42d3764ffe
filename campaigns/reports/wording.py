"""A report's values as people read them, the same in the terminal, the pages and the summaries.

What is not known is said in words, never left empty and never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.translations import _, language

NAMELESS = {
    "campaign": N_("no campaign"),
    "account": N_("no account"),
    "ambassador": N_("no ambassador"),
    "platform": N_("no platform"),
    "media": N_("no medium"),
}
KINDS = {
    "text": N_("text"),
    "photo": N_("photo"),
    "image": N_("picture"),
    "multi-image": N_("several pictures"),
    "carousel": N_("several pictures"),
    "animated_gif": N_("moving picture"),
    "gif": N_("moving picture"),
    "video": N_("video"),
    "document": N_("document"),
    "link": N_("link"),
    "article": N_("article"),
    "poll": N_("poll"),
}
"""What platforms call the kinds of media of a post, in words; other kinds stay as they say."""

MEDIA = {
    "organic": N_("organic"),
    "paid": N_("paid"),
    "total": N_("organic and paid, not told apart"),
    "print": N_("print"),
    "radio": N_("radio"),
    "television": N_("television"),
    "outdoor": N_("outdoor"),
    "web": N_("web"),
    "other": N_("other"),
}
PLATFORMS = {
    "x": "X",
    "linkedin": "LinkedIn",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "google": "Google",
    "meta": "Meta",
    **{name: MEDIA[name] for name in ("print", "radio", "television", "outdoor", "web", "other")},
}


def name(column: str, value: object) -> str:
    """The name of a row in a grouping column.

    >>> name("platform", "linkedin"), name("media_type", "Animated_GIF")
    ('LinkedIn', 'moving picture')
    """
    if value is None:
        return _(NAMELESS[column]) if column in NAMELESS else ""
    if column == "media" and value in MEDIA:
        return _(MEDIA[str(value)])
    if column == "media_type":
        return _(KINDS.get(str(value).strip().casefold(), str(value)))
    if column == "platform":
        return _(PLATFORMS.get(str(value), str(value)))
    return _(str(value)) if column in {"account", "ambassador"} else str(value)


def number(value: float, places: int = 2) -> str:
    """A number with the separators of the user's language; at most so many decimal places."""
    from babel.numbers import format_decimal  # Babel is slow to load

    pattern = "#,##0." + "#" * places if places else "#,##0"
    return format_decimal(value, pattern, locale=language())


def percentage(value: float, places: int = 2) -> str:
    """A fraction as a percentage.

    >>> percentage(0.0391), percentage(0.5, 0)
    ('3.91%', '50%')
    """
    from babel.numbers import format_percent

    pattern = f"0.{'0' * places}" if places else "0"
    return format_percent(value, f"{pattern}%", locale=language())


def change(value: float) -> str:
    """A relative change, with its sign."""
    from babel.numbers import format_percent

    return format_percent(value, "+0.0%;-0.0%", locale=language())


def money(value: float, currency: str) -> str:
    """An amount in its currency."""
    from babel.numbers import format_currency

    return format_currency(value, currency, locale=language())


def figure(column: str, value: float, currency: str | None = None) -> str:
    """A metric's value: fractions as percentages, amounts with their currency.

    ``column`` is the name of a metric, or of its value before or its change in a comparison.
    """
    metric = METRICS.get(column.removesuffix("_previous"))
    if column.endswith("_change"):
        return change(value)
    if metric is not None and metric.is_money and currency:
        return money(value, currency)
    if metric is not None and metric.unit == "fraction":
        return percentage(value)
    return number(value)


def between(lower: int | None, upper: int | None) -> str:
    """Bounds of a number of people."""
    if lower is None:  # then the upper bound is nothing but impressions, which are not people
        return _("not measured")
    if upper is None:
        return _("at least {lower}", lower=number(lower))
    if lower == upper:
        return number(lower)
    return _("{lower} to {upper}", lower=number(lower), upper=number(upper))


def by_kind(column: str, row: Mapping[str, Any]) -> str:
    """A value of each kind of result of a row, where they are not added; else empty.

    >>> by_kind("outcome", {"outcomes": {"visits": {"outcome": 9}, "grade": {"outcome": None}}})
    'grade: not added; visits: 9'
    """
    found = []
    for kind, values in sorted(row.get("outcomes", {}).items()):
        value = values.get(column)
        shown = figure(column, value, row.get("currency")) if value is not None else None
        if shown is not None or column == "outcome":
            found.append(f"{kind}: {shown or _('not added')}")
    return "; ".join(found) if column in {"outcome", "cost_per_outcome"} else ""


def unknown(column: str) -> str:
    """What stands for a value that nobody knows."""
    metric = METRICS.get(column)
    if metric is None:
        return ""
    if "outcomes" in metric.parts or metric.denominator == "outcome":
        return _("no result known")
    return _("no costs known") if metric.is_money else _("not measured")
