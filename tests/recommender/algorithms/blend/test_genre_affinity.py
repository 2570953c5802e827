import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.blend.genre_affinity import WIDTH, fit_genre_vectors, inverse_frequencies


def test_a_rare_genre_weighs_more():
    idf = inverse_frequencies(sp.csr_matrix([[1.0, 1, 0], [1, 0, 0], [1, 0, 0]]))

    np.testing.assert_allclose(idf, [np.log(4 / 3), np.log(4), 0], rtol=1e-6)


def test_an_artists_genres_relate_its_tracks():
    genres = sp.csr_matrix([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    credits = sp.csr_matrix([[1.0, 0], [1, 0], [0, 1], [1, 0]])

    vectors = fit_genre_vectors(genres, credits).matrix.toarray()

    cosine = vectors @ vectors.T
    assert 0.3 < cosine[0, 1] < 1
    assert cosine[0, 2] == 0
    assert min(cosine[3, 0], cosine[3, 1]) > 0.7


def test_without_artist_weight_only_own_genres_count():
    genres = sp.csr_matrix(np.eye(2))
    credits = sp.csr_matrix(np.ones((2, 1)))

    vectors = fit_genre_vectors(genres, credits, artist_weight=0).matrix.toarray()

    np.testing.assert_allclose(vectors, np.eye(2))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 60), n_genres=st.integers(1, 12))
def test_vectors_are_of_unit_length_or_empty_and_fit_their_width(seed, n, n_genres):
    rng = np.random.default_rng(seed)
    genres = sp.csr_matrix((rng.random((n, n_genres)) < 0.3).astype(float))
    credits = sp.csr_matrix((rng.random((n, 7)) < 0.2).astype(float))

    fitted = fit_genre_vectors(genres, credits)
    ids, weights = fitted.fixed_width()

    norms = np.linalg.norm(weights, axis=1)
    assert (np.isclose(norms, 1, atol=1e-5) | (norms == 0)).all()
    assert ids.shape == weights.shape == (n, WIDTH)
    assert (np.diff(weights, axis=1) <= 1e-7).all()
    dense = np.zeros((n, n_genres))
    np.add.at(dense, (np.arange(n)[:, None], ids), weights)
    np.testing.assert_allclose(dense, fitted.matrix.toarray(), atol=1e-6)
    assert (norms[np.diff(genres.indptr) > 0] > 0).all()
