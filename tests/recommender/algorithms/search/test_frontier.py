"""Blocks that a search has not opened: every row once, the promising first, and a horizon that holds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.blend.distance import BALANCED, LISTENERS, distance_parts, query_of_row, total
from recommender.algorithms.search.blocks import lower_bounds
from recommender.algorithms.search.frontier import Frontier
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_index, without_companions

N_ROWS = 6000


def frontier_of(seed: int, weights=BALANCED, clusters=(0, 2)):
    index, offsets = made_index(N_ROWS, seed % 20)
    query = query_of_row(index.arrays, seed % N_ROWS, N_GENRES)
    slices = [(int(offsets[label]), int(offsets[label + 1])) for label in clusters]
    scope = np.concatenate([np.empty(0, np.int64), *(np.arange(*each) for each in slices)])
    return Frontier(index.blocks, index.branches, query, weights, slices), index, query, scope


def distances_of(index, query, weights, rows):
    """Of rows as those of other artists, which is what bounds are of."""
    return total(distance_parts(index.arrays, without_companions(query), weights, rows))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    weights=st.sampled_from([BALANCED, LISTENERS]),
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4),
)
def test_all_rows_of_the_scope_come_once_and_none_is_nearer_than_the_horizon_before(seed, weights, sizes):
    frontier, index, query, scope = frontier_of(seed, weights)
    opened = np.empty(0, np.int64)

    while frontier.horizon < np.inf:
        assert len(opened) < len(scope)
        rest = np.setdiff1d(scope, opened)
        assert distances_of(index, query, weights, rest).min() >= frontier.horizon
        rows = frontier.rows(sizes[len(opened) % len(sizes)])
        assert len(rows) > 0
        assert len(np.intersect1d(rows, opened)) == 0
        opened = np.concatenate([opened, rows])

    assert sorted(opened) == scope.tolist()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.01, 0.9))
def test_within_a_distance_all_rows_at_most_so_far_are_opened_in_the_end(seed, share):
    frontier, index, query, scope = frontier_of(seed)
    distances = distances_of(index, query, BALANCED, scope)
    within = float(np.quantile(distances, share))
    opened, steps = [], len(index.blocks.starts)

    while frontier.horizon <= within:
        opened.append(frontier.rows(64, within))
        assert len(opened) < steps, "no end in sight"

    assert set(scope[distances <= within]) <= set(np.concatenate(opened).tolist())


@pytest.mark.parametrize("seed", range(4))
def test_blocks_that_are_farther_than_asked_for_stay_closed(seed):
    frontier, index, query, scope = frontier_of(seed)
    n_blocks = len(index.blocks.starts) - 1
    bounds = lower_bounds(index.blocks, query, BALANCED, np.arange(n_blocks))
    within = float(np.quantile(bounds, 0.1))

    rows = frontier.rows(n_blocks, within)

    of_rows = np.searchsorted(index.blocks.starts, rows, side="right") - 1
    assert 0 < len(rows) < len(scope)
    assert bounds[of_rows].max() <= within


def test_the_first_to_be_opened_are_nearer_on_average_than_what_is_left():
    frontier, index, query, scope = frontier_of(7, clusters=(0, 1, 2))

    first = frontier.rows(16)

    rest = np.setdiff1d(scope, first)
    distances = (distances_of(index, query, BALANCED, rows).mean() for rows in (first, rest))
    assert next(distances) < next(distances)
    assert len(first) < len(rest)


def test_an_empty_scope_has_nothing_to_open():
    frontier, *_ = frontier_of(3, clusters=())

    assert frontier.horizon == np.inf
    assert len(frontier.rows(5)) == 0
