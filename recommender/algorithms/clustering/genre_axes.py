"""Where sub-clusters are fitted: the place of a track, and beside it what kind of music its genres make it.

Genres by name are too many and too fine: a cluster of one label is a genre page under another name. A
truncated singular value decomposition (latent semantic analysis: Deerwester et al., "Indexing by Latent
Semantic Analysis", 1990) brings those that share tracks and artists onto common axes
(`subclusters.fit_genre_axes`). Served: numpy only.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Of 0 to 4 (benchmarks/results): the least at which most sub-clusters can be named by a genre while most
# of them still hold several.
GENRE_WEIGHT = 1.5


def places_with_genres(
    places: NDArray[np.float32], vectors: Any, axes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Places (n, d) with the direction of the genres beside them, float32 (n, d + n_axes).

    The direction has length `GENRE_WEIGHT`, or 0 for a track without genres, so that how many genres a
    track has does not count. `vectors` (n, n_genres) may be sparse or dense.
    """
    directions = np.asarray(vectors @ axes, dtype=np.float32)
    norms = np.linalg.norm(directions, axis=1, keepdims=True)
    directions = np.divide(directions, norms, out=np.zeros_like(directions), where=norms > 1e-6)
    return np.hstack([places, np.float32(GENRE_WEIGHT) * directions])
