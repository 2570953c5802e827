"""Rows in the exact order of the blended distance, opening as few blocks as that takes. numpy only."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import (
    BlendArrays,
    BlendWeights,
    Query,
    distance_parts,
    is_member,
    total,
)
from recommender.algorithms.search.blocks import Blocks
from recommender.algorithms.search.frontier import Frontier
from recommender.algorithms.search.picking import Batch, ListRules, Neighbours, pick

FIRST_BLOCKS = 64
GROWTH = 4
FEW_ROWS = 2048
MANY_ROWS = 8192
RARE = 8  # one row in so many, or fewer

Slices = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class BlendIndex:
    """The arrays of the blend with their blocks; a branch is several whole blocks of one cluster; ids int64
    (n,) break ties."""

    arrays: BlendArrays
    blocks: Blocks
    branches: Blocks
    ids: NDArray[np.int64]


def with_hubness(index: BlendIndex, hubness: NDArray[np.float32]) -> BlendIndex:
    """The index with other penalties, float32 (n,), of rows that stand in too many lists."""
    blocks, branches = (
        replace(part, hubness_low=np.minimum.reduceat(hubness, part.starts[:-1]))
        for part in (index.blocks, index.branches)
    )
    return replace(index, arrays=replace(index.arrays, hubness=hubness), blocks=blocks, branches=branches)


class Allowed(Protocol):
    """Which rows may be answered."""

    @property
    def at_most(self) -> int:
        """No more rows than these are allowed."""
        ...

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the rows (m,) are allowed, bool (m,)."""
        ...

    def inside(self, slices: Slices) -> NDArray[np.int64]:
        """All allowed rows of the slices."""
        ...


@dataclass(frozen=True, slots=True)
class AllowedRows:
    """The rows of a mask, bool (n,)."""

    mask: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: NDArray[np.int64], n: int) -> "AllowedRows":
        """These of n rows."""
        mask = np.zeros(n, bool)
        mask[rows] = True
        return cls(mask)

    @property
    def at_most(self) -> int:
        return int(np.count_nonzero(self.mask))

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        return self.mask.take(rows)

    def inside(self, slices: Slices) -> NDArray[np.int64]:
        found = [np.flatnonzero(self.mask[start:stop]) + start for start, stop in slices]
        return np.concatenate([np.empty(0, np.int64), *found])


@dataclass(frozen=True, slots=True)
class Filters:
    """allowed: the rows that may be answered, or None for all.

    penalty: what to add to the distance of given rows (m,), never below 0: targets, for example.
    """

    allowed: Allowed | None = None
    penalty: Callable[[NDArray[np.int64]], NDArray[np.float32]] | None = None

    def inside(self, slices: Slices) -> NDArray[np.int64]:
        """All rows of the slices that may be answered, int64 (m,)."""
        if self.allowed is not None:
            return self.allowed.inside(slices)
        return np.concatenate([np.empty(0, np.int64), *(np.arange(*each) for each in slices)])


NO_FILTERS = Filters()


def in_blended_order(
    index: BlendIndex,
    query: Query,
    weights: BlendWeights,
    slices: Slices,
    filters: Filters = NO_FILTERS,
) -> Iterator[Batch]:
    """Yield the allowed rows of `slices` with their distances, nearest first, in growing batches.

    Every slice is one or several whole clusters. All rows come in the end, each once.
    """
    search, size = _Search(index, query, weights, slices, filters), FIRST_BLOCKS
    while True:
        search.open(size)
        sure = search.distances < search.horizon
        if search.horizon == np.inf or sure.any():
            yield _ordered(index, search.rows[sure], search.distances[sure])
        if search.horizon == np.inf:
            return
        search.keep(~sure)
        size *= GROWTH


def nearest_in_blend(
    index: BlendIndex,
    query: Query,
    weights: BlendWeights,
    slices: Slices,
    rules: ListRules,
    limit: int,
    filters: Filters = NO_FILTERS,
) -> Neighbours:
    """The `limit` nearest rows that may stand together: what `pick` makes of `in_blended_order`, for less.

    A row more can only draw the end of a list nearer: so no block matters that is farther away than the
    end of the list that some of the rows make.
    """
    search = _Search(index, query, weights, slices, filters)
    size, reach = FIRST_BLOCKS, np.inf
    while True:
        search.open(size, reach)
        search.keep(search.distances <= reach)
        found = pick([_ordered(index, search.rows, search.distances)], rules, limit)
        if len(found.rows) == limit:
            reach = found.distances[-1]
        if search.horizon > reach or search.horizon == np.inf:
            return found
        size *= GROWTH


