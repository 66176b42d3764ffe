"""Watched folders: each export once, when it is whole; what is refused is told, nothing changed."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from filelock import FileLock

from campaigns.collecting.watching import look
from campaigns.store import Store
from scripts import main

SOON = dt.timedelta(seconds=5)


def costs(amount=10):
    return f"First day;Last day;Campaign;Kind;Amount\n2025-01-01;2025-01-31;zomer;media;{amount}\n"


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "exports"
    path.mkdir()
    return path


def statuses(found):
    return {report.path.name: report.status for report in found.reports}


def seen(folder):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


def test_each_file_once_and_nothing_is_changed(store, folder):
    (folder / "costs.csv").write_text(costs())
    (folder / "sub").mkdir()
    (folder / "sub" / "letter.txt").write_text("Dear colleague,")
    (folder / "photo.jpg").write_bytes(b"x")
    (folder / ".hidden.csv").write_text(costs())
    (folder / "link.csv").symlink_to(folder / "costs.csv")
    before, waits = seen(folder), []
    first = look(store, [folder], SOON, sleep=waits.append)
    assert statuses(first) == {"costs.csv": "imported", "letter.txt": "failed"}
    assert (first.outcome().ending, first.outcome().exit_code) == ("person", 1)
    assert waits == [5]
    second = look(store, [folder], SOON, sleep=waits.append)
    assert (second.reports, second.refused) == ([], [folder / "sub" / "letter.txt"])
    assert second.outcome().exit_code == 0
    assert waits == [5]
    assert seen(folder) == before
    third = look(store, [folder], SOON, again=True, sleep=waits.append)
    assert statuses(third) == {"letter.txt": "failed"}


def test_a_file_that_grows_waits_for_the_next_look(store, folder):
    file = folder / "costs.csv"
    file.write_text(costs()[:20])

    def meanwhile(_seconds):
        file.write_text(costs())

    first = look(store, [folder], SOON, sleep=meanwhile)
    assert (first.reports, first.growing, first.outcome().ending) == ([], 1, "done")
    assert statuses(look(store, [folder], SOON, sleep=lambda _s: None)) == {"costs.csv": "imported"}


def test_a_file_that_vanishes_meanwhile_is_no_trouble(store, folder):
    file = folder / "costs.csv"
    file.write_text(costs())
    found = look(store, [folder], SOON, sleep=lambda _s: file.unlink())
    assert (found.reports, found.outcome().exit_code) == ([], 0)


def test_a_file_that_changed_is_read_anew_and_one_that_was_moved_too(store, folder):
    file = folder / "costs.csv"
    file.write_text(costs(10))
    look(store, [folder], SOON, sleep=lambda _s: None)
    file.write_text(costs(1234))
    assert statuses(look(store, [folder], SOON, sleep=lambda _s: None)) == {"costs.csv": "imported"}
    file.rename(folder / "other.csv")
    found = look(store, [folder], SOON, sleep=lambda _s: None)
    assert found.outcome().exit_code == 0
    amounts = store.read(lambda snapshot: snapshot.rows("SELECT amount FROM costs"))
    assert [int(row["amount"]) for row in amounts] == [1234]


def test_what_is_remembered_names_no_file(store, folder):
    (folder / "jan_de_vries.csv").write_text(costs())
    look(store, [folder], SOON, sleep=lambda _s: None)
    assert "vries" not in (store.path / "runs" / "watched.json").read_text()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": ["b"]}'])
def test_a_damaged_memory_costs_a_second_look_and_no_more(store, folder, text):
    (folder / "costs.csv").write_text(costs())
    look(store, [folder], SOON, sleep=lambda _s: None)
    (store.path / "runs" / "watched.json").write_text(text)
    found = look(store, [folder], SOON, sleep=lambda _s: None)
    assert statuses(found) == {"costs.csv": "unchanged"}


def test_one_look_at_a_time(store, folder):
    (folder / "costs.csv").write_text(costs())
    with FileLock(store.path / "locks" / "watch.lock"):
        assert look(store, [folder], SOON).outcome().exit_code == 75
    assert look(store, [folder], SOON, sleep=lambda _s: None).outcome().exit_code == 0


def test_a_store_in_the_folder_is_passed_over(tmp_path, folder):
    store = Store.create(folder / "store")
    (folder / "store" / "raw").mkdir()
    (folder / "store" / "raw" / "x.csv").write_text(costs())
    assert look(store, [folder], SOON, sleep=lambda _s: None).reports == []
    gone = look(store, [tmp_path / "none"], SOON).outcome()
    assert gone.exit_code == 1


def test_the_command(tmp_path, folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bereik.toml").write_text('[watch]\nsettled = "1s"\n')

    def bereik(*args):
        command = ["--store", "s", "collect", "folder", *args]
        return CliRunner().invoke(main, command)

    assert "There is no folder none" in bereik("none").stderr
    (folder / "costs.csv").write_text(costs())
    result = bereik("exports", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["ending"]) == (0, "done")
    assert [one["status"] for one in found["files"]] == ["imported"]
    (folder / "letter.txt").write_text("Dear colleague,")
    result = bereik("exports")
    assert result.exit_code == 1
    assert "letter.txt: not imported" in result.stdout
    assert "refused before" in bereik("exports").stderr
    (folder / "letter.txt").unlink()
    assert "refused" not in bereik("exports").stderr
