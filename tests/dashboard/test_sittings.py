"""The store is opened once per version of the data; no question leaves a trace in the next."""

import datetime as dt
import itertools
import random
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.errors import NoStore
from campaigns.reports import Question, report
from campaigns.store import Store
from dashboard import app
from dashboard.page import pages
from dashboard.sittings import Sittings


class Seen:
    """A store whose sittings are numbered, and remember whether they were closed."""

    def __init__(self):
        self.closed = {}

    def sitting(self):
        number = len(self.closed)
        self.closed[number] = False
        return type(
            "Sat", (), {"n": number, "close": lambda _: self.closed.update({number: True})}
        )()


def asked(sittings, store, version):
    with sittings.take(store, version) as sitting:
        return sitting.n


def test_questions_that_follow_each_other_share_one():
    sittings, store = Sittings(2), Seen()
    assert [asked(sittings, store, 1) for _ in range(3)] == [0, 0, 0]
    assert store.closed == {0: False}


def test_questions_at_the_same_time_do_not():
    sittings, store = Sittings(2), Seen()
    with sittings.take(store, 1) as one, sittings.take(store, 1) as other:
        assert one is not other


def test_one_of_older_data_is_closed_and_never_used():
    sittings, store = Sittings(2), Seen()
    assert [asked(sittings, store, 1), asked(sittings, store, 2)] == [0, 1]
    assert store.closed == {0: True, 1: False}


def test_one_that_came_back_late_is_closed_with_the_next():
    sittings, store = Sittings(2), Seen()
    with sittings.take(store, 1):
        asked(sittings, store, 2)
    assert asked(sittings, store, 3) == 2
    assert store.closed == {0: True, 1: True, 2: False}


def test_a_plain_error_leaves_it_open_and_any_other_does_not():
    sittings, store = Sittings(2), Seen()
    with pytest.raises(NoStore), sittings.take(store, 1):
        raise NoStore(path="x")
    assert store.closed == {0: False}
    with pytest.raises(ZeroDivisionError), sittings.take(store, 1):
        raise ZeroDivisionError
    assert store.closed == {0: True}
    assert asked(sittings, store, 1) == 1


def test_it_is_closed_when_nobody_asks():
    sittings, store = Sittings(2, idle=0.05), Seen()
    for number in range(2):
        assert asked(sittings, store, 1) == number
        end = time.monotonic() + 30
        while not store.closed[number] and time.monotonic() < end:
            time.sleep(0.01)
        assert store.closed[number]


def test_pages_say_the_same_in_any_order_and_beside_each_other(agency):
    server = app.create(agency).server
    answers = server.extensions["bereik"]
    kept = answers._kept
    client = server.test_client
    view = [("location", "search", ""), ("changed", "data", None)]
    parts = [{"id": one, "property": "children"} for one in ("page", "navigation", "said")]

    def said(path):
        inputs = [("location", "pathname", path), *view]
        body = {
            "output": "..page.children...navigation.children...said.children..",
            "outputs": parts,
            "inputs": [
                {"id": one, "property": name, "value": value} for one, name, value in inputs
            ],
            "changedPropIds": ["location.pathname"],
        }
        answer = client().post(
            "/_dash-update-component", json=body, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 200
        return re.sub(r"\d\d:\d\d|[0-9a-f]{32}", "", answer.text)  # the clock, and its stamps

    paths = [page.path for page in pages() if "<" not in page.path]
    alone = {}
    for path in paths:
        alone[path] = said(path)
        kept.clear()
        answers._sittings = Sittings(2)
    order = random.Random(1).sample(paths, len(paths))
    for path in order:
        kept.clear()
        assert said(path) == alone[path]
    kept.clear()
    with ThreadPoolExecutor(4) as users:
        assert dict(zip(order, users.map(said, order), strict=True)) == alone


FIGURES = ("posts", "impressions", "reach_lower", "reach_upper", "spend", "cost", "cpm", "paid_cpm")
PERIODS = [(None, None), (dt.date(2026, 2, 1), dt.date(2026, 3, 31)), (dt.date(2026, 3, 10), None)]
FILTERS = [{}, {"platforms": ("linkedin", "x")}, {"campaign": "Stormklaar 2025"}]
GROUPINGS = [(), ("campaign",), ("month",), ("platform",), ("media",)]


def test_reports_that_share_what_they_are_made_of_are_those_asked_alone(own_agency):
    some = [
        Question(by, FIGURES, first, last, **more)
        for by, (first, last), more in itertools.product(GROUPINGS, PERIODS, FILTERS)
    ]
    some = random.Random(7).sample(some, 16)

    def said(store):
        found = [report(store, one) for one in some]
        return [(one.rows, one.notes) for one in found]

    alone = said(Store.open(own_agency))
    assert sum(any(row.get("spend") for row in rows) for rows, _notes in alone) > 8
    shutil.rmtree(own_agency / "cache")
    sitting = Store.open(own_agency).sitting()
    assert said(sitting) == alone
    sitting.close()
