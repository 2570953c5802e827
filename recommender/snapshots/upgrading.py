"""Files of a run that an earlier version of this software wrote, brought to today's format.

Formats before 4 were never part of a release that is upgraded in place.
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.euclidean import euclidean_distances
from recommender.snapshots.array_folders import DESCRIPTION, read_array_folder, write_array_folder
from recommender.snapshots.arrays import Files
from recommender.snapshots.store import FORMAT, snapshot_folder


def upgrade_snapshot(run_id: int) -> bool:
    """Rewrite a run's folder in today's format, whole or not at all; whether that was needed.

    Raises OSError, ValueError or KeyError when the files cannot be read.
    """
    folder = snapshot_folder(run_id)
    written = json.loads((folder / DESCRIPTION).read_bytes())["format"]
    if written not in (4, 5):
        return False
    files, description = read_array_folder(folder)
    if written == 4:
        files = _from_format_4(files)
    n_clusters = len(description["cluster_numbers"])
    description |= {"subcluster_numbers": [0] * n_clusters, "subcluster_names": [""] * n_clusters}
    write_array_folder(folder, _from_format_5(files), {**description, "format": FORMAT})
    return True


def _from_format_5(files: Files) -> Files:
    """Format 6 knows sub-clusters; a run of format 5 has none."""
    centroids = files["centroids"]
    own = np.repeat(centroids, np.diff(files["offsets"]), axis=0)
    return files | {
        "sub_offsets": files["offsets"],
        "sub_centroids": centroids,
        "genre_axes": np.zeros((len(files["genre_idf"]), 0), np.float32),
        "distances": euclidean_distances(files["places"], own).astype(np.float32),
    }


def _from_format_4(files: Files) -> Files:
    """Format 5 knows unknown popularity (NaN) and keeps only what is not zero of genres by block."""
    upgraded = dict(files)
    for name in ("popularity", "ascending_popularity"):
        upgraded[name] = files[name].astype(np.float32)
    upgraded["blend_genre_ids"] = files["blend_genre_ids"].astype(np.int32)
    for part in ("blocks", "branches"):
        indptr, numbers, peaks = _compressed(files[f"{part}_genre_peaks"])
        upgraded |= {
            f"{part}_genre_indptr": indptr,
            f"{part}_genre_blocks": numbers,
            f"{part}_genre_peaks": peaks,
        }
    return upgraded


def _compressed(dense: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[Any]]:
    """CSR indptr, column numbers and values of a dense matrix (n_genres, n_blocks)."""
    rows, columns = dense.nonzero()
    indptr = rows.searchsorted(np.arange(len(dense) + 1)).astype(np.int64)
    return indptr, columns.astype(np.int32), dense[rows, columns]
