import numpy as np
import pytest

from recommender.models import Assignment, Cluster, ClusteringRun
from recommender.runs.assignments import (
    Assignments,
    assignments_of,
    delete_assignments,
    insert_assignments,
    subclusters_of,
)
from tests.factories import make_catalogue, publish_run
from tracks.jobs.work import Status

pytestmark = pytest.mark.django_db


def run_of(tracks, labels) -> ClusteringRun:
    run = ClusteringRun.objects.create(status=Status.DONE)
    clusters = [
        Cluster.objects.create(run=run, label=i, number=10 - i, name=f"C{i}", size=1) for i in range(3)
    ]
    ids = np.array([track.pk for track in tracks], dtype=np.int64)
    cluster_ids = np.array([clusters[label].pk for label in labels], dtype=np.int64)
    part = Cluster.objects.create(run=run, parent=clusters[0], label=0, number=4, name="Part", size=1)
    subcluster_ids = np.where(np.array(labels) == 0, part.pk, 0)
    distances = np.linspace(0, 1, len(tracks), dtype=np.float32)
    insert_assignments(run, Assignments(ids, cluster_ids, subcluster_ids, distances))
    return run


def test_what_goes_in_comes_out_by_track():
    tracks = make_catalogue(12)
    run = run_of(tracks[::-1], [0, 1, 2] * 4)
    track_ids, numbers = assignments_of(run)
    assert track_ids.tolist() == [track.pk for track in tracks]
    assert numbers.tolist() == [10 - label for label in ([0, 1, 2] * 4)[::-1]]


def test_a_track_is_in_a_sub_cluster_where_its_cluster_is_split():
    tracks = make_catalogue(6)
    run = run_of(tracks, [0, 1, 2] * 2)
    track_ids, numbers, subnumbers = subclusters_of(run)
    assert track_ids.tolist() == [track.pk for track in tracks]
    assert numbers.tolist() == [10, 9, 8] * 2
    assert subnumbers.tolist() == [4, 0, 0] * 2


def test_distances_are_stored_as_they_are():
    tracks = make_catalogue(3)
    run = run_of(tracks, [0, 1, 2])
    stored = Assignment.objects.filter(run=run).order_by("track_id").values_list("distance", flat=True)
    assert list(stored) == pytest.approx([0, 0.5, 1])


def test_a_run_without_assignments_is_empty():
    track_ids, numbers = assignments_of(ClusteringRun.objects.create(status=Status.FAILED))
    assert len(track_ids) == len(numbers) == 0


def test_only_the_named_runs_are_forgotten():
    make_catalogue(12)
    first, second = publish_run(2), publish_run(2)
    delete_assignments({first.pk})
    assert not first.assignments.exists()
    assert second.assignments.count() == 12
