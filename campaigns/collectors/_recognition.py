"""Which format is this? Looks for the labels of every known format in the head of a file.

Pure: it sees the head that was read, never the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.collectors import Format, Found, Layout, Probe, ProbedSheet, Recognition, normal
from campaigns.collectors._heads import DATE, Head, Line, is_header, labels_of, trimmed
from campaigns.errors import N_, BadMapping, Message, NoNearFormat, UnknownFormat

NAMED_SHEET = 3
"""What the name of a sheet counts, in fields."""

MOST_ABOVE = 2
"""Rows as wide as a table that may stand above unknown labels; more would be rows of it."""


@dataclass(frozen=True)
class _Match:
    """A layout held against one row of one sheet. ``language`` is the one that fits best."""

    format: Format
    layout: Layout
    sheet: ProbedSheet
    row: int
    columns: Mapping[str, int]
    language: str | None
    score: float
    by_position: bool = False

    @property
    def missing(self) -> frozenset[str]:
        return self.layout.required - self.columns.keys()


def recognise(
    probe: Probe, formats: Sequence[Format], mapping: Mapping[str, str] | None = None
) -> Recognition:
    """The format that knows most of the labels in the file, and where its tables stand.

    ``mapping`` adds labels: {label in the file: name of the field}. A label matches after
    `normal`; ``"Views #2"`` in a layout is the second column that is labelled ``Views``. Formats
    that recognise themselves are asked. Raises UnknownFormat with the nearest format,
    NoNearFormat, or BadMapping.
    """
    wishes = _wishes(probe, formats, mapping or {})
    head = Head.of(probe, formats, wishes)
    candidates = [
        candidate
        for known in formats
        if (
            candidate := known.recognise(probe)
            if known.recognise is not None
            else _hold(known, head, wishes)
        )
        is not None
    ]
    if not candidates:
        raise _unknown(probe, head.lines, formats, wishes)
    best = max(candidates, key=lambda candidate: candidate.score)
    return replace(best, notes=(*best.notes, *_unread(probe, best)))


def _unread(probe: Probe, best: Recognition) -> Iterator[Message]:
    """The sheets with rows that nothing was found in; sheets of a list may be further lists."""
    used = {found.sheet.index for found in best.found.values()}
    names = [
        sheet.name
        for sheet in probe.sheets
        if sheet.index not in used and sum(any(cells) for cells in sheet.head) > 1
    ]
    if names and not best.format.is_statement:
        text = N_("the sheets {sheets} were not read")
        yield Message(text, {"sheets": ", ".join(f"'{name}'" for name in names[:8])})


def _hold(known: Format, head: Head, wishes: Mapping[str, str]) -> Recognition | None:
    """A format held against a file; null when none of its necessary tables is there."""
    matches = [
        match
        for position, layout in enumerate(known.layouts)
        for match in _matches(known, layout, position, head.likely(layout, wishes), wishes)
        if not match.missing and _looks_right(match)
    ]
    if not matches:
        return None
    chosen: dict[str, _Match] = {}
    for match in sorted(matches, key=lambda match: (-match.score, match.sheet.index, match.row)):
        if match.layout.name not in chosen and not any(
            _overlap(match, other) for other in chosen.values()
        ):
            chosen[match.layout.name] = match
    needed = [layout for layout in known.layouts if not layout.optional]
    if not any(layout.name in chosen for layout in needed or known.layouts):
        return None
    if len(chosen) < known.least and all(match.by_position for match in chosen.values()):
        return None
    found = {
        layout.name: _found(chosen[layout.name])
        for layout in known.layouts
        if layout.name in chosen
    }
    languages = [item.language for item in found.values() if item.language]
    return Recognition(
        format=known,
        found=found,
        language=max(languages, key=languages.count) if languages else None,
        score=sum(match.score for match in chosen.values()),
        notes=tuple(_notes(found)),
    )


def _notes(found: Mapping[str, Found]) -> Iterator[Message]:
    for item in found.values():
        if item.by_position:
            yield Message(
                N_("the labels in '{sheet}' are not known; its columns were read by position"),
                {"sheet": item.sheet.name},
            )
        width = len(trimmed(item.sheet.head[item.header_row]))
        above = sum(len(trimmed(cells)) >= width for cells in item.sheet.head[: item.header_row])
        if above and width > 2:
            text = N_("{rows} rows above the labels in '{sheet}' were not read")
            yield Message(text, {"rows": above, "sheet": item.sheet.name})


def _overlap(one: _Match, other: _Match) -> bool:
    """Whether two layouts claim the same columns of one table."""
    if (one.sheet.index, one.row) != (other.sheet.index, other.row):
        return False
    claimed = {other.columns[name] for name in other.layout.required}
    return any(one.columns[name] in claimed for name in one.layout.required)


def _found(match: _Match) -> Found:
    header = match.sheet.head[match.row]
    used = set(match.columns.values())
    unknown = tuple(label for at, label in enumerate(header) if label.strip() and at not in used)
    return Found(
        layout=match.layout,
        sheet=match.sheet,
        header_row=match.row,
        columns=dict(match.columns),
        language=match.language,
        by_position=match.by_position,
        unknown_labels=unknown,
    )


def _matches(
    known: Format,
    layout: Layout,
    position: int,
    lines: Iterable[Line],
    wishes: Mapping[str, str],
) -> Iterator[_Match]:
    """The layout held against rows of the head of a file that have anything of it."""
    own = {}
    if wishes:
        own = {label: name for label, name in wishes.items() if name in _fields(layout)}
    prepared = labels_of(layout)
    sheets = prepared.sheets
    for line in lines:
        sheet, row = line.sheet, line.row
        columns, language, score = _columns(line.names, prepared.by_language, own, layout.patterns)
        is_named = bool(sheets) and normal(sheet.name) in sheets
        if columns:
            bonus = NAMED_SHEET if is_named else 0
            yield _Match(known, layout, sheet, row, columns, language, score + bonus)
        if (is_named or not sheets or sheet.index == position) and _fits_by_position(
            layout, sheet, row, columns
        ):
            places = {name: at for at, name in enumerate(layout.positions) if name}
            yield _Match(known, layout, sheet, row, places, None, 0.5 * len(places), True)


def _fields(layout: Layout) -> frozenset[str]:
    known = {name for labels in layout.labels.values() for name in labels.values()}
    return frozenset(known | set(layout.positions) - {""} | layout.required)


def _columns(
    header: Sequence[str],
    labels: Mapping[str, Mapping[str, str]],
    own: Mapping[str, str],
    patterns: Mapping[str, str],
) -> tuple[dict[str, int], str | None, float]:
    """Which column is which field, in which language, and how well it fits.

    A field that the best language knows counts 1, one that only another language or a pattern
    knows counts 0.5, and the part of the header that is known counts up to 1. Of two columns for
    one field the first wins.
    """
    columns: dict[str, int] = {}
    for at, name in enumerate(header):
        if name in own:
            columns.setdefault(own[name], at)
    score = float(len(columns))
    taken = set(columns.values())
    hits = {
        language: [(known[name], at) for at, name in enumerate(header) if name in known]
        for language, known in labels.items()
    }
    order = sorted(hits, key=lambda language: -len(hits[language]))
    for rank, language in enumerate(order):
        for field, at in hits[language]:
            if field not in columns and at not in taken:
                columns[field] = at
                taken.add(at)
                score += 1.0 if rank == 0 else 0.5
    for pattern, field in patterns.items():
        for at, name in enumerate(header):
            if field not in columns and at not in taken and re.fullmatch(pattern, name):
                columns[field] = at
                taken.add(at)
                score += 0.5
    best = order[0] if order and hits[order[0]] else None
    filled = sum(1 for name in header if name)
    return columns, best, score + (len(columns) / filled if filled else 0.0)


def _fits_by_position(
    layout: Layout, sheet: ProbedSheet, row: int, columns: Mapping[str, int]
) -> bool:
    """Whether a table with unknown labels can be this layout by its number of columns.

    Its header must be all labels, and what stands below must look like a table: a column of
    dates wherever the layout has a date (an empty column proves nothing).
    """
    width = len(layout.positions)
    header = trimmed(sheet.head[row])
    if not width or len(header) != width or not is_header(header, layout):
        return False
    if any(layout.positions[at] != name for name, at in columns.items() if at < width):
        return False
    if sum(len(trimmed(cells)) == width for cells in sheet.head[:row]) > MOST_ABOVE:
        return False
    below = [cells for cells in sheet.head[row + 1 :] if any(cell.strip() for cell in cells)]
    if not below or any(len(trimmed(cells)) > width for cells in below):
        return False
    filled = {at: values for at in range(width) if (values := _cells(below, at))}
    dated = {at for at, values in filled.items() if all(map(DATE.match, values))}
    wanted = {
        at
        for at, name in enumerate(layout.positions)
        if name in layout.required and re.search(r"(^|_)(day|date)(_|$)|_on$|_at$", name)
    }
    has_dates = bool(dated) or (not wanted and bool(layout.contents))
    return has_dates and not (wanted & filled.keys()) - dated


def _looks_right(match: _Match) -> bool:
    """Whether a table looks as its layout says: the row above it, and the cells of its fields."""
    layout, head = match.layout, match.sheet.head
    if layout.above and match.by_position:
        above = next(iter(head[match.row - 1]), "").strip() if match.row else ""
        if not re.fullmatch(layout.above, above):
            return False
    has_cells = False
    for name, pattern in layout.contents.items():
        cells = _cells(head[match.row + 1 :], match.columns[name]) if name in match.columns else []
        right = sum(1 for cell in cells if re.fullmatch(pattern, cell))
        if right < (len(cells) if match.by_position else len(cells) / 2):
            return False
        has_cells = has_cells or bool(cells)
    return has_cells or not (match.by_position and layout.contents)


def _cells(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """The filled cells of a column."""
    return [text for cells in rows if at < len(cells) and (text := cells[at].strip())]


# --- when nothing fits -----------------------------------------------------------------------


def _wishes(probe: Probe, formats: Sequence[Format], mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping by normal label, after its labels and fields were found to exist."""
    if not mapping or not probe.sheets:
        return {}
    labels = {normal(cell) for sheet in probe.sheets for cells in sheet.head for cell in cells}
    fields = {name for known in formats for layout in known.layouts for name in _fields(layout)}
    for label, name in mapping.items():
        given = f"{label}={name}"
        if normal(label) not in labels:
            raise BadMapping(given=given, column=label, known=_what(probe))
        if name not in fields:
            raise BadMapping(given=given, column=name, known=", ".join(sorted(fields)))
    return {normal(label): name for label, name in mapping.items()}


