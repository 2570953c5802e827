import pytest
from django.http import QueryDict

from recommender.controls import CannotAsk, controls_for, read_request
from recommender.recommendations import RecommendationRequest, Scope


def test_nothing_asked_is_the_usual():
    assert read_request(QueryDict("utm_source=elsewhere")) == RecommendationRequest()


def test_what_is_asked_is_read():
    asked = read_request(QueryDict("scope=nearby&limit=37&per_artist=0"))
    assert (asked.scope, asked.limit, asked.per_artist) == (Scope.NEARBY, 37, 0)


@pytest.mark.parametrize(
    "query", ["scope=", "scope=CLUSTER", "blend=loud", "limit=0", "limit=101", "limit=٣", "per_artist=-1"]
)
def test_what_cannot_be_asked_is_refused_by_name(query):
    with pytest.raises(CannotAsk, match=query.partition("=")[0]):
        read_request(QueryDict(query))


def test_the_chosen_number_is_among_the_options_even_when_unusual():
    limit, per_artist = controls_for(RecommendationRequest(limit=37, per_artist=7)).selects
    assert [option.value for option in limit.options] == [10, 20, 37, 50, 100]
    assert [option.label for option in per_artist.options if option.chosen] == ["at most 7 tracks"]


def test_every_choice_has_exactly_one_option_chosen_and_more_than_one_to_choose():
    controls = controls_for(RecommendationRequest())
    for choice in controls.segments + controls.selects:
        assert sum(option.chosen for option in choice.options) == 1
        assert len(choice.options) > 1
