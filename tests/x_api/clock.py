"""A clock that tests turn, shared between processes: a collector that sleeps moves it."""

import mmap
import struct
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Eight bytes in a file: the seconds since 1970. Every process that opens it sees one time."""

    def __init__(self, path: Path, begin: datetime | None = None):
        self.path = path
        if begin is not None:
            path.write_bytes(struct.pack("d", begin.timestamp()))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)

    def now(self) -> datetime:
        return datetime.fromtimestamp(struct.unpack("d", self._memory[:8])[0], UTC)

    def set(self, moment: datetime) -> None:
        self._memory[:8] = struct.pack("d", moment.timestamp())

    def sleep(self, seconds: float) -> None:
        """Time goes by, at once."""
        (now,) = struct.unpack("d", self._memory[:8])
        self._memory[:8] = struct.pack("d", now + max(seconds, 0))
