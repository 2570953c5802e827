"""A path from one track to another. Served: numpy only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BlendWeights, Query
from recommender.algorithms.mixes.pool import POOL_ROWS, pool
from recommender.algorithms.search.blended_search import NO_FILTERS, BlendIndex, Filters
from recommender.algorithms.search.picking import ListRules, pick


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
    found = pool(index, [start, end], weights, [slices, slices], filters, n_pool)
    near, between = found.rows, found.distances.astype(np.float64)
    order = np.lexsort((index.ids[near], between.min(axis=0)))
    allowed = pick([(near[order], between.min(axis=0)[order])], rules, len(near)).rows
    position = {row: place for place, row in enumerate(near.tolist())}
    places = np.array([position[row] for row in allowed], dtype=np.int64)
    steps: list[int] = near[places[_steps(between[:, places], n_steps)]].tolist()
    return steps


def _steps(between: NDArray[np.float64], n_steps: int) -> list[int]:
    """Columns of `between` (2, m) in the order of the way, at most n_steps.

    The best rows are chosen in as many stretches of the way as there are steps, then put in order.
    """
    way = between[0] - between[1]
    cost = between.sum(axis=0)
    ranked = np.argsort(way, kind="stable")
    stretches = np.array_split(ranked, min(n_steps, len(ranked))) if len(ranked) else []
    return [int(stretch[cost[stretch].argmin()]) for stretch in stretches]
