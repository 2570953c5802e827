"""The assignments of a run as arrays: 90,000 rows in and out of the database by its fastest way.

Raw SQL lives here only: SQLite takes one `executemany`, PostgreSQL one `COPY`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from recommender.models import Assignment, ClusteringRun

TABLE = Assignment._meta.db_table
COLUMNS = "run_id, track_id, cluster_id, subcluster_id, distance"
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Assignments:
    """Where tracks belong, all (n_tracks,): `cluster_ids` and `subcluster_ids` are keys of `Cluster`, the
    latter 0 for none. Distances are those to the cluster's centroid."""

    track_ids: NDArray[np.int64]
    cluster_ids: NDArray[np.int64]
    subcluster_ids: NDArray[np.int64]
    distances: NDArray[np.float32]

    def rows(self) -> Iterator[tuple[int, int, int | None, float]]:
        """One tuple a track, as the database has them."""
        for begin in range(0, len(self.track_ids), CHUNK):
            part = slice(begin, begin + CHUNK)
            columns = (self.track_ids, self.cluster_ids, self.subcluster_ids, self.distances)
            for track, cluster, subcluster, distance in zip(
                *(c[part].tolist() for c in columns), strict=True
            ):
                yield track, cluster, subcluster or None, distance


def insert_assignments(run: ClusteringRun, assignments: Assignments) -> None:
    """Insert a run's assignments. To be called inside a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({COLUMNS}) FROM STDIN") as copy:
            for row in assignments.rows():
                copy.write_row((run.pk, *row))
    else:
        with connection.cursor() as cursor:
            insert = f"INSERT INTO {TABLE} ({COLUMNS}) VALUES ({int(run.pk)}, %s, %s, %s, %s)"
            cursor.executemany(insert, list(assignments.rows()))


def assignments_of(run: ClusteringRun) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The track ids of a run and their cluster numbers, both int64 (n_tracks,), by ascending id."""
    numbers = dict(run.clusters.top_level().values_list("pk", "number"))
    rows = run.assignments.order_by("track_id").values_list("track_id", "cluster_id")
    dtype = np.dtype((np.int64, 2))
    pairs: NDArray[np.int64] = np.fromiter(rows.iterator(chunk_size=CHUNK), dtype=dtype)
    if not numbers:
        return pairs[:, 0], pairs[:, 1]
    keys = np.array(sorted(numbers))
    values = np.array([numbers[key] for key in keys])
    return pairs[:, 0], values[np.searchsorted(keys, pairs[:, 1])]


def subclusters_of(run: ClusteringRun) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The track ids of a run by ascending id, and the numbers of their clusters and sub-clusters (0: none).

    All int64 (n_tracks,).
    """
    track_ids, numbers = assignments_of(run)
    of_subcluster = dict(run.clusters.exclude(parent=None).values_list("pk", "number"))
    keys = run.assignments.order_by("track_id").values_list("subcluster_id", flat=True)
    found = (of_subcluster.get(key, 0) for key in keys.iterator(chunk_size=CHUNK))
    return track_ids, numbers, np.fromiter(found, dtype=np.int64)


def delete_assignments(run_ids: Collection[int]) -> None:
    """Forget where the tracks belonged in these runs; nothing refers to an assignment."""
    rows = Assignment.objects.filter(run_id__in=run_ids)
    rows._raw_delete(rows.db)
