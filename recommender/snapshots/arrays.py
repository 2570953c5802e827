"""What the files of a run hold: its arrays, what they mean, and whether they fit together. numpy only."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from recommender.algorithms.blend.distance import BlendArrays, BlendWeights
from recommender.algorithms.clustering.name_codes import NameCode
from recommender.algorithms.search.blocks import Blocks
from tracks.audio_features import FEATURE_NAMES

PARTS: dict[str, type[Any]] = {"blend": BlendArrays, "blocks": Blocks, "branches": Blocks}
Files = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class SnapshotArrays:
    """The arrays of a run; rows in cluster order: label 0 first, inside a cluster its sub-clusters one after
    the other, inside those as their blocks are.

    X: float32 (n_tracks, n_features), scaled. offsets: int64 (n_clusters + 1), the slice of each label.
    sub_offsets: int64 (n_subclusters + 1), the slice of each sub-cluster; a cluster that is not split has
    one, itself. sub_centroids: float32 (n_subclusters, n_features + n_axes), where they were fitted.
    genre_axes: float32 (n_genres, n_axes), which makes those places out of genre vectors. distances: float32
    (n_tracks,), to the own centroid.
    track_ids, recordings, first_artists: int64 (n_tracks,), primary keys; -1 for no artist.
    popularity: float32 (n_tracks,), NaN unknown. explicit: int8 (n_tracks,), -1 unknown.
    features: float32 (12, n_tracks), all of `FEATURE_NAMES` in their own units, NaN where unknown.
    genre_indptr, genre_indices: int64 (n_tracks + 1,), int32; CSR into `SnapshotMeta.genres`.
    genre_idf: float32 (n_genres,).
    places: float32 (n_tracks, n_features), where clusters were fitted; centroids: float32 (n_clusters,
    n_features), there. expectations: float32 (n_genres + k, n_features), the sound that each genre and each
    coordinate of a listener vector makes one expect.
    scaler_mean, scaler_scale: float64 (n_features,).
    playlist_indptr, playlist_indices: the playlists of each row's recording, CSR, ascending.
    blend, blocks, branches: what the blended distance needs, of the same rows; their `X` is this one.
    """

    X: NDArray[np.float32]
    offsets: NDArray[np.int64]
    sub_offsets: NDArray[np.int64]
    track_ids: NDArray[np.int64]
    recordings: NDArray[np.int64]
    first_artists: NDArray[np.int64]
    popularity: NDArray[np.float32]
    explicit: NDArray[np.int8]
    features: NDArray[np.float32]
    genre_indptr: NDArray[np.int64]
    genre_indices: NDArray[np.int32]
    genre_idf: NDArray[np.float32]
    places: NDArray[np.float32]
    centroids: NDArray[np.float32]
    sub_centroids: NDArray[np.float32]
    genre_axes: NDArray[np.float32]
    distances: NDArray[np.float32]
    expectations: NDArray[np.float32]
    scaler_mean: NDArray[np.float64]
    scaler_scale: NDArray[np.float64]
    playlist_indptr: NDArray[np.int64]
    playlist_indices: NDArray[np.int32]
    blend: BlendArrays
    blocks: Blocks
    branches: Blocks


@dataclass(frozen=True, slots=True)
class SnapshotMeta:
    """What the arrays mean. `cluster_numbers` and `cluster_names` are by label, `subcluster_numbers` and
    `subcluster_names` by sub-cluster; number 0 and name "" where a cluster is not split. A name of a run
    that an older version made is text.

    feature_space: what clusters were fitted in. context_share: how far its points are drawn to what
    surroundings make one expect. weights: those of each blend that the run has. learnt_from: how many
    playlists its listener vectors were learnt from, 0 without.
    """

    feature_names: tuple[str, ...]
    genres: tuple[str, ...]
    cluster_numbers: tuple[int, ...]
    cluster_names: tuple[NameCode | str, ...]
    subcluster_numbers: tuple[int, ...]
    subcluster_names: tuple[NameCode | str, ...]
    library_versions: Mapping[str, str]
    feature_space: str
    context_share: float
    weights: Mapping[str, BlendWeights]
    learnt_from: int


def files_of(arrays: SnapshotArrays) -> Files:
    """All arrays by the name of their file; `X` once."""
    given: Files = {
        field.name: getattr(arrays, field.name) for field in fields(arrays) if field.name not in PARTS
    }
    for part, kind in PARTS.items():
        for field in fields(kind):
            if (part, field.name) != ("blend", "X"):
                given[f"{part}_{field.name}"] = getattr(getattr(arrays, part), field.name)
    return given


def arrays_of(files: Files) -> SnapshotArrays:
    """The arrays of a run from its files. Raises KeyError when one is missing."""
    loaded = {f.name: files[f.name] for f in fields(SnapshotArrays) if f.name not in PARTS}
    blend = {f.name: files[f"blend_{f.name}"] for f in fields(BlendArrays) if f.name != "X"}
    blocks, branches = (
        Blocks(**{f.name: files[f"{part}_{f.name}"] for f in fields(Blocks)})
        for part in ("blocks", "branches")
    )
    blended = BlendArrays(X=files["X"], **blend)
    return SnapshotArrays(**loaded, blend=blended, blocks=blocks, branches=branches)


def meta_of(document: Mapping[str, Any]) -> SnapshotMeta:
    """The description of a run from its document. Raises KeyError when something is missing."""
    return SnapshotMeta(
        feature_names=tuple(document["feature_names"]),
        genres=tuple(document["genres"]),
        cluster_numbers=tuple(document["cluster_numbers"]),
        cluster_names=tuple(map(_name, document["cluster_names"])),
        subcluster_numbers=tuple(document["subcluster_numbers"]),
        subcluster_names=tuple(map(_name, document["subcluster_names"])),
        library_versions=document["library_versions"],
        feature_space=document["feature_space"],
        context_share=document["context_share"],
        weights={blend: BlendWeights(**values) for blend, values in document["weights"].items()},
        learnt_from=document["learnt_from"],
    )


def _name(stored: Mapping[str, Any] | str) -> NameCode | str:
    return stored if isinstance(stored, str) else NameCode.of(stored)


def check_arrays(arrays: SnapshotArrays, meta: SnapshotMeta) -> None:
    """Raise ValueError, naming the array, when the arrays do not fit together."""
    for name, (dtype, shape) in _expected(arrays, meta).items():
        array = _named(arrays, name)
        if array.dtype != dtype or array.shape != shape:
            raise ValueError(f"{name} is {array.dtype} {array.shape}, expected {np.dtype(dtype)} {shape}")
    if len(meta.cluster_names) != len(meta.cluster_numbers):
        raise ValueError("every cluster needs a number and a name")
    if len(meta.subcluster_names) != len(meta.subcluster_numbers):
        raise ValueError("every sub-cluster needs a number and a name")
    _check_pointers(arrays)
    if not np.isin(arrays.offsets, arrays.sub_offsets).all():
        raise ValueError("a cluster ends inside a sub-cluster")
    if (np.diff(np.sort(arrays.track_ids)) == 0).any():
        raise ValueError("a track has two rows")


def _named(arrays: SnapshotArrays, name: str) -> NDArray[Any]:
    part, _point, inner = name.partition(".")
    array: NDArray[Any] = getattr(getattr(arrays, part), inner) if inner else getattr(arrays, part)
    return array


def _expected(arrays: SnapshotArrays, meta: SnapshotMeta) -> dict[str, tuple[DTypeLike, tuple[int, ...]]]:
    n, d = arrays.X.shape
    k, width = arrays.blend.listeners.shape[-1], arrays.blend.genre_ids.shape[-1]
    n_clusters, n_genres = len(meta.cluster_numbers), len(meta.genres)
    n_subclusters, n_axes = len(meta.subcluster_numbers), arrays.genre_axes.shape[-1]
    return {
        "X": (np.float32, (n, len(meta.feature_names))),
        "offsets": (np.int64, (n_clusters + 1,)),
        "sub_offsets": (np.int64, (n_subclusters + 1,)),
        "track_ids": (np.int64, (n,)),
        "recordings": (np.int64, (n,)),
        "first_artists": (np.int64, (n,)),
        "popularity": (np.float32, (n,)),
        "explicit": (np.int8, (n,)),
        "features": (np.float32, (len(FEATURE_NAMES), n)),
        "genre_indptr": (np.int64, (n + 1,)),
        "genre_indices": (np.int32, arrays.genre_indices.shape),
        "genre_idf": (np.float32, (n_genres,)),
        "places": (np.float32, (n, d)),
        "centroids": (np.float32, (n_clusters, d)),
        "sub_centroids": (np.float32, (n_subclusters, d + n_axes)),
        "genre_axes": (np.float32, (n_genres, n_axes)),
        "distances": (np.float32, (n,)),
        "expectations": (np.float32, (n_genres + k, d)),
        "scaler_mean": (np.float64, (d,)),
        "scaler_scale": (np.float64, (d,)),
        "playlist_indptr": (np.int64, (n + 1,)),
        "playlist_indices": (np.int32, arrays.playlist_indices.shape),
        "blend.genre_ids": (np.int32, (n, width)),
        "blend.genre_weights": (np.float32, (n, width)),
        "blend.popularity": (np.uint8, (n,)),
        "blend.familiarity": (np.float32, (n,)),
        "blend.log_duration": (np.float32, (n,)),
        "blend.albums": (np.int32, (n,)),
        "blend.listeners": (np.float32, (n, k)),
        "blend.hubness": (np.float32, (n,)),
        "blend.credit_indptr": (np.int64, (n + 1,)),
        "blend.credit_indices": (np.int32, arrays.blend.credit_indices.shape),
        "blend.artist_indptr": (np.int64, arrays.blend.artist_indptr.shape),
        "blend.artist_rows": (np.int32, arrays.blend.credit_indices.shape),
        **_expected_blocks("blocks", arrays.blocks, n_genres, d, k),
        **_expected_blocks("branches", arrays.branches, n_genres, d, k),
    }


def _expected_blocks(
    name: str, blocks: Blocks, n_genres: int, d: int, k: int
) -> dict[str, tuple[DTypeLike, tuple[int, ...]]]:
    n_blocks = len(blocks.starts) - 1
    return {
        f"{name}.starts": (np.int64, (n_blocks + 1,)),
        f"{name}.genre_indptr": (np.int64, (n_genres + 1,)),
        f"{name}.genre_blocks": (np.int32, blocks.genre_peaks.shape),
        f"{name}.genre_peaks": (np.float32, blocks.genre_peaks.shape),
        f"{name}.low": (np.float32, (n_blocks, d + 3)),
        f"{name}.high": (np.float32, (n_blocks, d + 3)),
        f"{name}.listener_centres": (np.float32, (n_blocks, k)),
        f"{name}.listener_radii": (np.float32, (n_blocks,)),
        f"{name}.hubness_low": (np.float32, (n_blocks,)),
    }


def _check_pointers(arrays: SnapshotArrays) -> None:
    ends = {
        "offsets": len(arrays.X),
        "sub_offsets": len(arrays.X),
        "genre_indptr": len(arrays.genre_indices),
        "playlist_indptr": len(arrays.playlist_indices),
        "blend.credit_indptr": len(arrays.blend.credit_indices),
        "blend.artist_indptr": len(arrays.blend.artist_rows),
        "blocks.starts": len(arrays.X),
        "branches.starts": len(arrays.X),
        "blocks.genre_indptr": len(arrays.blocks.genre_peaks),
        "branches.genre_indptr": len(arrays.branches.genre_peaks),
    }
    for name, end in ends.items():
        pointer = _named(arrays, name)
        if pointer[0] != 0 or pointer[-1] != end or (np.diff(pointer) < 0).any():
            raise ValueError(f"{name} does not rise from 0 to {end}")


def unit_vector(values: ArrayLike) -> NDArray[np.float32]:
    """Values (n,) over their norm; all zero where they are."""
    vector = np.asarray(values, dtype=np.float32)
    norm = float(np.linalg.norm(vector))
    return vector / np.float32(norm) if norm else vector
