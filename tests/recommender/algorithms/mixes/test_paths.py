import numpy as np
import pytest

from recommender.algorithms.blend.distance import BALANCED, query_of_row
from recommender.algorithms.mixes.paths import path
from recommender.algorithms.search.blended_search import AllowedRows, Filters
from recommender.algorithms.search.picking import ListRules
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_index

N = 4000
INDEX, _ = made_index(N, 11)
ALL = [(0, N)]


def query(row):
    return query_of_row(INDEX.arrays, row, N_GENRES)


def rules(*banned):
    return ListRules(np.arange(N), np.full(N, -1), banned_recordings=frozenset(banned))


@pytest.mark.parametrize("n_steps", [1, 3, 12])
def test_a_path_has_as_many_steps_as_asked_and_moves_on(n_steps):
    steps = path(INDEX, query(5), query(3000), n_steps, BALANCED, ALL, rules(5, 3000))

    assert len(set(steps)) == n_steps
    assert not {5, 3000} & set(steps)


def test_a_path_through_a_catalogue_of_few_has_fewer_steps():
    allowed = np.zeros(N, bool)
    allowed[[5, 10, 20, 3000]] = True

    steps = path(
        INDEX, query(5), query(3000), 9, BALANCED, ALL, rules(5, 3000), Filters(AllowedRows(allowed))
    )

    assert sorted(steps) == [10, 20]
