"""How long each kind of data is kept, and its destruction when its time is over."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campaigns.errors import N_
from campaigns.privacy import raw
from campaigns.privacy.erasure import erase
from campaigns.privacy.masking import Runs
from campaigns.privacy.people import Person, phrase
from campaigns.store import Change, Snapshot, Store

Plan = Callable[[Runs, Mapping[str, str], dt.date], Mapping[str, Change]]
"""From an engine, SQL for all rows per table, and a day: what was older than it and must go."""

_POST = "platform || '/' || post_id"
_ACCOUNT = "platform || '/' || account_id"


@dataclass(frozen=True)
class Kind:
    """One kind of data: what it is, why it is held, and for how many days (null: no limit).

    ``plan`` says what is destroyed when its time is over; ``tables`` where it is held.
    """

    name: str
    what: str
    why: str
    tables: tuple[str, ...]
    days: int | None = None
    plan: Plan | None = None


def _others(engine: Runs, rows: Mapping[str, str], before: dt.date) -> Mapping[str, Change]:
    """Reposts and posts of accounts that belong neither to the organisation nor to its people."""
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE posts_of_others AS SELECT DISTINCT {_POST} AS post "
        f"FROM ({rows['posts']}) WHERE published_on < DATE '{before}' AND (is_repost OR {_ACCOUNT} "
        f"IN (SELECT {_ACCOUNT} FROM ({rows['accounts']}) WHERE role IN ('peer', 'organisation')))"
    )
    held = "coalesce(text, url, links, author) IS NOT NULL"
    where = f"{held} AND {_POST} IN (SELECT post FROM posts_of_others)"
    return {"posts": (where, _emptied(where, ("text", "url", "links", "author")))}


def _authors(_engine: Runs, _rows: Mapping[str, str], before: dt.date) -> Mapping[str, Change]:
    where = f"author IS NOT NULL AND published_on < DATE '{before}'"
    return {"posts": (where, _emptied(where, ("author",)))}


def _colleagues(engine: Runs, rows: Mapping[str, str], before: dt.date) -> Mapping[str, Change]:
    """What colleagues' accounts did so long ago."""
    theirs = (
        f"{_ACCOUNT} IN (SELECT {_ACCOUNT} FROM ({rows['accounts']}) WHERE role = 'ambassador')"
    )
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE colleagues AS SELECT DISTINCT {_ACCOUNT} AS account "
        f"FROM ({rows['accounts']}) WHERE {theirs}"
    )
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE old_posts AS SELECT DISTINCT {_POST} AS post "
        f"FROM ({rows['posts']}) WHERE published_on < DATE '{before}' "
        f"AND {_ACCOUNT} IN (SELECT account FROM colleagues)"
    )
    gone = f"{_POST} IN (SELECT post FROM old_posts)"
    names = ("posts", "post_metrics", "post_days", "post_aliases", "campaign_posts", "image_posts")
    changes: dict[str, Change] = {name: (gone, _removed(gone)) for name in names}
    days = f"day < DATE '{before}' AND {_ACCOUNT} IN (SELECT account FROM colleagues)"
    reposts = f"collected_at < DATE '{before}' AND {_ACCOUNT} IN (SELECT account FROM colleagues)"
    changes["post_reposts"] = (reposts, _removed(reposts))
    return {**changes, "account_days": (days, _removed(days))}


def _emptied(where: str, columns: tuple[str, ...]) -> Callable[[str], str]:
    values = ", ".join(f"CASE WHEN ({where}) IS NOT TRUE THEN {c} END AS {c}" for c in columns)
    return lambda rows: f"SELECT * REPLACE ({values}) FROM {rows}"


def _removed(where: str) -> Callable[[str], str]:
    return lambda rows: f"SELECT * FROM {rows} WHERE ({where}) IS NOT TRUE"


KINDS: tuple[Kind, ...] = (
    Kind(
        "others_posts",
        N_("texts and addresses of others' posts (reposts, other organisations)"),
        N_("to know what was answered or repeated"),
        ("posts",),
        90,
        _others,
    ),
    Kind(
        "authors",
        N_("who posted for a page, as a pseudonym"),
        N_("to ask the right colleague about a post"),
        ("posts",),
        365,
        _authors,
    ),
    Kind(
        "colleagues",
        N_("posts of campaigns and day totals of colleagues who take part"),
        N_("to know what colleagues add to a campaign; never to judge them"),
        (
            "posts",
            "post_metrics",
            "post_days",
            "post_reposts",
            "post_aliases",
            "campaign_posts",
            "image_posts",
            "account_days",
        ),
        730,
        _colleagues,
    ),
    Kind(
        "ambassadors",
        N_("who takes part: account, name, team, day of agreeing, permission to be named"),
        N_("to keep only what the colleague agreed to; destroyed on withdrawal"),
        ("accounts",),
    ),
    Kind(
        "hours",
        N_("hours and costs of teams of ambassadors, and of colleagues whom a list of costs names"),
        N_("to know what sharing costs; shown of teams that are shown, and of who may be named"),
        ("costs",),
    ),
    Kind(
        "own_posts",
        N_("the organisation's own posts, with others' handles as pseudonyms"),
        N_("to report what campaigns reached"),
        ("posts",),
    ),
    Kind(
        "figures",
        N_("figures of posts, accounts, ads and audiences; no persons"),
        N_("to report what campaigns reached and cost"),
        (
            "post_metrics",
            "post_days",
            "account_days",
            "account_periods",
            "ad_periods",
            "audience_shares",
        ),
    ),
    Kind(
        "tombstones",
        N_("keyed hashes of persons who were taken out"),
        N_("to keep them out of later imports"),
        ("erasures",),
    ),
)
"""Every kind of data that may be about people. Those with a plan are destroyed in time."""


