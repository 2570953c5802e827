import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.algorithms.clustering.scaling import fit_scaling

tables = arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 5)), elements=st.floats(-1e3, 1e3))


def test_two_rows_by_hand():
    features = np.array([[0.0, -10.0], [2.0, -10.0]])
    scaling = fit_scaling(features)
    assert scaling.mean.tolist() == [1.0, -10.0]
    assert scaling.scale.tolist() == [1.0, 1.0]
    assert scaling.transform(features).tolist() == [[-1.0, 0.0], [1.0, 0.0]]


@given(tables)
def test_scaled_features_have_mean_zero_and_deviation_one_or_none(features):
    X = fit_scaling(features).transform(features).astype(np.float64)
    assert np.allclose(X.mean(axis=0), 0, atol=1e-3)
    deviations = X.std(axis=0)
    assert all(abs(d - 1) < 1e-3 or abs(d) < 1e-3 for d in deviations)


@given(tables)
def test_the_inverse_gives_the_features_back(features):
    scaling = fit_scaling(features)
    assert np.allclose(scaling.inverse(scaling.transform(features)), features, atol=1e-2)


def test_rounding_noise_of_a_constant_feature_is_not_blown_up():
    features = np.full((1000, 1), 0.1)
    features[::2] += 1e-17
    assert np.abs(fit_scaling(features).transform(features)).max() < 1e-6


@pytest.mark.parametrize("features", [np.empty((0, 3)), np.array([[1.0], [np.nan]]), np.array([[np.inf]])])
def test_no_rows_and_values_that_are_not_finite_are_refused(features):
    with pytest.raises(ValueError, match=r"no rows|not finite"):
        fit_scaling(features)
