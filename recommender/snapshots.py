"""The immutable files of one run that answer questions: plain arrays, memory-mapped, one folder a run.

Every web process maps the same files, so their pages are in memory once. A new optional array is a
field of `SnapshotArrays` with a default of None.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from numpy.typing import ArrayLike, NDArray

from recommender.array_folders import BESIDE_PREFIX, DESCRIPTION, read_array_folder, write_array_folder
from recommender.models import ClusteringRun

FORMAT = 1


class SnapshotUnavailable(Exception):
    """The files of a run are missing or damaged; the text says what to do."""


@dataclass(frozen=True, slots=True)
class SnapshotArrays:
    """The arrays of a run; rows in cluster order: label 0 first, inside a cluster by track pk.

    X: float32 (n_tracks, n_features), scaled. offsets: int64 (n_clusters + 1), the slice of each label.
    track_ids, recordings, first_artists: int64 (n_tracks,), primary keys; -1 for no artist.
    popularity: uint8 (n_tracks,). explicit: int8 (n_tracks,), -1 unknown.
    genre_indptr, genre_indices: int64 (n_tracks + 1,), int32; CSR into `SnapshotMeta.genres`.
    centroids: float32 (n_clusters, n_features), scaled. scaler_mean, scaler_scale: float64 (n_features,).
    """

    X: NDArray[np.float32]
    offsets: NDArray[np.int64]
    track_ids: NDArray[np.int64]
    recordings: NDArray[np.int64]
    first_artists: NDArray[np.int64]
    popularity: NDArray[np.uint8]
    explicit: NDArray[np.int8]
    genre_indptr: NDArray[np.int64]
    genre_indices: NDArray[np.int32]
    centroids: NDArray[np.float32]
    scaler_mean: NDArray[np.float64]
    scaler_scale: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SnapshotMeta:
    """What the arrays mean. `cluster_numbers` and `cluster_names` are by label."""

    feature_names: tuple[str, ...]
    genres: tuple[str, ...]
    cluster_numbers: tuple[int, ...]
    cluster_names: tuple[str, ...]
    library_versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClusterRef:
    """A cluster as a track shows it."""

    label: int
    number: int
    name: str


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One run, opened. Requests hold their own reference, so they end on the run they began with.

    `id_order` sorts `track_ids`; `squared_norms` float32 (n_tracks,) are those of the rows of `X`.
    """

    run_id: int
    meta: SnapshotMeta
    arrays: SnapshotArrays
    id_order: NDArray[np.int64]
    squared_norms: NDArray[np.float32]

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

    @cached_property
    def _sorted_ids(self) -> NDArray[np.int64]:
        return self.arrays.track_ids[self.id_order]

    def row_of(self, track_id: int) -> int | None:
        """The row of a track (`Track.pk`), or None when it came after the run."""
        position = int(self._sorted_ids.searchsorted(track_id))
        if position == self.n_tracks or self._sorted_ids[position] != track_id:
            return None
        return int(self.id_order[position])

    def clusters_of(self, track_ids: Sequence[int]) -> list[ClusterRef | None]:
        """The cluster of each track (`Track.pk`); None for those that came after the run."""
        ids = np.asarray(track_ids, dtype=np.int64)
        positions = np.minimum(self._sorted_ids.searchsorted(ids), self.n_tracks - 1)
        labels = self.arrays.offsets.searchsorted(self.id_order[positions], side="right") - 1
        known = self._sorted_ids[positions] == ids
        pairs = zip(labels.tolist(), known.tolist(), strict=True)
        return [self.clusters[label] if is_known else None for label, is_known in pairs]

    def label_of_row(self, row: int) -> int:
        return int(self.arrays.offsets.searchsorted(row, side="right")) - 1

    def slice_of(self, label: int) -> tuple[int, int]:
        """First row of a cluster, and the row after its last."""
        return int(self.arrays.offsets[label]), int(self.arrays.offsets[label + 1])

    def scale(self, features: ArrayLike) -> NDArray[np.float32]:
        """A feature vector in its own units, ordered as `meta.feature_names`, in the space of `X`."""
        values = np.asarray(features, dtype=np.float64)
        return ((values - self.arrays.scaler_mean) / self.arrays.scaler_scale).astype(np.float32)

    def centroid_distances(self, point: NDArray[np.float32]) -> NDArray[np.float64]:
        """Euclidean distances (n_clusters,) from a scaled point to every centroid."""
        difference = self.arrays.centroids.astype(np.float64) - point
        distances: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
        return distances

    def place(self, features: ArrayLike) -> int:
        """The label of the nearest centroid of a feature vector in its own units."""
        return int(self.centroid_distances(self.scale(features)).argmin())


def snapshot_folder(run_id: int) -> Path:
    return _snapshots_folder() / f"run-{run_id}"


