from dataclasses import dataclass, replace

import numpy as np
import pytest

from recommender.answers.filters import Allowed, TrackFilters
from recommender.answers.requests import RecommendationRequest
from recommender.answers.shortfalls import shortfall_of

ASKED = RecommendationRequest(limit=5, per_artist=1)
FILTERS = TrackFilters(genres=("jazz",), explicit=False, minimum=(("key", 5.0),), maximum=(("key", 5.0),))
FILTERED = replace(ASKED, filters=FILTERS)


@dataclass(frozen=True)
class Mask:
    """A filter of five rows that are one cluster."""

    rows: list[bool]

    def matches(self, rows: np.ndarray) -> np.ndarray:
        return np.array(self.rows)[rows]

    def mask(self, start: int, stop: int) -> np.ndarray:
        return np.array(self.rows[start:stop])

    def count(self, start: int, stop: int) -> int:
        return self.rows[start:stop].count(True)


def allowed(**masks: list[bool]) -> Allowed:
    """Of one slice, with a filter a mask."""
    dropped = {name: mask.count(False) for name, mask in masks.items() if not all(mask)}
    size = len(next(iter(masks.values())))
    return Allowed([(0, size)], {name: Mask(mask) for name, mask in masks.items()}, dropped)


def text_of(n_found: int, request: RecommendationRequest, *facts) -> str:
    return shortfall_of(n_found, request, *facts).text


def test_a_full_list_needs_no_words():
    assert shortfall_of(5, ASKED, {"per_artist": 3}, None) is None


def test_it_counts_what_there_was():
    assert text_of(2, ASKED, {}, None).startswith("Only 2 of 5:")


@pytest.mark.parametrize(("capped", "words"), [(1, "1 more was left out"), (3, "3 more were left out")])
def test_it_says_what_the_cap_of_an_artist_left_out(capped, words):
    text = text_of(2, ASKED, {"per_artist": capped}, None)
    assert f"{words}: at most 1 was asked for of one artist." in text


def test_it_names_the_filters_that_stand_alone_in_the_way_the_strictest_first():
    filters = allowed(
        genre=[True, False, False, False, True], explicit=[False, True, True, True, True], min_key=[True] * 5
    )

    text = text_of(1, FILTERED, {}, filters)

    assert text.endswith(
        "Without “Genre jazz” there would be 3 more tracks. "
        "Without “No explicit words” there would be 1 more track."
    )
    assert "Key" not in text


def test_a_category_that_is_bound_from_both_sides_is_one_filter():
    filters = allowed(min_key=[True, False, True], max_key=[True, True, False])

    shortfall = shortfall_of(1, FILTERED, {}, filters)

    assert [(each.filter.names, each.count) for each in shortfall.obstacles] == [(("min_key", "max_key"), 2)]
    assert "Without “Key F” there would be 2 more tracks." in shortfall.text


def test_it_says_when_no_filter_alone_is_to_blame():
    filters = allowed(genre=[True, False], explicit=[True, False])

    assert "(Genre jazz, No explicit words) would add none" in text_of(1, FILTERED, {}, filters)


def test_an_empty_list_is_said_to_be_empty():
    filters = allowed(genre=[False, False])

    assert shortfall_of(0, FILTERED, {}, filters).in_short == "No track passes all the filters here."
    assert text_of(0, ASKED, {}, None).startswith("Only 0 of 5")
