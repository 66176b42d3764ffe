"""Reports, asked once per version of the data and shared by all who look.

The newest version numbers of the store's tables of imports and destructions tell whether anything
changed; looking them up reads two folders. An answer is kept until they change, and at most
`KEPT` are. One question that several ask at once is computed once.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

import flask

from campaigns.errors import UserError
from campaigns.reports import Question, Report, report
from campaigns.reports.coverage import Covered, coverage
from campaigns.store import Snapshot, Store
from dashboard.sittings import Sittings

T = TypeVar("T")

KEPT = 512
"""Answers that are kept at most."""

AT_ONCE = 2
"""Questions that are computed at the same time."""


class Answers:
    """What a store answers. Safe to use from several threads.

    ``changed`` is called when a question finds other data than the one before it did.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._busy: dict[Hashable, threading.Lock] = {}
        self._sittings = Sittings(AT_ONCE)
        self._seen: Hashable = None
        self.changed: Callable[[], None] | None = None

    @property
    def store(self) -> Store:
        """The store as it is now. Raises `NoStore` and its kin."""
        return Store.open(self.path)

    def report(self, question: Question) -> Report:
        """Answer a question; raises as `campaigns.reports.report`."""
        return self._once(("report", question.identity), lambda store: report(store, question))

    def ask(self, question: Callable[[Snapshot], T], *names: Hashable) -> T:
        """What a function says of a snapshot; ``names`` tell its calls apart."""
        key = (question.__module__, question.__qualname__, names)
        return self._once(key, lambda store: store.read(question))

    def asked(self, name: Hashable, question: Callable[[Store], T]) -> T:
        """What a function says of the store, under a name that tells it from all others."""
        return self._once(("asked", name), question)

    def coverage(self) -> list[Covered]:
        """From when to when there are data."""
        return self.ask(coverage)

    def version(self) -> Hashable:
        """Which data there are; None while there is no store that can be read."""
        with contextlib.suppress(UserError):
            return _version(self.store)
        return None

    @property
    def is_computing(self) -> bool:
        """Whether somebody waits for an answer."""
        return bool(self._busy)

    def _notice(self, version: Hashable) -> None:
        before, self._seen = self._seen, version
        if before not in (None, version) and self.changed is not None:
            self.changed()

    def _once(self, key: Hashable, compute: Callable[[Store], T]) -> T:
        store = self.store
        version = _version(store)
        self._notice(version)
        key = (version, key)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key])
            busy = self._busy.setdefault(key, threading.Lock())
        with busy:
            with self._lock:
                if key in self._kept:
                    return cast(T, self._kept[key])
            try:
                if flask.has_app_context():
                    setattr(flask.g, _COMPUTED, True)
                with self._sittings.take(store, version) as sitting:
                    answer = compute(sitting)
                with self._lock:
                    self._kept[key] = answer
                    while len(self._kept) > KEPT:
                        self._kept.popitem(last=False)
            finally:
                with self._lock:
                    self._busy.pop(key, None)
        return answer


def _version(store: Store) -> Hashable:
    return store.store_id, store.number_of("imports"), store.number_of("destructions")


def was_computed() -> bool:
    """Whether anything had to be computed for this request."""
    return bool(flask.g.get(_COMPUTED, False))


_COMPUTED = "bereik_computed"


def answers() -> Answers:
    """The answers of the application that serves this request."""
    return cast(Answers, flask.current_app.extensions["bereik"])
