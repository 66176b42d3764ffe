"""What sharing by colleagues adds: the ambassadors' report, beside the own accounts.

It is made of reports by ambassador, so every figure is one that such a report may show (see
`campaigns.reports.ambassadors`): teams of at least five, a name only with permission, and nothing
to be found by subtracting. It adds what a plain report does not say: gross, net and incremental
reach as bounds, how many take part, what is shared, and what the same delivery costs as ads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from campaigns.errors import N_, Message
from campaigns.reports.ambassadors import (
    OTHERS,
    Person,
    bearers,
    people,
    registered,
)
from campaigns.reports.participation import Part, participation
from campaigns.reports.prices import Price, Replacement, own_prices, replacement
from campaigns.reports.question import Question
from campaigns.reports.report import Report, answer, resolved
from campaigns.reports.sharing_rows import (
    COUNTS,
    MONEY,
    Kind,
    Row,
    added,
    beside,
    made,
    total_of,
)
from campaigns.store import Snapshot, Store
from campaigns.translations import say

_REACH = ("reach_lower", "reach_upper", "gross_reach_lower", "gross_reach_upper")


@dataclass(frozen=True)
class Shared:
    """What colleagues shared of one campaign (``campaign`` null: of none), all rows together.

    ``share`` is the part of all posts of colleagues that are shown by campaign.
    """

    campaign: str | None
    posts: int
    share: float
    impressions: int | None
    engagements: int | None


@dataclass(frozen=True)
class KindOfMedia:
    """How much of the posts is of one kind (image, video …), in steps of a twentieth.

    Of posts whose kind the platform states, and of kinds that at least five people shared.
    """

    media: str
    share: float


@dataclass(frozen=True)
class Sharing:
    """The ambassadors' report.

    ``rows`` by most impressions first; ``total`` is their sum, so what is shown nowhere is in no
    total either; ``own`` is all else in the store under the same question: the own accounts and
    the costs that no ambassador bears. ``total`` is null when nobody is shown.
    """

    question: Question
    rows: tuple[Row, ...]
    total: Row | None
    own: Row | None
    campaigns: tuple[Shared, ...]
    media: tuple[KindOfMedia, ...]
    prices: tuple[Price, ...]
    notes: tuple[Message, ...]

    def as_json(self) -> dict[str, Any]:
        """The report as plain data, in the user's language."""
        q = self.question
        return {
            "campaign": q.campaign,
            "platforms": list(q.platforms),
            "period": [day and day.isoformat() for day in (q.first, q.last)],
            "rows": [plain(row) for row in self.rows],
            "total": self.total and plain(self.total),
            "own": self.own and plain(self.own),
            "campaigns": [asdict(one) for one in self.campaigns],
            "media": [asdict(one) for one in self.media],
            "prices": [{**asdict(one), "basis": say(one.basis)} for one in self.prices],
            "notes": [say(note) for note in self.notes],
        }


def plain(row: Row) -> dict[str, Any]:
    """A row as plain data, with its active share."""
    data = {**asdict(row), "active_share": row.active_share, "partial": list(row.partial)}
    if row.replacement is not None:
        data["replacement"] = row.replacement.as_json()
    return data


def sharing(store: Store, question: Question, prices: Sequence[Price] = ()) -> Sharing:
    """The ambassadors' report of a store.

    Of the question count the period, ``campaign``, ``platforms``, ``ambassador`` (one team or named
    colleague), ``universe``, ``currency`` and ``rates``; groupings and metrics are its own.
    ``prices`` are published prices of ads beside the own ones. Raises as `campaigns.reports.report`
    does: `ImpossibleQuestion`, `MixedCurrencies`, `UnknownCampaign`, `UnknownName`.
    """
    return store.read(lambda snapshot: shared(snapshot, question, prices))


def shared(snapshot: Snapshot, question: Question, prices: Sequence[Price] = ()) -> Sharing:
    """As `sharing`, from a snapshot that is open already."""
    question.check()
    asked = replace(
        resolved(snapshot, question), by=(), metrics=(), delivery="total", accounting="published",
        compare=None, account=None,
    )  # fmt: skip
    whole = _answer(snapshot, asked, ("ambassador",), *COUNTS, "er_impressions", *_REACH, *MONEY)
    accounts = registered(snapshot)
    everyone = people(accounts)
    taking = participation(snapshot, accounts, everyone, asked)
    found = {row["ambassador"]: row for row in whole.rows}
    own = made(found.get(None, {}), None, "own") if asked.ambassador is None else None
    rows = [
        made(row, name, _kind(name, everyone), taking.by_row.get(name, Part()))
        for name, row in found.items()
        if name is not None
    ]
    every = [*rows, total_of(rows, asked.universe, taking.total)] if rows else []
    priced = (*own_prices(snapshot, asked), *prices)
    is_anybody_shown = any(one.group for one in everyone)
    worths = _replacements(snapshot, asked, priced) if is_anybody_shown else {}
    done = [
        replace(beside(row, own, asked.universe), replacement=worths.get(row.name)) for row in every
    ]
    return Sharing(
        asked,
        rows=tuple(done[:-1]),
        total=done[-1] if done else None,
        own=own,
        campaigns=_campaigns(snapshot, asked) if is_anybody_shown else (),
        media=tuple(KindOfMedia(*pair) for pair in taking.media),
        prices=priced,
        notes=(*whole.notes, *_notes(snapshot, asked, done, bearers(accounts, everyone))),
    )


