"""What follows from the arrays of a run: computed when they are written, then mapped. numpy only."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.together import playlist_weights
from recommender.snapshots.arrays import Files, SnapshotArrays


@dataclass(frozen=True, slots=True)
class DerivedArrays:
    """What follows from the arrays of a run and is dear to compute.

    id_order: int64 (n_tracks,), sorts `track_ids`; ascending_ids are those. squared_norms: float32
    (n_tracks,), of the rows of `X`. genre_starts, genre_rows: int64 (n_genres + 1,) and int32, the rows of
    every genre, ascending. ascending_features, ascending_popularity, ascending_explicit: as `features`,
    `popularity` and `explicit`, sorted inside every cluster, NaN last. playlist_weights: float32
    (n_playlists,), what each playlist tells of two of its tracks.
    """

    id_order: NDArray[np.int64]
    ascending_ids: NDArray[np.int64]
    squared_norms: NDArray[np.float32]
    genre_starts: NDArray[np.int64]
    genre_rows: NDArray[np.int32]
    ascending_features: NDArray[np.float32]
    ascending_popularity: NDArray[np.float32]
    ascending_explicit: NDArray[np.int8]
    playlist_weights: NDArray[np.float32]


def derived_arrays(arrays: SnapshotArrays) -> DerivedArrays:
    """What follows from the arrays."""
    rows = np.repeat(np.arange(len(arrays.X), dtype=np.int32), np.diff(arrays.genre_indptr))
    counts = np.bincount(arrays.genre_indices, minlength=len(arrays.genre_idf))
    id_order = np.argsort(arrays.track_ids, kind="stable")
    return DerivedArrays(
        id_order=id_order,
        ascending_ids=arrays.track_ids[id_order],
        squared_norms=np.einsum("ij,ij->i", arrays.X, arrays.X, dtype=np.float64).astype(np.float32),
        genre_starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        genre_rows=rows[np.argsort(arrays.genre_indices, kind="stable")],
        ascending_features=_ascending(arrays.features, arrays.offsets),
        ascending_popularity=_ascending(arrays.popularity, arrays.offsets),
        ascending_explicit=_ascending(arrays.explicit, arrays.offsets),
        playlist_weights=playlist_weights(arrays.playlist_indices),
    )


def _ascending(values: NDArray[Any], offsets: NDArray[np.int64]) -> NDArray[Any]:
    """Values (…, n_tracks), sorted inside every cluster."""
    parts = np.split(values, offsets[1:-1], axis=-1)
    return np.concatenate([np.sort(part, axis=-1) for part in parts], axis=-1)


def derived_of(files: Files) -> DerivedArrays:
    """What follows from the arrays of a run, from its files. Raises KeyError when one is missing."""
    return DerivedArrays(**{field.name: files[field.name] for field in fields(DerivedArrays)})


def files_of_derived(derived: DerivedArrays) -> Files:
    """Those arrays by the name of their file."""
    return {field.name: getattr(derived, field.name) for field in fields(derived)}
