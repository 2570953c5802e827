import math

import numpy as np
import pytest

from recommender.answers import browsing
from recommender.answers.browsing import (
    KNOWN,
    SORTS,
    TITLE,
    TYPICAL,
    BrowseRequest,
    Region,
    cluster_region,
    exported_cards,
    listed_tracks,
    surprise,
    track_page,
)
from recommender.answers.filters import NO_TRACK_FILTERS, TrackFilters, UnknownGenre
from recommender.snapshots.snapshot import Snapshot
from recommender.snapshots.store import active_snapshot
from tests.factories import make_catalogue, publish_run
from tracks.models import Track
from tracks.titles.folding import fold

pytestmark = pytest.mark.django_db
SOME = TrackFilters(genres=("hip-hop", "jazz"), explicit=False, min_popularity=20, minimum=(("energy", 0.2),))


@pytest.fixture
def snapshot() -> Snapshot:
    tracks = make_catalogue(200)
    Track.objects.filter(pk__in=[track.pk for track in tracks[::6]]).update(key=None, popularity=None)
    Track.objects.filter(pk=tracks[3].pk).update(title="“éclair”")
    Track.objects.filter(pk=tracks[4].pk).update(title="Eclair No. 2")
    publish_run(n_clusters=3)
    found = active_snapshot()
    assert found is not None
    return found


def by_hand(snapshot: Snapshot, region: Region, sort: str, filters: TrackFilters) -> list[int]:
    """The keys of a list, straight from the database: filtered, the best-known release of each, sorted."""
    distance = {}
    for row in range(region.start, region.stop):
        difference = snapshot.arrays.places[row].astype(float) - np.array(region.middle)
        distance[int(snapshot.arrays.track_ids[row])] = math.sqrt((difference**2).sum())
    best: dict[int, Track] = {}
    for track in Track.objects.filter(pk__in=distance):
        if filters.genres and not set(filters.genres) & set(track.genre_names):
            continue
        if filters.explicit is not None and track.explicit is not filters.explicit:
            continue
        if filters.min_popularity is not None and (track.popularity or -1) < filters.min_popularity:
            continue
        if any(getattr(track, name) < value for name, value in filters.minimum):
            continue
        other = best.get(track.recording_id)
        if other is None or _is_better(track, other):
            best[track.recording_id] = track
    typical = sorted(best.values(), key=lambda track: (distance[track.pk], track.pk))
    if sort == TYPICAL:
        return [track.pk for track in typical]
    if sort == TITLE:
        return [track.pk for track in sorted(typical, key=lambda track: (fold(track.title), track.title))]
    name = "popularity" if sort == KNOWN else sort.removeprefix("-")
    sign = -1 if sort == KNOWN or sort.startswith("-") else 1

    def key(track):
        value = getattr(track, name)
        return value is None, 0 if value is None else float(np.float32(sign * value))

    return [track.pk for track in sorted(typical, key=key)]


def _is_better(track: Track, other: Track) -> bool:
    known = [-1 if each.popularity is None else each.popularity for each in (track, other)]
    return known[0] > known[1] or (known[0] == known[1] and track.pk < other.pk)


@pytest.mark.parametrize("filters", [NO_TRACK_FILTERS, SOME], ids=["all", "filtered"])
def test_every_sort_lists_each_recording_once_as_by_hand(snapshot, filters):
    for label in range(snapshot.n_clusters):
        region = cluster_region(snapshot, label)
        for sort in SORTS:
            rows = listed_tracks(snapshot, region, sort, filters).rows
            assert snapshot.arrays.track_ids[rows].tolist() == by_hand(snapshot, region, sort, filters), sort


def test_a_slice_inside_a_cluster_is_browsed_alike(snapshot):
    whole = cluster_region(snapshot, 1)
    third = (whole.stop - whole.start) // 3
    region = Region(whole.start + third, whole.stop - third, tuple(np.zeros(9).tolist()))

    for filters in (NO_TRACK_FILTERS, SOME):
        rows = listed_tracks(snapshot, region, "-tempo", filters).rows
        assert snapshot.arrays.track_ids[rows].tolist() == by_hand(snapshot, region, "-tempo", filters)


def test_pages_laid_end_to_end_are_the_list(snapshot):
    region = cluster_region(snapshot, 0)
    whole = listed_tracks(snapshot, region, TITLE, NO_TRACK_FILTERS)
    listed, n_pages = [], track_page(snapshot, region, BrowseRequest(TITLE, 1, 7)).n_pages
    for number in range(1, n_pages + 1):
        page = track_page(snapshot, region, BrowseRequest(TITLE, number, 7))
        assert page.first == len(listed) + 1
        listed += page.entries

    assert [card.pk for card, _others in listed] == snapshot.arrays.track_ids[whole.rows].tolist()
    assert (page.n_recordings, page.n_tracks) == (len(listed), region.stop - region.start)
    assert sum(1 + others for _card, others in listed) == page.n_tracks
    assert any(others for _card, others in listed)
    assert track_page(snapshot, region, BrowseRequest(TITLE, n_pages + 1, 7)).entries == []


def test_what_was_deleted_since_the_run_is_left_out(snapshot):
    region = cluster_region(snapshot, 0)
    listed = listed_tracks(snapshot, region, TYPICAL, NO_TRACK_FILTERS)
    first, second = snapshot.arrays.track_ids[listed.rows[:2]].tolist()
    Track.objects.filter(pk=first).delete()

    entries = track_page(snapshot, region, BrowseRequest()).entries
    assert entries[0][0].pk == second
    assert next(exported_cards(snapshot, listed)).pk == second
    Track.objects.all().delete()
    assert surprise(snapshot, region, NO_TRACK_FILTERS) is None


def test_a_file_holds_all_in_order_up_to_its_bound(snapshot, monkeypatch):
    monkeypatch.setattr(browsing, "CARDS_AT_ONCE", 4)
    monkeypatch.setattr(browsing, "MAX_EXPORTED", 10)
    listed = listed_tracks(snapshot, cluster_region(snapshot, 0), KNOWN, NO_TRACK_FILTERS)

    exported = [card.pk for card in exported_cards(snapshot, listed)]
    assert exported == snapshot.arrays.track_ids[listed.rows[:10]].tolist()


def test_a_surprise_is_one_of_the_best_known_third(snapshot):
    region = cluster_region(snapshot, 0)
    clean = TrackFilters(explicit=False)
    known = by_hand(snapshot, region, KNOWN, clean)
    drawn = {surprise(snapshot, region, clean).pk for _ in range(60)}

    assert drawn <= set(known[: max(1, round(len(known) / 3))])
    assert len(drawn) > 1


def test_an_empty_list_has_no_page_and_no_surprise(snapshot):
    region = cluster_region(snapshot, 0)
    nothing = TrackFilters(min_popularity=100, max_popularity=0)
    page = track_page(snapshot, region, BrowseRequest(filters=nothing))

    assert (page.entries, page.n_pages, page.n_recordings, page.n_tracks) == ([], 0, 0, 0)
    assert surprise(snapshot, region, nothing) is None
    with pytest.raises(UnknownGenre):
        track_page(snapshot, region, BrowseRequest(filters=TrackFilters(genres=("no such genre",))))
