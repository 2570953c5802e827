"""Lists of a run are searched for once, and forgotten in the order of their use."""

from collections import Counter
from unittest.mock import patch

import pytest

from recommender.algorithms.search.picking import Neighbours
from recommender.answers import recommendations
from recommender.answers.recommendations import RecommendationRequest, recommend
from recommender.snapshots.remembered import Remembered
from tests.factories import make_catalogue, publish_run


def test_a_question_is_searched_for_once() -> None:
    searches: list[str] = []
    remembered = Remembered()
    found = Neighbours([7, 2**31 - 1], [0.1, 1 / 3], Counter(recording=2, per_artist=1))

    def search() -> Neighbours:
        searches.append("searched")
        return found

    assert remembered.find("question", search) == remembered.find("question", search) == found
    assert len(searches) == 1


def test_what_a_reader_changes_is_not_remembered() -> None:
    remembered = Remembered()
    for _ in range(3):
        found = remembered.find("question", lambda: Neighbours([1], [0.5]))
        assert found == Neighbours([1], [0.5])
        found.rows.append(2)
        found.left_out["recording"] += 1


def test_the_question_unasked_for_longest_is_forgotten() -> None:
    remembered, first, second = Remembered(size=2), Neighbours([1], [0.1]), Neighbours([2], [0.2])
    for question in ("old", "young", "old", "new"):
        remembered.find(question, lambda: first)
    assert remembered.find("old", lambda: second) == first
    assert remembered.find("young", lambda: second) == second


@pytest.mark.django_db
def test_the_same_request_answers_the_same_without_another_search() -> None:
    tracks = make_catalogue(60, 3, seed=1)
    publish_run()
    first = recommend(tracks[0].spotify_id, RecommendationRequest(limit=5))
    with patch.object(recommendations, "found_in_order", side_effect=AssertionError("searched again")):
        again = recommend(tracks[0].spotify_id, RecommendationRequest(limit=5))
        with pytest.raises(AssertionError, match="searched again"):
            recommend(tracks[0].spotify_id, RecommendationRequest(limit=6))
    assert again == first


@pytest.mark.django_db
def test_a_remembered_track_that_was_deleted_is_not_answered() -> None:
    tracks = make_catalogue(60, 3, seed=1)
    publish_run()
    request = RecommendationRequest(limit=5, per_artist=0)
    gone = recommend(tracks[0].spotify_id, request).results[0].track
    type(tracks[0]).objects.filter(pk=gone.pk).delete()
    after = recommend(tracks[0].spotify_id, request).results
    assert len(after) == 5
    assert gone.spotify_id not in {result.track.spotify_id for result in after}
