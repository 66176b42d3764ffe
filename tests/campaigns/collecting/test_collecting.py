"""A collection against the local X: what it brings, what it keeps of people, how it ends."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from campaigns import privacy
from campaigns.collecting import Outcome, collect, forecast, replay, spending
from campaigns.collecting.beside import Beside
from campaigns.settings import Settings
from campaigns.store import Store
from tests.x_api import month
from tests.x_api.clock import Clock
from tests.x_api.faults import Faults
from tests.x_api.server import Server
from tests.x_api.world import BEGIN, World, world

HALF_DAY = dt.timedelta(hours=12)
QUIET: dict[str, Any] = {"collect": {"mentions": False}}
BUSY: dict[str, Any] = {"collect": {"searches": ["#SamenGroen"]}}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEREIK_KEY", "k" * 40)


@pytest.fixture(scope="module")
def of() -> World:
    return world(seed=5, days=4, others=6, per_day=3)


@dataclass
class Place:
    """A store, a server and a clock."""

    store: Store
    server: Server
    clock: Clock
    told: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def collect(self, settings: dict[str, Any] | None = None, **options: Any) -> Outcome:
        return collect(
            self.store,
            Settings.model_validate(settings or QUIET),
            month.KEYS,
            base_url=self.server.url,
            now=self.clock.now,
            sleep=self.clock.sleep,
            tell=lambda event, values: self.told.append((event, values)),
            **options,
        )

    def rows(self, query: str) -> list[dict[str, Any]]:
        return self.store.read(lambda snapshot: snapshot.rows(query))

    def kept(self) -> str:
        """Every byte of the answers that are kept, unpacked."""
        files = sorted((self.store.path / "raw").rglob("*"))
        contents = [
            gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            for file in files
            if file.is_file()
        ]
        return b"\n".join(contents).decode()


@pytest.fixture
def place(of: World, tmp_path: Path) -> Iterator[Place]:
    clock = Clock(tmp_path / "clock", BEGIN)
    clock.set(BEGIN + dt.timedelta(days=4))
    with Server(of, clock, Faults(), quantum=HALF_DAY) as server:
        yield Place(month.new_store(tmp_path / "store"), server, clock)


def paths(place: Place) -> list[str]:
    return [path for path, _query in place.server.asked]


def test_posts_come_once_with_figures_and_people_only_as_pseudonyms(
    place: Place, of: World
) -> None:
    outcome = place.collect(BUSY)

    assert (outcome.ending, outcome.exit_code, outcome.reason) == ("done", 0, None)
    own = of.by_name["gemeente_dam"]
    expected = {p.id for p in of.posts if p.author.id == own.id and not p.about}
    found = place.rows("SELECT post_id FROM posts WHERE account_id = 'gemeente_dam'")
    gone = {p.id for p in of.posts if p.deleted_at or p.replaced_at}
    assert expected - gone <= {row["post_id"] for row in found}
    everything = (
        place.kept() + repr(place.rows("FROM posts_log")) + repr(place.rows("FROM accounts"))
    )
    assert "~" in everything
    for account in of.accounts.values():
        if account.username not in month.ROLES or account.username == "bram_groen":
            is_known = account.username == "bram_groen"  # registered, but takes no part
            text = place.kept() if is_known else everything
            assert account.username not in text, account.username
            assert account.id not in text
    for secret in month.SECRETS.values():
        assert secret not in everything

    asked = len(place.server.asked)
    again = place.collect(BUSY)
    assert sum(again.reads.values()) == 0
    assert place.rows("SELECT count(*) AS n FROM posts")[0]["n"] == len(
        place.rows("SELECT DISTINCT post_id FROM posts_log")
    )
    assert "/2/users/by" not in paths(place)[asked:]


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_long_run_imports_beside_the_asking(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    query = "SELECT * EXCLUDE (import_id) FROM post_metrics_log"
    place.collect(only=["users", "timelines"])
    expected = sorted(map(repr, place.rows(query)))
    place.store = month.new_store(tmp_path / "other")
    monkeypatch.setattr("campaigns.collecting.run.PAGES", 2)
    start, started = Beside.start, []

    def spied(self: Beside, files: Sequence[Path]) -> None:
        started.extend(file.name for file in files)
        start(self, files)
        if is_killed and self._process is not None:
            self._process.kill()

    monkeypatch.setattr(Beside, "start", spied)
    outcome = place.collect(only=["users", "timelines"])

    assert started
    assert outcome.ending == "done"
    assert sorted(map(repr, place.rows(query))) == expected
    assert outcome.rows["post_metrics"] == len(expected)
    raw = place.store.path / "raw" / "x"
    assert {file.name for file in raw.glob("kept/*.gz")} >= {*started}
    assert list(raw.glob("waiting/*")) == []


def test_replay_gives_the_same_without_asking(place: Place) -> None:
    place.collect()
    asked, query = len(place.server.asked), "SELECT * EXCLUDE (import_id) FROM post_metrics_log"
    before = sorted(map(repr, place.rows(query)))

    outcome = replay(place.store)

    assert outcome.exit_code == 0
    assert outcome.rows["posts"] > 0
    assert len(place.server.asked) == asked
    assert sorted(map(repr, place.rows(query))) == before


def test_who_is_erased_leaves_the_answers_too_and_stays_away(place: Place) -> None:
    place.collect()
    assert "partner_een" in place.kept()

    privacy.erase(place.store, privacy.find(place.store, "partner_een"))

    assert "partner_een" not in place.kept()
    replay(place.store)
    assert place.rows("FROM posts_log WHERE account_id = 'partner_een'") == []
    assert place.rows("FROM posts WHERE account_id = 'gemeente_dam'") != []


def test_a_post_that_is_gone_loses_what_it_said(
    place: Place, of: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.collect(only=["users", "timelines"])
    [one] = place.rows(
        "SELECT post_id, text FROM posts WHERE account_id = 'gemeente_dam' AND NOT is_reply "
        "ORDER BY post_id DESC LIMIT 1"
    )
    post = of.by_id[one["post_id"]]
    place.clock.set(place.clock.now() + dt.timedelta(days=14))
    monkeypatch.setitem(of.by_id, post.id, replace(post, deleted_at=place.clock.now()))
    outcome = place.collect(only=["posts"])

    assert outcome.emptied >= 1
    [row] = place.rows(f"FROM posts WHERE post_id = '{one['post_id']}'")
    assert (row["text"], row["url"]) == (None, None)
    assert one["text"][:30] not in place.kept()
    assert place.rows(f"FROM post_metrics WHERE post_id = '{one['post_id']}'") != []


def test_who_reposted_is_kept_of_those_who_are_registered(place: Place, of: World) -> None:
    rule = {"campaign_id": "groen", "position": 1, "kind": "hashtag", "value": "SamenGroen"}
    named = {"campaign_id": "groen", "name": "Groen", "position": 1}
    place.store.state({"campaigns": [named], "campaign_rules": [rule]}, "a campaign")
    place.collect(only=["users", "timelines"])
    assert place.rows("FROM post_reposts") == []
    place.clock.set(BEGIN + dt.timedelta(days=10))
    asking = {"collect": {"mentions": False, "reposters": True}}

    planned = forecast(place.store, Settings.model_validate(asking), month.KEYS, place.clock.now())
    outcome = place.collect(asking, only=["reposters"])

    now, own = place.server.moment(), of.by_name["gemeente_dam"]
    posts = [
        post
        for post in of.posts
        if post.author.id == own.id and "SamenGroen" in post.tags and post.kind == "post"
        and dt.timedelta(days=7) <= place.clock.now() - post.created_at <= dt.timedelta(days=14)
        and of.state(post, BEGIN + dt.timedelta(days=4)) == "seen"
    ]  # fmt: skip
    everyone = {(post.id, one.author.username)
                for post in posts for one in of.listed(of.reposts[post.id], now, 0, 1 << 63)}  # fmt: skip
    taking_part = {*month.ROLES} - {"bram_groen"}
    expected = {(post, name) for post, name in everyone if name in taking_part}
    found = {(row["post_id"], row["account_id"]) for row in place.rows("FROM post_reposts")}
    assert expected == found != set() != everyone - expected
    assert outcome.reads["user"] == len(everyone)
    assert sum(one.reads for one in planned if one.kind == "reposters") > 0
    for name in {name for _post, name in everyone} - taking_part:
        assert name not in place.kept()
    assert place.collect(asking, only=["reposters"]).requests == 0  # once for each post

    who = next(name for _post, name in sorted(found))
    privacy.erase(place.store, privacy.find(place.store, who))
    left = place.rows("SELECT DISTINCT account_id FROM post_reposts_log")
    assert {row["account_id"] for row in left} == {name for _post, name in found} - {who}
    assert who not in place.kept()


def test_the_budget_stops_a_run_before_it_is_exceeded(place: Place) -> None:
    settings = {"collect": {"mentions": False}, "budget": {"per_day": 0.09, "per_month": 5}}
    outcome = place.collect(settings_of(settings))

    assert (outcome.ending, outcome.exit_code) == ("person", 1)
    assert "budget" in str(outcome.reason)
    assert outcome.cost <= Decimal("0.09")
    spent = spending(place.store, settings_of_model(settings), place.clock.now())
    assert spent.today == outcome.cost
    assert place.rows("FROM account_periods") != []  # what came before is kept


def settings_of(values: dict[str, Any]) -> dict[str, Any]:
    """Amounts as the file has them."""
    amounts = {name: Decimal(str(value)) for name, value in values["budget"].items()}
    return {**values, "budget": amounts}


def settings_of_model(values: dict[str, Any]) -> Settings:
    return Settings.model_validate(settings_of(values))


def test_a_rate_limit_is_waited_for_or_left_to_the_next_start(place: Place) -> None:
    place.server.limits["/2/users/{id}/tweets"] = 2

    later = place.collect(waits=False)
    assert (later.ending, later.exit_code) == ("later", 75)
    assert "seconds" in str(later.reason)

    before = place.clock.now()
    done = place.collect()
    assert done.ending == "done"
    assert place.clock.now() > before
    waits = [values["seconds"] for event, values in place.told if event == "waiting"]
    assert waits
    assert all(isinstance(seconds, int) and seconds <= 901 for seconds in waits)


@pytest.mark.parametrize(("fault", "word"), [("expired", "401"), ("revoked", "403")])
def test_what_needs_a_person_says_so(place: Place, fault: str, word: str) -> None:
    place.server.faults.broken = fault

    outcome = place.collect()

    assert outcome.exit_code == 1
    assert word in str(outcome.reason)
    assert len(place.server.asked) == 1


def test_what_goes_wrong_for_a_moment_is_tried_again(place: Place) -> None:
    place.server.faults = Faults(2, {"unavailable": 0.15, "truncated": 0.15, "drop": 0.15})

    outcome = place.collect()

    assert outcome.ending == "done"
    assert any(event == "again" for event, _values in place.told)


def test_a_server_that_never_answers_is_left_for_later(place: Place) -> None:
    place.server.faults = Faults(2, {"unavailable": 1.0})

    assert place.collect().exit_code == 75
    assert len(place.server.asked) == 7


def test_accounts_in_the_settings_are_own_unless_they_were_erased(
    place: Place, tmp_path: Path
) -> None:
    place.store = Store.create(tmp_path / "other")
    privacy.erase(place.store, privacy.find(place.store, "partner_een"))
    names = {"collect": {"accounts": ["gemeente_dam", "partner_een"], "mentions": False}}

    place.collect(names, only=["users", "timelines"])

    found = place.rows("SELECT DISTINCT account_id FROM posts_log")
    assert [row["account_id"] for row in found] == ["gemeente_dam"]
    asked = [query for path, query in place.server.asked if path == "/2/users/by"]
    assert "partner_een" not in asked[0]


def test_one_run_at_a_time(place: Place) -> None:
    (place.store.path / "locks").mkdir(exist_ok=True)
    with FileLock(place.store.path / "locks" / "collect.lock"):
        outcome = place.collect()

    assert outcome.exit_code == 75
    assert place.server.asked == []


def test_old_answers_are_deleted(place: Place) -> None:
    place.collect(only=["users"])
    assert len(list((place.store.path / "raw").rglob("kept/*.gz"))) == 1

    place.clock.set(place.clock.now() + dt.timedelta(days=100))
    place.collect(only=["searches"])

    assert list((place.store.path / "raw").rglob("kept/*.gz")) == []


def test_a_plan_says_what_comes(place: Place) -> None:
    settings, now = Settings.model_validate(QUIET), place.clock.now()
    first = {(one.kind, one.price): one for one in forecast(place.store, settings, month.KEYS, now)}
    assert first["users", "user"].reads == 5  # one colleague does not take part
    assert first["timelines", "owned_post"].at_most == 3200

    place.collect()

    later = now + HALF_DAY
    then = {
        (one.kind, one.price): one for one in forecast(place.store, settings, month.KEYS, later)
    }
    assert ("users", "user") not in then
    assert then["timelines", "owned_post"].reads < 50
    assert then["posts", "owned_post"].reads == then["posts", "owned_post"].at_most > 0
