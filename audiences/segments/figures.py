"""What was shown to a target group and what it did, of accounts and posts; of ads: `ads`.

Reach is never added up: of several units only bounds are known, the largest measured one and their
sum, with impressions where reach was not measured.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audiences.segments.people import People
from audiences.segments.segment import OF_POSTS, Segment
from campaigns.definitions import Campaign, Rule
from campaigns.definitions.matching import active, matches, needles
from campaigns.reports import kept
from campaigns.store import Snapshot

_FIGURES = ("impressions", "engagements")

Row = dict[str, Any]


@dataclass
class Figures:
    """Sums, and bounds of reach; null is not measured. ``posts`` is null where none are counted.

    ``rate`` is engagements per impression of the units that tell both.
    """

    impressions: float | None = None
    engagements: float | None = None
    reach_lower: float | None = None
    reach_upper: float | None = None
    posts: int | None = None
    _above: float = field(default=0.0, repr=False)
    _below: float = field(default=0.0, repr=False)

    @property
    def rate(self) -> float | None:
        """Engagements per impression."""
        return self._above / self._below if self._below else None

    def add(self, row: Mapping[str, Any], part: float = 1.0) -> None:
        """Add a unit, or a part of it: impressions, engagements, and its measured reach.

        >>> one = Figures()
        >>> one.add({"impressions": 100, "reach_lower": 40, "reach_upper": 60}, 0.5)
        >>> one.add({"impressions": 30, "engagements": 3})
        >>> one.impressions, one.reach_lower, one.reach_upper, one.rate
        (80.0, 20.0, 60.0, 0.1)
        """
        shown, done = row.get("impressions"), row.get("engagements")
        self.impressions = _sum(self.impressions, shown, part)
        self.engagements = _sum(self.engagements, done, part)
        if shown is not None and done is not None:
            self._above += done * part
            self._below += shown * part
        if (low := row.get("reach_lower")) is not None:
            self.reach_lower = max(self.reach_lower or 0.0, low * part)
        high = row.get("reach_upper")
        self.reach_upper = _sum(self.reach_upper, shown if high is None else high, part)


def _sum(before: float | None, value: float | None, part: float) -> float | None:
    return before if value is None else (before or 0.0) + value * part


# --- accounts: what was shown to all, and the part of a group in it


def of_accounts(
    rows: Iterable[Row], found: Mapping[str, People] | None, segment: Segment
) -> dict[str, Figures]:
    """What accounts showed by platform; of a group of people the part that it is of each audience.

    That part is an estimate: as if the group saw and did as much as all others. Accounts of which
    the audience is not known are left out. ``found`` is None for a group without people.
    """
    made: dict[str, Figures] = {}
    for row in _asked(rows, segment):
        part = 1.0
        if found is not None:
            known = found.get(row["platform"])
            share = known.by_account.get(row["account_id"]) if known else None
            if share is None:
                continue
            part = share
        made.setdefault(row["platform"], Figures()).add(row, part)
    return made


def days_of_accounts(
    rows: Iterable[Row], found: Mapping[str, People] | None, segment: Segment
) -> dict[dt.date, dict[str, float]]:
    """Impressions by day and platform, in the same way."""
    made: dict[dt.date, dict[str, float]] = defaultdict(dict)
    for row in _asked(rows, segment):
        part = 1.0
        if found is not None:
            known = found.get(row["platform"])
            part = known.by_account.get(row["account_id"], 0.0) if known else 0.0
        if row["impressions"] is not None and part:
            day = made[row["day"]]
            day[row["platform"]] = day.get(row["platform"], 0.0) + row["impressions"] * part
    return dict(made)


def _asked(rows: Iterable[Row], segment: Segment) -> list[Row]:
    platforms, accounts = segment.values("platform"), segment.values("account")
    return [
        row
        for row in rows
        if (not platforms or row["platform"] in platforms)
        and (not accounts or row["account_id"] in accounts)
    ]


# --- posts: what is about a group


def posts(
    snapshot: Snapshot, segments: Sequence[Segment], first: dt.date | None, last: dt.date | None,
    roles: Sequence[str],
) -> list[list[Row]]:  # fmt: skip
    """The posts published in a period that belong to each group, with their newest figures.

    A group without a condition on posts gets none.
    """
    wanted = [one.has(OF_POSTS) for one in segments]
    if not any(wanted):
        return [[] for _one in segments]
    rows = snapshot.rows(
        _posts_sql(snapshot, segments), {"first": first, "last": last, "roles": list(roles)}
    )
    found = [
        [row for row in _asked(rows, segment) if _held(segment, place) <= set(row["held"] or ())]
        if wanted[place]
        else []
        for place, segment in enumerate(segments)
    ]
    spoken = [frozenset(one.values("language")) for one in segments]
    read = [row for some, asked in zip(found, spoken, strict=True) if asked for row in some]
    languages = _languages(snapshot, read) if read else {}
    return [
        [row for row in some if languages.get((row["platform"], row["post_id"])) in asked]
        if asked
        else some
        for some, asked in zip(found, spoken, strict=True)
    ]


def _held(segment: Segment, place: int) -> set[str]:
    """The conditions on posts that are judged by rules, as `_posts_sql` names them."""
    return {f"{place} {kind}" for kind in ("hashtag", "topic") if segment.values(kind)}


def _posts_sql(snapshot: Snapshot, segments: Sequence[Segment]) -> str:
    """Posts with their total figures, and which conditions each meets."""
    rules = active(
        [
            Campaign(f"{place} {kind}", f"{place} {kind}", rules=tuple(
                Rule(as_rule, value) for value in segment.values(kind)
            ))
            for place, segment in enumerate(segments)
            for kind, as_rule in (("hashtag", "hashtag"), ("topic", "words"))
            if segment.values(kind)
        ]
    )  # fmt: skip
    known = kept.posts(snapshot)
    totals = [f"{kept.total(name, known.figures)} AS {name}" for name in _FIGURES]
    figures = ", ".join([*totals, _reach(known.figures)])
    return f"""{matches(rules, needles(snapshot, rules))},
    held AS (SELECT pairs.platform, coalesce(aliases.post_id, pairs.post_id) AS post_id,
        list(DISTINCT rules.campaign_id) AS held
        FROM pairs JOIN rules USING (rank) LEFT JOIN aliases
        ON aliases.platform = pairs.platform AND aliases.alias = pairs.post_id GROUP BY ALL)
    SELECT p.platform, p.post_id, p.account_id, published_on AS day, held, {figures}
    FROM {known.name} p
    JOIN accounts a ON a.platform = p.platform AND a.account_id = p.account_id
        AND a.is_removed IS NOT true AND list_contains($roles, a.role)
    LEFT JOIN held ON held.platform = p.platform AND held.post_id = p.post_id
    WHERE ($first::DATE IS NULL OR published_on >= $first)
        AND ($last::DATE IS NULL OR published_on <= $last)
    ORDER BY published_on, p.platform, p.post_id"""


def _reach(known: frozenset[str]) -> str:
    """SQL of the bounds of reach: that of two deliveries is not added.

    What is measured of one is a least, and a most of a whole without the other.
    """
    organic, paid, total = (
        f"reach_{one}" if f"reach_{one}" in known else "NULL::BIGINT" for one in "opt"
    )
    return (
        f"greatest({organic}, {paid}, {total}) AS reach_lower, coalesce({total}, "
        f"CASE WHEN has_paid IS NOT true THEN {organic} END) AS reach_upper"
    )


def _languages(snapshot: Snapshot, rows: Sequence[Row]) -> dict[tuple[str, str], str | None]:
    """The language of posts: as the platform says, else as the text reads."""
    from audiences.texts.languages import language
    from audiences.texts.tokens import tokens

    ids = sorted({row["post_id"] for row in rows})
    found: dict[tuple[str, str], str | None] = {}
    for row in kept.about(snapshot, ids, ("language", "text")):
        said = (row["language"] or "").split("-")[0].lower()
        read = language(tokens(row["text"]).words) if row["text"] and not said else None
        found[row["platform"], row["post_id"]] = said or read
    return found


def of_posts(rows: Iterable[Row], found: Mapping[str, People] | None) -> dict[str, Figures]:
    """Figures of posts by platform; of a group of people the part that it is of each audience."""
    made: dict[str, Figures] = {}
    for row in rows:
        known = found.get(row["platform"]) if found is not None else None
        share = known.by_account.get(row["account_id"]) if known else None
        if found is not None and share is None:
            continue
        one = made.setdefault(row["platform"], Figures(posts=0))
        one.add(row, 1.0 if share is None else share)
        one.posts = (one.posts or 0) + 1
    return made
