"""From gathered playlists into the database; call it inside one transaction.

Raw SQL for the entries alone, with the SQLite and the PostgreSQL form side by side.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from hashlib import sha256

from django.db import connection

from tracks.models import Playlist, PlaylistEntry
from tracks.playlists.collecting import Gathered, Integers
from tracks.playlists.rows import Identity

PLAYLISTS_AT_ONCE = 1_000
WRITTEN = ["name", "owner", "is_public", "n_rows", "n_tracks", "fingerprint"]
COLUMNS = "tracks_playlistentry (playlist_id, track_id, position)"


class Change(StrEnum):
    """What an import means for a playlist."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WITHOUT_MATCH = "without_match"


def store_playlists(
    gathered: Gathered, *, is_public: bool, on_stored: Callable[[float], None]
) -> Counter[Change]:
    """Add new playlists, replace changed ones whole, leave the others alone; count what happened.

    One without any known track is not added; one that was there before is emptied. `on_stored` hears
    the fraction that is done.
    """
    rows = Playlist.objects.filter(source__in={head.identity.source for head in gathered.heads}).values_list(
        "source", "source_id", "fingerprint"
    )
    fingerprints = {Identity(source, source_id): fingerprint for source, source_id, fingerprint in rows}
    changes: Counter[Change] = Counter()
    n_playlists = len(gathered.heads)
    for start in range(0, n_playlists, PLAYLISTS_AT_ONCE):
        numbers = range(start, min(n_playlists, start + PLAYLISTS_AT_ONCE))
        due = []
        for number in numbers:
            playlist = _playlist(gathered, number, is_public)
            stored = fingerprints.get(gathered.heads[number].identity)
            if not playlist.n_tracks:
                changes[Change.WITHOUT_MATCH] += 1
            elif stored is None:
                changes[Change.NEW] += 1
            else:
                changes[Change.UNCHANGED if stored == playlist.fingerprint else Change.CHANGED] += 1
            if stored != playlist.fingerprint and (playlist.n_tracks or stored is not None):
                due.append((playlist, gathered.tracks_of(number)))
        if due:
            _write(due)
        on_stored(numbers.stop / n_playlists)
    return changes


def _playlist(gathered: Gathered, number: int, is_public: bool) -> Playlist:
    head, tracks = gathered.heads[number], gathered.tracks_of(number)
    n_rows = int(gathered.n_rows[number])
    facts = repr((head.name, head.owner, n_rows, is_public))
    return Playlist(
        source=head.identity.source,
        source_id=head.identity.source_id,
        name=head.name,
        owner=head.owner,
        is_public=is_public,
        n_rows=n_rows,
        n_tracks=len(tracks),
        fingerprint=sha256(facts.encode() + tracks.tobytes()).hexdigest(),
    )


def _write(due: Sequence[tuple[Playlist, Integers]]) -> None:
    """Add or update playlists, each with the tracks `(n,)` that replace the ones it had."""
    playlists = Playlist.objects.bulk_create(
        [playlist for playlist, _tracks in due],
        update_conflicts=True,
        unique_fields=["source", "source_id"],
        update_fields=WRITTEN,
    )
    ids = [playlist.pk for playlist in playlists]
    PlaylistEntry.objects.filter(playlist_id__in=ids).delete()
    entries = [
        (playlist_id, track_id, position)
        for playlist_id, (_playlist, tracks) in zip(ids, due, strict=True)
        for position, track_id in enumerate(tracks.tolist())
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"INSERT INTO {COLUMNS} VALUES (%s, %s, %s)", entries)
        else:
            with cursor.copy(f"COPY {COLUMNS} FROM STDIN") as copy:
                for entry in entries:
                    copy.write_row(entry)
