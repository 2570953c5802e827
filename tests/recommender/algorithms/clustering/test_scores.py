import numpy as np
import pytest
from sklearn.cluster import KMeans

from recommender.algorithms.clustering import scores
from tests.recommender.algorithms.blobs import blobs

NO_GENRES = (np.zeros(5, dtype=np.int64), np.empty(0, dtype=np.int32))


def test_silhouette_of_four_points_by_hand():
    X = np.array([[0.0], [1.0], [10.0], [11.0]], dtype=np.float32)
    labels = np.array([0, 0, 1, 1], dtype=np.int32)
    outer, inner = 1 - 1 / 10.5, 1 - 1 / 9.5
    assert scores.silhouette(X, labels, random_state=0) == pytest.approx((outer + inner) / 2)


def test_davies_bouldin_and_calinski_harabasz_of_four_points_by_hand():
    X = np.array([[0.0], [2.0], [10.0], [12.0]], dtype=np.float32)
    labels = np.array([0, 0, 1, 1], dtype=np.int32)
    assert scores.davies_bouldin(X, labels) == pytest.approx((1 + 1) / 10)
    assert scores.calinski_harabasz(X, labels) == pytest.approx((4 * 25 / 1) / (4 * 1 / 2))


def test_far_blobs_score_near_the_best_and_a_random_labelling_does_not():
    X, truth = blobs(100, [[0, 0], [9, 9], [0, 9]])
    labels = truth.astype(np.int32)
    drawn = np.random.default_rng(0).integers(0, 3, len(X)).astype(np.int32)
    assert scores.silhouette(X, labels, random_state=0) > 0.95
    assert scores.silhouette(X, drawn, random_state=0) < 0.1
    assert scores.davies_bouldin(X, labels) < 0.1 < scores.davies_bouldin(X, drawn)


def test_the_sampled_silhouette_is_near_the_whole_one():
    X, truth = blobs(1500, [[0, 0], [1, 1]], spread=0.3)
    labels = truth.astype(np.int32)
    whole = scores.silhouette(X, labels, random_state=0, rows=len(X))
    assert scores.silhouette(X, labels, random_state=0, rows=800) == pytest.approx(whole, abs=0.03)


@pytest.mark.parametrize("labels", [[0, 0, 0, 0], [0, 1, 2, 3]])
def test_scores_that_need_several_clusters_with_several_tracks_are_none_without(labels):
    X = np.arange(8, dtype=np.float32).reshape(4, 2)
    labels = np.array(labels, dtype=np.int32)
    assert scores.silhouette(X, labels, random_state=0) is None
    assert scores.davies_bouldin(X, labels) is None
    assert scores.calinski_harabasz(X, labels) is None
    assert scores.stability(X, labels, random_state=0) is None


def test_genres_that_follow_the_clusters_agree_fully_and_others_do_not():
    labels = np.repeat([0, 1], 50).astype(np.int32)
    indptr = np.arange(101, dtype=np.int64)
    following, alternating = labels.astype(np.int32), np.arange(100, dtype=np.int32) % 2
    assert scores.genre_agreement(labels, indptr, following, random_state=0) == pytest.approx(1)
    assert scores.genre_agreement(labels, indptr, alternating, random_state=0) == pytest.approx(0, abs=0.02)


def test_a_track_with_two_genres_counts_twice():
    labels = np.array([0, 0, 1, 1], dtype=np.int32)
    one_each = (np.array([0, 1, 2, 3, 4]), np.array([0, 0, 1, 1], dtype=np.int32))
    one_has_both = (np.array([0, 2, 3, 4, 5]), np.array([0, 1, 0, 1, 1], dtype=np.int32))
    assert scores.genre_agreement(labels, *one_each, random_state=0) == pytest.approx(1)
    assert scores.genre_agreement(labels, *one_has_both, random_state=0) < 0.9


def test_without_genres_there_is_no_agreement():
    assert scores.genre_agreement(np.zeros(4, dtype=np.int32), *NO_GENRES, random_state=0) is None


def test_far_blobs_are_found_again_in_every_resample_and_noise_is_not():
    X, truth = blobs(150, [[0, 0], [9, 9], [0, 9]])
    assert scores.stability(X, truth.astype(np.int32), random_state=0) == pytest.approx(1)
    noise = np.random.default_rng(0).uniform(size=(450, 6)).astype(np.float32)
    labels = KMeans(8, n_init=1, random_state=0).fit(noise).labels_
    assert scores.stability(noise, labels, random_state=0) < 0.8


def test_resamples_with_too_few_different_rows_are_judged_all_the_same():
    X = np.array([[0.0], [1.0], [5.0], [5.0], [5.0]], dtype=np.float32)
    labels = np.array([0, 1, 2, 2, 2], dtype=np.int32)
    assert -0.5 <= scores.stability(X, labels, random_state=0) <= 1


def test_scores_repeat_with_their_seed():
    X = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    labels = KMeans(4, n_init=1, random_state=0).fit(X).labels_
    assert scores.stability(X, labels, random_state=4) == scores.stability(X, labels, random_state=4)
