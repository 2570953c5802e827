"""The stored playlists as arrays, for learning from them."""

from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tracks.models import Playlist

NO_OWNER = -1


@dataclass(frozen=True)
class PlaylistArrays:
    """`p` playlists that hold known tracks, by pk, as the rows of a sparse matrix.

    `tracks[indptr[i]:indptr[i + 1]]` (`Track.pk`) are the tracks of playlist `playlists[i]` in its order,
    each once. `owners` `(p,)` numbers the owners from 0: equal where the owner is; `NO_OWNER` unknown.
    """

    playlists: NDArray[np.int64]
    indptr: NDArray[np.int64]
    tracks: NDArray[np.int64]
    owners: NDArray[np.int64]


def playlist_arrays() -> PlaylistArrays:
    """All playlists of the catalogue, private ones too: they are for learning, not for showing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT playlist_id, track_id FROM tracks_playlistentry ORDER BY playlist_id, position"
        )
        parts = [np.zeros((0, 2), dtype=np.int64)]
        while rows := cursor.fetchmany(50_000):
            parts.append(np.array(rows, dtype=np.int64))
    entries = np.concatenate(parts)
    playlists, starts = np.unique(entries[:, 0], return_index=True)
    numbers: dict[str, int] = {}
    owners = np.full(len(playlists), NO_OWNER, dtype=np.int64)
    owned = Playlist.objects.exclude(owner="").order_by("pk").values_list("pk", "owner")
    for playlist, owner in owned.iterator():
        row = int(np.searchsorted(playlists, playlist))
        if row < len(playlists) and playlists[row] == playlist:
            owners[row] = numbers.setdefault(owner, len(numbers))
    return PlaylistArrays(
        playlists=playlists,
        indptr=np.append(starts, len(entries)).astype(np.int64),
        tracks=np.ascontiguousarray(entries[:, 1]),
        owners=owners,
    )
