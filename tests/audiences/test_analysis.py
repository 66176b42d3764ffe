"""Many tests at once are each what they are alone, and their verdicts are the right ones."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from audiences.analysis import Plan, analyse
from audiences.answers import Answers
from audiences.files import read
from audiences.trials import NoControl, table
from audiences.verdicts import percent, two_figures
from campaigns.translations import say
from scripts import main

ARCHIVE = Path(os.environ.get("BEREIK_REAL_EXPORTS", "../shared/realdata")) / "upworthy"


def rows_of(tests, seed=1, days=1, posts=1):
    """Rows of tests with two to five variants: test, variant, trials, successes, day."""
    rng = np.random.default_rng(seed)
    rows = []
    for test in range(tests):
        for variant in range(2 + test % 4):
            for day in range(days):
                for _post in range(posts):
                    trials = int(rng.integers(200, 3000))
                    rate = 0.03 * (1 + 0.2 * variant * (test % 2))
                    successes = int(rng.binomial(trials, rate * rng.lognormal(0, 0.2)))
                    rows.append((f"t{test}", f"v{variant}", trials, successes, f"{day:03}"))
    return rows


def made(rows, with_days=False, **more):
    test, variant, trials, successes, day = zip(*rows, strict=True)
    return table(test, variant, successes, trials, day if with_days else None, **more)


def answers(rows, **plan):
    with_days = plan.get("unit") == "ad-day" or plan.get("method", "fixed") != "fixed"
    return Answers(analyse(made(rows, with_days), Plan(**plan)))


@pytest.mark.parametrize(
    ("plan", "shape"),
    [
        ({"unit": "impression"}, {}),
        ({"unit": "post"}, {"posts": 9}),
        ({"unit": "ad-day"}, {"days": 9}),
        ({"unit": "ad-day", "method": "sequential"}, {"days": 16}),
        ({"unit": "impression", "method": "obf"}, {"days": 16}),
    ],
)
def test_a_test_among_others_is_what_it_is_alone(plan, shape):
    rows = rows_of(9, **shape)
    together = answers(rows, **plan)
    for place in range(9):
        alone = answers([row for row in rows if row[0] == f"t{place}"], **plan)
        found, expected = together.as_dict(place), alone.as_dict(0)
        for one in (found, expected):
            del one["omnibus_pvalue_adjusted"]
        assert numbers(found) == pytest.approx(numbers(expected), rel=1e-7, abs=1e-12)
        assert str(found["verdict"]["text"]) == str(expected["verdict"]["text"])


def numbers(one):
    text = json.dumps(one, default=str)
    return [float(part) for part in stats_of(json.loads(text))]


def stats_of(value):
    if isinstance(value, dict):
        for part in value.values():
            yield from stats_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from stats_of(part)
    elif isinstance(value, int | float):
        yield value


def test_tests_that_are_looked_at_daily_are_adjusted_by_their_evidence():
    """Each e-value by the closed form of the mixture, of the last day; the 1st of k needs m/k."""
    rng = np.random.default_rng(8)
    rows = [
        (f"t{test}", f"v{variant}", 4_000, int(rng.binomial(4_000, 0.03 * lift)), f"{day:03}")
        for test, lifts in enumerate([(1, 1), (1, 1.3), (1, 1.2), (1, 1)])
        for variant, lift in enumerate(lifts)
        for day in range(20)
    ]
    found = analyse(made(rows, True), Plan("impression", "sequential", adjust="bh"))
    evidence = []
    for test in range(4):
        won, all_won = (
            np.array([row[3] for row in rows if row[0] == f"t{test}" and row[1] in arms], float)
            for arms in ({"v1"}, {"v0", "v1"})
        )
        all_won = all_won[:20] + all_won[20:]
        surplus = won - all_won / 2
        information = all_won / 4 * (8_000 - all_won) / 7_999
        u, v = surplus.sum(), information.sum()
        phi = max(1, ((surplus**2 / information).sum() - u * u / v) / 19)
        mixed = 1 + 0.15**2 * v / phi
        evidence.append(np.exp(0.15**2 * (u / phi) ** 2 / (2 * mixed)) / np.sqrt(mixed))
    order = np.argsort(evidence)[::-1]
    steps = [4 / (k * evidence[test]) for k, test in enumerate(order, 1)]
    expected = np.empty(4)
    expected[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    assert found.comparisons.adjusted[:, 0] == pytest.approx(expected)
    assert found.omnibus_adjusted == pytest.approx(expected)
    assert (expected < 0.05).tolist() == [False, True, True, False]


def test_rows_in_any_order_give_the_same():
    rows = rows_of(5)
    other = [rows[0], *reversed(rows[1:])]
    first = answers(rows, unit="impression").as_dict(0)
    same = Answers(analyse(made(other, control="v0"), Plan("impression"))).as_dict(0)
    assert first["srm_pvalue"] == pytest.approx(same["srm_pvalue"])
    assert first["comparisons"] == sorted(same["comparisons"], key=lambda c: c["treatment"])


def test_the_control_must_be_in_every_test():
    with pytest.raises(NoControl, match="t0, t4"):
        made(rows_of(5), control="v2")


@pytest.mark.parametrize(
    ("arms", "kind", "words"),
    [
        ([(10_000, 500), (10_000, 600)], "wins", "B wins: with B, the rate is 20% higher than"),
        ([(10_000, 600), (10_000, 500)], "wins", "A wins: with A, the rate is 20% higher than"),
        ([(10_000, 500), (10_000, 520)], "too_early", "more impressions of each variant"),
        ([(900_000, 45_000), (900_000, 45_100)], "no_difference", "differs by at most 1."),
        ([(10_000, 500), (9_000, 450)], "not_fair", "shares they were promised"),
        ([(1_000, 0), (1_000, 0)], "not_fair", ""),
        ([(1_000, 0), (1_000, 12)], "wins", "B wins: with B, the rate is ∞ higher"),
        ([(1_000, 2), (1_000, 0)], "too_early", "−100% to"),
    ],
)
def test_verdicts_on_randomised_impressions(arms, kind, words):
    rows = [("t", name, *arm, "1") for name, arm in zip("AB", arms, strict=True)]
    found = answers(rows, unit="impression").verdict(0)
    assert found.kind == kind
    assert words in str(found.message)
    assert say(found.message, "nl") != say(found.message, "en")


def test_the_control_wins_only_against_all():
    def verdict(*arms):
        rows = [("t", name, *arm, "1") for name, arm in zip("ABC", arms, strict=True)]
        return answers(rows, unit="impression").verdict(0)

    high, low = (10_000, 700), (10_000, 500)
    assert verdict(high, low, low).winner == "A"
    assert verdict(low, high, low).winner == "B"
    assert verdict(low, (10_000, 650), high).winner == "C"
    assert verdict(high, low, (10_000, 690)).kind == "too_early"


def test_posts_offered_as_impressions_are_named():
    rng = np.random.default_rng(5)
    rows = [
        ("t", name, 2_000, int(rng.binomial(2_000, 0.03 * rng.lognormal(0, 0.6))), "1")
        for name in "AB"
        for _post in range(20)
    ]
    found = answers(rows, unit="impression")
    assert "times as much as chance gives" in str(found.verdict(0).message)
    (remark,) = found.remarks(0)
    assert f"{float(found.analysis.dispersion[0]):.1f} times" in str(remark)
    assert answers(rows, unit="post").verdict(0).kind in {"too_early", "wins"}


def test_posts_with_zeros_take_the_permutation_of_ratios():
    rows = [("t", "A", 100, n % 2, "1") for n in range(8)]
    rows += [("t", "B", 100, 5 + n, "1") for n in range(8)]
    found = answers(rows, unit="post")
    (compared,) = found.as_dict(0)["comparisons"]
    assert compared["pvalue"] == pytest.approx(2 / 12_870)
    assert compared["rel_effect_size"] == pytest.approx((5 * 8 + 28) / 4 - 1)
    assert found.verdict(0).winner == "B"


def test_strata_are_compared_within():
    """Simpson: B is better in both groups and worse in the sum."""
    rows = [("t", "A", 1000, 100, "1"), ("t", "A", 9000, 2700, "1"),
            ("t", "B", 9000, 1170, "1"), ("t", "B", 1000, 380, "1")]  # fmt: skip
    test, variant, trials, successes, _day = zip(*rows, strict=True)
    groups = ["x", "linkedin", "x", "linkedin"]
    pooled = analyse(table(test, variant, successes, trials), Plan("impression"))
    within = analyse(table(test, variant, successes, trials, stratum=groups), Plan("impression"))
    assert pooled.comparisons.ratio.value[0, 0] < 0 < within.comparisons.ratio.value[0, 0]
    assert within.comparisons.pvalue[0, 0] < 0.001


def by_day(noise, drift=False, tests=200, days=20, seed=6):
    """Tests without a difference whose days differ in rate, for both arms alike."""
    rng = np.random.default_rng(seed)
    rows = []
    for test in range(tests):
        for day in range(days):
            rate = 0.03 * (1.5 if day % 7 > 4 else 1.0) * (2 - day / days)
            for variant in "AB":
                part = 0.2 + 0.6 * day / days if drift else 0.5
                trials = int(4000 * (part if variant == "B" else 1 - part))
                own = rng.lognormal(0, noise) if noise else 1.0
                rows.append(
                    (f"t{test}", variant, trials, rng.binomial(trials, rate * own), f"{day:02}")
                )
    return rows


def test_days_that_differ_for_both_arms_are_no_wrong_unit():
    found = analyse(made(by_day(0.0), with_days=True), Plan("impression"))
    assert np.median(found.dispersion) == pytest.approx(1, abs=0.1)
    assert np.mean(found.dispersion_pvalue < 0.001) <= 0.01
    assert np.mean(found.comparisons.pvalue <= 0.05) <= 0.09
    # Shares that drift over the days pool to a difference that is not there.
    found = analyse(made(by_day(0.0, drift=True), with_days=True), Plan("impression"))
    assert np.mean(found.comparisons.pvalue <= 0.05) <= 0.09


def test_days_of_ads_offered_as_impressions_are_caught():
    found = Answers(analyse(made(by_day(0.2), with_days=True), Plan("impression")))
    caught = ["times as much as chance" in str(found.verdict(n).message) for n in range(200)]
    assert np.mean(caught) > 0.95


def test_percents_and_rough_numbers():
    assert [str(percent(part)) for part in (0.0004, 0.0996, 0.1, 2.5)] == [
        "0.0%",
        "10%",
        "10%",
        "250%",
    ]
    assert say(percent(0.0123, signed=True), "nl") == "+1,2%"
    assert [two_figures(n) for n in (0.2, 99.0, 12_345.0)] == [1, 99, 12_000]


# --- the command


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tests.csv"
    rows = [("test", "variant", "shown", "clicks", "day"), *rows_of(6, days=3)]
    path.write_text("\n".join(";".join(map(str, row)) for row in rows), "utf-8-sig")
    return path


def run(monkeypatch, *args):
    monkeypatch.setenv("BEREIK_LANGUAGE", "en")
    names = ["--test", "test", "--variant", "variant", "--trials", "shown"]
    return CliRunner().invoke(main, ["test", *map(str, args), *names, "--successes", "clicks"])


def test_a_file_of_tests(monkeypatch, file):
    result = run(monkeypatch, file, "--unit", "impression", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [one["test"] for one in found["tests"]] == [f"t{n}" for n in range(6)]
    assert len(found["tests"][3]["comparisons"]) == 4
    assert {one["verdict"]["kind"] for one in found["tests"]} <= {
        "wins", "too_early", "no_difference", "not_fair"
    }  # fmt: skip
    lines = run(monkeypatch, file, "--unit", "impression").stdout.splitlines()
    assert sum(line.startswith("t") for line in lines) == 6


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--unit", "ad-day"], 2, "needs --day"),
        (["--unit", "post", "--method", "obf"], 2, "Posts are judged once|needs --day"),
        (["--unit", "impression", "--control", "v2"], 1, "no variant 'v2' in these tests: t0"),
        (["--unit", "impression", "--day", "dag"], 1, "no column 'dag'; there are: test"),
    ],
)
def test_what_is_wrong_is_said(monkeypatch, file, args, code, said):
    result = run(monkeypatch, file, *args)
    assert result.exit_code == code
    assert any(part in result.stderr for part in said.split("|"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("t,A,10,11", "row 2: more successes than trials"),
        ("t,A,ten,1", "row 2: 'ten' in 'shown' is no number"),
        ("t,A,10,-1", "row 2: a count is 0 or more"),
        ("t,,10,1", "row 2: 'variant' is empty"),
        ("t,A", "row 2 has 2 columns"),
        ("\nt,A", "row 3 has 2 columns"),  # as an editor counts
        ("t,A,1.00.0,1", "row 2: '1.00.0' in 'shown' is no number"),
        ("", "there are no rows"),
    ],
)
def test_rows_that_cannot_be_right(monkeypatch, tmp_path, line, said):
    path = tmp_path / "tests.csv"
    path.write_text(f"test,variant,shown,clicks\n{line}\n", "utf-8")
    result = run(monkeypatch, path, "--unit", "impression")
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    ("shown", "clicks", "expected"),
    [
        (("10.000", "9.500"), ("120", "190"), [(10_000, 120), (9_500, 190)]),  # a Dutch Excel
        (("10,000", "950"), ("1 200", "190"), [(10_000, 1_200), (950, 190)]),
        (("1.000,5", "1.250"), ("12,5", "19"), [(1_000.5, 12.5), (1_250, 19)]),
        (("1000.5", "1.250"), ("0.125", "1"), [(1_000.5, 0.125), (1.25, 1)]),
        (("1e12", "1000000000000"), ("20000000000", "2e10"), [(1e12, 2e10)] * 2),
    ],
)  # fmt: skip
def test_counts_as_people_write_them(tmp_path, shown, clicks, expected):
    path = tmp_path / "tests.csv"
    rows = [f"t;{name};{n};{x}" for name, n, x in zip("AB", shown, clicks, strict=True)]
    path.write_bytes("\n".join(["test;kop é;shown;clicks", *rows]).encode("cp1252"))
    columns = {"test": "test", "variant": "kop é", "trials": "shown", "successes": "clicks"}
    arms = read(path, columns, may_exceed=False, control=None).counts()
    found = zip(arms.trials[0].tolist(), arms.successes[0].tolist(), strict=True)
    assert list(found) == expected


def test_one_variant_and_an_empty_file(monkeypatch, tmp_path):
    path = tmp_path / "tests.csv"
    path.write_text("test,variant,shown,clicks\nt,A,10,1\n", "utf-8")
    alone = run(monkeypatch, path, "--unit", "impression")
    assert (alone.exit_code, "one variant, A" in alone.stdout) == (0, True)
    path.write_text("test,variant,shown,clicks\nt,A,10,1\nu,A,10,1\nu,B,10,2\n", "utf-8")
    assert "t: Not a fair test: there is one" in run(monkeypatch, path, "--unit", "post").stdout
    path.write_text(" \n", "utf-8")
    assert "the file is empty" in run(monkeypatch, path, "--unit", "impression").stderr


def test_what_does_not_matter_wins_nothing():
    """A difference of 0.25% is beyond chance with a million million trials, and no use."""
    arms = [("t", "A", 10**12, 20_000_000_000, "1"), ("t", "B", 10**12, 20_050_000_000, "1")]
    found = answers(arms, unit="impression")
    assert found.as_dict(0)["comparisons"][0]["pvalue"] < 1e-100
    assert found.verdict(0).kind == "no_difference"
    assert str(found.verdict(0).message).endswith("differs by at most 0.3%.")


# --- the archive of headlines


@pytest.fixture(scope="module")
def archive():
    path = ARCHIVE / "elilk2_upworthy_clean.parquet"
    if not path.exists():
        pytest.skip(f"the archive of headlines is not in {ARCHIVE}")
    import pyarrow.parquet as pq

    names = ["clickability_test_id", "index", "impressions", "clicks", "test_week"]
    return {name: pq.read_table(path, columns=names)[name].to_pylist() for name in names}


def test_the_archive_of_headlines(archive):
    """The sample-ratio check finds the weeks that its keepers found badly randomised."""
    rows = table(archive["clickability_test_id"], [str(n) for n in archive["index"]],
                 archive["clicks"], archive["impressions"])  # fmt: skip
    found = analyse(rows, Plan("impression"))
    week = dict(zip(archive["clickability_test_id"], archive["test_week"], strict=True))
    weeks = np.array([week[test] for test in rows.tests])
    is_bad = (weeks >= 201325) & (weeks <= 201401)  # 25 June 2013 to 10 January 2014
    alarm = found.srm_pvalue < 0.001
    assert alarm[is_bad].mean() > 0.5
    assert alarm[~is_bad].mean() < 0.01
    tables = {}
    for test, clicks, shown in zip(
        archive["clickability_test_id"], archive["clicks"], archive["impressions"], strict=True
    ):
        tables.setdefault(test, []).append((clicks, shown - clicks))
    for place in range(0, len(rows.tests), 40):
        counted = np.array(tables[rows.tests[place]])
        expected = stats.chi2_contingency(counted, correction=False)
        assert found.omnibus_pvalue[place] == pytest.approx(expected.pvalue, rel=1e-9)
        ratio = stats.chisquare(counted.sum(1))
        assert found.srm_pvalue[place] == pytest.approx(ratio.pvalue, rel=1e-9, abs=1e-300)
