"""Whether a variant does better for one group than for another: by platform, of posts.

Never the best group of many: first one effect over all groups, then whether groups differ at all,
then each group's effect drawn towards the common one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from audiences.estimates import Estimate
from audiences.experiments.experiment import Experiment
from audiences.experiments.units import Units
from audiences.methods import posts
from audiences.methods.summary import summarise


def by_platform(units: Units, experiment: Experiment) -> list[dict[str, Any]]:
    """The effect of each treatment over and within platforms; empty without two that can tell.

    Per treatment: the common effect with its bounds, the p-value of platforms that do not differ,
    and of each platform its shrunken effect. A platform takes five posts of both variants.
    """
    if experiment.unit != "post":
        return []
    platforms = sorted({row["platform"] for row in units.rows})
    names = [one.name for one in experiment.variants]
    place = [
        platforms.index(row["platform"]) * len(names) + names.index(row["variant"])
        for row in units.rows
    ]
    made = posts.arms(
        np.array(place, np.intp),
        len(platforms) * len(names),
        [row["above"] for row in units.rows],
        [row["below"] for row in units.rows],
    ).reshaped((len(platforms), len(names)))
    found = []
    for column, name in enumerate(names[1:], 1):
        enough = (made.posts[:, 0] >= posts.FEWEST) & (made.posts[:, column] >= posts.FEWEST)
        if enough.sum() < 2:
            continue
        effects = posts.compare(made[enough, 0], made[enough, column])
        told = [one for one, is_enough in zip(platforms, enough, strict=True) if is_enough]
        found.append({"control": names[0], "treatment": name, **_summed(effects, told)})
    return found


def _summed(effects: Estimate, platforms: list[str]) -> dict[str, Any]:
    summary = summarise(effects)
    mean, shrunken = summary.mean, summary.shrunken()
    bounds, own = mean.interval().exp(), shrunken.interval().exp()
    return {
        "rel_effect_size": float(np.expm1(mean.value)),
        "rel_ci_lower": float(bounds.lower - 1),
        "rel_ci_upper": float(bounds.upper - 1),
        "heterogeneity_pvalue": float(summary.q_pvalue),
        "groups": [
            {
                "platform": name,
                "rel_effect_size": float(np.expm1(shrunken.value[at])),
                "rel_ci_lower": float(own.lower[at] - 1),
                "rel_ci_upper": float(own.upper[at] - 1),
            }
            for at, name in enumerate(platforms)
        ],
    }
