"""A month of collection in which everything goes wrong ends as one in which nothing does."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.schema import TABLES
from tests.x_api import month
from tests.x_api.faults import RATES, Faults
from tests.x_api.world import BEGIN, world

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes that it forks")

PROVENANCE = {"import_id", "collected_at", "destruction_id"}
MANY = RATES | {"kill": 0.12}


def content(store):
    """All that the store knows, but for when and by which import it came."""

    def ask(snapshot):
        return {
            name: sorted(
                snapshot.rows(
                    f"FROM {name} SELECT {', '.join(sorted({*table.names} - PROVENANCE))}"
                ),
                key=repr,
            )
            for name, table in TABLES.items()
            if name != "imports"
        }

    return store.read(ask)


def looks(store):
    """Which post was looked at in which step of the schedule."""
    rows = store.read(
        lambda snapshot: snapshot.rows("FROM post_metrics_log SELECT post_id, collected_at")
    )
    steps = {(row["post_id"], (row["collected_at"] - BEGIN) // month.STEP) for row in rows}
    return sorted(steps)


def cost(reads):
    prices = month.SETTINGS.prices
    of_kind = {"own_post": prices.owned_post, "post": prices.post}
    of_kind |= {"user": prices.user, "analytics": prices.analytics}
    return sum((of_kind[kind] * count for kind, count in reads.items()), Decimal(0))


@pytest.mark.timeout(900)
def test_a_month_with_faults_and_kills_ends_as_one_without(tmp_path):
    of = world(seed=11, days=25, others=8, per_day=1)
    begun = month.new_store(tmp_path / "begun")
    plan = Faults(7, MANY)
    with ThreadPoolExecutor() as side:
        first = side.submit(month.run, tmp_path / "calm", begun, of, Faults())
        second = side.submit(month.run, tmp_path / "wild", begun, of, plan)
        calm, wild = first.result(), second.result()

    assert calm.kills == 0
    assert wild.kills >= 50
    assert {*plan.met} >= {*MANY} - {"hang"}, "not every fault was met"

    expected = content(calm.store)
    assert expected["posts"]
    assert expected["post_metrics"]
    for table, rows in content(wild.store).items():
        assert rows == expected[table], table
    assert looks(wild.store) == looks(calm.store)

    for kind, count in calm.server.reads.paid.items():
        assert wild.server.reads.paid[kind] >= count * 0.99
    assert cost(wild.server.reads.paid) <= cost(calm.server.reads.paid) * Decimal("1.05")
    for secret in month.SECRETS.values():
        assert secret not in wild.errors

    never = of.by_name["bram_groen"]
    timelines = {path for path, _ in calm.server.asked}
    assert f"/2/users/{never.id}/tweets" not in timelines
    bad = [(path, code) for path, code in calm.server.statuses if code != 200]
    assert not bad, "a request that the API refuses"


def test_the_schedule_lies_apart():
    times = [*month.moments(2)]
    assert times[:3] == [BEGIN, BEGIN + timedelta(days=1), BEGIN + timedelta(days=2)]
