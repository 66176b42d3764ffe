"""Lines of the lists that people keep (costs, placements, outcomes), stated one at a time.

A line has the key that the list of the same name would give it: its own number, else a hash of
what it is about. So a line that is stated here and one that is imported later are the same row,
and the newest counts. A changed line keeps its key. Every change can be undone like an import.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.definitions.campaign import Campaign, same_name
from campaigns.definitions.lines import Row, checked_line
from campaigns.definitions.stated import by_name
from campaigns.definitions.stating import lock, state
from campaigns.definitions.versions import check_version
from campaigns.errors import N_, BadFields, Message, UnknownName
from campaigns.schema import TABLES
from campaigns.store import Snapshot, Store

SOURCE = "dashboard"
"""The list in which a line stands that is in no list of its own."""

Part = tuple[str, float | None]
"""A campaign as entered, and the part of a cost that it bears (None: not said)."""

_SHARE = re.compile(r"(?s)(.*?)(?:=\s*([0-9]*[.,]?[0-9]+)\s*(%?))?")


@dataclass(frozen=True)
class Record:
    """A kind of line: its table, the fields that people state, and those that it cannot do without.

    ``number`` is the field of its own number. ``about`` makes the key of a line that has none.
    """

    table: str
    fields: tuple[str, ...]
    required: tuple[str, ...]
    about: Callable[[Row, Sequence[Campaign]], list[object]]
    has_source: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one line from all others."""
        return TABLES[self.table].key


def _about_cost(row: Row, known: Sequence[Campaign]) -> list[object]:
    names = {campaign.campaign_id: campaign.name for campaign in known}
    bearers = "".join(f"{names.get(name, name)};" for name, _part in parts(row["shares"]))
    who = " ".join(one for one in (row["account_id"], row["ambassador"]) if one)
    invoice = supplier = None  # columns that a list may have and the table has not
    return [bearers, row["kind"], row["description"], invoice, supplier, row["platform"], who,
            row["hours"] is not None, row["first_day"], row["last_day"]]  # fmt: skip


def _about_placement(row: Row, _known: Sequence[Campaign]) -> list[object]:
    return [row[name] for name in ("campaign", "medium", "title", "first_day", "last_day")]


def _about_outcome(row: Row, _known: Sequence[Campaign]) -> list[object]:
    return [row[name] for name in ("campaign", "outcome", "unit", "measured_by", "day")]


RECORDS: Mapping[str, Record] = {
    record.table: record
    for record in (
        Record(
            "costs",
            ("shares", "kind", "description", "amount", "currency", "vat", "hours", "rate",
             "first_day", "last_day", "platform", "account_id", "ambassador"),
            ("first_day",),
            _about_cost,
        ),
        Record(
            "media_placements",
            ("campaign", "medium", "title", "first_day", "last_day", "insertions", "circulation",
             "circulation_source", "readership", "readership_source", "amount", "currency", "vat"),
            ("first_day",),
            _about_placement,
            has_source=False,
        ),
        Record(
            "outcomes",
            ("campaign", "outcome", "value", "unit", "day", "measured_by"),
            ("outcome", "value", "day"),
            _about_outcome,
        ),
    )
}  # fmt: skip
"""The kinds of lines, by table."""


# --- reading


def records(snapshot: Snapshot, table: str) -> list[Row]:
    """All lines of a table that stand, the newest days first."""
    day = "day" if table == "outcomes" else "first_day"
    keys = ", ".join(RECORDS[table].key)
    return [
        _plain(row) for row in snapshot.rows(f"SELECT * FROM {table} ORDER BY {day} DESC, {keys}")
    ]


def record(snapshot: Snapshot, table: str, key: Sequence[str]) -> Row | None:
    """The line of this key; None when there is none, or no more."""
    names = RECORDS[table].key
    where = " AND ".join(f"{name} = ${name}" for name in names)
    found = snapshot.rows(
        f"SELECT * FROM {table} WHERE {where}", dict(zip(names, key, strict=True))
    )
    return _plain(found[0]) if found else None


def outcomes_named(snapshot: Snapshot) -> list[str]:
    """What has been counted so far: the names of results."""
    rows = snapshot.rows(
        "SELECT DISTINCT outcome FROM outcomes WHERE outcome IS NOT NULL ORDER BY outcome"
    )
    return [row["outcome"] for row in rows]


def _plain(row: Row) -> Row:
    hidden = {"import_id", "collected_at", "is_removed"}
    return {name: value for name, value in row.items() if name not in hidden}


