import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.algorithms.clustering.fitting import Start, fit_clusters, n_distinct_rows, seeded_sample
from tests.recommender.algorithms.blobs import blobs, same_partition

small_tables = arrays(
    np.float32, st.tuples(st.integers(1, 25), st.integers(1, 3)), elements=st.integers(-3, 3).map(float)
)


def test_four_points_by_hand():
    X = np.array([[0, 0], [0, 2], [10, 0], [10, 2]], dtype=np.float32)
    fit = fit_clusters(X, 2, random_state=0)
    assert same_partition(fit.labels, [0, 0, 1, 1])
    assert sorted(fit.centroids.tolist()) == [[0, 1], [10, 1]]
    assert fit.distances.tolist() == [1, 1, 1, 1]
    assert fit.inertia == pytest.approx(4)


def test_two_far_blobs_are_found():
    X, truth = blobs(200, [[0, 0, 0], [5, 5, 5]])
    assert same_partition(fit_clusters(X, 2, random_state=0).labels, truth)


def test_the_largest_cluster_has_label_zero():
    few, _ = blobs(20, [[0, 0]])
    many, _ = blobs(90, [[9, 9]])
    fit = fit_clusters(np.concatenate([few, many]), 2, random_state=3)
    assert fit.sizes.tolist() == [90, 20]
    assert fit.centroids[0] == pytest.approx([9, 9], abs=0.1)


def test_the_same_seed_gives_the_same_fit():
    X = np.random.default_rng(1).normal(size=(500, 4)).astype(np.float32)
    first, second = (fit_clusters(X, 6, random_state=5) for _ in range(2))
    assert (first.labels == second.labels).all()
    assert np.allclose(first.centroids, second.centroids)


@settings(deadline=None, max_examples=40)
@given(small_tables, st.integers(1, 6))
def test_every_row_is_with_its_nearest_centroid_and_no_cluster_is_empty(X, asked):
    n_clusters = min(asked, n_distinct_rows(X, asked))
    fit = fit_clusters(X, n_clusters, random_state=0, n_init=2)
    distances = np.linalg.norm(X[:, None, :] - fit.centroids[None], axis=2)
    assert (fit.sizes > 0).all()
    assert fit.sizes.sum() == len(X)
    assert (np.diff(fit.sizes) <= 0).all()
    assert np.allclose(fit.distances, distances[np.arange(len(X)), fit.labels], atol=1e-4)
    assert (fit.distances <= distances.min(axis=1) + 1e-4).all()


def test_more_clusters_than_different_rows_are_refused():
    X = np.ones((10, 2), dtype=np.float32)
    with pytest.raises(ValueError, match="3 clusters need as many different rows, there are 1"):
        fit_clusters(X, 3, random_state=0)


def test_distinct_rows_are_looked_for_beyond_the_first_ones():
    X = np.zeros((10_050, 1), dtype=np.float32)
    X[-3:, 0] = [1, 2, 3]
    assert n_distinct_rows(X, 4) == 4


def test_a_sample_is_seeded_ascending_and_without_repeats():
    sample = seeded_sample(1000, 50, 7)
    assert len(set(sample.tolist())) == 50
    assert (np.diff(sample) > 0).all()
    assert (sample == seeded_sample(1000, 50, 7)).all()
    assert (sample != seeded_sample(1000, 50, 8)).any()
    assert seeded_sample(3, 50, 7).tolist() == [0, 1, 2]


def test_a_fit_stays_with_given_centroids_while_seeded_ones_are_hardly_better():
    X = np.random.default_rng(0).uniform(size=(3000, 2)).astype(np.float32)  # no clusters: many fits as good
    first = fit_clusters(X, 12, random_state=0, n_init=1)
    afresh = fit_clusters(X, 12, random_state=1, n_init=1)
    again = fit_clusters(X, 12, random_state=1, n_init=1, init=first.centroids)

    assert not same_partition(first.labels, afresh.labels)
    assert again.start.is_warm
    assert (again.labels == first.labels).mean() > 0.99
    assert again.start.warm == pytest.approx(again.inertia / 3000)
    assert again.start.seeded == pytest.approx(afresh.inertia / 3000)
    assert again.start.warm - again.start.seeded <= again.start.interval


def test_a_fit_leaves_given_centroids_for_one_better_by_more_than_its_interval():
    X, truth = blobs(100, [[0, 0], [0, 9], [9, 9]])
    poor = np.array([[0, 4.5], [8.95, 9], [9.05, 9]], np.float32)  # one for two blobs, two for one
    fit = fit_clusters(X, 3, random_state=0, init=poor)

    assert same_partition(fit.labels, truth)
    assert not fit.start.is_warm
    assert fit.start.warm - fit.start.seeded > fit.start.interval


def test_the_interval_is_half_that_of_the_mean_squared_distance():
    X = np.repeat(np.array([[0.0], [2.0], [10.0], [14.0]], np.float32), 25, axis=0)
    start = fit_clusters(X, 2, random_state=0, init=np.array([[1.0], [12.0]], np.float32)).start
    assert start == Start(True, 2.5, 2.5, pytest.approx(1.96 * 1.5 / 10))  # 50 squares of 1 and 50 of 4


def test_a_fit_that_was_given_nothing_says_so():
    assert fit_clusters(np.eye(3, dtype=np.float32), 2, random_state=0).start == Start()
