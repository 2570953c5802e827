"""What filters look at: a value of every row and the same values in order."""

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.search.row_tests import Column
from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import FEATURE_NAMES


def feature_values(snapshot: Snapshot, name: str) -> NDArray[np.float32]:
    """An audio feature of every row in its own unit, float32 (n_tracks,), NaN where unknown."""
    values: NDArray[np.float32] = snapshot.arrays.features[FEATURE_NAMES.index(name)]
    return values


def feature_column(snapshot: Snapshot, name: str) -> Column:
    """An audio feature in its own unit."""
    ascending = snapshot.derived.ascending_features[FEATURE_NAMES.index(name)]
    return Column(feature_values(snapshot, name), ascending)


def popularity_column(snapshot: Snapshot) -> Column:
    """The popularity of each track."""
    return Column(snapshot.arrays.popularity, snapshot.derived.ascending_popularity)


def explicit_column(snapshot: Snapshot) -> Column:
    """Whether each track is explicit."""
    return Column(snapshot.arrays.explicit, snapshot.derived.ascending_explicit)
