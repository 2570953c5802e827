"""Where the audio features of most tracks lie: a hint for whoever types a bound."""

from functools import lru_cache

import numpy as np

from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import CONTINUOUS_FEATURES

FROM, TO = 0.05, 0.95
UsualValues = tuple[tuple[str, float, float], ...]


@lru_cache(maxsize=2)
def usual_values(snapshot: Snapshot) -> UsualValues:
    """By continuous feature, between which values nine of ten tracks of the run lie, in its own unit."""
    return tuple((name, *_middle(snapshot, name)) for name in CONTINUOUS_FEATURES)


def _middle(snapshot: Snapshot, name: str) -> tuple[float, float]:
    values = snapshot.feature_values(name)
    known = values[np.isfinite(values)]
    places = [int(share * (len(known) - 1)) for share in (FROM, TO)]
    # numpy.quantile would load numpy.ma, which no web process needs otherwise.
    low, high = np.partition(known, places)[places].tolist()
    return low, high
