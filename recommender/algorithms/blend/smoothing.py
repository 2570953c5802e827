"""What a track's surroundings say about it: its genres first, then its artist, then the track itself.

A hierarchical shrinkage estimate (Efron and Morris, *Stein's Paradox in Statistics*, 1977): a ridge
regression on genre weights, the mean residual of an artist's known tracks shrunk towards it, and a
track's own value shrunk towards both. It gives every track a value, known or not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RIDGE = 3.0
ARTIST_SHRINKAGE = 1.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of every track beside the value to estimate.

    features: float32 (n, p), sparse or dense, mostly genre weights. artists: int64 (n,), codes from
    0; -1 for a track whose artist is unknown.
    """

    features: Any
    artists: NDArray[np.int64]


def expected_values(
    known: NDArray[np.int64],
    values: NDArray[np.float32],
    around: Surroundings,
    *,
    ridge: float = RIDGE,
    artist_shrinkage: float = ARTIST_SHRINKAGE,
) -> NDArray[np.float32]:
    """What rows `known` (m,) with `values` (m, d) make one expect of every row: float32 (n, d).

    An artist never speaks alone: its mean residual counts as `n / (n + artist_shrinkage)` of n known
    tracks, on top of what the genres say. Raises ValueError when no row is known.
    """
    if len(known) == 0:
        raise ValueError("at least one row must be known")
    features = around.features[known]
    gram = _dense(features.T @ features).astype(np.float64) + ridge * np.eye(features.shape[1])
    coefficients = np.linalg.solve(gram, _dense(features.T @ values).astype(np.float64))
    expected = _dense(around.features @ coefficients.astype(np.float32)).astype(np.float32)
    residuals = _artist_residuals(known, values - expected[known], around.artists, artist_shrinkage)
    expected += residuals[around.artists]
    return expected


def _artist_residuals(
    known: NDArray[np.int64],
    residuals: NDArray[np.float32],
    artists: NDArray[np.int64],
    shrinkage: float,
) -> NDArray[np.float32]:
    """Shrunk means by artist, float32 (n_artists + 1, d); the last row is 0, for artist -1."""
    n_artists = int(artists.max(initial=-1)) + 1
    codes = artists[known]
    has_artist = codes >= 0
    codes, residuals = codes[has_artist], residuals[has_artist]
    counts = np.bincount(codes, minlength=n_artists + 1)
    sums = [np.bincount(codes, column, n_artists + 1) for column in residuals.T]
    return (np.column_stack(sums) / (counts + shrinkage)[:, None]).astype(np.float32)


def _dense(matrix: Any) -> NDArray[Any]:
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix)
