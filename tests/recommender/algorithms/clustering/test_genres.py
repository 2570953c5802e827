import numpy as np
import pytest

from recommender.algorithms.clustering.genres import GenreTable, genre_table, wilson_interval


def table(labels: list[int], genres: list[list[int]], n_clusters: int, n_genres: int) -> GenreTable:
    indptr = np.cumsum([0, *map(len, genres)]).astype(np.int64)
    indices = np.array([genre for row in genres for genre in row], dtype=np.int32)
    return genre_table(np.array(labels, dtype=np.int32), n_clusters, indptr, indices, n_genres)


def leading(found: GenreTable, label: int) -> list[tuple[int, float, float]]:
    return [(each.genre, each.share, pytest.approx(each.lift)) for each in found.leading(label)]


def test_share_and_lift_by_hand():
    found = table([0, 0, 1, 1], [[0], [0, 1], [1], [1]], 2, 2)
    assert leading(found, 0) == [(0, 1.0, 2.0), (1, 0.5, 2 / 3)]
    assert leading(found, 1) == [(1, 1.0, 4 / 3)]


def test_a_track_of_three_genres_counts_in_each():
    found = table([0, 0], [[0, 1, 2], [2]], 1, 3).leading(0)
    assert {each.genre: each.share for each in found} == {0: 0.5, 1: 0.5, 2: 1.0}


def test_a_rare_fluke_does_not_lead():
    labels = [0] * 101 + [1] * 100
    genres = [[0]] * 100 + [[1]] + [[0]] * 20 + [[2]] * 80
    found = table(labels, genres, 2, 3)
    assert [each.genre for each in found.leading(0)] == [0]  # genre 1 has lift 2, by a single track


def test_clusters_without_genres_have_none():
    found = table([0, 1], [[], [0]], 2, 1)
    assert found.leading(0) == []
    assert leading(found, 1) == [(0, 1.0, 2.0)]
    assert table([0, 0], [[], []], 1, 0).leading(0) == []


def test_all_genres_come_the_most_common_first():
    genres, shares, lifts = table([0, 0, 0, 1], [[1], [1, 0], [2], [0]], 2, 3).shares(0)
    assert genres.tolist() == [1, 0, 2]
    assert shares.tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert lifts.tolist() == pytest.approx([4 / 3, 2 / 3, 4 / 3])


def test_what_is_common_elsewhere_and_rare_here_is_missing():
    labels = [0] * 400 + [1] * 400
    genres = [[0]] * 399 + [[1]] + [[1]] * 200 + [[2]] * 200
    found = table(labels, genres, 2, 3)
    assert [each.genre for each in found.missing(0)] == [2, 1]
    assert [each.genre for each in found.missing(1)] == [0]


def test_a_small_cluster_is_not_said_to_miss_what_it_may_lack_by_chance():
    assert table([0] * 10 + [1] * 400, [[0]] * 10 + [[1]] * 200 + [[0]] * 200, 2, 2).missing(0) == []


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [(0.5, 100, 0.4038, 0.5962), (0.0, 10, 0.0, 0.2775), (1.0, 10, 0.7225, 1.0), (0.3, 0, 0.0, 1.0)],
)
def test_the_interval_of_a_share(share, n, low, high):
    assert wilson_interval(share, n) == pytest.approx((low, high), abs=1e-4)
