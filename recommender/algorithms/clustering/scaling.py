"""Standardisation: every feature with mean 0 and standard deviation 1, so that none outweighs the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and scale of each feature, float64 (n_features,)."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    def transform(self, features: NDArray[np.float64]) -> NDArray[np.float32]:
        """Features (n_tracks, n_features) in their own units to `X`, float32 in standard deviations."""
        return ((features - self.mean) / self.scale).astype(np.float32)

    def inverse(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Rows of `X` (n, n_features) back in the features' own units."""
        return X.astype(np.float64) * self.scale + self.mean


def fit_scaling(features: NDArray[np.float64]) -> Scaling:
    """Mean and standard deviation of features (n_tracks, n_features); a constant one is only centred.

    Raises ValueError when there is no row, or a value that is not finite.
    """
    if not len(features):
        raise ValueError("there are no rows to scale")
    if not np.isfinite(features).all():
        raise ValueError("a feature has values that are not finite numbers")
    mean, scale = features.mean(axis=0), features.std(axis=0)
    # Rounding leaves a constant feature with a tiny deviation, which would blow noise up to whole units.
    constant = scale <= 10 * np.finfo(np.float64).eps * np.maximum(1.0, np.abs(mean))
    return Scaling(mean, np.where(constant, 1.0, scale))
