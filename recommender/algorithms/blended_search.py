"""Rows in the exact order of the blended distance, opening as few blocks as that takes. numpy only."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend import BlendArrays, BlendWeights, Query, distance_parts, total
from recommender.algorithms.blocks import Blocks, lower_bounds

FIRST_BLOCKS = 8
GROWTH = 2
FEW_ROWS = 2048

Batch = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class BlendIndex:
    """The arrays of the blend with their blocks; ids int64 (n,) break ties."""

    arrays: BlendArrays
    blocks: Blocks
    ids: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Filters:
    """allowed: bool (n,), the rows that may be answered, or None for all.

    penalty: what to add to the distance of given rows (m,), never below 0: targets, for example.
    """

    allowed: NDArray[np.bool_] | None = None
    penalty: Callable[[NDArray[np.int64]], NDArray[np.float32]] | None = None


NO_FILTERS = Filters()


def in_blended_order(
    index: BlendIndex,
    query: Query,
    weights: BlendWeights,
    slices: Sequence[tuple[int, int]],
    filters: Filters = NO_FILTERS,
) -> Iterator[Batch]:
    """Yield the allowed rows of `slices` with their distances, nearest first, in growing batches.

    Every slice is one or several whole clusters. All rows come in the end, each once.
    """
    few = _few_rows(slices, filters)
    if few is not None:
        yield _ordered(index, few, _distances(index, query, weights, filters, few, None))
        return
    companions = _inside(query.companions.astype(np.int64), slices, filters)
    pool = companions, _distances(index, query, weights, filters, companions, True)
    opened = _opened_blocks(index, query, weights, slices)
    for blocks, horizon in opened:
        rows = _rows_of(index.blocks.starts, blocks)
        if filters.allowed is not None:
            rows = rows[filters.allowed[rows]]
        # An artist's rows stand in the pool from the start, and their measure here is too long.
        rows = _without(rows, companions)
        distances = _distances(index, query, weights, filters, rows, False)
        pool = np.concatenate([pool[0], rows]), np.concatenate([pool[1], distances])
        sure = pool[1] < horizon
        if sure.any():
            yield _ordered(index, pool[0][sure], pool[1][sure])
            pool = pool[0][~sure], pool[1][~sure]


def _few_rows(slices: Sequence[tuple[int, int]], filters: Filters) -> NDArray[np.int64] | None:
    """All rows that are allowed, where there are so few that blocks save nothing."""
    if filters.allowed is None:
        if sum(stop - start for start, stop in slices) > FEW_ROWS:
            return None
        return np.concatenate([np.empty(0, np.int64), *(np.arange(*each) for each in slices)])
    counts = [int(np.count_nonzero(filters.allowed[start:stop])) for start, stop in slices]
    if sum(counts) > FEW_ROWS:
        return None
    found = [np.flatnonzero(filters.allowed[start:stop]) + start for start, stop in slices]
    return np.concatenate([np.empty(0, np.int64), *found])


def _inside(
    rows: NDArray[np.int64], slices: Sequence[tuple[int, int]], filters: Filters
) -> NDArray[np.int64]:
    inside = np.zeros(len(rows), bool)
    for start, stop in slices:
        inside |= (rows >= start) & (rows < stop)
    rows = rows[inside]
    return rows if filters.allowed is None else rows[filters.allowed[rows]]


def _opened_blocks(
    index: BlendIndex, query: Query, weights: BlendWeights, slices: Sequence[tuple[int, int]]
) -> Iterator[tuple[NDArray[np.int64], float]]:
    """Yield blocks in batches, most promising first, with the bound of those not yet opened."""
    starts = index.blocks.starts
    spans = [starts.searchsorted(edges).tolist() for edges in slices]
    numbers = np.concatenate([np.empty(0, np.int64), *(np.arange(*span) for span in spans)])
    bounds = np.concatenate(
        [np.empty(0, np.float32), *(lower_bounds(index.blocks, query, weights, *span) for span in spans)]
    )
    size = FIRST_BLOCKS
    while len(numbers) > size:
        horizon = np.partition(bounds, size)[size]
        near = bounds < horizon
        if not near.any():
            near = bounds <= horizon
        rest = bounds[~near]
        yield numbers[near], float(rest.min(initial=np.inf))
        numbers, bounds, size = numbers[~near], rest, GROWTH * size
    yield numbers, np.inf


def _rows_of(starts: NDArray[np.int64], blocks: NDArray[np.int64]) -> NDArray[np.int64]:
    first, last = starts[blocks], starts[blocks + 1]
    sizes = last - first
    shift = np.repeat(first - np.cumsum(sizes) + sizes, sizes)
    rows: NDArray[np.int64] = shift + np.arange(len(shift))
    return rows


def _without(rows: NDArray[np.int64], some: NDArray[np.int64]) -> NDArray[np.int64]:
    """`rows` that are not in `some`, which is ascending."""
    if not len(some):
        return rows
    positions = np.minimum(some.searchsorted(rows), len(some) - 1)
    kept: NDArray[np.int64] = rows[some[positions] != rows]
    return kept


def _distances(
    index: BlendIndex,
    query: Query,
    weights: BlendWeights,
    filters: Filters,
    rows: NDArray[np.int64],
    companions: bool | None,
) -> NDArray[np.float32]:
    distances = total(distance_parts(index.arrays, query, weights, rows, companions=companions))
    return distances if filters.penalty is None else distances + filters.penalty(rows)


def _ordered(index: BlendIndex, rows: NDArray[np.int64], distances: NDArray[np.float32]) -> Batch:
    order = np.lexsort((index.ids[rows], distances))
    return rows[order], distances[order].astype(np.float64)
