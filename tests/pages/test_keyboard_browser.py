"""Every page by the keyboard alone: each stop can be seen, is in view, and has a name; errors too."""

import re
from pathlib import Path

import pytest

from tests.pages.test_browser import PAGES, SEED, open_page, site

__all__ = ["open_page", "site"]  # fixtures
STATIC = Path(__file__).parents[2] / "static" / "css"
MAX_STOPS = 400
# What is focused, whether a ring is drawn around it (or the card or label that stands for it), where it is.
STOP = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const ringed = (each) => each
    && (drawn(getComputedStyle(each)) || drawn(getComputedStyle(each, "::after")));
  const label = at.type === "radio" ? at.nextElementSibling : null;
  return {
    end: at === document.body,
    what: at.outerHTML.slice(0, 120),
    ringed: ringed(at) || ringed(label) || ringed(at.closest(".cluster-card")),
    inView: box.bottom > 0 && box.top < innerHeight,
    named: Boolean((at.labels && at.labels.length) || at.getAttribute("aria-label") || at.textContent.trim()),
  };
}"""


@pytest.mark.parametrize(
    "path",
    [*PAGES, f"/tracks/{SEED}/?min_tempo=299", f"/mix/?seed={SEED}&q=title", "/mix/", "/nope", "/mix/abc/"],
)
def test_every_stop_of_the_keyboard_can_be_seen_and_has_a_name(open_page, path):
    page = open_page(path, expected="status of 404")
    found = []
    while len(found) < MAX_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["end"]:
            break
        found.append(stop)
    assert 5 < len(found) < MAX_STOPS
    assert [stop for stop in found if not (stop["ringed"] and stop["inView"] and stop["named"])] == []


def test_nothing_moves_for_those_who_asked_for_less_motion():
    for sheet in STATIC.glob("*.css"):
        text = re.sub(
            r"@media \(prefers-reduced-motion: no-preference\) \{.*?\n\}", "", sheet.read_text(), flags=re.S
        )
        assert re.findall(r"\b(?:transition|animation)\b[^;]*", text) == [], sheet.name


def test_a_search_that_cannot_be_answered_says_so(open_page):
    page = open_page(expected="")  # the browser and htmx both complain
    page.route(re.compile("/search/live/"), lambda route: route.abort())
    page.locator("#q").press_sequentially("clair", delay=5)
    failed = page.locator("[data-failed=q]")
    failed.filter(has_text="could not be fetched").wait_for()
    page.unroute_all()
    page.locator("#q").press_sequentially(" de", delay=5)
    page.locator("a.hit-link", has_text="Clair de lune").wait_for()
    assert failed.is_hidden()
