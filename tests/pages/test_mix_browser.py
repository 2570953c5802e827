"""The mix in a real browser: built, changed, followed by its link, with and without JavaScript."""

import re

import pytest

from tests.pages.test_browser import SEED, open_page, open_settings, site

__all__ = ["open_page", "site"]  # fixtures


def build(page):
    """A mix of Clair de lune and Title 0, started from a track's page."""
    page.get_by_role("link", name="Add to mix").click()
    page.locator("h1", has_text="Mix of Clair de lune").wait_for()
    page.wait_for_load_state()  # what is typed before htmx is there goes unheard


def test_a_mix_is_built_changed_and_followed_by_its_link(open_page):
    page = open_page(f"/tracks/{SEED}/")
    build(page)
    page.locator("#mix-q").press_sequentially("title 10", delay=15)
    page.get_by_role("button", name="Add Title 10 to the mix").first.click()
    page.locator("h1", has_text="Clair de lune, Title 10").wait_for()
    open_settings(page)
    page.locator(".segments label", has_text="Everywhere").click()
    page.wait_for_url("**scope=everywhere**")
    page.locator("#mix-status", has_text="from 2 seeds").wait_for()
    assert len(re.findall(r"[?&]seed=", page.url)) == 2
    page.wait_for_load_state()
    page.locator("#mix-q").fill("title 20")
    page.get_by_role("button", name="Add Title 20 to the mix").first.click()
    page.locator("#mix-status", has_text="from 3 seeds").wait_for()
    page.get_by_role("button", name="Remove Title 20").click()
    page.locator("#mix-status", has_text="from 2 seeds").wait_for()
    page.locator("#mix-list .neighbour").nth(0).get_by_role("button", name="Avoid").click()
    page.locator("#mix-avoid ~ ul li").wait_for()
    assert "from everywhere" in page.locator("#request").inner_text()
    page.get_by_role("button", name="Remove").last.click()
    page.locator("#mix-avoid ~ ul").wait_for(state="detached")
    assert "from everywhere" in page.locator("#request").inner_text()
    page.locator("#mix-list .near").first.click()
    page.locator("#mix-list .distance-detail .parts").wait_for()
    titles = page.locator("#mix-list .neighbour .neighbour-title").all_inner_texts()
    page.get_by_role("link", name="Link to this list").click()
    page.wait_for_url("**/mix/*~*/")
    assert page.locator("#mix-list .neighbour .neighbour-title").all_inner_texts() == titles
    with page.expect_download() as download:
        page.get_by_role("link", name="M3U").click()
    assert download.value.suggested_filename == "soundkin-mix-of-clair-de-lune-title-10.m3u"


def test_a_mix_is_changed_in_place(open_page):
    page = open_page(f"/mix/?seed={SEED}&scope=everywhere", viewport={"width": 1280, "height": 500})
    page.evaluate("document.body.dataset.stays = 'here'")
    rows = page.locator("#mix-list .neighbour")
    add = rows.nth(7).get_by_role("button", name="Add")
    added = rows.nth(7).locator(".neighbour-title").inner_text()
    add.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 0
    add.click()
    page.locator("#mix-status", has_text="from 2 seeds").wait_for()
    page.wait_for_function("document.activeElement.matches('#mix-list [name=take]')")
    assert page.evaluate("scrollY") == scrolled
    assert added not in page.locator("#mix-list .neighbour-title").all_inner_texts()
    assert page.locator("h1").inner_text() == f"Mix of Clair de lune, {added}"
    assert page.title() == f"Mix of Clair de lune, {added} · Soundkin"
    assert page.locator("#mix-path option").count() == 4
    assert page.url.count("seed=") == 2 and "take=" not in page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # “Avoid” of the same row
    page.locator("#mix-avoid ~ ul li").wait_for()
    page.wait_for_function("document.activeElement.matches('#mix-list [name=shun]')")
    open_settings(page)
    page.locator(".segments label", has_text="Nearby").click()
    page.wait_for_url("**scope=nearby**")
    assert len(re.findall("[?&]seed=", page.url)) == 2 and "avoid=" in page.url
    assert page.locator("body[data-stays]").count() == 1  # it was one page all along
    page.go_back()
    page.locator("#mix-status", has_text="from 2 seeds").wait_for()
    assert "avoid=" not in page.url
    page.go_back()
    page.locator("#mix-status", has_text="from 1 seed").wait_for()
    page.get_by_role("button", name="Remove Clair de lune").click()
    page.locator("h2", has_text="Find a track to start from").wait_for()
    assert page.url.endswith("/mix/?scope=everywhere")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_eight_stops_lead_to_the_first_track_of_a_mix(open_page, width, height):
    page = open_page(f"/mix/?seed={SEED}", viewport={"width": width, "height": height})
    for _stop in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#mix-list .neighbour-title')"):
            return
    pytest.fail("the first track is farther than eight stops away")


def test_the_mix_works_without_javascript(open_page):
    page = open_page(f"/tracks/{SEED}/", java_script_enabled=False)
    build(page)
    page.locator("#mix-q").fill("title 10")
    page.locator("#mix-q").press("Enter")
    page.get_by_role("button", name="Add Title 10 to the mix").first.click()
    page.locator(".settings > summary").click()
    page.get_by_role("link", name="All settings").click()
    page.locator("input[value=everywhere]").check(force=True)
    page.get_by_role("button", name="Show").click()
    assert "scope=everywhere" in page.url
    assert page.locator("#mix-list .neighbour").count() == 20
    page.locator("#mix-list .near").first.click()
    assert page.locator(".distance-detail .parts").count() == 1
    page.get_by_role("link", name="Back to the list").click()
    page.get_by_role("button", name="Find the way").click()
    page.locator("h1", has_text="From Clair de lune to Title 10").wait_for()
    assert page.locator(".neighbour").count() == 5
    page.get_by_role("link", name="Back to the mix").click()
    page.get_by_role("button", name="Remove Title 10").click()
    assert page.locator("h1").inner_text() == "Mix of Clair de lune"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["empty", "mix", "path"])
def test_no_page_of_mixes_has_a_serious_barrier_or_scrolls_sideways(open_page, site, kind, scheme):
    from axe_playwright_python.sync_playwright import Axe

    other = site[0].spotify_id
    query = f"?seed={SEED}&seed={other}&avoid={site[3].spotify_id}&q=title"
    path = {"empty": "/mix/", "mix": f"/mix/{query}", "path": f"/mix/path/{query}&start={SEED}&end={other}"}
    page = open_page(path[kind], color_scheme=scheme, bypass_csp=True, viewport={"width": 320, "height": 800})
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
