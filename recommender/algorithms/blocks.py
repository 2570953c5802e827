"""Blocks of similar rows, and how near the nearest row of each can be at best.

Inside a cluster rows are grouped by playlists and main genre, and every group is halved along its
widest coordinate until a block is small. From the extremes of a block follows a lower bound of the
blended distance to any of its rows, so that a search opens few blocks and its answer is still exact
(branch and bound on a k-d tree: Friedman, Bentley and Finkel, *An Algorithm for Finding Best Matches
in Logarithmic Expected Time*, 1977). Served: numpy only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend import BALANCED, MOST_FAMILIAR, BlendArrays, BlendWeights, Query

BLOCK_ROWS = 64
ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class Blocks:
    """Extremes of every block.

    starts: int64 (n_blocks + 1,), first rows. genre_peaks: float32 (n_genres, n_blocks), the largest
    weight. low, high: float32 (n_blocks, d + 3), of X, popularity (0 to 1), familiarity and
    log_duration. listener_centres: float32 (n_blocks, k). listener_radii, hubness_low: float32 (n_blocks,).
    """

    starts: NDArray[np.int64]
    genre_peaks: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    listener_centres: NDArray[np.float32]
    listener_radii: NDArray[np.float32]
    hubness_low: NDArray[np.float32]


def fit_blocks(arrays: BlendArrays, offsets: NDArray[np.int64], n_genres: int) -> Blocks:
    """The blocks of rows in `block_order`; none crosses the border of a cluster (`offsets`)."""
    starts = _starts(offsets)
    extremes = _coordinates(arrays)
    centres, radii = _balls(arrays.listeners, starts)
    return Blocks(
        starts=starts,
        genre_peaks=_genre_peaks(arrays, starts, n_genres),
        low=np.minimum.reduceat(extremes, starts[:-1]),
        high=np.maximum.reduceat(extremes, starts[:-1]),
        listener_centres=centres,
        listener_radii=radii,
        hubness_low=np.minimum.reduceat(arrays.hubness, starts[:-1]),
    )


def lower_bounds(
    blocks: Blocks, query: Query, weights: BlendWeights, first: int, last: int
) -> NDArray[np.float32]:
    """What no distance of a row that is no companion can fall below, float32 (last - first,)."""
    span = slice(first, last)
    low, high = blocks.low[span], blocks.high[span]
    place = np.concatenate([query.point, [query.popularity, 0, query.log_duration]]).astype(np.float32)
    gaps = np.maximum(np.maximum(low - place, place - high), 0)
    sound = gaps[:, :-3]
    bounds: NDArray[np.float32] = weights.sound * np.sqrt(np.einsum("ij,ij->i", sound, sound))
    bounds += weights.popularity * gaps[:, -3] + weights.duration * np.minimum(gaps[:, -1], 1)
    bounds += weights.genre * (1 - _best_cosine(blocks, query, span))
    unfamiliar = low[:, -2] if weights.familiarity < 0 else MOST_FAMILIAR - high[:, -2]
    bounds += abs(weights.familiarity) * unfamiliar
    bounds += _least_listener_part(blocks, query, weights, span) + blocks.hubness_low[span]
    bounds += weights.artist + weights.album - ROUNDING
    return bounds.astype(np.float32)


def _best_cosine(blocks: Blocks, query: Query, span: slice) -> NDArray[np.float32]:
    genres = np.flatnonzero(query.genres)
    best = np.zeros(len(blocks.hubness_low[span]), np.float32)
    for genre, weight in zip(genres.tolist(), query.genres[genres].tolist(), strict=True):
        best += np.float32(weight) * blocks.genre_peaks[genre, span]
    return np.minimum(best, 1)


def _least_listener_part(
    blocks: Blocks, query: Query, weights: BlendWeights, span: slice
) -> NDArray[np.float32]:
    norm = query.listener_norm
    nearest = blocks.listener_centres[span] @ query.listeners + norm * blocks.listener_radii[span]
    return np.asarray(weights.listeners * np.maximum(norm - nearest, 0), dtype=np.float32)


def _coordinates(arrays: BlendArrays) -> NDArray[np.float32]:
    """What has a lowest and a highest value in every block, float32 (n, d + 3)."""
    rest = (arrays.popularity.astype(np.float32) / 100, arrays.familiarity, arrays.log_duration)
    return np.column_stack([arrays.X, *rest]).astype(np.float32)


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


def block_order(
    labels: NDArray[np.int64], in_playlists: NDArray[np.bool_], arrays: BlendArrays
) -> NDArray[np.int64]:
    """Rows in the order to store them in, int64 (n,): by label, then so that a block's rows are alike.

    Rows come in any order; ties stay in that order.
    """
    weights = BALANCED
    coordinates = _coordinates(arrays) * _scales(arrays, weights)
    columns = [coordinates, weights.genre * arrays.genre_weights[:, :2], weights.listeners * arrays.listeners]
    spread = np.hstack(columns).astype(np.float32)
    order = np.lexsort((arrays.genre_ids[:, 0], ~in_playlists, labels))
    keys = np.stack([labels, in_playlists, arrays.genre_ids[:, 0]], axis=1)[order]
    edges = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
    groups = np.split(order, edges)
    return np.concatenate([_halved(spread, rows) for rows in groups]).astype(np.int64)


def _scales(arrays: BlendArrays, weights: BlendWeights) -> NDArray[np.float32]:
    sound = [weights.sound] * arrays.X.shape[1]
    return np.array([*sound, weights.popularity, weights.familiarity, weights.duration], np.float32)


def _halved(spread: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """`rows` ordered as the leaves of a k-d tree that splits its widest coordinate."""
    if len(rows) <= BLOCK_ROWS:
        return rows
    points = spread[rows]
    widest = int(points.std(axis=0).argmax())
    order = np.argsort(points[:, widest], kind="stable")
    middle = BLOCK_ROWS * max(1, round(len(rows) / BLOCK_ROWS / 2))
    return np.concatenate([_halved(spread, rows[order[:middle]]), _halved(spread, rows[order[middle:]])])
