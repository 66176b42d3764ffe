"""Erasing a person: nothing of the name is left anywhere in the store, and nothing comes back."""

import concurrent.futures
import datetime as dt
import json
import threading
import unicodedata

import pyarrow.parquet as pq
import pytest

from campaigns import privacy
from campaigns.errors import ErasedPerson, PermanentImport, StoreBusy
from campaigns.imports.people import People
from campaigns.store import Store

DAY = dt.date(2025, 6, 2)
HEAD = '"Post id","Date","Post text","Post Link","Impressions","Likes","Engagements","Bookmarks","Share(s)","New follows","Replies","Reposts","Profile visits","Detail Expands","URL Clicks","Hashtag Clicks","Permalink Clicks"\n'


def said(store):
    """Everything that the store says anywhere: raw bytes of files, and what is in the data."""
    texts = []
    for file in sorted(store.path.rglob("*")):
        texts.append(str(file.relative_to(store.path)))
        if file.is_file():
            texts.append(file.read_bytes().decode("latin-1"))
            if file.suffix == ".parquet":
                table = pq.read_table(file)
                texts += [
                    json.dumps(row, default=str, ensure_ascii=False) for row in table.to_pylist()
                ]
                meta = pq.read_metadata(file)
                texts += [
                    str(meta.row_group(i).column(c).statistics)
                    for i in range(meta.num_row_groups)
                    for c in range(meta.num_columns)
                ]
    return unicodedata.normalize("NFC", "\n".join(texts)).lower()


@pytest.fixture
def store(tmp_path):
    """A store in which a colleague and her name stand wherever they can."""
    made = Store.create(tmp_path / "store")
    post = {"platform": "x", "account_id": "gemeente", "published_on": DAY}
    hers = {**post, "account_id": "sannedevries"}
    made.state(
        {
            "accounts": [
                {"platform": "x", "account_id": "gemeente", "role": "own", "name": "Gemeente"},
                {
                    "platform": "x",
                    "account_id": "sannedevries",
                    "role": "ambassador",
                    "person": "Sanne de Vries",
                    "name": "Sanne 🌷 de Vries",
                    "opted_in_on": DAY,
                },
                {
                    "platform": "linkedin",
                    "account_id": "sanne-de-vries-8",
                    "role": "ambassador",
                    "person": "Sanne de Vries",
                    "opted_in_on": DAY,
                },
            ],
            "posts": [
                {
                    **post,
                    "post_id": "1",
                    "text": "Dank @SanneDeVries en Sanne de Vries, sanne de vries!",
                },
                {
                    **post,
                    "post_id": "2",
                    "text": "zie https://x.com/sannedevries/status/9",
                    "author": privacy.key(made).pseudonym("Sanne de Vries"),
                },
                {**post, "post_id": "3", "text": "De vries van vandaag; Sanne kwam ook"},
                {
                    **hers,
                    "post_id": "9",
                    "text": "mijn post",
                    "url": "https://x.com/sannedevries/status/9",
                },
            ],
            "post_metrics": [
                {"platform": "x", "post_id": str(n), "delivery": "total", "likes": 7}
                for n in (1, 9)
            ],
            "account_days": [
                {
                    "platform": "x",
                    "account_id": "sannedevries",
                    "day": DAY,
                    "delivery": "total",
                    "impressions": 5,
                }
            ],
            "costs": [
                {
                    "source": "uren_sannedevries.csv",
                    "row_id": "1",
                    "account_id": "sannedevries",
                    "platform": "x",
                    "description": "uren Sanne de Vries",
                    "hours": 2,
                    "rate": 50,
                    "first_day": DAY,
                    "last_day": DAY,
                }
            ],
            "campaign_rules": [
                {"campaign_id": "zomer", "position": 1, "kind": "account", "value": "sannedevries"}
            ],
            "ad_periods": [
                {
                    "platform": "x",
                    "ad_account_id": "1",
                    "level": "ad",
                    "ad_id": "1",
                    "first_day": DAY,
                    "last_day": DAY,
                    "post_id": "9",
                    "text": "mijn post",
                    "impressions": 4,
                }
            ],
        },
        "accounts add x sannedevries",
    )
    made.read(lambda s: s.cached("report", "SELECT * FROM posts"))
    return made


def person(store):
    return privacy.find(store, "Sanne de Vries")


def test_all_accounts_and_names_of_a_person_are_found(store):
    found = person(store)
    assert found.accounts == {("x", "sannedevries"), ("linkedin", "sanne-de-vries-8")}
    assert found.phrases == {"sanne de vries", "sannedevries", "sanne de vries 8"}
    assert privacy.find(store, "@SanneDeVries").accounts == found.accounts


def test_no_byte_of_the_store_names_an_erased_person(store):
    assert "sannedevries" in said(store)
    done = privacy.erase(store, person(store))
    assert done.held == 0
    everything = said(store)
    for name in (
        "sannedevries",
        "sanne de vries",
        "sanne-de-vries",
        "sanne 🌷",
        "mijn post",
        privacy.key(store).pseudonym("sanne de vries")[2:],
    ):
        assert name not in everything


