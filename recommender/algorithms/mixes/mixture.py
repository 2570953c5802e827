"""One list from several seeds and several tracks to avoid.

Seeds are never averaged into one: the mean of two styles is often a third. A row is as near as the
seeds that it is nearest to, and how many there are of these decides among what is equally near. Served:
numpy only.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BlendWeights, Query, total
from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.blend.many_distances import parts_of_pairs, parts_to_each
from recommender.algorithms.mixes.shares import groups_of_seeds
from recommender.algorithms.search.blended_search import (
    NO_FILTERS,
    RARE,
    BlendIndex,
    Filters,
    in_blended_order,
    within,
)
from recommender.algorithms.search.frontier import members
from recommender.algorithms.search.picking import Batch

SOFTNESS = 0.4
# What listeners and fame say of the seeds as a whole counts half, what they say of each the other half.
SHARED = 0.5
SHARED_PARTS = ("listeners", "popularity")
CO_OCCURRENCE_WEIGHT = 1.2  # of what listeners weigh
AVOIDANCE = 0.5
POOL_ROWS = 3000
MIN_OF_SEED = 40
USUAL_RANK = 10
ROWS_AT_ONCE = 32_768
MAX_PAIRS = 2**21  # that are kept in memory: 16 MB
PAIRS_AT_ONCE = 65_536  # so few that the arrays between stay in the processor's cache
# More queries than these look for rows in the blocks that hold about so many times what each wants.
SEARCHED_ALONE = 12
ROWS_PER_FOUND = 6
NOT_IN_LIST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Pool:
    """Rows near to some query, int64 (m,), ascending, and the place of each in the list of each query, int64
    (n_queries, m), from 0; `NOT_IN_LIST` where it is in none of the list's first."""

    rows: NDArray[np.int64]
    places: NDArray[np.int64]


