"""Which track of the catalogue a row means: by id, else by ISRC, else by title and first artist."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from tracks.importing.recordings import GAP_MS, recording_key
from tracks.models import Track
from tracks.playlists.rows import Row
from tracks.titles.parsing import credited_names

TEXTS_PER_QUERY = 5_000


class How(StrEnum):
    """What told the track."""

    ID = "id"
    ISRC = "isrc"
    NAMES = "names"


class Match(NamedTuple):
    track_id: int  # Track.pk
    how: How


class _Candidate(NamedTuple):
    track_id: int
    duration_ms: int | None
    popularity: int | None
    spotify_id: str


def match_rows(rows: Sequence[Row]) -> list[Match | None]:
    """For each row the track it means, or None: a few queries for some thousand rows.

    An ISRC counts where it names one recording in the catalogue and one title among `rows`. Of
    several tracks with the row's title and first artist, those within `GAP_MS` of its duration come
    first, then the most popular, then the smallest Spotify id.
    """
    found: list[Match | None] = [None] * len(rows)
    for how, find in ((How.ID, _by_id), (How.ISRC, _by_isrc), (How.NAMES, _by_names)):
        left = [number for number, match in enumerate(found) if match is None]
        for number, track_id in zip(left, find([rows[number] for number in left]), strict=True):
            if track_id is not None:
                found[number] = Match(track_id, how)
    return found


def _by_id(rows: Sequence[Row]) -> Iterator[int | None]:
    tracks: dict[str | None, int] = {}
    for ids in _in_parts(row.track_id for row in rows):
        tracks |= Track.objects.filter(spotify_id__in=ids).values_list("spotify_id", "pk")
    return (tracks.get(row.track_id) for row in rows)


def _by_isrc(rows: Sequence[Row]) -> Iterator[int | None]:
    recordings: defaultdict[str | None, set[int]] = defaultdict(set)
    for codes in _in_parts(row.isrc for row in rows):
        known = Track.objects.filter(isrc__in=codes).values_list("isrc", "recording_id", "pk")
        for isrc, recording, track in known:
            recordings[isrc].add(recording or track)
    # Some exports repeat one ISRC on every row: one of several titles says nothing.
    titles: defaultdict[str | None, set[str]] = defaultdict(set)
    for row in rows:
        if row.isrc and (key := _key(row)):
            titles[row.isrc].add(key)
    doubtful = {isrc for isrc, keys in titles.items() if len(keys) > 1}
    one = {isrc: min(r) for isrc, r in recordings.items() if len(r) == 1 and isrc not in doubtful}
    return (one.get(row.isrc) for row in rows)


def _by_names(rows: Sequence[Row]) -> Iterator[int | None]:
    keys = [_key(row) for row in rows]
    # Of "Bad Bunny x Jhayco", the first name where the catalogue knows no artist of the whole.
    others = [_key(row._replace(first_artist=credited_names(row.first_artist)[0])) for row in rows]
    candidates: defaultdict[str, list[_Candidate]] = defaultdict(list)
    for part in _in_parts([*keys, *others]):
        tracks = Track.objects.filter(recording_key__in=part)
        named = tracks.values_list("recording_key", "pk", "duration_ms", "popularity", "spotify_id")
        for key, track_id, duration_ms, popularity, spotify_id in named:
            candidates[key].append(_Candidate(track_id, duration_ms, popularity, spotify_id))

    def order(track: _Candidate, duration_ms: int | None) -> tuple[bool, int, str]:
        far = bool(duration_ms and track.duration_ms and abs(track.duration_ms - duration_ms) > GAP_MS)
        popularity = -1 if track.popularity is None else track.popularity
        return far, -popularity, track.spotify_id

    for row, key, other in zip(rows, keys, others, strict=True):
        named_so = candidates.get(key) or candidates.get(other, [])
        nearest = min(named_so, key=lambda track: order(track, row.duration_ms), default=None)
        yield nearest.track_id if nearest else None


def _key(row: Row) -> str:
    return recording_key(row.title, row.first_artist) if row.title and row.first_artist else ""


def _in_parts(wanted: Iterable[str | None]) -> Iterator[list[str]]:
    """The distinct texts, as many at a time as one query may ask for."""
    distinct = list(filter(None, dict.fromkeys(wanted)))
    return (distinct[i : i + TEXTS_PER_QUERY] for i in range(0, len(distinct), TEXTS_PER_QUERY))
