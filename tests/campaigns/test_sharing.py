"""The ambassadors' report, against figures worked out by hand."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from campaigns import definitions
from campaigns.benchmarks.prices import published_prices
from campaigns.errors import Message, UnknownName
from campaigns.reports import Question, report
from campaigns.reports.exports import as_arrow, as_csv, write_xlsx
from campaigns.reports.prices import Price, replacement
from campaigns.reports.sharing import Sharing, sharing
from campaigns.reports.sharing_files import as_report
from campaigns.reports.sharing_rows import Bounds, Row, beside
from campaigns.store import Store
from scripts import main

FIRST = dt.date(2025, 1, 1)
LATER = dt.date(2025, 3, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Team north of 7 (one may be named), south of 6 on LinkedIn, east of 2; each posts once.

    Everybody's post is about zomer and has 100 impressions, 5 engagements and, in the south, a
    reach of 40. The own account has 10,000 impressions, 400 engagements and a reach of 6,000.
    """
    made = Store.create(tmp_path_factory.mktemp("sharing") / "store")
    accounts: list[dict[str, object]] = [
        {"platform": "x", "account_id": "gemeente", "role": "own"},
        {"platform": "x", "account_id": "north_silent", "role": "ambassador", "team": "north",
         "opted_in_on": FIRST},
    ]  # fmt: skip
    posts: list[dict[str, object]] = []
    figures: list[dict[str, object]] = []
    for team, platform, size in (("north", "x", 7), ("south", "linkedin", 6), ("east", "x", 2)):
        for number in range(size):
            who = f"{team}{number}"
            accounts.append({
                "platform": platform, "account_id": who, "role": "ambassador", "team": team,
                "person": f"{who.title()} Jansen", "opted_in_on": FIRST,
                "is_name_permitted": who == "north6",
            })  # fmt: skip
            posts.append({"platform": platform, "post_id": who, "account_id": who,
                          "published_on": day(number), "text": "kom #zomer",
                          "media_type": "image" if number % 2 else "video"})  # fmt: skip
            reach = {"reach": 40} if team == "south" else {}
            figures.append({"platform": platform, "post_id": who, "delivery": "total",
                            "impressions": 100, "engagements": 5, "clicks": 2, **reach})  # fmt: skip
    posts.append({"platform": "x", "post_id": "own", "account_id": "gemeente",
                  "published_on": FIRST, "text": "kom #zomer"})  # fmt: skip
    figures.append({"platform": "x", "post_id": "own", "delivery": "total", "impressions": 10_000,
                    "engagements": 400, "reach": 6_000})  # fmt: skip
    hours = [("North", 3), (" south ", 5), ("east", 2), ("@north6", 1), ("North1 Jansen", 4)]
    costs: list[dict[str, object]] = [
        {"source": "uren", "row_id": who, "shares": "zomer", "kind": "hours", "hours": count,
         "rate": 50, "currency": "EUR", "first_day": FIRST, "last_day": day(20), "ambassador": who}
        for who, count in hours
    ]  # fmt: skip
    costs.append({"source": "uren", "row_id": "organisation", "shares": "zomer", "kind": "agency",
                  "amount": 1000, "currency": "EUR", "first_day": FIRST, "last_day": day(20)})  # fmt: skip
    ads = [{"platform": "x", "ad_account_id": "a", "level": "ad", "ad_id": "1", "first_day": FIRST,
            "last_day": FIRST, "spend": 100, "impressions": 10_000, "clicks": 50,
            "currency": "EUR"}]  # fmt: skip
    made.state({"accounts": accounts, "posts": posts, "post_metrics": figures, "costs": costs,
                "ad_periods": ads}, "test")  # fmt: skip
    rule = definitions.Rule("hashtag", "zomer")
    definitions.add(made, definitions.Campaign("zomer", rules=(rule,)))
    return made


@pytest.fixture(scope="module")
def made(store: Store) -> Sharing:
    return sharing(store, Question())


def row(made: Sharing, name: str) -> Row:
    return next(one for one in made.rows if one.name == name)


def test_small_teams_join_others_and_nobody_else_has_a_row(made: Sharing) -> None:
    # On X east (2) would be left alone, so north (6 unnamed) joins it.
    assert {(one.name, one.kind) for one in made.rows} == {
        ("(other ambassadors)", "others"), ("North6 Jansen", "person"), ("south", "team"),
    }  # fmt: skip


def test_how_many_take_part_and_were_active(made: Sharing) -> None:
    others = row(made, "(other ambassadors)")
    assert (others.people, others.active) == (9, 5)  # 6 + 1 silent + 2; 8 active, by fives
    assert others.active_share == pytest.approx(5 / 9)
    assert (row(made, "south").people, row(made, "south").active) == (6, 5)
    assert (row(made, "North6 Jansen").people, row(made, "North6 Jansen").active) == (1, 1)
    assert made.total is not None
    assert (made.total.people, made.total.active) == (16, 11)  # 14 unnamed by fives, and one


