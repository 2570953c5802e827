"""Lists of recordings by a blend, for judging: made as the site makes them, of given clusters. numpy only."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import tee

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BlendWeights, Query, query_of_row
from recommender.algorithms.blend.together import Postings, togetherness
from recommender.algorithms.evaluation.measures import DEPTH
from recommender.algorithms.mixes.mixture import mixture
from recommender.algorithms.mixes.shares import fair_list
from recommender.algorithms.search.blended_search import BlendIndex, in_blended_order
from recommender.algorithms.search.picking import ListRules, Neighbours, pick


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

    representative_rows: int64 (n_recordings,), the row that stands for each recording. All are int64.
    """

    recordings: NDArray[np.int64]
    artists: NDArray[np.int64]
    representative_rows: NDArray[np.int64]


class BlendLister:
    """Answers questions by an index whose row `i` is row `order[i]` of the catalogue.

    offsets: int64, where each cluster begins; rows that no list may hold come after the last cluster.
    postings: the playlists of the rows of the index.
    """

    def __init__(
        self,
        index: BlendIndex,
        order: NDArray[np.int64],
        offsets: NDArray[np.int64],
        clustered: Clustered,
        facts: RowFacts,
        n_genres: int,
        postings: Postings,
    ) -> None:
        self._postings = postings
        self._index, self._clustered, self._n_genres = index, clustered, n_genres
        missing = max(0, clustered.n_clusters + 1 - len(offsets))
        self._offsets = np.pad(offsets, (0, missing), mode="edge")
        self._recordings, self._artists = facts.recordings[order], facts.artists[order]
        self._representative_rows = facts.representative_rows
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
        banned = frozenset(seeds.tolist())
        rules = [ListRules(self._recordings, self._artists, banned, per_artist=cap) for cap in caps]
        if len(seeds) == 1:
            found = self._of_one(int(self._representative_rows[seeds[0]]), weights, near, rules)
        else:
            found = self._of_several(self._representative_rows[seeds].tolist(), weights, near, rules)
        return [self._recordings[np.array(each.rows, dtype=np.int64)] for each in found]

    def _of_one(
        self, row: int, weights: BlendWeights, near: float | None, rules: Sequence[ListRules]
    ) -> list[Neighbours]:
        batches = in_blended_order(self._index, self._query(row), weights, self._slices(row, near))
        copies = tee(batches, len(rules))
        return [pick(copy, each, DEPTH) for copy, each in zip(copies, rules, strict=True)]

    def _of_several(
        self, rows: Sequence[int], weights: BlendWeights, near: float | None, rules: Sequence[ListRules]
    ) -> list[Neighbours]:
        slices = [self._slices(row, near) for row in rows]
        together = partial(togetherness, self._postings, self._position[rows].tolist(), len(rows))
        queries = [self._query(row) for row in rows]
        mixed = mixture(self._index, queries, [], weights, slices, together=together)
        ordered = mixed.rows, mixed.distances
        return [fair_list(ordered, mixed.seeds, mixed.groups, each, DEPTH) for each in rules]

    def _query(self, row: int) -> Query:
        return query_of_row(self._index.arrays, int(self._position[row]), self._n_genres)

    def _slices(self, row: int, near: float | None) -> list[tuple[int, int]]:
        if near is None:
            return [(0, int(self._offsets[self._clustered.n_clusters]))]
        labels = self._clustered.near(row, near) if near else [self._clustered.own(row)]
        return [(int(self._offsets[label]), int(self._offsets[label + 1])) for label in labels]
