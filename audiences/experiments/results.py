"""The analysis of an experiment: its numbers, its verdict, and how else the arms differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from audiences import analysis, verdicts
from audiences.analysis.posts import typical_posts
from audiences.answers import Answers
from audiences.estimates import Estimate
from audiences.experiments.differences import (
    Difference,
    apart,
    differences,
    named,
    no_common_platform,
    within_platforms,
)
from audiences.experiments.experiment import COSTS, Experiment, Variant
from audiences.experiments.groups import by_platform
from audiences.experiments.statements import experiments
from audiences.experiments.units import Units, gather
from audiences.methods import factors, shares
from audiences.verdicts import Verdict
from campaigns.errors import N_, Message
from campaigns.metrics import METRICS
from campaigns.store import Snapshot

_COST_LABELS = {
    "cpc": N_("media spend per click"),
    "cpe": N_("media spend per engagement"),
    "cpv": N_("media spend per video view"),
    "paid_cpm": N_("media spend per 1,000 paid impressions"),
}
_NO_ANSWER: dict[str, Any] = {
    "units": None,
    "srm_pvalue": None,
    "omnibus_pvalue": None,
    "dispersion": None,
    "variants": [],
    "comparisons": [],
}
"""What there is of an answer, as it is while a variant has no unit."""


@dataclass(frozen=True)
class Result:
    """What an experiment found: its verdict, numbers as data, and what must be known beside them.

    ``answer`` is what ``bereik test --json`` gives of one test, null while a variant has no unit;
    ``factors`` the effects of message and image where both were varied, ``groups`` effects by
    platform (`audiences.experiments.groups`); ``shares`` how to divide what comes next over the
    variants while it is too early: advice, empty otherwise. ``differences`` are those between the
    arms of an observation.
    """

    experiment: Experiment
    verdict: Verdict
    remarks: tuple[Message, ...]
    answer: dict[str, Any] | None
    factors: tuple[dict[str, Any], ...] = ()
    groups: tuple[dict[str, Any], ...] = ()
    shares: tuple[float, ...] = ()
    differences: tuple[Difference, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON has it."""
        one = self.experiment
        answer = {**_NO_ANSWER, **(self.answer or {})}
        return {
            "experiment": one.experiment_id,
            "name": one.name,
            "metric": one.metric,
            "unit": one.unit,
            "method": one.method,
            "is_by_lot": one.is_by_lot,
            **{name: answer[name] for name in _NO_ANSWER},
            "factors": list(self.factors),
            "groups": list(self.groups),
            "advised_shares": list(self.shares),
            "differences": [dataclasses.asdict(part) for part in self.differences],
            "verdict": {
                "kind": self.verdict.kind,
                "winner": self.verdict.winner,
                "more": self.verdict.more,
                "text": self.verdict.message,
                "remarks": list(self.remarks),
            },
        }


def analyse(snapshot: Snapshot, experiment: Experiment) -> Result:
    """Analyse an experiment on what the store knows now."""
    units = gather(snapshot, experiment)
    remarks = list(_left_out(units, experiment))
    missing = _missing(units, experiment)
    if missing is not None:
        unit = experiment.plan.unit
        return Result(experiment, verdicts.too_few(unit, missing.name, 0, 2), tuple(remarks), None)
    table = units.table(experiment)
    found = analysis.analyse(table, experiment.plan)
    answers = Answers(found, label(experiment.metric))
    verdict = no_common_platform(units, experiment) or answers.verdict(0)
    if not experiment.is_by_lot or experiment.unit != "post":
        verdict = apart(units, experiment) or verdict
    remarks += within_platforms(units, experiment)
    apart_in = () if experiment.is_by_lot else tuple(differences(units, experiment))
    remarks += named(apart_in)
    answer = answers.as_dict(0)
    return Result(
        experiment,
        verdict,
        (*answers.remarks(0), *remarks),
        answer,
        tuple(_factors(found, experiment)),
        tuple(by_platform(units, experiment)),
        _advice(verdict, answer),
        apart_in,
    )


def results(snapshot: Snapshot) -> list[Result]:
    """What all experiments found so far, by name."""
    return [analyse(snapshot, one) for one in experiments(snapshot)]


def _advice(verdict: Verdict, answer: dict[str, Any]) -> tuple[float, ...]:
    """How to divide what comes next, while it is too early and every chance is known."""
    chances = [one["chance_to_be_best"] for one in answer["variants"]]
    if verdict.kind != "too_early" or None in chances or len(chances) * shares.FLOOR > 1:
        return ()
    return tuple(float(share) for share in shares.top_two(chances))


def label(metric: str) -> Message:
    """What a metric is called, as part of a sentence."""
    return Message(_COST_LABELS[metric] if metric in COSTS else METRICS[metric].label)


def _missing(units: Units, experiment: Experiment) -> Variant | None:
    there = {row["variant"] for row in units.rows}
    return next((one for one in experiment.variants if one.name not in there), None)


def _left_out(units: Units, experiment: Experiment) -> Iterator[Message]:
    if units.too_young:
        yield Message(
            N_("{n} posts are left out: their figures at an age of {age} days are not known."),
            {"n": units.too_young, "age": experiment.age},
        )
    if units.unknown:
        yield Message(N_("{n} rows are left out: they lack the figures."), {"n": units.unknown})
    if units.hidden:
        yield Message(
            N_("{n} posts of colleagues are left out: they gave no permission to be named."),
            {"n": units.hidden},
        )
    if units.long_rows:
        yield Message(
            N_("{n} rows of ads are left out: they cover several days. Export them by day."),
            {"n": units.long_rows},
        )


# --- factors ---------------------------------------------------------------------------------


def _factors(found: analysis.Analysis, experiment: Experiment) -> Iterator[dict[str, Any]]:
    """The effects of message and image and their interaction, where four variants cross both."""
    messages = list(dict.fromkeys(one.message for one in experiment.variants))
    images = list(dict.fromkeys(one.image for one in experiment.variants))
    crossed = {(one.message, one.image) for one in experiment.variants}
    if not (len(messages) == len(images) == 2 and len(crossed) == len(experiment.variants) == 4):
        return
    if None in messages or None in images or experiment.unit != "post":
        return
    place = {(one.message, one.image): i for i, one in enumerate(experiment.variants)}
    arms = typical_posts(found.table)[0]
    cells = arms[np.array([[place[m, i] for i in images] for m in messages])]
    effects = factors.factors(cells)
    for name, levels, effect in (
        ("message", messages, effects.first),
        ("image", images, effects.second),
        ("interaction", [], effects.interaction),
    ):
        yield {"factor": name, "levels": levels, **_effect(effect)}


def _effect(effect: Estimate) -> dict[str, Any]:
    bounds = effect.interval().exp()
    return {
        "rel_effect_size": float(np.expm1(effect.value)),
        "rel_ci_lower": float(bounds.lower - 1),
        "rel_ci_upper": float(bounds.upper - 1),
        "pvalue": float(effect.pvalue()),
    }