def periods(given: Mapping[str, int] | None = None) -> dict[str, int]:
    """For how many days each kind that has a limit is kept; ``given`` replaces the defaults.

    >>> periods({"authors": 30})["authors"], periods()["others_posts"]
    (30, 90)
    """
    return {kind.name: (given or {}).get(kind.name, kind.days) for kind in KINDS
            if kind.days is not None}  # fmt: skip


def due(store: Store, today: dt.date, days: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """How many rows per table are past their time, for each kind; nothing is changed."""

    return store.read(lambda snapshot: _due(snapshot, today, days))


def overdue(
    store: Store, now: dt.datetime, days: Mapping[str, int] | None = None
) -> dict[str, int]:
    """What a daily run would have destroyed by now: rows by kind; empty when it ran.

    These rows were past their time yesterday, and were in the store by then. ``withdrawn`` counts
    colleagues who withdrew by a statement.
    """
    since = now - dt.timedelta(days=1)

    def count(snapshot: Snapshot) -> dict[str, int]:
        old = f"import_id IN (SELECT import_id FROM imports WHERE recorded_at < {_moment(since)})"
        late = _due(snapshot, since.date(), periods(days), old)
        found = {kind: sum(rows.values()) for kind, rows in late.items()}
        found["withdrawn"] = len(_withdrawn(snapshot, old))
        return {kind: rows for kind, rows in found.items() if rows}

    return store.read(count)


def _moment(moment: dt.datetime) -> str:
    return f"TIMESTAMPTZ '{moment.isoformat()}'"


def _due(
    snapshot: Snapshot, today: dt.date, days: Mapping[str, int], also: str = "true"
) -> dict[str, dict[str, int]]:
    rows = {table: f"FROM {table}_log" for kind in KINDS for table in (*kind.tables, "posts")}
    found: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        if kind.plan is not None:
            changes = kind.plan(snapshot, rows, _cutoff(kind, today, days))
            counts = {
                table: int(
                    snapshot.value(f"SELECT count(*) FROM {table}_log WHERE ({where}) AND {also}")
                )
                for table, (where, _query) in changes.items()
            }
            found[kind.name] = {table: n for table, n in counts.items() if n}
    return found


def apply(store: Store, today: dt.date, days: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Destroy what is past its time, for good, and log it without naming anybody.

    Colleagues who withdrew by a statement are taken out too, and answers of platforms that are
    older than ``days["raw_answers"]`` are deleted. Returns rows per kind and table.
    """
    done = due(store, today, days)
    for kind in KINDS:
        if kind.plan is not None and done[kind.name]:
            _destroy(store, kind, today, _cutoff(kind, today, days))
    raw.expire(store.path, today - dt.timedelta(days=days.get("raw_answers", raw.DAYS)))
    if withdrawn := withdraw_stated(store):
        done["withdrawn"] = withdrawn
    return done


def withdraw_stated(store: Store) -> dict[str, int]:
    """Take out who withdrew by a statement, such as a list of ambassadors; rows per table."""
    withdrawn = store.read(_withdrawn)
    if not withdrawn:
        return {}
    person = Person(frozenset(withdrawn), frozenset(phrase(account) for _p, account in withdrawn))
    return dict(erase(store, person, "withdrawn").rows)


def _destroy(store: Store, kind: Kind, today: dt.date, before: dt.date) -> None:
    plan = kind.plan
    assert plan is not None  # noqa: S101 - the caller chose those that have one
    log = {
        "destruction_id": uuid.uuid4().hex,
        "kind": kind.name,
        "reason": "retention",
        "destroyed_on": today,
        "older_than": before,
    }
    store.destroy({}, log, lambda engine, rows: plan(engine, rows, before), "retention")


def _cutoff(kind: Kind, today: dt.date, days: Mapping[str, int]) -> dt.date:
    limit = days[kind.name]
    return today - dt.timedelta(days=min(limit, (today - dt.date.min).days))


def _withdrawn(snapshot: Snapshot, also: str = "true") -> list[tuple[str, str]]:
    rows = snapshot.rows(
        "SELECT platform, account_id FROM accounts WHERE role = 'ambassador' "
        "AND withdrawn_on IS NOT NULL AND withdrawn_on >= coalesce(opted_in_on, withdrawn_on) "
        f"AND {also} ORDER BY ALL"
    )
    return [(row["platform"], row["account_id"]) for row in rows]
