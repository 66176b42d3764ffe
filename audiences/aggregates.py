"""What statistics need of rows, and nothing else: counts, means, and sums of products.

Both kinds of aggregate are additive: those of two sets of rows make those of all rows with ``+``,
and axes (days, strata) are merged with ``.total``. So rows are read once, by group, and everything
after works on a few numbers per group, for thousands of tests at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from audiences.estimates import Array, Estimate, Index, estimate

Groups = NDArray[np.intp]
"""The group of each row, from 0."""


@dataclass(frozen=True, eq=False)
class Counts:
    """How often something was tried and how often it succeeded, as arrays of one shape.

    Trials and successes are whole numbers kept as floats; a group that does not exist has none.

    >>> one = counts(1000, 20) + counts([500, 800], [5, 8])
    >>> one.successes.tolist(), one.rate.round(4).tolist()
    ([25.0, 28.0], [0.0167, 0.0156])
    """

    trials: Array
    successes: Array

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.trials + other.trials, self.successes + other.successes)

    def __getitem__(self, index: Index) -> Counts:
        return Counts(
            np.asarray(self.trials[index]),
            np.asarray(self.successes[index]),
        )

    @property
    def failures(self) -> Array:
        """The trials without success."""
        return self.trials - self.successes

    @property
    def rate(self) -> Array:
        """Successes per trial; NaN without trials."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.successes / self.trials)

    def total(self, axis: int = -1, keepdims: bool = False) -> Counts:
        """All groups along an axis as one."""
        return Counts(
            np.asarray(self.trials.sum(axis, keepdims=keepdims)),
            np.asarray(self.successes.sum(axis, keepdims=keepdims)),
        )


def counts(trials: ArrayLike, successes: ArrayLike) -> Counts:
    """`Counts` of numbers that broadcast to one shape; NaN is none.

    Raises `ValueError` when there are more successes than trials: what can happen several times
    per trial (engagements per impression) is no matter of success or failure.
    """
    tried, won = (np.nan_to_num(np.asarray(part, float)) for part in (trials, successes))
    if np.any((won < 0) | (won > tried)):
        raise ValueError("successes must be between 0 and the trials")
    return Counts(*np.broadcast_arrays(tried, won))


def together(one: Counts, other: Counts) -> tuple[Counts, Counts]:
    """Both counts in the one shape to which they broadcast: a control beside each treatment."""
    parts = np.broadcast_arrays(one.trials, one.successes, other.trials, other.successes)
    return Counts(*parts[:2]), Counts(*parts[2:])


def counts_by(groups: Groups, number: int, trials: ArrayLike, successes: ArrayLike) -> Counts:
    """The counts of each of ``number`` groups, of rows.

    >>> counts_by(np.array([0, 1, 0]), 2, [100, 200, 50], [1, 2, 3]).trials.tolist()
    [150.0, 200.0]
    """
    rows = counts(trials, successes)
    return Counts(sums_by(groups, number, rows.trials), sums_by(groups, number, rows.successes))


def sums_by(groups: Groups, number: int, values: ArrayLike) -> Array:
    """The sum of the values of each of ``number`` groups; 0 of a group without rows."""
    return np.asarray(np.bincount(groups, np.asarray(values, float), number), float)


