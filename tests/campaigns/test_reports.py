"""What counts how: a test per rule, on stores small enough to count by hand."""

import datetime as dt
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from campaigns import definitions
from campaigns.errors import (
    ImpossibleQuestion,
    MixedCurrencies,
    UnknownCampaign,
    UnknownName,
)
from campaigns.reports import Question
from campaigns.reports.question import other_period

ROOT = Path(__file__).parents[2]


def day(text):
    return dt.date.fromisoformat(text)


SUMMER = definitions.Rule("post", "1")


# --- organic, paid, total


def test_a_boosted_post_counts_once(made):
    made.post(
        "1",
        organic={"impressions": 2029},
        paid={"impressions": 41340},
        total={"impressions": 43369},
    )
    assert made.value() == 43369
    assert made.value(delivery="organic") == 2029
    assert made.value(delivery="paid") == 41340
    assert made.ask(metrics="impressions").rows[0]["posts"] == 1


def test_the_reported_total_comes_before_organic_and_paid_together(made):
    made.post("1", organic={"likes": 5}, paid={"likes": 5}, total={"likes": 9})
    assert made.value("likes") == 9


def test_total_is_organic_and_paid_where_no_total_is_reported(made):
    made.post("1", organic={"likes": 5}, paid={"likes": 7})
    (row,) = made.ask(metrics="likes").rows
    assert row["likes"] == 12
    assert row["partial"] == []


def test_organic_and_paid_are_never_derived_from_a_total(made):
    made.post("1", organic={"likes": 5}, total={"likes": 12}).post("2", total={"likes": 8})
    assert made.value("likes", delivery="paid") is None
    assert made.value("likes", delivery="organic") == 5


def test_a_post_that_was_never_boosted_is_whole_with_its_organic_row(made):
    made.post("1", organic={"likes": 5})
    (row,) = made.ask(metrics="likes").rows
    assert (row["likes"], row["partial"]) == (5, [])


@pytest.mark.parametrize(
    ("about", "by"),
    [
        ({}, {"organic": {"likes": 5}, "paid": {"impressions": 9}}),
        ({"ad_campaign": "Boost"}, {"organic": {"likes": 5}}),
        ({}, {"paid": {"likes": 5}}),
    ],
    ids=["paid row without this figure", "boosted, no paid row", "only paid"],
)
def test_a_total_of_which_a_part_is_unknown_is_partial(made, about, by):
    made.post("1", about=about, **by)
    answer = made.ask(metrics="likes")
    assert answer.rows[0]["likes"] == 5
    assert answer.rows[0]["partial"] == ["likes"]
    assert "Partial" in str(answer.notes[0])


def test_null_is_neither_zero_nor_dropped_silently(made):
    made.post("1", total={"likes": 0}).post("2", total={"likes": None}).post("3")
    (row,) = made.ask(metrics="likes,comments").rows
    assert row["posts"] == 3
    assert (row["likes"], row["comments"]) == (0, None)
    assert row["known"] == {"likes": 1, "comments": 0}


def test_daily_counts_may_be_negative(made):
    made.days("2025-01-01", total={"shares": -2}).days("2025-01-02", total={"shares": 1})
    assert made.value("shares", accounting="activity") == -1


def test_the_newest_value_counts_per_column(made):
    made.post("1", total={"likes": 5, "clicks": 3})
    later = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)
    made.add("post_metrics", platform="x", post_id="1", delivery="total", likes=8,
             collected_at=later)  # fmt: skip
    assert (made.value("likes"), made.value("clicks")) == (8, 3)


def test_several_ids_of_one_post_are_one_post(made):
    made.post("urn:li:activity:1", platform="linkedin", total={"likes": 5})
    made.post("urn:li:share:2", platform="linkedin", total={"likes": 5, "clicks": 2})
    made.add("post_aliases", platform="linkedin", post_id="urn:li:activity:1",
             alias="urn:li:share:2")  # fmt: skip
    (row,) = made.ask(metrics="likes,clicks").rows
    assert (row["posts"], row["likes"], row["clicks"]) == (1, 5, 2)


@pytest.mark.parametrize(("one", "other"), [(10, 5), (5, 10)])
def test_of_two_ids_seen_at_one_moment_the_larger_figures_count(made, one, other):
    made.post("1", total={"likes": one}).post("2", total={"likes": other})
    made.add("post_aliases", platform="x", post_id="1", alias="2")
    assert made.value("likes") == 10


# --- names of campaigns


def test_costs_of_a_campaign_that_nobody_defined_are_said(made):
    made.post("1", total={"impressions": 10})
    made.add("costs", source="list", row_id="1", shares="Zomer", amount=5, currency="EUR",
             first_day=dt.date(2025, 1, 1), last_day=dt.date(2025, 1, 1))  # fmt: skip
    assert "not defined: Zomer" in made.notes("campaign", metrics="cost")
    assert "not defined" not in made.notes("platform", metrics="cost")


# --- ads and pages know the same paid impressions


def paid_twice(made, ad_accounts="ads"):
    made.add("accounts", platform="linkedin", account_id="gemeente", role="own",
             ad_accounts=ad_accounts)  # fmt: skip
    made.post("1", platform="linkedin", on="2025-01-10", organic={"impressions": 100},
              paid={"impressions": 900}, total={"impressions": 1000})  # fmt: skip
    made.ad("2025-01-05", impressions=400, spend=10)
    return made.ad("2025-01-20", impressions=550, spend=20)


