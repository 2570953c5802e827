"""Mixes over HTTP: what is answered, what is refused and how, links and files."""

import csv
import io
import json

import pytest
from django.test import Client

from recommender.mixes.requests import MAX_SEEDS
from recommender.models import ClusteringRun
from recommender.runs.refitting import activate
from tests.factories import make_track, publish_run
from tests.recommender.api.test_tracks import TRACK_KEYS, error_of
from tracks.models import Playlist, Track
from tracks.playlists.imports import import_playlists

pytestmark = pytest.mark.django_db
MIXES = "/api/v1/mixes"


def post(client, **body):
    return client.post(MIXES, json.dumps(body), content_type="application/json")


def made(client, seeds, avoid=(), **options):
    ids = {"seeds": [each.spotify_id for each in seeds], "avoid": [each.spotify_id for each in avoid]}
    response = post(client, **ids, **options)
    assert response.status_code == 200, response.content
    return response.json()


def ids_of(body) -> list[str]:
    return [result["track"]["spotify_id"] for result in body["results"]]


def test_a_mix_has_the_shape_of_recommendations_and_every_result_names_its_seed(client, catalogue):
    seeds = [catalogue[0], catalogue[3]]

    body = made(client, seeds, [catalogue[7]], limit=8, scope="everywhere")

    assert set(body) == {
        "run", "seeds", "avoid", "unknown", "scope", "nearby_ratio", "blend", "results", "dropped_by",
        "shortfall", "note", "link",
    }  # fmt: skip
    assert [each["spotify_id"] for each in body["seeds"]] == [each.spotify_id for each in seeds]
    assert [each["spotify_id"] for each in body["avoid"]] == [catalogue[7].spotify_id]
    assert (body["unknown"], body["scope"], body["blend"]) == ([], "everywhere", "balanced")
    assert len(body["results"]) == 8
    titles = {each.spotify_id: each.title for each in seeds}
    for result in body["results"]:
        assert set(result) == {"track", "seed", "distance", "score", "reasons", "parts"}
        assert set(result["track"]) == TRACK_KEYS
        assert titles[result["seed"]["spotify_id"]] == result["seed"]["title"]
        assert result["reasons"][0] == f"from {result['seed']['title']}"
        assert result["score"] == pytest.approx(1 / (1 + result["distance"]))
        assert result["distance"] == pytest.approx(sum(result["parts"].values()))
    assert {result["seed"]["spotify_id"] for result in body["results"]} == set(titles)


def test_a_program_without_a_session_or_a_token_may_post(catalogue):
    client = Client(enforce_csrf_checks=True)

    assert post(client, seeds=[catalogue[0].spotify_id]).status_code == 200


def test_a_signed_in_listener_may_post_too(catalogue, member):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = member.cookies

    assert post(strict, seeds=[catalogue[0].spotify_id]).status_code == 200


def test_unknown_ids_are_named_and_the_known_are_answered(client, catalogue):
    known = catalogue[0].spotify_id

    body = post(client, seeds=["nope", known, "\x00"], avoid=["never"]).json()

    assert body["unknown"] == ["nope", "\x00", "never"]
    assert [each["spotify_id"] for each in body["seeds"]] == [known]
    assert ids_of(body) == ids_of(made(client, [catalogue[0]]))


def test_repeated_seeds_count_once(client, catalogue):
    once, twice = made(client, catalogue[:2]), made(client, [*catalogue[:2], *catalogue[:2]])

    assert once == twice


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"seeds": ["nope", "nor this"]}, 404, "none of the tracks to start from: nope, nor this"),
        ({"seeds": []}, 422, "at least one track"),
        ({"seeds": [""]}, 422, "seeds"),
        ({}, 422, "seeds is missing"),
        ({"seeds": [f"id{number}" for number in range(5000)]}, 422, f"at most {MAX_SEEDS} tracks"),
        ({"seeds": ["a"], "avoid": ["a"]}, 422, "a seed and avoided at once: a"),
        ({"seeds": "a"}, 422, "seeds"),
        ({"seeds": [1]}, 422, "seeds"),
        ({"seeds": ["a"], "limit": 101}, 422, "limit must lie between 1 and 100"),
        ({"seeds": ["a"], "scope": "moon"}, 422, "scope must be"),
        ({"seeds": ["a"], "tempo": 120}, 422, "tempo is not known here"),
        ({"seeds": ["x" * 501]}, 422, "500"),
    ],
)
def test_what_cannot_be_mixed_is_refused_with_what_can(client, catalogue, body, status, told):
    response = post(client, **body)

    assert response.status_code == status
    assert told in error_of(response)["message"]


@pytest.mark.parametrize("body", ["", "{", "[1]", '{"seeds": NaN}', "\ud800"])
def test_a_body_that_is_no_json_object_is_refused(client, catalogue, body):
    data = body.encode("utf-8", "surrogatepass")

    assert client.post(MIXES, data, content_type="application/json").status_code in (400, 422)


def test_a_release_of_a_seed_cannot_be_avoided(client, catalogue):
    response = post(client, seeds=[catalogue[8].spotify_id], avoid=[catalogue[9].spotify_id])

    assert response.status_code == 422
    assert catalogue[8].title in error_of(response)["message"]


def test_filters_and_caps_hold_as_in_recommendations(client, catalogue):
    options = {"limit": 30, "scope": "everywhere", "genre": ["classical", "jazz"], "min_popularity": 20}

    body = made(client, [catalogue[6], catalogue[5]], per_artist=2, **options)

    tracks = [result["track"] for result in body["results"]]
    artists = [track["artists"][0] for track in tracks]
    assert tracks
    assert max(map(artists.count, artists)) <= 2
    assert all(set(track["genres"]) & {"classical", "jazz"} for track in tracks)
    assert all(track["popularity"] >= 20 for track in tracks)
    assert body["dropped_by"]["genre"] > 0


