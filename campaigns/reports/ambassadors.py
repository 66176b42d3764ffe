"""Under which names the figures of ambassadors may be shown: teams of five, or with permission.

A person is named only with that person's permission; all others appear as teams of at least five
people who take part. Smaller teams come together in one group, and where that would be under five
itself, the smallest team joins it. What is left counts nowhere, in no total either.

Nothing can be found by subtracting one report from another, because every report is a sum of the
same pieces: a group on a platform, in a campaign, in a span of days in which at least five of its
people were active. What is too small for that is a piece of several campaigns, or of several
groups. A piece counts whole, in periods that contain its span and where its campaigns or groups
are not told apart, or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns import privacy
from campaigns.errors import N_
from campaigns.store import Snapshot

SMALLEST_GROUP = 5
OTHERS = N_("(other ambassadors)")
UNNAMED = N_("(ambassadors)")


@dataclass(frozen=True)
class Person:
    """One account of a person who takes part, and the names under which it is shown.

    ``group`` is the row by ambassador, ``account`` the row by account; None is not shown at all.
    """

    platform: str
    account_id: str
    group: str | None
    account: str | None
    who: str = ""

    @property
    def is_named(self) -> bool:
        """Whether the person lets reports show the name."""
        return self.account == self.account_id


def registered(snapshot: Snapshot) -> list[dict[str, object]]:
    """Every account that is registered and not taken out.

    ``is_active`` says of ambassadors whether anything is known of the account: who never did
    anything makes no group larger.
    """
    return [dict(row) for row in snapshot.once("registered", lambda: _registered(snapshot))]


def _registered(snapshot: Snapshot) -> list[dict[str, object]]:
    rows = snapshot.rows(
        "SELECT platform, account_id, role, team, person, opted_in_on, withdrawn_on, "
        "is_name_permitted, ad_accounts FROM accounts WHERE is_removed IS NOT TRUE ORDER BY ALL"
    )
    if any(row["role"] == "ambassador" for row in rows):
        view = snapshot.cached("active_accounts", _ACTIVE)
        active = {(row["platform"], row["account_id"]) for row in snapshot.rows(f"FROM {view}")}
        for row in rows:
            row["is_active"] = (row["platform"], row["account_id"]) in active
    return rows


_ACTIVE = (
    "SELECT platform, account_id FROM posts_log WHERE is_repost IS NOT TRUE "
    "UNION SELECT platform, account_id FROM account_days_log"
)


def people(accounts: Iterable[Mapping[str, object]]) -> list[Person]:
    """The ambassadors who take part, with the names under which each may be shown.

    A team counts per platform, whatever is asked: the same account is always in the same group.
    """
    present = [
        row
        for row in accounts
        if row["role"] == "ambassador" and privacy.takes_part(row) and row.get("is_active", True)
    ]
    platforms = sorted({str(row["platform"]) for row in present})
    return [
        person
        for platform in platforms
        for person in _people([row for row in present if row["platform"] == platform])
    ]


def _people(present: Sequence[Mapping[str, object]]) -> list[Person]:
    named = {who_of(row) for row in present if row["is_name_permitted"]}
    teams = _teams({who_of(row): row["team"] for row in present if who_of(row) not in named})
    unnamed = UNNAMED if len(teams) >= SMALLEST_GROUP else None
    return [
        Person(
            str(row["platform"]),
            str(row["account_id"]),
            who_of(row) if who_of(row) in named else teams[who_of(row)],
            str(row["account_id"]) if who_of(row) in named else unnamed,
            who_of(row),
        )
        for row in present
    ]


def who_of(row: Mapping[str, object]) -> str:
    """The person behind an account: one person may have accounts on several platforms."""
    return str(row["person"] or row["account_id"])


def _teams(team_of: Mapping[str, object]) -> dict[str, str | None]:
    """The team under which each person is shown.

    >>> sorted(_teams({"a": "north", "b": "north"}).items())
    [('a', None), ('b', None)]
    >>> _teams(dict.fromkeys("abcde", "north"))["a"]
    'north'
    """
    sizes = Counter(str(team) for team in team_of.values() if team)
    shown = {team for team, size in sizes.items() if size >= SMALLEST_GROUP}
    rest = len(team_of) - sum(sizes[team] for team in shown)
    while shown and 0 < rest < SMALLEST_GROUP:
        smallest = min(shown, key=lambda team: (sizes[team], team))
        shown.remove(smallest)
        rest += sizes[smallest]
    others = OTHERS if rest >= SMALLEST_GROUP else None
    return {who: str(team) if team in shown else others for who, team in team_of.items()}


def bearers(accounts: Iterable[Mapping[str, object]], everyone: Iterable[Person]) -> dict[str, str]:
    """The row under which a cost counts, by the name of a team or colleague as it was entered.

    Only teams that are shown, and colleagues who may be named: the hours of one person, or of a
    small team, never stand under another name.
    """
    groups = {(one.platform, one.account_id): one for one in everyone}
    found: dict[str, str] = {}
    for row in accounts:
        one = groups.get((str(row["platform"]), str(row["account_id"])))
        if one is None or one.group is None:
            continue
        if one.is_named:
            names = {one.group, one.who, one.account_id, str(row["person"] or one.who)}
        else:
            names = {one.group} if one.group == row["team"] else set()
        found |= {name.strip().lower().removeprefix("@"): one.group for name in sorted(names)}
    return found


# --- spans -----------------------------------------------------------------------------------

Active = tuple[object, dt.date, str]
"""A piece of a group, a day, and a person who was active on it."""


def spans(active: Iterable[Active]) -> dict[tuple[object, dt.date], tuple[dt.date, dt.date]]:
    """For each piece and day the span of days that holds at least five persons.

    What is left at the end belongs to the span before. A day without a span is not shown.

    >>> day = dt.date(2025, 1, 1)
    >>> spans(("north", day, who) for who in "abcd")
    {}
    >>> later = day + dt.timedelta(days=3)
    >>> spans([("north", day, who) for who in "abcd"] + [("north", later, "e")])["north", day]
    (datetime.date(2025, 1, 1), datetime.date(2025, 1, 4))
    """
    found: dict[tuple[object, dt.date], tuple[dt.date, dt.date]] = {}
    by_piece: dict[object, dict[dt.date, set[str]]] = {}
    for piece, day, who in active:
        by_piece.setdefault(piece, {}).setdefault(day, set()).add(who)
    for piece, persons in by_piece.items():
        closed: list[list[dt.date]] = []
        waiting: list[dt.date] = []
        met: set[str] = set()
        for day in sorted(persons):
            waiting.append(day)
            met |= persons[day]
            if len(met) >= SMALLEST_GROUP:
                closed.append(waiting)
                waiting, met = [], set()
        if closed:
            closed[-1] += waiting
        for days in closed:
            found |= {(piece, day): (days[0], days[-1]) for day in days}
    return found


@dataclass(frozen=True)
class _Piece:
    """To which piece something of an unnamed person belongs; without days it counts nowhere."""

    first_day: dt.date | None = None
    last_day: dt.date | None = None
    has_campaign: bool = False
    has_group: bool = False


def _pieces(rows: Sequence[Mapping[str, Any]], persons: Sequence[Person]) -> list[_Piece]:
    """The piece of each row: of one campaign and group if it can be, else of several."""
    found = [_Piece()] * len(rows)
    left = list(range(len(rows)))
    for has_campaign, has_group in ((True, True), (False, True), (False, False)):
        keys = {
            at: (
                persons[at].platform,
                persons[at].group if has_group else None,
                rows[at].get("campaign_id") if has_campaign else None,
            )
            for at in left
        }
        known = spans((keys[at], rows[at]["day"], persons[at].who) for at in left)
        for at in left:
            if days := known.get((keys[at], rows[at]["day"])):
                found[at] = _Piece(*days, has_campaign, has_group)
        left = [at for at in left if found[at].first_day is None]
    return found


def prepare(snapshot: Snapshot, everyone: Sequence[Person], posts: str) -> None:
    """Make the relations with the piece of each post and day of people who are not named.

    ``person_posts``  platform, post_id, day, first_day, last_day, has_campaign, has_group
    ``person_days``   platform, account_id, day and the same

    The days are null where too few were active. ``posts`` is the relation of
    `campaigns.reports.kept.Posts`.
    """
    snapshot.once(("pieces", posts), lambda: _prepare(snapshot, everyone, posts))


def _prepare(snapshot: Snapshot, everyone: Sequence[Person], posts: str) -> None:
    unnamed = {(p.platform, p.account_id): p for p in everyone if p.group and not p.is_named}
    keys = {"keys": [f"{platform}/{account}" for platform, account in unnamed]}
    for table, key, sql in (
        ("person_posts", "post_id", f"{_POSTS} FROM {posts} WHERE {_THEIRS} ORDER BY ALL"),
        ("person_days", "account_id", _DAYS),
    ):
        rows = snapshot.rows(sql, keys)
        persons = [unnamed[row["platform"], row["account_id"]] for row in rows]
        pieces = _pieces(rows, persons)
        columns: dict[str, tuple[str, list[object]]] = {
            "platform": ("VARCHAR", [row["platform"] for row in rows]),
            key: ("VARCHAR", [row[key] for row in rows]),
            "day": ("DATE", [row["day"] for row in rows]),
            "first_day": ("DATE", [piece.first_day for piece in pieces]),
            "last_day": ("DATE", [piece.last_day for piece in pieces]),
            "has_campaign": ("BOOLEAN", [piece.has_campaign for piece in pieces]),
            "has_group": ("BOOLEAN", [piece.has_group for piece in pieces]),
        }
        listed = ", ".join(f"unnest(${n}::{kind}[]) AS {n}" for n, (kind, _v) in columns.items())
        snapshot.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {listed}",
            {name: values for name, (_kind, values) in columns.items()},
        )


_THEIRS = "list_contains($keys, platform || '/' || account_id)"
_POSTS = "SELECT platform, post_id, account_id, published_on AS day, campaign_id"
_DAYS = f"SELECT DISTINCT platform, account_id, day FROM account_days WHERE {_THEIRS} ORDER BY ALL"
