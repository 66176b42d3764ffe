"""Files of colleagues: refused without consent, kept only in part with it."""

import datetime as dt
import json
from pathlib import Path

import pytest

from campaigns import definitions, privacy
from campaigns.errors import ErasedPerson, NoOptIn, PersonalExport
from campaigns.imports import Options, import_paths
from campaigns.reports import Question, report
from campaigns.store import Store

CREATOR = (
    Path(__file__).parents[2]
    / "data/linkedin_creator_export/AggregateAnalytics_Demo Persona_2026-06-01_2026-06-07.xlsx"
)
DAY = dt.date(2025, 6, 1)
POSTS = {
    "101": "Kom naar #zomer! Mail sanne@voorbeeld.nl of bel 06-12345678",
    "102": "Lekker weer vandaag",
    "103": "#zomer met @piet",
}


@pytest.fixture
def archive(tmp_path):
    """An X archive of an account, with some posts."""

    def made(handle="sannedevries", posts=POSTS, name="archive"):
        folder = tmp_path / name / "data"
        folder.mkdir(parents=True)
        tweets = [
            {
                "tweet": {
                    "id": i,
                    "id_str": i,
                    "full_text": text,
                    "lang": "nl",
                    "created_at": "Sun Jun 01 10:00:00 +0000 2025",
                    "favorite_count": "7",
                    "retweet_count": "0",
                }
            }
            for i, text in posts.items()
        ]
        (folder / "tweets.js").write_text(
            "window.YTD.tweets.part0 = " + json.dumps(tweets), "utf-8"
        )
        manifest = {
            "userInfo": {"accountId": "1", "userName": handle, "displayName": "Sanne"},
            "archiveInfo": {"generationDate": "2025-06-02T00:00:00.000Z"},
        }
        (folder / "manifest.js").write_text(
            "window.__THAR_CONFIG = " + json.dumps(manifest), "utf-8"
        )
        return tmp_path / name

    return made


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store"


def bring(path, file, account=None, **options):
    accounts = ((None, account),) if account else ()
    [report] = import_paths(path, [file], Options(accounts=accounts, **options))
    return report


def ask(path, sql):
    return Store.open(path).read(lambda snapshot: snapshot.rows(sql))


def zomer(path):
    store = Store.create(path)
    rule = definitions.Rule("hashtag", "zomer")
    definitions.add(store, definitions.Campaign("Zomer", rules=(rule,)))
    return store


def test_a_personal_export_of_nobody_registered_is_refused_with_the_remedy(path, archive):
    for options in ({}, {"account": "sannedevries"}, {"role": "own"}):
        report = bring(path, archive(name=f"a{len(options)}{[*options]}"), **options)
        assert isinstance(report.error, PersonalExport)
        assert "--role own" in str(report.error)
        assert "--role ambassador --opted-in DAY" in str(report.error)
    assert ask(path, "SELECT * FROM posts_log") == []
    assert ask(path, "SELECT * FROM accounts") == []


def test_all_is_kept_of_an_account_that_speaks_for_the_organisation(path, archive):
    report = bring(path, archive(), "gemeente", role="own")
    assert report.status == "imported"
    posts = {row["post_id"]: row["text"] for row in ask(path, "SELECT * FROM posts")}
    assert posts["101"] == POSTS["101"]  # its own address is service information
    assert len(posts) == 3
    assert (
        bring(path, archive(name="later", posts={"104": "nieuw"}), "gemeente").status == "imported"
    )


def test_a_colleague_who_did_not_agree_is_refused(path, archive):
    zomer(path)
    report = bring(path, archive(), "sannedevries", role="ambassador")
    assert isinstance(report.error, NoOptIn)
    assert ask(path, "SELECT * FROM posts_log UNION ALL BY NAME SELECT * FROM accounts_log") == []