def test_where_ads_cover_the_account_paid_comes_from_the_ads(made):
    paid_twice(made)
    assert made.value() == 100 + 400 + 550
    assert made.value(delivery="paid") == 950
    assert made.value(delivery="organic") == 100
    assert "come from the ads export" in made.notes(metrics="impressions")


def test_the_post_itself_still_shows_its_paid_figures(made):
    rows = paid_twice(made).rows("post")
    assert rows["1"]["impressions"] == 1000


def test_days_that_the_ads_do_not_cover_keep_their_paid_figures(made):
    paid_twice(made).post("2", platform="linkedin", on="2025-02-10", organic={"impressions": 1},
                          paid={"impressions": 2})  # fmt: skip
    assert made.value() == 1050 + 3


def test_a_boost_that_begins_after_publication_counts_once(made):
    """Published the day before the first day of ads: the ads know the same delivery."""
    paid_twice(made).post("2", platform="linkedin", on="2025-01-04", organic={"impressions": 1},
                          paid={"impressions": 2})  # fmt: skip
    assert made.value() == 1050 + 1
    made.post("3", platform="linkedin", on="2024-12-05", organic={"impressions": 4},
              paid={"impressions": 8})  # fmt: skip
    assert made.value() == 1050 + 1 + 12  # more than 30 days before the ads: not in them


def test_ads_of_nobody_are_added_and_may_overlap(made):
    paid_twice(made, ad_accounts="another")
    assert made.value() == 1000 + 950
    assert "may overlap" in made.notes(metrics="impressions")


def test_a_post_known_as_a_total_only_beside_ads_may_overlap(made):
    paid_twice(made).post("2", platform="linkedin", on="2025-01-11", total={"impressions": 7})
    assert made.value() == 1050 + 7
    assert "1 posts or days are known as a total only" in made.notes(metrics="impressions")


def test_levels_of_ads_are_never_added(made):
    made.ad("2025-01-05", level="ad", ad_id="a", spend=3).ad("2025-01-05", level="ad", ad_id="b",
                                                             spend=4)  # fmt: skip
    made.ad("2025-01-05", level="campaign", ad_id="c", spend=7)
    made.ad("2025-02-05", level="ad", ad_id="a", spend=5)
    assert made.value("spend") == 7 + 5
    assert "2 ad rows repeat" in made.notes(metrics="spend")


def test_a_row_of_several_days_counts_where_a_period_contains_it(made):
    made.ad("2025-01-01", "2025-01-31", spend=31).ad("2025-02-03", ad_id="2", spend=5)
    assert made.value("spend") == 36
    assert made.value("spend", first=day("2025-01-02")) == 5
    assert made.rows("month", metrics="spend")["2025-01"]["spend"] == 31
    by_day = made.rows("day", metrics="spend")
    assert {key: row["spend"] for key, row in by_day.items()} == {day("2025-02-03"): 5}
    assert "1 ad rows cover days outside" in made.notes("day", metrics="spend")


def test_days_and_the_month_that_holds_them_are_not_added(made):
    made.ad("2025-01-01", "2025-01-31", spend=31).ad("2025-01-05", spend=2)
    assert made.value("spend") == 31
    assert made.rows("day", metrics="spend")[day("2025-01-05")]["spend"] == 2


def test_spend_counts_the_same_in_both_accountings(made):
    made.ad("2025-01-05", spend=3).post("1", total={"likes": 1})
    assert made.value("spend") == made.value("spend", accounting="activity") == 3


# --- accountings


def test_published_and_activity_are_two_answers(made):
    made.post("1", on="2025-01-10", total={"impressions": 500})
    made.days("2025-01-10", total={"impressions": 40}).days("2025-02-01", total={"impressions": 9})
    january = {"first": day("2025-01-01"), "last": day("2025-01-31")}
    assert made.value(**january) == 500
    assert made.value(accounting="activity", **january) == 40
    (row,) = made.ask(metrics="impressions", accounting="activity", **january).rows
    assert row["posts"] == 1


@pytest.mark.parametrize("more", [{"by": "campaign"}, {"by": "post"}, {"by": "", "campaign": "a"}])
def test_activity_is_not_known_per_campaign_or_post(made, more):
    with pytest.raises(ImpossibleQuestion, match="published"):
        made.ask(accounting="activity", **more)


def test_posts_are_distinct_with_replies_and_without_reposts(made):
    made.post("1").post("2", about={"is_reply": True}).post("3", about={"is_repost": True},
                                                            total={"likes": 99})  # fmt: skip
    (row,) = made.ask(metrics="replies,likes").rows
    assert (row["posts"], row["replies"], row["likes"]) == (2, 1, None)


def test_posts_are_null_where_a_source_has_no_post_rows(made):
    made.post("1", on="2025-01-01", platform="x").ad("2025-01-05", spend=1)
    made.ad("2025-01-05", platform="x", spend=2)
    rows = made.rows("platform", metrics="spend", first=day("2025-01-05"))
    assert (rows["x"]["posts"], rows["linkedin"]["posts"]) == (0, None)


def test_posts_are_null_in_a_total_without_post_rows_too(made):
    made.days("2025-01-01", platform="linkedin", total={"likes": 3})
    assert made.value("posts", accounting="activity") is None
    made.post("1", on="2025-02-01")
    assert made.value("posts", accounting="activity", last=day("2025-01-31")) == 0
    assert made.value("posts", accounting="activity", platforms=("linkedin",)) is None


