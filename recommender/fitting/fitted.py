"""A fit of the catalogue at both levels, with all that was computed on the way to it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.clustering.fitting import Clustering
from recommender.algorithms.clustering.genre_axes import places_with_genres
from recommender.algorithms.clustering.scaling import Scaling
from recommender.algorithms.clustering.subclusters import Subclustering
from recommender.algorithms.euclidean import euclidean_distances
from recommender.fitting.blend_arrays import Blended
from recommender.fitting.catalogue_arrays import CatalogueArrays
from recommender.fitting.clustering_space import Space


@dataclass(frozen=True, slots=True)
class Level:
    """One of the two levels of a fit: labels int32 (n_tracks,), distances float32 (n_tracks,), of each track
    to its centroid, and mean_sounds float32 (n_clusters, n_features), the mean of X by label."""

    labels: NDArray[np.int32]
    distances: NDArray[np.float32]
    mean_sounds: NDArray[np.float32]

    @property
    def n_clusters(self) -> int:
        return len(self.mean_sounds)

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.bincount(self.labels, minlength=self.n_clusters)


@dataclass(frozen=True)
class Fitted:
    """A fit with all that was computed on the way to it; the clustering is of the space's places, the
    subclustering of these with the genres on `genre_axes` (n_genres, n_axes) beside them."""

    catalogue: CatalogueArrays
    scaling: Scaling
    X: NDArray[np.float32]
    blended: Blended
    space: Space
    clustering: Clustering
    genre_axes: NDArray[np.float32]
    subclustering: Subclustering

    @cached_property
    def clusters(self) -> Level:
        fit = self.clustering
        return Level(fit.labels, fit.distances, _means(self.X, fit.labels, fit.n_clusters))

    @cached_property
    def subclusters(self) -> Level:
        """The sub-clusters; a cluster that is not split is one."""
        fit = self.subclustering
        Z = places_with_genres(self.space.places, self.blended.genre_vectors, self.genre_axes)
        distances = euclidean_distances(Z, fit.centroids[fit.labels])
        return Level(fit.labels, distances, _means(self.X, fit.labels, len(fit.centroids)))


def _means(X: NDArray[np.float32], labels: NDArray[np.int32], n_clusters: int) -> NDArray[np.float32]:
    sums = [np.bincount(labels, column, n_clusters) for column in X.T]
    sizes = np.bincount(labels, minlength=n_clusters)
    return np.asarray(np.column_stack(sums) / np.maximum(sizes, 1)[:, None], dtype=np.float32)
