import numpy as np
import pytest

from recommender.answers.cards import cards_of
from recommender.answers.requests import Scope
from recommender.answers.seeds import NEARBY_RATIO, Seed, seed_of, slices_of, subclusters_in_scope
from recommender.snapshots.snapshot import Snapshot
from recommender.snapshots.store import active_snapshot
from tests.factories import FEATURES, make_catalogue, make_track, publish_run
from tracks.models import Track

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracks(catalogue: list[Track]) -> list[Track]:
    return catalogue


def snapshot_now() -> Snapshot:
    snapshot = active_snapshot()
    assert snapshot is not None
    return snapshot


def seeded(track: Track, snapshot: Snapshot) -> Seed:
    return seed_of(cards_of([track.pk], snapshot)[track.pk], snapshot)


def test_a_track_of_the_run_stands_where_the_run_put_it(tracks):
    snapshot = snapshot_now()

    seed = seeded(tracks[7], snapshot)

    assert seed.row == snapshot.row_of(tracks[7].pk)
    assert seed.label == snapshot.label_of_row(seed.row)
    np.testing.assert_array_equal(seed.query.point, snapshot.arrays.X[seed.row])


def test_a_later_track_is_placed_as_one_of_the_run_with_the_same_sound_and_genres(tracks):
    twin = tracks[7]
    sound = {name: getattr(twin, name) for name in FEATURES}
    later = make_track(title="New", artists=twin.artist_names, genres=twin.genre_names, **sound)
    snapshot = snapshot_now()

    seed, like = seeded(later, snapshot), seeded(twin, snapshot)

    assert seed.row is None
    assert seed.label == like.label
    np.testing.assert_allclose(seed.query.point, like.query.point, atol=1e-5)
    # Genres that are related count only for tracks of the run.
    assert seed.query.genres @ like.query.genres > 0.9
    assert set(seed.query.companions.tolist()) == set(like.query.companions.tolist())


def test_a_later_track_of_unknown_genre_and_artist_is_a_seed_all_the_same(tracks):
    later = make_track(artists=("Nobody Knows",), genres=("new-genre",))

    seed = seeded(later, snapshot_now())

    assert not seed.query.genres.any()
    assert len(seed.query.companions) == 0


def test_scopes_widen():
    tracks = make_catalogue(120)
    publish_run(n_clusters=4, split=True)
    snapshot = snapshot_now()
    for track in tracks[:40]:
        seed = seeded(track, snapshot)
        distances = snapshot.centroid_distances(seed.place)
        start, stop = snapshot.slice_of_subcluster(seed.subcluster)

        assert start <= seed.row < stop
        assert subclusters_in_scope(seed, Scope.SUBCLUSTER, snapshot) == [seed.subcluster]
        own = [2 * seed.label, 2 * seed.label + 1]
        assert subclusters_in_scope(seed, Scope.CLUSTER, snapshot) == own
        assert seed.subcluster in own
        nearby = subclusters_in_scope(seed, Scope.NEARBY, snapshot)
        within = {*np.flatnonzero(distances <= NEARBY_RATIO * distances.min()).tolist(), seed.label}
        assert nearby == [place for label in sorted(within) for place in (2 * label, 2 * label + 1)]
        assert subclusters_in_scope(seed, Scope.EVERYWHERE, snapshot) == list(range(8))


def test_a_cluster_that_is_not_split_is_its_own_sub_cluster(tracks):
    snapshot = snapshot_now()
    seed = seeded(tracks[3], snapshot)
    assert subclusters_in_scope(seed, Scope.SUBCLUSTER, snapshot) == [seed.label]
    assert snapshot.slice_of_subcluster(seed.label) == snapshot.slice_of(seed.label)


def test_a_later_track_is_in_the_nearest_sub_cluster_of_its_cluster():
    make_catalogue(120)
    publish_run(n_clusters=4, split=True)
    snapshot = snapshot_now()
    seed = seeded(make_track(title="New", artists=("Nobody Knows",), genres=("new-genre",)), snapshot)
    own = [2 * seed.label, 2 * seed.label + 1]
    distances = np.linalg.norm(snapshot.arrays.sub_centroids[own] - seed.place, axis=1)
    assert seed.label == snapshot.nearest_cluster(seed.place)
    assert seed.subcluster == own[int(distances.argmin())]


def test_sub_clusters_that_touch_are_one_slice(tracks):
    snapshot = snapshot_now()
    starts = [snapshot.slice_of(label) for label in range(4)]

    assert slices_of([0, 1, 2, 3], snapshot) == [(0, snapshot.n_tracks)]
    assert slices_of([0, 2, 3], snapshot) == [starts[0], (starts[2][0], starts[3][1])]
    assert slices_of([1], snapshot) == [starts[1]]
