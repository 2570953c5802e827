"""The immutable files of one run that answer questions: plain arrays, memory-mapped, one folder a run.

Every web process maps the same files, so their pages are in memory once.
"""

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from numpy.typing import ArrayLike, NDArray

from recommender.algorithms.blend.together import Postings
from recommender.algorithms.search.blended_search import BlendIndex
from recommender.algorithms.search.row_tests import Column
from recommender.models import ClusteringRun
from recommender.snapshots.array_folders import (
    DESCRIPTION,
    TEMPORARY_PREFIX,
    read_array_folder,
    write_array_folder,
)
from recommender.snapshots.arrays import (
    SnapshotArrays,
    SnapshotMeta,
    arrays_of,
    check_arrays,
    files_of,
    meta_of,
    unit_vector,
)
from recommender.snapshots.derived import DerivedArrays, derived_arrays, derived_of, files_of_derived
from recommender.snapshots.remembered import Remembered
from tracks.audio_features import FEATURE_NAMES
from tracks.error_texts import without_folders

FORMAT = 5


class SnapshotUnavailable(Exception):
    """The files of a run are missing or damaged; the text says what to do."""


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

    def scale(self, features: ArrayLike) -> NDArray[np.float32]:
        """A feature vector in its own units, ordered as `meta.feature_names`, in the space of `X`."""
        values = np.asarray(features, dtype=np.float64)
        return ((values - self.arrays.scaler_mean) / self.arrays.scaler_scale).astype(np.float32)

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
    def usual_popularity(self) -> float:
        """What stands for an unknown popularity, 0 to 1: the median."""
        return float(np.median(self.arrays.blend.popularity)) / 100

    @cached_property
    def usual_log_duration(self) -> float:
        """What stands for an unknown length, a logarithm of milliseconds: the median."""
        return float(np.median(self.arrays.blend.log_duration))

    @cached_property
    def genre_numbers(self) -> dict[str, int]:
        """The number of every genre by its folded name."""
        return {name.casefold(): number for number, name in enumerate(self.meta.genres)}

    def rows_of_genre(self, number: int) -> NDArray[np.int32]:
        """The rows of the tracks of a genre, ascending."""
        starts = self.derived.genre_starts
        return self.derived.genre_rows[starts[number] : starts[number + 1]]

    def feature_values(self, name: str) -> NDArray[np.float32]:
        """An audio feature of every row in its own unit, NaN where unknown."""
        values: NDArray[np.float32] = self.arrays.features[FEATURE_NAMES.index(name)]
        return values

    def feature_column(self, name: str) -> Column:
        """An audio feature in its own unit, for filters."""
        number = FEATURE_NAMES.index(name)
        return Column(self.arrays.features[number], self.derived.ascending_features[number])

    @cached_property
    def popularity_column(self) -> Column:
        """The popularity of each track, for filters."""
        return Column(self.arrays.popularity, self.derived.ascending_popularity)

    @cached_property
    def explicit_column(self) -> Column:
        """Whether each track is explicit, for filters."""
        return Column(self.arrays.explicit, self.derived.ascending_explicit)

    def genre_vector(self, genres: Sequence[str]) -> NDArray[np.float32]:
        """The unit tf-idf vector (n_genres,) of a track that came after the run, of the genres known then."""
        numbers = [self.genre_numbers.get(name.casefold(), -1) for name in genres]
        vector = np.zeros(len(self.meta.genres), np.float32)
        known = [number for number in numbers if number >= 0]
        vector[known] = self.arrays.genre_idf[known]
        return unit_vector(vector)

    def expected_place(self, point: NDArray[np.float32], genres: Sequence[str]) -> NDArray[np.float32]:
        """The place of a track that came after the run, where clusters are fitted, from its scaled point
        (n_features,) and its genres; one of no known genre stays where it is."""
        vector = self.genre_vector(genres)
        if not vector.any():
            return point
        expected = vector @ self.arrays.expectations[: len(vector)]
        share = np.float32(self.meta.context_share)
        return np.asarray((1 - share) * point + share * expected, dtype=np.float32)

    def centroid_distances(self, place: NDArray[np.float32]) -> NDArray[np.float64]:
        """Euclidean distances (n_clusters,) from a place, where clusters are fitted, to every centroid."""
        difference = self.arrays.centroids.astype(np.float64) - place
        distances: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
        return distances

    def place(self, features: ArrayLike, genres: Sequence[str] = ()) -> int:
        """The label of the nearest centroid of a feature vector in its own units, of a track of `genres`."""
        return int(self.centroid_distances(self.expected_place(self.scale(features), genres)).argmin())


