"""What may be imported: tables, exports in their layouts, slices, folders, gzipped or not."""

import gzip
from pathlib import Path

import pytest

from tests.factories import make_track
from tests.tracks.playlists.files import (
    EXPORTIFY_2024,
    EXPORTIFY_2025,
    TABLE,
    slice_track,
    tracks_of,
    write_rows,
    write_slice,
    write_table,
)
from tracks.importing.refusals import UnreadableFile
from tracks.models import Playlist
from tracks.playlists.imports import import_playlists
from tracks.playlists.queue import PlaylistOptions

pytestmark = pytest.mark.django_db(transaction=True)  # its watcher has a connection of its own
IDS = [letter * 22 for letter in "ABCD"]


@pytest.fixture(autouse=True)
def catalogue(db):
    for number, spotify_id in enumerate(IDS):
        make_track(spotify_id, title=f"Song {number}", artists=[f"Band {number}"])


def sources() -> list[tuple[str, str, str]]:
    return list(Playlist.objects.order_by("source_id").values_list("source", "source_id", "name"))


def test_a_table_holds_many_playlists_whose_rows_need_not_stand_together(tmp_path):
    rows = [
        (IDS[0], "", "", "Morning", "m1"),
        (IDS[1], "", "", "Evening", "e1"),
        (IDS[2], "", "", "Morning", "m1"),
    ]

    import_playlists([write_rows(tmp_path / "songs.csv", TABLE, rows)])

    assert sources() == [("songs.csv", "e1", "Evening"), ("songs.csv", "m1", "Morning")]
    assert tracks_of("Morning") == [IDS[0], IDS[2]]


def test_a_table_without_ids_of_playlists_knows_them_by_owner_and_name(tmp_path):
    header = ("user_id", "artist", "track", "playlist")
    rows = [("ann", "Band 0", "Song 0", "Run"), ("bob", "Band 1", "Song 1", "Run")]

    import_playlists([write_rows(tmp_path / "songs.csv", header, rows)])

    assert list(Playlist.objects.order_by("pk").values_list("source_id", "owner", "n_tracks")) == [
        ("ann/Run", "ann", 1),
        ("bob/Run", "bob", 1),
    ]


def test_an_export_of_2025_has_uris_a_byte_order_mark_and_artists_joined_by_semicolons(tmp_path):
    row = f"spotify:track:{IDS[0]},Song,Album,Band 0;Guest,2020-01-01,200000,50,false\r\n"
    (tmp_path / "Roadtrip.csv").write_text(f"\ufeff{EXPORTIFY_2025}\r\n{row}", encoding="utf-8")

    import_playlists([tmp_path / "Roadtrip.csv"])

    assert sources() == [(tmp_path.name, "Roadtrip", "Roadtrip")]
    assert tracks_of("Roadtrip") == [IDS[0]]


def test_an_export_of_2024_has_bare_ids_and_tabs_in_its_header(tmp_path):
    row = f'{IDS[1]},Song,Album,"Band 1,Guest",2020-01-01,200000,50,0.5\n'
    (tmp_path / "old.csv").write_text(f"{EXPORTIFY_2024}\n{row}")

    import_playlists([tmp_path / "old.csv"])

    assert tracks_of("old") == [IDS[1]]


def test_an_export_with_every_cell_quoted_is_matched_by_names_where_ids_are_unknown(tmp_path):
    make_track(title="EARFQUAKE", artists=["Tyler, The Creator"])
    header = ("Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)", "Track Duration (ms)", "ISRC")
    rows = [
        (f"spotify:track:{'z' * 22}", "Song 2", "spotify:artist:x", "Band 2, Guest", "200000", ""),
        (
            f"spotify:track:{'y' * 22}",
            "EARFQUAKE",
            "spotify:artist:x",
            r"Tyler\, The Creator, Guest",
            "1",
            "",
        ),
    ]

    work = import_playlists([write_rows(tmp_path / "w.csv", header, rows, quoting=1)])

    assert work.report["matched"] == {"id": 0, "isrc": 0, "names": 2}


def test_a_comma_in_an_artist_the_catalogue_knows_joins_nothing(tmp_path):
    make_track(title="Plain Song", artists=["Kith, Kin & Company"])
    header = ("Track Name", "Artist Name(s)")
    rows = [("Plain Song", "Kith, Kin & Company, Band 1"), ("Song 1", "Band 1, Band 2")]

    work = import_playlists([write_rows(tmp_path / "w.csv", header, rows)])

    assert work.report["matched"]["names"] == 2


