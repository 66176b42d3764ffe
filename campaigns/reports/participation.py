"""How many colleagues take part and are active, and which kinds of media they share.

Both go by the pieces of `campaigns.reports.ambassadors`: who is active is known of spans with at
least five people, so no two periods differ by one person. Of unnamed people the number of active
ones goes down to a multiple of five: neither they nor those who did nothing become a small group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns import privacy
from campaigns.reports import kept
from campaigns.reports.ambassadors import (
    OTHERS,
    SMALLEST_GROUP,
    Person,
    prepare,
    who_of,
)
from campaigns.reports.plan import on_platforms
from campaigns.reports.question import Question
from campaigns.store import Snapshot

_STEPS = 20


@dataclass(frozen=True)
class Part:
    """How many people take part, and at least how many were active; null is not shown."""

    people: int | None = None
    active: int | None = None


@dataclass(frozen=True)
class Participation:
    """Who takes part by row of the report, all of them together, and the kinds of media shared.

    ``media`` has the part of the posts of each kind that at least five people shared, in steps of
    a twentieth, the largest first.
    """

    by_row: Mapping[str, Part]
    total: Part
    media: tuple[tuple[str, float], ...]


def participation(
    snapshot: Snapshot,
    accounts: Sequence[Mapping[str, Any]],
    everyone: Sequence[Person],
    question: Question,
) -> Participation:
    """Who takes part now and was active under the filters of a question, spelled as the store does.

    ``accounts`` and ``everyone`` are what `registered` and `people` give.
    """
    members = _members(accounts, everyone, question)
    counted = _counted(snapshot, everyone, question)
    active: defaultdict[str, set[str]] = defaultdict(set)
    for one, _row in counted:
        active[str(one.group)].add(one.who)
    named = {one.group for one in everyone if one.is_named and one.group}
    parts = {
        group: _part(whos, active[group], is_named=group in named)
        for group, whos in members.items()
    }
    shown = [group for group, part in parts.items() if part.people is not None]
    unnamed = [group for group in shown if group not in named]
    least = _fives(set[str]().union(*(active[group] for group in unnamed)))
    total = Part(
        len(set[str]().union(*(members[group] for group in shown))),
        least + sum(len(active[group]) for group in shown if group in named),
    )
    return Participation(parts, total, _media(counted))


def _part(members: set[str], active: set[str], *, is_named: bool) -> Part:
    if is_named:
        return Part(len(members), len(active & members))
    if len(members) < SMALLEST_GROUP:
        return Part()
    return Part(len(members), _fives(active))


def _fives(whos: set[str]) -> int:
    """A number of unnamed people, down to a multiple of five.

    >>> _fives({"a", "b", "c", "d"}), _fives(set("abcdefg"))
    (0, 5)
    """
    return len(whos) // SMALLEST_GROUP * SMALLEST_GROUP


def _members(
    accounts: Iterable[Mapping[str, Any]], everyone: Iterable[Person], question: Question
) -> dict[str, set[str]]:
    """The people of each row, also those who agreed and never did anything.

    Whatever the filters: how many are on one platform would tell how few are not.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    shown = [one for one in everyone if one.group]
    named = {one.who: one.group for one in shown if one.is_named}
    for one in shown:
        found[str(one.group)].add(one.who)
    for row in accounts:
        if row["role"] != "ambassador" or not privacy.takes_part(row):
            continue
        who = who_of(row)
        team = str(row["team"]) if row["team"] in found else OTHERS
        group = named.get(who, team)
        if group in found:
            found[str(group)].add(who)
    if question.ambassador is not None:
        return {group: whos for group, whos in found.items() if group == question.ambassador}
    return dict(found)


# --- who was active --------------------------------------------------------------------------

_SHARED = (
    "SELECT p.platform, p.post_id, p.account_id, p.published_on, p.media_type, p.campaign_id, "
    "s.first_day, s.last_day, s.has_campaign, s.has_group FROM {posts} p JOIN accounts w "
    "ON w.platform = p.platform AND w.account_id = p.account_id AND w.role = 'ambassador' "
    "LEFT JOIN person_posts s ON s.platform = p.platform AND s.post_id = p.post_id"
)


def _counted(
    snapshot: Snapshot, everyone: Sequence[Person], question: Question
) -> list[tuple[Person, Mapping[str, Any]]]:
    """The posts of people that count in the rows of a question, with whose they are."""
    if not any(one.group for one in everyone):
        return []
    posts = kept.posts(snapshot).name
    view = snapshot.cached(
        "shared_posts",
        _SHARED.format(posts=posts),
        lambda: prepare(snapshot, everyone, posts),
    )
    given = {
        "first": question.first,
        "last": question.last,
        "campaign": question.campaign,
        "platforms": list(question.platforms),
        "named": [f"{p.platform}/{p.account_id}" for p in everyone if p.group and p.is_named],
    }
    span = (
        "(($first::DATE IS NULL OR {0} >= $first) AND ($last::DATE IS NULL OR {1} <= $last))".format
    )
    of_group = f"has_group AND {span('first_day', 'last_day')}"
    if question.campaign is not None:
        of_group += " AND has_campaign"
    of_person = "list_contains($named, platform || '/' || account_id) AND " + span(
        "published_on", "published_on"
    )
    rows = snapshot.rows(
        f"SELECT DISTINCT platform, post_id, account_id, media_type FROM {view} "
        f"WHERE (({of_group}) OR ({of_person})) "
        "AND ($campaign::VARCHAR IS NULL OR campaign_id = $campaign) "
        f"AND (len($platforms) = 0 OR {on_platforms('platform')}) ORDER BY ALL",
        given,
    )
    persons = {(one.platform, one.account_id): one for one in everyone}
    found = [(persons[row["platform"], row["account_id"]], row) for row in rows]
    return [pair for pair in found if question.ambassador in (None, pair[0].group)]


def _media(
    counted: Iterable[tuple[Person, Mapping[str, Any]]],
) -> tuple[tuple[str, float], ...]:
    posts: defaultdict[tuple[str, bool], int] = defaultdict(int)
    whos: defaultdict[tuple[str, bool], set[str]] = defaultdict(set)
    for one, row in counted:
        if row["media_type"]:
            key = str(row["media_type"]).strip().lower(), one.is_named
            posts[key] += 1
            whos[key].add(one.who)
    shown: defaultdict[str, int] = defaultdict(int)
    for (kind, is_named), count in posts.items():
        if is_named or len(whos[kind, is_named]) >= SMALLEST_GROUP:
            shown[kind] += count
    total = sum(shown.values())
    shares = ((kind, round(count / total * _STEPS) / _STEPS) for kind, count in shown.items())
    return tuple(sorted(shares, key=lambda pair: (-pair[1], pair[0])))
