"""An import of answers in a process of its own, while this one asks for more.

It is a program, ``python -m campaigns.collecting.beside STORE FILE…``, that writes what became of
the files. Its memory is given back when it ends.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import campaigns
from campaigns.collecting.taking import Taken, imported


class Beside:
    """One import at a time in a process of its own.

    What it does not come to, the next import in this process does. One that outlives a killed run
    does no harm: an import is committed once, whoever does it.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an import goes on."""
        return self._process is not None and self._process.poll() is None

    def start(self, files: Sequence[Path]) -> None:
        """Import files; what was begun before must be over (`result`)."""
        ours = str(Path(campaigns.__file__).parents[1])
        path = os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", __name__, str(self._store), *map(str, files)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    def result(self) -> list[Taken]:
        """What became of the files, once it is over; nothing where nothing was begun or it failed.

        Files that it failed at still wait.
        """
        process, self._process = self._process, None
        if process is None:
            return []
        said, _nothing = process.communicate()
        taken: list[Taken] = []
        if process.returncode == 0:
            taken = pickle.loads(said)  # noqa: S301 - of our own program
        return taken

    def close(self) -> None:
        """Wait for what goes on."""
        self.result()


def main() -> None:
    """Import the files; Ctrl+C is for the process that asks, which waits for this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    store, *files = map(Path, sys.argv[1:])
    taken = imported(store, files, is_last=False)
    sys.stdout.buffer.write(pickle.dumps(taken))


if __name__ == "__main__":
    main()
