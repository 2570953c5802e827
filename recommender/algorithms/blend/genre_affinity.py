"""Genres as vectors: tf-idf over a track's genres, smoothed by the genres its artists are found in.

Catalogues label tracks sparsely, one genre out of several that fit. What an artist's other tracks
are labelled fills the gaps, and relates genres that share artists. Cosine of these vectors is the
genre affinity (Salton and Buckley, *Term-weighting approaches in automatic text retrieval*, 1988).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

ARTIST_WEIGHT = 1.0
WIDTH = 4


@dataclass(frozen=True, slots=True)
class GenreVectors:
    """Unit vectors over genres, at most `WIDTH` of them a track.

    matrix: scipy CSR float32 (n, n_genres). idf: float32 (n_genres,), 0 for a genre without tracks.
    """

    matrix: Any
    idf: NDArray[np.float32]

    def fixed_width(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Genre ids int32 (n, WIDTH) and weights float32 (n, WIDTH), heaviest first, padded with 0."""
        return _fixed_width(self.matrix)


def fit_genre_vectors(genres: Any, credits: Any, *, artist_weight: float = ARTIST_WEIGHT) -> GenreVectors:
    """From 0/1 CSR matrices `genres` (n, n_genres) and `credits` (n, n_artists).

    A track's vector is its own unit tf-idf vector plus `artist_weight` times the unit mean of its
    artists' profiles, of unit length again. A track without genres has its artists' profile, and one
    without either a zero vector.
    """
    genres, credits = genres.astype(np.float32), credits.astype(np.float32)
    idf = inverse_frequencies(genres)
    own = _unit_rows(genres @ sp.diags(idf))
    profiles = _scaled_rows(credits.T @ own, 1 / np.maximum(_sums(credits, axis=0), 1))
    both = own + artist_weight * _unit_rows(credits @ profiles)
    return GenreVectors(_heaviest(_unit_rows(both), WIDTH), idf)


def inverse_frequencies(genres: Any) -> NDArray[np.float32]:
    """ln(n / tracks of the genre), float32 (n_genres,); a genre that all tracks share keeps a little."""
    counts = _sums(genres, axis=0)
    n = max(genres.shape[0], 1)
    idf = np.log((n + 1) / np.maximum(counts, 1))
    return np.where(counts > 0, idf, 0).astype(np.float32)


def _sums(matrix: Any, axis: int) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()


def _scaled_rows(matrix: Any, factors: NDArray[np.float64]) -> Any:
    return sp.csr_matrix(sp.diags(factors.astype(np.float32)) @ matrix)


def _unit_rows(matrix: Any) -> Any:
    matrix = sp.csr_matrix(matrix)
    norms = np.sqrt(_sums(matrix.multiply(matrix), axis=1))
    return _scaled_rows(matrix, np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0))


def _heaviest(matrix: Any, width: int) -> Any:
    """Only the `width` heaviest entries of every row, of unit length again."""
    matrix = sp.csr_matrix(matrix)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    rank = np.arange(len(rows)) - matrix.indptr[rows]
    kept = order[rank < width]
    kept_matrix = sp.csr_matrix((matrix.data[kept], (rows[kept], matrix.indices[kept])), matrix.shape)
    return _unit_rows(kept_matrix)


def _fixed_width(matrix: Any) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    n = matrix.shape[0]
    rows = np.repeat(np.arange(n), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    rank = np.arange(len(rows)) - matrix.indptr[rows]
    ids, weights = np.zeros((n, WIDTH), np.int32), np.zeros((n, WIDTH), np.float32)
    ids[rows, rank], weights[rows, rank] = matrix.indices[order], matrix.data[order]
    return ids, weights