def test_a_folder_is_read_with_the_folders_in_it_and_names_playlists_by_their_path(tmp_path):
    folder = tmp_path / "exports"
    for name, spotify_id in (("Chill.csv", IDS[0]), ("ann/Chill.csv", IDS[1]), ("ann/.hidden.csv", IDS[2])):
        write_rows(folder / name, ("Track ID", "Track Name"), [(spotify_id, "Song")])
    (folder / "notes.txt").write_text("not for us")

    work = import_playlists([folder])

    assert sources() == [("exports", "Chill", "Chill"), ("exports", "ann/Chill", "Chill")]
    assert [file["name"] for file in work.report["files"]] == ["Chill.csv", "Chill.csv"]


def test_a_file_of_a_folder_is_the_same_playlist_alone_and_with_the_others(tmp_path):
    folder = tmp_path / "exports"
    one = write_rows(folder / "One.csv", ("Track ID",), [(IDS[0],)])
    write_rows(folder / "Two.csv", ("Track ID",), [(IDS[1],)])
    import_playlists([folder])

    work = import_playlists([one])

    assert work.report["playlists"] == {"new": 0, "changed": 0, "unchanged": 1, "without_match": 0}


def test_slices_tell_the_name_before_or_after_the_tracks(tmp_path):
    first = {"name": "Throwbacks", "pid": 7, "tracks": [slice_track(IDS[0]), slice_track(IDS[1])]}
    second = {"tracks": [slice_track(IDS[2])], "num_edits": 3, "pid": 8, "name": "Party"}

    import_playlists([write_slice(tmp_path / "mpd.slice.0-999.json", first, second)])

    assert sources() == [("mpd", "7", "Throwbacks"), ("mpd", "8", "Party")]
    assert tracks_of("Throwbacks") == IDS[:2]


def test_everything_may_be_gzipped_and_mixed_in_one_call(tmp_path):
    table = write_table(tmp_path / "songs.csv", {"Table": IDS[:1]})
    slices = write_slice(
        tmp_path / "slice.json", {"name": "Slice", "pid": 1, "tracks": [slice_track(IDS[1])]}
    )
    export = write_rows(tmp_path / "Export.csv", ("Track ID",), [(IDS[2],)])
    packed = []
    for path in (table, slices, export):
        packed.append(Path(f"{path}.gz"))
        packed[-1].write_bytes(gzip.compress(path.read_bytes()))

    work = import_playlists(packed)

    assert [(file["name"], file["layout"]) for file in work.report["files"]] == [
        ("songs.csv.gz", "table"),
        ("slice.json.gz", "slice"),
        ("Export.csv.gz", "export"),
    ]
    assert {name: tracks_of(name) for name in ("Table", "Slice", "Export")} == {
        "Table": IDS[:1],
        "Slice": IDS[1:2],
        "Export": IDS[2:3],
    }


def test_a_file_named_twice_is_read_once(tmp_path):
    table = write_table(tmp_path / "songs.csv", {"A": IDS[:2]})

    work = import_playlists([table, tmp_path, tmp_path / "." / "songs.csv"])

    assert work.report["rows"] == 2


def test_two_exports_that_would_be_the_same_playlist_are_refused(tmp_path):
    paths = [tmp_path / folder / "Chill.csv" for folder in ("ann", "bob")]
    for path in paths:
        write_rows(path, ("Track ID",), [(IDS[0],)])

    with pytest.raises(UnreadableFile, match="would both be the playlist “Chill”"):
        import_playlists(paths, PlaylistOptions(source="exports"))

    assert not Playlist.objects.exists()


def test_owner_and_privacy_are_as_asked_for(tmp_path):
    header = (*TABLE, "playlist_owner")
    table = write_rows(tmp_path / "songs.csv", header, [(IDS[0], "", "", "A", "a", "carl")])

    import_playlists([table])
    assert list(Playlist.objects.values_list("owner", "is_public")) == [("carl", False)]
    assert not Playlist.objects.shown().exists()

    import_playlists([table], PlaylistOptions(owner="dora", is_public=True))
    assert list(Playlist.objects.shown().values_list("owner", flat=True)) == ["dora"]
