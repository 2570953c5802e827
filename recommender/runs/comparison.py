"""Two runs side by side: their figures, their clusters by number, and how many tracks stayed."""

from dataclasses import dataclass

import numpy as np

from recommender.models import Cluster, ClusteringRun
from recommender.runs.assignments import assignments_of
from recommender.runs.figures import Figure, run_figures


@dataclass(frozen=True, slots=True)
class Comparison:
    """`stayed` is the share, 0 to 1, of the tracks in both runs whose cluster number is the same.

    None when the assignments of a run are no longer kept. `clusters` pairs what has one number.
    """

    older: ClusteringRun
    newer: ClusteringRun
    figures: list[Figure]
    clusters: list[tuple[int, Cluster | None, Cluster | None]]
    stayed: float | None


def compare_runs(older: ClusteringRun, newer: ClusteringRun) -> Comparison:
    """Compare two runs."""
    sides = [{cluster.number: cluster for cluster in run.clusters.top_level()} for run in (older, newer)]
    numbers = sorted({*sides[0], *sides[1]})
    pairs = [(number, sides[0].get(number), sides[1].get(number)) for number in numbers]
    return Comparison(older, newer, run_figures([older, newer]), pairs, share_that_stayed(older, newer))


def share_that_stayed(older: ClusteringRun, newer: ClusteringRun) -> float | None:
    """Share of the tracks known to both runs that have the same cluster number in both."""
    old_ids, old_numbers = assignments_of(older)
    new_ids, new_numbers = assignments_of(newer)
    common, old_rows, new_rows = np.intersect1d(old_ids, new_ids, assume_unique=True, return_indices=True)
    if not len(common):
        return None
    return float((old_numbers[old_rows] == new_numbers[new_rows]).mean())
