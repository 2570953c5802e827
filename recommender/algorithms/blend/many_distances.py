"""The blended distances from many queries to the same rows, all at once. Served: numpy only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BlendArrays, BlendWeights, Query, familiarity_part


def parts_to_each(
    arrays: BlendArrays, queries: Sequence[Query], weights: BlendWeights, rows: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    """What `distance_parts` is for each of the queries, each part float32 (n_queries, m), up to rounding.

    rows: (m,), ascending.
    """
    popularity = np.array([query.popularity for query in queries], np.float32)[:, None]
    log_duration = np.array([query.log_duration for query in queries], np.float32)[:, None]
    shape = len(queries), len(rows)
    familiarity = familiarity_part(arrays.familiarity.take(rows), weights.familiarity)
    off_popularity = np.abs(arrays.popularity.take(rows) * np.float32(0.01) - popularity)
    off_duration = np.abs(arrays.log_duration.take(rows) - log_duration)
    return {
        "genre": weights.genre * (1 - _genre_cosines(arrays, queries, rows)),
        "sound": weights.sound * _sound_distances(arrays, queries, rows),
        "artist": _artist_parts(arrays, queries, weights, rows),
        "popularity": weights.popularity * off_popularity,
        "familiarity": np.broadcast_to(familiarity, shape),
        "duration": weights.duration * np.minimum(off_duration, 1),
        "listeners": weights.listeners * _listener_shortfalls(arrays, queries, rows),
        "hubness": np.broadcast_to(arrays.hubness.take(rows), shape),
    }


def _genre_cosines(
    arrays: BlendArrays, queries: Sequence[Query], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    named = [query.genres.nonzero()[0] for query in queries]
    n_genres = len(queries[0].genres)
    is_named = np.zeros(n_genres, bool)
    is_named[np.concatenate(named)] = True
    genres = np.flatnonzero(is_named)
    column = np.full(n_genres, len(genres))  # of what no query has: one of zeros
    column[genres] = np.arange(len(genres))
    table = np.zeros((len(genres) + 1, len(queries)), np.float32)
    for number, (query, own) in enumerate(zip(queries, named, strict=True)):
        table[column[own], number] = query.genres[own]
    cosines = np.zeros((len(rows), len(queries)), np.float32)
    if n_genres:
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
