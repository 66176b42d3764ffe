"""The page Audiences and its form: what is shown is what the report says, hostile text is text."""

import datetime as dt
import json

import pytest
from dash._utils import to_json

from audiences import segments
from audiences.segments import Condition, Segment
from campaigns.errors import BadFields, ChangedMeanwhile
from campaigns.store import Store
from campaigns.translations import speaking
from dashboard.app import create, show
from dashboard.pages import _audience_form as form

LAST = dt.date(2025, 3, 31)
AT = dt.datetime(2025, 4, 1, tzinfo=dt.UTC)
HOSTILE = "<script>alert(1)</script> =1+1"


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
    app = create(tmp_path / "store")
    with app.server.test_request_context("/"), speaking("en"):
        yield app


@pytest.fixture
def store(app, tmp_path):
    made = Store.create(tmp_path / "store")
    rows, shares, days = [], [], []
    for name, platform in (("pagina", "linkedin"), ("handle", "x")):
        about = {"platform": platform, "account_id": name, "collected_at": AT}
        rows.append({**about, "role": "own"})
        days += [
            {**about, "day": LAST - dt.timedelta(days=n), "delivery": "total",
             "impressions": 100 if n < 14 or platform == "x" else 300 + n % 7}
            for n in range(60)
        ]  # fmt: skip
    made_up = {"platform": "linkedin", "account_id": "pagina", "collected_at": AT,
               "dimension": "function", "first_day": LAST, "last_day": LAST}  # fmt: skip
    for value, many in (
        ("Engineering", 300),
        ("Education", 95),
        ("Arts", 3),
        ("Care", 2),
        ("Legal", 600),
    ):
        shares.append({**made_up, "value": value, "people": many})
    made.state({"accounts": rows, "audience_shares": shares, "account_days": days}, "test")
    return made


def shown(address):
    path, _mark, search = address.partition("?")
    content, _navigation = show(path, f"?{search}" if search else "")
    return json.dumps(json.loads(to_json(content)), separators=(",", ":"), ensure_ascii=False)


def add(store, name, value, share=None):
    source = None if share is None else HOSTILE
    segments.add(store, Segment(name, (Condition("function", value),), "", share, source, HOSTILE))


def test_groups_stand_by_channel_with_their_index(store):
    add(store, "Techniek", "Engineering", 0.2)
    add(store, "Onderwijs", "Education", 0.3)
    page = shown("/audiences")
    assert "Under-reached: Onderwijs on LinkedIn. Over-reached: Techniek on LinkedIn." in page
    [one] = segments.report(store, names=["Techniek"]).groups
    index = one.cells[0]
    assert f"index 150 ({100 * index.index_lower:.0f} to {100 * index.index_upper:.0f})" in page
    assert "of 1,000 followers, 31 Mar 2025" in page
    assert "≈" in page


def test_small_groups_are_not_shown(store):
    add(store, "Kunst", "Arts", 0.1)
    page = shown("/audiences")
    assert "too few people to show" in page
    assert "index" not in page.split("Target groups by channel")[1]


def test_hostile_names_are_text(store):
    add(store, HOSTILE, "Engineering", 0.2)
    page = shown("/audiences")
    assert "dangerously" not in page.lower()
    assert HOSTILE in page


def test_the_mix_is_of_the_group_in_the_address_and_says_that_it_shifted(store):
    add(store, "Techniek", "Engineering")
    segments.add(store, Segment("Allen", (Condition("platform", "x"),
                                          Condition("platform", "linkedin"))))  # fmt: skip
    page = shown("/audiences")
    assert "Channel mix: Allen" in page
    assert "In the last 14 days it has changed" in page
    assert "Channel mix: all together" in shown("/audiences?group=all")
    assert "Channel mix: Allen" in shown("/audiences?group=nobody")


def test_without_groups_the_page_says_what_will_stand_there(store):
    page = shown("/audiences")
    assert "No target groups yet" in page
    assert "/audiences/new" in page
    assert "Channel mix: all together" in page


# --- the form


GIVEN = {"name": " Techniek ", "function": "Engineering; IT", "population_share": "5,5",
         "population_source": "CBS 2024", "key": "", "version": ""}  # fmt: skip


def test_what_is_typed_is_stated(app, tmp_path):
    done = form.save(GIVEN)
    assert (done.to, done.said) == ("/audiences", "Saved: Techniek.")
    [one] = Store.open(tmp_path / "store").read(segments.segments)
    assert one.values("function") == ("Engineering", "IT")
    assert one.population_share == pytest.approx(0.055)


def test_a_form_that_is_saved_as_it_was_changes_nothing(store):
    form.save(GIVEN)
    [one] = store.read(segments.segments)
    form.save(form.values_of(one))
    assert store.read(segments.segments) == [one]


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"function": " ; "}, {"function"}),
        ({"population_share": "120"}, {"population_share"}),
        ({"population_share": "veel"}, {"population_share"}),
        ({"population_source": ""}, {"population_source"}),
        ({"population_share": ""}, {"population_share"}),
    ],
)
def test_what_is_wrong_stands_beside_its_field(store, more, fields):
    with pytest.raises(BadFields) as raised:
        form.save({**GIVEN, **more})
    assert set(raised.value.fields) == fields
    assert store.read(segments.segments) == []


def test_two_who_change_one_group(store):
    form.save(GIVEN)
    [one] = store.read(segments.segments)
    mine = {**form.values_of(one), "function": "Legal"}
    form.save({**form.values_of(one), "function": "Sales"})
    with pytest.raises(ChangedMeanwhile) as raised:
        form.save(mine)
    values, version = form.newer(raised.value.values["record"])
    assert values["function"] == "Sales"
    form.save({**mine, "version": version})
    assert store.read(segments.segments)[0].values("function") == ("Legal",)


def test_taking_out_from_the_form(store):
    form.save(GIVEN)
    [one] = store.read(segments.segments)
    assert "Techniek" in shown(f"/audiences/{one.segment_id}/edit")
    form.remove(form.values_of(one))
    assert store.read(segments.segments) == []
    assert "no target group" in shown(f"/audiences/{one.segment_id}/edit")


def test_the_form_proposes_what_the_data_have(store):
    page = shown("/audiences/new")
    assert '"value":"Engineering"' in page
