"""What a distance is made of."""

import pytest
from django.utils.translation import override

from recommender.pages.lists import distance_of


def test_the_parts_lie_end_to_end_over_the_whole_bar_and_are_told_in_figures():
    with override("de"):
        distance = distance_of(0.75, {"genre": 0.25, "sound": 0.5, "artist": 0.0})

    assert distance.value == "0,75"
    assert [(part.name, part.value) for part in distance.parts] == [("sound", "0,50"), ("genre", "0,25")]
    places = [(float(part.start), float(part.width)) for part in distance.parts]
    assert places == [(0, pytest.approx(66.7)), (pytest.approx(66.7), pytest.approx(33.3))]


def test_a_part_that_would_round_to_nothing_is_not_shown():
    assert [part.name for part in distance_of(1.0, {"sound": 1.0, "genre": 0.0049}).parts] == ["sound"]
    assert distance_of(0.0, {}).parts == []
