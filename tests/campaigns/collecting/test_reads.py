"""Which posts are due, and what reads cost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from campaigns.collecting.keeping import State
from campaigns.collecting.known import Known
from campaigns.collecting.prices import cost, room
from campaigns.collecting.reads import Plan, published
from campaigns.settings import Settings

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)


def plan(*posts: dict[str, object], signed_in: str | None = None) -> Plan:
    state = State(ids={"demo": "7"})
    return Plan(Settings(), state, Known({"demo": "own"}, list(posts)), NOW, signed_in)


def post(number: int, age: dt.timedelta, **more: bool) -> dict[str, object]:
    given = {"is_due": True, "is_unread": True, **more}
    return {"post_id": str(number), "account_id": "demo", "published_at": NOW - age, **given}


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


def test_due_posts_take_the_fewest_requests() -> None:
    many = [post(number, hours(7)) for number in range(250)]
    sizes = [len(one.ask.params["ids"]) for one in plan(*many).of("posts")]
    assert sizes == [100, 100, 50]


def test_private_figures_are_asked_only_where_they_can_be_given() -> None:
    young, old = post(1, hours(25)), post(2, dt.timedelta(days=31))
    asks = [one.ask for one in plan(young, old, signed_in="7").of("posts")]
    private = {tuple(ask.params["ids"]): "non_public_metrics" in ask.params["tweet_fields"]
               for ask in asks}  # fmt: skip
    assert private == {("1",): True, ("2",): False}
    assert [one.ask.params["ids"] for one in plan(young, old, signed_in="7").of("analytics")] == [
        "1"
    ]
    assert list(plan(young).of("analytics")) == []


def test_a_list_that_was_cut_short_goes_on_below_what_came() -> None:
    one = plan()
    one.state.lists["timelines/demo"] = {"newest": "5", "first": "99", "until": "50"}
    [planned] = one.of("timelines")
    assert planned.ask.params["since_id"] == "5"
    assert planned.ask.params["until_id"] == "50"


def test_a_search_asks_for_nothing_older_than_a_week() -> None:
    settings = Settings.model_validate({"collect": {"searches": ["#zomer"]}})
    old = Plan(settings, State(lists={"searches/#zomer": {"newest": "5"}}), Known({}), NOW)
    [planned] = old.of("searches")
    assert "since_id" not in planned.ask.params


def test_the_id_of_a_post_says_when_it_was_published() -> None:
    # from the documentation of X: ids count milliseconds since 2010-11-04T01:42:54.657Z
    assert published("1212092628029698048").isoformat()[:19] == "2019-12-31T19:26:16"


def test_accounts_are_looked_up_once_a_day() -> None:
    one = plan()
    one.state.done["users"] = "2026-03-31T00:05:00+00:00"
    assert list(one.of("users")) == []
    one.state.done["users"] = "2026-03-30T23:55:00+00:00"
    [planned] = one.of("users")
    assert planned.ask.params["usernames"] == ["demo"]


def test_cost_and_what_is_left_of_the_budget() -> None:
    settings = Settings.model_validate({"budget": {"per_day": 1, "per_month": 2}})
    assert cost(settings, {"post": 100, "user": 5}) == Decimal("0.550")
    paid = {"2026-03-01": {"post": 300}, "2026-03-31": {"owned_post": 100},
            "2026-02-01": {"post": 10_000}}  # fmt: skip
    assert room(settings, paid, "2026-03-31") == Decimal("0.4")
    assert room(settings, {}, "2026-03-31") == Decimal(1)
