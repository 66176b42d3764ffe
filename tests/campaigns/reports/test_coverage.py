"""Which days have data: hand-made stores, answers counted by hand."""

import datetime as dt

import pytest

from campaigns.reports.coverage import calendar, coverage
from campaigns.store import Store

NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


def day(text):
    return dt.date.fromisoformat(text)


def days(first, number):
    return [day(first) + dt.timedelta(days=n) for n in range(number)]


def of_days(dates, account="gemeente", platform="x"):
    return [
        {"platform": platform, "account_id": account, "day": one, "delivery": "total",
         "impressions": 1, "collected_at": NOW}
        for one in dates
    ]  # fmt: skip


def of_posts(dates, account="gemeente"):
    return [
        {"platform": "x", "post_id": f"{account}-{one}", "account_id": account,
         "published_on": one, "collected_at": NOW}
        for one in dates
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def series(store):
    return {(one.account_id, one.kind): one for one in store.read(calendar)}


def test_nothing_is_covered_in_an_empty_store(store):
    assert store.read(calendar) == []
    assert store.read(coverage) == []


def test_missing_days_are_gaps_and_are_not_counted(store):
    store.state({"account_days": of_days([*days("2025-01-30", 4), *days("2025-02-05", 2)])}, "test")
    one = series(store)["gemeente", "days"]
    assert (one.first, one.last) == (day("2025-01-30"), day("2025-02-06"))
    assert dict(one.months) == {day("2025-01-01"): 2, day("2025-02-01"): 4}
    assert list(one.gaps) == [(day("2025-02-03"), day("2025-02-04"))]
    assert one.expected(day("2025-02-01")) == 6


def test_the_same_days_twice_are_covered_once(store):
    for _time in range(2):
        store.state({"account_days": of_days(days("2025-03-01", 31))}, "test")
    one = series(store)["gemeente", "days"]
    assert dict(one.months) == {day("2025-03-01"): 31}
    assert list(one.gaps) == []


def test_an_account_that_lies_behind_its_platform_has_a_gap_at_its_end(store):
    rows = of_days(days("2025-01-01", 59)) + of_days(days("2025-01-01", 31), "museum")
    store.state({"account_days": rows}, "test")
    one = series(store)["museum", "days"]
    assert one.days_behind == 28
    assert list(one.gaps) == [(day("2025-02-01"), day("2025-02-28"))]
    assert series(store)["gemeente", "days"].days_behind == 0


def test_a_span_inside_a_longer_one_makes_no_gap(store):
    ads = [
        {"platform": "linkedin", "ad_account_id": "ads", "level": "ad", "ad_id": str(number),
         "first_day": day(first), "last_day": day(last), "collected_at": NOW}
        for number, (first, last) in enumerate(
            [("2025-01-01", "2025-01-31"), ("2025-01-05", "2025-01-06"), ("2025-02-02", "2025-02-03")]
        )
    ]  # fmt: skip
    store.state({"ad_periods": ads}, "test")
    one = series(store)["ads", "ads"]
    assert list(one.gaps) == [(day("2025-02-01"), day("2025-02-01"))]
    assert dict(one.months) == {day("2025-01-01"): 31, day("2025-02-01"): 2}


def test_quiet_days_between_exports_of_posts_are_no_gap_and_quiet_weeks_are(store):
    store.state({"posts": of_posts([day("2025-01-01"), day("2025-01-20")])}, "first")
    store.state({"posts": of_posts([day("2025-01-28"), day("2025-01-31")])}, "second")
    store.state({"posts": of_posts([day("2025-02-20")])}, "third")
    one = series(store)["gemeente", "posts"]
    assert list(one.gaps) == [(day("2025-02-01"), day("2025-02-19"))]
    assert dict(one.months) == {day("2025-01-01"): 31, day("2025-02-01"): 1}


def test_an_undone_import_covers_nothing(store):
    store.state({"account_days": of_days(days("2025-01-01", 3))}, "kept")
    taken = store.state({"account_days": of_days(days("2025-01-04", 3))}, "taken back")
    assert series(store)["gemeente", "days"].months == {day("2025-01-01"): 6}
    store.undo(taken)
    assert series(store)["gemeente", "days"].months == {day("2025-01-01"): 3}


def test_a_colleague_without_permission_is_marked(store):
    person = {"platform": "x", "account_id": "jan", "role": "ambassador", "collected_at": NOW,
              "opted_in_on": day("2025-01-01"), "is_name_permitted": False}  # fmt: skip
    store.state(
        {"accounts": [person], "account_days": of_days(days("2025-01-01", 2), "jan")}, "test"
    )
    assert series(store)["jan", "days"].is_colleague
