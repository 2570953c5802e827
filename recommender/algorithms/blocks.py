"""Blocks of similar rows, and how near the nearest row of each can be at best.

Inside a cluster rows are ordered by playlists, main genre and popularity, and cut into blocks. From
the extremes of a block follows a lower bound of the blended distance to any of its rows, so that a
search opens few blocks and its answer is still exact (branch and bound, as in ball trees: Omohundro,
*Five Balltree Construction Algorithms*, 1989). Served: numpy only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend import MOST_FAMILIAR, BlendArrays, BlendWeights, Query

BLOCK_ROWS = 128
ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class Blocks:
    """Extremes of every block.

    starts: int64 (n_blocks + 1,), first rows. genre_peaks: float32 (n_genres, n_blocks), the largest
    weight. popularity_low, popularity_high, familiarity_low, familiarity_high: float32 (n_blocks,).
    listener_centres: float32 (n_blocks, k). listener_radii, hubness_low: float32 (n_blocks,).
    """

    starts: NDArray[np.int64]
    genre_peaks: NDArray[np.float32]
    popularity_low: NDArray[np.float32]
    popularity_high: NDArray[np.float32]
    familiarity_low: NDArray[np.float32]
    familiarity_high: NDArray[np.float32]
    listener_centres: NDArray[np.float32]
    listener_radii: NDArray[np.float32]
    hubness_low: NDArray[np.float32]


def block_order(
    labels: NDArray[np.int64],
    in_playlists: NDArray[np.bool_],
    genre_ids: NDArray[np.uint16],
    genre_weights: NDArray[np.float32],
    popularity: NDArray[np.uint8],
    track_ids: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Rows in the order to store them in, int64 (n,): by label, then so that neighbours are alike."""
    second = np.where(genre_weights[:, 1] > 0, genre_ids[:, 1].astype(np.int32) + 1, 0)
    keys = (track_ids, -popularity.astype(np.int16), second, genre_ids[:, 0], ~in_playlists, labels)
    return np.lexsort(keys)


def fit_blocks(arrays: BlendArrays, offsets: NDArray[np.int64], n_genres: int) -> Blocks:
    """The blocks of rows in `block_order`; none crosses the border of a cluster (`offsets`)."""
    starts = _starts(offsets)
    first = starts[:-1]
    popularity = arrays.popularity.astype(np.float32) / 100
    centres, radii = _balls(arrays.listeners, starts)
    return Blocks(
        starts=starts,
        genre_peaks=_genre_peaks(arrays, starts, n_genres),
        popularity_low=np.minimum.reduceat(popularity, first),
        popularity_high=np.maximum.reduceat(popularity, first),
        familiarity_low=np.minimum.reduceat(arrays.familiarity, first),
        familiarity_high=np.maximum.reduceat(arrays.familiarity, first),
        listener_centres=centres,
        listener_radii=radii,
        hubness_low=np.minimum.reduceat(arrays.hubness, first),
    )


def lower_bounds(
    blocks: Blocks, query: Query, weights: BlendWeights, first: int, last: int
) -> NDArray[np.float32]:
    """What no distance of a row that is no companion can fall below, float32 (last - first,)."""
    span = slice(first, last)
    genres = np.flatnonzero(query.genres)
    cosine = np.minimum(query.genres[genres] @ blocks.genre_peaks[genres, span], 1)
    low, high = blocks.popularity_low[span], blocks.popularity_high[span]
    off = np.maximum(np.maximum(low - query.popularity, query.popularity - high), 0)
    bounds = weights.genre * (1 - cosine) + weights.popularity * off + blocks.hubness_low[span]
    if weights.familiarity < 0:
        bounds += -weights.familiarity * blocks.familiarity_low[span]
    else:
        bounds += weights.familiarity * (MOST_FAMILIAR - blocks.familiarity_high[span])
    bounds += weights.artist + weights.album - ROUNDING
    norm = query.listener_norm
    if norm:
        nearest = blocks.listener_centres[span] @ query.listeners + norm * blocks.listener_radii[span]
        bounds += weights.listeners * np.maximum(norm - nearest, 0)
    return bounds.astype(np.float32)


def _starts(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    pairs = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    parts = [np.arange(start, stop, BLOCK_ROWS) for start, stop in pairs]
    return np.concatenate([*parts, [offsets[-1]]]).astype(np.int64)


def _genre_peaks(arrays: BlendArrays, starts: NDArray[np.int64], n_genres: int) -> NDArray[np.float32]:
    peaks = np.zeros((n_genres, len(starts) - 1), np.float32)
    block = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    for ids, weights in zip(arrays.genre_ids.T, arrays.genre_weights.T, strict=True):
        np.maximum.at(peaks, (ids, block), weights)
    return peaks


def _balls(
    vectors: NDArray[np.float32], starts: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    sizes = np.diff(starts)
    sums = [np.add.reduceat(column, starts[:-1], dtype=np.float64) for column in vectors.T]
    centres = np.column_stack([np.empty((len(sizes), 0)), *sums]) / sizes[:, None]
    away = np.linalg.norm(vectors - np.repeat(centres, sizes, axis=0), axis=1)
    return centres.astype(np.float32), np.maximum.reduceat(away, starts[:-1]).astype(np.float32)
