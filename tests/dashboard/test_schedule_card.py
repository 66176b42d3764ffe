"""The page Data says when collection last ran, when it will, and when it does not."""

import datetime as dt

import pytest

from campaigns.errors import Message
from campaigns.scheduling import record
from campaigns.scheduling.record import Run
from campaigns.store import Store
from campaigns.translations import speaking
from dashboard.app import create, view_of
from dashboard.page import find
from dashboard.pages import _schedule

HOUR = dt.timedelta(hours=1)
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.fixture
def path(tmp_path):
    return Store.create(tmp_path / "store", timezone="Europe/Amsterdam").path


def shown(path, code="en"):
    app = create(path)
    page, values = find("/data")
    with app.server.test_request_context("/data"), speaking(code):
        return str(_schedule.schedule(view_of(page, "/data", "", values)))


def test_nothing_stands_there_where_nothing_ever_ran(path, tmp_path):
    assert shown(path) == "None"
    assert shown(tmp_path / "none") == "None"


@pytest.mark.parametrize(
    ("code", "said"), [("en", "It ran when it should."), ("nl", "Het draaide toen het moest.")]
)
def test_the_last_and_the_next_run(path, code, said):
    ended = dt.datetime(2030, 1, 5, 11, 2, tzinfo=dt.UTC)
    run = Run(ended, ended, "done", next_at=ended + HOUR)
    record.note_starter(path, "systemd", 6 * HOUR, NOW)
    record.note(path, "collect", run, 6 * HOUR)
    found = shown(path, code)
    assert said in found
    assert "12:02" in found  # in Amsterdam
    assert "13:02" in found


def test_a_warning_when_data_are_older_than_expected(path):
    before = NOW - 7 * HOUR
    record.note_starter(path, "cron", 6 * HOUR, before)
    record.note(path, "collect", Run(before, before, "done"), 6 * HOUR)
    assert "Data are older than expected: collection from X" in shown(path)


def test_why_somebody_is_needed(path):
    why = Message("2 files in {place} <b>", {"place": "{folders}"})
    record.note_starter(path, "cron", 6 * HOUR, NOW)
    record.note(path, "folders", Run(NOW, NOW, "person", why), 6 * HOUR)
    found = shown(path)
    assert "Somebody must do something" in found
    assert "2 files in {folders} <b>" in found
    assert "needs somebody" in found
