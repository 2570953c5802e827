from recommender.answers.filters import TrackFilters
from recommender.answers.recommendations import RecommendationRequest
from recommender.pages.controls import ControlChoices, controls_for


def test_the_chosen_number_is_among_the_options_even_when_unusual():
    _familiarity, limit, per_artist = controls_for(RecommendationRequest(limit=37, per_artist=7)).selects
    assert [option.value for option in limit.options] == [10, 20, 37, 50, 100]
    assert [option.label for option in per_artist.options if option.chosen] == ["at most 7 tracks"]


def test_every_choice_has_exactly_one_option_chosen_and_more_than_one_to_choose():
    controls = controls_for(RecommendationRequest())
    for choice in controls.segments + controls.selects:
        assert sum(option.chosen for option in choice.options) == 1
        assert len(choice.options) > 1


def test_filters_that_were_asked_for_stand_in_the_form_and_are_counted():
    filters = TrackFilters(genres=("jazz",), explicit=False, min_popularity=20, target=(("tempo", 118.5),))
    controls = controls_for(
        RecommendationRequest(familiarity=-1, filters=filters), ControlChoices(("jazz", "pop"))
    )

    chosen = {choice.name: [o.value for o in choice.options if o.chosen] for choice in controls.filters}
    assert chosen == {"genre": ["jazz"], "exclude_genre": [""], "explicit": ["false"], "variety": ["0"]}
    values = {field.name: field.value for row in controls.rows for field in row.fields}
    assert len(values) == 2 + 9 * 3 + 3 * 2
    filled = {"min_popularity": "20", "target_tempo": "118.5"}
    assert {name: value for name, value in values.items() if value} == filled
    assert controls.n_filters == 4
    assert [option.label for option in controls.selects[0].options if option.chosen] == ["hidden gems"]


def test_of_several_genres_none_is_lost():
    filters = TrackFilters(genres=("jazz", "pop", "tango"), exclude_genres=("disco",))
    genre, exclude, *_rest = controls_for(
        RecommendationRequest(filters=filters), ControlChoices(("disco", "jazz", "pop"))
    ).filters
    assert [option.value for option in genre.options if option.chosen] == ["jazz"]
    assert (genre.also, exclude.also) == (("pop", "tango"), ())


def test_a_familiarity_between_the_words_is_kept():
    familiarity = controls_for(RecommendationRequest(familiarity=0.5)).selects[0]
    assert [option.value for option in familiarity.options if option.chosen] == ["0.5"]
