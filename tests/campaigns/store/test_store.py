"""The store keeps what it was given: newest values, history, undo, compaction, schema growth."""

import dataclasses
import datetime as dt
import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import schema
from campaigns.errors import (
    BrokenStore,
    NewerStore,
    NoStore,
    NotAStore,
    OddStorePath,
    UnknownImport,
)
from campaigns.schema import TABLES, Column
from campaigns.store import ImportRecord, Store, engine

DAY = dt.date(2026, 3, 1)


def at(hour, day=1):
    return dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)


def metrics(post="1", delivery="total", moment=None, **values):
    return {"platform": "x", "post_id": post, "delivery": delivery,
            "collected_at": moment or at(12), **values}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def ask(store, sql, **parameters):
    return store.read(lambda snapshot: snapshot.rows(sql, parameters))


# --- opening


def test_reading_never_makes_a_store(tmp_path):
    with pytest.raises(NoStore):
        Store.open(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_not_made_a_store(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    for opening in (Store.open, Store.create):
        with pytest.raises(NotAStore):
            opening(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_store_that_is_just_being_made_is_none_yet(tmp_path, monkeypatch):
    seen = []

    def replace(draft, target):
        with pytest.raises(NoStore):
            Store.open(tmp_path / "store")
        seen.append(draft.name)
        return rename(draft, target)

    rename = Path.rename
    monkeypatch.setattr(Path, "replace", replace)
    Store.create(tmp_path / "store")
    assert len(seen) == 1


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "store").write_text("x")
    with pytest.raises(NotAStore):
        Store.create(tmp_path / "store")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "timezone": "?"}'])
def test_a_damaged_manifest_is_a_broken_store(store, text):
    (store.path / "bereik.json").write_text(text)
    with pytest.raises(BrokenStore):
        Store.open(store.path)


def test_a_newer_store_is_refused(store):
    file = store.path / "bereik.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 99}))
    with pytest.raises(NewerStore):
        Store.open(store.path)


def test_creating_again_opens_the_same_store(store):
    assert Store.create(store.path).store_id == store.store_id


def test_an_odd_path_is_no_pattern(tmp_path):
    store = Store.create(
        tmp_path / "it's [a] 100% *store*" if os.name != "nt" else tmp_path / "[a]"
    )
    store.state({"post_metrics": [metrics(impressions=5)]}, "test")
    assert ask(store, "SELECT impressions FROM post_metrics") == [{"impressions": 5}]


@pytest.mark.parametrize(
    "name",
    [
        "a%20b",
        pytest.param("a\\b", marks=pytest.mark.skipif(os.name == "nt", reason="a folder there")),
    ],
)
def test_a_path_that_would_be_read_as_another_is_refused(tmp_path, name):
    with pytest.raises(OddStorePath):
        Store.create(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


# --- newest


def test_each_column_keeps_its_newest_known_value(store):
    store.state({"post_metrics": [metrics(moment=at(1), impressions=10, likes=3)]}, "old, fuller")
    store.state({"post_metrics": [metrics(moment=at(2), impressions=12)]}, "new, sparser")
    [row] = ask(store, "SELECT impressions, likes, comments FROM post_metrics")
    assert row == {"impressions": 12, "likes": 3, "comments": None}


def test_at_the_same_moment_the_larger_counter_counts(store):
    store.state({"post_metrics": [metrics(impressions=12, likes=1)]}, "a")
    store.state({"post_metrics": [metrics(impressions=10, likes=2)]}, "b")
    assert ask(store, "SELECT impressions, likes FROM post_metrics") == [
        {"impressions": 12, "likes": 2}
    ]


def test_negative_counts_and_amounts_survive(store):
    day = {"platform": "linkedin", "account_id": "a", "day": DAY, "delivery": "total",
           "collected_at": at(1)}  # fmt: skip
    ad = {"platform": "linkedin", "ad_account_id": "a", "level": "ad", "ad_id": "1",
          "first_day": DAY, "last_day": DAY, "collected_at": at(1), "spend": "12.345678"}  # fmt: skip
    store.state({"account_days": [{**day, "shares": -2}], "ad_periods": [ad]}, "test")
    assert ask(store, "SELECT shares FROM account_days") == [{"shares": -2}]
    [row] = ask(store, "SELECT spend::VARCHAR AS spend FROM ad_periods")
    assert row == {"spend": "12.345678"}


def test_a_definition_is_replaced_as_a_whole(store):
    store.state({"campaigns": [{"campaign_id": "z", "name": "Zomer", "budget": 100}]}, "add")
    store.state({"campaigns": [{"campaign_id": "z", "name": "Zomer"}]}, "no budget any more")
    assert ask(store, "SELECT name, budget FROM campaigns") == [{"name": "Zomer", "budget": None}]


def test_the_log_has_the_whole_history(store):
    for hour in (1, 2, 3):
        store.state({"post_metrics": [metrics(moment=at(hour), impressions=hour)]}, "test")
    rows = ask(store, "SELECT impressions FROM post_metrics_log ORDER BY collected_at")
    assert [row["impressions"] for row in rows] == [1, 2, 3]


MOMENTS = st.integers(0, 3).map(at)
COUNTS = st.none() | st.integers(-5, 50)
OBSERVATIONS = st.lists(
    st.tuples(st.sampled_from("ab"), MOMENTS, COUNTS, COUNTS), min_size=1, max_size=12
)


@settings(max_examples=12, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(observations=OBSERVATIONS, seed=st.integers(0, 999))
def test_the_order_of_imports_never_matters(tmp_path_factory, observations, seed):
    """Newest as plain Python says it: of the known values the latest, of equals the largest."""
    store = Store.create(tmp_path_factory.mktemp("store"))
    shuffled = random.Random(seed).sample(observations, len(observations))
    for post, moment, impressions, likes in shuffled:
        row = metrics(post, moment=moment, impressions=impressions, likes=likes)
        store.state({"post_metrics": [row]}, "test")
    expected = {}
    for column, name in ((2, "impressions"), (3, "likes")):
        for post in "ab":
            known = [
                (o[1], o[column]) for o in observations if o[0] == post and o[column] is not None
            ]
            if any(o[0] == post for o in observations):
                expected[post, name] = max(known)[1] if known else None
    rows = ask(store, "SELECT * FROM post_metrics")
    assert {(r["post_id"], n): r[n] for r in rows for n in ("impressions", "likes")} == expected


# --- imports, undo, repeat


def count(store, table="post_metrics_log"):
    return ask(store, f"SELECT count(*) AS n FROM {table}")[0]["n"]


def insert(store, import_id, rows=3):
    record = ImportRecord(import_id, {"file": "test"})
    query = (
        f"SELECT 'x' AS platform, i::VARCHAR AS post_id, 'total' AS delivery, i AS impressions, "
        f"'{import_id}' AS import_id, TIMESTAMPTZ '2026-03-01 00:00:00+00' AS collected_at "
        f"FROM range({rows}) t(i)"
    )
    with store.workspace() as connection:
        return store.append(connection, [record], {"post_metrics": [query]})


def test_an_import_repeated_changes_nothing(store):
    assert insert(store, "one") == frozenset()
    version = store.read(lambda snapshot: snapshot.version)
    assert insert(store, "one") == {"one"}
    assert count(store) == 3
    assert store.read(lambda snapshot: snapshot.version) == version


def test_undo_restores_what_was_superseded(store):
    store.state({"post_metrics": [metrics(moment=at(1), impressions=10)]}, "old")
    new = store.state({"post_metrics": [metrics(moment=at(2), impressions=99)]}, "new")
    assert store.undo(new)["state"] == "committed"
    assert ask(store, "SELECT impressions FROM post_metrics") == [{"impressions": 10}]
    assert count(store) == 1
    assert store.undo(new)["state"] == "undone"  # twice changes nothing
    assert ask(store, "SELECT state FROM imports WHERE import_id = $i", i=new) == [
        {"state": "undone"}
    ]


def test_an_undone_import_can_be_imported_again(store):
    insert(store, "one")
    store.undo("one")
    assert count(store) == 0
    assert insert(store, "one") == frozenset()
    assert count(store) == 3


def test_undo_of_the_unknown_says_so(store):
    with pytest.raises(UnknownImport):
        store.undo("nothing")


def test_rows_of_an_import_that_was_not_committed_are_never_seen(store):
    insert(store, "whole")
    with store.workspace() as connection:
        record = ImportRecord("half", {})
        store._record(connection, [record], "started", {})
        folder = store._folder("post_metrics")
        folder.append(
            connection,
            f"SELECT * REPLACE ('half' AS import_id) FROM ({folder.select(folder.version())})",
        )
    assert count(store) == 3
    insert(store, "half", rows=2)  # the repetition removes what was left first
    assert count(store) == 5
    with store.workspace() as connection:
        folder = store._folder("post_metrics")
        [(rows,)] = connection.execute(
            f"SELECT count(*) FROM ({folder.select(folder.version())})"
        ).fetchall()
    assert rows == 5


def test_the_version_changes_with_the_data_and_only_then(store):
    def version():
        return store.read(lambda snapshot: snapshot.version)

    insert(store, "one")
    first = version()
    store.compact(dt.timedelta(0))
    assert version() == first
    insert(store, "two")
    assert version() != first
    store.undo("two")
    assert version() == first


# --- cache


def test_a_cached_result_is_computed_once_per_version(store):
    insert(store, "one")
    sql = "SELECT count(*) AS n, random() AS luck FROM post_metrics"
    first, again = (
        store.read(lambda s: s.rows(f"FROM {s.cached('test', sql)}")[0]) for _ in range(2)
    )
    assert first == again
    store.state({"post_metrics": [metrics("new", impressions=1)]}, "more")
    later = store.read(lambda s: s.rows(f"FROM {s.cached('test', sql)}")[0])
    assert (first["n"], later["n"]) == (3, 4)


def test_a_store_that_may_only_be_read_is_read(store):
    insert(store, "one")
    store.path.chmod(0o555)
    try:
        assert count(store) == 3
    finally:
        store.path.chmod(0o755)


# --- compaction and growth


def test_compaction_keeps_history_and_undo(store):
    ids = [
        store.state({"post_metrics": [metrics(moment=at(h), impressions=h)]}, "t") for h in range(6)
    ]
    files = store.compact(dt.timedelta(0))["post_metrics"]
    assert files == (6, 1)
    assert count(store) == 6
    store.undo(ids[5])
    assert ask(store, "SELECT impressions FROM post_metrics") == [{"impressions": 4}]
    store.compact(dt.timedelta(0))
    assert len(list((store.path / "tables" / "post_metrics").glob("*.parquet"))) == 1


def test_what_another_process_is_about_to_commit_is_no_litter(store):
    insert(store, "one")
    folder = store.path / "tables" / "post_metrics"
    waiting, litter = folder / "part-waiting.parquet", folder / "part-litter.parquet"
    for file in (waiting, litter):
        file.write_bytes(b"x")
    os.utime(litter, (0, 0))
    store.compact(dt.timedelta(0))
    assert (waiting.exists(), litter.exists()) == (True, False)


def test_a_reader_survives_a_compaction_that_deletes_its_files(store):
    for h in range(4):
        store.state({"post_metrics": [metrics(str(h), impressions=1)]}, "t")
    tries = []

    def question(snapshot):
        snapshot.rows("SELECT 1 FROM post_metrics LIMIT 0")  # the files are chosen now
        tries.append(1)
        if len(tries) == 1:
            store.compact(dt.timedelta(0))
        return snapshot.value("SELECT sum(impressions)::BIGINT FROM post_metrics")

    assert store.read(question) == 4
    assert len(tries) == 2


def test_a_store_of_before_a_column_reads_it_as_null(store, monkeypatch):
    insert(store, "before")
    table = TABLES["post_metrics"]
    column = Column("echoes", "integer", "a new figure", "times", is_counter=True)
    grown = dataclasses.replace(table, columns=(*table.columns, column))
    monkeypatch.setitem(schema.TABLES, "post_metrics", grown)
    assert ask(store, "SELECT echoes FROM post_metrics WHERE post_id = '0'") == [{"echoes": None}]
    store.state({"post_metrics": [metrics("9", echoes=7)]}, "after")
    assert ask(store, "SELECT sum(echoes)::BIGINT AS n, count(*) AS k FROM post_metrics") == [
        {"n": 7, "k": 4}
    ]
    store.compact(dt.timedelta(0))
    assert ask(store, "SELECT sum(echoes)::BIGINT AS n, count(*) AS k FROM post_metrics") == [
        {"n": 7, "k": 4}
    ]
    monkeypatch.setitem(schema.TABLES, "post_metrics", table)  # an older bereik reads it too
    assert count(store) == 4


def test_no_name_or_text_is_kept_as_statistics_in_the_log(store):
    post = {"platform": "x", "post_id": "1", "account_id": "a", "published_on": DAY,
            "text": "Zeldzaamwoord"}  # fmt: skip
    store.state({"posts": [post]}, "test")
    store.compact(dt.timedelta(0))
    for file in (store.path / "tables" / "posts" / "_delta_log").iterdir():
        assert b"Zeldzaamwoord" not in file.read_bytes()


def test_statements_with_unknown_columns_are_a_mistake_of_the_program(store):
    with pytest.raises(ValueError, match="colour"):
        store.state({"posts": [{"platform": "x", "post_id": "1", "account_id": "a",
                                "published_on": DAY, "colour": "red"}]}, "test")  # fmt: skip


def test_the_engine_fetches_nothing():
    connection = engine.connect()
    with pytest.raises(engine.EngineError):
        connection.execute("INSTALL httpfs; LOAD httpfs")
    loaded = connection.execute("SELECT current_setting('autoinstall_known_extensions')").fetchone()
    assert loaded == (False,)
