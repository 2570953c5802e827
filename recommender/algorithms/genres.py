"""One genre among the tracks of a run: what is typical of it, who is best known for it, what is related.

Served: numpy only.
"""

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.artists import Artists
from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.euclidean import euclidean_distances

BEST_KNOWN_BY = 3
LOOKED_AT = 500
KNOWN_SHARE = 1 / 3  # what is typical is chosen from so many of the best known


def typical_rows(
    X: NDArray[np.float32],
    popularity: NDArray[np.uint8],
    recordings: NDArray[np.int64],
    first_artists: NDArray[np.int64],
    rows: NDArray[np.int32],
    limit: int,
) -> NDArray[np.int32]:
    """At most `limit` of a genre's `rows` (m,), nearest to their middle first: of the best known third, or as
    many as are needed, one a recording and, as far as that goes, one an artist.

    X: (n, n_features), scaled; popularity, recordings, first_artists: (n,), -1 for no artist.
    """
    n_known = min(len(rows), max(round(KNOWN_SHARE * len(rows)), 4 * limit))
    known = rows[np.argsort(-popularity[rows].astype(np.int64), kind="stable")[:n_known]]
    distances = euclidean_distances(X[known], X[rows].mean(axis=0))
    nearest = known[np.argsort(distances, kind="stable")[:LOOKED_AT]].tolist()
    chosen: list[int] = []
    others: list[int] = []
    seen: set[tuple[str, int]] = set()
    for row in nearest:
        recording, artist = ("recording", int(recordings[row])), ("artist", int(first_artists[row]))
        if recording not in seen:
            (others if artist in seen else chosen).append(row)
        seen |= {recording, artist} if artist[1] >= 0 else {recording}
    return np.array((chosen + others)[:limit], dtype=np.int32)


def best_known_artists(
    popularity: NDArray[np.uint8],
    recordings: NDArray[np.int64],
    first_artists: NDArray[np.int64],
    rows: NDArray[np.int32],
    limit: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys of at most `limit` artists of a genre's `rows`, and how many recordings of it each has.

    By the popularity of the `BEST_KNOWN_BY` best known of them together, so that one hit is not enough.
    """
    rows = rows[np.argsort(recordings[rows], kind="stable")]
    rows = rows[np.diff(recordings[rows], prepend=-1) > 0]
    rows = rows[first_artists[rows] >= 0]
    rows = rows[np.lexsort((-popularity[rows].astype(np.int64), first_artists[rows]))]
    artists = first_artists[rows]
    starts = np.flatnonzero(np.diff(artists, prepend=-1))
    counts = np.diff(np.append(starts, len(rows)))
    owners = np.repeat(np.arange(len(starts)), counts)
    counted = np.arange(len(rows)) - starts[owners] < BEST_KNOWN_BY
    known = np.bincount(owners[counted], popularity[rows[counted]], len(starts))
    leading = np.lexsort((artists[starts], -counts, -known))[:limit]
    return artists[starts[leading]], counts[leading]


def shared_with_genres(
    artists: Artists,
    first_artists: NDArray[np.int64],
    genre_indptr: NDArray[np.int64],
    genre_indices: NDArray[np.int32],
    rows: NDArray[np.int32],
    n_genres: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """How many of a genre's `rows`, and of the artists they name first, are found in every genre: int64
    (n_genres,) each; and how near each genre is by that, float64 (n_genres,): the sum of both cosines.

    first_artists: (n,), -1 for none; genre_indptr, genre_indices: the genres of every row, CSR.
    """
    carried = taken_rows(genre_indptr, genre_indices, rows.astype(np.int64))[1]
    tracks = np.bincount(carried, minlength=n_genres)
    keys = distinct(first_artists[rows])
    places = artists.keys.searchsorted(keys[keys >= 0])
    both = np.bincount(taken_rows(artists.label_indptr, artists.labels, places)[1], minlength=n_genres)
    sizes = np.bincount(genre_indices, minlength=n_genres)
    holders = np.bincount(artists.labels, minlength=n_genres)
    nearness = tracks / np.sqrt(np.maximum(sizes * len(rows), 1)) + both / np.sqrt(
        np.maximum(holders * max(len(places), 1), 1)
    )
    return tracks, both, nearness
