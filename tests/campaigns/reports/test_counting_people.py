"""People and rates: bounds that hold, followers of their time, and rates of one delivery."""

import datetime as dt

import pytest

from campaigns.errors import ImpossibleQuestion
from campaigns.reach import bounds


def day(text):
    return dt.date.fromisoformat(text)


BOUNDS = "reach_lower,reach_upper"


# --- reach


def test_a_universe_below_what_was_measured_is_refused(made):
    made.post("1", total={"reach": 800, "impressions": 1000}).post("2", total={"impressions": 500})
    for by in ("", "campaign", "post"):
        with pytest.raises(ImpossibleQuestion, match=r"800 .*500") as caught:
            made.ask(by, metrics=BOUNDS, universe=500)
        assert caught.value.values["possible"] == "--universe 800"
    (row,) = made.ask(metrics=BOUNDS, universe=800).rows
    assert (row["reach_lower"], row["reach_upper"]) == (800, 800)
    assert made.value("impressions", universe=500) == 1500  # not about people
    with pytest.raises(ValueError, match="800"):
        bounds([(800, 1000)], universe=500)


def test_measurements_that_disagree_give_no_reversed_range(made):
    """A day of 20 people in a month of 18; more people reached than impressions."""
    made.days("2025-01-02", total={"reach": 20, "impressions": 30})
    made.add("account_periods", platform="x", account_id="gemeente", first_day=day("2025-01-01"),
             last_day=day("2025-01-31"), reach=18)  # fmt: skip
    row = made.rows("account", metrics=f"reach,{BOUNDS}", accounting="activity",
                    first=day("2025-01-01"), last=day("2025-01-31"))["gemeente"]  # fmt: skip
    assert (row["reach"], row["reach_lower"], row["reach_upper"]) == (18, 20, 20)
    made.post("1", organic={"reach": 80, "impressions": 90}, paid={"impressions": 5},
              total={"impressions": 70})  # fmt: skip
    (row,) = made.ask(metrics=BOUNDS).rows
    assert (row["reach_lower"], row["reach_upper"]) == (80, 80)


# --- rates of one delivery


def rate(made, metric="er_impressions", **more):
    (row,) = made.ask(metrics=metric, **more).rows
    return row[metric], row["partial"]


BOOST = {"ad_campaign": "Boost"}


def test_free_engagements_are_not_divided_by_all_impressions(made):
    """Of the post 10 free engagements by 100 free impressions are known, of 1,000 in all."""
    made.post("1", about=BOOST, organic={"engagements": 10, "impressions": 100},
              total={"impressions": 1000})  # fmt: skip
    assert rate(made) == (pytest.approx(10 / 100), ["er_impressions"])
    made.post("2", total={"engagements": 30, "impressions": 300})
    assert rate(made) == (pytest.approx(40 / 400), ["er_impressions"])
    assert "A rate divides figures of one delivery" in made.notes(metrics="er_impressions")


def test_a_rate_of_two_deliveries_is_not_computed(made):
    made.post("1", about=BOOST, organic={"engagements": 10}, total={"impressions": 1000})
    assert rate(made) == (None, ["er_impressions"])
    (row,) = made.ask(metrics="er_impressions,engagements,impressions").rows
    assert (row["engagements"], row["impressions"]) == (10, 1000)
    assert row["known"]["er_impressions"] == 0


def test_a_rate_is_of_free_and_advertised_together_where_both_are_known(made):
    made.post("1", organic={"engagements": 10, "impressions": 100},
              paid={"engagements": 2, "impressions": 300})  # fmt: skip
    assert rate(made) == (pytest.approx(12 / 400), [])
    made.post("2", organic={"engagements": 5}, paid={"engagements": 1}, total={"impressions": 50})
    assert rate(made) == (pytest.approx(18 / 450), [])


def test_a_rate_of_what_is_only_known_as_advertised_is_partial(made):
    made.post("1", organic={"impressions": 100}, paid={"engagements": 2, "impressions": 300})
    assert rate(made) == (pytest.approx(2 / 300), ["er_impressions"])
    assert rate(made, delivery="paid") == (pytest.approx(2 / 300), [])


def test_a_post_that_was_never_boosted_is_whole_when_free(made):
    made.post("1", organic={"engagements": 10, "impressions": 100})
    assert rate(made) == (pytest.approx(0.1), [])


def test_free_impressions_are_not_divided_by_all_people_reached(made):
    made.post("1", about=BOOST, organic={"impressions": 100}, total={"reach": 50})
    assert rate(made, "frequency") == (None, ["frequency"])
    made.post("1", about=BOOST, total={"impressions": 200})
    assert rate(made, "frequency") == (pytest.approx(4), [])


# --- potential reach


def test_potential_reach_of_a_month_is_of_its_own_followers(made):
    made.post("1", on="2025-01-10").post("2", on="2025-02-10").post("3", on="2025-03-10")
    made.days("2025-01-05", total={"followers": 480}).days("2025-01-31", total={"followers": 500})
    made.days("2025-03-31", total={"followers": 900})
    rows = made.rows("month", metrics="potential_reach")
    assert {key: row["potential_reach"] for key, row in rows.items()} == {
        "2025-01": 500, "2025-02": None, "2025-03": 900}  # fmt: skip
    january = {"first": day("2025-01-01"), "last": day("2025-01-31")}
    assert made.value("potential_reach", **january) == 500
    february = {"first": day("2025-02-01"), "last": day("2025-02-28")}
    assert made.value("potential_reach", **february) is None


def test_potential_reach_says_whose_followers_it_lacks(made):
    made.post("1").post("2", account="wethouder").days("2025-01-05", total={"followers": 500})
    (row,) = made.ask(metrics="potential_reach").rows
    assert (row["potential_reach"], row["known"]["potential_reach"]) == (500, 1)
    assert row["partial"] == ["potential_reach"]
    assert "lacks the followers of 1 accounts" in made.notes(metrics="potential_reach")
