"""What a callback takes an interest in stays a component; the rest is sent as plain elements."""

from dash import dcc, html

from dashboard.app import create
from dashboard.controls import Control
from dashboard.flat import Static, flattened, interests


def known(given):
    return not isinstance(given, str) or given == "wanted"


def test_a_plain_part_is_one_component():
    (one,) = flattened([html.P(["a", html.B("b"), 3]), html.P()], known)
    assert isinstance(one, Static)
    assert one.tree == ["", {}, [["p", {}, ["a", ["b", {}, ["b"]], 3]], ["p", {}, []]]]


def test_a_control_keeps_its_place_between_plain_neighbours():
    control = Control(id="x", value="1")
    (one,) = flattened([html.Div([html.P("before"), control, html.P("after")])], known)
    before, middle, after = one.children
    assert middle is control
    assert (before.tree[2], after.tree[2]) == ([["p", {}, ["before"]]], [["p", {}, ["after"]]])


def test_what_a_callback_names_stays():
    button, other = html.Button("a", id="wanted"), html.Button("b", id={"drop": 1})
    plain, one, two = flattened([html.Button("c", id="quiet"), button, other], known)
    assert plain.tree[2] == [["button", {"id": "quiet"}, ["c"]]]
    assert (one, two) == (button, other)


def test_links_stay_inside_and_texts_stay_texts():
    (one,) = flattened([dcc.Link("<script>", href="/x")], known)
    assert one.tree[2] == [["a", {"href": "/x", "data-inside": "true"}, ["<script>"]]]


def test_the_interests_of_the_dashboard_are_those_of_its_callbacks(tmp_path):
    is_known = interests(create(tmp_path / "none"))
    assert is_known("page")
    assert is_known("location")
    assert is_known({"form": "campaign", "drop": 1})
    assert not is_known("title")
