"""What people do with it: by the keyboard alone, with another's link, while files come in."""

import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner

from campaigns import simulate
from campaigns.store import Store
from scripts import main

ENOUGH = 300


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """An export file of X that has posts with a hashtag."""
    folder = tmp_path_factory.mktemp("exports")
    files = simulate.write(simulate.organisation(seed=5, months=3), folder)
    return next(path for path in files if "tweet_activity" in path.name)


def reach(page, selector: str):
    """Go to an element by the Tab key alone."""
    for _press in range(ENOUGH):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_the_keyboard_alone_imports_defines_reads_and_undoes(tmp_path, visit, export):
    one = visit(tmp_path / "store")
    page = one.to("/")

    # Nothing is there yet; the one way forward leads to the files.
    reach(page, "main a.button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drop")
    assert page.evaluate("() => document.activeElement.tagName") == "H1"

    # The browser's own window for files is opened by the button. The browser is told at once that
    # it will be answered here: told with the key, a busy one opens its own.
    asked = []
    page.on("filechooser", lambda chooser: asked.append(chooser))
    reach(page, "#choose-files")
    page.keyboard.press("Enter")
    for _moment in range(ENOUGH):
        page.wait_for_timeout(0 if asked else 100)
    asked[0].set_files(export)
    page.wait_for_selector("#result-title")
    assert len(Store.open(tmp_path / "store").records()) == 1

    # A campaign with a rule.
    page = one.to("/data/campaigns/new")
    reach(page, "input[id*=name]")
    page.keyboard.type("Water")
    reach(page, "input[id*=rule_1_value]")
    page.keyboard.type("water")
    reach(page, "#campaign-save")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#said').textContent !== ''")

    # A chart, read as a table.
    page = one.to("/")
    reach(page, "#table-tab-course")
    page.keyboard.press("Enter")
    assert page.locator("#table-course").is_visible()
    assert not page.locator("#chart-course").is_visible()
    assert page.locator("#table-course tbody tr").count() >= 1

    # And back again.
    page = one.to("/data")
    reach(page, "#history button, #history summary")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    if page.evaluate("() => document.activeElement.tagName") == "SUMMARY":
        reach(page, "#history details[open] button")
        page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#said').textContent !== ''")
    states = {row["state"] for row in Store.open(tmp_path / "store").records().values()}
    assert "undone" in states


def test_filters_stand_in_the_address_and_links_carry_them(agency, visit):
    one = visit(agency)
    page = one.to("/")
    page.click("#filter-platform")
    for name in ("linkedin", "x"):  # the list stays open while the page is made anew
        page.focus(f"#platform-{name}")
        page.keyboard.press("Space")
        page.wait_for_function("(name) => location.search.includes(name)", arg=name)
        one.settle()
        page.wait_for_function(
            "(id) => document.activeElement.id === id && document.activeElement.checked",
            arg=f"platform-{name}",
        )
    page.keyboard.press("Escape")
    assert not page.locator("#platform-x").is_visible()
    page.click("#navigation a[href^='/campaigns']")
    page.wait_for_function("() => location.pathname === '/campaigns'")
    one.settle()
    assert "platform=linkedin%2Cx" in page.url
    assert page.locator("#filter-platform").inner_text() == "LinkedIn, X"
    assert page.evaluate("() => document.activeElement.tagName") == "H1"
    page.go_back()
    page.wait_for_function("() => location.pathname === '/'")
    one.settle()
    assert page.locator("#filter-platform").inner_text() == "LinkedIn, X"
    page.click(".chip")  # takes one channel away
    page.wait_for_function("() => document.querySelector('#filter-platform').innerText === 'X'")
    assert "platform=x" in page.url


def test_a_link_shows_a_colleague_the_same(agency, visit):
    here, there = visit(agency, "nl"), visit(agency, "nl", "dark")
    address = "/campaigns?from=2026-01-01&to=2026-06-30&compare=none"
    shown = [one.to(address).locator("main table").first.inner_text() for one in (here, there)]
    assert shown[0] == shown[1]


def test_a_chosen_period_is_one_of_its_own(agency, visit):
    one = visit(agency)
    page = one.to("/")
    page.fill("#filter-from", "2026-02-01")
    page.fill("#filter-to", "2026-03-31")
    page.focus("#theme")
    page.wait_for_function("() => location.search.includes('to=2026-03-31')")
    one.settle()
    assert "from=2026-02-01" in page.url
    assert page.locator(".chip").count() == 1