def test_figures_are_those_of_the_report_by_ambassador(store: Store, made: Sharing) -> None:
    plain = report(store, Question(by=("ambassador",), metrics=("impressions", "engagements")))
    said = {one["ambassador"]: (one["posts"], one["impressions"], one["engagements"])
            for one in plain.rows}  # fmt: skip
    assert made.own is not None
    rows = [*made.rows, made.own]
    assert said == {one.name: (one.posts, one.impressions, one.engagements) for one in rows}
    assert made.total is not None
    assert (made.total.posts, made.total.impressions, made.total.er_impressions) == (15, 1500, 0.05)


def test_reach_lies_between_bounds_and_is_never_added(made: Sharing) -> None:
    south, others = row(made, "south"), row(made, "(other ambassadors)")
    assert south.gross == Bounds(240, 240, True)
    assert south.net == Bounds(40, 240, True)
    assert south.incremental == Bounds(0, 240, True)  # all may have seen the own post
    # 40 of at most 40 + 16,000 (reach of the post, impressions of the ad); 240 of at least 6,000
    assert south.share_of_reach == Bounds(40 / 16_040, 240 / 6000, True)
    assert others.net == Bounds(None, 800, False)
    assert made.total is not None
    assert made.total.net == Bounds(40, 1140, True)
    assert made.total.gross == Bounds(240, 1140, True)


def test_more_people_than_the_own_accounts_can_have_reached_are_new() -> None:
    team = Row("north", "team", posts=1, net=Bounds(900, 1200, True))
    own = Row(None, "own", posts=2, net=Bounds(300, 500, True))
    found = beside(team, own, None)
    assert found.incremental == Bounds(400, 1200, True)
    assert found.share_of_reach == Bounds(900 / 1400, 1.0, True)
    assert beside(team, own, 1000).incremental == Bounds(400, 700, True)
    silent = Row(None, "own", posts=0)
    assert beside(team, silent, None).incremental == Bounds(900, 1200, True)


def test_hours_count_for_whom_they_were_and_never_for_one_unnamed_person(made: Sharing) -> None:
    assert row(made, "south").cost == 250
    assert row(made, "North6 Jansen").cost == 50
    # north is shown within others, so hours of north, of east and of one of them are not
    assert row(made, "(other ambassadors)").cost is None
    assert made.own is not None
    assert made.own.cost == 100 + 1000 + 150 + 100 + 200
    assert row(made, "south").cpm == pytest.approx(250 / 600 * 1000)
    assert row(made, "south").cost_per_reach == Bounds(250 / 240 * 1000, 250 / 40 * 1000, True)
    assert any("3 costs name a team or colleague" in str(note) for note in made.notes)


def test_a_replacement_value_is_a_range_over_formulas_and_prices(store: Store) -> None:
    cheap = Price("x", 4.0, None, "EUR", Message("elsewhere"))
    dollars = Price("x", 1000.0, None, "USD", Message("elsewhere"))
    made = sharing(store, Question(), [cheap, dollars])
    found = row(made, "(other ambassadors)").replacement
    assert found is not None
    # 800 impressions at €4 or €10, or 16 clicks at €2
    assert (found.lower, found.upper, found.currency) == (pytest.approx(3.2), 32, "EUR")
    worths = sorted((one.formula, round(one.value, 6)) for one in found.worths)
    assert worths == [("emv_cpc", 32.0), ("emv_cpm", 3.2), ("emv_cpm", 8.0)]
    assert row(made, "south").replacement is None  # no ads on LinkedIn are known
    assert made.total is not None
    assert made.total.replacement is not None
    assert made.total.replacement.missing == ("linkedin",)
    assert any("no price of ads" in str(note) for note in made.notes)


def test_measured_reach_has_a_replacement_value_where_it_is_known_of_every_post() -> None:
    price = Price("linkedin", 30.0, None, "EUR", Message("elsewhere"))
    seen = {"platform": "linkedin", "impressions": 2000, "clicks": None}
    whole = replacement([{**seen, "gross_reach_lower": 1000, "gross_reach_upper": 1000}], [price],
                        Question())  # fmt: skip
    assert whole is not None
    assert (whole.lower, whole.upper) == (30, 60)
    part = replacement([{**seen, "gross_reach_lower": 1000, "gross_reach_upper": 1500}], [price],
                       Question())  # fmt: skip
    assert part is not None
    assert (part.lower, part.upper) == (60, 60)
    rated = Question(currency="USD", rates={"EUR": 2.0})
    converted = replacement([{**seen, "gross_reach_lower": None, "gross_reach_upper": None}],
                            [price], rated)  # fmt: skip
    assert converted is not None
    assert (converted.lower, converted.currency) == (120, "USD")


