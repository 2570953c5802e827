from dataclasses import replace

import numpy as np
import pytest

from recommender.algorithms.clustering.scaling import fit_scaling
from recommender.fitting.blend_arrays import blend_arrays, ordered_blend, without_hubs
from recommender.fitting.catalogue_arrays import CatalogueArrays, load_catalogue
from tests.factories import make_catalogue, make_track, playlists_of, random_playlists

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def loaded() -> tuple[CatalogueArrays, np.ndarray]:
    catalogue = load_catalogue()
    return catalogue, fit_scaling(catalogue.features).transform(catalogue.features)


def test_all_releases_of_a_recording_share_what_belongs_to_it():
    first = make_track(title="Song", artists=("Zoe",), genres=("pop",), popularity=40, album="One")
    make_track(
        title="Song - Remastered",
        artists=("Zoe", "Amy"),
        genres=("jazz",),
        recording=first,
        popularity=70,
        album="Two",
        duration_ms=400_000,
    )
    make_track(title="Other", artists=("Bob",), genres=("pop",), popularity=5)
    catalogue, X = loaded()

    blended = blend_arrays(catalogue, X, playlists_of([first.pk], [first.pk]))

    arrays = blended.arrays
    assert arrays.popularity.tolist() == [70, 70, 5]
    np.testing.assert_array_equal(arrays.genre_weights[0], arrays.genre_weights[1])
    assert np.count_nonzero(arrays.genre_weights[0]) == 2
    assert arrays.familiarity[0] == arrays.familiarity[1] > arrays.familiarity[2]
    assert np.diff(arrays.credit_indptr).tolist() == [2, 2, 1]
    assert np.diff(blended.playlist_indptr).tolist() == [2, 2, 0]
    assert blended.playlist_indices.tolist() == [0, 1, 0, 1]
    assert arrays.log_duration[0] < arrays.log_duration[1]
    assert arrays.albums[0] != arrays.albums[1]
    assert blended.artists.tolist() in ([0, 0, 1], [1, 1, 0])


def test_an_album_title_of_two_artists_is_two_albums_and_none_is_none():
    make_track(album="Greatest Hits", artists=("A",))
    make_track(album="Greatest Hits", artists=("B",))
    make_track(album="Greatest Hits", artists=("A",))
    make_track(album="", artists=())
    catalogue, X = loaded()

    albums = blend_arrays(catalogue, X).arrays.albums.tolist()

    assert albums[0] == albums[2] != albums[1]
    assert albums[3] == -1


def test_listener_vectors_are_learnt_only_when_there_are_enough_playlists():
    tracks = make_catalogue(200)
    catalogue, X = loaded()

    without = blend_arrays(catalogue, X)
    few = blend_arrays(catalogue, X, random_playlists(tracks, n=5))
    enough = blend_arrays(catalogue, X, random_playlists(tracks, n=40))

    assert (without.learnt_from, few.learnt_from, enough.learnt_from) == (0, 0, 40)
    assert without.arrays.listeners.shape == few.arrays.listeners.shape == (200, 0)
    assert enough.arrays.listeners.any(axis=1).all()


def test_playlists_of_one_artist_each_teach_nothing():
    tracks = [make_track(artists=(f"Artist {n // 5}",)) for n in range(150)]
    lists = [[track.pk for track in tracks[start : start + 5]] for start in range(0, 150, 5)]
    catalogue, X = loaded()

    assert blend_arrays(catalogue, X, playlists_of(*lists)).learnt_from == 0


def test_tracks_that_the_arrays_do_not_hold_are_left_out_of_playlists():
    tracks = make_catalogue(10)
    catalogue, X = loaded()

    blended = blend_arrays(catalogue, X, playlists_of([tracks[0].pk, 10**9], [10**9]))

    assert blended.playlist_indices.tolist() == [0]


def test_the_order_keeps_clusters_together_and_every_row_once():
    make_catalogue(300)
    catalogue, X = loaded()
    labels = np.random.default_rng(0).integers(0, 4, 300)

    ordered = ordered_blend(blend_arrays(catalogue, X), labels, catalogue.track_ids)

    assert sorted(ordered.order) == list(range(300))
    assert labels[ordered.order].tolist() == sorted(labels)
    assert np.diff(ordered.offsets).tolist() == np.bincount(labels).tolist()
    np.testing.assert_array_equal(ordered.index.ids, catalogue.track_ids[ordered.order])
    np.testing.assert_array_equal(ordered.index.arrays.X, X[ordered.order])


def test_a_hub_is_pushed_away_with_all_its_releases():
    make_catalogue(300)
    catalogue, X = loaded()
    blended = blend_arrays(catalogue, X)
    hub = 8  # its re-release is row 9
    known = blended.arrays.familiarity.copy()
    known[[8, 9]] = 2.0
    blended = replace(blended, arrays=replace(blended.arrays, familiarity=known))
    ordered = ordered_blend(blended, np.zeros(300, np.int64), catalogue.track_ids)

    calmed = without_hubs(ordered, catalogue.recordings[ordered.order], blended.n_genres)

    hubness = np.empty(300, np.float32)
    hubness[calmed.order] = calmed.index.arrays.hubness
    assert hubness[hub] == hubness[9] == hubness.max() > 0
    starts = calmed.index.blocks.starts
    lowest = np.minimum.reduceat(calmed.index.arrays.hubness, starts[:-1])
    np.testing.assert_array_equal(calmed.index.blocks.hubness_low, lowest)


def test_the_same_input_gives_the_same_blend():
    tracks = make_catalogue(200)
    catalogue, X = loaded()
    lists = random_playlists(tracks)

    one, two = (blend_arrays(catalogue, X, lists, random_state=3).arrays for _ in range(2))

    for name in type(one).__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)
