import pytest

from recommender.models import Assignment, ClusteringRun
from recommender.snapshots.store import active_snapshot
from tests.factories import make_catalogue, publish_run
from tracks.models import Track

pytestmark = pytest.mark.django_db


def test_a_catalogue_is_the_same_for_the_same_seed():
    first = [(t.title, t.artist_names, t.energy) for t in make_catalogue(30, seed=3)]
    again = [(t.title, t.artist_names, t.energy) for t in make_catalogue(30, seed=3)]

    assert first == again


def test_a_published_run_holds_every_track_once():
    make_catalogue(60)
    run = publish_run(n_clusters=3)
    snapshot = active_snapshot()

    assert ClusteringRun.objects.active() == run
    assert snapshot.run_id == run.pk
    assert sorted(snapshot.arrays.track_ids) == list(
        Track.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert Assignment.objects.filter(run=run).count() == 60
    for cluster in run.clusters.all():
        start, stop = snapshot.slice_of(cluster.label)
        members = snapshot.arrays.track_ids[start:stop]
        assert len(members) == cluster.size
        assert set(members) == set(cluster.assignments.values_list("track_id", flat=True))
