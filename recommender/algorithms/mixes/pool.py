"""The rows that a list from several seeds is made of: those near to some seed. Served: numpy only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import (
    SOUND_ALONE,
    BlendWeights,
    Queries,
    Query,
    parts_to_each,
    total,
)
from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.search.blended_search import BlendIndex, Filters, Slices, in_blended_order
from recommender.algorithms.search.frontier import members
from recommender.algorithms.search.picking import Batch

SHARED_PARTS = ("listeners", "popularity")
POOL_ROWS = 2000
MIN_OF_SEED = 40
# So few pairs of a query and an allowed row are all measured.
MAX_PAIRS = 2**18
PAIRS_AT_ONCE = 32_768  # so few that the arrays between stay in the processor's cache
# More queries than these look for rows in the blocks that hold about so many times what each wants.
SEARCHED_ALONE = 12
ROWS_PER_FOUND = 3
SOUND_ROWS_AT_ONCE = 4096
SAMPLE_STRIDE, SAMPLE_EXTRA, GROWTH = 16, 4, 4
NOT_IN_LIST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Pool:
    """Rows near to some query, int64 (m,), ascending.

    places: int64 (q, m), the place of each in the list of each query, from 0; `NOT_IN_LIST` where it is none
    of the list's first. distances and shared: float32 (q, m), from each query, and what `SHARED_PARTS` are of
    them.
    """

    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    distances: NDArray[np.float32]
    shared: NDArray[np.float32]


def pool(
    index: BlendIndex,
    queries: Sequence[Query],
    weights: BlendWeights,
    slices: Sequence[Slices],
    filters: Filters,
    n_pool: int,
) -> Pool:
    """The rows near to some query: about `n_pool`, at least `MIN_OF_SEED` of each query.

    Of few queries, or few allowed rows, these are the nearest. Of many they are the nearest by sound; by
    another blend nearly so: on the catalogue of 90,000 tracks, nine of ten of the ten nearest.
    """
    each = max(MIN_OF_SEED, n_pool // len(queries))
    stacked = Queries.of(queries)
    n_allowed = len(index.ids) if filters.allowed is None else filters.allowed.at_most
    if len(queries) * n_allowed <= MAX_PAIRS:
        found = [filters.inside(where) for where in dict.fromkeys(map(tuple, slices))]
    elif weights == SOUND_ALONE:
        found = _near_by_sound(index, stacked, slices, filters, each)
    elif len(queries) > SEARCHED_ALONE:
        found = [_rows_of_near_blocks(index, stacked, weights, slices, filters, each)]
    else:
        found = [
            _nearest_rows(in_blended_order(index, query, weights, where, filters), each)
            for query, where in zip(queries, slices, strict=True)
        ]
    rows = distinct(np.concatenate(found))
    distances, shared = measured(index, stacked, weights, rows)
    near = distances if filters.penalty is None else distances + filters.penalty(rows)
    numbers, columns, places = _first_of_each(
        np.where(_in_scope(rows, slices), near, np.inf), index.ids[rows], each
    )
    listed = distinct(columns)
    places_of_rows = np.full((len(queries), len(listed)), NOT_IN_LIST)
    places_of_rows[numbers, listed.searchsorted(columns)] = places
    return Pool(rows[listed], places_of_rows, distances[:, listed], shared[:, listed])


def _nearest_rows(batches: Iterator[Batch], count: int) -> NDArray[np.int64]:
    """The first `count` rows of the batches."""
    found, n_found = [np.empty(0, np.int64)], 0
    for rows, _distances in batches:
        found.append(rows)
        n_found += len(rows)
        if n_found >= count:
            break
    return np.concatenate(found)[:count]


def _in_scope(rows: NDArray[np.int64], slices: Sequence[Slices]) -> NDArray[np.bool_]:
    """Which of the rows (m,), ascending, are in the slices of each query: bool (q, m)."""
    inside = np.zeros((len(slices), len(rows)), bool)
    for number, where in enumerate(slices):
        for edges in where:
            inside[number, slice(*rows.searchsorted(edges))] = True
    return inside


def _first_of_each(
    near: NDArray[np.float32], ids: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The `count` least finite values of every row of (q, m): their rows and columns, and the place of each
    in its row, from 0. ids (m,) break ties."""
    horizon = np.partition(near, count - 1, axis=1)[:, count - 1 : count] if count < near.shape[1] else np.inf
    numbers, columns = np.nonzero((near <= horizon) & (near < np.inf))
    order = np.lexsort((ids[columns], near[numbers, columns], numbers))
    numbers, columns = numbers[order], columns[order]
    places = np.arange(len(numbers)) - numbers.searchsorted(numbers)
    is_first = places < count
    return numbers[is_first], columns[is_first], places[is_first]


