"""Posts under several ids, and lists of very many posts."""

import datetime as dt

import pytest

from campaigns import definitions
from campaigns.reports import Question, report
from tests.benchmarks import data


def also(made, *pairs):
    for post_id, alias in pairs:
        made.add("post_aliases", platform="x", post_id=post_id, alias=alias)
    return made


@pytest.mark.parametrize(
    ("pairs", "root"),
    [
        ([("2", "1"), ("3", "2")], "3"),  # a chain counts under its end
        ([("2", "1"), ("3", "1")], "2"),  # two ids of which both say that 1 is theirs
        ([("2", "1"), ("1", "2"), ("2", "3")], "1"),  # a ring
    ],
    ids=["chain", "fork", "ring"],
)
def test_ids_that_belong_together_over_others_are_one_post(made, pairs, root):
    made.post("1", total={"likes": 5}).post("2", total={"likes": 5, "clicks": 2})
    made.post("3", total={"likes": 6}).post("9", total={"likes": 100})
    also(made, *pairs).campaign("summer", definitions.Rule("post", "1"))
    rows = made.rows("campaign", metrics="likes,clicks")
    summer = rows["summer"]
    assert (summer["posts"], summer["likes"], summer["clicks"]) == (1, 6, 2)
    assert (rows[None]["posts"], rows[None]["likes"]) == (1, 100)
    assert {row["post_id"] for row in made.ask("post", metrics="likes").rows} == {root, "9"}


def test_a_list_of_many_posts_needs_little_memory(tmp_path, monkeypatch):
    """Each aggregate of each post costs memory: brought together, this took three times as much."""
    store = data.store_of(tmp_path / "store", 20_000, 1)
    monkeypatch.setenv("BEREIK_MEMORY", "64MB")
    day = dt.date(2024, 1, 1)  # every 730th post
    asked = {"by": ("post",), "first": day, "last": day}
    rows = report(store, Question(**asked)).rows
    assert len(rows) == 28
    whole = report(store, Question(by=("post",), metrics=("likes", "er_impressions"))).rows
    assert len(whole) == 20_000