@pytest.mark.parametrize("pause", [0, 40, 250])
def test_of_quick_changes_the_last_is_shown(agency, visit, pause):
    one = visit(agency)
    page = one.to("/")
    page.evaluate(
        """async (pause) => {
            for (const to of ["2026-03-01", "2026-02-14", "2026-04-11"]) {
                window.dashboard.visit("/?from=2026-01-01&to=" + to);
                await new Promise((done) => setTimeout(done, pause));
            }
        }""",
        pause,
    )
    page.wait_for_selector("#filter-to[value='2026-04-11']")
    one.settle()
    assert page.url.endswith("/?from=2026-01-01&to=2026-04-11")
    page.go_back()
    page.wait_for_selector("#filter-to[value='2026-02-14']")


def test_the_theme_is_the_readers_and_stays(agency, visit):
    one = visit(agency, scheme="light")
    page = one.to("/glossary")
    page.click("#theme")
    page.reload()
    one.settle()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.evaluate("() => localStorage.clear()")


def test_the_language_is_switched_on_the_same_view(agency, visit):
    one = visit(agency, "nl")
    page = one.to("/glossary?q=bereik")
    page.click("#language")
    page.wait_for_selector("html[lang=en]")
    one.settle()
    assert page.url.endswith("/glossary?q=bereik")
    page.click("#language")
    page.wait_for_selector("html[lang=nl]")


def test_help_is_shown_on_focus_and_closed_by_escape(agency, visit):
    page = visit(agency).to("/")
    hint = page.locator("main .hint-button").first
    hint.focus()
    tip = page.locator("main .tooltip").first
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_pages_are_read_while_an_import_writes(own_agency, served, tmp_path):
    """Every answer is whole: the page as it was, or as it is."""
    import json
    import urllib.request

    address = served(own_agency) + "/_dash-update-component"
    outputs = [("page", "children"), ("navigation", "children"), ("said", "children")]
    inputs = [("location", "pathname", "/"), ("location", "search", ""), ("changed", "data", None)]
    body = {
        "output": ".." + "...".join(f"{one}.{name}" for one, name in outputs) + "..",
        "outputs": [{"id": one, "property": name} for one, name in outputs],
        "inputs": [{"id": one, "property": name, "value": value} for one, name, value in inputs],
        "changedPropIds": ["location.pathname"],
    }
    costs = tmp_path / "costs.csv"
    costs.write_text("campaign,amount,currency,description\nzwemveilig-2025,5,EUR,extra\n")
    failures: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            request = urllib.request.Request(
                address, json.dumps(body).encode(), {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request) as answer:
                text = answer.read().decode()
            if answer.status != 200 or "went wrong" in text:
                failures.append(text[:200])

    readers = [threading.Thread(target=read) for _reader in range(3)]
    for reader in readers:
        reader.start()
    command = [sys.executable, "-m", "scripts", "--store", str(own_agency), "import", str(costs)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    done.set()
    for reader in readers:
        reader.join()
    assert run.returncode == 0, run.stderr
    assert failures == []


def test_numbers_on_the_page_are_those_of_the_command(agency, visit):
    """The same filters give the same numbers, in the browser and in JSON."""
    import json

    period = ("2026-01-01", "2026-03-31")
    args = ["--store", str(agency), "report", "--by", "campaign", "--format", "json",
            "--metric", "impressions", "--metric", "cost", "--from", period[0], "--to", period[1]]  # fmt: skip
    rows = json.loads(CliRunner().invoke(main, args).stdout)["rows"]
    expected = {f"{row['impressions']:,}" for row in rows if row["campaign"] and row["impressions"]}
    one = visit(agency, "en")
    page = one.to(f"/?from={period[0]}&to={period[1]}")
    page.click("#table-tab-campaigns")
    cells = page.locator("#table-campaigns tbody td:nth-child(3)").all_inner_texts()
    assert expected
    assert set(cells) == expected
    for row in rows:
        if row["campaign"] and row["impressions"] and row["cost"] is not None:
            assert f"€{row['cost']:,.2f}" in page.locator("#table-campaigns").inner_text()
