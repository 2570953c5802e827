import numpy as np
import pytest

from recommender.algorithms.blend.distance import BALANCED, distance_parts, query_of_row
from recommender.algorithms.blend.many_distances import parts_of_pairs, parts_to_each
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_arrays

N = 800


@pytest.mark.parametrize("n_listeners", [0, 4])
def test_the_parts_to_many_queries_are_those_to_each(n_listeners):
    arrays = made_arrays(N, 3, n_listeners)
    queries = [query_of_row(arrays, row, N_GENRES) for row in range(0, N, 20)]
    rows = np.flatnonzero(np.random.default_rng(5).random(N) < 0.6)

    found = parts_to_each(arrays, queries, BALANCED, rows)

    alone = [distance_parts(arrays, query, BALANCED, rows) for query in queries]
    assert found.keys() == alone[0].keys()
    for name, values in found.items():
        assert values.dtype == np.float32
        # A row is 0 away from itself; of the difference of squares as much is left as float32 can tell.
        np.testing.assert_allclose(values, [parts[name] for parts in alone], rtol=1e-5, atol=1e-6)
    assert len({parts["artist"].min() for parts in alone}) > 1


def test_without_rows_or_genres_there_is_nothing_to_compare():
    arrays = made_arrays(N, 3)
    queries = [query_of_row(arrays, row, N_GENRES) for row in (0, 1)]

    assert all(
        part.shape == (2, 0)
        for part in parts_to_each(arrays, queries, BALANCED, np.empty(0, np.int64)).values()
    )


@pytest.mark.parametrize("n_listeners", [0, 4])
def test_the_parts_of_pairs_are_those_of_each_pair(n_listeners):
    arrays = made_arrays(N, 3, n_listeners)
    queries = [query_of_row(arrays, row, N_GENRES) for row in (0, 40, 700)]
    numbers, rows = np.repeat([2, 0, 1], N), np.tile(np.arange(N)[::-1], 3)

    found = parts_of_pairs(arrays, queries, BALANCED, numbers, rows)

    alone = [distance_parts(arrays, queries[number], BALANCED, np.arange(N)[::-1]) for number in (2, 0, 1)]
    assert found.keys() == alone[0].keys()
    for name, values in found.items():
        expected = np.concatenate([parts[name] for parts in alone])
        np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-6)
