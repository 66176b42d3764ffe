"""Ads beside posts, beside each other and beside costs: nothing counts twice, nothing is lost."""

import datetime as dt

import pytest

from campaigns import definitions
from campaigns.errors import BadDefinition


def day(text):
    return dt.date.fromisoformat(text)


# --- a boosted post in a campaign, and the ads of its account


def boosted(made, *, names=(None, None)):
    """A post of a campaign, 100 free and 900 paid, and 950 paid impressions in the ads."""
    made.add("accounts", platform="linkedin", account_id="gemeente", role="own",
             ad_accounts="ads")  # fmt: skip
    made.post("1", platform="linkedin", on="2025-01-10", organic={"impressions": 100},
              paid={"impressions": 900}, total={"impressions": 1000})  # fmt: skip
    made.campaign("summer", definitions.Rule("ad_campaign", "summer*")).campaign("winter")
    made.add("campaign_posts", platform="linkedin", post_id="1", campaign_id="summer")
    made.ad("2025-01-05", ad_id="a", impressions=400, campaign_name=names[0])
    return made.ad("2025-01-20", ad_id="b", impressions=550, campaign_name=names[1])


def seen(made, by="campaign", **more):
    return {key: row["impressions"] for key, row in made.rows(by, **more).items()}


def test_ads_of_no_campaign_leave_a_post_its_paid_figures(made):
    boosted(made)
    assert seen(made)["summer"] == 1000
    assert seen(made)[None] == 400 + 550
    assert made.value(campaign="summer") == 1000
    assert made.value(campaign="summer", delivery="paid") == 900
    assert made.value() == 100 + 950  # campaigns not told apart, the ads hold them
    said = made.notes("campaign", metrics="impressions")
    assert "Paid figures of 1 posts stay with the campaign" in said
    assert "stay with the campaign" not in made.notes(metrics="impressions")


def test_ads_of_the_campaign_itself_hold_the_paid_figures_of_its_posts(made):
    boosted(made, names=("another", "summer b"))
    assert seen(made)["summer"] == 100 + 550
    assert seen(made)[None] == 400
    assert "stay with the campaign" not in made.notes("campaign", metrics="impressions")


def test_ads_that_the_campaign_ran_before_a_post_hold_nothing_of_it(made):
    """The campaign's own ads ended on 5 January: the post of 10 January is not in them."""
    boosted(made, names=("summer a", None))
    assert seen(made)["summer"] == 1000 + 400


def test_a_post_of_no_campaign_has_its_paid_figures_in_the_ads(made):
    boosted(made, names=("summer a", "summer b"))
    made.post("2", platform="linkedin", on="2025-01-11", organic={"impressions": 10},
              paid={"impressions": 20})  # fmt: skip
    assert seen(made)[None] == 10


# --- rows of ads that say the same


def spend(made, **more):
    return made.value("spend", **more)


def test_a_campaign_hides_its_own_ads_and_those_of_no_other(made):
    made.ad("2025-01-05", level="campaign", ad_id="c1", campaign_key="c1", spend=7)
    made.ad("2025-01-05", ad_id="a", campaign_key="c1", spend=3)
    made.ad("2025-01-05", ad_id="b", campaign_key="c2", spend=20)
    assert spend(made) == 7 + 20
    said = made.notes(metrics="spend")
    assert "1 ad rows repeat" in said
    assert "in part" not in said


def test_campaigns_are_told_apart_by_name_where_ids_are_not_known(made):
    made.ad("2025-01-05", level="campaign", ad_id="Zomer", campaign_name="Zomer", spend=7)
    made.ad("2025-01-05", ad_id="a", campaign_key="1", campaign_name="zomer ", spend=3)
    made.ad("2025-01-05", ad_id="b", campaign_key="2", campaign_name="Herfst", spend=20)
    made.ad("2025-01-05", ad_id="d", spend=400)  # may be of any campaign: never added
    assert spend(made) == 7 + 20


