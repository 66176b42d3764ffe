"""What an analysis says of one test: its verdict in words, its remarks, and its numbers as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from audiences import planned_end, sequential, verdicts
from audiences.analysis import Analysis
from audiences.estimates import Array, Interval
from audiences.methods import posts, sample_ratio
from audiences.power import MONITORING_FACTOR
from audiences.verdicts import Decisions, Verdict
from campaigns.errors import N_, Message

FEWEST_DAYS = 7
"""Fewer days give no verdict at a fixed end."""

WRONG_UNIT = 1.5
"""A dispersion above this, beyond chance, says that what was counted was not drawn by lot."""

ALARM = sample_ratio.ALARM


class Answers:
    """The answers of an analysis, test by test; deciding is done once for all."""

    def __init__(self, analysis: Analysis, metric: object = N_("the rate")) -> None:
        self.analysis = analysis
        self.metric = Message(metric) if isinstance(metric, str) else metric
        plan, compared = analysis.plan, analysis.comparisons
        effect, bounds = compared.ratio.value, _logs(compared.ratio_interval)
        if not plan.higher_is_better:
            effect, bounds = -effect, Interval(-bounds.upper, -bounds.lower)
        adjusted = compared.adjusted
        known = ~np.isnan(bounds.lower) & ~np.isnan(bounds.upper)
        effect = np.where(known, effect, np.nan)
        self.decisions: Decisions = verdicts.decide(
            effect, bounds, adjusted, plan.alpha, plan.matters
        )
        self._bounds = _logs(compared.ratio_interval)
        factor = MONITORING_FACTOR if plan.method == "sequential" else 1.0
        self._units = analysis.units.sum(1) / analysis.table.there.sum(1)
        units = self._units[:, None]
        self._more = verdicts.units_more(compared.ratio, units, plan.alpha, plan.matters, factor)

    def verdict(self, test: int) -> Verdict:
        """The verdict on one test."""
        return self._not_fair(test) or self._too_soon(test) or self._decided(test)

    def remarks(self, test: int) -> list[Message]:
        """What the reader of the numbers must know beside the verdict."""
        found, plan = self.analysis, self.analysis.plan
        remarks = []
        if self._is_wrong_unit(test):
            remarks.append(Message(
                N_("The rows of one variant differ {dispersion} times as much as chance gives: use "
                   "posts or days as the unit, not impressions."),
                {"dispersion": f"{found.dispersion[test]:.1f}"},
            ))  # fmt: skip
        if plan.unit == "ad-day" and found.srm_pvalue[test] < ALARM:
            remarks.append(Message(
                N_("The variants were not shown equally often. On ad platforms that is usual: the "
                   "platform chose who saw what, so its choice is part of the result.")
            ))  # fmt: skip
        if plan.method == "obf":
            remarks.append(Message(
                N_("With a planned end, a difference that is not there is found in up to 8% of "
                   "tests.")
            ))  # fmt: skip
        return remarks

    def as_dict(self, test: int) -> dict[str, Any]:
        """The numbers of one test, as ``bereik test --json`` gives them; unknown is null."""
        verdict = self.verdict(test)
        return {
            "test": self.analysis.table.tests[test],
            **{key: part[test] for key, part in self._by_test.items()},
            "variants": self._variants(test),
            "comparisons": self._compared(test),
            "verdict": {
                "kind": verdict.kind,
                "winner": verdict.winner,
                "more": verdict.more,
                "text": verdict.message,
                "remarks": self.remarks(test),
            },
        }

    # --- inside

    def _variants(self, test: int) -> list[dict[str, Any]]:
        return [
            {"variant": name, **{key: part[test][column] for key, part in self._by_variant.items()}}
            for column, name in enumerate(self.analysis.table.variants[test])
            if name is not None
        ]

    def _compared(self, test: int) -> list[dict[str, Any]]:
        names = self.analysis.table.variants[test]
        return [
            {"control": names[0], "treatment": name,
             **{key: part[test][column] for key, part in self._by_comparison.items()}}
            for column, name in enumerate(names[1:])
            if name is not None
        ]  # fmt: skip

    @cached_property
    def _by_test(self) -> dict[str, list[Any]]:
        found = self.analysis
        return _plain({
            "units": np.nansum(found.units, 1),
            "srm_pvalue": found.srm_pvalue,
            "omnibus_pvalue": found.omnibus_pvalue,
            "omnibus_pvalue_adjusted": found.omnibus_adjusted,
            "dispersion": found.dispersion,
        })  # fmt: skip

    @cached_property
    def _by_variant(self) -> dict[str, list[Any]]:
        found = self.analysis
        return _plain({
            "units": found.units,
            "trials": found.below,
            "successes": found.above,
            "rate": found.rate,
            "ci_lower": found.rate_interval.lower,
            "ci_upper": found.rate_interval.upper,
            "chance_to_be_best": found.posterior.chance_to_be_best,
            "expected_loss": found.posterior.loss,
            "rel_expected_loss": found.posterior.relative_loss,
        })  # fmt: skip

    @cached_property
    def _by_comparison(self) -> dict[str, list[Any]]:
        found = self.analysis.comparisons
        with np.errstate(over="ignore"):
            lift = np.expm1(found.ratio.value)
        return _plain({
            "effect_size": found.difference,
            "ci_lower": found.difference_interval.lower,
            "ci_upper": found.difference_interval.upper,
            "rel_effect_size": lift,
            "rel_ci_lower": found.ratio_interval.lower - 1,
            "rel_ci_upper": found.ratio_interval.upper - 1,
            "pvalue": found.pvalue,
            "pvalue_adjusted": found.adjusted,
        })  # fmt: skip

    def _not_fair(self, test: int) -> Verdict | None:
        found, plan = self.analysis, self.analysis.plan
        least = {"post": posts.FEWEST, "ad-day": FEWEST_DAYS, "impression": 1}[plan.unit]
        if plan.method != "fixed":
            least = 1
        names = found.table.variants[test]
        known = [column for column, name in enumerate(names) if name is not None]
        if len(known) == 1:
            return verdicts.only_one(str(names[known[0]]))
        fewest = min(known, key=lambda one: (found.units[test, one], found.below[test, one]))
        units = int(found.units[test, fewest])
        poorest = min(known, key=lambda column: found.above[test, column])
        is_decided = self.decisions.kind[test] != "not_fair"
        if units >= max(least, 2) and not is_decided and found.above[test, poorest] == 0:
            return verdicts.nothing_counted(str(names[poorest]))
        if units < least or not is_decided:
            return verdicts.too_few(plan.unit, str(names[fewest]), units, max(least, 2))
        if plan.unit == "impression" and found.srm_pvalue[test] < ALARM:
            return verdicts.ratio_mismatch(float(found.srm_pvalue[test]))
        if self._is_wrong_unit(test):
            return verdicts.wrong_unit(float(found.dispersion[test]))
        return None if plan.is_by_lot else verdicts.not_by_lot(self._seen(test))

    def _is_wrong_unit(self, test: int) -> bool:
        found = self.analysis
        is_judged = found.plan.unit == "impression" and found.plan.method == "fixed"
        spread, chance = found.dispersion[test], found.dispersion_pvalue[test]
        return bool(is_judged and spread > WRONG_UNIT and chance < ALARM)

    def _too_soon(self, test: int) -> Verdict | None:
        method, days = self.analysis.plan.method, int(self.analysis.looked[test])
        least = {"sequential": sequential.MINIMUM_DAYS, "obf": planned_end.MINIMUM_DAYS}
        if days < least.get(method, 0):
            return verdicts.too_few_days(days, least[method])
        return None

    def _decided(self, test: int) -> Verdict:
        kind = self.decisions.kind[test]
        if kind == "wins":
            winner, loser, effect, bounds = self._sides(test)
            return verdicts.wins(self.metric, winner, loser, effect, bounds)
        if kind == "no_difference":
            return verdicts.no_difference(self.metric, float(self.decisions.bound[test]))
        plan, column = self.analysis.plan, int(self.decisions.comparison[test])
        names = self.analysis.table.variants[test]
        unit = "ad-day" if plan.method != "fixed" else plan.unit
        more = float(self._more[test, column])
        if plan.method != "fixed":
            more *= float(self.analysis.looked[test]) / float(self._units[test])
        return verdicts.too_early(
            self.metric, unit, str(names[column + 1]), str(names[0]), self._of(test, column), more,
            plan.matters,
        )  # fmt: skip

    def _sides(self, test: int) -> tuple[str, str, float, tuple[float, float]]:
        """Winner, loser, and the log ratio of winner to loser with its bounds."""
        names = self.analysis.table.variants[test]
        column = int(self.decisions.comparison[test])
        effect = float(self.analysis.comparisons.ratio.value[test, column])
        low, high = self._of(test, column)
        if self.decisions.is_control[test]:
            return str(names[0]), str(names[column + 1]), -effect, (-high, -low)
        return str(names[column + 1]), str(names[0]), effect, (low, high)

    def _of(self, test: int, column: int) -> tuple[float, float]:
        return float(self._bounds.lower[test, column]), float(self._bounds.upper[test, column])

    def _seen(self, test: int) -> Message:
        """What an observational comparison shows."""
        if self.decisions.kind[test] == "wins":
            winner, loser, effect, bounds = self._sides(test)
            return verdicts.finding(self.metric, winner, loser, effect, bounds)
        column = int(self.decisions.comparison[test])
        names = self.analysis.table.variants[test]
        return verdicts.between(
            self.metric, str(names[column + 1]), str(names[0]), self._of(test, column)
        )


def _logs(bounds: Interval) -> Interval:
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.log(np.maximum(bounds.lower, 0))
        return Interval(lower, np.log(np.maximum(bounds.upper, 0)))


def _plain(columns: Mapping[str, Array]) -> dict[str, list[Any]]:
    """Arrays as lists for JSON: whole columns as whole numbers, unknown and infinite as null."""
    found: dict[str, list[Any]] = {}
    for name, values in columns.items():
        known = np.isfinite(values)
        whole = bool((values[known] == np.round(values[known])).all())
        kept = np.where(known, values, 0.0)
        cells = (kept.astype(np.int64) if whole else kept).astype(object)
        cells[~known] = None
        found[name] = cells.tolist()
    return found
