"""The pages of artists: what they show, and what is asked for that is not there."""

import re
from html import unescape

import pytest

from recommender.models import ClusteringRun
from recommender.pages.panels import percentage
from recommender.views import artists as view
from tests.factories import make_catalogue, make_track, publish_run, random_playlists
from tests.pages.conftest import MARKUP
from tracks.models import Artist, Credit, Track


def page_of(client, name: str, query: str = ""):
    return client.get(f"/artists/{Artist.objects.get(name=name).pk}/{query}")


def text_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_an_artist_shows_one_track_a_recording_the_best_known_release_first(client, db):
    first = make_track("one0000000000000000001", "One", ["Satie"], popularity=20)
    make_track("one0000000000000000002", "One again", ["Satie"], popularity=60, recording=first)
    make_track("two0000000000000000001", "Two", ["Debussy", "Satie"], popularity=40)
    make_track("unknown000000000000001", "Nobody knows", ["Satie"], popularity=None)
    make_track("other00000000000000001", "Not his", ["Debussy"], popularity=99)

    response = page_of(client, "Satie")

    assert [card.title for card in response.context["tracks"]] == ["One again", "Two", "Nobody knows"]
    assert "3 tracks in this catalogue" in text_of(response)
    assert "/mix/?seed=one0000000000000000002&amp;seed=two" in response.content.decode()


def test_before_the_first_run_an_artist_has_tracks_and_says_what_is_to_come(client, db):
    make_track("one0000000000000000001", "One", ["Satie"])
    response = page_of(client, "Satie")
    assert 'href="/tracks/one0000000000000000001/"' in response.content.decode()
    assert "with the next refit" in text_of(response)


def test_the_clusters_the_genres_and_the_nearest_artists_are_told(client, run):
    artist = Artist.objects.get(name="Artist 3")
    tracks = Track.objects.one_per_recording().filter(credits__artist=artist)
    response = page_of(client, "Artist 3")
    text = response.content.decode()

    numbers = [track.assignments.get(run=run).cluster.number for track in tracks]
    bars = response.context["cluster_bars"]
    assert {bar.cluster.number: bar.share for bar in bars} == {
        number: percentage(numbers.count(number) / len(numbers)) for number in numbers
    }
    assert bars[0].percent == 100
    for bar in bars:
        assert f'href="/clusters/{bar.cluster.number}/">{bar.cluster.name}</a>' in text
    carried = [genre for track in tracks for genre in track.genre_names]
    assert set(response.context["genres"]) == set(carried)
    assert carried.count(response.context["genres"][0]) == max(map(carried.count, carried))
    near = response.context["near_artists"]
    assert len(near) == view.ARTISTS_SHOWN
    for each in near:
        assert each.pk != artist.pk and Artist.objects.get(pk=each.pk).name == each.name
        assert f'<a href="/artists/{each.pk}/">{each.name}</a>' in text
        assert each.reasons


def test_reasons_are_true(client, db):
    tracks = make_catalogue()
    playlists = random_playlists(tracks)
    publish_run(playlists=playlists)
    for each in page_of(client, "Artist 3").context["near_artists"]:
        both = [
            set(
                Credit.objects.filter(artist__name=name, position=0).values_list(
                    "track__recording", flat=True
                )
            )
            for name in ("Artist 3", each.name)
        ]
        recording_of = {track.pk: track.recording_id for track in tracks}
        lists = [
            {recording_of[pk] for pk in playlists.tracks[start:stop].tolist()}
            for start, stop in zip(playlists.indptr[:-1], playlists.indptr[1:], strict=True)
        ]
        shared = sum(all(recordings & held for recordings in both) for held in lists)
        told = [reason for reason in each.reasons if "playlist" in reason]
        words = f"share {shared} playlist" + ("s" if shared > 1 else "")
        assert told == ([words] if shared else [])
        for reason in each.reasons:
            if reason.startswith("same genre"):
                for genre in reason.partition(": ")[2].split(", "):
                    for name in ("Artist 3", each.name):
                        assert Track.objects.filter(credits__artist__name=name, genres__name=genre).exists()


