"""The figures of a fit: how well its clusters are separated, how they repeat, how they agree with genres."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    calinski_harabasz_score,
    davies_bouldin_score,
    pairwise_distances_argmin,
    silhouette_score,
)

from recommender.algorithms.clustering.estimators import DEFAULT_ALGORITHM, fit_estimator
from recommender.algorithms.clustering.fitting import seeded_sample

SILHOUETTE_ROWS = 5_000
STABILITY_ROWS = 20_000
STABILITY_RESAMPLES = 5
STABILITY_N_INIT = 3
GENRE_PAIRS = 100_000


def silhouette(
    X: NDArray[np.float32], labels: NDArray[np.int32], *, random_state: int, rows: int = SILHOUETTE_ROWS
) -> float | None:
    """Mean silhouette (Rousseeuw, 1987) of a seeded sample of `rows`, -1 to 1; None where undefined."""
    sample = seeded_sample(len(X), rows, random_state)
    if not _is_defined(labels[sample]):
        return None
    return float(silhouette_score(X[sample], labels[sample]))


def davies_bouldin(X: NDArray[np.float32], labels: NDArray[np.int32]) -> float | None:
    """Davies-Bouldin index (1979) of all rows, 0 is best; None where undefined."""
    return float(davies_bouldin_score(X, labels)) if _is_defined(labels) else None


def calinski_harabasz(X: NDArray[np.float32], labels: NDArray[np.int32]) -> float | None:
    """Calinski-Harabasz index (1974) of all rows, higher is better; None where undefined."""
    if not _is_defined(labels):
        return None
    score = float(calinski_harabasz_score(X, labels))
    return score if np.isfinite(score) else None


def _is_defined(labels: NDArray[np.int32]) -> bool:
    """These indices need two clusters at least and fewer clusters than rows."""
    return 2 <= len(np.unique(labels)) < len(labels)


def genre_agreement(
    labels: NDArray[np.int32],
    genre_indptr: NDArray[np.int64],
    genre_indices: NDArray[np.int32],
    *,
    random_state: int,
) -> float | None:
    """Adjusted mutual information (Vinh et al., 2010) of cluster and genre; None without genres.

    0 is what chance gives, 1 is full agreement. Genres are CSR by track; a track with three
    genres counts three times. Above `GENRE_PAIRS` pairs a seeded sample is looked at.
    """
    of_pair = np.repeat(labels, np.diff(genre_indptr))
    if not len(of_pair):
        return None
    sample = seeded_sample(len(of_pair), GENRE_PAIRS, random_state)
    return float(adjusted_mutual_info_score(genre_indices[sample], of_pair[sample]))


def stability(
    X: NDArray[np.float32],
    labels: NDArray[np.int32],
    *,
    random_state: int,
    resamples: int = STABILITY_RESAMPLES,
    rows: int = STABILITY_ROWS,
    algorithm: str = DEFAULT_ALGORITHM,
) -> float | None:
    """Mean adjusted Rand index (Hubert and Arabie, 1985) with refits of bootstrap resamples.

    Each resample draws at most `rows` rows with replacement; its fit then labels one fixed sample,
    and those labels are compared with the run's (after Fang and Wang, 2012). 1 means that the same
    clusters are found whichever tracks happen to be in the catalogue; None for a single cluster.
    """
    n_clusters = len(np.unique(labels))
    if not _is_defined(labels):
        return None
    judged = seeded_sample(len(X), rows, random_state)
    generator = np.random.default_rng(random_state)
    agreements = []
    for _resample in range(resamples):
        drawn = X[generator.integers(0, len(X), min(len(X), rows))]
        seed = int(generator.integers(2**31))
        possible = min(n_clusters, len(np.unique(drawn, axis=0))) if len(drawn) < 1_000 else n_clusters
        refit = fit_estimator(
            drawn, possible, random_state=seed, n_init=STABILITY_N_INIT, algorithm=algorithm
        )
        again = pairwise_distances_argmin(X[judged], refit.cluster_centers_)
        agreements.append(adjusted_rand_score(labels[judged], again))
    return float(np.mean(agreements))
