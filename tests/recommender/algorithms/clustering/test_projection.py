import numpy as np
import pytest

from recommender.algorithms.clustering.projection import fit_projection


def test_the_first_axis_is_the_direction_of_greatest_variance():
    along = np.linspace(-3, 3, 50)
    X = np.column_stack([along, np.zeros(50), 0.1 * np.cos(along)]).astype(np.float32)
    projection = fit_projection(X)
    assert projection.components[0] == pytest.approx([1, 0, 0], abs=0.01)
    assert projection.explained[0] > 0.99
    assert projection.coordinates(X)[:, 0] == pytest.approx(along, abs=0.05)


def test_axes_are_named_by_the_features_that_load_on_them_heaviest_first():
    t = np.linspace(-1, 1, 40)
    X = np.column_stack([2 * t, -t, 0.01 * np.sin(9 * t)]).astype(np.float32)
    loadings = fit_projection(X).loadings(0)
    assert [loading.feature for loading in loadings] == [0, 1]
    assert [loading.weight for loading in loadings] == pytest.approx([0.894, -0.447], abs=0.01)


def test_components_are_orthonormal_and_explain_at_most_everything():
    X = np.random.default_rng(0).normal(size=(200, 9)).astype(np.float32)
    projection = fit_projection(X)
    assert projection.components @ projection.components.T == pytest.approx(np.eye(2), abs=1e-6)
    assert 0 < projection.explained.sum() < 1


@pytest.mark.parametrize("rows", [1, 5])
def test_rows_all_alike_are_all_in_the_middle(rows):
    X = np.ones((rows, 9), dtype=np.float32)
    projection = fit_projection(X)
    assert np.abs(projection.coordinates(X)).max() == 0
    assert projection.explained.tolist() == [0, 0]


def test_the_picture_does_not_turn_over_when_rows_are_shuffled():
    rng = np.random.default_rng(0)
    X = (rng.normal(size=(300, 5)) * [3, 2, 1, 1, 1]).astype(np.float32)
    shuffled = rng.permutation(X)
    assert fit_projection(X).components == pytest.approx(fit_projection(shuffled).components, abs=1e-4)