Togetherness = Callable[[NDArray[np.int64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Rows int64 (m,), best first, the values that they are ordered by float64 (m,), and the seed that each
    came from int64 (m,): the one in whose own list it stands highest. groups: int64 (n_seeds,), which seeds
    belong together."""

    rows: NDArray[np.int64]
    distances: NDArray[np.float64]
    seeds: NDArray[np.int64]
    groups: NDArray[np.int64]


def mixture(
    index: BlendIndex,
    seeds: Sequence[Query],
    avoid: Sequence[Query],
    weights: BlendWeights,
    slices: Sequence[Sequence[tuple[int, int]]],
    filters: Filters = NO_FILTERS,
    n_pool: int = POOL_ROWS,
    together: Togetherness | None = None,
) -> Mixture:
    """The rows near some seed and nearer to it than to anything avoided; `slices` are those of each seed.

    The distances to the seeds, levelled, are joined by a soft minimum of softness `SOFTNESS`; of the parts
    in `SHARED_PARTS` the share `SHARED` enters as the mean over all seeds instead. What stands in playlists
    with several seeds, as `together` (0 to 1) says of rows, is drawn nearer. With one seed all this is
    its own distance. `AVOIDANCE` times how much nearer than usual a row is to what is avoided pushes it
    away. About `n_pool` rows are weighed, at least `MIN_OF_SEED` of every seed. Raises ValueError
    without seeds.
    """
    if not seeds:
        raise ValueError("a mix needs at least one seed")
    near = pool(index, seeds, weights, slices, filters, n_pool)
    rows, origins = near.rows, near.places.argmin(axis=0)
    whole, shared = _measured(index, seeds, weights, rows)
    to_seeds = _align_levels(whole)
    # A seed does not speak for what is beyond its list: it may lie outside its scope.
    of_each = np.where(near.places == NOT_IN_LIST, np.inf, _align_levels(whole - SHARED * shared))
    joined = _soft_minimum(of_each) + SHARED * shared.mean(axis=0)
    if together is not None and len(seeds) > 1:
        joined = joined - CO_OCCURRENCE_WEIGHT * weights.listeners * together(rows)
    if filters.penalty is not None:
        joined = joined + filters.penalty(rows)
    kept = np.ones(len(rows), bool)
    if avoid and len(rows):
        to_avoided = _align_levels(distances_to(index, avoid, weights, rows)).min(axis=0)
        kept = to_seeds.min(axis=0) < to_avoided
        joined = joined + AVOIDANCE * np.maximum(np.median(to_avoided) - to_avoided, 0)
    rows, joined, origins = rows[kept], joined[kept], origins[kept]
    order = np.lexsort((index.ids[rows], joined))
    return Mixture(rows[order], joined[order], origins[order], groups_of_seeds(near.places))


def perturb_order(batches: Iterator[Batch], strength: float, random_state: int, first: int) -> Batch:
    """The `first` rows of the batches in an order shuffled by Gumbel noise of scale `strength`.

    The same random_state gives the same order; strength 0 leaves it as it is.
    """
    rows, distances = _taken(batches, first)
    noise = np.random.default_rng(random_state).gumbel(size=len(rows))
    perturbed = distances - strength * noise
    order = np.argsort(perturbed, kind="stable")
    return rows[order], distances[order]


def pool(
    index: BlendIndex,
    queries: Sequence[Query],
    weights: BlendWeights,
    slices: Sequence[Sequence[tuple[int, int]]],
    filters: Filters,
    n_pool: int,
) -> Pool:
    """The rows near to some query: about `n_pool`, at least `MIN_OF_SEED` of each query."""
    each = max(MIN_OF_SEED, n_pool // len(queries))
    n_rows = len(index.ids) if filters.allowed is None else filters.allowed.at_most
    # Blocks hold rows with genres and listeners in common: they say little of sound alone.
    is_by_sound = not (weights.genre or weights.listeners)
    is_for_blocks = len(queries) > SEARCHED_ALONE and each * ROWS_PER_FOUND * RARE <= n_rows
    if is_for_blocks and not is_by_sound:
        found = _nearest_in_blocks(index, queries, weights, slices, filters, each)
    elif is_by_sound or (filters.allowed is not None and n_rows <= ROWS_AT_ONCE):
        found = _nearest_of_all(index, queries, weights, slices, filters, each)
    else:
        found = [
            _taken(in_blended_order(index, query, weights, where, filters), each)[0]
            for query, where in zip(queries, slices, strict=True)
        ]
    rows = distinct(np.concatenate(found))
    places = np.full((len(queries), len(rows)), NOT_IN_LIST)
    for number, own in enumerate(found):
        places[number, rows.searchsorted(own)] = np.arange(len(own))
    return Pool(rows, places)


def _nearest_in_blocks(
    index: BlendIndex,
    queries: Sequence[Query],
    weights: BlendWeights,
    slices: Sequence[Sequence[tuple[int, int]]],
    filters: Filters,
    count: int,
) -> list[NDArray[np.int64]]:
    """About the `count` nearest allowed rows of each query, nearest first, at a fraction of an exact search.

    Only rows of its artists and of its nearest blocks are measured for a query; the row in the middle of a
    block stands for it. On the catalogue of 90,000 tracks that finds nine of ten of the 60 nearest, and
    more of the first ones.
    """
    starts, n_rows = index.blocks.starts, len(index.ids)
    is_allowed = np.zeros(n_rows, bool)
    is_allowed[filters.inside([(0, n_rows)])] = True
    blocks = np.flatnonzero(np.add.reduceat(is_allowed, starts[:-1], dtype=np.int64))
    middles = (starts[blocks] + starts[blocks + 1]) // 2
    near = distances_to(index, queries, weights, middles)
    if filters.penalty is not None:
        near += filters.penalty(middles)
    n_blocks = -(-count * ROWS_PER_FOUND * len(blocks) // max(1, int(is_allowed.sum())))
    keys = []
    for number, (query, where) in enumerate(zip(queries, slices, strict=True)):
        in_scope = np.concatenate(
            [np.empty(0, np.int64), *(np.arange(*middles.searchsorted(edges)) for edges in where)]
        )
        nearest = in_scope
        if n_blocks < len(in_scope):
            nearest = in_scope[near[number, in_scope].argpartition(n_blocks - 1)[:n_blocks]]
        rows = np.concatenate(
            [members(starts, blocks[nearest]), within(query.companions.astype(np.int64), where)]
        )
        keys.append(number * n_rows + rows[is_allowed[rows]])
    numbers, rows = np.divmod(distinct(np.concatenate(keys)), n_rows)
    distances = total(parts_of_pairs(index.arrays, queries, weights, numbers, rows))
    if filters.penalty is not None:
        distances = distances + filters.penalty(rows)
    order = np.lexsort((index.ids[rows], distances, numbers))
    ends = numbers.searchsorted(np.arange(1, len(queries)))
    return [own[:count] for own in np.split(rows[order], ends)]


def _nearest_of_all(
    index: BlendIndex,
    queries: Sequence[Query],
    weights: BlendWeights,
    slices: Sequence[Sequence[tuple[int, int]]],
    filters: Filters,
    count: int,
) -> list[NDArray[np.int64]]:
    """The `count` nearest allowed rows of each query, nearest first.

    All of them are measured, for several queries at once: where few are allowed, to search for each query
    costs several times as much.
    """
    scopes = [tuple(where) for where in slices]
    inside = {scope: filters.inside(scope) for scope in dict.fromkeys(scopes)}
    rows = distinct(np.concatenate(list(inside.values())))
    penalty = None if filters.penalty is None else filters.penalty(rows)
    places = {scope: rows.searchsorted(own) for scope, own in inside.items()}
    found = []
    step = max(1, MAX_PAIRS // max(1, len(rows)))
    for start in range(0, len(queries), step):
        some = slice(start, start + step)
        distances = distances_to(index, queries[some], weights, rows)
        if penalty is not None:
            distances += penalty
        for scope, to_all in zip(scopes[some], distances, strict=True):
            own, near = inside[scope], to_all[places[scope]]
            if count < len(own):
                is_near = near <= np.partition(near, count - 1)[count - 1]
                own, near = own[is_near], near[is_near]
            found.append(own[np.lexsort((index.ids[own], near))[:count]])
    return found


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


def _soft_minimum(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the rows of (n, m): the least, and less where others are near it, float64 (m,)."""
    least = distances.min(axis=0)
    agreeing = np.exp((least - distances) / SOFTNESS).mean(axis=0)
    soft: NDArray[np.float64] = least - SOFTNESS * np.log(agreeing)
    return soft


def _align_levels(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances (n, m) with the `USUAL_RANK` nearest of every row at the same level.

    A seed of a rare genre is far from everything; it must have its place beside one in a crowd.
    """
    if not distances.size:
        return distances
    rank = min(USUAL_RANK, distances.shape[1] - 1)
    usual = np.partition(distances, rank, axis=1)[:, rank : rank + 1]
    aligned: NDArray[np.float64] = distances - usual + usual.mean()
    return aligned


def _measured(
    index: BlendIndex, queries: Sequence[Query], weights: BlendWeights, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The distances to the queries, and their parts of `SHARED_PARTS`: both float64 (n_queries, m)."""
    whole, shared = (np.empty((len(queries), len(rows))) for _ in range(2))
    step = max(1, PAIRS_AT_ONCE // len(queries))
    for start in range(0, len(rows), step):
        some = slice(start, start + step)
        parts = parts_to_each(index.arrays, queries, weights, rows[some])
        whole[:, some] = total(parts)
        shared[:, some] = sum(parts[name] for name in SHARED_PARTS)
    return whole, shared


def distances_to(
    index: BlendIndex, queries: Sequence[Query], weights: BlendWeights, rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The distances of rows (m,) to the queries, float64 (n_queries, m)."""
    return _measured(index, queries, weights, rows)[0]
