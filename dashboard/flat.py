"""Pages with few components: what never changes by itself travels as one.

Dash keeps a subscription for each of its components and asks all of them at every change; a page
with a table has thousands, and takes seconds on a slow computer. So every largest part of a page
in which no callback takes an interest is sent as plain elements inside one component, `Static`,
that ``assets/controls.js`` draws. Pages are written as before and know nothing of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dash import Dash, dcc, html
from dash.development.base_component import Component

_TAGS = {"MapEl": "map", "ObjectEl": "object"}
Known = Callable[[object], bool]


class Static(Component):
    """Plain elements: ``tree`` is text, or ``[tag, attributes, children]`` with trees as children.

    ``stamp`` is another one for each page that is shown, so that no element outlives its page.
    """

    _children_props: list[str] = []  # noqa: RUF012 - as Dash declares them
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "dashboard"
    _type = "Static"
    _prop_names = ["id", "tree", "stamp"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties = _valid_wildcard_attributes

    def __init__(self, tree: object, stamp: str) -> None:
        super().__init__(tree=tree, stamp=stamp)  # type: ignore[no-untyped-call]


def interests(app: Dash) -> Known:
    """Whether any callback of an application takes an interest in an id."""
    named: set[str] = set()
    for output, callback in app.callback_map.items():
        for one in (*callback["inputs"], *callback["state"]):
            named.add(str(one["id"]))
        for part in output.strip(".").split("..."):
            named.add(part.partition("@")[0].rpartition(".")[0])
    return lambda given: not isinstance(given, str) or given in named


def flattened(parts: Sequence[Any], is_known: Known) -> list[Any]:
    """The parts of a page with every largest plain part of them in one component."""
    stamp = uuid.uuid4().hex
    return list(_merged([_flat(part, is_known, stamp) for part in parts], stamp))


def _flat(node: Any, is_known: Known, stamp: str) -> Any:
    """A plain node as a tree; any other as it is, with what is plain inside it put together."""
    if not isinstance(node, Component):
        return [node] if isinstance(node, str | int | float) else node
    inside = [_flat(child, is_known, stamp) for child in _children(node)]
    if _is_plain(node, is_known) and not any(isinstance(one, Component) for one in inside):
        return [_tag(node), _attributes(node), [_tree(one) for one in inside if one is not None]]
    if inside and hasattr(node, "children"):
        node.children = list(_merged(inside, stamp))
    return node


def _children(node: Component) -> Sequence[Any]:
    found = getattr(node, "children", None)
    if found is None:
        return ()
    return found if isinstance(found, list | tuple) else (found,)


def _is_plain(node: Component, is_known: Known) -> bool:
    is_element = type(node).__module__.startswith(html.__name__) or isinstance(node, dcc.Link)
    name = getattr(node, "id", None)
    return is_element and (name is None or not is_known(name))


def _tag(node: Component) -> str:
    if isinstance(node, dcc.Link):
        return "a"
    name = type(node).__name__
    return _TAGS.get(name, name.lower())


def _attributes(node: Component) -> dict[str, Any]:
    given = {
        name: value
        for name, value in node.to_plotly_json()["props"].items()  # type: ignore[no-untyped-call]
        if name != "children" and value is not None
    }
    return given | {"data-inside": "true"} if isinstance(node, dcc.Link) else given


def _tree(one: Any) -> Any:
    """Text as text: a tree of one text is that text."""
    return one[0] if len(one) == 1 else one


def _merged(nodes: Sequence[Any], stamp: str) -> Iterator[Any]:
    """Neighbouring trees in one component; what is none stays between them."""
    trees: list[Any] = []
    for node in (*nodes, None):
        if isinstance(node, list):
            trees.append(_tree(node))
            continue
        if trees:
            yield Static(["", {}, trees], stamp)
            trees = []
        if node is not None:
            yield node
