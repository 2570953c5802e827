"""Sub-clusters: each cluster clustered again, finely enough that people recognise what is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.metrics import pairwise_distances_argmin

from recommender.algorithms.clustering.estimators import DEFAULT_ALGORITHM
from recommender.algorithms.clustering.fitting import Clustering, fit_clusters, n_distinct_rows

TRACKS_PER_SUBCLUSTER = 1500
MIN_TRACKS_TO_SPLIT = 1000
MIN_SUBCLUSTER_TRACKS = 100
N_INIT = 3
# How far, as a share, the number of sub-clusters may be from what the size of the cluster asks for.
INERTIA = 0.25
N_AXES = 16


@dataclass(frozen=True, slots=True)
class Subclustering:
    """The sub-clusters of all clusters, numbered through: those of cluster 0 first, the largest first.

    A cluster that is not split has one, itself. labels: int32 (n_tracks,). centroids: float32
    (n_subclusters, d). parents: int64 (n_subclusters,), the label of the cluster. is_split: bool
    (n_clusters,).
    """

    labels: NDArray[np.int32]
    centroids: NDArray[np.float32]
    parents: NDArray[np.int64]
    is_split: NDArray[np.bool_]

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.bincount(self.labels, minlength=len(self.centroids))


def fit_genre_axes(vectors: Any, *, random_state: int) -> NDArray[np.float32]:
    """The axes of genre vectors, CSR (n_tracks, n_genres): float32 (n_genres, n_axes); none of few genres."""
    n_genres = vectors.shape[1]
    n_axes = min(N_AXES, n_genres - 1)
    if n_axes < 2 or vectors.nnz == 0:
        return np.zeros((n_genres, 0), np.float32)
    svd = TruncatedSVD(n_axes, random_state=random_state).fit(vectors)
    return np.ascontiguousarray(svd.components_.T, dtype=np.float32)


def n_subclusters(n_tracks: int) -> int:
    """About one per `TRACKS_PER_SUBCLUSTER`; 1 for a cluster too small to split."""
    if n_tracks < MIN_TRACKS_TO_SPLIT:
        return 1
    return max(2, round(n_tracks / TRACKS_PER_SUBCLUSTER))


def fit_subclusters(
    Z: NDArray[np.float32],
    labels: NDArray[np.int32],
    n_clusters: int,
    *,
    random_state: int,
    starts: Mapping[int, NDArray[np.float32]] | None = None,
    n_init: int = N_INIT,
    algorithm: str = DEFAULT_ALGORITHM,
) -> Subclustering:
    """Cluster the rows of Z (n_tracks, d) inside every cluster of `labels` (n_tracks,).

    starts: by label, centroids (k, d) of an earlier fit; see `fit_clusters`. They hold as long as the
    cluster's size asks for about as many.
    """
    flat = np.empty(len(Z), np.int32)
    centroids: list[NDArray[np.float32]] = []
    for label in range(n_clusters):
        members = np.flatnonzero(labels == label)
        n, start = n_subclusters(len(members)), (starts or {}).get(label)
        if start is not None and abs(len(start) - n) <= INERTIA * n:
            n = len(start)
        n = min(n, n_distinct_rows(Z[members], n))
        init = start if start is not None and len(start) == n else None
        fit = fit_clusters(
            Z[members], n, random_state=random_state, n_init=n_init, algorithm=algorithm, init=init
        )
        own, kept = _without_small(Z[members], fit)
        flat[members] = sum(map(len, centroids)) + own
        centroids.append(kept)
    counts = np.array([len(each) for each in centroids])
    parents = np.repeat(np.arange(n_clusters), counts)
    return Subclustering(flat, np.concatenate(centroids), parents, counts > 1)


def _without_small(Z: NDArray[np.float32], fit: Clustering) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Labels (n_members,) and centroids, the members of those too small given to the nearest others."""
    labels, centroids = fit.labels, fit.centroids
    while len(centroids) > 1:
        sizes = np.bincount(labels, minlength=len(centroids))
        if sizes.min() >= MIN_SUBCLUSTER_TRACKS:
            break
        centroids = np.delete(centroids, sizes.argmin(), axis=0)
        labels = pairwise_distances_argmin(Z, centroids).astype(np.int32)
    order = np.argsort(-np.bincount(labels, minlength=len(centroids)), kind="stable")
    return order.argsort()[labels].astype(np.int32), centroids[order]
