import numpy as np
import pytest

from recommender.algorithms.blend.distance import BALANCED, LISTENERS, distance_parts, query_of_row, total
from recommender.answers.filters import TrackFilters
from recommender.answers.recommendations import (
    NEARBY_RATIO,
    Blend,
    RecommendationRequest,
    Scope,
    recommend,
)
from recommender.snapshots.store import active_snapshot
from tests.factories import FEATURES, make_catalogue, make_track, publish_run, random_playlists
from tests.kept import kept
from tracks.models import Track

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SCOPES = {Scope.CLUSTER, Scope.NEARBY, Scope.EVERYWHERE}


def published_catalogue() -> list[Track]:
    tracks = make_catalogue(120)
    publish_run(n_clusters=4, feature_space="context", playlists=random_playlists(tracks))
    return tracks


kept_catalogue = kept(published_catalogue)


def brute_force(seed: Track, weights, labels) -> list[int]:
    """Every recording of the clusters in the order of the blend, from its definition on all rows."""
    snapshot = active_snapshot()
    arrays, own = snapshot.arrays, snapshot.row_of(seed.pk)
    rows = np.concatenate([np.arange(*snapshot.slice_of(label)) for label in labels])
    query = query_of_row(arrays.blend, own, len(snapshot.meta.genres))
    distances = total(distance_parts(arrays.blend, query, weights, rows))
    order = np.lexsort((arrays.track_ids[rows], distances))
    seen, found = {int(arrays.recordings[own])}, []
    for row in rows[order].tolist():
        if arrays.recordings[row] not in seen:
            seen.add(int(arrays.recordings[row]))
            found.append(int(arrays.track_ids[row]))
    return found


def ids_of(answer) -> list[int]:
    return [result.track.pk for result in answer.results]


@pytest.mark.parametrize("number", [0, 9, 57, 118])
@pytest.mark.parametrize(("blend", "weights"), [(Blend.BALANCED, BALANCED), (Blend.LISTENERS, LISTENERS)])
@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_the_list_is_the_exact_order_of_the_blend(catalogue, number, blend, weights, scope):
    request = RecommendationRequest(50, scope, blend, per_artist=0)

    answer = recommend(catalogue[number].spotify_id, request)

    assert ids_of(answer) == brute_force(catalogue[number], weights, answer.searched)[:50]
    distances = [result.distance for result in answer.results]
    assert distances == sorted(distances)


def test_balanced_within_the_cluster_is_the_default(catalogue):
    request = RecommendationRequest()
    assert (request.blend, request.scope, request.per_artist) == (Blend.BALANCED, Scope.CLUSTER, 1)

    answer = recommend(catalogue[0].spotify_id, request)

    assert {result.track.cluster.number for result in answer.results} == {answer.cluster.number}


@pytest.mark.parametrize("blend", list(Blend))
@pytest.mark.parametrize("filters", [TrackFilters(), TrackFilters(target=(("energy", 0.5), ("key", 5)))])
def test_the_parts_sum_to_the_distance(catalogue, blend, filters):
    request = RecommendationRequest(50, Scope.EVERYWHERE, blend, per_artist=0, filters=filters)

    results = recommend(catalogue[3].spotify_id, request).results

    assert len(results) == 50
    for result in results:
        assert sum(result.parts.values()) == pytest.approx(result.distance, abs=1e-5)
        assert min(result.parts.values()) >= 0
        assert ("target" in result.parts) == bool(filters.target)


def test_hidden_gems_are_less_known_and_well_known_more(catalogue):
    def popularity(familiarity: float) -> float:
        request = RecommendationRequest(20, Scope.EVERYWHERE, familiarity=familiarity)
        results = [recommend(track.spotify_id, request).results for track in catalogue[:20]]
        return float(np.mean([result.track.popularity for found in results for result in found]))

    gems, any_, usual, known = (popularity(turned) for turned in (-2.0, 0.0, 1.0, 2.0))
    assert gems < any_ < known
    assert gems < usual <= known


def test_variety_changes_the_order_and_the_same_seed_repeats_it(catalogue):
    def ids(**changes) -> list[int]:
        request = RecommendationRequest(10, Scope.EVERYWHERE, per_artist=0, **changes)
        return ids_of(recommend(catalogue[0].spotify_id, request))

    assert ids(variety=0.5, variety_seed=1) == ids(variety=0.5, variety_seed=1)
    assert ids(variety=0.5, variety_seed=1) != ids(variety=0.5, variety_seed=2)
    assert ids(variety=0.0, variety_seed=1) == ids(variety=0.0, variety_seed=2)


def test_a_shaken_list_stays_among_the_nearest(catalogue):
    def recordings(request: RecommendationRequest) -> set[int]:
        return {r.track.recording_id for r in recommend(catalogue[0].spotify_id, request).results}

    shuffled = RecommendationRequest(10, Scope.EVERYWHERE, per_artist=0, variety=1.0, variety_seed=3)
    nearest = RecommendationRequest(50, Scope.EVERYWHERE, per_artist=0)
    assert recordings(shuffled) <= recordings(nearest)


def test_a_shaken_list_is_as_long_as_an_ordered_one(catalogue):
    request = RecommendationRequest(100, Scope.EVERYWHERE, per_artist=0, variety=1.0)
    assert len(recommend(catalogue[0].spotify_id, request).results) == 100


def test_a_run_without_listeners_says_so_and_answers_balanced(catalogue):
    publish_run(n_clusters=4)
    listeners = recommend(catalogue[0].spotify_id, RecommendationRequest(blend=Blend.LISTENERS))
    balanced = recommend(catalogue[0].spotify_id, RecommendationRequest())

    assert "learnt from no playlists" in listeners.note
    assert balanced.note == ""
    assert ids_of(listeners) == ids_of(balanced)


