"""Which images are the same or nearly so: by how few bits of their perceptual hashes differ."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

NEAR = 6
"""Bits of 64 in which two images may differ that are called alike: another size, another
compression, a small mark. Of two unrelated images about 32 differ."""

_ROWS = 256


def groups(likeness: Mapping[str, str], near: int = NEAR) -> list[list[str]]:
    """The groups of two and more images that are alike, the largest first; by image_id.

    Alike goes on: when a is like b and b like c, they are one group.

    >>> groups({"a": "00000000000000ff", "b": "00000000000000fe", "c": "ffffffffffffffff"})
    [['a', 'b']]
    """
    names = sorted(likeness)
    hashes = np.array([int(likeness[name], 16) for name in names], dtype=np.uint64)
    ones, others = [], []
    for start in range(0, len(names), _ROWS):
        part = hashes[start : start + _ROWS]
        differ = np.bitwise_count(part[:, None] ^ hashes[None, start:])
        one, other = np.nonzero(differ <= near)
        ones.append(one + start)
        others.append(other + start)
    if not names:
        return []
    pairs = (np.concatenate(ones), np.concatenate(others))
    graph = coo_array((np.ones(len(pairs[0]), dtype=bool), pairs), shape=(len(names),) * 2)
    _n, labels = connected_components(graph, directed=False)
    found: dict[int, list[str]] = {}
    for name, label in zip(names, labels.tolist(), strict=True):
        found.setdefault(label, []).append(name)
    return sorted((one for one in found.values() if len(one) > 1), key=lambda g: (-len(g), g))
