"""Every name of an artist or a genre leads to its page, wherever it stands."""

import re

import pytest

from tests.factories import make_track
from tracks.models import Artist, Genre
from tracks.search import rebuild_index

SEED = "clairdelune00000000001"
LINK = re.compile(r'<a (?:class="[^"]*" )?href="(/(?:artists|genres)/[^"]*)"(?: tabindex="-1")?>([^<]*)</a>')


def links_of(client, path: str) -> set[tuple[str, str]]:
    return set(LINK.findall(client.get(path, follow=True).content.decode()))


def of_artists(*names: str) -> set[tuple[str, str]]:
    return {(Artist.objects.get(name=name).get_absolute_url(), name) for name in names}


def of_genres(*names: str) -> set[tuple[str, str]]:
    return {(Genre.objects.get(name=name).get_absolute_url(), name) for name in names}


def test_the_page_of_a_track(client, run):
    response = client.get(f"/tracks/{SEED}/?scope=everywhere")
    listed = {name for row in response.context["rows"] for _url, name in row.artists}
    assert len(listed) > 5
    cluster = {bar.genre for bar in response.context["panel"]().genre_bars}
    found = links_of(client, f"/tracks/{SEED}/?scope=everywhere")
    assert of_artists("Claude Debussy", *listed) <= found
    assert of_genres("classical", *cluster) <= found


def test_all_artists_of_a_track_have_a_link_of_their_own(client, catalogue):
    make_track("together00000000000001", "Together", ["Zoe", "Amy"], ["classical"])
    rebuild_index()
    for path in ("/tracks/together00000000000001/", "/?q=together", "/search/live/?q=together",
                 "/mix/search/?q=together", "/mix/?seed=together00000000000001"):  # fmt: skip
        assert of_artists("Amy", "Zoe") <= links_of(client, path), path


def test_the_pages_of_clusters(client, run):
    for path in ("/clusters/", "/", "/clusters/1/"):
        found = links_of(client, path)
        assert {url for url, _ in found if url.startswith("/artists/")}, path
        assert {url for url, _ in found if url.startswith("/genres/")}, path
        assert found <= {
            *of_artists(*Artist.objects.values_list("name", flat=True)),
            *of_genres(*Genre.objects.values_list("name", flat=True)),
        }


def test_mixes_paths_and_distances(client, run, catalogue):
    other = catalogue[3]
    mix = f"/mix/?seed={SEED}&avoid={other.spotify_id}&scope=everywhere"
    response = client.get(mix)
    listed = {name for row in response.context["rows"] for _url, name in row.artists}
    assert of_artists("Claude Debussy", *other.artist_names, *listed) <= links_of(client, mix)
    first = response.context["rows"][0]
    assert of_artists(*(name for _url, name in first.artists)) <= links_of(
        client, first.distance_url + mix[5:]
    )
    path = f"/mix/path/?seed={SEED}&seed={other.spotify_id}&start={SEED}&end={other.spotify_id}"
    assert of_artists("Claude Debussy", *other.artist_names) <= links_of(client, path)


@pytest.mark.parametrize(
    "path", [f"/tracks/{SEED}/", "/?q=clair", "/clusters/", f"/mix/?seed={SEED}", "/genres/jazz/"]
)
def test_no_link_stands_inside_another(client, run, path):
    depth = 0
    for tag in re.findall(r"<(/?)a[\s>]", client.get(path).content.decode()):
        depth += -1 if tag else 1
        assert 0 <= depth <= 1
