"""One run of the collection."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection
from typing import Protocol

from campaigns.collecting.outcome import Outcome
from campaigns.settings import Settings
from campaigns.store import Store


class Keys(Protocol):
    """The credentials of X. With the last four, private figures of own posts can be read."""

    @property
    def bearer_token(self) -> str | None:
        """Of the app."""

    @property
    def consumer_key(self) -> str | None:
        """Of the app (API key)."""

    @property
    def consumer_secret(self) -> str | None:
        """Of the app (API key secret)."""

    @property
    def access_token(self) -> str | None:
        """Of the account, ``<id of the account>-<…>``."""

    @property
    def access_token_secret(self) -> str | None:
        """Of the account."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


Tell = Callable[[str, dict[str, object]], None]
"""Told what happens: the name of an event and its values; never a secret, a handle or a text."""


def _silent(_event: str, _values: dict[str, object]) -> None:
    """Say nothing."""


def collect(
    store: Store,
    settings: Settings,
    credentials: Keys,
    *,
    base_url: str | None = None,
    now: Callable[[], dt.datetime] = _now,
    sleep: Callable[[float], None] = time.sleep,
    waits: bool = True,
    only: Collection[str] = (),
    tell: Tell = _silent,
) -> Outcome:
    """Collect all that is due once, and import it.

    ``base_url`` goes before ``settings.collect.server``. ``now`` and ``sleep`` can be those of a
    clock that runs fast. ``waits``: wait for a rate limit to end, else end with 75. ``only`` names
    the kinds of reads: users, timelines, posts, mentions, searches, reposters, analytics.
    Raises `CollectingElsewhere`, and what a store raises; all else is in the `Outcome`.
    """
    raise NotImplementedError


def replay(store: Store, *, tell: Tell = _silent) -> Outcome:
    """Import all answers that are kept anew, without asking anybody."""
    raise NotImplementedError
