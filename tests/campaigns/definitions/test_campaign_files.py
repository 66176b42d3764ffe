"""Campaigns as TOML: what is written is read as the same, and what is wrong is named."""

import datetime as dt
import tomllib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.definitions.files import written
from campaigns.errors import BadDefinition, UnreadableFile

FULL = r"""
no_campaign = ["x:9"]

[[campaigns]]
name = "Veilig \"de\" zomer\\in"
first_day = 2025-06-01
last_day = 2025-08-31
budget = 12000.50
goal = { metric = "applications", target = 500, day = 2025-09-01 }
description = "regel een\nregel twee"
rules = [
  { hashtag = "#zomer" },
  { link = "https://example.nl/zomer/", platform = "linkedin" },
  { account = "@zwem", first_day = 2025-06-01, last_day = 2025-06-30 },
]
posts = ["https://x.com/gemeente/status/123", "linkedin:urn:li:activity:456"]

[[campaigns]]
name = "Winter"
id = "w"
"""


def test_a_file_is_taken_over_and_twice_changes_nothing(store):
    found = definitions.parse(FULL, "c.toml")
    assert definitions.load(store, found, "c.toml") == (2, 0)
    (summer, winter) = store.read(definitions.campaigns)
    assert summer.name == 'Veilig "de" zomer\\in'
    assert (summer.budget, summer.currency) == (Decimal("12000.50"), "EUR")
    assert (summer.goal_metric, summer.goal_target) == ("applications", 500.0)
    assert [r.value for r in summer.rules] == ["zomer", "example.nl/zomer", "zwem"]
    assert (winter.campaign_id, winter.position) == ("w", 2)
    hand = store.read(definitions.by_hand)
    assert {(r["post_id"], r["campaign_id"]) for r in hand} == {
        ("9", None), ("123", summer.campaign_id), ("urn:li:activity:456", summer.campaign_id),
    }  # fmt: skip
    imports = store.read(lambda s: s.value("SELECT count(*) FROM imports"))
    text = store.read(definitions.export)
    for again in (FULL, text):
        assert definitions.load(store, definitions.parse(again), "c.toml") == (0, 0)
    assert store.read(lambda s: s.value("SELECT count(*) FROM imports")) == imports
    assert store.read(definitions.campaigns) == [summer, winter]


def test_a_file_says_everything_about_its_campaigns_and_nothing_about_others(store, put):
    put("a", "b")
    definitions.add(store, Campaign("Ander", rules=(Rule("hashtag", "ander"),)))
    definitions.add(store, Campaign("Zomer", rules=(Rule("hashtag", "a"), Rule("hashtag", "b"))))
    definitions.assign(store, ["1"], "zomer")
    text = '[[campaigns]]\nname = "ZOMER"\nrules = [{ hashtag = "b" }]\n'
    assert definitions.load(store, definitions.parse(text)) == (0, 1)
    other, summer = store.read(definitions.campaigns)
    assert (summer.campaign_id, summer.name, summer.position) == ("zomer", "ZOMER", 2)
    assert [r.value for r in summer.rules] == ["b"]
    assert [r.value for r in other.rules] == ["ander"]
    assert len(store.read(definitions.by_hand)) == 1
    definitions.load(store, definitions.parse(text + 'posts = ["x:2"]\n'))
    assert [r["post_id"] for r in store.read(definitions.by_hand)] == ["2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[campaigns]\n", "c.toml: "),
        ("[campaigns]\n", "c.toml: campaigns: must be a list"),
        ('campaigns = ["a"]', "c.toml: campaign 1: must be a table"),
        ("[[campaigns]]", "c.toml: name: a campaign needs a name"),
        ("[[campaigns]]\nname = 1", "c.toml: campaign 1: name: must be a text"),
        ('[[campaigns]]\nname = "Z"\nbudgett = 1', "c.toml: Z: unknown field 'budgett'. Known: name"),
        ('[[campaigns]]\nname = "Z"\nbudget = "1"', "c.toml: Z: budget: must be a number"),
        ('[[campaigns]]\nname = "Z"\nbudget = true', "c.toml: Z: budget: must be a number"),
        ('[[campaigns]]\nname = "Z"\nfirst_day = "2025-01-01"', "Z: first_day: must be a day"),
        ('[[campaigns]]\nname = "Z"\nfirst_day = 2025-01-01T10:00:00', "must be a day"),
        ('[[campaigns]]\nname = "Z"\ngoal = { day = "x" }', "c.toml: Z: goal: day: must be a day"),
        ('[[campaigns]]\nname = "Z"\nrules = [{}]', "c.toml: Z: rule 1: needs exactly one of"),
        ('[[campaigns]]\nname = "Z"\nrules = [{hashtag="a", words="b"}]', "exactly one"),
        ('[[campaigns]]\nname = "Z"\nrules = [{hashtag="a"}, {words="!"}]', "Z': rule 2: words: has no"),
        ('[[campaigns]]\nname = "Z"\nposts = ["123"]', "Z: posts: 123 is no address"),
        ('[[campaigns]]\nname = "Z"\n[[campaigns]]\nname = "z"', "c.toml: z: stands in the file twice"),
        ('no_campaign = ["x:1", "x:1"]\n[[campaigns]]\nname = "Z"\nposts = ["x:1"]', "assigned twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_campaign_and_field(text, says):
    with pytest.raises(BadDefinition) as error:
        definitions.parse(text, "c.toml")
    assert says in str(error.value)


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    (tmp_path / "bom.toml").write_bytes(b'\xef\xbb\xbf[[campaigns]]\r\nname = "Z"\r\n')
    for name in ("latin.toml", "absent.toml", "."):
        with pytest.raises(UnreadableFile):
            definitions.read(tmp_path / name)
    assert definitions.read(tmp_path / "bom.toml").campaigns == (Campaign("Z"),)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
PERIOD = st.tuples(st.none() | DAYS, st.none() | DAYS).filter(
    lambda days: None in days or days[0] <= days[1]
)


@st.composite
def campaigns(draw):
    rules = []
    for kind, value in draw(
        st.lists(
            st.tuples(st.just("post"), TEXT)
            | st.tuples(st.just("ad_campaign"), TEXT.filter(lambda t: t.replace("*", "").strip()))
            | st.tuples(st.just("words"), TEXT.map(lambda t: f"a {t}")),
            max_size=3,
        )
    ):
        first, last = draw(PERIOD)
        platform = draw(st.sampled_from([None, "x", "print"]))
        rules.append(Rule(kind, value, platform, None, first, last))
    first, last = draw(PERIOD)
    metric = draw(st.none() | TEXT)
    target = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    budget = st.none() | st.decimals(0, 10**9, places=2)
    return definitions.checked(
        Campaign(
            draw(TEXT),
            first_day=first,
            last_day=last,
            budget=draw(budget),
            goal_metric=metric,
            goal_target=draw(target) if metric else None,
            goal_on=draw(st.none() | DAYS) if metric else None,
            description=draw(st.none() | st.text(st.sampled_from('a"\\\n\té🌞{}[]#='), max_size=9)),
            rules=tuple(rules),
        )
    )


@settings(max_examples=150, deadline=None)
@given(campaigns())
def test_what_is_written_is_read_as_the_same(campaign):
    assert definitions.parse(written(campaign)).campaigns == (campaign,)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_as_toml(text):
    assert tomllib.loads(written(Campaign(text)))["campaigns"][0]["name"] == text
