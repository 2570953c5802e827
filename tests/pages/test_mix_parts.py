"""What of the page of a mix is fetched when somebody opens it: its settings, what a distance is made of."""

import pytest

from tests.pages.test_mix import DEBUSSY, address, text_of

pytestmark = pytest.mark.once


def test_settings_and_distances_are_opened_as_parts_or_pages(client, run, catalogue):
    page = client.get(address(catalogue[:2], limit=10, scope="everywhere"))
    assert page.context["controls"] is None
    row, htmx = page.context["rows"][0], {"HX-Request": "true"}
    query = address(catalogue[:2], limit=10, scope="everywhere").partition("?")[2]
    for url, marks in (
        (page.context["controls_url"], ('value="everywhere" checked', 'name="seed" value="')),
        (f"{row.distance_url}?{query}", ('class="parts"', "Distance")),
    ):
        whole, part = text_of(client.get(url)), text_of(client.get(url, headers=htmx))
        assert all(mark in whole and mark in part for mark in marks)
        assert f'href="{address(catalogue[:2], limit=10, scope="everywhere")}"' in whole
        assert "<html" not in part
    assert client.get(f"/mix/to/{DEBUSSY}x/?{query}").status_code == 404
    assert client.get("/mix/controls/").url == client.get(f"/mix/to/{row.spotify_id}/").url == "/mix/"


def test_the_controls_are_open_where_a_filter_is_among_them(client, run, catalogue):
    page = client.get(address(catalogue[:2], min_tempo=100))
    assert page.context["controls"].n_filters == 1
    assert '<details class="settings" open>' in text_of(page)
