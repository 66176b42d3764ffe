"""Which posts of a file that is not imported yet belong to a campaign."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from campaigns.definitions.assignment import decided
from campaigns.definitions.literals import values
from campaigns.definitions.matching import active, needles
from campaigns.definitions.stated import by_hand, campaigns
from campaigns.schema import TABLES
from campaigns.store import Engine, Snapshot, typed_nulls

_ACCOUNTS = {"platform": "VARCHAR", "account_id": "VARCHAR", "name": "VARCHAR", "role": "VARCHAR",
             "is_removed": "BOOLEAN"}  # fmt: skip
_HAND = {"platform": "VARCHAR", "post_id": "VARCHAR", "campaign_id": "VARCHAR",
         "is_removed": "BOOLEAN", "collected_at": "TIMESTAMPTZ"}  # fmt: skip
_ALIASES = {"platform": "VARCHAR", "post_id": "VARCHAR", "alias": "VARCHAR"}
_RELATIONS = ("posts", "post_aliases", "accounts", "campaign_posts")


@dataclass(frozen=True)
class Selection:
    """What is needed to choose posts: the query of `prepare` and the statements it reads.

    ``digest`` changes when campaigns, their rules or assignments by hand do.
    """

    query: str
    accounts: str
    hand: str
    aliases: str
    digest: str


def selection(snapshot: Snapshot) -> Selection:
    """The campaigns as they are stated now, ready to be applied to other posts."""
    known = campaigns(snapshot)
    rules = active(known)
    query = decided(known, rules, needles(snapshot, rules))
    hand = snapshot.rows(f"SELECT {', '.join(_HAND)} FROM campaign_posts ORDER BY ALL")
    accounts = snapshot.rows(f"SELECT {', '.join(_ACCOUNTS)} FROM accounts ORDER BY ALL")
    aliases = snapshot.rows(f"SELECT {', '.join(_ALIASES)} FROM post_aliases ORDER BY ALL")
    stated = repr((query, by_hand(snapshot)))
    return Selection(
        query,
        values(_ACCOUNTS, [tuple(row.values()) for row in accounts]),
        values(_HAND, [tuple(row.values()) for row in hand]),
        values(_ALIASES, [tuple(row.values()) for row in aliases]),
        hashlib.sha256(stated.encode()).hexdigest(),
    )


def choose(engine: Engine, chosen: Selection, posts: str, aliases: str) -> None:
    """Make the table ``chosen_posts`` (platform, post_id): those of the posts in a campaign.

    ``posts`` and ``aliases`` are SQL for rows with all columns of their tables. A post that no
    rule can judge is not chosen, unless it was assigned by hand.
    """
    empty = typed_nulls(TABLES["post_aliases"])
    given = {
        "posts": posts,
        "post_aliases": " UNION ALL BY NAME ".join([empty, f"({chosen.aliases})", f"({aliases})"]),
        "accounts": chosen.accounts,
        "campaign_posts": chosen.hand,
    }
    for name in _RELATIONS:
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {given[name]}")
    try:
        engine.execute(
            "CREATE OR REPLACE TEMP TABLE chosen_posts AS SELECT DISTINCT platform, post_id "
            f"FROM ({chosen.query}) WHERE campaign_id IS NOT NULL"
        )
    finally:
        for name in _RELATIONS:
            engine.execute(f"DROP VIEW IF EXISTS {name}")