def _answer(snapshot: Snapshot, question: Question, by: tuple[str, ...], *metrics: str) -> Report:
    asked = replace(question, by=by, metrics=metrics)
    asked.check()
    return answer(snapshot, asked)


def _kind(name: str, everyone: Sequence[Person]) -> Kind:
    if name == OTHERS:
        return "others"
    return "person" if any(one.is_named and one.group == name for one in everyone) else "team"


def _replacements(
    snapshot: Snapshot, asked: Question, prices: Sequence[Price]
) -> dict[str | None, Replacement | None]:
    """The replacement value of every row by its name, and of all together under None."""
    names = ("impressions", "clicks", "gross_reach_lower", "gross_reach_upper")
    found = _answer(snapshot, asked, ("ambassador", "platform"), *names).rows
    by_row: defaultdict[str | None, list[dict[str, Any]]] = defaultdict(list)
    by_platform: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        if row["ambassador"] is not None:
            by_row[row["ambassador"]].append(row)
            by_platform[row["platform"]].append(row)
    by_row[None] = [
        {"platform": platform, **{name: added([row[name] for row in rows]) for name in names}}
        for platform, rows in by_platform.items()
    ]
    return {name: replacement(rows, prices, asked) for name, rows in by_row.items()}


def _campaigns(snapshot: Snapshot, asked: Question) -> tuple[Shared, ...]:
    rows = _answer(
        snapshot, asked, ("campaign", "ambassador"), "impressions", "engagements"
    ).rows  # fmt: skip
    theirs: defaultdict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["ambassador"] is not None and row["posts"]:
            theirs[row["campaign"]].append(row)
    posts = {name: sum(row["posts"] for row in found) for name, found in theirs.items()}
    done = [
        Shared(
            name,
            posts[name],
            posts[name] / sum(posts.values()),
            *(added([row[one] for row in found]) for one in ("impressions", "engagements")),  # type: ignore[arg-type]
        )
        for name, found in theirs.items()
    ]
    return tuple(sorted(done, key=lambda one: (-one.posts, one.campaign or "")))


# --- what a reader must know -----------------------------------------------------------------


def _notes(
    snapshot: Snapshot, asked: Question, rows: Sequence[Row], known: Mapping[str, str]
) -> Iterator[Message]:
    if not rows:
        yield Message(
            N_("No ambassadors can be shown: that takes at least five who agreed and shared "
               "something, or a permission to name one.")
        )  # fmt: skip
        return
    if not any(row.net.is_measured for row in rows):
        yield Message(
            N_("Reach of what colleagues shared is not measured: X and LinkedIn do not report it "
               "per post. At most it is the impressions.")
        )  # fmt: skip
    if any(row.active is not None and row.kind != "person" for row in rows):
        yield Message(
            N_("How many were active is a least, by fives: neither those who were active nor "
               "those who were not may become a group of fewer than five.")
        )  # fmt: skip
    missing = {name for row in rows if row.replacement for name in row.replacement.missing}
    unpriced = any(row.replacement is None and row.impressions for row in rows)
    if missing or unpriced:
        yield Message(
            N_("Of some platforms no price of ads is known: what was shared there has no "
               "replacement value.")
        )  # fmt: skip
    if any(row.replacement for row in rows):
        yield Message(
            N_("A replacement value is what the same delivery costs as ads. It is no result, and "
               "depends on the formula.")
        )  # fmt: skip
    if hidden := _hidden_costs(snapshot, asked, known):
        yield Message(
            N_("{n} costs name a team or colleague that is not shown: they stay costs of the "
               "organisation."), {"n": hidden},
        )  # fmt: skip


def _hidden_costs(snapshot: Snapshot, asked: Question, known: Mapping[str, str]) -> int:
    count: int = snapshot.value(
        "SELECT count(DISTINCT (source, row_id)) FROM costs WHERE ambassador IS NOT NULL "
        "AND NOT list_contains($known, ltrim(lower(trim(ambassador)), '@')) "
        "AND ($first::DATE IS NULL OR first_day >= $first) "
        "AND ($last::DATE IS NULL OR last_day <= $last)",
        {"known": list(known), "first": asked.first, "last": asked.last},
    )
    return count
