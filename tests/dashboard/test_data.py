"""The page Data: what it shows of a store, and a whole import by keyboard alone."""

import datetime as dt
import re

import pytest

from campaigns.collectors import formats
from campaigns.store import Store
from campaigns.translations import speaking
from dashboard.answers import Answers
from dashboard.app import create, view_of
from dashboard.channels import CHANNELS, channel_of
from dashboard.page import find
from dashboard.pages import _asking, _coverage, _history
from dashboard.parts import collecting

NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
COSTS = (
    b"Campagne;Bedrag;Soort;Datum\nzomer;100;productie;13-02-2025\nzomer;50;productie;14-02-2025\n"
)


def day(text):
    return dt.date.fromisoformat(text)


def account_days(first, number, account="gemeente", platform="x"):
    return [
        {"platform": platform, "account_id": account, "day": day(first) + dt.timedelta(days=n),
         "delivery": "total", "impressions": 1, "collected_at": NOW}
        for n in range(number)
    ]  # fmt: skip


def person(account, **more):
    return {"platform": "linkedin", "account_id": account, "role": "ambassador", "name": account,
            "opted_in_on": day("2025-01-01"), "collected_at": NOW, **more}  # fmt: skip


class Shown:
    """The page of a store: its text, and its tables."""

    def __init__(self, path, search="", code="en"):
        app = create(path)
        page, values = find("/data")
        with app.server.test_request_context("/data"), speaking(code), collecting() as self.tables:
            content = page.content(view_of(page, "/data", search, values))
            made = [part.to_plotly_json() for part in content if part is not None]
        self.raw = str(made) + str([texts(part) for part in content if part is not None])
        self.text = " ".join(text for part in content if part is not None for text in texts(part))


def texts(part):
    """All texts of a component, and of the components in its properties."""
    if isinstance(part, str | int | float):
        return [str(part)]
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts(one)]
    if part is None:
        return []
    values = part.to_plotly_json()["props"]
    return [
        text
        for name, value in values.items()
        if name in {"children", "value", "href"}
        for text in texts(value)
    ]


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


# --- without data ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "nl"])
def test_without_a_store_files_can_be_dropped(tmp_path, code):
    shown = Shown(tmp_path / "store", code=code)
    assert ("Choose files" if code == "en" else "Kies bestanden") in shown.text
    assert not (tmp_path / "store").exists()


def test_a_batch_that_nobody_knows_is_explained(tmp_path):
    assert "was started again" in Shown(tmp_path / "store", "?batch=nothing").text


# --- what there is ---------------------------------------------------------------------------


def test_days_of_each_month_are_counted_and_gaps_are_named(store):
    rows = (
        account_days("2025-03-01", 10)
        + account_days("2025-03-15", 17)
        + account_days("2025-04-01", 30)
    )
    store.state({"account_days": rows}, "test")
    shown = Shown(store.path)
    [line] = shown.tables["coverage"].rows
    assert line.values["2025-03"] == 27
    assert line.values["2025-04"] == 30
    assert line.values["2025-02"] is None
    assert "27 of 31" in shown.text
    assert "no figures by day from 11 Mar 2025 to 14 Mar 2025 (4 days)" in shown.text


def test_earlier_years_are_a_link_away(store):
    store.state({"account_days": account_days("2023-01-01", 900)}, "test")
    shown = Shown(store.path)
    assert "Twelve months earlier" in shown.text
    assert "back=1" in shown.text
    earlier = Shown(store.path, "?back=1")
    assert next(iter(earlier.tables["coverage"].rows)).values["2024-01"] == 31


@pytest.mark.parametrize("back", ["x", "-1", "99999", "²"])
def test_a_year_that_is_none_is_no_error(store, back):
    store.state({"account_days": account_days("2025-01-01", 3)}, "test")
    assert Shown(store.path, f"?back={back}").tables["coverage"].rows


def test_accounts_of_colleagues_are_among_what_is_covered_when_asked_for(store):
    days = account_days("2025-01-01", 3) + account_days("2025-01-01", 3, "jan", "linkedin")
    store.state({"accounts": [person("jan")], "account_days": days}, "test")
    shown = Shown(store.path)
    assert [one.values["account"] for one in shown.tables["coverage"].rows] == ["gemeente"]
    assert "Show the accounts of colleagues too (1)" in shown.text
    shown = Shown(store.path, "?coverage=all")
    accounts = {one.values["account"] for one in shown.tables["coverage"].rows}
    assert accounts == {"gemeente", "a colleague"}


