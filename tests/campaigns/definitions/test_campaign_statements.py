"""Stating campaigns, assigning by hand, and what `prepare` makes of it."""

import datetime as dt
import multiprocessing
from decimal import Decimal

import pytest

from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.errors import BadDefinition, UnknownCampaign
from campaigns.store import Store

DAY = dt.date(2025, 6, 15)
ASSIGNED = "SELECT post_id, campaign_id, position, assigned_by FROM post_campaigns ORDER BY ALL"


def tagged(name, *tags, **fields):
    return Campaign(name, rules=tuple(Rule("hashtag", tag) for tag in tags), **fields)


def known(store):
    return store.read(definitions.campaigns)


# --- campaigns and rules ---------------------------------------------------------------------


def test_a_campaign_is_found_by_id_and_by_name(store):
    added = definitions.add(store, tagged("Élke Dag 's Zomers", "zomer", budget=Decimal("10.50")))
    assert (added.campaign_id, added.position, added.currency) == ("elke-dag-s-zomers", 1, "EUR")
    for name in ("elke-dag-s-zomers", " ÉLKE dag  'S zomers"):
        assert store.read(lambda s, name=name: definitions.find(s, name)) == added
    with pytest.raises(UnknownCampaign, match="Known: Élke Dag"):
        store.read(lambda s: definitions.find(s, "winter"))


def test_names_and_ids_are_taken_once(store):
    definitions.add(store, Campaign("Zomer!"))
    assert definitions.add(store, Campaign("Zomer?")).campaign_id == "zomer-2"
    for name in ("ZOMER!", "zomer-2"):
        with pytest.raises(BadDefinition, match="already that of campaign"):
            definitions.add(store, Campaign(name))
    assert [c.name for c in known(store)] == ["Zomer!", "Zomer?"]


