"""What became of a run: how it ended, what it read, and what that cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from campaigns.errors import N_, Message

Ending = Literal["done", "later", "person"]
"""All is collected; the rest is for the next start; or somebody must do something first."""

EXIT_CODES: Mapping[Ending, int] = {"done": 0, "later": 75, "person": 1}
"""What a scheduler is told."""

ELSEWHERE = N_("another run is collecting into this store")


@dataclass(frozen=True)
class Outcome:
    """One run: ``reason`` says why it is not done, or needs somebody.

    ``reads`` counts by kind what was paid for (``post``, ``owned_post``, ``user``,
    ``analytics``), ``cost`` is that at the configured prices; ``requests`` counts answers,
    ``rows`` the rows that the store got, ``problems`` what the API said of single posts.
    """

    ending: Ending
    reason: Message | None = None
    requests: int = 0
    reads: Mapping[str, int] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    currency: str = "USD"
    rows: Mapping[str, int] = field(default_factory=dict)
    emptied: int = 0
    problems: Sequence[Message] = ()

    @property
    def exit_code(self) -> int:
        """0 done, 75 try later, 1 needs a person.

        >>> Outcome("later").exit_code
        75
        """
        return EXIT_CODES[self.ending]