def test_a_channel_that_lies_behind_is_named_with_the_way_to_its_export(store):
    rows = account_days("2025-01-01", 60) + account_days("2025-01-01", 31, platform="linkedin")
    store.state({"account_days": rows}, "test")
    shown = Shown(store.path)
    assert "29 days behind" in shown.text
    assert "channel=linkedin#get" in shown.text
    assert "1 of 2 channels" in shown.text


def test_the_history_has_files_and_on_request_what_was_entered(store):
    store.state({"account_days": account_days("2025-01-01", 3)}, "accounts add x gemeente")
    assert Shown(store.path).tables["imports"].rows == []
    [line] = Shown(store.path, "?imports=all").tables["imports"].rows
    assert line.values["state"] == "imported"
    assert line.values["rows"] == 3
    assert line.shown["rows"].children[0].children == "figures by day: 3"


def test_what_was_taken_back_cannot_be_taken_back_again(store):
    taken = store.state({"account_days": account_days("2025-01-01", 3)}, "x")
    assert f"/imports/{taken}/undo" in Shown(store.path, "?imports=all").raw
    store.undo(taken)
    shown = Shown(store.path, "?imports=all")
    assert f"/imports/{taken}/undo" not in shown.raw
    assert "undone" in shown.text


def test_no_colleague_is_named_without_permission(store):
    days = account_days("2025-01-01", 3, "jan-jansen", "linkedin") + account_days(
        "2025-01-01", 3, "an-open", "linkedin"
    )
    people = [person("jan-jansen", person="Jan Jansen"), person("an-open", is_name_permitted=True)]
    store.state(
        {"accounts": people, "account_days": days}, "ambassadors opt-in linkedin jan-jansen"
    )
    for search in ("", "?imports=all"):
        shown = Shown(store.path, search)
        assert "jansen" not in shown.raw.casefold()
        assert "an-open" in shown.text
        assert "a colleague" in shown.text


def test_hostile_names_are_text_and_no_formula(store):
    rows = account_days("2025-01-01", 3, '=cmd|" /C calc"!A0') + account_days(
        "2025-01-01", 3, "<script>alert(1)</script>"
    )
    store.state({"account_days": rows}, "<b>x</b>")
    client = create(store.path).server.test_client()
    assert "<script>alert(1)</script>" in Shown(store.path, "?imports=all").text  # as a text node
    for name in ("coverage", "imports"):
        file = client.get(
            f"/download/csv/{name}?path=/data&search=imports%3Dall", headers={"Host": "localhost"}
        )
        assert file.status_code == 200
        assert not re.search(rb"(^|[,;])=", file.data)
        assert (
            client.get(
                f"/download/xlsx/{name}?path=/data&search=imports%3Dall",
                headers={"Host": "localhost"},
            ).status_code
            == 200
        )


def test_accounts_to_choose_from_are_no_persons(store):
    own = {"platform": "x", "account_id": "gemeente", "role": "own", "collected_at": NOW}
    store.state({"accounts": [own, person("jan"), person("an", is_name_permitted=True)]}, "test")
    app = create(store.path)
    page, values = find("/data")
    with app.server.test_request_context("/data"):
        assert _asking.known_accounts(view_of(page, "/data", "", values)) == [("x", "gemeente")]


def test_numbers_are_those_of_the_simulated_agency(agency):
    shown = Shown(agency)
    listed = shown.tables["imports"].rows
    with_days = {line.values["account"] for line in shown.tables["coverage"].rows}
    assert {"ag_waterweide", "agww_nu", "agww_werkt"} <= with_days
    assert len(listed) == len(
        Answers(agency).ask(
            lambda one: one.rows("SELECT 1 FROM imports WHERE format <> 'statement'"), "n"
        )
    )


# --- words -----------------------------------------------------------------------------------


def test_every_export_of_a_platform_is_explained_somewhere():
    told = {name for one in CHANNELS for way in one.ways for name in way.formats}
    old = {"x_posts_legacy", "x_days_legacy"}  # no longer offered by X
    collected = {"x_api"}  # no file that anybody downloads
    assert {one.name for one in formats() if one.menu} - told <= old | collected
    assert told <= {one.name for one in formats()}
    assert channel_of("x").name == "x"


def test_every_table_has_a_name_for_its_rows():
    from campaigns.schema import TABLES

    internal = {"imports", "erasures", "destructions"}
    wanted = {
        name
        for name in TABLES
        if name not in internal and not name.startswith(("experiment", "variant"))
    }
    assert wanted <= set(_history.TABLES)