def _unknown(
    probe: Probe, lines: Sequence[Line], formats: Sequence[Format], wishes: Mapping[str, str]
) -> UnknownFormat | NoNearFormat:
    near = [
        match
        for known in formats
        for position, layout in enumerate(known.layouts)
        if not layout.optional or all(each.optional for each in known.layouts)
        for match in _matches(known, layout, position, lines, wishes)
        if 0 < len(match.missing) * 2 <= len(layout.required)
    ]
    if not near:
        return NoNearFormat(path=probe.name, found=_with_likely(probe, lines, formats))
    best = max(near, key=lambda match: match.score - len(match.missing))
    labels = _labels(best)
    return UnknownFormat(
        path=probe.name,
        nearest=best.format.title,
        missing=", ".join(f"'{label}'" for label in labels),
        found=_what(probe, best),
        wanted=tuple(zip(sorted(best.missing), labels, strict=True)),
        free=tuple(dict.fromkeys(_found(best).unknown_labels)),
    )


def _with_likely(probe: Probe, lines: Sequence[Line], formats: Sequence[Format]) -> str | Message:
    """What the file has, and the formats that have most of its labels; at least two of them."""
    shared: Counter[str] = Counter()
    for known in formats:
        names = {
            label
            for layout in known.layouts
            for labels in labels_of(layout).by_language.values()
            for label in labels
        }
        most = max((len(names & line.words) for line in lines), default=0)
        if most > 1 and known.nothing is None:
            shared[known.title] = max(shared[known.title], most)
    if not shared:
        return _what(probe)
    likely = Message(
        _listed(len(shared.most_common(3))),
        {f"format_{at}": Message(title) for at, (title, _most) in enumerate(shared.most_common(3))},
    )
    text = N_("{labels} (labels like these are in: {formats})")
    return Message(text, {"labels": _what(probe), "formats": likely})