class _Search:
    """What has been measured and not let go: allowed rows, int64 (m,), and their distances, float32 (m,).

    horizon: what no other allowed row can be nearer than; infinite when there is none.
    """

    def __init__(
        self, index: BlendIndex, query: Query, weights: BlendWeights, slices: Slices, filters: Filters
    ) -> None:
        self._index, self._query, self._weights = index, query, weights
        self._slices, self._filters = slices, filters
        self.rows, self.distances = np.empty(0, np.int64), np.empty(0, np.float32)
        size = sum(stop - start for start, stop in slices)
        allowed = filters.allowed
        if min(size, size if allowed is None else allowed.at_most) <= FEW_ROWS:
            self.horizon = np.inf
            self._add(filters.inside(slices))
            return
        self.horizon = 0.0
        self._frontier = Frontier(index.blocks, index.branches, query, weights, slices)
        companions = within(query.companions.astype(np.int64), slices)
        # The bounds of blocks are those of other artists' rows: these are measured with the first.
        self._companions = companions if allowed is None else companions[allowed.matches(companions)]
        self._seen: list[NDArray[np.int64]] = []

    def open(self, n_blocks: int, within: float = np.inf) -> None:
        """Measure the rows of about the `n_blocks` nearest blocks that are at most `within` away."""
        if self.horizon == np.inf:
            return
        rows = self._frontier.rows(n_blocks, within)
        is_first, self.horizon = not self._seen, self._frontier.horizon
        if self._filters.allowed is not None:
            allowed = rows[self._filters.allowed.matches(rows)]
            if len(allowed) * RARE < len(rows) and self._measured_at_once(self._filters.allowed):
                return
            rows = allowed
        rows = _without(rows, self._companions)
        if is_first:
            rows = np.concatenate([self._companions, rows])
        self._seen.append(rows)
        self._add(rows)

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Let go of the others."""
        self.rows, self.distances = self.rows[kept], self.distances[kept]

    def _measured_at_once(self, allowed: Allowed) -> bool:
        """Measure all that is left where it is not much: blocks hardly help to find what is rare."""
        rest = allowed.inside(self._slices)
        if len(rest) > MANY_ROWS:
            return False
        self.horizon = np.inf
        seen = np.concatenate([np.empty(0, np.int64), *self._seen])
        self._add(_without(rest, np.sort(seen)))
        return True

    def _add(self, rows: NDArray[np.int64]) -> None:
        if not len(rows):
            return
        distances = total(distance_parts(self._index.arrays, self._query, self._weights, rows))
        if self._filters.penalty is not None:
            distances = distances + self._filters.penalty(rows)
        self.rows = np.concatenate([self.rows, rows])
        self.distances = np.concatenate([self.distances, distances])


def within(rows: NDArray[np.int64], slices: Slices) -> NDArray[np.int64]:
    """Those of the rows (m,) that are in the slices."""
    inside = np.zeros(len(rows), bool)
    for start, stop in slices:
        inside |= (rows >= start) & (rows < stop)
    return rows[inside]


def _without(rows: NDArray[np.int64], some: NDArray[np.int64]) -> NDArray[np.int64]:
    """`rows` that are not in `some`, which is ascending."""
    return rows[~is_member(rows, some)] if len(some) else rows


def _ordered(index: BlendIndex, rows: NDArray[np.int64], distances: NDArray[np.float32]) -> Batch:
    """By distance; ids break ties, which are few and stand side by side."""
    order = distances.argsort()
    ascending = distances[order]
    equal = ascending[1:] == ascending[:-1]
    if equal.any():
        tied = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
        places = order[tied]
        order[tied] = places[np.lexsort((index.ids[rows[places]], distances[places]))]
    return rows[order], ascending.astype(np.float64)
