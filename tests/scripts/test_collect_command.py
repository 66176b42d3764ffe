"""``bereik collect``: what a run will cost, and what is told of it."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from campaigns.scheduling import record
from campaigns.store import Store
from scripts import main
from tests.x_api.clock import Clock
from tests.x_api.month import SECRETS
from tests.x_api.server import Server
from tests.x_api.world import world

SETTINGS = """
[collect]
server = "{server}"
accounts = ["gemeente_dam"]
mentions = false
[budget]
per_day = 1
per_month = 1
"""


@pytest.fixture
def bereik(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("BEREIK_KEY", "k" * 40)
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"BEREIK_X_{name.upper()}", value)

    def call(*args, server="http://127.0.0.1:9"):
        (tmp_path / "bereik.toml").write_text(SETTINGS.format(server=server))
        return CliRunner().invoke(main, ["--store", "store", "collect", *args])

    return call


def test_a_plan_needs_no_store_and_makes_none(bereik, tmp_path):
    told = bereik("--plan")
    assert told.exit_code == 0, told.output
    assert "There is no store yet" in told.stderr
    assert "more than may be spent" in told.stderr  # 3,200 posts at 0.001 and an account
    assert "3.210 USD" in told.stdout
    assert not (tmp_path / "store").exists()

    found = json.loads(bereik("--plan", "--json", "--only", "users").stdout)
    assert [(one["kind"], one["reads"]) for one in found["reads"]] == [("users", 1)]


def test_a_whole_run_by_hand_is_written_down(bereik, tmp_path):
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    clock = Clock(tmp_path / "clock", now)
    of = world(seed=2, days=2, others=2, begin=now - dt.timedelta(days=2))
    with Server(of, clock) as server:
        part = bereik("--only", "users", "--log", "log.jsonl", server=server.url)
        store = Store.open(tmp_path / "store")
        assert (part.exit_code, dict(record.read(store.path).runs)) == (0, {})
        done = bereik("--log", "log.jsonl", server=server.url)
    assert done.exit_code == 0, done.output
    run = record.read(store.path).runs["collect"]
    assert (run.ending, run.is_expected) == ("done", False)
    assert now <= run.started_at <= run.ended_at
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert {one["event"] for one in events} == {"asked", "imported", "ended"}
    assert not any(secret in json.dumps(events) for secret in SECRETS.values())
