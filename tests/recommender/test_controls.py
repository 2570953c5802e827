from recommender.controls import controls_for
from recommender.recommendations import RecommendationRequest


def test_the_chosen_number_is_among_the_options_even_when_unusual():
    limit, per_artist = controls_for(RecommendationRequest(limit=37, per_artist=7)).selects
    assert [option.value for option in limit.options] == [10, 20, 37, 50, 100]
    assert [option.label for option in per_artist.options if option.chosen] == ["at most 7 tracks"]


def test_every_choice_has_exactly_one_option_chosen_and_more_than_one_to_choose():
    controls = controls_for(RecommendationRequest())
    for choice in controls.segments + controls.selects:
        assert sum(option.chosen for option in choice.options) == 1
        assert len(choice.options) > 1
