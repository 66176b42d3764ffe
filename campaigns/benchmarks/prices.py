"""Published prices of ads, for what the same delivery would cost as ads."""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.benchmarks.references import Reference, shipped
from campaigns.errors import N_, Message
from campaigns.reports.prices import Price

_CPM = ("paid_cpm", "spend / impressions × 1000")
_CPC = ("cpc", "spend / clicks")


def published_prices(references: Iterable[Reference] | None = None) -> tuple[Price, ...]:
    """The prices among published figures, each with its source; without any, those shipped.

    >>> [(price.platform, price.cpm, price.currency) for price in published_prices()][-2:]
    [('facebook', 4.15, 'EUR'), ('facebook', None, 'EUR')]
    """
    return tuple(
        Price(
            one.platform,
            one.value if (one.metric, one.base) == _CPM else None,
            one.value if (one.metric, one.base) == _CPC else None,
            one.currency,
            Message(
                N_("published by {source}, {years}"), {"source": one.source, "years": one.years}
            ),
        )
        for one in (shipped() if references is None else references)
        if (one.metric, one.base) in (_CPM, _CPC) and one.currency
    )
