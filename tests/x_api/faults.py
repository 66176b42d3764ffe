"""What goes wrong, by plan: for each request, from a seed, one fault or none."""

import random
from collections import Counter
from collections.abc import Callable, Mapping

RATES = {
    "rate_limit": 0.02,
    "unavailable": 0.02,
    "drop": 0.02,
    "hang": 0.003,
    "truncated": 0.02,
    "repeat": 0.05,
    "expired": 0.004,
    "revoked": 0.004,
    "kill": 0.0,
}
"""The part of all requests that meets each fault.

``rate_limit``  429 with the headers of a window that ends soon
``unavailable`` 503, for one to three requests on end
``drop``        the connection ends in the middle of the body
``hang``        the answer comes later than anybody waits
``truncated``   a whole answer of which the JSON ends too early
``repeat``      the page begins with what the page before ended with: the list changed meanwhile
``expired``     401, until somebody gives new credentials (`mend`)
``revoked``     403, until somebody repairs the access (`mend`)
``kill``        the collector is killed while it works on the answer
"""


class Faults:
    """A plan. ``kill`` is called, some milliseconds after the answer, for that fault."""

    def __init__(
        self,
        seed: int = 0,
        rates: Mapping[str, float] | None = None,
        kill: Callable[[float], None] = lambda _: None,
    ):
        self.seed, self.rates, self.kill = seed, dict(rates or {}), kill
        self.requests = 0
        self.burst = 0
        self.broken: str | None = None
        self.met: Counter[str] = Counter()

    def next(self) -> tuple[str | None, random.Random]:
        """The fault of the next request, and its own chance for the details."""
        self.requests += 1
        chance = random.Random(f"{self.seed}:{self.requests}")
        fault = self._of(chance)
        if fault:
            self.met[fault] += 1
        return fault, chance

    def _of(self, chance: random.Random) -> str | None:
        if self.broken:
            return self.broken
        if self.burst:
            self.burst -= 1
            return "unavailable"
        place = chance.random()
        for name, rate in self.rates.items():
            if place < rate:
                if name == "unavailable":
                    self.burst = chance.randint(0, 2)
                if name in ("expired", "revoked"):
                    self.broken = name
                return name
            place -= rate
        return None

    def mend(self) -> None:
        """New credentials, access repaired."""
        self.broken = None
