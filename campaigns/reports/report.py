"""A report: metrics by one or two columns, over a period, with what a reader must know of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from campaigns import definitions, privacy
from campaigns.errors import (
    N_,
    Message,
    UnknownName,
)
from campaigns.metrics import Metric, components
from campaigns.reports.ambassadors import people, registered
from campaigns.reports.kept import publishers
from campaigns.reports.plan import Plan
from campaigns.reports.question import Question, other_period
from campaigns.reports.remarks import notes
from campaigns.reports.rows import Row, compared, rows
from campaigns.schema import PLATFORMS
from campaigns.store import Snapshot, Store
from campaigns.translations import _, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Report:
    """The answer to a question.

    A row has its grouping columns and ``posts``, then the metrics asked for; null is not reported.
    ``known`` says how many posts or rows had a value, ``partial`` which values lack a part, and
    ``outcomes``, where results are of several kinds, the value and cost of one of each. Rows by
    account or post also carry ``platform`` and the ids, rows with money ``currency``.
    """

    question: Question
    metrics: tuple[Metric, ...]
    rows: list[Row]
    notes: tuple[Message, ...]
    compared: Question | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a flat table of the rows, in order."""
        names = dict.fromkeys(name for row in self.rows for name in row)
        if not self.rows:
            names = dict.fromkeys([*self.question.by, "posts", *(m.name for m in self.metrics)])
        return tuple(name for name in names if name not in {"known", "partial", "outcomes"})

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a frame: one column per grouping and metric; null stays missing."""
        import pandas as pd  # slow to load, and only analysts need it

        flat = [{name: row.get(name) for name in self.columns} for row in self.rows]
        return pd.DataFrame(flat, columns=list(self.columns)).convert_dtypes()

    def as_json(self) -> dict[str, Any]:
        """The report as plain data, in the user's language: see the module."""
        q = self.question
        data: dict[str, Any] = {
            "by": list(q.by),
            "accounting": q.accounting,
            "delivery": q.delivery,
            "period": [_plain(q.first), _plain(q.last)],
            "metrics": {metric.name: self._about(metric) for metric in self.metrics},
            "rows": [{name: _plain(value) for name, value in row.items()} for row in self.rows],
            "notes": [say(note) for note in self.notes],
        }
        if self.compared is not None:
            first, last = self.compared.first, self.compared.last
            data["compare"] = {"with": q.compare, "period": [_plain(first), _plain(last)]}
        return data

    def _about(self, metric: Metric) -> dict[str, Any]:
        is_of_ads = metric.name in {"spend", "paid_cpm"}
        has_costs = any("costs" in part.parts for part in components(metric))
        delivery = metric.delivery or ("total" if has_costs else self.question.delivery)
        return {
            "label": _(metric.label),
            "unit": metric.unit,
            "base": metric.base or metric.denominator or None,
            "delivery": "paid" if is_of_ads else delivery,
            "accounting": self.question.accounting,
            "source": _(metric.source),
            "meaning": _(metric.meaning),
        }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def report(store: Store, question: Question) -> Report:
    """Answer a question from a store.

    Raises `ImpossibleQuestion` for what the rules of counting cannot give, `MixedCurrencies` for
    amounts that cannot be added, `UnknownCampaign` and `UnknownName` for filters.
    """
    question.check()
    found = store.read(lambda snapshot: answer(snapshot, question))
    if any(privacy.UNNAMED in str(row.get("text") or "") for row in found.rows):
        names = privacy.known_names(store)
        for row in found.rows:
            row["text"] = row["text"] and privacy.joined(row["text"], names)
    return found


def answer(snapshot: Snapshot, question: Question) -> Report:
    """As `report`, from a snapshot that is open already. The question must have been checked."""
    asked = resolved(snapshot, question)
    plan = Plan(asked)
    now, told = rows(snapshot, asked)
    unknown = [*_unknown_campaigns(snapshot, plan)]
    if question.compare is None:
        return Report(question, asked.asked, now, (*notes(plan, told), *unknown))
    other = other_period(asked)
    before, told_before = rows(snapshot, other)
    said = [
        *notes(plan, told),
        *unknown,
        Message(
            N_("Compared with {first} to {last}."),
            {"first": other.first, "last": other.last},
        ),
        *(
            Message(N_("Before: {note}"), {"note": note})
            for note in notes(Plan(other), told_before)
        ),
    ]
    return Report(question, asked.asked, compared(asked, now, before), tuple(said), other)


def _unknown_campaigns(snapshot: Snapshot, plan: Plan) -> Iterator[Message]:
    """Costs and results that name a campaign nobody defined stand under no campaign."""
    if plan.by_campaign and (names := definitions.unknown_names(snapshot)):
        yield Message(
            N_("Lists name campaigns that are not defined: {names}. What they say counts under no "
               "campaign. Define them with: bereik campaigns add"),
            {"names": ", ".join(names[:10])},
        )  # fmt: skip


# --- names that a user gives


def resolved(snapshot: Snapshot, question: Question) -> Question:
    """The question with its filters as the store spells them.

    Raises `UnknownCampaign` and `UnknownName`.
    """
    found: dict[str, object] = {}
    if question.campaign is not None:
        found["campaign"] = definitions.find(snapshot, question.campaign).campaign_id
    named = (_known("platform", name, PLATFORMS) for name in question.platforms)
    found["platforms"] = tuple(sorted(set(named)))
    accounts = registered(snapshot)
    if question.account is not None:
        rows = snapshot.rows(
            "SELECT DISTINCT account_id FROM (SELECT account_id FROM accounts WHERE is_removed "
            f"IS NOT TRUE UNION ALL SELECT account_id FROM {publishers(snapshot)} UNION ALL "
            "SELECT account_id FROM account_days_log) ORDER BY 1"
        )
        persons = {one.account_id for one in people(accounts) if not one.is_named}
        names = [row["account_id"] for row in rows if row["account_id"] not in persons]
        found["account"] = _known("account", question.account.lstrip("@"), names)
    if question.ambassador is not None:
        groups = {one.group for one in people(accounts) if one.group}
        found["ambassador"] = _known("ambassador", question.ambassador, sorted(groups))
    return replace(question, **found)  # type: ignore[arg-type]


def _known(kind: str, name: str, known: Sequence[str]) -> str:
    for one in known:
        if one.casefold() == name.strip().casefold():
            return one
    raise UnknownName(kind=Message(_KINDS[kind]), name=name, known=", ".join(known) or "–")


_KINDS = {
    "platform": N_("platform"),
    "account": N_("account"),
    "ambassador": N_("ambassador or team of five or more"),
}
