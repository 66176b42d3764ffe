"""Relations that several questions need alike, made and planned once.

Planning a report takes longer than looking through the rows of most stores, and the reports of a
page share their ads, their costs and what these cover.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.store import Snapshot

MOST = 24
"""Relations that a snapshot keeps at most; the least recently used go first."""


@dataclass(frozen=True)
class Stage:
    """A relation to be made: its table, named by all that it depends on beside the data."""

    table: str
    sql: str
    parameters: Mapping[str, object]


@dataclass
class Stages:
    """The relations of one statement. ``parameters`` are those that the statement may name."""

    parameters: Mapping[str, object]
    found: list[Stage] = field(default_factory=list)

    def cte(self, name: str, ctes: Sequence[str]) -> str:
        """The CTE ``name`` that reads a relation made beforehand; ``ctes`` are what it is made of.

        >>> Stages({}).cte("ads", ["ads AS (SELECT 1 AS a)"])
        'ads AS (FROM ads_49f27aaf2fb8)'
        """
        sql = f"WITH {', '.join(ctes)} FROM {name}"
        given = used(sql, self.parameters)
        key = hashlib.sha256(repr((sql, sorted(given.items()))).encode()).hexdigest()[:12]
        stage = Stage(f"{name}_{key}", sql, given)
        self.found.append(stage)
        return f"{name} AS (FROM {stage.table})"


def used(sql: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Those of the parameters that the statement names: the engine refuses others.

    >>> used("SELECT $first", {"first": 1, "last": 2})
    {'first': 1}
    """
    named = set(re.findall(r"\$(\w+)", sql))
    return {name: value for name, value in parameters.items() if name in named}


def make(snapshot: Snapshot, stages: Stages) -> None:
    """Make what is not there yet; what its SQL names must have been prepared."""
    made: OrderedDict[str, None] = snapshot.once("stages", OrderedDict)
    for stage in stages.found:
        if stage.table not in made:
            sql = f"CREATE OR REPLACE TEMP TABLE {stage.table} AS {stage.sql}"
            snapshot.execute(sql, stage.parameters)
        made[stage.table] = None
        made.move_to_end(stage.table)
    while len(made) > max(MOST, len(stages.found)):
        snapshot.execute(f"DROP TABLE {made.popitem(last=False)[0]}")
