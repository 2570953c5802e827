"""One list from several seeds and several tracks to avoid, and a path from one track to another.

Seeds are never averaged into one: the mean of two styles is often a third. A row is as near as its
nearest seed, drawn a little to those that agree. Served: numpy only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend import BlendWeights, Query, distance_parts, total
from recommender.algorithms.blended_search import NO_FILTERS, BlendIndex, Filters, in_blended_order
from recommender.algorithms.picking import Batch, ListRules, pick

AGREEMENT = 0.4
AVOIDANCE = 0.5
POOL_ROWS = 3000
FEWEST_OF_SEED = 40
USUAL_RANK = 20


@dataclass(frozen=True, slots=True)
class Mixture:
    """Rows int64 (m,) nearest first, their distances float64 (m,), and which seed each came from (m,)."""

    rows: NDArray[np.int64]
    distances: NDArray[np.float64]
    seeds: NDArray[np.int64]


def mixture(
    index: BlendIndex,
    seeds: Sequence[Query],
    avoid: Sequence[Query],
    weights: BlendWeights,
    slices: Sequence[Sequence[tuple[int, int]]],
    filters: Filters = NO_FILTERS,
    n_pool: int = POOL_ROWS,
) -> Mixture:
    """The rows near some seed and nearer to it than to anything avoided; `slices` are those of each seed.

    A row's distance is that to its nearest seed, plus `AGREEMENT` of the way to the mean of all, plus
    `AVOIDANCE` times how much nearer than usual it is to what is avoided. About `n_pool` rows are
    weighed, at least `FEWEST_OF_SEED` of every seed. Raises ValueError without seeds.
    """
    if not seeds:
        raise ValueError("a mix needs at least one seed")
    rows = _pool(index, seeds, weights, slices, filters, n_pool)
    to_seeds = _even(_distances(index, seeds, weights, rows))
    if filters.penalty is not None:
        to_seeds = to_seeds + filters.penalty(rows)
    nearest = to_seeds.argmin(axis=0)
    best = to_seeds.min(axis=0)
    combined = best + AGREEMENT * (to_seeds.mean(axis=0) - best)
    kept = np.ones(len(rows), bool)
    if avoid and len(rows):
        to_avoided = _even(_distances(index, avoid, weights, rows)).min(axis=0)
        kept = best < to_avoided
        combined = combined + AVOIDANCE * np.maximum(np.median(to_avoided) - to_avoided, 0)
    rows, combined, nearest = rows[kept], combined[kept], nearest[kept]
    order = np.lexsort((index.ids[rows], combined))
    return Mixture(rows[order], combined[order], nearest[order])


def path(
    index: BlendIndex,
    start: Query,
    end: Query,
    n_steps: int,
    weights: BlendWeights,
    slices: Sequence[tuple[int, int]],
    rules: ListRules,
    filters: Filters = NO_FILTERS,
    n_pool: int = POOL_ROWS,
) -> list[int]:
    """Rows that lead from one track to another: at most `n_steps`, fewer only when there are no more.

    The rows near either end, about `n_pool`, ordered by how much nearer they are to the end than to the
    start, are cut into as many stretches as there are steps; of each the row with the smallest sum of
    distances is taken.
    """
    pool = _pool(index, [start, end], weights, [slices, slices], filters, n_pool)
    between = _distances(index, [start, end], weights, pool)
    order = np.lexsort((index.ids[pool], between.min(axis=0)))
    allowed = pick([(pool[order], between.min(axis=0)[order])], rules, len(pool)).rows
    position = {row: place for place, row in enumerate(pool.tolist())}
    places = np.array([position[row] for row in allowed], dtype=np.int64)
    steps: list[int] = pool[places[_steps(between[:, places], n_steps)]].tolist()
    return steps


def varied(batches: Iterator[Batch], strength: float, random_state: int, first: int) -> Batch:
    """The `first` rows of the batches in an order shaken by Gumbel noise of scale `strength`.

    The same random_state gives the same order; strength 0 leaves it as it is.
    """
    rows, distances = _taken(batches, first)
    noise = np.random.default_rng(random_state).gumbel(size=len(rows))
    shaken = distances - strength * noise
    order = np.argsort(shaken, kind="stable")
    return rows[order], distances[order]


def _steps(between: NDArray[np.float64], n_steps: int) -> list[int]:
    """Columns of `between` (2, m) in the order of the way, at most n_steps.

    The best rows are chosen in as many stretches of the way as there are steps, then put in order.
    """
    way = between[0] - between[1]
    cost = between.sum(axis=0)
    ranked = np.argsort(way, kind="stable")
    stretches = np.array_split(ranked, min(n_steps, len(ranked))) if len(ranked) else []
    return [int(stretch[cost[stretch].argmin()]) for stretch in stretches]


def _pool(
    index: BlendIndex,
    queries: Sequence[Query],
    weights: BlendWeights,
    slices: Sequence[Sequence[tuple[int, int]]],
    filters: Filters,
    n_pool: int,
) -> NDArray[np.int64]:
    each = max(FEWEST_OF_SEED, n_pool // len(queries))
    found = [
        _taken(in_blended_order(index, query, weights, where, filters), each)[0]
        for query, where in zip(queries, slices, strict=True)
    ]
    return np.unique(np.concatenate(found))


def _taken(batches: Iterator[Batch], count: int) -> Batch:
    """The first `count` rows of the batches with their distances."""
    rows, distances, n_rows = [np.empty(0, np.int64)], [np.empty(0)], 0
    for batch_rows, batch_distances in batches:
        rows.append(batch_rows)
        distances.append(batch_distances)
        n_rows += len(batch_rows)
        if n_rows >= count:
            break
    return np.concatenate(rows)[:count], np.concatenate(distances)[:count]


def _even(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances (n, m) with the `USUAL_RANK` nearest of every row at the same level.

    A seed of a rare genre is far from everything; it must have its place beside one in a crowd.
    """
    if not distances.size:
        return distances
    rank = min(USUAL_RANK, distances.shape[1] - 1)
    usual = np.partition(distances, rank, axis=1)[:, rank : rank + 1]
    even: NDArray[np.float64] = distances - usual + usual.mean()
    return even


def _distances(
    index: BlendIndex, queries: Sequence[Query], weights: BlendWeights, rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """float64 (n_queries, m)."""
    found = [total(distance_parts(index.arrays, query, weights, rows)) for query in queries]
    return np.stack(found).astype(np.float64)
