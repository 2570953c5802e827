"""A genre among the tracks of a run, against counts written out one by one."""

import numpy as np

from recommender.algorithms.artists import group_by_artist
from recommender.algorithms.genres import best_known_artists, shared_with_genres, typical_rows
from tests.recommender.algorithms.blend_catalogue import N_GENRES
from tests.recommender.algorithms.test_artists import made


def test_typical_is_what_is_known_and_near_the_middle_one_an_artist_and_recording():
    X = np.arange(40, dtype=np.float32)[:, None]
    popularity = np.full(40, 10, np.uint8)
    popularity[[2, 15, 16, 17, 18, 19, 21, 30, 35, 39]] = 90  # the best known of the genre
    recordings, artists = np.arange(40), np.arange(40) + 100
    recordings[17] = recordings[18]
    artists[[19, 21]] = 7
    rows = np.arange(30, dtype=np.int32)  # their middle is 14.5

    found = typical_rows(X, popularity, recordings, artists, rows, 2)

    assert found.tolist() == [15, 16]
    assert typical_rows(X, popularity, recordings, artists, rows, 4).tolist()[:4] == [15, 16, 17, 19]


def test_few_tracks_are_all_typical_even_of_one_artist_or_of_none():
    X, popularity = np.zeros((3, 2), np.float32), np.zeros(3, np.uint8)
    rows = np.arange(3, dtype=np.int32)

    for artists in ([4, 4, 4], [-1, -1, -1]):
        found = typical_rows(X, popularity, np.arange(3), np.array(artists), rows, 5)
        assert sorted(found.tolist()) == [0, 1, 2]


def test_an_artist_is_known_by_three_recordings_not_by_one_hit():
    artists = np.array([1, 2, 2, 2, 2, 3, 3, -1])
    popularity = np.array([90, 40, 40, 40, 40, 61, 60, 99], np.uint8)
    recordings = np.array([1, 2, 3, 4, 5, 6, 6, 7])  # the tracks of artist 3 are one recording

    keys, counts = best_known_artists(popularity, recordings, artists, np.arange(8, dtype=np.int32), 5)

    assert keys.tolist() == [2, 1, 3]
    assert counts.tolist() == [4, 1, 1]
    assert best_known_artists(popularity, recordings, artists, np.array([7], np.int32), 5)[0].tolist() == []


def test_what_genres_share_is_counted_by_tracks_and_by_artists():
    arrays, keys, indptr, indices = made(1)
    artists = group_by_artist(arrays, keys, indptr, indices)
    carried = [set(indices[indptr[row] : indptr[row + 1]].tolist()) for row in range(len(keys))]
    of_artist: dict[int, set[int]] = {key: set() for key in artists.keys.tolist()}
    for row, key in enumerate(keys.tolist()):
        if key >= 0:
            of_artist[key] |= carried[row]
    for genre in range(N_GENRES):
        rows = np.array([row for row, genres in enumerate(carried) if genre in genres], np.int32)

        tracks, both, nearness = shared_with_genres(artists, keys, indptr, indices, rows, N_GENRES)

        for other in range(N_GENRES):
            assert tracks[other] == sum({genre, other} <= genres for genres in carried)
            assert both[other] == sum({genre, other} <= genres for genres in of_artist.values())
        assert nearness.argmax() == genre
        np.testing.assert_allclose(nearness[genre], 2)
