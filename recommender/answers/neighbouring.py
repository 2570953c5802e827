"""Which clusters are next to a cluster, and in which features two clusters differ most. numpy only."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.euclidean import euclidean_distances


def nearest_centroids(centroids: NDArray[np.float32], own: int, count: int) -> list[int]:
    """The rows of the `count` centroids (n, d) nearest to row `own`, the nearest first, without itself."""
    distances = euclidean_distances(centroids.astype(np.float64), centroids[own])
    order: list[int] = np.argsort(distances, kind="stable").tolist()
    return [row for row in order if row != own][:count]


def largest_differences(
    own: Mapping[str, float], other: Mapping[str, float], deviations: Mapping[str, float], least: float
) -> list[tuple[str, bool]]:
    """The features in which two means differ by more than `least` standard deviations, the largest
    difference first, and whether `other` has more of each."""
    differences = {name: (other[name] - own[name]) / scale for name, scale in deviations.items()}
    order = sorted(differences, key=lambda name: -abs(differences[name]))
    return [(name, differences[name] > 0) for name in order if abs(differences[name]) > least]
