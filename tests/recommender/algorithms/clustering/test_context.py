import numpy as np
import pytest
import scipy.sparse as sp

from recommender.algorithms.blend.smoothing import ControlChoices, expected_values
from recommender.algorithms.clustering.context import RIDGE, in_context

# Two tracks of one genre, one of another genre by an artist, and one of whom nothing is known.
AROUND = ControlChoices(
    sp.csr_matrix(np.array([[1, 0], [1, 0], [0, 1], [0, 0]], np.float32)), np.array([-1, -1, 0, -1])
)
X = np.array([[1, 2], [3, 0], [-2, 1], [5, 5]], np.float32)


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_tracks_are_drawn_by_the_share_to_what_is_expected_of_them(share):
    expected = expected_values(np.arange(4), X, AROUND, ridge=RIDGE)

    drawn = in_context(X, AROUND, share=share)

    np.testing.assert_allclose(drawn[:3], X[:3] + share * (expected[:3] - X[:3]), rtol=1e-5)
    np.testing.assert_allclose(drawn[3], X[3])


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_other_shares_are_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        in_context(X, AROUND, share=share)
