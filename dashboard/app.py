"""The application: one callback shows the page that the address names."""

from __future__ import annotations

import functools
import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import flask
import flask_compress
import plotly.offline
from dash import Dash, Input, Output, html

from campaigns.errors import NoStore, UserError
from campaigns.translations import LANGUAGES, speaking
from dashboard import downloads, pictures, security, shell, uploads
from dashboard.answers import Answers, was_computed
from dashboard.flat import Known, flattened, interests
from dashboard.page import Page, find, pages
from dashboard.view import View, read
from dashboard.warming import Warming

log = logging.getLogger(__name__)

COOKIE = "bereik_language"
PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"
"""Where Dash loads plotly.js when it draws the first chart."""

_INDEX = """<!DOCTYPE html>
<html lang="{%lang%}">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="icon" type="image/svg+xml" href="/assets/icons/bereik.svg">

{%css%}
<link rel="preload" as="font" type="font/woff2" href="/assets/lazy/inter.woff2" crossorigin>
<link rel="prefetch" as="script" href="{%plotly%}">
</head>
<body>
{%app_entry%}
<noscript>{%noscript%}</noscript>
<footer hidden>
{%config%}
{%scripts%}
{%renderer%}
</footer>
</body>
</html>"""


@runtime_checkable
class Closable(Protocol):
    """What must be closed after it was read."""

    def close(self) -> None:
        """Close it."""


class _Application(Dash):
    """Dash with an index in the reader's language."""

    def interpolate_index(self, *args: Any, **kwargs: Any) -> str:
        found = str(super().interpolate_index(*args, **kwargs))  # type: ignore[no-untyped-call]
        for name, value in shell.words_of_the_index().items():
            found = found.replace(f"{{%{name}%}}", value)
        return found.replace("{%plotly%}", PLOTLY)


def create(store: Path, images: Path | None = None) -> Dash:
    """The dashboard of a store, which need not exist yet. Serve its ``server`` (WSGI).

    ``images`` is a folder with images of posts, to be shown on pages.
    """
    app = _Application(
        "dashboard",
        assets_folder=str(Path(__file__).parent / "assets"),
        assets_ignore=r"^plotly-",
        index_string=_INDEX,
        title="bereik",
        update_title="",
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        suppress_callback_exceptions=True,
        add_log_handler=False,
        enable_mcp=False,
    )
    server: flask.Flask = app.server
    server.extensions["bereik"] = Answers(store)
    server.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    server.config["COMPRESS_BR_LEVEL"] = 4
    server.config["COMPRESS_STREAMS"] = False
    flask_compress.Compress(server)
    server.after_request(_whole)
    server.after_request(_timed)
    server.before_request(_speak)
    server.teardown_request(_fall_silent)
    security.protect(app)
    server.add_url_rule("/language/<code>", "language", _choose_language)
    server.add_url_rule(PLOTLY, "plotly", _smaller_plotly)
    downloads.register(server)
    pictures.register(server, images)
    uploads.register(server, store)
    app.layout = shell.layout
    for page in pages():
        if page.callbacks is not None:
            page.callbacks(app)
    app.callback(
        Output("page", "children"),
        Output("navigation", "children"),
        Output("said", "children"),
        Input("location", "pathname"),
        Input("location", "search"),
        Input("changed", "data"),
    )(functools.partial(_show, interests(app)))
    _warm(app)
    return app


def _warm(app: Dash) -> None:
    """Render the index once, before threads do: Dash registers its scripts meanwhile."""
    for code in LANGUAGES:
        app.server.test_client().get(
            "/", headers={"Host": "localhost", "Cookie": f"{COOKIE}={code}"}
        )


def warming(server: flask.Flask) -> Warming:
    """What asks the questions of all pages with one address before their readers do."""
    answers: Answers = server.extensions["bereik"]

    def ask() -> Iterator[None]:
        for page in pages():
            if "<" not in page.path:
                while answers.is_computing:  # readers go first
                    time.sleep(0.05)
                with server.test_request_context(page.path), speaking("en"):
                    show(page.path, "")
                yield

    made = Warming(answers.version, ask)
    answers.changed = made.begin
    return made


def _show(
    is_known: Known, path: str | None, search: str | None, changed: dict[str, str] | None
) -> tuple[Any, Any, Any]:
    """The page of an address, the navigation, and what is to be said of the last change."""
    said = html.Span(changed["said"], key=changed["n"]) if changed else ""
    content, navigation = (flattened(one, is_known) for one in show(path or "/", search or ""))
    return content, navigation, said


def show(path: str, search: str) -> tuple[Sequence[Any], Sequence[Any]]:
    """The content of the page and of the navigation for an address; whatever fails is said."""
    found = find(path)
    if found is None:
        return shell.missing(), shell.navigation(None, None)
    page, values = found
    view = None
    try:
        view = view_of(page, path, search, values)
        return shell.framed(page, view, page.content(view)), shell.navigation(page, view)
    except NoStore:
        return shell.no_data(page), shell.navigation(page, view)
    except UserError as error:
        return shell.failed(page, error), shell.navigation(page, view)
    except Exception:  # the last resort: the reader gets a sentence, the operator the trace
        reference = uuid.uuid4().hex[:8]
        log.exception("page %s failed (%s)", page.path, reference)
        return shell.broken(page, reference), shell.navigation(page, view)


def view_of(page: Page, path: str, search: str, values: dict[str, str]) -> View:
    """What an address asks of a page. Raises `NoStore` for a page that needs data."""
    answers: Answers = flask.current_app.extensions["bereik"]
    try:
        covered = answers.coverage()
    except NoStore:
        if page.needs_data:
            raise
        covered = []
    return read(answers, path, search, covered, values)


# --- languages


def _speak() -> None:
    flask.g.began = time.perf_counter()
    wish = flask.request.cookies.get(COOKIE)
    if wish not in LANGUAGES:
        wish = flask.request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    flask.g.speaking = speaking(wish)
    flask.g.speaking.__enter__()


def _fall_silent(_error: BaseException | None) -> None:
    spoken = flask.g.pop("speaking", None)
    if spoken is not None:
        spoken.__exit__(None, None, None)


def _choose_language(code: str) -> flask.Response:
    """Remember a language for this browser, and go back to the page."""
    if code not in LANGUAGES:
        flask.abort(404)
    target = flask.request.args.get("next", "/")
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        target = "/"
    response = flask.make_response(flask.redirect(target, 303))
    response.set_cookie(COOKIE, code, max_age=31_536_000, httponly=True, samesite="Lax")
    return response


# --- answers


def _timed(response: flask.Response) -> flask.Response:
    """Say how long the answer took, and whether it was computed or kept ready."""
    took = (time.perf_counter() - flask.g.began) * 1000 if "began" in flask.g else 0
    said = "computed" if was_computed() else "kept"
    response.headers["Server-Timing"] = f'answer;dur={took:.1f};desc="{said}"'
    return response


def _whole(response: flask.Response) -> flask.Response:
    """A file read at once, so that it is compressed and closed: as a stream it stays open."""
    if response.direct_passthrough and response.status_code == 200:
        response.direct_passthrough = False
        stream = response.response
        response.set_data(response.get_data())
        if isinstance(stream, Closable):
            stream.close()
    return response


def _smaller_plotly() -> flask.Response:
    """In place of the whole plotly.js: no more than the traces that are drawn, and Dutch."""
    name = f"plotly-{plotly.offline.get_plotlyjs_version()}.js"
    folder = Path(__file__).parent / "assets" / "lazy"
    return flask.send_from_directory(folder, name, mimetype="text/javascript")
