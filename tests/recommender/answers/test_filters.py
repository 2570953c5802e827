import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.answers.filters import (
    NO_TRACK_FILTERS,
    TrackFilters,
    UnknownGenre,
    allowed_rows,
    target_penalty,
)
from recommender.answers.recommendations import Blend, RecommendationRequest, Scope, recommend
from recommender.snapshots.store import active_snapshot
from tests.factories import GENRES, make_catalogue, make_track, publish_run
from tests.kept import kept
from tracks.audio_features import AUDIO_FEATURES, FEATURE_NAMES
from tracks.models import Track

pytestmark = pytest.mark.django_db

RANGES = {feature.name: (feature.low, feature.high) for feature in AUDIO_FEATURES}
N_TRACKS = 110  # fewer recordings than the 100 that the longest list holds: all of them are answered
EVERYWHERE = RecommendationRequest(100, Scope.EVERYWHERE, per_artist=0)


def published_catalogue() -> list[Track]:
    tracks = make_catalogue(N_TRACKS)
    Track.objects.filter(pk__in=[track.pk for track in tracks[::7]]).update(key=None, mode=0)
    publish_run(n_clusters=4)
    return list(Track.objects.order_by("pk"))


kept_catalogue = kept(published_catalogue)


def meets(track: Track, filters: TrackFilters) -> dict[str, bool]:
    """Whether a track meets each filter, straight from its row in the database, in float32 as kept."""
    met = {}
    if filters.genres:
        met["genre"] = bool(set(filters.genres) & set(track.genre_names))
    if filters.exclude_genres:
        met["exclude_genre"] = not set(filters.exclude_genres) & set(track.genre_names)
    if filters.explicit is not None:
        met["explicit"] = track.explicit is filters.explicit
    if filters.min_popularity is not None:
        met["min_popularity"] = track.popularity >= filters.min_popularity
    if filters.max_popularity is not None:
        met["max_popularity"] = track.popularity <= filters.max_popularity
    for word, bounds in (("min", filters.minimum), ("max", filters.maximum)):
        for name, bound in bounds:
            value = getattr(track, name)
            sign = 1 if word == "min" else -1
            met[f"{word}_{name}"] = value is not None and sign * np.float32(value) >= sign * np.float32(bound)
    return met


@st.composite
def bounds(draw) -> tuple[tuple[str, float], ...]:
    names = draw(st.lists(st.sampled_from(FEATURE_NAMES), max_size=2, unique=True))
    return tuple((name, draw(st.floats(*RANGES[name]))) for name in names)


