"""Which accounts are collected, and which posts are due, asked of a store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from campaigns.collecting.keeping import State
from campaigns.collecting.known import due_others, due_posts, known
from campaigns.settings import Settings
from campaigns.store import Store

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
AGES = Settings().collect.ages


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


def post(number: int, born: dt.datetime, account: str = "demo", **more: Any) -> dict[str, Any]:
    return {
        "platform": "x", "post_id": str(number), "account_id": account, "text": "Hallo",
        "published_at": born, "published_on": born.date(), "url": f"https://x.com/i/{number}",
        "collected_at": born, **more,
    }  # fmt: skip


def look(number: int, at: dt.datetime, **figures: int) -> dict[str, Any]:
    return {"platform": "x", "post_id": str(number), "delivery": "total", "likes": 1,
            "collected_at": at, **figures}  # fmt: skip


CASES = [  # age in hours, when it was seen, whether it is due
    (0.5, None, False),
    (0.5, 0.2, False),
    (1.0, 0.2, True),
    (1.5, 1.1, False),
    (5.9, 1.1, False),
    (6.0, 1.1, True),
    (24.0, 6.5, True),
    (47.0, 25.0, False),
    (200.0, 1.1, True),  # the machine was off: one look does for all ages that passed
    (29 * 24 + 18, 28 * 24 + 1, True),
    (30 * 24 + 5, 29 * 24 + 19, False),
]


def test_a_post_is_due_when_it_reached_an_age_since_it_was_seen(tmp_path: Path) -> None:
    posts, looks = [], []
    for number, (age, seen, _is_due) in enumerate(CASES):
        born = NOW - hours(age)
        posts.append(post(number, born))
        looks += [] if seen is None else [look(number, born + hours(seen))]
    posts += [
        post(90, NOW - hours(7), "other"),
        post(91, NOW - hours(7), is_repost=True),
        post(92, NOW - hours(7), url=None),
    ]
    store = Store.create(tmp_path / "store")
    store.state({"posts": posts, "post_metrics": looks}, "a test")

    due = store.read(lambda snapshot: due_posts(snapshot, ["demo"], AGES, NOW))

    expected = {str(number) for number, (_age, _seen, is_due) in enumerate(CASES) if is_due}
    assert {row["post_id"] for row in due} == expected
    assert not any(row["is_unread"] for row in due)
    assert [row["published_at"] for row in due] == sorted(row["published_at"] for row in due)


def test_private_figures_are_due_apart_and_of_the_account_that_is_signed_in(
    tmp_path: Path,
) -> None:
    born = NOW - hours(30)
    looks = [look(1, NOW - hours(1)), look(2, NOW - hours(1), detail_expands=3)]
    store = Store.create(tmp_path / "store")
    store.state({"posts": [post(1, born), post(2, born)], "post_metrics": looks}, "a test")

    due = store.read(lambda snapshot: due_posts(snapshot, ["demo"], AGES, NOW, "demo"))

    assert [(row["post_id"], row["is_due"], row["is_unread"]) for row in due] == [
        ("1", False, True)
    ]


@pytest.mark.parametrize("late", [0, 50])
def test_posts_of_others_are_looked_up_in_their_own_rhythm(tmp_path: Path, late: int) -> None:
    """Once a day, some minutes early or late; every seven days means the seventh day."""
    store = Store.create(tmp_path / "store")
    came = {1: NOW + dt.timedelta(minutes=40), 2: NOW + dt.timedelta(days=3, minutes=5)}
    store.state({"posts": [post(n, at, "~x") for n, at in came.items()]}, "a test")
    last, found = None, []
    for day in range(1, 30):
        now = NOW + dt.timedelta(days=day, minutes=late if day % 2 else 0)
        some = store.read(
            lambda snapshot, now=now, last=last: due_others(
                snapshot, ["demo"], dt.timedelta(days=7), last, now
            )
        )
        found += [(day, number) for number in some]
        last = now if some else last
    assert found == [(7, "1"), (10, "2"), (14, "1"), (17, "2"), (21, "1"), (24, "2"), (28, "1")]


def test_an_account_in_the_settings_is_collected_whatever_the_roles(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    rows = [
        {"platform": "x", "account_id": name, "role": role}
        for name, role in (("demo", "own"), ("side", "own"), ("bram", "ambassador"))
    ]
    store.state({"accounts": rows}, "a test")
    settings = Settings.model_validate({"collect": {"accounts": ["demo", "bram"], "roles": []}})

    found = known(store, settings, NOW, State(), None)

    assert found.roles == {"demo": "own"}  # a colleague has not agreed