@dataclass(frozen=True, eq=False)
class Moments:
    """The number of rows, means and scatter of k columns, by group.

    ``count`` has the shape of the groups, ``mean`` that and k, ``scatter`` that and k x k: the
    sums of products of deviations from the mean, which add without loss of precision.

    >>> both = moments([[1.0], [2.0]]) + moments([[6.0]])
    >>> float(both.count), float(both.mean[0]), float(both.variance())
    (3.0, 3.0, 7.0)
    """

    count: Array
    mean: Array
    scatter: Array

    def __add__(self, other: Moments) -> Moments:
        count = self.count + other.count
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(count > 0, other.count / count, 0.0)
        gap = _known(other.mean) - _known(self.mean)
        gap = np.where((self.count > 0)[..., None] & (other.count > 0)[..., None], gap, 0.0)
        mean = np.where((self.count > 0)[..., None], self.mean + gap * part[..., None], other.mean)
        between = (self.count * part)[..., None, None] * gap[..., :, None] * gap[..., None, :]
        return Moments(count, mean, self.scatter + other.scatter + between)

    def __getitem__(self, index: Index) -> Moments:
        parts = (self.count, self.mean, self.scatter)
        return Moments(*(np.asarray(part[index]) for part in parts))

    def total(self, axis: int = -1) -> Moments:
        """All groups along an axis of the groups as one."""
        place = axis % self.count.ndim
        count = self.count.sum(place)
        with np.errstate(invalid="ignore"):
            weight = np.expand_dims(self.count, -1)
            mean = (weight * _known(self.mean)).sum(place) / count[..., None]
        gap = np.where(weight > 0, self.mean - np.expand_dims(mean, place), 0.0)
        between = weight[..., None] * gap[..., :, None] * gap[..., None, :]
        return Moments(count, mean, (self.scatter + between).sum(place))

    def covariance(self, first: int, second: int) -> Array:
        """The sample covariance of two columns; NaN of fewer than two rows."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.scatter[..., first, second] / (self.count - 1)
        return np.where(self.count > 1, found, np.nan)

    def variance(self, column: int = 0) -> Array:
        """The sample variance of a column; NaN of fewer than two rows."""
        return self.covariance(column, column)

    def mean_of(self, column: int = 0) -> Estimate:
        """The mean of a column with its standard error."""
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.sqrt(self.variance(column) / self.count)
        return estimate(self.mean[..., column], error, _degrees(self.count))

    def ratio_of(self, numerator: int = 0, denominator: int = 1) -> Estimate:
        """The ratio of two means with its standard error by the delta method.

        The ratio of sums: rows count by their denominator, as in every ratio of bereik.
        """
        below = self.mean[..., denominator]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = self.mean[..., numerator] / below
            variance = (
                self.variance(numerator)
                - 2 * ratio * self.covariance(numerator, denominator)
                + np.square(ratio) * self.variance(denominator)
            )
            error = np.sqrt(np.maximum(variance, 0) / self.count) / np.abs(below)
        return estimate(ratio, error, _degrees(self.count))


def moments(values: ArrayLike) -> Moments:
    """The moments of all rows of values (rows x columns) as one group; see `moments_by`."""
    rows = np.atleast_2d(np.asarray(values, float))
    return moments_by(np.zeros(len(rows), np.intp), 1, rows)[0]


def moments_by(groups: Groups, number: int, values: ArrayLike) -> Moments:
    """The moments of each of ``number`` groups, of values (rows x columns).

    A row that lacks one of the values is left out: it is not known, not zero.

    >>> found = moments_by(np.array([0, 1, 0, 0]), 2, [[1, 2], [5, 5], [3, 2], [np.nan, 1]])
    >>> found.count.tolist(), found.mean.tolist()
    ([2.0, 1.0], [[2.0, 2.0], [5.0, 5.0]])
    """
    rows = np.asarray(values, float)
    whole = ~np.isnan(rows).any(axis=1)
    groups, rows = groups[whole], rows[whole]
    count = np.bincount(groups, minlength=number).astype(float)
    columns = rows.T
    with np.errstate(invalid="ignore"):
        mean = np.stack([sums_by(groups, number, one) / count for one in columns], -1)
    apart = columns - mean[groups].T
    scatter = np.stack(
        [np.stack([sums_by(groups, number, one * other) for other in apart], -1) for one in apart],
        -2,
    )
    return Moments(count, mean, scatter)


def moments_of_sums(count: ArrayLike, sums: ArrayLike, products: ArrayLike) -> Moments:
    """The moments of groups of which sums (…, k) and sums of products (…, k, k) were given.

    Loses precision where means are large against their spread; rows are better.
    """
    number = np.asarray(count, float)
    total = np.asarray(sums, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / number[..., None]
    outer = mean[..., :, None] * mean[..., None, :]
    scatter = np.asarray(products, float) - number[..., None, None] * outer
    return Moments(number, mean, scatter)


def _known(values: Array) -> Array:
    return np.nan_to_num(values)


def _degrees(count: Array) -> Array:
    return np.where(count > 1, count - 1, np.nan)
