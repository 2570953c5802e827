"""A snapshot small enough to check by hand."""

import numpy as np

from recommender.algorithms.blend.distance import BALANCED, LISTENERS, BlendArrays, artist_postings
from recommender.algorithms.clustering.name_codes import NameCode, NameForm
from recommender.algorithms.search.blocks import fit_blocks
from recommender.snapshots.arrays import SnapshotArrays, SnapshotMeta

META = SnapshotMeta(
    feature_names=("energy", "tempo"),
    genres=("jazz", "rock"),
    cluster_numbers=(7, 3),
    cluster_names=("Calm jazz", NameCode(NameForm.GENRES, ("loudness:high",), ("rock",))),
    subcluster_numbers=(0, 1, 2),
    subcluster_names=("", "Rock one", NameCode(NameForm.SOUND, ("energy:high",))),
    library_versions={"numpy": np.__version__},
    feature_space="audio",
    context_share=0.0,
    weights={"balanced": BALANCED, "listeners": LISTENERS},
    learnt_from=0,
)


def five_tracks() -> SnapshotArrays:
    """Two clusters: tracks 40 and 50 around (-1, -1), tracks 10, 20 and 30 around (1, 1)."""
    X = np.array([[-1, -1], [-1.5, -1], [1, 1], [1.5, 1], [1, 2]], dtype=np.float32)
    offsets = np.array([0, 2, 5], dtype=np.int64)
    blend = blend_of(X)
    return SnapshotArrays(
        X=X,
        offsets=offsets,
        sub_offsets=np.array([0, 2, 4, 5], dtype=np.int64),
        track_ids=np.array([40, 50, 10, 20, 30], dtype=np.int64),
        recordings=np.array([40, 40, 10, 20, 30], dtype=np.int64),
        first_artists=np.array([1, 1, 2, 2, -1], dtype=np.int64),
        popularity=np.array([0, 10, 50, 100, 5], dtype=np.float32),
        explicit=np.array([0, 1, -1, 0, 0], dtype=np.int8),
        features=np.arange(60, dtype=np.float32).reshape(12, 5),
        genre_indptr=np.array([0, 1, 2, 4, 4, 5], dtype=np.int64),
        genre_indices=np.array([0, 0, 0, 1, 1], dtype=np.int32),
        genre_idf=np.array([1, 2], dtype=np.float32),
        places=X,
        centroids=np.array([[-1.25, -1], [1.2, 1.3]], dtype=np.float32),
        sub_centroids=np.array([[-1.25, -1, 0], [1.25, 1, 1.5], [1, 2, -1.5]], dtype=np.float32),
        genre_axes=np.array([[1], [-1]], dtype=np.float32),
        distances=np.array([0.25, 0.25, 0.4, 0.4, 0.7], dtype=np.float32),
        expectations=np.zeros((2, 2), dtype=np.float32),
        scaler_mean=np.array([0.5, 120.0]),
        scaler_scale=np.array([0.1, 20.0]),
        playlist_indptr=np.array([0, 0, 0, 2, 2, 2], dtype=np.int64),
        playlist_indices=np.array([0, 3], dtype=np.int32),
        blend=blend,
        blocks=fit_blocks(blend, offsets, 2),
        branches=fit_blocks(blend, offsets, 2),
    )


def blend_of(X: np.ndarray) -> BlendArrays:
    credits = np.array([0, 1, 2, 3, 4, 4], dtype=np.int64), np.array([0, 0, 1, 1], dtype=np.int32)
    artist_indptr, artist_rows = artist_postings(*credits, 2)
    return BlendArrays(
        X=X,
        genre_ids=np.array([[0], [0], [0], [0], [1]], dtype=np.int32),
        genre_weights=np.array([[1], [1], [1], [0], [1]], dtype=np.float32),
        popularity=np.array([10, 10, 50, 100, 5], dtype=np.uint8),
        familiarity=np.array([0.1, 0.1, 0.2, 0.3, 0], dtype=np.float32),
        log_duration=np.full(5, 12, dtype=np.float32),
        albums=np.array([0, 0, 1, 2, -1], dtype=np.int32),
        listeners=np.zeros((5, 0), dtype=np.float32),
        hubness=np.zeros(5, dtype=np.float32),
        credit_indptr=credits[0],
        credit_indices=credits[1],
        artist_indptr=artist_indptr,
        artist_rows=artist_rows,
    )
