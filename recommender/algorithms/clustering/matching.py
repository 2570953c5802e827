"""Which new cluster is which old one, by the members they share, so that numbers keep their meaning.

Serves the clusters of a run, and the sub-clusters of one cluster when given its members alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

SAME_CLUSTER_FROM = 0.25
PART_FROM = 0.2


@dataclass(frozen=True, slots=True)
class Match:
    """An old cluster's number and its Jaccard overlap (0 to 1) with the new cluster."""

    number: int
    overlap: float


@dataclass(frozen=True, slots=True)
class Identity:
    """What became of the old clusters.

    numbers: of the new clusters, by label. matches: the old cluster that a label continues. origins: the
    old clusters that a new one was made of, where it is not simply its match. heirs: where the members of
    an old cluster went whose number no new one has; both by number, the largest part first.
    """

    numbers: list[int]
    matches: dict[int, Match]
    origins: dict[int, list[int]]
    heirs: dict[int, list[int]]


def identify_clusters(
    old_ids: NDArray[np.int64],
    old_numbers: NDArray[np.int64],
    new_ids: NDArray[np.int64],
    new_labels: NDArray[np.int32],
    n_clusters: int,
    reserved: Collection[int] = (),
    n_colours: int = 1,
) -> Identity:
    """Match new clusters to old ones, number them, and tell splits and merges.

    Matches are one to one, with the greatest sum of overlaps (the Hungarian method, Kuhn, 1955), counted
    over the tracks that both know, so that a growing catalogue keeps its numbers; a pair below
    `SAME_CLUSTER_FROM` is not the same cluster. A cluster without a match gets the lowest number that is
    neither an old cluster's nor `reserved`; the colour follows the number, so of those one that differs
    modulo `n_colours` from all numbers of the new clusters, while there is one. Parts below `PART_FROM` of
    a cluster are not told, except the largest.
    """
    _common, old_rows, new_rows = np.intersect1d(old_ids, new_ids, assume_unique=True, return_indices=True)
    old, old_labels = np.unique(old_numbers[old_rows], return_inverse=True)
    shared = _shared(old_labels, len(old), new_labels[new_rows], n_clusters)
    matches = _matches(old, jaccard_overlaps(shared))
    numbers = _numbers(matches, n_clusters, {*old_numbers.tolist(), *reserved}, n_colours)
    origins = {
        numbers[label]: [int(old[row]) for row in _parts(shared[:, label])] for label in range(n_clusters)
    }
    heirs = {int(number): [numbers[label] for label in _parts(shared[row])] for row, number in enumerate(old)}
    return Identity(
        numbers,
        matches,
        origins={number: parts for number, parts in origins.items() if parts and parts != [number]},
        heirs={number: parts for number, parts in heirs.items() if number not in numbers},
    )


def _matches(old: NDArray[np.int64], overlaps: NDArray[np.float64]) -> dict[int, Match]:
    # A pair too weak to count must not win over a strong one for the sake of the sum.
    worth = np.where(overlaps >= SAME_CLUSTER_FROM, overlaps, 0.0)
    pairs = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return {
        int(label): Match(int(old[row]), float(overlaps[row, label]))
        for row, label in pairs
        if worth[row, label] > 0
    }


def _numbers(matches: dict[int, Match], n_clusters: int, taken: set[int], n_colours: int) -> list[int]:
    colours = {match.number % n_colours for match in matches.values()}
    numbers = []
    for label in range(n_clusters):
        if label in matches:
            numbers.append(matches[label].number)
            continue
        free = (n for n in count(1) if n not in taken)
        number = next(n for n in free if len(colours) >= n_colours or n % n_colours not in colours)
        taken.add(number)
        colours.add(number % n_colours)
        numbers.append(number)
    return numbers


def _parts(shared: NDArray[np.float64]) -> list[int]:
    """The positions that hold a noticeable share of all, the largest first; none of nothing."""
    order = np.argsort(-shared, kind="stable")
    enough = PART_FROM * shared.sum()
    return [int(i) for rank, i in enumerate(order) if shared[i] > 0 and (rank == 0 or shared[i] >= enough)]


def led_on(retired: Mapping[int, list[int]], identity: Identity) -> dict[int, list[int]]:
    """Where numbers lead that were given up before the old run (`retired`) or in the new one.

    A number that a new cluster has is not among them.
    """
    current = set(identity.numbers)
    earlier = {
        number: list(dict.fromkeys(n for heir in heirs for n in identity.heirs.get(heir, [heir])))
        for number, heirs in retired.items()
    }
    known = {
        number: [h for h in heirs if h in current] for number, heirs in (earlier | identity.heirs).items()
    }
    return {number: heirs for number, heirs in known.items() if heirs and number not in current}


def _shared(
    old_labels: NDArray[np.integer], n_old: int, new_labels: NDArray[np.integer], n_new: int
) -> NDArray[np.float64]:
    """How many of the same tracks every old and new cluster have in common, float64 (n_old, n_new)."""
    pairs = old_labels.astype(np.int64) * n_new + new_labels
    counts: NDArray[np.float64] = np.bincount(pairs, minlength=n_old * n_new).astype(np.float64)
    return counts.reshape(n_old, n_new)


def jaccard_overlaps(shared: NDArray[np.float64]) -> NDArray[np.float64]:
    """|A ∩ B| / |A ∪ B| of every old and new cluster, from how many they share, (n_old, n_new)."""
    together = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    overlaps: NDArray[np.float64] = shared / np.maximum(together, 1.0)
    return overlaps


def member_means(
    old_ids: NDArray[np.int64],
    old_numbers: NDArray[np.int64],
    new_ids: NDArray[np.int64],
    X: NDArray[np.float32],
) -> NDArray[np.float32] | None:
    """Where the old clusters stand in the new space: the means of their members' rows of `X` (n, d).

    Float32 (n_old, d), by ascending number, to begin a new fit from; the spaces of both runs may differ in
    anything. None when there is no old cluster, or one has no member left.
    """
    _common, old_rows, new_rows = np.intersect1d(old_ids, new_ids, assume_unique=True, return_indices=True)
    numbers, labels = np.unique(old_numbers[old_rows], return_inverse=True)
    if not len(numbers) or len(numbers) < len(np.unique(old_numbers)):
        return None
    sums = [np.bincount(labels, column, len(numbers)) for column in X[new_rows].T]
    return np.asarray(np.column_stack(sums) / np.bincount(labels)[:, None], dtype=np.float32)
