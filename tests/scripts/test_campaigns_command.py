"""``bereik campaigns`` from the outside: what it prints, where, and how it ends."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main


@pytest.fixture
def run(tmp_path):
    def command(*args, code=0):
        path = str(tmp_path / "store")
        result = CliRunner().invoke(main, ["--store", path, "campaigns", *map(str, args)])
        assert result.exit_code == code, result.output
        return result

    return command


@pytest.fixture
def posts(tmp_path):
    store = Store.create(tmp_path / "store")
    texts = ["#zomer", "#zomer en #winter", "#winter https://t.co/a", None]
    rows = [
        {"platform": "x", "post_id": str(n), "account_id": "gemeente", "text": text,
         "published_on": dt.date(2025, 6, n), "url": f"https://x.com/gemeente/status/{n}"}
        for n, text in enumerate(texts, 1)
    ]  # fmt: skip
    store.state({"posts": rows}, "test")
    return store


def test_from_suggestion_to_posts_of_a_campaign(run, posts, tmp_path):
    found = json.loads(run("suggest", "--json").stdout)["suggestions"]
    assert [(one["value"], one["posts"]) for one in found] == [("winter", 2), ("zomer", 2)]
    added = run("add", "Zomer 2025", "--hashtag", "#zomer", "--link", "example.nl",
                "--budget", "100.50", "--goal", "visits", "--target", "5", "--by", "2025-09-01")  # fmt: skip
    assert "Added campaign 'Zomer 2025' (zomer-2025)." in added.stderr
    assert "Posts of this campaign: 2" in added.stderr
    (listed,) = json.loads(run("list", "--json").stdout)["campaigns"]
    assert (listed["posts"], listed["budget"], listed["goal_target"]) == (2, 100.5, 5)
    assert "Changed" in run("add", "zomer 2025", "--words", "winter").stderr
    run("assign", "zomer-2025", "https://x.com/gemeente/status/4")
    shown = json.loads(run("show", "ZOMER 2025", "--json").stdout)
    assert [rule["posts"] for rule in shown["rules"]] == [2, 0, 1]
    assert (shown["posts"], shown["by_hand"]) == (4, 1)
    assert "Zomer 2025" in run("show", "zomer-2025").stdout
    assert "zomer-2025" in run("list").stdout
    run("unassign", "x:4")
    run("rule", "zomer-2025", "--remove", 3)
    unjudged = json.loads(run("unjudged", "--json").stdout)
    assert unjudged["reasons"] == {"no_text": 1, "short_link": 1}
    assert "https://x.com/gemeente/status/3" in run("unjudged").stdout
    run("assign", "--none", "3", "4")
    assert json.loads(run("unjudged", "--json").stdout)["posts"] == []


def test_a_rule_can_be_tried_before_it_is_added(run, posts):
    run("add", "Z", "--from", "2025-06-02")
    tried = run("rule", "z", "--hashtag", "winter", "--try")
    assert "2 posts would match" in tried.stderr
    assert "#zomer en #winter" in tried.stdout
    assert json.loads(run("show", "z", "--json").stdout)["rules"] == []


def test_files_go_out_and_in(run, tmp_path):
    run("add", "Élke dag", "--hashtag", "elkedag", "--platform", "x")
    file = tmp_path / "campaigns.toml"
    run("export", file)
    assert run("export").stdout == file.read_text("utf-8")
    assert "1 campaigns, 0 new, 0 changed" in run("import", file).stderr
    run("remove", "elke-dag")
    assert "1 new" in run("import", file).stderr
    assert run("export").stdout == file.read_text("utf-8")
    file.write_text('[[campaigns]]\nname = "Z"\nrules = [{ tag = "z" }]', "utf-8")
    assert "Z: rule 1: unknown field 'tag'" in run("import", file, code=1).stderr


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["show", "winter"], 1, "There is no campaign 'winter'. Known: Z."),
        (["assign", "z", "https://x.com/a/status/9"], 1, "no such post in the store"),
        (["assign", "z"], 2, "at least one post"),
        (["rule", "z"], 2, "--hashtag zomer"),
        (["rule", "z", "--remove", "7"], 1, "Z: it has no rule 7"),
        (["add", "y", "--hashtag", "a b"], 1, "one word"),
        (["add", "y", "--from", "1-6-2025"], 2, "2025-06-01"),
        (["add", "y", "--budget", "12,50"], 2, "12000.50"),
        (["import", "absent.toml"], 1, "absent.toml cannot be read"),
    ],
)
def test_a_mistake_is_explained(run, args, code, says):
    run("add", "Z")
    result = run(*args, code=code)
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("args", [["list"], ["suggest"], ["unjudged"], ["export"]])
def test_reading_never_makes_a_store(run, tmp_path, args):
    assert "There is no store" in run(*args, code=1).stderr
    run("add", "Z", "--hashtag", "a b", code=1)
    assert not (tmp_path / "store").exists()
