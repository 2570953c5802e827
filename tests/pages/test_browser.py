"""The pages in a real browser: as a listener uses them, with a keyboard alone, and without JavaScript."""

import re

import pytest

from recommender.models import ClusteringRun
from tests.factories import make_catalogue, make_track, publish_run
from tests.pages.conftest import MARKUP
from tracks.jobs.work import Status
from tracks.search import rebuild_index

SEED = "clairdelune00000000001"
PAGES = ("/", "/?q=title", f"/tracks/{SEED}/?scope=everywhere&per_artist=0", "/clusters/", "/clusters/1/",
         "/artists/Claude Debussy/", "/genres/classical/")  # fmt: skip


@pytest.fixture
def site(transactional_db):
    """A published run of a searchable catalogue, markup in one of its titles."""
    tracks = make_catalogue()
    make_track("hostile000000000000001", MARKUP, [MARKUP], ["classical"], album=MARKUP)
    tracks.append(make_track(SEED, "Clair de lune", ["Claude Debussy"], ["classical"], popularity=90))
    rebuild_index()
    publish_run()
    return tracks


@pytest.fixture
def open_page(browser, live_server, site):
    """Opens pages of the site; whatever else than `expected` the browser complains of fails the test."""
    contexts, complaints = [], []

    def opened(path="/", expected="no complaint", **options):
        contexts.append(browser.new_context(base_url=live_server.url, **options))
        page = contexts[-1].new_page()

        def listen(message):
            # A poll that leaving the page cuts off; one that fails says htmx:sendError, too.
            is_cut_off = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort"))
            if message.type == "error" and expected not in message.text and not is_cut_off:
                complaints.append(message.text)

        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def open_settings(page):
    """Open the line above the list, whose fields are fetched by that."""
    page.locator(".settings > summary").click()
    page.locator(".filters summary").wait_for()


def test_a_typo_leads_to_the_track_and_its_neighbours(open_page):
    page = open_page()
    page.locator("#q").press_sequentially("clare de lune", delay=15)
    hit = page.locator("a.hit-link", has_text="Clair de lune")
    page.wait_for_url(lambda url: url.endswith("/?q=clare+de+lune"))
    hit.click()
    page.wait_for_url(f"**/tracks/{SEED}/")
    assert page.locator("h1").inner_text() == "Clair de lune"
    assert page.locator(".neighbour").count() >= 10
    page.go_back()
    assert page.locator("#q").input_value() == "clare de lune"
    assert page.locator("a.hit-link", has_text="Clair de lune").is_visible()


def test_the_whole_way_with_the_keyboard_alone(open_page):
    page = open_page()
    page.keyboard.type("title", delay=15)
    page.locator("a.hit-link").nth(1).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.querySelectorAll('a.hit-link')[1]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{chosen}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    open_settings(page)
    page.locator("input[value=cluster]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**scope=nearby**")
    assert page.locator("input[value=nearby]").is_checked()


def test_controls_change_the_list_in_place_and_survive_a_reload(open_page):
    page = open_page(f"/tracks/{SEED}/")
    spoken = page.locator("#neighbours-status").element_handle()
    open_settings(page)
    page.locator(".segments label", has_text="Everywhere").click()
    page.wait_for_function(
        "status => status.isConnected && status.innerText.includes('clusters')", arg=spoken
    )
    # A second change would abort the first request, which the browser writes to its console.
    page.wait_for_url(re.compile(r"scope=everywhere"))
    page.locator("select[name=limit]").select_option("50")
    page.wait_for_url(re.compile(r"limit=50.*scope=everywhere"))
    page.locator("#neighbours-status", has_text="out of 4 clusters").wait_for()
    shown = page.locator(".neighbour").count()
    assert page.locator("#request").inner_text() == "Up to 50 from everywhere, 1 per artist"
    page.reload()
    assert page.locator(".neighbour").count() == shown > 10
    open_settings(page)
    assert page.locator("select[name=limit]").input_value() == "50"


def test_everything_works_without_javascript(open_page):
    page = open_page(java_script_enabled=False)
    page.locator("#q").fill("clare de lune")
    page.locator("#q").press("Enter")
    page.locator("a.hit-link", has_text="Clair de lune").click()
    page.locator(".settings > summary").click()
    page.get_by_role("link", name="All settings").click()
    page.locator("input[value=everywhere]").check(force=True)
    page.get_by_role("button", name="Show").click()
    assert "scope=everywhere" in page.url
    assert page.locator(".neighbour").count() >= 10
    assert page.locator("[data-play]").first.is_hidden()
    assert page.get_by_role("link", name="Open in Spotify").get_attribute("href").endswith(SEED)
    page.locator(".panel h2 a").click()
    assert "/clusters/" in page.url