some_filters = st.builds(
    TrackFilters,
    genres=st.lists(st.sampled_from(GENRES[:6]), max_size=2, unique=True).map(tuple),
    exclude_genres=st.lists(st.sampled_from(GENRES[:6]), max_size=1).map(tuple),
    explicit=st.sampled_from([None, None, True, False]),
    min_popularity=st.none() | st.integers(0, 100),
    max_popularity=st.none() | st.integers(0, 100),
    minimum=bounds(),
    maximum=bounds(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=some_filters, blend=st.sampled_from(list(Blend)), scope=st.sampled_from(list(Scope)))
def test_exactly_the_tracks_that_meet_all_filters_are_answered(catalogue, filters, blend, scope):
    seed = catalogue[0]
    request = RecommendationRequest(100, scope, blend, per_artist=0, filters=filters)

    answer = recommend(seed.spotify_id, request)

    snapshot = active_snapshot()
    labels = {track.pk: snapshot.label_of_row(snapshot.row_of(track.pk)) for track in catalogue}
    inside = [track for track in catalogue if labels[track.pk] in answer.searched]
    allowed = [track for track in inside if all(meets(track, filters).values())]
    expected = {track.recording_id for track in allowed} - {seed.recording_id}
    assert {result.track.recording_id for result in answer.results} == expected
    assert {result.track.pk for result in answer.results} <= {track.pk for track in allowed}
    for name in meets(seed, filters):
        missed = sum(not meets(track, filters)[name] for track in inside)
        assert answer.dropped_by.get(name, 0) == missed
    assert bool(answer.shortfall) == (len(expected) < 100)


@pytest.mark.parametrize("blend", list(Blend))
def test_a_filtered_list_keeps_the_order_of_the_whole_one(catalogue, blend):
    filters = TrackFilters(min_popularity=30, minimum=(("energy", 0.4),))
    whole = RecommendationRequest(100, Scope.EVERYWHERE, blend, per_artist=0)
    filtered = RecommendationRequest(100, Scope.EVERYWHERE, blend, per_artist=0, filters=filters)

    answered = [result.track.pk for result in recommend(catalogue[5].spotify_id, filtered).results]

    order = iter(result.track.pk for result in recommend(catalogue[5].spotify_id, whole).results)
    kept = [pk for pk in answered if pk in order]
    # A recording may be answered by another of its releases where the nearest one is filtered.
    assert len(kept) >= 0.8 * len(answered) > 0


def test_an_empty_list_names_the_filter_and_what_loosening_it_gives(catalogue):
    filters = TrackFilters(genres=(GENRES[0],), minimum=(("danceability", 1.0),))
    request = RecommendationRequest(20, Scope.EVERYWHERE, per_artist=0, filters=filters)

    answer = recommend(catalogue[1].spotify_id, request)

    of_genre = sum(GENRES[0] in track.genre_names for track in catalogue)
    assert answer.results == []
    text = answer.shortfall.text
    assert f"Without “Danceability at least 100 %” there would be {of_genre} more tracks." in text
    assert "Without “Genre" not in text
    assert answer.dropped_by["min_danceability"] == N_TRACKS


def test_filters_that_only_together_leave_nothing_are_all_named(catalogue):
    filters = TrackFilters(minimum=(("loudness", 9.0), ("tempo", 299.0)))
    request = RecommendationRequest(20, Scope.EVERYWHERE, filters=filters)

    text = recommend(catalogue[0].spotify_id, request).shortfall.text
    assert "any one of the filters (Loudness at least 9 dB, Tempo at least 299 BPM)" in text


def test_an_unknown_genre_is_refused_with_similar_ones(catalogue):
    for filters in (TrackFilters(genres=("black metal",)), TrackFilters(exclude_genres=("blak-metal",))):
        with pytest.raises(UnknownGenre, match=r"There is no genre bla.* Similar: black-metal"):
            recommend(catalogue[0].spotify_id, RecommendationRequest(filters=filters))


def test_a_genre_is_found_whatever_its_case(catalogue):
    request = RecommendationRequest(20, Scope.EVERYWHERE, filters=TrackFilters(genres=("Black-METAL",)))
    results = recommend(catalogue[0].spotify_id, request).results
    assert results
    assert all("black-metal" in result.track.genres for result in results)


def test_a_bound_is_inclusive_to_the_last_digit():
    track = make_track(danceability=0.71)
    other = make_track(danceability=0.3, title="Other", artists=["Other"])
    make_track(danceability=0.7099, title="Third", artists=["Third"])
    publish_run(n_clusters=1)
    for filters in (
        TrackFilters(minimum=(("danceability", 0.71),)),
        TrackFilters(minimum=(("danceability", 0.7099001),), maximum=(("danceability", 0.71),)),
    ):
        answer = recommend(other.spotify_id, RecommendationRequest(filters=filters))
        assert [result.track.pk for result in answer.results] == [track.pk]


@pytest.mark.parametrize("blend", [Blend.SOUND, Blend.BALANCED])
@pytest.mark.parametrize("value", [0.2, 0.9])
def test_a_target_draws_the_list_and_excludes_nothing(catalogue, blend, value):
    def energies(filters: TrackFilters) -> list[float]:
        request = RecommendationRequest(100, Scope.EVERYWHERE, blend, per_artist=0, filters=filters)
        return [r.track.audio_features["energy"] for r in recommend(catalogue[2].spotify_id, request).results]

    drawn, usual = energies(TrackFilters(target=(("energy", value),))), energies(NO_TRACK_FILTERS)

    assert len(drawn) == len(usual)
    assert np.abs(np.array(drawn[:10]) - value).mean() < np.abs(np.array(usual[:10]) - value).mean()


def test_a_target_of_a_key_counts_only_whether_it_is_that_key(catalogue):
    snapshot = active_snapshot()
    penalty = target_penalty(TrackFilters(target=(("key", 5),)), snapshot, 0.5)
    keys = dict(Track.objects.values_list("pk", "key"))

    values = penalty(np.arange(snapshot.n_tracks))

    expected = [0 if keys[pk] == 5 else 0.5 for pk in snapshot.arrays.track_ids.tolist()]
    assert values.tolist() == expected


def test_a_target_costs_the_weight_for_each_standard_deviation_that_a_track_is_off(catalogue):
    snapshot = active_snapshot()
    tempos = dict(Track.objects.values_list("pk", "tempo"))
    values = np.array([tempos[pk] for pk in snapshot.arrays.track_ids.tolist()])

    penalty = target_penalty(TrackFilters(target=(("tempo", 100.0),)), snapshot, 0.5)

    expected = 0.5 * np.abs(values - 100) / np.std(list(tempos.values()))
    np.testing.assert_allclose(penalty(np.arange(snapshot.n_tracks)), expected, rtol=1e-4)


def test_nothing_filtered_is_no_mask(catalogue):
    snapshot = active_snapshot()
    assert allowed_rows(NO_TRACK_FILTERS, snapshot, [(0, N_TRACKS)]) is None
    assert allowed_rows(TrackFilters(target=(("energy", 0.5),)), snapshot, [(0, N_TRACKS)]) is None
