from dataclasses import replace

import numpy as np
import pytest

from recommender.algorithms.blend.distance import (
    BALANCED,
    MAX_FAMILIAR,
    BlendArrays,
    BlendWeights,
    artist_postings,
    distance_parts,
    query_of_row,
    reordered,
    rows_of_artists,
    total,
)
from recommender.algorithms.blend.familiarity import familiarity
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_arrays

WEIGHTS = BlendWeights(
    genre=1.0,
    sound=0.03,
    artist=0.4,
    album=0.25,
    popularity=0.45,
    familiarity=1.0,
    duration=0.25,
    listeners=1.5,
)


def three_rows() -> BlendArrays:
    """Row 1 is row 0 on the same album; row 2 differs in everything."""
    indptr, indices = artist_postings(np.array([0, 1, 2, 3]), np.array([0, 0, 1], np.int32), 2)
    return BlendArrays(
        X=np.array([[0, 0], [0, 0], [3, 4]], np.float32),
        genre_ids=np.array([[0, 0], [0, 0], [1, 0]], np.int32),
        genre_weights=np.array([[1, 0], [1, 0], [1, 0]], np.float32),
        popularity=np.array([50, 50, 30], np.uint8),
        familiarity=np.array([2, 2, 1.5], np.float32),
        log_duration=np.array([12, 12, 12.5], np.float32),
        albums=np.array([7, 7, 8], np.int32),
        listeners=np.array([[1, 0], [1, 0], [0, 1]], np.float32),
        hubness=np.array([0, 0, 0.25], np.float32),
        credit_indptr=np.array([0, 1, 2, 3]),
        credit_indices=np.array([0, 0, 1], np.int32),
        artist_indptr=indptr,
        artist_rows=indices,
    )


def test_the_parts_of_a_hand_computed_distance():
    arrays = three_rows()

    parts = distance_parts(arrays, query_of_row(arrays, 0, 2), WEIGHTS, np.array([1, 2]))

    expected = {
        "genre": [0, 1],
        "sound": [0, 0.15],
        "artist": [0, 0.65],
        "popularity": [0, 0.09],
        "familiarity": [0, 0.5],
        "duration": [0, 0.125],
        "listeners": [0, 1.5],
        "hubness": [0, 0.25],
    }
    assert list(parts) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(parts[name], values, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(total(parts), [0, sum(values[1] for values in expected.values())], rtol=1e-6)


def test_a_track_of_the_artist_from_another_album_is_nearer_than_a_stranger():
    arrays = replace(three_rows(), albums=np.array([7, 9, 8], np.int32))

    parts = distance_parts(arrays, query_of_row(arrays, 0, 2), WEIGHTS, np.array([1, 2]))

    np.testing.assert_allclose(parts["artist"], [0.25, 0.65], rtol=1e-6)


def test_a_negative_weight_of_familiarity_prefers_hidden_gems():
    arrays = three_rows()
    gems = replace(BALANCED, familiarity=-1.0)

    parts = distance_parts(arrays, query_of_row(arrays, 0, 2), gems, np.array([1, 2]))

    np.testing.assert_allclose(parts["familiarity"], [2, 1.5])


def test_a_seed_that_listeners_say_nothing_of_leaves_their_part_out():
    arrays = replace(three_rows(), listeners=np.zeros((3, 2), np.float32))

    parts = distance_parts(arrays, query_of_row(arrays, 0, 2), BALANCED, np.array([1, 2]))

    assert parts["listeners"].tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(5))
def test_no_part_is_negative_and_the_seed_is_at_its_own_place(seed):
    arrays = made_arrays(500, seed)
    query = query_of_row(arrays, 42, N_GENRES)

    parts = distance_parts(arrays, query, BALANCED, np.arange(500))

    assert all((values >= 0).all() for values in parts.values())
    assert parts["sound"][42] == 0
    assert parts["popularity"][42] == pytest.approx(0, abs=1e-6)


def test_reordering_moves_whole_rows():
    arrays = made_arrays(200, 1)
    order = np.random.default_rng(0).permutation(200)

    moved = reordered(arrays, order)

    for new_row, old_row in enumerate(order.tolist()):
        assert moved.popularity[new_row] == arrays.popularity[old_row]
        artists = arrays.credit_indices[slice(*arrays.credit_indptr[old_row : old_row + 2])]
        assert (
            artists.tolist()
            == moved.credit_indices[slice(*moved.credit_indptr[new_row : new_row + 2])].tolist()
        )
        assert new_row in rows_of_artists(moved, artists)


def test_familiarity_rises_with_each_of_its_causes_and_has_a_ceiling():
    base = {"popularity": 20, "n_genres": 1, "n_releases": 1, "n_playlists": 0}

    def of(**changes):
        values = base | changes
        popularity = np.array([values.pop("popularity")], np.uint8)
        return float(familiarity(popularity, **{k: np.array([v]) for k, v in values.items()})[0])

    assert of() == pytest.approx(0.06)
    assert min(of(popularity=30), of(n_genres=2), of(n_releases=2), of(n_playlists=1)) > of()
    assert of(n_playlists=10**12) == MAX_FAMILIAR
