"""What a page is. Every module of `dashboard.pages` says with ``PAGES`` which ones it has."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from dash.development.base_component import Component

from dashboard.view import View

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.answers import Answers

Content = Sequence[Component | None]


@dataclass(frozen=True)
class Page:
    """A page: where it stands, which question it answers, and its content for a view.

    ``path`` may name parts: ``/campaigns/<campaign>`` puts what stands there in ``View.values``.
    A page with an ``icon`` stands in the navigation, in its ``section``, by ``order``.
    ``callbacks`` registers what happens on it. ``examples`` gives addresses of it in a store,
    where the path alone is none; tests visit them. A page that ``needs_data`` is not shown while
    there is no store. ``title`` and ``question`` may have fields that ``values`` fills.
    """

    path: str
    title: str
    question: str
    content: Callable[[View], Content]
    section: str = ""
    icon: str = ""
    order: int = 100
    filters: tuple[str, ...] = ("period", "platform", "compare")
    needs_data: bool = True
    callbacks: Callable[[Dash], None] | None = None
    examples: Callable[[Answers], Sequence[str]] | None = None
    naming: Callable[[View], str] | None = None

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Which paths are this page's."""
        return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", self.path) + "/?")


@functools.cache
def pages() -> tuple[Page, ...]:
    """All pages, in the order of the navigation.

    >>> [page.path for page in pages()][0]
    '/'
    """
    import dashboard.pages as folder

    found = []
    for module in pkgutil.iter_modules(folder.__path__):
        if not module.name.startswith("_"):
            found += importlib.import_module(f"{folder.__name__}.{module.name}").PAGES
    return tuple(sorted(found, key=lambda page: (page.order, page.path)))


def find(path: str) -> tuple[Page, dict[str, str]] | None:
    """The page at a path, and what stands in the named parts of it.

    >>> find("/nowhere/at/all") is None
    True
    """
    for page in pages():
        if match := page.pattern.fullmatch(path or "/"):
            return page, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


def address(path: str, **parts: Any) -> str:
    """A path with its named parts filled in.

    >>> address("/campaigns/<campaign>", campaign="a/b")
    '/campaigns/a%2Fb'
    """
    for name, value in parts.items():
        path = path.replace(f"<{name}>", quote(str(value), safe=""))
    return path
