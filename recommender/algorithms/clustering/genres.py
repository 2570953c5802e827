"""The genres of each cluster: their share of it, and that share over their share of the catalogue."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_GENRES = 12
LEADS_FROM = 0.25


@dataclass(frozen=True, slots=True)
class GenreShare:
    """`share` of the cluster's tracks have the genre, `lift` times the catalogue's share."""

    genre: int
    share: float
    lift: float


def genre_shares(
    labels: NDArray[np.int32],
    n_clusters: int,
    genre_indptr: NDArray[np.int64],
    genre_indices: NDArray[np.int32],
    n_genres: int,
) -> list[list[GenreShare]]:
    """The leading genres of each label, greatest lift first. Genres are CSR by track.

    Over tracks: one with three genres counts in each. A genre leads only when it is at least
    `LEADS_FROM` as frequent in the cluster as the cluster's most frequent one, so that the flukes
    of rare genres, whose lifts are largest, stay out.
    """
    of_pair = np.repeat(labels.astype(np.int64), np.diff(genre_indptr))
    pairs = of_pair * n_genres + genre_indices
    counts = np.bincount(pairs, minlength=n_clusters * n_genres).reshape(n_clusters, n_genres)
    sizes = np.bincount(labels, minlength=n_clusters)
    catalogue_shares = counts.sum(axis=0) / max(1, len(labels))
    return [_leading(row / max(1, size), catalogue_shares) for row, size in zip(counts, sizes, strict=True)]


def _leading(shares: NDArray[np.float64], catalogue_shares: NDArray[np.float64]) -> list[GenreShare]:
    if not shares.any():
        return []
    frequent = np.flatnonzero(shares >= LEADS_FROM * shares.max())
    lifts = shares[frequent] / catalogue_shares[frequent]
    order = np.lexsort((-shares[frequent], -lifts))[:N_GENRES]
    return [GenreShare(int(frequent[i]), float(shares[frequent[i]]), float(lifts[i])) for i in order]
