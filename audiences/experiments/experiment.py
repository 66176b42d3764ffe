"""An experiment and its variants: what they are, and what makes them right."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from audiences.analysis import Plan
from campaigns.definitions import Rule, slug
from campaigns.definitions.campaign import checked_rule, same_name
from campaigns.errors import N_, BadDefinition, Message
from campaigns.metrics import FIGURES, METRICS
from campaigns.schema import DELIVERIES, RULE_KINDS, TABLES

UNITS = ("post", "ad-day", "impression")
METHODS = ("fixed", "sequential", "obf")
AGE = 7
"""The age in days at which posts are compared, unless stated: most of what a post brings."""

MEMBER_KINDS = (*RULE_KINDS, "campaign", "ad")
COSTS = {"cpc": "clicks", "cpe": "engagements", "cpv": "video_views", "paid_cpm": "impressions"}
"""Cost ratios of ads, and what the media spend is divided by."""

_NAMED = {"ad", "campaign"}
"""Kinds that name what carries a variant, and are no rules of campaigns."""


@dataclass(frozen=True)
class Variant:
    """One variant: its message and image in words, and the rules that find what carries it.

    Two variants with the same message (or image) are levels of one factor. ``weight`` is the part
    of the units that it was promised, beside the other variants' parts. The kind ``ad`` finds ads
    by the id or name of the ad, its group or campaign; ``*`` is any text. The kind ``campaign``
    finds the posts of a campaign, by its name or id.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    message: str | None = None
    image: str | None = None
    weight: float | None = None


