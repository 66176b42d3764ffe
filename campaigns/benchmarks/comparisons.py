"""Published figures beside the own ones: compared where the bases agree, else refused with why.

``own_percentile`` is the place of the published figure among the own posts: 0.3 says that 30 % of
them stay below it. It is given only where the figure is of posts, in the same base, delivery and
unit. A figure of pages or ads stands beside the own total without a percentile: posts vary more
than pages do. All else is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.benchmarks.own import MINIMUM_POSTS, OwnPosts, Spread
from campaigns.benchmarks.references import Reference, base_of
from campaigns.errors import N_, Message
from campaigns.metrics import METRICS

COMPARED, BESIDE, REFUSED = "compared", "beside", "refused"
STATUSES = {
    COMPARED: N_("compared with the own posts"),
    BESIDE: N_("the own figure stands beside it, without a percentile"),
    REFUSED: N_("not compared"),
}

_DELIVERIES = {
    "organic": N_("organic"),
    "paid": N_("paid"),
    "total": N_("organic and paid"),
}


@dataclass(frozen=True)
class Total:
    """An own figure of a platform as a whole, with its currency where it is an amount."""

    value: float | None
    currency: str | None = None


@dataclass(frozen=True)
class Comparison:
    """A published figure and what the own data say to it; see the module."""

    reference: Reference
    status: str
    reason: Message | None = None
    spread: Spread | None = None
    own_value: float | None = None
    own_percentile: float | None = None


class Comparer:
    """Compares published figures with the own spreads (posts) and totals (ads) of a period.

    ``totals`` are own values by platform, delivery and metric, for figures that are not of posts.
    """

    def __init__(
        self,
        own: OwnPosts,
        spreads: Sequence[Spread],
        totals: Mapping[tuple[str, str, str], Total],
    ) -> None:
        self._own = own
        self._totals = totals
        self._spreads = {
            (one.platform, one.delivery, one.metric): one for one in spreads if one.month is None
        }

    def all(self, references: Sequence[Reference]) -> list[Comparison]:
        """One comparison for each figure, in their order."""
        return [self.one(reference) for reference in references]

    def one(self, reference: Reference) -> Comparison:
        """Compare one figure, or say why it cannot be."""
        refusal = next(_of_definition(reference), None)
        if refusal is not None:
            return Comparison(reference, REFUSED, refusal)
        key = (reference.platform, reference.delivery or "total", reference.metric)
        if reference.per == "post":
            return self._with_posts(reference, self._spreads.get(key))
        return self._with_total(reference, self._totals.get(key))

    def _with_posts(self, reference: Reference, spread: Spread | None) -> Comparison:
        if spread is None:
            return Comparison(reference, REFUSED, _nothing(reference))
        if spread.posts < MINIMUM_POSTS:
            values = {"n": spread.posts, "least": MINIMUM_POSTS}
            reason = Message(N_("only {n} own posts have this figure; it takes {least}"), values)
            return Comparison(reference, REFUSED, reason, spread)
        share = self._own.share_below(
            reference.platform, reference.delivery or "total", reference.metric, reference.value
        )
        # The value that answers to a figure of posts is the same statistic of the own posts.
        own = spread.mean if reference.statistic == "mean" else spread.median
        return Comparison(reference, COMPARED, _caution(reference), spread, own, share)

    def _with_total(self, reference: Reference, total: Total | None) -> Comparison:
        if total is None or total.value is None:
            return Comparison(reference, REFUSED, _nothing(reference))
        if reference.currency and total.currency != reference.currency:
            values = {"theirs": reference.currency, "own": total.currency or "–"}
            reason = Message(
                N_("it is in {theirs}, the own amounts are in {own}; give --currency and --rate"),
                values,
            )
            return Comparison(reference, REFUSED, reason)
        text = N_("a figure per {per}, not per post: own posts vary more")
        if not reference.delivery:
            text = N_(
                "a figure per {per}, not per post: own posts vary more; the own figure is of "
                "organic and paid together, what the other is of is not stated"
            )
        reason = Message(text, {"per": reference.per})
        return Comparison(reference, BESIDE, reason, None, total.value)


def _of_definition(reference: Reference) -> Iterator[Message]:
    """Why the definitions do not agree; nothing when they do."""
    metric = METRICS.get(reference.metric)
    if metric is None:
        yield Message(
            N_("bereik does not compute {metric} ({base})"),
            {"metric": reference.metric, "base": reference.base},
        )
        return
    own = base_of(metric)
    if " ".join(reference.base.split()).casefold() != own.casefold():
        yield Message(
            N_("another base: theirs is {theirs}, of {metric} it is {own}"),
            {"theirs": reference.base, "metric": Message(metric.label), "own": own},
        )
    if reference.unit != metric.unit:
        yield Message(
            N_("another unit: theirs is {theirs}, here it is {own}"),
            {"theirs": reference.unit, "own": metric.unit},
        )
    if not reference.per:
        yield Message(N_("it is not stated of what it is a figure: posts, pages or ads"))


def _nothing(reference: Reference) -> Message:
    values = {
        "metric": Message(METRICS[reference.metric].label),
        "platform": reference.platform,
        "delivery": Message(_DELIVERIES[reference.delivery or "total"]),
    }
    return Message(N_("nothing own to compare: no {metric} ({delivery}) on {platform}"), values)


def _caution(reference: Reference) -> Message | None:
    """What a reader of a comparison must know beside it."""
    if not reference.delivery and reference.statistic == "not stated":
        return Message(
            N_("compared with organic and paid together; neither that nor the kind of average is "
               "stated with the figure")
        )  # fmt: skip
    if not reference.delivery:
        return Message(N_("compared with organic and paid together; the figure does not state it"))
    if reference.statistic == "not stated":
        return Message(N_("the kind of average is not stated with the figure"))
    return None
