"""How often tracks stand in playlists together. Served: numpy only.

The cosine of two recordings over the playlists that hold them, as item-based collaborative filtering
compares items (Sarwar et al., *Item-Based Collaborative Filtering Recommendation Algorithms*, 2001).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.csr import taken_rows

# Two tracks that nothing but one playlist of 100 holds are half as much together as those of a short one.
SHRINKAGE = 0.01


@dataclass(frozen=True, slots=True)
class Postings:
    """The playlists of n rows, CSR: indptr int64 (n + 1,), indices int32.

    weights: float32 (n_playlists,), of `playlist_weights`.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weights: NDArray[np.float32]


def playlist_weights(indices: NDArray[np.int32]) -> NDArray[np.float32]:
    """What each playlist weighs, float32 (n_playlists,): a playlist of m tracks 1 / m, as a giant one says
    little of any two of its tracks."""
    return (1 / np.maximum(np.bincount(indices), 1)).astype(np.float32)


def togetherness(
    postings: Postings, seeds: Sequence[int], n_seeds: int, rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The mean cosine of each of `rows` (m,) with `n_seeds` seeds, 0 to 1: float64 (m,).

    seeds: the rows of those that have one; a seed without a row stands in no playlist.
    """
    places, playlists = _entries(postings, np.array(seeds, dtype=np.int64))
    pull = np.zeros(len(postings.weights))
    np.add.at(pull, playlists, postings.weights[playlists] / _norms(postings, places, playlists)[places])
    places, playlists = _entries(postings, rows)
    sums = np.zeros(len(rows))
    norms = _norms(postings, places, playlists)
    held = np.bincount(places, pull[playlists])
    sums[: len(held)] = held / norms
    return sums / max(n_seeds, 1)


def _entries(postings: Postings, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Every playlist of every row, with the place of the row in `rows`."""
    indptr, playlists = taken_rows(postings.indptr, postings.indices, rows)
    return np.repeat(np.arange(len(rows)), np.diff(indptr)), playlists


def _norms(
    postings: Postings, places: NDArray[np.int64], playlists: NDArray[np.int32]
) -> NDArray[np.float64]:
    """The length of each row's vector of playlists, as far as the last that has any."""
    norms: NDArray[np.float64] = np.sqrt(np.bincount(places, postings.weights[playlists]) + SHRINKAGE)
    return norms
