"""Many files at once: each is imported as it would be alone, and fails alone."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from campaigns import simulate
from campaigns.errors import CampaignsFile
from campaigns.imports import Options, import_paths, run
from campaigns.schema import TABLES
from campaigns.store import EngineError, Store

DATA = Path(__file__).parents[2] / "data"
CONTENT = DATA / "x_posts_export" / "account_analytics_content_2025-12-01_2025-12-31.csv"
ROOT = Path(__file__).parents[3]
FIGURES = ("posts", "post_aliases", "post_metrics", "account_days", "account_periods",
           "audience_shares", "ad_periods", "search_terms")  # fmt: skip


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """A quarter of an agency: several files of each shape, and a damaged one among them."""
    folder = tmp_path_factory.mktemp("exports")
    simulate.write(simulate.organisation(seed=11, months=3), folder)
    legacy = min(folder.rglob("*content_2*.csv"))
    lines = legacy.read_bytes().splitlines(keepends=True)
    (folder / "damaged_content.csv").write_bytes(b"".join([*lines[:5], b"1,2\n", *lines[5:-1]]))
    shutil.copy(legacy, folder / "copy of a file.csv")
    for sample in [*DATA.glob("x_posts_export/*"), *DATA.glob("linkedin_page_*/*")]:
        shutil.copy(sample, folder / sample.name)
    return folder


def imported(store, folder):
    reports = import_paths(store, [folder], Options(accounts=simulate.ACCOUNT_OPTIONS, role="own"))
    return [one.as_json() for one in reports]


def contents(store):
    def rows(snapshot):
        return {
            name: sorted(
                str({c.name: row[c.name] for c in TABLES[name] if c.name in row})
                for row in snapshot.rows(f"SELECT * FROM {name}_log")
            )
            for name in FIGURES
        }

    return Store.open(store).read(rows)


def test_files_together_are_what_each_is_alone(exports, tmp_path, monkeypatch):
    together = imported(tmp_path / "together", exports)
    assert len(together) > 30
    monkeypatch.setattr(run, "BATCH_FILES", 1)
    alone = imported(tmp_path / "alone", exports)
    assert together == alone
    assert contents(tmp_path / "together") == contents(tmp_path / "alone")


def test_a_file_that_cannot_be_written_fails_alone_and_is_named(tmp_path, monkeypatch):
    text = CONTENT.read_text("utf-8")
    for name in "abcde":
        (tmp_path / f"{name}.csv").write_text(text.replace("agua_demo", f"agua_{name}"), "utf-8")
    real = Store.append

    def append(self, engine, records, *rest):
        if any(record.values["file"] == "c.csv" for record in records):
            raise EngineError("Conversion Error: too large\nLINE 1: …")
        return real(self, engine, records, *rest)

    monkeypatch.setattr(Store, "append", append)
    found = import_paths(tmp_path / "store", sorted(tmp_path.glob("*.csv")))
    assert [one.status for one in found] == ["imported"] * 2 + ["failed"] + ["imported"] * 2
    assert "c.csv" in str(found[2].error)
    assert "Conversion Error: too large" in str(found[2].error)
    assert not found[2].tables


def test_the_same_bytes_twice_in_one_run_count_once(tmp_path):
    for name in ("a.csv", "b.csv"):
        shutil.copy(CONTENT, tmp_path / name)
    found = import_paths(tmp_path / "store", [tmp_path / "a.csv", tmp_path / "b.csv"])
    assert [one.status for one in found] == ["imported", "unchanged"]


def test_a_file_of_campaigns_is_told_which_command_reads_it(tmp_path):
    file = tmp_path / "campaigns.toml"
    file.write_text('[[campaign]]\nname = "zomer"\n', "utf-8")
    [named] = import_paths(tmp_path / "store", [file])
    assert isinstance(named.error, CampaignsFile)
    assert "bereik campaigns import" in str(named.error)
    [found] = import_paths(tmp_path / "store", [tmp_path])
    assert found.status == "ignored"
    assert not (tmp_path / "store").exists()


# --- what is unpacked ------------------------------------------------------------------------


def slow_zip(path):
    """A zip with a file that takes a while to import."""
    header, row = CONTENT.read_text("utf-8").splitlines()[:2]
    rows = (row.replace("2000000000000000888", str(2 * 10**18 + n)) for n in range(100_000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("large.csv", "\n".join([header, *rows]) + "\n")


@contextlib.contextmanager
def importing(store, path, temporary):
    """An import in a process of its own, once it has unpacked something."""
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts", "--store", str(store), "import", str(path)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while not list(store.glob("tmp/*/*/large.csv")) and time.monotonic() < end:
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(os.name == "nt", reason="signals and permissions of POSIX")
def test_unpacked_text_lies_in_the_store_and_is_removed_after_a_kill(tmp_path):
    store, temporary = tmp_path / "store", tmp_path / "temporary"
    slow_zip(tmp_path / "slow.zip")
    with importing(store, tmp_path / "slow.zip", temporary) as process:
        [folder] = {file.parents[1] for file in store.glob("tmp/*/*/large.csv")}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        process.kill()
        process.wait()
    assert folder.exists()
    assert not list(temporary.iterdir())
    import_paths(store, [CONTENT])
    assert not list((store / "tmp").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="signals and permissions of POSIX")
def test_unpacked_text_is_removed_when_the_command_is_told_to_end(tmp_path):
    store, temporary = tmp_path / "store", tmp_path / "temporary"
    slow_zip(tmp_path / "slow.zip")
    with importing(store, tmp_path / "slow.zip", temporary) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    assert not list(store.glob("tmp/*"))
    assert not list(temporary.iterdir())
