"""Posts as the unit: what organic posts can prove, because people were not drawn by lot.

Each post is one observation. Its rate (engagements per impression) is compared on the log scale,
where posts spread evenly; the effect is a ratio of typical posts. Where a post has none, logs are
undefined: then the ratio of means, in which posts count by their denominator. With few posts and
impressions that differ much its interval is too narrow (5 % becomes 11-13 % at 5-12 posts per arm):
there `audiences.methods.permutation` gives the p-value.
Source: Welch 1947; Deng, Knoblich and Lu 2018 (delta method).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audiences.aggregates import Groups, Moments, moments_by
from audiences.estimates import Array, Estimate, Flags, Index, pooled

FEWEST = 5
"""Fewer posts in an arm give no verdict: their spread is not known well enough."""


def log_rates(numerator: ArrayLike, denominator: ArrayLike = 1.0) -> Array:
    """The log of numerator / denominator per post; NaN unless both are above zero.

    >>> log_rates([5, 0, 3], [100, 50, np.nan]).round(3).tolist()
    [-2.996, nan, nan]
    """
    above, below = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (above > 0) & (below > 0)
        return np.where(known, np.log(above) - np.log(below), np.nan)


@dataclass(frozen=True, eq=False)
class Arms:
    """Posts by arm, ready to be compared: arrays of the arms.

    ``logs`` are the moments of the log rates, ``sums`` those of numerator and denominator;
    ``zeros`` is the number of posts without a log: with nothing to divide, or nothing counted.
    """

    logs: Moments
    sums: Moments
    zeros: Array

    def __getitem__(self, index: Index) -> Arms:
        return Arms(self.logs[index], self.sums[index], np.asarray(self.zeros[index]))

    def reshaped(self, shape: tuple[int, ...]) -> Arms:
        """The same arms as an array of another shape."""
        logs, sums = (
            Moments(
                part.count.reshape(shape),
                part.mean.reshape(*shape, part.mean.shape[-1]),
                part.scatter.reshape(*shape, *part.scatter.shape[-2:]),
            )
            for part in (self.logs, self.sums)
        )
        return Arms(logs, sums, self.zeros.reshape(shape))

    @property
    def posts(self) -> Array:
        """The number of posts of which both figures are known."""
        return self.sums.count


def arms(groups: Groups, number: int, numerator: ArrayLike, denominator: ArrayLike = 1.0) -> Arms:
    """The arms of posts, given the arm of each post; posts that lack a figure are left out."""
    above, below = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    known = ~np.isnan(above) & ~np.isnan(below)
    groups, above, below = groups[known], above[known], below[known]
    logs = log_rates(above, below)
    return Arms(
        moments_by(groups, number, logs[:, None]),
        moments_by(groups, number, np.stack([above, below], -1)),
        np.bincount(groups[np.isnan(logs)], minlength=number).astype(float),
    )


def compare(control: Arms, treatment: Arms) -> Estimate:
    """The log of the ratio treatment / control: on log rates, or of means where a post has none.

    >>> both = arms(np.array([0, 0, 0, 1, 1, 1]), 2, [10, 20, 40, 20, 40, 80], [1000] * 6)
    >>> float(np.exp(compare(both[0], both[1]).value).round(3))
    2.0
    """
    has_zeros = (control.zeros > 0) | (treatment.zeros > 0)
    return _either(has_zeros, ratio_of_means(control, treatment), welch(control, treatment))


def typical(made: Arms) -> Estimate:
    """The log of the rate of each arm: of a typical post, or of all where one has none."""
    return _either(made.zeros > 0, _log(made.sums.ratio_of()), made.logs.mean_of())


def compare_within(control: Arms, treatment: Arms) -> Estimate:
    """The log ratio treatment / control of posts compared within strata, the last axis.

    Platforms have other rates: an arm with more posts on one of them would win by that alone. A
    stratum counts by what it tells where posts spread alike, n0 n1 / (n0 + n1); one in which an
    arm has fewer than two posts tells nothing. All strata are compared by means where one needs it.
    """
    usable = usable_within(control, treatment)
    zeros = usable & ((control.zeros > 0) | (treatment.zeros > 0))
    has_zeros = np.asarray(zeros.any(-1, keepdims=True))
    each = _either(has_zeros, ratio_of_means(control, treatment), welch(control, treatment))
    return pooled(each, _weight(usable, control.posts, treatment.posts))


def usable_within(control: Arms, treatment: Arms) -> Flags:
    """The strata in which both arms have the two posts that an error takes."""
    return np.asarray((control.posts >= 2) & (treatment.posts >= 2))


def typical_within(made: Arms, there: Flags) -> Estimate:
    """The log rates of arms (second last axis) over strata (last), all by the same weights.

    ``there`` says which arms are. NaN where no stratum has two posts of each of them.
    """
    usable = np.asarray(((made.posts >= 2) | ~there[..., None]).all(-2, keepdims=True))
    posts = np.where(there[..., None], made.posts, np.inf)
    weight = _weight(usable, *(posts[..., [arm], :] for arm in range(posts.shape[-2])))
    has_zeros = np.asarray((usable & (made.zeros > 0)).any((-1, -2), keepdims=True))
    each = _either(
        np.broadcast_to(has_zeros, made.zeros.shape),
        _log(made.sums.ratio_of()),
        made.logs.mean_of(),
    )
    return pooled(each, np.where(there[..., None], weight, 0.0))


def _weight(usable: Flags, *posts: Array) -> Array:
    """Of each stratum 1 / (1/n0 + 1/n1 + …): how much its comparison tells."""
    with np.errstate(divide="ignore"):
        below = sum(1 / many for many in posts)
    return np.where(usable, 1 / np.where(usable, below, 1.0), 0.0)


def welch(control: Arms, treatment: Arms) -> Estimate:
    """The difference of the mean log rates: the log of the ratio of typical posts."""
    return treatment.logs.mean_of() - control.logs.mean_of()


def ratio_of_means(control: Arms, treatment: Arms) -> Estimate:
    """The log of the ratio of two ratios of sums, by the delta method."""
    return _log(treatment.sums.ratio_of()) - _log(control.sums.ratio_of())


def difference_of_ratios(control: Moments, treatment: Moments) -> Estimate:
    """The difference of two ratios of sums, in numerator per denominator."""
    return treatment.ratio_of() - control.ratio_of()


def _either(which: Flags, yes: Estimate, no: Estimate) -> Estimate:
    pairs = (
        (yes.value, no.value),
        (yes.standard_error, no.standard_error),
        (yes.degrees, no.degrees),
    )
    return Estimate(*(np.where(which, one, other) for one, other in pairs))


def _log(ratio: Estimate) -> Estimate:
    with np.errstate(divide="ignore", invalid="ignore"):
        known = ratio.value > 0
        value = np.where(known, np.log(np.where(known, ratio.value, 1.0)), np.nan)
        return Estimate(value, ratio.standard_error / ratio.value, ratio.degrees)
