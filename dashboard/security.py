"""Who may ask, and what a page may load: deny by default.

Until there is access control the dashboard answers this computer alone: it listens on loopback,
and refuses names other than those of this computer, so that no page on the web can reach it
through a name of its own (DNS rebinding). What changes something must come from its own pages.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import flask
from dash import Dash

CALLBACK_BYTES = 2 * 1024 * 1024
"""The largest request that is no upload."""

_POLICY = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}


def protect(app: Dash) -> None:
    """Refuse what may not ask, and send every answer with its headers."""
    server: flask.Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = CALLBACK_BYTES
    server.before_request(_refuse)

    def send(response: flask.Response) -> flask.Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        hashes = " ".join(f"'{value.strip(chr(39))}'" for value in app.csp_hashes())
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(hashes=hashes))
        if not flask.request.path.startswith(("/assets/", "/_dash-component-suites/")):
            response.headers["Cache-Control"] = "no-store"
        return response

    server.after_request(send)


def is_loopback(host: str) -> bool:
    """Whether a host is this computer.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost")
    (True, True, True)
    >>> is_loopback("0.0.0.0"), is_loopback("example.nl"), is_loopback("")
    (False, False, False)
    """
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _refuse() -> flask.Response | None:
    asked = flask.request
    host = urlsplit(f"//{asked.host}").hostname or ""
    if not is_loopback(host):
        return flask.Response("This dashboard answers its own computer alone.\n", 421)
    if asked.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    site = asked.headers.get("Sec-Fetch-Site")
    origin = asked.headers.get("Origin")
    is_own = site in {"same-origin", "none"} if site else True
    if origin is not None and urlsplit(origin).netloc != asked.host:
        is_own = False
    return None if is_own else flask.Response("Refused: this came from another site.\n", 403)