@dataclass(frozen=True)
class Experiment:
    """A test: its metric, unit and variants, the control first; days are inclusive.

    ``is_by_lot`` says that lots decided which variant was used; without it a comparison is an
    observation, and called so. ``matters`` is the smallest relative difference that matters.
    """

    name: str
    metric: str
    variants: tuple[Variant, ...]
    experiment_id: str = ""
    unit: str = "post"
    method: str = "fixed"
    is_by_lot: bool = False
    matters: float = 0.1
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    age: int = AGE
    delivery: str = "total"
    description: str | None = None

    @property
    def figures(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns above and below the line: each the sum of columns; none below is 1.

        >>> Experiment("a", "er_public", ()).figures
        (('likes', 'comments', 'shares'), ('impressions',))
        """
        if self.metric in COSTS:
            return ("spend",), (COSTS[self.metric],)
        metric = METRICS[self.metric]
        if metric.kind == "ratio":
            return _columns(metric.numerator), _columns(metric.denominator)
        return _columns(self.metric), ()

    @property
    def plan(self) -> Plan:
        """The plan of its analysis."""
        is_cost = self.metric in COSTS
        weights = tuple(one.weight or 0.0 for one in self.variants)
        days = (
            (self.last_day - self.first_day).days + 1 if self.first_day and self.last_day else None
        )
        return Plan(
            unit=self.unit,  # type: ignore[arg-type]
            method=self.method,  # type: ignore[arg-type]
            matters=self.matters,
            higher_is_better=not is_cost,
            is_by_lot=self.is_by_lot,
            planned_days=days,
            weights=weights if any(weights) else None,
            is_cost=is_cost,
        )


def _columns(figure: str) -> tuple[str, ...]:
    return FIGURES.get(figure) or (figure,)


def checked(experiment: Experiment) -> Experiment:
    """The experiment with every field in its usual form; `BadDefinition` where it cannot be right.

    >>> one = checked(Experiment(" Vraag ", "ctr", (Variant("A", (Rule("hashtag", "#a"),)),
    ...                                             Variant("B", (Rule("hashtag", "b"),)))))
    >>> one.experiment_id, one.variants[0].rules[0].value
    ('vraag', 'a')
    """
    name = " ".join(experiment.name.split())
    where = Message(N_("experiment '{name}'"), {"name": name})
    if not name:
        raise _bad(where, N_("an experiment needs a name"))
    _check_choices(experiment, where)
    _check_metric(experiment, where)
    variants = tuple(_variant(one, experiment.unit, where) for one in experiment.variants)
    names = [same_name(one.name) for one in variants]
    if len(variants) < 2 or len(set(names)) < len(names):
        raise _bad(where, N_("it takes two or more variants with different names"))
    first, last = experiment.first_day, experiment.last_day
    if first and last and first > last:
        raise _bad(where, N_("the last day is before the first"))
    if experiment.method == "obf" and not (first and last):
        raise _bad(where, N_("a planned end takes a first and a last day"))
    identity = experiment.experiment_id or slug(name)
    return dataclasses.replace(experiment, name=name, experiment_id=identity, variants=variants)


def _check_choices(experiment: Experiment, where: Message) -> None:
    for given, known in (
        (experiment.unit, UNITS),
        (experiment.method, METHODS),
        (experiment.delivery, DELIVERIES),
    ):
        if given not in known:
            raise _bad(
                where, N_("'{given}' is none of {known}"), given=given, known=", ".join(known)
            )
    if experiment.method != "fixed" and experiment.unit == "post":
        raise _bad(where, N_("posts are judged once: only ad-days can be looked at every day"))
    if not 0 < experiment.matters < 1:
        raise _bad(where, N_("the difference that matters is between 0% and 100%"))
    if experiment.age < 0:
        raise _bad(where, N_("the age of posts is 0 days or more"))


def metrics_for(unit: str | None = None) -> list[str]:
    """The metrics that can be tested by a unit, or by any.

    >>> {"ctr", "impressions", "cpc"} <= set(metrics_for()), "net_reach" in metrics_for()
    (True, False)
    """
    by_posts, by_ads = unit in {None, "post"}, unit != "post"
    return [
        name
        for name in dict.fromkeys((*METRICS, *COSTS))
        if (by_posts and _is_by_posts(name)) or (by_ads and _is_by_ads(name))
    ]


def _is_by_posts(metric: str) -> bool:
    return metric not in COSTS and _has_columns(metric, "post_metrics")


def _is_by_ads(metric: str) -> bool:
    return _has_columns(metric, "ad_periods") and bool(Experiment("", metric, ()).figures[1])


def _has_columns(metric: str, table: str) -> bool:
    above, below = Experiment("", metric, ()).figures
    return {*above, *below} <= set(TABLES[table].names)


def _check_metric(experiment: Experiment, where: Message) -> None:
    if experiment.metric not in METRICS and experiment.metric not in COSTS:
        raise _bad(
            where,
            N_("there is no metric '{given}'; there are: {known}"),
            given=experiment.metric,
            known=", ".join(metrics_for(experiment.unit)),
        )
    if experiment.metric in COSTS and experiment.unit != "ad-day":
        raise _bad(where, N_("what ads cost is tested by ad-days"))
    is_possible = _is_by_posts if experiment.unit == "post" else _is_by_ads
    if not is_possible(experiment.metric):
        raise _bad(
            where,
            N_("'{given}' cannot be tested by {unit}: use a rate such as ctr or er_impressions"),
            given=experiment.metric,
            unit=experiment.unit,
        )


def _variant(variant: Variant, unit: str, where: Message) -> Variant:
    name = " ".join(variant.name.split())
    if not name or not variant.rules:
        raise _bad(where, N_("a variant needs a name and something that carries it"))
    if variant.weight is not None and not variant.weight > 0:
        raise _bad(where, N_("a share that was promised is above 0"))
    rules = []
    for rule in variant.rules:
        if (rule.kind == "ad") != (unit != "post"):
            raise _bad(where, N_("posts carry a variant of a test by post; ads of any other"))
        rules.append(_named(rule, where) if rule.kind in _NAMED else checked_rule(rule, where))
    return dataclasses.replace(variant, name=name, rules=tuple(rules))


def _named(rule: Rule, where: Message) -> Rule:
    value = " ".join(rule.value.split())
    if not value.replace("*", ""):
        raise _bad(where, N_("a variant needs a name and something that carries it"))
    return dataclasses.replace(rule, value=value)


def _bad(where: Message, reason: str, **values: object) -> BadDefinition:
    return BadDefinition(where=where, reason=Message(reason, values))
