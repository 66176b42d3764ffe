"""Serving the dashboard: one process with threads, by gunicorn; on Windows by waitress."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from campaigns.errors import N_, UserError
from dashboard.security import is_loopback

THREADS = 8


class OpenToOthers(UserError):
    """The dashboard would be open to others while nothing asks who they are."""

    text = N_(
        "The dashboard answers this computer alone as long as it asks nobody for a password: "
        "give --host 127.0.0.1, not {host}."
    )


def serve(store: Path, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; ``ready`` is told the address. Raises `OpenToOthers`."""
    if not is_loopback(host):
        raise OpenToOthers(host=host)
    from dashboard.app import create, warming

    application = create(store).server
    warm = warming(application).begin
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{port}/"
    if sys.platform == "win32":
        import waitress

        ready(address)
        warm()
        waitress.serve(application, host=host, port=port, threads=THREADS)
    else:
        _gunicorn(application, f"{named}:{port}", lambda: ready(address), warm)


def _gunicorn(
    application: Any, bind: str, ready: Callable[[], None], warm: Callable[[], None]
) -> None:
    from gunicorn.app.base import BaseApplication

    class Served(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings = {
                "bind": bind,
                "workers": 1,
                "threads": THREADS,
                "worker_class": "gthread",
                "timeout": 120,
                "graceful_timeout": 5,
                "keepalive": 30,
                "loglevel": "warning",
                "proc_name": "bereik",
                "when_ready": lambda _server: ready(),
                "post_worker_init": lambda _worker: warm(),  # threads do not outlive a fork
                "limit_request_line": 8190,
                "control_socket_disable": True,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    Served().run()
