import numpy as np
import pytest

from recommender.snapshots.store import active_snapshot
from tests.factories import FEATURES, make_track, publish_run
from tracks.audio_features import FEATURE_NAMES
from tracks.models import Track

pytestmark = pytest.mark.django_db

TRACK_KEYS = {
    "spotify_id",
    "title",
    "artists",
    "album",
    "genres",
    "popularity",
    "duration_ms",
    "explicit",
    "audio_features",
    "cluster",
    "url",
}


def error_of(response) -> dict[str, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return body["error"]


def test_a_track_has_the_shape_of_the_contract(client, catalogue):
    track = catalogue[5]

    body = client.get(f"/api/v1/tracks/{track.spotify_id}").json()

    assert set(body) == TRACK_KEYS
    assert set(body["audio_features"]) == set(FEATURE_NAMES)
    assert body["audio_features"]["tempo"] == track.tempo
    assert (body["title"], body["artists"], body["genres"]) == (
        track.title,
        track.artist_names,
        track.genre_names,
    )
    snapshot = active_snapshot()
    cluster = snapshot.clusters[snapshot.label_of_row(snapshot.row_of(track.pk))]
    assert body["cluster"] == {"number": cluster.number, "name": cluster.name, "subcluster": None}
    assert client.get(body["url"]).status_code == 200


def test_a_track_and_its_list_know_their_sub_cluster(client, catalogue):
    publish_run(n_clusters=3, split=True)
    snapshot = active_snapshot()
    row = snapshot.row_of(catalogue[5].pk)
    start, stop = snapshot.slice_of_subcluster(snapshot.subcluster_of_row(row))
    part = snapshot.clusters_by_subcluster[snapshot.subcluster_of_row(row)].subcluster

    body = client.get(f"/api/v1/tracks/{catalogue[5].spotify_id}/recommendations?scope=subcluster&limit=100")

    body = body.json()
    expected = {"number": part.number, "name": part.name}
    assert body["seed"]["cluster"]["subcluster"] == expected
    assert {result["track"]["cluster"]["subcluster"]["name"] for result in body["results"]} == {part.name}
    recordings = set(snapshot.arrays.recordings[start:stop].tolist())
    assert 0 < len(body["results"]) <= len(recordings)


def test_filters_count_what_they_leave_out_of_a_sub_cluster(client, catalogue):
    publish_run(n_clusters=3, split=True)
    snapshot = active_snapshot()
    row = snapshot.row_of(catalogue[5].pk)
    start, stop = snapshot.slice_of_subcluster(snapshot.subcluster_of_row(row))

    url = f"/api/v1/tracks/{catalogue[5].spotify_id}/recommendations"
    body = client.get(url + "?scope=subcluster&min_popularity=50").json()

    below = int((snapshot.arrays.popularity[start:stop] < 50).sum())
    assert body["dropped_by"].get("min_popularity", 0) == below > 0


def test_before_the_first_run_a_track_has_no_cluster_and_no_recommendations(client):
    track = make_track()

    assert client.get(f"/api/v1/tracks/{track.spotify_id}").json()["cluster"] is None
    response = client.get(f"/api/v1/tracks/{track.spotify_id}/recommendations")
    assert response.status_code == 503
    assert error_of(response)["code"] == "unavailable"
    assert "Start a refit" in error_of(response)["message"]


def test_recommendations_have_the_shape_of_the_contract(client, catalogue):
    track = catalogue[5]

    body = client.get(f"/api/v1/tracks/{track.spotify_id}/recommendations?limit=7").json()

    assert set(body) == {
        "run",
        "seed",
        "cluster",
        "scope",
        "nearby_ratio",
        "blend",
        "results",
        "dropped_by",
        "shortfall",
        "note",
    }
    assert body["run"] == active_snapshot().run_id
    assert body["seed"] == client.get(f"/api/v1/tracks/{track.spotify_id}").json()
    assert body["cluster"] == client.get(f"/api/v1/clusters/{body['seed']['cluster']['number']}").json()
    assert (body["scope"], body["blend"], body["nearby_ratio"]) == ("cluster", "balanced", None)
    assert len(body["results"]) == 7
    for result in body["results"]:
        assert set(result) == {"track", "distance", "score", "reasons", "parts"}
        assert sum(result["parts"].values()) == pytest.approx(result["distance"], abs=1e-5)
        assert set(result["track"]) == TRACK_KEYS
        assert 1 <= len(result["reasons"]) <= 3
    distances = [result["distance"] for result in body["results"]]
    assert distances == sorted(distances)


@pytest.mark.parametrize("scope", ["cluster", "nearby", "everywhere"])
def test_printed_distances_are_those_of_the_scaled_feature_space(client, catalogue, scope):
    snapshot = active_snapshot()
    seed = snapshot.arrays.X[snapshot.row_of(catalogue[3].pk)].astype(np.float64)

    path = f"/api/v1/tracks/{catalogue[3].spotify_id}/recommendations?blend=sound&scope={scope}&per_artist=0"
    body = client.get(path).json()

    assert body["scope"] == scope
    assert body["nearby_ratio"] == (1.3 if scope == "nearby" else None)
    for result in body["results"]:
        track = Track.objects.get(spotify_id=result["track"]["spotify_id"])
        other = snapshot.arrays.X[snapshot.row_of(track.pk)]
        assert result["distance"] == pytest.approx(np.linalg.norm(seed - other), rel=1e-12)


def test_defaults_are_twenty_results_one_an_artist(client, catalogue):
    body = client.get(f"/api/v1/tracks/{catalogue[0].spotify_id}/recommendations?scope=everywhere").json()

    artists = [result["track"]["artists"][0] for result in body["results"]]
    assert len(artists) == len(set(artists)) == 20
    assert body["shortfall"] is None
    assert set(body["dropped_by"]) <= {"recording", "per_artist"}


def test_too_few_results_come_with_the_reason(client, catalogue):
    body = client.get(f"/api/v1/tracks/{catalogue[0].spotify_id}/recommendations?limit=100").json()

    assert body["shortfall"].startswith(f"Only {len(body['results'])} of 100")


def test_a_track_imported_after_the_run_can_be_a_seed(client, catalogue):
    late = make_track(**{name: getattr(catalogue[3], name) for name in FEATURES})

    body = client.get(f"/api/v1/tracks/{late.spotify_id}/recommendations?blend=sound").json()

    assert body["results"][0]["track"]["spotify_id"] == catalogue[3].spotify_id


@pytest.mark.parametrize("path", ["tracks/{}", "tracks/{}/recommendations"])
@pytest.mark.parametrize("spotify_id", ["nobody", "%00", "%ff", "..", "%F0%9F%8E%B5", "a" * 3000])
def test_an_unknown_id_is_not_found(client, catalogue, path, spotify_id):
    response = client.get(f"/api/v1/{path.format(spotify_id)}")

    assert response.status_code == 404
    assert error_of(response)["code"] == "not_found"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("limit=0", "limit must lie between 1 and 100"),
        ("limit=101", "limit must lie between 1 and 100"),
        ("limit=abc", "limit must be a whole number"),
        ("limit=", "limit must be a whole number"),
        ("limit=1e3", "limit must be a whole number"),
        ("limit=" + "9" * 5000, "limit must be a whole number"),
        ("limit=99999999999999999999", "limit must lie between 1 and 100"),
        ("limit=%00", "limit must be a whole number"),
        ("scope=galaxy", "scope must be 'subcluster', 'cluster', 'nearby' or 'everywhere'"),
        ("blend=loud", "blend must be 'balanced', 'sound' or 'listeners'"),
        ("per_artist=-1", "per_artist must lie between 0 and 100"),
        ("genre=jaz", "There is no genre jaz. Similar: jazz."),
        ("exclude_genre=", "There is no genre ."),
        ("mood=sad&min_joy=120", "Not known here: mood, min_joy."),
        ("min_energy=2", "min_energy must lie between 0 and 1."),
        ("target_loudness=-61", "target_loudness must lie between -60 and 10."),
        ("min_tempo=120&max_tempo=90", "min_tempo must not be above max_tempo."),
        ("%ff=%fe", "Not known here"),
        ("limit=0&scope=x", "limit must lie between 1 and 100. scope must be"),
    ],
)
def test_a_bad_parameter_is_named_with_what_is_allowed(client, catalogue, query, words):
    response = client.get(f"/api/v1/tracks/{catalogue[0].spotify_id}/recommendations?{query}")

    assert response.status_code == 422
    assert error_of(response)["code"] == "invalid"
    assert words in error_of(response)["message"]


