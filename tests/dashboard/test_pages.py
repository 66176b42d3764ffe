"""What holds for every page: found by discovery, so a new page is tested without a line here."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from dashboard.answers import Answers
from dashboard.page import Page, pages

PAGES = {page.path: page for page in pages()}
LANGUAGES = ("nl", "en")
SCHEMES = ("light", "dark")
PHONE = {"width": 320, "height": 640}

page_and_language = [
    pytest.param(page, code, id=f"{page.path}-{code}")
    for page in PAGES.values()
    for code in LANGUAGES
]


def addresses(page: Page, store) -> list[str]:
    if "<" not in page.path:
        return [page.path]
    assert page.examples is not None, f"{page.path} gives no examples"
    found = list(page.examples(Answers(store)))
    assert found, f"{page.path} has no example in the simulated agency"
    return found[:1]


def open_everything(shown):
    """Open what can be opened: help, and details, of which some close when the focus moves on."""
    hint = shown.locator("main .hint-button").first
    if hint.count():
        hint.focus()
    shown.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")


CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"]}
STRUCTURE = {"rules": {"color-contrast": {"enabled": False}}}


def violations(shown, options: dict[str, object]) -> list[str]:
    """What axe finds; colours and structure apart where the other cannot have changed."""
    if not shown.evaluate("() => 'axe' in window"):
        shown.evaluate(Axe().axe_script)
    found = shown.evaluate(
        "(options) => axe.run({...options, resultTypes: ['violations']})"
        ".then((all) => all.violations.map((one) => [one.id, one.nodes.map((n) => n.html)]))",
        options,
    )
    return [f"{rule}: {element[:200]}" for rule, elements in found for element in elements]


def overflow(shown) -> list[str]:
    """Elements that stick out of the window, unless something that scrolls holds them."""
    return shown.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll('body *')]
            .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.closest('.scroll'))
            .map((one) => one.outerHTML.slice(0, 120)).slice(0, 5)
            .concat(['the page is ' + document.documentElement.scrollWidth + ' wide']);
        }"""
    )


def is_good(one, code: str, *, on_a_phone: bool) -> None:
    """Both colour schemes, wide and narrow; axe on a phone too where there is much to see."""
    shown = one.page
    assert shown.locator("html").get_attribute("lang") == code
    assert shown.locator("h1").count() == 1
    assert shown.title().endswith("– bereik")
    open_everything(shown)
    for scheme in SCHEMES:
        shown.emulate_media(color_scheme=scheme)
        shown.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
        assert violations(shown, {} if scheme == SCHEMES[0] else CONTRAST) == []
    shown.set_viewport_size(PHONE)
    assert overflow(shown) == []
    if on_a_phone:
        assert violations(shown, STRUCTURE) == []


@pytest.mark.parametrize(("page", "code"), page_and_language)
def test_a_page_with_data_is_accessible_quiet_and_fits(page, code, states, visit):
    one = visit(states["full"], code)
    for address in addresses(page, states["full"]):
        one.to(address)
        is_good(one, code, on_a_phone=True)


@pytest.mark.parametrize("state", ["empty", "bare", "broken"])
@pytest.mark.parametrize(("page", "code"), page_and_language)
def test_a_page_without_data_says_why_and_offers_a_way(page, code, state, states, visit):
    one = visit(states[state], code)
    one.to(re.sub(r"<\w+>", "nobody", page.path))
    is_good(one, code, on_a_phone=False)
    assert one.page.locator("main a, main button").count() >= 1


def test_every_page_has_an_address_of_its_own():
    assert len(PAGES) == len(pages())


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_reload_restores_the_view(page, states, visit):
    one = visit(states["full"])
    address = addresses(page, states["full"])[0]
    one.to(f"{address}?from=2026-01-01&to=2026-03-31&compare=year")
    before = one.page.locator("main").inner_text()
    one.page.reload()
    one.settle()
    assert one.page.locator("main").inner_text() == before