def parts(shares: str | None) -> list[Part]:
    """Which campaigns bear a cost, and which part.

    >>> parts("Zomer=0.6; Winter=40%;Herfst")
    [('Zomer', 0.6), ('Winter', 0.4), ('Herfst', None)]
    """
    found: list[Part] = []
    for text in (shares or "").split(";"):
        if text.strip() and (match := _SHARE.fullmatch(text.strip())):
            number = None if match[2] is None else float(match[2].replace(",", "."))
            part = number / 100 if number is not None and match[3] else number
            found.append((match[1].strip(), part))
    return found


def shares(given: Sequence[Part]) -> str | None:
    """Parts as they are stored; raises `BadFields` unless they add up to 1.

    One campaign without a part bears all; several without any part bear as much as each other.

    >>> shares([("Zomer", 0.25), ("Winter", 0.75)])
    'Zomer=0.25;Winter=0.75'
    """
    if not given:
        return None
    names = [same_name(name) for name, _part in given]
    if len(set(names)) < len(names):
        raise BadFields(fields={"shares": Message(N_("a campaign stands here twice"))})
    if all(part is None for _name, part in given):
        given = [(name, 1 / len(given)) for name, _part in given]
    total = sum(part or 0.0 for _name, part in given)
    if any(part is None or not 0 < part <= 1 for _name, part in given) or abs(total - 1) > 0.005:
        reason = Message(N_("the parts of the campaigns do not sum to 100%"))
        raise BadFields(fields={"shares": reason})
    return ";".join(f"{name}={round((part or 0) / total, 6):g}" for name, part in given)


def entered(name: str, known: Sequence[Campaign]) -> str:
    """A campaign as a line names it: by its id, which stays when the campaign gets another name.

    >>> entered("Zomer 2025", [Campaign("Zomer 2025", "zomer-2025")])
    'zomer-2025'
    """
    return by_name(known).get(same_name(name), name)


# --- stating


def save(
    store: Store,
    table: str,
    given: Mapping[str, object],
    key: Sequence[str] | None = None,
    carried: str | None = None,
    known: Sequence[Campaign] = (),
) -> Row:
    """State a line, new (``key`` None) or instead of the one of that key; returns what stands then.

    Of a new line ``source`` and ``number`` may be given: the list, and its number in that list.
    ``carried`` is the version of the line that was looked at. Raises `BadFields`,
    `ChangedMeanwhile`.
    """
    kind = RECORDS[table]
    row = checked_line(table, kind.fields, kind.required, given)
    with lock(store):
        if key is None:
            key = _new_key(kind, given, row, known)
            before = store.read(lambda snapshot: record(snapshot, table, key))
            if before is not None:
                reason = Message(
                    N_("this line is there already; if it is another one, give it a number")
                )
                raise BadFields(fields={"number": reason})
        else:
            before = store.read(lambda snapshot: record(snapshot, table, key))
            check_version(before, carried)
        row = {**dict(zip(kind.key, key, strict=True)), **row}
        if row != before:
            state(store, {table: [row]}, f"{table} {'add' if before is None else 'edit'}")
    return row


def remove(store: Store, table: str, key: Sequence[str], carried: str | None = None) -> Row:
    """Take a line out; its history stays. Raises `UnknownName`, `ChangedMeanwhile`."""
    with lock(store):
        row = store.read(lambda snapshot: record(snapshot, table, key))
        if row is None:
            raise UnknownName(kind=Message(N_("line")), name=" ".join(key), known="-")
        check_version(row, carried)
        state(store, {table: [{**row, "is_removed": True}]}, f"{table} remove")
    return row


def _new_key(
    kind: Record, given: Mapping[str, object], row: Row, known: Sequence[Campaign]
) -> list[str]:
    """The key as the list of that name gives it: see the module."""
    source = same_name(str(given.get("source") or "")) or SOURCE
    number = str(given.get("number") or "").strip()
    if not kind.has_source:
        return [f"{source} {number}" if number else _hash(kind.about(row, known))]
    return [source, number or _hash(kind.about(row, known))]


def _hash(about: Sequence[object]) -> str:
    texts = [
        "" if one is None else str(one).lower() if isinstance(one, bool) else str(one)
        for one in about
    ]
    joined = "\x1f".join(text.strip(" ").lower() for text in texts)
    return hashlib.md5(joined.encode(), usedforsecurity=False).hexdigest()
