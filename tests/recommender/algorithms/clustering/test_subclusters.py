import numpy as np
import pytest
import scipy.sparse as sp

from recommender.algorithms.clustering import subclusters
from recommender.algorithms.clustering.genre_axes import GENRE_WEIGHT, places_with_genres
from recommender.algorithms.clustering.subclusters import fit_genre_axes, fit_subclusters, n_subclusters


def groups(*sizes: int) -> np.ndarray:
    """Rows (sum of sizes, 2) around far-apart places, one a size."""
    rng = np.random.default_rng(0)
    rows = [rng.normal(10 * place, 0.3, (size, 2)) for place, size in enumerate(sizes)]
    return np.concatenate(rows).astype(np.float32)


@pytest.mark.parametrize(
    ("n_tracks", "expected"), [(1, 1), (300, 1), (999, 1), (1000, 2), (4000, 3), (30_000, 20)]
)
def test_how_many_sub_clusters_a_cluster_gets(n_tracks, expected):
    assert n_subclusters(n_tracks) == expected


def test_each_cluster_is_split_by_itself_the_largest_part_first(monkeypatch):
    monkeypatch.setattr(subclusters, "TRACKS_PER_SUBCLUSTER", 600)
    Z = groups(400, 800, 300, 200)
    labels = np.repeat([0, 1], [1200, 500]).astype(np.int32)
    found = fit_subclusters(Z, labels, 2, random_state=0)
    assert found.parents.tolist() == [0, 0, 1]
    assert found.is_split.tolist() == [True, False]
    assert found.sizes.tolist() == [800, 400, 500]
    assert set(found.labels[labels == 1]) == {2}
    assert found.centroids[0] == pytest.approx([10, 10], abs=0.1)


def test_a_part_too_small_to_browse_joins_its_neighbour(monkeypatch):
    monkeypatch.setattr(subclusters, "TRACKS_PER_SUBCLUSTER", 400)
    found = fit_subclusters(groups(600, 500, 60), np.zeros(1160, np.int32), 1, random_state=0)
    assert found.sizes.tolist() == [600, 560]
    assert len(set(found.labels[600:].tolist())) == 1


def test_it_begins_from_the_parts_before_while_the_size_asks_for_as_many(monkeypatch):
    monkeypatch.setattr(subclusters, "TRACKS_PER_SUBCLUSTER", 100)
    monkeypatch.setattr(subclusters, "MIN_SUBCLUSTER_TRACKS", 10)
    Z = np.random.default_rng(0).normal(size=(1200, 2)).astype(np.float32)
    labels = np.zeros(len(Z), np.int32)
    first = fit_subclusters(Z, labels, 1, random_state=0)
    again = fit_subclusters(Z, labels, 1, random_state=1, starts={0: first.centroids})
    afresh = fit_subclusters(Z, labels, 1, random_state=1)
    assert (again.labels == first.labels).all()
    assert not np.array_equal(afresh.labels, first.labels)
    few = fit_subclusters(Z, labels, 1, random_state=1, starts={0: first.centroids[:2]})
    assert len(few.centroids) == len(afresh.centroids)


def test_identical_tracks_are_not_split():
    found = fit_subclusters(np.zeros((2000, 3), np.float32), np.zeros(2000, np.int32), 1, random_state=0)
    assert found.is_split.tolist() == [False]
    assert found.sizes.tolist() == [2000]


def test_genres_that_go_together_lie_together():
    vectors = sp.csr_matrix(np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]], np.float32))
    axes = fit_genre_axes(vectors, random_state=0)
    first, second, third, fourth = places_with_genres(np.zeros((4, 2), np.float32), vectors, axes)[:, 2:]
    assert first == pytest.approx(second, abs=1e-4)
    assert np.linalg.norm(first - third) > np.linalg.norm(third - fourth)
    assert np.linalg.norm(first) == pytest.approx(GENRE_WEIGHT)


@pytest.mark.parametrize("n_genres", [0, 1, 2])
def test_few_genres_make_no_axes(n_genres):
    vectors = sp.csr_matrix(np.ones((3, n_genres), np.float32))
    axes = fit_genre_axes(vectors, random_state=0)
    assert axes.shape == (n_genres, 0)
    assert places_with_genres(np.ones((3, 2), np.float32), vectors, axes).shape == (3, 2)


def test_a_track_without_genres_has_no_direction():
    vectors = sp.csr_matrix(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], np.float32))
    axes = fit_genre_axes(vectors, random_state=0)
    assert places_with_genres(np.zeros((4, 1), np.float32), vectors, axes)[3].tolist() == [0] * 3
