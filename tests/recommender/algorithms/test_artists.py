"""Artists of a run: their means and their order of nearness, against sums written out one by one."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.algorithms.artists import Artists, group_by_artist, nearest_artists
from recommender.algorithms.blend.distance import BALANCED, MAX_FAMILIAR, BlendArrays, BlendWeights
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_arrays

N = 300
WEIGHTS = (BALANCED, replace(BALANCED, familiarity=-0.5, sound=0.3), replace(BALANCED, listeners=0.0))


def made(seed: int, n: int = N, n_listeners: int = 4):
    """Arrays of n rows, the key of each row's first artist (some have none), and the genres they carry."""
    rng = np.random.default_rng(seed)
    artists = rng.choice([-1, *range(7, 7 + 3 * max(n // 6, 1), 3)], n).astype(np.int64)
    counts = rng.integers(0, 4, n)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    carried = [np.sort(rng.choice(N_GENRES, count, replace=False)) for count in counts]
    return made_arrays(n, seed, n_listeners), artists, indptr, np.concatenate(carried).astype(np.int32)


def genres_by_hand(arrays: BlendArrays, rows: np.ndarray) -> np.ndarray:
    mean = np.zeros(N_GENRES)
    for row in rows:
        for genre, weight in zip(arrays.genre_ids[row], arrays.genre_weights[row], strict=True):
            mean[genre] += weight
    return mean


def unit(vector: np.ndarray) -> np.ndarray:
    norm = np.linalg.norm(vector)
    return vector / norm if norm else vector


def distance_by_hand(
    arrays: BlendArrays, ours: np.ndarray, theirs: np.ndarray, weights: BlendWeights
) -> float:
    """Between the means of two artists' rows."""
    other = genres_by_hand(arrays, theirs)
    genre = 1 - min(1, float(unit(genres_by_hand(arrays, ours)) @ unit(other)))
    sound = np.linalg.norm(arrays.X[ours].mean(axis=0) - arrays.X[theirs].mean(axis=0))
    known = arrays.familiarity[theirs].max()
    gems = weights.familiarity < 0
    familiarity = abs(weights.familiarity) * (known if gems else MAX_FAMILIAR - known)
    mine, mean = arrays.listeners[ours].mean(axis=0), arrays.listeners[theirs].mean(axis=0)
    norm = np.linalg.norm(mine)
    listeners = max(norm - mean @ mine / norm, 0) if norm else 0
    return float(weights.genre * genre + weights.sound * sound + familiarity + weights.listeners * listeners)


@pytest.fixture(autouse=True, params=[12, 10**6], ids=["bounded", "all"])
def how_many_are_measured_first(monkeypatch, request):
    monkeypatch.setattr("recommender.algorithms.artists.FIRST_MEASURED", request.param)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_nearest_artists_are_those_of_brute_force(seed, weights):
    arrays, keys, indptr, indices = made(seed)
    artists = group_by_artist(arrays, keys, indptr, indices)
    rows = {int(key): np.flatnonzero(keys == key) for key in np.unique(keys[keys >= 0])}
    for own in list(rows)[::9]:
        expected = {
            key: distance_by_hand(arrays, rows[own], theirs, weights)
            for key, theirs in rows.items()
            if key != own
        }

        found = nearest_artists(artists, arrays, rows[own], weights, 10, without=own)

        np.testing.assert_allclose(found.distances, sorted(expected.values())[:10], rtol=1e-4, atol=1e-5)
        listed = [expected[key] for key in artists.keys[found.places].tolist()]
        np.testing.assert_allclose(found.distances, listed, rtol=1e-4, atol=1e-5)
        assert own not in artists.keys[found.places]


def test_the_tracks_and_the_genres_of_every_artist():
    arrays, keys, indptr, indices = made(5)

    artists = group_by_artist(arrays, keys, indptr, indices)

    assert artists.keys.tolist() == sorted({*keys.tolist()} - {-1})
    for place, key in enumerate(artists.keys.tolist()):
        rows = np.flatnonzero(keys == key)
        assert artists.rows_of(place).tolist() == rows.tolist()
        carried = {genre for row in rows for genre in indices[indptr[row] : indptr[row + 1]].tolist()}
        start, stop = artists.label_indptr[place : place + 2]
        assert artists.labels[start:stop].tolist() == sorted(carried)


def test_an_artist_without_tracks_of_its_own_is_compared_by_those_that_name_it_later():
    arrays, keys, indptr, indices = made(6)
    artists = group_by_artist(arrays, keys, indptr, indices)

    found = nearest_artists(artists, arrays, np.array([3]), BALANCED, 5, without=10**9)

    expected = sorted(
        distance_by_hand(arrays, np.array([3]), np.flatnonzero(keys == key), BALANCED) for key in artists.keys
    )
    np.testing.assert_allclose(found.distances, expected[:5], rtol=1e-4)


def test_equal_artists_stand_by_their_key():
    arrays, _keys, indptr, indices = made(7, 40)
    same = np.zeros(40, np.int64)
    arrays = replace(arrays, X=arrays.X[same], genre_ids=arrays.genre_ids[same],
                     genre_weights=arrays.genre_weights[same], familiarity=arrays.familiarity[same],
                     listeners=0 * arrays.listeners)  # fmt: skip
    artists = group_by_artist(arrays, np.arange(400, 0, -10), indptr, indices)

    found = nearest_artists(artists, arrays, np.array([2]), BALANCED, 3, without=20)

    assert artists.keys[found.places].tolist() == [10, 30, 40]


@pytest.mark.parametrize("keys", [[-1, -1, -1], [4, 4, 4], [-1, 4, -1]])
def test_one_artist_or_none_has_nobody_near(keys):
    arrays, _keys, _indptr, _indices = made(8, 3)
    nothing = np.zeros(4, np.int64), np.empty(0, np.int32)

    artists = group_by_artist(arrays, np.array(keys), *nothing)

    assert isinstance(artists, Artists)
    assert len(artists.keys) == len({*keys} - {-1})
    assert len(nearest_artists(artists, arrays, np.array([1]), BALANCED, 5, without=4).places) == 0


def test_without_listeners_genres_and_sound_decide():
    arrays, keys, indptr, indices = made(9, n_listeners=0)
    artists = group_by_artist(arrays, keys, indptr, indices)
    own = int(artists.keys[0])

    found = nearest_artists(artists, arrays, artists.rows_of(0), BALANCED, 4, without=own)

    expected = sorted(
        distance_by_hand(arrays, artists.rows_of(0), artists.rows_of(place), BALANCED)
        for place in range(1, len(artists.keys))
    )
    np.testing.assert_allclose(found.distances, expected[:4], rtol=1e-4)
    np.testing.assert_allclose(
        found.sound,
        np.linalg.norm(artists.X[found.places] - arrays.X[artists.rows_of(0)].mean(axis=0), axis=1),
        rtol=1e-5,
    )
