"""Files of playlists for tests, written as the programs that make them do."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tracks.models import Playlist

TABLE = ("track_id", "track_name", "track_artist", "playlist_name", "playlist_id")
EXPORTIFY_2025 = (
    "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit"
)
EXPORTIFY_2024 = (
    "Track ID,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,\t\tEnergy"
)


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], **form: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, **form)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_table(path: Path, playlists: Mapping[str, Iterable[str]]) -> Path:
    """A table with a row for each track id of each playlist; the playlist's id is its name in capitals."""
    rows = [(i, "", "", name, name.upper()) for name, ids in playlists.items() for i in ids]
    return write_rows(path, TABLE, rows)


def write_slice(path: Path, *playlists: Mapping[str, Any]) -> Path:
    """A slice of the Million Playlist Dataset, laid out as it is."""
    text = json.dumps(
        {"info": {"generated_on": "2017-12-03", "version": "v1"}, "playlists": playlists}, indent=4
    )
    path.write_text(text)
    return path


def slice_track(spotify_id: str, title: str = "", artist: str = "", **facts: Any) -> dict[str, Any]:
    names = {"artist_name": artist, "track_name": title, "album_name": "An Album"}
    return {"pos": 0, "track_uri": f"spotify:track:{spotify_id}", **names, "duration_ms": 200_000} | facts


def tracks_of(name: str) -> list[str]:
    """The Spotify ids of a stored playlist, in its order."""
    playlist = Playlist.objects.get(name=name)
    return list(playlist.entries.order_by("position").values_list("track__spotify_id", flat=True))


def everything() -> list[tuple[Any, ...]]:
    """All that is stored of playlists, ids of rows included."""
    playlists = Playlist.objects.order_by("pk").values_list(
        "pk", "source", "source_id", "name", "owner", "is_public", "n_rows", "n_tracks", "fingerprint"
    )
    entries = Playlist.objects.order_by("pk", "entries__position").values_list(
        "pk", "entries__pk", "entries__track_id", "entries__position"
    )
    return [*playlists, *entries]
