import numpy as np
import pytest

from recommender.answers.standing import BORDER_RATIO, standing_of
from recommender.snapshots.store import open_snapshot
from tests.factories import make_catalogue, make_track, publish_run

pytestmark = pytest.mark.django_db


def test_how_typical_a_track_is_counts_the_members_farther_out():
    make_catalogue(60)
    snapshot = open_snapshot(publish_run(3).pk)
    arrays = snapshot.arrays
    for row in (0, 17, 40):
        start, stop = snapshot.slice_of(snapshot.label_of_row(row))
        centroid = arrays.centroids[snapshot.label_of_row(row)]
        distances = np.linalg.norm(arrays.places[start:stop] - centroid, axis=1)
        farther = int((distances > distances[row - start] + 1e-6).sum())
        standing = standing_of(int(arrays.track_ids[row]), snapshot)
        assert standing.typical == pytest.approx(farther / (stop - start))


def test_a_track_is_at_a_border_when_another_cluster_is_hardly_farther():
    make_catalogue(120)
    snapshot = open_snapshot(publish_run(4).pk)
    arrays, found = snapshot.arrays, set()
    for row, track_id in enumerate(arrays.track_ids.tolist()):
        to_centroids = np.linalg.norm(arrays.centroids - arrays.places[row], axis=1)
        own = snapshot.label_of_row(row)
        second = min((label for label in range(4) if label != own), key=lambda label: to_centroids[label])
        near = to_centroids[second] <= BORDER_RATIO * to_centroids[own]
        border = standing_of(track_id, snapshot).border
        assert (border.label if border else None) == (second if near else None)
        found.add(near)
    assert found == {True, False}


def test_of_a_later_track_and_of_a_single_cluster():
    make_catalogue(12)
    snapshot = open_snapshot(publish_run(1).pk)
    assert standing_of(make_track().pk, snapshot) is None
    assert standing_of(int(snapshot.arrays.track_ids[0]), snapshot).border is None
