import pytest

from recommender.answers.recommendations import NoActiveRun, UnknownTrack
from recommender.answers.requests import Blend
from recommender.mixes.paths import PathRequest, track_path
from recommender.mixes.requests import CannotMix
from tests.factories import make_track, publish_run
from tracks.models import Track

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def tracks(catalogue: list[Track]) -> list[Track]:
    return catalogue


def ids_of(path) -> list[str]:
    return [step.track.spotify_id for step in path.steps]


@pytest.mark.parametrize("blend", list(Blend))
@pytest.mark.parametrize("n_steps", [1, 5, 20])
def test_a_path_always_answers_with_different_recordings_between_its_ends(tracks, n_steps, blend):
    start, end = tracks[0].spotify_id, tracks[3].spotify_id

    path = track_path(PathRequest(start, end, n_steps, blend))

    recordings = {step.track.recording_id for step in path.steps}
    artists = [step.track.artists[0] for step in path.steps]
    assert len(path.steps) == len(recordings) == len(set(artists)) == n_steps
    assert not recordings & {tracks[0].recording_id, tracks[3].recording_id}
    assert path.shortfall == ""
    assert all(step.reasons for step in path.steps)


def test_a_path_moves_from_the_start_to_the_end(tracks):
    path = track_path(PathRequest(tracks[0].spotify_id, tracks[3].spotify_id, 8))

    way = [step.from_start - step.from_end for step in path.steps]
    assert way == sorted(way)
    assert path.steps[0].from_start < path.steps[-1].from_start


def test_the_same_question_has_the_same_answer(tracks):
    request = PathRequest(tracks[0].spotify_id, tracks[50].spotify_id, 6)

    assert ids_of(track_path(request)) == ids_of(track_path(request))


def test_a_small_catalogue_gives_what_it_has_and_says_so(db):
    tracks = [make_track(artists=[name]) for name in "abcd"]
    publish_run(1)

    path = track_path(PathRequest(tracks[0].spotify_id, tracks[1].spotify_id, 9))

    assert len(path.steps) == 2
    assert "Only 2 of 9" in path.shortfall


def test_the_cap_of_an_artist_holds_and_can_be_lifted(db):
    tracks = [make_track(artists=["One"], title=f"Title {number}") for number in range(8)]
    publish_run(1)
    ends = tracks[0].spotify_id, tracks[1].spotify_id

    assert len(track_path(PathRequest(*ends, 5)).steps) == 1
    assert len(track_path(PathRequest(*ends, 5, per_artist=0)).steps) == 5


def test_a_track_that_came_after_the_run_can_be_an_end(tracks):
    new = make_track("later00000000000000001")

    assert len(track_path(PathRequest(new.spotify_id, tracks[0].spotify_id, 4)).steps) == 4


def test_deleted_tracks_are_no_steps(tracks):
    request = PathRequest(tracks[0].spotify_id, tracks[3].spotify_id, 5)
    gone = ids_of(track_path(request))[2]
    Track.objects.filter(spotify_id=gone).delete()

    path = track_path(request)

    assert gone not in ids_of(path)
    assert len(path.steps) == 5


def test_ends_that_cannot_be_are_refused(tracks):
    here = tracks[8].spotify_id

    with pytest.raises(UnknownTrack, match="nope"):
        track_path(PathRequest(here, "nope"))
    for same in (here, tracks[9].spotify_id):
        with pytest.raises(CannotMix, match="two different recordings"):
            track_path(PathRequest(here, same))


def test_without_a_run_there_is_no_path(db):
    with pytest.raises(NoActiveRun):
        track_path(PathRequest("a", "b"))
