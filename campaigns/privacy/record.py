"""What is held: of everybody (the record of processing), and of one person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from campaigns.errors import N_
from campaigns.privacy import people, raw
from campaigns.privacy.people import Person
from campaigns.privacy.retention import KINDS, periods
from campaigns.schema import TABLES
from campaigns.store import Snapshot, Store
from campaigns.translations import _

_COUNTS = {
    "others_posts": "SELECT count(*) FROM posts WHERE coalesce(text, url) IS NOT NULL AND "
    "(is_repost OR (platform, account_id) IN (SELECT (platform, account_id) FROM accounts "
    "WHERE role IN ('peer', 'organisation')))",
    "authors": "SELECT count(*) FROM posts WHERE author IS NOT NULL",
    "colleagues": "SELECT (SELECT count(*) FROM posts JOIN accounts USING (platform, account_id) "
    "WHERE role = 'ambassador') + (SELECT count(*) FROM account_days "
    "JOIN accounts USING (platform, account_id) WHERE role = 'ambassador') "
    "+ (SELECT count(*) FROM post_reposts "
    "JOIN accounts USING (platform, account_id) WHERE role = 'ambassador')",
    "ambassadors": "SELECT count(*) FROM accounts WHERE role = 'ambassador'",
    "hours": "SELECT count(*) FROM costs WHERE ambassador IS NOT NULL",
    "own_posts": "SELECT count(*) FROM posts LEFT JOIN accounts USING (platform, account_id) "
    "WHERE role IS NULL OR role IN ('own', 'partner')",
    "figures": "SELECT (SELECT count(*) FROM post_metrics) + (SELECT count(*) FROM post_days) "
    "+ (SELECT count(*) FROM account_days) "
    "+ (SELECT count(*) FROM account_periods) + (SELECT count(*) FROM ad_periods) "
    "+ (SELECT count(*) FROM audience_shares)",
    "tombstones": "SELECT count(*) FROM erasures WHERE is_lifted IS NOT TRUE",
}


RAW_WHAT = N_("files with answers of platforms, without people who are not registered")
RAW_WHY = N_("to import them again without paying again")


def report(store: Store, days: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The record of processing, in the user's language: no person is named in it.

    ``held`` has for each kind of data what, why, how many days (null: no limit), tables and
    records; ``destroyed`` is the log of destruction. ``days`` replaces the usual times.
    """
    limits = periods(days)

    def ask(snapshot: Snapshot) -> dict[str, Any]:
        held = [
            {
                "kind": kind.name,
                "what": _(kind.what),
                "why": _(kind.why),
                "days": limits.get(kind.name),
                "tables": list(kind.tables),
                "records": int(snapshot.value(_COUNTS[kind.name])),
            }
            for kind in KINDS
        ]
        held.append(
            {
                "kind": "raw_answers",
                "what": _(RAW_WHAT),
                "why": _(RAW_WHY),
                "days": (days or {}).get("raw_answers", raw.DAYS),
                "tables": [],
                "records": len(raw.files(store.path)),
            }
        )
        log = snapshot.rows(
            "SELECT destroyed_on, kind, reason, older_than, rows FROM destructions ORDER BY ALL"
        )
        destroyed = [{**row, "rows": json.loads(row["rows"] or "{}")} for row in log]
        return {"held": held, "destroyed": destroyed}

    return store.read(ask)


def access(store: Store, person: Person) -> dict[str, Any]:
    """All rows that are about a person or name the person, by table: every version of them.

    What is in other people's posts is given too: the person is named there.
    """

    def ask(snapshot: Snapshot) -> dict[str, Any]:
        people.find_posts(snapshot, person, "FROM posts_log")
        found: dict[str, Any] = {}
        for name, (where, _query) in people.changes(person).items():
            rows = snapshot.rows(f"SELECT * FROM {name}_log WHERE {where} ORDER BY ALL")
            if rows:
                known = [column.name for column in TABLES[name]]
                found[name] = [
                    {column: row[column] for column in known if row[column] is not None}
                    for row in rows
                ]
        return found

    accounts = [{"platform": p, "account": account} for p, account in sorted(person.accounts)]
    return {"accounts": accounts, "held": store.read(ask)}
