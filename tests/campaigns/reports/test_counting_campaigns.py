"""Campaigns as rows: those of which nothing is known, and results of several kinds."""

import datetime as dt

from campaigns.reports import wording


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


# --- results of several kinds


def result(made, value, outcome, **more):
    made.number += 1
    return made.add("outcomes", source="list", row_id=str(made.number), day=day("2025-01-09"),
                    outcome=outcome, value=value, campaign="summer", **more)  # fmt: skip


def test_results_of_two_kinds_stand_apart(made):
    made.campaign("summer").cost(100, shares="summer")
    for value, outcome in ((20, "applications"), (5, "Applications"), (900, "visits"),
                           (7, "waardering"), (8, "waardering")):  # fmt: skip
        result(made, value, outcome)
    answer = made.ask("campaign", metrics="outcome,cost_per_outcome")
    row = next(row for row in answer.rows if row["campaign"] == "summer")
    assert (row["outcome"], row["cost_per_outcome"], row["currency"]) == (None, None, "EUR")
    assert row["outcomes"] == {
        "applications": {"outcome": 25, "cost_per_outcome": 4},
        "visits": {"outcome": 900, "cost_per_outcome": 100 / 900},
        "waardering": {"outcome": None, "cost_per_outcome": None},
    }
    said = " ".join(map(str, answer.notes))
    assert "several kinds are not added (applications, visits, waardering)" in said
    assert wording.by_kind("outcome", row) == "applications: 25; visits: 900; waardering: not added"
    assert wording.by_kind("cost_per_outcome", row) == "applications: €4.00; visits: €0.11"
    assert "outcomes" not in answer.columns


def test_results_of_one_kind_do_not(made):
    result(result(made.campaign("summer"), 20, "visits"), 22, "visits")
    row = made.rows("campaign", metrics="outcome")["summer"]
    assert row["outcome"] == 42
    assert "outcomes" not in row
