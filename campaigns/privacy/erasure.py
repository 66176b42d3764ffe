"""Erasing a person for good, and keeping the person out.

A tombstone is a keyed hash of an account or of a name. It names nobody, and every import is
compared with it: neither the same file again, nor a newer export, nor undoing brings back a row.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.errors import N_, ErasedPerson, Message
from campaigns.privacy import people, raw
from campaigns.privacy.key import Key, key
from campaigns.privacy.masking import hashed
from campaigns.privacy.people import Person, phrase
from campaigns.schema import PLATFORMS, TABLES
from campaigns.store import Change, Engine, Snapshot, Store, typed_nulls

REASONS = {"erased": N_("asked to be erased"), "withdrawn": N_("withdrew as an ambassador")}
"""Why somebody was taken out."""
_DIGITS = 32
_SOCIAL = tuple(PLATFORMS[:4])


@dataclass(frozen=True)
class Erased:
    """What an erasure did.

    The accounts taken out, the rows changed per table, and ``held``: how many old files
    another program holds, so that they are not deleted yet.
    """

    accounts: tuple[tuple[str, str], ...]
    rows: Mapping[str, int]
    held: int


def find(store: Store, name: str, also: Iterable[str] = (), platform: str | None = None) -> Person:
    """Who is meant by a handle or name: all accounts of that person, and all names.

    Of a handle that is not registered the accounts of that name on every platform are meant.
    """
    wanted = {phrase(one) for one in (name, *also)} - {""}
    rows = store.read(_registered)
    handles = {one.strip().removeprefix("@").casefold() for one in (name, *also)}
    found = [
        row
        for row in rows
        if platform in (None, row["platform"])
        and (row["account_id"] in handles or wanted & _names(row))
    ]
    same = {phrase(str(row["person"])) for row in found if row["person"]} - {""}
    found += [row for row in rows if row["person"] and phrase(str(row["person"])) in same]
    accounts = {(str(row["platform"]), str(row["account_id"])) for row in found}
    if not accounts:
        places = _SOCIAL if platform is None else (platform,)
        accounts = {(place, one) for place in places for one in handles if " " not in one}
    named = {phrase(account) for _platform, account in accounts}
    for row in found:  # a single word is many people's name
        named |= {one for one in _names(row) if " " in one}
    spelled = {*handles, *(account for _platform, account in accounts), name, *also}
    spelled |= {str(row[column]) for row in found for column in _NAMED if row[column]}
    pseudonyms: set[str] = set()
    if store.key_fingerprint is not None:  # else there are none, and asking makes no key
        secret = key(store)
        pseudonyms = {secret.pseudonym(one) for one in spelled}
    return Person(frozenset(accounts), frozenset((wanted | named) - {""}), frozenset(pseudonyms))


_NAMED = ("person", "name")


def _registered(snapshot: Snapshot) -> list[dict[str, object]]:
    return snapshot.rows(
        "SELECT DISTINCT platform, account_id, person, name FROM accounts_log ORDER BY ALL"
    )


def _names(row: Mapping[str, object]) -> set[str]:
    return {phrase(str(row[column])) for column in _NAMED if row[column]} - {""}


def erase(store: Store, person: Person, reason: str = "erased") -> Erased:
    """Take a person out of every row, file, log and kept result, and keep the person out.

    It is done when this returns; a reader that meets a vanished file starts again. Undo brings
    nothing back. Interrupted, it must be repeated.
    """
    secret, today = key(store), dt.datetime.now(dt.UTC).date()
    stones = [
        {"person": stone, "kind": kind, "words": count, "reason": reason, "erased_on": today,
         "is_lifted": False}
        for stone, kind, count in _stones(secret, person)
    ]  # fmt: skip
    log = {
        "destruction_id": uuid.uuid4().hex,
        "kind": "person",
        "reason": reason,
        "destroyed_on": today,
    }

    def plan(engine: Engine, rows: Mapping[str, str]) -> Mapping[str, Change]:
        people.find_posts(engine, person, rows["posts"])
        return people.changes(person)

    moment = store.read(lambda snapshot: _after(snapshot, [one["person"] for one in stones]))
    stones = [{**stone, "collected_at": moment} for stone in stones]
    with raw.nobody_collects(store.path):
        counts, held = store.destroy({"erasures": stones}, log, plan, reason)
        raw.rewrite(store.path, raw.without_person(person))
        raw.forget(store.path, {account for _platform, account in person.accounts})
    return Erased(tuple(sorted(person.accounts)), counts, held)


def _after(snapshot: Snapshot, stones: Sequence[object]) -> dt.datetime:
    """A moment that makes a statement about these the newest, also when a clock was set back."""
    now = dt.datetime.now(dt.UTC)
    last = snapshot.value(
        "SELECT max(collected_at) FROM erasures_log WHERE list_contains($stones, person)",
        {"stones": list(stones)},
    )
    return now if last is None else max(now, last + dt.timedelta(microseconds=1))


def _stones(secret: Key, person: Person) -> list[tuple[str, str, int]]:
    accounts = [_of_account(secret, *one) for one in sorted(person.accounts)]
    phrases = [(_of_phrase(secret, one), len(one.split())) for one in sorted(person.phrases)]
    return [(stone, "account", 1) for stone in accounts] + [
        (stone, "phrase", count) for stone, count in phrases
    ]


def _of_account(secret: Key, platform: str, account: str) -> str:
    return secret.hashed(f"erased account {platform}/{account}")[:_DIGITS]


def _of_phrase(secret: Key, one: str) -> str:
    return secret.hashed(f"erased phrase {one}")[:_DIGITS]


# --- keeping the person out ------------------------------------------------------------------


@dataclass(frozen=True)
class Tombstones:
    """Those who must not come back: hashes, and of how many words their names are."""

    number: int = -1
    hashes: frozenset[str] = frozenset()
    lengths: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hashes)


def tombstones(store: Store) -> Tombstones:
    """The tombstones of a store; ``number`` changes when there are new ones."""
    number = store.number_of("erasures")
    if number < 0:
        return Tombstones()
    rows = store.read(lambda snapshot: snapshot.rows(_STANDING))
    lengths = {int(row["words"]) for row in rows if row["kind"] == "phrase"}
    hashes = frozenset(str(row["person"]) for row in rows)
    return Tombstones(number, hashes, tuple(sorted(lengths)))


_STANDING = "SELECT person, kind, words FROM erasures WHERE is_lifted IS NOT TRUE"


def recalled(
    engine: Engine, secret: Key, stones: Tombstones, queries: Mapping[str, Sequence[str]]
) -> Person:
    """Who of those taken out is named in rows that are about to be written.

    ``queries`` gives SQL per table. The engine has the key (`campaigns.privacy.prepare`).
    """
    if not stones:
        return Person()
    accounts: set[tuple[str, str]] = set()
    phrases: set[str] = set()
    for name, parts in queries.items():
        table = TABLES[name]
        rows = " UNION ALL BY NAME ".join([typed_nulls(table), *(f"({part})" for part in parts)])
        if {"platform", "account_id"} <= set(table.names):
            there = engine.execute(f"SELECT DISTINCT platform, account_id FROM ({rows})").fetchall()
            accounts |= {
                (p, a)
                for p, a in there  # an @ marks accounts that are about to become pseudonyms
                if a and _of_account(secret, p, a.removeprefix("@")) in stones.hashes
            }
        phrases |= _phrases(engine, stones, people.texts(table), rows)
    if accounts or phrases:
        phrases |= {phrase(account) for _platform, account in accounts} - {""}
    return Person(frozenset(accounts), frozenset(phrases))


def _phrases(engine: Engine, stones: Tombstones, columns: Sequence[str], rows: str) -> set[str]:
    found: set[str] = set()
    listed = ", ".join(f"'{stone}'" for stone in sorted(stones.hashes))
    for length in stones.lengths:
        pieces = f"list_transform(range(1, len(w) - {length - 2}), lambda i: " + (
            f"array_to_string(w[i : i + {length - 1}], ' '))"
        )
        every = " UNION ALL ".join(
            f"SELECT {people.words(column)} AS w FROM ({rows}) WHERE {column} IS NOT NULL"
            for column in columns
        )
        stone = f"left({hashed(_TEXT)}, {_DIGITS})"
        found |= {
            one
            for (one,) in engine.execute(
                f"SELECT p FROM (SELECT DISTINCT unnest({pieces}) AS p FROM ({every})) "
                f"WHERE {stone} IN ({listed})"
            ).fetchall()
        }
    return found


_TEXT = "'erased phrase ' || p"


def is_erased(stones: Tombstones, secret: Key, platform: str, name: str) -> bool:
    """Whether an account, or without a platform a name of some words, was taken out."""
    if not stones:
        return False
    if not platform:
        return _of_phrase(secret, name) in stones.hashes
    return _of_account(secret, platform, name.casefold()) in stones.hashes


def check(store: Store, platform: str, account: str) -> None:
    """Raise `ErasedPerson` for an account whose person was taken out."""
    for row in _standing(store, platform, account):
        raise ErasedPerson(day=row["erased_on"], reason=Message(REASONS[str(row["reason"])]))


def lift(store: Store, platform: str, account: str) -> None:
    """Let an account come back: its person has agreed anew. Names stay out of texts."""
    standing = _standing(store, platform, account)
    if standing:
        moment = store.read(lambda snapshot: _after(snapshot, [row["person"] for row in standing]))
        rows = [{**row, "is_lifted": True, "collected_at": moment} for row in standing]
        store.state({"erasures": rows}, "ambassadors opt-in")


def _standing(store: Store, platform: str, account: str) -> list[dict[str, object]]:
    if store.number_of("erasures") < 0:
        return []
    secret = key(store)
    handle = account.strip().removeprefix("@").casefold()
    hashes = [_of_account(secret, platform, handle), _of_phrase(secret, phrase(handle))]
    return store.read(
        lambda snapshot: snapshot.rows(
            "SELECT person, kind, words, reason, erased_on FROM erasures "
            "WHERE is_lifted IS NOT TRUE "
            "AND list_contains($hashes, person) ORDER BY kind",
            {"hashes": hashes},
        )
    )
