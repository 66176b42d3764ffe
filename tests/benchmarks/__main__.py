"""Speed and memory beside a named baseline, in one run: ``make benchmark``.

Options: ``--small`` for a hundredth of the size, to see that it runs. Libraries to compare with that
are no dependencies: see `tests.benchmarks.peers`.
"""

import itertools
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import data
from tests.benchmarks.archive import archive_of
from tests.benchmarks.collecting import compare
from tests.benchmarks.folder import folder_of
from tests.benchmarks.measure import alone, limit_row, memory_row, row
from tests.benchmarks.peers import beside

SCALE = 100 if "--small" in sys.argv else 1
IMPORT, ASK = "tests.benchmarks.import_file", "tests.benchmarks.ask_report"
FOLDER = "tests.benchmarks.import_folder"
JUDGE = "tests.benchmarks.judge_tests"
COMMAND = "tests.benchmarks.judge_file"
TEXTS = "tests.benchmarks.read_texts"


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


def many_files(folder: Path) -> None:
    """A folder of exports, beside the libraries that read each file: what a team has after years.

    With few files the start weighs more: a hundred show that it runs, not how fast it is.
    """
    files = max(2_000 // SCALE, 100)
    path = folder / "exports"
    folder_of(path, files)
    baseline, _ = alone(FOLDER, path, "--alone")
    seconds, memory = alone(FOLDER, path)
    row(f"import a folder of {files:,} exports", seconds, baseline, 2.0, memory)


def archives(folder: Path) -> None:
    """An X archive far larger than the memory that it may take."""
    size = 1_000_000_000 // SCALE
    path = archive_of(folder / "twitter-archive.zip", size)
    seconds, memory = alone(IMPORT, path, runs=1)
    memory_row(f"import an X archive of {size / 1e9:g} GB", seconds, memory, 1.0)
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


def judging() -> None:
    """Thousands of tests in one pass, beside bare numpy that gives the same numbers."""
    baseline, _ = alone(JUDGE, "--alone")
    seconds, memory = alone(JUDGE)
    row("judge 30,000 tests of two to six variants", seconds, baseline, 3.0, memory)
    looped, _ = alone(JUDGE, "--looped", runs=1)
    print(
        f"  one test after the other, by statsmodels and scipy: {looped / seconds:,.0f} times that"
    )
    beside(seconds)
    seconds, memory = alone(COMMAND, 4_873 // SCALE)
    limit_row("bereik test, 4,873 tests in a file, with its start", seconds, memory, 3.0)


def reading() -> None:
    """The texts of many posts."""
    seconds, memory = alone(TEXTS, 100_000 // SCALE, runs=1)
    limit_row(f"read {100_000 // SCALE:,} texts", seconds, memory, 60.0)


def main() -> None:
    """All benchmarks; ratios hold on any machine, seconds do not."""
    with tempfile.TemporaryDirectory() as folder:
        imports(Path(folder))
        many_files(Path(folder))
        archives(Path(folder))
        reports(Path(folder))
    judging()
    compare(100_000 // SCALE, runs=3 if SCALE == 1 else 1)
    reading()


if __name__ == "__main__":
    main()
