"""Togetherness, held to dense matrices."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.blend.together import SHRINKAGE, Postings, playlist_weights, togetherness


def postings_of(rows_by_playlists) -> Postings:
    matrix = sp.csr_matrix(np.asarray(rows_by_playlists, dtype=np.float64))
    indices = matrix.indices.astype(np.int32)
    return Postings(matrix.indptr.astype(np.int64), indices, playlist_weights(indices))


@given(seed=st.integers(0, 500), n_seeds=st.integers(1, 4), later=st.integers(0, 2))
@settings(deadline=None)
def test_it_is_the_shrunk_cosine_of_playlists_that_weigh_less_the_longer_they_are(seed, n_seeds, later):
    rng = np.random.default_rng(seed)
    held = (rng.random((9, 6)) < 0.3).astype(np.float64)
    held[0, -1] = 1  # the last playlist holds something
    seeds = rng.integers(0, 9, n_seeds).tolist()
    rows = rng.permutation(9)

    found = togetherness(postings_of(held), seeds, n_seeds + later, rows)

    weighted = held * np.sqrt(1 / np.maximum(held.sum(axis=0), 1))
    unit = weighted / np.sqrt((weighted**2).sum(axis=1, keepdims=True) + SHRINKAGE)
    expected = (unit @ unit[seeds].T).sum(axis=1)[rows] / (n_seeds + later)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert (found >= 0).all()
    assert (found <= 1).all()


def test_a_giant_playlist_says_little_of_two_of_its_tracks():
    short, giant = np.eye(1000, 1)[:, :1], np.ones((1000, 1))
    held = np.hstack([short, giant])
    held[1, 0] = 1

    found = togetherness(postings_of(held), [0], 1, np.array([1, 2]))

    assert found[0] > 0.9
    assert found[1] < 0.05


@pytest.mark.parametrize(("seeds", "n_seeds"), [([], 0), ([], 1), ([0], 1)])
def test_without_playlists_nothing_is_together(seeds, n_seeds):
    empty = Postings(np.zeros(4, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))

    assert togetherness(empty, seeds, n_seeds, np.array([1, 2])).tolist() == [0, 0]
    assert len(togetherness(empty, seeds, n_seeds, np.empty(0, np.int64))) == 0
