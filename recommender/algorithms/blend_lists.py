"""Lists of recordings by a blend, as they are served. numpy only."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import tee

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend import BlendWeights, query_of_row
from recommender.algorithms.blended_search import BlendIndex, in_blended_order
from recommender.algorithms.evaluation import DEPTH
from recommender.algorithms.mixes import mixture
from recommender.algorithms.picking import ListRules, pick


@dataclass(frozen=True, slots=True)
class Clustered:
    """Where n rows belong among k clusters.

    labels: int64 (n,), -1 for a row that no list may hold. distances: float32 (n, k), to every centroid
    in the space that was clustered, of all rows, also of those that no list may hold.
    """

    labels: NDArray[np.int64]
    distances: NDArray[np.float32]

    @property
    def n_clusters(self) -> int:
        return int(self.distances.shape[1])

    def near(self, row: int, ratio: float) -> list[int]:
        """The clusters at most `ratio` times as far as the nearest one, the row's own among them."""
        distances = self.distances[row]
        near = set(np.flatnonzero(distances <= ratio * distances.min()).tolist())
        return sorted(near | {self.own(row)})

    def own(self, row: int) -> int:
        """The row's cluster; that of the nearest centroid where it has none."""
        label = int(self.labels[row])
        return label if label >= 0 else int(self.distances[row].argmin())


@dataclass(frozen=True, slots=True)
class RowFacts:
    """Of n rows: recordings (n,) numbered from 0, first artists (n,), -1 unknown.

    standing: int64 (n_recordings,), the row that stands for each recording. All are int64.
    """

    recordings: NDArray[np.int64]
    artists: NDArray[np.int64]
    standing: NDArray[np.int64]


class BlendLister:
    """Answers questions by an index whose row `i` is row `order[i]` of the catalogue.

    offsets: int64, where each cluster begins; rows that no list may hold come after the last cluster.
    """

    def __init__(
        self,
        index: BlendIndex,
        order: NDArray[np.int64],
        offsets: NDArray[np.int64],
        clustered: Clustered,
        facts: RowFacts,
        n_genres: int,
    ) -> None:
        self._index, self._clustered, self._n_genres = index, clustered, n_genres
        missing = max(0, clustered.n_clusters + 1 - len(offsets))
        self._offsets = np.pad(offsets, (0, missing), mode="edge")
        self._recordings, self._artists = facts.recordings[order], facts.artists[order]
        self._standing = facts.standing
        self._position = np.empty(len(order), np.int64)
        self._position[order] = np.arange(len(order))

    def ranked(
        self,
        seeds: NDArray[np.int64],
        weights: BlendWeights,
        *,
        near: float | None,
        caps: Sequence[int] = (0,),
    ) -> list[NDArray[np.int64]]:
        """At most `DEPTH` recordings for the seeds (recordings), a list for each of `caps`.

        A cap is the most tracks of an artist, 0 for no cap. near: look into the seed's cluster and those
        at most so many times as far as the nearest one; 0 is the own cluster alone, None all clusters.
        Several seeds make a mixture.
        """
        rows = self._standing[seeds].tolist()
        queries = [query_of_row(self._index.arrays, int(self._position[row]), self._n_genres) for row in rows]
        slices = [self._slices(row, near) for row in rows]
        if len(queries) == 1:
            batches = in_blended_order(self._index, queries[0], weights, slices[0])
        else:
            mixed = mixture(self._index, queries, [], weights, slices)
            batches = iter([(mixed.rows, mixed.distances)])
        banned = frozenset(seeds.tolist())
        found = []
        for cap, each in zip(caps, tee(batches, len(caps)), strict=True):
            rules = ListRules(self._recordings, self._artists, banned, per_artist=cap)
            found.append(self._recordings[np.array(pick(each, rules, DEPTH).rows, dtype=np.int64)])
        return found

    def _slices(self, row: int, near: float | None) -> list[tuple[int, int]]:
        if near is None:
            return [(0, int(self._offsets[self._clustered.n_clusters]))]
        labels = self._clustered.near(row, near) if near else [self._clustered.own(row)]
        return [(int(self._offsets[label]), int(self._offsets[label + 1])) for label in labels]
