"""Experiments on a real store: stating them, gathering their units, and their verdicts."""

import datetime as dt
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from audiences import experiments
from audiences.experiments import Experiment, Variant
from audiences.experiments.planning import needs, needs_days
from audiences.experiments.units import gather
from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.errors import BadDefinition, UnknownName
from campaigns.store import Store

START = dt.date(2025, 3, 3)


def at(day, hour=12):
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def variant(name, tag, **more):
    return Variant(name, (Rule("hashtag", tag),), **more)


def experiment(**more):
    given = {"name": "Vraag of niet", "metric": "er_impressions", "is_by_lot": True,
             "variants": (variant("A", "a"), variant("B", "b")), **more}  # fmt: skip
    return Experiment(**given)


def put(store, arms, seed=1, account="gemeente", days=None):
    """Posts with a hashtag per arm: (tag, typical rate, number); returns their log rates."""
    rng = np.random.default_rng(seed)
    posts, figures, logs = [], [], {}
    for tag, rate, number in arms:
        for place in range(number):
            day = START + dt.timedelta(days=(days or {}).get(tag, 0) + place)
            shown = int(rng.lognormal(8, 0.5)) + 500
            engaged = int(shown * rate * rng.lognormal(0, 0.3)) + 1
            key = {"platform": "x", "post_id": f"{tag}{place}", "collected_at": at(day, 20)}
            posts.append({**key, "account_id": account, "published_on": day,
                          "published_at": at(day), "text": f"Tekst #{tag}"})  # fmt: skip
            seen = {"collected_at": at(day + dt.timedelta(days=8))}
            figures.append({**key, **seen, "delivery": "total", "impressions": shown,
                            "engagements": engaged})  # fmt: skip
            logs.setdefault(tag, []).append(math.log(engaged / shown))
    store.state({"posts": posts, "post_metrics": figures}, "test")
    return logs


def result(store, one):
    return store.read(lambda snapshot: experiments.analyse(snapshot, one))


def test_an_experiment_is_kept_as_it_was_stated(store):
    stated = experiment(
        matters=0.2,
        first_day=START,
        last_day=START + dt.timedelta(days=30),
        age=3,
        description="Werkt een vraag?",
        variants=(
            variant("A", "a", message="kort", image="foto", weight=2.0),
            variant("B", "#B", message="vraag", image="foto", weight=1.0),
        ),
    )
    added = experiments.add(store, stated)
    assert added.experiment_id == "vraag-of-niet"
    (found,) = store.read(experiments.experiments)
    assert found == added
    assert store.read(lambda snapshot: experiments.find(snapshot, "VRAAG of niet")) == added
    experiments.remove(store, "vraag-of-niet")
    assert store.read(experiments.experiments) == []
    with pytest.raises(UnknownName):
        experiments.remove(store, "vraag-of-niet")


def test_a_name_is_taken_once(store):
    experiments.add(store, experiment())
    with pytest.raises(BadDefinition, match="of that name"):
        experiments.add(store, experiment(name="vraag  OF niet"))


def test_an_experiment_is_changed_and_nothing_old_stays(store):
    added = experiments.add(store, experiment(name="Een"))
    experiments.add(store, experiment(name="Twee"))
    three = (variant("A", "a"), variant("C", "c", message="nieuw"), variant("D", "d"))
    changed = experiments.replace(
        store, "een", lambda old: replace(old, name="Drie", variants=three, matters=0.2)
    )
    assert (changed.experiment_id, changed.name, changed.matters) == ("een", "Drie", 0.2)
    assert [one.name for one in changed.variants] == ["A", "C", "D"]
    back = experiments.replace(store, "een", lambda _old: replace(added, description="terug"))
    assert [one.name for one in back.variants] == ["A", "B"]
    assert [rule.value for one in back.variants for rule in one.rules] == ["a", "b"]
    with pytest.raises(BadDefinition, match="of that name"):
        experiments.replace(store, "een", lambda old: replace(old, name="twee"))
    with pytest.raises(UnknownName):
        experiments.replace(store, "vier", lambda old: old)


