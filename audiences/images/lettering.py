"""How much of an image looks like letters: by contrast, without reading any.

Letters are dark on light or light on dark, and a line through them changes between the two often.
Blocks where most pixels are near one of two far ends, with many such changes in rows, count when
the block beside them does too. Fences, tiles and the like can look the same: it is an estimate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDES = (512, 256, 128)
"""Longest sides at which it is looked at: small letters, and large ones."""

BLOCK = 16
CONTRAST = 80
"""Difference of light (of 255) between letters and what they stand on."""

NEAR_ENDS = 0.7
CHANGES = 2.5
"""Changes between dark and light per row of a block, over the half of its rows with most."""


def lettering(image: Image.Image) -> float:
    """The part of the surface that looks like letters, from 0 to 1.

    >>> lettering(Image.new("RGB", (300, 200), "navy"))
    0.0
    """
    grey = image.convert("L")
    grey.thumbnail((SIDES[0], SIDES[0]), Image.Resampling.LANCZOS)
    rows, columns = grey.height // BLOCK, grey.width // BLOCK
    whole = np.zeros((rows, columns), dtype=bool)
    for side in SIDES:
        grey.thumbnail((side, side), Image.Resampling.BOX)
        times = max(1, round(columns * BLOCK / max(grey.width, 1)))
        found = _lettered(np.asarray(grey, dtype=np.float64))
        wide = found.repeat(times, axis=0).repeat(times, axis=1)[:rows, :columns]
        whole[: wide.shape[0], : wide.shape[1]] |= wide
    return float(whole.mean()) if whole.size else 0.0


def _lettered(light: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which blocks look like letters, and have one beside them that does too."""
    rows, columns = light.shape[0] // BLOCK, light.shape[1] // BLOCK
    cut = light[: rows * BLOCK, : columns * BLOCK]
    found = _is_lettered(cut.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2))
    beside = np.zeros_like(found)
    beside[:, 1:] |= found[:, :-1]
    beside[:, :-1] |= found[:, 1:]
    return found & beside


def _is_lettered(blocks: NDArray[np.float64]) -> NDArray[np.bool_]:
    low = blocks.min(axis=(2, 3), keepdims=True)
    high = blocks.max(axis=(2, 3), keepdims=True)
    span = high - low
    place = (blocks - low) / np.where(span == 0, 1, span)
    near = ((place < 0.25) | (place > 0.75)).mean(axis=(2, 3))
    changes = (np.diff(place > 0.5, axis=3)).sum(axis=3)
    most = np.sort(changes, axis=2)[..., BLOCK // 2 :].mean(axis=2)
    is_far = span[..., 0, 0] >= CONTRAST
    return np.asarray(is_far & (near >= NEAR_ENDS) & (most >= CHANGES), dtype=np.bool_)
