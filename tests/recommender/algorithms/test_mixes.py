import numpy as np
import pytest

from recommender.algorithms.blend import BALANCED, query_of_row
from recommender.algorithms.blended_search import AllowedRows, Filters, in_blended_order
from recommender.algorithms.mixes import mixture, path, varied
from recommender.algorithms.picking import ListRules
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_index

N = 4000
INDEX, _ = made_index(N, 11)
ALL = [(0, N)]


def query(row):
    return query_of_row(INDEX.arrays, row, N_GENRES)


def rules(*banned):
    return ListRules(np.arange(N), np.full(N, -1), banned_recordings=frozenset(banned))


def test_one_seed_gives_the_order_of_its_own_list():
    found = mixture(INDEX, [query(5)], [], BALANCED, [ALL])
    batches = list(in_blended_order(INDEX, query(5), BALANCED, ALL))
    rows, distances = (np.concatenate(columns) for columns in zip(*batches, strict=True))

    assert found.rows[:20].tolist() == rows[:20].tolist()
    np.testing.assert_allclose(found.distances[:20], distances[:20], rtol=1e-5)


def test_every_result_names_the_seed_it_is_nearest_to():
    found = mixture(INDEX, [query(5), query(900), query(3000)], [], BALANCED, [ALL] * 3)

    assert set(found.seeds.tolist()) == {0, 1, 2}
    assert [int(found.seeds[found.rows.tolist().index(row)]) for row in (5, 900, 3000)] == [0, 1, 2]
    assert (np.diff(found.distances) >= 0).all()


def test_what_is_avoided_is_never_in_the_list_and_pushes_its_like_away():
    plain = mixture(INDEX, [query(5)], [], BALANCED, [ALL])
    near = int(plain.rows[1])

    found = mixture(INDEX, [query(5)], [query(near)], BALANCED, [ALL])

    assert near not in found.rows
    assert set(found.rows.tolist()) < set(plain.rows.tolist())


def test_a_seed_that_is_avoided_too_leaves_nothing():
    assert len(mixture(INDEX, [query(5)], [query(5)], BALANCED, [ALL]).rows) == 0


def test_filters_hold_for_every_seed():
    allowed = np.arange(N) % 2 == 0

    found = mixture(INDEX, [query(5), query(8)], [], BALANCED, [ALL, ALL], Filters(AllowedRows(allowed)))

    assert len(found.rows)
    assert (found.rows % 2 == 0).all()


def test_a_wider_pool_finds_more():
    few, all_rows = (mixture(INDEX, [query(5)], [], BALANCED, [ALL], n_pool=n).rows for n in (100, N))

    assert (len(few), len(all_rows)) == (100, N)
    assert few.tolist() == all_rows[:100].tolist()


def test_a_mix_without_seeds_is_refused():
    with pytest.raises(ValueError, match="seed"):
        mixture(INDEX, [], [], BALANCED, [])


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


def test_variety_repeats_itself_and_keeps_to_the_nearest():
    def asked(strength, state):
        return varied(in_blended_order(INDEX, query(5), BALANCED, ALL), strength, state, 100)[0].tolist()

    plain = asked(0, 1)
    assert asked(0.3, 1) == asked(0.3, 1) != asked(0.3, 2)
    assert sorted(asked(0.3, 1)) == sorted(plain)
    assert asked(0, 2) == plain
