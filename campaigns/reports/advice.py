"""What to do now: at most three remarks on the campaigns of a period, each with its reason.

One that wants attention, one that went well, one tip; of each kind the most telling. A remark
never stands on what is not known: a campaign without known costs is no cheap one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from campaigns.errors import N_, Message
from campaigns.reports import wording
from campaigns.reports.verdicts import Standard, standard, verdict

Kind = Literal["attention", "good", "tip"]

METRICS = ("impressions", "cost", "cpm", "budget_left")
"""What a report by campaign must hold for `advice`."""

_Row = Mapping[str, Any]


@dataclass(frozen=True)
class Advice:
    """One remark: what it is about, why it is made, and the campaign to look at, if one."""

    kind: Kind
    title: Message
    text: Message
    campaign: str | None = None


def advice(rows: Sequence[_Row], unjudged: int = 0) -> list[Advice]:
    """Remarks on the rows of a report by campaign and on posts that no rule could judge.

    Only campaigns that the period holds whole belong in it: costs of a part compare with nothing.

    A row may say with ``name`` what its campaign is called.

    >>> row = {"campaign": "zomer", "impressions": 9000, "cost": 900.0, "cpm": 100.0,
    ...        "budget_left": -100.0, "currency": "EUR"}
    >>> [remark.kind for remark in advice([row], unjudged=3)]
    ['attention', 'tip']
    """
    named = [row for row in rows if row["campaign"] is not None]
    own = standard(rows)
    candidates = (_attention(named, own), _good(named, own), _tips(named, unjudged))
    return [found for kind in candidates if (found := next(kind, None)) is not None]


def _attention(rows: Sequence[_Row], own: Standard) -> Iterator[Advice]:
    over = [row for row in rows if (row["budget_left"] or 0) < 0]
    if over:
        worst = min(over, key=lambda row: row["budget_left"] / _budget(row))
        yield Advice(
            "attention",
            Message(N_("“{campaign}” is over its budget"), {"campaign": _name(worst)}),
            Message(
                N_("It cost {over} more than the {budget} that it may cost."),
                {
                    "over": wording.money(-worst["budget_left"], worst["currency"]),
                    "budget": wording.money(_budget(worst), worst["currency"]),
                },
            ),
            worst["campaign"],
        )
    dear = [row for row in rows if verdict(row, own) == "expensive"]
    if dear and own.median is not None:
        worst = max(dear, key=lambda row: row["cpm"])
        yield Advice(
            "attention",
            Message(
                N_("1,000 impressions of “{campaign}” cost {times} times the median"),
                {
                    "campaign": _name(worst),
                    "times": wording.number(worst["cpm"] / own.median, 1),
                },
            ),
            _against_the_median(worst, own.median),
            worst["campaign"],
        )


def _name(row: _Row) -> str:
    return str(row.get("name") or row["campaign"])


def _budget(row: _Row) -> float:
    return float(row["budget_left"] + row["cost"])


def _good(rows: Sequence[_Row], own: Standard) -> Iterator[Advice]:
    cheap = [row for row in rows if verdict(row, own) == "cheap"]
    if cheap and own.median is not None:
        best = min(cheap, key=lambda row: row["cpm"])
        yield Advice(
            "good",
            Message(N_("“{campaign}” was shown most for its money"), {"campaign": _name(best)}),
            _against_the_median(best, own.median),
            best["campaign"],
        )


def _against_the_median(row: _Row, median: float) -> Message:
    return Message(
        N_("{cpm} per 1,000 impressions; the median of your campaigns is {median}."),
        {
            "cpm": wording.money(row["cpm"], row["currency"]),
            "median": wording.money(median, row["currency"]),
        },
    )


def _tips(rows: Sequence[_Row], unjudged: int) -> Iterator[Advice]:
    free = [row for row in rows if row["cost"] is None and row["impressions"]]
    if free:
        first = max(free, key=lambda row: row["impressions"])
        yield Advice(
            "tip",
            Message(N_("Campaigns without known costs: {n}"), {"n": len(free)}),
            Message(
                N_("“{campaign}” for one. Hours, production and media make its cost complete."),
                {"campaign": _name(first)},
            ),
            first["campaign"],
        )
    if unjudged:
        yield Advice(
            "tip",
            Message(
                N_("{n} posts could not be judged by any rule"), {"n": wording.number(unjudged)}
            ),
            Message(N_("They may belong to a campaign, and count in none until somebody says so.")),
        )
