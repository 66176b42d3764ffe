"""Money: what carries what, which cost belongs to which base, and in which currency."""

import datetime as dt

import pytest

from campaigns import definitions
from campaigns.errors import MixedCurrencies


def day(text):
    return dt.date.fromisoformat(text)


JANUARY = {"first": day("2025-01-01"), "last": day("2025-01-31")}


# --- media costs beside ads and placements


def media(made, first, last):
    """A media cost of January, and an ad of the same campaign."""
    made.campaign("summer", definitions.Rule("ad_campaign", "summer*"))
    made.ad(first, last, campaign_name="summer 1", spend=70)
    return made.cost(40, kind="media", shares="summer")


def test_an_ad_that_a_month_leaves_out_carries_no_cost_of_that_month(made):
    media(made, "2025-01-20", "2025-02-10")
    assert made.value("cost", **JANUARY) == 40
    assert "refused" not in made.notes(metrics="cost", **JANUARY)
    assert "1 ad rows cover days outside" in made.notes(metrics="cost", **JANUARY)
    assert made.rows("month", metrics="cost")["2025-01"]["cost"] == 40
    assert made.value("cost") == 70
    assert "1 costs of kind media are refused" in made.notes(metrics="cost")


def test_an_ad_of_the_month_carries_its_cost(made):
    media(made, "2025-01-05", "2025-01-10")
    assert made.value("cost", **JANUARY) == 70


def test_a_placement_that_a_month_leaves_out_carries_no_cost_of_that_month(made):
    made.campaign("summer").cost(40, kind="media", platform="print", shares="summer")
    made.add("media_placements", placement_id="p", medium="print", campaign="summer",
             first_day=day("2025-01-20"), last_day=day("2025-02-10"), amount=70,
             currency="EUR")  # fmt: skip
    assert made.value("cost", **JANUARY) == 40
    assert made.value("cost") == 70


def test_ads_of_an_account_that_is_not_asked_for_carry_nothing_there(made):
    """The ads belong to no account: with a filter they do not count, so the cost does."""
    media(made, "2025-01-05", "2025-01-10").post("1", platform="linkedin")
    made.cost(15, kind="media", shares="summer", platform="linkedin", account_id="gemeente")
    assert made.value("cost", account="gemeente") == 15
    assert made.value("cost") == 70


# --- which cost belongs to which base


def test_print_is_in_no_cost_per_impression(made):
    """300 for production and 40 for ads by 10,000 impressions; 900 for print by 18,000 contacts."""
    made.campaign("summer", definitions.Rule("post", "1"),
                  definitions.Rule("ad_campaign", "a*"))  # fmt: skip
    made.post("1", total={"impressions": 8000, "clicks": 68, "reach": 680})
    made.ad("2025-01-05", platform="x", impressions=2000, spend=40, campaign_name="a")
    made.cost(300, shares="summer").cost(60, platform="print", shares="summer")
    made.add("media_placements", placement_id="p", campaign="summer", medium="print",
             first_day=day("2025-01-01"), last_day=day("2025-01-01"), insertions=2,
             readership=9000, amount=900, currency="EUR")  # fmt: skip
    names = "cost,online_cost,cpm,cpc,cost_per_reach_upper,cost_per_contact,cost_per_outcome"
    row = made.rows("campaign", metrics=names)["summer"]
    assert (row["cost"], row["online_cost"]) == (1300, 340)
    assert row["cpm"] == pytest.approx(340 / 10_000 * 1000)
    assert row["cpc"] == pytest.approx(340 / 68)
    assert row["cost_per_reach_upper"] == pytest.approx(340 / 680 * 1000)
    assert row["cost_per_contact"] == pytest.approx(900 / 18_000 * 1000)
    assert (row["known"]["cost"], row["known"]["online_cost"]) == (4, 2)
    said = made.notes("campaign", metrics="cpm")
    assert "print and other media (2)" in said
    assert "costs of print" not in made.notes("campaign", metrics="cost")


def test_what_cost_nothing_online_has_no_cost_per_impression(made):
    made.post("1", total={"impressions": 1000}).cost(60, platform="print")
    assert (made.value("cost"), made.value("cpm")) == (60, None)


# --- amounts without a currency


def test_amounts_without_a_currency_are_added_to_none_that_has_one(made):
    made.ad("2025-01-05", spend=100, currency=None).cost(50)
    with pytest.raises(MixedCurrencies, match="--currency EUR"):
        made.ask(metrics="cost")
    answer = made.ask(metrics="cost", currency="EUR")
    (row,) = answer.rows
    assert (row["cost"], row["currency"]) == (150, "EUR")
    assert "counted as EUR, as asked" in " ".join(map(str, answer.notes))


def test_amounts_that_all_lack_a_currency_have_none(made):
    made.ad("2025-01-05", spend=100, currency=None)
    (row,) = made.ask(metrics="spend").rows
    assert (row["spend"], row["currency"]) == (100, None)


def test_amounts_without_a_currency_are_not_compared_with_those_of_one(made):
    made.cost(100, "2025-01-01", "2025-01-31", currency=None)
    made.cost(100, "2025-02-01", "2025-02-28")
    asked = {"metrics": "cost", "first": day("2025-02-01"), "last": day("2025-02-28"),
             "compare": "previous"}  # fmt: skip
    with pytest.raises(MixedCurrencies, match="not known"):
        made.ask(**asked)
    (row,) = made.ask(**asked, currency="EUR").rows
    assert (row["cost"], row["cost_previous"]) == (100, 100)
