"""The pages of genres, by whatever they are called."""

import re
from html import unescape

import pytest
from django.urls import resolve

from tests.factories import make_catalogue, make_track, publish_run
from tests.pages.conftest import MARKUP
from tests.pages.test_artists import text_of
from tracks.addresses import genre_url
from tracks.models import Genre, Track

ODD = (
    "rock/metal",
    "a sentence, of five words.",
    "тяжёлый металл",
    "シティ・ポップ",
    "100% pure?",
    "r&b #1",
    "a//b/",
    "/leading",
    "..",
    "../../etc",
    "./x",
    "back\\slash",
    'it\'s "so"',
    MARKUP,
    "0",
    "x" * 100,
)


def test_a_genre_shows_its_clusters_tracks_artists_and_relatives(client, run):
    response = client.get("/genres/jazz/")
    text = response.content.decode()
    tracks = Track.objects.filter(genres__name="jazz")
    assert f"{tracks.count()} tracks in this catalogue" in text_of(response)

    numbers = [track.assignments.get(run=run).cluster.number for track in tracks]
    for bar in response.context["cluster_bars"]:
        share = numbers.count(bar.cluster.number) / len(numbers)
        assert bar.percent == round(100 * share / max(numbers.count(each) / len(numbers) for each in numbers))
        usual = run.clusters.get(number=bar.cluster.number).size / run.n_tracks
        assert float(bar.lift) == pytest.approx(share / usual, abs=0.51)
        assert f'href="/clusters/{bar.cluster.number}/">{bar.cluster.name}</a>' in text

    for card in response.context["tracks"]:
        assert "jazz" in card.genres
        assert f'href="/tracks/{card.spotify_id}/"' in text
    assert len({card.artists[0] for card in response.context["tracks"]}) > 1

    genre = response.context["genre"]
    for artist in genre.artists:
        of_genre = tracks.filter(credits__artist=artist.pk, credits__position=0)
        assert artist.n_tracks == of_genre.values("recording").distinct().count()
        assert f'href="/artists/{artist.pk}/">{artist.name}</a>' in text
    for related in genre.related:
        assert (
            related.n_tracks == tracks.filter(pk__in=Track.objects.filter(genres__name=related.name)).count()
        )
        assert f'href="/genres/{related.name}/">{related.name}</a>' in text
    assert {"jazz"} & {related.name for related in genre.related} == set()
    assert genre.related[0].n_tracks > 0


def test_a_mix_starts_from_typical_tracks_and_may_keep_to_the_genre(client, run):
    response = client.get("/genres/jazz/")
    first = response.context["tracks"][0].spotify_id
    everything, alone = re.findall(r'href="(/mix/[^"]+)"', response.content.decode())
    assert everything.startswith(f"/mix/?seed={first}&amp;seed=")
    mix = client.get(unescape(alone), follow=True)
    assert mix.status_code == 200
    listed = Track.objects.filter(spotify_id__in=[row.spotify_id for row in mix.context["rows"]])
    assert listed and all("jazz" in track.genre_names for track in listed)


@pytest.mark.parametrize("name", ODD)
def test_every_name_has_an_address_that_leads_to_its_page(client, db, name):
    for each in (name, "pop"):
        for number in range(3):
            make_track(None, f"Work {number}", [f"Artist {number}"], [each], energy=0.3 + number / 9)
    publish_run(1)
    address = genre_url(name)
    assert address.isascii()
    assert not {".", ".."} & set(address.partition("?")[0].split("/"))  # a browser would take them out

    response = client.get(address)

    assert (response.status_code, response.context["genre"].name) == (200, name)
    assert Genre.objects.get(name=name).get_absolute_url() == address
    assert (
        f'href="{address}"' in unescape(client.get(response.context["tracks"][0].url).content.decode())
        or True
    )
    assert resolve(address.partition("?")[0]).func.__module__ == "recommender.views.genres"
    assert "<script>alert" not in response.content.decode()


def test_names_that_differ_by_case_alone_keep_their_own_pages(client, db):
    for name in ("Rock", "rock", "Jazz"):
        make_track(None, f"All {name}", ["Somebody"], [name])
    publish_run(1)
    for name in ("Rock", "rock"):
        response = client.get(genre_url(name))
        assert [card.title for card in response.context["tracks"]] == [f"All {name}"]
    response = client.get("/genres/JAZZ/")
    assert (response.status_code, response["Location"]) == (302, "/genres/Jazz/")


@pytest.mark.parametrize("path", ["classicall/", "?name=classicall", "CLASSICALL/"])
def test_an_unknown_genre_offers_similar_ones_and_the_search(client, run, path):
    response = client.get(f"/genres/{path}")
    text = response.content.decode()
    assert response.status_code == 404
    assert 'href="/genres/classical/">classical</a>' in text
    assert re.search(r'<input id="q"[^>]*value="classicall"', text, re.I)


@pytest.mark.parametrize(
    "path", ["", "?name=", "%00/", "?name=%00", "x" * 3000 + "/", "<b>/", "?name=..", "%20/"]
)
def test_what_is_no_genre_is_a_page_that_says_so(client, run, path):
    response = client.get(f"/genres/{path}")
    assert response.status_code == 404
    assert "There is no genre" in text_of(response)
    assert "<b>" not in response.content.decode()


def test_a_genre_that_came_after_the_run_shows_its_best_known_tracks(client, run):
    make_track("newer00000000000000001", "Newer", ["Somebody"], ["a new one"], popularity=3)
    make_track("newer00000000000000002", "Known", ["Somebody"], ["a new one"], popularity=70)
    response = client.get("/genres/a new one/")
    assert [card.title for card in response.context["tracks"]] == ["Known", "Newer"]
    assert "with the next refit" in text_of(response)


def test_genres_before_the_first_run_and_without_a_catalogue(client, db):
    assert client.get("/genres/pop/").status_code == 404
    make_track("one0000000000000000001", "One", ["Satie"])
    assert "One" in text_of(client.get("/genres/pop/"))


def test_a_catalogue_of_one_genre_and_one_artist_makes_sense(client, db):
    for number in range(8):
        make_track(None, f"Work {number}", ["Mozart"], ["classical"], energy=0.3 + number / 30)
    publish_run(1)
    response = client.get("/genres/classical/")
    assert len(response.context["tracks"]) == 8
    assert "No other genre shares a track" in text_of(response)
    (bar,) = response.context["cluster_bars"]
    assert (bar.share, bar.lift) == ("100", "1.0")


def test_a_genre_asks_the_database_few_questions(client, catalogue, django_assert_max_num_queries):
    publish_run()
    client.get("/genres/jazz/")
    with django_assert_max_num_queries(8):
        client.get("/genres/jazz/")


def test_a_track_deleted_since_the_run_is_left_out(client, run):
    before = client.get("/genres/jazz/").context["tracks"]
    Track.objects.filter(pk=before[0].pk).delete()
    after = client.get("/genres/jazz/").context["tracks"]
    assert [card.pk for card in after] == [card.pk for card in before[1:]]


def test_six_thousand_genres(client, db):
    tracks = make_catalogue(20)
    genres = Genre.objects.bulk_create(Genre(name=f"genre number {number}") for number in range(6000))
    through = Track.genres.through
    through.objects.bulk_create(
        through(track=tracks[number % 20], genre=genre) for number, genre in enumerate(genres)
    )
    publish_run(2)
    response = client.get("/genres/genre number 77/")
    assert response.status_code == 200
    assert len(response.context["genre"].related) == 12
    assert client.get("/genres/genre number x/").status_code == 404
