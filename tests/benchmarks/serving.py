"""The dashboard as eight people use it while a file is imported: ``python -m tests.benchmarks.serving``.

Time on the server per page and callback, cold (something of it is asked of this version of the
data for the first time) and warm, as the server says it; memory over a thousand views; what the
first visit transfers and takes in a slow browser. Limits: 200 ms warm and 1 s cold at the 95th
percentile, 1.2 MB and 6 s for the first visit. Each of the eight opens a page and looks at it for
a second; beside them a file is imported again and again, fifteen seconds after the last. Option: a store to serve (it is
copied; default: the simulated agency).
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashboard.answers import Answers
from dashboard.page import pages

USERS = 8
ROUNDS = 12
LOOKING = 1.0
"""Seconds for which a user looks at a page."""
VIEWS = 1000
OUTPUTS = [("page", "children"), ("navigation", "children"), ("said", "children")]


@contextmanager
def serving(store: Path, port: int) -> Iterator[int]:
    """The server of a store as people start it; gives the number of the process that answers."""
    command = [sys.executable, "-m", "scripts", "--store", str(store), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    while "http" not in (line := process.stderr.readline()):
        if not line:
            raise SystemExit("the server did not start")
    threading.Thread(target=process.stderr.read, daemon=True).start()
    time.sleep(2)
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    try:
        yield int(workers[0]) if workers else process.pid
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Asked:
    """What one page took: seconds on the server, bytes, and whether it had to be computed."""

    seconds: float
    size: int
    is_cold: bool


def ask(base: str, path: str, search: str = "") -> Asked:
    """One page, asked as the browser asks it."""
    values = [
        ("location", "pathname", path),
        ("location", "search", search),
        ("changed", "data", None),
    ]
    inputs = [{"id": one, "property": name, "value": value} for one, name, value in values]
    body = {
        "output": ".." + "...".join(f"{one}.{name}" for one, name in OUTPUTS) + "..",
        "outputs": [{"id": one, "property": name} for one, name in OUTPUTS],
        "inputs": inputs,
        "changedPropIds": ["location.pathname"],
    }
    request = urllib.request.Request(
        f"{base}/_dash-update-component",
        json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip",
            "Sec-Fetch-Site": "same-origin",
        },
    )
    with urllib.request.urlopen(request) as answer:
        size = len(answer.read())
        timing = answer.headers["Server-Timing"]
    took = float(timing.partition("dur=")[2].partition(";")[0]) / 1000
    return Asked(took, size, "computed" in timing)


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def resident(pid: int) -> float:
    """The memory of a process in MiB."""
    pages_held = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages_held * os.sysconf("SC_PAGE_SIZE") / 2**20


def addresses(store: Path) -> list[str]:
    """One address of every page."""
    found = []
    for page in pages():
        if "<" not in page.path:
            found.append(page.path)
        elif page.examples is not None:
            found += list(page.examples(Answers(store)))[:1]
    return found


def importing(store: Path, stop: threading.Event) -> None:
    """Import small files one after another, so that the version of the data changes."""
    number = 0
    with tempfile.TemporaryDirectory() as folder:
        while not stop.wait(15):
            number += 1
            path = Path(folder, f"costs{number}.csv")
            path.write_text(
                f"campaign,amount,currency,kind,date\nx,{number},EUR,production,2026-03-{number % 28 + 1:02}\n"
            )
            command = [sys.executable, "-m", "scripts", "--store", str(store), "import", str(path)]
            subprocess.run(command, capture_output=True, check=True)


def server_times(base: str, store: Path) -> None:
    """Cold and warm times per page, first alone, then by eight users while an import writes."""
    paths = addresses(store)
    print(f"{'page':<44} {'cold':>8} {'warm p95':>9} {'KiB':>6}")
    for path in paths:
        cold = ask(base, path)
        warm = p95([ask(base, path).seconds for _round in range(ROUNDS)])
        print(f"{path:<44} {cold.seconds * 1000:6.0f}ms {warm * 1000:7.0f}ms "
              f"{cold.size / 1024:6.0f}")  # fmt: skip
    stop = threading.Event()
    with ThreadPoolExecutor(USERS + 1) as users:
        writer = users.submit(importing, store, stop)
        visits = [users.submit(visit, base, paths, number) for number in range(USERS)]
        found = [one for job in visits for one in job.result()]
        stop.set()
        writer.result()  # an import that was refused leaves nothing to be cold
    for name, is_cold in (("warm", False), ("cold", True)):
        some = [(one.seconds, path) for path, one in found if one.is_cold is is_cold]
        times = [seconds for seconds, _path in some]
        print(f"eight users, an import beside, {name}: {len(some)} pages, median "
              f"{statistics.median(times) * 1000:.0f} ms, p95 {p95(times) * 1000:.0f} ms, "
              f"slowest {max(some)[0] * 1000:.0f} ms ({max(some)[1]})")  # fmt: skip


def visit(base: str, paths: list[str], number: int) -> list[tuple[str, Asked]]:
    """One user: opens the pages in an order of their own, and looks at each."""
    order = [*paths] * 2
    random.Random(number).shuffle(order)
    found = []
    for path in order:
        found.append((path, ask(base, path)))
        time.sleep(LOOKING)
    return found


def memory(base: str, pid: int) -> None:
    """Whether the server grows over a thousand views."""
    for _view in range(VIEWS // 4):
        ask(base, "/")
    before = resident(pid)
    for view in range(VIEWS):
        ask(base, "/" if view % 2 else "/campaigns")
    print(f"memory: {before:.0f} MiB, {resident(pid):.0f} MiB after {VIEWS} views more")


def first_visit(base: str) -> None:
    """The first visit with 10 Mbit/s and a processor four times slower."""
    from playwright.sync_api import sync_playwright

    browser_path = os.environ.get("BEREIK_BROWSER") or shutil.which("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        seconds, size = [], 0
        for _run in range(3):
            page = browser.new_page()
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", {
                "offline": False, "latency": 40, "downloadThroughput": 1.25e6,
                "uploadThroughput": 1.25e6})  # fmt: skip
            session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            got: list[int] = []
            session.on(
                "Network.loadingFinished", lambda e, got=got: got.append(e["encodedDataLength"])
            )
            begin = time.perf_counter()
            page.goto(base + "/", wait_until="commit")
            page.wait_for_selector(".js-plotly-plot .main-svg")
            seconds.append(time.perf_counter() - begin)
            size = sum(got)
            page.close()
        browser.close()
    print(f"first visit to visible charts: {statistics.median(seconds):.1f} s, {size / 1e6:.2f} MB")


def main() -> None:
    """All of it, for one store."""
    arguments = [one for one in sys.argv[1:] if not one.startswith("--")]
    port = 8791
    base = f"http://127.0.0.1:{port}"
    os.environ.setdefault("BEREIK_KEY", "a key for benchmarks alone, of no use elsewhere")
    with tempfile.TemporaryDirectory() as folder:
        if arguments:
            store = Path(shutil.copytree(arguments[0], Path(folder, "store")))
        else:
            demo = [sys.executable, "-m", "scripts", "demo", "--out", folder]
            subprocess.run(demo, check=True, capture_output=True)
            store = Path(folder, "store")
        with serving(store, port) as pid:
            first_visit(base)
            server_times(base, store)
            memory(base, pid)


if __name__ == "__main__":
    main()