def snapshot_folder(run_id: int) -> Path:
    return _snapshots_folder() / f"run-{run_id}"


def write_snapshot(run_id: int, arrays: SnapshotArrays, meta: SnapshotMeta) -> Path:
    """Write a run's folder, replacing one of the same run. Raises ValueError when the arrays do not fit."""
    check_arrays(arrays, meta)
    if not np.isfinite(arrays.X).all():
        raise ValueError("X holds values that are not finite")
    folder = snapshot_folder(run_id)
    files = files_of(arrays) | files_of_derived(derived_arrays(arrays))
    write_array_folder(folder, files, {"format": FORMAT, "run": run_id, **asdict(meta)})
    return folder


def open_snapshot(run_id: int) -> Snapshot:
    """Map a run's files. Raises `SnapshotUnavailable` when they are missing or damaged."""
    try:
        return _open(snapshot_folder(run_id))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unavailable(run_id, error) from error


def active_snapshot() -> Snapshot | None:
    """The snapshot of the active run, or None before the first run. Asked once a request.

    Raises `SnapshotUnavailable` when the active run's files are missing or damaged.
    """
    run_id = active_run_id()
    return None if run_id is None else shared_snapshot(run_id)


def active_run_id() -> int | None:
    """The key of the active run. Raw SQL: every request asks, and the ORM costs five times the query."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{ClusteringRun._meta.db_table}" WHERE is_active')
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def shared_snapshot(run_id: int) -> Snapshot:
    """The snapshot of a run, opened once a process. Raises `SnapshotUnavailable`."""
    description = _description_file(settings.DATA_DIR, run_id)
    try:
        written = description.stat()
    except OSError as error:
        raise _unavailable(run_id, error) from error
    return _opened(run_id, description, written.st_ino, written.st_mtime_ns)


@lru_cache(maxsize=16)
def _description_file(data_dir: Path, run_id: int) -> Path:
    """Joined once: every request asks, and a path costs more than looking at the file."""
    return snapshot_folder(run_id) / DESCRIPTION


def prune_snapshots(keep: set[int]) -> None:
    """Remove the folders of runs not in `keep`, and what unfinished writes left behind."""
    if not _snapshots_folder().is_dir():
        return
    kept = {snapshot_folder(run_id).name for run_id in keep}
    for folder in _snapshots_folder().iterdir():
        if folder.name.startswith((TEMPORARY_PREFIX, "run-")) and folder.name not in kept:
            shutil.rmtree(folder)


@lru_cache(maxsize=2)
def _opened(run_id: int, description: Path, inode: int, written_ns: int) -> Snapshot:
    """Keyed by what was written too, so that a folder restored under an old number is read anew."""
    return open_snapshot(run_id)


def _snapshots_folder() -> Path:
    return Path(settings.DATA_DIR) / "snapshots"


def _unavailable(run_id: int, error: Exception) -> SnapshotUnavailable:
    text = _(
        "The files of run %(run)d cannot be read (%(reason)s). "
        "Start a new refit, or make another run the active one."
    )
    return SnapshotUnavailable(text % {"run": run_id, "reason": without_folders(error)})


def _open(folder: Path) -> Snapshot:
    files, document = read_array_folder(folder)
    if document["format"] != FORMAT:
        raise ValueError(_("it is of another version of this software"))
    arrays, meta = arrays_of(files), meta_of(document)
    check_arrays(arrays, meta)
    return Snapshot(document["run"], meta, arrays, derived_of(files))