@pytest.mark.parametrize(
    ("campaign", "says"),
    [
        (Campaign("  "), "needs a name"),
        (Campaign("a\x00b"), "cannot be seen"),
        (Campaign("a", "Ongeldige Id"), "single dashes: a"),
        (Campaign("a", budget=Decimal("-1")), "0 or more"),
        (Campaign("a", budget=Decimal("NaN")), "0 or more"),
        (Campaign("a", budget=Decimal(1), currency="euro"), "three letters"),
        (Campaign("a", goal_target=3.0), "needs a metric"),
        (Campaign("a", first_day=DAY, last_day=DAY - dt.timedelta(1)), "before it begins"),
        (tagged("a", "#twee woorden"), "rule 1: hashtag: a hashtag is one word"),
        (tagged("a", "#🌞"), "one word"),
        (Campaign("a", rules=(Rule("words", "!!"),)), "no letter"),
        (Campaign("a", rules=(Rule("link", "zomer"),)), "no domain"),
        (Campaign("a", rules=(Rule("ad_campaign", "**"),)), "every ad campaign"),
        (Campaign("a", rules=(Rule("tag", "x"),)), "none of hashtag"),
        (Campaign("a", rules=(Rule("post", "1", platform="myspace"),)), "none of x"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_written(store, campaign, says):
    with pytest.raises(BadDefinition, match=says):
        definitions.add(store, campaign)
    assert known(store) == []


def test_rules_are_added_once_and_taken_out_by_number(store):
    definitions.add(store, tagged("zomer", "a", "b"))
    definitions.add_rules(store, "zomer", [Rule("hashtag", "#a"), Rule("words", "c")])
    (campaign,) = known(store)
    assert [(r.position, r.value) for r in campaign.rules] == [(1, "a"), (2, "b"), (3, "c")]
    definitions.remove_rule(store, "zomer", 2)
    definitions.add_rules(store, "zomer", [Rule("hashtag", "d")])
    (campaign,) = known(store)
    assert [(r.position, r.value) for r in campaign.rules] == [(1, "a"), (2, "c"), (3, "d")]
    with pytest.raises(BadDefinition, match="no rule 9"):
        definitions.remove_rule(store, "zomer", 9)


def test_a_removed_campaign_comes_back_by_undo_with_its_rules_and_posts(store, put, prepared):
    put("#a", "niets")
    definitions.add(store, tagged("zomer", "a"))
    definitions.assign(store, ["2"], "zomer")
    before = prepared(ASSIGNED)
    definitions.remove(store, "zomer")
    assert known(store) == []
    assert prepared(ASSIGNED) == []
    (last, *_others) = store.read(
        lambda s: s.rows("SELECT import_id FROM imports ORDER BY recorded_at DESC")
    )
    store.undo(last["import_id"])
    assert prepared(ASSIGNED) == before == [("1", "zomer", 1, "rule"), ("2", "zomer", None, "hand")]


def test_rules_from_a_list_name_their_campaign_and_wrong_ones_match_nothing(store, put, prepared):
    """Lists are imported as they were written; they are not refused row by row."""
    put("#zomer", "#winter")
    definitions.add(store, Campaign("Zomer 2025"))
    rows = [
        {"campaign_id": "zomer 2025", "position": 1, "kind": "hashtag", "value": "#twee woorden"},
        {"campaign_id": "zomer 2025", "position": 2, "kind": "hashtag", "value": "#Zomer"},
        {"campaign_id": "herfst", "position": 1, "kind": "hashtag", "value": "winter"},
    ]
    store.state({"campaign_rules": rows}, "list")
    assert prepared(ASSIGNED) == [("1", "zomer-2025", 2, "rule")]
    assert store.read(definitions.unknown_names) == ["herfst"]
    definitions.remove_rule(store, "zomer 2025", 1)
    definitions.add_rules(store, "zomer 2025", [Rule("hashtag", "winter")])
    assert prepared(ASSIGNED) == [("1", "zomer-2025", 1, "rule"), ("2", "zomer-2025", 2, "rule")]


def _add_rules(path, start):
    store = Store.open(path)
    for number in range(start, start + 3):
        definitions.add_rules(store, "zomer", [Rule("hashtag", f"tag{number}")])


def test_processes_that_add_rules_at_once_all_keep_theirs(store):
    definitions.add(store, Campaign("zomer"))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add_rules, args=(store.path, n)) for n in (10, 20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    (campaign,) = known(store)
    assert {r.value for r in campaign.rules} == {f"tag{n}" for n in (10, 11, 12, 20, 21, 22)}
    assert [r.position for r in campaign.rules] == [1, 2, 3, 4, 5, 6]


# --- order and hand --------------------------------------------------------------------------


def test_the_first_campaign_gets_the_post_and_the_first_rule_is_named(store, put, prepared):
    put("#a #b #c", "#c")
    definitions.add(store, tagged("laat", "c", "b"))
    definitions.add(store, tagged("vroeg", "x", "b", "a", position=1))
    definitions.replace(
        store, "laat", "test", lambda c: Campaign(c.name, position=2, rules=c.rules)
    )
    assert prepared(ASSIGNED) == [("1", "vroeg", 2, "rule"), ("2", "laat", 1, "rule")]


def test_by_hand_goes_before_rules_and_none_is_an_answer(store, put, prepared):
    put("#a", "#a", {"text": None})
    definitions.add(store, tagged("a", "a"))
    definitions.add(store, tagged("b", "b"))
    assert definitions.assign(store, ["https://x.com/g/status/1", "1"], "B") == [("x", "1")]
    definitions.assign(store, ["2", "x:3"], None)
    assert prepared(ASSIGNED) == [("1", "b", None, "hand")]
    assert prepared("SELECT * FROM unjudged_posts") == []
    definitions.unassign(store, ["1", "https://twitter.com/g/status/2"])
    assert prepared(ASSIGNED) == [("1", "a", 1, "rule"), ("2", "a", 1, "rule")]
    with pytest.raises(BadDefinition, match="was not assigned by hand"):
        definitions.unassign(store, ["1"])


def test_only_one_post_of_the_store_can_be_assigned(store, put):
    put({"post_id": "7"}, {"platform": "linkedin", "post_id": "urn:li:share:7"})
    definitions.add(store, Campaign("a"))
    with pytest.raises(BadDefinition, match="several posts"):
        definitions.assign(store, ["7"], "a")
    with pytest.raises(BadDefinition, match="no such post"):
        definitions.assign(store, ["https://x.com/g/status/99"], "a")
    assert definitions.assign(store, ["x:7"], "a") == [("x", "7")]


def test_a_post_under_two_ids_is_one_post(store, put, prepared):
    """One export has the figures, another the text: what either knows decides for both."""
    put(
        {"platform": "linkedin", "post_id": "urn:li:activity:1", "text": None},
        {"platform": "linkedin", "post_id": "urn:li:share:2", "text": "#a"},
        {"platform": "linkedin", "post_id": "urn:li:activity:3", "text": None},
        {"platform": "linkedin", "post_id": "urn:li:share:4", "text": "niets"},
    )
    pairs = [("urn:li:activity:1", "urn:li:share:2"), ("urn:li:activity:3", "urn:li:share:4")]
    store.state(
        {"post_aliases": [{"platform": "linkedin", "post_id": i, "alias": a} for i, a in pairs]},
        "t",
    )
    definitions.add(store, tagged("a", "a"))
    assert prepared(ASSIGNED) == [
        ("urn:li:activity:1", "a", 1, "rule"),
        ("urn:li:share:2", "a", 1, "rule"),
    ]
    assert prepared("SELECT * FROM unjudged_posts") == []
    definitions.assign(store, ["linkedin:urn:li:share:2"], None)
    assert prepared(ASSIGNED) == []


# --- what no rule can judge ------------------------------------------------------------------


def test_the_work_list_has_what_hides_from_a_rule_that_is_about_it(store, put, prepared):
    put(
        {"text": None},  # 1: no text
        {"text": "  "},  # 2: no text
        {"text": None, "published_on": dt.date(2024, 1, 1)},  # 3: before the campaign
        {"text": None, "is_repost": True},  # 4: never counted
        "kijk https://t.co/Ab1",  # 5: shortened
        "kijk https://t.co/Ab1 #zomer",  # 6: matched all the same
        {"text": "kijk https://t.co/Ab1", "links": "https://ander.nl/x"},  # 7: full link, no match
        "kijk not.co/x en https://example.com",  # 8: nothing hidden
        {"text": "lnkd.in/abc", "account_id": "unknown"},  # 9: shortened comes first
        {"text": "tekst", "account_id": "unknown"},  # 10: whose is it?
    )
    period = {"first_day": dt.date(2025, 1, 1)}
    rules = (Rule("hashtag", "zomer"), Rule("link", "example.nl"), Rule("account", "pers"))
    definitions.add(store, Campaign("zomer", rules=rules[:1], **period))
    assert prepared("SELECT post_id, reason FROM unjudged_posts ORDER BY post_id::int") == [
        ("1", "no_text"), ("2", "no_text"),
    ]  # fmt: skip
    definitions.add_rules(store, "zomer", rules[1:])
    assert prepared("SELECT post_id, reason FROM unjudged_posts ORDER BY post_id::int") == [
        ("1", "no_text"), ("2", "no_text"), ("5", "short_link"), ("9", "short_link"),
        ("10", "no_account"),
    ]  # fmt: skip
    assert {row["reason"] for row in store.read(definitions.unjudged)} == set(definitions.REASONS)


# --- ads, costs, placements, outcomes --------------------------------------------------------


def ad(ad_id, name, *, level="campaign", first=DAY, account="100", **columns):
    return {
        "platform": "linkedin", "ad_account_id": account, "level": level, "ad_id": ad_id,
        "campaign_name": name, "first_day": first, "last_day": first, **columns,
    }  # fmt: skip


def test_ads_follow_their_name_else_the_post_they_show(store, put, prepared):
    put({"platform": "linkedin", "post_id": "p1", "text": "#a"})
    store.state(
        {
            "ad_periods": [
                ad("1", "Zomer NL"),
                ad("1", "Zomer NL", first=dt.date(2026, 1, 1)),
                ad("2", "Anders", level="ad", post_id="p1"),
                ad("3", "Zomer NL", first=dt.date(2020, 1, 1)),
                ad("4", "Zomer NL", account="200"),
                ad("Zomer", None),
            ],
            "accounts": [{"platform": "linkedin", "account_id": "pagina", "ad_accounts": "x; 100"}],
        },
        "test",
    )
    rule = Rule("ad_campaign", "zomer*", account_id="pagina", first_day=dt.date(2025, 1, 1))
    definitions.add(store, Campaign("Z", rules=(rule,)))
    definitions.add(store, tagged("A", "a"))
    assert prepared("SELECT level, ad_id, campaign_id FROM ad_campaigns ORDER BY ALL") == [
        ("ad", "2", "a"), ("campaign", "1", "z"), ("campaign", "Zomer", "z"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("shares", "parts"),
    [
        ("A=0.6;B=0.4", {"a": 0.6, "b": 0.4}),
        ("a = 60%; B=40%", {"a": 0.6, "b": 0.4}),
        ("B", {"b": 1.0}),
        (" b ;A", {"a": 0.5, "b": 0.5}),
        ("A=0,25;B", {"a": 0.25, "b": 0.75}),
        ("A=0.333333;B=0.333333;a=0.333333", {"a": 2 / 3, "b": 1 / 3}),
        ("A=3;B=1", {"a": 0.75, "b": 0.25}),
        ("A=0.6", {"a": 0.6, None: 0.4}),
        ("A=0.5;Onbekend=0.5", {"a": 0.5, None: 0.5}),
        ("", {None: 1.0}),
        (None, {None: 1.0}),
        ("o'neil=x", {None: 1.0}),
    ],
)
def test_the_parts_of_a_cost_add_up_to_one(store, prepared, shares, parts):
    definitions.add(store, Campaign("A"))
    definitions.add(store, Campaign("B"))
    line = {"source": "s", "row_id": "1", "shares": shares, "first_day": DAY, "last_day": DAY}
    store.state({"costs": [line]}, "test")
    found = dict(prepared("SELECT campaign_id, part FROM cost_campaigns"))
    assert found == pytest.approx(parts)
    assert sum(found.values()) == pytest.approx(1)


def test_placements_and_outcomes_by_name_and_unknown_names_are_told(store, prepared):
    definitions.add(store, Campaign("Veilig Uit"))
    days = {"first_day": DAY, "last_day": DAY}
    outcome = {"source": "s", "day": DAY, "outcome": "visits"}
    store.state(
        {
            "media_placements": [
                {"placement_id": "1", "campaign": "veilig  UIT", **days},
                {"placement_id": "2", "campaign": "Veilig Thuis", **days},
            ],
            "outcomes": [
                {"row_id": "1", "campaign": "veilig-uit", **outcome},
                {"row_id": "2", "campaign": None, **outcome},
            ],
        },
        "test",
    )
    assert prepared("FROM placement_campaigns ORDER BY ALL") == [("1", "veilig-uit"), ("2", None)]
    assert prepared("FROM outcome_campaigns ORDER BY ALL") == [
        ("s", "1", "veilig-uit"), ("s", "2", None),
    ]  # fmt: skip
    assert store.read(definitions.unknown_names) == ["Veilig Thuis"]


def test_prepare_on_an_empty_store(prepared):
    for name in ("post_campaigns", "unjudged_posts", "ad_campaigns", "cost_campaigns",
                 "placement_campaigns", "outcome_campaigns"):  # fmt: skip
        assert prepared(f"FROM {name}") == []


# --- suggestions -----------------------------------------------------------------------------


def test_suggestions_are_what_no_rule_claims(store, put):
    put(
        "#Zomer #zomer", "#zomer", "#ZOMER #winter", "#winter #veilig", "#veilig #2025", "#2025",
        {"text": "#zomer", "account_id": "buur"}, {"text": "#zomer", "is_repost": True},
        {"text": "x", "ad_campaign": "Boost A"},
    )  # fmt: skip
    store.state(
        {
            "accounts": [{"platform": "x", "account_id": "buur", "role": "peer"}],
            "ad_periods": [ad("1", "Boost A"), ad("2", "Boost B")],
        },
        "test",
    )
    definitions.add(store, tagged("veilig", "veilig"))
    definitions.add_rules(store, "veilig", [Rule("ad_campaign", "*b")])
    found = {one.value: one for one in store.read(definitions.suggest)}
    assert set(found) == {"zomer", "winter", "Boost A"}
    assert (found["zomer"].posts, found["zomer"].unassigned) == (3, 3)
    assert (found["winter"].posts, found["winter"].unassigned) == (2, 1)
    assert found["Boost A"].kind == "ad_campaign"
    assert found["Boost A"].posts == 1
    assert found["zomer"].accounts == ("gemeente",)
    assert (found["zomer"].first_day, found["zomer"].last_day) == (DAY, DAY)