def test_a_day_that_can_be_read_in_two_ways_is_shown_in_both():
    with speaking("nl"):
        assert _asking._reading("3-4-2025", "dmy") == "3 apr 2025"
        assert _asking._reading("3-4-2025", "mdy") == "4 mrt 2025"
        assert _asking._reading("no date", "dmy") == "eerst de dag, dan de maand"


def test_kinds_of_figures_have_words():
    assert set(_coverage.KINDS) == {"days", "posts", "ads"}


# --- in a browser ----------------------------------------------------------------------------

OVERVIEW = (
    b"Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,"
    b"Profile visits,Create Post,Video views,Media views\n"
    b'"Tue, Feb 18, 2025",100,1,2,0,0,0,0,0,0,0,1,0,0\n"Wed, Feb 19, 2025",200,1,2,0,0,0,0,0,0,0,1,0,0\n'
)


def tab_to(page, target, limit=80):
    """Press Tab until an element has the focus: by keyboard alone, as somebody would."""
    for _press in range(limit):
        if page.evaluate("(target) => document.activeElement.matches(target)", target):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} cannot be reached by Tab")


def test_the_keyboard_alone_imports_a_file_answers_and_takes_it_back(tmp_path, visit):
    one = visit(tmp_path / "store")
    files = [
        {"name": "account_overview_analytics.csv", "mimeType": "text/csv", "buffer": OVERVIEW},
        {"name": "<b>kosten.csv", "mimeType": "text/csv", "buffer": COSTS},
    ]
    one.page.on("filechooser", lambda chooser: chooser.set_files(files))
    page = one.to("/data")
    tab_to(page, "#choose-files")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result-title:focus", timeout=60_000)
    result = page.locator("#result")
    assert "imported: 1" in result.inner_text()
    assert "waiting for an answer: 1" in result.inner_text()
    assert "_b_kosten.csv" in result.inner_text()
    assert "waiting for an answer: 1" in page.locator("#said").inner_text()

    tab_to(page, "#result [name=account]")
    page.keyboard.type("gemeente")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result .badge.good >> nth=1", timeout=60_000)
    assert "account gemeente" in page.locator("#result").inner_text()
    assert "2 new" in page.locator("#result").inner_text()

    page.reload()
    one.settle()
    assert "account gemeente" in page.locator("#result").inner_text()
    tab_to(page, "#history summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#said", has_text="taken back").wait_for(state="attached")
    page.locator("#history .badge", has_text="undone").wait_for()
    assert page.locator("#history .badge", has_text="undone").count() == 1


def test_files_and_folders_can_be_dropped(tmp_path, visit):
    one = visit(tmp_path / "store", "nl")
    page = one.to("/data")
    data = page.evaluate_handle(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "kosten.csv", { type: "text/csv" }));
          return data;
        }""",
        COSTS.decode(),
    )
    page.dispatch_event("#drop", "dragover", {"dataTransfer": data})
    assert page.locator("#drop.over").count() == 1
    page.dispatch_event("#drop", "drop", {"dataTransfer": data})
    page.wait_for_selector("#result-title", timeout=60_000)
    assert "1 geïmporteerd" in page.locator("#result").inner_text()


def test_what_is_wrong_with_an_answer_stands_beside_it(tmp_path, visit):
    one = visit(tmp_path / "store")
    page = one.to("/data")
    file = {"name": "account_overview_analytics.csv", "mimeType": "text/csv", "buffer": OVERVIEW}
    page.set_input_files("#input-files", [file])
    page.wait_for_selector("#result [name=account]", timeout=60_000)
    page.fill("#result [name=account]", "   ")
    page.click("#result .ask button")
    page.wait_for_selector("#result [aria-invalid=true]")
    field = page.locator("#result [name=account]")
    assert field.input_value() == "   "
    said = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert said.inner_text() == "Enter the name of the account."
    one.said[:] = [line for line in one.said if "422" not in line]


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(tmp_path, visit):
    one = visit(tmp_path / "store")
    page = one.to("/data")
    page.evaluate("document.getElementById('drop').dataset.bytes = '10'")
    page.set_input_files(
        "#input-files", [{"name": "big.csv", "mimeType": "text/csv", "buffer": COSTS}]
    )
    page.wait_for_selector("#result-title", timeout=60_000)
    assert "too large" in page.locator("#result").inner_text()
