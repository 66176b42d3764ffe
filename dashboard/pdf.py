"""A page of the dashboard as PDF: printed by the browser that is installed, without a window."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from campaigns.errors import N_, Message, UserError
from campaigns.translations import language

if TYPE_CHECKING:
    from dash import Dash

COMMANDS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"),
    *("microsoft-edge-stable", "chrome", "msedge", "brave-browser"),
)
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"Google\Chrome\Application\chrome.exe",
        r"Chromium\Application\chrome.exe",
        r"Microsoft\Edge\Application\msedge.exe",
    ),
}
"""Where browsers are installed that are not on the path; on Windows below the program folders."""

SECONDS = 120
"""How long the browser may take."""

_WAIT = 30_000


class NoBrowser(UserError):
    """No browser can print the page."""

    text = N_(
        "A PDF is printed by a browser, and none was found: install Chromium, Chrome or Edge, or "
        "name one in BEREIK_BROWSER. Without it: bereik serve, and print the page {page} there."
    )


class NotPrinted(UserError):
    """The browser ran and made no PDF."""

    text = N_("The browser {browser} made no PDF: {reason}. Print the page {page} from it instead.")


def browser() -> str | None:
    """The browser to print with: ``BEREIK_BROWSER``, one on the path, one in a usual place."""
    wish = os.environ.get("BEREIK_BROWSER")
    if wish:
        return shutil.which(wish)
    for name in COMMANDS:
        if found := shutil.which(name):
            return found
    return next((str(path) for path in _places() if path.is_file()), None)


def _places() -> Iterator[Path]:
    for place in PLACES.get(sys.platform, ()):
        if sys.platform == "win32":
            for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
                if root := os.environ.get(folder):
                    yield Path(root) / place
        else:
            yield Path(place)


def write(store: Path, page: str, output: Path) -> None:
    """Print a page of a store to a file, in the user's language.

    Raises `NoBrowser` and `NotPrinted`, whatever the page itself raises, and `OSError` where the
    file cannot be written; what was there is then unchanged.
    """
    found = browser()
    if found is None:
        raise NoBrowser(page=page)
    from dashboard.app import create

    app = create(store)
    _rehearse(app, page)
    with tempfile.TemporaryDirectory(prefix="bereik-") as folder, _served(app.server) as base:
        draft = Path(folder) / "page.pdf"
        target = f"{base}/language/{language()}?next={quote(page, safe='')}"
        reason = _print(found, target, draft, Path(folder))
        if reason is not None:
            raise NotPrinted(browser=found, reason=reason, page=page)
        beside = output.with_name(f".{output.name}.draft")
        try:
            shutil.copyfile(draft, beside)
            beside.replace(output)
        finally:
            beside.unlink(missing_ok=True)


def _rehearse(app: Dash, page: str) -> None:
    """Make the page once without the browser: its answers are ready then, and it raises here."""
    from dashboard.app import view_of
    from dashboard.page import find

    path, _mark, search = page.partition("?")
    found = find(path)
    if found is not None:
        about, values = found
        with app.server.test_request_context("/"):
            about.content(view_of(about, path, search, values))


def _print(browser: str, address: str, draft: Path, folder: Path) -> str | Message | None:
    """Let the browser print; why it failed, or None."""
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--hide-scrollbars",
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",
        "--export-tagged-pdf",
        "--generate-pdf-document-outline",
        f"--virtual-time-budget={_WAIT}",
        f"--print-to-pdf={draft}",
        *(["--no-sandbox", "--disable-dev-shm-usage"] if _is_root() else []),
        address,
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Message(N_("it took more than {n} seconds"), {"n": SECONDS})
    except OSError as error:
        return error.strerror or type(error).__name__
    if done.returncode != 0 or not draft.is_file() or draft.stat().st_size == 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:200] if lines else Message(N_("it says nothing"))
    return None


def _is_root() -> bool:
    """Whether this is the superuser, for whom Chromium has no sandbox."""
    who = getattr(os, "geteuid", None)  # Windows has none
    return who is not None and who() == 0


@contextlib.contextmanager
def _served(application: Any) -> Iterator[str]:
    """The dashboard on a free port of this computer, as long as it is needed."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Silent(WSGIRequestHandler):
        def log(self, *_args: object) -> None:
            """Say nothing: the user asked for a file."""

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
