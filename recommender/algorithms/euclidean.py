"""The Euclidean distance, for all who measure one. Served: numpy only."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Real = TypeVar("Real", np.float32, np.float64)


def euclidean_distances(X: NDArray[Real], points: NDArray[np.floating]) -> NDArray[Real]:
    """Distances (m,) from the rows of X (m, d) to one point (d,), or each to its own (m, d).

    In the precision of X and points together.
    """
    difference = X - points
    distances: NDArray[Real] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return distances