def test_posts_of_a_campaign_carry_a_variant(store):
    put(store, [("a", 0.02, 6), ("b", 0.02, 7), ("c", 0.02, 3)])
    for tag in "ab":
        definitions.add(store, Campaign(f"Over {tag}", rules=(Rule("hashtag", tag),),
                                        last_day=START + dt.timedelta(days=4)))  # fmt: skip
    definitions.assign(store, ["x:c1"], "Over a")
    two = tuple(Variant(tag, (Rule("campaign", f"over {tag}"),)) for tag in "AB")
    units = store.read(
        lambda snapshot: gather(snapshot, experiments.checked(experiment(variants=two)))
    )
    assert Counter(row["variant"] for row in units.rows) == {
        "A": 6,
        "B": 5,
    }  # five days, c1 by hand
    with pytest.raises(BadDefinition, match="something that carries"):
        experiments.checked(experiment(variants=(two[0], Variant("B", (Rule("campaign", " "),)))))


def test_differences_of_an_observation_are_measured(store):
    put_on(store, "x", [("a", 0.01, 9), ("b", 0.02, 3)], 1)
    put_on(store, "linkedin", [("a", 0.01, 3), ("b", 0.05, 9)], 2)
    found = result(store, experiment(is_by_lot=False))
    sizes = {one.trait: one.size for one in found.differences}
    assert sizes["platform"] == pytest.approx(0.5)  # three quarters against one
    assert sizes["hour"] is None  # the posts have no hour
    assert any("differ in platform: 50%" in str(one) for one in found.remarks)
    assert found.as_dict()["differences"][0]["trait"] == "platform"
    assert result(store, experiment()).differences == ()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": " "}, "needs a name"),
        ({"metric": "luck"}, "no metric 'luck'"),
        ({"metric": "cpc"}, "by ad-days"),
        ({"metric": "net_reach"}, "cannot be tested"),
        ({"unit": "week"}, "none of post"),
        ({"unit": "ad-day"}, "ads of any other"),
        ({"method": "sequential"}, "judged once"),
        ({"matters": 1.5}, "between 0% and 100%"),
        ({"age": -1}, "0 days or more"),
        ({"variants": (variant("A", "a"),)}, "two or more variants"),
        ({"variants": (variant("A", "a"), variant("a", "b"))}, "different names"),
        ({"variants": (variant("A", "a"), Variant("B"))}, "something that carries"),
        ({"variants": (variant("A", "a"), variant("B", "b", weight=-1.0))}, "above 0"),
        ({"first_day": START, "last_day": dt.date(2025, 1, 1)}, "before the first"),
    ],
)
def test_what_cannot_be_right_is_refused(wrong, reason):
    with pytest.raises(BadDefinition, match=reason):
        experiments.checked(experiment(**wrong))


def test_a_clear_winner_by_posts_is_welchs(store):
    logs = put(store, [("a", 0.02, 15), ("b", 0.05, 15)])
    found = result(store, experiment())
    expected = stats.ttest_ind(logs["b"], logs["a"], equal_var=False)
    (compared,) = found.answer["comparisons"]
    assert compared["pvalue"] == pytest.approx(expected.pvalue, rel=1e-9)
    low, high = expected.confidence_interval()
    assert compared["rel_ci_lower"] == pytest.approx(math.exp(low) - 1, rel=1e-9)
    assert compared["rel_ci_upper"] == pytest.approx(math.exp(high) - 1, rel=1e-9)
    assert (found.verdict.kind, found.verdict.winner) == ("wins", "B")
    assert str(found.verdict.message).startswith("B wins: with B, ")


def test_without_lots_it_is_an_observation(store):
    put(store, [("a", 0.02, 15), ("b", 0.05, 15)])
    found = result(store, experiment(is_by_lot=False))
    assert found.verdict.kind == "not_fair"
    assert "not decided by lot" in str(found.verdict.message)
    assert "higher than with A" in str(found.verdict.message)


def test_other_periods_and_accounts_are_no_fair_test(store):
    put(store, [("a", 0.02, 8), ("b", 0.03, 8)], days={"b": 30})
    found = result(store, experiment(is_by_lot=False))
    assert "different periods" in str(found.verdict.message)
    put(store, [("c", 0.03, 8)], account="ander")
    two = (variant("A", "a"), variant("C", "c"))
    found = result(store, experiment(is_by_lot=False, variants=two))
    assert "different audiences" in str(found.verdict.message)