# --- time


def test_periods_include_both_ends(made):
    for number, on in enumerate(("2025-01-01", "2025-01-31", "2025-02-01"), start=1):
        made.post(str(number), on=on)
    (row,) = made.ask(first=day("2025-01-01"), last=day("2025-01-31")).rows
    assert row["posts"] == 2


def test_days_iso_weeks_and_months(made):
    made.post("1", on="2024-12-30").post("2", on="2025-01-05").post("3", on="2025-01-06")
    assert {key: row["posts"] for key, row in made.rows("week").items()} == {
        "2025-W01": 2,
        "2025-W02": 1,
    }
    assert list(made.rows("month")) == ["2024-12", "2025-01"]
    assert list(made.rows("day")) == [day("2024-12-30"), day("2025-01-05"), day("2025-01-06")]


@pytest.mark.parametrize(
    ("platform", "before", "after", "said"),
    [
        ("x", "2022-12-01", "2023-01-01", "December 2022"),
        ("linkedin", "2024-03-31", "2024-04-01", "April 2024"),
    ],
)
def test_a_change_of_definition_is_marked(made, platform, before, after, said):
    made.post("1", platform=platform, on=before).post("2", platform=platform, on=after)
    assert said in made.notes()
    assert said not in made.notes(first=day(after))


# --- reach


def test_reach_is_shown_where_measured_for_exactly_this(made):
    made.post("1", total={"reach": 80, "impressions": 100}).post("2", total={"reach": 50})
    rows = made.rows("post", metrics="reach")
    assert (rows["1"]["reach"], rows["2"]["reach"]) == (80, 50)
    assert made.value("reach") is None


def test_reach_of_a_group_has_bounds(made):
    made.post("1", total={"reach": 80, "impressions": 100}).post("2", total={"reach": 50})
    made.post("3", total={"impressions": 30})
    assert (made.value("reach_lower"), made.value("reach_upper")) == (80, 160)
    assert made.value("reach_upper", universe=120) == 120


def test_a_post_that_knows_nothing_leaves_no_upper_bound(made):
    made.post("1", total={"reach": 80}).post("2")
    assert (made.value("reach_lower"), made.value("reach_upper")) == (80, None)
    assert made.value("reach_upper", universe=1000) == 1000


def test_organic_and_paid_reach_of_one_post_are_not_added_to_a_measurement(made):
    made.post("1", organic={"reach": 80, "impressions": 90}, paid={"reach": 50, "impressions": 70})
    assert made.value("reach") is None
    assert (made.value("reach_lower"), made.value("reach_upper")) == (80, 130)


def test_impressions_cap_reach_of_organic_and_paid(made):
    made.post("1", organic={"reach": 80}, paid={"reach": 50}, total={"impressions": 100})
    assert made.value("reach_upper") == 100


def test_reach_of_an_account_and_period_is_measured_by_the_platform(made):
    made.days("2025-01-01", total={"reach": 10, "impressions": 20})
    made.days("2025-01-02", total={"reach": 15, "impressions": 20})
    made.add("account_periods", platform="x", account_id="gemeente", first_day=day("2025-01-01"),
             last_day=day("2025-01-31"), reach=18)  # fmt: skip
    january = {"first": day("2025-01-01"), "last": day("2025-01-31"), "accounting": "activity"}
    names = "reach,reach_lower,reach_upper"
    row = made.rows("account", metrics=names, **january)["gemeente"]
    assert (row["reach"], row["reach_lower"], row["reach_upper"]) == (18, 18, 18)
    longer = {**january, "last": day("2025-02-28")}
    row = made.rows("account", metrics=names, **longer)["gemeente"]
    assert (row["reach"], row["reach_lower"], row["reach_upper"]) == (None, 18, 25)


def test_reach_measured_of_one_account_is_not_that_of_two(made):
    january = {"first": day("2025-01-01"), "last": day("2025-01-31")}
    for platform, reach in (("x", 300), ("linkedin", 500)):
        made.days("2025-01-15", platform=platform, total={"impressions": 1000})
        made.add("account_periods", platform=platform, account_id="gemeente", reach=reach,
                 first_day=january["first"], last_day=january["last"])  # fmt: skip
    asked = {"metrics": "reach,reach_lower,reach_upper", "accounting": "activity",
             "account": "gemeente", **january}  # fmt: skip
    (row,) = made.ask(**asked).rows
    assert (row["reach"], row["reach_lower"], row["reach_upper"]) == (None, 500, 2000)
    (row,) = made.ask(platforms=("x",), **asked).rows
    assert (row["reach"], row["reach_lower"], row["reach_upper"]) == (300, 300, 300)
    (row,) = made.ask(platforms=("x", "linkedin"), **asked).rows
    assert (row["reach"], row["reach_lower"], row["reach_upper"]) == (None, 500, 2000)


def test_several_platforms_are_what_each_of_them_is_and_reach_is_not_added(made):
    for number, (platform, reach) in enumerate((("x", 30), ("linkedin", 50), ("facebook", 70))):
        made.post(str(number), platform=platform, organic={"impressions": 100, "reach": reach})
    names = "impressions,reach,reach_lower,reach_upper"
    (row,) = made.ask(metrics=names, platforms=("x", "LinkedIn", "x")).rows
    assert (row["posts"], row["impressions"]) == (2, 200)
    assert (row["reach"], row["reach_lower"], row["reach_upper"]) == (None, 50, 80)
    (row,) = made.ask(metrics=names, platforms=("facebook",)).rows
    assert (row["posts"], row["impressions"], row["reach"]) == (1, 100, 70)


