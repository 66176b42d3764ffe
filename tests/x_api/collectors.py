"""Collections in processes of their own, which can be killed: one server of forks, many children.

The imports are done once; each collection is a real process all the same, and SIGKILL ends it
wherever it is.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[2]


def collected(store: str, clock: str, url: str) -> int:
    """One collection; the exit code that a scheduler would see."""
    from campaigns.collecting import collect
    from campaigns.store import Store
    from tests.x_api.clock import Clock
    from tests.x_api.month import KEYS, SETTINGS

    time = Clock(Path(clock))
    outcome = collect(
        Store.open(Path(store)),
        SETTINGS,
        KEYS,
        base_url=url,
        now=time.now,
        sleep=time.sleep,
    )
    if outcome.exit_code:
        print(f"{outcome.ending}: {outcome.reason}", file=sys.stderr, flush=True)
    return outcome.exit_code


def main() -> None:
    """Read a line per collection, say the number of its process, then how it ended."""
    import tests.x_api.month  # noqa: F401 - before the forks, so that each child has it

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = collected(*line.split())
            except Exception:  # noqa: BLE001 - whatever it is, the parent shows it
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


class Collectors:
    """Starts collections, one at a time, and kills the one that runs."""

    def __init__(self, errors: Path):
        self.errors = errors
        self.victim: int | None = None
        self.lock = threading.Lock()
        self.kills = 0

    def __enter__(self):
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.x_api.collectors"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.terminate()
        self.process.wait()

    def run(self, *words: object) -> int:
        """The exit code; -9 when it was killed."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        started = self.process.stdout.readline()
        assert started, self.errors.read_text()
        with self.lock:
            self.victim = int(started)
        code = int(self.process.stdout.readline())
        with self.lock:
            self.victim = None
        self.kills += code == -signal.SIGKILL
        return code

    def kill(self, delay: float) -> None:
        """Kill the collection that runs now, after so many seconds, if it still runs."""
        with self.lock:
            victim = self.victim

        def strike() -> None:
            with self.lock:
                if victim is not None and self.victim == victim:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(victim, signal.SIGKILL)

        if delay:
            threading.Timer(delay, strike).start()
        else:
            strike()


if __name__ == "__main__":
    main()