def test_a_campaign_of_which_only_the_id_is_known_hides_its_ads(made):
    made.ad("2025-01-05", level="campaign", ad_id="77", spend=7)
    made.ad("2025-01-05", ad_id="a", campaign_key="77", campaign_name="Zomer", spend=3)
    made.ad("2025-01-05", ad_id="b", campaign_key="78", campaign_name="Herfst", spend=20)
    made.ad("2025-01-05", ad_id="c", campaign_key="79", spend=100)  # 77 may be its name
    assert spend(made) == 27


def test_groups_of_one_campaign_hide_only_their_own_ads(made):
    made.ad("2025-01-05", level="group", ad_id="g1", campaign_key="c", group_name="One", spend=7)
    made.ad("2025-01-05", ad_id="a", campaign_key="c", group_name="One", spend=3)
    made.ad("2025-01-05", ad_id="b", campaign_key="c", group_name="Two", spend=20)
    assert spend(made) == 27


def test_three_levels_count_where_the_higher_ones_end(made):
    about = {"campaign_key": "c", "group_name": "One"}
    made.ad("2025-01-01", "2025-01-10", level="campaign", ad_id="c", campaign_key="c", spend=1)
    made.ad("2025-01-11", "2025-01-20", level="group", ad_id="g", spend=10, **about)
    made.ad("2025-01-05", "2025-01-08", level="group", ad_id="g", spend=20, **about)
    for on, amount in (("2025-01-02", 100), ("2025-01-15", 200), ("2025-01-25", 400)):
        made.ad(on, ad_id="a", spend=amount, **about)
    assert spend(made) == 1 + 10 + 400
    assert "3 ad rows repeat" in made.notes(metrics="spend")


def test_of_a_chain_of_overlapping_rows_both_ends_count(made):
    """The middle one makes way for the longest; the first overlaps only the middle one."""
    made.ad("2025-01-01", "2025-01-10", spend=1).ad("2025-01-08", "2025-01-20", spend=20)
    made.ad("2025-01-15", "2025-02-10", spend=300)
    assert spend(made) == 301
    said = made.notes(metrics="spend")
    assert "1 ad rows overlap others of the same ads in part" in said  # 11 to 14 January
    assert "repeat" not in said


def test_what_rows_that_count_say_together_is_repeated_not_lost(made):
    """A month by ad, beside every day of it by campaign."""
    for number in range(1, 32):
        made.ad(f"2025-01-{number:02}", level="campaign", ad_id="c", campaign_key="c", spend=1)
    made.ad("2025-01-01", "2025-01-31", ad_id="a", campaign_key="c", spend=31)
    assert spend(made) == 31
    assert "1 ad rows repeat" in made.notes(metrics="spend")
    made.ad("2025-01-20", "2025-02-05", ad_id="b", campaign_key="c", spend=50)
    assert spend(made) == 31
    assert "1 ad rows overlap others" in made.notes(metrics="spend")


def test_of_one_post_the_lowest_level_counts(made):
    made.post("1", platform="linkedin")
    made.ad("2025-01-05", level="campaign", ad_id="c", campaign_key="c", post_id="1", spend=7)
    made.ad("2025-01-05", ad_id="a", campaign_key="c", post_id="1", spend=3)
    (row,) = made.ask("post", metrics="spend").rows
    assert row["spend"] == 3


# --- an ad account, and the accounts it pays for


def test_an_ad_account_pays_for_one_account(made):
    definitions.register(made.store, "linkedin", "gemeente", {"ad_accounts": "Main; other"})
    with pytest.raises(BadDefinition, match="'main' belongs to account 'gemeente'"):
        definitions.register(made.store, "linkedin", "wethouder", {"ad_accounts": " MAIN"})
    definitions.register(made.store, "x", "wethouder", {"ad_accounts": "main"})
    definitions.register(made.store, "linkedin", "gemeente", {"ad_accounts": "main"})


def test_an_ad_account_that_lists_gave_to_two_is_said(made):
    for account in ("gemeente", "wethouder"):
        made.add("accounts", platform="linkedin", account_id=account, role="own",
                 ad_accounts="ads")  # fmt: skip
    made.ad("2025-01-05", impressions=400, spend=3)
    assert made.value() == 400
    assert "Several accounts list ad account ads" in made.notes("account", metrics="spend")
    assert made.rows("account", metrics="spend")["gemeente"]["spend"] == 3
