"""The rows of the ambassadors' report, and how reach adds up beside the own accounts.

People are never added: what several groups reached together, and what one adds to another, lies
between bounds (see `campaigns.reach`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from campaigns.reports.participation import Part
from campaigns.reports.prices import Replacement

Kind = Literal["team", "others", "person", "all", "own"]
COUNTS = ("impressions", "engagements", "clicks")
MONEY = ("spend", "cost", "online_cost")


@dataclass(frozen=True)
class Bounds:
    """At least ``lower`` and at most ``upper``; null is not known.

    Where ``is_measured`` is false no reach was measured: then ``upper`` is nothing but
    impressions, and people read "not measured".
    """

    lower: float | None = None
    upper: float | None = None
    is_measured: bool = False


NOT_MEASURED = Bounds()
_NOBODY = Part()


@dataclass(frozen=True)
class Row:
    """One team, one colleague who may be named, all of them together, or the own accounts.

    ``name`` is null for ``all`` and ``own``, and `OTHERS` for those of smaller teams. ``people``
    take part, of whom at least ``active`` shared something that is counted here (never an exact
    number of unnamed people: it goes by fives); ``active_share`` is their quotient, a least. They
    are null for the own accounts, and where a group would be too small.

    ``gross``, ``net`` and ``incremental`` are people: all reach added; everybody once; and who
    was reached beside the own accounts. ``share_of_reach`` is the part of all people reached.
    ``cost`` is hours and ads of this row, null while none is known; ``online_cost`` is without
    print, which has contacts as its base; of it ``cpm`` is per 1,000 impressions and
    ``cost_per_reach`` per 1,000 people of the net reach. ``replacement`` is what the same delivery
    costs as ads. ``known`` says of how many posts a figure is known, ``partial`` which figures
    lack a part.
    """

    name: str | None
    kind: Kind
    people: int | None = None
    active: int | None = None
    posts: int | None = None
    impressions: int | None = None
    engagements: int | None = None
    clicks: int | None = None
    er_impressions: float | None = None
    gross: Bounds = NOT_MEASURED
    net: Bounds = NOT_MEASURED
    incremental: Bounds = NOT_MEASURED
    share_of_reach: Bounds = NOT_MEASURED
    spend: float | None = None
    cost: float | None = None
    online_cost: float | None = None
    cpm: float | None = None
    cost_per_reach: Bounds = NOT_MEASURED
    currency: str | None = None
    replacement: Replacement | None = None
    known: Mapping[str, int] = field(default_factory=dict)
    partial: tuple[str, ...] = ()

    @property
    def active_share(self) -> float | None:
        """At least this part of those who take part was active."""
        return self.active / self.people if self.active is not None and self.people else None


def made(found: Mapping[str, Any], name: str | None, kind: Kind, part: Part = _NOBODY) -> Row:
    """A row of a report by ambassador; what is beside others comes later."""
    gross = Bounds(found.get("gross_reach_lower"), found.get("gross_reach_upper"))
    net = Bounds(found.get("reach_lower"), found.get("reach_upper"))
    is_measured = net.lower is not None
    names = (*COUNTS, *MONEY, "posts", "er_impressions", "currency")
    values = {one: found.get(one) for one in names}
    if kind != "own" and values["posts"] is None:
        values["posts"] = 0  # posts of theirs are known, but none that count here
    row = Row(
        name,
        kind,
        part.people,
        part.active,
        gross=replace(gross, is_measured=is_measured),
        net=replace(net, is_measured=is_measured),
        known=found.get("known", {}),
        partial=tuple(found.get("partial", ())),
        **values,  # type: ignore[arg-type]
    )
    return _with_ratios(row)


def _with_ratios(row: Row) -> Row:
    """A row with its costs per 1,000 impressions and people."""
    cost = row.online_cost
    if cost is None:
        return row
    least, most = (_per_thousand(cost, bound) for bound in (row.net.upper, row.net.lower))
    return replace(
        row,
        cpm=_per_thousand(cost, row.impressions),
        cost_per_reach=Bounds(least, most, row.net.is_measured),
    )


def _per_thousand(cost: float, count: float | None) -> float | None:
    return cost / count * 1000 if count else None


def total_of(rows: Sequence[Row], universe: int | None, part: Part) -> Row:
    """The sum of the rows; of people the bounds."""
    seen = [row for row in rows if row.posts]
    lowers = [row.net.lower for row in seen if row.net.lower is not None]
    upper = added([row.net.upper for row in seen], is_whole=True)
    caps = [bound for bound in (upper, universe) if bound is not None]
    gross = [
        added([row.gross.lower for row in seen]),
        added([row.gross.upper for row in seen], is_whole=True),
    ]
    sums = {name: added([getattr(row, name) for row in rows]) for name in (*COUNTS, *MONEY)}
    total = Row(
        None,
        "all",
        part.people,
        part.active,
        posts=sum(row.posts or 0 for row in rows),
        er_impressions=_rate(rows),
        gross=Bounds(gross[0], gross[1], bool(lowers)),
        net=Bounds(max(lowers, default=None), min(caps, default=None), bool(lowers)),
        currency=next((row.currency for row in rows if row.currency), None),
        known=_known(rows),
        partial=tuple(dict.fromkeys(name for row in rows for name in row.partial)),
        **sums,  # type: ignore[arg-type]
    )
    return _with_ratios(total)


def added(values: Sequence[float | None], *, is_whole: bool = False) -> float | None:
    """The sum of the known values; null where none is, or not all are and that matters."""
    known = [value for value in values if value is not None]
    return sum(known) if known and not (is_whole and len(known) < len(values)) else None


def _known(rows: Sequence[Row]) -> dict[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for name, count in row.known.items():
            counts[name] += count
    return dict(counts)


def _rate(rows: Sequence[Row]) -> float | None:
    """The engagement rate of several rows, where the same posts have both figures."""
    if any(row.known.get("engagements") != row.known.get("impressions") for row in rows):
        return None
    engagements, impressions = (
        sum(getattr(row, name) or 0 for row in rows) for name in ("engagements", "impressions")
    )
    return engagements / impressions if impressions else None


def beside(row: Row, own: Row | None, universe: int | None) -> Row:
    """A row beside the own accounts: whom it reached besides them, and which part of all.

    Of A people reached by it and O by the own accounts, both between bounds, at least A − O are
    new and at most A; its part of all of them is at least A / (A + O) and at most A / O.
    """
    low, high = row.net.lower or 0, row.net.upper
    if own is None or not row.posts:
        return row
    own_low, own_high = own.net.lower or 0, own.net.upper if own.posts else 0
    new_low = max(0, low - own_high) if own_high is not None else 0
    caps = [high, universe - own_low if universe is not None else None]
    new_high = min((cap for cap in caps if cap is not None), default=None)
    is_measured = row.net.is_measured and own.net.is_measured
    part = NOT_MEASURED
    if is_measured and own_high is not None and high is not None:
        part = Bounds(low / (low + own_high), min(1.0, high / own_low), True)
    return replace(
        row,
        incremental=Bounds(new_low, new_high, row.net.is_measured),
        share_of_reach=part,
    )
