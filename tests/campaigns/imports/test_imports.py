"""Importing as a whole: what is committed, repeated, refused and told; by many processes at once."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from openpyxl import Workbook

from campaigns.imports import Options, import_paths
from campaigns.store import Store

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
HEADER = "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements"
OVERVIEW = "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Profile visits,Create Post"


def content(*rows):
    """An X content export: (id, text, impressions) per post."""
    lines = [
        f'{i},"Mon, Mar 2, 2026","{text}",https://x.com/Demo/status/{i},{n},1,2'
        for i, text, n in rows
    ]
    return "\n".join([HEADER, *lines])


def overview(**days):
    """An X overview: impressions per day of March 2026."""
    lines = [
        f'"Mon, Mar {d.removeprefix("d")}, 2026",{n},0,0,0,0,0,0,0,0,0,1' for d, n in days.items()
    ]
    return "\n".join([OVERVIEW, *lines])


@pytest.fixture
def bring(tmp_path):
    """Import texts as files; reports as data, by file name."""

    def bring(options=None, /, **texts):
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            paths.append(path)
        reports = import_paths(tmp_path / "store", paths, options)
        return {report.path.stem: report for report in reports}

    bring.ask = lambda sql, **parameters: Store.open(tmp_path / "store").read(
        lambda snapshot: snapshot.rows(sql, parameters)
    )
    bring.store = tmp_path / "store"
    return bring


# --- commit and repeat


def test_one_bad_file_stops_no_other(bring):
    reports = bring(good=content((1, "hoi", 5)), bad="x,y\n1,2\n", also=content((2, "dag", 6)))
    assert [report.status for report in reports.values()] == ["imported", "failed", "imported"]
    assert bring.ask("SELECT sum(impressions)::INT AS n FROM post_metrics") == [{"n": 11}]


def test_the_same_bytes_under_another_name_are_unchanged(bring):
    text = content((1, "hoi", 5))
    first = bring(a=text)["a"]
    again = bring(a=text, b=text)
    assert {report.status for report in again.values()} == {"unchanged"}
    assert {report.import_id for report in again.values()} == {first.import_id}
    assert again["b"].period == first.period
    twins = bring(c=content((3, "twee", 1)), d=content((3, "twee", 1)))
    assert [report.status for report in twins.values()] == ["imported", "unchanged"]
    assert bring.ask("SELECT count(*) AS n FROM posts_log") == [{"n": 2}]


def test_other_options_make_another_import(bring):
    text = overview(d2=5, d3=6)
    first = bring(Options(accounts=((None, "one"),)), a=text)["a"]
    other = bring(Options(accounts=((None, "@Two"),)), a=text)["a"]
    assert (other.status, first.import_id == other.import_id) == ("imported", False)
    assert bring.ask("SELECT DISTINCT account_id FROM account_days ORDER BY 1") == [
        {"account_id": "one"},
        {"account_id": "two"},
    ]


def test_options_may_be_given_per_file(bring):
    options = Options(accounts=(("a*.csv", "one"), (None, "rest")))
    bring(options, a=overview(d2=5), b=overview(d2=6))
    assert bring.ask("SELECT account_id, impressions FROM account_days ORDER BY 1") == [
        {"account_id": "one", "impressions": 5},
        {"account_id": "rest", "impressions": 6},
    ]


def test_a_failed_import_makes_no_store(bring):
    reports = bring(bad="x,y\n1,2\n", empty=b"")
    assert {report.status for report in reports.values()} == {"failed"}
    assert not bring.store.exists()


def test_a_header_without_rows_is_said(bring):
    report = bring(a=HEADER + "\n")["a"]
    assert "without a usable row" in str(report.error)


def test_equal_rows_in_one_file_count_once(bring):
    report = bring(a=content((1, "hoi", 5), (1, "hoi", 5)))["a"]
    assert report.tables == {"posts": 1, "post_metrics": 1}
    assert bring.ask("SELECT count(*) AS n FROM posts_log") == [{"n": 1}]


def test_what_cannot_be_read_is_counted_and_never_zero(bring):
    text = content((1, "hoi", 5), (2, "dag", "veel"), (3, "doei", "?"))
    report = bring(a=text)["a"]
    told = [str(note) for note in report.notes]
    assert any("1 cells in 'Impressions' could not be read (such as 'veel')" in n for n in told)
    assert bring.ask("SELECT post_id, impressions FROM post_metrics ORDER BY 1") == [
        {"post_id": "1", "impressions": 5},
        {"post_id": "2", "impressions": None},
        {"post_id": "3", "impressions": None},
    ]


def test_every_sheet_of_a_workbook_that_is_a_list_counts(tmp_path):
    book = Workbook()
    for month, amount in (("januari", 100), ("februari", 250)):
        sheet = book.create_sheet(month)
        sheet.append(["Campagne", "Kosten", "Valuta", "Datum"])
        sheet.append(["Zomer", amount, "EUR", f"2026-0{1 if month == 'januari' else 2}-05"])
    book["Sheet"].append(["Toelichting", "door de communicatieafdeling"])
    book.save(tmp_path / "kosten.xlsx")
    reports = import_paths(tmp_path / "store", [tmp_path / "kosten.xlsx"])
    assert [(r.status, r.format) for r in reports] == [("imported", "list_costs")] * 2
    assert reports[1].path.name == "februari"
    question = "SELECT sum(amount)::INT AS n FROM costs"
    store = Store.open(tmp_path / "store")
    assert store.read(lambda snapshot: snapshot.value(question)) == 350
    again = import_paths(tmp_path / "store", [tmp_path / "kosten.xlsx"])
    assert [r.status for r in again] == ["unchanged", "unchanged"]


def test_an_empty_cell_hides_no_unreadable_one(bring):
    text = content((1, "hoi", 5)).replace(",5,1,2", ",veel,,2")
    report = bring(a=text)["a"]
    assert any("'veel'" in str(note) for note in report.notes)


# --- accounts


def test_a_newer_overview_wins_and_two_unknown_accounts_are_not_mixed(bring):
    first = bring(a=overview(d2=5, d3=6))["a"]
    assert any("--account" in str(note) for note in first.notes)
    later = bring(b=overview(d2=5, d3=9, d4=1))["b"]  # the last day had not ended: no conflict
    assert later.status == "imported"
    assert bring.ask("SELECT impressions FROM account_days ORDER BY day") == [
        {"impressions": 5},
        {"impressions": 9},
        {"impressions": 1},
    ]
    other = bring(c=overview(d2=500, d3=600, d4=700))["c"]
    assert other.status == "failed"
    assert "cannot be the same account" in str(other.error)
    named = bring(Options(accounts=((None, "other"),)), c=overview(d2=500, d3=600, d4=700))["c"]
    assert named.status == "imported"


def test_unknown_accounts_in_one_run_are_compared_too(bring):
    reports = bring(a=overview(d2=5, d3=6, d4=7), b=overview(d2=50, d3=60, d4=70))
    assert [report.status for report in reports.values()] == ["imported", "failed"]


def test_accounts_are_registered_once_and_keep_their_role(bring):
    bring(Options(role="partner"), a=content((1, "hoi", 5)))
    bring(b=content((2, "dag", 6)))
    assert bring.ask("SELECT platform, account_id, role FROM accounts") == [
        {"platform": "x", "account_id": "demo", "role": "partner"}
    ]


def test_a_colleagues_file_needs_an_opt_in(bring):
    options = Options(accounts=((None, "jan"),), role="ambassador")
    report = bring(options, a=content((1, "hoi", 5)))["a"]
    assert report.status == "failed"
    assert "--role ambassador" in str(report.error)
    assert not bring.store.exists() or bring.ask("SELECT count(*) AS n FROM posts") == [{"n": 0}]


# --- people


def test_other_peoples_identifiers_never_reach_the_disk(bring):
    text = (
        "@jan_jansen en @Demo: bel 0800-8051 of mail info@voorbeeld.nl, niet 111222333; zie "
        "https://x.com/piet_p/status/9 en https://x.com/demo/status/8"
    )
    bring(a=content((1, text, 5)))
    stored = bring.ask("SELECT text FROM posts")[0]["text"]
    assert "jan_jansen" not in stored
    assert "piet_p" not in stored
    assert "111222333" not in stored
    assert "0800-8051" in stored  # the organisation's own post: service information
    assert "info@voorbeeld.nl" in stored
    assert "x.com/demo/status/8" in stored
    for file in bring.store.rglob("*"):
        if file.is_file():
            for secret in (b"jan_jansen", b"piet_p", b"111222333"):
                assert secret not in file.read_bytes(), file


def test_a_registered_handle_stays(bring):
    bring(a=content((1, "hoi", 5)))  # registers @demo
    bring(b=content((2, "dag @DEMO en @ander", 5)))
    [row] = bring.ask("SELECT text FROM posts WHERE post_id = '2'")
    assert row["text"].startswith("dag @DEMO en @~")


def test_the_same_person_has_the_same_pseudonym_in_every_import(bring):
    bring(a=content((1, "dag @Jan", 5)))
    bring(b=content((2, "dag @jan", 5)))
    texts = {row["text"] for row in bring.ask("SELECT text FROM posts")}
    assert len(texts) == 1


def test_another_key_is_refused(bring, monkeypatch):
    bring(a=content((1, "dag @Jan", 5)))
    monkeypatch.setenv("BEREIK_KEY", "another key of at least thirty-two characters")
    with pytest.raises(Exception, match="is not the key of the store"):
        bring(b=content((2, "dag @Jan", 5)))


# --- many processes, killed at any moment

RUN = """
    import sys
    from pathlib import Path
    from campaigns.imports import import_paths

    for report in import_paths(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]]):
        assert report.status in {"imported", "unchanged"}, report.as_json()
    print("done")
