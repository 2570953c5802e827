import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.clustering.examples import nearest_examples


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
