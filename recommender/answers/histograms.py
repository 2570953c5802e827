"""How the audio features of a region's tracks are distributed, against the whole catalogue.

Kept for the latest regions of a process: a published run never changes.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.answers.browsing import Region
from recommender.snapshots.columns import feature_values
from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import BY_NAME
from tracks.feature_words import READING_ORDER

N_BINS = 12
REGIONS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Distribution:
    """The share of tracks in each of `N_BINS` bins of equal width, and the first and third quartile in the
    feature's own unit."""

    shares: tuple[float, ...]
    quartiles: tuple[float, float]


def histograms(snapshot: Snapshot, region: Region) -> dict[str, tuple[Distribution, Distribution]]:
    """Of each continuous feature, in reading order: the distribution in the region and in the catalogue."""
    own = _distributions(snapshot, region.start, region.stop)
    catalogue = _distributions(snapshot, 0, snapshot.n_tracks)
    return {name: (own[name], catalogue[name]) for name in own}


@lru_cache(maxsize=REGIONS_KEPT)
def _distributions(snapshot: Snapshot, start: int, stop: int) -> dict[str, Distribution]:
    names = [feature.name for feature in READING_ORDER if feature.continuous]
    return {
        name: distribution(feature_values(snapshot, name)[start:stop], *BY_NAME[name].bar) for name in names
    }


def distribution(values: NDArray[np.float32], low: float, high: float) -> Distribution:
    """That of values (n,), n > 0, over the span of the bins; what lies beyond counts in the outermost bin."""
    exact = values.astype(np.float64)
    counts, _edges = np.histogram(np.clip(exact, low, high), bins=N_BINS, range=(low, high))
    first, third = np.percentile(exact, (25, 75)).tolist()
    return Distribution(tuple((counts / len(values)).tolist()), (first, third))
