"""One run of the collection: what is due is asked, kept, imported; what is gone is emptied."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field, replace
from decimal import Decimal

from campaigns import privacy
from campaigns.collecting import known as knowing
from campaigns.collecting import prices
from campaigns.collecting.beside import Beside
from campaigns.collecting.client import Api, Ask, Keys, Refused, Unanswerable
from campaigns.collecting.gone import empty
from campaigns.collecting.keeping import PAGES, Box, folder_of
from campaigns.collecting.outcome import ELSEWHERE, Ending, Outcome
from campaigns.collecting.patience import Patience, Tell, TryLater, silent
from campaigns.collecting.reads import KINDS, Plan
from campaigns.collecting.taking import Brought, take_in
from campaigns.collecting.writing import Writer
from campaigns.errors import N_, Message
from campaigns.privacy import Hider
from campaigns.settings import Settings
from campaigns.store import Store, alone

_LEAST = {"timelines": 5, "mentions": 5, "searches": 10, "reposters": 1}
"""The smallest page that the API gives."""

_MOST = 4
"""So many times the pages of a file may wait for an import that is going on."""


class BudgetSpent(Exception):
    """The next request could cost more than may still be spent."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


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
    tell: Tell = silent,
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
            closing(Box(folder_of(store.path))) as box,
            closing(Beside(store.path)) as beside,
            closing(Writer(box)) as writer,
        ):
            patience = Patience(sleep, tell, waits)
            run = _Run(store, settings, api, box, writer, beside, patience, now, only or KINDS)
            return run.through()


BUDGET = N_(
    "the budget is spent: the next read could cost more than the {left} {currency} that may still "
    "be spent. Raise budget.per_day or budget.per_month, or wait."
)


@dataclass
class _Run:
    """One run, from the lock to the summary."""

    store: Store
    settings: Settings
    api: Api
    box: Box
    writer: Writer
    beside: Beside
    patience: Patience
    now: Callable[[], dt.datetime]
    only: Collection[str]
    requests: int = 0
    paid: Counter[str] = field(default_factory=Counter)
    spent: dict[str, Counter[str]] = field(default_factory=dict)
    brought: Brought = field(default_factory=Brought.nothing)
    known: knowing.Known | None = None

    def through(self) -> Outcome:
        """Everything once; the outcome says how it ended."""
        if new := knowing.unregistered(self.store, self.settings):
            own = [{"platform": "x", "account_id": n, "name": n, "role": "own"} for n in new]
            self.store.state({"accounts": own}, "collect")
        self.spent = {day: Counter(reads) for day, reads in self.box.state.paid.items()}
        self._import(is_last=False)  # what an earlier run left
        ending, reason = self._asked()
        self._import(is_last=True)
        emptied = empty(self.store, self.box, self.now().date())
        keep = dt.timedelta(days=self.settings.retention.raw_answers)
        privacy.expire(self.store.path, self.now().date() - keep)
        self._tell("ended", {"ending": ending, "requests": self.requests, **self.paid})
        return Outcome(
            ending,
            reason,
            self.requests,
            dict(self.paid),
            prices.cost(self.settings, self.paid),
            self.settings.prices.currency,
            dict(self.brought.rows),
            emptied,
            tuple(self.brought.problems),
        )

    def _asked(self) -> tuple[Ending, Message | None]:
        """Ask for all that is due; how that ended, and why."""
        try:
            for kind in KINDS:
                if kind in self.only:
                    self._all_of(kind)
        except TryLater as later:
            return "later", later.reason
        except Refused as refused:
            return "person", refused.reason
        except BudgetSpent:
            values = {"left": max(self._left(), Decimal(0))}
            currency = self.settings.prices.currency
            return "person", Message(BUDGET, {**values, "currency": currency})
        return "done", None

    def _all_of(self, kind: str) -> None:
        self.writer.settle()
        state, now = self.box.state, self.now()
        if self.known is None:
            self.known = knowing.known(self.store, self.settings, now, state, self.api.signed_in)
        plan = Plan(self.settings, state, self.known, now, self.api.signed_in)
        hider = self._hider(self.known)
        for planned in list(plan.of(kind)):
            pages = self.settings.collect.pages if planned.is_list else 1
            self._list(planned.ask, pages, hider, now)
        if kind == "timelines":
            self._import(is_last=False)
            self.known = None  # the posts decide what is due

    def _hider(self, known: knowing.Known) -> Hider:
        stones = privacy.tombstones(self.store)
        return Hider(privacy.key(self.store), frozenset(known.roles), stones)

    def _list(self, ask: Ask, pages: int, hider: Hider, planned: dt.datetime) -> None:
        """Ask page after page until there is none, or enough for one run."""
        token: str | None = None
        for page in range(pages):
            asked = self._affordable(ask)
            if token is not None:
                name = "next_token" if ask.kind == "searches" else "pagination_token"
                asked = replace(asked, params={**asked.params, name: token})
            try:
                answer = self.patience.asked(self.api.answer, asked)
            except Unanswerable as fault:
                text = N_("X does not answer '{key}' ({fault})")
                values = {"key": ask.kind, "fault": fault}
                self.brought.problems.append(Message(text, values))
                return
            token = (answer.get("meta") or {}).get("next_token")
            is_last = token is None or (ask.kind == "reposters" and page == pages - 1)
            at = self.now()
            paid = self.writer.keep(asked, answer, hider, at=at, planned=planned, is_last=is_last)
            self._count(asked, paid, at)
            if token is None:
                return

    def _affordable(self, ask: Ask) -> Ask:
        """The request, smaller where the budget asks for it. Raises `BudgetSpent`."""
        price = prices.prices(self.settings)[ask.price]
        left = self._left()
        if price == 0 or price * ask.most <= left:
            return ask
        most = int(left / price) if left > 0 else 0
        if most < _LEAST.get(ask.kind, ask.most):
            raise BudgetSpent
        return replace(ask, params={**ask.params, "max_results": most}, most=most)

    def _left(self) -> Decimal:
        """What may be spent still; answers on their way to the disk are counted."""
        return prices.room(self.settings, self.spent, _day(self.now()))

    def _count(self, ask: Ask, paid: int, at: dt.datetime) -> None:
        self.requests += 1
        self.paid[ask.price] += paid
        self.spent.setdefault(_day(at), Counter())[ask.price] += paid
        self._tell("asked", {"kind": ask.kind, "items": paid, "price": ask.price})
        pages = self.box.pages
        if pages >= PAGES and (pages >= _MOST * PAGES or not self.beside.is_busy):
            self._import_beside()

    def _import_beside(self) -> None:
        """Let the answers so far be imported while more is asked for."""
        self.writer.settle()
        self.brought.add(self.box, self._tell, self.beside.result())
        self.box.seal()
        self.beside.start(self.box.waiting())

    def _import(self, *, is_last: bool) -> None:
        """Import all answers so far."""
        self.writer.settle()
        self.brought.add(self.box, self._tell, self.beside.result())
        self.box.seal()
        take_in(self.store, self.box, self._tell, self.brought, is_last=is_last)

    def _tell(self, event: str, values: dict[str, object]) -> None:
        self.patience.tell(event, {"at": self.now().isoformat(timespec="seconds"), **values})


def _day(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).date().isoformat()
