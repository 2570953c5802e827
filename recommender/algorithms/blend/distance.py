"""The blended distance: sound, genres, artist, familiarity and listeners, as a sum of parts.

Every part is at least 0 and 0 where two tracks agree fully, so the parts explain a result and the
sum is a distance from the best that could be. Served: numpy only.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.euclidean import euclidean_distances


@dataclass(frozen=True, slots=True)
class BlendWeights:
    """What each part weighs. `familiarity` below 0 prefers hidden gems.

    sound multiplies the Euclidean distance of scaled features; popularity the difference of
    popularities, 0 to 1; duration that of the logarithms, at most 1; the others affinities of 0 to 1.
    The usual ones were chosen by playlists (`recommender.evaluation.weighing`) and rounded; genre from 0.75
    up, which costs no figure and reads better.
    """

    genre: float = 1.0
    sound: float = 0.07
    artist: float = 0.6
    album: float = 0.75
    popularity: float = 0.4
    familiarity: float = 1.0
    duration: float = 0.3
    listeners: float = 1.75


BALANCED = BlendWeights()
LISTENERS = replace(BALANCED, genre=0.7, familiarity=0.7, listeners=2.75)


@dataclass(frozen=True, slots=True)
class BlendArrays:
    """What the blend knows of n rows, in the snapshot's order.

    X: float32 (n, d), scaled. genre_ids, genre_weights: int32 and float32 (n, w), unit vectors, padded
    with weight 0. popularity: uint8 (n,), of the recording. familiarity: float32 (n,).
    log_duration: float32 (n,), of milliseconds. albums: int32 (n,), -1 for none, one artist an album.
    listeners: float32 (n, k), k may be 0; hubness: float32 (n,), at least 0, added to the distance.
    credit_indptr, credit_indices: the artists of every row, CSR; artist_indptr, artist_rows: the rows
    of every artist, ascending.
    """

    X: NDArray[np.float32]
    genre_ids: NDArray[np.int32]
    genre_weights: NDArray[np.float32]
    popularity: NDArray[np.uint8]
    familiarity: NDArray[np.float32]
    log_duration: NDArray[np.float32]
    albums: NDArray[np.int32]
    listeners: NDArray[np.float32]
    hubness: NDArray[np.float32]
    credit_indptr: NDArray[np.int64]
    credit_indices: NDArray[np.int32]
    artist_indptr: NDArray[np.int64]
    artist_rows: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Query:
    """What a seed is compared by. genres: float32 (n_genres,). companions: the rows of its artists."""

    point: NDArray[np.float32]
    genres: NDArray[np.float32]
    popularity: float
    log_duration: float
    album: int
    listeners: NDArray[np.float32]
    companions: NDArray[np.int32]

    @property
    def listener_norm(self) -> float:
        return math.sqrt(float(self.listeners @ self.listeners))


def query_of_row(arrays: BlendArrays, row: int, n_genres: int) -> Query:
    """The query that a row of the snapshot is as a seed."""
    genres = np.zeros(n_genres, np.float32)
    named = arrays.genre_weights[row] > 0  # the others are padding
    genres[arrays.genre_ids[row][named]] = arrays.genre_weights[row][named]
    credits = arrays.credit_indices[arrays.credit_indptr[row] : arrays.credit_indptr[row + 1]]
    return Query(
        point=arrays.X[row],
        genres=genres,
        popularity=float(arrays.popularity[row]) / 100,
        log_duration=float(arrays.log_duration[row]),
        album=int(arrays.albums[row]),
        listeners=arrays.listeners[row],
        companions=rows_of_artists(arrays, credits),
    )


def rows_of_artists(arrays: BlendArrays, artists: NDArray[np.int32]) -> NDArray[np.int32]:
    """All rows that credit one of the artists, ascending, each once: int32 (m,)."""
    slices = [
        arrays.artist_rows[arrays.artist_indptr[artist] : arrays.artist_indptr[artist + 1]]
        for artist in artists.tolist()
    ]
    if len(slices) == 1:
        return slices[0]
    return distinct(np.concatenate([np.empty(0, np.int32), *slices]))


def distance_parts(
    arrays: BlendArrays,
    query: Query,
    weights: BlendWeights,
    rows: NDArray[np.int64],
    *,
    companions: bool | None = None,
) -> dict[str, NDArray[np.float32]]:
    """The parts of the distance from the query to `rows` (m,), each float32 (m,).

    companions says that all rows, or none of them, share an artist with the seed; None looks.
    """
    return {
        "genre": weights.genre * (1 - _genre_cosine(arrays, query, rows)),
        "sound": weights.sound * euclidean_distances(arrays.X.take(rows, axis=0), query.point),
        "artist": _artist_part(arrays, query, weights, rows, companions),
        "popularity": weights.popularity
        * np.abs(arrays.popularity.take(rows) * _HUNDREDTH - query.popularity),
        "familiarity": familiarity_part(arrays.familiarity.take(rows), weights.familiarity),
        "duration": weights.duration
        * np.minimum(np.abs(arrays.log_duration.take(rows) - np.float32(query.log_duration)), 1),
        "listeners": _listener_part(arrays, query, weights.listeners, rows),
        "hubness": arrays.hubness.take(rows),
    }


def total(parts: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """The distance: the sum of its parts."""
    return np.asarray(sum(parts.values()), dtype=np.float32)


_HUNDREDTH = np.float32(0.01)


def _genre_cosine(arrays: BlendArrays, query: Query, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    if not len(query.genres):  # no track of the catalogue has a genre
        return np.zeros(len(rows), np.float32)
    # `take` gathers rows several times faster than an index array does.
    weights = query.genres.take(arrays.genre_ids.take(rows, axis=0))
    cosine: NDArray[np.float32] = np.einsum("ij,ij->i", weights, arrays.genre_weights.take(rows, axis=0))
    return np.minimum(cosine, np.float32(1))


def _artist_part(
    arrays: BlendArrays, query: Query, weights: BlendWeights, rows: NDArray[np.int64], known: bool | None
) -> NDArray[np.float32]:
    apart = np.full(len(rows), weights.artist + weights.album, np.float32)
    if known is False or not len(rows):
        return apart
    shared = np.ones(len(rows), bool) if known else is_member(rows, query.companions)
    apart[shared] -= np.float32(weights.artist)
    if query.album >= 0:
        apart[shared & (arrays.albums[rows] == query.album)] = 0
    return apart


def is_member(rows: NDArray[np.integer[Any]], some: NDArray[Any]) -> NDArray[np.bool_]:
    """Which `rows` are in `some`, which is ascending: a tenth of the price of `numpy.isin` for a few rows."""
    if not len(some):
        return np.zeros(len(rows), bool)
    # Rows of another type would have all of `some` converted.
    places = np.minimum(some.searchsorted(rows.astype(some.dtype)), len(some) - 1)
    found: NDArray[np.bool_] = some[places] == rows
    return found


def familiarity_part(familiarity: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """Distance from the best known, or from the least known where `weight` is below 0."""
    value = familiarity if weight < 0 else MAX_FAMILIAR - familiarity
    return np.float32(abs(weight)) * value


MAX_FAMILIAR = np.float32(2.0)


def _listener_part(
    arrays: BlendArrays, query: Query, weight: float, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    norm = query.listener_norm
    if not norm or not weight:
        return np.zeros(len(rows), np.float32)
    shortfall = np.maximum(np.float32(norm) - arrays.listeners.take(rows, axis=0) @ query.listeners, 0)
    return np.asarray(np.float32(weight) * shortfall, dtype=np.float32)


def reordered(arrays: BlendArrays, order: NDArray[np.int64]) -> BlendArrays:
    """The arrays with their rows in another order, int64 (n,), each row once."""
    indptr, indices = taken_rows(arrays.credit_indptr, arrays.credit_indices, order)
    by_row = ("X", "genre_ids", "genre_weights", "popularity", "familiarity", "log_duration", "albums")
    moved = {name: getattr(arrays, name)[order] for name in (*by_row, "listeners", "hubness")}
    artist_indptr, artist_rows = artist_postings(indptr, indices, len(arrays.artist_indptr) - 1)
    return BlendArrays(
        **moved,
        credit_indptr=indptr,
        credit_indices=indices,
        artist_indptr=artist_indptr,
        artist_rows=artist_rows,
    )


def artist_postings(
    credit_indptr: NDArray[np.int64], credit_indices: NDArray[np.int32], n_artists: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The rows of every artist, ascending: indptr int64 (n_artists + 1,), rows int32."""
    rows = np.repeat(np.arange(len(credit_indptr) - 1, dtype=np.int32), np.diff(credit_indptr))
    order = np.argsort(credit_indices, kind="stable")
    counts = np.bincount(credit_indices, minlength=n_artists)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), rows[order]
