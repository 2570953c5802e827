"""The blended distance: sound, genres, artist, familiarity and listeners, as a sum of parts.

Every part is at least 0 and 0 where two tracks agree fully, so the parts explain a result and the
sum is a distance from the best that could be. Served: numpy only.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.distinct import distinct


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
SOUND_ALONE = BlendWeights(
    genre=0, sound=1, artist=0, album=0, popularity=0, familiarity=0, duration=0, listeners=0
)


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


@dataclass(frozen=True, slots=True)
class Queries:
    """Several queries at once.

    points: float64 (q, d). genres: float32 (n_genres, q). popularity, log_duration: float32 (q, 1). albums:
    int64 (q,). listeners: float32 (q, k), listener_norms: float32 (q, 1). companions: int64 (c,), those of
    all queries, and companion_queries: int64 (c,), which query each is of.
    """

    points: NDArray[np.float64]
    genres: NDArray[np.float32]
    popularity: NDArray[np.float32]
    log_duration: NDArray[np.float32]
    albums: NDArray[np.int64]
    listeners: NDArray[np.float32]
    listener_norms: NDArray[np.float32]
    companions: NDArray[np.int64]
    companion_queries: NDArray[np.int64]

    @classmethod
    def of(cls, queries: Sequence[Query]) -> "Queries":
        companions = [query.companions for query in queries]
        return cls(
            points=np.array([query.point for query in queries], np.float64),
            genres=np.array([query.genres for query in queries]).T,
            popularity=np.array([[query.popularity] for query in queries], np.float32),
            log_duration=np.array([[query.log_duration] for query in queries], np.float32),
            albums=np.array([query.album for query in queries], np.int64),
            listeners=np.array([query.listeners for query in queries]),
            listener_norms=np.array([[query.listener_norm] for query in queries], np.float32),
            companions=np.concatenate(companions).astype(np.int64),
            companion_queries=np.repeat(np.arange(len(queries)), [len(each) for each in companions]),
        )

    def __len__(self) -> int:
        return len(self.points)


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
    arrays: BlendArrays, query: Query, weights: BlendWeights, rows: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    """The parts of the distances from one query to `rows` (m,), each float32 (m,)."""
    return {name: part[0] for name, part in parts_to_each(arrays, Queries.of([query]), weights, rows).items()}


def parts_to_each(
    arrays: BlendArrays, queries: Queries, weights: BlendWeights, rows: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    """The parts of the distances from q queries to `rows` (m,), each once: each part float32 (q, m)."""
    shape = len(queries), len(rows)
    off_popularity = np.abs(arrays.popularity.take(rows) * _HUNDREDTH - queries.popularity)
    off_duration = np.abs(arrays.log_duration.take(rows) - queries.log_duration)
    return {
        "genre": _genre_part(arrays, queries, weights.genre, rows),
        "sound": _sound_part(arrays, queries, weights.sound, rows),
        "artist": _artist_part(arrays, queries, weights, rows),
        "popularity": weights.popularity * off_popularity,
        "familiarity": np.broadcast_to(
            familiarity_part(arrays.familiarity.take(rows), weights.familiarity), shape
        ),
        "duration": weights.duration * np.minimum(off_duration, 1),
        "listeners": _listener_part(arrays, queries, weights.listeners, rows),
        "hubness": np.broadcast_to(arrays.hubness.take(rows), shape),
    }


def total(parts: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """The distance: the sum of its parts."""
    return np.asarray(sum(parts.values()), dtype=np.float32)


_HUNDREDTH = np.float32(0.01)


def _nothing(queries: Queries, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.broadcast_to(np.float32(0), (len(queries), len(rows)))


def _genre_part(
    arrays: BlendArrays, queries: Queries, weight: float, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    if not weight:
        return _nothing(queries, rows)
    if not len(queries.genres):  # no track of the catalogue has a genre
        return np.full((len(queries), len(rows)), weight, np.float32)
    # `take` gathers rows several times faster than an index array does.
    of_queries = queries.genres.take(arrays.genre_ids.take(rows, axis=0), axis=0)
    cosines = np.einsum("mwq,mw->qm", of_queries, arrays.genre_weights.take(rows, axis=0))
    return np.asarray(weight * (1 - np.minimum(cosines, 1)), dtype=np.float32)


def _sound_part(
    arrays: BlendArrays, queries: Queries, weight: float, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    if not weight:
        return _nothing(queries, rows)
    # In float64, for the difference of large squares.
    X, points = arrays.X.take(rows, axis=0).astype(np.float64), queries.points
    squared = np.einsum("ij,ij->i", X, X) - 2 * points @ X.T
    squared += np.einsum("ij,ij->i", points, points)[:, None]
    return np.asarray(weight * np.sqrt(np.maximum(squared, 0)), dtype=np.float32)


def _artist_part(
    arrays: BlendArrays, queries: Queries, weights: BlendWeights, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    apart = np.full((len(queries), len(rows)), weights.artist + weights.album, np.float32)
    if not len(queries.companions) or not len(rows):
        return apart
    order = rows.argsort(kind="stable")
    places = np.minimum(rows[order].searchsorted(queries.companions), len(rows) - 1)
    is_row = rows[order[places]] == queries.companions
    numbers, columns = queries.companion_queries[is_row], order[places[is_row]]
    is_of_album = (queries.albums[numbers] >= 0) & (arrays.albums[rows[columns]] == queries.albums[numbers])
    apart[numbers, columns] = np.where(is_of_album, 0, weights.album)
    return apart


def _listener_part(
    arrays: BlendArrays, queries: Queries, weight: float, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    if not weight or not queries.listener_norms.any():
        return _nothing(queries, rows)
    products = queries.listeners @ arrays.listeners.take(rows, axis=0).T
    return np.asarray(weight * np.maximum(queries.listener_norms - products, 0), dtype=np.float32)


def familiarity_part(familiarity: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """Distance from the best known, or from the least known where `weight` is below 0."""
    value = familiarity if weight < 0 else MAX_FAMILIAR - familiarity
    return np.float32(abs(weight)) * value


MAX_FAMILIAR = np.float32(2.0)


def is_member(rows: NDArray[np.integer[Any]], some: NDArray[Any]) -> NDArray[np.bool_]:
    """Which `rows` are in `some`, which is ascending: a tenth of the price of `numpy.isin` for a few rows."""
    if not len(some):
        return np.zeros(len(rows), bool)
    # Rows of another type would have all of `some` converted.
    places = np.minimum(some.searchsorted(rows.astype(some.dtype)), len(some) - 1)
    found: NDArray[np.bool_] = some[places] == rows
    return found


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
