"""Where engines put what does not fit in memory; it holds people's data, so none may stay."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import time
import uuid
from pathlib import Path

from filelock import FileLock, Timeout

LONGEST_USE = dt.timedelta(days=1)
"""How old a folder must be that nobody holds a lock for before it is taken for left behind."""


class Spill:
    """A private folder to spill into. Give it back with `close`.

    Its lock tells others that it is in use; the system frees the lock of a killed process.
    """

    def __init__(self, store: Path) -> None:
        self.folder = store / "tmp" / uuid.uuid4().hex
        self._lock = FileLock(_lock_of(self.folder), thread_local=False)
        with contextlib.suppress(OSError):  # a store that may only be read is answered from memory
            self.folder.parent.mkdir(mode=0o700, exist_ok=True)
            self._lock.acquire(timeout=5)
            self.folder.mkdir(mode=0o700)

    def close(self) -> None:
        """Remove the folder and what is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()
        with contextlib.suppress(OSError):
            _lock_of(self.folder).unlink(missing_ok=True)


def clear(store: Path) -> None:
    """Remove what killed processes spilled; what is in use stays, and goes when its user ends."""
    old = time.time() - LONGEST_USE.total_seconds()
    entries = list((store / "tmp").glob("*"))
    for folder in {entry.with_suffix("") for entry in entries}:
        lock = _lock_of(folder)
        with contextlib.suppress(OSError, Timeout):
            if lock.exists():
                with FileLock(lock, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
                lock.unlink(missing_ok=True)
            elif folder.stat().st_mtime < old:
                shutil.rmtree(folder, ignore_errors=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_suffix(".lock")
