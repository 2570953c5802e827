"""Links from a list that is too short."""

from dataclasses import replace

from recommender.answers.filter_words import FilterInWords
from recommender.answers.filters import TrackFilters
from recommender.answers.requests import RecommendationRequest, Scope
from recommender.answers.shortfalls import Obstacle, Shortfall
from recommender.pages.lists import FILTERS_OFFERED, request_in_words, ways_out
from recommender.parameters.schema import parameters_of

ASKED = RecommendationRequest(filters=TrackFilters(genres=("jazz",), minimum=(("tempo", 120.0),)))


def obstacle(count: int, *names: str) -> Obstacle:
    return Obstacle(FilterInWords(names, " and ".join(names)), count)


def ways(asked: RecommendationRequest, *obstacles: Obstacle, capped: int = 0) -> list[tuple[str, dict]]:
    shortfall = Shortfall(0, 20, capped, asked.per_artist, obstacles)
    found = ways_out(shortfall, asked, lambda other: repr(dict(parameters_of(other))))
    return [(way.text, eval(way.url)) for way in found]


def test_a_full_list_needs_none():
    assert ways_out(None, ASKED, str) == []


def test_each_filter_in_the_way_can_be_dropped_and_all_of_them():
    assert ways(replace(ASKED, scope=Scope.EVERYWHERE), obstacle(12, "min_tempo"), obstacle(1, "genre")) == [
        ("Without “min_tempo”: 12 more", {"scope": "everywhere", "genre": "jazz"}),
        ("Without “genre”: 1 more", {"scope": "everywhere", "min_tempo": "120"}),
        ("Without any of these filters", {"scope": "everywhere"}),
    ]


def test_a_filter_that_alone_changes_nothing_is_not_offered_alone():
    everywhere = replace(ASKED, scope=Scope.EVERYWHERE)
    texts = [text for text, _asked in ways(everywhere, obstacle(0, "min_tempo"), obstacle(0, "genre"))]
    assert texts == ["Without any of these filters"]
    assert ways(everywhere, obstacle(0, "genre")) == []


def test_no_more_than_a_few_are_offered():
    many = [obstacle(9, f"min_{number}") for number in range(9)]
    texts = [text for text, _asked in ways(replace(ASKED, scope=Scope.EVERYWHERE), *many)]
    assert len(texts) == FILTERS_OFFERED + 1


def test_the_scope_can_be_widened_and_the_cap_lifted():
    assert ways(RecommendationRequest(), capped=3) == [
        ("Any number from one artist: 3 more", {"per_artist": "0"}),
        ("Look nearby too", {"scope": "nearby"}),
        ("Look everywhere", {"scope": "everywhere"}),
    ]
    assert [text for text, _ in ways(RecommendationRequest(scope=Scope.NEARBY))] == ["Look everywhere"]
    widest = ["Look in its whole cluster", "Look nearby too", "Look everywhere"]
    assert [text for text, _ in ways(RecommendationRequest(scope=Scope.SUBCLUSTER))] == widest


def test_every_scope_has_words_for_the_line_above_the_list():
    lines = {request_in_words(RecommendationRequest(scope=scope)) for scope in Scope}
    assert len(lines) == len(Scope)
