"""Several processes read and write one store, and are killed at any moment."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from campaigns.errors import StoreBusy
from campaigns.store import ImportRecord, Store
from campaigns.store.delta import DeltaFolder

ROOT = Path(__file__).parents[3]
WRITER = """
    import sys
    from campaigns.store import ImportRecord, Store

    path, first, last, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    store = Store.create(path)
    for number in range(first, last):
        query = (
            f"SELECT 'x' AS platform, '{number}-' || i AS post_id, 'total' AS delivery, "
            f"1 AS impressions, 'import{number}' AS import_id, "
            "TIMESTAMPTZ '2026-03-01 00:00:00+00' AS collected_at FROM range(10) t(i)"
        )
        with store.workspace() as connection:
            store.append(connection, [ImportRecord(f"import{number}")],
                         {"post_metrics": [query], "post_aliases": [
                             f"SELECT 'x' AS platform, '{number}' AS post_id, 'a' AS alias, "
                             f"'import{number}' AS import_id, now() AS collected_at"]})
        if mode == "undo":
            store.undo(f"import{number}")
        if mode == "compact" and number % 3 == 0:
            import datetime
            store.compact(datetime.timedelta(0))
    print("done")
"""


def start(path, first, last, mode="write"):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(path), str(first), str(last), mode],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def totals(store):
    """Rows, distinct posts, and imports whose rows are not whole, in one snapshot."""

    def question(snapshot):
        [row] = snapshot.rows(
            "SELECT count(*) AS n, count(DISTINCT post_id) AS posts FROM post_metrics_log"
        )
        odd = snapshot.value(
            "SELECT count(*) FROM (SELECT import_id FROM post_metrics_log GROUP BY 1 "
            "HAVING count(*) <> 10)"
        )
        unequal = snapshot.value(
            "SELECT count(*) FROM (SELECT DISTINCT import_id FROM post_metrics_log) a FULL JOIN "
            "(SELECT DISTINCT import_id FROM post_aliases_log) b USING (import_id) "
            "WHERE a.import_id IS NULL OR b.import_id IS NULL"
        )
        return row["n"], row["posts"], odd, unequal

    return store.read(question)


def finish(process):
    out, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors
    assert "done" in out


def test_several_writers_a_compacter_and_readers_at_once(tmp_path):
    path = tmp_path / "store"
    store = Store.create(path)
    writers = [start(path, 0, 12), start(path, 12, 24, "compact"), start(path, 100, 106, "undo"),
               start(path, 6, 18)]  # fmt: skip
    while any(writer.poll() is None for writer in writers):
        rows, posts, odd, unequal = totals(store)
        assert (rows, odd, unequal) == (posts, 0, 0)
        time.sleep(0.05)
    for writer in writers:
        finish(writer)
    assert totals(store) == (240, 240, 0, 0)


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of Unix")
def test_killed_at_any_moment_and_repeated(tmp_path):
    path = tmp_path / "store"
    store = Store.create(path)
    luck = random.Random(7)
    for _ in range(8):
        writer = start(path, 0, 12, luck.choice(["write", "compact"]))
        time.sleep(luck.uniform(0.4, 1.6))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        rows, posts, odd, unequal = totals(store)
        assert (rows, odd, unequal) == (posts, 0, 0)
    finish(start(path, 0, 12))
    assert totals(store) == (120, 120, 0, 0)
    with store.workspace() as connection:
        folder = store._folder("post_metrics")
        [(physical,)] = connection.execute(
            f"SELECT count(*) FROM ({folder.select(folder.version())})"
        ).fetchall()
    assert physical == 120


def test_an_interrupted_undo_is_finished_by_the_next(tmp_path, monkeypatch):
    store = Store.create(tmp_path / "store")
    query = (
        "SELECT 'x' AS platform, '1' AS post_id, 'total' AS delivery, 1 AS impressions, "
        "'one' AS import_id, now() AS collected_at"
    )
    with store.workspace() as connection:
        store.append(connection, [ImportRecord("one")], {"post_metrics": [query]})
    with monkeypatch.context() as broken:
        broken.setattr(Store, "_remove_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.undo("one")
    assert store.read(lambda s: s.value("SELECT count(*) FROM post_metrics")) == 0
    assert store.undo("one")["state"] == "undoing"
    assert store.records()["one"]["state"] == "undone"


def test_old_spill_of_killed_processes_is_cleared(tmp_path):
    store = Store.create(tmp_path / "store")
    stale = store.path / "tmp" / "of-a-killed-process"
    stale.mkdir(parents=True)
    old = time.time() - dt.timedelta(days=2).total_seconds()
    os.utime(stale, (old, old))
    store.compact()
    assert not stale.exists()


def test_a_compaction_between_the_steps_of_an_undo_doubles_no_row(tmp_path, monkeypatch):
    store = Store.create(tmp_path / "store")
    ids = [
        store.state({"accounts": [{"platform": "x", "account_id": name}]}, name) for name in "abc"
    ]
    write = DeltaFolder._write_file
    compacted = []

    def compact_first(folder, connection, query):
        if folder.folder.name == "accounts" and not compacted:
            compacted.append(True)
            store.compact()
        return write(folder, connection, query)

    monkeypatch.setattr(DeltaFolder, "_write_file", compact_first)
    store.undo(ids[0])
    assert compacted
    folder = store._folder("accounts")
    with store.workspace() as connection:
        rows = connection.execute(f"SELECT account_id FROM ({folder.select(folder.version())})")
        assert sorted(rows.fetchall()) == [("b",), ("c",)]


def test_a_refused_import_leaves_no_record(tmp_path):
    store = Store.create(tmp_path / "store")

    def refuse(_queries):
        raise StoreBusy(path=store.path, tries=1)

    record = ImportRecord("1", {"file": "somebody_who_was_erased.csv"})
    with store.workspace() as connection, pytest.raises(StoreBusy):
        store.append(connection, [record], {}, refuse)
    assert store.records() == {}


def test_a_result_that_an_erasure_deletes_is_asked_again(tmp_path, monkeypatch):
    store = Store.create(tmp_path / "store")
    store.state({"accounts": [{"platform": "x", "account_id": "demo"}]}, "accounts")
    replace = Path.replace
    purged = []

    def purge_first(path, target):
        if path.suffix == ".draft" and not purged:
            purged.append(True)
            store.purge()
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", purge_first)
    query = "SELECT account_id FROM accounts"
    rows = store.read(lambda snapshot: snapshot.rows(f"FROM {snapshot.cached('names', query)}"))
    assert purged
    assert rows == [{"account_id": "demo"}]


def test_the_names_of_folders_say_nothing_of_rows(tmp_path):
    store = Store.create(tmp_path / "platform=linkedin" / "store")
    store.state({"accounts": [{"platform": "x", "account_id": "demo"}]}, "accounts")
    query = "SELECT platform FROM accounts"
    asked = store.read(
        lambda snapshot: snapshot.rows(f"{query} UNION ALL FROM {snapshot.cached('all', query)}")
    )
    assert asked == [{"platform": "x"}, {"platform": "x"}]


def test_an_import_taken_back_and_repeated_under_a_reader_is_another_one(tmp_path):
    """Repeated, other rows of the same file may be chosen: no answer is made of both."""
    store = Store.create(tmp_path / "store")
    moment = "TIMESTAMPTZ '2026-03-01 00:00:00+00'"

    def import_rows(count):
        rows = f"'one' AS import_id, {moment} AS collected_at FROM range({count}) t(i)"
        with store.workspace() as connection:
            queries = {
                "posts": [f"SELECT 'x' AS platform, i::VARCHAR AS post_id, {rows}"],
                "post_metrics": [
                    f"SELECT 'x' AS platform, i::VARCHAR AS post_id, 'total' AS delivery, {rows}"
                ],
            }
            store.append(connection, [ImportRecord("one", {})], queries)

    import_rows(3)
    versions = []

    def count(snapshot):
        versions.append(snapshot.version)
        posts = snapshot.value("SELECT count(*) FROM posts")
        if len(versions) == 1:
            store.undo("one")
            import_rows(2)
        return posts, snapshot.value("SELECT count(*) FROM post_metrics")

    assert store.read(count) == (2, 2)
    assert len(set(versions)) == 2  # so that no kept result of the first is taken for the second