def test_of_a_colleague_only_posts_of_campaigns_are_kept(path, archive):
    zomer(path)
    report = bring(path, archive(), "sannedevries", role="ambassador", opted_in_on=DAY)
    assert report.error is None
    assert report.tables == {"posts": 2, "post_metrics": 2}
    assert ("posts of a colleague that belong to no campaign, or that no rule can judge", 1) in [
        (str(why), rows) for why, rows in report.skipped
    ]
    rows = ask(path, "SELECT post_id, text, published_on, published_at FROM posts ORDER BY 1")
    piet = privacy.key(Store.open(path)).pseudonym("piet")
    assert [(row["post_id"], row["text"]) for row in rows] == [
        ("101", "Kom naar #zomer! Mail [e-mail] of bel [telefoon]"),
        ("103", f"#zomer met {piet}"),
    ]
    assert {row["published_at"] for row in rows} == {None}  # no times of day of a person
    assert [row["post_id"] for row in ask(path, "SELECT post_id FROM post_metrics ORDER BY 1")] == [
        "101", "103"]  # fmt: skip
    [account] = ask(path, "SELECT * FROM accounts")
    assert (account["role"], account["opted_in_on"]) == ("ambassador", DAY)


def test_a_post_that_a_file_tells_twice_counts_once_among_what_is_kept(path):
    """The creator export lists the best posts by engagement and again by impressions."""
    zomer(path)
    report = bring(path, CREATOR, "sannedevries", role="ambassador", opted_in_on=DAY)
    assert (report.tables["posts"], report.tables["post_metrics"]) == (0, 0)
    assert ask(path, "SELECT * FROM posts") == []


def test_a_registered_colleague_is_known_without_options(path, archive):
    store = zomer(path)
    definitions.opt_in(store, "x", "sannedevries", DAY)
    assert bring(path, archive()).tables == {"posts": 2, "post_metrics": 2}


def test_new_campaigns_ask_for_the_file_again(path, archive):
    store = zomer(path)
    options = {"account": "sannedevries", "role": "ambassador", "opted_in_on": DAY}
    bring(path, archive(), **options)
    assert bring(path, archive(name="same"), **options).status == "unchanged"
    weer = definitions.Rule("words", "weer")
    definitions.add(store, definitions.Campaign("Weer", rules=(weer,)))
    assert bring(path, archive(name="again"), **options).tables["posts"] == 3


def test_withdrawal_works_at_once_and_for_the_past(path, archive):
    store = zomer(path)
    definitions.opt_in(
        store, "x", "sannedevries", DAY, {"person": "Sanne de Vries", "team": "pers"}
    )
    bring(path, archive())
    done = definitions.withdraw(store, "Sanne de Vries")
    assert done.rows["posts"] == 2
    for table in ("posts_log", "post_metrics_log", "accounts_log"):
        assert ask(path, f"SELECT * FROM {table}") == []
    options = {"account": "sannedevries", "role": "ambassador"}
    assert isinstance(bring(path, archive(name="again"), **options).error, NoOptIn)
    with pytest.raises(ErasedPerson):
        definitions.opt_in(store, "x", "sannedevries", DAY)
    definitions.opt_in(store, "x", "sannedevries", dt.date(2025, 9, 1), again=True)
    assert bring(path, archive(name="anew"), **options).tables["posts"] == 2


