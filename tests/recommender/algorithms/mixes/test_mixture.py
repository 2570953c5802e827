import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.algorithms.blend.distance import BALANCED, SOUND_ALONE, distance_parts, query_of_row, total
from recommender.algorithms.mixes.mixture import _soft_minimum, mixture, perturb_order
from recommender.algorithms.mixes.pool import MIN_OF_SEED, pool
from recommender.algorithms.search.blended_search import (
    NO_FILTERS,
    AllowedRows,
    Filters,
    in_blended_order,
    with_hubness,
)
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_index

N = 4000
INDEX, OFFSETS = made_index(N, 11)
ALL = [(0, N)]


def query(row):
    return query_of_row(INDEX.arrays, row, N_GENRES)


def test_one_seed_gives_the_order_of_its_own_list():
    found = mixture(INDEX, [query(5)], [], BALANCED, [ALL])
    batches = list(in_blended_order(INDEX, query(5), BALANCED, ALL))
    rows, distances = (np.concatenate(columns) for columns in zip(*batches, strict=True))

    assert found.rows[:20].tolist() == rows[:20].tolist()
    np.testing.assert_allclose(found.distances[:20], distances[:20], rtol=1e-5)
    assert found.groups.tolist() == [0]


def test_every_result_names_the_seed_in_whose_own_list_it_stands_highest():
    seeds = [5, 900, 3000]
    found = mixture(INDEX, [query(row) for row in seeds], [], BALANCED, [ALL] * 3)

    lists = [mixture(INDEX, [query(row)], [], BALANCED, [ALL], n_pool=1000).rows.tolist() for row in seeds]
    places = [{row: place for place, row in enumerate(rows)} for rows in lists]
    for row, seed in zip(found.rows.tolist(), found.seeds.tolist(), strict=True):
        assert places[seed][row] == min(of_seed.get(row, N) for of_seed in places)
    assert (np.diff(found.distances) >= 0).all()


def test_no_result_came_from_a_seed_in_whose_scope_it_is_not():
    scopes = [[(0, 2000)], [(2000, N)]]
    found = mixture(INDEX, [query(5), query(3000)], [], BALANCED, scopes)

    assert (found.rows[found.seeds == 0] < 2000).all()
    assert (found.rows[found.seeds == 1] >= 2000).all()


def test_of_equally_near_rows_those_that_more_seeds_agree_on_come_first():
    distances = np.array([[0.0, 1.0, 1.0], [9.0, 9.0, 1.2]])

    joined = _soft_minimum(distances)

    assert joined[2] < joined[1]
    assert joined[0] < joined[2]


@given(distances=arrays(np.float64, (3, 7), elements=st.floats(0, 50)))
@settings(deadline=None)
def test_the_soft_minimum_lies_between_the_least_and_the_mean(distances):
    joined = _soft_minimum(distances)

    assert (joined >= distances.min(axis=0) - 1e-9).all()
    assert (joined <= distances.mean(axis=0) + 1e-9).all()
    np.testing.assert_allclose(_soft_minimum(distances[:1]), distances[0])


def test_what_stands_in_playlists_with_the_seeds_is_drawn_nearer():
    seeds = [query(5), query(900)]
    plain = mixture(INDEX, seeds, [], BALANCED, [ALL] * 2)
    drawn = int(plain.rows[60])

    found = mixture(INDEX, seeds, [], BALANCED, [ALL] * 2, together=lambda rows: (rows == drawn) * 1.0)

    assert found.rows.tolist().index(drawn) < 5
    assert found.rows[found.rows != drawn].tolist() == plain.rows[plain.rows != drawn].tolist()


def test_one_seed_is_not_drawn_to_what_stands_in_playlists_with_it():
    plain = mixture(INDEX, [query(5)], [], BALANCED, [ALL])
    found = mixture(INDEX, [query(5)], [], BALANCED, [ALL], together=lambda rows: (rows == 60) * 1.0)

    assert found.rows.tolist() == plain.rows.tolist()


def test_what_is_avoided_is_never_in_the_list_and_pushes_its_like_away():
    plain = mixture(INDEX, [query(5)], [], BALANCED, [ALL])
    near = int(plain.rows[1])

    found = mixture(INDEX, [query(5)], [query(near)], BALANCED, [ALL])

    assert near not in found.rows
    assert set(found.rows.tolist()) < set(plain.rows.tolist())


def test_a_row_is_pushed_away_by_half_of_how_much_nearer_than_usual_it_is_to_what_is_avoided():
    own, avoided = (
        total(distance_parts(INDEX.arrays, query(row), BALANCED, np.arange(N))) for row in (5, 900)
    )

    found = mixture(INDEX, [query(5)], [query(900)], BALANCED, [ALL], n_pool=N)

    assert sorted(found.rows.tolist()) == np.flatnonzero(own < avoided).tolist()
    pushed = own + 0.5 * np.maximum(np.median(avoided) - avoided, 0)
    np.testing.assert_allclose(found.distances, pushed[found.rows], rtol=1e-5)
    assert (np.diff(found.distances) >= 0).all()


def test_a_seed_that_is_avoided_too_leaves_nothing():
    assert len(mixture(INDEX, [query(5)], [query(5)], BALANCED, [ALL]).rows) == 0


