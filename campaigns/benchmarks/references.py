"""Figures that others published: the shipped file, and a user's own in the same shape.

A published figure is only comparable with its definition, so each one states what is divided by
what (``base``), of what it is the figure (``per``), for whom, when, from how many, by whom it was
published, and how it was read: grade A is the original page, B a page that quotes it, C an agency
or an unknown source. Values are as in our own data: fractions, not percentages.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from campaigns.errors import N_, BadDefinition, Message
from campaigns.metrics import Metric
from campaigns.schema import DELIVERIES

SHIPPED = "reference_figures.csv"
GRADES = ("A", "B", "C")
STATISTICS = {
    "median": N_("median"),
    "mean": N_("mean"),
    "p25": "p25",
    "p75": "p75",
    "minimum": N_("lowest"),
    "maximum": N_("highest"),
    "count": N_("count"),
    "norm": N_("norm"),
    "not stated": N_("not stated"),
}
"""The kinds of figure, with their names for people."""

_REQUIRED = ("id", "platform", "metric", "base", "value", "unit", "last_year", "source", "grade")
_LARGEST = 10_000_000


@dataclass(frozen=True)
class Reference:
    """One published figure; an empty text means that it is not stated.

    ``per`` is what it is a figure of (post, page, ad, account, organisation); ``scope`` narrows
    that down (single image ads, pages above 10,000 followers). ``entered_on`` is the day on which
    it was put in the file, ``file`` the name of that file.
    """

    id: str
    platform: str
    metric: str
    base: str
    value: float
    unit: str
    source: str
    grade: str
    last_year: int
    first_year: int | None = None
    per: str = ""
    delivery: str = ""
    sector: str = ""
    scope: str = ""
    country: str = ""
    statistic: str = "not stated"
    currency: str = ""
    period: str = ""
    sample: str = ""
    note: str = ""
    entered_on: dt.date | None = None
    file: str = ""

    @property
    def years(self) -> str:
        """The year or years of the data.

        >>> shipped()[4].years
        '2024–2025'
        """
        first = self.first_year or self.last_year
        return str(self.last_year) if first == self.last_year else f"{first}–{self.last_year}"


_COLUMNS = tuple(field.name for field in dataclasses.fields(Reference) if field.name != "file")


def base_of(metric: Metric) -> str:
    """What a metric divides by what, in the words in which a reference states its base.

    >>> from campaigns.metrics import METRICS
    >>> base_of(METRICS["er_impressions"]), base_of(METRICS["paid_cpm"])
    ('engagements / impressions', 'spend / impressions × 1000')
    >>> base_of(METRICS["impressions"])
    'impressions'
    """
    if metric.kind != "ratio":
        return metric.name
    factor = f" × {metric.factor}" if metric.factor != 1 else ""
    return f"{metric.numerator} / {metric.denominator}{factor}"


def shipped() -> tuple[Reference, ...]:
    """The figures that come with bereik.

    >>> len(shipped()) > 50
    True
    """
    text = (resources.files(__package__) / SHIPPED).read_text(encoding="utf-8")
    return tuple(_parsed(text, "bereik"))


def dated(references: Sequence[Reference]) -> dt.date | None:
    """The day of the newest figure: how old the list is."""
    return max((one.entered_on for one in references if one.entered_on), default=None)


def collected(files: Sequence[Path] = ()) -> tuple[Reference, ...]:
    """The shipped figures and those of the user's own files; the same id replaces.

    A file is CSV with the columns of the shipped one, separated by commas or by semicolons, with
    decimal points or commas; only some must be filled. The table ``reference_figures`` of an
    export is such a file. Raises `BadDefinition` with file and line.
    """
    found = {one.id: one for one in shipped()}
    for path in files:
        # A name that is no text on this system must not stop the files that state it.
        name = path.name.encode("utf-8", "replace").decode("utf-8")
        found |= {one.id: one for one in _parsed(_text(path), name)}
    return tuple(found.values())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadDefinition(where=path, reason=Message(N_("This is no list of figures.")))
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        reason = Message(N_("The file is not in UTF-8. Save it as CSV UTF-8."))
        raise BadDefinition(where=path, reason=reason) from None
    except OSError as error:
        raise BadDefinition(where=path, reason=error.strerror or error) from error


def _parsed(text: str, file: str) -> Iterator[Reference]:
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip() for name in lines.fieldnames or ()]
    lines.fieldnames = names
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        values = {"columns": ", ".join(missing)}
        raise BadDefinition(where=file, reason=Message(N_("lacks the columns {columns}"), values))
    seen: set[str] = set()
    try:
        for row in lines:
            reference = _reference(row, file, f"{file}:{lines.line_num}")
            if reference.id in seen:
                values = {"id": reference.id}
                reason = Message(N_("The id '{id}' occurs twice."), values)
                raise BadDefinition(where=f"{file}:{lines.line_num}", reason=reason)
            seen.add(reference.id)
            yield reference
    except csv.Error as error:
        raise BadDefinition(where=f"{file}:{lines.line_num}", reason=error) from None


def _reference(row: Mapping[str, str | None], file: str, where: str) -> Reference:
    """One line as a figure; `BadDefinition` says which cell is wrong."""
    cells = {name: (row.get(name) or "").strip() for name in _COLUMNS}
    for name in _REQUIRED:
        if not cells[name]:
            raise _wrong(where, name, "", N_("must be filled"))
    values: dict[str, object] = {name: text for name, text in cells.items() if text}
    values |= {name: cells[name].casefold() for name in ("platform", "delivery", "statistic")}
    values["statistic"] = values["statistic"] or "not stated"
    values["grade"], values["currency"] = cells["grade"].upper(), cells["currency"].upper()
    for name, known in (("grade", GRADES), ("statistic", STATISTICS), ("delivery", DELIVERIES)):
        if values[name] and values[name] not in known:
            raise _wrong(where, name, cells[name], N_("is none of: {known}"), ", ".join(known))
    values["value"] = _number(cells["value"], where)
    for name in ("first_year", "last_year"):
        values[name] = _year(cells[name], where, name) if cells[name] else None
    values["entered_on"] = _day(cells["entered_on"], where)
    return Reference(**{**values, "file": file})  # type: ignore[arg-type]


def _number(text: str, where: str) -> float:
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _wrong(where, "value", text, N_("is no number; a share is written as 0.025"))
    return value


def _year(text: str, where: str, name: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise _wrong(where, name, text, N_("is no year like 2025"))
    return int(text)


def _day(text: str, where: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise _wrong(where, "entered_on", text, N_("is no day like 2025-01-31")) from None


def _wrong(where: str, column: str, value: str, text: str, known: str = "") -> BadDefinition:
    values = {"column": column, "value": value, "problem": Message(text, {"known": known})}
    return BadDefinition(where=where, reason=Message(N_("{column}: '{value}' {problem}"), values))
