"""Campaigns as rows: those of which nothing is known, and results of several kinds."""

import datetime as dt


def day(text):
    return dt.date.fromisoformat(text)


def test_a_campaign_of_which_nothing_is_known_is_a_row(made):
    made.post("1", total={"impressions": 5}).campaign("summer")
    rows = made.rows("campaign", metrics="impressions,reach_lower,cost")
    assert set(rows) == {"summer", None}
    found = {name: rows["summer"][name] for name in ("posts", "impressions", "reach_lower", "cost")}
    assert found == {"posts": 0, "impressions": None, "reach_lower": None, "cost": None}


def test_a_campaign_is_a_row_of_its_own_time(made):
    made.post("1").campaign("old", last_day=day("2024-12-31")).campaign("open")
    made.campaign("now", first_day=day("2025-01-10"), last_day=day("2025-01-20"))
    asked = {"first": day("2025-01-01"), "last": day("2025-01-31")}
    assert set(made.rows("campaign", **asked)) == {"open", "now", None}
    assert set(made.rows("campaign", campaign="now", **asked)) == {"now"}
    assert set(made.rows("campaign")) == {"old", "open", "now", None}
