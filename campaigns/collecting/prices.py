"""What reads cost, what was spent, and what may be spent still."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from campaigns.settings import Settings


def prices(settings: Settings) -> dict[str, Decimal]:
    """What one read of each kind costs."""
    given = settings.prices
    return {"post": given.post, "owned_post": given.owned_post, "user": given.user,
            "analytics": given.analytics}  # fmt: skip


def cost(settings: Settings, reads: Mapping[str, int]) -> Decimal:
    """What reads cost at the configured prices."""
    each = prices(settings)
    return sum((each[kind] * count for kind, count in reads.items()), Decimal(0))


Paid = Mapping[str, Mapping[str, int]]
"""Reads that were paid for, by day and kind."""


def spent(settings: Settings, paid: Paid, day: str) -> tuple[Decimal, Decimal]:
    """What was spent on a day, and in its month."""
    of_day = cost(settings, paid.get(day, {}))
    month = sum(
        (cost(settings, reads) for one, reads in paid.items() if one[:7] == day[:7]), Decimal(0)
    )
    return of_day, month


def room(settings: Settings, paid: Paid, day: str) -> Decimal:
    """What may still be spent on a day."""
    of_day, of_month = spent(settings, paid, day)
    return min(settings.budget.per_day - of_day, settings.budget.per_month - of_month)
