import pytest

from recommender.models import Assignment
from recommender.runs.comparison import compare_runs, share_that_stayed
from recommender.runs.retention import delete_assignments
from tests.factories import make_catalogue, make_track, publish_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs():
    make_catalogue(40)
    return publish_run(4), publish_run(4)


def test_the_same_run_again_moves_no_track(runs):
    assert share_that_stayed(*runs) == 1.0


def test_tracks_that_moved_are_counted_over_those_in_both(runs):
    older, newer = runs
    moved = Assignment.objects.filter(run=newer)[:10]
    others = {cluster.pk: cluster for cluster in newer.clusters.all()}
    for assignment in moved:
        assignment.cluster = next(c for pk, c in others.items() if pk != assignment.cluster_id)
        assignment.save()
    Assignment.objects.create(run=newer, track=make_track(), cluster=newer.clusters.first(), distance=0)
    assert share_that_stayed(older, newer) == 30 / 40


def test_without_assignments_nothing_is_claimed(runs):
    delete_assignments({runs[0].pk})
    assert share_that_stayed(*runs) is None


def test_clusters_are_paired_by_number(runs):
    older, newer = runs
    newer.clusters.filter(number=2).update(number=9)
    comparison = compare_runs(older, newer)
    assert [number for number, *_ in comparison.clusters] == [1, 2, 3, 4, 9]
    pairs = {number: (a is not None, b is not None) for number, a, b in comparison.clusters}
    assert pairs[2] == (True, False)
    assert pairs[9] == (False, True)
    assert all(len(figure.values) == 2 for figure in comparison.figures)
