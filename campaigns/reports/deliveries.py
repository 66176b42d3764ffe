"""One post or day, its deliveries side by side: what of it counts in the delivery asked for."""

from __future__ import annotations

from campaigns.metrics import FIGURES, Metric
from campaigns.reports.kept import whole
from campaigns.reports.plan import Plan
from campaigns.schema import DELIVERIES


def _figure(plan: Plan, column: str) -> str:
    """The value of a column in the delivery asked for.

    The total is the reported one, else organic and paid together as far as known. Where ads know
    the paid figures of that account and day, what is left of the post is its organic part, or its
    total where that is all there is.
    """
    o, p, t = (f"{column}_{delivery[0]}" for delivery in DELIVERIES)
    if "media" in plan.question.keys:
        return f"CASE media WHEN 'organic' THEN {o} WHEN 'paid' THEN {p} ELSE {t} END"
    if plan.question.delivery == "organic":
        return o
    if plan.question.delivery == "paid":
        return f"CASE WHEN is_covered THEN NULL ELSE {p} END"
    return f"CASE WHEN is_covered THEN coalesce({o}, {t}) ELSE {whole(o, p, t)} END"


def _partial(plan: Plan, column: str) -> str:
    """Whether the value of a column lacks the organic or the paid part of the total."""
    o, p, t = (f"{column}_{delivery[0]}" for delivery in DELIVERIES)
    if plan.question.delivery != "total" or "media" in plan.question.keys:
        return "false"
    return (
        f"({t} IS NULL AND (({o} IS NULL AND {p} IS NOT NULL) OR "
        f"({o} IS NOT NULL AND {p} IS NULL AND is_boosted AND NOT is_covered)))"
    )


def row_values(plan: Plan, table: str) -> str:
    """A column per figure of one post or day, whether it is partial, and its reach."""
    pieces = []
    for name in plan.known_figures(table):
        columns = FIGURES[name]
        if not columns:
            pieces.append(f"{name}, false AS {name}_is_partial")
            continue
        value = " + ".join(f"({_figure(plan, column)})" for column in columns)
        partial = " OR ".join(_partial(plan, column) for column in columns)
        pieces.append(f"{value} AS {name}, {partial} AS {name}_is_partial")
    known = set(plan.known_figures(table))
    pieces += [_row_pair(plan, m) for m in plan.pairs if {m.numerator, m.denominator} <= known]
    if "reach" in plan.wants:
        pieces.append(_row_reach(plan))
    return "".join(f", {piece}" for piece in pieces)


def _row_pair(plan: Plan, pair: Metric) -> str:
    """Both figures of a ratio in one delivery: never free engagements by all impressions.

    That is the total where it is known of both; else what is free of both, or advertised of both,
    and then the ratio lacks a part of the post: it is partial.
    """
    columns = FIGURES[pair.numerator], FIGURES[pair.denominator]
    above, below = (
        " + ".join(f"({_figure(plan, column)})" for column in names) or pair.denominator
        for names in columns
    )
    names = f"AS {pair.name}_above", f"AS {pair.name}_below", f"AS {pair.name}_is_partial"
    if not columns[1]:  # looked up: it has no delivery
        partial = " OR ".join(_partial(plan, column) for column in columns[0])
        return f"{above} {names[0]}, {below} {names[1]}, ({partial}) {names[2]}"
    if plan.question.delivery != "total" or "media" in plan.question.keys:
        return f"{above} {names[0]}, {below} {names[1]}, false {names[2]}"
    ways, is_whole = _ways(columns)
    found = [(f"{when} AND ({way[0]}) + ({way[1]}) IS NOT NULL", way) for when, way in ways]
    chosen = (
        f"CASE {' '.join(f'WHEN {fits} THEN {way[side]}' for fits, way in found)} END {names[side]}"
        for side in (0, 1)
    )
    best = " OR ".join(f"({fits})" for fits, _way in found[:3])
    known = f"({above}) + ({below}) IS NOT NULL"
    lacks = f"({known} AND NOT coalesce({best} OR ({is_whole} AND {found[3][0]}), false))"
    return f"{', '.join(chosen)}, {lacks} {names[2]}"


def _ways(columns: tuple[tuple[str, ...], ...]) -> tuple[list[tuple[str, tuple[str, ...]]], str]:
    """Both figures in each delivery with its condition, the first that is known of both counts.

    The first three are all of the post; so is the fourth, what is free, where the condition that
    comes with them holds.
    """
    o, p, t = (
        tuple(" + ".join(f"{column}_{d[0]}" for column in names) for names in columns)
        for d in DELIVERIES
    )
    whole = tuple(
        " + ".join(
            f"coalesce({c}_t, {c}_o + {c}_p, "
            f"CASE WHEN NOT is_boosted AND has_total IS NOT TRUE THEN {c}_o END)"
            for c in names
        )
        for names in columns
    )
    other = "NOT is_covered"
    ways = [("is_covered", o), ("is_covered", t), (other, whole), (other, o), (other, p)]
    return ways, "NOT is_boosted"


def _row_reach(plan: Plan) -> str:
    """What is known of the reach of one post or day: see `campaigns.reach.parts`."""
    reached, seen = _figure(plan, "reach"), _figure(plan, "impressions")
    delivery = plan.question.delivery
    if "media" in plan.question.keys or delivery != "total":
        there = "true" if delivery == "total" else f"coalesce(has_{delivery}, false)"
        there += " AND NOT is_covered" if delivery == "paid" else ""
        return (
            f"{there} AS is_unit, {reached} AS exact, {reached} AS low, "
            f"coalesce({reached}, {seen}) AS most"
        )
    exact = (
        "CASE WHEN is_covered THEN coalesce(reach_o, reach_t) WHEN is_boosted THEN reach_t "
        "ELSE coalesce(reach_t, reach_o) END"
    )
    split = (
        "CASE WHEN is_covered THEN impressions_o "
        "WHEN is_boosted THEN coalesce(reach_o, impressions_o) + coalesce(reach_p, impressions_p) "
        "ELSE impressions_o END"
    )
    return (
        f"true AS is_unit, {exact} AS exact, greatest(reach_t, reach_o, reach_p) AS low, "
        f"coalesce({exact}, least({split}, impressions_t)) AS most"
    )