def _listed(many: int) -> str:
    return ", ".join(f"{{format_{at}}}" for at in range(many))


def _labels(match: _Match) -> list[str]:
    """The labels of the missing fields, in the language that fits best."""
    languages = [match.language] if match.language else []
    order = [*languages, "en", *match.layout.labels]
    labels = []
    for name in sorted(match.missing):
        known = (
            label
            for language in order
            for label, field in match.layout.labels.get(language, {}).items()
            if field == name
        )
        labels.append(next(known, name))
    return labels


def _what(probe: Probe, near: _Match | None = None) -> str | Message:
    """What the file has instead, shortened: the labels, with the names of its sheets."""
    if not probe.sheets:
        return Message(N_("a file of the kind {kind}"), {"kind": probe.container})
    parts = []
    for sheet in probe.sheets[:8]:
        row = near.row if near and near.sheet.index == sheet.index else None
        cells = (
            sheet.head[row]
            if row is not None
            else max(sheet.head, key=lambda cells: sum(map(bool, cells)), default=())
        )
        labels = [_short(cell) for cell in cells if cell.strip()]
        text = ", ".join(f"'{label}'" for label in labels[:12]) + (" …" if labels[12:] else "")
        parts.append(f"{sheet.name}: {text}" if len(probe.sheets) > 1 else text)
    return "; ".join(parts) or "-"


def _short(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= 40 else text[:39] + "…"
