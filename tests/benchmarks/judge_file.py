"""Judge a file of tests by ``bereik test``, a process of its own with its start."""

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.judge_tests import made
from tests.benchmarks.measure import ROOT, Clock


def main() -> None:
    """Print the seconds that the command takes."""
    trials, successes = made(int(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tests.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["test", "variant", "shown", "clicks"])
            for test, (n, x) in enumerate(zip(trials, successes, strict=True)):
                rows.writerows([test, arm, int(n[arm]), int(x[arm])] for arm in range(6) if n[arm])
        columns = {"test": "test", "variant": "variant", "trials": "shown", "successes": "clicks"}
        names = [part for key, name in columns.items() for part in (f"--{key}", name)]
        command = [sys.executable, "-m", "scripts", "test", str(path), *names]
        with Clock(), (Path(folder) / "answer.json").open("wb") as answer:
            subprocess.run(
                [*command, "--unit", "impression", "--json"],
                cwd=ROOT, stdout=answer, env={**os.environ, "BEREIK_LANGUAGE": "en"}, check=True,
            )  # fmt: skip


if __name__ == "__main__":
    main()
