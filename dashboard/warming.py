"""Asking what the pages ask before anybody does, so that the first reader need not wait."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable

log = logging.getLogger(__name__)


class Warming:
    """A round of questions in the background: at most one at a time, again when data changed.

    ``version`` says which data there are (None: none), ``ask`` asks everything once, a piece at a
    time: between two pieces it can end with the interpreter. It waits until nothing changed for
    ``quiet`` seconds: an import commits many times. What fails is logged; who opens the page is
    told.
    """

    def __init__(
        self, version: Callable[[], Hashable], ask: Callable[[], Iterable[object]], quiet: float = 1
    ) -> None:
        self._version = version
        self._ask = ask
        self._quiet = quiet
        self._going = threading.Lock()
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        # an engine that is asked while the interpreter ends takes the process down with it
        weakref.finalize(self, _end, self._over, self._threads)

    def begin(self) -> None:
        """Begin a round; nothing where one is going on, which sees the change itself."""
        if self._going.acquire(blocking=False):
            self._threads[:] = [threading.Thread(target=self._run, name="warming", daemon=True)]
            self._threads[0].start()

    def _run(self) -> None:
        try:
            asked: Hashable = None
            while (now := self._version()) != asked:
                if self._over.wait(self._quiet):
                    return
                if self._version() == now:
                    asked = now
                    for _piece in self._ask():
                        if self._over.is_set():
                            return
        except Exception:  # the last resort of a thread: nobody waits for it
            log.exception("asking the pages' questions beforehand failed")
        finally:
            self._going.release()


def _end(over: threading.Event, threads: list[threading.Thread]) -> None:
    over.set()
    for one in threads:
        if one is not threading.current_thread():
            one.join()
