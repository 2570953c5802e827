import numpy as np
import pytest

from recommender.algorithms.clustering.genres import GenreShare, genre_shares


def shares(labels: list[int], genres: list[list[int]], n_clusters: int, n_genres: int):
    indptr = np.cumsum([0, *map(len, genres)]).astype(np.int64)
    indices = np.array([genre for row in genres for genre in row], dtype=np.int32)
    return genre_shares(np.array(labels, dtype=np.int32), n_clusters, indptr, indices, n_genres)


def test_share_and_lift_by_hand():
    first, second = shares([0, 0, 1, 1], [[0], [0, 1], [1], [1]], 2, 2)
    assert first == [GenreShare(0, 1.0, 2.0), GenreShare(1, 0.5, pytest.approx(2 / 3))]
    assert second == [GenreShare(1, 1.0, pytest.approx(4 / 3))]


def test_a_track_of_three_genres_counts_in_each():
    (only,) = shares([0, 0], [[0, 1, 2], [2]], 1, 3)
    assert {each.genre: each.share for each in only} == {0: 0.5, 1: 0.5, 2: 1.0}


def test_a_rare_fluke_does_not_lead():
    labels = [0] * 101 + [1] * 100
    genres = [[0]] * 100 + [[1]] + [[0]] * 20 + [[2]] * 80
    leading = shares(labels, genres, 2, 3)[0]
    assert [each.genre for each in leading] == [0]  # genre 1 has lift 2, by a single track


def test_clusters_without_genres_have_none():
    assert shares([0, 1], [[], [0]], 2, 1) == [[], [GenreShare(0, 1.0, 2.0)]]
    assert shares([0, 0], [[], []], 1, 0) == [[]]
