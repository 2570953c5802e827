"""The order in which rows are stored, so that a block of them is alike, and where blocks and branches begin.

Inside a cluster rows are grouped by playlists and by their two heaviest genres, and every group is halved
along its widest coordinate until a block is small (a k-d tree: Friedman, Bentley and Finkel, *An
Algorithm for Finding Best Matches in Logarithmic Expected Time*, 1977). numpy only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BALANCED, BlendArrays, BlendWeights
from recommender.algorithms.search.blocks import coordinates

BLOCK_ROWS = 32
BRANCH_ROWS = 512
SECOND_GENRE_FROM = 0.3
NO_GENRE = np.iinfo(np.int32).max
# Of what lists are made of, popularity and familiarity tell tracks of one genre apart best.
STRETCH = 2.0


@dataclass(frozen=True, slots=True)
class Layout:
    """order: int64 (n,), the row to store at each place. blocks, branches: int64 (n_blocks + 1,) and
    (n_branches + 1,), the places where each begins; a branch is several whole blocks of one cluster."""

    order: NDArray[np.int64]
    blocks: NDArray[np.int64]
    branches: NDArray[np.int64]


def block_layout(labels: NDArray[np.int64], in_playlists: NDArray[np.bool_], arrays: BlendArrays) -> Layout:
    """Rows by label, then so that a block's rows are alike.

    Rows come in any order; ties stay in that order.
    """
    spread = _spread(arrays, BALANCED)
    groups = _groups(labels, in_playlists, arrays)
    stretches = [stretch for group in groups for stretch in _halved(spread, group, BRANCH_ROWS)]
    blocks = [block for stretch in stretches for block in _halved(spread, stretch, BLOCK_ROWS)]
    sizes = np.array([len(stretch) for stretch in stretches], dtype=np.int64)
    return Layout(
        order=np.concatenate([np.empty(0, np.int64), *blocks]),
        blocks=_starts(np.array([len(block) for block in blocks], dtype=np.int64)),
        branches=_starts(_joined(sizes, labels[[int(stretch[0]) for stretch in stretches]])),
    )


def _groups(
    labels: NDArray[np.int64], in_playlists: NDArray[np.bool_], arrays: BlendArrays
) -> list[NDArray[np.int64]]:
    """Rows that agree in label, playlists and heaviest genres, in that order."""
    first = arrays.genre_ids[:, 0]
    second = np.full(len(first), NO_GENRE)
    if arrays.genre_ids.shape[1] > 1:
        heavy = arrays.genre_weights[:, 1] > SECOND_GENRE_FROM
        second[heavy] = arrays.genre_ids[heavy, 1]
    order = np.lexsort((second, first, ~in_playlists, labels))
    keys = np.stack([labels, in_playlists, first, second], axis=1)[order]
    edges = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
    return [group for group in np.split(order, edges) if len(group)]


def _joined(sizes: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sizes of branches: neighbouring stretches of one cluster together, as far as they fit."""
    joined: list[int] = []
    last = None
    for size, label in zip(sizes.tolist(), labels.tolist(), strict=True):
        if label == last and joined[-1] + size <= BRANCH_ROWS:
            joined[-1] += size
        else:
            joined.append(size)
        last = label
    return np.array(joined, dtype=np.int64)


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _spread(arrays: BlendArrays, weights: BlendWeights) -> NDArray[np.float32]:
    """Coordinates, float32 (n, d + 3 + 2 + k), in which near rows are near by the blend."""
    of_sound = [weights.sound] * arrays.X.shape[1]
    of_rest = [STRETCH * each for each in (weights.popularity, weights.familiarity, weights.duration)]
    columns = [
        coordinates(arrays) * np.array([*of_sound, *of_rest], np.float32),
        weights.genre * arrays.genre_weights[:, :2],
        weights.listeners * arrays.listeners,
    ]
    return np.hstack(columns).astype(np.float32)


def _halved(spread: NDArray[np.float32], rows: NDArray[np.int64], most: int) -> Iterator[NDArray[np.int64]]:
    """`rows` as the leaves, of at most `most` rows, of a k-d tree that splits its widest coordinate."""
    if len(rows) <= most:
        yield rows
        return
    points = spread[rows]
    widest = int(points.std(axis=0).argmax())
    order = np.argsort(points[:, widest], kind="stable")
    middle = most * max(1, round(len(rows) / most / 2))
    yield from _halved(spread, rows[order[:middle]], most)
    yield from _halved(spread, rows[order[middle:]], most)
