import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.clustering.examples import known_examples, nearest_examples


def examples(distances, recordings, artists, n):
    arrays = (np.array(distances, dtype=np.float32), np.array(recordings), np.array(artists))
    return nearest_examples(*arrays, n).tolist()


def test_the_nearest_come_first():
    assert examples([3, 1, 2], [1, 2, 3], [1, 2, 3], 2) == [1, 2]


def test_one_example_a_recording():
    assert examples([1, 2, 3], [7, 7, 8], [1, 2, 3], 3) == [0, 2]


def test_other_artists_are_preferred_and_repeats_fill_up():
    assert examples([1, 2, 3], [1, 2, 3], [5, 5, 6], 2) == [0, 2]
    assert examples([1, 2, 3], [1, 2, 3], [5, 5, 6], 3) == [0, 1, 2]


def test_tracks_without_an_artist_do_not_exclude_each_other():
    assert examples([1, 2, 3], [1, 2, 3], [-1, -1, 6], 2) == [0, 1]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6), st.integers(-1, 3)), min_size=1, max_size=30))
def test_examples_are_ascending_and_of_distinct_recordings(rows):
    distances, recordings, artists = zip(*rows, strict=True)
    found = examples(distances, recordings, artists, 5)
    assert len(found) == min(5, len(set(recordings)))
    assert len({recordings[i] for i in found}) == len(found)
    assert [distances[i] for i in found] == sorted(distances[i] for i in found)


def known(distances, popularity, carries, recordings, artists, n=3):
    return known_examples(
        np.array(distances, np.float32),
        np.array(popularity, np.float32),
        np.array(carries),
        np.array(recordings),
        np.array(artists),
        n,
    ).tolist()


def test_known_examples_come_from_the_upper_third_by_popularity():
    popularity = [1, 2, 3, 4, 90, 80]
    assert known([9, 9, 9, 9, 9, 9], popularity, [True] * 6, range(6), range(6)) == [4, 5]


def test_those_of_the_genre_come_first_then_the_near_and_popular():
    popularity = [10] * 6 + [80, 90, 95]
    carries = [True] * 6 + [True, False, True]
    distances = [1] * 6 + [0.1, 0.1, 5]
    assert known(distances, popularity, carries, range(9), range(9)) == [6, 8, 7]


def test_known_examples_are_of_different_artists_and_recordings():
    assert known([1, 2, 3], [50, 50, 50], [True] * 3, [1, 2, 3], [7, 7, 8]) == [0, 2]
    assert known([1, 2, 3], [50, 50, 50], [True] * 3, [1, 1, 3], [7, 9, 8]) == [0, 2]


def test_where_no_popularity_is_known_nobody_is_known():
    assert known([1, 2], [np.nan, np.nan], [True, True], [1, 2], [1, 2]) == []
    assert known([1, 2], [np.nan, 5], [True, True], [1, 2], [1, 2]) == [1]
