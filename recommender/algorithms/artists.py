"""Artists as the means of their tracks, and which are near to one. Served: numpy only.

Artists are compared by the parts of the blended distance of tracks (`recommender.algorithms.blend.distance`)
that they have too: genre, sound, listeners and familiarity, each at least 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.distance import BlendArrays, BlendWeights, familiarity_part
from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.euclidean import euclidean_distances

GENRES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Artists:
    """The m artists of a run that some track names first, each by those tracks.

    keys: int64 (m,), ascending. indptr, rows: the rows of each, CSR. X: float32 (m, n_features), scaled.
    genre_ids, genre_weights: int32 and float32 (m, `GENRES_KEPT`), unit vectors, heaviest first, padded with
    weight 0. listeners: float32 (m, k), k may be 0. familiarity: float32 (m,), of the best known track.
    label_indptr, labels: the genres that any track of each artist carries, CSR, ascending.
    """

    keys: NDArray[np.int64]
    indptr: NDArray[np.int64]
    rows: NDArray[np.int64]
    X: NDArray[np.float32]
    genre_ids: NDArray[np.int32]
    genre_weights: NDArray[np.float32]
    listeners: NDArray[np.float32]
    familiarity: NDArray[np.float32]
    label_indptr: NDArray[np.int64]
    labels: NDArray[np.int32]

    def rows_of(self, place: int) -> NDArray[np.int64]:
        """The rows of the tracks that name an artist first."""
        return self.rows[self.indptr[place] : self.indptr[place + 1]]


def group_by_artist(
    arrays: BlendArrays,
    artists: NDArray[np.int64],
    genre_indptr: NDArray[np.int64],
    genre_indices: NDArray[np.int32],
) -> Artists:
    """The artists of n rows. artists: int64 (n,), the key of each row's first artist, -1 for none.

    genre_indptr, genre_indices: the genres that each row carries, CSR.
    """
    rows = np.argsort(artists, kind="stable")
    rows = rows[artists[rows] >= 0]
    ascending = artists[rows]
    starts = np.flatnonzero(np.diff(ascending, prepend=-1))
    indptr = np.append(starts, len(rows))
    owners = np.repeat(np.arange(len(starts)), np.diff(indptr))
    genre_ids, genre_weights = _mean_genres(arrays, rows, owners, len(starts))
    row_indptr, carried = taken_rows(genre_indptr, genre_indices, rows)
    width = int(carried.max(initial=0)) + 1
    pairs = distinct(np.repeat(owners, np.diff(row_indptr)) * width + carried)
    return Artists(
        keys=ascending[starts],
        indptr=indptr,
        rows=rows,
        X=_means(arrays.X[rows], indptr),
        genre_ids=genre_ids,
        genre_weights=genre_weights,
        listeners=_means(arrays.listeners[rows], indptr),
        familiarity=np.maximum.reduceat(np.append(arrays.familiarity[rows], np.float32(0)), starts),
        label_indptr=(pairs // width).searchsorted(np.arange(len(starts) + 1)),
        labels=(pairs % width).astype(np.int32),
    )


def _means(values: NDArray[np.float32], indptr: NDArray[np.int64]) -> NDArray[np.float32]:
    """The mean of each slice of the rows of values (n, w), none of them empty: float32 (m, w)."""
    if len(indptr) == 1:
        return np.empty((0, values.shape[1]), np.float32)
    means = np.add.reduceat(values, indptr[:-1], axis=0) / np.diff(indptr)[:, None]
    return means.astype(np.float32)


def _mean_genres(
    arrays: BlendArrays, rows: NDArray[np.int64], owners: NDArray[np.int64], n_artists: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The heaviest genres of each artist and their weights; owners: int64, the artist of each of `rows`."""
    weights = arrays.genre_weights[rows]
    named = weights > 0  # the others are padding
    width = int(arrays.genre_ids.max(initial=0)) + 1
    pairs = (owners[:, None] * width + arrays.genre_ids[rows])[named]
    once = distinct(pairs)
    sums = np.bincount(once.searchsorted(pairs), weights[named], len(once))
    holders, genres = np.divmod(once, width)
    order = np.lexsort((genres, -sums, holders))
    holders, genres, sums = holders[order], genres[order], sums[order]
    ranks = np.arange(len(holders)) - holders.searchsorted(holders)
    kept = ranks < GENRES_KEPT
    ids = np.zeros((n_artists, GENRES_KEPT), np.int32)
    heaviest = np.zeros((n_artists, GENRES_KEPT), np.float32)
    ids[holders[kept], ranks[kept]] = genres[kept]
    heaviest[holders[kept], ranks[kept]] = sums[kept]
    norms = np.linalg.norm(heaviest, axis=1, keepdims=True)
    return ids, np.divide(heaviest, norms, out=heaviest, where=norms > 0)


@dataclass(frozen=True, slots=True)
class NearestArtists:
    """Artists by their places in `Artists`, nearest first; `distances` and `sound`, the Euclidean distance of
    the means of scaled features, are float32 (n_found,)."""

    places: NDArray[np.int64]
    distances: NDArray[np.float32]
    sound: NDArray[np.float32]


def nearest_artists(
    artists: Artists,
    arrays: BlendArrays,
    rows: NDArray[np.int64],
    weights: BlendWeights,
    limit: int,
    without: int,
) -> NearestArtists:
    """The at most `limit` artists nearest to one, equal ones by their key; one pass over all of them.

    rows: int64, those of any tracks of the artist, at least one. without: the artist's own key.
    """
    genres = np.zeros(int(arrays.genre_ids.max(initial=0)) + 1, np.float32)
    np.add.at(genres, arrays.genre_ids[rows], arrays.genre_weights[rows])
    genres /= max(float(np.linalg.norm(genres)), 1e-9)
    cosine = np.einsum("ij,ij->i", genres.take(artists.genre_ids), artists.genre_weights)
    sound = euclidean_distances(artists.X, arrays.X[rows].mean(axis=0))
    listeners = arrays.listeners[rows].mean(axis=0)
    norm = np.float32(np.linalg.norm(listeners))
    distances = (
        weights.genre * (1 - np.minimum(cosine, np.float32(1)))
        + weights.sound * sound
        + familiarity_part(artists.familiarity, weights.familiarity)
    )
    if norm:
        distances += weights.listeners * np.maximum(norm - artists.listeners @ (listeners / norm), 0)
    others = artists.keys != without
    distances[~others] = np.inf
    n_found = min(limit, int(others.sum()))
    if n_found:
        farthest = np.partition(distances, n_found - 1)[n_found - 1]
        places = np.flatnonzero(distances <= farthest)
        places = places[np.argsort(distances[places], kind="stable")][:n_found]
    else:
        places = np.empty(0, np.int64)
    return NearestArtists(places, distances[places], sound[places])
