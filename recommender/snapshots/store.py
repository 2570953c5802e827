"""The snapshots of all runs on disk: written, opened once a process, pruned."""

import shutil
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

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
)
from recommender.snapshots.derived import derived_arrays, derived_of, files_of_derived
from recommender.snapshots.snapshot import Snapshot
from tracks.error_texts import without_folders

FORMAT = 6


class SnapshotUnavailable(Exception):
    """The files of a run are missing or damaged; the text says what to do."""


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
        files, document = read_array_folder(snapshot_folder(run_id))
        if document["format"] != FORMAT:
            raise ValueError(_("it is of another version of this software"))
        arrays, meta = arrays_of(files), meta_of(document)
        check_arrays(arrays, meta)
        return Snapshot(document["run"], meta, arrays, derived_of(files))
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
    description = snapshot_folder(run_id) / DESCRIPTION
    try:
        written = description.stat()
    except OSError as error:
        raise _unavailable(run_id, error) from error
    return _opened(run_id, description, written.st_ino, written.st_mtime_ns)


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
