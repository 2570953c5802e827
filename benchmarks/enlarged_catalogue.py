"""The files of a catalogue of any size, sampled from the loaded one.

Every lap takes each track once: with a title and an id of its own, so that it is a recording of its own,
and with a little noise on its continuous audio features. Genres, artists, album, popularity and length
stay, and so do playlists: each lap has its own copy of every playlist.
"""

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import pstdev
from typing import Any

from tracks.audio_features import AUDIO_FEATURES, FEATURE_NAMES
from tracks.importing.recordings import recording_key
from tracks.models import PlaylistEntry, Track

NOISE = 0.05  # standard deviations of a feature
ASKED_FOR = 400
TRACKS, PLAYLISTS, ASKED = "tracks.csv", "playlists.csv", "asked.json"
FACTS = {
    "popularity": "popularity",
    "duration_ms": "duration_ms",
    "explicit": "explicit",
    "album": "album_name",
}
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH = 22


def write_catalogue(folder: Path, n_tracks: int) -> None:
    """Write tracks and playlists of `n_tracks`, and which tracks to ask for.

    Raises SystemExit when the loaded catalogue is empty.
    """
    tracks = list(
        Track.objects.order_by("pk").only(*FACTS, *FEATURE_NAMES, "title", "artist_names", "genre_names")
    )
    if not tracks:
        raise SystemExit("The catalogue is empty: load one first (make run).")
    rng = random.Random(n_tracks)
    asked = set(rng.sample(range(n_tracks), min(ASKED_FOR, n_tracks)))
    chosen = []
    playlists, scales = _playlists_by_track(), _noise_scales(tracks)
    with (folder / TRACKS).open("w", newline="") as file, (folder / PLAYLISTS).open("w", newline="") as lists:
        rows, entries = csv.writer(file), csv.writer(lists)
        rows.writerow(["track_id", "track_name", "artists", *FACTS.values(), *FEATURE_NAMES, "track_genre"])
        entries.writerow(["playlist_id", "playlist_name", "track_id"])
        for number, (lap, track, spotify_id, title) in enumerate(_copies(tracks, n_tracks, rng)):
            facts = [getattr(track, name) for name in FACTS]
            own = [spotify_id, title, ";".join(track.artist_names), *facts, *_noisy(track, scales, rng)]
            rows.writerows([*own, genre] for genre in track.genre_names or [""])
            copies = playlists[track.pk]
            entries.writerows([f"{each}-{lap}", f"{each}, copy {lap}", spotify_id] for each in copies)
            if number in asked:
                chosen.append((spotify_id, title, track.artist_names[0]))
    rng.shuffle(chosen)
    (folder / ASKED).write_text(json.dumps(chosen))


def tracks_asked_for(folder: Path) -> list[tuple[str, str, str]]:
    """Some tracks `(spotify_id, title, first artist)` of a written catalogue, the same in every run."""
    return [
        (spotify_id, title, artist) for spotify_id, title, artist in json.loads((folder / ASKED).read_text())
    ]


def _playlists_by_track() -> defaultdict[int, list[int]]:
    playlists: defaultdict[int, list[int]] = defaultdict(list)
    entries = PlaylistEntry.objects.order_by("playlist", "position").values_list("playlist", "track")
    for playlist, track in entries.iterator():
        playlists[track].append(playlist)
    return playlists


def _copies(
    tracks: Sequence[Track], n_tracks: int, rng: random.Random
) -> Iterator[tuple[int, Track, str, str]]:
    """Lap, the track that is copied, and new id and title of each copy."""
    used: Counter[str] = Counter()
    for lap, chosen in _laps(tracks, n_tracks, rng):
        for track in chosen:
            key = recording_key(track.title, track.artist_names[0])
            used[key] += 1
            title = f"{track.title} {used[key]}" if used[key] > 1 else track.title
            yield lap, track, "".join(rng.choices(LETTERS, k=ID_LENGTH)), title


def _laps(
    tracks: Sequence[Track], n_tracks: int, rng: random.Random
) -> Iterator[tuple[int, Sequence[Track]]]:
    """All tracks as often as they fit into n_tracks, and a sample of them to fill up."""
    whole, rest = divmod(n_tracks, len(tracks))
    yield from ((lap, tracks) for lap in range(whole))
    yield whole, rng.sample(tracks, rest)


def _noise_scales(tracks: Sequence[Track]) -> list[float]:
    """The standard deviation of the noise of each feature; categories have none."""
    return [
        NOISE * pstdev(getattr(track, feature.name) for track in tracks) if feature.continuous else 0.0
        for feature in AUDIO_FEATURES
    ]


def _noisy(track: Track, scales: Sequence[float], rng: random.Random) -> Iterator[Any]:
    """The audio features of a copy; 0, which stands for what was not found, and unknown stay as they are."""
    for feature, scale in zip(AUDIO_FEATURES, scales, strict=True):
        value = getattr(track, feature.name)
        if scale and value:
            value = round(min(max(value + rng.gauss(0, scale), feature.low), feature.high), 6)
        yield value
