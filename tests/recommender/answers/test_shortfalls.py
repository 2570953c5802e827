from dataclasses import dataclass

import numpy as np
import pytest

from recommender.answers.filters import Allowed
from recommender.answers.requests import RecommendationRequest
from recommender.answers.shortfalls import shortfall_text

ASKED = RecommendationRequest(limit=5, per_artist=1)


@dataclass(frozen=True)
class Mask:
    """A filter of five rows that are one cluster."""

    rows: list[bool]

    def among(self, rows: np.ndarray) -> np.ndarray:
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


def test_a_full_list_needs_no_words():
    assert shortfall_text(5, ASKED, {"per_artist": 3}, None) == ""


def test_it_counts_what_there_was():
    assert shortfall_text(2, ASKED, {}, None).startswith("Only 2 of 5:")


@pytest.mark.parametrize(("capped", "words"), [(1, "1 more was left out"), (3, "3 more were left out")])
def test_it_says_what_the_cap_of_an_artist_left_out(capped, words):
    assert f"{words} by per_artist=1." in shortfall_text(2, ASKED, {"per_artist": capped}, None)


def test_it_names_the_filters_that_stand_alone_in_the_way_the_strictest_first():
    filters = allowed(
        genre=[True, False, False, False, True], explicit=[False, True, True, True, True], key=[True] * 5
    )

    text = shortfall_text(1, ASKED, {}, filters)

    assert text.endswith(
        "Without genre there would be 3 more tracks. Without explicit there would be 1 more track."
    )
    assert "key" not in text


def test_it_says_when_no_filter_alone_is_to_blame():
    filters = allowed(genre=[True, False], explicit=[True, False])

    assert "(explicit, genre) would add none" in shortfall_text(1, ASKED, {}, filters)
