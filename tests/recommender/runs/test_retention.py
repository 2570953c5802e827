import pytest

from recommender.models import Cluster, ClusteringRun
from recommender.runs.retention import kept_runs, prune_runs
from recommender.snapshots.store import snapshot_folder
from tests.factories import make_catalogue, publish_run
from tracks.jobs.work import Status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_are_kept(settings):
    settings.RUNS_KEPT = 2
    make_catalogue(12)


def test_the_last_runs_and_the_active_one_are_kept():
    oldest = publish_run(2)
    runs = [publish_run(2, active=False) for _ in range(3)]
    assert kept_runs() == {oldest.pk, runs[1].pk, runs[2].pk}


def test_older_runs_lose_files_and_assignments_but_not_their_facts():
    old, *kept = [publish_run(2) for _ in range(3)]
    prune_runs()
    assert not old.assignments.exists()
    assert not snapshot_folder(old.pk).exists()
    assert Cluster.objects.filter(run=old).count() == 2
    assert all(run.assignments.exists() and snapshot_folder(run.pk).is_dir() for run in kept)


def test_what_crashed_refits_left_behind_is_removed():
    run = publish_run(2)
    crashed = ClusteringRun.objects.create(status=Status.FAILED)
    snapshot_folder(crashed.pk).mkdir()
    beside = snapshot_folder(run.pk).parent / ".tmp-run-99-abc"
    beside.mkdir()
    (beside / "X.npy").write_bytes(b"half")
    prune_runs()
    assert [folder.name for folder in snapshot_folder(run.pk).parent.iterdir()] == [f"run-{run.pk}"]
