"""The pages of campaigns and posts: what they say is what the reports say, in words."""

import datetime as dt
import json
import re

import pytest

from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.reports import Question, report
from campaigns.store import Store
from campaigns.translations import speaking
from dashboard.app import create, show
from dashboard.downloads import as_csv
from dashboard.page import address, pages
from dashboard.parts import collecting

MOMENT = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)
HOSTILE = "<script>alert(1)</script> =1+1 #hostile"


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Shows an address of a small store as words; its tables too."""
    store = Store.create(tmp_path_factory.mktemp("campaigns") / "store")
    store.state(_rows(), "test")
    for name in ("Alfa", "Beta", "Gamma", "Delta", "Hostile"):
        definitions.add(
            store,
            Campaign(name, rules=(Rule("hashtag", name.lower()),), first_day=dt.date(2025, 6, 1),
                     last_day=dt.date(2025, 6, 30)),
        )  # fmt: skip
    definitions.add(store, Campaign("Old", rules=(Rule("hashtag", "old"),),
                                    first_day=dt.date(2023, 1, 1), last_day=dt.date(2023, 1, 31)))  # fmt: skip
    return Shown(store)


class Shown:
    def __init__(self, store):
        self.store = store
        self.app = create(store.path)
        self.tables = {}

    def __call__(self, target, code="en"):
        path, _mark, search = target.partition("?")
        with self.app.server.test_request_context("/"), speaking(code), collecting() as tables:
            content, _navigation = show(path, f"?{search}" if search else "")
        self.tables = tables
        return json.dumps([plain(part) for part in content], ensure_ascii=False)

    def words(self, target, code="en"):
        return " ".join(texts(json.loads(self(target, code))))

    def row(self, table, name):
        first = self.tables[table].columns[0].name
        return next(r for r in self.tables[table].rows if r.values[first] == name)


def plain(part):
    return part.to_plotly_json() if hasattr(part, "to_plotly_json") else part


def texts(part):
    """The words that a page shows, in order."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)
    elif isinstance(part, dict) and "props" in part:
        yield from texts(part["props"].get("children"))


@pytest.fixture(autouse=True)
def plain_components(monkeypatch):
    """Components as JSON, the way Dash sends them."""
    from plotly.utils import PlotlyJSONEncoder

    monkeypatch.setattr(json, "dumps", lambda data, **_more: PlotlyJSONEncoder().encode(data))


