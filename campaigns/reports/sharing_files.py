"""The ambassadors' report as a flat table, for CSV, XLSX and Parquet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.reports.report import Report
from campaigns.reports.sharing import Sharing
from campaigns.reports.sharing_rows import Row
from campaigns.translations import _

TOTAL = N_("all ambassadors")
OWN = N_("own accounts")
_SHOWN = (
    "impressions", "engagements", "clicks", "er_impressions", "gross_reach_lower",
    "gross_reach_upper", "reach_lower", "reach_upper", "spend", "cost", "cpm",
    "cost_per_reach_lower", "cost_per_reach_upper",
)  # fmt: skip


def name_of(row: Row) -> str:
    """The name of a row as people read it."""
    if row.name is None:
        return _(OWN if row.kind == "own" else TOTAL)
    return _(row.name)


def flat(row: Row) -> dict[str, Any]:
    """A row as one line: both bounds of a figure are columns; null is not known."""
    bounds = {
        "gross_reach": row.gross,
        "reach": row.net,
        "incremental_reach": row.incremental,
        "share_of_reach": row.share_of_reach,
        "cost_per_reach": row.cost_per_reach,
    }
    values: dict[str, Any] = {
        "ambassador": name_of(row),
        "kind": row.kind,
        "people": row.people,
        "active_least": row.active,
        "active_share_least": row.active_share,
        "posts": row.posts,
        **{name: getattr(row, name) for name in ("impressions", "engagements", "clicks")},
        "er_impressions": row.er_impressions,
    }
    for name, bound in bounds.items():
        values |= {f"{name}_lower": bound.lower, f"{name}_upper": bound.upper}
    worth = row.replacement
    return {
        **values,
        **{name: getattr(row, name) for name in ("spend", "cost", "cpm")},
        "replacement_lower": worth and worth.lower,
        "replacement_upper": worth and worth.upper,
        "currency": row.currency or (worth and worth.currency),
    }


def as_report(made: Sharing) -> Report:
    """The rows, their total and the own accounts as a report that `exports` can write."""
    rows = [*made.rows, *(row for row in (made.total, made.own) if row is not None)]
    metrics = tuple(METRICS[name] for name in _SHOWN)
    question = replace(made.question, by=("ambassador",))
    return Report(question, metrics, [flat(row) for row in rows], made.notes)