def test_too_early_says_how_many_more(store):
    put(store, [("a", 0.02, 6), ("b", 0.02, 6)])
    found = result(store, experiment())
    assert found.verdict.kind == "too_early"
    spread = 0.3
    expected = 2 * (2.8 * spread / math.log(1.1)) ** 2 - 6
    assert found.verdict.more == pytest.approx(expected, rel=0.7)
    assert "more posts of each variant" in str(found.verdict.message)


def test_no_difference_that_matters(store):
    put(store, [("a", 0.03, 60), ("b", 0.03, 60)])
    found = result(store, experiment(matters=0.3))
    assert found.verdict.kind == "no_difference"


def test_too_few_posts_are_no_fair_test(store):
    put(store, [("a", 0.03, 60), ("b", 0.03, 4)])
    found = result(store, experiment())
    assert found.verdict.kind == "not_fair"
    assert "B has 4 posts" in str(found.verdict.message)
    three = (*experiment().variants, variant("C", "c"))
    nothing = result(store, experiment(variants=three))
    assert "C has 0 posts" in str(nothing.verdict.message)
    assert nothing.answer is None
    said = nothing.as_dict()
    assert said["verdict"]["kind"] == "not_fair"
    assert (said["variants"], said["comparisons"], said["units"]) == ([], [], None)
    assert said.keys() == found.as_dict().keys()


def test_posts_are_compared_at_the_stated_age(store):
    put(store, [("a", 0.02, 6), ("b", 0.02, 6)])
    # Seen again much later, with many more engagements; and one post that is too young.
    later = {"platform": "x", "delivery": "total", "impressions": 10**6, "engagements": 10**6}
    store.state(
        {
            "post_metrics": [
                {**later, "post_id": f"a{n}", "collected_at": at(dt.date(2026, 1, 1))}
                for n in range(6)
            ],
            "posts": [{"platform": "x", "post_id": "a9", "account_id": "gemeente",
                       "published_on": START, "text": "#a"}],
        },
        "test",
    )  # fmt: skip
    units = store.read(lambda snapshot: gather(snapshot, experiments.checked(experiment())))
    assert len(units.rows) == 12
    assert units.too_young == 1
    assert max(row["below"] for row in units.rows) < 10**6
    old = store.read(lambda snapshot: gather(snapshot, experiments.checked(experiment(age=60))))
    assert {row["variant"] for row in old.rows} == {"A"}
    assert {row["below"] for row in old.rows} == {10.0**6}


def test_effects_by_platform_are_pooled_and_shrunken(store):
    put(store, [("a", 0.02, 10), ("b", 0.03, 10)])
    put_on(store, "linkedin", [("a", 0.002, 10), ("b", 0.003, 10)], 4)
    (found,) = result(store, experiment()).groups
    assert [one["platform"] for one in found["groups"]] == ["linkedin", "x"]
    assert found["rel_ci_lower"] < 0.5 < found["rel_ci_upper"]
    assert found["heterogeneity_pvalue"] > 0.01
    effects = [one["rel_effect_size"] for one in found["groups"]]
    assert min(effects) - 1e-9 <= found["rel_effect_size"] <= max(effects) + 1e-9


def put_on(store, platform, arms, seed):
    """Posts on a platform: (tag, typical rate, number); returns their log rates by tag."""
    rng = np.random.default_rng(seed)
    rows, figures, logs = [], [], {}
    for tag, rate, number in arms:
        for n in range(number):
            key = {"platform": platform, "post_id": f"{platform}{tag}{n}",
                   "collected_at": at(dt.date(2025, 6, 1))}  # fmt: skip
            engaged = int(100_000 * rate * rng.lognormal(0, 0.3))
            rows.append({**key, "account_id": "gemeente", "text": f"#{tag}",
                         "published_on": START + dt.timedelta(days=n)})  # fmt: skip
            figures.append({**key, "delivery": "total", "impressions": 100_000,
                            "engagements": engaged})  # fmt: skip
            logs.setdefault(tag, []).append(math.log(max(engaged, 1) / 100_000))
    store.state({"posts": rows, "post_metrics": figures}, "test")
    return logs


