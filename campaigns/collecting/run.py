"""One run of the collection: what is due is asked, kept, imported; what is gone is emptied."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from campaigns import privacy
from campaigns.collecting import reads
from campaigns.collecting.client import Api, Ask, Keys, Refused, Unanswerable
from campaigns.collecting.gone import empty
from campaigns.collecting.keeping import PAGES, Box
from campaigns.collecting.outcome import Ending, Outcome
from campaigns.collecting.patience import Patience, Tell, TryLater
from campaigns.collecting.reads import KINDS, Plan
from campaigns.errors import N_, Message, NothingToImport
from campaigns.imports import FileReport, Options, import_paths
from campaigns.imports.ready import import_and_assign
from campaigns.privacy import Hider
from campaigns.settings import Settings
from campaigns.store import Store, alone

_LEAST = {"timelines": 5, "mentions": 5, "searches": 10}
"""The smallest page that the API gives."""


class BudgetSpent(Exception):
    """The next request could cost more than may still be spent."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _silent(_event: str, _values: dict[str, object]) -> None:
    """Say nothing."""


def collect(
    store: Store,
    settings: Settings,
    credentials: Keys,
    *,
    base_url: str | None = None,
    now: Callable[[], dt.datetime] = _now,
    sleep: Callable[[float], None] = time.sleep,
    waits: bool = True,
    only: Collection[str] = (),
    tell: Tell = _silent,
) -> Outcome:
    """Collect all that is due once, and import it.

    ``base_url`` goes before ``settings.collect.server``. ``now`` and ``sleep`` can be those of a
    clock that runs fast. ``waits``: wait for a rate limit to end, else end with 75. ``only`` names
    the kinds of reads (`campaigns.collecting.reads.KINDS`). Raises what a store raises; all else
    is in the `Outcome`.
    """
    with alone(store.path, "collect") as is_alone:
        if not is_alone:
            return Outcome("later", Message(ELSEWHERE))
        url = base_url or str(settings.collect.server)
        with (
            closing(Api(credentials, url, settings.collect.timeout.total_seconds())) as api,
            closing(Box(store.path / "raw" / "x")) as box,
        ):
            patience = Patience(sleep, tell, waits)
            run = _Run(store, settings, api, box, patience, now, only or KINDS)
            return run.through()


ELSEWHERE = N_("another run is collecting into this store")
BUDGET = N_(
    "the budget is spent: the next read could cost more than the {left} {currency} that may still "
    "be spent. Raise budget.per_day or budget.per_month, or wait."
)


def replay(store: Store, *, tell: Tell = _silent) -> Outcome:
    """Import all answers that are kept anew, without asking anybody.

    What an import of them brought before is taken back first; who was erased stays out.
    """
    with alone(store.path, "collect") as is_alone:
        if not is_alone:
            return Outcome("later", Message(ELSEWHERE))
        with closing(Box(store.path / "raw" / "x")) as box:
            box.seal()
            mine = {
                str(row["file"]): str(number)
                for number, row in store.records().items()
                if row["format"] == "x_api" and row["state"] == "committed"
            }
            for file in box.kept():
                file.replace(box.waiting_folder / file.name)  # first: then nothing can be lost
                if file.name in mine:
                    store.undo(mine[file.name])
                    tell("taken back", {"file": file.name})
            rows, problems = take_in(store, box, tell, is_last=True)
            return Outcome("done", rows=rows, problems=problems)


def take_in(
    store: Store, box: Box, tell: Tell, *, is_last: bool
) -> tuple[Counter[str], list[Message]]:
    """Import the answers that wait; the rows they brought, and what the API said of posts."""
    files = box.waiting()
    rows: Counter[str] = Counter()
    if not files:
        return rows, []
    into = import_and_assign if is_last else import_paths
    reports = into(store.path, files, Options())
    problems: list[Message] = []
    for file, report in zip(files, reports, strict=True):
        is_empty = isinstance(report.error, NothingToImport)
        if report.status in {"imported", "unchanged"} or is_empty:
            box.done_with(file)
            rows.update(report.tables)
            problems += _problems(report)
        elif report.error is not None:
            problems.append(report.error.message)
        count = sum(report.tables.values())
        tell("imported", {"file": file.name, "status": report.status, "rows": count})
    return rows, problems


def _problems(report: FileReport) -> Iterator[Message]:
    for reason, count in report.skipped:
        yield Message(N_("{reason}: {rows}"), {"reason": reason, "rows": count})


