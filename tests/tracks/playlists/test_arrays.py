"""The playlists as arrays, and how rows become them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_track
from tests.tracks.playlists.files import TABLE, write_rows
from tracks.models import Playlist, Track
from tracks.playlists.arrays import NO_OWNER, playlist_arrays
from tracks.playlists.collecting import Gathering
from tracks.playlists.imports import import_playlists
from tracks.playlists.reading import playlists_in_files
from tracks.playlists.rows import Head, Identity

IDS = [letter * 22 for letter in "ABC"]


@pytest.mark.django_db(transaction=True)
def test_arrays_hold_every_playlist_with_its_tracks_in_order_and_its_owner(tmp_path):
    tracks = {spotify_id: make_track(spotify_id).pk for spotify_id in IDS}
    header = (*TABLE, "owner")
    rows = [
        (IDS[2], "", "", "A", "a", "ann"),
        (IDS[0], "", "", "A", "a", "ann"),
        (IDS[1], "", "", "B", "b", ""),
        (IDS[1], "", "", "C", "c", "ann"),
        (IDS[0], "", "", "D", "d", "bob"),
        ("unknown", "", "", "E", "e", "bob"),
    ]
    import_playlists([write_rows(tmp_path / "songs.csv", header, rows)])

    arrays = playlist_arrays()

    names = [Playlist.objects.get(pk=pk).name for pk in arrays.playlists]
    assert names == ["A", "B", "C", "D"]
    assert arrays.indptr.tolist() == [0, 2, 3, 4, 5]
    assert arrays.tracks.tolist() == [tracks[IDS[i]] for i in (2, 0, 1, 1, 0)]
    assert arrays.owners.tolist() == [0, NO_OWNER, 0, 1]
    assert {array.dtype for array in (arrays.playlists, arrays.indptr, arrays.tracks)} == {np.dtype("int64")}


@pytest.mark.django_db(transaction=True)
def test_files_become_the_arrays_that_their_import_would_become(tmp_path):
    for spotify_id in IDS:
        make_track(spotify_id)
    rows = [
        (IDS[2], "", "", "A", "a", "ann"),
        ("unknown", "", "", "E", "e", ""),
        (IDS[0], "", "", "B", "b", ""),
    ]
    rows += [(IDS[1], "", "", "A", "a", "ann"), (IDS[2], "", "", "A", "a", "ann")]
    table = write_rows(tmp_path / "songs.csv", (*TABLE, "owner"), rows)

    from_files, report = playlists_in_files([table])

    assert not Playlist.objects.exists()
    assert (report.rows, report.unmatched, report.repeated) == (5, 1, 1)
    import_playlists([table])
    stored = playlist_arrays()
    for name in ("indptr", "tracks", "owners"):
        assert getattr(from_files, name).tolist() == getattr(stored, name).tolist()


@pytest.mark.django_db
def test_without_playlists_the_arrays_are_empty():
    arrays = playlist_arrays()

    assert (len(arrays.playlists), arrays.indptr.tolist(), len(arrays.tracks)) == (0, [0], 0)


@pytest.mark.django_db
def test_playlists_of_a_deleted_track_go_on_without_it():
    tracks = [make_track(spotify_id) for spotify_id in IDS]
    playlist = Playlist.objects.create(source="s", source_id="1")
    for position, track in enumerate(tracks):
        playlist.entries.create(track=track, position=position)

    Track.objects.filter(pk=tracks[1].pk).delete()

    assert playlist_arrays().tracks.tolist() == [tracks[0].pk, tracks[2].pk]


@given(st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(1, 6))), max_size=60))
def test_gathering_keeps_of_each_playlist_the_known_tracks_once_in_order(rows):
    gathering = Gathering()
    gathering.begin_file()
    gathering.add_heads({number: Head(Identity("s", f"p{number % 4}"), "") for number in range(6)})
    for playlist, track in rows:
        gathering.add_row(playlist, track)

    gathered = gathering.gathered()

    assert [head.identity.source_id for head in gathered.heads] == ["p0", "p1", "p2", "p3"]
    for number in range(4):
        of_playlist = [track for playlist, track in rows if playlist % 4 == number]
        known = [track for track in of_playlist if track is not None]
        assert gathered.tracks_of(number).tolist() == list(dict.fromkeys(known))
        assert gathered.n_rows[number] == len(of_playlist)
    assert gathered.repeated == sum(track is not None for _, track in rows) - len(gathered.tracks)
