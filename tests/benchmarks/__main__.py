"""Speed and memory beside a named baseline, in one run: ``make benchmark``.

Options: ``--small`` for a hundredth of the size, to see that it runs.
"""

import itertools
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import data
from tests.benchmarks.measure import alone, row

SCALE = 100 if "--small" in sys.argv else 1
IMPORT, ASK = "tests.benchmarks.import_file", "tests.benchmarks.ask_report"


def imports(folder: Path) -> None:
    """Files into the store, beside DuckDB that turns the same CSV into Parquet."""
    for what, make, size, limit in (
        ("X per-post CSV, 40 columns", data.x_posts_csv, 1_000_000, 3.0),
        ("LinkedIn ads CSV", data.ads_csv, 10_000_000, 4.0),
    ):
        path = make(folder / "big.csv", size // SCALE)
        runs = 3 if size <= 1_000_000 else 1
        baseline, _ = alone(IMPORT, path, "--alone", runs=runs)
        seconds, memory = alone(IMPORT, path, runs=runs)
        row(f"import {what}, {size // SCALE:,} rows", seconds, baseline, limit, memory)
        path.unlink()


def reports(folder: Path) -> None:
    """The campaign report, beside the best SQL of the same meaning over the same files."""
    points = []
    for posts in (1_000, 10_000, 100_000, 1_000_000):
        posts = max(posts // SCALE, 100)
        path = folder / f"store{posts}"
        data.store_of(path, posts, 10)
        alone(ASK, path, "check", runs=1)
        hand, _ = alone(ASK, path, "hand")
        cold, memory = alone(ASK, path, "cold")
        assigned, _ = alone(ASK, path, "assigned")
        warm, _ = alone(ASK, path, "warm")
        row(f"report by campaign, {posts * 10:,} observations", cold, hand, 1.5, memory)
        row("  posts assigned to campaigns before", assigned, hand, 1.5, memory)
        row("  asked again, from the cache", warm, hand, 1.5, memory)
        points.append((posts * 10, cold))
    for (few, before), (many, after) in itertools.pairwise(points):
        print(f"  {few:>10,} to {many:>10,} observations: {after / before:5.2f} times the time")


def main() -> None:
    """All benchmarks; ratios hold on any machine, seconds do not."""
    with tempfile.TemporaryDirectory() as folder:
        imports(Path(folder))
        reports(Path(folder))


if __name__ == "__main__":
    main()
