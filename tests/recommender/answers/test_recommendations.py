from itertools import islice

import numpy as np
import pytest

from recommender.answers.recommendations import (
    NEARBY_RATIO,
    Blend,
    NoActiveRun,
    RecommendationRequest,
    Scope,
    UnknownTrack,
    recommend,
)
from recommender.models import ClusteringRun
from recommender.snapshots.store import SnapshotUnavailable, active_snapshot, snapshot_folder
from tests.factories import FEATURES, make_track, publish_run
from tracks.models import Track

pytestmark = pytest.mark.django_db


def by_sound(*args, **kwargs) -> RecommendationRequest:
    return RecommendationRequest(*args, **kwargs, blend=Blend.SOUND)


def brute_force(seed: Track, labels: list[int]) -> list[tuple[int, float]]:
    """Every recording of the clusters by distance, straight from the definition, in float64."""
    snapshot = active_snapshot()
    arrays, own = snapshot.arrays, snapshot.row_of(seed.pk)
    point = arrays.X[own].astype(np.float64)
    found: dict[int, tuple[float, int]] = {}
    for label in labels:
        for row in range(*snapshot.slice_of(label)):
            recording, pk = int(arrays.recordings[row]), int(arrays.track_ids[row])
            distance = float(np.sqrt(((arrays.X[row].astype(np.float64) - point) ** 2).sum()))
            if recording != arrays.recordings[own]:
                found[recording] = min(found.get(recording, (np.inf, 0)), (distance, pk))
    return [(pk, distance) for distance, pk in sorted(found.values())]


def ids_of(answer) -> list[int]:
    return [result.track.pk for result in answer.results]


@pytest.mark.parametrize("number", [0, 9, 57, 118])
def test_the_list_is_the_exact_order_of_the_seeds_cluster(catalogue, number):
    seed = catalogue[number]

    answer = recommend(seed.spotify_id, by_sound(limit=50, per_artist=0))

    expected = brute_force(seed, [answer.cluster.label])[:50]
    assert ids_of(answer) == [pk for pk, _ in expected]
    np.testing.assert_allclose([r.distance for r in answer.results], [d for _, d in expected], rtol=1e-12)
    assert {result.track.cluster.number for result in answer.results} == {answer.cluster.number}
    assert answer.searched == [answer.cluster.label]


def test_everywhere_is_the_exact_order_of_the_catalogue(catalogue):
    seed = catalogue[4]

    answer = recommend(seed.spotify_id, by_sound(100, Scope.EVERYWHERE, per_artist=0))

    assert ids_of(answer) == [pk for pk, _ in brute_force(seed, [0, 1, 2, 3])[:100]]


def test_nearby_adds_the_clusters_whose_centroid_is_within_the_ratio(catalogue):
    snapshot = active_snapshot()
    sizes = set()
    for seed in catalogue[:40]:
        distances = snapshot.centroid_distances(snapshot.arrays.places[snapshot.row_of(seed.pk)])
        near = [label for label in range(4) if distances[label] <= NEARBY_RATIO * distances.min()]

        answer = recommend(seed.spotify_id, by_sound(60, Scope.NEARBY, per_artist=0))

        assert answer.searched == near
        assert ids_of(answer) == [pk for pk, _ in brute_force(seed, near)[:60]]
        sizes.add(len(near))
    assert len(sizes) > 1, "no seed of this catalogue lies at a border"


def test_a_recording_comes_once_and_the_seeds_own_never(catalogue):
    seed = catalogue[8]
    release = catalogue[9]
    assert release.recording_id == seed.recording_id

    for track in (seed, release):
        answer = recommend(track.spotify_id, by_sound(100, Scope.EVERYWHERE, per_artist=0))
        recordings = [Track.objects.get(pk=pk).recording_id for pk in ids_of(answer)]
        assert len(recordings) == len(set(recordings)) == 100
        assert seed.recording_id not in recordings


@pytest.mark.parametrize("cap", [1, 2])
def test_an_artist_is_capped_and_the_list_filled_up(catalogue, cap):
    seed = catalogue[0]
    request = by_sound(20 * cap, Scope.EVERYWHERE, per_artist=cap)

    answer = recommend(seed.spotify_id, request)

    artists = [result.track.artists[0] for result in answer.results]
    assert len(artists) == 20 * cap
    assert max(artists.count(name) for name in artists) <= cap
    uncapped = iter(pk for pk, _ in brute_force(seed, [0, 1, 2, 3]))
    assert all(pk in uncapped for pk in ids_of(answer)), "the order changed"
    assert answer.dropped_by["per_artist"] > 0