def test_an_arm_with_more_posts_where_rates_are_high_does_not_win_by_that(store):
    """Within platforms there is no difference; all together B has three times the rate of A."""
    parts = [put_on(store, "x", [("a", 0.01, 20), ("b", 0.01, 4)], 1),
             put_on(store, "linkedin", [("a", 0.05, 4), ("b", 0.05, 20)], 2)]  # fmt: skip
    a, b = (parts[0][tag] + parts[1][tag] for tag in "ab")
    assert stats.ttest_ind(b, a, equal_var=False).pvalue < 1e-6
    found = result(store, experiment())
    assert found.verdict.kind == "too_early"
    (compared,) = found.answer["comparisons"]
    # Each platform by 1 / (1/n0 + 1/n1), which is the same for both here.
    effects = [np.mean(part["b"]) - np.mean(part["a"]) for part in parts]
    errors = [sum(np.var(part[tag], ddof=1) / len(part[tag]) for tag in "ab") for part in parts]
    assert compared["rel_effect_size"] == pytest.approx(math.expm1(np.mean(effects)), rel=1e-9)
    statistic = abs(np.mean(effects)) / math.sqrt(sum(errors) / 4)
    pieces = [np.var(part[tag], ddof=1) / len(part[tag]) / 4 for part in parts for tag in "ab"]
    sizes = [len(part[tag]) - 1 for part in parts for tag in "ab"]
    degrees = sum(pieces) ** 2 / sum(p**2 / n for p, n in zip(pieces, sizes, strict=True))
    assert compared["pvalue"] == pytest.approx(2 * stats.t.sf(statistic, degrees), rel=1e-6)
    rates = {one["variant"]: one["rate"] for one in found.answer["variants"]}
    assert rates["B"] / rates["A"] - 1 == pytest.approx(compared["rel_effect_size"], rel=1e-9)
    assert any("within each platform (linkedin, x)" in str(one) for one in found.remarks)


def test_posts_that_have_no_counterpart_on_their_platform_are_left_out(store):
    put_on(store, "x", [("a", 0.01, 9), ("b", 0.02, 9)], 1)
    put_on(store, "linkedin", [("b", 0.05, 7)], 2)
    found = result(store, experiment())
    assert [one["units"] for one in found.answer["variants"]] == [9, 9]
    assert any("7 posts are left out: on their platform" in str(one) for one in found.remarks)


def test_variants_without_a_common_platform_are_no_fair_test(store):
    put_on(store, "x", [("a", 0.01, 9)], 1)
    put_on(store, "linkedin", [("b", 0.05, 9)], 2)
    said = str(result(store, experiment()).verdict.message)
    assert "different audiences (A: x; B: linkedin)" in said


def test_posts_with_nothing_counted_at_all_are_named(store):
    put_on(store, "x", [("a", 0.01, 9), ("b", 0.0, 9)], 1)
    said = str(result(store, experiment()).verdict.message)
    assert said == "Not a fair test: with B nothing was counted, so it cannot be compared."


def test_while_it_is_too_early_shares_are_advised(store):
    put_ads(store, 20, {"oud": 0.02, "nieuw": 0.021}, shown=400)
    found = result(store, of_ads())
    assert found.verdict.kind == "too_early"
    assert sum(found.shares) == pytest.approx(1)
    assert min(found.shares) >= 0.05
    assert found.as_dict()["advised_shares"] == list(found.shares)


def test_posts_of_colleagues_need_their_permission(store):
    put(store, [("a", 0.02, 6)])
    put(store, [("b", 0.02, 6)], account="collega")
    role = {"platform": "x", "account_id": "collega", "role": "ambassador"}
    store.state({"accounts": [role]}, "test")
    found = result(store, experiment())
    assert "B has 0 posts" in str(found.verdict.message)
    assert "6 posts of colleagues" in str(found.remarks[0])
    assert "collega" not in str(found.as_dict())
    store.state({"accounts": [{**role, "is_name_permitted": True}]}, "test")
    assert result(store, experiment()).answer is not None


