"""The picture: two principal components of the standardised features (Pearson, 1901)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOADS_FROM = 0.3


@dataclass(frozen=True, slots=True)
class Loading:
    """How much a feature weighs in an axis, -1 to 1; `feature` is its column."""

    feature: int
    weight: float


@dataclass(frozen=True, slots=True)
class Projection:
    """Two axes: components float64 (2, n_features), explained (2,) the shares of the variance."""

    mean: NDArray[np.float64]
    components: NDArray[np.float64]
    explained: NDArray[np.float64]

    def coordinates(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Rows (n, n_features) as points (n, 2)."""
        points: NDArray[np.float64] = (X - self.mean) @ self.components.T
        return points

    def loadings(self, axis: int) -> list[Loading]:
        """The features that make an axis, the heaviest first."""
        weights = self.components[axis]
        order = np.argsort(-np.abs(weights), kind="stable")
        return [Loading(int(i), float(weights[i])) for i in order if abs(weights[i]) >= LOADS_FROM]


def fit_projection(X: NDArray[np.float32]) -> Projection:
    """The two directions of greatest variance of `X` (n_tracks, n_features).

    Each is turned so that its heaviest feature grows along it: the same data always gives the same
    picture. A single row, or rows all alike, give axes that explain nothing.
    """
    values = X.astype(np.float64)
    covariance = np.cov(values, rowvar=False, ddof=0)
    variances, vectors = np.linalg.eigh(np.atleast_2d(covariance))
    components = vectors[:, ::-1].T[:2]
    heaviest = np.abs(components).argmax(axis=1)
    components = components * np.sign(components[np.arange(len(components)), heaviest])[:, None]
    explained = variances[::-1][:2].clip(min=0) / max(float(variances.sum()), np.finfo(float).tiny)
    return Projection(values.mean(axis=0), components, explained)