def _rows():
    posts, figures, costs = [], [], []
    for name, seen, amount in (
        ("alfa", 10_000, 50), ("beta", 20_000, 200), ("gamma", 30_000, 600), ("delta", 5000, None),
        ("hostile", 500, 1),
    ):  # fmt: skip
        text = HOSTILE if name == "hostile" else f"over #{name}"
        posts.append({"platform": "x", "post_id": name, "account_id": "gemeente", "text": text,
                      "published_on": dt.date(2025, 6, 10), "url": "javascript:alert(1)",
                      "collected_at": MOMENT})  # fmt: skip
        figures.append({"platform": "x", "post_id": name, "delivery": "organic",
                        "impressions": seen, "engagements": seen // 50, "collected_at": MOMENT})  # fmt: skip
        if amount is not None:
            costs.append({"source": "list", "row_id": name, "amount": amount, "currency": "EUR",
                          "shares": name, "kind": "production", "vat": "excl",
                          "first_day": dt.date(2025, 6, 1), "last_day": dt.date(2025, 6, 30),
                          "collected_at": MOMENT})  # fmt: skip
    figures.append({**figures[0], "impressions": 4000, "engagements": 80,
                    "collected_at": MOMENT - dt.timedelta(days=15)})  # fmt: skip
    posts.append({"platform": "x", "post_id": "secret", "account_id": "jannetje", "text": "#alfa geheim",
                  "published_on": dt.date(2025, 6, 12), "collected_at": MOMENT})  # fmt: skip
    days = [{"platform": "x", "account_id": "gemeente", "day": dt.date(2025, 6, 30),
             "delivery": "organic", "impressions": 1, "collected_at": MOMENT}]  # fmt: skip
    accounts = [{"platform": "x", "account_id": "jannetje", "role": "ambassador", "person": "Jannetje",
                 "opted_in_on": dt.date(2025, 1, 1), "collected_at": MOMENT}]  # fmt: skip
    placements = [{"placement_id": "krant", "campaign": "beta", "medium": "print",
                   "first_day": dt.date(2025, 6, 5), "last_day": dt.date(2025, 6, 5),
                   "insertions": 1, "readership": 9000, "amount": 90, "currency": "EUR",
                   "collected_at": MOMENT}]  # fmt: skip
    outcomes = [{"source": "web", "row_id": "1", "campaign": "beta", "outcome": "visits",
                 "day": dt.date(2025, 6, 20), "value": 29, "measured_by": "counter",
                 "collected_at": MOMENT}]  # fmt: skip
    return {"posts": posts, "post_metrics": figures, "costs": costs, "accounts": accounts, "account_days": days,
            "media_placements": placements, "outcomes": outcomes}  # fmt: skip


# --- all campaigns


def test_the_table_says_what_the_report_says(shown):
    shown("/campaigns")
    question = Question(by=("campaign",), metrics=("impressions", "cost", "cpm"),
                        first=dt.date(2024, 7, 1), last=dt.date(2025, 6, 30))  # fmt: skip
    for row in report(shown.store, question).rows:
        name = (row["campaign"] or "no campaign").capitalize()
        if row["campaign"] is None:
            continue
        values = shown.row("campaigns", name).values
        assert (values["impressions"], values["cost"], values["cpm"]) == (
            row["impressions"], row["cost"], row["cpm"],
        )  # fmt: skip


def test_verdicts_follow_the_stated_rule(shown):
    """Per 1,000: alfa 5, beta 10 (print apart), gamma 20; the median is 10."""
    words = shown.words("/campaigns")
    said = {name: shown.row("campaigns", name).values["verdict"]
            for name in ("Alfa", "Beta", "Gamma", "Delta", "Hostile")}  # fmt: skip
    assert said == {
        "Alfa": "cheap", "Beta": "average", "Gamma": "expensive", "Delta": "no costs known",
        "Hostile": "too few to judge",
    }  # fmt: skip
    assert "Cheap is at most 80%" in words
    assert "The median of 3 campaigns is €10.00 per 1,000 impressions." in words


def test_what_nobody_entered_is_apart_and_never_nothing(shown):
    words = shown.words("/campaigns")
    assert "No costs known" in words
    assert "€0.00" not in words
    assert "Delta" not in [row.values["campaign"] for row in shown.tables["cpm"].rows]
    assert "Delta" not in [row.values["campaign"] for row in shown.tables["cost-and-reach"].rows]
    assert shown.row("campaigns", "Delta").shown["cost"] == "no costs known"


def test_impressions_are_never_called_people(shown):
    words = shown.words("/campaigns")
    assert "not to how many people" in words
    assert shown.row("campaigns", "Alfa").shown["reach"] == "not measured"
    for page in ("/campaigns/alfa", "/campaigns/alfa/summary"):
        assert not re.search(r"10,000 (people|persons)", shown.words(page))


def test_a_campaign_outside_the_period_is_named_and_one_partly_in_it_not_judged(shown):
    assert "Nothing in this period: Old (1 Jan 2023 – 31 Jan 2023)." in shown.words("/campaigns")
    words = shown.words("/campaigns?from=2025-06-10&to=2025-06-30")
    assert "Only partly in this period" in words
    assert shown.row("campaigns", "Delta").values["verdict"] == "no costs known"


def test_a_campaign_of_which_the_period_holds_nothing_says_when_it_ran(shown):
    words = shown.words("/campaigns/old")
    assert "Nothing of this campaign in this period" in words
    assert "This campaign runs 1 Jan 2023 – 31 Jan 2023." in words
    assert "not measured" not in words
    assert "Nothing is known of this campaign yet" in shown.words("/campaigns/old?from=all")


def test_campaigns_stand_side_by_side(shown):
    words = shown.words("/campaigns?with=alfa,beta,nobody")
    assert "Side by side" in words
    table = shown.tables["side-by-side"]
    assert [column.label for column in table.columns] == ["measure", "Alfa", "Beta"]
    rows = {row.values["measure"]: row for row in table.rows}
    assert rows["impressions"].values["of-beta"] == 20_000
    assert rows["impressions: organic"].values["of-beta"] == 20_000
    assert rows["contacts (print and other media)"].values["of-beta"] == 9000
    assert rows["cost per 1,000 impressions (CPM)"].values["of-beta"] == 10.0
    assert rows["total cost"].values["of-beta"] == 290.0


def test_no_more_than_four_are_compared(shown):
    shown("/campaigns?with=alfa,beta,gamma,delta,hostile")
    assert len(shown.tables["side-by-side"].columns) == 5


def test_one_alone_asks_for_another(shown):
    assert "“Alfa” is chosen. Tick one more" in shown.words("/campaigns?with=alfa")


# --- one campaign


def test_a_campaign_says_its_figures(shown):
    words = shown.words("/campaigns/beta")
    for part in ("20,000", "€290.00", "€10.00", "hashtag #beta", "9,000"):
        assert part in words
    assert shown.row("results", "visits").values["value"] == 29


def test_posts_are_listed_best_first_without_those_of_who_is_not_named(shown):
    shown("/campaigns/alfa")
    assert [row.values["text"] for row in shown.tables["posts"].rows] == ["over #alfa"]


def test_a_campaign_that_there_is_not_is_said(shown):
    assert "There is no campaign" in shown.words("/campaigns/nobody")


def test_names_of_colleagues_are_nowhere(shown):
    for page in pages():
        for path in page.examples(shown.app.server.extensions["bereik"]) if page.examples else ():
            if path.startswith(("/campaigns", "/posts")):
                assert not re.search(r"jannetje", shown(path), re.IGNORECASE), path
    assert "There is no post" in shown.words("/posts/x/secret")


# --- one post


def test_a_post_grows(shown):
    words = shown.words("/posts/x/alfa")
    assert "At 6 days it had been shown 4,000 times, at 21 days 10,000 times." in words
    assert [row.values["impressions"] for row in shown.tables["history"].rows] == [4000, 10_000]
    assert "of the rule: hashtag #alfa" in words


def test_hostile_text_is_text(shown):
    for target in ("/campaigns/hostile", "/posts/x/hostile"):
        page = shown(target)
        assert "dangerously" not in page
        assert "javascript:" not in page
        assert "<script>alert(1)</script>" in " ".join(texts(json.loads(page)))
    shown("/campaigns/hostile")
    assert b"\n=1" not in as_csv(shown.tables["posts"])


# --- the summary


def test_the_summary_tells_what_it_reached_cost_and_brought(shown):
    words = shown.words("/campaigns/beta/summary")
    assert "It was shown 20,000 times." in words
    assert "How many people that were is not measured." in words
    assert "It cost €290.00. Without print that is €10.00 per 1,000 impressions." in words
    assert "visits" in words
    assert "counter" in words
    assert "a chance to see, not impressions" in words


def test_the_summary_is_held_against_another_that_can_be_chosen(shown):
    words = shown.words("/campaigns/gamma/summary?against=alfa")
    assert "Beside “Alfa”: impressions 200% higher" in words
    table = shown.tables["summary"]
    assert [column.label for column in table.columns] == ["figure", "Gamma", "Alfa", "change"]
    shown("/campaigns/gamma/summary?against=-")
    assert len(shown.tables["summary"].columns) == 2


def test_the_summary_speaks_dutch(shown):
    words = shown.words("/campaigns/beta/summary", "nl")
    assert "Hoeveel personen dat waren, is niet gemeten." in words
    assert "20.000 keer getoond" in words


def test_an_address_holds_any_name():
    assert address("/campaigns/<campaign>", campaign="a b/c") == "/campaigns/a%20b%2Fc"


def test_a_store_without_campaigns_says_how_to_make_one(tmp_path):
    Store.create(tmp_path / "store")
    words = Shown(Store.open(tmp_path / "store")).words("/campaigns")
    assert "There are no campaigns yet" in words
    assert "Define a campaign" in words
