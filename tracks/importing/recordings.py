"""Which tracks are the same recording: one performance under several ids, titles or albums.

Two tracks are when their base titles and first artists fold to the same text and their durations
are within 2 s (counted from one release to the next longer one), or when all twelve audio features,
duration and first artist are identical: one audio file under a translated title. When in doubt they
are different: live, remix, acoustic and edit stay in the title, and titles whose duration is unknown
are not compared.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import connection

from tracks.audio_features import FEATURE_NAMES
from tracks.titles.folding import fold
from tracks.titles.parsing import base_title

GAP_MS = 2_000
KNOWN_POPULARITY = "COALESCE(popularity, -1)"  # the unknown after all others
MAX_KEY_LENGTH, DIGEST_BYTES = 200, 16


def recording_key(title: str, first_artist: str) -> str:
    """What releases of one recording have in common, at most `MAX_KEY_LENGTH` characters."""
    key = f"{fold(base_title(title)) or title}\x1f{_folded_artist(first_artist) or first_artist}"
    if len(key) <= MAX_KEY_LENGTH:
        return key
    return (
        key[: MAX_KEY_LENGTH - 2 * DIGEST_BYTES] + blake2b(key.encode(), digest_size=DIGEST_BYTES).hexdigest()
    )


_folded_artist = lru_cache(maxsize=10_000)(fold)


class _Release(NamedTuple):
    track_id: int
    popularity: int
    spotify_id: str


class _Groups:
    """Disjoint sets of releases, joined pair by pair."""

    def __init__(self) -> None:
        self._parents: dict[_Release, _Release] = {}

    def join(self, one: _Release, other: _Release) -> None:
        self._parents[self._root(one)] = self._root(other)

    def _root(self, release: _Release) -> _Release:
        while (parent := self._parents.setdefault(release, release)) != release:
            self._parents[release] = self._parents[parent]
            release = parent
        return release

    def representatives(self) -> Iterable[tuple[int, int]]:
        """(track, the most popular track of its group); of equals the smallest Spotify id stands."""
        groups: defaultdict[_Release, list[_Release]] = defaultdict(list)
        for release in self._parents:
            groups[self._root(release)].append(release)
        for group in groups.values():
            first = min(group, key=lambda release: (-release.popularity, release.spotify_id))
            yield from ((release.track_id, first.track_id) for release in group)


def group_recordings() -> int:
    """Point each track at the one that stands for its recording; return how many recordings there are."""
    groups = _Groups()
    same_key = (
        f"SELECT recording_key, duration_ms, id, {KNOWN_POPULARITY}, spotify_id FROM tracks_track"
        " WHERE duration_ms > 0 AND recording_key IN"
        " (SELECT recording_key FROM tracks_track GROUP BY recording_key HAVING COUNT(*) > 1)"
        " ORDER BY recording_key, duration_ms, id"
    )
    for (key, duration, *one), (other_key, other_duration, *other) in pairwise(_rows(same_key)):
        if key == other_key and other_duration - duration <= GAP_MS:
            groups.join(_Release(*one), _Release(*other))
    names = ", ".join(f't."{name}"' for name in FEATURE_NAMES)
    same_audio = (
        f"SELECT t.id, {KNOWN_POPULARITY}, t.spotify_id, c.artist_id, t.duration_ms, {names}"
        " FROM tracks_track t JOIN"
        " (SELECT duration_ms, loudness, tempo FROM tracks_track"
        "  GROUP BY duration_ms, loudness, tempo HAVING COUNT(*) > 1) AS d"
        " ON t.duration_ms = d.duration_ms AND t.loudness = d.loudness AND t.tempo = d.tempo"
        " JOIN tracks_credit c ON c.track_id = t.id AND c.position = 0"
    )
    first_heard: dict[tuple[object, ...], _Release] = {}
    for track_id, popularity, spotify_id, *audio in _rows(same_audio):
        release = _Release(track_id, popularity, spotify_id)
        groups.join(first_heard.setdefault(tuple(audio), release), release)
    return _store(list(groups.representatives()))


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _store(representatives: list[tuple[int, int]]) -> int:
    """Write the groups; a track in none of them stands for itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE import_recording (track_id bigint PRIMARY KEY, recording_id bigint)"
        )
        cursor.executemany("INSERT INTO import_recording VALUES (%s, %s)", representatives)
        cursor.execute(
            "UPDATE tracks_track SET recording_id = r.recording_id FROM import_recording r"
            " WHERE r.track_id = tracks_track.id"
            " AND (tracks_track.recording_id IS NULL OR tracks_track.recording_id <> r.recording_id)"
        )
        cursor.execute(
            "UPDATE tracks_track SET recording_id = id WHERE (recording_id IS NULL OR recording_id <> id)"
            " AND id NOT IN (SELECT track_id FROM import_recording)"
        )
        cursor.execute("DROP TABLE import_recording")
        cursor.execute("SELECT COUNT(*) FROM tracks_track WHERE id = recording_id")
        return int(cursor.fetchone()[0])
