"""A test of message is stated in the browser: variants, posts by hand, saving, changing."""

from playwright.sync_api import expect

from audiences import experiments
from campaigns.store import Store


def field(page, name):
    return page.locator(f'[id=\'{{"field":"{name}","form":"experiment"}}\']')


def test_a_test_is_stated_with_posts_chosen_by_hand(own_agency, visit):
    one = visit(own_agency)
    page = one.to("/variants/new")
    field(page, "name").fill("Zwemmen of storm")
    field(page, "variant_1_value").fill("ZwemVeilig")
    page.locator("#experiment-find").fill("stormseizoen begonnen")
    page.locator("#experiment-found button", has_text="to B").first.click()
    expect(field(page, "variant_2_posts")).not_to_have_value("")
    expect(page.locator("#experiment-preview")).to_contain_text("B: 1 that count")
    page.click("#experiment-add-variant")
    expect(field(page, "variant_3_name")).to_be_focused()
    page.click("text=Take out variant 3")
    expect(field(page, "variant_3_name")).to_have_count(0)
    expect(field(page, "name")).to_have_value("Zwemmen of storm")
    page.click("#experiment-save")
    page.wait_for_url("**/variants/zwemmen-of-storm")
    one.settle()
    expect(page.locator("h1")).to_have_text("Zwemmen of storm")
    expect(page.locator(".verdict").first).to_contain_text("B has 0 posts that can be used")
    (found,) = [
        test
        for test in Store.open(own_agency).read(experiments.experiments)
        if test.name == "Zwemmen of storm"
    ]
    assert [rule.kind for rule in found.variants[1].rules] == ["post"]


def test_what_is_missing_is_said_beside_its_field(own_agency, visit):
    one = visit(own_agency)
    page = one.to("/variants/new")
    field(page, "variant_1_value").fill("a b")
    page.click("#experiment-save")
    expect(page.get_by_role("alert")).to_be_visible()
    assert field(page, "name").get_attribute("aria-invalid") == "true"
    assert field(page, "variant_1_value").get_attribute("aria-invalid") == "true"
    assert field(page, "variant_2_value").get_attribute("aria-invalid") == "true"
    expect(field(page, "variant_1_value")).to_have_value("a b")