def test_a_cost_of_another_platform_is_left_out_of_several(made):
    for platform, amount in (("x", 10), ("linkedin", 20), ("facebook", 40), (None, 80)):
        made.add("costs", source="list", row_id=str(platform), kind="other", amount=amount,
                 currency="EUR", platform=platform, first_day=day("2025-01-01"),
                 last_day=day("2025-01-31"))  # fmt: skip
    assert made.value("cost", platforms=("x", "linkedin")) == 30
    assert made.value("cost") == 150


def test_a_universe_is_no_reach_of_what_was_never_published(made):
    made.post("1", on="2025-01-01", organic={"reach": 5, "impressions": 10})
    asked = {"metrics": "reach_upper", "universe": 1000}
    assert made.rows(**asked, last=day("2025-01-01"))[()]["reach_upper"] == 5
    assert made.rows(**asked, first=day("2025-01-02"))[()]["reach_upper"] is None


def test_followers_are_won_since_the_day_before_the_period(made):
    for on, followers in (("2025-01-30", 990), ("2025-01-31", 1000), ("2025-02-01", 1010),
                          ("2025-02-28", 1100)):  # fmt: skip
        made.days(on, total={"followers": followers})
    asked = {"metrics": "followers,follower_growth_rate", "last": day("2025-02-28")}
    row = made.rows("account", **asked, first=day("2025-02-01"))["gemeente"]
    assert (row["followers"], row["follower_growth_rate"]) == (1100, pytest.approx(100 / 1000))
    row = made.rows("account", **asked, first=day("2025-02-03"))["gemeente"]
    assert row["follower_growth_rate"] == pytest.approx(90 / 1010)


def test_potential_reach_is_followers_of_accounts_that_published_and_no_more(made):
    made.post("1").post("2", account="wethouder").days("2025-01-01", total={"followers": 500})
    made.days("2025-02-01", account="wethouder", total={"followers": 300})
    made.days("2025-02-01", account="stil", total={"followers": 9})
    assert made.value("potential_reach") == 800
    assert made.value("reach_upper") is None


# --- ratios


def test_ratios_are_sums_over_rows_that_have_both_parts(made):
    made.post("1", total={"engagements": 10, "impressions": 100})
    made.post("2", total={"engagements": 1, "impressions": 1000})
    made.post("3", total={"engagements": 50}).post("4", total={"impressions": 5000})
    (row,) = made.ask(metrics="er_impressions,engagements").rows
    assert row["er_impressions"] == pytest.approx(11 / 1100)
    assert row["engagements"] == 61
    assert row["known"]["er_impressions"] == 2


def test_a_ratio_without_denominator_is_null(made):
    made.post("1", total={"engagements": 10, "impressions": 0}).cost(5)
    assert made.value("er_impressions") is None
    assert made.value("cpm") is None


def test_followers_at_posting_are_the_last_known_before(made):
    made.days("2025-01-01", total={"followers": 100}).days("2025-01-20", total={"followers": 400})
    made.post("1", on="2025-01-19", total={"likes": 1, "comments": 1, "shares": 0})
    made.post("2", on="2025-01-20", total={"likes": 3, "comments": 0, "shares": 0})
    made.post("3", on="2024-12-31", total={"likes": 90, "comments": 0, "shares": 0})
    assert made.value("er_followers") == pytest.approx(5 / 500)


# --- money


def test_costs_do_not_multiply_by_posts(made):
    for number in range(1, 6):
        made.post(str(number), total={"impressions": 10})
    made.cost(100).cost(50)
    assert made.value("cost") == 150


def test_cost_is_spend_and_costs_and_placements(made):
    made.ad("2025-01-05", spend=3).cost(10)
    made.add("media_placements", placement_id="p", medium="print", first_day=day("2025-01-01"),
             last_day=day("2025-01-01"), amount=7, currency="EUR")  # fmt: skip
    assert made.value("cost") == 20


def test_hours_are_hours_times_rate(made):
    made.cost(None, hours=4, rate=62.5, kind="hours")
    assert made.value("cost") == 250


def test_costs_are_shared_by_the_stated_parts(made):
    made.campaign("summer").campaign("winter").cost(100, shares="summer=0.25;winter=0.75")
    rows = made.rows("campaign", metrics="cost")
    assert (rows["summer"]["cost"], rows["winter"]["cost"]) == (25, 75)
    assert made.value("cost") == 100


def test_a_cost_counts_where_a_period_contains_it(made):
    made.cost(100, "2025-01-01", "2025-03-31").cost(5, "2025-01-01", "2025-01-31")
    january = {"first": day("2025-01-01"), "last": day("2025-01-31")}
    assert made.value("cost", **january) == 5
    assert "1 costs cover days outside" in made.notes(metrics="cost", **january)


def test_media_costs_are_refused_where_ads_carry_them(made):
    made.campaign("summer", definitions.Rule("ad_campaign", "summer*"))
    made.ad("2025-01-05", campaign_name="summer 1", spend=40)
    made.cost(40, kind="media", shares="summer").cost(15, kind="media", shares="summer",
                                                      first="2025-03-01", last="2025-03-31")  # fmt: skip
    rows = made.rows("campaign", metrics="cost,spend")
    assert (rows["summer"]["spend"], rows["summer"]["cost"]) == (40, 55)
    assert "1 costs of kind media are refused" in made.notes("campaign", metrics="cost")


