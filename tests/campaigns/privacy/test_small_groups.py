"""Trying to find the figures of fewer than five persons by subtracting reports.

Every post (or day) of the store brings another power of two, so each figure of a report tells of
which posts it is the sum, and so does the difference of two figures.
"""

import datetime as dt
import itertools
import random

import pytest

from campaigns import definitions
from campaigns.reports import Question, report
from campaigns.store import Store

FIRST = dt.date(2025, 1, 1)
TEAMS = {"north": 7, "south": 5, "west": 3, "east": 2}


def day(number):
    return FIRST + dt.timedelta(days=number)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A store with an own account and ambassadors; whose each bit is (None: the organisation's)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        chance = random.Random(7)
        store = Store.create(tmp_path_factory.mktemp("small") / "store")
        accounts = [{"platform": "x", "account_id": "gemeente", "role": "own"}]
        persons = []
        for team, size in TEAMS.items():
            for number in range(size):
                who = f"{team}{number}"
                for platform in ("x", "linkedin") if number % 3 else ("x",):
                    persons.append((who, platform))
                    accounts.append({
                        "platform": platform, "account_id": who, "role": "ambassador",
                        "team": team, "person": who, "opted_in_on": FIRST,
                        "is_name_permitted": who == "north6",
                    })  # fmt: skip
        accounts.append({"platform": "x", "account_id": "silent", "role": "ambassador",
                         "team": "west", "person": "silent", "opted_in_on": FIRST})  # fmt: skip
        whose, posts, figures, days = [], [], [], []
        for (who, platform), _round in itertools.product([*persons, ("gemeente", "x")], range(2)):
            bit = len(whose)
            whose.append(None if who in {"gemeente", "north6"} else who)
            tag = chance.choice(["#zomer", "#zomer", "#winter", "niets"])
            posts.append({"platform": platform, "post_id": str(bit), "account_id": who,
                          "published_on": day(chance.randrange(60)), "text": f"post {tag}"})  # fmt: skip
            figures.append({"platform": platform, "post_id": str(bit), "delivery": "total",
                            "likes": 1 << bit})  # fmt: skip
            days.append({"platform": platform, "account_id": who, "delivery": "total",
                         "day": day(chance.randrange(8)), "likes": 1 << bit})  # fmt: skip
        assert len(whose) < 62
        unique = {(row["platform"], row["account_id"], row["day"]): row for row in days}
        store.state(
            {"accounts": accounts, "posts": posts, "post_metrics": figures,
             "account_days": list(unique.values())}, "test",
        )  # fmt: skip
        for name in ("zomer", "winter"):
            rule = definitions.Rule("hashtag", name)
            definitions.add(store, definitions.Campaign(name, rules=(rule,)))
        yield store, whose


def sums(store, **asked):
    question = Question(metrics=("likes",), **asked)
    return [row["likes"] for row in report(store, question).rows if row["likes"]]


def persons_of(whose, value):
    return {who for bit, who in enumerate(whose) if value >> bit & 1 and who is not None}


def no_small_group(whose, values):
    """No figure, and no difference of two, is of one to four persons who may not be named."""
    theirs = sum(1 << bit for bit, who in enumerate(whose) if who is not None)
    # what is the organisation's is known from the reports by post: it can be taken off
    values = {value & theirs for value in values} | {0}
    for one, other in itertools.permutations(values, 2):
        if one & other == other:
            assert len(persons_of(whose, one - other)) >= 5


PERIODS = [
    (None, None), (day(0), day(29)), (day(0), day(30)), (day(10), day(40)), (day(11), day(40)),
    (day(31), day(58)), (day(5), day(5)), (day(0), day(59)),
]  # fmt: skip


def test_posts_of_few_persons_are_found_by_no_subtraction(known):
    store, whose = known
    found = set()
    for first, last in PERIODS:
        for by in ((), ("ambassador",), ("campaign", "ambassador"), ("platform", "account")):
            found |= set(sums(store, by=by, first=first, last=last))
        found |= set(sums(store, by=("ambassador",), campaign="zomer", first=first, last=last))
        for names in (("x",), ("linkedin",), ("x", "linkedin")):
            asked = {"platforms": names, "first": first, "last": last}
            found |= set(sums(store, by=("ambassador",), **asked))
    for by in (("month",), ("week", "ambassador"), ("day",), ("campaign", "platform")):
        found |= set(sums(store, by=by))
    found |= set(sums(store, by=("month",), ambassador="north"))
    assert len(found) > 10
    assert any(len(persons_of(whose, value)) >= 10 for value in found)
    no_small_group(whose, found)


def test_days_of_few_persons_are_found_by_no_subtraction(known):
    store, whose = known
    found = set()
    for first, last in [(None, None), (day(0), day(3)), (day(0), day(4)), (day(2), day(7))]:
        for by in ((), ("ambassador",), ("platform",), ("day",), ("platform", "ambassador")):
            found |= set(sums(store, by=by, first=first, last=last, accounting="activity"))
    assert len(found) > 5
    no_small_group(whose, found)


def test_campaigns_of_few_persons_count_where_campaigns_are_not_told_apart(tmp_path):
    """Three persons in one campaign and two in another are five together."""
    store = Store.create(tmp_path / "store")
    names = [f"colleague{number}" for number in range(5)]
    tags = ["#zomer", "#zomer", "#zomer", "#winter", "#winter"]
    store.state(
        {
            "accounts": [
                {"platform": "x", "account_id": name, "role": "ambassador", "team": "pers",
                 "opted_in_on": FIRST} for name in names
            ],
            "posts": [
                {"platform": "x", "post_id": name, "account_id": name, "published_on": day(number),
                 "text": tag} for number, (name, tag) in enumerate(zip(names, tags, strict=True))
            ],
            "post_metrics": [
                {"platform": "x", "post_id": name, "delivery": "total", "likes": 10}
                for name in names
            ],
        },
        "test",
    )  # fmt: skip
    for name in ("zomer", "winter"):
        rule = definitions.Rule("hashtag", name)
        definitions.add(store, definitions.Campaign(name, rules=(rule,)))
    assert sums(store, by=("ambassador",)) == [50]
    assert sums(store) == [50]
    assert sums(store, by=("campaign",)) == []
    assert sums(store, campaign="zomer") == []
    assert sums(store, by=("day",)) == []
    assert sums(store, first=day(0), last=day(4)) == [50]
    assert sums(store, first=day(1), last=day(4)) == []


def test_a_post_is_shown_only_of_who_may_be_named(known):
    store, whose = known
    rows = report(store, Question(by=("post",), metrics=("likes",))).rows
    assert all(whose[int(row["post_id"])] is None for row in rows)
    assert {row["account_id"] for row in rows} == {"gemeente", "north6"}


def test_a_colleague_who_never_posted_makes_no_group_larger(tmp_path):
    store = Store.create(tmp_path / "store")
    names = [f"colleague{number}" for number in range(5)]
    store.state(
        {
            "accounts": [
                {"platform": "x", "account_id": name, "role": "ambassador", "team": "pers",
                 "opted_in_on": FIRST} for name in names
            ],
            "posts": [
                {"platform": "x", "post_id": name, "account_id": name, "published_on": FIRST}
                for name in names[:4]
            ],
            "post_metrics": [
                {"platform": "x", "post_id": name, "delivery": "total", "likes": 1}
                for name in names[:4]
            ],
        },
        "test",
    )  # fmt: skip
    assert sums(store, by=("ambassador",)) == []
    assert sums(store) == []
