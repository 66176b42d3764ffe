"""The command ``summary``: a page as PDF by the browser that is there, and what if there is none."""

import datetime as dt
import os
import re
import stat
import sys

import pytest
from click.testing import CliRunner

from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.store import Store
from dashboard import pdf
from scripts import main

MOMENT = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    store = Store.create(tmp_path_factory.mktemp("summary") / "store")
    store.state(
        {
            "posts": [{"platform": "x", "post_id": "1", "account_id": "gemeente",
                       "published_on": dt.date(2025, 6, 1), "text": "#zomer",
                       "collected_at": MOMENT}],
            "post_metrics": [{"platform": "x", "post_id": "1", "delivery": "organic",
                              "impressions": 1000, "collected_at": MOMENT}],
        },
        "test",
    )  # fmt: skip
    definitions.add(store, Campaign("Zomer", rules=(Rule("hashtag", "zomer"),)))
    return store.path


@pytest.fixture
def run(folder):
    def call(*args):
        return CliRunner().invoke(main, ["--store", str(folder), "summary", *map(str, args)])

    return call


@pytest.fixture
def browserless(monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: None)
    monkeypatch.setattr(pdf, "_places", lambda: iter(()))


def fake(folder, script):
    """A browser that does what a shell script says."""
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_without_a_browser_the_remedy_is_named(run, browserless, tmp_path):
    done = run("zomer", "--output", tmp_path / "zomer.pdf")
    assert done.exit_code == 1
    assert "install Chromium, Chrome or Edge" in done.stderr
    assert "bereik serve" in done.stderr
    assert "/campaigns/zomer/summary" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_campaign_is_said_before_anything_is_printed(run, browserless, tmp_path):
    done = run("winter", "--output", tmp_path / "a.pdf")
    assert done.exit_code == 1
    assert "Zomer" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_browser_that_fails_leaves_what_was_there(run, monkeypatch, tmp_path):
    monkeypatch.setenv("BEREIK_BROWSER", str(fake(tmp_path, "echo 'no display' >&2; exit 3")))
    kept = tmp_path / "zomer.pdf"
    kept.write_bytes(b"of yesterday")
    done = run("zomer", "--output", kept)
    assert done.exit_code == 1
    assert "no display" in done.stderr
    assert kept.read_bytes() == b"of yesterday"


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_the_browser_is_asked_for_a_tagged_page_without_header_in_the_language(
    run, monkeypatch, tmp_path
):
    script = (
        f'echo "$@" > {tmp_path}/asked\n'
        'for one in "$@"; do case "$one" in --print-to-pdf=*) '
        'printf "%%PDF-1.7" > "${one#--print-to-pdf=}";; esac; done'
    )
    monkeypatch.setenv("BEREIK_BROWSER", str(fake(tmp_path, script)))
    monkeypatch.setenv("BEREIK_LANGUAGE", "nl")
    done = run("Zomer", "--output", tmp_path / "zomer.pdf")
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "zomer.pdf").read_bytes() == b"%PDF-1.7"
    asked = (tmp_path / "asked").read_text()
    assert "--no-pdf-header-footer" in asked
    assert "--export-tagged-pdf" in asked
    assert re.search(r"http://127\.0\.0\.1:\d+/language/nl\?next=%2Fcampaigns%2Fzomer%2Fsummary",
                     asked)  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_place_where_nothing_can_be_written_is_said(run, monkeypatch, tmp_path):
    script = (
        'for one in "$@"; do case "$one" in --print-to-pdf=*) '
        'printf "%%PDF-1.7" > "${one#--print-to-pdf=}";; esac; done'
    )
    monkeypatch.setenv("BEREIK_BROWSER", str(fake(tmp_path, script)))
    done = run("zomer", "--output", tmp_path / "nowhere" / "zomer.pdf")
    assert done.exit_code == 1
    assert "Nothing could be written" in done.stderr


def test_an_installed_browser_prints_one_tagged_page(run, tmp_path):
    if pdf.browser() is None:
        if os.environ.get("BEREIK_BROWSER_REQUIRED"):
            pytest.fail("no browser; install one, or name it in BEREIK_BROWSER")
        pytest.skip("no browser")
    done = run("zomer", "--output", tmp_path / "zomer.pdf")
    assert done.exit_code == 0, done.stderr
    data = (tmp_path / "zomer.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", data)) == 1
    assert b"/StructTreeRoot" in data
    assert b"/Lang" in data
