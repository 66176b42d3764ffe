"""What the delivery of colleagues costs as ads: replacement values, by formulas that have names.

A replacement value says what the same impressions, clicks or reach would have cost as ads. It is
no result and belongs in no return on investment: by one formula the same share is worth several
times what it is worth by another. So it is a range over all formulas and prices that are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.errors import N_, Message
from campaigns.reports.question import Question
from campaigns.reports.report import answer
from campaigns.store import Snapshot
from campaigns.translations import _

FORMULAS = {
    "emv_cpm": N_("impressions / 1,000 × CPM"),
    "emv_cpc": N_("clicks × cost per click"),
    "emv_reach": N_("gross reach / 1,000 × CPM"),
}
"""The formulas by name, as people read them."""

OWN_PRICE = N_("own ads in the period")
OWN_PRICE_EVER = N_("own ads of all time: none ran in the period")


@dataclass(frozen=True)
class Price:
    """What ads on a platform cost: per 1,000 impressions (``cpm``) and per click; null unknown.

    ``basis`` says whose price it is.
    """

    platform: str
    cpm: float | None
    cpc: float | None
    currency: str
    basis: Message


@dataclass(frozen=True)
class Worth:
    """One replacement value of one platform: by which formula, at which price."""

    platform: str
    formula: str
    value: float
    basis: Message


@dataclass(frozen=True)
class Replacement:
    """What the same delivery costs as ads: a range, and the values that it is made of.

    ``missing`` are platforms of which no price is known: what was shared there is not in it.
    """

    lower: float
    upper: float
    currency: str
    worths: tuple[Worth, ...]
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The range and its values as plain data, in the user's language."""
        return {
            "lower": self.lower,
            "upper": self.upper,
            "currency": self.currency,
            "values": [
                {
                    "platform": one.platform,
                    "formula": one.formula,
                    "meaning": _(FORMULAS[one.formula]),
                    "value": one.value,
                    "basis": _(one.basis.text, **one.basis.values),
                }
                for one in self.worths
            ],
            "missing": list(self.missing),
        }


def own_prices(snapshot: Snapshot, question: Question) -> tuple[Price, ...]:
    """What the organisation itself paid for ads: in the period, else ever."""
    if not snapshot.value("SELECT true FROM ad_periods_log LIMIT 1"):
        return ()
    paid = replace(
        question, by=("platform",), metrics=("spend", "paid_cpm", "clicks"), delivery="paid",
        campaign=None, ambassador=None,
    )  # fmt: skip
    found = {price.platform: price for price in _prices(snapshot, paid, OWN_PRICE)}
    if question.first or question.last:
        ever = _prices(snapshot, replace(paid, first=None, last=None), OWN_PRICE_EVER)
        found = {**{price.platform: price for price in ever}, **found}
    return tuple(found[platform] for platform in sorted(found))


def _prices(snapshot: Snapshot, question: Question, basis: str) -> Iterator[Price]:
    for row in answer(snapshot, question).rows:
        if row["platform"] and row["paid_cpm"] is not None and row.get("currency"):
            spend, clicks = row["spend"], row["clicks"]
            cpc = spend / clicks if spend and clicks else None
            yield Price(row["platform"], row["paid_cpm"], cpc, row["currency"], Message(basis))


def replacement(
    rows: Iterable[Mapping[str, Any]], prices: Sequence[Price], question: Question
) -> Replacement | None:
    """The replacement value of rows by platform; None where no price fits.

    Rows have ``platform``, ``impressions``, ``clicks`` and both bounds of gross reach, which
    counts only where it was measured of every post. Prices in another currency than the report's
    count only at a stated rate.
    """
    there = [row for row in rows if row["impressions"]]
    currency = question.currency or next((one.currency for one in prices), None)
    usable = [one for price in prices if (one := _converted(price, currency, question))]
    by_platform = {
        str(row["platform"]): [
            worth
            for price in usable
            if price.platform == row["platform"]
            for worth in _worths(row, price)
        ]
        for row in there
    }
    worths = [worth for found in by_platform.values() for worth in found]
    if not worths or currency is None:
        return None
    values = [[worth.value for worth in found] for found in by_platform.values() if found]
    missing = tuple(sorted(platform for platform, found in by_platform.items() if not found))
    lower, upper = sum(map(min, values)), sum(map(max, values))
    return Replacement(lower, upper, currency.upper(), tuple(worths), missing)


def _worths(row: Mapping[str, Any], price: Price) -> Iterator[Worth]:
    def worth(formula: str, value: float) -> Worth:
        return Worth(price.platform, formula, value, price.basis)

    if price.cpm is not None:
        yield worth("emv_cpm", row["impressions"] / 1000 * price.cpm)
        if row["gross_reach_lower"] is not None and (
            row["gross_reach_lower"] == row["gross_reach_upper"]
        ):
            yield worth("emv_reach", row["gross_reach_lower"] / 1000 * price.cpm)
    if price.cpc is not None and row["clicks"] is not None:
        yield worth("emv_cpc", row["clicks"] * price.cpc)


def _converted(price: Price, currency: str | None, question: Question) -> Price | None:
    """The price in the currency of the report; None without a rate for it."""
    if currency is None or price.currency.upper() == currency.upper():
        return price
    rate = {code.upper(): rate for code, rate in question.rates.items()}.get(price.currency.upper())
    if rate is None:
        return None
    return replace(
        price,
        cpm=None if price.cpm is None else price.cpm * rate,
        cpc=None if price.cpc is None else price.cpc * rate,
        currency=currency,
    )