def test_currencies_are_not_added_without_rates(made):
    made.cost(100).cost(50, currency="USD")
    with pytest.raises(MixedCurrencies, match="EUR, USD"):
        made.ask(metrics="cost")
    (row,) = made.ask(metrics="cost", currency="EUR", rates={"USD": 0.92}).rows
    assert (row["cost"], row["currency"]) == (pytest.approx(146), "EUR")
    with pytest.raises(MixedCurrencies):
        made.ask(metrics="cost", currency="EUR", rates={"GBP": 1.2})
    assert made.value("impressions") is None


def test_a_currency_of_which_no_rate_is_given_is_refused_even_alone(made):
    made.cost(50, currency="USD")
    with pytest.raises(MixedCurrencies):
        made.ask(metrics="cost", currency="EUR")


def test_an_unknown_currency_is_said(made):
    made.cost(100, currency=None).cost(50)
    assert "counted as EUR" in made.notes(metrics="cost", currency="EUR")
    assert "currency" not in made.notes(metrics="impressions")


def test_amounts_of_two_periods_in_two_currencies_are_not_compared(made):
    made.cost(100, "2025-01-01", "2025-01-31", currency="USD")
    made.cost(100, "2025-02-01", "2025-02-28")
    asked = {"metrics": "cost", "first": day("2025-02-01"), "last": day("2025-02-28"),
             "compare": "previous"}  # fmt: skip
    with pytest.raises(MixedCurrencies, match="EUR, USD"):
        made.ask(**asked)
    (row,) = made.ask(**asked, currency="EUR", rates={"USD": 0.8}).rows
    assert (row["cost"], row["cost_previous"], row["cost_change"]) == (100, 80, 0.25)


def test_costs_are_those_of_free_and_advertised_together_whatever_is_asked(made):
    answer = made.cost(100).ask(metrics="cost,impressions", delivery="organic").as_json()
    delivery = {name: about["delivery"] for name, about in answer["metrics"].items()}
    assert delivery == {"cost": "total", "impressions": "organic"}


def test_costs_of_no_platform_are_left_out_of_one_and_said(made):
    made.campaign("a").campaign("b")
    made.cost(30, shares="a", platform="x").cost(12, shares="a").cost(5, shares="b")
    asked = {"metrics": "cost", "platforms": ("x",)}
    assert made.value("cost", platforms=("x",)) == 30
    assert "2 costs do not say" in made.notes(**asked)
    assert "1 costs do not say" in made.notes(**asked, campaign="a")
    assert "do not say" not in made.notes(metrics="cost")
    assert "do not say" not in made.notes(metrics="impressions", platforms=("x",))


def test_a_shared_cost_that_is_left_out_is_one(made):
    made.campaign("a").campaign("b").cost(100, last="2025-12-31", shares="a=0.5;b=0.5")
    asked = {"metrics": "cost", "first": day("2025-01-01"), "last": day("2025-01-31")}
    assert "1 costs cover" in made.notes(**asked)
    (row,) = made.ask(metrics="cost").rows
    assert (row["cost"], row["known"]["cost"]) == (100, 1)


def test_amounts_with_and_without_vat_are_added_as_entered_and_said(made):
    made.cost(100).cost(121, vat="incl")
    assert made.value("cost") == 221
    assert "excl, incl" in made.notes(metrics="cost")


def test_cpm_is_online_cost_by_all_impressions_and_paid_cpm_spend_by_paid(made):
    made.post("1", total={"impressions": 9000}).cost(30)
    made.ad("2025-01-05", impressions=1000, spend=20)
    assert made.value("cpm") == pytest.approx(5)
    assert made.value("paid_cpm") == pytest.approx(20)
    with pytest.raises(ImpossibleQuestion, match="total"):
        made.ask(metrics="cpm", delivery="paid")


def test_cost_per_reach_has_bounds(made):
    made.post("1", total={"reach": 500, "impressions": 900}).post("2", total={"impressions": 500})
    made.cost(10)
    assert made.value("cost_per_reach_lower") == pytest.approx(10)
    assert made.value("cost_per_reach_upper") == pytest.approx(20)
    assert made.value("cost_per_reach") is None


def test_budget_left_is_null_while_no_costs_are_known(made):
    made.campaign("summer", budget=Decimal(1000), currency="EUR").campaign("winter", budget=Decimal(500),
                                                                  currency="EUR")  # fmt: skip
    made.cost(300, shares="summer")
    rows = made.rows("campaign", metrics="budget,budget_left")
    assert (rows["summer"]["budget_left"], rows["winter"]["budget_left"]) == (700, None)
    assert rows["winter"]["budget"] == 500


def test_the_budget_of_a_campaign_without_end_stays(made):
    for name, first, last in (("open", "2025-01-01", None), ("over", "2025-01-01", "2025-02-28"),
                              ("to come", "2025-04-01", None)):  # fmt: skip
        made.campaign(name, budget=Decimal(1000), first_day=day(first), last_day=last and day(last))
        made.cost(100, "2025-03-01", "2025-03-31", shares=name)
    rows = made.rows("campaign", metrics="budget,budget_left", first=day("2025-03-01"),
                     last=day("2025-03-31"))  # fmt: skip
    assert {name: row["budget_left"] for name, row in rows.items()} == {
        "open": 900, "over": None, "to-come": None}  # fmt: skip


