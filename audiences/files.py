"""Tests from a CSV file: a row per variant, per post, or per variant and day."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiences.estimates import Array
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
    above, below = (_numbers(path, given[key], columns[key]) for key in ("successes", "trials"))
    _check(path, below, above, may_exceed)
    texts = {key: given[key] for key in columns if key not in NUMBERS}
    for key, values in texts.items():
        if "" in values:
            row = values.index("") + 2
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


def _read(path: Path, columns: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """The texts of the named columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            rows = csv.reader(file, delimiter=max(",;\t", key=head.count))
            names = [name.strip() for name in next(rows, [])]
            places = _places(path, names, columns)
            least = max(places.values()) + 1
            kept = [row for row in rows if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(path=path, reason=error) from error
    for number, row in enumerate(kept, 2):
        if len(row) < least:
            raise _bad(path, N_("row {row} has {n} columns"), row=number, n=len(row))
    return {key: [row[place].strip() for row in kept] for key, place in places.items()}


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


def _numbers(path: Path, texts: Sequence[str], name: str) -> Array:
    """The numbers of a column; empty is not known."""
    try:
        return np.array([float(text) if text else np.nan for text in texts], float)
    except ValueError:
        for row, text in enumerate(texts, 2):
            try:
                float(text or 0)
            except ValueError:
                raise _bad(
                    path,
                    N_("row {row}: '{value}' in '{column}' is no number"),
                    row=row,
                    value=text,
                    column=name,
                ) from None
        raise


def _check(path: Path, trials: Array, successes: Array, may_exceed: bool) -> None:
    if not len(trials):
        raise _bad(path, N_("there are no rows"))
    wrong = (trials < 0) | (successes < 0) | np.isinf(trials) | np.isinf(successes)
    if wrong.any():
        raise _bad(path, N_("row {row}: a count is 0 or more"), row=int(wrong.argmax()) + 2)
    above = successes > trials
    if above.any() and not may_exceed:
        raise _bad(
            path,
            N_(
                "row {row}: more successes than trials. What can happen several times per showing "
                "is compared by post: --unit post"
            ),
            row=int(above.argmax()) + 2,
        )


def _bad(path: Path, reason: str, **values: object) -> BadDefinition:
    return BadDefinition(where=path, reason=Message(reason, values))