def test_what_is_not_the_persons_stays(store):
    privacy.erase(store, person(store))

    def found(snapshot):
        return (
            {r["post_id"]: r["text"] for r in snapshot.rows("SELECT * FROM posts")},
            snapshot.rows("SELECT account_id, hours, description FROM costs"),
            snapshot.value("SELECT count(*) FROM account_days"),
            snapshot.rows("SELECT post_id, text, impressions FROM ad_periods"),
            snapshot.rows("SELECT post_id, likes FROM post_metrics"),
        )

    posts, costs, days, ads, metrics = store.read(found)
    assert posts == {
        "1": "Dank @[gewist] en [gewist], [gewist]!",
        "2": "zie https://x.com/[gewist]/status/9",
        "3": "De vries van vandaag; Sanne kwam ook",
    }
    assert costs == [{"account_id": None, "hours": 2, "description": "uren [gewist]"}]
    assert days == 0
    assert ads == [{"post_id": None, "text": None, "impressions": 4}]
    assert metrics == [{"post_id": "1", "likes": 7}]


def test_an_erasure_cannot_be_undone_and_is_logged_without_a_name(store):
    privacy.erase(store, person(store))
    [log] = store.read(lambda s: s.rows("SELECT * FROM destructions"))
    assert (log["kind"], log["reason"]) == ("person", "erased")
    assert json.loads(log["rows"])["posts"] == 3
    ids = [i for i, row in store.records().items() if row["format"] == "destruction"]
    for import_id in ids:
        with pytest.raises(PermanentImport):
            store.undo(import_id)


def test_erasing_twice_changes_nothing_more(store):
    found = person(store)
    privacy.erase(store, found)
    assert privacy.erase(store, found).rows == {}


def test_an_erasure_that_was_interrupted_is_finished_by_repeating_it(store, monkeypatch):
    def killed(_store):
        raise KeyboardInterrupt

    found = person(store)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_change_rows", lambda *_: killed(store))
        with pytest.raises(KeyboardInterrupt):
            privacy.erase(store, found)
    assert privacy.tombstones(store)  # from here on nothing comes back
    privacy.erase(store, found)
    assert "sannedevries" not in said(store)


def test_readers_notice_nothing_while_somebody_is_erased(store):
    """A reader that meets a vanished file starts again, and gives a whole answer."""
    stop, answers = threading.Event(), []

    def read():
        while not stop.is_set():
            answers.append(store.read(lambda s: s.value("SELECT sum(likes) FROM post_metrics")))
            store.read(lambda s: s.rows(f"FROM {s.cached('texts', 'SELECT text FROM posts')}"))

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        privacy.erase(store, person(store))
        stop.set()
        for reader in readers:
            reader.result()
    assert set(answers) <= {14, 7}
    assert "sannedevries" not in said(store)


def test_a_short_or_common_name_takes_nothing_else_with_it(tmp_path):
    made = Store.create(tmp_path / "store")
    post = {"platform": "x", "account_id": "gemeente", "published_on": DAY}
    made.state(
        {
            "accounts": [
                {
                    "platform": "x",
                    "account_id": "jan",
                    "name": "Marieke",
                    "role": "ambassador",
                    "opted_in_on": DAY,
                }
            ],
            "posts": [
                {
                    **post,
                    "post_id": "1",
                    "text": "Jan en Marieke, dank @Jan! #jan @janneke x.com/jan",
                },
                {**post, "post_id": "2", "text": "in januari"},
            ],
        },
        "test",
    )
    privacy.erase(made, privacy.find(made, "@jan"))
    texts = made.read(lambda s: s.rows("SELECT text FROM posts ORDER BY post_id"))
    assert [row["text"] for row in texts] == [
        "Jan en Marieke, dank @[gewist]! #jan @janneke x.com/[gewist]", "in januari"]  # fmt: skip


def test_only_an_erasure_stops_a_running_import_not_a_compaction(tmp_path):
    store = Store.create(tmp_path / "store")
    secret = privacy.key(store)
    for name in ("sanne_devries", "pietjansen"):
        privacy.erase(store, privacy.find(store, name))
    people = People.of(store, secret)
    store.compact()
    people.check_stones()
    privacy.erase(store, privacy.find(store, "derde_persoon"))
    with pytest.raises(StoreBusy):
        people.check_stones()


def test_the_last_word_counts_whatever_the_clock_says(tmp_path, monkeypatch):
    """Agreed anew, then erased again by a clock that was set back: erased; and the reverse."""
    store = Store.create(tmp_path / "store")
    found = privacy.find(store, "sanne_devries", platform="x")

    class Clock(dt.datetime):
        day = 20

        @classmethod
        def now(cls, tz=None):
            return cls(2026, 5, cls.day, tzinfo=tz)

    monkeypatch.setattr(dt, "datetime", Clock)
    privacy.erase(store, found)
    Clock.day = 10
    privacy.lift(store, "x", "sanne_devries")
    privacy.check(store, "x", "sanne_devries")
    Clock.day = 5
    privacy.erase(store, found)
    with pytest.raises(ErasedPerson):
        privacy.check(store, "x", "sanne_devries")
    Clock.day = 1
    privacy.lift(store, "x", "sanne_devries")
    privacy.check(store, "x", "sanne_devries")
