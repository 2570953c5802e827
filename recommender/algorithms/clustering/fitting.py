"""Fitting clusters on the standardised features, their labels in a lasting order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.clustering.estimators import DEFAULT_ALGORITHM, fit_estimator
from recommender.algorithms.euclidean import euclidean_distances

N_INIT = 10
ROWS_LOOKED_AT_FIRST = 10_000


@dataclass(frozen=True, slots=True)
class Clustering:
    """A fit. The largest cluster has label 0.

    labels: int32 (n_tracks,). centroids: float32 (n_clusters, n_features). distances: float32
    (n_tracks,), of each track to its own centroid. inertia: the sum of their squares.
    """

    labels: NDArray[np.int32]
    centroids: NDArray[np.float32]
    distances: NDArray[np.float32]
    inertia: float

    @property
    def n_clusters(self) -> int:
        return len(self.centroids)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Members of each cluster, int64 (n_clusters,)."""
        return np.bincount(self.labels, minlength=self.n_clusters)


def fit_clusters(
    X: NDArray[np.float32],
    n_clusters: int,
    *,
    random_state: int,
    n_init: int = N_INIT,
    algorithm: str = DEFAULT_ALGORITHM,
) -> Clustering:
    """Fit `X` (n_tracks, n_features), with as many clusters as asked, never an empty one.

    Raises ValueError when there are fewer distinct rows than clusters.
    """
    if n_clusters > (available := n_distinct_rows(X, n_clusters)):
        raise ValueError(f"{n_clusters} clusters need as many different rows, there are {available}")
    fit = fit_estimator(X, n_clusters, random_state=random_state, n_init=n_init, algorithm=algorithm)
    found, labels = np.unique(fit.labels_, return_inverse=True)
    order = np.argsort(-np.bincount(labels), kind="stable")
    position = np.empty_like(order)
    position[order] = np.arange(len(order))
    centroids = fit.cluster_centers_[found][order].astype(np.float32)
    ordered: NDArray[np.int32] = position[labels].astype(np.int32)
    distances = euclidean_distances(X, centroids[ordered])
    inertia = float(np.square(distances, dtype=np.float64).sum())
    return Clustering(ordered, centroids, distances, inertia)


def n_distinct_rows(X: NDArray[np.float32], enough: int) -> int:
    """The number of different rows of `X`; counting stops early once there are `enough`."""
    first = len(np.unique(X[:ROWS_LOOKED_AT_FIRST], axis=0))
    return first if first >= enough or len(X) <= ROWS_LOOKED_AT_FIRST else len(np.unique(X, axis=0))


def seeded_sample(n_rows: int, size: int, random_state: int) -> NDArray[np.int64]:
    """Indices of at most `size` of `n_rows` rows, without repeats, ascending; all when there are no more."""
    if n_rows <= size:
        return np.arange(n_rows)
    generator = np.random.default_rng(random_state)
    return np.sort(generator.choice(n_rows, size, replace=False))
