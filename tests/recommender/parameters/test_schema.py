import re

import pytest
from django.http import QueryDict
from pydantic import ValidationError

from recommender.answers.filters import TrackFilters
from recommender.answers.requests import Blend, RecommendationRequest, Scope
from recommender.parameters.schema import (
    REPEATED,
    InvalidQuery,
    ListParameters,
    problems_in_words,
    read_request,
)
from tracks.audio_features import AUDIO_FEATURES


def test_nothing_asked_is_the_usual():
    assert read_request(QueryDict("utm_source=elsewhere")) == RecommendationRequest()


def test_what_is_asked_is_read():
    asked = read_request(
        QueryDict(
            "scope=nearby&blend=listeners&limit=37&per_artist=0&familiarity=hidden-gems&variety=0.5&variety_seed=9"
            "&genre=jazz&genre=pop&exclude_genre=tango&explicit=false&min_popularity=10&max_popularity=90"
            "&min_energy=0.25&max_tempo=140&target_key=5&target_loudness=-7.5"
        )
    )
    assert asked == RecommendationRequest(
        limit=37,
        scope=Scope.NEARBY,
        blend=Blend.LISTENERS,
        per_artist=0,
        familiarity=-1.0,
        variety=0.5,
        variety_seed=9,
        filters=TrackFilters(
            genres=("jazz", "pop"),
            exclude_genres=("tango",),
            explicit=False,
            min_popularity=10,
            max_popularity=90,
            minimum=(("energy", 0.25),),
            maximum=(("tempo", 140.0),),
            target=(("key", 5.0), ("loudness", -7.5)),
        ),
    )


def test_what_a_form_leaves_blank_is_not_asked_for():
    query = "scope=&limit=&genre=&exclude_genre=&explicit=&min_energy=&target_tempo=&familiarity="
    assert read_request(QueryDict(query)) == RecommendationRequest()


def refusal_for_programs(query: str) -> str:
    """What the API says of the same parameters, which it reads by itself."""
    given = QueryDict(query)
    values = {name: given.getlist(name) if name in REPEATED else given[name] for name in given}
    with pytest.raises(ValidationError) as refused:
        ListParameters.model_validate(values)
    return problems_in_words(refused.value.errors())


@pytest.mark.parametrize("feature", AUDIO_FEATURES, ids=lambda feature: feature.name)
@pytest.mark.parametrize("bound", ["min", "max", "target"])
def test_a_value_no_track_can_have_is_refused_with_the_range(feature, bound):
    name = f"{bound}_{feature.name}"
    for absurd in (feature.low - 1, feature.high + 1):
        text = refusal_for_programs(f"{name}={absurd}")
        assert re.match(f"{name} must lie between {feature.low}.* and {feature.high}", text)
        with pytest.raises(InvalidQuery):
            read_request(QueryDict(f"{name}={absurd}"))
    read_request(QueryDict(f"{name}={feature.low}"))
    read_request(QueryDict(f"{name}={feature.high}"))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("scope=CLUSTER", "scope must be 'subcluster', 'cluster', 'nearby' or 'everywhere'."),
        ("blend=loud", "blend must be 'balanced', 'sound' or 'listeners'."),
        ("limit=0", "limit must lie between 1 and 100."),
        ("limit=101", "limit must lie between 1 and 100."),
        ("limit=ten", "limit must be a whole number."),
        ("per_artist=-1", "per_artist must lie between 0 and 100."),
        ("min_energy=loud", "min_energy must be a number."),
        ("min_energy=nan", "min_energy must be a number."),
        ("min_tempo=1e999", "min_tempo must be a number."),
        ("min_key=2.5", "min_key must be a whole number."),
        ("familiarity=famous", "familiarity must be a number."),
        ("familiarity=3", "familiarity must lie between -2.0 and 2.0."),
        ("variety=2", "variety must lie between 0 and 1."),
        ("explicit=maybe", "explicit must be true or false."),
        ("min_energy=0.6&max_energy=0.5", "min_energy must not be above max_energy."),
        ("min_popularity=60&max_popularity=50", "min_popularity must not be above max_popularity."),
        ("genre=" + "x" * 101, "genre must have at most 100 characters."),
        ("genre=x&" * 51, "genre can be given at most 50 times."),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name_with_what_can(query, text):
    assert refusal_for_programs(query) == text
    with pytest.raises(InvalidQuery):
        read_request(QueryDict(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("scope=CLUSTER", "“Look in” must be 'subcluster', 'cluster', 'nearby' or 'everywhere'."),
        ("limit=0", "“How many” must lie between 1 and 100."),
        ("min_energy=1.5", "“Energy at least” must lie between 0 % and 100 %."),
        ("min_energy_percent=150", "“Energy at least” must lie between 0 % and 100 %."),
        ("target_energy_percent=loud", "“Energy near to” must be a number."),
        ("max_loudness=99", "“Loudness at most” must lie between −60 dB and 10 dB."),
        ("min_tempo=1e999", "“Tempo at least” must be a number."),
        ("min_key=2.5", "“Key at least” must be a whole number."),
        ("min_energy=0.6&max_energy=0.5", "Energy: no track has at least 60 % and at most 50 %."),
        ("min_tempo=120&max_tempo=90", "Tempo: no track has at least 120 BPM and at most 90 BPM."),
        ("min_popularity=60&max_popularity=50", "Popularity: no track has at least 60 and at most 50."),
    ],
)
def test_pages_say_the_same_in_their_words_and_units(query, text):
    with pytest.raises(InvalidQuery) as refused:
        read_request(QueryDict(query))
    assert str(refused.value) == text


def test_every_problem_is_named_and_what_has_none_is_usable():
    with pytest.raises(InvalidQuery) as refused:
        read_request(QueryDict("limit=0&scope=moon&min_energy=0.6&max_energy=0.5&per_artist=3"))
    assert {each.names for each in refused.value.problems} == {("limit",), ("scope",)}
    assert refused.value.usable == RecommendationRequest(per_artist=3)


def test_all_that_is_contradictory_is_named_at_once():
    query = "min_energy=0.6&max_energy=0.5&min_tempo=120&max_tempo=90&min_valence=0.5"
    assert refusal_for_programs(query) == (
        "min_energy must not be above max_energy. min_tempo must not be above max_tempo."
    )
    with pytest.raises(InvalidQuery) as refused:
        read_request(QueryDict(query))
    assert [each.field for each in refused.value.problems] == ["energy", "tempo"]
    assert refused.value.usable.filters == TrackFilters(minimum=(("valence", 0.5),))
