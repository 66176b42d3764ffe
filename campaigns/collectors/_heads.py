"""The rows of the head of a file, and which of them can be the header of which layout."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from campaigns.collectors import Format, Layout, Probe, ProbedSheet, normal

WIDEST = 2_000
"""Columns in which labels are looked for: a hostile row could have half a million."""

DATE = re.compile(
    r"^\W*(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\w+,? \w+\.? \d{1,2},? \d{4}|\d{1,2} \w+\.? \d{4})"
)
_NUMBER = r"^[\s€$£<+-]*\d[\d.,\s']*(?i:E[+-]?\d+\s*)?%?$"
_VALUE = re.compile(f"{DATE.pattern}|{_NUMBER}")


@dataclass(frozen=True)
class Line:
    """A row of the head of a sheet, with the names that its cells have if they are labels."""

    sheet: ProbedSheet
    row: int
    width: int

    @property
    def cells(self) -> Sequence[str]:
        """The cells up to the last that is filled."""
        return self.sheet.head[self.row][: self.width]

    @functools.cached_property
    def names(self) -> Sequence[str]:
        """The name of each column."""
        return _numbered(self.sheet.head[self.row][:WIDEST])

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """The names, for looking up."""
        return frozenset(self.names)

    def has_any(self, words: Set[str], figures: Set[str]) -> bool:
        """Whether a cell can be one of some labels, of which none begins as figures do."""
        cells = self.sheet.head[self.row][:WIDEST]
        return any(normal(cell) in words for cell in cells if cell and cell[0] not in figures)


def _lines(probe: Probe) -> list[Line]:
    found = []
    for sheet in probe.sheets:
        for row, cells in enumerate(sheet.head):
            if any(cells):
                found.append(Line(sheet, row, len(trimmed(cells))))
    return found


@dataclass(frozen=True)
class Head:
    """The rows of the head of a file, and which of them can be a header of anything.

    Most rows can be none: only thereby many files are recognised fast. ``labelled`` are those
    with a label that some layout needs.
    """

    lines: Sequence[Line]
    labelled: Sequence[Line]
    by_width: Mapping[int, Sequence[Line]]

    @classmethod
    def of(cls, probe: Probe, formats: Sequence[Format], wishes: Mapping[str, str]) -> Head:
        """The head of a file."""
        lines = _lines(probe)
        known = _needed_words(formats)
        if known is None:  # patterns alone can make it
            return cls(lines, lines, {})
        words = known | wishes.keys()
        figures = frozenset("0123456789-") - {word[:1] for word in words}
        labelled = []
        by_width: dict[int, list[Line]] = {}
        for line in lines:
            if line.has_any(words, figures):
                labelled.append(line)
            else:
                by_width.setdefault(line.width, []).append(line)
        return cls(lines, labelled, by_width)

    def likely(self, layout: Layout, wishes: Mapping[str, str]) -> Iterator[Line]:
        """The rows that can be the header of a layout, by their labels or their place."""
        wished = frozenset(wishes.values())
        width = len(layout.positions)
        prepared = labels_of(layout)
        for line in self.labelled:
            if prepared.can_name(line, wished) or (
                line.width == width and is_header(line.cells, layout)
            ):
                yield line
        for line in self.by_width.get(width, ()) if width else ():
            if is_header(line.cells, layout):
                yield line


@dataclass(frozen=True)
class Labels:
    """A layout's labels, ready to be held against rows: it is done for every row of every file.

    ``needed`` are the ways to name each required field that no pattern names; ``patterns`` those
    of the fields that one does.
    """

    layout: Layout  # kept, so that no other layout gets its id
    by_language: Mapping[str, Mapping[str, str]]
    needed: tuple[tuple[str, frozenset[str]], ...]
    sheets: frozenset[str]
    patterns: Mapping[str, str]

    def can_name(self, line: Line, wished: Set[str]) -> bool:
        """Whether the labels in a row can name all that this layout needs."""
        return all(
            field in wished or not labels.isdisjoint(line.words) for field, labels in self.needed
        )


_prepared: dict[int, Labels] = {}
_words: dict[int, tuple[Sequence[Format], frozenset[str] | None]] = {}


def _needed_words(formats: Sequence[Format]) -> frozenset[str] | None:
    """Labels of which a header has one, whatever it is; null when that cannot be said."""
    if id(formats) in _words and _words[id(formats)][0] is formats:
        return _words[id(formats)][1]
    words: set[str] = set()
    needed = [labels_of(layout).needed for known in formats for layout in known.layouts]
    for each in needed:
        words |= {label.partition(" #")[0] for label in each[0][1]} if each else set()
    found = frozenset(words) if all(needed) else None
    if isinstance(formats, tuple):  # it cannot change
        _words[id(formats)] = (formats, found)
    return found


def labels_of(layout: Layout) -> Labels:
    """The labels of a layout, made ready once."""
    known = _prepared.get(id(layout))
    if known is None:
        by_language = {
            language: {normal(label): name for label, name in names.items()}
            for language, names in layout.labels.items()
        }
        by_field: dict[str, set[str]] = {
            name: set() for name in layout.required - set(layout.patterns.values())
        }
        for names in by_language.values():
            for label, name in names.items():
                by_field.get(name, set()).add(label)
        # the rarest first: most rows are turned down by the first question
        needed = sorted(by_field.items(), key=lambda item: (len(item[1]), item[0]))
        known = _prepared[id(layout)] = Labels(
            layout,
            by_language,
            tuple((name, frozenset(labels)) for name, labels in needed),
            frozenset(normal(name) for name in layout.sheets),
            {name: pattern for pattern, name in layout.patterns.items()},
        )
    return known


def _numbered(cells: Sequence[str]) -> list[str]:
    """The name of each column: its normal label, with ``#2`` for the second of the same label.

    >>> _numbered(["Views", "views", "Date"])
    ['views', 'views #2', 'date']
    """
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        label = normal(cell)
        seen[label] = seen.get(label, 0) + 1
        names.append(label if seen[label] == 1 else f"{label} #{seen[label]}")
    return names


def is_header(header: Sequence[str], layout: Layout) -> bool:
    """Whether all columns that are read have labels: no numbers or dates, unless a pattern says."""
    patterns = labels_of(layout).patterns
    for name, cell in zip(layout.positions, header, strict=True):
        if name in patterns:
            if not re.fullmatch(patterns[name], normal(cell)):
                return False
        elif name and (not cell.strip() or _VALUE.match(cell)):
            return False
    return True


def trimmed(cells: Sequence[str]) -> Sequence[str]:
    """The cells up to the last that is filled."""
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return cells[:width]
