"""Whether groups in rows are there, or made: any method that seeks k groups finds k.

Three questions, all to be answered with yes. Do the groups come back when the rows are drawn again
(bootstrap Jaccard of each at least `STABLE`; Hennig 2007)? Are they further apart than those in
rows of the same margins and correlations without groups? Is each large enough? Of the numbers of
groups that pass, the one that a Gaussian mixture prefers (lowest BIC) is taken. Everything random
has a seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from audiences.estimates import Array

Labels = NDArray[np.intp]

STABLE = 0.75
"""The least mean Jaccard overlap of a group with its like in a drawn sample."""

DRAWS = 30
"""Samples drawn with replacement."""

REFERENCES = 19
"""Sets of rows without groups: the data must be more grouped than each (5%)."""

NUMBERS = (2, 3, 4, 5, 6)
LARGEST = 2_000
"""Rows from which groups are learnt; of more, so many are drawn."""

_SEED = 20250301
_JUDGED = 600


@dataclass(frozen=True)
class Tried:
    """A number of groups that was tried: the least stability of its groups, and how apart they are.

    ``separation`` is the mean silhouette, ``separation_by_chance`` the largest of rows without
    groups; ``smallest`` the size of its smallest group.
    """

    number: int
    stability: float
    separation: float
    separation_by_chance: float
    smallest: int
    bic: float

    def holds(self, least: int) -> bool:
        """Whether these groups may be published."""
        return (
            self.stability >= STABLE
            and self.separation > self.separation_by_chance
            and self.smallest >= least
        )


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups that hold: the group of every row, largest first, and the stability of each.

    ``labels`` and ``stabilities`` are empty where none of the ``tried`` numbers hold.
    """

    labels: Labels
    stabilities: tuple[float, ...]
    tried: tuple[Tried, ...]


def grouping(rows: Array, least: int, numbers: tuple[int, ...] = NUMBERS) -> Grouping:
    """The groups in rows of numbers (no NaN; columns of one scale), each of at least so many."""
    import sklearn.cluster
    import sklearn.mixture  # noqa: F401 - only what is loaded can be limited
    from sklearn.utils.parallel import ThreadpoolController

    # Threads that wait for one another cost more here than they bring.
    with ThreadpoolController().limit(limits=1):
        return _grouping(rows, least, numbers)


def _grouping(rows: Array, least: int, numbers: tuple[int, ...]) -> Grouping:
    chance = np.random.default_rng(_SEED)
    learnt = rows
    if len(rows) > LARGEST:
        learnt = rows[np.sort(chance.choice(len(rows), LARGEST, replace=False))]
    references = [_without_groups(learnt, chance) for _n in range(REFERENCES)]
    samples = [chance.integers(0, len(learnt), len(learnt)) for _n in range(DRAWS)]
    tried: list[Tried] = []
    models: dict[int, tuple[Any, Array]] = {}
    for number in numbers:
        if number * least > len(rows):
            break
        model = _fitted(learnt, number)
        sizes = np.bincount(model.predict(rows), minlength=number)
        stabilities = _stabilities(learnt, model.labels_, number, samples)
        models[number] = model, stabilities
        tried.append(
            Tried(
                number,
                float(stabilities.min()),
                _separation(learnt, model.labels_),
                max(_separation(one, _fitted(one, number, 2).labels_) for one in references),
                int(sizes.min()),
                _bic(learnt, number),
            )
        )
    held = [one for one in tried if one.holds(least)]
    if not held:
        return Grouping(np.empty(0, np.intp), (), tuple(tried))
    best = min(held, key=lambda one: one.bic)
    model, stabilities = models[best.number]
    return _ordered(model.predict(rows), stabilities, tuple(tried))


def _ordered(labels: Labels, stabilities: Array, tried: tuple[Tried, ...]) -> Grouping:
    order = np.argsort(-np.bincount(labels, minlength=len(stabilities)), kind="stable")
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    return Grouping(place[labels], tuple(float(stabilities[n]) for n in order), tried)


def _fitted(rows: Array, number: int, starts: int = 4) -> Any:
    from sklearn.cluster import KMeans

    return KMeans(number, n_init=starts, random_state=_SEED).fit(rows)


def _bic(rows: Array, number: int) -> float:
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(number, reg_covar=1e-3, random_state=_SEED, max_iter=200, tol=1e-2)
    return float(model.fit(rows).bic(rows))


def _separation(rows: Array, labels: Labels) -> float:
    from sklearn.metrics import silhouette_score

    if len(np.unique(labels)) < 2:
        return -1.0
    many = min(_JUDGED, len(rows))
    part = np.random.default_rng(_SEED).choice(len(rows), many, replace=False)
    if len(np.unique(labels[part])) < 2:
        return -1.0
    return float(silhouette_score(rows[part], labels[part]))


def _stabilities(rows: Array, labels: Labels, number: int, samples: list[Any]) -> Array:
    """For each group, its mean best Jaccard overlap with a group of the drawn rows."""
    found = np.zeros((len(samples), number))
    for place, sample in enumerate(samples):
        drawn = np.unique(sample)
        again = _fitted(rows[sample], number, 2).predict(rows[drawn])
        ours = labels[drawn][:, None] == np.arange(number)
        theirs = again[:, None] == np.arange(number)
        both = (ours[:, :, None] & theirs[:, None, :]).sum(0)
        either = ours.sum(0)[:, None] + theirs.sum(0)[None, :] - both
        found[place] = (both / np.maximum(either, 1)).max(1)
    means: Array = found.mean(0)
    return means


def _without_groups(rows: Array, chance: np.random.Generator) -> Array:
    """Rows with the same margins and rank correlations, and no other structure."""
    order = np.argsort(rows, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(rows) + 1)[:, None], 0)
    normal = special.ndtri(ranks / (len(rows) + 1))
    spread = np.atleast_2d(np.cov(normal.T)) + 1e-9 * np.eye(rows.shape[1])
    drawn = chance.multivariate_normal(np.zeros(rows.shape[1]), spread, len(rows))
    made = np.empty_like(rows)
    for place, column in enumerate(drawn.T):
        made[np.argsort(column, kind="stable"), place] = np.sort(rows[:, place])
    return made
