"""Wall time and peak memory of a piece of work, each in a process of its own."""

import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def alone(module: str, *arguments: object, runs: int = 3) -> tuple[float, float]:
    """The median seconds and the peak GiB of ``python -m module arguments``, over some runs.

    The module prints the seconds that its work took, without the start of Python.
    """
    seconds, peaks = [], []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        answer = json.loads(done.stdout.splitlines()[-1])
        seconds.append(answer["seconds"])
        peaks.append(answer["peak"])
    return sorted(seconds)[len(seconds) // 2], max(peaks)


class Clock:
    """Prints the seconds, those of the processor, and the peak memory of what runs inside it."""

    def __enter__(self) -> "Clock":
        self.began, self.used = time.perf_counter(), cpu()
        return self

    def __exit__(self, *_: object) -> None:
        seconds = time.perf_counter() - self.began
        print(json.dumps({"seconds": seconds, "cpu": cpu() - self.used, "peak": peak()}))


def cpu() -> float:
    """Seconds of the processor, of this process and those that it started and saw end."""
    try:
        import resource
    except ImportError:  # Windows
        return time.process_time()
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak() -> float:
    """The most memory that this process ever held, in GiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    usage = max(  # also of the largest process that it started
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return usage / (1 << 30 if sys.platform == "darwin" else 1 << 20)


def memory_row(what: str, seconds: float, memory: float, limit: float) -> None:
    """Print one line about memory alone, in GiB."""
    verdict = "within" if memory <= limit else "OVER"
    print(f"{what:<58} {seconds:8.2f} s  peak {memory:4.2f} GiB ({verdict} {limit:g})", flush=True)


def limit_row(what: str, seconds: float, memory: float, limit: float) -> None:
    """Print one line about time alone, in seconds of two cores that do nothing else."""
    verdict = "within" if seconds <= limit else "OVER"
    print(f"{what:<58} {seconds:8.2f} s  ({verdict} {limit:g})  peak {memory:4.2f} GiB", flush=True)


def row(what: str, seconds: float, baseline: float, limit: float, memory: float) -> None:
    """Print one line: the ratio is what counts, the seconds depend on the machine."""
    ratio = seconds / baseline
    verdict = "within" if ratio <= limit else "OVER"
    print(
        f"{what:<58} {seconds:8.2f} s  baseline {baseline:7.2f} s  ratio {ratio:5.2f} "
        f"({verdict} {limit:g})  peak {memory:4.2f} GiB",
        flush=True,
    )