def _rows_of_near_blocks(
    index: BlendIndex,
    queries: Queries,
    weights: BlendWeights,
    slices: Sequence[Slices],
    filters: Filters,
    count: int,
) -> NDArray[np.int64]:
    """The allowed rows of each query's nearest blocks, which hold about `count` times `ROWS_PER_FOUND`, and
    of its artists.

    The row in the middle of a block stands for it, by what the rows of a block have in common.
    """
    starts, n_rows = index.blocks.starts, len(index.ids)
    is_allowed = np.zeros(n_rows, bool)
    is_allowed[filters.inside([(0, n_rows)])] = True
    blocks = np.flatnonzero(np.logical_or.reduceat(is_allowed, starts[:-1]))
    middles = (starts[blocks] + starts[blocks + 1]) // 2
    in_common = replace(weights, sound=0, artist=0, album=0)
    near = measured(index, queries, in_common, middles)[0]
    if filters.penalty is not None:
        near += filters.penalty(middles)
    near[~_in_scope(middles, slices)] = np.inf
    n_blocks = -(-count * ROWS_PER_FOUND * len(blocks) // max(1, int(is_allowed.sum())))
    if n_blocks < len(blocks):
        blocks = blocks[distinct(near.argpartition(n_blocks - 1)[:, :n_blocks].ravel())]
    rows = np.concatenate([members(starts, blocks), queries.companions])
    allowed: NDArray[np.int64] = rows[is_allowed[rows]]
    return allowed


def _near_by_sound(
    index: BlendIndex,
    queries: Queries,
    slices: Sequence[Slices],
    filters: Filters,
    count: int,
) -> list[NDArray[np.int64]]:
    """Rows among which are the `count` nearest allowed ones of each query by sound alone.

    All are measured, in float32, but only compared with a distance that more than `count` rows are known
    not to exceed by a sample: to order them costs several times as much.
    """
    edges = sorted({edge for where in slices for span in where for edge in span})
    P, parts = queries.points, []
    left = np.column_stack([-2 * P, np.einsum("ij,ij->i", P, P), np.ones(len(P))]).astype(np.float32)
    for start, stop in pairwise(edges):
        inside = [any(low <= start and stop <= high for low, high in where) for where in slices]
        allowed = filters.inside([(start, stop)])
        for first in range(0, len(allowed) if any(inside) else 0, SOUND_ROWS_AT_ONCE):
            parts.append((np.flatnonzero(inside), allowed[first : first + SOUND_ROWS_AT_ONCE]))

    def near(numbers: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Distances, squared where nothing is added to them: float32 (len(numbers), len(rows))."""
        X = index.arrays.X.take(rows, axis=0)
        right = np.column_stack([X, np.ones(len(X), np.float32), np.einsum("ij,ij->i", X, X)])
        squared: NDArray[np.float32] = left[numbers] @ right.T
        return squared if filters.penalty is None else np.sqrt(np.maximum(squared, 0)) + filters.penalty(rows)

    sample = np.full((len(P), sum(len(rows[::SAMPLE_STRIDE]) for _, rows in parts)), np.inf, np.float32)
    end = 0
    for numbers, rows in parts:
        start, end = end, end + len(rows[::SAMPLE_STRIDE])
        sample[numbers, start:end] = near(numbers, rows[::SAMPLE_STRIDE])
    place = SAMPLE_EXTRA + 2 * count // SAMPLE_STRIDE
    while True:
        is_all = place >= sample.shape[1]
        horizon = np.full(len(P), np.inf) if is_all else np.partition(sample, place, axis=1)[:, place]
        found, n_found = [np.empty(0, np.int64)], np.zeros(len(P), np.int64)
        for numbers, rows in parts:
            is_near = near(numbers, rows) <= horizon[numbers, None]
            n_found[numbers] += is_near.sum(axis=1)
            found.append(rows[is_near.any(axis=0)])
        if ((n_found >= count) | (horizon == np.inf)).all():
            return found
        place *= GROWTH


def measured(
    index: BlendIndex, queries: Queries, weights: BlendWeights, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The distances to q queries, and their parts of `SHARED_PARTS`: both float32 (q, m)."""
    distances, shared = (np.empty((len(queries), len(rows)), np.float32) for _ in range(2))
    step = max(1, PAIRS_AT_ONCE // len(queries))
    for start in range(0, len(rows), step):
        some = slice(start, start + step)
        parts = parts_to_each(index.arrays, queries, weights, rows[some])
        distances[:, some] = total(parts)
        shared[:, some] = sum(parts[name] for name in SHARED_PARTS)
    return distances, shared
