"""The words beside the distances of a list."""

import pytest

from recommender.answers.requests import FAMILIARITY, Blend, RecommendationRequest
from recommender.pages.closeness import Closeness, closeness, closeness_words


@pytest.mark.parametrize("familiarity", [*FAMILIARITY.values(), 0.5])
@pytest.mark.parametrize("blend", Blend)
def test_what_is_farther_is_never_called_nearer(blend, familiarity):
    words = closeness_words(RecommendationRequest(blend=blend, familiarity=familiarity))
    _cuts, named = words
    order = [named.index(closeness(distance / 100, words).word) for distance in range(500)]
    assert order == sorted(order)
    assert set(order) == set(range(len(named)))
    steps = [closeness(distance / 100, words).step for distance in range(500)]
    assert steps == [len(named) - place for place in order]
    assert min(steps) == 1


def test_distances_that_look_alike_are_called_alike():
    words = closeness_words(RecommendationRequest(familiarity=0))
    assert closeness(2.0951, words) == closeness(2.1049, words) == Closeness("related", 2)
    assert closeness(2.0949, words) == Closeness("close", 3)


def test_the_cuts_lie_higher_where_familiarity_is_part_of_every_distance():
    assert closeness(2.12, closeness_words(RecommendationRequest())).word == "very close"
    assert closeness(2.12, closeness_words(RecommendationRequest(familiarity=0))).word == "related"
