"""Counts as people and programs write them: what a mark means is decided by the whole column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from audiences.estimates import Array

_MARKED = re.compile(r"[+-]?(\d[\d.,]*)")
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")


class NoNumber(ValueError):
    """A text that is no number, and its place."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def counts_of(texts: Sequence[str]) -> Array:
    """The counts of a column; empty is not known. Raises `NoNumber`.

    Counts are whole: three digits behind a mark are thousands, unless another cell shows that the
    mark is that of decimals.

    >>> counts_of(["10.000", "950", "1.250.000", ""]).tolist()
    [10000.0, 950.0, 1250000.0, nan]
    >>> counts_of(["1000,5", "1.250"]).tolist(), counts_of(["12.5", "1.250"]).tolist()
    ([1000.5, 1250.0], [12.5, 1.25])
    """
    if "".join(texts).isdecimal():
        return np.array([float(text) if text else np.nan for text in texts], float)
    cells = [text.translate(_SPACES) for text in texts]
    decimal = _decimal_mark(cells)
    found = np.full(len(cells), np.nan)
    for place, cell in enumerate(cells):
        if not cell:
            continue
        try:
            found[place] = _number(cell, decimal)
        except ValueError:
            raise NoNumber(place) from None
    return found


def _decimal_mark(cells: Iterable[str]) -> str | None:
    """The mark of decimals that the cells show; None when they show none."""
    for cell in cells:
        match = _MARKED.fullmatch(cell)
        marks = [sign for sign in cell if sign in ".,"]
        if match is None or not marks:
            continue
        before, _mark, after = match[1].rpartition(marks[-1])
        is_group = len(after) == 3 and before[:1] != "0" and len(before) <= 3
        if len(set(marks)) == 2 or (len(marks) == 1 and not is_group):
            return marks[-1]
    return None


def _number(cell: str, decimal: str | None) -> float:
    for mark in ".,":
        if mark != decimal:
            whole, _decimal, part = cell.partition(decimal) if decimal else (cell, "", "")
            groups = whole.split(mark)
            if mark in part or any(len(group) != 3 for group in groups[1:]):
                raise ValueError(cell)
            cell = cell.replace(mark, "")
    return float(cell.replace(decimal, ".") if decimal else cell)
