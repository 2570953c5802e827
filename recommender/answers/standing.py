"""Where a track stands in its cluster: how typical it is there, and whether it is at a border. numpy only."""

from dataclasses import dataclass

import numpy as np

from recommender.snapshots.snapshot import ClusterRef, Snapshot

BORDER_RATIO = 1.1


@dataclass(frozen=True, slots=True)
class Standing:
    """typical: the share of the cluster's tracks that are farther from its middle, 0 to 1. border: the second
    nearest cluster where it is hardly farther than the own one, else None."""

    typical: float
    border: ClusterRef | None


def standing_of(track_id: int, snapshot: Snapshot) -> Standing | None:
    """Where a track (`Track.pk`) stands; None for one that came after the run."""
    row = snapshot.row_of(track_id)
    if row is None:
        return None
    arrays, label = snapshot.arrays, snapshot.label_of_row(row)
    start, stop = snapshot.slice_of(label)
    typical = float((arrays.distances[start:stop] > arrays.distances[row]).mean())
    to_centroids = snapshot.centroid_distances(arrays.places[row])
    others = np.delete(np.arange(snapshot.n_clusters), label)
    border = None
    if len(others):
        second = int(others[to_centroids[others].argmin()])
        if to_centroids[second] <= BORDER_RATIO * to_centroids[label]:
            border = snapshot.clusters[second]
    return Standing(typical, border)
