"""A collection beside tweepy that fetches the same pages: ``python -m tests.benchmarks.collecting``.

A local X API in this process gives 100,000 posts in 1,000 pages; the collector, and then tweepy
alone, which throws away what it gets, each run in a process of their own. The limit is that of the
issue: 1.3 times the time, and memory that does not grow with the pages. ``--small`` for a
hundredth, to see that it runs.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from tests.benchmarks.measure import ROOT, Clock, row
from tests.x_api import clock as fast
from tests.x_api.asking import client
from tests.x_api.server import Server
from tests.x_api.world import BEGIN, large

MODULE = "tests.benchmarks.collecting"
LIMIT = 1.3
GROWTH = 1.3
"""So much more than in the first 60 % of the pages, with an import, may it hold at the end."""

ACCOUNTS = 40
"""The platform gives 3,200 posts of an account at most."""


def collect(store: str, url: str, handles: str) -> None:
    """The collector, over everything."""
    from campaigns.collecting import collect as collected
    from campaigns.settings import Settings
    from campaigns.store import Store
    from tests.x_api.month import KEYS

    settings = Settings.model_validate(
        {
            "collect": {"accounts": handles.split(","), "roles": [], "mentions": False},
            "budget": {"per_day": 10**6, "per_month": 10**6},
        }
    )
    now = BEGIN + timedelta(days=29)
    opened = Store.create(Path(store))
    with Clock():
        outcome = collected(opened, settings, KEYS, base_url=url, now=lambda: now)
    if outcome.exit_code:
        raise SystemExit(str(outcome))


def fetch(url: str, accounts: str, query: str) -> None:
    """tweepy alone: the same pages of the same accounts, with the same fields."""
    asked = {name: value for name, value in parse_qsl(query) if name != "pagination_token"}
    asked = {name.replace(".", "_"): value for name, value in asked.items()}
    api = client(url)
    with Clock():
        for account in accounts.split(","):
            page = api.get_users_tweets(account, **asked)
            while token := page.meta.get("next_token"):
                page = api.get_users_tweets(account, **asked, pagination_token=token)


def memory(process: int) -> int:
    """What a process and those that it started hold now, in bytes; 0 where no system tells."""
    held = 0
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                held = int(line.split()[1]) << 10
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                held += memory(int(child))
    return held


@dataclass(order=True)
class Run:
    """Seconds, those of the processor, peak GiB, and what was held after so many pages."""

    seconds: float
    cpu: float
    peak: float
    samples: list[tuple[int, int]]


def alone(server: Server, *arguments: str) -> Run:
    """One run, in a process of its own."""
    begin = len(server.asked)
    samples: list[tuple[int, int]] = []
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )

    def watch() -> None:
        while process.poll() is None:
            samples.append((len(server.asked) - begin, memory(process.pid)))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(process.returncode)
    answer = json.loads(printed.splitlines()[-1])
    return Run(answer["seconds"], answer["cpu"], answer["peak"], samples)


def timelines(server: Server) -> list[tuple[str, str]]:
    """The requests for posts of accounts."""
    return [(path, query) for path, query in server.asked if path.endswith("/tweets")]


def main() -> None:
    """Both, and how they compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--collect", nargs=3)
    parser.add_argument("--fetch", nargs=3)
    options = parser.parse_args()
    if options.collect:
        return collect(*options.collect)
    if options.fetch:
        return fetch(*options.fetch)
    return compare(4_000 if options.small else 100_000, options.runs)


def compare(posts: int, runs: int) -> None:
    """Serve, collect, fetch; print the ratio and the memory."""
    of = large(posts, ACCOUNTS)
    handles, ids = ",".join(of.by_name), ",".join(of.accounts)
    with tempfile.TemporaryDirectory() as folder:
        clock = fast.Clock(Path(folder) / "clock", BEGIN + timedelta(days=29))
        most = {"/2/users/{id}/tweets": 10**9}
        with Server(of, clock, limits=most) as server:
            took, baselines = [], []
            for number in range(runs):
                server.asked.clear()
                store = str(Path(folder) / f"store{number}")
                took.append(alone(server, "--collect", store, server.url, handles))
                pages = timelines(server)
                assert len(pages) >= posts // 100, f"only {len(pages)} pages were asked for"
                server.asked.clear()
                query = pages[0][1]
                baselines.append(alone(server, "--fetch", server.url, ids, query))
                assert len(timelines(server)) == len(pages), "not the same pages"
    show(f"collect {posts:,} posts in {len(pages):,} pages", took, baselines, len(pages))


def show(what: str, took: list[Run], baselines: list[Run], pages: int) -> None:
    """Print how they compare. The machine may have other work, so the best of each counts."""
    best, baseline = min(took), min(baselines)
    row(what, best.seconds, baseline.seconds, LIMIT, best.peak)
    used, alone_used = min(one.cpu for one in took), min(one.cpu for one in baselines)
    print(f"  of the processor {used:.2f} s, tweepy alone {alone_used:.2f} s: "
          f"{(used - alone_used) / pages * 1000:.1f} ms more a page, imports beside included")  # fmt: skip
    tenths = [
        max((held for page, held in best.samples if page * 10 <= pages * tenth), default=0)
        for tenth in range(1, 11)
    ]
    print("  most memory so far, by tenth of the pages, in MiB:",
          " ".join(f"{held / 2**20:.0f}" for held in tenths))  # fmt: skip
    if early := tenths[5]:
        verdict = "within" if tenths[-1] <= GROWTH * early else "OVER"
        print(f"  {tenths[-1] / early:.2f} times that of the first 60 % ({verdict} {GROWTH:g})")


if __name__ == "__main__":
    main()