def test_message_and_image_as_factors(store):
    rates = {"a": 0.02, "b": 0.02, "c": 0.04, "d": 0.04}
    put(store, [(tag, rate, 12) for tag, rate in rates.items()])
    four = tuple(
        variant(tag, tag, message="kort" if tag in "ab" else "vraag",
                image="foto" if tag in "ac" else "kaart")
        for tag in "abcd"
    )  # fmt: skip
    found = {part["factor"]: part for part in result(store, experiment(variants=four)).factors}
    assert found["message"]["levels"] == ["kort", "vraag"]
    assert found["message"]["rel_effect_size"] == pytest.approx(1.0, abs=0.35)
    assert found["message"]["pvalue"] < 0.001
    assert found["image"]["pvalue"] > 0.01
    assert found["interaction"]["pvalue"] > 0.01


def put_ads(store, days, rates, shown=4000, cost=None, seed=3):
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        for name, rate in rates.items():
            clicks = int(rng.binomial(shown, rate))
            rows.append(
                {"platform": "linkedin", "ad_account_id": "5", "level": "ad", "ad_id": name,
                 "ad_name": f"Kop {name}", "first_day": START + dt.timedelta(days=day),
                 "last_day": START + dt.timedelta(days=day), "impressions": shown,
                 "clicks": clicks, "spend": round(clicks * (cost or {}).get(name, 1.0), 2),
                 "currency": "EUR"}
            )  # fmt: skip
    store.state({"ad_periods": rows}, "test")


def of_ads(**more):
    two = (Variant("oud", (Rule("ad", "kop oud"),)), Variant("nieuw", (Rule("ad", "*nieuw"),)))
    return experiment(**{"unit": "ad-day", "metric": "ctr", "variants": two, **more})


def test_ads_by_day_looked_at_every_day(store):
    put_ads(store, 21, {"oud": 0.02, "nieuw": 0.03})
    found = result(store, of_ads(method="sequential"))
    assert (found.verdict.kind, found.verdict.winner) == ("wins", "nieuw")
    fixed = result(store, of_ads())
    assert fixed.verdict.winner == "nieuw"
    assert fixed.answer["variants"][0]["trials"] == 21 * 4000


def test_monitoring_waits_for_its_days(store):
    put_ads(store, 6, {"oud": 0.02, "nieuw": 0.05})
    found = result(store, of_ads(method="sequential"))
    assert (found.verdict.kind, found.verdict.more) == ("too_early", 8)
    planned = of_ads(method="obf", first_day=START, last_day=START + dt.timedelta(days=29))
    assert result(store, planned).verdict.kind == "too_early"
    assert any("planned end" in str(one) for one in result(store, planned).remarks)


def test_what_a_click_costs_by_paired_days(store):
    put_ads(store, 20, {"oud": 0.02, "nieuw": 0.02}, cost={"oud": 1.0, "nieuw": 0.7})
    rng = np.random.default_rng(9)
    store.state(
        {"ad_periods": [
            {"platform": "linkedin", "ad_account_id": "5", "level": "ad", "ad_id": name,
             "ad_name": f"Kop {name}", "first_day": START + dt.timedelta(days=day),
             "last_day": START + dt.timedelta(days=day),
             "spend": round(float(80 * price * rng.lognormal(0, 0.1)), 2)}
            for day in range(20) for name, price in (("oud", 1.0), ("nieuw", 0.7))
        ]},
        "test",
    )  # fmt: skip
    found = result(store, of_ads(metric="cpc"))
    assert (found.verdict.kind, found.verdict.winner) == ("wins", "nieuw")
    assert "lower than with oud" in str(found.verdict.message)


def test_rows_of_several_days_are_named(store):
    put_ads(store, 20, {"oud": 0.02, "nieuw": 0.02})
    row = {"platform": "linkedin", "ad_account_id": "5", "level": "ad", "ad_id": "oud",
           "ad_name": "Kop oud", "first_day": START, "last_day": START + dt.timedelta(days=6),
           "impressions": 10, "clicks": 1}  # fmt: skip
    store.state({"ad_periods": [row]}, "test")
    found = result(store, of_ads())
    assert any("1 rows of ads" in str(remark) for remark in found.remarks)


