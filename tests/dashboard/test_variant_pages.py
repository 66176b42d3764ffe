"""The pages about tests: what they show is what the analysis says, and texts stay texts."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from audiences import experiments
from audiences.experiments import Experiment, Variant
from audiences.verdicts import percent
from campaigns.definitions import Rule
from campaigns.errors import BadDefinition, BadFields, ChangedMeanwhile
from campaigns.store import Store
from campaigns.translations import say, speaking
from dashboard.answers import Answers
from dashboard.app import create
from dashboard.page import find
from dashboard.pages import _variant_fields as fields
from dashboard.pages import _variant_form as form
from dashboard.pages import _variants as words
from dashboard.parts import collecting
from dashboard.view import read

START = dt.date(2025, 3, 3)
HOSTILE = '<script>alert("x")</script> =1+1 #b'


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


@pytest.fixture
def store(tmp_path):
    """Nine posts of A and of B on X and LinkedIn; B brings about twice as many engagements."""
    made = Store.create(tmp_path / "store")
    posts, figures = [], []
    for platform, base in (("x", 20), ("linkedin", 60)):
        for tag, times in (("a", 1), ("b", 2)):
            for n in range(9):
                key = {"platform": platform, "post_id": f"{platform}{tag}{n}",
                       "collected_at": dt.datetime(2025, 6, 1, tzinfo=dt.UTC)}  # fmt: skip
                text = HOSTILE if (tag, n) == ("b", 8) else f"Tekst {n} #{tag}"
                posts.append({**key, "account_id": "gemeente", "text": text,
                              "published_on": START + dt.timedelta(days=n)})  # fmt: skip
                figures.append({**key, "delivery": "total", "impressions": 1000,
                                "engagements": times * (base + n % 3)})  # fmt: skip
    made.state({"posts": posts, "post_metrics": figures}, "test")
    return made


def test_of(**more):
    given = {"metric": "er_impressions", "is_by_lot": True, "variants": (
        Variant("A", (Rule("hashtag", "a"),), message="kort"),
        Variant("B <i>", (Rule("hashtag", "b"),), message="=vraag"),
    )}  # fmt: skip
    return Experiment("Vraag <b>", **{**given, **more})


test_of.__test__ = False


def shown(store, path, search=""):
    """The page as JSON, and its tables."""
    answers = Answers(store.path)
    page, values = find(path)
    view = read(answers, path, search, answers.coverage(), values)
    with create(store.path).server.test_request_context(), collecting() as tables:
        content = page.content(view)
        said = json.dumps([p.to_plotly_json() for p in content if p], default=_plain)
    return said, tables


def _plain(part):
    return part.to_plotly_json()


def result(store):
    return store.read(experiments.results)[0]


def test_the_list_says_the_verdict_of_the_analysis(store):
    experiments.add(store, test_of())
    said, tables = shown(store, "/variants")
    expected = result(store)
    assert expected.verdict.winner == "B <i>"
    assert json.dumps(say(expected.verdict.message))[1:-1] in said
    (row,) = tables["tests"].rows
    assert row.values["said"] == say(expected.verdict.message)
    assert row.values["units"] == 36
    assert "1 tests. a winner: 1." in said or "a winner: 1" in said


def test_one_test_shows_texts_intervals_and_method(store):
    experiments.add(store, test_of())
    said, tables = shown(store, "/variants/vraag-b")
    answer = result(store).answer
    (compared,) = answer["comparisons"]
    rows = {row.values["variant"]: row.values for row in tables["intervals"].rows}
    assert rows["B <i>"]["rel_effect_size"] == compared["rel_effect_size"] == pytest.approx(1.0)
    assert rows["B <i>"]["pvalue"] == compared["pvalue"]
    assert {"B <i> on X", "B <i> on LinkedIn"} <= rows.keys()
    assert json.dumps(HOSTILE)[1:-1] in said  # as text: no element is made of it
    assert "B &lt;i&gt;" in said  # in the chart, which reads some HTML
    assert '"type": "Script"' not in said
    assert "How was this computed?" in said
    assert "within each platform (linkedin, x)" in said
    assert "what choosing it costs on average" in said
    assert "50% less than the best" in said  # of A; B brings twice as many
    rate = next(v["rate"] for v in answer["variants"] if v["variant"] == "A")
    assert f"{rate * 100:.2f}" in said


def test_what_is_known_of_the_picture_of_a_post_is_shown(store):
    store.state({
        "images": [{"image_id": "f" * 32, "file": "strand.jpg", "width": 600, "height": 400,
                    "brightness": 0.8, "colourfulness": 9.0, "text_share": 0.0,
                    "colours": "#1a56b0=0.9"}],
        "image_posts": [{"platform": "x", "post_id": "xb8", "image_id": "f" * 32}],
        "image_tags": [{"image_id": "f" * 32, "tag": tag, "is_present": there}
                       for tag, there in (("<b>hond", True), ("logo", False))],
    }, "test")  # fmt: skip
    experiments.add(store, test_of())
    said, _tables = shown(store, "/variants/vraag-b")
    assert "Its picture: <b>hond, bright, mainly blue" in said
    assert said.count("Its picture:") == 1


def test_an_observation_shows_how_else_the_variants_differ(store):
    experiments.add(store, test_of(is_by_lot=False))
    said, tables = shown(store, "/variants/vraag-b")
    assert "Not a fair test" in said
    assert "chance to be best" not in said.partition("How was this computed?")[0]
    sizes = {row.values["trait"]: row.values["size"] for row in tables["differences"].rows}
    assert sizes["platform"] == 0
    assert sizes["hour of the day"] is None


def test_without_tests_and_without_data(tmp_path):
    bare = Store.create(tmp_path / "bare")
    assert "No tests yet" in shown(bare, "/variants")[0]
    assert "Nothing was learnt yet" in shown(bare, "/variants/learnt")[0]
    assert "There are 0 own posts" in shown(bare, "/variants/plan")[0]


def test_a_test_without_posts_says_so(store):
    empty = (Variant("A", (Rule("hashtag", "nee"),)), Variant("B", (Rule("hashtag", "b"),)))
    experiments.add(store, test_of(variants=empty))
    said, tables = shown(store, "/variants/vraag-b")
    assert "A has 0 posts that can be used" in said
    assert "intervals" not in tables


def test_what_was_learnt_and_what_not(store):
    experiments.add(store, test_of())
    experiments.add(store, replace(test_of(is_by_lot=False), name="Geen loting"))
    said, tables = shown(store, "/variants/learnt")
    assert "Nothing is sure yet" in said
    assert "From 1 test by posts and by lot." in said
    assert "1 test could not be used." in said
    assert {row.values["ratio"] for row in tables["lessons"].rows} == {None}
    assert [row.values["test"] for row in tables["tests"].rows] == ["Vraag <b>"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("effect=30%25&metric=er_impressions", "To find a difference of 30%"),
        ("effect=veel", "is no number"),
        ("effect=2000", "between 0% and 1000%"),
        ("account=niemand", "There are 0 own posts"),
        ("unit=ad-day&metric=cpc", "There are 0 days on which several ads ran"),
    ],
)
def test_the_plan_before_posting(store, search, expected):
    said, tables = shown(store, "/variants/plan", search)
    assert expected in said
    if "find a difference" in expected:
        effects = [row.values["effect"] for row in tables["visible"].rows]
        assert effects == sorted(effects, reverse=True)


def test_names_of_pages_are_no_obstacle(store):
    experiments.add(store, replace(test_of(), name="Plan"))
    assert words.href("plan") == "/variants/PLAN"
    assert "wins" in shown(store, "/variants/PLAN")[0]


# --- the form


@pytest.fixture
def written(store, monkeypatch):
    """The form writes to the store of the test."""
    monkeypatch.setattr("dashboard.pages._editing.store", lambda: store)
    return store


def typed(**more):
    blank = form.values_of(Experiment("", "er_impressions", (), is_by_lot=True))
    values = {**blank, **fields.blank(2), "key": "", "version": "", "name": "Nieuw",
              "variant_1_value": "#a", "variant_2_value": "b"}  # fmt: skip
    return {**values, **more}


def test_a_test_is_added_as_it_was_typed(written):
    more = {"variant_2_posts": "x:1\n  2", "variant_2_more": "words: twee woorden",
            "variant_1_weight": "2", "variant_2_weight": "1", "matters": "7,5"}  # fmt: skip
    done = form.save(typed(**more))
    assert done.to == "/variants/nieuw"
    (one,) = written.read(experiments.experiments)
    assert (one.matters, one.is_by_lot, one.unit) == (0.075, True, "post")
    assert [(rule.kind, rule.value) for rule in one.variants[1].rules] == [
        ("hashtag", "b"), ("words", "twee woorden"), ("post", "x:1"), ("post", "2"),
    ]  # fmt: skip
    assert [v.weight for v in one.variants] == [2.0, 1.0]
    again = form.entered(form.values_of(one))
    assert (again.variants, again.matters) == (one.variants, one.matters)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"matters": "veel"}, "matters"),
        ({"variant_1_name": ""}, "variant_1_name"),
        ({"variant_2_value": ""}, "variant_2_value"),
        ({"variant_2_value": "geen tag"}, "variant_2_value"),
        ({"variant_2_more": "raad: eens"}, "variant_2_more"),
        ({"variant_1_weight": "x"}, "variant_1_weight"),
    ],
)
def test_a_fault_stands_beside_its_field(written, more, field):
    with pytest.raises(BadFields) as error:
        form.save(typed(**more))
    assert field in error.value.values["fields"]
    assert written.read(experiments.experiments) == []


def test_what_only_the_whole_shows_is_said_above(written):
    with pytest.raises(BadDefinition, match="different names"):
        form.save(typed(variant_2_name="a"))
    with pytest.raises(BadDefinition, match="by ad-days"):
        form.save(typed(metric="cpc"))


def test_who_comes_second_overwrites_nothing(written):
    form.save(typed())
    (one,) = written.read(experiments.experiments)
    seen = form.values_of(one)
    form.save({**seen, "description": "eerst"})
    with pytest.raises(ChangedMeanwhile) as error:
        form.save({**seen, "description": "daarna"})
    newer, version = form.newer(error.value.values["record"])
    assert newer["description"] == "eerst"
    form.save({**seen, "description": "daarna", "version": version})
    assert written.read(experiments.experiments)[0].description == "daarna"
    with pytest.raises(ChangedMeanwhile):
        form.remove(seen)
    form.remove(form.values_of(written.read(experiments.experiments)[0]))
    with pytest.raises(form.Gone):
        form.save(seen)


def test_posts_are_given_to_one_variant(store):
    values = fields.with_post(typed(variant_1_posts="x:1"), 2, "x:1")
    assert (values["variant_1_posts"], values["variant_2_posts"]) == ("", "x:1")
    three = fields.added(values)
    assert fields.count_of(three) == 3
    assert fields.without({**three, "variant_3_name": "C"}, 2)["variant_2_name"] == "C"


def test_beside_the_form_stands_what_it_finds(store):
    app = create(store.path)
    with app.server.test_request_context():
        said = json.dumps(
            [p.to_plotly_json() for p in form.preview(form.entered(typed()))], default=_plain
        )
        assert "A: 18 that count" in said
        chosen = json.dumps(
            [p.to_plotly_json() for p in form.chosen("alert", ["A", "B"])], default=_plain
        )
    assert "2 posts match." in chosen
    assert json.dumps(HOSTILE)[1:-1] in chosen
    assert str(percent(0.1)) in said
    assert form.preview(None)
