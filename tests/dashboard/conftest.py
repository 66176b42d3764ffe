"""Stores in the states that a page must survive, the dashboard of each, and a real browser."""

import contextlib
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, Request
from werkzeug.serving import make_server

from campaigns.store import Store
from dashboard.app import COOKIE, create
from scripts import main

logging.getLogger("werkzeug").setLevel(logging.ERROR)  # or it drowns what failed

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The browser that the system has; its absence is an error where one is promised."""
    found = os.environ.get("BEREIK_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        message = "no Chromium; install one, or name it in BEREIK_BROWSER"
        if os.environ.get("BEREIK_BROWSER_REQUIRED"):
            pytest.fail(message)
        pytest.skip(message)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    return {**browser_type_launch_args, "executable_path": found, "args": arguments}


@pytest.fixture(scope="session")
def agency(tmp_path_factory) -> Path:
    """The store of the simulated agency, as ``bereik demo`` makes it; made once for all workers.

    Nothing may be written to it: `own_agency` is a copy.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "agency"
    with FileLock(f"{folder}.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_LANGUAGE", "en")
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            assert main(["demo", "--out", str(folder)], standalone_mode=False) == 0
            (folder / "done").touch()
    return folder / "store"


@pytest.fixture
def own_agency(agency, tmp_path) -> Path:
    """A copy of the agency's store to change."""
    return Path(shutil.copytree(agency, tmp_path / "store"))


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[..., str]]:
    """Serves the dashboard of a store and gives its address."""
    running: dict[Path, str] = {}
    with contextlib.ExitStack() as stack:

        def serve(store: Path, images: Path | None = None) -> str:
            if store not in running:
                server = make_server("127.0.0.1", 0, create(store, images).server, threaded=True)
                thread = threading.Thread(target=server.serve_forever, daemon=True)
                thread.start()
                stack.callback(thread.join)
                stack.callback(server.server_close)
                stack.callback(server.shutdown)
                running[store] = f"http://127.0.0.1:{server.server_port}"
            return running[store]

        yield serve


@pytest.fixture(scope="session")
def states(agency, tmp_path_factory) -> dict[str, Path]:
    """A store in each state: full, empty (none yet), bare (made, but nothing in it), broken."""
    folder = tmp_path_factory.mktemp("states")
    bare, broken = folder / "bare", folder / "broken"
    for path in (bare, broken):
        Store.create(path)
    manifest = next(path for path in broken.iterdir() if path.suffix == ".json")
    manifest.write_text("{", encoding="utf-8")
    return {"full": agency, "empty": folder / "none", "bare": bare, "broken": broken}


@dataclass
class Visit:
    """A browser's visit to a dashboard: what it saw, and what a test may never see."""

    page: Page
    base: str
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def to(self, address: str) -> Page:
        """Open an address and wait until it is shown with its charts."""
        self.page.goto(self.base + address)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the page and its charts are shown."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_selector("main:not([data-dash-is-loading=true])")
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.picture .dash-graph')]"
            ".every((graph) => graph.closest('[hidden]') || graph.querySelector('.main-svg'))"
        )


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Iterator[Callable[[str, str, str], BrowserContext]]:
    """A browser's profile per dashboard, language and colour scheme; it keeps what it loaded."""
    found: dict[tuple[str, str, str], BrowserContext] = {}

    def reader(base: str, code: str, scheme: str) -> BrowserContext:
        if (base, code, scheme) not in found:
            context = browser.new_context(locale=code, color_scheme=scheme)
            context.set_default_timeout(45_000)
            context.add_cookies([{"name": COOKIE, "value": code, "url": base}])
            found[base, code, scheme] = context
        return found[base, code, scheme]

    yield reader
    for context in found.values():
        context.close()


@pytest.fixture
def visit(readers, served) -> Iterator[Callable[..., Visit]]:
    """Opens the dashboard of a store in a language, a colour scheme and a width.

    At the end nothing may stand in the console, and nothing may have been asked of others.
    """
    visits: list[Visit] = []

    def open_it(
        store: Path,
        code: str = "en",
        scheme: str = "light",
        width: int = 1440,
        images: Path | None = None,
    ) -> Visit:
        base = served(store, images)
        one = Visit(readers(base, code, scheme).new_page(), base)
        one.page.set_viewport_size({"width": width, "height": 900})
        visits.append(one)

        def ask(request: Request) -> None:
            if not request.url.startswith((base, "data:", "blob:")):
                one.elsewhere.append(request.url)

        one.page.on("request", ask)
        one.page.on("console", lambda message: one.said.append(f"{message.type}: {message.text}"))
        one.page.on("pageerror", lambda error: one.said.append(f"error: {error}"))
        return one

    yield open_it
    for one in visits:
        one.page.close()
    for one in visits:
        assert one.said == []
        assert one.elsewhere == []
