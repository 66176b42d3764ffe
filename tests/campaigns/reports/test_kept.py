"""What is kept ready for all questions: the same answers as without it, and gone when it must."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import definitions, privacy
from campaigns.reports import Question, make_ready, report
from campaigns.store import Store

DAYS = [dt.date(2025, 1, 30) + dt.timedelta(days=number) for number in range(4)]
IDS = "abcd"
QUESTIONS = [
    Question(metrics=("impressions", "likes", "reach_lower", "reach_upper", "er_impressions")),
    Question(by=("campaign", "month"), metrics=("impressions", "likes", "cost")),
    Question(by=("account",), metrics=("likes", "replies"), delivery="organic"),
    Question(by=("platform",), metrics=("impressions",), last=DAYS[1]),
    Question(by=("media",), metrics=("impressions",)),
    Question(by=("post",), metrics=("likes", "er_impressions")),
    Question(by=("post",), metrics=("er_impressions", "likes"), limit=2),
]


def a_statement(random, number):
    """Rows of one table, as another import or the operator may bring them at any time."""
    entity = {"platform": "x", "post_id": random.choice(IDS)}
    moment = dt.datetime(2025, 3, random.choice([1, 2]), tzinfo=dt.UTC)
    table = random.choice(["posts", "posts", "post_metrics", "post_metrics", "post_aliases",
                           "campaign_rules", "campaign_posts", "accounts", "costs"])  # fmt: skip
    match table:
        case "posts":
            row = {**entity, "account_id": random.choice(["one", "two", "unknown"]),
                   "published_on": random.choice(DAYS), "collected_at": moment,
                   "text": random.choice([None, "kom #zwemmen", "de #brug"]),
                   "is_repost": random.choice([None, None, False, True]),
                   "is_reply": random.choice([None, True]),
                   "ad_campaign": random.choice([None, None, "boost"])}  # fmt: skip
        case "post_metrics":
            figures = {name: random.choice([None, random.randrange(8)])
                       for name in ("impressions", "likes", "reach", "engagements")}  # fmt: skip
            delivery = random.choice(["organic", "paid", "total"])
            row = {**entity, "delivery": delivery, "collected_at": moment, **figures}
        case "post_aliases":
            row = {**entity, "alias": random.choice(IDS)}
        case "campaign_rules":
            row = {"campaign_id": random.choice(["c1", "c2"]), "position": 1, "kind": "hashtag",
                   "value": random.choice(["zwemmen", "brug"])}  # fmt: skip
        case "campaign_posts":
            row = {**entity, "campaign_id": random.choice([None, "c1", "c2"])}
        case "accounts":
            row = {"platform": "x", "account_id": random.choice(["one", "two"]),
                   "role": random.choice(["own", "peer"])}  # fmt: skip
        case _:
            row = {"source": "list", "row_id": str(number), "amount": 5, "kind": "production",
                   "first_day": DAYS[0], "last_day": DAYS[0], "currency": "EUR"}  # fmt: skip
    return {table: [row]}


def answers(store):
    return [report(store, question).as_json() for question in QUESTIONS]


@settings(max_examples=3, deadline=None)
@given(st.randoms(use_true_random=True))
def test_what_was_kept_before_a_change_never_answers_after_it(random):
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(folder)
        campaigns = [{"campaign_id": name, "name": name} for name in ("c1", "c2")]
        store.state({"campaigns": campaigns}, "campaigns")
        done = []
        for number in range(8):
            if done and random.random() < 0.15:
                store.undo(done.pop(random.randrange(len(done))))
            else:
                done.append(store.state(a_statement(random, number), "random"))
            if number % 2:
                make_ready(store)
        kept = answers(store)
        shutil.rmtree(Path(folder, "cache"))
        assert kept == answers(store)


def test_few_posts_are_told_of_with_all_that_was_known_of_the_others(made):
    made.post("1", total={"likes": 3}).post("2", organic={"likes": 9}).post("3", paid={"likes": 2})
    made.post("4", about={"ad_campaign": "boost"}, organic={"likes": 5})
    whole = made.ask("post", metrics="likes")
    few = made.ask("post", metrics="likes", limit=2)
    assert few.rows == whole.rows[:2]
    assert few.notes == whole.notes
    assert "Partial" in made.notes("post", metrics="likes", limit=1)


def test_an_equal_post_is_shown_by_its_own_id_with_what_any_of_its_ids_says(made):
    made.post("1", about={"text": None}, total={"likes": 1})
    made.post("2", about={"text": "kom zwemmen", "url": "https://x.com/2"}, total={"likes": 4})
    made.add("post_aliases", platform="x", post_id="1", alias="2")
    (row,) = made.ask("post", metrics="likes", limit=1).rows
    assert (row["post_id"], row["text"], row["url"]) == ("1", "kom zwemmen", "https://x.com/2")
    assert (row["posts"], row["likes"]) == (1, 4)


@pytest.fixture
def filled(made):
    made.post("1", total={"likes": 1}).campaign("Zwemmen", definitions.Rule("hashtag", "zwemmen"))
    make_ready(made.store)
    return made


def kept(made, name):
    return {file.name for file in made.store.path.glob(f"cache/{name}-*.parquet")}


def test_what_does_not_change_is_not_made_again(filled):
    posts, figures = kept(filled, "posts"), kept(filled, "figures")
    assert len(posts) == len(figures) == 1
    filled.cost(10).write()
    make_ready(filled.store)
    assert kept(filled, "posts") == posts
    definitions.add(filled.store, definitions.Campaign("Brug"))
    make_ready(filled.store)
    assert kept(filled, "figures") == figures
    filled.post("2", total={"likes": 1}).write()
    make_ready(filled.store)
    assert kept(filled, "figures") > figures
    assert kept(filled, "posts") > posts


def test_erasing_a_person_removes_what_was_kept(made):
    person = {"role": "ambassador", "person": "Sanne de Vries", "opted_in_on": DAYS[0]}
    made.add("accounts", platform="x", account_id="sannedevries", **person)
    made.post("1", account="sannedevries", total={"likes": 1}).write()
    make_ready(made.store)
    assert kept(made, "posts")
    privacy.erase(made.store, privacy.find(made.store, "Sanne de Vries"))
    assert not list(made.store.path.glob("cache/*"))
    assert made.rows(metrics="likes")[()]["likes"] is None
