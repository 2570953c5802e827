"""Where the audio features of most tracks lie: a hint for whoever types a bound."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.snapshots.columns import feature_values
from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import CONTINUOUS_FEATURES

FROM, TO = 0.05, 0.95
UsualValues = tuple[tuple[str, float, float], ...]


@lru_cache(maxsize=2)
def usual_values(snapshot: Snapshot) -> UsualValues:
    """By continuous feature, between which values nine of ten tracks of the run lie, in its own unit."""
    return tuple((name, *_usual_range(feature_values(snapshot, name))) for name in CONTINUOUS_FEATURES)


def _usual_range(values: NDArray[np.float32]) -> tuple[float, float]:
    low, high = np.nanquantile(values, (FROM, TO), method="lower").tolist()
    return low, high
