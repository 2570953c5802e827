"""The first rows that may stand together in one list: one a recording, and so many an artist. numpy only."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FIRST_LOOKED_AT = 8  # rows for every place of the list
GROWTH = 4

Batch = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class ListRules:
    """Which rows may stand in one list together.

    recordings, artists: int64 (n,), by row; all rows of a recording have one artist; an artist of
    -1 is unknown and never capped.
    banned_recordings never appear, nor do banned_rows; per_artist caps an artist's rows, 0 is no cap.
    """

    recordings: NDArray[np.int64]
    artists: NDArray[np.int64]
    banned_recordings: frozenset[int] = frozenset()
    banned_rows: Collection[int] = frozenset()
    per_artist: int = 0


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Rows of a list with their distances, nearest first, and why nearer rows were left out."""

    rows: list[int] = field(default_factory=list)
    distances: list[float] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def pick(batches: Iterable[Batch], rules: ListRules, limit: int) -> Neighbours:
    """The first `limit` rows of the batches that may stand together."""
    pieces = _in_pieces(batches, FIRST_LOOKED_AT * limit)
    return _distinct(pieces, rules, limit) if rules.per_artist <= 1 else _capped(pieces, rules, limit)


def _distinct(pieces: Iterable[Batch], rules: ListRules, limit: int) -> Neighbours:
    """One row a recording, or an artist: the first of each, without looking at rows one by one."""
    looked_at = [(np.empty(0, np.int64), np.empty(0))]
    recordings: list[int] = []
    first_at: dict[int, int] = {}
    for piece in pieces:
        rows, distances, of_rows = _not_banned(piece, rules)
        looked_at.append((rows, distances))
        keys = of_rows if rules.per_artist == 0 else _of_artists(rules.artists[rows], of_rows)
        places = range(len(recordings) + len(rows) - 1, len(recordings) - 1, -1)
        # Backwards, so that the first of equal keys is the one that stays.
        first_at = dict(zip(keys[::-1].tolist(), places, strict=True)) | first_at
        recordings += of_rows.tolist()
        if len(first_at) >= limit:
            break
    chosen = sorted(first_at.values())[:limit]
    rows, distances = (np.concatenate(columns) for columns in zip(*looked_at, strict=True))
    nearer = recordings[: chosen[-1] + 1] if len(chosen) == limit else recordings
    n_recordings = len(set(nearer))
    left_out = {"recording": len(nearer) - n_recordings, "per_artist": n_recordings - len(chosen)}
    return Neighbours(rows[chosen].tolist(), distances[chosen].tolist(), +Counter(left_out))


def _of_artists(artists: NDArray[np.int64], recordings: NDArray[np.int64]) -> NDArray[np.int64]:
    """What may stand in a list once: an artist, or a recording of an unknown one, below 0."""
    return np.where(artists >= 0, artists, -2 - recordings)


def _not_banned(
    piece: Batch, rules: ListRules
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """The rows of a piece that may appear, with their distances and recordings."""
    rows, distances = piece
    recordings = rules.recordings[rows]
    kept = np.ones(len(rows), bool)
    for recording in rules.banned_recordings:
        kept &= recordings != recording
    if rules.banned_rows:
        kept &= ~np.isin(rows, list(rules.banned_rows))
    return rows[kept], distances[kept], recordings[kept]


def _capped(pieces: Iterable[Batch], rules: ListRules, limit: int) -> Neighbours:
    """So many rows of an artist, looked at one by one."""
    chosen = Neighbours()
    seen: set[int] = set()
    of_artist: Counter[int] = Counter()
    for piece in pieces:
        rows, distances, recordings = _not_banned(piece, rules)
        columns = (rows, distances, recordings, rules.artists[rows])
        for row, distance, recording, artist in zip(*(each.tolist() for each in columns), strict=True):
            if len(chosen.rows) == limit:
                return chosen
            if recording in seen:
                chosen.left_out["recording"] += 1
                continue
            seen.add(recording)
            if artist >= 0 and of_artist[artist] == rules.per_artist:
                chosen.left_out["per_artist"] += 1
                continue
            of_artist[artist] += 1
            chosen.rows.append(row)
            chosen.distances.append(distance)
    return chosen


def _in_pieces(batches: Iterable[Batch], first: int) -> Iterator[Batch]:
    """The same rows in pieces that grow: a list rarely needs a whole batch."""
    size = max(first, 1)
    for rows, distances in batches:
        start = 0
        while start < len(rows):
            yield rows[start : start + size], distances[start : start + size]
            start, size = start + size, GROWTH * size
