"""The admin's own pages in a real browser: nothing scrolls sideways but wide tables in their own box."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from recommender.models import ClusteringRun
from tests.factories import make_catalogue, publish_run
from tests.pages.test_browser import open_page
from tracks.jobs.work import Status
from tracks.models import CatalogueImport

__all__ = ["open_page"]  # a fixture
LONG = "a" * 60


@pytest.fixture
def site(transactional_db):
    """Two runs with figures and long names, one of them judged, and a refit under way; an import's report."""
    make_catalogue()
    publish_run()
    run = publish_run()
    run.clusters.filter(number=1).update(name=f"Cluster {LONG}")
    weights = {"genre": 1.0, "sound": 0.03, "artist": 0.4, "album": 0.25, "listeners": 1.5}
    run.fitted |= {"reason": "Six separate best.", "weights": {"balanced": weights, "listeners": weights}}
    run.save(update_fields=["fitted"])
    ClusteringRun.objects.create(status=Status.RUNNING, phase="fitting", percent=41)
    CatalogueImport.objects.create(status=Status.FAILED, source_name="tracks.csv", error=LONG)


@pytest.fixture
def signed_in(open_page, live_server):
    """Opens pages of the admin as somebody who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    def opened(path, **options):
        page = open_page("/healthz", **options)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page.goto(path)
        return page

    return opened


def pages() -> dict[str, str]:
    first, second = ClusteringRun.objects.filter(status=Status.DONE).order_by("pk")[:2]
    runs = "/admin/recommender/clusteringrun"
    work = CatalogueImport.objects.get()
    return {
        "index": "/admin/",
        "runs": f"{runs}/",
        "run": f"{runs}/{second.pk}/change/",
        "compare": f"{runs}/{first.pk}/compare/{second.pk}/",
        "import": f"/admin/tracks/catalogueimport/{work.pk}/change/",
        "upload": "/admin/tracks/catalogueimport/add/",
        "playlists": "/admin/tracks/playlistimport/add/",
    }


@pytest.mark.parametrize("name", ["index", "runs", "run", "compare", "import", "upload", "playlists"])
def test_no_page_of_the_admin_scrolls_sideways_on_a_small_screen(signed_in, site, name):
    page = signed_in(pages()[name], viewport={"width": 390, "height": 800})
    assert page.locator("#site-name").inner_text() == "Soundkin administration"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", ["runs", "import"])
def test_the_button_that_cancels_keeps_the_focus_while_the_progress_is_shown_anew(signed_in, site, name):
    CatalogueImport.objects.update(
        status=Status.RUNNING, started_at=timezone.now(), heartbeat_at=timezone.now()
    )
    page = signed_in(pages()[name])
    with page.expect_response("**/progress/**"):
        page.locator("#cancel-work").focus()
    with page.expect_response("**/progress/**"):
        page.wait_for_timeout(50)
    assert page.evaluate("document.activeElement.matches('#cancel-work')")


@pytest.mark.parametrize("name", ["run", "compare"])
def test_wide_tables_scroll_in_their_own_box_by_the_keyboard_too(signed_in, site, name):
    page = signed_in(pages()[name], viewport={"width": 390, "height": 800})
    boxes = page.locator(".wide")
    assert boxes.count() >= 2
    wide = [box for box in boxes.all() if box.evaluate("box => box.scrollWidth > box.clientWidth")]
    assert wide
    wide[0].focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=wide[0].element_handle())
