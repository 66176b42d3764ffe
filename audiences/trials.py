"""Tests as rows: which test, which variant, what was counted of what; as many tests as you like.

A row is an observation of one variant: all its impressions, one post, or one day. `table` puts
rows in arrays of tests by variants, the control first, so that every method sees all tests at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from audiences.aggregates import Counts, Groups, counts, sums_by
from audiences.estimates import Array, Flags

Names = NDArray[np.object_]


class NoControl(Exception):
    """Tests without the variant that was named as control."""

    def __init__(self, tests: Sequence[str]) -> None:
        super().__init__(", ".join(tests))
        self.tests = list(tests)


@dataclass(frozen=True, eq=False)
class Table:
    """Rows by test and variant.

    ``tests`` are their names, ``variants`` (tests x most variants of a test) the names of the
    variants, the control first, None where a test has fewer. Of each row ``arm`` is test times
    the number of columns plus variant, ``day`` its day from 0 (0 where days do not count),
    ``stratum`` its group within the day (0 where there is one), ``above`` and ``below`` what was
    counted of what; rows that lack one of the two are left out.
    """

    tests: Names
    variants: Names
    arm: Groups
    day: Groups
    days: Array
    stratum: Groups
    strata: int
    above: Array
    below: Array

    @property
    def shape(self) -> tuple[int, int]:
        """The number of tests, and of variants per test."""
        return self.variants.shape[0], self.variants.shape[1]

    @property
    def there(self) -> Flags:
        """Which variants there are (tests x variants)."""
        return np.asarray(self.variants != None, np.bool_)  # noqa: E711 - element by element

    @property
    def is_flat(self) -> bool:
        """Whether there are neither days nor strata to compare within."""
        return self.strata == 1 and float(self.days.max(initial=1)) == 1

    @property
    def test(self) -> Groups:
        """The test of each row."""
        return self.arm // self.shape[1]

    @property
    def variant(self) -> Groups:
        """The variant of each row, as a column."""
        return self.arm % self.shape[1]

    def counts(self) -> Counts:
        """Successes of trials, by test and variant."""
        number = self.variants.size
        return counts(
            sums_by(self.arm, number, self.below).reshape(self.shape),
            sums_by(self.arm, number, self.above).reshape(self.shape),
        )

    def counts_by_day(self) -> Counts:
        """Successes of trials, by test, variant, day (in order) and stratum."""
        above, below, _there = self.sums_by_day()
        return counts(below, above)

    def sums_by_day(self) -> tuple[Array, Array, Flags]:
        """What was counted, of what, and whether there are rows: by variant, day, stratum."""
        many = int(self.days.max(initial=1))
        place = (self.arm * many + self.day) * self.strata + self.stratum
        shape = (*self.shape, many, self.strata)
        above, below, rows = (
            sums_by(place, math.prod(shape), part).reshape(shape)
            for part in (self.above, self.below, np.ones(len(place)))
        )
        return above, below, rows > 0


def table(
    test: ArrayLike,
    variant: ArrayLike,
    above: ArrayLike,
    below: ArrayLike,
    day: ArrayLike | None = None,
    control: str | None = None,
    stratum: ArrayLike | None = None,
) -> Table:
    """The table of rows; tests and variants keep the order in which they first appear.

    ``control`` is the name of the control in every test; without it the first variant is. Raises
    `NoControl` where a test does not have it.

    >>> one = table(["t", "t", "u", "u"], ["A", "B", "B", "A"], [1, 2, 3, 4], [9] * 4, control="B")
    >>> one.variants.tolist(), one.counts().successes.tolist()
    ([['B', 'A'], ['B', 'A']], [[2.0, 1.0], [3.0, 4.0]])
    """
    names, which = _codes(test)
    labels, label = _codes(variant)
    pair, row_pair = _codes(which * len(labels) + label)
    pair_test, pair_label = pair // len(labels), pair % len(labels)
    if control is not None:
        is_control = labels[pair_label] == control
        without = np.setdiff1d(np.arange(len(names)), pair_test[is_control])
        if len(without):
            raise NoControl([str(names[one]) for one in without[:5]])
        order = np.lexsort((np.arange(len(pair)), ~is_control, pair_test))
    else:
        order = np.lexsort((np.arange(len(pair)), pair_test))
    many = np.bincount(pair_test, minlength=len(names))
    columns = max(int(many.max(initial=2)), 2)
    rank = np.empty(len(pair), np.intp)
    rank[order] = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
    variants = np.full((len(names), columns), None, object)
    variants[pair_test, rank] = labels[pair_label]
    arm = pair_test[row_pair] * columns + rank[row_pair]
    up, down = np.asarray(above, float), np.broadcast_to(np.asarray(below, float), arm.shape)
    known = ~np.isnan(up) & ~np.isnan(down)
    place, days = _days(day, which, len(names))
    group = np.zeros(len(arm), np.intp) if stratum is None else _codes(stratum)[1]
    return Table(
        names,
        variants,
        arm[known],
        place[known],
        days,
        group[known],
        int(group.max(initial=0)) + 1,
        up[known],
        down[known],
    )


def _codes(values: ArrayLike) -> tuple[NDArray[np.object_], Groups]:
    """The different values in order of appearance, and the number of each."""
    given = np.asarray(values)
    found, first, code = np.unique(given, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    kept = found[order]
    return (kept.astype(object) if kept.dtype.kind in "US" else kept), rank[code.reshape(-1)]


def _days(day: ArrayLike | None, which: Groups, tests: int) -> tuple[Groups, Array]:
    """The day of each row within its test, from 0, and the number of days of each test."""
    if day is None:
        return np.zeros(len(which), np.intp), np.ones(tests)
    found, code = np.unique(np.asarray(day), return_inverse=True)
    pair, place = np.unique(which * len(found) + code.reshape(-1), return_inverse=True)
    many = np.bincount(pair // len(found), minlength=tests)
    rank = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
    return rank[place.reshape(-1)], many.astype(float)
