"""Ads beside posts, beside each other and beside costs: nothing counts twice, nothing is lost."""

import datetime as dt

from campaigns import definitions


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
