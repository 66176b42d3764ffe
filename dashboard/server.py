"""Serving the dashboard: one process with threads, by gunicorn; on Windows by waitress."""

from __future__ import annotations

import os
import socket
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


class CannotListen(UserError):
    """The address or port cannot be had."""

    text = N_(
        "The dashboard cannot listen at {host}, port {port}: {reason}. Another program may use "
        "that port, or another dashboard: give another one with --port, or 0 for any that is free."
    )


def serve(
    store: Path,
    host: str,
    port: int,
    ready: Callable[[str], None],
    images: Path | None = None,
) -> None:
    """Serve until interrupted; ``ready`` is told the address.

    With port 0 it is one that is free; ``images`` is a folder with images of posts. Raises
    `OpenToOthers` and `CannotListen`.
    """
    if not is_loopback(host):
        raise OpenToOthers(host=host)
    from dashboard.app import create, warming

    is_newer = ":" in host
    try:
        family = socket.AF_INET6 if is_newer else socket.AF_INET
        place = socket.create_server((host, port), family=family, backlog=64)
    except OSError as error:
        raise CannotListen(host=host, port=port, reason=os.strerror(error.errno or 0)) from error
    application = create(store, images).server
    named = f"[{host}]" if is_newer else host
    address = f"http://{named}:{place.getsockname()[1]}/"
    run = _waitress if sys.platform == "win32" else _gunicorn
    run(application, place, lambda: ready(address), warming(application).begin)


def _waitress(
    application: Any, place: socket.socket, ready: Callable[[], None], warm: Callable[[], None]
) -> None:
    import waitress

    server = waitress.create_server(application, sockets=[place], threads=THREADS)
    ready()
    warm()
    server.run()


def _gunicorn(
    application: Any, place: socket.socket, ready: Callable[[], None], warm: Callable[[], None]
) -> None:
    from gunicorn.app.base import BaseApplication

    class Served(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings = {
                "bind": f"fd://{place.detach()}",
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
