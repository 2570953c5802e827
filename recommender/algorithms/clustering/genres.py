"""The genres of each cluster: their share of it, and that share over their share of the catalogue."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
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
    links = (np.ones(len(of_pair), np.int64), (of_pair, genre_indices))
    counts = sp.csr_matrix(links, (n_clusters, n_genres))
    counts.sum_duplicates()
    sizes = np.bincount(labels, minlength=n_clusters)
    catalogue_shares = np.bincount(genre_indices, minlength=n_genres) / max(1, len(labels))
    return [
        _leading(row.indices, row.data / max(1, size), catalogue_shares)
        for row, size in zip(map(counts.getrow, range(n_clusters)), sizes, strict=True)
    ]


def _leading(
    genres: NDArray[np.int32], shares: NDArray[np.float64], catalogue_shares: NDArray[np.float64]
) -> list[GenreShare]:
    """Of the genres (m,) that occur in a cluster, with their shares (m,)."""
    frequent = shares >= LEADS_FROM * shares.max(initial=0)
    genres, shares = genres[frequent], shares[frequent]
    lifts = shares / catalogue_shares[genres]
    order = np.lexsort((genres, -shares, -lifts))[:N_GENRES]
    return [GenreShare(int(genres[i]), float(shares[i]), float(lifts[i])) for i in order]
