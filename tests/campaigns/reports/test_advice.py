"""What to do now: the reasons, by hand."""

import pytest

from campaigns.reports.advice import advice
from campaigns.translations import say

ROW = {"impressions": 10_000, "cost": 100.0, "cpm": 10.0, "budget_left": 0.0, "currency": "EUR"}


def rows(*cpms, **more):
    """Campaigns a, b, c … with these costs per 1,000 impressions."""
    return [
        {**ROW, "campaign": name, "cpm": cpm, **more}
        for name, cpm in zip("abcdef", cpms, strict=False)
    ]


def said(found):
    return [(one.kind, say(one.title, "en")) for one in found]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "en")


def test_nothing_stands_out_of_equals():
    assert advice(rows(10.0, 10.0, 10.0)) == []


def test_cheap_and_expensive_are_beside_the_own_median():
    # median of 8, 10, 20: 10; 8 is at most four fifths of it, 20 is twice it
    found = advice(rows(8.0, 10.0, 20.0))
    assert said(found) == [
        ("attention", "1,000 impressions of “c” cost 2 times the median"),
        ("good", "“a” was shown most for its money"),
    ]
    assert [one.campaign for one in found] == ["c", "a"]
    assert say(found[1].text, "en") == (
        "€8.00 per 1,000 impressions; the median of your campaigns is €10.00."
    )


def test_a_budget_that_is_over_comes_first():
    given = rows(8.0, 10.0, 20.0)
    given[1] |= {"cost": 150.0, "budget_left": -50.0}
    found = advice(given)
    assert said(found)[0] == ("attention", "“b” is over its budget")
    assert say(found[0].text, "en") == "It cost €50.00 more than the €100.00 that it may cost."


def test_without_known_costs_a_campaign_is_not_cheap_but_a_tip():
    free = {**ROW, "campaign": "free", "cost": None, "cpm": None, "budget_left": None}
    found = advice([*rows(10.0, 10.0, 10.0), free])
    assert said(found) == [("tip", "Campaigns without known costs: 1")]


def test_what_belongs_to_no_campaign_is_no_campaign():
    assert advice([{**ROW, "campaign": None, "budget_left": -5.0}]) == []


def test_posts_that_wait_are_a_tip_without_a_campaign():
    (one,) = advice([], unjudged=1044)
    assert (one.kind, one.campaign) == ("tip", None)
    assert say(one.title, "en") == "1,044 posts could not be judged by any rule"
