"""A file that lacks a column goes the whole way: import, refit, search, API, filters, files, page."""

import csv

import numpy as np
import pytest
from django.core.management import call_command

from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.models import Track

OPTIONAL = {
    "album_name": "An album",
    "track_genre": "jazz",
    "popularity": "40",
    "duration_ms": "200000",
    "explicit": "true",
    "key": "5",
    "mode": "1",
    "time_signature": "4",
    "release_date": "2001-02-03",
    "isrc": "",
}
UNKNOWN = {
    "album_name": ("album", ""),
    "track_genre": ("genres", []),
    "popularity": ("popularity", None),
    "duration_ms": ("duration_ms", None),
    "explicit": ("explicit", None),
}
FEATURES_OF_TRACK = ("key", "mode", "time_signature")
N_TRACKS = 30


def write_file(path, columns):
    rng = np.random.default_rng(3)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["track_id", "track_name", "artists", *CONTINUOUS_FEATURES, *columns])
        for number in range(N_TRACKS):
            sounds = dict(zip(CONTINUOUS_FEATURES, rng.random(len(CONTINUOUS_FEATURES)), strict=True))
            sounds |= {"loudness": -20 * sounds["loudness"], "tempo": 60 + 100 * sounds["tempo"]}
            facts = [f"{number:022d}", f"Melody {number}", f"Player {number}"]
            writer.writerow([*facts, *sounds.values(), *(OPTIONAL[column] for column in columns)])
    return path


@pytest.mark.parametrize("missing", [*([column] for column in OPTIONAL), list(OPTIONAL)], ids=",".join)
@pytest.mark.django_db(transaction=True)
def test_what_a_file_does_not_tell_is_unknown_everywhere(missing, tmp_path, client, capsys):
    columns = [column for column in OPTIONAL if column not in missing]
    call_command("import_tracks", str(write_file(tmp_path / "tracks.csv", columns)))
    call_command("refit_clusters", n_clusters=2)
    seed = f"{7:022d}"

    hit = client.get("/api/v1/search", {"q": "melody 7"}).json()["results"][0]
    track = client.get(f"/api/v1/tracks/{seed}").json()
    assert hit["spotify_id"] == track["spotify_id"] == seed
    for column in missing:
        if column in UNKNOWN:
            name, value = UNKNOWN[column]
            assert hit[name] == track[name] == value
        elif column in FEATURES_OF_TRACK:
            assert track["audio_features"][column] is None

    url = f"/api/v1/tracks/{seed}/recommendations?scope=everywhere&limit=5"
    assert len(client.get(url).json()["results"]) == 5
    popular = client.get(f"{url}&min_popularity=0").json()
    assert len(popular["results"]) == (0 if "popularity" in missing else 5)
    assert len(client.get(f"{url}&max_popularity=100").json()["results"]) == len(popular["results"])

    page = client.get(f"/tracks/{seed}/").content.decode()
    assert "Melody 7" in page
    assert ("40 of 100" in page) is ("popularity" not in missing)
    assert ("3:20" in page) is ("duration_ms" not in missing)
    assert "0 of 100" not in page.replace("40 of 100", "")
    assert "0:00" not in page
    assert client.get("/clusters/").status_code == client.get("/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_later_file_without_a_column_erases_nothing(tmp_path, capsys):
    call_command("import_tracks", str(write_file(tmp_path / "whole.csv", list(OPTIONAL))))
    call_command("import_tracks", str(write_file(tmp_path / "bare.csv", ["key"])))

    track = Track.objects.get(spotify_id=f"{7:022d}")
    assert (track.popularity, track.duration_ms, track.explicit) == (40, 200_000, True)
    assert (track.album, track.genre_names) == ("An album", ["jazz"])


@pytest.mark.django_db(transaction=True)
def test_a_duration_of_nothing_is_unknown(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(OPTIONAL, "duration_ms", "0")
    call_command("import_tracks", str(write_file(tmp_path / "tracks.csv", ["duration_ms"])))

    assert set(Track.objects.values_list("duration_ms", flat=True)) == {None}
