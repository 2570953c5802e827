import math

import numpy as np
import pytest

from recommender.answers.neighbouring import largest_differences, nearest_centroids


@pytest.mark.parametrize("own", range(12))
def test_the_nearest_centroids_are_those_a_loop_over_all_finds(own):
    centroids = np.random.default_rng(7).normal(size=(12, 9)).astype(np.float32)
    by_hand = sorted(
        (math.dist(centroids[own].tolist(), other.tolist()), row)
        for row, other in enumerate(centroids)
        if row != own
    )
    assert nearest_centroids(centroids, own, 3) == [row for _distance, row in by_hand[:3]]


def test_a_twin_is_a_neighbour_and_the_cluster_itself_is_not():
    centroids = np.array([[0, 0], [5, 5], [5, 5], [6, 5]], np.float32)
    assert nearest_centroids(centroids, 2, 2) == [1, 3]
    assert nearest_centroids(centroids, 1, 9) == [2, 3, 0]
    assert nearest_centroids(centroids[:1], 0, 3) == []


def test_differences_are_measured_in_standard_deviations():
    own = {"energy": 0.5, "tempo": 120.0, "loudness": -10.0, "valence": 0.5}
    other = {"energy": 0.3, "tempo": 150.0, "loudness": -9.0, "valence": 0.5}
    deviations = {"energy": 0.1, "tempo": 30.0, "loudness": 5.0, "valence": 0.2}
    assert largest_differences(own, other, deviations, 0.25) == [("energy", False), ("tempo", True)]
    assert largest_differences(other, own, deviations, 0.1) == [
        ("energy", True),
        ("tempo", False),
        ("loudness", False),
    ]
