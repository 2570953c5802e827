"""Figures of lists: known answers on lists that fit on a hand."""

import numpy as np
import pytest

from recommender.algorithms.evaluation.judging import (
    RecordingFacts,
    coverage,
    figures_of,
    most_frequent,
    most_of_one_artist,
    shares_of,
)
from recommender.algorithms.evaluation.measures import Question


def facts() -> RecordingFacts:
    """Six recordings: artists 0 0 1 1 unknown unknown; genres a, a, b, ab, b, none."""
    genres = np.array([[1, 0], [1, 0], [0, 1], [1, 1], [0, 1], [0, 0]], bool)
    return RecordingFacts(
        popularity=np.array([10, 20, 30, 40, 50, 60], np.float32),
        artists=np.array([0, 0, 1, 1, -1, -1]),
        genre_indptr=np.append(0, np.cumsum(genres.sum(axis=1))),
        genre_indices=genres.nonzero()[1].astype(np.int32),
    )


def question(seeds: list[int], relevant: list[int], playlist: int = 0) -> Question:
    return Question(playlist, np.array(seeds), np.array(relevant))


def test_the_figures_of_a_list_that_is_counted_by_hand():
    figures = figures_of(np.array([1, 3, 2, 4]), question([0], [3, 5]), facts())

    assert figures["same_artist"] == 1 / 4
    assert figures["genre_precision"] == 1 / 10  # of 3, 2 and 4 only 3 has the genre; seven are missing
    assert figures["popularity_bias"] == 35 - 50
    assert figures["hit"] == 1
    assert figures["r_precision"] == 1 / 2
    assert figures["duplicates"] == 0


def test_unknown_artists_are_no_artist_in_common():
    assert figures_of(np.array([5]), question([4], [0]), facts())["same_artist"] == 0
    assert most_of_one_artist(np.array([4, 5]), facts()) == 0
    assert most_of_one_artist(np.array([0, 1, 2]), facts()) == 2


def test_an_empty_list_is_worth_nothing():
    figures = figures_of(np.empty(0, np.int64), question([0], [1]), facts())

    assert set(figures.values()) == {0.0}


def test_a_recording_twice_in_a_list_is_counted_as_a_duplicate():
    assert figures_of(np.array([1, 1, 2]), question([0], [5]), facts())["duplicates"] == 1


def test_several_seeds_have_the_genres_of_all():
    assert facts().sharing_genre(np.array([0]), np.arange(6)).tolist() == [1, 1, 0, 1, 0, 0]
    assert facts().sharing_genre(np.array([0, 2]), np.arange(6)).tolist() == [1, 1, 1, 1, 1, 0]


def test_coverage_is_the_share_of_the_catalogue_in_some_list():
    lists = [np.array([0, 1]), np.array([1, 2]), np.array([2, 3])]
    every = coverage(lists, np.array([0, 1, 2]), 8)

    assert every.mean == 4 / 8
    # Left out in turn, the groups cost 1, 0 and 1 recordings of 8: off the mean by 1, -2 and 1 thirds of one.
    error = np.sqrt(2 / 3 * (6 / 9) / 64)
    assert every.high - every.mean == pytest.approx(1.96 * error)


def test_coverage_is_certain_where_every_group_has_the_same():
    same = coverage([np.array([0, 1]), np.array([1, 0])], np.array([0, 1]), 4)

    assert (same.low, same.mean, same.high) == (0.5, 0.5, 0.5)


def test_the_most_frequent_recording_and_its_share_by_playlist():
    lists = [np.array([4, 1]), np.array([4]), np.array([2])]
    asked = [question([0], [1], playlist) for playlist in (7, 7, 9)]

    assert most_frequent(lists) == 4
    assert shares_of(4, lists, asked).tolist() == [1.0, 0.0]


def test_no_lists_are_refused():
    with pytest.raises(ValueError, match="no lists"):
        coverage([], np.empty(0, np.int64), 3)
    with pytest.raises(ValueError, match="no lists"):
        most_frequent([np.empty(0, np.int64)])
