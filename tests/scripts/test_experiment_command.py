"""The command ``experiment``: stating tests, their verdicts on the screen and as JSON."""

import datetime as dt
import json

import numpy as np
import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main

DAY = dt.date(2025, 3, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Fourteen posts of each variant; those of B bring more than twice as many engagements."""
    path = tmp_path_factory.mktemp("experiment") / "store"
    posts, figures = [], []
    for tag, base in (("a", 20), ("b", 50)):
        for n in range(14):
            day = DAY + dt.timedelta(days=n)
            key = {"platform": "x", "post_id": f"{tag}{n}",
                   "collected_at": dt.datetime(2025, 6, 1, tzinfo=dt.UTC)}  # fmt: skip
            posts.append({**key, "account_id": "gemeente", "published_on": day, "text": f"#{tag}"})
            figures.append({**key, "delivery": "total", "impressions": 1000,
                            "engagements": base + 3 * (n % 5)})  # fmt: skip
    Store.create(path).state({"posts": posts, "post_metrics": figures}, "test")
    return path


@pytest.fixture
def run(folder, monkeypatch):
    def call(*args, language="en"):
        monkeypatch.setenv("BEREIK_LANGUAGE", language)
        return CliRunner().invoke(main, ["--store", str(folder), "experiment", *args])

    return call


@pytest.fixture
def stated(run):
    result = run("add", "vraag", "--metric", "er_impressions", "--by-lot",
                 "--variant", "A=hashtag:a", "--variant", "B=hashtag:b",
                 "--message", "B=een vraag")  # fmt: skip
    assert result.exit_code == 0, result.output
    yield
    run("remove", "vraag")


def test_a_test_is_stated_shown_and_removed(run, stated):
    assert "vraag" in run("list").stdout
    shown = json.loads(run("show", "VRAAG", "--json").stdout)
    assert shown["variants"][1]["message"] == "een vraag"
    assert shown["variants"][0]["members"] == [{"kind": "hashtag", "value": "a"}]
    assert "hashtag:b" in run("show", "vraag").stdout
    assert "wat beslist" in run("show", "vraag", language="nl").stdout
    assert run("remove", "vraag").exit_code == 0
    assert json.loads(run("list", "--json").stdout) == {"experiments": []}


def test_the_verdict_comes_first(run, stated):
    result = run("analyse", "vraag")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("vraag: B wins: with B, engagement rate by impressions is ")
    assert "chance to be best" in result.stdout
    dutch = run("analyse", language="nl")
    assert dutch.stdout.startswith("vraag: B wint: interactieratio per weergave is met B ")


def test_the_numbers_as_json(run, stated):
    (found,) = json.loads(run("analyse", "--json").stdout)["experiments"]
    assert found["verdict"]["kind"] == "wins"
    assert found["verdict"]["winner"] == "B"
    assert [v["units"] for v in found["variants"]] == [14, 14]
    assert found["comparisons"][0]["pvalue"] < 1e-6
    assert found["unit"] == "post"


def test_what_a_choice_costs(run, stated):
    """A is worse for certain, so it costs what lies between both geometric means."""
    (found,) = json.loads(run("analyse", "--json").stdout)["experiments"]
    typical = [
        np.exp(np.log([base + 3 * (n % 5) for n in range(14)]).mean()) / 1000 for base in (20, 50)
    ]
    control, treatment = found["variants"]
    assert control["expected_loss"] == pytest.approx(typical[1] - typical[0], rel=0.01)
    assert control["rel_expected_loss"] == pytest.approx(1 - typical[0] / typical[1], rel=0.01)
    assert treatment["expected_loss"] == pytest.approx(0, abs=1e-9)
    assert "54% less than the best" in run("analyse").stdout
    assert "more than 99.9%" in run("analyse").stdout
    assert "54% minder dan de beste" in run("analyse", language="nl").stdout


def test_what_a_test_takes(run):
    result = run("plan", "--metric", "er_impressions", "--effect", "20%")
    assert result.exit_code == 0, result.output
    assert "with a chance of 80% it takes" in result.stdout
    found = json.loads(
        run("plan", "--metric", "er_impressions", "--effect", "0.2", "--json").stdout
    )
    assert found["posts"] == 28
    assert len(found["visible"]) == 5
    nobody = run("plan", "--metric", "ctr", "--effect", "20%")
    assert "it takes 10" in nobody.stderr


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["add", "t", "--metric", "ctr", "--variant", "A"], 2, "NAME=TEXT"),
        (["add", "t", "--metric", "ctr", "--variant", "A=a"], 2, "KIND:TEXT"),
        (["add", "t", "--metric", "ctr", "--variant", "A=hashtag:a"], 1, "two or more variants"),
        (["add", "t", "--metric", "ctr", "--variant", "A=hashtag:a", "--image", "C=x"], 2, "'C'"),
        (["show", "nothing"], 1, "There is no experiment 'nothing'"),
        (["plan", "--metric", "net_reach", "--effect", "20%"], 2, "these can: "),
        (
            ["add", "t", "--metric", "no", "--variant", "A=hashtag:a", "--variant", "B=hashtag:b"],
            1,
            "there are: ",
        ),
        (["plan", "--metric", "ctr", "--effect", "much"], 2, "no share"),
    ],
)
def test_what_is_wrong_is_said(run, args, code, said):
    result = run(*args)
    assert result.exit_code == code
    assert said in " ".join(result.stderr.split())


@pytest.fixture
def headlines(tmp_path):
    """Forty tests of which the variant with a question does twice as well; lots were drawn."""
    path = tmp_path / "tests.csv"
    lines = ["id;kop;getoond;geklikt;mens"]
    for n in range(40):
        lines += [f"{n};Weet u dit? {n};2000;{80 + n % 5};ja", f"{n};Dit is het;2000;{40 + n % 5};"]
    lines += ["99;Kom?;9000;90;", "99;Kom;1000;90;"]  # never by lot
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


OF_FILE = ("--test", "id", "--variant", "kop", "--trials", "getoond", "--successes", "geklikt")


def test_what_many_tests_teach(run, headlines):
    said = run("learn", str(headlines), *OF_FILE, "--tag", "mens")
    assert said.exit_code == 0, said.output
    assert "With a question variants do " in said.stdout
    assert "With mens variants do " in said.stdout
    assert "Too little is known (fewer than 10 tests) of: an exclamation mark" in said.stderr
    assert "1 test is left out" in said.stderr
    found = json.loads(run("learn", str(headlines), *OF_FILE, "--json").stdout)
    assert (found["tests"], found["tests_left_out"]) == (40, 1)
    lesson = next(one for one in found["lessons"] if one["feature"] == "question")
    assert lesson["ratio"] == pytest.approx(82 / 42, rel=0.02)
    assert lesson["is_learnt"] is True
    dutch = run("learn", str(headlines), *OF_FILE, language="nl")
    assert "Met een vraag doen varianten het " in dutch.stdout


def test_own_tests_teach_too(run, stated):
    found = json.loads(run("learn", "--json").stdout)
    assert found["tests"] == 1
    assert {one["ratio"] for one in found["lessons"]} == {None}
    run("remove", "vraag")
    assert "nothing to learn from yet" in run("learn").stderr


def test_a_file_needs_its_columns(run, headlines):
    result = run("learn", str(headlines), "--test", "id")
    assert result.exit_code == 2
    assert "--variant, --trials, --successes" in result.stderr
