"""Fitting clusters on the standardised features, their labels in a lasting order."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.clustering.estimators import DEFAULT_ALGORITHM, Estimator, fit_estimator
from recommender.algorithms.euclidean import euclidean_distances

N_INIT = 10
ROWS_LOOKED_AT_FIRST = 10_000
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Start:
    """How a fit began: from the given centroids (`is_warm`) or from seeded ones.

    The figures are of the choice between the two, None where no centroids were given: mean squared
    distances of a row to its centroid, and half the 95 % interval of the seeded fit's.
    """

    is_warm: bool = False
    warm: float | None = None
    seeded: float | None = None
    interval: float | None = None


@dataclass(frozen=True, slots=True)
class Clustering:
    """A fit. The largest cluster has label 0.

    labels: int32 (n_tracks,). centroids: float32 (n_clusters, n_features). distances: float32
    (n_tracks,), of each track to its own centroid. inertia: the sum of their squares. start: how it began.
    """

    labels: NDArray[np.int32]
    centroids: NDArray[np.float32]
    distances: NDArray[np.float32]
    inertia: float
    start: Start = Start()

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
    init: NDArray[np.float32] | None = None,
) -> Clustering:
    """Fit `X` (n_tracks, n_features), with as many clusters as asked, never an empty one.

    init: centroids (n_clusters, n_features) of an earlier fit. It begins from them too, and leaves them
    only for a seeded fit whose mean squared distance is lower by more than half its 95 % interval (over
    the rows): less than that, and another draw of tracks might have preferred the earlier ones.

    Raises ValueError when there are fewer distinct rows than clusters.
    """
    if n_clusters > (available := n_distinct_rows(X, n_clusters)):
        raise ValueError(f"{n_clusters} clusters need as many different rows, there are {available}")
    seeded = _by_size(
        X, fit_estimator(X, n_clusters, random_state=random_state, n_init=n_init, algorithm=algorithm)
    )
    if init is None:
        return seeded
    warm = _by_size(
        X, fit_estimator(X, n_clusters, random_state=random_state, n_init=1, algorithm=algorithm, init=init)
    )
    squares = np.square(seeded.distances, dtype=np.float64)
    interval = NORMAL_95 * float(squares.std()) / len(X) ** 0.5
    means = warm.inertia / len(X), seeded.inertia / len(X)
    is_warm = warm.n_clusters == n_clusters and means[0] - means[1] <= interval
    return replace(warm if is_warm else seeded, start=Start(is_warm, *means, interval))


def _by_size(X: NDArray[np.float32], fit: Estimator) -> Clustering:
    """A fit of `X` with its labels from the largest cluster to the smallest."""
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
