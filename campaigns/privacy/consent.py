"""Colleagues take part from the day they agree until the day they withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import cast

TAKES_PART = "(opted_in_on IS NOT NULL AND (withdrawn_on IS NULL OR withdrawn_on < opted_in_on))"
"""SQL over the columns of ``accounts``: whether an ambassador agreed and did not withdraw since."""


def takes_part(account: Mapping[str, object]) -> bool:
    """`TAKES_PART` of one row.

    >>> takes_part({"opted_in_on": dt.date(2026, 2, 1), "withdrawn_on": dt.date(2026, 1, 9)})
    True
    >>> takes_part({"opted_in_on": dt.date(2026, 2, 1), "withdrawn_on": dt.date(2026, 2, 1)})
    False
    """
    agreed, withdrew = (
        cast("dt.date | None", account[name]) for name in ("opted_in_on", "withdrawn_on")
    )
    return agreed is not None and (withdrew is None or withdrew < agreed)
