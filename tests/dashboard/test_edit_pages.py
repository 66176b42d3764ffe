"""Pages on which the store is kept: what is typed is stated, what is wrong stands beside it."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from dash._utils import to_json

from campaigns import definitions
from campaigns.definitions import Campaign, Rule, records
from campaigns.definitions.versions import version
from campaigns.errors import BadFields, ChangedMeanwhile, UnknownPerson, UserError
from campaigns.reports import Question, report
from campaigns.store import Store
from campaigns.translations import speaking
from dashboard import forms
from dashboard.app import create, show
from dashboard.pages import _campaign_form as campaign_form
from dashboard.pages import _editing as editing
from dashboard.pages import _lists as lists
from dashboard.pages import _rules as rules_form
from dashboard.pages import edit_accounts, edit_ambassadors, edit_campaigns, edit_unjudged
from dashboard.pages.edit_lists import LISTS

COSTS, PLACEMENTS, OUTCOMES = LISTS
DAY = dt.date(2025, 6, 15)
HOSTILE = "<script>alert(1)</script> =1+1"
COST = {"description": HOSTILE, "amount": "1.250,50", "currency": "EUR", "vat": "excl",
        "first_day": "2025-06-01", "key": "", "version": ""}  # fmt: skip


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
    app = create(tmp_path / "store")
    with app.server.test_request_context("/"), speaking("en"):
        yield app


@pytest.fixture
def store(app, tmp_path):
    return Store.create(tmp_path / "store")


def shown(address):
    path, _mark, search = address.partition("?")
    content, _navigation = show(path, f"?{search}" if search else "")
    return text_of(content)


def text_of(content):
    """What is sent to the browser, as JSON without escapes."""
    return json.dumps(json.loads(to_json(content)), separators=(",", ":"))


def faults(save, *given):
    with pytest.raises(BadFields) as raised:
        save(*given)
    return set(raised.value.fields)


def lines(store, table="costs"):
    return store.read(lambda snapshot: records.records(snapshot, table))


def posts(store, *given):
    rows = [
        {"platform": "x", "post_id": str(n), "account_id": "gemeente", "published_on": DAY, **one}
        for n, one in enumerate(given, 1)
    ]
    store.state({"posts": rows}, "test")


# --- lists


@pytest.mark.parametrize("kept", LISTS, ids=lambda kept: kept.table)
@pytest.mark.parametrize("code", ["nl", "en"])
def test_pages_of_lists_without_a_store_lead_to_a_new_line(app, kept, code):
    with speaking(code):
        assert f'"{kept.path}/new"' in shown(kept.path)
        assert f"{kept.form}-save" in shown(f"{kept.path}/new")


def test_a_cost_is_added_changed_and_taken_out(app, tmp_path):
    done = lists.save(COSTS, COST)
    store = Store.open(tmp_path / "store")
    (row,) = lines(store)
    assert (row["amount"], row["source"], row["shares"]) == (Decimal("1250.50"), "dashboard", None)
    assert done.to == "/data/costs"
    assert HOSTILE in done.said
    page = json.loads(shown(COSTS.href(row)))
    assert "<script>" in json.dumps(page)  # a text in a property, never markup
    values = lists.values_of(COSTS, lists._fresh(store), row)
    lists.save(COSTS, {**values, "amount": "99"})
    assert report(store, Question(metrics=("cost",))).rows[0]["cost"] == pytest.approx(99)
    (row,) = lines(store)
    lists.remove(COSTS, lists.values_of(COSTS, lists._fresh(store), row))
    assert lines(store) == []
    assert len(store.records()) == 3  # each of them can be undone


def test_what_cannot_be_read_or_right_is_said_at_once_and_kept(app):
    wrong = {**COST, "amount": "1.250", "first_day": "", "currency": "euro"}
    assert faults(lists.save, COSTS, wrong) == {"amount", "first_day", "currency"}
    try:
        lists.save(COSTS, wrong)
    except UserError as error:
        again = text_of(lists.again(COSTS, wrong, forms.refusal(error)))
    assert '"value":"1.250"' in again
    assert '"aria-invalid":"true"' in again
    assert "can be read in two ways" in again


def test_campaigns_bear_parts(app, store):
    for name in ("Zomer", "Winter"):
        definitions.add(store, Campaign(name))
    given = {**COST, "campaign_1": "zomer", "part_1": "25", "campaign_2": "winter", "part_2": "75%"}
    lists.save(COSTS, given)
    rows = report(store, Question(by=("campaign",), metrics=("cost",))).rows
    assert {row["campaign"]: row["cost"] for row in rows} == {
        "zomer": pytest.approx(312.625),
        "winter": pytest.approx(937.875),
    }
    (row,) = lines(store)
    values = lists.values_of(COSTS, lists._fresh(store), row)
    assert (values["campaign_1"], values["part_2"]) == ("zomer", "75")
    assert faults(lists.save, COSTS, {**values, "part_1": "50"}) == {"part_1"}


def test_what_a_list_says_stays_as_it_was_entered(app, store):
    definitions.add(store, Campaign("Zomer 2025"))
    row = {"source": "kosten", "row_id": "1", "shares": "ZOMER 2025=1", "amount": Decimal(5),
           "currency": "EUR", "first_day": DAY, "last_day": DAY}  # fmt: skip
    store.state({"costs": [row]}, "test")
    (before,) = lines(store)
    values = lists.values_of(COSTS, lists._fresh(store), before)
    assert values["campaign_1"] == "zomer-2025"
    lists.save(COSTS, {**values, "amount": "6"})
    (after,) = lines(store)
    assert (after["shares"], after["amount"]) == ("ZOMER 2025=1", Decimal(6))


def test_who_comes_second_is_refused_and_sees_what_stands(app, store):
    lists.save(COSTS, COST)
    (row,) = lines(store)
    mine = lists.values_of(COSTS, lists._fresh(store), row)
    lists.save(COSTS, {**mine, "amount": "1"})
    mine |= {"amount": "2"}
    with pytest.raises(ChangedMeanwhile) as raised:
        lists.save(COSTS, mine)
    refused = forms.refusal(raised.value, lambda now: lists.newer(COSTS, now))
    again = text_of(lists.again(COSTS, mine, refused))
    assert "Stands now: 1" in again
    assert '"value":"2"' in again
    lists.save(COSTS, {**mine, "version": refused.version})
    assert lines(store)[0]["amount"] == Decimal(2)


def test_other_lists(app, store):
    lists.save(PLACEMENTS, {"title": "De Krant", "medium": "print", "first_day": "2025-06-01",
                            "circulation": "12.000", "readership": "30000"})  # fmt: skip
    (row,) = lines(store, "media_placements")
    assert (row["circulation"], row["readership"], row["last_day"]) == (
        12000,
        30000,
        row["first_day"],
    )
    assert faults(lists.save, PLACEMENTS, {"first_day": "2025-06-01", "circulation": "-1"}) == {
        "title", "circulation",
    }  # fmt: skip
    lists.save(OUTCOMES, {"outcome": "visits", "value": "12,5", "day": "2025-06-01"})
    assert lines(store, "outcomes")[0]["value"] == pytest.approx(12.5)
    for kept in (PLACEMENTS, OUTCOMES):
        (row,) = lines(store, kept.table)
        assert "De Krant" in shown(kept.path) or "visits" in shown(kept.path)
        assert f"{kept.form}-remove" in shown(kept.href(row))


def test_a_line_that_is_gone_is_said(app, store):
    assert "no such line" in shown("/data/costs/a/b/edit")


def test_costs_name_no_colleague_who_may_not_be_named(app, store):
    definitions.opt_in(store, "x", "sannedevries", DAY, {"person": "Sanne de Vries"})
    row = {"source": "kosten", "row_id": "1", "ambassador": "Sanne de Vries", "platform": "x",
           "account_id": "sannedevries", "amount": Decimal(5), "currency": "EUR",
           "first_day": DAY, "last_day": DAY}  # fmt: skip
    store.state({"costs": [row]}, "test")
    (before,) = lines(store)
    for address in ("/data/costs", COSTS.href(before), "/data/accounts", "/data/ambassadors"):
        text = shown(address)
        assert "Sanne" not in text
        assert "sannedevries" not in text
    lists.save(COSTS, {**lists.values_of(COSTS, lists._fresh(store), before), "amount": "6"})
    (after,) = lines(store)
    assert (after["ambassador"], after["account_id"]) == ("Sanne de Vries", "sannedevries")


# --- campaigns


def values_of(campaign):
    return campaign_form.values_of(campaign)


def new(name, *rules, **more):
    return {"name": name, "key": "", "version": "", **rules_form.typed(rules), **more}


def test_a_campaign_with_rules(app, store):
    posts(store, {"text": "veilig #zomer"}, {"text": f"{HOSTILE} #zomer"}, {"text": "#winter"})
    campaign_form.save(
        new("Zomer", Rule("hashtag", "#zomer"), first_day="2025-06-01", budget="1.000,50",
            goal_metric="Impressions", goal_target="1.000.000")
    )  # fmt: skip
    (campaign,) = store.read(definitions.campaigns)
    assert campaign.rules == (Rule("hashtag", "zomer"),)
    assert (campaign.budget, campaign.currency) == (Decimal("1000.5"), "EUR")
    assert (campaign.goal_metric, campaign.goal_target) == ("impressions", 1_000_000)
    edit = shown("/data/campaigns/zomer/edit")
    assert "2 posts match" in edit
    assert "<script>" in edit
    assert json.loads(edit)
    assert '"Zomer"' in shown("/data/campaigns")


def test_rules_keep_their_rows_and_can_be_added_and_taken_out(app, store):
    campaign = definitions.add(
        store, Campaign("Zomer", rules=(Rule("hashtag", "zomer"), Rule("words", "veilig")))
    )
    values = rules_form.added(values_of(campaign))
    assert rules_form.count_of(values) == 3
    values = rules_form.without(values, 1) | {"rule_2_kind": "link", "rule_2_value": "example.nl"}
    campaign_form.save(values)
    (after,) = store.read(definitions.campaigns)
    assert [(rule.kind, rule.value) for rule in after.rules] == [
        ("words", "veilig"), ("link", "example.nl"),
    ]  # fmt: skip


def test_faults_of_campaigns_stand_beside_their_fields(app, store):
    definitions.add(store, Campaign("Winter"))
    bad = new("", Rule("hashtag", "a"), first_day="2025-07-01", last_day="2025-06-01")
    assert faults(campaign_form.save, bad) == {"name"}
    bad |= {"name": "x", "rule_1_value": "a b", "budget": "veel"}
    assert faults(campaign_form.save, bad) == {"rule_1_value", "budget", "last_day"}
    assert faults(campaign_form.save, new("x", goal_target="5")) == {"goal_metric"}
    assert faults(campaign_form.save, new(" WINTER ")) == {"name"}
    assert faults(campaign_form.save, new("x", Rule("hashtag", "", platform="x"))) == {
        "rule_1_value"
    }
    late = Rule("hashtag", "a", first_day=DAY, last_day=dt.date(2025, 1, 1))
    assert faults(campaign_form.save, new("x", late)) == {"rule_1_last_day"}


def test_two_who_change_a_campaign_and_one_who_takes_it_out(app, store):
    mine = values_of(definitions.add(store, Campaign("Zomer")))
    campaign_form.save({**mine, "budget": "1"})
    with pytest.raises(ChangedMeanwhile) as raised:
        campaign_form.save({**mine, "budget": "2"})
    refused = forms.refusal(raised.value, campaign_form.newer)
    assert "Stands now: 1" in text_of(campaign_form.again({**mine, "budget": "2"}, refused))
    with pytest.raises(ChangedMeanwhile):
        campaign_form.remove(mine)
    campaign_form.remove({**mine, "version": refused.version})
    with pytest.raises(campaign_form.Gone):
        campaign_form.save(mine)


def test_suggestions_are_accepted_by_one_click(app, store):
    posts(store, {"text": "#zomer"}, {"text": "#Zomer"}, {"text": "#winter"}, {"text": "#winter"})
    assert "#winter" in shown("/data/campaigns")
    edit_campaigns.accept("hashtag", "winter")
    definitions.add(store, Campaign("zomer"))
    edit_campaigns.accept("hashtag", "zomer")
    known = store.read(definitions.campaigns)
    assert {one.name: [rule.value for rule in one.rules] for one in known} == {
        "winter": ["winter"],
        "zomer": ["zomer"],
    }
    assert "Suggestions" not in shown("/data/campaigns")


def test_the_order_of_campaigns_decides_and_is_changed(app, store):
    from campaigns.definitions.ordering import move, order_of

    posts(store, {"text": "#a #b"})
    for name in "ab":
        definitions.add(store, Campaign(name, rules=(Rule("hashtag", name),)))
    seen = version(order_of(store.read(definitions.campaigns)))
    assert [one.name for one in move(store, "b", -1, seen)] == ["b", "a"]
    assert report(store, Question(by=("campaign",), metrics=("posts",))).rows[0]["campaign"] == "b"
    with pytest.raises(ChangedMeanwhile):
        move(store, "b", 1, seen)
    assert order_of(move(store, "b", 9)) == ["a", "b"]


# --- posts that no rule can judge


def test_posts_are_assigned_several_at_once(app, store):
    posts(store, {}, {"url": "javascript:alert(1)"}, {})
    definitions.add(store, Campaign("Zomer", rules=(Rule("hashtag", "zomer"),)))
    page = shown("/data/unjudged")
    assert "3 posts" in page
    assert "javascript:" not in page
    edit_unjudged.assign("zomer", ["x:1", "x:2"])
    assert "1 post" in shown("/data/unjudged")
    edit_unjudged.assign(edit_unjudged.NONE, ["x:3"])
    assert "can judge every post" in shown("/data/unjudged")
    hand = {row["post_id"]: row["campaign_id"] for row in store.read(definitions.by_hand)}
    assert hand == {"1": "zomer", "2": "zomer", "3": None}
    for nothing in (("", ["x:1"]), ("zomer", [])):
        with pytest.raises(edit_unjudged.NothingChosen):
            edit_unjudged.assign(*nothing)


# --- accounts and colleagues


def account(**more):
    return {
        "platform": "x",
        "account_id": "@Gemeente",
        "role": "own",
        "key": "",
        "version": "",
        **more,
    }


def test_accounts_are_registered_and_changed(app, store):
    edit_accounts.save(account(name="Gemeente", sector="municipality"))
    assert faults(edit_accounts.save, account()) == {"account_id"}
    assert faults(edit_accounts.save, account(platform="", account_id=" @ ")) == {
        "platform", "account_id",
    }  # fmt: skip
    (row,) = store.read(definitions.accounts)
    form = edit_accounts._form(False)
    values = edit_accounts.account_form.values_of(form, row)
    edit_accounts.save({**values, "ad_accounts": "507"})
    with pytest.raises(ChangedMeanwhile):
        edit_accounts.save({**values, "ad_accounts": "508"})
    (row,) = store.read(definitions.accounts)
    assert (row["name"], row["ad_accounts"]) == ("Gemeente", "507")
    values = edit_accounts.account_form.values_of(form, row)
    assert faults(edit_accounts.save, {**values, "sector": ""}) == {"sector"}
    assert "gemeente" in shown("/data/accounts")
    assert "account-remove" in shown("/data/accounts/x/gemeente/edit")
    edit_accounts.remove(values)
    assert store.read(definitions.accounts) == []


def colleague(n=1, **more):
    return {"platform": "x", "account_id": f"collega_{n}", "person": f"Persoon {n}", "team": "pers",
            "opted_in_on": "2025-06-01", "is_name_permitted": False, "key": "", "version": "",
            **more}  # fmt: skip


def test_nothing_is_kept_of_a_colleague_who_has_not_agreed(app, store):
    assert faults(edit_ambassadors.add, colleague(opted_in_on="")) == {"opted_in_on"}
    assert store.read(definitions.accounts) == []


def test_a_colleague_is_found_changed_and_stops(app, store):
    edit_ambassadors.add(colleague())
    text = text_of(edit_ambassadors.found("Persoon 1"))
    assert "collega_1" not in text
    assert "cannot be taken back" in text
    (row,) = store.read(definitions.ambassadors)
    values = edit_ambassadors._values("collega_1", [row])
    edit_ambassadors.change({**values, "team": "web", "is_name_permitted": True})
    with pytest.raises(ChangedMeanwhile):
        edit_ambassadors.change({**values, "team": "pers"})
    (row,) = store.read(definitions.ambassadors)
    assert (row["team"], row["is_name_permitted"]) == ("web", True)
    assert "Persoon 1" in shown("/data/ambassadors")
    edit_ambassadors.stop(edit_ambassadors._values("collega_1", [row]))
    assert store.read(definitions.ambassadors) == []
    with pytest.raises(UnknownPerson):
        edit_ambassadors.found("collega_1")
    with pytest.raises(UserError):
        edit_ambassadors.add(colleague())


def test_small_teams_are_not_shown_and_nobody_is_named(app, store):
    for n in range(1, 8):
        edit_ambassadors.add(colleague(n, team="pers" if n < 6 else "web"))
    text = shown("/data/ambassadors")
    assert '"pers"' in text
    assert '"web"' not in text
    assert "Persoon" not in text
    assert "collega_" not in text
    history = " ".join(str(row["file"]) for row in store.records().values())
    assert "collega_" not in history


def test_pages_say_that_changes_can_be_taken_back(app, store):
    definitions.add(store, Campaign("Zomer"))
    for path in editing.SUBPAGES:
        if path not in {"/data", "/data/unjudged", "/data/costs", "/data/placements",
                        "/data/outcomes", "/data/accounts", "/data/ambassadors"}:  # fmt: skip
            assert "can be taken back" in shown(path)
