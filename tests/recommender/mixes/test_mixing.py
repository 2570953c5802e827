"""One list from several seeds: what always holds, whatever is asked."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.answers.filters import TrackFilters
from recommender.answers.recommendations import NoActiveRun, UnknownTrack, recommend
from recommender.answers.requests import Blend, RecommendationRequest, Scope
from recommender.mixes.links import link_of, linked_mix, token_of
from recommender.mixes.mixing import mix, title_of
from recommender.mixes.requests import CannotMix, MixRequest, mix_request
from recommender.snapshots.store import active_snapshot
from tests.factories import make_catalogue, make_track, publish_run
from tracks.models import Track

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EVERYWHERE = RecommendationRequest(scope=Scope.EVERYWHERE)
WITHIN_A_TEST = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
REQUESTS = st.builds(
    RecommendationRequest,
    limit=st.integers(1, 40),
    scope=st.sampled_from(list(Scope)),
    blend=st.sampled_from(list(Blend)),
    per_artist=st.integers(0, 3),
    variety=st.sampled_from([0.0, 0.7]),
)
PLACES = st.lists(st.integers(0, 119), min_size=1, max_size=8, unique=True)


@pytest.fixture
def tracks(catalogue: list[Track]) -> list[Track]:
    return catalogue


def asked(seeds, avoid=(), options=EVERYWHERE) -> MixRequest:
    return mix_request([t.spotify_id for t in seeds], [t.spotify_id for t in avoid], options)


def listed(found) -> list[str]:
    return [result.track.spotify_id for result in found.results]


@given(seeds=PLACES, avoid=PLACES, options=REQUESTS)
@WITHIN_A_TEST
def test_what_always_holds(tracks, seeds, avoid, options):
    recordings = {tracks[place].recording_id for place in seeds}
    avoid = [place for place in avoid if tracks[place].recording_id not in recordings]
    named = [tracks[place] for place in seeds], [tracks[place] for place in avoid]

    found = mix(asked(*named, options))

    results = [result.track for result in found.results]
    banned = recordings | {track.recording_id for track in named[1]}
    assert len(results) <= options.limit
    assert not {card.recording_id for card in results} & banned
    assert len({card.recording_id for card in results}) == len(results)
    caps = Counter(card.artists[0] for card in results)
    assert not options.per_artist or max(caps.values(), default=0) <= options.per_artist
    assert {result.seed.spotify_id for result in found.results} <= {t.spotify_id for t in named[0]}
    assert all(result.reasons[0].endswith(result.seed.title) for result in found.results)
    assert bool(found.shortfall) == (len(results) < options.limit)
    assert listed(linked_mix(token_of(link_of(found)))) == listed(found)


def test_one_seed_is_answered_as_its_own_recommendations_are(tracks):
    options = RecommendationRequest(limit=12, scope=Scope.CLUSTER)

    found = mix(asked([tracks[4]], options=options))

    alone = recommend(tracks[4].spotify_id, options)
    assert listed(found) == [result.track.spotify_id for result in alone.results]


def test_sound_alone_is_the_exact_order_of_one_seed(tracks):
    options = RecommendationRequest(limit=30, scope=Scope.EVERYWHERE, blend=Blend.SOUND, per_artist=0)

    found = mix(asked([tracks[4]], options=options))

    alone = recommend(tracks[4].spotify_id, options)
    assert listed(found) == [result.track.spotify_id for result in alone.results]
    assert [r.distance for r in found.results] == pytest.approx([r.distance for r in alone.results], rel=1e-4)


@pytest.mark.parametrize("blend", list(Blend))
def test_the_parts_of_a_result_are_those_beside_the_seed_it_names(tracks, blend):
    options = RecommendationRequest(
        limit=100,
        scope=Scope.EVERYWHERE,
        blend=blend,
        per_artist=0,
        filters=TrackFilters(target=(("energy", 0.9),)),
    )

    found = mix(asked(tracks[:4], options=options))

    assert len({result.seed.spotify_id for result in found.results}) > 1
    for seed in found.seeds:
        alone = {r.track.spotify_id: r for r in recommend(seed.spotify_id, options).results}
        for result in found.results:
            same = alone.get(result.track.spotify_id)
            if result.seed == seed and same:
                assert result.parts == pytest.approx(same.parts, abs=1e-5)
                assert result.distance == pytest.approx(same.distance, abs=1e-4)
                assert result.score == pytest.approx(1 / (1 + sum(result.parts.values())))


def test_within_the_clusters_of_its_seeds_a_mix_stays(tracks):
    seeds = tracks[:5]

    found = mix(asked(seeds, options=RecommendationRequest(limit=100)))

    snapshot = active_snapshot()
    homes = {snapshot.label_of_row(snapshot.row_of(track.pk)) for track in seeds}
    assert {result.track.cluster.label for result in found.results} <= homes


def test_results_are_near_a_seed_and_not_to_the_mean_of_all(tracks):
    """Two seeds of different genres: what comes from one is of its genre or artist, not of a third."""
    seeds = [tracks[0], tracks[3]]

    found = mix(asked(seeds, options=RecommendationRequest(limit=10, scope=Scope.EVERYWHERE)))

    known = {seed.spotify_id: {*seed.genre_names, *seed.artist_names} for seed in seeds}
    shared = [
        bool(known[each.seed.spotify_id] & {*each.track.genres, *each.track.artists})
        for each in found.results
    ]
    assert sum(shared) >= 9


def test_what_is_avoided_pushes_its_like_away(tracks):
    plain = listed(mix(asked([tracks[0]])))
    nearest = Track.objects.get(spotify_id=plain[0])

    pushed = listed(mix(asked([tracks[0]], [nearest])))

    assert nearest.spotify_id not in pushed
    assert pushed != plain[1:]


def test_a_list_is_filled_from_beyond_the_first_pool(tracks, monkeypatch):
    from recommender.mixes import mixing

    monkeypatch.setattr(mixing, "POOL_ROWS", 10)
    found = mix(asked([tracks[0]], options=RecommendationRequest(100, Scope.EVERYWHERE, per_artist=0)))

    assert len(found.results) == 100


def test_a_track_that_came_after_the_run_is_a_seed_too(tracks):
    new = make_track("later00000000000000001", genres=["jazz"])

    found = mix(asked([new, tracks[0]]))

    assert [card.spotify_id for card in found.seeds] == [new.spotify_id, tracks[0].spotify_id]
    assert found.results


def test_unknown_ids_are_told_apart_and_kept_out_of_the_link(tracks):
    found = mix(mix_request(["nope", tracks[0].spotify_id], ["never"], EVERYWHERE))

    assert found.unknown == ["nope", "never"]
    assert link_of(found).request == asked([tracks[0]])


def test_without_a_known_seed_or_a_run_there_is_no_mix(db):
    with pytest.raises(NoActiveRun):
        mix(mix_request(["nope"], [], EVERYWHERE))
    make_catalogue(30)
    publish_run(2)
    with pytest.raises(UnknownTrack, match="none of the tracks to start from: nope"):
        mix(mix_request(["nope"], [], EVERYWHERE))


def test_another_release_of_a_seed_cannot_be_avoided(tracks):
    with pytest.raises(CannotMix, match=tracks[8].title):
        mix(asked([tracks[8]], [tracks[9]]))


def test_tracks_deleted_since_the_run_leave_the_list_full(tracks):
    gone = listed(mix(asked([tracks[0]])))[:5]
    Track.objects.filter(spotify_id__in=gone).delete()

    found = mix(asked([tracks[0]]))

    assert not set(gone) & set(listed(found))
    assert len(found.results) == EVERYWHERE.limit


def test_a_mix_asks_the_database_few_questions(tracks, django_assert_max_num_queries):
    request = asked(tracks[:40:2], tracks[41:80:2])
    mix(request)
    with django_assert_max_num_queries(4):
        mix(request)


def test_a_mix_is_called_by_its_first_seeds(tracks):
    cards = mix(asked(tracks[:4])).seeds

    assert title_of(cards[:1]) == "Mix of Title 0"
    assert title_of(cards) == "Mix of Title 0, Title 1 and 2 more"
