"""What people type, read strictly: amounts as the Dutch or the English write them, days, counts.

``1.250`` can be a thousand or one and a quarter: an amount that can be read in two ways is
refused, never guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from campaigns.errors import N_, Message
from campaigns.translations import language

_SPACES = str.maketrans({" ": "", "\u00a0": "", "\u202f": "", "\u2009": "", "−": "-"})
_WHOLE = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]+[.,][0-9]+")
_GROUPED = re.compile(
    r"-?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII
)
_EITHER = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_COUNT = re.compile(r"-?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+)", re.ASCII)
_CURRENCY = re.compile(r"^(?:€|EUR)|(?:€|EUR)$", re.IGNORECASE)

Entered = str | bool | int | float | Decimal | dt.date | None


def read(kind: str, value: object) -> Entered | Message:
    """What was typed in a field of a kind; a message says why it cannot be read.

    >>> read("amount", "1.250,50"), read("amount", "1,250.5"), read("count", "12.000")
    (Decimal('1250.50'), Decimal('1250.5'), 12000)
    >>> str(read("amount", "1.250"))
    "'1.250' can be read in two ways: write 1250, or 1250,00"
    """
    if kind == "check":
        return bool(value)
    text = str(value or "").strip()
    if not text:
        return None
    if kind == "day":
        return _day(text)
    if kind in {"amount", "number"}:
        found = _amount(text)
        return float(found) if kind == "number" and isinstance(found, Decimal) else found
    if kind == "percentage":
        found = _amount(text.removesuffix("%").strip())
        return float(found / 100) if isinstance(found, Decimal) else found
    return _count(text) if kind == "count" else text


def shown(kind: str, value: object) -> str | bool:
    """A value as it stands in a field, as the reader's language writes it.

    >>> from campaigns.translations import speaking
    >>> with speaking("nl"):
    ...     shown("amount", Decimal("1250.500000")), shown("percentage", 0.25)
    ('1250,5', '25')
    """
    if kind == "check":
        return value is True
    if value is None:
        return ""
    if isinstance(value, float):
        value = Decimal(repr(round(value * 100, 4) if kind == "percentage" else value))
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace(".", ",") if language() == "nl" else text
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _amount(text: str) -> Decimal | Message:
    bare = _CURRENCY.sub("", text).translate(_SPACES)
    if _EITHER.fullmatch(bare):
        return Message(
            N_("'{value}' can be read in two ways: write {whole}, or {whole},00"),
            {"value": text, "whole": re.sub(r"[.,]", "", bare)},
        )
    if len(bare) > 40:
        return Message(N_("'{value}' is no number"), {"value": text[:40]})
    if _WHOLE.fullmatch(bare):
        return Decimal(bare)
    if _DECIMAL.fullmatch(bare):
        return Decimal(bare.replace(",", "."))
    if _GROUPED.fullmatch(bare):
        mark = max(bare.rfind("."), bare.rfind(","))
        has_decimals = len({"." in bare, "," in bare}) == 1 and "." in bare
        whole, rest = (bare[:mark], bare[mark + 1 :]) if has_decimals else (bare, "")
        digits = re.sub(r"[.,]", "", whole)
        return Decimal(f"{digits}.{rest}" if rest else digits)
    return Message(N_("'{value}' is no number such as 1250 or 1250,50"), {"value": text})


def _count(text: str) -> int | Message:
    bare = text.translate(_SPACES)
    if len(bare) <= 20 and _COUNT.fullmatch(bare):
        return int(re.sub(r"[.,]", "", bare))
    return Message(N_("'{value}' is no whole number"), {"value": text[:40]})


def _day(text: str) -> dt.date | Message:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return Message(N_("'{value}' is no day such as 2025-06-01"), {"value": text[:40]})
