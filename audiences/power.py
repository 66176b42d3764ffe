"""How much is needed to see a difference, and what can be seen with what there is.

Asked before posting: with few posts only large differences can be found, and a test that can find
nothing is better not begun. Posts differ from each other far more than chance in their counts, so
the spread of an account's own posts decides. Effects are relative: 0.1 is 10 % more.
Source: Fleiss, Levin and Paik 2003 (rates); the noncentral t distribution (posts).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from audiences.aggregates import Groups, moments_by
from audiences.estimates import Array

POWER = 0.8
MONITORING_FACTOR = 1.75
"""How many more units always-valid monitoring needs for 80 % power (1.7-1.8, simulated, for lifts
of 10-30 %). It needs them at worst: on average it stops after 1.1-1.3 times the fixed number."""

_MOST = 1e9


def trials_needed(
    rate: ArrayLike,
    effect: ArrayLike,
    alpha: float = 0.05,
    power: float = POWER,
    dispersion: ArrayLike = 1.0,
) -> Array:
    """The randomised impressions per arm that find an effect on a rate with that chance.

    ``dispersion`` is how much more days differ than chance gives. Not rounded.

    >>> float(trials_needed(0.02, 0.2).round(1))
    21108.4
    """
    p0 = np.asarray(rate, float)
    p1 = p0 * (1 + np.asarray(effect, float))
    mean = (p0 + p1) / 2
    pooled = special.ndtri(1 - alpha / 2) * np.sqrt(2 * mean * (1 - mean))
    apart = special.ndtri(power) * np.sqrt(p0 * (1 - p0) + p1 * (1 - p1))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.square((pooled + apart) / (p1 - p0)) * np.asarray(dispersion, float)
    return found


def power_of_trials(
    trials: ArrayLike,
    rate: ArrayLike,
    effect: ArrayLike,
    alpha: float = 0.05,
    dispersion: ArrayLike = 1.0,
) -> Array:
    """The chance to find an effect on a rate with so many randomised impressions per arm.

    >>> float(power_of_trials(20_000, 0.02, 0.2).round(4))
    0.7785
    """
    many = np.asarray(trials, float) / np.asarray(dispersion, float)
    p0 = np.asarray(rate, float)
    p1 = p0 * (1 + np.asarray(effect, float))
    mean = (p0 + p1) / 2
    critical = special.ndtri(1 - alpha / 2) * np.sqrt(2 * mean * (1 - mean) / many)
    spread = np.sqrt((p0 * (1 - p0) + p1 * (1 - p1)) / many)
    found: Array = special.ndtr((p1 - p0 - critical) / spread)
    return np.asarray(found + special.ndtr((p0 - p1 - critical) / spread))


def spread_of(logs: ArrayLike, groups: Groups | None = None) -> float:
    """The standard deviation of log rates from post to post; NaN of fewer than two posts.

    With groups (accounts, formats) that of posts within them.

    >>> round(spread_of([0.0, 1.0, 5.0, 6.0], np.array([0, 0, 1, 1])), 3)
    0.707
    """
    values = np.asarray(logs, float)
    within = np.zeros(len(values), np.intp) if groups is None else groups
    found = moments_by(within, int(within.max(initial=0)) + 1, values[:, None])
    degrees = float(np.maximum(found.count - 1, 0).sum())
    if degrees == 0:
        return float("nan")
    return float(np.sqrt(found.scatter.sum() / degrees))


def power_of_posts(
    posts: ArrayLike, effect: ArrayLike, spread: ArrayLike, alpha: float = 0.05
) -> Array:
    """The chance that Welch's test on log rates finds an effect with so many posts per arm.

    >>> float(power_of_posts(17, np.e - 1, 1.0).round(3))
    0.807
    """
    many = np.asarray(posts, float)
    shift = np.abs(np.log1p(np.asarray(effect, float))) / np.asarray(spread, float)
    return _power_of_t(shift * np.sqrt(many / 2), 2 * (many - 1), alpha)


def posts_needed(
    effect: ArrayLike, spread: ArrayLike, alpha: float = 0.05, power: float = POWER
) -> Array:
    """The posts per arm that find an effect with that chance: a whole number, at least 2.

    Infinite for no effect.

    >>> float(posts_needed(0.3, 0.5))
    58.0
    """
    return _least(lambda many: power_of_posts(many, effect, spread, alpha), effect, spread, power)


def days_needed(
    effect: ArrayLike, spread: ArrayLike, alpha: float = 0.05, power: float = POWER
) -> Array:
    """The paired days that find an effect; ``spread`` is that of the daily log difference."""
    return _least(lambda many: power_of_days(many, effect, spread, alpha), effect, spread, power)


def power_of_days(
    days: ArrayLike, effect: ArrayLike, spread: ArrayLike, alpha: float = 0.05
) -> Array:
    """The chance that the paired days of a cost ratio show an effect."""
    many = np.asarray(days, float)
    shift = np.abs(np.log1p(np.asarray(effect, float))) / np.asarray(spread, float)
    return _power_of_t(shift * np.sqrt(many), many - 1, alpha)


def visible_effect(
    posts: ArrayLike, spread: ArrayLike, alpha: float = 0.05, power: float = POWER
) -> Array:
    """The smallest rise that so many posts per arm find with that chance; NaN of fewer than two.

    >>> float(visible_effect(58, 0.5).round(2))
    0.3
    """
    return _visible(power_of_posts, posts, spread, alpha, power)


def visible_effect_of_days(
    days: ArrayLike, spread: ArrayLike, alpha: float = 0.05, power: float = POWER
) -> Array:
    """The smallest rise that so many paired days find with that chance; NaN of fewer than two.

    >>> round(float(power_of_days(30, visible_effect_of_days(30, 0.2), 0.2)), 3)
    0.8
    """
    return _visible(power_of_days, days, spread, alpha, power)


def _visible(
    power_of: Callable[[ArrayLike, ArrayLike, ArrayLike, float], Array],
    units: ArrayLike,
    spread: ArrayLike,
    alpha: float,
    power: float,
) -> Array:
    """The smallest effect with that power, by halving."""
    many, sd = np.broadcast_arrays(np.asarray(units, float), np.asarray(spread, float))
    low, high = np.zeros(many.shape), np.full(many.shape, 20.0)
    for _step in range(50):
        middle = (low + high) / 2
        enough = power_of(np.maximum(many, 2), np.expm1(middle), sd, alpha) >= power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where((many >= 2) & (sd > 0), np.expm1(high), np.nan)


def _power_of_t(shift: Array, degrees: Array, alpha: float) -> Array:
    """The power of a two-sided t-test; far from zero the other tail is nothing."""
    usable = np.maximum(degrees, 1)
    critical = special.stdtrit(usable, 1 - alpha / 2)
    bounded = np.minimum(shift, 35)  # the noncentral distribution fails far out, where power is 1
    missed = special.nctdtr(usable, bounded, critical)
    other = special.nctdtr(usable, bounded, -critical)
    return np.where(degrees >= 1, 1 - missed + np.nan_to_num(other), np.nan)


def _least(
    power_of: Callable[[Array], Array], effect: ArrayLike, spread: ArrayLike, power: float
) -> Array:
    """The least whole number of units with that power, by doubling and halving."""
    shape = np.broadcast(np.asarray(effect), np.asarray(spread)).shape
    low, high = np.full(shape, 1.0), np.full(shape, 2.0)
    for _step in range(30):
        short = power_of(high) < power
        low, high = np.where(short, high, low), np.where(short, high * 2, high)
        if not short.any():
            break
    reached = power_of(high) >= power
    for _step in range(32):
        middle = np.floor((low + high) / 2)
        short = power_of(np.maximum(middle, 2)) < power
        inside = high - low > 1
        low = np.where(inside & short, middle, low)
        high = np.where(inside & ~short, middle, high)
    return np.where(reached & (high < _MOST), high, np.inf)
