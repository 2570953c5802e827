"""The clustering algorithms by name, as estimators of scikit-learn's contract. A new one goes here.

KMeans is Lloyd's algorithm (S. Lloyd, "Least squares quantization in PCM", 1982) from k-means++ starts
(Arthur and Vassilvitskii, 2007), as scikit-learn has it.
"""

from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans


class Estimator(Protocol):
    """What a fit needs of an algorithm: `labels_` (n_rows,) number the rows of `cluster_centers_`."""

    labels_: NDArray[np.int32]
    cluster_centers_: NDArray[Any]

    def fit(self, X: NDArray[np.float32]) -> Self:
        """Fit `X` (n_rows, n_features)."""


class Algorithm(Protocol):
    """Makes an estimator; `n_init` is the number of starts, where an algorithm has starts."""

    def __call__(self, n_clusters: int, *, random_state: int, n_init: int, init: Any) -> Estimator:
        """An estimator that is not fitted yet; `init` is "k-means++" or centroids to begin from."""


ALGORITHMS: dict[str, Algorithm] = {"kmeans": KMeans}
DEFAULT_ALGORITHM = "kmeans"


def fit_estimator(
    X: NDArray[np.float32],
    n_clusters: int,
    *,
    random_state: int,
    n_init: int,
    algorithm: str,
    init: NDArray[np.float32] | None = None,
) -> Estimator:
    """Fit `X` (n_rows, n_features) by the algorithm of this name. Raises KeyError for an unknown name.

    init: centroids (n_clusters, n_features) to begin from, once; else `n_init` seeded starts.
    """
    make = ALGORITHMS[algorithm]
    if init is None:
        return make(n_clusters, random_state=random_state, n_init=n_init, init="k-means++").fit(X)
    return make(n_clusters, random_state=random_state, n_init=1, init=init).fit(X)
