"""One list from several seeds and several tracks to avoid.

Seeds are never averaged into one: the mean of two styles is often a third. A row is as near as the
seeds that it is nearest to, and how many there are of these decides among what is equally near. Served:
numpy only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BlendWeights, Queries, Query
from recommender.algorithms.mixes.pool import NOT_IN_LIST, POOL_ROWS, measured, pool
from recommender.algorithms.mixes.shares import groups_of_seeds
from recommender.algorithms.search.blended_search import NO_FILTERS, BlendIndex, Filters, Slices
from recommender.algorithms.search.picking import Batch

SOFTNESS = 0.4
# What listeners and fame say of the seeds as a whole counts half, what they say of each the other half.
SHARED = 0.5
CO_OCCURRENCE_WEIGHT = 1.2  # of what listeners weigh
AVOIDANCE = 0.5
USUAL_RANK = 10
ROUNDING = 1e-6

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
    slices: Sequence[Slices],
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
    shared = SHARED * near.shared.astype(np.float64)
    # A seed does not speak for what is beyond its list: it may lie outside its scope.
    of_each = np.where(near.places == NOT_IN_LIST, np.inf, _align_levels(near.distances - shared))
    joined = _soft_minimum(of_each) + shared.mean(axis=0)
    if together is not None and len(seeds) > 1:
        joined = joined - CO_OCCURRENCE_WEIGHT * weights.listeners * together(rows)
    if filters.penalty is not None:
        joined = joined + filters.penalty(rows)
    kept = np.ones(len(rows), bool)
    if avoid and len(rows):
        to_avoided = _align_levels(measured(index, Queries.of(avoid), weights, rows)[0]).min(axis=0)
        kept = _align_levels(near.distances).min(axis=0) < to_avoided - ROUNDING
        joined = joined + AVOIDANCE * np.maximum(np.median(to_avoided) - to_avoided, 0)
    rows, joined, origins = rows[kept], joined[kept], origins[kept]
    order = np.lexsort((index.ids[rows], joined))
    return Mixture(rows[order], joined[order], origins[order], groups_of_seeds(near.places))


def perturb_order(batch: Batch, strength: float, random_state: int) -> Batch:
    """The rows of a batch in an order shuffled by Gumbel noise of scale `strength`.

    The same random_state gives the same order; strength 0 leaves it as it is.
    """
    rows, distances = batch
    noise = np.random.default_rng(random_state).gumbel(size=len(rows))
    order = np.argsort(distances - strength * noise, kind="stable")
    return rows[order], distances[order]


def _soft_minimum(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the rows of (n, m): the least, and less where others are near it, float64 (m,)."""
    least = distances.min(axis=0)
    agreeing = np.exp((least - distances) / SOFTNESS).mean(axis=0)
    soft: NDArray[np.float64] = least - SOFTNESS * np.log(agreeing)
    return soft


def _align_levels(distances: NDArray[Any]) -> NDArray[Any]:
    """Distances (n, m) with the `USUAL_RANK` nearest of every row at the same level.

    A seed of a rare genre is far from everything; it must have its place beside one in a crowd.
    """
    if not distances.size:
        return distances
    rank = min(USUAL_RANK, distances.shape[1] - 1)
    usual = np.partition(distances, rank, axis=1)[:, rank : rank + 1]
    aligned: NDArray[Any] = distances - usual + usual.mean()
    return aligned
