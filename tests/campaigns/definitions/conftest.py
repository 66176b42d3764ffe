"""Stores with a few posts written by hand."""

import datetime as dt

import pytest

from campaigns import definitions
from campaigns.store import Store

DAY = dt.date(2025, 6, 15)


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


@pytest.fixture
def put(store):
    """Put posts in the store: texts (ids 1, 2, …), or dictionaries of columns."""

    def put_posts(*given):
        rows = []
        for number, one in enumerate(given, 1):
            columns = {"text": one} if isinstance(one, str) else dict(one)
            rows.append(
                {"platform": "x", "post_id": str(number), "account_id": "gemeente",
                 "published_on": DAY, **columns}
            )  # fmt: skip
        store.state({"posts": rows}, "test")

    return put_posts


@pytest.fixture
def matched(store):
    """The ids of the posts that rules match, when there is one campaign with these rules."""

    def ids(*rules, campaign=None):
        def question(snapshot):
            return definitions.preview(snapshot, rules, campaign)

        count, rows = store.read(question)
        assert count == len(rows)
        return sorted(row["post_id"] for row in rows)

    return ids


@pytest.fixture
def prepared(store):
    """What a query answers after `prepare`."""

    def ask(sql):
        def question(snapshot):
            definitions.prepare(snapshot)
            return [tuple(row.values()) for row in snapshot.rows(sql)]

        return store.read(question)

    return ask
