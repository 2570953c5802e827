"""The immutable files of one run that answer questions: plain arrays, memory-mapped, one folder a run.

Every web process maps the same files, so their pages are in memory once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.together import Postings
from recommender.algorithms.euclidean import euclidean_distances
from recommender.algorithms.search.blended_search import BlendIndex
from recommender.snapshots.arrays import SnapshotArrays, SnapshotMeta
from recommender.snapshots.derived import DerivedArrays
from recommender.snapshots.newcomers import Newcomers
from recommender.snapshots.remembered import Remembered


@dataclass(frozen=True, slots=True)
class ClusterRef:
    """A cluster as a track shows it."""

    label: int
    number: int
    name: str


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One run, opened. Requests hold their own reference, so they end on the run they began with."""

    run_id: int
    meta: SnapshotMeta
    arrays: SnapshotArrays
    derived: DerivedArrays

    @property
    def n_tracks(self) -> int:
        return len(self.arrays.track_ids)

    @property
    def n_clusters(self) -> int:
        return len(self.arrays.centroids)

    @cached_property
    def clusters(self) -> tuple[ClusterRef, ...]:
        """The clusters by label."""
        pairs = zip(self.meta.cluster_numbers, self.meta.cluster_names, strict=True)
        return tuple(ClusterRef(label, number, name) for label, (number, name) in enumerate(pairs))

    def row_of(self, track_id: int) -> int | None:
        """The row of a track (`Track.pk`), or None when it came after the run."""
        position = int(self.derived.ascending_ids.searchsorted(track_id))
        if position == self.n_tracks or self.derived.ascending_ids[position] != track_id:
            return None
        return int(self.derived.id_order[position])

    def rows_of(self, track_ids: Sequence[int]) -> NDArray[np.int64]:
        """The rows of tracks (`Track.pk`) in their order, without those that came after the run."""
        ids = np.asarray(track_ids, dtype=np.int64)
        positions = np.minimum(self.derived.ascending_ids.searchsorted(ids), self.n_tracks - 1)
        rows = self.derived.id_order[positions]
        known: NDArray[np.int64] = rows[self.arrays.track_ids[rows] == ids]
        return known

    def clusters_of(self, track_ids: Sequence[int]) -> list[ClusterRef | None]:
        """The cluster of each track (`Track.pk`); None for those that came after the run."""
        ids = np.asarray(track_ids, dtype=np.int64)
        ascending, order = self.derived.ascending_ids, self.derived.id_order
        positions = np.minimum(ascending.searchsorted(ids), self.n_tracks - 1)
        labels = self.arrays.offsets.searchsorted(order[positions], side="right") - 1
        known = ascending[positions] == ids
        pairs = zip(labels.tolist(), known.tolist(), strict=True)
        return [self.clusters[label] if is_known else None for label, is_known in pairs]

    def clusters_of_rows(self, rows: Sequence[int]) -> list[ClusterRef]:
        """The cluster of each row."""
        labels = self.arrays.offsets.searchsorted(rows, side="right") - 1
        return [self.clusters[label] for label in labels.tolist()]

    def label_of_row(self, row: int) -> int:
        return int(self.arrays.offsets.searchsorted(row, side="right")) - 1

    def slice_of(self, label: int) -> tuple[int, int]:
        """First row of a cluster, and the row after its last."""
        return int(self.arrays.offsets[label]), int(self.arrays.offsets[label + 1])

    @cached_property
    def index(self) -> BlendIndex:
        """What blended lists are searched in."""
        arrays = self.arrays
        return BlendIndex(arrays.blend, arrays.blocks, arrays.branches, arrays.track_ids)

    @cached_property
    def postings(self) -> Postings:
        """The playlists of every row."""
        arrays = self.arrays
        return Postings(arrays.playlist_indptr, arrays.playlist_indices, self.derived.playlist_weights)

    @cached_property
    def lists(self) -> Remembered:
        """The latest lists that were asked for, by the seed's row and the request."""
        return Remembered()

    @cached_property
    def most_familiar(self) -> float:
        """The familiarity of the best known track."""
        return float(self.arrays.blend.familiarity.max(initial=0))

    @cached_property
    def genre_numbers(self) -> dict[str, int]:
        """The number of every genre by its folded name."""
        return {name.casefold(): number for number, name in enumerate(self.meta.genres)}

    def rows_of_genre(self, number: int) -> NDArray[np.int32]:
        """The rows of the tracks of a genre, ascending."""
        starts = self.derived.genre_starts
        return self.derived.genre_rows[starts[number] : starts[number + 1]]

    @cached_property
    def newcomers(self) -> Newcomers:
        """Where tracks that came after the run would stand."""
        return Newcomers(self.arrays, self.meta, self.genre_numbers)

    def centroid_distances(self, place: NDArray[np.float32]) -> NDArray[np.float64]:
        """Euclidean distances (n_clusters,) from a place, where clusters are fitted, to every centroid."""
        return euclidean_distances(self.arrays.centroids.astype(np.float64), place)

    def nearest_cluster(self, place: NDArray[np.float32]) -> int:
        """The label of the nearest centroid of a place, where clusters are fitted."""
        return int(self.centroid_distances(place).argmin())
