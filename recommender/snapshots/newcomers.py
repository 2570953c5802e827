"""Tracks that came after a run: where they would stand in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.snapshots.arrays import SnapshotArrays, SnapshotMeta, unit_vector


@dataclass(frozen=True, eq=False)
class Newcomers:
    """What a run makes of tracks that it has not seen. `genre_numbers` are by the folded name."""

    arrays: SnapshotArrays
    meta: SnapshotMeta
    genre_numbers: Mapping[str, int]

    @cached_property
    def usual_popularity(self) -> float:
        """What stands for an unknown popularity, 0 to 1: the median."""
        return float(np.median(self.arrays.blend.popularity)) / 100

    @cached_property
    def usual_log_duration(self) -> float:
        """What stands for an unknown length, a logarithm of milliseconds: the median."""
        return float(np.median(self.arrays.blend.log_duration))

    def scale(self, features: ArrayLike) -> NDArray[np.float32]:
        """A feature vector in its own units, ordered as `meta.feature_names`, in the space of `X`."""
        values = np.asarray(features, dtype=np.float64)
        return ((values - self.arrays.scaler_mean) / self.arrays.scaler_scale).astype(np.float32)

    def genre_vector(self, genres: Sequence[str]) -> NDArray[np.float32]:
        """The unit tf-idf vector (n_genres,) of those of the genres that the run knows."""
        numbers = [self.genre_numbers.get(name.casefold(), -1) for name in genres]
        vector = np.zeros(len(self.meta.genres), np.float32)
        known = [number for number in numbers if number >= 0]
        vector[known] = self.arrays.genre_idf[known]
        return unit_vector(vector)

    def place(self, point: NDArray[np.float32], genres: Sequence[str]) -> NDArray[np.float32]:
        """The place where clusters are fitted, from a scaled point (n_features,) and genres; a track of no
        known genre stays where it is."""
        vector = self.genre_vector(genres)
        if not vector.any():
            return point
        expected = vector @ self.arrays.expectations[: len(vector)]
        share = np.float32(self.meta.context_share)
        return np.asarray((1 - share) * point + share * expected, dtype=np.float32)