def test_a_run_with_listeners_has_no_note(catalogue):
    assert recommend(catalogue[0].spotify_id, RecommendationRequest(blend=Blend.LISTENERS)).note == ""


def test_nearby_is_measured_where_clusters_were_fitted(catalogue):
    snapshot = active_snapshot()
    for seed in catalogue[:20]:
        distances = snapshot.centroid_distances(snapshot.arrays.places[snapshot.row_of(seed.pk)])

        answer = recommend(seed.spotify_id, RecommendationRequest(scope=Scope.NEARBY))

        assert answer.searched == np.flatnonzero(distances <= NEARBY_RATIO * distances.min()).tolist()


def test_a_later_track_is_a_seed_of_every_blend(catalogue):
    twin = catalogue[30]
    features = {name: getattr(twin, name) for name in FEATURES}
    late = make_track(title="Late", artists=twin.artist_names, genres=twin.genre_names, **features)

    for blend in Blend:
        answer = recommend(late.spotify_id, RecommendationRequest(10, Scope.EVERYWHERE, blend))
        assert len(answer.results) == 10
        assert answer.seed.cluster.number == answer.cluster.number
    by_artist = recommend(late.spotify_id, RecommendationRequest(1, Scope.EVERYWHERE, per_artist=0))
    assert "by the same artist" in by_artist.results[0].reasons


def test_a_later_track_of_no_known_genre_or_artist_is_a_seed_too(catalogue):
    late = make_track(title="Late", artists=[], genres=["nobody-knows-it"])

    assert len(recommend(late.spotify_id, RecommendationRequest(10, Scope.EVERYWHERE)).results) == 10


def test_reasons_are_few_and_true(catalogue):
    snapshot = active_snapshot()
    indptr, indices = snapshot.arrays.playlist_indptr, snapshot.arrays.playlist_indices

    def playlists(pk: int) -> set[int]:
        row = snapshot.row_of(pk)
        return set(indices[indptr[row] : indptr[row + 1]].tolist())

    together = 0
    for seed in catalogue[:20]:
        for result in recommend(seed.spotify_id, RecommendationRequest(scope=Scope.EVERYWHERE)).results:
            count = len(playlists(seed.pk) & playlists(result.track.pk))
            said = [reason for reason in result.reasons if "together" in reason]
            assert said == ([f"in {count} playlist{'s' if count > 1 else ''} together"] if count else [])
            same_artist = set(seed.artist_names) & set(result.track.artists)
            assert any("same a" in reason for reason in result.reasons) == bool(same_artist)
            shared = set(seed.genre_names) & set(result.track.genres)
            for reason in (reason for reason in result.reasons if reason.startswith("both ")):
                assert any(genre in reason for genre in shared)
            assert 1 <= len(result.reasons) <= 3
            together += count
    assert together


def test_no_list_of_many_has_a_duplicate_recording_or_an_artist_above_the_cap(catalogue):
    for seed in catalogue:
        for scope in SCOPES:
            for blend in Blend:
                answer = recommend(seed.spotify_id, RecommendationRequest(20, scope, blend, per_artist=2))
                recordings = [result.track.recording_id for result in answer.results]
                artists = [result.track.artists[0] for result in answer.results]
                assert len(set(recordings)) == len(recordings)
                assert seed.recording_id not in recordings
                assert max((artists.count(name) for name in artists), default=0) <= 2


def test_the_weights_are_those_kept_with_the_run(catalogue):
    weights = active_snapshot().meta.weights
    assert weights == {"balanced": BALANCED, "listeners": LISTENERS}


def familiarity_parts(track: Track, familiarity: float) -> dict[int, dict[str, float]]:
    request = RecommendationRequest(50, Scope.EVERYWHERE, per_artist=0, familiarity=familiarity)
    return {result.track.pk: result.parts for result in recommend(track.spotify_id, request).results}


@pytest.mark.parametrize(("familiarity", "share"), [(-1, 0), (0, 0), (0.5, 0.5), (2, 1)])
def test_nearness_in_popularity_counts_as_much_as_the_known_is_preferred(catalogue, familiarity, share):
    usual, turned = familiarity_parts(catalogue[0], 1), familiarity_parts(catalogue[0], familiarity)

    common = usual.keys() & turned.keys()
    assert any(usual[pk]["popularity"] > 0 for pk in common)
    for pk in common:
        assert turned[pk]["popularity"] == pytest.approx(share * usual[pk]["popularity"], abs=1e-6)


def test_the_best_known_track_has_no_distance_for_not_being_known(catalogue):
    everything = RecommendationRequest(100, Scope.EVERYWHERE, per_artist=0)
    arrays = active_snapshot().arrays
    best = int(arrays.track_ids[arrays.blend.familiarity.argmax()])
    seed = next(track for track in catalogue if track.recording_id != best)

    results = {result.track.pk: result for result in recommend(seed.spotify_id, everything).results}

    assert results[best].parts["familiarity"] == pytest.approx(0, abs=1e-6)
    for result in results.values():
        assert result.distance == pytest.approx(sum(result.parts.values()), abs=1e-5)


@pytest.mark.parametrize("familiarity", [-0.5, -1, -2])
def test_of_hidden_gems_the_part_of_familiarity_is_how_known_a_track_is(catalogue, familiarity):
    arrays = active_snapshot().arrays
    known = dict(zip(arrays.track_ids.tolist(), arrays.blend.familiarity.tolist(), strict=True))

    for pk, parts in familiarity_parts(catalogue[0], familiarity).items():
        assert parts["familiarity"] == pytest.approx(-familiarity * known[pk], rel=1e-5)
