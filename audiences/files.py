"""Tests from a CSV file: a row per variant, per post, or per variant and day.

Rows are told by the line on which they end, as an editor shows them.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiences.estimates import Array
from audiences.numerals import NoNumber, counts_of
from audiences.trials import Names, NoControl, Table, table
from campaigns.errors import N_, BadDefinition, Message, UnreadableFile

NUMBERS = ("trials", "successes")


@dataclass(frozen=True, eq=False)
class Tests:
    """The tests of a file, and what else it says of each variant: texts in the table's shape."""

    table: Table
    labels: Mapping[str, Names]


def read(path: Path, columns: Mapping[str, str], *, may_exceed: bool, control: str | None) -> Table:
    """The table of the tests in a CSV file; a comma, semicolon or tab between its columns.

    ``columns`` names the columns of test, variant, trials, successes and, where wanted, day and
    stratum. ``may_exceed`` allows more successes than trials: engagements of a post. Raises
    `UnreadableFile`, and `BadDefinition` for a column or row that cannot be right.
    """
    return read_with(path, columns, (), may_exceed=may_exceed, control=control).table


def read_with(
    path: Path,
    columns: Mapping[str, str],
    labels: Sequence[str],
    *,
    may_exceed: bool,
    control: str | None,
) -> Tests:
    """As `read`, with the columns ``labels``: of a variant with several rows the first text."""
    given = _read(path, {**columns, **{f"label {name}": name for name in labels}})
    above, below = (_numbers(path, given, key, columns[key]) for key in ("successes", "trials"))
    _check(path, given.lines, below, above, may_exceed)
    texts = {key: given[key] for key in columns if key not in NUMBERS}
    for key, values in texts.items():
        if "" in values:
            row = given.lines[values.index("")]
            raise _bad(path, N_("row {row}: '{column}' is empty"), row=row, column=columns[key])
    try:
        made = table(
            texts["test"],
            texts["variant"],
            above,
            below,
            texts.get("day"),
            control,
            texts.get("stratum"),
        )
    except NoControl as error:
        raise _bad(
            path,
            N_("there is no variant '{control}' in these tests: {tests}"),
            control=control,
            tests=", ".join(error.tests),
        ) from None
    pairs = list(zip(texts["test"], texts["variant"], strict=True))
    return Tests(made, {name: _by_variant(made, pairs, given[f"label {name}"]) for name in labels})


def _by_variant(made: Table, pairs: Sequence[tuple[str, str]], texts: Sequence[str]) -> Names:
    """The text of each variant, in the table's shape; empty where there is none."""
    first: dict[tuple[str, str], str] = {}
    for pair, text in zip(pairs, texts, strict=True):
        first.setdefault(pair, text)
    rows = zip(made.tests, made.variants, strict=True)
    return np.array([[first.get((test, name), "") for name in row] for test, row in rows], object)


@dataclass(frozen=True)
class _Rows:
    """The texts of the named columns, and the line of the file on which each row ends."""

    texts: Mapping[str, Sequence[str]]
    lines: Sequence[int]

    def __getitem__(self, key: str) -> Sequence[str]:
        return self.texts[key]


def _read(path: Path, columns: Mapping[str, str]) -> _Rows:
    """The rows of the file that are not empty."""
    text = _text(path)
    if not text.strip():
        raise _bad(path, N_("the file is empty"))
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        places = _places(path, [name.strip() for name in next(rows, [])], columns)
        kept = [(rows.line_num, row) for row in rows if any(row)]
    except csv.Error as error:
        raise UnreadableFile(path=path, reason=error) from error
    least = max(places.values()) + 1
    for number, row in kept:
        if len(row) < least:
            raise _bad(path, N_("row {row} has {n} columns"), row=number, n=len(row))
    texts = {key: [row[place].strip() for _line, row in kept] for key, place in places.items()}
    return _Rows(texts, [line for line, _row in kept])


def _text(path: Path) -> str:
    """The text of a file, as Excel may have saved it too."""
    try:
        content = path.read_bytes()
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252")
    except (OSError, UnicodeDecodeError) as error:
        reason: object = getattr(error, "strerror", None) or type(error).__name__
        if isinstance(error, FileNotFoundError):
            reason = Message(N_("there is no such file"))
        raise UnreadableFile(path=path, reason=reason) from error


def _places(path: Path, names: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    for name in columns.values():
        if name not in names:
            raise _bad(
                path,
                N_("there is no column '{column}'; there are: {known}"),
                column=name,
                known=", ".join(names),
            )
    return {key: names.index(name) for key, name in columns.items()}


def _numbers(path: Path, given: _Rows, key: str, name: str) -> Array:
    """The numbers of a column; empty is not known."""
    try:
        return counts_of(given[key])
    except NoNumber as error:
        raise _bad(
            path,
            N_("row {row}: '{value}' in '{column}' is no number"),
            row=given.lines[error.place],
            value=given[key][error.place],
            column=name,
        ) from None


def _check(
    path: Path, lines: Sequence[int], trials: Array, successes: Array, may_exceed: bool
) -> None:
    if not len(trials):
        raise _bad(path, N_("there are no rows"))
    wrong = (trials < 0) | (successes < 0) | np.isinf(trials) | np.isinf(successes)
    if wrong.any():
        raise _bad(path, N_("row {row}: a count is 0 or more"), row=lines[int(wrong.argmax())])
    above = successes > trials
    if above.any() and not may_exceed:
        raise _bad(
            path,
            N_(
                "row {row}: more successes than trials. What can happen several times per showing "
                "is compared by post: --unit post"
            ),
            row=lines[int(above.argmax())],
        )


def _bad(path: Path, reason: str, **values: object) -> BadDefinition:
    return BadDefinition(where=path, reason=Message(reason, values))
