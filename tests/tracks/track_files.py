"""Small files of tracks for tests of the import."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FEATURES = {
    "danceability": 0.5,
    "energy": 0.5,
    "key": 5,
    "loudness": -8.0,
    "mode": 1,
    "speechiness": 0.05,
    "acousticness": 0.1,
    "instrumentalness": 0.0,
    "liveness": 0.1,
    "valence": 0.5,
    "tempo": 120.0,
    "time_signature": 4,
}
ROW: dict[str, Any] = {
    "track_id": "A" * 22,
    "artists": "An Artist",
    "album_name": "An Album",
    "track_name": "A Title",
    "popularity": 50,
    "duration_ms": 200_000,
    "explicit": False,
    **FEATURES,
    "track_genre": "rock",
}


def row(**cells: Any) -> dict[str, Any]:
    """A good row in the layout of the public data set, but for `cells`."""
    return ROW | cells


def rows(count: int, **cells: Any) -> list[dict[str, Any]]:
    """`count` good rows that differ in id, title and tempo."""
    return [
        row(**{"track_id": f"{n:022d}", "track_name": f"Title {n}", "tempo": 60 + n / 100, **cells})
        for n in range(count)
    ]


def write_csv(
    path: Path,
    rows: Iterable[Mapping[str, Any]],
    *,
    header: Sequence[str] | None = None,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> Path:
    """Write rows of equal columns; `header` are other names for them."""
    rows = list(rows)
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(header or list(rows[0]))
        writer.writerows(row.values() for row in rows)
    return path
