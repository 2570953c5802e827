"""Which blocks a search has not opened yet, most promising first. numpy only.

Two levels of bounds: those of branches are computed for the whole scope, those of blocks only in
branches that are promising themselves, so that the price of a search hardly grows with the catalogue.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BlendWeights, Query
from recommender.algorithms.search.blocks import Blocks, lower_bounds

BLOCKS_A_BRANCH = 2  # that are promising, of those in a promising branch: a guess, for the price alone
MIN_BRANCHES = 4


@dataclass(slots=True)
class _Waiting:
    """Blocks or branches with their lower bounds, in no order."""

    numbers: NDArray[np.int64]
    bounds: NDArray[np.float32]

    def taken(self, most: int, within: float) -> NDArray[np.int64]:
        """Take away and return about the `most` nearest of those at most `within` away."""
        bound = np.float32(within)
        if most < len(self.bounds):
            bound = min(bound, np.partition(self.bounds, most - 1)[most - 1])
        near = self.bounds <= bound
        taken = self.numbers[near]
        self.numbers, self.bounds = self.numbers[~near], self.bounds[~near]
        return taken

    def add(self, numbers: NDArray[np.int64], bounds: NDArray[np.float32]) -> None:
        self.numbers = np.concatenate([self.numbers, numbers])
        self.bounds = np.concatenate([self.bounds, bounds])

    @property
    def nearest(self) -> float:
        return float(self.bounds.min(initial=np.inf))


@dataclass(slots=True)
class Frontier:
    """The blocks of `slices` (each one or several whole clusters) that no search has opened yet."""

    blocks: Blocks
    branches: Blocks
    query: Query
    weights: BlendWeights
    slices: Sequence[tuple[int, int]]
    _closed: _Waiting = field(init=False)
    _waiting: _Waiting = field(init=False)

    def __post_init__(self) -> None:
        spans = [self.branches.starts.searchsorted(edges).tolist() for edges in self.slices]
        numbers = np.concatenate([np.empty(0, np.int64), *(np.arange(*span) for span in spans)])
        bounds = lower_bounds(self.branches, self.query, self.weights, numbers)
        self._closed = _Waiting(numbers, bounds)
        self._waiting = _Waiting(np.empty(0, np.int64), np.empty(0, np.float32))

    @property
    def horizon(self) -> float:
        """What no row that is still unopened, and no companion, can be nearer than; infinite at the end."""
        return min(self._closed.nearest, self._waiting.nearest)

    def rows(self, most: int, within: float = np.inf) -> NDArray[np.int64]:
        """The rows of about the `most` nearest blocks that are at most `within` away, opened now."""
        wanted = max(MIN_BRANCHES, most // BLOCKS_A_BRANCH)
        branches = self._closed.taken(wanted, within)
        if len(branches):
            inside = members(self.blocks.starts.searchsorted(self.branches.starts), branches)
            self._waiting.add(inside, lower_bounds(self.blocks, self.query, self.weights, inside))
        return members(self.blocks.starts, self._waiting.taken(most, within))


def members(starts: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """All places from starts[i] to starts[i + 1], for the numbers i."""
    first, last = starts.take(numbers), starts.take(numbers + 1)
    sizes = last - first
    shift = np.repeat(first - np.cumsum(sizes) + sizes, sizes)
    places: NDArray[np.int64] = shift + np.arange(len(shift))
    return places
