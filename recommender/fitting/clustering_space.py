"""Where clusters are fitted: the scaled features, as they are or drawn to what one expects of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.algorithms.blend.smoothing import ControlChoices, expected_values
from recommender.algorithms.clustering.context import CONTEXT_SHARE, RIDGE, in_context
from recommender.choices import FeatureSpace
from recommender.fitting.blend_arrays import Blended


class NoListeners(Exception):
    """There are too few playlists to learn from; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Space:
    """places: float32 (n, d), in the units of X. share: how far they are drawn. expectations: float32
    (n_genres + k, d), what each genre and each coordinate of a listener vector makes one expect."""

    name: FeatureSpace
    places: NDArray[np.float32]
    expectations: NDArray[np.float32]
    share: float


def clustering_space(blended: Blended, name: FeatureSpace) -> Space:
    """The space `name` of a blend's tracks. Raises `NoListeners` when it needs listeners and has none."""
    X, n_listeners = blended.arrays.X, blended.arrays.listeners.shape[1]
    expectations = np.zeros((blended.n_genres + n_listeners, X.shape[1]), np.float32)
    if name is FeatureSpace.AUDIO:
        return Space(name, X, expectations, 0.0)
    features = blended.genre_vectors
    if name is FeatureSpace.LISTENERS:
        if not n_listeners:
            raise NoListeners(
                _(
                    "There are too few playlists to cluster by listeners too. Import playlists first "
                    "(import_playlists FILE), or cluster by audio in context."
                )
            )
        features = sp.hstack([features, sp.csr_matrix(blended.arrays.listeners)], format="csr")
    places = in_context(X, ControlChoices(features, blended.artists), share=CONTEXT_SHARE)
    expectations[: features.shape[1]] = _expectations(X, features, blended.artists)
    return Space(name, places, expectations, CONTEXT_SHARE)


def _expectations(X: NDArray[np.float32], features: Any, artists: NDArray[np.int64]) -> NDArray[np.float32]:
    """What each feature alone makes one expect: rows of no artist that have it and nothing else."""
    width = features.shape[1]
    pure = sp.vstack([features, sp.identity(width, dtype=np.float32)], format="csr")
    nobody = np.full(width, -1, dtype=np.int64)
    around = ControlChoices(pure, np.concatenate([artists, nobody]))
    return expected_values(np.arange(len(X)), X, around, ridge=RIDGE)[len(X) :]
