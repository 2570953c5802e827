"""How well known a recording is: popular, under many genres, often released again, in many playlists."""

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import MAX_FAMILIAR

POPULARITY, GENRES, RELEASES, PLAYLISTS = 0.3, 0.16, 0.1, 0.1


def familiarity(
    popularity: NDArray[np.uint8],
    n_genres: NDArray[np.int64],
    n_releases: NDArray[np.int64],
    n_playlists: NDArray[np.int64],
) -> NDArray[np.float32]:
    """A figure from 0 to `MAX_FAMILIAR` for each row, all arguments (n,); popularity is out of 100."""
    figures = (
        POPULARITY * popularity.astype(np.float64) / 100
        + GENRES * np.log(np.maximum(n_genres, 1))
        + RELEASES * np.log(np.maximum(n_releases, 1))
        + PLAYLISTS * np.log1p(n_playlists)
    )
    return np.minimum(figures, MAX_FAMILIAR).astype(np.float32)