def test_the_player_is_asked_for_only_on_a_click(open_page):
    page = open_page(f"/tracks/{SEED}/")
    asked = []
    page.context.route(
        re.compile("spotify"),
        lambda route: (
            asked.append(route.request.url),
            route.fulfill(body="player", content_type="text/html"),
        ),
    )
    page.wait_for_load_state("networkidle")
    assert asked == []
    button = page.get_by_role("button", name="Play Clair de lune")
    with page.expect_response(
        re.compile("spotify")
    ):  # nothing is under way yet: "networkidle" would not wait
        button.click()
    assert asked == [f"https://open.spotify.com/embed/track/{SEED}"]
    page.get_by_role("button", name="Close the player").click()
    assert page.locator("iframe").count() == 0
    assert page.locator("#player").is_hidden()
    assert button.evaluate("button => button === document.activeElement")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_song_comes_first(open_page, width, height):
    page = open_page(f"/tracks/{SEED}/", viewport={"width": width, "height": height})
    for first in (".chip", ".settings > summary", ".neighbour-title"):
        box = page.locator(first).first.bounding_box()
        assert box["y"] + box["height"] < height, first
    stops = 0
    while not page.evaluate("document.activeElement.matches('.neighbour-title')"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= 8


def test_a_distance_opens_in_its_row_and_takes_the_focus(open_page):
    page = open_page(f"/tracks/{SEED}/")
    page.locator(".near").first.click()
    page.locator(".distance-detail", has_text="made of").wait_for()
    assert page.evaluate("document.activeElement.className") == "distance-detail"
    assert page.url.endswith(f"/tracks/{SEED}/")


def test_a_setting_is_idle_where_it_would_do_nothing(open_page):
    page = open_page(f"/tracks/{SEED}/")
    open_settings(page)
    assert page.locator("#familiarity").is_enabled()
    page.locator(".segments label", has_text="Sound alone").click()
    page.wait_for_url("**blend=sound**")
    assert page.locator("#familiarity").is_disabled()
    assert page.get_by_text("no part of “Sound alone”").is_visible()
    page.locator(".segments label", has_text="Everything").click()
    page.wait_for_url(lambda url: "blend" not in url)
    assert page.locator("#familiarity").is_enabled()


def test_markup_in_a_title_is_shown_as_text(open_page):
    page = open_page()
    page.locator("#q").fill("script alert")
    page.locator("a.hit-link", has_text=MARKUP).click()
    assert page.locator("h1").inner_text() == MARKUP
    page.get_by_role("button", name=f"Play {MARKUP}").wait_for()


def test_histograms_are_fetched_when_they_are_opened(open_page):
    page = open_page("/clusters/1/")
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    summary = page.locator("#histograms > summary")
    summary.click()
    page.locator("#histograms figcaption").last.wait_for()
    summary.click()
    summary.click()
    assert page.locator("#histograms .histogram").count() == 9
    assert page.locator("#histograms .histogram").first.bounding_box()["height"] > 40
    assert len([url for url in fetched if url.endswith("/clusters/1/histograms/")]) == 1


def test_a_running_refit_is_watched_until_the_new_clusters_are_there(open_page):
    refit = ClusteringRun.objects.create(status=Status.RUNNING, phase="fitting", percent=20)
    page = open_page("/clusters/")
    page.locator("#run-status", has_text="20 %").wait_for()
    ClusteringRun.objects.filter(pk=refit.pk).update(percent=60)
    page.locator("#run-status", has_text="60 %").wait_for()
    ClusteringRun.objects.filter(pk=refit.pk).update(status=Status.DONE)
    page.get_by_role("link", name="Show them").wait_for()
    polls = []
    page.on("request", lambda request: polls.append(request.url))
    page.wait_for_timeout(1500)
    assert polls == []


@pytest.mark.parametrize(
    "path",
    [*PAGES, "/clusters/1/histograms/", "/clusters/99/", "/artists/nobody/", "/genres/classicall/", "/nope"],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_that_can_be_found(open_page, path, scheme):
    from axe_playwright_python.sync_playwright import Axe

    # axe is put into the page by the test, which the pages' own policy forbids.
    page = open_page(path, expected="status of 404", color_scheme=scheme, bypass_csp=True)
    found = Axe().run(page).response["violations"]
    told = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
    assert told == []


@pytest.mark.parametrize("path", [*PAGES, f"/tracks/{SEED}/controls/"])
def test_no_page_scrolls_sideways_on_a_small_screen(open_page, path):
    make_track("long000000000000000001", "W" * 900, ["Ä" * 400], ["classical"], album="m" * 900)
    rebuild_index()
    publish_run()
    page = open_page(path, viewport={"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
