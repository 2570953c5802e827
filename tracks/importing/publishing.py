"""From the staging tables into the catalogue, in sets; call it inside one transaction.

Raw SQL, with the SQLite and the PostgreSQL form side by side where they differ.
"""

from dataclasses import dataclass

from django.db import connection

from tracks.importing.staging import TRACK_COLUMNS

DEFAULTS = {"album": "''", "isrc": "''", "release_date": "''", "popularity": "0", "duration_ms": "0"}
DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
ARTISTS_IN_ORDER = {
    "sqlite": "json_each(s.artist_names) AS artist",
    "postgresql": "jsonb_array_elements_text(s.artist_names) WITH ORDINALITY AS artist (value, key)",
}
FIRST_POSITION = {"sqlite": 0, "postgresql": 1}


@dataclass(frozen=True)
class Changes:
    """How many tracks the import adds, changes, and finds just as they are."""

    new: int
    updated: int
    unchanged: int

    @property
    def any(self) -> bool:
        return bool(self.new or self.updated)


def publish_tracks() -> Changes:
    """Add and update tracks, artists, genres and their links; empty cells and missing columns erase nothing.

    A track whose staged rows name genres gets exactly those; else it keeps the ones it has.
    """
    changes = _find_changes()
    if changes.any:
        _update_tracks()
        _insert_tracks()
        _link_artists()
        _link_genres()
        if changes.updated:
            _delete_orphans()
    return changes


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _find_changes() -> Changes:
    differs = DIFFERS[connection.vendor]

    def changed(column: str) -> str:
        return f'(s."{column}" IS NOT NULL AND s."{column}" {differs} t."{column}")'

    any_changed = " OR ".join(map(changed, [*TRACK_COLUMNS, "genre_names"]))
    _run(
        "CREATE TEMP TABLE import_change AS SELECT s.spotify_id, t.id AS track_id, t.id IS NULL AS is_new,"
        f" {changed('artist_names')} AS artists_differ, {changed('genre_names')} AS genres_differ"
        " FROM import_track s LEFT JOIN tracks_track t ON t.spotify_id = s.spotify_id"
        f" WHERE t.id IS NULL OR {any_changed}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM import_track), COUNT(*),"
            " COALESCE(SUM(CASE WHEN is_new THEN 1 ELSE 0 END), 0) FROM import_change"
        )
        staged, touched, new = map(int, cursor.fetchone())
    return Changes(new, touched - new, staged - touched)


def _update_tracks() -> None:
    columns = [*list(TRACK_COLUMNS)[1:], "genre_names"]
    values = ", ".join(f'"{column}" = COALESCE(s."{column}", tracks_track."{column}")' for column in columns)
    _run(
        f"UPDATE tracks_track SET {values} FROM import_track s"
        " JOIN import_change c ON c.spotify_id = s.spotify_id"
        " WHERE c.track_id = tracks_track.id"
    )


def _insert_tracks() -> None:
    names = ", ".join(f'"{column}"' for column in TRACK_COLUMNS)
    values = ", ".join(
        f'COALESCE(s."{column}", {DEFAULTS[column]})' if column in DEFAULTS else f's."{column}"'
        for column in TRACK_COLUMNS
    )
    _run(
        f"INSERT INTO tracks_track ({names}, genre_names)"
        f" SELECT {values}, COALESCE(s.genre_names, '[]') FROM import_track s"
        " JOIN import_change c ON c.spotify_id = s.spotify_id WHERE c.is_new"
    )
    _run(
        "UPDATE import_change SET track_id = t.id FROM tracks_track t"
        " WHERE t.spotify_id = import_change.spotify_id AND import_change.is_new"
    )
    if connection.vendor == "postgresql":
        _run("ANALYZE import_change")
        _run("ANALYZE tracks_track")


def _link_artists() -> None:
    vendor = connection.vendor
    _run(
        "CREATE TEMP TABLE import_credit AS SELECT c.track_id, artist.value AS name,"
        f" artist.key - {FIRST_POSITION[vendor]} AS position"
        " FROM import_change c JOIN import_track s ON s.spotify_id = c.spotify_id"
        f" CROSS JOIN {ARTISTS_IN_ORDER[vendor]} WHERE c.artists_differ"
    )
    _run(
        "DELETE FROM tracks_credit WHERE track_id IN"
        " (SELECT track_id FROM import_change WHERE artists_differ AND NOT is_new)"
    )
    _run(
        "INSERT INTO tracks_artist (name) SELECT DISTINCT name FROM import_credit WHERE TRUE"
        " ON CONFLICT (name) DO NOTHING"
    )
    _run(
        "INSERT INTO tracks_credit (track_id, artist_id, position) SELECT i.track_id, a.id, i.position"
        " FROM import_credit i JOIN tracks_artist a ON a.name = i.name"
    )


def _link_genres() -> None:
    _run(
        "DELETE FROM tracks_track_genres WHERE track_id IN"
        " (SELECT track_id FROM import_change WHERE genres_differ AND NOT is_new)"
    )
    _run(
        "INSERT INTO tracks_genre (name) SELECT DISTINCT name FROM import_genre WHERE TRUE"
        " ON CONFLICT (name) DO NOTHING"
    )
    _run(
        "INSERT INTO tracks_track_genres (track_id, genre_id) SELECT c.track_id, g.id FROM import_change c"
        " JOIN import_genre i ON i.spotify_id = c.spotify_id JOIN tracks_genre g ON g.name = i.name"
        " WHERE c.genres_differ"
    )


def _delete_orphans() -> None:
    """Artists and genres that a corrected file has left without a track."""
    for table, links, column in (
        ("tracks_artist", "tracks_credit", "artist_id"),
        ("tracks_genre", "tracks_track_genres", "genre_id"),
    ):
        _run(f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM {links} l WHERE l.{column} = {table}.id)")
