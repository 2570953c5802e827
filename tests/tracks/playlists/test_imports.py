"""What an import of playlists changes, what it leaves alone, and what it says."""

import csv
from pathlib import Path

import pytest

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
from tracks.importing.refusals import ImportInFlight, ImportRefused, NothingToImport
from tracks.jobs.work import Status
from tracks.models import Playlist, PlaylistImport, Track
from tracks.playlists import imports
from tracks.playlists.imports import import_playlists, run_queued_import
from tracks.playlists.queue import PlaylistOptions, import_playlists_soon
from tracks.playlists.wording import put_into_words

pytestmark = pytest.mark.django_db(transaction=True)  # its watcher has a connection of its own
IDS = [letter * 22 for letter in "ABCDE"]


@pytest.fixture(autouse=True)
def catalogue(db):
    for number, spotify_id in enumerate(IDS):
        make_track(spotify_id, title=f"Song {number}", artists=[f"Band {number}"])


def test_the_report_says_how_many_rows_matched_how(tmp_path):
    make_track(title="Coded", artists=["Q"], isrc="QMFME2241679")
    header = (*TABLE, "ISRC")
    rows = [
        (IDS[0], "", "", "A", "a", ""),
        ("x", "", "", "A", "a", "QM-FME-22-41679"),
        ("x", "song 1", "BAND 1", "A", "a", ""),
        ("x", "nothing", "nobody", "A", "a", ""),
        ("y", "nothing", "nobody", "B", "b", ""),
        (IDS[0], "", "", "A", "a", ""),
    ]

    report = import_playlists([write_rows(tmp_path / "songs.csv", header, rows)]).report

    assert report["rows"] == 6
    assert report["matched"] == {"id": 2, "isrc": 1, "names": 1}
    assert (report["unmatched"], report["unreadable"], report["repeated"]) == (2, 0, 1)
    assert report["playlists"] == {"new": 1, "changed": 0, "unchanged": 0, "without_match": 1}
    assert report["stored"] == {"playlists": 1, "entries": 3}
    assert ("rows matched by ISRC", 1) in put_into_words(report).figures


def test_rows_without_a_match_are_written_to_a_file(tmp_path):
    rows = [(IDS[0], "", "", "A", "a"), ("x", "Nothing", "=HYPERLINK(1)", "A", "a")]

    work = import_playlists([write_rows(tmp_path / "songs.csv", TABLE, rows)])

    with Path(work.unmatched_file).open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["file", "line", "playlist", "id", "title", "artists", "reason"],
            ["songs.csv", "3", "A", "x", "Nothing", "'=HYPERLINK(1)", "not in the catalogue"],
        ]


def test_no_tracks_are_made(tmp_path):
    before = Track.objects.count()
    rows = [(IDS[0], "", "", "A", "a"), ("x", "New", "Newcomer", "A", "a")]

    import_playlists([write_rows(tmp_path / "songs.csv", TABLE, rows)])

    assert Track.objects.count() == before


def test_the_same_import_again_changes_nothing_and_says_so(tmp_path):
    files = [
        write_table(tmp_path / "songs.csv", {"A": IDS[:3], "B": IDS[2:]}),
        write_slice(tmp_path / "s.json", {"name": "C", "pid": 0, "tracks": [slice_track(IDS[4])]}),
    ]
    import_playlists(files)
    before = everything()

    report = import_playlists(files).report

    assert everything() == before
    assert report["playlists"] == {"new": 0, "changed": 0, "unchanged": 3, "without_match": 0}
    assert put_into_words(report).outcome.startswith("Nothing changed")


def test_a_changed_playlist_is_replaced_whole_and_the_others_stay(tmp_path):
    import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS[:3], "B": IDS[2:], "C": IDS[:1]})])
    others = [entry for entry in everything() if entry[0] != Playlist.objects.get(name="A").pk]

    work = import_playlists([write_table(tmp_path / "songs.csv", {"A": [IDS[3], IDS[0]], "B": IDS[2:]})])

    assert tracks_of("A") == [IDS[3], IDS[0]]
    assert [entry for entry in everything() if entry[0] != Playlist.objects.get(name="A").pk] == others
    assert work.report["playlists"] == {"new": 0, "changed": 1, "unchanged": 1, "without_match": 0}


def test_another_order_is_a_change(tmp_path):
    import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS[:3]})])

    import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS[2::-1]})])

    assert tracks_of("A") == IDS[2::-1]


def test_tracks_that_were_imported_later_are_found_by_importing_again(tmp_path):
    table = write_table(tmp_path / "songs.csv", {"A": [IDS[0], "Z" * 22]})
    import_playlists([table])
    make_track("Z" * 22)

    work = import_playlists([table])

    assert tracks_of("A") == [IDS[0], "Z" * 22]
    assert work.report["playlists"]["changed"] == 1


def test_a_playlist_whose_tracks_are_no_longer_known_is_emptied(tmp_path):
    import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS[:3], "B": IDS[:1]})])

    work = import_playlists([write_table(tmp_path / "songs.csv", {"A": ["gone"], "B": IDS[:1]})])

    assert tracks_of("A") == []
    assert work.report["playlists"] == {"new": 0, "changed": 0, "unchanged": 1, "without_match": 1}


def test_the_same_id_of_another_source_is_another_playlist(tmp_path):
    table = write_table(tmp_path / "songs.csv", {"A": IDS[:3]})

    import_playlists([table])
    import_playlists([table], PlaylistOptions(source="elsewhere"))

    assert set(Playlist.objects.values_list("source", flat=True)) == {"songs.csv", "elsewhere"}


def test_one_playlist_in_two_files_of_one_source_is_put_together(tmp_path):
    files = [
        write_table(tmp_path / "part1.csv", {"A": IDS[:2]}),
        write_table(tmp_path / "part2.csv", {"A": IDS[1:3]}),
    ]

    import_playlists(files, PlaylistOptions(source="parts"))

    assert tracks_of("A") == IDS[:3]


def test_no_match_at_all_is_refused_and_nothing_is_lost(tmp_path):
    import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS[:3]})])
    before = everything()

    with pytest.raises(NothingToImport, match="Not one of 2 rows is a track of this catalogue"):
        import_playlists([write_table(tmp_path / "songs.csv", {"A": ["p", "q"]})])

    work = PlaylistImport.objects.first()
    assert work.status == Status.FAILED
    assert work.report["unmatched"] == 2
    assert work.unmatched_file
    assert everything() == before


def test_an_empty_catalogue_says_what_to_import_first(tmp_path):
    Track.objects.all().delete()

    with pytest.raises(NothingToImport, match="import tracks first"):
        import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS})])


def test_only_one_import_of_playlists_runs_at_a_time(tmp_path):
    table = write_table(tmp_path / "songs.csv", {"A": IDS})
    queued = import_playlists_soon([table])

    with pytest.raises(ImportInFlight, match="is queued already"):
        import_playlists([table])

    assert run_queued_import() == queued
    assert run_queued_import() is None
    assert PlaylistImport.objects.get().status == Status.DONE


def test_a_track_deleted_while_files_are_read_ends_in_a_sentence(tmp_path, monkeypatch):
    store = imports.store_playlists

    def store_late(*arguments, **options):
        Track.objects.filter(spotify_id=IDS[0]).delete()
        return store(*arguments, **options)

    monkeypatch.setattr(imports, "store_playlists", store_late)
    with pytest.raises(ImportRefused, match="The catalogue changed"):
        import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS})])

    assert not Playlist.objects.exists()
    assert PlaylistImport.objects.get().status == Status.FAILED
