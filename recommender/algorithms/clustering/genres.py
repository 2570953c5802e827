"""The genres of each cluster: their share of it, and that share over their share of the catalogue."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

N_GENRES = 12
N_MISSING = 6
LEADS_FROM = 0.25
# A genre is missed that is as common elsewhere as this and at most a quarter as common here.
MISSED_FROM = 0.005
MISSED_LIFT = 0.25
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class GenreShare:
    """`share` of the cluster's tracks have the genre, `lift` times the catalogue's share.

    `low` and `high` are the 95 % interval of the share, were the cluster a sample of others like it.
    """

    genre: int
    share: float
    lift: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GenreTable:
    """How many tracks of each cluster have each genre.

    counts: CSR int64 (n_clusters, n_genres). sizes: int64 (n_clusters,). catalogue_shares: float64
    (n_genres,).
    """

    counts: sp.csr_matrix
    sizes: NDArray[np.int64]
    catalogue_shares: NDArray[np.float64]

    def shares(self, label: int) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
        """The genres that occur in a cluster, their shares and lifts, all (m,), the most common first."""
        row = self.counts.getrow(label)
        shares = row.data / max(1, self.sizes[label])
        order = np.lexsort((row.indices, -shares))
        genres = row.indices[order]
        return genres, shares[order], shares[order] / self.catalogue_shares[genres]

    def leading(self, label: int) -> list[GenreShare]:
        """The leading genres of a cluster, greatest lift first.

        A genre leads only when it is at least `LEADS_FROM` as frequent in the cluster as the cluster's
        most frequent one, so that the flukes of rare genres, whose lifts are largest, stay out.
        """
        genres, shares, lifts = self.shares(label)
        frequent = shares >= LEADS_FROM * shares.max(initial=0)
        genres, shares, lifts = genres[frequent], shares[frequent], lifts[frequent]
        order = np.lexsort((genres, -shares, -lifts))[:N_GENRES]
        return [self._share(label, int(genres[i]), float(shares[i])) for i in order]

    def missing(self, label: int) -> list[GenreShare]:
        """The genres that are common in the catalogue and hardly occur in a cluster, the rarest here first.

        Only what the size of the cluster bears out: the upper end of the interval lies below the limit.
        """
        shares = np.zeros(len(self.catalogue_shares))
        genres, found, _lifts = self.shares(label)
        shares[genres] = found
        common = np.flatnonzero(self.catalogue_shares >= MISSED_FROM)
        candidates = [self._share(label, int(genre), float(shares[genre])) for genre in common]
        missed = [each for each in candidates if each.high <= MISSED_LIFT * self.catalogue_shares[each.genre]]
        return sorted(missed, key=lambda each: (each.lift, -self.catalogue_shares[each.genre]))[:N_MISSING]

    def _share(self, label: int, genre: int, share: float) -> GenreShare:
        low, high = wilson_interval(share, int(self.sizes[label]))
        return GenreShare(genre, share, share / float(self.catalogue_shares[genre]), low, high)


def genre_table(
    labels: NDArray[np.int32],
    n_clusters: int,
    genre_indptr: NDArray[np.int64],
    genre_indices: NDArray[np.int32],
    n_genres: int,
) -> GenreTable:
    """Count genres over tracks: one with three genres counts in each. Genres are CSR by track."""
    of_pair = np.repeat(labels.astype(np.int64), np.diff(genre_indptr))
    counts = sp.csr_matrix(
        (np.ones(len(of_pair), np.int64), (of_pair, genre_indices)), (n_clusters, n_genres)
    )
    counts.sum_duplicates()
    shares = np.bincount(genre_indices, minlength=n_genres) / max(1, len(labels))
    return GenreTable(counts, np.bincount(labels, minlength=n_clusters), shares)


def wilson_interval(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of `n` (Wilson, "Probable inference", 1927); all of 0 to 1 for none."""
    if not n:
        return 0.0, 1.0
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 / (1 + Z_95**2 / n) * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))
