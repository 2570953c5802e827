import numpy as np
import scipy.sparse as sp

from recommender.algorithms.blend.genre_affinity import fit_genre_vectors
from recommender.algorithms.clustering import families
from recommender.algorithms.clustering.families import genre_families


def families_of(genres: list[list[int]], artists: list[int], n_genres: int) -> list[int]:
    indptr = np.cumsum([0, *map(len, genres)]).astype(np.int64)
    indices = np.array([genre for row in genres for genre in row], dtype=np.int32)
    has_genre = sp.csr_matrix((np.ones(len(indices)), indices, indptr), (len(genres), n_genres))
    rows = np.arange(len(artists))
    credits = sp.csr_matrix((np.ones(len(artists)), (rows, artists)), (len(artists), max(artists) + 1))
    return genre_families(fit_genre_vectors(has_genre, credits).matrix, indptr, indices).tolist()


def test_labels_that_share_tracks_are_a_family():
    first, second, third = families_of([[0, 1]] * 5 + [[2]] * 5, list(range(10)), 3)
    assert first == second != third


def test_labels_that_share_artists_are_a_family():
    found = families_of([[0], [1]] * 5 + [[2]] * 5, [*np.repeat(range(5), 2).tolist(), 5, 6, 7, 8, 9], 3)
    assert found[0] == found[1] != found[2]


def test_labels_that_share_nothing_stay_alone():
    assert families_of([[0], [1], [2]], [0, 1, 2], 3) == [0, 1, 2]


def test_a_catalogue_without_genres_has_no_family_and_one_genre_is_its_own():
    assert families_of([[], []], [0, 1], 0) == []
    assert families_of([[0], []], [0, 1], 1) == [0]


def test_of_too_many_genres_the_rarest_stay_alone(monkeypatch):
    monkeypatch.setattr(families, "MAX_GENRES", 2)
    found = families_of([[0, 1]] * 5 + [[2, 0]] * 2, list(range(7)), 3)
    assert found[0] == found[1] != found[2]
