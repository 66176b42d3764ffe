"""The questions of the pages are asked before their readers come."""

import threading
import time

from dashboard import answers, app
from dashboard.warming import Warming


def until(done):
    for _ in range(600):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_one_round_goes_at_a_time_and_another_when_data_changed_meanwhile():
    versions, asked, go = [1], [], threading.Event()

    def ask():
        asked.append(versions[-1])
        go.wait(30)
        return ()

    warming = Warming(lambda: versions[-1], ask, quiet=0)
    warming.begin()
    until(lambda: asked)
    warming.begin()
    versions.append(2)
    assert asked == [1]
    go.set()
    until(lambda: len(asked) == 2)
    assert asked == [1, 2]


def test_what_fails_is_logged_and_the_next_round_goes(caplog):
    asked = []

    def ask():
        asked.append(True)
        raise OSError("the disk is full")

    warming = Warming(lambda: 1, ask, quiet=0)
    warming.begin()
    until(lambda: "the disk is full" in caplog.text)
    until(lambda: warming.begin() or len(asked) > 1)


def test_nothing_is_asked_where_there_is_no_store(tmp_path):
    assert answers.Answers(tmp_path).version() is None


def test_a_page_computes_nothing_after_it(agency, monkeypatch):
    server = app.create(agency).server
    warming = app.warming(server)
    finished = threading.Event()

    def ask(ask=warming._ask):
        yield from ask()
        finished.set()

    monkeypatch.setattr(warming, "_ask", ask)
    warming.begin()
    assert finished.wait(120)
    monkeypatch.setattr(answers, "report", None)
    with server.test_request_context("/"):
        content, _navigation = app.show("/", "")
    assert "impressions" in str(content).lower()
