"""What a track's surroundings say about it: its genres first, then its artist, then the track itself.

A hierarchical shrinkage estimate (Efron and Morris, *Stein's Paradox in Statistics*, 1977): a ridge
regression on genre weights, the mean residual of an artist's known tracks shrunk towards it, and a
track's own value shrunk towards both. It gives every track a value, known or not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import cg

RIDGE = 3.0
ARTIST_SHRINKAGE = 1.0
MAX_DENSE_FEATURES = 1000
TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class ControlChoices:
    """What is known of every track beside the value to estimate.

    features: float32 (n, p), sparse or dense, mostly genre weights. artists: int64 (n,), codes from
    0; -1 for a track whose artist is unknown.
    """

    features: Any
    artists: NDArray[np.int64]


def expected_values(
    known: NDArray[np.int64],
    values: NDArray[np.float32],
    around: ControlChoices,
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
    coefficients = _ridge_coefficients(around.features[known], values, ridge)
    expected = _dense(around.features @ coefficients.astype(np.float32)).astype(np.float32)
    residuals = _artist_residuals(known, values - expected[known], around.artists, artist_shrinkage)
    expected += residuals[around.artists]
    return expected


def _ridge_coefficients(features: Any, values: NDArray[np.float32], ridge: float) -> NDArray[np.float64]:
    """The solution of ridge regression, float64 (p, d).

    Of many features, nearly all products are zero: then it is found by conjugate gradients (Hestenes and
    Stiefel, 1952), which never writes the p × p matrix out.
    """
    targets = _dense(features.T @ values).astype(np.float64)
    p = features.shape[1]
    if p <= MAX_DENSE_FEATURES:
        gram = _dense(features.T @ features).astype(np.float64) + ridge * np.eye(p)
        return np.asarray(np.linalg.solve(gram, targets))
    gram = sp.csr_matrix(features.T @ features, dtype=np.float64) + ridge * sp.identity(p)
    jacobi = sp.diags(1 / gram.diagonal())
    solved = [cg(gram, column, rtol=TOLERANCE, M=jacobi) for column in targets.T]
    if any(status for _coefficients, status in solved):
        raise ArithmeticError("the ridge regression did not converge")
    return np.column_stack([coefficients for coefficients, _status in solved])


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
