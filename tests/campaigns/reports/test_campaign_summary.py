"""A campaign's summary, its results, verdicts on cost, and the limit of a report by post."""

import datetime as dt

import pytest

from campaigns.definitions import Rule
from campaigns.errors import MixedCurrencies, UnknownCampaign
from campaigns.reports.campaign_summary import summary
from campaigns.reports.results import results
from campaigns.reports.verdicts import Standard, is_whole, standard, verdict


@pytest.fixture
def two(made):
    """Two summers: the second was shown more, cost more, and brought more."""
    for year, seen, amount, visits in ((2024, 1000, 50, 10), (2025, 3000, 90, 30)):
        made.post(str(year), on=f"{year}-06-10", about={"text": f"#zomer{year}"},
                  total={"impressions": seen, "engagements": seen // 10})  # fmt: skip
        made.cost(amount, f"{year}-06-01", f"{year}-06-30", shares=f"zomer-{year}")
        made.add("outcomes", source="web", row_id=str(year), campaign=f"zomer-{year}",
                 day=dt.date(year, 6, 20), outcome="visits", value=visits)  # fmt: skip
        made.campaign(f"Zomer {year}", Rule("hashtag", f"zomer{year}"), goal_metric="visits",
                      goal_target=40.0, first_day=dt.date(year, 6, 1),
                      last_day=dt.date(year, 6, 30))  # fmt: skip
    made.write()
    return made


def ask(made, *values):
    made.write()
    return made.store.read(lambda snapshot: summary(snapshot, *values))


def test_a_campaign_is_held_against_the_one_before(two):
    found = ask(two, "zomer-2025")
    assert found.against.campaign_id == "zomer-2024"
    assert (found.row["impressions"], found.before["impressions"]) == (3000, 1000)
    assert found.changes["impressions"] == 2.0
    assert (found.row["cpm"], found.before["cpm"]) == (30.0, 50.0)
    assert found.changes["cpm"] == pytest.approx(-0.4)
    assert found.changes["cost_per_outcome"] == pytest.approx(3 / 5 - 1)
    assert (found.first, found.last) == (dt.date(2025, 6, 1), dt.date(2025, 6, 30))


def test_the_first_campaign_is_held_against_none(two):
    found = ask(two, "zomer-2024")
    assert (found.against, found.before) == (None, None)
    assert set(found.changes.values()) == {None}


def test_another_campaign_can_be_chosen_but_not_itself(two):
    assert ask(two, "zomer-2024", "Zomer 2025").against.campaign_id == "zomer-2025"
    assert ask(two, "zomer-2025", "zomer-2025").against is None
    with pytest.raises(UnknownCampaign):
        ask(two, "zomer-2025", "winter")


def test_results_of_different_kinds_do_not_compare(two):
    two.campaign("Werk", Rule("hashtag", "werk"), goal_metric="applications",
                 first_day=dt.date(2025, 7, 1))  # fmt: skip
    two.add("outcomes", source="web", row_id="w", campaign="werk", day=dt.date(2025, 7, 2),
            outcome="applications", value=2)  # fmt: skip
    found = ask(two, "werk")
    assert found.against.campaign_id == "zomer-2025"
    assert (found.row["outcome"], found.before["outcome"]) == (2, 30)
    assert found.changes["outcome"] is None


def test_amounts_in_two_currencies_are_left_out_and_said(two):
    two.cost(10, "2025-06-01", "2025-06-30", shares="zomer-2025", currency="USD")
    found = ask(two, "zomer-2025")
    assert isinstance(found.mixed, MixedCurrencies)
    assert "cost" not in found.row
    assert found.row["impressions"] == 3000


def test_results_add_counts_and_keep_the_newest_score(two):
    for number, (outcome, unit, day, value) in enumerate(
        [("visits", None, "2025-06-21", 5), ("appreciation", "cijfer", "2025-06-25", 7.0),
         ("appreciation", "cijfer", "2025-07-25", 7.4)]
    ):  # fmt: skip
        two.add("outcomes", source="more", row_id=str(number), campaign="zomer-2025",
                outcome=outcome, unit=unit, day=dt.date.fromisoformat(day), value=value)  # fmt: skip
    two.write()
    found = two.store.read(lambda snapshot: results(snapshot, "zomer-2025"))
    assert [(one.outcome, one.value, one.is_score) for one in found] == [
        ("visits", 35, False), ("appreciation", 7.4, True),
    ]  # fmt: skip


def test_a_report_by_post_can_be_limited_to_what_was_shown_most(made):
    for number, seen in enumerate((5, 30, None, 20)):
        made.post(str(number), total={"impressions": seen, "likes": 1})
    rows = made.ask("post", metrics="impressions", limit=2).rows
    assert [row["impressions"] for row in rows] == [30, 20]
    assert len(made.ask("account", metrics="impressions", limit=0).rows) == 1


ROW = {"campaign": "a", "impressions": 5000, "cost": 10, "cpm": 10.0}


def test_a_median_of_two_is_no_standard():
    two_rows = [ROW, {**ROW, "cpm": 20.0}]
    assert standard(two_rows) == Standard(None, 2)
    assert verdict(ROW, standard(two_rows)) == "few"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**ROW, "cpm": 7.9}, "cheap"),
        ({**ROW, "cpm": 10.0}, "average"),
        ({**ROW, "cpm": 12.6}, "expensive"),
        ({**ROW, "cpm": 0.0}, "cheap"),
        ({**ROW, "impressions": 10}, "few"),
        ({**ROW, "cpm": None}, "few"),
        ({**ROW, "cost": None, "cpm": None}, "no_costs"),
    ],
)
def test_what_is_said_of_a_campaign(row, said):
    assert verdict(row, Standard(10.0, 5)) == said


def test_a_part_of_a_campaign_is_not_judged():
    assert verdict(ROW, Standard(10.0, 5), is_part=True) == "part"
    assert (
        verdict({**ROW, "cost": None, "cpm": None}, Standard(10.0, 5), is_part=True) == "no_costs"
    )


def test_a_campaign_without_a_first_day_may_have_begun_before():
    day = dt.date(2025, 1, 1)
    assert is_whole((None, None), None, None, day)
    assert not is_whole((None, None), day, day, None)
