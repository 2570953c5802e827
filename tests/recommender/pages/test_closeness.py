"""The words beside the distances of a list."""

import pytest

from recommender.answers.requests import FAMILIARITY, Blend, RecommendationRequest
from recommender.pages.lists import BLENDED, BY_SOUND, Closeness, closeness

UNSHIFTED = RecommendationRequest(familiarity=0)


@pytest.mark.parametrize("familiarity", [*FAMILIARITY.values(), 0.5])
@pytest.mark.parametrize("blend", Blend)
def test_what_is_farther_is_never_called_nearer(blend, familiarity):
    request = RecommendationRequest(blend=blend, familiarity=familiarity)
    named = [str(word) for word in (BY_SOUND if blend is Blend.SOUND else BLENDED).values()]
    near = closeness((distance / 100 for distance in range(500)), request)
    order = [named.index(each.word) for each in near]
    assert order == sorted(order)
    assert set(order) == set(range(len(named)))
    assert [int(each.dots) for each in near] == [len(named) - place for place in order]


def test_distances_that_look_alike_are_called_alike():
    first, *others = closeness([2.0949, 2.0951, 2.1049], UNSHIFTED)
    assert first == Closeness("close", "3")
    assert others == [Closeness("related", "2")] * 2


def test_the_cuts_lie_higher_where_familiarity_is_part_of_every_distance():
    assert closeness([2.12], RecommendationRequest())[0].word == "very close"
    assert closeness([2.12], UNSHIFTED)[0].word == "related"
