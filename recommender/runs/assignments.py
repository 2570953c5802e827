"""The assignments of a run as arrays: 90,000 rows in and out of the database by its fastest way.

Raw SQL lives here only: SQLite takes one `executemany`, PostgreSQL one `COPY`.
"""

from collections.abc import Collection

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from recommender.models import Assignment, ClusteringRun

TABLE = Assignment._meta.db_table
COLUMNS = "run_id, track_id, cluster_id, distance"
CHUNK = 20_000


def insert_assignments(
    run: ClusteringRun,
    track_ids: NDArray[np.int64],
    cluster_ids: NDArray[np.int64],
    distances: NDArray[np.float32],
) -> None:
    """Insert a run's assignments; the arrays are (n_tracks,). To be called inside a transaction."""
    if connection.vendor == "postgresql":
        _copy(run.pk, track_ids, cluster_ids, distances)
    else:
        _execute_many(run.pk, track_ids, cluster_ids, distances)


def _execute_many(
    run_id: int,
    track_ids: NDArray[np.int64],
    cluster_ids: NDArray[np.int64],
    distances: NDArray[np.float32],
) -> None:
    rows = list(zip(track_ids.tolist(), cluster_ids.tolist(), distances.tolist(), strict=True))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} ({COLUMNS}) VALUES ({int(run_id)}, %s, %s, %s)",
            rows,
        )


def _copy(
    run_id: int,
    track_ids: NDArray[np.int64],
    cluster_ids: NDArray[np.int64],
    distances: NDArray[np.float32],
) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({COLUMNS}) FROM STDIN") as copy:
        for begin in range(0, len(track_ids), CHUNK):
            part = slice(begin, begin + CHUNK)
            values = (track_ids[part].tolist(), cluster_ids[part].tolist(), distances[part].tolist())
            lines = (f"{run_id}\t{t}\t{c}\t{d!r}\n" for t, c, d in zip(*values, strict=True))
            copy.write("".join(lines))


def assignments_of(run: ClusteringRun) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The track ids of a run and their cluster numbers, both int64 (n_tracks,), by ascending id."""
    numbers = dict(run.clusters.values_list("pk", "number"))
    rows = run.assignments.order_by("track_id").values_list("track_id", "cluster_id")
    dtype = np.dtype((np.int64, 2))
    pairs: NDArray[np.int64] = np.fromiter(rows.iterator(chunk_size=CHUNK), dtype=dtype)
    if not numbers:
        return pairs[:, 0], pairs[:, 1]
    keys = np.array(sorted(numbers))
    values = np.array([numbers[key] for key in keys])
    return pairs[:, 0], values[np.searchsorted(keys, pairs[:, 1])]


def delete_assignments(run_ids: Collection[int]) -> None:
    """Forget where the tracks belonged in these runs; nothing refers to an assignment."""
    rows = Assignment.objects.filter(run_id__in=run_ids)
    rows._raw_delete(rows.db)