def test_a_filter_that_empties_the_list_is_named(client, catalogue):
    body = made(client, [catalogue[0]], min_tempo=249)

    assert body["results"] == []
    assert "“Tempo at least 249 BPM”" in body["shortfall"]
    assert body["dropped_by"].keys() == {"min_tempo"}


def test_an_unknown_genre_is_refused(client, catalogue):
    response = post(client, seeds=[catalogue[0].spotify_id], genre=["jaz"])

    assert response.status_code == 422
    assert "jazz" in error_of(response)["message"]


def test_a_link_gives_the_same_list(client, catalogue):
    body = made(client, catalogue[:3], [catalogue[50]], limit=12, variety=0.5, variety_seed=4)

    again = client.get(f"{MIXES}/{body['link']['token']}")

    assert again.json() == body
    assert client.get(body["link"]["page"]).status_code == 200


def test_what_was_unknown_stays_out_of_a_link_when_it_is_imported_later(client, catalogue):
    body = post(client, seeds=[catalogue[0].spotify_id, "later00000000000000001"]).json()
    make_track("later00000000000000001")

    again = client.get(f"{MIXES}/{body['link']['token']}").json()

    assert ids_of(again) == ids_of(body)
    assert again["unknown"] == []


def test_a_link_of_another_run_says_so_and_where_to_make_the_mix_anew(client, catalogue):
    first = ClusteringRun.objects.active()
    body = made(client, catalogue[:2], [catalogue[9]], scope="everywhere")
    path = f"{MIXES}/{body['link']['token']}"
    publish_run()

    response = client.get(path)
    assert response.status_code == 409
    anew = error_of(response)["message"].split(": ")[-1]
    assert anew.startswith("/mix/?")
    assert "scope=everywhere" in anew
    assert client.get(anew).status_code == 200
    kept = client.get(f"{path}.txt").content.decode().split()
    assert kept == [f"spotify:track:{each}" for each in ids_of(body)]
    activate(first)
    assert client.get(path).json() == body


@pytest.mark.parametrize("token", ["x", "a~b", "eJw~x", "x" * 3000, "%F0%9F%98%80", "%00"])
@pytest.mark.parametrize("ending", ["", ".csv"])
def test_a_changed_link_is_not_found(client, catalogue, token, ending):
    response = client.get(f"{MIXES}/{token}{ending}")

    assert response.status_code == 404
    assert error_of(response)["code"] == "not_found"


def test_an_unknown_kind_of_file_is_refused_with_those_there_are(client, catalogue):
    body = made(client, catalogue[:1])

    response = client.get(f"{MIXES}/{body['link']['token']}.pdf")

    assert response.status_code == 422
    assert "csv" in error_of(response)["message"]


def test_every_file_holds_the_list_in_its_order(client, catalogue):
    body = made(client, catalogue[:2], limit=5)

    for ending, address in body["link"]["files"].items():
        response = client.get(address)
        text = response.content.decode()
        positions = [text.index(each) for each in ids_of(body)]
        assert positions == sorted(positions)
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert response["Content-Disposition"].rstrip('"').endswith(f".{ending}")
        assert response["X-Content-Type-Options"] == "nosniff"


def test_our_own_import_reads_the_csv(client, catalogue, tmp_path):
    body = made(client, catalogue[:2], limit=6)
    path = tmp_path / "mix.csv"
    path.write_bytes(client.get(body["link"]["files"]["csv"]).content)

    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["Track URI"].split(":")[-1] for row in rows] == ids_of(body)
    import_playlists([path])
    assert [
        entry.track.spotify_id for entry in Playlist.objects.get().entries.order_by("position")
    ] == ids_of(body)


def test_a_track_that_was_deleted_since_the_run_is_left_out(client, catalogue):
    body = made(client, catalogue[:2], limit=10)
    gone = ids_of(body)[0]
    Track.objects.filter(spotify_id=gone).delete()

    assert gone not in ids_of(made(client, catalogue[:2], limit=10))


def test_before_the_first_run_there_is_no_mix(client):
    response = post(client, seeds=[make_track().spotify_id])

    assert response.status_code == 503


def test_a_path_leads_from_one_to_another(client, catalogue):
    start, end = catalogue[0], catalogue[4]

    body = client.get(f"/api/v1/paths?start={start.spotify_id}&end={end.spotify_id}&steps=4").json()

    assert set(body) == {"run", "start", "end", "blend", "steps", "shortfall"}
    assert (body["start"]["title"], body["end"]["title"]) == (start.title, end.title)
    assert len(body["steps"]) == 4
    for step in body["steps"]:
        assert set(step) == {"track", "from_previous", "from_start", "from_end", "reasons"}
        assert step["reasons"]
    assert body["steps"][0]["from_previous"] == pytest.approx(body["steps"][0]["from_start"])


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("start={a}&end={a}", 422, "two different recordings"),
        ("start={a}&end=nope", 404, "nope"),
        ("start={a}", 422, "end is missing"),
        ("start={a}&end={b}&steps=0", 422, "steps"),
        ("start={a}&end={b}&steps=51", 422, "50"),
        ("start={a}&end={b}&from=x", 422, "from"),
        ("start={a}&end=%00", 404, "no track"),
    ],
)
def test_a_path_that_cannot_be_is_refused(client, catalogue, query, status, told):
    ids = {"a": catalogue[0].spotify_id, "b": catalogue[1].spotify_id}

    response = client.get(f"/api/v1/paths?{query.format(**ids)}")

    assert response.status_code == status
    assert told in error_of(response)["message"]
