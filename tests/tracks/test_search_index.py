import pytest
from django.db import connection, transaction

from tests.factories import make_track
from tracks.models import Track
from tracks.search import rebuild_index, search
from tracks.search.index import create_index, drop_index

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [hit.title for hit in search(query).hits]


def test_an_empty_catalogue_has_an_index_that_finds_nothing():
    rebuild_index()

    assert found("anything") == []


def test_a_search_before_the_first_import_finds_nothing():
    make_track(title="Halo")

    assert found("halo") == []


def test_a_rebuilt_index_forgets_what_is_gone_and_knows_what_is_new():
    gone = make_track(title="Gone Tomorrow")
    changed = make_track(title="Old Name")
    rebuild_index()
    gone.delete()
    Track.objects.filter(pk=changed.pk).update(title="New Song")
    rebuild_index()

    assert found("gone") == []
    assert found("old name") == []
    assert found("new song") == ["New Song"]


def test_a_deleted_track_is_not_found_though_the_index_is_older():
    track = make_track(title="Halo")
    rebuild_index()
    track.delete()

    assert found("halo") == []


def test_rebuilding_twice_changes_nothing():
    for number in range(5):
        make_track(title=f"Song {number}", popularity=number * 10)
    rebuild_index()
    first = found("song")
    rebuild_index()

    assert found("song") == first == [f"Song {number}" for number in (4, 3, 2, 1, 0)]


def test_a_rebuild_that_is_rolled_back_leaves_the_old_index():
    make_track(title="Before")
    rebuild_index()
    with pytest.raises(RuntimeError), transaction.atomic():
        make_track(title="After")
        rebuild_index()
        raise RuntimeError

    assert found("before") == ["Before"]
    assert found("after") == []


def test_a_track_without_a_recording_stands_for_itself():
    track = make_track(title="Alone")
    Track.objects.filter(pk=track.pk).update(recording=None)
    rebuild_index()

    assert found("alone") == ["Alone"]


def test_very_long_names_are_cut_and_found_by_their_beginning():
    make_track(title="long " * 199 + "x", artists=["y" * 500], album="z" * 1000)
    rebuild_index()

    assert len(search("long long").hits) == 1
    assert len(search("y" * 150).hits) == 1


def test_the_index_can_be_dropped_and_made_again():
    drop_index()
    assert not [name for name in connection.introspection.table_names() if name.startswith("tracks_search")]
    create_index()

    assert found("anything") == []
