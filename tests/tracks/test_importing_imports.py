"""The whole import in this process: what it adds, changes, leaves alone, and says."""

import csv
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracks.imported import catalogue, figures, load
from tests.tracks.track_files import FEATURES, row, rows, write_csv
from tracks.importing import csv_files, imports
from tracks.importing.imports import import_tracks
from tracks.importing.queue import IMPORTS
from tracks.importing.wording import put_into_words
from tracks.jobs.work import Status
from tracks.models import Artist, Credit, Genre, Track
from tracks.search import search

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_becomes_tracks_artists_genres_and_can_be_searched(tmp_path):
    work = load(tmp_path, [row(artists="Beyoncé;JAY-Z", track_name="Déjà Vu", track_genre="r-n-b")])
    track = Track.objects.get()
    assert (track.title, track.artist_names, track.genre_names) == (
        "Déjà Vu",
        ["Beyoncé", "JAY-Z"],
        ["r-n-b"],
    )
    assert [(c.position, c.artist.name) for c in track.credits.all()] == [(0, "Beyoncé"), (1, "JAY-Z")]
    assert [genre.name for genre in track.genres.all()] == ["r-n-b"]
    assert (track.tempo, track.key, track.explicit, track.recording) == (120.0, 5, False, track)
    assert [hit.spotify_id for hit in search("deja vu").hits] == [track.spotify_id]
    assert (work.status, work.percent, work.rejects_file) == (Status.DONE, 100, "")
    assert figures(work) == {"rows": 1, "rejected": 0, "new": 1, "updated": 0, "unchanged": 0}


def test_rows_of_one_id_become_one_track_with_all_genres_and_the_later_row_s_values(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "BLOCK_BYTES", 300)  # the rows come in different chunks too
    genres = ["rock", "pop", "rock", "indie", "pop"]
    work = load(tmp_path, [row(track_genre=genre, popularity=number) for number, genre in enumerate(genres)])
    track = Track.objects.get()
    assert (track.genre_names, track.popularity) == (["rock", "pop", "indie"], 4)
    assert {genre.name for genre in track.genres.all()} == {"rock", "pop", "indie"}
    assert work.report["changes"]["new"] == 1


def test_several_files_of_different_layouts_make_one_catalogue(tmp_path):
    first = write_csv(tmp_path / "first.csv", rows(3))
    second = [row(track_id=f"spotify:track:{1:022d}", artists="Man Cub,JEN", track_genre="jazz")]
    header = ["Track URI", "Artist Name(s)", "Album Name", "Track Name", "Popularity", "Duration (ms)"]
    header += [
        "Explicit",
        "\t\tDanceability",
        *[name.replace("_", " ").title() for name in list(FEATURES)[1:]],
    ]
    work = import_tracks([first, write_csv(tmp_path / "second.csv", second, header=[*header, "Genres"])])
    track = Track.objects.get(spotify_id=f"{1:022d}")
    assert (track.artist_names, track.genre_names) == (["Man Cub", "JEN"], ["rock", "jazz"])
    assert Track.objects.count() == 3
    assert put_into_words(work.report).remarks == ["second.csv joins artists by “,”, and was split there."]


def test_importing_again_changes_nothing_and_says_so(tmp_path, monkeypatch):
    data = [row(artists="A;B"), *rows(20), row(track_genre="pop")]
    load(tmp_path, data)
    before, ids = catalogue(), list(Track.objects.order_by("pk").values_list("pk", flat=True))
    monkeypatch.setattr(imports, "rebuild_index", lambda: pytest.fail("the index was made anew"))
    work = load(tmp_path, data)
    assert figures(work) == {"rows": 22, "rejected": 0, "new": 0, "updated": 0, "unchanged": 21}
    assert put_into_words(work.report).outcome.startswith("Nothing changed")
    assert catalogue() == before
    assert list(Track.objects.order_by("pk").values_list("pk", flat=True)) == ids


def test_a_corrected_file_updates_what_it_corrects_and_leaves_no_orphans(tmp_path):
    load(tmp_path, [row(artists="Tpyo;B", track_genre="rokc"), *rows(2)])
    pk = Track.objects.get(spotify_id="A" * 22).pk
    work = load(tmp_path, [row(artists="Typo", track_name="Better", track_genre="rock", tempo=99), *rows(2)])
    track = Track.objects.get(pk=pk)
    assert (track.title, track.artist_names, track.genre_names, track.tempo) == (
        "Better",
        ["Typo"],
        ["rock"],
        99,
    )
    assert figures(work) == {"rows": 3, "rejected": 0, "new": 0, "updated": 1, "unchanged": 2}
    assert set(Artist.objects.values_list("name", flat=True)) == {"An Artist", "Typo"}
    assert set(Genre.objects.values_list("name", flat=True)) == {"rock"}
    assert [hit.title for hit in search("better").hits] == ["Better"]
    assert track.recording_key == "better\x1ftypo"


def test_missing_columns_and_empty_cells_erase_nothing(tmp_path):
    load(tmp_path, [row(explicit=True)])
    fewer = {name: cell for name, cell in row().items() if name not in ("explicit", "track_genre", "key")}
    work = load(tmp_path, [fewer | {"album_name": "", "popularity": ""}])
    track = Track.objects.get()
    assert (track.explicit, track.genre_names, track.key) == (True, ["rock"], 5)
    assert (track.album, track.popularity) == ("An Album", 50)
    assert work.report["changes"]["unchanged"] == 1


