"""The nearest rows of a matrix, exactly and in order, at about the price of one matrix product.

Squared distances are estimated as ||x||² - 2x·q in float32, which is one BLAS product over a
contiguous slice; the few best are measured again in float64 as sqrt(sum((x - q)²)). The rounding
error of the estimate is bounded (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002,
section 3.1), so it is known which of the measured rows no unmeasured row can precede.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.euclidean import euclidean_distances
from recommender.algorithms.search.picking import Batch

SHORTLIST_FACTOR = 2
SHORTLIST_EXTRA = 16
GROWTH = 4
EPSILON = float(np.finfo(np.float32).eps)
SAMPLE_STRIDE = 16
SAMPLE_AT_LEAST = 1000


@dataclass(frozen=True, slots=True)
class Points:
    """What is searched: X float32 (n, d), its squared norms (n,), and the ids (n,) that break ties."""

    X: NDArray[np.float32]
    squared_norms: NDArray[np.float32]
    ids: NDArray[np.int64]


def in_order(
    points: Points, query: NDArray[np.float32], slices: Sequence[tuple[int, int]], first: int
) -> Iterator[Batch]:
    """Yield all rows of `slices` with their distances, nearest first, in batches of growing size."""
    estimates = _estimates(points, query, slices)
    done, size = 0, first
    while done < len(estimates):
        rows, distances = _certain(points, query, slices, estimates, size)
        yield rows[done:], distances[done:]
        done, size = max(done, len(rows)), GROWTH * size


def _estimates(
    points: Points, query: NDArray[np.float32], slices: Sequence[tuple[int, int]]
) -> NDArray[np.float32]:
    """||x||² - 2x·q for every row of the slices, one after the other."""
    doubled = -2 * query
    parts = [points.X[start:stop] @ doubled for start, stop in slices]
    for part, (start, stop) in zip(parts, slices, strict=True):
        part += points.squared_norms[start:stop]
    return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, np.float32), *parts])


def _certain(
    points: Points,
    query: NDArray[np.float32],
    slices: Sequence[tuple[int, int]],
    estimates: NDArray[np.float32],
    size: int,
) -> Batch:
    """The nearest rows, exactly ordered: of about `size` measured ones those that nothing can precede."""
    if size >= len(estimates):
        return _measured(points, query, _rows_at(np.arange(len(estimates)), slices))
    horizon = _horizon(estimates, size)
    rows, distances = _measured(points, query, _rows_at(np.flatnonzero(estimates <= horizon), slices))
    count = int(distances.searchsorted(_safe_distance(query, horizon)))
    return rows[:count], distances[:count]


def _horizon(estimates: NDArray[np.float32], size: int) -> float:
    """An estimate that about `size` rows do not exceed, from a sample: a full partition costs as much
    as the matrix product."""
    stride = min(SAMPLE_STRIDE, max(1, len(estimates) // SAMPLE_AT_LEAST))
    sample = estimates[::stride]
    position = min(size // stride, len(sample) - 1)
    return float(np.partition(sample, position)[position])


def _safe_distance(query: NDArray[np.float32], horizon: float) -> float:
    """The distance below which no row can lie whose estimate is at least `horizon`.

    The error of an estimate is at most (d + 4)·eps·(||x|| + ||q||)²; a row with a norm above
    ||q|| + sqrt(horizon + ||q||²) is farther away than the horizon by the triangle inequality.
    """
    exact = query.astype(np.float64)
    squared_norm = float(exact @ exact)
    squared = max(0.0, horizon + squared_norm)
    reach = 2 * math.sqrt(squared_norm) + math.sqrt(squared)
    error = (len(query) + 4) * EPSILON * reach * reach
    return math.sqrt(max(0.0, squared - error))


def _measured(points: Points, query: NDArray[np.float32], rows: NDArray[np.int64]) -> Batch:
    distances = euclidean_distances(points.X[rows].astype(np.float64), query)
    order = np.lexsort((points.ids[rows], distances))
    return rows[order], distances[order]


def _rows_at(positions: NDArray[np.int64], slices: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    """Rows of the matrix from positions in the slices laid end to end."""
    if len(slices) == 1:
        return positions + slices[0][0]
    starts, stops = np.array(slices).T
    ends = np.cumsum(stops - starts)
    rows: NDArray[np.int64] = positions + (stops - ends)[np.searchsorted(ends, positions, side="right")]
    return rows
