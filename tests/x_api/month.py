"""A month of scheduled collection in fast time, with or without everything going wrong."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from campaigns.collecting.credentials import Credentials
from campaigns.settings import Settings
from campaigns.store import Store
from tests.x_api import signing
from tests.x_api.clock import Clock
from tests.x_api.collectors import Collectors
from tests.x_api.faults import Faults
from tests.x_api.server import Server
from tests.x_api.world import BEGIN, World

STEP = timedelta(days=1)
SECRETS = {"bearer_token": signing.APP_TOKEN, **signing.KEYS}
KEYS = Credentials(SECRETS, dict.fromkeys(SECRETS, "a test"))
SETTINGS = Settings.model_validate(
    {
        "collect": {
            "searches": ["#SamenGroen -is:retweet"],
            "recheck": "60h",
            "timeout": "2s",
        },
        "budget": {"per_day": 100, "per_month": 1000},
    }
)
ROLES = {
    "gemeente_dam": "own",
    "anna_werkt": "ambassador",
    "bram_groen": "ambassador",
    "cato_zorg": "ambassador",
    "partner_een": "partner",
    "partner_twee": "partner",
}


def new_store(path: Path) -> Store:
    """A store that knows the accounts; one ambassador has not agreed to take part."""
    store = Store.create(path)
    rows = [
        {
            "platform": "x",
            "account_id": name,
            "role": role,
            "opted_in_on": date(2026, 1, 5) if name in ("anna_werkt", "cato_zorg") else None,
        }
        for name, role in ROLES.items()
    ]
    store.state({"accounts": rows}, "accounts of a test")
    return store


def moments(days: int = 31) -> Iterator[datetime]:
    """Every day for a month; then until all figures of the last posts have come."""
    last = BEGIN + timedelta(days=days)
    at = BEGIN
    while at <= last:
        yield at
        at += STEP
    for more in (8, 15, 31):
        yield last + timedelta(days=more)


@dataclass
class Month:
    """What came of it."""

    store: Store
    server: Server
    runs: int
    kills: int
    errors: str


def run(folder: Path, begun: Store, of: World, faults: Faults, days: int = 31) -> Month:
    """Collect at each moment until it is done, mending what a person would mend.

    Into a copy of a store: pseudonyms are those of one store.
    """
    folder.mkdir()
    clock = Clock(folder / "clock", BEGIN)
    store = Store.open(shutil.copytree(begun.path, folder / "store"))
    skew = timedelta(seconds=40 if faults.rates else 0)
    until = BEGIN + timedelta(days=days)
    runs = 0
    with (
        Server(of, clock, faults, quantum=STEP, until=until, skew=skew) as api,
        Collectors(folder / "errors.txt") as started,
    ):
        faults.kill = started.kill
        for moment in moments(days):
            clock.set(moment)
            for _ in range(30):
                runs += 1
                code = started.run(store.path, clock.path, api.url)
                if code == 0:
                    break
                assert code in (-9, 1, 75), started.errors.read_text()
                if code == 1:
                    assert faults.broken, started.errors.read_text()
                    faults.mend()
            else:
                raise AssertionError(f"never done at {moment}:\n{started.errors.read_text()}")
            assert clock.now() - moment < timedelta(minutes=29), "the run took too long to compare"
    return Month(store, api, runs, started.kills, started.errors.read_text())
