"""The tracks that show what a cluster is: those nearest its centroid."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

LOOKED_AT = 500


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
    distinct = _one_an_artist(candidates, artists)
    rest = [position for position in candidates if position not in set(distinct)]
    chosen = np.array((distinct + rest)[:n_examples], dtype=np.int64)
    return chosen[np.argsort(distances[chosen], kind="stable")]


def _one_an_artist(candidates: Iterable[int], artists: NDArray[np.int64]) -> list[int]:
    seen: set[int] = set()
    kept = []
    for position in candidates:
        artist = int(artists[position])
        if artist not in seen:
            kept.append(position)
            if artist >= 0:
                seen.add(artist)
    return kept
