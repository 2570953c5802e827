"""The first rows that may stand together in one list: one a recording, and so many an artist. numpy only."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import is_member

# Rows for every place of the list: so many are looked at first, one by one or all at once.
ONE_BY_ONE = 8
AT_ONCE = 32
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

    def bans(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the rows (m,) may never appear, bool (m,)."""
        recordings, banned = (
            np.array(sorted(some), dtype=np.int64) for some in (self.banned_recordings, self.banned_rows)
        )
        return is_member(self.recordings.take(rows), recordings) | is_member(rows, banned)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Rows of a list with their distances, nearest first, and why nearer rows were left out."""

    rows: list[int] = field(default_factory=list)
    distances: list[float] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def pick(batches: Iterable[Batch], rules: ListRules, limit: int) -> Neighbours:
    """The first `limit` rows of the batches that may stand together."""
    if rules.per_artist <= 1:
        return _distinct(_in_pieces(batches, AT_ONCE * limit), rules, limit)
    return _capped(_in_pieces(batches, ONE_BY_ONE * limit), rules, limit)


def _distinct(pieces: Iterable[Batch], rules: ListRules, limit: int) -> Neighbours:
    """One row a recording, or an artist: the first of each."""
    rows, recordings, first = (np.empty(0, np.int64) for _ in range(3))
    distances = np.empty(0)
    for piece in pieces:
        new_rows, new_distances, new_recordings = _not_banned(piece, rules)
        rows, distances = np.concatenate([rows, new_rows]), np.concatenate([distances, new_distances])
        recordings = np.concatenate([recordings, new_recordings])
        keys = recordings if rules.per_artist == 0 else _of_artists(rules.artists.take(rows), recordings)
        first = _first_places(keys)
        if len(first) >= limit:
            break
    chosen = first[:limit]
    nearer = recordings[: chosen[-1] + 1] if len(chosen) == limit else recordings
    n_recordings = len(_first_places(nearer))
    left_out = {"recording": len(nearer) - n_recordings, "per_artist": n_recordings - len(chosen)}
    return Neighbours(rows[chosen].tolist(), distances[chosen].tolist(), +Counter(left_out))


def _first_places(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each key stands first, ascending."""
    if not len(keys):
        return np.empty(0, np.int64)
    order = keys.argsort()
    ascending = keys[order]
    starts = np.flatnonzero(np.append(True, ascending[1:] != ascending[:-1]))
    return np.sort(np.minimum.reduceat(order, starts))


def _of_artists(artists: NDArray[np.int64], recordings: NDArray[np.int64]) -> NDArray[np.int64]:
    """What may stand in a list once: an artist, or a recording of an unknown one, below 0."""
    return np.where(artists >= 0, artists, -2 - recordings)


def _not_banned(
    piece: Batch, rules: ListRules
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """The rows of a piece that may appear, with their distances and recordings."""
    rows, distances = piece
    kept = ~rules.bans(rows)
    return rows[kept], distances[kept], rules.recordings.take(rows[kept])


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