def test_fewer_than_asked_come_with_the_reason(catalogue):
    uncapped = recommend(catalogue[0].spotify_id, by_sound(100, per_artist=0))
    capped = recommend(catalogue[0].spotify_id, by_sound(100, per_artist=1))

    assert len(capped.results) < len(uncapped.results) < 100
    assert uncapped.shortfall.text == (
        f"Only {len(uncapped.results)} of 100: there are no other recordings to choose from here."
    )
    assert f" {capped.dropped_by['per_artist']} more were left out: at most 1 " in capped.shortfall.text
    assert len(capped.results) + capped.dropped_by["per_artist"] == len(uncapped.results)


def test_a_full_list_has_no_shortfall(catalogue):
    assert recommend(catalogue[0].spotify_id, by_sound(5)).shortfall is None


def test_a_track_that_came_after_the_run_is_placed_and_can_be_a_seed(catalogue):
    twin = catalogue[30]
    features = {name: getattr(twin, name) for name in FEATURES}
    late = make_track(title="Late", artists=["Newcomer"], **features)

    answer = recommend(late.spotify_id, by_sound(10, per_artist=0))

    assert answer.seed.cluster.number == answer.cluster.number
    assert ids_of(answer)[0] == twin.pk
    assert answer.results[0].distance < 1e-6
    assert late.pk not in ids_of(recommend(twin.spotify_id, by_sound(100, per_artist=0)))


def test_deleted_tracks_are_skipped_and_the_list_filled_up(catalogue):
    seed = catalogue[0]
    request = by_sound(20, Scope.EVERYWHERE, per_artist=1)
    before = ids_of(recommend(seed.spotify_id, request))
    Track.objects.filter(pk__in=before[::2]).delete()

    after = recommend(seed.spotify_id, request)

    assert len(after.results) == 20
    assert not set(before[::2]) & set(ids_of(after))
    kept = iter(ids_of(after))
    assert all(pk in kept for pk in before[1::2]), "what was left lost its place"


def test_a_catalogue_deleted_but_for_the_seed_answers_an_empty_list(catalogue):
    seed = catalogue[0]
    Track.objects.exclude(pk=seed.pk).delete()

    answer = recommend(seed.spotify_id, by_sound(20, Scope.EVERYWHERE))

    assert answer.results == []
    assert answer.shortfall.text.startswith("Only 0 of 20")


def test_an_answer_reads_tracks_in_two_queries_however_long_the_list(catalogue, django_assert_num_queries):
    recommend(catalogue[1].spotify_id, by_sound(1))  # reads the cluster summaries
    for limit in (1, 100):
        with django_assert_num_queries(3):  # the active run, the seed, all neighbours
            recommend(catalogue[0].spotify_id, by_sound(limit, Scope.EVERYWHERE))


def test_scores_fall_as_distances_grow(catalogue):
    results = recommend(catalogue[0].spotify_id, by_sound(50, Scope.EVERYWHERE)).results

    pairs = list(zip(results, islice(results, 1, None), strict=False))
    assert all(near.distance <= far.distance and near.score >= far.score for near, far in pairs)
    assert all(0 < result.score <= 1 for result in results)


def test_every_result_has_one_to_three_reasons(catalogue):
    results = recommend(catalogue[0].spotify_id, by_sound(50, Scope.EVERYWHERE)).results

    assert all(1 <= len(result.reasons) <= 3 for result in results)


def test_the_answer_follows_the_active_run(catalogue):
    seed = catalogue[0].spotify_id
    first = recommend(seed, by_sound())
    second = publish_run(n_clusters=2, active=False)
    assert recommend(seed, by_sound()).run_id == first.run_id

    ClusteringRun.objects.update(is_active=False)
    ClusteringRun.objects.filter(pk=second.pk).update(is_active=True)

    assert recommend(seed, by_sound()).run_id == second.pk


def test_before_the_first_run_the_answer_says_what_to_do():
    track = make_track()

    with pytest.raises(NoActiveRun, match="Start a refit"):
        recommend(track.spotify_id, by_sound())


@pytest.mark.parametrize("spotify_id", ["nobody", "", "\x00", "ü" * 500])
def test_an_unknown_id_is_named(catalogue, spotify_id):
    with pytest.raises(UnknownTrack, match="no track with the id"):
        recommend(spotify_id, by_sound())


def test_a_damaged_run_is_said_to_be_damaged(catalogue):
    run = ClusteringRun.objects.active()
    (snapshot_folder(run.pk) / "meta.json").unlink()

    with pytest.raises(SnapshotUnavailable, match=f"run {run.pk}"):
        recommend(catalogue[0].spotify_id, by_sound())
