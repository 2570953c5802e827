"""The blended distances from many queries, all at once. Served: numpy only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import (
    BlendArrays,
    BlendWeights,
    Query,
    familiarity_part,
    is_member,
)
from recommender.algorithms.euclidean import euclidean_distances


def parts_to_each(
    arrays: BlendArrays, queries: Sequence[Query], weights: BlendWeights, rows: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    """What `distance_parts` is for each of the queries, each part float32 (n_queries, m), up to rounding.

    rows: (m,), ascending.
    """
    popularity = np.array([query.popularity for query in queries], np.float32)[:, None]
    log_duration = np.array([query.log_duration for query in queries], np.float32)[:, None]
    shape = len(queries), len(rows)
    nothing = np.broadcast_to(np.float32(0), shape)
    familiarity = familiarity_part(arrays.familiarity.take(rows), weights.familiarity)
    off_popularity = np.abs(arrays.popularity.take(rows) * np.float32(0.01) - popularity)
    off_duration = np.abs(arrays.log_duration.take(rows) - log_duration)
    return {
        "genre": weights.genre * (1 - _genre_cosines(arrays, queries, rows)) if weights.genre else nothing,
        "sound": weights.sound * _sound_distances(arrays, queries, rows),
        "artist": _artist_parts(arrays, queries, weights, rows),
        "popularity": weights.popularity * off_popularity,
        "familiarity": np.broadcast_to(familiarity, shape),
        "duration": weights.duration * np.minimum(off_duration, 1),
        "listeners": weights.listeners * _listener_shortfalls(arrays, queries, rows)
        if weights.listeners
        else nothing,
        "hubness": np.broadcast_to(arrays.hubness.take(rows), shape),
    }


def parts_of_pairs(
    arrays: BlendArrays,
    queries: Sequence[Query],
    weights: BlendWeights,
    numbers: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> dict[str, NDArray[np.float32]]:
    """The parts of the distances from `queries[numbers[i]]` to `rows[i]`, each float32 (m,), up to rounding.

    numbers, rows: (m,), in any order.
    """
    points = np.stack([query.point for query in queries])
    popularity = np.array([query.popularity for query in queries], np.float32)
    log_duration = np.array([query.log_duration for query in queries], np.float32)
    albums = np.array([query.album for query in queries])
    listeners = np.stack([query.listeners for query in queries])
    norms = np.array([query.listener_norm for query in queries], np.float32)
    column, table = _genre_table(queries)
    genre_ids, genre_weights = arrays.genre_ids.take(rows, axis=0), arrays.genre_weights.take(rows, axis=0)
    cosines = np.einsum("ij,ij->i", table[column[genre_ids], numbers[:, None]], genre_weights)
    n = len(arrays.X)
    companions = [number * n + query.companions.astype(np.int64) for number, query in enumerate(queries)]
    is_companion = is_member(numbers * n + rows, np.concatenate(companions))
    is_of_album = is_companion & (albums[numbers] >= 0) & (arrays.albums.take(rows) == albums[numbers])
    off_popularity = np.abs(arrays.popularity.take(rows) * np.float32(0.01) - popularity[numbers])
    off_duration = np.abs(arrays.log_duration.take(rows) - log_duration[numbers])
    products = np.einsum("ij,ij->i", arrays.listeners.take(rows, axis=0), listeners[numbers])
    apart = np.where(is_companion, weights.album, weights.artist + weights.album)
    return {
        "genre": weights.genre * (1 - np.minimum(cosines, np.float32(1))),
        "sound": weights.sound * euclidean_distances(arrays.X.take(rows, axis=0), points[numbers]),
        "artist": np.where(is_of_album, 0, apart).astype(np.float32),
        "popularity": weights.popularity * off_popularity,
        "familiarity": familiarity_part(arrays.familiarity.take(rows), weights.familiarity),
        "duration": weights.duration * np.minimum(off_duration, 1),
        "listeners": weights.listeners * np.maximum(norms[numbers] - products, 0),
        "hubness": arrays.hubness.take(rows),
    }


def _genre_table(queries: Sequence[Query]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The weights of the genres that some query has, (n_used + 1, n_queries), the last row of zeros for all
    others; and the row of each genre, (n_genres,), with one of zeros where there is no genre at all."""
    named = [query.genres.nonzero()[0] for query in queries]
    n_genres = max(1, len(queries[0].genres))
    is_named = np.zeros(n_genres, bool)
    is_named[np.concatenate(named)] = True
    genres = np.flatnonzero(is_named)
    column = np.full(n_genres, len(genres))
    column[genres] = np.arange(len(genres))
    table = np.zeros((len(genres) + 1, len(queries)), np.float32)
    for number, (query, own) in enumerate(zip(queries, named, strict=True)):
        table[column[own], number] = query.genres[own]
    return column, table


def _genre_cosines(
    arrays: BlendArrays, queries: Sequence[Query], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    column, table = _genre_table(queries)
    cosines = np.zeros((len(rows), len(queries)), np.float32)
    slots = zip(
        column.take(arrays.genre_ids.take(rows, axis=0)).T,
        arrays.genre_weights.take(rows, axis=0).T,
        strict=True,
    )
    for columns, genre_weights in slots:
        cosines += table.take(columns, axis=0) * genre_weights[:, None]
    return np.minimum(np.ascontiguousarray(cosines.T), np.float32(1))


def _sound_distances(
    arrays: BlendArrays, queries: Sequence[Query], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    # In float64, for the difference of large squares.
    X = arrays.X.take(rows, axis=0).astype(np.float64)
    points = np.stack([query.point for query in queries]).astype(np.float64)
    squared = np.einsum("ij,ij->i", X, X) - 2 * (points @ X.T)
    squared += np.einsum("ij,ij->i", points, points)[:, None]
    distances: NDArray[np.float32] = np.sqrt(np.maximum(squared, 0).astype(np.float32))
    return distances


def _artist_parts(
    arrays: BlendArrays, queries: Sequence[Query], weights: BlendWeights, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    apart = np.full((len(queries), len(rows)), weights.artist + weights.album, np.float32)
    if not len(rows):
        return apart
    companions = np.concatenate([query.companions for query in queries])
    numbers = np.repeat(np.arange(len(queries)), [len(query.companions) for query in queries])
    places = np.minimum(rows.searchsorted(companions), len(rows) - 1)
    is_row = rows[places] == companions
    numbers, places = numbers[is_row], places[is_row]
    apart[numbers, places] -= np.float32(weights.artist)
    albums = np.array([query.album for query in queries])[numbers]
    is_of_album = (albums >= 0) & (arrays.albums[rows[places]] == albums)
    apart[numbers[is_of_album], places[is_of_album]] = 0
    return apart


def _listener_shortfalls(
    arrays: BlendArrays, queries: Sequence[Query], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    listeners = np.stack([query.listeners for query in queries])
    norms = np.array([query.listener_norm for query in queries], np.float32)[:, None]
    return np.maximum(norms - listeners @ arrays.listeners.take(rows, axis=0).T, 0)
