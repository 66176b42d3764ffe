"""Asking what the pages ask before anybody does, so that the first reader need not wait."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable

log = logging.getLogger(__name__)


class Warming:
    """A round of questions in the background: at most one at a time, again when data changed.

    ``version`` says which data there are (None: none), ``ask`` asks everything once. It waits until
    nothing changed for ``quiet`` seconds: an import commits many times. What fails is logged; who
    opens the page is told.
    """

    def __init__(
        self, version: Callable[[], Hashable], ask: Callable[[], None], quiet: float = 1
    ) -> None:
        self._version = version
        self._ask = ask
        self._quiet = quiet
        self._going = threading.Lock()

    def begin(self) -> None:
        """Begin a round; nothing where one is going on, which sees the change itself."""
        if self._going.acquire(blocking=False):
            threading.Thread(target=self._run, name="warming", daemon=True).start()

    def _run(self) -> None:
        try:
            asked: Hashable = None
            while (now := self._version()) != asked:
                time.sleep(self._quiet)
                if self._version() == now:
                    asked = now
                    self._ask()
        except Exception:  # the last resort of a thread: nobody waits for it
            log.exception("asking the pages' questions beforehand failed")
        finally:
            self._going.release()
