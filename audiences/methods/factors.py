"""Two factors of two levels, such as message and image, tested together: four variants.

Each main effect is an average over the levels of the other factor, so all units speak about both.
The interaction says whether that average is fair: whether a message works otherwise with another
image.
"""

from __future__ import annotations

from dataclasses import dataclass

from audiences.estimates import Estimate, combined


@dataclass(frozen=True, eq=False)
class Factors:
    """The effects on the log scale: exp is a ratio.

    ``first`` and ``second`` are level 1 against level 0, averaged over the other factor;
    ``interaction`` is how much more the first factor does at level 1 of the second than at 0.
    """

    first: Estimate
    second: Estimate
    interaction: Estimate


def factors(cells: Estimate) -> Factors:
    """The effects of two factors, given the mean log of each cell with its error: (…, 2, 2).

    >>> from audiences.estimates import estimate
    >>> one = factors(estimate([[1.0, 1.5], [2.0, 3.1]], 0.1, 9))
    >>> [float(part.value.round(3)) for part in (one.first, one.second, one.interaction)]
    [1.3, 0.8, 0.6]
    """
    none, second = cells[..., 0, 0], cells[..., 0, 1]
    first, both = cells[..., 1, 0], cells[..., 1, 1]
    return Factors(
        combined((0.5, first), (0.5, both), (-0.5, none), (-0.5, second)),
        combined((0.5, second), (0.5, both), (-0.5, none), (-0.5, first)),
        combined((1, both), (-1, first), (-1, second), (1, none)),
    )