def test_search_answers_tracks(client, catalogue):
    body = client.get("/api/v1/search?q=title+42&limit=3").json()

    assert set(body) == {"results", "corrected", "incomplete", "cut", "groups"}
    assert body["results"][0]["title"] == "Title 42"
    assert all(set(track) == TRACK_KEYS | {"releases"} for track in body["results"])
    assert len(body["results"]) <= 3
    assert body["corrected"] is False


def test_search_says_when_it_forgave_a_typo(client, catalogue):
    make_track(title="Bohemian Rhapsody", artists=["Queen"])
    from tracks.search import rebuild_index

    rebuild_index()

    body = client.get("/api/v1/search?q=bohemian+rapsody").json()

    assert body["results"][0]["title"] == "Bohemian Rhapsody"
    assert body["corrected"] is True


@pytest.mark.parametrize("query", ["", "%00", "%20", "%ff%fe", "%22%27%28%2A", "a%00b", "x" * 500])
def test_any_text_can_be_searched(client, catalogue, query):
    response = client.get(f"/api/v1/search?q={query}")

    assert response.status_code == 200
    assert set(response.json()) == {"results", "corrected", "incomplete", "cut", "groups"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "q is missing"),
        ("q=a&limit=1000", "limit must lie between 1 and 100"),
        ("q=" + "x" * 501, "500 characters"),
    ],
)
def test_a_search_that_cannot_be_is_refused(client, db, query, words):
    response = client.get(f"/api/v1/search?{query}")

    assert response.status_code == 422
    assert words in error_of(response)["message"]
