"""Target groups in a store: stated, counted against the population, suppressed where small."""

import datetime as dt
import re

import pytest
from statsmodels.stats.proportion import proportion_confint

from audiences import segments
from audiences.segments import Condition, Segment
from campaigns.definitions.versions import version
from campaigns.errors import BadDefinition, ChangedMeanwhile, UnknownName
from campaigns.imports.history import history
from campaigns.store import Store

FIRST, LAST = dt.date(2025, 3, 1), dt.date(2025, 3, 31)
AT = dt.datetime(2025, 4, 1, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
    return Store.create(tmp_path / "store")


def account(name, platform="linkedin", role="own", **more):
    return {"platform": platform, "account_id": name, "role": role, "collected_at": AT, **more}


def make_up(name, dimension="function", platform="linkedin", day=LAST, figure="people", **groups):
    about = {"platform": platform, "account_id": name, "dimension": dimension, "first_day": FIRST,
             "last_day": day, "collected_at": AT}  # fmt: skip
    return [{**about, "value": value, figure: many} for value, many in groups.items()]


def group(name="Techniek", *conditions, **more):
    given = conditions or (("function", "Engineering"),)
    return Segment(name, tuple(Condition(*one) for one in given), **more)


def state(store, **rows):
    store.state(rows, "test")


def cells(store, name=None, **more):
    found = segments.report(store, FIRST, LAST, **more)
    return {
        (one.segment.name, cell.platform): cell
        for one in found.groups
        for cell in one.cells
        if name in (None, one.segment.name)
    }


A = {"Engineering": 200, "Legal": 600, "Sales": 200}
B = {"Engineering": 50, "Sales": 450}


@pytest.fixture
def two_pages(store):
    state(
        store,
        accounts=[account("a"), account("b")],
        audience_shares=[*make_up("a", **A), *make_up("b", **B)],
    )
    return store


# --- stating


def test_a_group_is_stated_found_changed_and_taken_out(store):
    added = segments.add(store, group(population_share=0.05, population_source=" CBS 2024 "))
    assert (added.segment_id, added.population_source) == ("techniek", "CBS 2024")
    assert store.read(segments.segments) == [added]
    assert store.read(lambda s: segments.find(s, " TECHNIEK ")) == added
    both = group("Bouw", ("sector", "Construction"), segment_id="techniek")
    changed = segments.change(store, both, version(added))
    assert store.read(segments.segments) == [changed]
    assert changed.population_share is None
    segments.remove(store, "Bouw")
    assert store.read(segments.segments) == []


def test_fewer_conditions_take_the_others_out_and_undo_brings_them_back(store):
    many = segments.add(store, group("A", ("hashtag", "#Een"), ("hashtag", "twee")))
    segments.change(store, group("A", ("hashtag", "een"), segment_id="a"))
    assert store.read(segments.segments)[0].values("hashtag") == ("een",)
    newest = store.read(history)[0]
    store.undo(newest.import_id)
    assert store.read(segments.segments) == [many]


def test_who_comes_second_is_told(store):
    old = segments.add(store, group())
    segments.change(store, group("Techniek", ("function", "IT"), segment_id="techniek"))
    with pytest.raises(ChangedMeanwhile):
        segments.change(store, group(segment_id="techniek"), version(old))
    with pytest.raises(ChangedMeanwhile):
        segments.remove(store, "Techniek", version(old))


@pytest.mark.parametrize(
    "wrong",
    [
        group(" "),
        Segment("leeg", ()),
        group("a", ("colour", "red")),
        group("a", ("function", " * ")),
        group("a", ("function", "a; b")),
        group("a", ("platform", "myspace")),
        group("a", ("language", "fr")),
        group("a", ("hashtag", "twee woorden")),
        group(population_share=0.1),
        group(population_source="CBS"),
        group(population_share=1.0, population_source="CBS"),
        group(population_share=float("nan"), population_source="CBS"),
    ],
)
def test_what_cannot_be_right_is_refused(store, wrong):
    with pytest.raises(BadDefinition):
        segments.add(store, wrong)
    assert store.read(segments.segments) == []


def test_names_are_unique_and_unknown_ones_are_told(store):
    segments.add(store, group())
    with pytest.raises(BadDefinition):
        segments.add(store, group("TECHNIEK"))
    with pytest.raises(UnknownName, match="Techniek"):
        segments.report(store, names=["Technik"])


# --- share and index


def test_share_over_pages_is_a_ratio_of_sums_and_the_margin_that_of_the_largest(two_pages):
    """250 of 1,500 followings; no more than 1,000 different people are sure."""
    segments.add(two_pages, group(population_share=0.1, population_source="CBS 2024"))
    cell = cells(two_pages)["Techniek", "linkedin"]
    assert (cell.people, cell.base, cell.accounts, cell.basis) == (250, 1500, 2, "followers")
    assert cell.share == pytest.approx(1 / 6)
    lower, upper = proportion_confint(1000 / 6, 1000, method="wilson")
    assert (cell.ci_lower, cell.ci_upper) == pytest.approx((lower, upper))
    assert (cell.index, cell.index_lower) == pytest.approx((10 / 6, lower / 0.1))
    assert cell.verdict == "over"


@pytest.mark.parametrize(
    ("population", "verdict"),
    [(0.3, "under"), (0.1, "over"), (0.17, "unclear"), (None, None)],
)
def test_a_verdict_takes_the_whole_interval(two_pages, population, verdict):
    source = None if population is None else "CBS"
    segments.add(two_pages, group(population_share=population, population_source=source))
    assert cells(two_pages)["Techniek", "linkedin"].verdict == verdict


def test_in_proportion_is_said_only_when_the_margin_is_small(store):
    state(store, accounts=[account("a")], audience_shares=make_up("a", In=20_000, Out=80_000))
    segments.add(store, group("In", ("function", "in"), population_share=0.2,
                              population_source="CBS"))  # fmt: skip
    assert cells(store)["In", "linkedin"].verdict == "alike"


def test_conditions_of_one_kind_are_alternatives_and_a_star_is_any_text(two_pages):
    segments.add(two_pages, group("Twee", ("function", "engin*"), ("function", "LEGAL")))
    cell = cells(two_pages)["Twee", "linkedin"]
    assert (cell.people, cell.base) == (850, 1500)


def test_two_traits_have_bounds_only(two_pages):
    """At most the lesser of both; at least what must overlap: 1/6 + 9/10 - 1."""
    state(two_pages, audience_shares=[
        *make_up("a", "seniority", Senior=900, Entry=100),
        *make_up("b", "seniority", Senior=450, Entry=50),
    ])  # fmt: skip
    both = group("Beide", ("function", "Engineering"), ("seniority", "Senior"))
    segments.add(two_pages, both)
    cell = cells(two_pages)["Beide", "linkedin"]
    one = proportion_confint(1000 / 6, 1000, alpha=0.025, method="wilson")
    two = proportion_confint(900, 1000, alpha=0.025, method="wilson")
    assert cell.share is cell.people is None
    assert cell.ci_lower == pytest.approx(one[0] + two[0] - 1)
    assert cell.ci_upper == pytest.approx(one[1])
    assert cell.impressions is None


def test_the_newest_make_up_of_the_period_counts(two_pages):
    earlier, later = LAST - dt.timedelta(days=9), LAST + dt.timedelta(days=9)
    state(two_pages, audience_shares=[
        *make_up("a", day=earlier, Engineering=900, Legal=100),
        *make_up("a", day=later, Engineering=10, Legal=990),
    ])  # fmt: skip
    segments.add(two_pages, group())
    cell = cells(two_pages)["Techniek", "linkedin"]
    assert (cell.people, cell.as_of) == (250, LAST)
    assert segments.report(two_pages, None, later).groups[0].cells[0].people == 60


def test_viewers_go_before_followers_and_visitors_do_not_count(store):
    state(
        store,
        accounts=[account("a")],
        audience_shares=[
            *make_up("a", "viewer function", figure="share", Engineering=0.25, Sales=0.5),
            *make_up("a", **A),
            *make_up("a", "visitor function", figure="views", Engineering=900),
        ],
        account_days=[{"platform": "linkedin", "account_id": "a", "day": LAST,
                       "delivery": "total", "followers": 2000, "collected_at": AT}],
    )  # fmt: skip
    segments.add(store, group())
    cell = cells(store)["Techniek", "linkedin"]
    assert (cell.basis, cell.people, cell.base, cell.share) == ("viewers", 500, 2000, 0.25)


def test_what_a_platform_does_not_list_is_not_known_and_not_zero(two_pages):
    state(two_pages, accounts=[account("x", "x")])
    segments.add(two_pages, group("Kok", ("function", "Chef")))
    for cell in cells(two_pages).values():
        assert cell.people is cell.share is cell.impressions is None


# --- few people


@pytest.mark.parametrize("few", [1, 4])
def test_small_groups_and_small_rests_are_not_shown(store, few):
    state(store, accounts=[account("a")], audience_shares=make_up("a", Few=few, Most=996))
    segments.add(store, group("Few", ("function", "Few")))
    segments.add(store, group("Rest", ("function", "Most"), population_share=0.5,
                              population_source="CBS"))  # fmt: skip
    state(store, account_days=[{"platform": "linkedin", "account_id": "a", "day": LAST,
                                "delivery": "total", "impressions": 1000, "collected_at": AT}])  # fmt: skip
    for cell in cells(store).values():
        assert cell.is_suppressed
        known = {cell.people, cell.base, cell.share, cell.ci_lower, cell.index, cell.impressions}
        assert known == {None}


def tell(store, extra):
    """All that reports of many groups, accounts and days say, where a few people more came."""
    few = {"Three": 3 + extra % 2, "Two": 4, "One": 2 - extra % 3}
    later = {"A": 51 + extra % 2, "B": 31, "C": 7, "D": 911 - extra % 2, **few}
    rows = [
        *make_up("a", day=LAST - dt.timedelta(days=7), A=51, B=31, C=7, D=911, **few),
        *make_up("a", **later),
        *make_up("b", A=18, C=11, E=46, Two=4 - extra % 2),
    ]
    seen = AT + dt.timedelta(minutes=extra)
    state(store, audience_shares=[{**row, "collected_at": seen} for row in rows])
    found = {}
    for last in (LAST - dt.timedelta(days=7), LAST):
        for one in segments.report(store, FIRST, last).groups:
            (cell,) = one.cells
            found[one.segment.name, last] = (cell.people, cell.base, cell.share, cell.is_suppressed)
    return found


GROUPS = ("A", "AB", "ABThree", "DThreeTwoOne", "Three", "CTwo", "ABCD")


def test_no_sum_or_difference_of_reports_tells_of_a_few(store):
    """Every figure is a sum of fives, and stays when a small value or one person changes."""
    state(store, accounts=[account("a"), account("b")])
    for name, where in (("", ()), (" of a", (("account", "a"),))):
        for some in GROUPS:
            given = [("function", value) for value in re.findall("[A-Z][a-z]*", some)]
            segments.add(store, group(some + name, *given, *where))
    one, *others = (tell(store, extra) for extra in (0, 1, 5))
    assert [one, one] == others
    shown = [answer[:3] for answer in one.values() if not answer[3]]
    assert len(shown) > 20
    assert all(people % 5 == base % 5 == 0 for people, base, _share in shown)
    assert all(people / base == pytest.approx(share) for people, base, share in shown)
    assert one["AB of a", LAST][0] == one["ABThree of a", LAST][0] == 50 + 30
    assert one["AB of a", LAST][1] == 50 + 30 + 5 + 910 + 10  # 3 + 4 + 2 are the rest
    assert one["Three", LAST] == (None, None, None, True)
    assert one["A", LAST][:2] == (50 + 20, 1005 + 20 + 10 + 45)  # of b the rest is small


def test_shares_of_followers_leave_no_few_either(store):
    """2% of 200 are four people: with the 6% of whom nothing is told they are a rest of 16."""
    state(store, accounts=[account("a")], account_days=[
        {"platform": "linkedin", "account_id": "a", "day": LAST, "delivery": "total",
         "followers": 200, "collected_at": AT}
    ], audience_shares=make_up("a", figure="share", A=0.5, B=0.42, Few=0.02))  # fmt: skip
    for name in ("A", "B", "Few"):
        segments.add(store, group(name, ("function", name)))
    found = cells(store)
    assert (found["A", "linkedin"].people, found["A", "linkedin"].base) == (100, 100 + 85 + 15)
    assert found["Few", "linkedin"].is_suppressed


def test_shares_of_nobody_knows_how_many_are_not_shown(store):
    state(store, accounts=[account("a")],
          audience_shares=make_up("a", figure="share", Engineering=0.2))  # fmt: skip
    segments.add(store, group())
    assert cells(store)["Techniek", "linkedin"].is_suppressed


@pytest.mark.parametrize("role", ["ambassador", "peer", "partner", "organisation"])
def test_only_own_accounts_count(two_pages, role):
    more = {"opted_in_on": FIRST} if role == "ambassador" else {}
    state(two_pages, accounts=[account("c", role=role, **more)],
          audience_shares=make_up("c", Engineering=9000, Sales=1000))  # fmt: skip
    segments.add(two_pages, group())
    assert cells(two_pages)["Techniek", "linkedin"].people == 250


# --- what they were shown


def day(name, on, platform="linkedin", **figures):
    return {"platform": platform, "account_id": name, "day": on, "delivery": "total",
            "collected_at": AT, **figures}  # fmt: skip


def test_a_group_of_people_gets_its_part_of_each_audience(two_pages):
    """Of a 20% of 1,500 and of b 10% of 200; reach has bounds, from the largest day."""
    state(two_pages, account_days=[
        day("a", FIRST, impressions=1000, engagements=50, reach=400),
        day("a", LAST, impressions=500, engagements=10, reach=100),
        day("b", FIRST, impressions=200, engagements=40),
    ])  # fmt: skip
    segments.add(two_pages, group())
    cell = cells(two_pages)["Techniek", "linkedin"]
    assert cell.is_estimated
    assert (cell.impressions, cell.engagements) == (320, 16)
    assert cell.er_impressions == pytest.approx(16 / 320)
    assert (cell.reach_lower, cell.reach_upper) == (80, 120)


def test_reach_that_nobody_measured_has_no_bounds(two_pages):
    state(two_pages, account_days=[day("b", FIRST, impressions=200)])
    segments.add(two_pages, group())
    cell = cells(two_pages)["Techniek", "linkedin"]
    assert (cell.impressions, cell.reach_lower, cell.reach_upper) == (20, None, None)


def post(number, text, platform="x", **more):
    return {"platform": platform, "post_id": str(number), "account_id": "a", "text": text,
            "published_on": FIRST, "collected_at": AT, **more}  # fmt: skip


def seen(number, impressions, engagements=None, delivery="total", platform="x", **more):
    return {"platform": platform, "post_id": str(number), "delivery": delivery,
            "impressions": impressions, "engagements": engagements, "collected_at": AT,
            **more}  # fmt: skip


@pytest.fixture
def posted(store):
    state(
        store,
        accounts=[account("a", "x"), account("a", "linkedin"), account("peer", "x", "peer")],
        posts=[
            post(1, "Wij bouwen een brug over de rivier #Water"),
            post(2, "The bridge over the river is open again, come and see it"),
            post(3, "Een brug erbij #water", "linkedin"),
            post(4, "Heel iets anders voor u vandaag"),
            post(5, "Nog een brug", is_repost=True),
            post(6, "Een brug van een ander #water", account_id="peer"),
            post(7, "Oude brug", published_on=FIRST - dt.timedelta(days=1)),
        ],
        post_metrics=[
            seen(1, 100, 10), seen(2, 1000, 1), seen(4, 7, 7), seen(5, 50_000), seen(6, 60_000),
            seen(7, 70_000),
            seen(3, 300, 30, "organic", "linkedin", reach=200),
            seen(3, 200, None, "paid", "linkedin"),
        ],
    )  # fmt: skip
    return store


def test_posts_about_a_group_are_found_by_topic_hashtag_and_language(posted):
    for one in (
        group("Brug", ("topic", "brug"), ("topic", "bridge")),
        group("Water", ("hashtag", "WATER")),
        group("Beide", ("hashtag", "water"), ("topic", "rivier")),
        group("Engels", ("language", "en")),
        group("Hier", ("topic", "brug"), ("platform", "linkedin")),
    ):
        segments.add(posted, one)
    found = {
        key: (cell.posts, cell.impressions, cell.engagements)
        for key, cell in cells(posted).items()
        if cell.is_known
    }
    assert found == {
        ("Brug", "x"): (2, 1100, 11),
        ("Brug", "linkedin"): (1, 500, 30),
        ("Water", "x"): (1, 100, 10),
        ("Water", "linkedin"): (1, 500, 30),
        ("Beide", "x"): (1, 100, 10),
        ("Engels", "x"): (1, 1000, 1),
        ("Hier", "linkedin"): (1, 500, 30),
    }


def test_reach_of_a_boosted_post_is_bounded_by_its_impressions(posted):
    """Free reach 200 is a least; what the ads reached beside it is not known."""
    segments.add(posted, group("Brug", ("topic", "brug")))
    cell = cells(posted)["Brug", "linkedin"]
    assert (cell.reach_lower, cell.reach_upper) == (200, 500)


def test_the_platform_asked_is_the_only_one(posted):
    segments.add(posted, group("Brug", ("topic", "brug")))
    assert {platform for _name, platform in cells(posted, platforms=("x",))} == {"x"}


def ad(name, first, last, impressions, level="ad", ad_id="1", **more):
    return {"platform": "linkedin", "ad_account_id": "9", "level": level, "ad_id": ad_id,
            "first_day": first, "last_day": last, "campaign_name": name,
            "impressions": impressions, "collected_at": AT, **more}  # fmt: skip


def test_ads_count_once_and_at_one_level(store):
    """The month of the campaign stands for its ads; without one, the ads' days; none twice."""
    state(store, accounts=[account("a")], ad_periods=[
        ad("WW | Banen", FIRST, LAST, 1000, "campaign", "c", reach=400, engagements=20),
        ad("WW | Banen", FIRST, LAST, 900),
        ad("WW | Banen extra", FIRST, FIRST, 10, ad_id="2"),
        ad("WW | Banen extra", LAST, LAST, 30, ad_id="2", reach=20),
        ad("WW | Banen extra", FIRST, LAST, 50, ad_id="3"),
        ad("WW | Banen extra", FIRST, FIRST, 7, ad_id="3"),
        ad("Ander", FIRST, LAST, 5000, ad_id="4"),
        ad("WW | Banen", FIRST - dt.timedelta(days=5), LAST, 9000, "campaign", "c"),
    ])  # fmt: skip
    segments.add(store, group("Banen", ("ad_campaign", "ww | banen*")))
    cell = cells(store)["Banen", "linkedin"]
    assert cell.ad_impressions == 1000 + 10 + 30 + 50
    assert (cell.ad_reach_lower, cell.ad_reach_upper) == (400, 400 + 10 + 20 + 50)
    assert (cell.ad_engagements, cell.impressions, cell.posts) == (20, None, None)


def test_names_of_ads_are_taken_as_they_are_written(store):
    state(store, accounts=[account("a")], ad_periods=[
        ad("WW_Banen 50%", FIRST, LAST, 100, platform="x"),
        ad(None, FIRST, LAST, 20, ad_id="2", ad_name=" ww_banen 50% "),
        ad("WW-Banen 50x", FIRST, LAST, 3000, ad_id="3"),
    ])  # fmt: skip
    segments.add(store, group("Banen", ("ad_campaign", "ww_*50%")))
    segments.add(store, group("Op X", ("ad_campaign", "ww_*"), ("platform", "x")))
    found = cells(store)
    assert found["Banen", "linkedin"].ad_impressions == 20
    assert found["Banen", "x"].ad_impressions == found["Op X", "x"].ad_impressions == 100
    assert found["Op X", "linkedin"].ad_impressions is None


def test_posts_are_read_under_whichever_id_has_their_text(store):
    """The language is read where the text is: under another id of the same post."""
    dutch = "we bouwen een nieuwe brug over de rivier en dat is voor iedereen goed"
    about = {"platform": "x", "account_id": "a", "published_on": FIRST, "collected_at": AT}
    state(
        store,
        accounts=[account("a", platform="x")],
        posts=[{**about, "post_id": "1"}, {**about, "post_id": "2", "text": dutch},
               {**about, "post_id": "3", "text": dutch, "language": "en"}],
        post_aliases=[{"platform": "x", "post_id": "1", "alias": "2", "collected_at": AT}],
        post_metrics=[
            {"platform": "x", "post_id": name, "delivery": "total", "impressions": shown,
             "collected_at": AT}
            for name, shown in (("2", 70), ("3", 500))
        ],
    )  # fmt: skip
    segments.add(store, group("Nederlands", ("language", "nl")))
    assert cells(store)["Nederlands", "x"].impressions == 70


def test_a_report_is_plain_json_and_says_what_must_be_known(two_pages):
    segments.add(two_pages, group(population_share=0.1, population_source="CBS 2024"))
    made = segments.report(two_pages, FIRST, LAST).as_dict()
    [one] = made["groups"]
    assert one["population_source"] == "CBS 2024"
    assert one["channels"][0]["index"] == pytest.approx(10 / 6)
    assert any("largest account" in str(note) for note in made["notes"])


def test_an_empty_store_has_an_empty_report(store):
    made = segments.report(store)
    assert (made.groups, made.channels, made.whole.mix.shares) == ((), (), {})
