"""Blocks of similar rows, and how near the nearest row of each can be at best.

From the extremes of a block follows a lower bound of the blended distance to any of its rows, so that a
search opens few blocks and its answer is still exact. Served: numpy only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import MAX_FAMILIAR, BlendArrays, BlendWeights, Query
from recommender.algorithms.euclidean import euclidean_distances

ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class Blocks:
    """Extremes of every block.

    starts: int64 (n_blocks + 1,), first rows. genre_indptr: int64 (n_genres + 1,), genre_blocks: int32
    (n_peaks,), genre_peaks: float32 (n_peaks,): CSR, the blocks where a genre occurs, ascending, and its
    largest weight in each. low, high: float32 (n_blocks, d + 3), of X, popularity (0 to 1), familiarity and
    log_duration. listener_centres: float32 (n_blocks, k). listener_radii, hubness_low: float32 (n_blocks,).
    """

    starts: NDArray[np.int64]
    genre_indptr: NDArray[np.int64]
    genre_blocks: NDArray[np.int32]
    genre_peaks: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    listener_centres: NDArray[np.float32]
    listener_radii: NDArray[np.float32]
    hubness_low: NDArray[np.float32]


def fit_blocks(arrays: BlendArrays, starts: NDArray[np.int64], n_genres: int) -> Blocks:
    """The blocks that begin at `starts` (n_blocks + 1,), the last of which is the number of rows."""
    extremes = coordinates(arrays)
    centres, radii = _balls(arrays.listeners, starts)
    indptr, numbers, peaks = _genre_peaks(arrays, starts, n_genres)
    return Blocks(
        starts=starts,
        genre_indptr=indptr,
        genre_blocks=numbers,
        genre_peaks=peaks,
        low=np.minimum.reduceat(extremes, starts[:-1]),
        high=np.maximum.reduceat(extremes, starts[:-1]),
        listener_centres=centres,
        listener_radii=radii,
        hubness_low=np.minimum.reduceat(arrays.hubness, starts[:-1]),
    )


def lower_bounds(
    blocks: Blocks, query: Query, weights: BlendWeights, numbers: NDArray[np.int64]
) -> NDArray[np.float32]:
    """What no distance can fall below in blocks `numbers` (m,), companions aside: float32 (m,)."""
    low, high = blocks.low.take(numbers, axis=0), blocks.high.take(numbers, axis=0)
    place = np.concatenate([query.point, [query.popularity, 0, query.log_duration]]).astype(np.float32)
    gaps = np.maximum(np.maximum(low - place, place - high), 0)
    bounds: NDArray[np.float32] = weights.sound * np.linalg.norm(gaps[:, :-3], axis=1)
    bounds += weights.popularity * gaps[:, -3] + weights.duration * np.minimum(gaps[:, -1], 1)
    bounds += weights.genre * (1 - _best_cosine(blocks, query, numbers))
    unfamiliar = low[:, -2] if weights.familiarity < 0 else MAX_FAMILIAR - high[:, -2]
    bounds += abs(weights.familiarity) * unfamiliar
    bounds += _least_listener_part(blocks, query, weights, numbers) + blocks.hubness_low.take(numbers)
    bounds += weights.artist + weights.album - ROUNDING
    return bounds.astype(np.float32)


def _best_cosine(blocks: Blocks, query: Query, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
    best = np.zeros(len(blocks.starts) - 1, np.float32)
    for genre in query.genres.nonzero()[0].tolist():
        held = slice(blocks.genre_indptr[genre], blocks.genre_indptr[genre + 1])
        best[blocks.genre_blocks[held]] += query.genres[genre] * blocks.genre_peaks[held]
    return np.minimum(best.take(numbers), 1)


def _least_listener_part(
    blocks: Blocks, query: Query, weights: BlendWeights, numbers: NDArray[np.int64]
) -> NDArray[np.float32]:
    norm = query.listener_norm
    if not norm:
        return np.zeros(len(numbers), np.float32)
    nearest = blocks.listener_centres.take(numbers, axis=0) @ query.listeners
    nearest += np.float32(norm) * blocks.listener_radii.take(numbers)
    return np.asarray(weights.listeners * np.maximum(norm - nearest, 0), dtype=np.float32)


def coordinates(arrays: BlendArrays) -> NDArray[np.float32]:
    """What has a lowest and a highest value in every block, float32 (n, d + 3)."""
    rest = (arrays.popularity.astype(np.float32) / 100, arrays.familiarity, arrays.log_duration)
    return np.column_stack([arrays.X, *rest]).astype(np.float32)


def _genre_peaks(
    arrays: BlendArrays, starts: NDArray[np.int64], n_genres: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """The CSR arrays of the genres' largest weights: indptr, blocks and peaks."""
    rows, columns = arrays.genre_weights.nonzero()
    blocks = starts.searchsorted(rows, side="right") - 1
    genres, weights = arrays.genre_ids[rows, columns], arrays.genre_weights[rows, columns]
    order = np.lexsort((blocks, genres))
    genres, blocks, weights = genres[order], blocks[order], weights[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (genres[1:] != genres[:-1]) | (blocks[1:] != blocks[:-1])
    firsts = np.flatnonzero(is_first)
    peaks = np.maximum.reduceat(weights, firsts) if len(firsts) else weights
    indptr = genres[firsts].searchsorted(np.arange(n_genres + 1)).astype(np.int64)
    return indptr, blocks[firsts].astype(np.int32), peaks.astype(np.float32)


def _balls(
    vectors: NDArray[np.float32], starts: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    sizes = np.diff(starts)
    sums = [np.add.reduceat(column, starts[:-1], dtype=np.float64) for column in vectors.T]
    centres = np.column_stack([np.empty((len(sizes), 0)), *sums]) / sizes[:, None]
    away = euclidean_distances(vectors, np.repeat(centres, sizes, axis=0))
    return centres.astype(np.float32), np.maximum.reduceat(away, starts[:-1]).astype(np.float32)
