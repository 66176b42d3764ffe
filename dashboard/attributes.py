"""Attributes of elements whose names are no Python names."""

from __future__ import annotations

from typing import Any


def aria(**values: object) -> dict[str, Any]:
    """What assistive technology is told.

    >>> aria(label="Menu", described_by="x")
    {'aria-label': 'Menu', 'aria-describedby': 'x'}
    """
    return {f"aria-{name.replace('_', '')}": value for name, value in values.items()}


def data(**values: object) -> dict[str, Any]:
    """What scripts are told.

    >>> data(shows="table")
    {'data-shows': 'table'}
    """
    return {f"data-{name.replace('_', '-')}": value for name, value in values.items()}
