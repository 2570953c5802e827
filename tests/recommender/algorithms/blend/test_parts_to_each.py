from dataclasses import replace

import numpy as np
import pytest

from recommender.algorithms.blend.distance import (
    BALANCED,
    Queries,
    distance_parts,
    parts_to_each,
    query_of_row,
)
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_arrays

N = 800
UNHEARD_GEMS = replace(BALANCED, genre=0, listeners=0, familiarity=-1)
parametrize = pytest.mark.parametrize(
    ("n_listeners", "weights"), [(0, BALANCED), (4, BALANCED), (4, UNHEARD_GEMS)]
)


@parametrize
def test_the_parts_to_many_queries_are_those_to_each(n_listeners, weights):
    arrays = made_arrays(N, 3, n_listeners)
    queries = [query_of_row(arrays, row, N_GENRES) for row in range(0, N, 20)]
    rows = np.flatnonzero(np.random.default_rng(5).random(N) < 0.6)

    found = parts_to_each(arrays, Queries.of(queries), weights, rows)

    alone = [distance_parts(arrays, query, weights, rows) for query in queries]
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
        for part in parts_to_each(arrays, Queries.of(queries), BALANCED, np.empty(0, np.int64)).values()
    )
