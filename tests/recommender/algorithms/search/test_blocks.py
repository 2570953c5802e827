"""Lower bounds of blocks: never above a distance, and the distance itself where a block is one row."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.algorithms.blend.distance import (
    BALANCED,
    LISTENERS,
    SOUND_ALONE,
    BlendWeights,
    distance_parts,
    query_of_row,
    total,
)
from recommender.algorithms.search.blocks import ROUNDING, fit_blocks, lower_bounds
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_arrays

N = 400
ARRAYS = made_arrays(N, 6)
SEEDS = (0, *np.flatnonzero(ARRAYS.listeners.any(axis=1))[[0, -1]].tolist())
KINDS = {
    "balanced": BALANCED,
    "listeners": LISTENERS,
    "hidden gems": replace(BALANCED, familiarity=-1),
    "sound alone": SOUND_ALONE,
    "whole numbers": BlendWeights(2, 3, 1, 1, 4, 2, 3, 2),
}


@pytest.mark.parametrize("weights", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("rows_a_block", [1, 7, N])
def test_no_row_is_nearer_than_the_bound_of_its_block_says(weights, rows_a_block):
    starts = np.unique(np.append(np.arange(0, N, rows_a_block), N))
    blocks = fit_blocks(ARRAYS, starts, N_GENRES)
    numbers = np.random.default_rng(1).permutation(len(starts) - 1)

    for seed in SEEDS:
        stranger = replace(query_of_row(ARRAYS, seed, N_GENRES), companions=np.empty(0, np.int32))
        distances = total(distance_parts(ARRAYS, stranger, weights, np.arange(N)))
        nearest = np.minimum.reduceat(distances, starts[:-1])[numbers]
        bounds = lower_bounds(blocks, stranger, weights, numbers)
        assert (bounds <= nearest).all()
        if rows_a_block == 1:
            np.testing.assert_allclose(bounds, nearest - ROUNDING, atol=2e-5)
