"""The rows of a report: metrics made of the parts of each group, in one currency, in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.errors import N_, ImpossibleQuestion, Message, MixedCurrencies, UnsaidCurrency
from campaigns.metrics import METRICS, Metric, components, formula
from campaigns.reports import kept
from campaigns.reports.plan import Plan, on_platforms
from campaigns.reports.question import TIMES, Question
from campaigns.reports.remarks import remarks
from campaigns.reports.stages import used
from campaigns.reports.statement import amounts, kept_parts, merged
from campaigns.store import Snapshot

Row = dict[str, Any]
_COSTS = {"cost": "other_cost_known", "online_cost": "online_other_known"}
_EXTRA = ("of_account", "published_on", "reach_units", "outcome_kinds")


def rows(snapshot: Snapshot, question: Question) -> tuple[list[Row], dict[str, Any]]:
    """The rows of a question whose filters are spelled as the store does, and what was told.

    Raises `MixedCurrencies` when amounts cannot be added.
    """
    plan = Plan(question)
    view, parts = kept_parts(snapshot, question)
    told = remarks(snapshot, view, parts)
    money = amounts(plan)
    currency, is_assumed = _currency(snapshot, question, view, money)
    told |= {"assumed_currency": currency if is_assumed else None}
    told |= {"has_posts": _has_posts(snapshot, question)}
    rates = {f"rate_{name.lower()}": rate for name, rate in question.rates.items()}
    needed = [name for name in parts if name in _used_parts(plan)]
    values = ", ".join(
        name if plan.is_flat else _in_one_currency(name, name in money, question) for name in needed
    )
    pieces = [*question.keys, "posts", *(name for name in parts if name in _EXTRA)]
    pieces += [f"({formula(m)}) AS {_column(m)}" for m in plan.question.asked if m.name != "posts"]
    if any(m.name == "cost_per_outcome" for m in question.asked):
        pieces.append(f"({formula(METRICS['cost'])}) AS cost_of_outcomes")
    pieces += [f"{name} AS {name}" for name in needed if name.endswith(("_known", "_partial"))]
    group = f"GROUP BY {', '.join(question.keys)}" if question.keys and not plan.is_flat else ""
    sql = (
        f"WITH merged AS (SELECT {plan.key_names}{values} FROM {view} WHERE has_row {group}) "
        f"SELECT {', '.join(pieces)} FROM merged{_limit(question)}"
    )
    _check_universe(snapshot, question, view, parts)
    found = snapshot.rows(sql, used(sql, {**rates, "universe": question.universe}))
    if "post" in question.keys:
        about = _about(snapshot, found)
        found = [{**row, **about.get((row["platform"], row["post"]), _NOTHING)} for row in found]
    finished = [_finished(question, row, told, currency) for row in found]
    told |= {"kinds": sorted({kind for row in finished for kind in row.get("outcomes", ())})}
    return sorted(finished, key=lambda row: _order(question, row)), told


def _used_parts(plan: Plan) -> set[str]:
    """The parts that the rows are made of: each one more is a value for every row."""
    told = (f"{m.name}_{kind}" for m in plan.metrics for kind in ("known", "partial"))
    formulas = " ".join(formula(metric) for metric in plan.metrics)
    fixed = {"posts", "spend_known", *_COSTS.values(), *_EXTRA}
    return {*told, *re.findall(r"\w+", formulas), *fixed}


def _column(metric: Metric) -> str:
    return f"value_{metric.name}"


def _limit(question: Question) -> str:
    """The end of the statement that leaves the posts that brought most."""
    if question.limit is None or "post" not in question.keys:
        return ""
    first = next((m for m in question.asked if m.name != "posts"), None)
    order = ", ".join([*([f"{_column(first)} DESC NULLS LAST"] if first else []), *question.keys])
    return f" ORDER BY {order} LIMIT {int(question.limit)}"


def _in_one_currency(name: str, is_amount: bool, question: Question) -> str:
    """A part of several currencies brought together, converted by the stated rates."""
    if not is_amount or not question.rates:
        return f"{merged(name)} AS {name}"
    cases = " ".join(
        f"WHEN '{code}' THEN $rate_{code.lower()}::DOUBLE"
        for code in map(str.upper, question.rates)
    )
    return f"sum({name} * CASE upper(currency) {cases} ELSE 1 END) AS {name}"


def _currency(
    snapshot: Snapshot, question: Question, view: str, money: Sequence[str]
) -> tuple[str | None, bool]:
    """The one currency of the amounts, and whether some are taken to be in it without saying so.

    Raises `MixedCurrencies` when there are several, and `UnsaidCurrency` when some amounts have
    none while others do, unless the question says which one to take.
    """
    if not money:
        return None, False
    there = " OR ".join(f"{name} IS NOT NULL" for name in money)
    rows = snapshot.rows(
        f"SELECT DISTINCT upper(currency) AS currency FROM {view} WHERE has_row AND ({there}) "
        "ORDER BY 1"
    )
    found = [str(row["currency"]) for row in rows if row["currency"] is not None]
    wanted = question.currency.upper() if question.currency else None
    rates = {name.upper() for name in question.rates}
    left = [name for name in found if name != wanted and name not in rates]
    if len(left) > 1 or (wanted is not None and left):
        raise MixedCurrencies(currencies=", ".join(found))
    is_unsaid = len(found) < len(rows)
    if is_unsaid and found and wanted is None:
        raise UnsaidCurrency(currency=found[0])
    return wanted or (found[0] if found else None), is_unsaid and wanted is not None


_NOTHING = {"url": None, "text": None}


def _about(snapshot: Snapshot, found: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """The address and text of each of these posts, under whichever id they are known."""
    ids = sorted({row["post"] for row in found})
    rows = kept.about(snapshot, ids, ("url", "text"))
    return {(row.pop("platform"), row.pop("post_id")): row for row in rows}


def _check_universe(
    snapshot: Snapshot, question: Question, view: str, parts: Sequence[str]
) -> None:
    """Raise `ImpossibleQuestion` when more people were measured than the stated universe has."""
    measured = [name for name in ("reach_low", "reach_period") if name in parts]
    if question.universe is None or not measured:
        return
    most = snapshot.value(f"SELECT max(greatest({', '.join(measured)})) FROM {view} WHERE has_row")
    if most is not None and most > question.universe:
        raise ImpossibleQuestion(
            reason=Message(
                N_("A reach of {reach} people was measured, which is more than the universe of "
                   "{universe}."),
                {"reach": int(most), "universe": question.universe},
            ),
            possible=f"--universe {int(most)}",
        )  # fmt: skip


def _has_posts(snapshot: Snapshot, question: Question) -> bool:
    """Whether posts are known at all of the platforms and account asked for."""
    pieces = [on_platforms("platform")] if question.platforms else []
    pieces += ["account_id = $account"] if question.account is not None else []
    sql = f"SELECT true FROM posts_log WHERE {' AND '.join(pieces) or 'true'} LIMIT 1"
    given = {"platforms": list(question.platforms), "account": question.account}
    return bool(snapshot.value(sql, used(sql, given)))


def _finished(
    question: Question, row: Mapping[str, Any], told: Mapping[str, Any], currency: str | None
) -> Row:
    """A row as it is shown: grouping columns and ids, posts, metrics, currency, known, partial."""
    asked = [metric for metric in question.asked if metric.name != "posts"]
    done: Row = {column: row[column] for column in (*question.by, *question.keys)}
    if "post" in question.keys:
        done |= {"post_id": row["post"], "account_id": row["of_account"]}
        done |= {name: row[name] for name in ("published_on", "url", "text")}
    if "account" in question.keys:
        done["account_id"] = row["account"]
    done["posts"] = _post_count(question, row, told)
    done |= {metric.name: _number(row[_column(metric)]) for metric in asked}
    if outcomes := _by_kind(question, row):
        done["outcomes"] = outcomes
    if row.get("cost_of_outcomes") is not None or any(
        metric.is_money and done[metric.name] is not None for metric in asked
    ):
        done["currency"] = currency
    counts = {metric.name: _known(metric, row) for metric in asked}
    done["known"] = {name: count for name, count in counts.items() if count is not None}
    done["partial"] = [metric.name for metric in asked if _is_partial(metric, row)]
    return done


def _by_kind(
    question: Question, row: Mapping[str, Any]
) -> dict[str, dict[str, int | float | None]]:
    """Results of several kinds, which are not added: of each its value and what one cost.

    Scores (a grade, recognition) of several measurements have no value, and none has a cost.
    """
    names = {"outcome", "cost_per_outcome"} & {metric.name for metric in question.asked}
    kinds = row["outcome_kinds"] or []
    if not names or len(kinds) < 2:
        return {}
    cost = row.get("cost_of_outcomes")
    found: dict[str, dict[str, int | float | None]] = {}
    for one in kinds:
        is_counted = one["value"] and not one["is_score"]
        price = float(cost) / one["value"] if is_counted and cost is not None else None
        values = {"outcome": one["value"], "cost_per_outcome": price}
        found[one["kind"]] = {name: values[name] for name in sorted(names)}
    return found


def _known(metric: Metric, row: Mapping[str, Any]) -> int | None:
    """How many posts or rows had the value; None where that says nothing."""
    if metric.name in _COSTS:
        return int((row["spend_known"] or 0) + (row[_COSTS[metric.name]] or 0))
    name = "reach_units" if "reach" in metric.parts else f"{metric.name}_known"
    return int(row[name] or 0) if name in row else None


def _is_partial(metric: Metric, row: Mapping[str, Any]) -> bool:
    return any(row.get(f"{part.name}_partial") for part in components(metric))


def _number(value: Any) -> int | float | None:
    """A count as a whole number, everything else as a float; money without tails of rounding."""
    if value is None or isinstance(value, int):
        return value
    return float(value)


def _post_count(question: Question, row: Mapping[str, Any], told: Mapping[str, Any]) -> int | None:
    """The number of posts: 0 where posts are known but none is here, null where none ever were."""
    if not told["has_posts"]:
        return None
    if row["posts"] is not None:
        return int(row["posts"])
    if "account" in question.keys:
        known = f"{row['platform']} {row['account']}" in (told["post_accounts"] or ())
    elif "platform" in question.keys:
        known = row["platform"] in (told["post_platforms"] or ())
    else:
        known = not {"media", "ambassador", "post"} & set(question.keys)
    return 0 if known else None


def _order(question: Question, row: Row) -> tuple[object, ...]:
    """Time goes on; of other rows the one that brought most comes first; no name comes last."""
    names = [row[key] for key in question.keys]
    unnamed = any(name is None for name in names)
    words = tuple("" if name is None else str(name) for name in names)
    times = tuple(str(row[column]) for column in question.by if column in TIMES)
    first = next((m.name for m in question.asked if m.name != "posts"), "posts")
    value = row[first]
    return times, unnamed, value is None, -(value or 0), words


# --- comparing


def compared(question: Question, now: list[Row], before: list[Row]) -> list[Row]:
    """The rows of both periods: of each metric also the other period's value and the change.

    Raises `MixedCurrencies` or `UnsaidCurrency` when the amounts of both cannot be compared.
    """
    currencies = {row["currency"] for row in (*now, *before) if "currency" in row}
    said = sorted(code for code in currencies if code)
    if len(said) > 1:
        raise MixedCurrencies(currencies=", ".join(said))
    if len(currencies) > 1:
        raise UnsaidCurrency(currency=said[0])
    names = ["posts", *(m.name for m in question.asked if m.name != "posts")]
    earlier = {tuple(row[key] for key in question.keys): row for row in before}
    rows = []
    for row in now:
        match = earlier.pop(tuple(row[key] for key in question.keys), None)
        rows.append(_with_change(row, match, names))
    for row in earlier.values():
        empty = {**row, **dict.fromkeys(names), "known": {}, "partial": []}
        empty.pop("outcomes", None)
        empty["posts"] = None if row["posts"] is None else 0
        rows.append(_with_change(empty, row, names))
    return rows


def _with_change(row: Row, match: Row | None, names: Sequence[str]) -> Row:
    done: Row = {}
    currency = row.get("currency") or (match or {}).get("currency")
    if currency is not None:
        row = {**row, "currency": currency}
    for name, value in row.items():
        done[name] = value
        if name in names:
            nothing = 0 if name == "posts" and value is not None else None
            other = nothing if match is None else match[name]
            done[f"{name}_previous"] = other
            is_known = value is not None and other
            done[f"{name}_change"] = (value - other) / abs(other or 1) if is_known else None
    return done
