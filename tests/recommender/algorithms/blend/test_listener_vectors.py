import numpy as np
import pytest
import scipy.sparse as sp

from recommender.algorithms.blend.listener_vectors import (
    MAX_PLAYLIST_LENGTH,
    Playlists,
    enough_to_learn,
    fit_listener_vectors,
    listener_features,
    mutual_information,
)
from recommender.algorithms.blend.smoothing import ControlChoices, expected_values
from recommender.algorithms.clustering.context import in_context


def lists_of(*rows, n):
    matrix = sp.lil_matrix((len(rows), n))
    for number, row in enumerate(rows):
        matrix[number, list(row)] = 1
    return Playlists(matrix.tocsr(), np.full(len(rows), -1))


def two_tastes(seed=0, n=200):
    """Rows below n / 2 are heard together, so are the others; the last ten of each in no playlist."""
    rng = np.random.default_rng(seed)
    half = n // 2
    heard = [rng.choice(half - 10, 12, replace=False) + half * (number % 2) for number in range(60)]
    genres = sp.csr_matrix(np.eye(2, dtype=np.float32)[np.arange(n) // half])
    return lists_of(*heard, n=n), ControlChoices(genres, np.arange(n) // 2)


def test_listeners_tell_two_tastes_apart_and_infer_what_no_playlist_holds():
    playlists, around = two_tastes()

    found = fit_listener_vectors(playlists, around, n_components=8, random_state=0)

    affinity = found.vectors @ found.vectors.T
    assert affinity[:90, :90].mean() > 5 * abs(affinity[:90, 100:190].mean())
    unheard = found.vectors[90:100]
    assert found.counts[90:100].sum() == 0
    assert (
        (unheard @ found.vectors[:90].T).mean(axis=1) > (unheard @ found.vectors[100:190].T).mean(axis=1)
    ).all()
    assert np.linalg.norm(unheard, axis=1).max() < np.linalg.norm(found.vectors[:90], axis=1).mean()


def test_a_handful_of_tracks_has_vectors_of_fewer_components():
    playlists = lists_of([0, 1, 2], [1, 2, 3], [0, 3], n=4)

    found = fit_listener_vectors(playlists, ControlChoices(sp.csr_matrix((4, 1)), np.arange(4)))

    assert found.vectors.shape == (4, 3)
    assert np.isfinite(found.vectors).all()


def test_the_same_input_gives_the_same_vectors():
    first, second = (fit_listener_vectors(*two_tastes(), n_components=5, random_state=3) for _ in range(2))

    assert (first.vectors == second.vectors).all()


def test_a_pair_by_one_artist_says_nothing():
    playlists = lists_of([0, 1], [0, 1, 2], n=3)

    information = mutual_information(playlists, np.array([4, 4, 5]))

    assert information[0, 1] == information[1, 0] == 0
    with pytest.raises(ValueError, match="different artists"):
        fit_listener_vectors(
            lists_of([0, 1], n=2), ControlChoices(sp.csr_matrix(np.ones((2, 1))), np.array([4, 4]))
        )


def test_a_giant_playlist_is_thinned():
    n = 4 * MAX_PLAYLIST_LENGTH
    information = mutual_information(lists_of(range(n), [0, 1], n=n), np.arange(n))

    assert information.shape == (n, n)
    assert information.nnz <= MAX_PLAYLIST_LENGTH**2 + 2


def test_the_playlists_of_one_owner_do_not_add_up():
    playlists = lists_of([0, 1], [0, 1], [0, 1], [0, 1], [0, 2], [1, 2], [2, 3], [1, 3], n=4)
    artists = np.arange(4)
    one_owner = Playlists(playlists.lists, np.array([7, 7, 7, 7, -1, -1, -1, -1]))

    assert mutual_information(one_owner, artists)[0, 1] < mutual_information(playlists, artists)[0, 1]


def test_few_playlists_are_not_enough_to_learn_from():
    assert not enough_to_learn(lists_of(range(150), n=200))
    assert enough_to_learn(two_tastes()[0])


def test_features_for_inference_hold_genres_then_sound():
    features = listener_features(
        sp.csr_matrix([[1.0, 0.0]]), np.array([[9.0, -1]], np.float32), np.array([50], np.uint8)
    )

    np.testing.assert_allclose(features.toarray(), [[1, 0, 0.3, -0.1, 0.25, 0.3]], rtol=1e-6)


def test_expectations_follow_genre_first_then_artist():
    genres = sp.csr_matrix(np.repeat(np.eye(2, dtype=np.float32), 100, axis=0))
    artists = np.concatenate([np.zeros(4), np.arange(1, 197)]).astype(np.int64)
    values = np.where(np.arange(200) < 100, 1.0, -1.0).astype(np.float32)[:, None]
    values[:3] = 5
    known = np.setdiff1d(np.arange(200), [3, 150])
    artists[199] = -1

    expected = expected_values(known, values[known], ControlChoices(genres, artists), ridge=1e-6)

    genre_mean = values[known[known < 100]].mean()
    assert expected[3, 0] == pytest.approx(genre_mean + (5 - genre_mean) * 3 / 4, rel=1e-3)
    assert expected[150, 0] == pytest.approx(-1, rel=1e-3)
    assert expected[199, 0] == pytest.approx(-1, rel=1e-3)


def test_context_draws_an_artist_together_and_leaves_the_unlabelled_alone():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3)).astype(np.float32)
    genres = np.zeros((300, 2), np.float32)
    genres[:299, 0] = 1
    artists = np.concatenate([np.arange(299) // 10, [-1]])
    around = ControlChoices(sp.csr_matrix(genres), artists)

    drawn = in_context(X, around, share=0.7)

    assert drawn[:10].std(axis=0).mean() < 0.5 * X[:10].std(axis=0).mean()
    np.testing.assert_allclose(drawn[299], X[299], rtol=1e-6)
    assert (in_context(X, around, share=0) == X).all()
    with pytest.raises(ValueError, match="share"):
        in_context(X, around, share=1.5)