# --- results


def result(made, value, outcome="applications", **more):
    made.number += 1
    return made.add("outcomes", source="list", row_id=str(made.number), day=day("2025-01-09"),
                    outcome=outcome, value=value, campaign="summer", **more)  # fmt: skip


def test_results_are_those_of_the_goal(made):
    made.campaign("summer", goal_metric="applications", goal_target=50)
    result(result(result(made, 20), 5), 900, "visits").cost(100, shares="summer")
    row = made.rows("campaign", metrics="outcome,cost_per_outcome")["summer"]
    assert (row["outcome"], row["cost_per_outcome"]) == (25, 4)


@pytest.mark.parametrize(
    ("outcome", "unit"), [("waardering", None), ("Herkenning campagne", None), ("oordeel", "1-10")]
)
def test_what_people_answer_is_never_added(made, outcome, unit):
    made.campaign("summer")
    result(made, 7, outcome, unit=unit)
    assert made.rows("campaign", metrics="outcome")["summer"]["outcome"] == 7
    result(made, 8, outcome, unit=unit)
    assert made.rows("campaign", metrics="outcome")["summer"]["outcome"] is None


def test_readers_of_two_placements_are_not_those_of_one(made):
    for number, insertions, readership in ((1, None, 1000), (2, 1, 300)):
        made.add("media_placements", placement_id=str(number), medium="print",
                 insertions=insertions, readership=readership, first_day=day("2025-01-01"),
                 last_day=day("2025-01-01"))  # fmt: skip
    (row,) = made.ask(metrics="readers,readers_lower,readers_upper,contacts").rows
    assert (row["readers"], row["readers_lower"], row["readers_upper"]) == (None, 1000, None)
    assert (row["contacts"], row["known"]["contacts"]) == (300, 1)


def test_results_of_two_kinds_are_not_added(made):
    made.campaign("summer")
    result(result(made, 20), 900, "visits")
    assert made.rows("campaign", metrics="outcome")["summer"]["outcome"] is None


def test_scores_are_not_added(made):
    made.campaign("summer")
    result(result(made, 7.5, "appreciation", unit="score"), 6.5, "appreciation", unit="score")
    assert made.rows("campaign", metrics="outcome")["summer"]["outcome"] is None


# --- campaigns


def test_posts_without_campaign_are_a_row_of_every_campaign_report(made):
    made.post("1", total={"impressions": 5}).post("2", total={"impressions": 7})
    made.campaign("summer", SUMMER)
    rows = made.rows("campaign")
    assert {key: (row["posts"], row["impressions"]) for key, row in rows.items()} == {
        "summer": (1, 5),
        None: (1, 7),
    }
    assert made.ask("campaign").rows[-1]["campaign"] is None


def test_two_columns_together(made):
    made.post("1", total={"impressions": 5}).post("2", platform="linkedin",
                                                  total={"impressions": 7})  # fmt: skip
    made.campaign("summer", SUMMER)
    rows = made.rows("campaign,platform")
    assert {key: row["impressions"] for key, row in rows.items()} == {
        ("summer", "x"): 5,
        (None, "linkedin"): 7,
    }


def test_filters(made):
    made.post("1", total={"impressions": 5}).post("2", account="elders", total={"impressions": 7})
    made.post("3", platform="linkedin", total={"impressions": 11}).campaign("Summer", SUMMER)
    assert made.value(campaign="SUMMER") == 5
    assert made.value(account="@Elders") == 7
    assert made.value(platforms=("linkedin",)) == 11
    assert made.value(platforms=("x",), account="gemeente") == 5
    with pytest.raises(UnknownCampaign):
        made.ask(campaign="winter")
    with pytest.raises(UnknownName, match="elders"):
        made.ask(account="nobody")
    with pytest.raises(UnknownName, match="linkedin"):
        made.ask(platforms=("x", "hyves"))


def test_competitors_count_only_where_accounts_are_asked_for(made):
    made.add("accounts", platform="x", account_id="rival", role="peer")
    made.post("1", total={"likes": 1}).post("2", account="rival", total={"likes": 50})
    assert made.value("likes") == 1
    assert made.rows("account", metrics="likes")["rival"]["likes"] == 50
    assert made.value("likes", account="rival") == 50


# --- media


def test_organic_paid_and_print_stand_side_by_side(made):
    made.post("1", organic={"impressions": 100}, paid={"impressions": 300},
              total={"impressions": 400}).post("2", total={"impressions": 50})  # fmt: skip
    made.ad("2025-01-05", platform="x", impressions=70, spend=9)
    made.add("media_placements", placement_id="p", medium="print", first_day=day("2025-01-01"),
             last_day=day("2025-01-01"), insertions=2, readership=9000, circulation=4000,
             amount=7, currency="EUR")  # fmt: skip
    rows = made.rows("media", metrics="impressions,contacts,readers_upper,reach_upper,cost")
    shown = {key: (row["impressions"], row["contacts"], row["cost"]) for key, row in rows.items()}
    assert shown == {
        "organic": (100, None, None),
        "paid": (370, None, 9),
        "total": (50, None, None),
        "print": (None, 18000, 7),
    }
    assert rows["print"]["reach_upper"] is None
    assert rows["print"]["readers_upper"] == 18000
    assert sum(row["impressions"] or 0 for row in rows.values()) == made.value()


