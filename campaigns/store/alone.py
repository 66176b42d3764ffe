"""One process at a time at a task that a store can have only one of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def alone(store: Path, task: str, timeout: float = 0) -> Iterator[bool]:
    """Whether nobody else is at a task; the system frees the lock of a killed process."""
    (store / "locks").mkdir(exist_ok=True)
    lock = FileLock(store / "locks" / f"{task}.lock")
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