def test_a_plan_before_posting(store):
    put(store, [("a", 0.03, 40)])
    found = store.read(lambda snapshot: needs(snapshot, "er_impressions", 0.3))
    assert found.posts == 40
    assert found.spread == pytest.approx(0.3, abs=0.08)
    assert found.needed == pytest.approx(2 * (2.8 * found.spread / math.log(1.3)) ** 2, abs=3)
    assert [many for many, _ in found.visible] == [5, 10, 20, 40, 80]
    more = store.read(lambda snapshot: needs(snapshot, "er_impressions", 0.3, variants=4))
    assert more.needed > found.needed
    nobody = store.read(lambda snapshot: needs(snapshot, "ctr", 0.3, account="niemand"))
    assert nobody.needed is None


def test_the_spread_of_a_plan_is_that_within_accounts(store):
    """Figures in parts count together; a post of which one is not known tells nothing."""
    rng = np.random.default_rng(4)
    posts, figures, logs = [], [], {}
    for n in range(30):
        account = "ab"[n % 2]
        key = {"platform": "x", "post_id": f"{n}", "collected_at": at(START)}
        posts.append({**key, "account_id": account, "published_on": START})
        free, paid = (int(part) for part in rng.integers(20, 400, 2))
        own = [{**key, "delivery": "organic", "impressions": 4_000, "engagements": free}]
        if n % 3 == 0:
            own.append({**key, "delivery": "paid", "impressions": 6_000, "engagements": paid})
        elif n % 5 == 0:
            own[0]["engagements"] = None
        figures += own
        if n % 3 == 0 or n % 5:
            rate = (free + paid) / 10_000 if n % 3 == 0 else free / 4_000
            logs.setdefault(account, []).append(math.log(rate) + 5 * (account == "b"))
    store.state({"posts": posts, "post_metrics": figures}, "test")
    found = store.read(lambda snapshot: needs(snapshot, "er_impressions", 0.3))
    assert found.posts == sum(map(len, logs.values())) == 26
    within = sum(np.square(np.array(some) - np.mean(some)).sum() for some in logs.values())
    assert found.spread == pytest.approx(math.sqrt(within / 24), rel=1e-9)
    alone = store.read(lambda snapshot: needs(snapshot, "er_impressions", 0.3, account="a"))
    assert alone.spread == pytest.approx(np.std(logs["a"], ddof=1), rel=1e-9)


def test_names_of_ads_may_have_signs_that_mean_something_elsewhere(store):
    put_ads(store, 9, {"a_1": 0.02, "ab1": 0.9, "50% korting": 0.03, "50 dagen korting": 0.9})
    two = (Variant("A", (Rule("ad", "kop a_1"),)), Variant("B", (Rule("ad", "*50% korting"),)))
    rows = store.read(lambda snapshot: gather(snapshot, of_ads(variants=two))).rows
    assert len(rows) == 18
    assert max(row["above"] / row["below"] for row in rows) < 0.1


def test_a_plan_by_days_of_ads(store):
    """The daily log ratio of two ads is what a test by paired days has as its spread."""
    rng = np.random.default_rng(12)
    rows, gaps = [], []
    for n in range(60):
        day, base = START + dt.timedelta(days=n), rng.lognormal(0, 0.5)  # what both ads share
        clicks = [int(1000 * base * rng.lognormal(0, 0.2)) for _ad in range(2)]
        gaps.append(math.log(clicks[1] / clicks[0]))
        rows += [
            {"platform": "linkedin", "ad_account_id": "5", "level": "ad", "ad_id": f"{ad}",
             "first_day": day, "last_day": day, "clicks": clicks[ad], "spend": 500,
             "impressions": 90_000}
            for ad in range(2)
        ]  # fmt: skip
    store.state({"ad_periods": rows}, "test")
    found = store.read(lambda snapshot: needs_days(snapshot, "cpc", 0.1))
    assert found.posts == 60
    assert found.spread == pytest.approx(np.std(gaps, ddof=1), rel=1e-9)
    expected = (2.8 * found.spread / math.log(1.1)) ** 2
    assert found.needed == pytest.approx(expected, abs=4)
    assert found.as_dict()["days_needed"] == found.needed
    nobody = store.read(lambda snapshot: needs_days(snapshot, "cpc", 0.1, account="niemand"))
    assert (nobody.posts, nobody.needed) == (0, None)
