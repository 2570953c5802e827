"""The seam: any estimator of scikit-learn's contract can be chosen, fitted and judged by its name."""

from typing import Self

import numpy as np
import pytest
from sklearn.cluster import KMeans

from recommender.algorithms.clustering.choosing import choose_n_clusters
from recommender.algorithms.clustering.estimators import ALGORITHMS, fit_estimator
from recommender.algorithms.clustering.fitting import fit_clusters
from recommender.algorithms.clustering.scores import stability
from tests.recommender.algorithms.blobs import blobs


class Slabs:
    """Cuts the first feature into slabs of as many rows each: nothing like KMeans."""

    def __init__(self, n_clusters: int, *, random_state: int, n_init: int, init: object) -> None:
        self.n_clusters = n_clusters

    def fit(self, X: np.ndarray) -> Self:
        ranks = np.argsort(np.argsort(X[:, 0], kind="stable"), kind="stable")
        self.labels_ = ranks * self.n_clusters // len(X)
        self.cluster_centers_ = np.zeros((self.n_clusters, X.shape[1]))
        for label in range(self.n_clusters):
            self.cluster_centers_[label, 0] = X[self.labels_ == label, 0].mean()
        return self


@pytest.fixture
def slabs(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(ALGORITHMS, "slabs", Slabs)
    return "slabs"


def test_kmeans_is_that_of_scikit_learn():
    X = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)

    ours = fit_estimator(X, 5, random_state=3, n_init=2, algorithm="kmeans")
    theirs = KMeans(5, n_init=2, random_state=3).fit(X)

    assert (ours.labels_ == theirs.labels_).all()
    assert fit_clusters(X, 5, random_state=3, n_init=2).inertia == pytest.approx(theirs.inertia_, rel=1e-4)


def test_another_algorithm_is_fitted_by_its_name(slabs):
    X = np.array([[0, 9], [1, -9], [2, 9], [3, -9], [4, 9]], dtype=np.float32)

    fit = fit_clusters(X, 2, random_state=0, algorithm=slabs)

    assert fit.labels.tolist() == [0, 0, 0, 1, 1]
    assert fit.centroids == pytest.approx(np.array([[1, 0], [3.5, 0]]))
    assert fit.inertia == pytest.approx(2 + 243 + 0.5 + 162)


def test_another_algorithm_is_chosen_for_and_judged(slabs):
    X, truth = blobs(200, [[0, 0], [0, 9]])  # apart in the second feature, which slabs never look at

    assert stability(X, truth.astype(np.int32), random_state=0) == pytest.approx(1)
    assert stability(X, truth.astype(np.int32), random_state=0, algorithm=slabs) < 0.2
    choice = choose_n_clusters(X, random_state=0, algorithm=slabs)
    assert max(each.silhouette for each in choice.candidates) < 0.2


def test_an_unknown_algorithm_is_refused():
    with pytest.raises(KeyError):
        fit_clusters(np.eye(3, dtype=np.float32), 2, random_state=0, algorithm="nope")
