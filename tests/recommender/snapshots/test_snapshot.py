import json
import multiprocessing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.models import ClusteringRun
from recommender.snapshots.store import (
    SnapshotUnavailable,
    active_snapshot,
    open_snapshot,
    prune_snapshots,
    shared_snapshot,
    snapshot_folder,
    write_snapshot,
)
from tests.recommender.snapshots.five_tracks import META, five_tracks
from tracks.jobs.work import Status


def assert_same(ours: Any, theirs: Any) -> None:
    for name in type(ours).__dataclass_fields__:
        one, two = getattr(ours, name), getattr(theirs, name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, two, err_msg=name)
        else:
            assert_same(one, two)


@pytest.fixture
def folder(data_dir) -> Path:
    return write_snapshot(1, five_tracks(), META)


def test_what_was_written_is_read_again(folder):
    snapshot = open_snapshot(1)

    assert_same(snapshot.arrays, five_tracks())
    assert snapshot.arrays.blend.X is snapshot.arrays.X
    assert snapshot.meta == META
    assert (snapshot.n_tracks, snapshot.n_clusters) == (5, 2)
    np.testing.assert_allclose(snapshot.derived.squared_norms, [2, 3.25, 2, 3.25, 5])


def test_arrays_are_mapped_and_read_only(folder):
    X = open_snapshot(1).arrays.X

    assert isinstance(X.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        X[0, 0] = 1


def test_a_track_is_found_by_its_pk_and_a_later_one_is_not(folder):
    snapshot = open_snapshot(1)

    assert [snapshot.row_of(pk) for pk in (40, 50, 10, 20, 30)] == [0, 1, 2, 3, 4]
    assert [snapshot.row_of(pk) for pk in (5, 15, 45, 60)] == [None] * 4


def test_rows_and_labels_belong_together(folder):
    snapshot = open_snapshot(1)

    assert [snapshot.label_of_row(row) for row in range(5)] == [0, 0, 1, 1, 1]
    assert [snapshot.slice_of(label) for label in (0, 1)] == [(0, 2), (2, 5)]
    assert [(c.label, c.number, c.name) for c in snapshot.clusters] == [
        (0, 7, "Calm jazz"),
        (1, 3, "Loud rock"),
    ]
    found = snapshot.clusters_by_subcluster
    assert [c.number for c in found] == [7, 3, 3]
    assert [c.subcluster and (c.subcluster.number, c.subcluster.name) for c in found] == [
        None,
        (1, "Rock one"),
        (2, "Energetic"),
    ]
    assert [snapshot.subcluster_of_row(row) for row in range(5)] == [0, 0, 1, 1, 2]
    assert [snapshot.slice_of_subcluster(number) for number in range(3)] == [(0, 2), (2, 4), (4, 5)]


def test_an_empty_cluster_holds_no_row(folder):
    arrays = replace(
        five_tracks(),
        offsets=np.array([0, 2, 2, 5], dtype=np.int64),
        centroids=np.zeros((3, 2), dtype=np.float32),
    )
    meta = replace(META, cluster_numbers=(1, 2, 3), cluster_names=("a", "b", "c"))
    write_snapshot(1, arrays, meta)

    assert [open_snapshot(1).label_of_row(row) for row in range(5)] == [0, 0, 2, 2, 2]


def test_a_later_track_is_placed_at_its_nearest_centroid(folder):
    snapshot = open_snapshot(1)

    np.testing.assert_allclose(snapshot.newcomers.scale([0.6, 140.0]), [1, 1], rtol=1e-6)
    assert snapshot.nearest_cluster(snapshot.newcomers.place(snapshot.newcomers.scale([0.6, 140.0]), [])) == 1
    assert snapshot.nearest_cluster(snapshot.newcomers.place(snapshot.newcomers.scale([0.2, 80.0]), [])) == 0


@pytest.mark.parametrize("name", ["X.npy", "track_ids.npy", "meta.json"])
def test_a_missing_file_is_named_with_what_to_do(folder, name):
    (folder / name).unlink()

    with pytest.raises(SnapshotUnavailable, match=rf"run 1 .*{name}.*new refit"):
        open_snapshot(1)


def test_a_missing_folder_is_refused():
    with pytest.raises(SnapshotUnavailable, match="run 9"):
        shared_snapshot(9)


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_a_damaged_array_is_refused(folder, damage):
    path = folder / "X.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content if damage == "flip" else content[:-4])

    with pytest.raises(SnapshotUnavailable, match=r"X\.npy is damaged"):
        open_snapshot(1)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"checksums": {}}', "null"])
