"""The tracks that show what a cluster is: near its centroid, and some of them known."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

LOOKED_AT = 500
KNOWN_FROM = 2 / 3


def known_examples(
    distances: NDArray[np.float32],
    popularity: NDArray[np.float32],
    carries_genre: NDArray[np.bool_],
    recordings: NDArray[np.int64],
    artists: NDArray[np.int64],
    n_examples: int,
) -> NDArray[np.int64]:
    """Positions of at most `n_examples` members that people know and that are typical; all are (n_members,).

    popularity: NaN unknown. carries_genre: whether a member has a genre that the cluster is named by. Of the
    upper third by popularity, those with such a genre first, each ordered by the sum of two ranks: how near
    the centroid, and how popular. One a recording and one an artist; -1 is an unknown artist. Where
    popularity is unknown everywhere, nobody is known and the result is empty.
    """
    if np.isnan(popularity).all():
        return np.empty(0, np.int64)
    known = np.flatnonzero(popularity >= np.nanquantile(popularity, KNOWN_FROM))
    near, popular = np.empty(len(known)), np.empty(len(known))
    near[np.argsort(distances[known], kind="stable")] = np.arange(len(known))
    popular[np.argsort(-popularity[known], kind="stable")] = np.arange(len(known))
    order = known[np.lexsort((near + popular, ~carries_genre[known]))]
    return np.array(_one_each(order, recordings, artists)[:n_examples], dtype=np.int64)


def nearest_examples(
    distances: NDArray[np.float32], recordings: NDArray[np.int64], artists: NDArray[np.int64], n_examples: int
) -> NDArray[np.int64]:
    """Positions of at most `n_examples` members, the nearest first; all arrays are (n_members,).

    One a recording. One an artist as far as the nearest `LOOKED_AT` allow, then others fill up;
    tracks without an artist (-1) do not stand in each other's way.
    """
    nearest = np.argsort(distances, kind="stable")[:LOOKED_AT]
    _values, first = np.unique(recordings[nearest], return_index=True)
    candidates = [int(nearest[i]) for i in np.sort(first)]
    distinct = _one_each(candidates, recordings, artists)
    rest = [position for position in candidates if position not in set(distinct)]
    chosen = np.array((distinct + rest)[:n_examples], dtype=np.int64)
    return chosen[np.argsort(distances[chosen], kind="stable")]


def _one_each(
    candidates: Iterable[int], recordings: NDArray[np.int64], artists: NDArray[np.int64]
) -> list[int]:
    """The first of every recording and of every artist."""
    seen_recordings: set[int] = set()
    seen_artists: set[int] = set()
    kept = []
    for position in map(int, candidates):
        recording, artist = int(recordings[position]), int(artists[position])
        if recording not in seen_recordings and artist not in seen_artists:
            kept.append(position)
            seen_recordings.add(recording)
            if artist >= 0:
                seen_artists.add(artist)
    return kept