"""


def start(store, files):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(RUN), str(store), *map(str, files)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def figures(store):
    def question(snapshot):
        return snapshot.rows(
            "SELECT (SELECT count(*) FROM posts) AS posts, (SELECT count(*) FROM posts_log) AS log, "
            "(SELECT sum(impressions)::BIGINT FROM post_metrics) AS impressions"
        )[0]

    return Store.open(store).read(question)


@pytest.fixture
def exports(tmp_path):
    """Twelve exports that overlap: each has the posts of the one before, with newer figures."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for month in range(1, 13):
        file = folder / f"account_analytics_content_2026-{month:02}-01_2026-{month:02}-28.csv"
        file.write_text(
            content(*((p, f"bericht {p}", 100 * month + p) for p in (month, month + 1, month + 2)))
        )
    return sorted(folder.iterdir())


# By hand: post p is last seen in export min(p, 12), so it has 100 * min(p, 12) + p impressions.
EXPECTED = {"posts": 14, "log": 36, "impressions": sum(100 * min(p, 12) + p for p in range(1, 15))}


def test_any_order_gives_the_same_figures(tmp_path, exports):
    for seed in (1, 2):
        store = tmp_path / f"store{seed}"
        shuffled = random.Random(seed).sample(exports, len(exports))
        import_paths(store, shuffled[:5])
        import_paths(store, shuffled)
        assert figures(store) == EXPECTED


def test_several_processes_import_the_same_folder_at_once(tmp_path, exports):
    store = tmp_path / "store"
    processes = [start(store, exports), start(store, exports[::-1]), start(store, exports[3:9])]
    for process in processes:
        out, errors = process.communicate(timeout=200)
        assert (process.returncode, out) == (0, "done\n"), errors
    assert figures(store) == EXPECTED


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of Unix")
def test_killed_at_any_moment_and_repeated(tmp_path, exports):
    store = tmp_path / "store"
    luck = random.Random(11)
    for _ in range(5):
        process = start(store, luck.sample(exports, 6))
        time.sleep(luck.uniform(0.5, 2.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (store / "bereik.json").exists():
            seen = figures(store)
            assert seen["posts"] <= 14
    process = start(store, exports)
    assert process.communicate(timeout=200)[0] == "done\n"
    assert figures(store) == EXPECTED


def test_undo_brings_back_the_figures_of_before(tmp_path, exports):
    store = tmp_path / "store"
    import_paths(store, exports[:11])
    before = figures(store)
    [report] = import_paths(store, exports[11:])
    assert figures(store) == EXPECTED
    Store.open(store).undo(report.import_id)
    assert figures(store) == before
