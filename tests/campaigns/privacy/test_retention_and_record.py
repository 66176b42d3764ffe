"""What is past its time is destroyed and logged; what is held can be shown."""

import datetime as dt
import json

import pytest

from campaigns import privacy
from campaigns.privacy import record, retention
from campaigns.store import Store

TODAY = dt.date(2025, 7, 1)


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "store")

    def post(number, days, account="gemeente", **more):
        return {"platform": "x", "post_id": str(number), "account_id": account,
                "published_on": TODAY - dt.timedelta(days=days), "text": f"tekst {number}", **more}  # fmt: skip

    made.state(
        {
            "accounts": [
                {"platform": "x", "account_id": "gemeente", "role": "own"},
                {"platform": "x", "account_id": "buren", "role": "peer"},
                {
                    "platform": "x",
                    "account_id": "sanne_dv",
                    "role": "ambassador",
                    "person": "Sanne de Vries",
                    "opted_in_on": dt.date(2022, 1, 1),
                },
                {
                    "platform": "x",
                    "account_id": "gestopt",
                    "role": "ambassador",
                    "opted_in_on": dt.date(2025, 1, 1),
                    "withdrawn_on": dt.date(2025, 2, 1),
                },
            ],
            "posts": [
                post(1, 91, is_repost=True),
                post(2, 90, is_repost=True),
                post(3, 500, author="@~1234567890abcdef"),
                post(4, 91, "buren"),
                post(5, 731, "sanne_dv"),
                post(6, 729, "sanne_dv"),
                post(7, 10, "gestopt"),
            ],
            "post_metrics": [
                {"platform": "x", "post_id": str(n), "delivery": "total", "likes": n}
                for n in range(1, 8)
            ],
        },
        "test",
    )
    made.state({"posts": [post(1, 91)]}, "an export that does not say it is a repost")
    return made


def test_what_is_due_is_counted_and_nothing_changes(store):
    before = store.read(lambda s: s.rows("SELECT * FROM posts_log ORDER BY ALL"))
    assert retention.due(store, TODAY, retention.periods()) == {
        "others_posts": {"posts": 3},
        "authors": {"posts": 1},
        "colleagues": {"posts": 1, "post_metrics": 1},
    }
    assert store.read(lambda s: s.rows("SELECT * FROM posts_log ORDER BY ALL")) == before


def test_what_is_past_its_time_is_destroyed_and_logged(store):
    retention.apply(store, TODAY, retention.periods())

    def ask(snapshot):
        return (
            {
                r["post_id"]: (r["text"], r["author"])
                for r in snapshot.rows("SELECT * FROM posts_log")
            },
            [r["post_id"] for r in snapshot.rows("SELECT post_id FROM post_metrics ORDER BY 1")],
            [r["account_id"] for r in snapshot.rows("SELECT account_id FROM accounts ORDER BY 1")],
            snapshot.rows("SELECT * FROM destructions ORDER BY kind"),
        )

    posts, metrics, accounts, log = store.read(ask)
    assert posts == {
        "1": (None, None), "2": ("tekst 2", None), "3": ("tekst 3", None), "4": (None, None),
        "6": ("tekst 6", None),
    }  # fmt: skip
    assert metrics == ["1", "2", "3", "4", "6"]
    assert accounts == ["buren", "gemeente", "sanne_dv"]
    assert [(row["kind"], row["reason"]) for row in log] == [
        ("authors", "retention"), ("colleagues", "retention"), ("others_posts", "retention"),
        ("person", "withdrawn"),
    ]  # fmt: skip
    assert [row["older_than"] for row in log][2] == TODAY - dt.timedelta(days=90)
    assert "gestopt" not in json.dumps(log, default=str)
    assert not any(retention.due(store, TODAY, retention.periods()).values())


def test_other_periods_can_be_given(store):
    days = retention.periods({"others_posts": 30})
    assert retention.due(store, TODAY, days)["others_posts"] == {"posts": 4}


def test_the_record_of_processing_counts_and_names_nobody(store):
    retention.apply(store, TODAY, retention.periods())
    found = record.report(store)
    counts = {one["kind"]: (one["days"], one["records"]) for one in found["held"]}
    assert counts["ambassadors"] == (None, 1)
    assert counts["colleagues"] == (730, 1)
    assert counts["own_posts"] == (None, 3)
    assert counts["tombstones"][1] == 2  # an account, and its handle in texts
    assert len(found["destroyed"]) == 4
    text = json.dumps(found, default=str)
    assert "sanne" not in text
    assert "gestopt" not in text


def test_access_gives_every_row_about_a_person(store):
    found = record.access(store, privacy.find(store, "Sanne de Vries"))
    assert found["accounts"] == [{"platform": "x", "account": "sanne_dv"}]
    assert {name: len(rows) for name, rows in found["held"].items()} == {
        "accounts": 1, "posts": 2, "post_metrics": 2,
    }  # fmt: skip
    assert record.access(store, privacy.find(store, "niemand"))["held"] == {}


def test_another_key_begins_pseudonyms_afresh(store, tmp_path, monkeypatch):
    first = privacy.key(store)
    monkeypatch.setenv("BEREIK_KEY", "another key for tests, of no use elsewhere")
    second = privacy.replace(store)
    assert privacy.key(Store.open(store.path)).fingerprint == second.fingerprint
    assert first.pseudonym("jan") != second.pseudonym("jan")


def test_overdue_is_what_a_daily_run_would_have_destroyed(store):
    now = dt.datetime.now(dt.UTC)
    assert retention.overdue(store, now) == {}  # it came in today
    late = now + dt.timedelta(days=2)
    found = retention.overdue(store, late)
    assert found["withdrawn"] == 1
    assert found["authors"] == 1
    retention.apply(store, late.date(), retention.periods())
    assert retention.overdue(store, late) == {}
