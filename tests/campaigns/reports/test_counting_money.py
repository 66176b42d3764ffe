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
