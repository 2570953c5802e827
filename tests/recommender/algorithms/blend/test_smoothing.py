import numpy as np
import pytest
import scipy.sparse as sp

from recommender.algorithms.blend import smoothing
from recommender.algorithms.blend.smoothing import ControlChoices, expected_values

RANDOM = np.random.default_rng(4)
GENRES = sp.csr_matrix((RANDOM.random((80, 12)) < 0.2).astype(np.float32))
VALUES = RANDOM.normal(size=(80, 3)).astype(np.float32)


@pytest.mark.parametrize("ridge", [0.5, 3.0])
def test_many_genres_are_solved_for_like_few(monkeypatch, ridge):
    around = ControlChoices(GENRES, RANDOM.integers(-1, 9, 80))
    few = expected_values(np.arange(50), VALUES[:50], around, ridge=ridge)

    monkeypatch.setattr(smoothing, "MAX_DENSE_FEATURES", 11)
    many = expected_values(np.arange(50), VALUES[:50], around, ridge=ridge)

    np.testing.assert_allclose(many, few, atol=1e-4)


def test_what_genres_say_is_a_ridge_regression():
    nobody = ControlChoices(GENRES, np.full(80, -1))
    dense = GENRES.toarray().astype(np.float64)

    found = expected_values(np.arange(50), VALUES[:50], nobody, ridge=2.0)

    known = dense[:50]
    coefficients = np.linalg.solve(known.T @ known + 2 * np.eye(12), known.T @ VALUES[:50])
    np.testing.assert_allclose(found, dense @ coefficients, atol=1e-5)


@pytest.mark.parametrize("shrinkage", [1.0, 4.0])
def test_an_artist_speaks_the_more_the_more_of_its_tracks_are_known(shrinkage):
    """Without genres: artist 0 with three known tracks, 1 with one, 2 with none, and a track by nobody."""
    artists = np.array([0, 0, 0, 1, 0, 1, 2, -1])
    around = ControlChoices(sp.csr_matrix((8, 1), dtype=np.float32), artists)
    values = np.array([[1.0], [2.0], [6.0], [4.0]], np.float32)

    found = expected_values(np.arange(4), values, around, artist_shrinkage=shrinkage)

    many, one = 9 / (3 + shrinkage), 4 / (1 + shrinkage)
    np.testing.assert_allclose(found.ravel(), [many, many, many, one, many, one, 0, 0], rtol=1e-6)