# --- people


def ambassadors(made, teams, **about):
    """A post of ten likes per ambassador; ``teams`` gives how many people each team has."""
    number = 100
    for team, size in teams.items():
        for _ in range(size):
            number += 1
            name = f"person{number}"
            made.add("accounts", platform="x", account_id=name, role="ambassador", team=team,
                     **{"opted_in_on": day("2024-01-01"), **about})  # fmt: skip
            made.post(str(number), account=name, total={"likes": 10})
    return made


def likes(made, by="ambassador", **more):
    return {key: row["likes"] for key, row in made.rows(by, metrics="likes", **more).items()}


def test_teams_of_five_are_shown_and_smaller_ones_are_not(made):
    ambassadors(made, {"north": 6, "south": 5}).post("1", total={"likes": 3})
    assert likes(made) == {"north": 60, "south": 50, None: 3}


def test_small_teams_are_shown_together(made):
    ambassadors(made, {"north": 6, "south": 3, "west": 2})
    assert likes(made) == {"north": 60, "(other ambassadors)": 50}


def test_a_small_rest_takes_the_smallest_team_with_it(made):
    ambassadors(made, {"north": 6, "east": 5, "south": 3})
    assert likes(made) == {"north": 60, "(other ambassadors)": 80}


def test_fewer_than_five_are_not_shown_at_all(made):
    """Nor in a total: what is left of it would be theirs."""
    ambassadors(made, {"north": 4}).post("1", total={"likes": 3})
    assert likes(made) == {None: 3}
    assert "4 posts of ambassadors are not shown" in made.notes("ambassador")
    assert made.value("likes") == 3


def test_a_name_needs_permission(made):
    ambassadors(made, {"north": 5})
    made.add("accounts", platform="x", account_id="anna", role="ambassador", person="Anna",
             opted_in_on=day("2024-01-01"), is_name_permitted=True)  # fmt: skip
    made.post("1", account="anna", total={"likes": 1})
    assert likes(made) == {"north": 50, "Anna": 1}
    assert {key[1] for key in likes(made, "platform,account")} == {"(ambassadors)", "anna"}
    assert set(likes(made, "post")) == {"1"}
    assert made.value("likes", account="anna") == 1
    assert made.value("likes", ambassador="north") == 50
    with pytest.raises(UnknownName):
        made.ask(account="person101")
    with pytest.raises(UnknownName):
        made.ask(ambassador="person101")


def test_a_team_counts_per_platform_whatever_is_asked(made):
    """Else the total less one platform would be the few of the other."""
    ambassadors(made, {"north": 5})
    made.add("accounts", platform="linkedin", account_id="person101", role="ambassador",
             team="north", opted_in_on=day("2024-01-01"))  # fmt: skip
    made.post("1", platform="linkedin", account="person101", total={"likes": 7})
    assert likes(made) == {"north": 50}
    assert likes(made, "ambassador,platform") == {("north", "x"): 50}


@pytest.mark.parametrize("about", [{"opted_in_on": None}, {"withdrawn_on": dt.date(2025, 1, 1)}])
def test_who_did_not_agree_or_withdrew_counts_nowhere(made, about):
    ambassadors(made, {"north": 6}, **about)
    assert made.value("likes") is None
    assert likes(made) == {}


# --- comparing


def test_the_previous_period_is_as_long(made):
    made.post("1", on="2025-01-10", total={"likes": 30}).post("2", on="2025-01-05",
                                                              total={"likes": 20})  # fmt: skip
    answer = made.ask("platform", metrics="likes", first=day("2025-01-08"),
                      last=day("2025-01-14"), compare="previous")  # fmt: skip
    (row,) = answer.rows
    assert (row["likes"], row["likes_previous"]) == (30, 20)
    assert row["likes_change"] == pytest.approx(0.5)
    assert answer.as_json()["compare"]["period"] == ["2025-01-01", "2025-01-07"]


def test_the_previous_period_of_a_month_is_the_month_before(made):
    answer = made.ask(first=day("2025-03-01"), last=day("2025-03-31"), compare="previous")
    assert answer.as_json()["compare"]["period"] == ["2025-02-01", "2025-02-28"]


def test_a_year_earlier_is_the_same_days(made):
    answer = made.ask(first=day("2024-02-01"), last=day("2024-02-29"), compare="year")
    assert answer.as_json()["compare"]["period"] == ["2023-02-01", "2023-02-28"]


def test_amounts_of_the_other_period_keep_their_currency_and_notes(made):
    made.cost(10, "2025-01-01", "2025-01-05").cost(121, "2025-01-02", "2025-01-02", vat="incl")
    answer = made.ask("platform", metrics="cost", first=day("2025-01-08"),
                      last=day("2025-01-14"), compare="previous")  # fmt: skip
    (row,) = answer.rows
    assert (row["cost"], row["cost_previous"], row["currency"]) == (None, 131, "EUR")
    assert "Before: Amounts are added as entered" in " ".join(map(str, answer.notes))


def test_rows_that_only_the_other_period_has_are_shown(made):
    made.post("1", on="2025-01-05", total={"likes": 20})
    rows = made.rows("platform", metrics="likes", first=day("2025-01-08"),
                     last=day("2025-01-14"), compare="previous")  # fmt: skip
    assert (rows["x"]["likes"], rows["x"]["likes_previous"]) == (None, 20)
    assert (rows["x"]["posts"], rows["x"]["posts_previous"]) == (0, 1)


