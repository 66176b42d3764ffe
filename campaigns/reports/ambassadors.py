"""Under which names the figures of ambassadors may be shown: teams of five, or with permission.

A person is named only with that person's permission; all others appear as teams of at least five
people who take part. Smaller teams come together in one group, and where that would be under five
itself, the smallest team joins it, so that nothing can be found by subtracting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.errors import N_
from campaigns.store import Snapshot

SMALLEST_GROUP = 5
OTHERS = N_("(other ambassadors)")
UNNAMED = N_("(ambassadors)")


@dataclass(frozen=True)
class Person:
    """One account of a person who takes part, and the names under which it is shown.

    ``group`` is the row by ambassador, ``account`` the row by account; None is not shown at all.
    """

    platform: str
    account_id: str
    group: str | None
    account: str | None

    @property
    def is_named(self) -> bool:
        """Whether the person lets reports show the name."""
        return self.account == self.account_id


def takes_part(account: Mapping[str, object]) -> bool:
    """Whether an ambassador has agreed, and not withdrawn since."""
    agreed, withdrew = account["opted_in_on"], account["withdrawn_on"]
    return agreed is not None and (withdrew is None or withdrew < agreed)  # type: ignore[operator]


def registered(snapshot: Snapshot) -> list[dict[str, object]]:
    """Every account that is registered and not taken out."""
    return snapshot.rows(
        "SELECT platform, account_id, role, team, person, opted_in_on, withdrawn_on, "
        "is_name_permitted, ad_accounts FROM accounts WHERE is_removed IS NOT TRUE ORDER BY ALL"
    )


def people(accounts: Iterable[Mapping[str, object]], by_platform: bool) -> list[Person]:
    """The ambassadors who take part, with the names under which each may be shown.

    ``by_platform`` says that rows tell platforms apart: then a team counts per platform.
    """
    present = [row for row in accounts if row["role"] == "ambassador" and takes_part(row)]
    if not by_platform:
        return _people(present)
    platforms = sorted({str(row["platform"]) for row in present})
    return [
        person
        for platform in platforms
        for person in _people([row for row in present if row["platform"] == platform])
    ]


def _people(present: Sequence[Mapping[str, object]]) -> list[Person]:
    named = {_who(row) for row in present if row["is_name_permitted"]}
    teams = _teams({_who(row): row["team"] for row in present if _who(row) not in named})
    unnamed = UNNAMED if len(teams) >= SMALLEST_GROUP else None
    return [
        Person(
            str(row["platform"]),
            str(row["account_id"]),
            _who(row) if _who(row) in named else teams[_who(row)],
            str(row["account_id"]) if _who(row) in named else unnamed,
        )
        for row in present
    ]


def _who(row: Mapping[str, object]) -> str:
    """The person behind an account: one person may have accounts on several platforms."""
    return str(row["person"] or row["account_id"])


def _teams(team_of: Mapping[str, object]) -> dict[str, str | None]:
    """The team under which each person is shown.

    >>> sorted(_teams({"a": "north", "b": "north"}).items())
    [('a', None), ('b', None)]
    >>> _teams(dict.fromkeys("abcde", "north"))["a"]
    'north'
    """
    sizes = Counter(str(team) for team in team_of.values() if team)
    shown = {team for team, size in sizes.items() if size >= SMALLEST_GROUP}
    rest = len(team_of) - sum(sizes[team] for team in shown)
    while shown and 0 < rest < SMALLEST_GROUP:
        smallest = min(shown, key=lambda team: (sizes[team], team))
        shown.remove(smallest)
        rest += sizes[smallest]
    others = OTHERS if rest >= SMALLEST_GROUP else None
    return {who: str(team) if team in shown else others for who, team in team_of.items()}
