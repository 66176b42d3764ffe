"""Waiting for rate limits, and trying again what may go well the next time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from campaigns.collecting.client import Again, Ask, TooMany
from campaigns.errors import N_, Message

TRIES = 7
LONGEST = 60.0
"""Seconds between two tries, at most."""
STEP = 10.0
"""Seconds after which a wait is counted down again."""

Tell = Callable[[str, dict[str, object]], None]
"""Told what happens: the name of an event and its values; never a secret, a handle or a text."""


def silent(_event: str, _values: dict[str, object]) -> None:
    """Say nothing."""


class TryLater(Exception):
    """The rest is for the next start; ``reason`` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass
class Patience:
    """How long to wait, and on which clock. Without ``waits`` a rate limit ends the run."""

    sleep: Callable[[float], None]
    tell: Tell
    waits: bool = True
    chance: random.Random = field(default_factory=random.Random)

    def asked(self, answer: Callable[[Ask], dict[str, Any]], ask: Ask) -> dict[str, Any]:
        """The answer, after as many tries as it takes. Raises `TryLater` and other faults."""
        tries = 0
        while True:
            try:
                return answer(ask)
            except TooMany as limit:
                self._wait(limit.seconds)
            except Again as fault:
                tries += 1
                if tries >= TRIES:
                    text = N_("X did not answer {tries} times on end ({fault})")
                    raise TryLater(Message(text, {"tries": tries, "fault": fault})) from None
                pause = min(LONGEST, 2.0**tries) * self.chance.uniform(0.25, 0.75)
                self.tell("again", {"kind": ask.kind, "fault": str(fault), "tries": tries})
                self.sleep(pause)

    def _wait(self, seconds: float) -> None:
        if not self.waits:
            text = N_("the rate limit of X ends in {seconds} seconds")
            raise TryLater(Message(text, {"seconds": round(seconds)}))
        while seconds > 0:
            self.tell("waiting", {"seconds": round(seconds)})
            self.sleep(min(STEP, seconds))
            seconds -= STEP
        self.tell("waited", {})