def test_many_tracks_are_paged_with_plain_links(client, db, monkeypatch):
    monkeypatch.setattr(view, "TRACKS_ON_PAGE", 2)
    for number in range(5):
        make_track(None, f"Work {number}", ["Mozart"], popularity=50 - number)
    pages = {
        query: page_of(client, "Mozart", query) for query in ("", "?page=2", "?page=3", "?page=99", "?page=x")
    }
    titles = {query: [card.title for card in each.context["tracks"]] for query, each in pages.items()}
    assert titles[""] == titles["?page=x"] == ["Work 0", "Work 1"]
    assert titles["?page=2"] == ["Work 2", "Work 3"]
    assert titles["?page=3"] == titles["?page=99"] == ["Work 4"]
    middle = pages["?page=2"].content.decode()
    assert 'href="?page=1"' in middle and 'href="?page=3"' in middle
    assert "Page 2 of 3" in middle
    assert "?page=" not in page_of(client, "Mozart", "?page=1").content.decode().replace("?page=2", "")
    seeds = {re.search(r'/mix/\?[^"]+', each.content.decode())[0] for each in pages.values()}
    assert len(seeds) == 1  # the mix starts from the best known, whatever page is open


def test_a_page_of_an_artist_asks_the_database_few_questions(
    client, catalogue, django_assert_max_num_queries
):
    publish_run()
    page_of(client, "Artist 3")
    path = f"/artists/{Artist.objects.get(name='Artist 3').pk}/"
    with django_assert_max_num_queries(10):
        client.get(path)


def test_an_artist_credited_second_has_a_page_too(client, catalogue):
    make_track("guest00000000000000001", "With a guest", ["Artist 1", "A Guest"], ["classical"])
    publish_run()
    response = page_of(client, "A Guest")
    assert [card.title for card in response.context["tracks"]] == ["With a guest"]
    assert "Artist 1" in [each.name for each in response.context["near_artists"]]


def test_a_catalogue_of_one_artist_and_no_genres_makes_sense(client, db):
    for number in range(12):
        make_track(None, f"Work {number}", ["Mozart"], [], energy=0.3 + number / 30)
    publish_run(2)
    response = page_of(client, "Mozart")
    assert response.context["near_artists"] == response.context["genres"] == []
    assert "Nearest artists" not in text_of(response)
    assert sum(bar.percent == 100 for bar in response.context["cluster_bars"]) >= 1


def test_all_that_came_after_the_run_is_shown_without_clusters_of_its_own(client, run):
    make_track("newer00000000000000001", "Newer", ["A Newcomer"])
    response = page_of(client, "A Newcomer")
    assert [card.title for card in response.context["tracks"]] == ["Newer"]
    assert "with the next refit" in text_of(response)
    make_track("newer00000000000000002", "Newer", ["Claude Debussy"])
    response = page_of(client, "Claude Debussy")
    assert len(response.context["tracks"]) == 2
    assert [bar.share for bar in response.context["cluster_bars"]] == ["100"]


def test_names_are_shown_as_text(client, hostile):
    publish_run(1)
    response = page_of(client, MARKUP)
    assert "<script>alert" not in response.content.decode()
    assert MARKUP in unescape(response.content.decode())


@pytest.mark.parametrize("name", ["AC/DC", "ac/dc", "Tyler, The Creator", "坂本龍一", "50% & more?", "a//b"])
def test_a_name_leads_to_the_page(client, db, name):
    for each in ("AC/DC", "Tyler, The Creator", "坂本龍一", "50% & more?", "a//b"):
        make_track(None, "A Title", [each])
    artist = Artist.objects.get(name__iexact=name)
    response = client.get("/artists/" + name.replace("%", "%25").replace("?", "%3F") + "/")
    assert (response.status_code, response["Location"]) == (302, f"/artists/{artist.pk}/")


@pytest.mark.parametrize("path", ["99999", str(10**30), "Nobody & <b>", "nobody%00", "a/b", "x" * 2000])
def test_an_unknown_artist_can_be_searched_for(client, run, path):
    response = client.get(f"/artists/{path}/")
    assert response.status_code == 404
    assert "There is no artist" in text_of(response)
    assert 'name="q" value="' in response.content.decode()
    assert "<b>" not in response.content.decode()


def test_the_unknown_name_stands_in_the_search_box(client, db):
    ClusteringRun.objects.all().delete()
    text = client.get("/artists/Erik Satie/").content.decode()
    assert re.search(r'<input id="q"[^>]*value="Erik Satie"', text)
