"""Listener vectors: what playlists say about tracks, also about those that no playlist holds.

Tracks that stand in playlists together are compared by positive pointwise mutual information, which
a truncated SVD turns into vectors (Levy and Goldberg, *Neural Word Embedding as Implicit Matrix
Factorization*, 2014). What is known of few playlists, or of none, leans on the track's surroundings
(`smoothing`), with half the strength.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from recommender.algorithms.blend.smoothing import ControlChoices, expected_values

N_COMPONENTS = 32
MIN_PLAYLISTS = 20
MIN_TRACKS = 100
MAX_PLAYLIST_LENGTH = 500
SIZE_EXPONENT = 0.5
CONTEXT_EXPONENT = 0.75
SHARED_PULL = 0.5
INFERRED_STRENGTH = 0.5


@dataclass(frozen=True, slots=True)
class Playlists:
    """Which rows stand in which playlists.

    lists: CSR 0/1 (n_playlists, n_rows), every recording once a playlist. owners: int64
    (n_playlists,), -1 where unknown: then a playlist counts as an owner of its own.
    """

    lists: Any
    owners: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ListenerVectors:
    """vectors: float32 (n, d), norms at most about 1. counts: int64 (n,), the playlists of each row."""

    vectors: NDArray[np.float32]
    counts: NDArray[np.int64]


def enough_to_learn(playlists: Playlists) -> bool:
    """Whether there is enough to learn from: else the blend does without listeners."""
    lists = playlists.lists
    return bool(lists.shape[0] >= MIN_PLAYLISTS and np.count_nonzero(_counts(lists)) >= MIN_TRACKS)


def fit_listener_vectors(
    playlists: Playlists,
    around: ControlChoices,
    *,
    n_components: int = N_COMPONENTS,
    random_state: int = 0,
) -> ListenerVectors:
    """Vectors of every row. Raises ValueError when no two tracks of different artists meet."""
    information = mutual_information(playlists, around.artists)
    rows = np.flatnonzero(np.diff(information.indptr))
    if len(rows) < 3:
        raise ValueError("no playlist holds tracks of different artists")
    counts = _counts(playlists.lists)
    own = _vectors(information[rows][:, rows], n_components, random_state)
    inferred = expected_values(rows, own, around)
    vectors = INFERRED_STRENGTH * inferred
    share = (counts[rows] / (counts[rows] + SHARED_PULL))[:, None].astype(np.float32)
    vectors[rows] = share * own + (1 - share) * inferred[rows]
    return ListenerVectors(vectors.astype(np.float32), counts)


def mutual_information(playlists: Playlists, artists: NDArray[np.int64]) -> Any:
    """Positive pointwise mutual information of rows that share playlists, CSR float64 (n, n).

    A pair by one artist says nothing of listeners and is left out. A playlist of m tracks weighs
    1 / m ** (2 * SIZE_EXPONENT), so that a giant one does not drown the rest, and the playlists of an
    owner together weigh as much as the square root of their number.
    """
    lists = _thinned(playlists.lists)
    weighted = sp.diags(_weights(lists, playlists.owners)) @ lists
    pairs = (weighted.T @ weighted).tocoo()
    same = (artists[pairs.row] == artists[pairs.col]) & (artists[pairs.row] >= 0)
    kept = (pairs.row != pairs.col) & ~same
    row, col, weight = pairs.row[kept], pairs.col[kept], pairs.data[kept]
    totals = np.bincount(row, weight, lists.shape[1])
    context = totals**CONTEXT_EXPONENT
    expected = totals[row] * (context / max(context.sum(), 1e-300))[col]
    information = np.log(weight / expected)
    positive = information > 0
    return sp.csr_matrix((information[positive], (row[positive], col[positive])), pairs.shape)


def _counts(lists: Any) -> NDArray[np.int64]:
    return np.asarray(lists.sum(axis=0)).ravel().astype(np.int64)


def _thinned(lists: Any) -> Any:
    """Evenly chosen `MAX_PLAYLIST_LENGTH` tracks of a giant playlist: pairs grow with the square."""
    lists = sp.csr_matrix(lists, dtype=np.float64)
    kept = [
        lists.indices[start:stop][_evenly(stop - start)]
        for start, stop in zip(lists.indptr[:-1], lists.indptr[1:], strict=True)
    ]
    indptr = np.concatenate([[0], np.cumsum([len(rows) for rows in kept])])
    indices = np.concatenate([np.empty(0, np.int64), *kept])
    return sp.csr_matrix((np.ones(len(indices)), indices, indptr), lists.shape)


def _evenly(length: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, length - 1, min(length, MAX_PLAYLIST_LENGTH)).astype(np.int64))


def _weights(lists: Any, owners: NDArray[np.int64]) -> NDArray[np.float64]:
    sizes = np.maximum(np.diff(lists.indptr), 1)
    _, inverse, owned = np.unique(owners, return_inverse=True, return_counts=True)
    of_owner = np.where(owners >= 0, owned[inverse], 1)
    weights: NDArray[np.float64] = sizes**-SIZE_EXPONENT * of_owner**-0.25
    return weights


def _vectors(information: Any, n_components: int, random_state: int) -> NDArray[np.float32]:
    symmetric = (information + information.T) / 2
    size = min(n_components, symmetric.shape[0] - 1)
    left, values, _right = svds(symmetric, k=size, rng=np.random.default_rng(random_state))
    order = np.argsort(-values, kind="stable")
    # An SVD leaves signs free; the largest entry positive makes the result the same everywhere.
    signs = np.sign(left[np.abs(left).argmax(axis=0), np.arange(size)])
    vectors = (left * signs * np.sqrt(values))[:, order]
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return np.asarray(unit, dtype=np.float32)


def listener_features(genres: Any, X: NDArray[np.float32], popularity: NDArray[np.uint8]) -> Any:
    """What listeners' vectors are expected from, CSR (n, n_genres + d + 2): genres first, sound a little."""
    sound = 0.1 * np.clip(X, -3, 3)
    rest = np.column_stack([sound, 0.005 * popularity, np.full(len(X), 0.3)]).astype(np.float32)
    return sp.hstack([genres, sp.csr_matrix(rest)], format="csr")
