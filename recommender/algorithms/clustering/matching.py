"""Which new cluster is which old one, by the members they share, so that numbers keep their meaning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

SAME_CLUSTER_FROM = 0.25
SAME_NAME_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Match:
    """An old cluster's number and its Jaccard overlap (0 to 1) with the new cluster."""

    number: int
    overlap: float

    @property
    def keeps_name(self) -> bool:
        return self.overlap >= SAME_NAME_FROM


def match_clusters(
    old_ids: NDArray[np.int64],
    old_numbers: NDArray[np.int64],
    new_ids: NDArray[np.int64],
    new_labels: NDArray[np.int32],
    n_clusters: int,
) -> dict[int, Match]:
    """The old cluster of each new label that has one.

    One to one, with the greatest sum of overlaps (the Hungarian method, Kuhn, 1955). Overlaps are
    counted over the tracks that both runs know, so that a growing catalogue keeps its numbers; a
    pair below `SAME_CLUSTER_FROM` is not the same cluster.
    """
    common, old_rows, new_rows = np.intersect1d(old_ids, new_ids, assume_unique=True, return_indices=True)
    if not len(common):
        return {}
    numbers, old_labels = np.unique(old_numbers[old_rows], return_inverse=True)
    overlaps = jaccard_overlaps(old_labels, len(numbers), new_labels[new_rows], n_clusters)
    # A pair too weak to count must not win over a strong one for the sake of the sum.
    worth = np.where(overlaps >= SAME_CLUSTER_FROM, overlaps, 0.0)
    pairs = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return {
        int(label): Match(int(numbers[old]), float(overlaps[old, label]))
        for old, label in pairs
        if worth[old, label] > 0
    }


def jaccard_overlaps(
    old_labels: NDArray[np.integer], n_old: int, new_labels: NDArray[np.integer], n_new: int
) -> NDArray[np.float64]:
    """|A ∩ B| / |A ∪ B| of every old and new cluster over the same tracks, float64 (n_old, n_new)."""
    pairs = old_labels.astype(np.int64) * n_new + new_labels
    shared = np.bincount(pairs, minlength=n_old * n_new).reshape(n_old, n_new).astype(np.float64)
    together = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    overlaps: NDArray[np.float64] = shared / np.maximum(together, 1.0)
    return overlaps


def number_clusters(matches: dict[int, Match], n_clusters: int, highest_ever: int) -> list[int]:
    """The number of each label: that of its match, else one never used before, in the labels' order."""
    numbers = []
    for label in range(n_clusters):
        if label not in matches:
            highest_ever += 1
        numbers.append(matches[label].number if label in matches else highest_ever)
    return numbers
