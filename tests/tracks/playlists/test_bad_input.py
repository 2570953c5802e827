"""Broken and hostile files: a sentence that says what to do, and nothing half-written."""

import gzip
import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_track
from tests.tracks.playlists.files import (
    TABLE,
    everything,
    slice_track,
    tracks_of,
    write_rows,
    write_slice,
    write_table,
)
from tracks.importing.refusals import ImportRefused, UnreadableFile
from tracks.models import Playlist
from tracks.playlists.imports import import_playlists
from tracks.playlists.inputs import find_inputs, open_playlists
from tracks.playlists.queue import PlaylistOptions

pytestmark = pytest.mark.django_db(transaction=True)  # its watcher has a connection of its own
ID, OTHER = "A" * 22, "B" * 22


@pytest.fixture(autouse=True)
def catalogue(db):
    make_track(ID)
    make_track(OTHER)


def whole_slice(n_tracks: int = 3) -> str:
    playlists = [{"name": f"P{i}", "pid": i, "tracks": [slice_track(ID)] * n_tracks} for i in range(3)]
    return json.dumps({"playlists": playlists})


def test_json_that_breaks_off_is_refused_with_all_files_of_the_call(tmp_path):
    import_playlists([write_table(tmp_path / "old.csv", {"Old": [ID]})])
    before = everything()
    good = write_table(tmp_path / "good.csv", {"Good": [ID]})
    broken = tmp_path / "broken.json"
    broken.write_text(whole_slice()[:-200])

    with pytest.raises(UnreadableFile, match=r"broken.json is broken JSON after its track \d.*leave it out"):
        import_playlists([good, broken])

    assert everything() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "broken JSON"),
        ('{"playlists": [{"name": "x" "pid": 1}]}', "broken JSON"),
        ('{"playlists": [{"pid": ' + "9" * 5000 + "}]}", "broken JSON"),
        ('{"playlists": [{"name": "\udcff"}]}', "broken JSON|damaged"),
        ('{"tracks": []}', 'has no "playlists"'),
        ("[1, 2]", 'has no "playlists"'),
        ('{"playlists": {"name": "x"}}', 'has no "playlists"'),
        ('{"playlists": [' + "[" * 100_000, "nested too deeply"),
        ('{"playlists": []}', "no row of a playlist"),
        ('{"playlists": [{"name": "empty", "pid": 1, "tracks": []}, 5, null, []]}', "no row of a playlist"),
    ],
)
def test_a_slice_that_is_none_is_refused_in_a_sentence(content, sentence, tmp_path):
    path = tmp_path / "slice.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(ImportRefused, match=sentence):
        import_playlists([path])

    assert not Playlist.objects.exists()


def test_a_slice_may_hold_anything_where_texts_and_numbers_belong(tmp_path):
    odd = {"track_uri": 5, "track_name": ["x"], "artist_name": {"a": 1}, "duration_ms": "long", "pos": None}
    playlists = [
        {"name": "\x00<b>\ud800 Name\n", "pid": "p", "tracks": [slice_track(ID), odd, 7, {}, None]},
        {"name": None, "pid": None, "owner": 3, "tracks": [slice_track(ID, "\x00", "\x00")]},
    ]

    work = import_playlists([write_slice(tmp_path / "odd.json", *playlists)])

    assert work.report["rows"] == 4
    assert tracks_of("<b>? Name") == [ID]
    assert set(Playlist.objects.values_list("source_id", "owner")) == {("p", ""), ("odd.json#1", "3")}


def test_a_damaged_archive_is_refused(tmp_path):
    path = tmp_path / "slice.json.gz"
    path.write_bytes(gzip.compress(whole_slice(500).encode())[:-20])

    with pytest.raises(UnreadableFile, match="damaged"):
        import_playlists([path])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("none.csv", None, "does not exist"),
        ("empty.csv", b"", "is empty"),
        ("cat.csv", b"\x89PNG\r\n\x1a\n", "PNG image"),
        ("people.csv", b"first name,surname\nAda,Lovelace\n", "no table of playlists"),
        ("names.csv", b"track_name,playlist_id\nSong,1\n", "both title and artist"),
        ("only.csv", b"playlist_id,track_id\n", "no row of a playlist"),
    ],
)
def test_a_file_that_is_no_table_of_playlists_is_refused(name, content, sentence, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ImportRefused, match=sentence):
        import_playlists([path])


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="holds no CSV"):
        import_playlists([tmp_path])


def test_rows_that_cannot_be_read_are_reported_and_the_others_imported(tmp_path):
    rows = [
        (ID, "àéîõü", "", "A", "a"),
        (OTHER, "nul\0", "", "A", "a"),
        (OTHER, "long" * 5000, "", "A", "a"),
        (OTHER, "", "", "", ""),
        (OTHER, "", "", "A", "a" * 300),
    ]
    table = write_rows(tmp_path / "songs.csv", TABLE, rows)
    with table.open("ab") as stream:
        stream.write(f"{OTHER},too,few\n".encode() + f"{OTHER},\xff,,A,a\n".encode("latin-1"))

    report = import_playlists([table]).report

    assert tracks_of("A") == [ID]
    assert (report["rows"], report["unreadable"]) == (7, 6)
    assert {(reason["reason"], reason["column"]) for reason in report["reasons"]} == {
        ("nul", "title"),
        ("too_long", "title"),
        ("too_long", "playlist_id"),
        ("missing", "playlist_id"),
        ("ragged", ""),
        ("undecodable", "title"),
    }


def test_names_with_markup_and_formulas_are_kept_as_text_only(tmp_path):
    rows = [(ID, "x", "y", "<script>alert(1)</script>\t=1+1", "=cmd|' /C calc'!A0")]

    import_playlists([write_rows(tmp_path / "songs.csv", TABLE, rows)])

    playlist = Playlist.objects.get()
    assert (playlist.name, playlist.source_id) == ("<script>alert(1)</script> =1+1", "=cmd|' /C calc'!A0")


def test_files_whose_names_are_no_text_can_be_read(tmp_path):
    name = os.fsdecode(b"caf\xe9.csv")
    write_rows(tmp_path / name, ("Track ID",), [(ID,)])

    work = import_playlists([tmp_path], PlaylistOptions(source="s"))

    assert work.report["matched"]["id"] == 1
    assert Playlist.objects.get().name == "caf"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='{}[]",:0a\\\n', max_size=80).map(lambda text: f'{{"playlists": [{text}'.encode()),
        st.text(alphabet='",;\n\r\0aé=', max_size=120).map(
            lambda text: f"track_id,playlist_id\n{text}".encode()
        ),
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path, content):
    path = tmp_path / "fuzz"
    path.write_bytes(content)
    (file,) = find_inputs([path])

    try:
        reader = open_playlists(file, PlaylistOptions(), frozenset())
        batches = list(reader.batches())
        reader.close()
    except UnreadableFile as refusal:
        assert "fuzz" in str(refusal)
    else:
        numbers = {row.playlist for batch in batches for row in batch.rows}
        assert numbers <= {number for batch in batches for number in batch.heads}
