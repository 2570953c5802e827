import numpy as np
import pytest

from recommender.algorithms.evaluation.hubness import hub_penalties, occurrence, occurrences

LISTS = np.array([[1, 2], [0, 2], [0, 1], [0, -1]])


def test_occurrences_are_counted_without_padding():
    assert occurrences(LISTS, 5).tolist() == [3, 2, 2, 0, 0]


def test_figures_of_hand_counted_lists():
    found = occurrence(LISTS, 5)

    assert (found.reachability, found.largest_share) == (0.6, 0.75)
    assert occurrence(np.array([[1], [0]]), 2).skewness == 0


def test_only_what_stands_in_too_many_lists_is_pushed_away():
    penalties = hub_penalties(LISTS, 5, largest_share=0.5)

    assert penalties[0] == pytest.approx(0.1 * np.log(1.5))
    assert penalties[1:].tolist() == [0, 0, 0, 0]


def test_no_lists_are_refused():
    with pytest.raises(ValueError, match="no lists"):
        occurrence(np.empty((0, 5), int), 3)
