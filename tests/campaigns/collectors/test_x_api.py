"""Answers of the X API as files: what is kept of them, and of whom."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from campaigns.imports import FileReport, Options, import_paths
from campaigns.store import Store
from tests.x_api.world import snowflake

AT = "2026-03-10T12:00:00Z"
POST = {
    "id": "1900000000000000001",
    "author_id": "11",
    "text": "Zwemmen bij @jan &amp; co https://t.co/a https://t.co/m",
    "created_at": "2026-03-01T23:30:00.000Z",
    "lang": "nl",
    "conversation_id": "1900000000000000001",
    "edit_history_tweet_ids": ["1900000000000000001"],
    "attachments": {"media_keys": ["3_1"]},
    "entities": {
        "urls": [
            {"url": "https://t.co/a", "expanded_url": "https://gemeente.example/zwemmen"},
            {"url": "https://t.co/m", "expanded_url": "https://x.com/gemeente/status/1/photo/1"},
        ]
    },
    "public_metrics": {
        "impression_count": 1000, "like_count": 5, "reply_count": 0, "retweet_count": 2,
        "quote_count": 1, "bookmark_count": 3,
    },
    "non_public_metrics": {"impression_count": 1000, "url_link_clicks": 7,
                           "user_profile_clicks": 4, "engagements": 22},
    "organic_metrics": {"impression_count": 800, "like_count": 4, "reply_count": 0,
                        "retweet_count": 2, "url_link_clicks": 6, "user_profile_clicks": 4},
    "promoted_metrics": {"impression_count": 200, "like_count": 1, "reply_count": 0,
                         "retweet_count": 0, "url_link_clicks": 1, "user_profile_clicks": 0},
}  # fmt: skip
USERS = [
    {"id": "11", "username": "Gemeente", "name": "De gemeente",
     "public_metrics": {"followers_count": 4321}},
    {"id": "22", "username": "Jan_Burger", "name": "Jan Burger",
     "public_metrics": {"followers_count": 12}},
]  # fmt: skip
MEDIA = [{"media_key": "3_1", "type": "photo"}]
REPLY = {
    "id": "1900000000000000002",
    "author_id": "22",
    "text": "@gemeente bel mij op 06-12345678",
    "created_at": "2026-03-02T10:00:00.000Z",
    "conversation_id": "1900000000000000001",
    "public_metrics": {"like_count": 0, "retweet_count": 0, "reply_count": 0, "quote_count": 0},
}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEREIK_KEY", "k" * 40)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store")
    own = {"platform": "x", "account_id": "gemeente", "name": "gemeente", "role": "own"}
    store.state({"accounts": [own]}, "test")
    return store


def written(path: Path, *lines: Any) -> Path:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def page(*posts: Any, **more: Any) -> dict[str, Any]:
    return {"data": list(posts), "includes": {"users": USERS, "media": MEDIA}, **more}


def asked(answer: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"asked": {"endpoint": "/2/tweets", "at": AT, "params": {}, **more}, "answer": answer}


def imported(store: Store, file: Path, **options: Any) -> FileReport:
    [report] = import_paths(store.path, [file], Options(**options))
    return report


def rows(store: Store, query: str) -> list[dict[str, Any]]:
    return store.read(lambda snapshot: snapshot.rows(query))


def skipped(report: FileReport) -> dict[str, int]:
    return {str(why): number for why, number in report.skipped}


def test_a_post_is_kept_with_figures_of_every_delivery(store: Store, tmp_path: Path) -> None:
    report = imported(store, written(tmp_path / "a.jsonl.gz", asked(page(POST))))

    assert report.status == "imported"
    [post] = rows(store, "SELECT * FROM posts")
    assert post["account_id"] == "gemeente"
    assert str(post["published_on"]) == "2026-03-02"  # in Amsterdam
    assert post["text"].startswith("Zwemmen bij @~")
    assert post["text"].endswith("& co https://gemeente.example/zwemmen")
    assert (post["media_type"], post["is_reply"], post["is_repost"]) == ("photo", False, False)
    figures = {row["delivery"]: row for row in rows(store, "SELECT * FROM post_metrics")}
    assert {name: one["impressions"] for name, one in figures.items()} == {
        "total": 1000, "organic": 800, "paid": 200,
    }  # fmt: skip
    total = figures["total"]
    assert (total["shares"], total["quotes"], total["saves"]) == (2, 1, 3)
    assert (total["engagements"], total["clicks"], total["profile_clicks"]) == (22, 7, 4)
    assert figures["organic"]["quotes"] is None
    assert total["collected_at"].isoformat() == "2026-03-10T12:00:00+00:00"


def test_names_that_x_changed_mean_the_same(store: Store, tmp_path: Path) -> None:
    newer = {
        **{name: value for name, value in POST.items() if name != "edit_history_tweet_ids"},
        "id": "1900000000000000009",
        "edit_history_post_ids": ["1900000000000000009"],
        "text": "RT @ander: kort",
        "referenced_posts": [{"type": "quoted", "id": "5"}],
        "note_post": {"text": "Een lange tekst " * 30},
    }
    imported(store, written(tmp_path / "a.jsonl", asked(page(newer))))

    [post] = rows(store, "SELECT * FROM posts")
    assert len(post["text"]) == 30 * 16 - 1
    assert (post["is_reply"], post["is_repost"]) == (False, False)


def test_versions_of_an_edited_post_are_one_post(store: Store, tmp_path: Path) -> None:
    from campaigns.reports import Question, report

    first, later = POST["id"], "1900000000000000005"
    both = [first, later]
    old = {**POST, "edit_history_tweet_ids": both}
    new = {**old, "id": later, "created_at": "2026-03-01T23:40:00.000Z", "text": "Beter"}
    imported(store, written(tmp_path / "a.jsonl", asked(page(old, new))))

    assert [(r["post_id"], r["alias"]) for r in rows(store, "FROM post_aliases")] == [
        (first, later)
    ]
    assert report(store, Question()).rows[0]["posts"] == 1


def test_a_repost_has_no_figures_of_its_own(store: Store, tmp_path: Path) -> None:
    repost = {**POST, "text": "RT @ander: kort",
              "referenced_tweets": [{"type": "retweeted", "id": "5"}]}  # fmt: skip
    imported(store, written(tmp_path / "a.jsonl", asked(page(repost))))

    assert [row["is_repost"] for row in rows(store, "SELECT * FROM posts")] == [True]
    assert rows(store, "SELECT * FROM post_metrics") == []


def test_other_people_are_pseudonyms_and_their_profiles_are_not_kept(
    store: Store, tmp_path: Path
) -> None:
    report = imported(store, written(tmp_path / "a.jsonl", asked(page(POST, REPLY))))

    [reply] = rows(store, "SELECT * FROM posts WHERE is_reply")
    assert reply["account_id"].startswith("~")
    assert "06-1234" not in reply["text"]
    assert skipped(report)["accounts of other people: nothing of them is kept"] == 1
    everything = repr(rows(store, "SELECT * FROM posts_log")) + repr(
        rows(store, "SELECT * FROM accounts_log")
    )
    assert "jan_burger" not in everything.casefold()
    roles = {row["account_id"]: row["role"] for row in rows(store, "FROM accounts")}
    assert roles == {"gemeente": "own", reply["account_id"]: "organisation"}
    [followers] = rows(store, "SELECT * FROM account_periods")
    assert (followers["account_id"], followers["followers"]) == ("gemeente", 4321)


def test_a_pseudonym_of_an_account_that_is_registered_is_that_account(
    store: Store, tmp_path: Path
) -> None:
    from campaigns import privacy

    hidden = privacy.key(store).pseudonym("gemeente")[1:]
    answer = {"data": [POST], "includes": {"users": [{"id": "11", "username": hidden}]}}
    imported(store, written(tmp_path / "a.jsonl", asked(answer)))

    assert [row["account_id"] for row in rows(store, "FROM posts")] == ["gemeente"]


def test_an_option_names_one_account_and_not_everybody(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", asked(page(POST, REPLY)))
    imported(Store.create(tmp_path / "new"), file, accounts=[(None, "gemeente")])

    found = rows(Store.open(tmp_path / "new"), "SELECT account_id FROM posts ORDER BY 1")
    assert found[0]["account_id"] == "gemeente"
    assert found[1]["account_id"].startswith("~")


def test_a_colleague_who_does_not_take_part_is_counted_and_dropped(
    store: Store, tmp_path: Path
) -> None:
    colleague = {"platform": "x", "account_id": "jan_burger", "role": "ambassador"}
    store.state({"accounts": [colleague]}, "test")
    report = imported(store, written(tmp_path / "a.jsonl", asked(page(POST, REPLY))))

    assert [row["account_id"] for row in rows(store, "FROM posts")] == ["gemeente"]
    assert skipped(report)["of colleagues who do not take part"] == 2


def test_what_a_colleague_brings_besides_campaigns_is_dropped_in_company_too(
    store: Store, tmp_path: Path
) -> None:
    colleague = {"platform": "x", "account_id": "jan_burger", "role": "ambassador",
                 "opted_in_on": "2026-01-01"}  # fmt: skip
    store.state({"accounts": [colleague]}, "test")
    analytics = {"data": [{"id": POST["id"], "timestamped_metrics": [
        {"timestamp": AT, "metrics": {"follows": 1}}]}]}  # fmt: skip
    own = written(tmp_path / "own.jsonl", asked(page(POST)))
    mixed = written(
        tmp_path / "mixed.jsonl",
        asked(page(REPLY)),
        asked(analytics, params={"granularity": "total"}),
    )

    import_paths(store.path, [own, mixed], Options())

    assert [row["account_id"] for row in rows(store, "FROM posts_log")] == ["gemeente"]
    figures = rows(store, "SELECT DISTINCT post_id FROM post_metrics_log")
    assert [row["post_id"] for row in figures] == [POST["id"]]
    assert rows(store, "SELECT max(follows) AS n FROM post_metrics")[0]["n"] == 1
    assert len(rows(store, "FROM post_metrics_log")) == 4


def test_who_was_erased_does_not_come_back(store: Store, tmp_path: Path) -> None:
    from campaigns import privacy

    privacy.erase(store, privacy.find(store, "jan_burger"))
    imported(store, written(tmp_path / "a.jsonl", asked(page(POST, REPLY))))

    assert [row["account_id"] for row in rows(store, "FROM posts")] == ["gemeente"]


def test_problems_are_told_for_each_post(store: Store, tmp_path: Path) -> None:
    def problem(number: int, kind: str, detail: str = "x") -> dict[str, str]:
        return {"resource_id": str(number), "resource_type": "tweet", "title": "t",
                "detail": detail, "type": f"https://api.twitter.com/2/problems/{kind}"}  # fmt: skip

    problems = [
        problem(1, "resource-not-found"),
        problem(2, "not-authorized-for-resource", "Sorry, you are not authorized to see it"),
        problem(3, "disallowed-resource"),
        problem(4, "not-authorized-for-field"),
    ]
    report = imported(store, written(tmp_path / "a.jsonl", asked(page(POST, errors=problems))))

    told = {str(why): number for why, number in report.skipped}
    assert told["posts that are gone: deleted, or of an account that is gone"] == 1
    assert told["posts of accounts that are protected"] == 1
    assert told["posts that X withholds"] == 1
    assert told["figures that the credentials may not see"] == 1
    assert report.tables["posts"] == 1


def test_figures_of_analytics_join_those_of_the_post(store: Store, tmp_path: Path) -> None:
    metrics = {"impressions": 50, "url_clicks": 3, "engagements": 9, "follows": 1, "shares": 2}
    analytics = {"data": [{"id": POST["id"], "timestamped_metrics": [
        {"timestamp": "2026-03-01T00:00:00Z", "metrics": metrics}]}]}  # fmt: skip
    lines = [asked(analytics, params={"granularity": "total"}), asked(analytics)]
    report = imported(store, written(tmp_path / "a.jsonl", *lines))

    [row] = rows(store, "SELECT * FROM post_metrics")
    assert (row["clicks"], row["engagements"], row["follows"]) == (3, 9, 1)
    assert row["share_actions"] == 2
    assert row["likes"] is None
    assert skipped(report) == {"figures of hours or weeks of a post: there is no place for them": 1}


@pytest.mark.parametrize("since", ["2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z"])
def test_figures_by_day_stand_apart_and_add_up_where_they_begin_with_the_post(
    store: Store, tmp_path: Path, since: str
) -> None:
    number = snowflake(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), 1)  # in Amsterdam March 2
    days = {"2026-02-28": 0, "2026-03-01": 20, "2026-03-02": 7, "2026-03-03": -2}
    parts = [
        {"timestamp": f"{day}T00:00:00.000Z", "metrics": {"impressions": 3 * n, "likes": n}}
        for day, n in days.items()
    ]
    parts[2]["metrics"]["follows"] = 1
    answer = {"data": [{"id": number, "timestamped_metrics": parts}]}
    line = asked(answer, params={"granularity": "daily", "start_time": since})

    report = imported(store, written(tmp_path / "a.jsonl", line))

    found = rows(store, "SELECT day, impressions, likes, follows FROM post_days ORDER BY day")
    assert [tuple(row.values()) for row in found] == [
        (date(2026, 3, 1), 60, 20, None),
        (date(2026, 3, 2), 21, 7, 1),
        (date(2026, 3, 3), -6, -2, None),
    ]
    whole = rows(store, "SELECT impressions, likes, follows FROM post_metrics")
    is_whole = since < "2026-03-02"
    assert [tuple(row.values()) for row in whole] == [(75, 25, None)] * is_whole
    assert report.skipped == []


def test_lines_of_twarc_with_one_post_each(store: Store, tmp_path: Path) -> None:
    flat = {**POST, "author": USERS[0], "__twarc": {"retrieved_at": "2026-03-10T12:00:00+00:00"}}
    report = imported(store, written(tmp_path / "flat.jsonl", flat))

    assert report.tables == {"posts": 1, "post_metrics": 3}
    [row] = rows(store, "SELECT DISTINCT collected_at FROM post_metrics")
    assert row["collected_at"].isoformat() == "2026-03-10T12:00:00+00:00"


def test_an_answer_over_several_lines(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(page(POST), indent=2), "utf-8")

    assert imported(store, file).tables["posts"] == 1


def test_a_broken_line_costs_no_other_one(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", asked(page(POST)), '{"asked": {', asked(page(REPLY)))
    report = imported(store, file)

    assert report.tables["posts"] == 2
    assert skipped(report)["the answer is not valid JSON"] == 1


def test_a_file_that_was_cut_off_gives_what_came_before(store: Store, tmp_path: Path) -> None:
    whole = gzip.compress((json.dumps(asked(page(POST))) + "\n").encode())
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(whole + whole[:200])

    assert imported(store, file).tables["posts"] == 1


@pytest.mark.parametrize("text", ['{"data": [1, 2]}', "[]", '{"type": "FeatureCollection"}'])
def test_other_json_is_not_taken_for_it(store: Store, tmp_path: Path, text: str) -> None:
    report = imported(store, written(tmp_path / "a.json", text))

    assert report.status == "failed"
    assert report.format is None


def test_what_has_no_place_is_said(store: Store, tmp_path: Path) -> None:
    counts = {"data": [{"start": AT, "end": AT, "tweet_count": 3}],
              "meta": {"total_tweet_count": 3}}  # fmt: skip
    report = imported(store, written(tmp_path / "counts.json", counts))

    assert "how many posts a search found" in str(report.error)


def test_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", asked(page(POST, REPLY)))
    imported(store, file)

    assert imported(store, file).status == "unchanged"
