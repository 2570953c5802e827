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

FIRST_MEASURED = 256


@dataclass(frozen=True, slots=True)
class Artists:
    """The m artists of a run that some track names first, each by those tracks.

    keys: int64 (m,), ascending. indptr, rows: the rows of each, CSR. X: float32 (m, n_features), scaled.
    genre_indptr, genre_artists, genre_weights: the artists of every genre with its entry in their vectors,
    which are of unit length: CSR, int64 (n_genres + 1,), int64 and float32. listeners: float32 (m, k), k may
    be 0. familiarity: float32 (m,), of the best known track. label_indptr, labels: the genres that any track
    of each artist carries, CSR, ascending.
    """

    keys: NDArray[np.int64]
    indptr: NDArray[np.int64]
    rows: NDArray[np.int64]
    X: NDArray[np.float32]
    genre_indptr: NDArray[np.int64]
    genre_artists: NDArray[np.int64]
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
    genres = _genre_vectors(arrays, rows, owners, len(starts))
    row_indptr, carried = taken_rows(genre_indptr, genre_indices, rows)
    width = int(carried.max(initial=0)) + 1
    pairs = distinct(np.repeat(owners, np.diff(row_indptr)) * width + carried)
    return Artists(
        keys=ascending[starts],
        indptr=indptr,
        rows=rows,
        X=_means(arrays.X[rows], indptr),
        genre_indptr=genres[0],
        genre_artists=genres[1],
        genre_weights=genres[2],
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


def _genre_vectors(
    arrays: BlendArrays, rows: NDArray[np.int64], owners: NDArray[np.int64], n_artists: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The unit vectors of the artists by genre, CSR; owners: int64, the artist of each of `rows`."""
    weights = arrays.genre_weights[rows]
    named = weights > 0  # the others are padding
    pairs = (arrays.genre_ids[rows].astype(np.int64) * n_artists + owners[:, None])[named]
    once = distinct(pairs)
    sums = np.bincount(once.searchsorted(pairs), weights[named], len(once))
    genres, artists = np.divmod(once, max(n_artists, 1))
    norms = np.sqrt(np.bincount(artists, sums**2, n_artists))
    indptr = genres.searchsorted(np.arange(_n_genres(arrays) + 1))
    return indptr, artists, (sums / norms[artists]).astype(np.float32)


def _n_genres(arrays: BlendArrays) -> int:
    """How many genres vectors may name; 1 where there is none, for padding names the first."""
    return int(arrays.genre_ids.max(initial=0)) + 1


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
    """The at most `limit` artists nearest to one, equal ones by their key.

    Exact: genre and familiarity, cheap for all artists, bound the distance from below, and whoever is within
    the bound is measured.

    rows: int64, those of any tracks of the artist, at least one. without: the artist's own key.
    """
    genres = np.zeros(_n_genres(arrays), np.float32)
    np.add.at(genres, arrays.genre_ids[rows], arrays.genre_weights[rows])
    genres /= max(float(np.linalg.norm(genres)), 1e-9)
    carried = np.flatnonzero(genres)
    by_genre, holders = taken_rows(artists.genre_indptr, artists.genre_artists, carried)
    entries = taken_rows(artists.genre_indptr, artists.genre_weights, carried)[1]
    products = entries * np.repeat(genres[carried], np.diff(by_genre))
    cosine = np.bincount(holders, products, len(artists.keys)).astype(np.float32)
    bounds = weights.genre * (1 - np.minimum(cosine, np.float32(1)))
    bounds += familiarity_part(artists.familiarity, weights.familiarity)
    bounds[artists.keys == without] = np.inf

    point, listeners = arrays.X[rows].mean(axis=0), arrays.listeners[rows].mean(axis=0)
    norm = np.float32(np.linalg.norm(listeners))

    def measured(places: NDArray[np.int64]) -> NearestArtists:
        sound = euclidean_distances(artists.X[places], point)
        distances = bounds[places] + weights.sound * sound
        if norm:
            agreement = artists.listeners[places] @ (listeners / norm)
            distances += weights.listeners * np.maximum(norm - agreement, 0)
        order = np.argsort(distances, kind="stable")[:limit]
        return NearestArtists(places[order], distances[order], sound[order])

    others = np.flatnonzero(np.isfinite(bounds))
    if len(others) > max(FIRST_MEASURED, limit):
        first = np.argpartition(bounds, max(FIRST_MEASURED, limit))[: max(FIRST_MEASURED, limit)]
        others = np.flatnonzero(bounds <= measured(first).distances[-1])
    return measured(others)
