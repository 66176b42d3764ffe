"""What makes a line of a list right: every field in its usual form, and all faults at once."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from campaigns.definitions.campaign import account_key, checked_text
from campaigns.errors import N_, BadDefinition, BadFields, Message
from campaigns.schema import COST_KINDS, TABLES, VATS

Row = dict[str, Any]
Faults = dict[str, Message]

_LARGEST = Decimal(10) ** 12
_CURRENCY = re.compile(r"[A-Z]{3}")


def checked_line(
    table: str, fields: Sequence[str], required: Sequence[str], given: Mapping[str, object]
) -> Row:
    """The fields of a line in their usual form. Raises `BadFields`, of all faults at once."""
    faults: Faults = {}
    row: Row = {name: _value(table, name, given.get(name), faults) for name in fields}
    for name in required:
        if row[name] is None and name not in faults:
            faults[name] = Message(N_("is needed"))
    _check_days(row, faults)
    _check_money(row, faults)
    if table == "costs":
        _check_cost(row, faults)
    if table == "media_placements" and not (row["title"] or row["medium"]):
        faults.setdefault("title", Message(N_("names no title and no medium")))
    if faults:
        raise BadFields(fields=faults)
    return row


def _value(table: str, name: str, value: object, faults: Faults) -> object:
    kind = TABLES[table].column(name).type
    if value is None or value == "":
        return None
    try:
        if kind == "text":
            text = checked_text(str(value), "", name)
            return account_key(text) if name == "account_id" and text else text
        if kind == "integer" and isinstance(value, int) and not 0 <= value < 2**53:
            faults[name] = Message(N_("must be a number of 0 or more"))
        elif kind == "number" and not math.isfinite(float(str(value))):
            faults[name] = Message(N_("must be a number"))
        elif kind == "decimal":
            return _decimal(Decimal(str(value)), name, faults)
    except BadDefinition as error:
        reason = error.values["reason"]
        faults[name] = reason if isinstance(reason, Message) else Message(str(reason))
    return value


def _decimal(value: Decimal, name: str, faults: Faults) -> Decimal | None:
    if not value.is_finite() or abs(value) >= _LARGEST:
        faults[name] = Message(N_("must be an amount below 1,000,000,000,000"))
    elif value != round(value, 6):
        faults[name] = Message(N_("has more than six decimals"))
    elif value < 0 and name in {"hours", "rate"}:
        faults[name] = Message(N_("must be a number of 0 or more"))
    else:
        return value.quantize(Decimal("0.000001"))  # as the store gives it back
    return None


def _check_days(row: Row, faults: Faults) -> None:
    first, last = row.get("first_day"), row.get("last_day")
    if isinstance(first, dt.date) and last is None and "last_day" not in faults:
        row["last_day"] = first
    elif isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
        reason = N_("the period ends ({last}) before it begins ({first})")
        faults["last_day"] = Message(reason, {"last": last, "first": first})


def _check_money(row: Row, faults: Faults) -> None:
    if "currency" not in row:
        return
    amounts = [row[name] for name in ("amount", "rate") if row.get(name) is not None]
    code = str(row["currency"] or "EUR").strip().upper()
    if not _CURRENCY.fullmatch(code):
        faults["currency"] = Message(N_("is a code of three letters, such as EUR"))
    row["currency"] = code if amounts else None
    if row["vat"] is not None and row["vat"] not in VATS:
        faults["vat"] = Message(N_("is none of {known}"), {"known": ", ".join(VATS)})


def _check_cost(row: Row, faults: Faults) -> None:
    if row["amount"] is None and "amount" not in faults:
        if row["hours"] is None and row["rate"] is None:
            faults["amount"] = Message(N_("give an amount, or hours and what an hour costs"))
        for name, other in (("hours", "rate"), ("rate", "hours")):
            if row[name] is None and row[other] is not None and name not in faults:
                faults[name] = Message(N_("is needed"))
    if row["kind"] is None and row["amount"] is None and row["hours"] is not None:
        row["kind"] = "hours"
    if row["kind"] is not None and row["kind"] not in COST_KINDS:
        faults["kind"] = Message(N_("is none of {known}"), {"known": ", ".join(COST_KINDS)})
