"""The store as it was at one moment, kept open between questions: opening it takes long.

What one question found out about the data (`Snapshot.once`), the next need not find again.
"""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections.abc import Hashable, Iterator

from campaigns.errors import UserError
from campaigns.store import Sitting, Store

IDLE = 30.0
"""Seconds without a question after which nothing of the store is held open any more."""


class Sittings:
    """Sittings of the newest version of the data, each for one question at a time.

    At most ``at_once`` questions are asked at the same time: each may take the engine's whole
    memory. Safe to use from several threads.
    """

    def __init__(self, at_once: int, idle: float = IDLE) -> None:
        self._turn = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._free: list[tuple[Hashable, Sitting]] = []
        self._idle = _Idle(idle, self._lock, self._free)
        # an engine or a thread that outlives the interpreter makes the engine complain at exit
        weakref.finalize(self, self._idle.end)

    @contextlib.contextmanager
    def take(self, store: Store, version: Hashable) -> Iterator[Store]:
        """A sitting for one question about a version of the data."""
        with self._turn:
            with self._lock:
                mine = next((one for one in self._free if one[0] == version), None)
                if mine is None:
                    _close(self._free)
                else:
                    self._free.remove(mine)
            sitting = store.sitting() if mine is None else mine[1]
            try:
                yield sitting
            except UserError:
                self._give_back(version, sitting)
                raise
            except BaseException:
                sitting.close()
                raise
            self._give_back(version, sitting)

    def _give_back(self, version: Hashable, sitting: Sitting) -> None:
        with self._lock:
            self._free.append((version, sitting))
        self._idle.begin()


class _Idle:
    """Closes what is free when nothing was given back for a while."""

    def __init__(
        self, seconds: float, lock: threading.Lock, free: list[tuple[Hashable, Sitting]]
    ) -> None:
        self._seconds = seconds
        self._lock = lock
        self._free = free
        self._last = 0.0
        self._thread: threading.Thread | None = None
        self._over = threading.Event()

    def begin(self) -> None:
        """Count from now."""
        self._last = time.monotonic()
        with self._lock:
            if self._thread is None and not self._over.is_set():
                self._thread = threading.Thread(target=self._wait, name="idle", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Close what is free now, and leave no thread."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        _close(self._free)

    def _wait(self) -> None:
        while not self._over.wait(max(0.0, self._last + self._seconds - time.monotonic())):
            with self._lock:
                if time.monotonic() >= self._last + self._seconds:
                    _close(self._free)
                    self._thread = None
                    return


def _close(sittings: list[tuple[Hashable, Sitting]]) -> None:
    while sittings:
        sittings.pop()[1].close()