def test_published_prices_are_of_ads_and_name_their_source() -> None:
    prices = published_prices()
    assert {price.platform for price in prices} == {"linkedin", "facebook"}
    assert all((price.cpm is None) != (price.cpc is None) for price in prices)
    assert any("zweidigital" in str(price.basis) for price in prices)


def test_what_is_shared(made: Sharing) -> None:
    assert [(one.campaign, one.posts, one.share, one.impressions) for one in made.campaigns] == [
        ("zomer", 15, 1.0, 1500)
    ]
    # video: four of north, three of south, one of east; image: three, three, one
    assert [(one.media, one.share) for one in made.media] == [("video", 0.55), ("image", 0.45)]


def test_filters_and_an_empty_period(store: Store) -> None:
    south = sharing(store, Question(ambassador="South", campaign="Zomer"))
    assert [one.name for one in south.rows] == ["south"]
    assert south.own is None
    nothing = sharing(store, Question(first=LATER, last=LATER))
    assert (nothing.rows, nothing.total, nothing.campaigns) == ((), None, ())
    assert any("No ambassadors can be shown" in str(note) for note in nothing.notes)
    with pytest.raises(UnknownName):
        sharing(store, Question(ambassador="east"))


def _counts(made: Sharing) -> Iterator[int]:
    for one in (*made.rows, *([made.total] if made.total else [])):
        if one.kind != "person":
            yield one.active or 0


def test_no_two_periods_tell_that_fewer_than_five_became_active(store: Store) -> None:
    """The number of active people moves by fives, however the period is moved."""
    for last in (0, 3, 4, 5, 6):
        made = sharing(store, Question(first=FIRST, last=day(last)))
        named = sum(one.active or 0 for one in made.rows if one.kind == "person")
        counts = list(_counts(made))
        assert all(count % 5 == 0 for count in counts[:-1])
        assert not counts or (counts[-1] - named) % 5 == 0


def test_as_files(made: Sharing, tmp_path) -> None:  # type: ignore[no-untyped-def]
    flat = as_report(made)
    lines = list(csv.DictReader(io.StringIO(as_csv(flat))))
    assert [line["ambassador"] for line in lines][-2:] == ["all ambassadors", "own accounts"]
    assert lines[-1]["people"] == ""
    write_xlsx(flat, tmp_path / "a.xlsx")
    head = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()[0]
    assert "active, at least" in head
    table = as_arrow(flat)
    assert table.column("kind").to_pylist()[-1] == "own"
    data = json.loads(json.dumps(made.as_json()))
    assert data["rows"][0]["net"].keys() == {"lower", "upper", "is_measured"}
    assert data["total"]["active_share"] == pytest.approx(11 / 16)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_command_writes_it(store: Store, form: str) -> None:
    said = CliRunner().invoke(
        main, ["--store", str(store.path), "ambassadors", "report", "--campaign", "zomer",
               "--format", form],
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "north1" not in said.stdout.casefold()
    if form == "json":
        assert json.loads(said.stdout)["total"]["posts"] == 15
    else:
        assert "North6 Jansen" in said.stdout
        assert "own accounts" in said.stdout


def test_how_many_take_part_is_the_same_under_every_filter(store: Store, made: Sharing) -> None:
    whole = {one.name: one.people for one in made.rows}
    for asked in (
        Question(platforms=("linkedin",)),
        Question(campaign="zomer"),
        Question(last=day(5)),
    ):
        for one in sharing(store, asked).rows:
            assert one.people == whole[one.name]


def test_a_colleague_with_costs_alone_has_no_posts_and_no_figures(store: Store) -> None:
    costs = [{"source": "later", "row_id": "1", "shares": "zomer", "kind": "hours", "hours": 1,
              "rate": 50, "currency": "EUR", "first_day": LATER, "last_day": LATER,
              "ambassador": "north6"}]  # fmt: skip
    store.state({"costs": costs}, "later")
    (found,) = sharing(store, Question(first=LATER, last=LATER)).rows
    assert (found.name, found.posts, found.active, found.cost) == ("North6 Jansen", 0, 0, 50)
    assert (found.impressions, found.cpm, found.replacement) == (None, None, None)
    said = CliRunner().invoke(
        main, ["--store", str(store.path), "ambassadors", "report", "--from", "2025-03-01"]
    )
    assert said.exit_code == 0
    (line,) = [one for one in said.stdout.splitlines() if one.startswith("North6")]
    assert "not measured" not in line