def test_what_a_new_track_does_not_say_is_unknown(tmp_path):
    needed = ["track_id", "artists", "track_name"]
    cells = row()
    for name in ("key", "mode", "time_signature"):
        del cells[name]
    load(tmp_path, [{name: cell for name, cell in cells.items() if name in (*needed, *FEATURES)}])
    track = Track.objects.get()
    assert (track.explicit, track.key, track.mode, track.time_signature) == (None,) * 4
    assert (track.album, track.popularity, track.duration_ms, track.genre_names) == ("", None, None, [])


def test_good_rows_are_kept_and_the_others_reported_in_a_file(tmp_path):
    bad = [
        row(track_id="", track_name="=HYPERLINK(1)"),
        row(track_id="B", tempo="=cmd|calc"),
        row(track_id="C", energy=7),
        row(track_id="D", track_name="nul\0byte"),
    ]
    work = load(tmp_path, [row(), *bad])
    assert figures(work) == {"rows": 5, "rejected": 4, "new": 1, "updated": 0, "unchanged": 0}
    with Path(work.rejects_file).open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.reader(stream))
    assert written[0] == ["file", "line", "column", "value", "reason"]
    assert written[1:] == [
        ["file.csv", "3", "track_id", "", "track_id is empty"],
        ["file.csv", "4", "tempo", "'=cmd|calc", "tempo is not a number"],
        ["file.csv", "5", "energy", "7", "energy is not between 0 and 1"],
        ["file.csv", "6", "track_name", "nul�byte", "track_name contains NUL characters"],
    ]
    text = put_into_words(work.report)
    assert ("energy is not between 0 and 1", 1) in text.reasons
    assert ("rows read", 5) in text.figures
    assert "file.csv, line 4: tempo is not a number (=cmd|calc)" in text.examples


def test_titles_are_kept_as_text_whatever_they_contain(tmp_path):
    load(tmp_path, [row(track_name="<script>alert(1)</script>", artists="+cmd|calc;%s'); DROP TABLE x")])
    track = Track.objects.get()
    assert track.title == "<script>alert(1)</script>"
    assert track.artist_names == ["+cmd|calc", "%s')", "DROP TABLE x"]


def test_rows_that_repeat_whole_are_counted(tmp_path):
    work = load(tmp_path, [row(), row(), *rows(2), row()])
    assert work.report["repeats"] == 2
    assert figures(work)["new"] == 3


def test_a_file_that_is_not_utf8_is_read_and_that_is_said(tmp_path):
    work = load(tmp_path, [row(artists="Beyoncé")], encoding="latin-1")
    assert Track.objects.get().artist_names == ["Beyoncé"]
    assert put_into_words(work.report).remarks == [
        "file.csv is not UTF-8 and was read as cp1252: check names with accents."
    ]


def test_single_damaged_rows_of_a_utf8_file_are_rejected(tmp_path):
    path = write_csv(tmp_path / "file.csv", [row(artists="Beyoncé", track_name="Déjà Vu"), *rows(2)])
    path.write_bytes(path.read_bytes().replace(b"Title 1", b"Title \xff"))
    work = import_tracks([path])
    assert figures(work)["rejected"] == 1
    assert Track.objects.get(spotify_id="A" * 22).title == "Déjà Vu"


def test_a_spreadsheet_s_decimal_commas_are_read(tmp_path):
    load(tmp_path, [row(tempo="117,5", artists="A;B")], delimiter=";")
    track = Track.objects.get()
    assert (track.tempo, track.artist_names) == (117.5, ["A", "B"])


def test_order_of_rows_does_not_matter_for_genres(tmp_path):
    data = [row(track_id=track, track_genre=genre) for track in "ABC" for genre in ("rock", "pop", "jazz")]
    load(tmp_path, data)
    genres = {track.spotify_id: set(track.genre_names) for track in Track.objects.all()}
    random.Random(1).shuffle(data)
    work = load(tmp_path, data)
    assert {track.spotify_id: set(track.genre_names) for track in Track.objects.all()} == genres
    assert Track.objects.get(spotify_id="A").genres.count() == 3
    assert work.report["changes"]["new"] == 0


text = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=30
)
name = text.map(lambda value: " ".join(value.replace(";", " ").split())).filter(
    lambda value: value and not value.startswith("[")
)
unit = st.floats(0, 1)


@given(
    data=st.lists(
        st.tuples(st.integers(0, 5), name, st.lists(name, min_size=1, max_size=3, unique=True), unit, text),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_to_a_file_is_what_the_catalogue_says(tmp_path, data):
    for model in (Credit, Track, Artist, Genre):
        model.objects.all().delete()
    table = [
        row(
            track_id=f"id{number}",
            track_name=title,
            artists=";".join(artists),
            valence=valence,
            album_name=album,
        )
        for number, title, artists, valence, album in data
    ]
    load(tmp_path, table)
    last = {f"id{number}": (title, artists, valence) for number, title, artists, valence, _ in data}
    assert {t.spotify_id: (t.title, t.artist_names, t.valence) for t in Track.objects.all()} == last
    before = catalogue()
    assert load(tmp_path, table).report["changes"] == {"new": 0, "updated": 0, "unchanged": len(last)}
    assert catalogue() == before
    assert list(IMPORTS.folder.iterdir()) == []