def test_nothing_brings_an_erased_person_back(path, archive, tmp_path):
    store = zomer(path)
    definitions.opt_in(store, "x", "sannedevries", DAY, {"person": "Sanne de Vries"})
    mine = archive("gemeente", {"1": "met @sannedevries en Sanne de Vries", "2": "anders"}, "mine")
    first = bring(path, mine, "gemeente", role="own")
    hers = bring(path, archive())
    privacy.erase(store, privacy.find(store, "sannedevries"))

    assert bring(path, mine, "gemeente", role="own").status == "unchanged"
    store.undo(first.import_id)
    store.undo(hers.import_id)
    assert bring(path, mine, "gemeente", role="own").status == "imported"
    newer = archive(
        "gemeente", {"1": "met @sannedevries en Sanne  de Vries!", "3": "#zomer"}, "newer"
    )
    assert bring(path, newer, "gemeente", role="own").status == "imported"
    options = {"account": "sannedevries", "role": "ambassador"}
    again = bring(path, archive(name="sannedevries_2025"), **options)
    assert isinstance(again.error, NoOptIn)
    with pytest.raises(ErasedPerson):
        definitions.opt_in(store, "x", "sannedevries", DAY)
    listed = tmp_path / "ambassadors.csv"
    listed.write_text(
        "platform,account,person,team,opted in on\nx,sannedevries,Sanne de Vries,pers,2025-06-01\n"
        "x,anderehandle,Sanne de Vries,pers,2025-06-01\nx,piet,Piet,pers,2025-06-01\n",
        "utf-8",
    )
    assert bring(path, listed).tables == {"accounts": 1}
    as_own = bring(path, archive(name="as_own"), "sannedevries", role="own")
    assert as_own.tables.get("posts", 0) == 0

    assert ask(path, "SELECT account_id FROM accounts ORDER BY 1") == [
        {"account_id": "gemeente"}, {"account_id": "piet"}]  # fmt: skip
    posts = {row["post_id"]: row["text"] for row in ask(path, "SELECT * FROM posts")}
    assert posts == {"1": "met @[gewist] en [gewist]!", "2": "anders", "3": "#zomer"}
    for row in ask(path, "SELECT * FROM imports"):
        assert "sanne" not in json.dumps(row, default=str).lower()


def test_a_handle_that_is_registered_later_joins_its_pseudonym(path, archive, monkeypatch):
    posts = {"1": "dank @Buurgemeente en @piet", "2": "zie https://x.com/buurgemeente/status/5"}
    bring(path, archive("gemeente", posts), "gemeente", role="own")
    store = Store.open(path)
    piet, buren = (privacy.key(store).pseudonym(name) for name in ("piet", "buurgemeente"))

    def texts():
        rows = report(Store.open(path), Question(by=("post",), metrics=("likes",))).rows
        return [row["text"] for row in sorted(rows, key=lambda row: row["post_id"])]

    before = [f"dank {buren} en {piet}", f"zie https://x.com/{buren[1:]}/status/5"]
    assert texts() == before
    definitions.register(store, "x", "buurgemeente", {"role": "partner"})
    assert texts() == [f"dank @buurgemeente en {piet}", "zie https://x.com/buurgemeente/status/5"]
    monkeypatch.delenv("BEREIK_KEY")  # who only reads need not have the key
    assert texts() == before


def test_lists_of_posts_do_not_name_a_colleague_without_permission(path, archive):
    store = zomer(path)
    definitions.opt_in(store, "x", "sannedevries", DAY)
    bring(path, archive())
    rule = definitions.Rule("hashtag", "zomer")

    def listed():
        count, rows = store.read(lambda snapshot: definitions.preview(snapshot, [rule]))
        assert count == 2
        return {row["account_id"] for row in rows}

    assert listed() == {None}
    definitions.permit(store, "sannedevries")
    assert listed() == {"sannedevries"}


def test_a_withdrawal_in_a_list_works_at_once(path, archive, tmp_path):
    zomer(path)
    bring(path, archive(), "sannedevries", role="ambassador", opted_in_on=DAY)
    file = tmp_path / "ambassadors.csv"
    file.write_text(
        "platform,account,role,opted in on,withdrawn on\n"
        "x,sannedevries,ambassador,2025-06-01,2025-09-01\nx,piet,ambassador,2025-06-01,\n",
        "utf-8",
    )
    report = bring(path, file)
    assert "have withdrawn" in " ".join(map(str, report.notes))
    assert ask(path, "SELECT * FROM posts_log") == []
    assert [row["account_id"] for row in ask(path, "SELECT * FROM accounts")] == ["piet"]
    assert bring(path, archive(name="again"), "sannedevries").error is not None
