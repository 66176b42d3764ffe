"""Days of accounts without a name: files that contradict each other are not one account's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from campaigns.errors import DifferentAccounts
from campaigns.imports.facts import FileFacts
from campaigns.imports.staged import Staged
from campaigns.schema import TABLES, UNKNOWN
from campaigns.store import Store, literal, typed_nulls

if TYPE_CHECKING:
    from campaigns.store import Engine

_Day = tuple[str, dt.date, str]
"""The platform, day and delivery."""


@dataclass
class UnnamedDays:
    """What is known of the days of accounts without a name, during a run.

    The last day of an export is not finished, so it may differ; no other day may.
    """

    store: Store
    _known: dict[_Day, tuple[int | None, str]] = field(default_factory=dict)
    _platforms: set[str] = field(default_factory=set)

    def check(self, engine: Engine, facts: FileFacts, staged: Staged) -> None:
        """Raise `DifferentAccounts` for a file that contradicts another; else remember it."""
        days = staged.queries.get("account_days", [])
        if not days or (facts.platform, UNKNOWN) not in staged.accounts or staged.last is None:
            return
        self._remember(facts.platform)
        every = " UNION ALL BY NAME ".join([typed_nulls(TABLES["account_days"]), *days])
        new = engine.execute(
            f"SELECT day, delivery, impressions FROM ({every}) "
            f"WHERE account_id = {literal(UNKNOWN)} AND day < DATE {literal(str(staged.last))}"
        ).fetchall()
        found = {(facts.platform, day, delivery): value for day, delivery, value in new}
        for key, value in found.items():
            before, other = self._known.get(key, (None, ""))
            if None not in (value, before) and value != before:
                raise DifferentAccounts(path=facts.path, other=other, day=key[1])
        name = facts.path.name
        self._known |= {key: (value, name) for key, value in found.items() if value is not None}

    def _remember(self, platform: str) -> None:
        if platform in self._platforms:
            return
        self._platforms.add(platform)
        rows = self.store.read(
            lambda snapshot: snapshot.rows(
                "SELECT d.day, d.delivery, d.impressions, i.file "
                "FROM account_days_log d JOIN imports i USING (import_id) "
                "WHERE d.platform = $platform AND d.account_id = $account AND d.day < i.last_day",
                {"platform": platform, "account": UNKNOWN},
            )
        )
        for row in rows:
            key = (platform, row["day"], row["delivery"])
            self._known[key] = (row["impressions"], row["file"])