def test_a_broken_description_is_refused(folder, text):
    (folder / "meta.json").write_text(text)

    with pytest.raises(SnapshotUnavailable):
        open_snapshot(1)


def test_a_folder_of_another_format_is_refused(folder):
    document = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps({**document, "format": 0}))

    with pytest.raises(SnapshotUnavailable, match="another version"):
        open_snapshot(1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.zeros((5, 2))}, "X is float64"),
        ({"X": np.zeros((5, 3), dtype=np.float32)}, r"X is float32 \(5, 3\)"),
        ({"X": np.full((5, 2), np.nan, dtype=np.float32)}, "not finite"),
        ({"popularity": np.zeros(4, dtype=np.uint8)}, "popularity"),
        ({"offsets": np.array([0, 2, 4], dtype=np.int64)}, "offsets does not rise from 0 to 5"),
        ({"offsets": np.array([0, 6, 5], dtype=np.int64)}, "offsets does not rise"),
        ({"sub_offsets": np.array([0, 3, 4, 5], dtype=np.int64)}, "a cluster ends inside a sub-cluster"),
        ({"track_ids": np.array([1, 1, 2, 3, 4], dtype=np.int64)}, "two rows"),
    ],
)
def test_arrays_that_do_not_fit_are_not_written(change, message):
    with pytest.raises(ValueError, match=message):
        write_snapshot(2, replace(five_tracks(), **change), META)
    assert not snapshot_folder(2).exists()


def test_writing_again_replaces_the_folder_and_leaves_nothing_beside(folder, data_dir):
    write_snapshot(1, replace(five_tracks(), popularity=np.full(5, 9, dtype=np.float32)), META)

    assert open_snapshot(1).arrays.popularity.tolist() == [9] * 5
    assert [path.name for path in (data_dir / "snapshots").iterdir()] == ["run-1"]


def test_only_the_kept_runs_survive_pruning(data_dir):
    for run_id in (1, 2, 3):
        write_snapshot(run_id, five_tracks(), META)
    (data_dir / "snapshots" / ".tmp-run-4-99").mkdir()
    (data_dir / "snapshots" / "notes.txt").touch()

    prune_snapshots(keep={2, 3, 8})

    assert {path.name for path in (data_dir / "snapshots").iterdir()} == {"run-2", "run-3", "notes.txt"}


def test_pruning_before_the_first_run_does_nothing():
    prune_snapshots(keep=set())


def test_a_reader_keeps_its_pruned_run(folder):
    snapshot = open_snapshot(1)
    prune_snapshots(keep=set())

    np.testing.assert_array_equal(snapshot.arrays.X, five_tracks().X)


@pytest.mark.django_db
def test_the_active_run_is_followed_without_restart(folder):
    assert active_snapshot() is None

    first = ClusteringRun.objects.create(status=Status.DONE, is_active=True)
    write_snapshot(first.pk, five_tracks(), META)
    held = active_snapshot()
    assert held is not None and held.run_id == first.pk
    assert active_snapshot() is held

    second = ClusteringRun.objects.create(status=Status.DONE)
    write_snapshot(second.pk, five_tracks(), META)
    assert active_snapshot() is held
    ClusteringRun.objects.filter(pk=first.pk).update(is_active=False)
    ClusteringRun.objects.filter(pk=second.pk).update(is_active=True)
    assert active_snapshot().run_id == second.pk
    assert held.run_id == first.pk


def test_a_folder_written_anew_under_the_same_number_is_read_anew(folder):
    before = shared_snapshot(1)
    write_snapshot(1, replace(five_tracks(), popularity=np.full(5, 9, dtype=np.float32)), META)

    assert shared_snapshot(1).arrays.popularity.tolist() == [9] * 5
    assert before.arrays.popularity.tolist() == [0, 10, 50, 100, 5]


def _write_forever(run_id: int, data_dir: Path) -> None:
    from django.conf import settings

    settings.DATA_DIR = data_dir
    while True:
        write_snapshot(run_id, five_tracks(), META)


def test_a_killed_writer_leaves_no_half_written_folder(data_dir):
    writer = multiprocessing.get_context("fork").Process(target=_write_forever, args=(5, data_dir))
    writer.start()
    writer.join(0.15)
    writer.kill()
    writer.join()

    if snapshot_folder(5).exists():
        assert open_snapshot(5).n_tracks == 5
    write_snapshot(5, five_tracks(), META)
    prune_snapshots(keep={5})
    assert [path.name for path in (data_dir / "snapshots").iterdir()] == ["run-5"]
