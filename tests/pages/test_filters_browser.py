"""The filters in a real browser: what is wrong is said beside the fields, and nothing is cut off."""

import re

import pytest

from tests.pages.test_browser import SEED, open_page, open_settings, site

__all__ = ["open_page", "site"]  # fixtures
TRACK = f"/tracks/{SEED}/"
REFUSED = "status of 422"


def change(page, name, value):
    """Fill in a field and leave it, which the browser tells the form."""
    page.locator(f"[name={name}]").fill(value)
    page.locator(f"[name={name}]").blur()


@pytest.mark.parametrize("path", [f"{TRACK}?scope=everywhere", f"/mix/?seed={SEED}&scope=everywhere"])
def test_a_contradiction_is_said_beside_its_fields_until_it_is_put_right(open_page, path):
    page = open_page(path, expected=REFUSED)
    open_settings(page)
    page.locator(".filters summary").click()
    change(page, "min_energy_percent", "80")
    page.wait_for_url("**min_energy=0.8**")
    before = page.locator(".neighbour-title").all_inner_texts()
    change(page, "max_energy_percent", "50")
    problem = page.locator("#problem-energy")
    problem.filter(has_text="Energy: no track has at least 80 % and at most 50 %.").wait_for()
    assert problem.evaluate("p => p.getBoundingClientRect().height") > 0
    assert page.locator("[aria-invalid=true]").count() == 3
    page.locator("[role=status]", has_text="The list is the one from before").wait_for()
    assert page.locator(".neighbour-title").all_inner_texts() == before
    assert "max_energy" not in page.url
    change(page, "max_energy_percent", "95")
    page.wait_for_url("**max_energy=0.95**")
    problem.wait_for(state="hidden")
    assert page.locator("[aria-invalid=true]").count() == 0
    assert page.locator("[role=status]", has_text="The list is the one from before").count() == 0
    page.reload()
    assert page.locator("[name=max_energy_percent]").input_value() == "95"


def test_a_contradiction_is_said_without_javascript_too(open_page):
    page = open_page(f"{TRACK}controls/", expected=REFUSED, java_script_enabled=False)
    page.locator(".filters summary").click()
    page.locator("[name=min_tempo]").fill("120")
    page.locator("[name=max_tempo]").fill("90")
    page.get_by_role("button", name="Show").click()
    text = "Tempo: no track has at least 120 BPM and at most 90 BPM."
    assert page.locator("#problem-tempo").inner_text() == text
    assert page.locator("[name=max_tempo]").input_value() == "90"
    page.locator("[name=max_tempo]").fill("")
    page.locator("input[value=everywhere]").check(force=True)
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith(f"{TRACK}?scope=everywhere&min_tempo=120")
    assert page.locator(".neighbour").count() > 0


def test_what_a_field_cannot_hold_is_told_by_the_browser_at_that_field(open_page):
    page = open_page(TRACK)
    open_settings(page)
    page.locator(".filters summary").click()
    change(page, "min_energy_percent", "150")
    page.wait_for_function("() => document.activeElement.name === 'min_energy_percent'")
    assert page.url.endswith(TRACK)
    page.locator(".filters summary").click()
    page.locator(".segments label", has_text="Everywhere").click()
    page.wait_for_function("() => document.activeElement.name === 'min_energy_percent'")
    assert page.locator("[name=min_energy_percent]").is_visible()


@pytest.mark.parametrize("ends", [lambda route: route.abort(), lambda route: route.fulfill(status=503)])
def test_a_list_that_cannot_be_fetched_is_said_to_be_the_old_one(open_page, ends):
    page = open_page(TRACK, expected="")  # the browser and htmx both complain
    failed = page.locator("[data-failed=controls]")
    assert failed.is_hidden()
    open_settings(page)
    page.route(re.compile("scope=everywhere"), ends)
    page.locator(".segments label", has_text="Everywhere").click()
    failed.filter(has_text="could not be fetched").wait_for()
    page.locator(".segments label", has_text="Nearby").click()
    failed.wait_for(state="hidden")


def test_from_an_empty_list_a_link_leads_to_a_longer_one(open_page):
    page = open_page(f"{TRACK}?min_tempo=299&scope=everywhere")
    page.locator("#neighbours-status", has_text="No track passes all the filters").wait_for()
    page.get_by_role("link", name=re.compile("Without “Tempo at least 299 BPM”")).click()
    page.wait_for_url("**/?scope=everywhere")
    assert page.locator(".neighbour").count() == 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_fields_can_be_read_and_have_their_names(open_page, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    path = f"{TRACK}?min_energy=0.8&max_energy=0.5&min_loudness=-12.25&only_key=1"
    page = open_page(
        path,
        expected=REFUSED,
        color_scheme=scheme,
        bypass_csp=True,
        viewport={"width": width, "height": 800},
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    fields = page.locator(".bounds .field")
    cut = fields.evaluate_all(
        "all => all.filter(f => f.scrollWidth > f.clientWidth || f.clientWidth < 60).map(f => f.name)"
    )
    assert fields.count() == 35
    assert cut == []
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []


def test_on_paper_there_is_the_list_without_what_can_only_be_pressed(open_page):
    page = open_page(TRACK)
    page.emulate_media(media="print")
    for pressed in (".settings", "nav", ".header-search", ".actions", ".play"):
        assert page.locator(pressed).first.is_hidden(), pressed
    assert page.locator(".neighbour-title").first.is_visible()
