"""Which campaigns costs, placements and outcomes name, and which part of a cost each bears."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.definitions.campaign import Campaign, same_name
from campaigns.definitions.literals import values
from campaigns.definitions.stated import by_name, campaigns, rule_rows
from campaigns.store import Snapshot

# 'A=0.6;B=0.4', 'A=60%;B=40%', 'A;B' (equal parts), 'A'. Only a last '=' with a number is a part.
_SHARE = r"(?s)^(.*?)(?:=\s*([0-9]*[.,]?[0-9]+)\s*(%?))?$"


def prepare_named(snapshot: Snapshot, known: Sequence[Campaign]) -> None:
    """Make ``cost_campaigns``, ``placement_campaigns``, ``outcome_campaigns``, by entered names."""
    names = by_name(known)
    snapshot.execute(
        "CREATE OR REPLACE TEMP TABLE campaign_names AS "
        + values({"key": "VARCHAR", "campaign_id": "VARCHAR"}, sorted(names.items()))
    )
    entered = snapshot.rows(
        "SELECT DISTINCT name FROM (SELECT campaign AS name FROM media_placements "
        "UNION ALL SELECT campaign FROM outcomes UNION ALL SELECT regexp_extract(trim(unnest("
        "string_split(shares, ';'))), $share, 1) FROM costs) WHERE trim(name) <> ''",
        {"share": _SHARE},
    )
    keys = [(row["name"], same_name(row["name"])) for row in entered]
    snapshot.execute(
        "CREATE OR REPLACE TEMP TABLE named_campaigns AS SELECT name, key, campaign_id FROM ("
        + values({"name": "VARCHAR", "key": "VARCHAR"}, keys)
        + ") LEFT JOIN campaign_names USING (key)"
    )
    snapshot.execute(f"CREATE OR REPLACE TEMP TABLE cost_campaigns AS {_COSTS}", {"share": _SHARE})
    for table, key in (("media_placements", "placement_id"), ("outcomes", "source, row_id")):
        snapshot.execute(
            f"CREATE OR REPLACE TEMP TABLE {_BY_NAME[table]} AS SELECT {key}, campaign_id "
            f"FROM {table} LEFT JOIN named_campaigns ON name = campaign"
        )


_BY_NAME = {"media_placements": "placement_campaigns", "outcomes": "outcome_campaigns"}

# Parts that add up to more than 1 are ratios, to nearly 1 are rounded; what they leave is shared
# by names without a part, else borne by nobody.
_COSTS = """
WITH lines AS (SELECT source, row_id, unnest(CASE WHEN len(list_filter(string_split(
        coalesce(shares, ''), ';'), lambda share: trim(share) <> '')) = 0 THEN [NULL]
        ELSE list_filter(string_split(shares, ';'), lambda share: trim(share) <> '') END) AS share
    FROM costs),
pieces AS (SELECT source, row_id, regexp_extract(trim(share), $share, 1) AS name,
        TRY_CAST(replace(regexp_extract(trim(share), $share, 2), ',', '.') AS DOUBLE)
        / CASE WHEN regexp_extract(trim(share), $share, 3) = '%' THEN 100 ELSE 1 END AS given
    FROM lines),
sums AS (SELECT *, coalesce(sum(given) OVER line, 0) AS total,
        count(*) FILTER (WHERE given IS NULL) OVER line AS open
    FROM pieces WINDOW line AS (PARTITION BY source, row_id)),
parts AS (SELECT source, row_id, name, CASE
        WHEN given IS NULL THEN greatest(1 - total, 0) / open
        WHEN total > 0.995 THEN given / total ELSE given END AS part
    FROM sums
    UNION ALL SELECT DISTINCT source, row_id, NULL, 1 - total FROM sums
    WHERE open = 0 AND total <= 0.995)
SELECT source, row_id, campaign_id, sum(part) AS part
FROM parts LEFT JOIN named_campaigns ON named_campaigns.name = parts.name
GROUP BY source, row_id, campaign_id"""


def unknown_names(snapshot: Snapshot) -> list[str]:
    """Names of campaigns in costs, placements, outcomes and lists of rules that are no campaign.

    What they name counts as of no campaign; a report must say so.
    """
    known = campaigns(snapshot)
    prepare_named(snapshot, known)
    rows = snapshot.rows(
        "SELECT min(name) AS name FROM named_campaigns WHERE campaign_id IS NULL "
        "AND name IS NOT NULL GROUP BY key"
    )
    names = by_name(known)
    of_rules = (row["campaign_id"] for row in rule_rows(snapshot))
    orphans = {name for name in of_rules if same_name(name) not in names}
    found = {same_name(name): name for name in [*orphans, *(row["name"] for row in rows)]}
    return [found[key] for key in sorted(found)]
