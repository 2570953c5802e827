"""Families of genres: labels that share tracks and artists, learnt from the catalogue.

Genre vectors already lend a track the genres of its artists' other tracks. So the mean vector of a genre's
tracks says which labels go with it, and average linkage (Sokal and Michener, 1958) over the cosines of
these means joins the labels that go together.
"""

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

JOINED_TO = 0.85
MAX_GENRES = 2000


def genre_families(
    vectors: Any, genre_indptr: NDArray[np.int64], genre_indices: NDArray[np.int32]
) -> NDArray[np.int32]:
    """The family of every genre, int32 (n_genres,), numbered from 0.

    vectors: the genre vectors, CSR (n_tracks, n_genres). Genres by track are CSR. Of more than
    `MAX_GENRES` genres the rarest stay alone: the distances of all pairs would not fit in memory.
    """
    n_genres = vectors.shape[1]
    families = np.arange(n_genres, dtype=np.int32)
    counts = np.bincount(genre_indices, minlength=n_genres)
    judged = np.sort(np.argsort(-counts, kind="stable")[:MAX_GENRES])
    judged = judged[counts[judged] > 0]
    if len(judged) < 2:
        return families
    links = (np.ones(len(genre_indices), np.float32), genre_indices, genre_indptr)
    has_genre = sp.csr_matrix(links, (vectors.shape[0], n_genres))
    sums = np.asarray((has_genre[:, judged].T @ vectors).todense(), dtype=np.float64)
    joined = fcluster(linkage(pdist(sums, "cosine"), "average"), JOINED_TO, "distance")
    for family in np.unique(joined):
        members = judged[joined == family]
        families[members] = members.min()
    return np.unique(families, return_inverse=True)[1].astype(np.int32)
