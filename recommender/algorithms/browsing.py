"""The members of a cluster in the orders that people browse them in. numpy only.

Positions count from the first member of the cluster.
"""

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.euclidean import euclidean_distances


def most_typical_first(
    places: NDArray[np.float32], middle: NDArray[np.floating], ids: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Positions by the distance of places (m, d), where clusters are fitted, to a middle (d,); ties by id."""
    return np.lexsort((ids, euclidean_distances(places.astype(np.float64), middle)))


def sorted_by(keys: NDArray[np.generic], before: NDArray[np.integer]) -> NDArray[np.integer]:
    """Positions by rising keys (m,), NaN last; equal ones stay in the order of `before` (m,)."""
    return before[np.argsort(keys[before], kind="stable")]


def grouped_by_recording(
    recordings: NDArray[np.int64], popularity: NDArray[np.float32], ids: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Positions with all releases of a recording together, the best known first, unknown popularity last."""
    return np.lexsort((ids, -popularity, recordings))


def releases_of_groups(recordings: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each recording of a grouped array (m,) begins, and how many releases it has."""
    if not len(recordings):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    starts = np.flatnonzero(np.append(True, recordings[1:] != recordings[:-1]))
    return starts, np.diff(starts, append=len(recordings))