def write_snapshot(run_id: int, arrays: SnapshotArrays, meta: SnapshotMeta) -> Path:
    """Write a run's folder, replacing one of the same run. Raises ValueError when the arrays do not fit."""
    _check(arrays, meta)
    if not np.isfinite(arrays.X).all():
        raise ValueError("X holds values that are not finite")
    given = {field.name: getattr(arrays, field.name) for field in fields(arrays)}
    files = {name: array for name, array in given.items() if array is not None} | _derived(arrays)
    folder = snapshot_folder(run_id)
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
    folder = snapshot_folder(run_id)
    try:
        written = (folder / DESCRIPTION).stat()
    except OSError as error:
        raise _unavailable(run_id, error) from error
    return _opened(run_id, str(folder), written.st_ino, written.st_mtime_ns)


def prune_snapshots(keep: set[int]) -> None:
    """Remove the folders of runs not in `keep`, and what unfinished writes left behind."""
    if not _snapshots_folder().is_dir():
        return
    kept = {snapshot_folder(run_id).name for run_id in keep}
    for folder in _snapshots_folder().iterdir():
        if folder.name.startswith((BESIDE_PREFIX, "run-")) and folder.name not in kept:
            shutil.rmtree(folder)


@lru_cache(maxsize=2)
def _opened(run_id: int, folder: str, inode: int, written_ns: int) -> Snapshot:
    """Keyed by what was written too, so that a folder restored under an old number is read anew."""
    return open_snapshot(run_id)


def _snapshots_folder() -> Path:
    return Path(settings.DATA_DIR) / "snapshots"


def _unavailable(run_id: int, error: Exception) -> SnapshotUnavailable:
    text = _(
        "The files of run %(run)d cannot be read (%(reason)s). "
        "Start a new refit, or make another run the active one."
    )
    return SnapshotUnavailable(text % {"run": run_id, "reason": error})


def _derived(arrays: SnapshotArrays) -> dict[str, NDArray[Any]]:
    squared_norms = np.einsum("ij,ij->i", arrays.X, arrays.X, dtype=np.float64)
    return {
        "id_order": np.argsort(arrays.track_ids, kind="stable"),
        "squared_norms": squared_norms.astype(np.float32),
    }


def _open(folder: Path) -> Snapshot:
    loaded, document = read_array_folder(folder)
    if document["format"] != FORMAT:
        raise ValueError(_("it is of another version of this software"))
    id_order, squared_norms = loaded.pop("id_order"), loaded.pop("squared_norms")
    arrays, meta = SnapshotArrays(**loaded), _meta(document)
    _check(arrays, meta)
    return Snapshot(document["run"], meta, arrays, id_order, squared_norms)


def _meta(document: Mapping[str, Any]) -> SnapshotMeta:
    return SnapshotMeta(
        feature_names=tuple(document["feature_names"]),
        genres=tuple(document["genres"]),
        cluster_numbers=tuple(document["cluster_numbers"]),
        cluster_names=tuple(document["cluster_names"]),
        library_versions=document["library_versions"],
    )


def _check(arrays: SnapshotArrays, meta: SnapshotMeta) -> None:
    n_tracks, n_features = arrays.X.shape
    n_clusters = len(meta.cluster_numbers)
    expected = {
        "X": (np.float32, (n_tracks, len(meta.feature_names))),
        "offsets": (np.int64, (n_clusters + 1,)),
        "track_ids": (np.int64, (n_tracks,)),
        "recordings": (np.int64, (n_tracks,)),
        "first_artists": (np.int64, (n_tracks,)),
        "popularity": (np.uint8, (n_tracks,)),
        "explicit": (np.int8, (n_tracks,)),
        "genre_indptr": (np.int64, (n_tracks + 1,)),
        "genre_indices": (np.int32, arrays.genre_indices.shape),
        "centroids": (np.float32, (n_clusters, n_features)),
        "scaler_mean": (np.float64, (n_features,)),
        "scaler_scale": (np.float64, (n_features,)),
    }
    for name, (dtype, shape) in expected.items():
        array = getattr(arrays, name)
        if array.dtype != dtype or array.shape != shape:
            raise ValueError(f"{name} is {array.dtype} {array.shape}, expected {np.dtype(dtype)} {shape}")
    _check_contents(arrays, meta)


def _check_contents(arrays: SnapshotArrays, meta: SnapshotMeta) -> None:
    if len(meta.cluster_names) != len(meta.cluster_numbers):
        raise ValueError("every cluster needs a number and a name")
    for name, end in (("offsets", len(arrays.X)), ("genre_indptr", len(arrays.genre_indices))):
        pointer = getattr(arrays, name)
        if pointer[0] != 0 or pointer[-1] != end or (np.diff(pointer) < 0).any():
            raise ValueError(f"{name} does not rise from 0 to {end}")
    if len(np.unique(arrays.track_ids)) != len(arrays.track_ids):
        raise ValueError("a track has two rows")
