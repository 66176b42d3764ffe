"""One post: its history by age, its campaign and why; and who is not shown."""

import datetime as dt

import pytest

from campaigns.definitions import Rule
from campaigns.reports.history import UnknownPost, hidden_accounts, kinds, origins, post

MAY = dt.datetime(2025, 5, 1, 22, 30, tzinfo=dt.UTC)  # in Amsterdam already the second of May


def ask(made, question, *values):
    made.write()
    return made.store.read(lambda snapshot: question(snapshot, *values))


def observed(made, post_id, at, delivery="total", **figures):
    return made.add("post_metrics", platform="x", post_id=post_id, delivery=delivery,
                    collected_at=at, **figures)  # fmt: skip


def test_a_post_grows_with_its_age(made):
    made.post("1", on="2025-04-30", about={"text": "#zomer", "media_type": "image"})
    observed(made, "1", MAY, impressions=100, likes=3)
    observed(made, "1", MAY + dt.timedelta(days=30), impressions=170)
    found = ask(made, post, "x", "1")
    assert [(one.age, one.figures["impressions"], one.figures["likes"]) for one in found.history] \
        == [(2, 100, 3), (32, 170, None)]  # fmt: skip
    assert found.figures["total"]["impressions"] == 170
    assert found.figures["total"]["likes"] == 3  # the newest that is known, per column
    assert found.media_type == "image"
    assert found.campaign_id is None
    assert found.reason is None


def test_one_moment_said_twice_is_one_observation_with_the_larger_figures(made):
    made.post("1", on="2025-04-30")
    observed(made, "1", MAY, impressions=100)
    made.write()
    observed(made, "1", MAY, impressions=90, clicks=1)
    (one,) = ask(made, post, "x", "1").history
    assert (one.figures["impressions"], one.figures["clicks"]) == (100, 1)


def test_deliveries_stay_apart(made):
    made.post("1", on="2025-04-30", organic={"impressions": 10}, paid={"impressions": 5})
    found = ask(made, post, "x", "1")
    assert {name: values["impressions"] for name, values in found.figures.items()} == {
        "organic": 10, "paid": 5,
    }  # fmt: skip
    assert {one.delivery for one in found.history} == {"organic", "paid"}


def test_another_id_leads_to_the_same_post_with_the_history_of_both(made):
    made.post("1", on="2025-04-30", about={"text": "whole"})
    made.post("2", on="2025-04-30")
    made.add("post_aliases", platform="x", post_id="1", alias="2")
    observed(made, "1", MAY, impressions=100)
    observed(made, "2", MAY + dt.timedelta(days=1), impressions=120)
    for name in ("1", "2"):
        found = ask(made, post, "x", name)
        assert (found.post_id, found.text) == ("1", "whole")
        assert [one.figures["impressions"] for one in found.history] == [100, 120]
        assert found.figures["total"]["impressions"] == 120


def test_a_post_says_by_which_rule_it_belongs(made):
    made.post("1", about={"text": "naar buiten #zomer"}).post("2", about={"text": "#anders"})
    made.campaign("Zomer", Rule("link", "example.nl"), Rule("hashtag", "zomer"))
    found = ask(made, post, "x", "1")
    assert (found.campaign, found.assigned_by) == ("Zomer", "rule")
    assert (found.rule.kind, found.rule.value) == ("hashtag", "zomer")
    made.add("campaign_posts", platform="x", post_id="2", campaign_id="zomer")
    by_hand = ask(made, post, "x", "2")
    assert (by_hand.campaign_id, by_hand.assigned_by, by_hand.rule) == ("zomer", "hand", None)
    assert [(one.assigned_by, one.posts) for one in ask(made, origins, "zomer")] == [
        ("rule", 1), ("hand", 1),
    ]  # fmt: skip


def test_a_post_that_no_rule_can_judge_says_so(made):
    made.post("1").campaign("Zomer", Rule("hashtag", "zomer"))
    assert ask(made, post, "x", "1").reason == "no_text"


@pytest.mark.parametrize(("colleagues", "told"), [(4, None), (5, 5), (9, 5), (10, 10)])
def test_partners_who_reposted_are_named_and_colleagues_counted_by_fives(made, colleagues, told):
    made.post("1")
    roles = {"partner_b": "partner", "partner_a": "partner", "rival": "peer"}
    roles |= {f"colleague_{n}": "ambassador" for n in range(colleagues)}
    for name, role in roles.items():
        made.add("accounts", platform="x", account_id=name, role=role)
        made.add("post_reposts", platform="x", post_id="1", account_id=name)
    found = ask(made, post, "x", "1")
    assert (found.partners, found.colleagues) == (["partner_a", "partner_b"], told)


@pytest.mark.parametrize(
    "account",
    [
        {"role": "ambassador", "opted_in_on": dt.date(2025, 1, 1)},
        {"role": "ambassador"},
        {"role": "peer"},
        {"role": "organisation"},
    ],
    ids=["without permission", "not taking part", "competitor", "another organisation"],
)
def test_who_reports_do_not_show_is_not_found_either(made, account):
    made.post("1", account="jan", about={"text": "#zomer"})
    made.post("2", about={"text": "#zomer"})
    made.add("accounts", platform="x", account_id="jan", **account)
    made.campaign("Zomer", Rule("hashtag", "zomer"))
    with pytest.raises(UnknownPost):
        ask(made, post, "x", "1")
    assert ask(made, hidden_accounts) == ["x/jan"]
    assert [one.posts for one in ask(made, origins, "zomer")] == [1]


def test_a_named_colleague_is_shown(made):
    made.post("1", account="jan", on="2025-02-01")
    made.add("accounts", platform="x", account_id="jan", role="ambassador",
             opted_in_on=dt.date(2025, 1, 1), is_name_permitted=True)  # fmt: skip
    assert ask(made, post, "x", "1").account_id == "jan"


@pytest.mark.parametrize("given", [("x", "9"), ("linkedin", "1"), ("x", "")])
def test_what_there_is_not_is_said(made, given):
    made.post("1")
    with pytest.raises(UnknownPost):
        ask(made, post, *given)


def test_reposts_of_others_are_no_posts(made):
    made.post("1", about={"is_repost": True})
    with pytest.raises(UnknownPost):
        ask(made, post, "x", "1")


def test_kinds_are_those_that_platforms_state(made):
    made.post("1", about={"media_type": "video"}).post("2")
    assert ask(made, kinds, [("x", "1"), ("x", "2"), ("x", "3")]) == {("x", "1"): "video"}
