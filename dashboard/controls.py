"""Form controls of the browser itself as Dash components, `Control`; and its address, `Address`.

Native controls are known to every assistive technology and every phone, speak the reader's
language, and need no script but the few lines of ``assets/controls.js``.
"""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Control(Component):
    """An ``input``, ``select`` or ``textarea``; ``value`` follows what the user enters.

    ``kind`` is the type of the input, or ``select`` or ``textarea``. One of ``kind`` file tells
    nothing: a script of the page sends the files. ``choices`` of a select are
    ``{"value": …, "label": …}`` in order, with ``group`` for headings. A checkbox has the value
    true or false. ``is_late`` reports text only when it is left or Enter is pressed, ``pause``
    also when nothing was typed for so many milliseconds. All other properties are attributes of
    the element.
    """

    id: Any
    _children_props: list[str] = []  # noqa: RUF012 - as Dash declares them
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "dashboard"
    _type = "Control"
    _prop_names = [  # noqa: RUF012
        "id", "kind", "value", "choices", "name", "className", "placeholder", "required",
        "disabled", "min", "max", "step", "maxLength", "rows", "autoComplete", "inputMode",
        "pattern", "spellCheck", "is_late", "pause", "list", "title",
        "multiple", "accept", "n_enter",
    ]  # fmt: skip
    _valid_wildcard_attributes = ["data-", "aria-"]  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties = _valid_wildcard_attributes

    def __init__(self, **given: Any) -> None:
        self.name: str = given.get("id", "")
        super().__init__(  # type: ignore[no-untyped-call]
            **{name: value for name, value in given.items() if value is not None}
        )


class Address(Component):
    """The window's address: ``pathname`` and ``search`` follow it; setting ``href`` goes there.

    In place of `dash.dcc.Location`, which after two quick changes goes to and fro between both.
    """

    _children_props: list[str] = []  # noqa: RUF012 - as Dash declares them
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "dashboard"
    _type = "Address"
    _prop_names = ["id", "pathname", "search", "href"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties = _valid_wildcard_attributes

    def __init__(self, id: str) -> None:  # noqa: A002 - as Dash names it
        super().__init__(id=id)  # type: ignore[no-untyped-call]
