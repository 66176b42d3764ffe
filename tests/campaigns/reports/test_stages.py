"""What reports share is made once, and never more than a snapshot may keep."""

import pytest

from campaigns.reports import stages
from campaigns.store import Store


@pytest.fixture
def store(tmp_path) -> Store:
    return Store.create(tmp_path / "store")


def test_no_more_relations_are_kept_than_a_snapshot_may(store):
    def fill(snapshot):
        for number in range(3 * stages.MOST):
            one = stages.Stages({"n": number})
            cte = one.cte("found", ["found AS (SELECT $n AS n)"])
            stages.make(snapshot, one)
            assert snapshot.value(f"WITH {cte} SELECT n FROM found") == number
        tables = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'found_%'"
        return snapshot.value(tables)

    assert store.read(fill) == stages.MOST


def test_a_relation_is_made_once_for_all_that_need_it(store):
    def twice(snapshot):
        for _time in range(2):
            one = stages.Stages({})
            cte = one.cte("drawn", ["drawn AS (SELECT uuid() AS one)"])
            stages.make(snapshot, one)
            yield snapshot.value(f"WITH {cte} SELECT one FROM drawn")

    first, second = store.read(lambda snapshot: list(twice(snapshot)))
    assert first == second
