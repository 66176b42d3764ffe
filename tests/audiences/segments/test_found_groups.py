"""Groups in the data: found where they are, and not where they are not."""

import datetime as dt

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from audiences.segments import stability
from audiences.segments.found import found
from campaigns.errors import BadDefinition
from campaigns.store import Store

DAY = dt.date(2025, 3, 1)
AT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(stability, "DRAWS", 12)


def test_groups_that_are_there_come_back():
    chance = np.random.default_rng(5)
    middles = np.array([(3, 0, 0), (-3, 0, 0), (0, 4, 0)], float)
    truth = np.repeat([0, 1, 2], [120, 90, 60])
    rows = middles[truth] + chance.normal(size=(270, 3))
    made = stability.grouping(rows, 20, (2, 3, 4, 5))
    assert np.bincount(made.labels).tolist() == pytest.approx([120, 90, 60], abs=6)
    assert adjusted_rand_score(truth, made.labels) > 0.9
    assert min(made.stabilities) >= stability.STABLE


@pytest.mark.parametrize("shape", ["cloud", "long", "skew"])
def test_no_groups_are_made_of_a_cloud(shape):
    """k-means splits a long cloud the same way each time: stable, and yet no groups."""
    chance = np.random.default_rng(7)
    rows = chance.normal(size=(300, 3))
    if shape == "long":
        rows[:, 1:] = 0.9 * rows[:, :1] + 0.3 * rows[:, 1:]
    if shape == "skew":
        rows = np.exp(rows)
    made = stability.grouping(rows, 20, (2, 3, 4))
    assert len(made.labels) == 0
    assert len(made.tried) == 3


def test_small_groups_are_not_published():
    chance = np.random.default_rng(9)
    rows = np.vstack([chance.normal(size=(200, 2)), chance.normal(10, 1, (15, 2))])
    made = stability.grouping(rows, 20, (2,))
    assert len(made.labels) == 0
    assert made.tried[0].stability >= stability.STABLE


def test_the_same_rows_give_the_same_answer():
    rows = np.random.default_rng(11).normal(size=(120, 2))
    assert stability.grouping(rows, 10, (2, 3)).tried == stability.grouping(rows, 10, (2, 3)).tried


# --- in the store


def posts(kinds, role="own", accounts=1):
    """Posts of two kinds: one is seen a lot, the other liked a lot."""
    chance = np.random.default_rng(13)
    rows, seen = [], []
    for n, kind in enumerate(kinds):
        shown = chance.lognormal(9 if kind else 6, 0.2)
        rates = chance.lognormal((-6, -7, -6, -4) if kind else (-2, -4, -3.5, -6), 0.2)
        about = {"platform": "x", "post_id": str(n), "collected_at": AT}
        rows.append({**about, "account_id": f"a{n % accounts}", "published_on": DAY})
        names = ("likes", "comments", "shares", "clicks")
        seen.append({**about, "delivery": "total", "impressions": round(shown), **{
            name: round(shown * rate) for name, rate in zip(names, rates, strict=True)
        }})  # fmt: skip
    register = [
        {"platform": "x", "account_id": f"a{n}", "role": role, "collected_at": AT,
         **({"opted_in_on": DAY} if role == "ambassador" else {})}
        for n in range(accounts)
    ]  # fmt: skip
    return {"posts": rows, "post_metrics": seen, "accounts": register}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
    return Store.create(tmp_path / "store")


def test_two_kinds_of_posts_are_told_apart_with_their_figures(store):
    store.state(posts([1] * 90 + [0] * 60), "test")
    answer = store.read(lambda snapshot: found(snapshot, "posts"))
    assert [one.size for one in answer.groups] == [90, 60]
    first, second = ({t.feature: t for t in one.traits} for one in answer.groups)
    assert first["impressions"].median > 10 * second["impressions"].median
    assert first["likes"].ci_upper < second["likes"].ci_lower
    assert answer.groups[0].platforms == {"x": 90}


def test_too_few_is_said(store):
    store.state(posts([1] * 40 + [0] * 40), "test")
    answer = store.read(lambda snapshot: found(snapshot, "posts"))
    assert (answer.groups, answer.reason.values["n"]) == ((), 80)


def test_persons_are_sought_only_when_that_was_decided(store):
    with pytest.raises(BadDefinition, match="switched on"):
        store.read(lambda snapshot: found(snapshot, "persons"))


def test_persons_stay_nameless_and_in_groups_of_fifty(store):
    kinds = [1] * 60 + [0] * 49
    store.state(posts(kinds, "ambassador", accounts=109), "test")
    few = store.read(lambda snapshot: found(snapshot, "persons", is_allowed=True))
    assert few.groups == ()
    assert not any(name in str(few.as_dict()) for name in ("a0", "a108"))


def test_groups_of_persons_tell_no_platform_and_no_exact_figure(store):
    store.state(posts([1] * 70 + [0] * 60, "ambassador", accounts=130), "test")
    answer = store.read(lambda snapshot: found(snapshot, "persons", is_allowed=True))
    assert [one.size for one in answer.groups] == [70, 60]
    assert [one.platforms for one in answer.groups] == [{}, {}]
    for one in answer.groups:
        for trait in one.traits:
            assert trait.median == float(f"{trait.median:.2g}")


def test_who_stopped_is_no_part_of_it(store):
    rows = posts([1] * 60 + [0] * 60, "ambassador", accounts=120)
    for one in rows["accounts"][:30]:
        one["withdrawn_on"] = DAY
    store.state(rows, "test")
    answer = store.read(lambda snapshot: found(snapshot, "persons", is_allowed=True))
    assert (answer.rows, answer.groups) == (90, ())
