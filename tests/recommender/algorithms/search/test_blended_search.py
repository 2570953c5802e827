from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.blend.distance import (
    BALANCED,
    LISTENERS,
    BlendWeights,
    distance_parts,
    query_of_row,
    total,
)
from recommender.algorithms.search.blended_search import (
    FEW_ROWS,
    AllowedRows,
    Filters,
    in_blended_order,
    nearest_in_blend,
)
from recommender.algorithms.search.blocks import lower_bounds
from recommender.algorithms.search.picking import ListRules, pick
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_index, without_companions

GEMS = replace(BALANCED, familiarity=-1.0)


def all_rows(batches):
    batches = list(batches)
    return np.concatenate([rows for rows, _ in batches]), np.concatenate([each for _, each in batches])


def brute_force(index, query, weights, rows, penalty=None):
    distances = total(distance_parts(index.arrays, query, weights, rows))
    if penalty is not None:
        distances = distances + penalty(rows)
    order = np.lexsort((index.ids[rows], distances))
    return rows[order], distances[order]


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    weights=st.sampled_from([BALANCED, LISTENERS, GEMS, BlendWeights(genre=0, sound=1)]),
    n_listeners=st.sampled_from([0, 4]),
    filtered=st.booleans(),
)
def test_every_allowed_row_comes_once_in_the_order_of_a_full_scan(seed, weights, n_listeners, filtered):
    index, offsets = made_index(3 * FEW_ROWS, seed % 1000, n_listeners=n_listeners)
    rng = np.random.default_rng(seed)
    query = query_of_row(index.arrays, int(rng.integers(3 * FEW_ROWS)), N_GENRES)
    slices = [(0, int(offsets[1])), (int(offsets[2]), int(offsets[3]))]
    allowed = rng.random(3 * FEW_ROWS) < rng.choice([0.05, 0.8]) if filtered else None
    toll = rng.random(3 * FEW_ROWS).astype(np.float32)
    filters = Filters(AllowedRows(allowed), lambda rows: toll[rows]) if filtered else Filters()
    scope = np.concatenate([np.arange(*each) for each in slices])
    scope = scope[allowed[scope]] if filtered else scope

    rows, distances = all_rows(in_blended_order(index, query, weights, slices, filters))

    true_rows, true_distances = brute_force(index, query, weights, scope, filters.penalty)
    np.testing.assert_allclose(distances, true_distances, atol=2e-6)
    swapped = rows != true_rows
    assert sorted(rows) == sorted(scope)
    # BLAS may round a sum differently in a batch of another size: only such ties may trade places.
    np.testing.assert_allclose(distances[swapped], true_distances[swapped], atol=2e-6)


@pytest.mark.parametrize("weights", [BALANCED, LISTENERS, GEMS])
@pytest.mark.parametrize("level", ["blocks", "branches"])
@pytest.mark.parametrize("seed", range(5))
def test_no_row_is_nearer_than_the_bound_of_its_block(weights, level, seed):
    index, _ = made_index(5000, seed)
    blocks = getattr(index, level)
    starts = blocks.starts
    query = query_of_row(index.arrays, 1234 + seed, N_GENRES)

    bounds = lower_bounds(blocks, query, weights, np.arange(len(starts) - 1))

    parts = distance_parts(index.arrays, without_companions(query), weights, np.arange(5000))
    nearest = np.minimum.reduceat(total(parts), starts[:-1])
    assert (bounds <= nearest).all()
    if level == "blocks":
        assert np.corrcoef(bounds, nearest)[0, 1] > 0.4


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    weights=st.sampled_from([BALANCED, LISTENERS, GEMS, BlendWeights(genre=0, sound=1)]),
    share=st.sampled_from([None, 0.002, 0.05, 0.8]),
    per_artist=st.sampled_from([0, 1, 3]),
    limit=st.sampled_from([1, 20, 100]),
)
def test_a_list_is_what_its_rules_leave_of_a_full_scan(seed, weights, share, per_artist, limit):
    n = 5 * FEW_ROWS
    index, offsets = made_index(n, seed % 50)
    rng = np.random.default_rng(seed)
    row = int(rng.integers(n))
    query = query_of_row(index.arrays, row, N_GENRES)
    slices = [(0, int(offsets[1])), (int(offsets[2]), int(offsets[3]))]
    recordings = rng.integers(0, n // 2, n)
    # All releases of a recording have one artist.
    rules = ListRules(
        recordings, recordings % 97 - 1, frozenset([int(recordings[row])]), per_artist=per_artist
    )
    scope = np.concatenate([np.arange(*each) for each in slices])
    filters = Filters()
    if share is not None:
        allowed = rng.random(n) < share
        filters, scope = Filters(AllowedRows(allowed)), scope[allowed[scope]]

    found = nearest_in_blend(index, query, weights, slices, rules, limit, filters)

    true_rows, true_distances = brute_force(index, query, weights, scope)
    expected = pick([(true_rows, true_distances)], rules, limit)
    np.testing.assert_allclose(found.distances, expected.distances, atol=2e-6)
    assert len(found.rows) == len(expected.rows)
    if found.rows == expected.rows:  # else two rows at the same distance have traded places
        assert found.left_out == expected.left_out


def test_the_first_batch_opens_only_some_of_the_blocks():
    index, _ = made_index(20_000, 3)
    query = query_of_row(index.arrays, 17, N_GENRES)

    rows, distances = next(iter(in_blended_order(index, query, BALANCED, [(0, 20_000)])))

    assert 0 < len(rows) < 10_000
    assert rows[0] == 17
    assert (np.diff(distances) >= 0).all()


@pytest.mark.parametrize("slices", [[], [(0, 0)]])
def test_an_empty_scope_answers_nothing(slices):
    index, _ = made_index(100, 0)

    rows, _ = all_rows(in_blended_order(index, query_of_row(index.arrays, 3, N_GENRES), BALANCED, slices))

    assert rows.tolist() == []
