"""The immutable files of one run that answer questions: plain arrays, memory-mapped, one folder a run.

Every web process maps the same files, so their pages are in memory once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.together import Postings
from recommender.algorithms.clustering.genre_axes import places_with_genres
from recommender.algorithms.clustering.name_codes import NameCode
from recommender.algorithms.euclidean import euclidean_distances
from recommender.algorithms.search.blended_search import BlendIndex
from recommender.cluster_names import name_in_words
from recommender.snapshots.arrays import SnapshotArrays, SnapshotMeta
from recommender.snapshots.derived import DerivedArrays
from recommender.snapshots.newcomers import Newcomers
from recommender.snapshots.remembered import Remembered


@dataclass(frozen=True, slots=True)
class SubclusterRef:
    """A sub-cluster as a track shows it; `row` is its place among all sub-clusters of the run."""

    row: int
    number: int
    name_code: NameCode | str

    @property
    def name(self) -> str:
        return name_in_words(self.name_code)


@dataclass(frozen=True, slots=True)
class ClusterRef:
    """A cluster as a track shows it, with the track's sub-cluster; None where it is not split."""

    label: int
    number: int
    name_code: NameCode | str
    subcluster: SubclusterRef | None

    @property
    def name(self) -> str:
        return name_in_words(self.name_code)


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
        return tuple(ClusterRef(label, number, name, None) for label, (number, name) in enumerate(pairs))

    @cached_property
    def clusters_by_subcluster(self) -> tuple[ClusterRef, ...]:
        """What tracks show of their cluster, by their sub-cluster's place in the run."""
        meta = self.meta
        labels = self.arrays.offsets.searchsorted(self.arrays.sub_offsets[:-1], side="right") - 1
        subclusters = zip(meta.subcluster_numbers, meta.subcluster_names, labels.tolist(), strict=True)
        return tuple(
            replace(self.clusters[label], subcluster=SubclusterRef(row, number, name) if number else None)
            for row, (number, name, label) in enumerate(subclusters)
        )

    def rows_of(self, track_ids: Sequence[int]) -> NDArray[np.int64]:
        """The row of each track (`Track.pk`), int64; -1 for those that came after the run."""
        ids, ascending = np.asarray(track_ids, dtype=np.int64), self.derived.ascending_ids
        places = np.minimum(ascending.searchsorted(ids), self.n_tracks - 1)
        rows: NDArray[np.int64] = np.where(ascending[places] == ids, self.derived.id_order[places], -1)
        return rows

    def row_of(self, track_id: int) -> int | None:
        """The row of a track (`Track.pk`), or None when it came after the run."""
        row = int(self.rows_of([track_id])[0])
        return None if row < 0 else row

    def labels_of_rows(self, rows: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The cluster of each row, by its label."""
        labels: NDArray[np.int64] = self.arrays.offsets.searchsorted(rows, side="right") - 1
        return labels

    def subclusters_of_rows(self, rows: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The sub-cluster of each row, by its place among all of the run."""
        places: NDArray[np.int64] = self.arrays.sub_offsets.searchsorted(rows, side="right") - 1
        return places

    def label_of_row(self, row: int) -> int:
        return int(self.labels_of_rows([row])[0])

    def slice_of(self, label: int) -> tuple[int, int]:
        """First row of a cluster, and the row after its last."""
        return int(self.arrays.offsets[label]), int(self.arrays.offsets[label + 1])

    @property
    def n_subclusters(self) -> int:
        """Clusters that are not split count, too."""
        return len(self.arrays.sub_centroids)

    def subclusters_of(self, label: int) -> range:
        """The places of a cluster's sub-clusters among all of the run; a cluster not split is one."""
        return range(*self.arrays.sub_offsets.searchsorted(self.slice_of(label)).tolist())

    def subcluster_of_row(self, row: int) -> int:
        """The place of a row's sub-cluster among all of the run."""
        return int(self.subclusters_of_rows([row])[0])

    def slice_of_subcluster(self, number: int) -> tuple[int, int]:
        """First row of the sub-cluster at this place, and the row after its last."""
        return int(self.arrays.sub_offsets[number]), int(self.arrays.sub_offsets[number + 1])

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

    def nearest_subcluster(self, place: NDArray[np.float32], genres: NDArray[np.float32]) -> int:
        """The place among all sub-clusters of the one that a track belongs to, from its place where clusters
        are fitted and its genre vector (n_genres,): the nearest of those in the nearest cluster."""
        arrays = self.arrays
        label = self.nearest_cluster(place)
        own = self.subclusters_of(label)
        point = places_with_genres(place[None], genres[None], arrays.genre_axes)[0]
        return own[int(euclidean_distances(arrays.sub_centroids[own.start : own.stop], point).argmin())]
