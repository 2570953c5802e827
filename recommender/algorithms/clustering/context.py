"""The space that clusters are fitted in: how a track sounds, leaning on how its surroundings sound.

Clusters of single tracks' features cut artists and genres apart, and with them the neighbours that
listeners would choose. Drawing every track part of the way to what its genres and artist make one
expect keeps them together, in the same units and with the same number of features.
"""

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.smoothing import ControlChoices, expected_values

CONTEXT_SHARE = 0.7
RIDGE = 1.0


def in_context(
    X: NDArray[np.float32], around: ControlChoices, *, share: float = CONTEXT_SHARE
) -> NDArray[np.float32]:
    """`X` (n, d), standardised, drawn by `share` (0 to 1) to the expected sound of each track.

    A track with neither genres nor artist stays where it is. Raises ValueError for another share.
    """
    if not 0 <= share <= 1:
        raise ValueError("share must lie between 0 and 1")
    if share == 0 or not len(X):
        return X
    expected = expected_values(np.arange(len(X)), X, around, ridge=RIDGE)
    alone = (around.artists < 0) & (np.asarray(abs(around.features).sum(axis=1)).ravel() == 0)
    expected[alone] = X[alone]
    return ((1 - share) * X + share * expected).astype(np.float32)