@dataclass
class _Run:
    """One run, from the lock to the summary."""

    store: Store
    settings: Settings
    api: Api
    box: Box
    patience: Patience
    now: Callable[[], dt.datetime]
    only: Collection[str]
    requests: int = 0
    paid: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    problems: list[Message] = field(default_factory=list)
    emptied: int = 0
    known: reads.Known | None = None

    def through(self) -> Outcome:
        """Everything once; the outcome says how it ended."""
        ending: Ending = "done"
        reason: Message | None = None
        if new := reads.unregistered(self.store, self.settings):
            own = [{"platform": "x", "account_id": n, "name": n, "role": "own"} for n in new]
            self.store.state({"accounts": own}, "collect")
        self._import(is_last=False)  # what an earlier run left
        try:
            for kind in KINDS:
                if kind in self.only:
                    self._all_of(kind)
        except TryLater as later:
            ending, reason = "later", later.reason
        except Refused as refused:
            ending, reason = "person", refused.reason
        except BudgetSpent:
            left = reads.room(self.settings, self.box.state, self._day())
            values = {"left": max(left, Decimal(0)), "currency": self.settings.prices.currency}
            ending, reason = "person", Message(BUDGET, values)
        self._import(is_last=True)
        self.emptied = empty(self.store, self.box)
        keep = dt.timedelta(days=self.settings.retention.raw_answers)
        privacy.expire(self.store.path, self.now().date() - keep)
        outcome = Outcome(
            ending,
            reason,
            self.requests,
            dict(self.paid),
            reads.cost(self.settings, self.paid),
            self.settings.prices.currency,
            dict(self.rows),
            self.emptied,
            tuple(self.problems),
        )
        self._tell("ended", {"ending": ending, "requests": self.requests, **self.paid})
        return outcome

    def _all_of(self, kind: str) -> None:
        if self.known is None:
            self.known = reads.known(self.store, self.settings, self.now())
        known = self.known
        plan = Plan(self.settings, self.box.state, known, self.now(), self.api.signed_in)
        hider = self._hider(known)
        for planned in list(plan.of(kind)):
            pages = self.settings.collect.pages if planned.is_list else 1
            self._list(planned.ask, pages, hider)
        if kind == "timelines":
            self._import(is_last=False)
            self.known = None  # the posts decide what is due

    def _hider(self, known: reads.Known) -> Hider:
        stones = privacy.tombstones(self.store)
        return Hider(privacy.key(self.store), frozenset(known.roles), stones)

    def _list(self, ask: Ask, pages: int, hider: Hider) -> None:
        """Ask page after page until there is none, or enough for one run."""
        token: str | None = None
        for _page in range(pages):
            asked = self._affordable(ask)
            if token is not None:
                name = "next_token" if ask.kind == "searches" else "pagination_token"
                asked = replace(asked, params={**asked.params, name: token})
            try:
                answer = self.patience.asked(self.api.answer, asked)
            except Unanswerable as fault:
                text = N_("X does not answer '{key}' ({fault})")
                self.problems.append(Message(text, {"key": ask.kind, "fault": fault}))
                return
            token = (answer.get("meta") or {}).get("next_token")
            self._keep(asked, answer, hider, is_last=token is None)
            if token is None:
                return

    def _affordable(self, ask: Ask) -> Ask:
        """The request, smaller where the budget asks for it. Raises `BudgetSpent`."""
        price = reads.prices(self.settings)[ask.price]
        left = reads.room(self.settings, self.box.state, self._day())
        if price == 0 or price * ask.most <= left:
            return ask
        most = int(left / price) if left > 0 else 0
        if most < _LEAST.get(ask.kind, ask.most):
            raise BudgetSpent
        return replace(ask, params={**ask.params, "max_results": most}, most=most)

    def _keep(self, ask: Ask, answer: dict[str, Any], hider: Hider, *, is_last: bool) -> None:
        data = answer.get("data")
        paid = len(data) if isinstance(data, list) else int(data is not None)
        asked: dict[str, Any] = {
            "call": ask.call,
            "kind": ask.kind,
            "key": ask.key,
            "at": self.now().astimezone(dt.UTC).isoformat(timespec="seconds"),
            "price": ask.price,
            "paid": paid,
            "is_last": is_last,
            "as_user": ask.as_user,
            "params": {"granularity": ask.params["granularity"]} if ask.kind == "analytics" else {},
            "accounts": _named(ask, answer),
        }
        kept = hider.hidden(answer, asked["accounts"])
        if ask.kind == "recheck":  # only whether they are still there is wanted
            kept.pop("data", None)
        self.box.append({"asked": asked, "answer": kept})
        self.requests += 1
        self.paid[ask.price] += paid
        self._tell("asked", {"kind": ask.kind, "items": paid, "price": ask.price})
        if self.box.pages >= PAGES:
            self._import(is_last=False)

    def _import(self, *, is_last: bool) -> None:
        self.box.seal()
        rows, problems = take_in(self.store, self.box, self._tell, is_last=is_last)
        self.rows.update(rows)
        self.problems += problems

    def _day(self) -> str:
        return self.now().astimezone(dt.UTC).date().isoformat()

    def _tell(self, event: str, values: dict[str, object]) -> None:
        self.patience.tell(event, {"at": self.now().isoformat(timespec="seconds"), **values})


def _named(ask: Ask, answer: dict[str, Any]) -> dict[str, str]:
    """Who of the registered accounts wrote what is in the answer, by id of the author or post.

    Posts do not always say who wrote them; a timeline is all of one account.
    """
    data = answer.get("data")
    only = next(iter(ask.names.values())) if ask.kind == "timelines" else None
    found: dict[str, str] = {}
    for post in data if isinstance(data, list) else []:
        number = str(post.get("author_id") or post["id"])
        if name := ask.names.get(number, only):
            found[number] = name
    return found
