"""Posts at the same age: each with the look that lay nearest to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from campaigns.errors import ImpossibleQuestion
from campaigns.reports import Question
from campaigns.reports.ages import at_age
from campaigns.store import Store

BORN = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)


def look(post: str, hours: float, **figures: int) -> dict[str, Any]:
    return {"platform": "x", "post_id": post, "delivery": "total",
            "collected_at": BORN + dt.timedelta(hours=hours), **figures}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store")

    def post(number: str, account: str, **more: Any) -> dict[str, Any]:
        return {"platform": "x", "post_id": number, "account_id": account,
                "published_on": BORN.date(), "published_at": BORN, **more}  # fmt: skip

    looks = [
        look("1", 24, impressions=100, engagements=5),
        look("1", 165, impressions=700, engagements=14),
        look("1", 169, impressions=720, likes=3),
        look("1", 600, impressions=900, engagements=20),
        look("2", 24, impressions=50, engagements=1),
        look("2", 600, impressions=80, engagements=2),
        look("3", 170, impressions=300, engagements=30),
        look("4", 168, impressions=9999, engagements=99),
    ]
    store.state(
        {
            "accounts": [
                {"platform": "x", "account_id": "gemeente", "role": "own"},
                {"platform": "x", "account_id": "ander", "role": "peer"},
            ],
            "posts": [
                post("1", "gemeente"),
                post("2", "gemeente"),
                post("3", "gemeente", published_at=None),  # no time, so no age
                post("4", "ander"),
            ],
            "post_metrics": looks,
        },
        "test",
    )
    return store


def test_each_post_has_the_figures_nearest_to_the_age(store: Store) -> None:
    found = at_age(store, Question(by=("post",)), WEEK)
    rows = {row["post_id"]: row for row in found.rows}
    # 168 hours: 169 is nearer than 165, which says what 169 does not
    assert (rows["1"]["impressions"], rows["1"]["engagements"], rows["1"]["likes"]) == (720, 14, 3)
    assert (rows["2"]["impressions"], rows["2"]["known"]["impressions"]) == (None, 0)
    assert rows["3"]["impressions"] is None
    assert "4" not in rows


def test_sums_say_how_many_posts_they_are_of(store: Store) -> None:
    [row] = at_age(store, Question(by=("account",)), dt.timedelta(days=1)).rows
    assert (row["account"], row["posts"], row["impressions"]) == ("gemeente", 3, 150)
    assert row["known"]["impressions"] == 2
    assert row["er_impressions"] == pytest.approx(6 / 150)

    report = at_age(store, Question(), dt.timedelta(days=1))
    assert "2 of 3 posts" in str(report.notes[0])
    assert report.rows[0]["clicks"] is None


@pytest.mark.parametrize(
    "question",
    [Question(by=("day",)), Question(metrics=("spend",)), Question(delivery="paid"),
     Question(accounting="activity")],
)  # fmt: skip
def test_what_has_no_age_is_refused(store: Store, question: Question) -> None:
    with pytest.raises(ImpossibleQuestion):
        at_age(store, question, WEEK)
