"""What a run will take and cost, before anything is asked."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from campaigns import privacy
from campaigns.collecting import known as knowing
from campaigns.collecting import prices
from campaigns.collecting.client import Keys, signed_in
from campaigns.collecting.keeping import State, folder_of, read_state
from campaigns.collecting.reads import BATCH, KINDS, Plan, Planned
from campaigns.settings import Settings
from campaigns.store import Store

_LOOKED_BACK = dt.timedelta(days=30)


@dataclass(frozen=True)
class Forecast:
    """Reads of one kind at one price.

    ``reads`` is what is expected, ``at_most`` what it can become; lists that were never read
    before are expected to be as long as they may be. The costs are those of both.
    """

    kind: str
    price: str
    requests: int
    reads: int
    at_most: int
    cost: Decimal
    cost_at_most: Decimal


@dataclass(frozen=True)
class Spending:
    """What was spent today and this month at the prices of now, and what may be spent still."""

    today: Decimal
    month: Decimal
    left: Decimal
    currency: str


def spending(store: Store | None, settings: Settings, now: dt.datetime) -> Spending:
    """What collecting cost so far; nothing where there is no store yet."""
    state, day = _state(store), now.astimezone(dt.UTC).date().isoformat()
    today, month = prices.spent(settings, state.paid, day)
    left = max(prices.room(settings, state.paid, day), Decimal(0))
    return Spending(today, month, left, settings.prices.currency)


def forecast(
    store: Store | None,
    settings: Settings,
    keys: Keys | None,
    now: dt.datetime,
    only: Iterable[str] = (),
) -> list[Forecast]:
    """What a run that starts now will read; nothing is asked, and nothing is changed.

    Where there is no store yet, the settings say what is known.
    """
    state, reader = _state(store), signed_in(keys) if keys else None
    known = knowing.of_settings(settings)
    rates: list[dict[str, Any]] = []
    if store is not None:
        known = knowing.known(store, settings, now, state, reader)
        rates = store.read(lambda snapshot: snapshot.rows(_RATES, {"since": now - _LOOKED_BACK}))
    # who was never looked up has no number yet; that a list of theirs will be read is known
    unknown = {name: f"unknown {name}" for name in known.roles if name not in state.ids}
    state = replace(state, ids={**state.ids, **unknown})
    plan = Plan(settings, state, known, now, reader)
    if plan.signed_in and plan.signed_in not in state.ids.values() and len(known.own) == 1:
        state.ids[known.own[0]] = plan.signed_in
    per_day = {str(row["account_id"]): row["posts"] / _LOOKED_BACK.days for row in rates}
    wanted = set(only) or set(KINDS)
    return [
        one
        for kind in KINDS
        if kind in wanted
        for one in _together(kind, plan.of(kind), _Lengths(settings, state, now, per_day))
    ]


def _state(store: Store | None) -> State:
    return State() if store is None else read_state(folder_of(store.path))


_RATES = (
    "SELECT account_id, count(*) AS posts FROM posts WHERE platform = 'x' "
    "AND published_at > $since GROUP BY account_id"
)


@dataclass(frozen=True)
class _Lengths:
    """How long lists will be, by how fast they grew."""

    settings: Settings
    state: State
    now: dt.datetime
    per_day: dict[str, float]

    def of(self, planned: Planned) -> tuple[int, int]:
        """How many items are expected, and how many it can be."""
        if planned.expected is not None:
            return planned.expected, planned.expected
        key = planned.ask.key
        most = self.settings.collect.pages * BATCH
        last = self.state.done.get(key)
        if last is None:
            return most, most
        days = (self.now - dt.datetime.fromisoformat(last)) / dt.timedelta(days=1)
        name = key.partition("/")[2]
        own = self.per_day.get(name, 0.0)
        others = sum(rate for who, rate in self.per_day.items() if privacy.is_unnamed(who))
        rate = own if planned.ask.kind == "timelines" else others
        return min(math.ceil(rate * max(days, 0.0)), most), most


def _together(kind: str, planned: Iterable[Planned], lengths: _Lengths) -> Iterator[Forecast]:
    each = prices.prices(lengths.settings)
    by_price: dict[str, tuple[int, int, int]] = {}
    for one in planned:
        expected, most = lengths.of(one)
        before = by_price.get(one.ask.price, (0, 0, 0))
        requests = max(1, math.ceil(expected / BATCH))
        by_price[one.ask.price] = (before[0] + requests, before[1] + expected, before[2] + most)
    for price, (requests, expected, most) in by_price.items():
        yield Forecast(
            kind, price, requests, expected, most, each[price] * expected, each[price] * most
        )
