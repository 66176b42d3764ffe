"""What the store says of a period for all target groups, read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audiences.segments import figures
from audiences.segments.ads import of_ads
from audiences.segments.figures import Figures, Row
from audiences.segments.people import People, make_ups, people
from audiences.segments.segment import Segment
from audiences.segments.statements import find, segments
from campaigns.reports import Question, report
from campaigns.store import Snapshot, Store

ROLES = ("own",)
"""Whose accounts count: what colleagues and others reach is no part of it."""

_METRICS = ("impressions", "engagements", "reach_lower", "reach_upper")


@dataclass(frozen=True)
class Gathered:
    """What is known in a period: of accounts and their days, and per group people, posts and ads.

    ``wanted`` are the groups that were asked for; all are gathered, because what may be shown of
    one depends on the others.
    """

    segments: list[Segment]
    wanted: list[Segment]
    people: list[dict[str, People]]
    posts: list[list[Row]]
    ads: list[dict[str, Figures]]
    accounts: list[Row]
    days: list[Row]

    @property
    def channels(self) -> tuple[str, ...]:
        """The platforms of which anything is known."""
        known = {row["platform"] for rows in (self.accounts, *self.posts) for row in rows}
        return tuple(sorted(known.union(*self.people, *self.ads)))


def gather(
    store: Store, first: dt.date | None, last: dt.date | None, platforms: Sequence[str],
    names: Sequence[str],
) -> Gathered:  # fmt: skip
    """All of it, of some platforms or (without) of all. Raises `UnknownName`."""
    known, own = store.read(lambda snapshot: _of_groups(snapshot, first, last, platforms, names))
    asked = Question((), _METRICS, first, last, platforms=tuple(platforms), accounting="activity")
    accounts, days = (
        [
            row
            for row in report(store, replace(asked, by=by)).rows
            if (row["platform"], row["account_id"]) in own
        ]
        for by in (("account",), ("account", "day"))
    )
    known.accounts.extend(accounts)
    known.days.extend({**row, "day": _day(row["day"])} for row in days)
    return known


def _of_groups(
    snapshot: Snapshot, first: dt.date | None, last: dt.date | None, platforms: Sequence[str],
    names: Sequence[str],
) -> tuple[Gathered, set[tuple[str, str]]]:  # fmt: skip
    """What is known of the groups, and which accounts count."""
    known = segments(snapshot)

    def is_asked(platform: str) -> bool:
        return not platforms or platform in platforms

    made = [one for one in make_ups(snapshot, last, ROLES) if is_asked(one.platform)]
    posts = [
        [row for row in rows if is_asked(row["platform"])]
        for rows in figures.posts(snapshot, known, first, last, ROLES)
    ]
    ads = [
        {name: one for name, one in found.items() if is_asked(name)}
        for found in of_ads(snapshot, known, first, last)
    ]
    own = snapshot.rows(
        "SELECT platform, account_id FROM accounts WHERE is_removed IS NOT true "
        "AND list_contains($roles, role)",
        {"roles": list(ROLES)},
    )
    wanted = [find(snapshot, name) for name in names] if names else known
    found = [people(made, one) for one in known]
    gathered = Gathered(known, wanted, found, posts, ads, [], [])
    return gathered, {(row["platform"], row["account_id"]) for row in own}


def _day(value: object) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
