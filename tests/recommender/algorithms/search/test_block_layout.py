"""The order of rows: each once, whole clusters, blocks and branches of a limited size and of like rows."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.blend.distance import BALANCED, BlendArrays, query_of_row, reordered
from recommender.algorithms.search.block_layout import BLOCK_ROWS, BRANCH_ROWS, block_layout
from recommender.algorithms.search.blocks import fit_blocks, lower_bounds
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_arrays


def laid_out(n: int, seed: int, n_clusters: int):
    arrays = made_arrays(n, seed)
    labels = np.random.default_rng(seed + 1).integers(0, n_clusters, n)
    return arrays, labels, block_layout(labels, arrays.listeners.any(axis=1), arrays)


def only(arrays: BlendArrays, rows: np.ndarray) -> BlendArrays:
    """Some rows, each as often as it is named, of all that a layout looks at."""
    looked_at = ("X", "genre_ids", "genre_weights", "popularity", "familiarity", "log_duration", "listeners")
    return replace(arrays, **{name: getattr(arrays, name)[rows] for name in looked_at})


@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 3000), seed=st.integers(0, 1000), n_clusters=st.integers(1, 5))
def test_every_row_has_one_place_in_blocks_in_branches_in_clusters(n, seed, n_clusters):
    _, labels, layout = laid_out(n, seed, n_clusters)

    assert sorted(layout.order) == list(range(n))
    assert (np.diff(labels[layout.order]) >= 0).all()
    edges_of_clusters = np.flatnonzero(np.diff(labels[layout.order])) + 1
    for starts, most in ((layout.blocks, BLOCK_ROWS), (layout.branches, BRANCH_ROWS)):
        assert (starts[0], starts[-1]) == (0, n)
        assert 1 <= np.diff(starts).min() <= np.diff(starts).max() <= most
        assert set(edges_of_clusters) <= set(starts)
    assert set(layout.branches) <= set(layout.blocks)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_a_block_does_not_mix_rows_that_playlists_hold_with_others_nor_heaviest_genres(seed):
    arrays, _, layout = laid_out(1500, seed, 2)
    heaviest = arrays.genre_ids[layout.order, 0]
    in_playlists = arrays.listeners.any(axis=1)[layout.order]

    for start, stop in pairwise(layout.blocks):
        assert len(set(heaviest[start:stop])) == len(set(in_playlists[start:stop])) == 1


def test_ties_keep_the_order_in_which_the_rows_came():
    alike = only(made_arrays(100, 0), np.zeros(100, np.int64))

    layout = block_layout(np.zeros(100, np.int64), np.zeros(100, bool), alike)

    assert layout.order.tolist() == list(range(100))


def test_no_rows_make_no_blocks():
    none = only(made_arrays(2, 0), np.empty(0, np.int64))

    layout = block_layout(np.empty(0, np.int64), np.empty(0, bool), none)

    assert (len(layout.order), layout.blocks.tolist(), layout.branches.tolist()) == (0, [0], [0])


@pytest.mark.parametrize("seed", range(3))
def test_blocks_of_like_rows_have_tighter_bounds_than_blocks_of_any(seed):
    arrays, _, layout = laid_out(4000, seed, 1)
    query = query_of_row(arrays, 11, N_GENRES)

    def mean_bound(order: np.ndarray) -> float:
        blocks = fit_blocks(reordered(arrays, order), layout.blocks, N_GENRES)
        return float(lower_bounds(blocks, query, BALANCED, np.arange(len(layout.blocks) - 1)).mean())

    shuffled = np.random.default_rng(seed).permutation(4000)
    assert mean_bound(layout.order) > 1.05 * mean_bound(shuffled)