def test_rows_that_only_this_period_has_had_no_posts_before(made):
    made.post("1", on="2025-01-09", total={"likes": 20})
    rows = made.rows("platform", metrics="likes", first=day("2025-01-08"),
                     last=day("2025-01-14"), compare="previous")  # fmt: skip
    assert (rows["x"]["posts"], rows["x"]["posts_previous"]) == (1, 0)
    assert (rows["x"]["likes_previous"], rows["x"]["likes_change"]) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025-02-22", "2025-02-28", ("2024-02-22", "2024-02-28")),  # as many days
        ("2025-02-01", "2025-02-28", ("2024-02-01", "2024-02-29")),  # a whole month
        ("2024-02-29", "2024-02-29", ("2023-02-28", "2023-02-28")),
    ],
)
def test_a_year_before_the_end_of_february(first, last, expected):
    other = other_period(Question(first=day(first), last=day(last), compare="year"))
    assert (str(other.first), str(other.last)) == expected


@pytest.mark.parametrize(
    "question",
    [
        {"compare": "year"},
        {
            "compare": "year",
            "first": dt.date(2025, 1, 1),
            "last": dt.date(2025, 1, 2),
            "by": "post",
        },
        {"by": "day,week"},
        {"by": "campaign,account,day"},
        {"by": "nonsense"},
        {"metrics": "nonsense"},
        {"first": dt.date(2025, 1, 2), "last": dt.date(2025, 1, 1)},
        {"by": "media", "delivery": "paid"},
        {"by": "post", "metrics": "cost"},
        {"by": "account", "metrics": "budget"},
        {"metrics": "er_followers", "accounting": "activity"},
        {"rates": {"USD": 1.0}},
        {"rates": {"' OR 1": 1.0}, "currency": "EUR"},
        {"rates": {"USD": 0.0}, "currency": "EUR"},
        {"rates": {"eur": 2.0}, "currency": "EUR"},
        {"currency": "euros"},
        {"universe": 0},
        {"compare": "previous", "first": dt.date(1, 1, 1), "last": dt.date(1, 1, 9)},
    ],
    ids=str,
)
def test_questions_without_an_answer_say_what_is_possible(made, question):
    with pytest.raises(ImpossibleQuestion) as caught:
        made.ask(**question)
    assert str(caught.value.values["possible"])


# --- the answer


def test_json_is_the_contract(made):
    made.post("1", total={"impressions": 12}).cost(3, platform="x")
    data = json.loads(json.dumps(made.ask("platform", metrics="impressions,cpm").as_json()))
    assert {"by", "accounting", "delivery", "metrics", "rows", "notes"} <= set(data)
    assert data["by"] == ["platform"]
    assert (data["accounting"], data["delivery"]) == ("published", "total")
    assert set(data["metrics"]) == {"impressions", "cpm"}
    assert {"label", "unit", "base", "delivery", "accounting", "source"} <= set(
        data["metrics"]["cpm"]
    )
    (row,) = data["rows"]
    assert list(row)[:4] == ["platform", "posts", "impressions", "cpm"]
    assert (row["platform"], row["posts"], row["impressions"], row["cpm"]) == ("x", 1, 12, 250)
    assert row["currency"] == "EUR"
    assert row["known"]["impressions"] == 1


def test_rows_by_post_and_account_carry_their_ids(made):
    made.post("1", total={"impressions": 12}, about={"url": "https://x.com/gemeente/status/1"})
    (row,) = made.ask("post").rows
    assert (row["platform"], row["post_id"], row["account_id"]) == ("x", "1", "gemeente")
    assert row["url"] == "https://x.com/gemeente/status/1"
    (row,) = made.ask("account").rows
    assert (row["platform"], row["account_id"]) == ("x", "gemeente")


def test_frames_keep_missing_values_missing(made):
    made.post("1", total={"impressions": 12}).post("2")
    frame = made.ask("post", metrics="impressions").to_pandas()
    assert frame["impressions"].sum() == 12
    assert frame["impressions"].isna().sum() == 1
    assert str(frame["impressions"].dtype) == "Int64"


def test_an_empty_store_gives_an_empty_answer(made):
    for by in ("campaign", "account", "post", "month", "media", "ambassador"):
        assert made.ask(by).rows == []
        assert made.ask(by).to_pandas().empty


def test_an_answer_changes_with_the_data_and_only_then(made):
    made.post("1", total={"impressions": 12})
    assert made.value() == made.value() == 12
    made.post("2", total={"impressions": 1})
    assert made.value() == 13


# --- kept answers


def test_another_process_finds_the_kept_answer(made):
    """Nothing in a question's SQL depends on the order of a set: it differs by process."""
    made.post("1", total={"impressions": 5})
    program = (
        "import sys; from campaigns.reports import Question, report; "
        "from campaigns.store import Store; "
        "report(Store.open(sys.argv[1]), Question(by=('campaign', 'media'), "
        "metrics=('impressions', 'cost', 'reach_upper', 'cpm')))"
    )
    folder = made.store.path / "cache"
    kept = []
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(made.store.path)],
            check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        kept.append(sorted(file.name for file in folder.glob("*.parquet")))
    assert kept[0] == kept[1] != []