def test_filters_hold_for_every_seed():
    allowed = np.arange(N) % 2 == 0

    found = mixture(INDEX, [query(5), query(8)], [], BALANCED, [ALL, ALL], Filters(AllowedRows(allowed)))

    assert len(found.rows)
    assert (found.rows % 2 == 0).all()


def test_what_is_allowed_is_found_alike_all_at_once_and_by_a_search_for_each_seed(monkeypatch):
    rows = [5, 900, 2100, 3000]
    queries, scopes = [query(row) for row in rows], [ALL, [tuple(OFFSETS[:2])], [tuple(OFFSETS[1:3])], ALL]
    filters = Filters(AllowedRows(np.arange(N) % 3 == 0), lambda rows: (rows % 7).astype(np.float32) / 9)

    at_once = pool(INDEX, queries, BALANCED, scopes, filters, 400)
    monkeypatch.setattr("recommender.algorithms.mixes.pool.MAX_PAIRS", 0)
    searched = pool(INDEX, queries, BALANCED, scopes, filters, 400)

    assert at_once.rows.tolist() == searched.rows.tolist()
    assert (at_once.places == searched.places).all()


def test_many_seeds_find_their_nearest_in_the_blocks_opened_for_them(monkeypatch):
    queries = [query(row) for row in range(0, N, 200)]
    scopes = [ALL, [tuple(OFFSETS[:2])]] * 10
    filters = Filters(AllowedRows(np.arange(N) % 3 != 0), lambda rows: (rows % 7).astype(np.float32) / 90)
    exact = pool(INDEX, queries, BALANCED, scopes, filters, 1)

    monkeypatch.setattr("recommender.algorithms.mixes.pool.MAX_PAIRS", 0)
    some = pool(INDEX, queries, BALANCED, scopes, filters, 1)
    monkeypatch.setattr("recommender.algorithms.mixes.pool.ROWS_PER_FOUND", N)
    opened_all = pool(INDEX, queries, BALANCED, scopes, filters, 1)

    assert opened_all.rows.tolist() == exact.rows.tolist()
    assert (opened_all.places == exact.places).all()
    assert (some.rows % 3 != 0).all()
    assert ((some.places < N).sum(axis=1) == MIN_OF_SEED).all()
    of_cluster = some.rows[(some.places[1::2] < N).any(axis=0)]
    assert OFFSETS[0] <= of_cluster.min() <= of_cluster.max() < OFFSETS[1]


@pytest.mark.parametrize("filtered", [False, True])
@pytest.mark.parametrize("count", [MIN_OF_SEED, 900])
def test_by_sound_many_seeds_find_their_exact_nearest(monkeypatch, filtered, count):
    rows = range(0, N, 200)
    scopes = [ALL, [tuple(OFFSETS[:2])], [tuple(OFFSETS[:2]), tuple(OFFSETS[2:])], [(N, N)]] * 5
    allowed = np.arange(N) % 3 != 0 if filtered else np.ones(N, bool)
    penalty = np.random.default_rng(3).random(N).astype(np.float32) * filtered
    filters = Filters(AllowedRows(allowed), lambda rows: penalty[rows]) if filtered else NO_FILTERS
    monkeypatch.setattr("recommender.algorithms.mixes.pool.MAX_PAIRS", 0)

    index = with_hubness(INDEX, np.zeros(N, np.float32))
    found = pool(index, [query(row) for row in rows], SOUND_ALONE, scopes, filters, 20 * count)

    X = INDEX.arrays.X.astype(np.float64)
    for row, places, scope in zip(rows, found.places, scopes, strict=True):
        inside = np.concatenate([np.arange(*each) for each in scope])
        inside = inside[allowed[inside]]
        nearest = inside[(np.linalg.norm(X[inside] - X[row], axis=1) + penalty[inside]).argsort()]
        order = places.argsort()[: len(nearest[:count])]
        assert found.rows[order].tolist() == nearest[:count].tolist()
        assert (places < N).sum() == len(nearest[:count])


@pytest.mark.parametrize("weights", [SOUND_ALONE, BALANCED])
def test_where_nothing_is_allowed_nothing_is_found(weights):
    nothing = Filters(AllowedRows(np.zeros(N, bool)))

    found = mixture(INDEX, [query(5), query(8)], [query(9)], weights, [ALL, ALL], nothing)

    assert len(found.rows) == len(found.distances) == 0


def test_a_wider_pool_finds_more():
    few, all_rows = (mixture(INDEX, [query(5)], [], BALANCED, [ALL], n_pool=n).rows for n in (100, N))

    assert (len(few), len(all_rows)) == (100, N)
    assert few.tolist() == all_rows[:100].tolist()


def test_a_mix_without_seeds_is_refused():
    with pytest.raises(ValueError, match="seed"):
        mixture(INDEX, [], [], BALANCED, [])


def test_variety_repeats_itself_and_keeps_to_the_nearest():
    found = mixture(INDEX, [query(5)], [], BALANCED, [ALL])

    def asked(strength, state):
        return perturb_order((found.rows[:100], found.distances[:100]), strength, state)[0].tolist()

    plain = asked(0, 1)
    assert asked(0.3, 1) == asked(0.3, 1) != asked(0.3, 2)
    assert sorted(asked(0.3, 1)) == sorted(plain)
    assert asked(0, 2) == plain
